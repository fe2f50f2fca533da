package app

import (
	"context"
	"fmt"
	"io"
	"strings"

	"yardstick/collectors/desk"
	"yardstick/schema"
	"yardstick/schema/figure"
)

type sayCmd struct {
	Add  sayAdd  `cmd:"" o:"table,json" default:"withargs" help:"Say something of a target, or take it back. 填报或撤回情况说明。"`
	List sayList `cmd:"" o:"table,json" help:"List what was said. 列出情况说明。"`
}

type sayAdd struct {
	by
	Target   string  `arg:"" help:"Target id. 目标编号。"`
	Policy   string  `help:"Its policy, where several have such a target. 政策编号。" placeholder:"ID"`
	Cause    string  `help:"Why it stands as it does. 原因。" placeholder:"TEXT"`
	Measures string  `help:"What is being done. 措施。" placeholder:"TEXT"`
	Promised dayFlag `help:"By when it is to be mended. 承诺日期。" placeholder:"DATE"`
	Withdraw string  `help:"Take the statement in force back, for this reason. 撤回并说明原因。" placeholder:"REASON" xor:"say"`
}

// Run writes a statement down and prints it with what is to be told of it.
func (c sayAdd) Run(ctx context.Context, r *run) error {
	return act(ctx, r, "statement", c, nil,
		func(w io.Writer, t schema.NotedStatement) {
			if t.Withdrawn != "" {
				fmt.Fprintln(w, r.say("statement-taken-back", "target", t.Subject(), "reason", t.Withdrawn))
				return
			}
			fmt.Fprintln(w, r.say("statement-written", "target", t.Subject(), "seq", t.Seq))
			r.tellStatement(w, t.Statement)
			for _, note := range t.Notes {
				fmt.Fprintln(w, "  "+note.In(r.Lang))
			}
		})
}

func (c sayAdd) do(ctx context.Context, d *desk.Desk, _ io.Reader) (schema.NotedStatement, error) {
	return d.State(ctx, c.who(), schema.Statement{Policy: c.Policy, Target: c.Target, Cause: c.Cause, Measures: c.Measures,
		Promised: c.Promised.Date, Withdrawn: c.Withdraw})
}

// tellStatement prints what a statement says, each line with its name.
func (r *run) tellStatement(w io.Writer, s schema.Statement) {
	indent := func(text string) string { return strings.ReplaceAll(text, "\n", "\n    ") }
	fmt.Fprintf(w, "  %s %s\n  %s %s\n", r.say("statement-cause-is"), indent(s.Cause), r.say("statement-measures-is"), indent(s.Measures))
	promise, _ := figure.Promise(s.Promised, s.Day, schema.Verdict{}) // it cannot have passed on the day it is made
	fmt.Fprintf(w, "  %s %s\n", r.say("statement-promise-is"), promise.In(r.Lang))
}

type sayList struct {
	Policy string  `help:"Only of this policy. 只列该政策。" placeholder:"ID"`
	Target string  `help:"Only of this target. 只列该目标。" placeholder:"ID"`
	AsOf   dayFlag `help:"What had been said by that day. 截至该日。" placeholder:"DATE"`
	All    bool    `help:"Also what was replaced or taken back. 含已被取代和撤回的。"`
}

// Run lists statements, the oldest first.
func (c sayList) Run(ctx context.Context, r *run) error {
	return r.show(ctx, openInstallation, "statement", func(in *installation) (answer, error) {
		all, err := in.desk.Statements(ctx, c.Policy, c.Target, c.AsOf.Date)
		holding, list := schema.Holding(all), []schema.Statement{}
		for _, s := range all {
			if c.All || holding[s.Subject()].Seq == s.Seq {
				list = append(list, s)
			}
		}
		return answer{json: list, tell: func(w io.Writer) error { return r.tabulateStatements(w, list) }}, err
	})
}

func (r *run) tabulateStatements(w io.Writer, list []schema.Statement) error {
	if len(list) == 0 {
		fmt.Fprintln(w, r.say("statement-none"))
	}
	return aligned(w, func(w io.Writer) {
		for _, s := range list {
			what := s.Cause
			if s.Withdrawn != "" {
				what = r.say("statement-line-withdrawn", "reason", s.Withdrawn)
			}
			what = strings.ReplaceAll(what, "\n", " ")
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", s.Day, s.Subject(), orDash(s.Promised.String()), s.By, what)
		}
	})
}

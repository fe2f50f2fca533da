package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"yardstick/collectors/desk"
	"yardstick/schema"
	"yardstick/schema/access"
	"yardstick/schema/figure"
	"yardstick/schema/words"
)

// by is who gives a command.
type by struct {
	Actor string `help:"Who does it. 经办人。" env:"USER" placeholder:"NAME"`
}

func (b by) who() access.Identity { return access.Local(strings.TrimSpace(b.Actor)) }

// act opens the installation for a command that writes, gives the order and prints what
// came of it.
func act[T any](ctx context.Context, r *run, command string, o order[T], body io.Reader, tell func(io.Writer, T)) error {
	return r.show(ctx, openWriting, command, func(in *installation) (answer, error) {
		out, err := give(ctx, in, command, o, body)
		return answer{json: out, tell: func(w io.Writer) { tell(w, out) }}, err
	})
}

type withdrawCmd struct {
	by
	Receipt string `arg:"" help:"The receipt's number. 回执号。"`
	Reason  string `help:"Why. 原因。" placeholder:"TEXT"`
}

// Run takes the receipt's figures out of force and judges anew.
func (c withdrawCmd) Run(ctx context.Context, r *run) error {
	if strings.TrimSpace(c.Reason) == "" {
		return usage("reason-needed")
	}
	return act(ctx, r, "withdraw", c, nil, func(w io.Writer, receipt schema.Receipt) {
		r.tell(w, "withdrawn", "id", receipt.ID, "reason", receipt.Reason)
	})
}

func (c withdrawCmd) do(ctx context.Context, d *desk.Desk, _ io.Reader) (schema.Receipt, error) {
	return d.Withdraw(ctx, c.who(), c.Receipt, c.Reason)
}

type reviewCmd struct {
	by
	Receipt string `arg:"" help:"The receipt's number. 回执号。"`
	Approve bool   `help:"Put the figures in force. 通过。" xor:"decision"`
	Reject  bool   `help:"Refuse them, with a reason. 退回。" xor:"decision"`
	Reason  string `help:"Why. 原因。" placeholder:"TEXT"`
}

// Run approves or rejects a receipt that waits for its review.
func (c reviewCmd) Run(ctx context.Context, r *run) error {
	switch {
	case !c.Approve && !c.Reject:
		return usage("review-decide")
	case c.Reject && strings.TrimSpace(c.Reason) == "":
		return usage("reject-reason")
	}
	return act(ctx, r, "review", c, nil, func(w io.Writer, receipt schema.Receipt) {
		printReceipt(w, receipt, r.say, r.Lang)
	})
}

func (c reviewCmd) do(ctx context.Context, d *desk.Desk, _ io.Reader) (schema.Receipt, error) {
	return d.Review(ctx, c.who(), c.Receipt, c.Approve, c.Reason)
}

type lockCmd struct {
	by
	Through periodFlag `help:"The last period to lock. 锁定截至该期。" required:"" placeholder:"PERIOD"`
	Feed    string     `help:"Only this feed. 只锁定该报送源。" placeholder:"NAME"`
}

// Run locks every period up to one, after the monthly meeting.
func (c lockCmd) Run(ctx context.Context, r *run) error {
	return act(ctx, r, "lock", c, nil, func(w io.Writer, l desk.Locked) {
		r.tell(w, "locked", "feed", desk.Named(l.Subject), "through", l.Fields["through"])
		if len(l.Stopped) > 0 {
			fmt.Fprintln(w, "  "+r.say("lock-stops", "receipts", strings.Join(l.Stopped, ", ")))
		}
	})
}

func (c lockCmd) do(ctx context.Context, d *desk.Desk, _ io.Reader) (desk.Locked, error) {
	return d.Lock(ctx, c.who(), c.Feed, c.Through.Last())
}

type reopenCmd struct {
	by
	Period periodFlag `arg:"" called:"reopen" help:"The period to open again. 重开的时期。"`
	Feed   string     `help:"Only for this feed. 只对该报送源。" placeholder:"NAME"`
	Reason string     `help:"Why. 原因。" placeholder:"TEXT"`
}

// Run opens a locked period again.
func (c reopenCmd) Run(ctx context.Context, r *run) error {
	if strings.TrimSpace(c.Reason) == "" {
		return usage("reopen-reason")
	}
	return act(ctx, r, "reopen", c, nil, func(w io.Writer, a schema.Act) {
		r.tell(w, "reopened", "feed", desk.Named(a.Subject), "from", a.Fields["from"], "through", a.Fields["through"], "reason", a.Fields["reason"])
	})
}

func (c reopenCmd) do(ctx context.Context, d *desk.Desk, _ io.Reader) (schema.Act, error) {
	return d.Reopen(ctx, c.who(), c.Feed, c.Period.Period, c.Reason)
}

type attachCmd struct {
	by
	Receipt string `arg:"" help:"The receipt's number. 回执号。"`
	Path    string `arg:"" name:"file" help:"The file. 附件。" type:"path"`
	As      string `help:"What it is: signed-form or evidence. 附件种类。" enum:"signed-form,evidence" required:""`
}

// Run keeps a file and ties it to a receipt.
func (c attachCmd) Run(ctx context.Context, r *run) error {
	file, err := openFeed(c.Path)
	if err != nil {
		return err
	}
	defer file.Close()
	return act(ctx, r, "attach", c, file, func(w io.Writer, a schema.Act) {
		r.tell(w, "attached", "name", a.Fields["name"], "what", words.Say("attach-"+a.Fields["what"]), "id", a.Subject, "digest", a.Fields["sha256"])
	})
}

func (c attachCmd) do(ctx context.Context, d *desk.Desk, body io.Reader) (schema.Act, error) {
	return d.Attach(ctx, c.who(), c.Receipt, c.As, filepath.Base(c.Path), body)
}

// openFeed opens a file that a command names.
func openFeed(path string) (*os.File, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, words.Fail(err, "file-unreadable", "file", path)
	}
	if info, err := file.Stat(); err != nil || info.IsDir() {
		return nil, errors.Join(words.Fail(err, "file-unreadable", "file", path), file.Close())
	}
	return file, nil
}

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
		func(w io.Writer, t schema.Told) {
			if t.Withdrawn != "" {
				r.tell(w, "statement-taken-back", "target", t.Subject(), "reason", t.Withdrawn)
				return
			}
			r.tell(w, "statement-written", "target", t.Subject(), "seq", t.Seq)
			r.tellStatement(w, t.Statement)
			for _, note := range t.Notes {
				fmt.Fprintln(w, "  "+note.In(r.Lang))
			}
		})
}

func (c sayAdd) do(ctx context.Context, d *desk.Desk, _ io.Reader) (schema.Told, error) {
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
		return answer{json: list, tell: func(w io.Writer) { r.tabulateStatements(w, list) }}, err
	})
}

func (r *run) tabulateStatements(w io.Writer, list []schema.Statement) {
	if len(list) == 0 {
		r.tell(w, "statement-none")
	}
	aligned(w, func(w io.Writer) {
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

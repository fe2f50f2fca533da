package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"text/tabwriter"
	"unicode"
	"unicode/utf8"

	"yardstick/cmd/yardstick/app/access"
	"yardstick/collectors/upload"
	"yardstick/schema"
	"yardstick/schema/figure"
	"yardstick/schema/words"
)

// mostSaid bounds a cause, measures and a reason, in characters: a statement is
// read beside a figure, not instead of a report.
const mostSaid = 500

type sayCmd struct {
	Add  sayAdd  `cmd:"" default:"withargs" help:"Say something of a target, or take it back. 填报或撤回情况说明。"`
	List sayList `cmd:"" help:"List what was said. 列出情况说明。"`
}

type sayAdd struct {
	by
	Target   string `arg:"" help:"Target id. 目标编号。"`
	Policy   string `help:"Its policy, where several have such a target. 政策编号。" placeholder:"ID"`
	Cause    string `help:"Why it stands as it does. 原因。" placeholder:"TEXT"`
	Measures string `help:"What is being done. 措施。" placeholder:"TEXT"`
	Promised string `help:"By when it is to be mended. 承诺日期。" placeholder:"DATE"`
	Withdraw string `help:"Take the statement in force back, for this reason. 撤回并说明原因。" placeholder:"REASON" xor:"say"`
}

// Run writes a statement down and prints it with what is to be told of it.
func (c sayAdd) Run(ctx context.Context, r *run) error {
	promised, err := day("--promised", c.Promised)
	if err != nil {
		return err
	}
	s := schema.Statement{Policy: c.Policy, Target: c.Target, Cause: c.Cause, Measures: c.Measures, Promised: promised, Withdrawn: c.Withdraw}
	return act(ctx, r, "statement", func(h *house) (schema.Told, error) { return h.say(ctx, c.who(), s) },
		func(w io.Writer, t schema.Told) {
			if t.Withdrawn != "" {
				fmt.Fprintln(w, r.say("statement-taken-back", "target", t.Subject(), "reason", t.Withdrawn))
				return
			}
			fmt.Fprintln(w, r.say("statement-written", "target", t.Subject(), "seq", t.Seq))
			r.tell(w, t.Statement)
			for _, note := range t.Notes {
				fmt.Fprintln(w, "  "+note.In(r.Lang))
			}
		})
}

// tell prints what a statement says, each line with its name.
func (r *run) tell(w io.Writer, s schema.Statement) {
	indent := func(text string) string { return strings.ReplaceAll(text, "\n", "\n    ") }
	fmt.Fprintf(w, "  %s %s\n  %s %s\n", r.say("statement-cause-is"), indent(s.Cause), r.say("statement-measures-is"), indent(s.Measures))
	promise, _ := figure.Promise(s.Promised, s.Day, schema.Verdict{}) // it cannot have passed on the day it is made
	fmt.Fprintf(w, "  %s %s\n", r.say("statement-promise-is"), promise.In(r.Lang))
}

type sayList struct {
	Policy string `help:"Only of this policy. 只列该政策。" placeholder:"ID"`
	Target string `help:"Only of this target. 只列该目标。" placeholder:"ID"`
	AsOf   string `help:"What had been said by that day. 截至该日。" placeholder:"DATE"`
	All    bool   `help:"Also what was replaced or taken back. 含已被取代和撤回的。"`
}

// Run lists statements, the oldest first.
func (c sayList) Run(ctx context.Context, r *run) (err error) {
	format, err := r.format("table", "json")
	if err != nil {
		return err
	}
	asOf, err := day("--as-of", c.AsOf)
	if err != nil {
		return err
	}
	h, err := openHouse(ctx, r, "statement")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	all, err := h.statements(ctx, c.Policy, c.Target, asOf)
	if err != nil {
		return err
	}
	holding, list := schema.Holding(all), []schema.Statement{}
	for _, s := range all {
		if c.All || holding[s.Subject()].Seq == s.Seq {
			list = append(list, s)
		}
	}
	if format == "json" {
		return r.json(list)
	}
	return r.out(func(w io.Writer) error {
		if len(list) == 0 {
			fmt.Fprintln(w, r.say("statement-none"))
		}
		t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
		for _, s := range list {
			what := s.Cause
			if s.Withdrawn != "" {
				what = r.say("statement-line-withdrawn", "reason", s.Withdrawn)
			}
			fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", s.Day, s.Subject(), orDash(s.Promised.String()), s.By, strings.ReplaceAll(what, "\n", " "))
		}
		return t.Flush()
	})
}

// statements is what was said by the end of asOf of a policy's targets, or of
// one of them, the oldest first; nothing given is all, and by today.
func (h *house) statements(ctx context.Context, policy, target string, asOf schema.Date) ([]schema.Statement, error) {
	acts, err := h.store.Acts(ctx, schema.ActStatement, "")
	if err != nil {
		return nil, err
	}
	if asOf.IsZero() {
		asOf = h.today()
	}
	out := make([]schema.Statement, 0, len(acts))
	for _, a := range acts {
		s, err := schema.StatementOf(a)
		if err != nil {
			return nil, fmt.Errorf("reading the statements: %w", err)
		}
		if (policy == "" || policy == s.Policy) && (target == "" || target == s.Target) && !s.Day.After(asOf) {
			out = append(out, s)
		}
	}
	return out, nil
}

// targetNamed finds a target by id. Where several policies have such a one,
// the policy must be named.
func (h *house) targetNamed(policy, id string) (found schema.Target, err error) {
	n := 0
	for _, p := range h.register.Policies {
		if t, ok := h.register.Target(p.ID, id); ok && (policy == "" || policy == p.ID) {
			found, n = t, n+1
		}
	}
	switch {
	case n == 0:
		return found, &exitError{exitUsage, words.Fail(upload.ErrNoTarget, "no-target", "name", id)}
	case n > 1:
		return found, usage("statement-which-policy", "target", id)
	}
	return found, nil
}

// propose is a statement as it would be written down, with what is to be told
// of it. It refuses who may not speak for the target, and what cannot be said.
func (h *house) propose(ctx context.Context, who access.Identity, s schema.Statement) (out schema.Told, last schema.Statement, err error) {
	t, err := h.targetNamed(s.Policy, s.Target)
	if err != nil {
		return out, last, err
	}
	if err := who.Speak(access.Target{ID: t.ID, Office: t.Office}); err != nil {
		return out, last, err
	}
	for _, text := range []*string{&s.Cause, &s.Measures, &s.Withdrawn} {
		if *text, err = plainText(*text); err != nil {
			return out, last, err
		}
	}
	said, err := h.statements(ctx, t.Policy, t.ID, schema.Date{})
	if err != nil {
		return out, last, err
	}
	s.Policy, s.By, s.Office, s.Day, s.Synthetic = t.Policy, who.Name, t.Office, h.today(), h.demonstrates()
	if s.Office == "" {
		s.Office = who.Office
	}
	last = schema.Holding(said)[s.Subject()]
	switch {
	case s.Withdrawn != "" && (s.Cause != "" || s.Measures != "" || !s.Promised.IsZero()):
		return out, last, usage("statement-withdraw-alone")
	case s.Withdrawn != "" && last.Seq == 0:
		return out, last, usage("statement-nothing-to-withdraw", "target", s.Subject())
	case s.Withdrawn != "":
		return schema.Told{Statement: s, Notes: []schema.Text{}}, last, nil
	case s.Cause == "" || s.Measures == "":
		return out, last, usage("statement-needs")
	case !s.Promised.IsZero() && s.Promised.Before(s.Day):
		return out, last, usage("statement-day-past", "promised", s.Promised, "today", s.Day)
	}
	out = schema.Told{Statement: s, Notes: []schema.Text{}}
	if late, ok := figure.AfterDeadline(s.Promised, t.Deadline); ok {
		out.Notes = append(out.Notes, late)
	}
	return out, last, nil
}

// plainText is a text without what is not seen: no control characters, none that
// turn the direction of others around, one way of ending a line.
func plainText(text string) (string, error) {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\t", " ").Replace(text)
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = strings.TrimRightFunc(lines[i], unicode.IsSpace)
	}
	text = strings.TrimSpace(strings.Join(lines, "\n"))
	if !utf8.ValidString(text) || strings.ContainsFunc(text, func(c rune) bool {
		return c != '\n' && (unicode.IsControl(c) || unicode.Is(unicode.Bidi_Control, c) || c == '\uFEFF' || c == '\u2028' || c == '\u2029')
	}) {
		return text, usage("statement-not-plain")
	}
	if n := utf8.RuneCountInString(text); n > mostSaid {
		return text, usage("statement-too-long", "n", n, "most", mostSaid)
	}
	return text, nil
}

// say writes a statement down. What is in force already is not said twice.
func (h *house) say(ctx context.Context, who access.Identity, s schema.Statement) (schema.Told, error) {
	if h.store.remote != nil {
		return ask[schema.Told](ctx, h, askSayPath, url.Values{"policy": {s.Policy}, "target": {s.Target}, "actor": {who.Name}, "cause": {s.Cause},
			"measures": {s.Measures}, "promised": {s.Promised.String()}, "withdrawn": {s.Withdrawn}}, nil)
	}
	h.saying.Lock()
	defer h.saying.Unlock()
	told, last, err := h.propose(ctx, who, s)
	if err != nil {
		return told, err
	}
	if last.Seq != 0 && last.Same(told.Statement) && last.By == told.By {
		told.Statement = last
		return told, nil
	}
	written, err := h.store.Act(ctx, told.Act())
	if err != nil {
		return told, fmt.Errorf("writing down the statement on %s: %w", told.Subject(), err)
	}
	told.At, told.Seq = written.At, written.Seq
	return told, nil
}

// askedToSay is say for another command of this folder.
func (h *house) askedToSay(ctx context.Context, q url.Values, _ io.Reader) (schema.Told, error) {
	promised, err := day("--promised", q.Get("promised"))
	if err != nil {
		return schema.Told{}, err
	}
	return h.say(ctx, access.Local(q.Get("actor")), schema.Statement{Policy: q.Get("policy"), Target: q.Get("target"), Cause: q.Get("cause"),
		Measures: q.Get("measures"), Promised: promised, Withdrawn: q.Get("withdrawn")})
}

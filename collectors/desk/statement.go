package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"yardstick/collectors/secrecy"
	"yardstick/schema"
	"yardstick/schema/access"
	"yardstick/schema/figure"
	"yardstick/schema/words"
)

// mostSaid bounds a cause, measures and a reason, in characters: a statement is
// read beside a figure, not instead of a report.
const mostSaid = 500

// Statements is what was said by the end of asOf of a policy's targets, or of
// one of them, the oldest first; nothing given is all, and by today.
func (d *Desk) Statements(ctx context.Context, policy, target string, asOf schema.Date) ([]schema.Statement, error) {
	acts, err := d.Store.Acts(ctx, schema.ActStatement, "")
	if err != nil {
		return nil, err
	}
	if asOf.IsZero() {
		asOf = d.docket.Today()
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

// Target finds a target by id. Where several policies have such a one,
// the policy must be named.
func (d *Desk) Target(policy, id string) (found schema.Target, err error) {
	n := 0
	for _, p := range d.docket.Register.Policies {
		if t, ok := d.docket.Register.Target(p.ID, id); ok && (policy == "" || policy == p.ID) {
			found, n = t, n+1
		}
	}
	switch {
	case n == 0:
		return found, words.Fail(ErrNoTarget, "no-target", "name", id)
	case n > 1:
		return found, misuse("statement-which-policy", "target", id)
	}
	return found, nil
}

// propose is a statement as it would be written down, with what is to be told
// of it. It refuses who may not speak for the target, and what cannot be said.
func (d *Desk) propose(ctx context.Context, who access.Identity, s schema.Statement) (out schema.Told, last schema.Statement, err error) {
	t, err := d.Target(s.Policy, s.Target)
	if err != nil {
		return out, last, err
	}
	if err := who.Speak(t); err != nil {
		return out, last, err
	}
	for _, text := range []*string{&s.Cause, &s.Measures, &s.Withdrawn} {
		if *text, err = plainText(*text); err != nil {
			return out, last, err
		}
	}
	said, err := d.Statements(ctx, t.Policy, t.ID, schema.Date{})
	if err != nil {
		return out, last, err
	}
	s.Policy, s.By, s.Office, s.Day, s.Synthetic = t.Policy, who.Name, t.Office, d.docket.Today(), d.o.Synthetic
	if s.Office == "" {
		s.Office = who.Office
	}
	last = schema.Holding(said)[s.Subject()]
	switch {
	case s.Withdrawn != "" && (s.Cause != "" || s.Measures != "" || !s.Promised.IsZero()):
		return out, last, misuse("statement-withdraw-alone")
	case s.Withdrawn != "" && last.Seq == 0:
		return out, last, misuse("statement-nothing-to-withdraw", "target", s.Subject())
	case s.Withdrawn != "":
		return schema.Told{Statement: s, Notes: []schema.Text{}}, last, nil
	case s.Cause == "" || s.Measures == "":
		return out, last, misuse("statement-needs")
	case !s.Promised.IsZero() && s.Promised.Before(s.Day):
		return out, last, misuse("statement-day-past", "promised", s.Promised, "today", s.Day)
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
		return text, misuse("statement-not-plain")
	}
	if n := utf8.RuneCountInString(text); n > mostSaid {
		return text, misuse("statement-too-long", "n", n, "most", mostSaid)
	}
	return text, secrecy.Refusal(secrecy.Said(text))
}

// State writes a statement down. What is in force already is not said twice.
func (d *Desk) State(ctx context.Context, who access.Identity, s schema.Statement) (schema.Told, error) {
	d.stating.Lock()
	defer d.stating.Unlock()
	told, last, err := d.propose(ctx, who, s)
	if err != nil {
		return told, err
	}
	if last.Seq != 0 && last.Same(told.Statement) && last.By == told.By {
		told.Statement = last
		return told, nil
	}
	written, err := d.Store.Act(ctx, told.Act())
	if err != nil {
		return told, fmt.Errorf("writing down the statement on %s: %w", told.Subject(), err)
	}
	told.At, told.Seq = written.At, written.Seq
	return told, nil
}

// Owned is a target that somebody answers for, and how it stands.
type Owned struct {
	Policy    schema.Policy
	Target    schema.Target
	Indicator schema.Indicator
	Verdict   schema.Verdict
}

// Owned are the targets that who may speak for, worst first.
func (d *Desk) Owned(ctx context.Context, who access.Identity) ([]Owned, error) {
	j, err := d.docket.Judged(ctx, d.docket.Today())
	if err != nil {
		return nil, fmt.Errorf("judging the targets: %w", err)
	}
	var out []Owned
	for _, v := range j.Verdicts {
		p, _ := d.docket.Register.Policy(v.Policy)
		t, ok := d.docket.Register.Target(v.Policy, v.Target)
		if !ok || t.Region != v.Region { // a part of its region
			continue
		}
		err := who.Speak(t)
		switch {
		case errors.Is(err, access.ErrDenied):
			continue
		case err != nil:
			return nil, err
		}
		ind, _ := d.docket.Register.Indicators.ByCode(t.Indicator)
		out = append(out, Owned{Policy: p, Target: t, Indicator: ind, Verdict: v})
	}
	slices.SortStableFunc(out, func(a, b Owned) int { return a.Verdict.CompareWorst(b.Verdict) })
	return out, nil
}

// Propose gives a statement as it would be written down.
func (d *Desk) Propose(ctx context.Context, who access.Identity, s schema.Statement) (schema.Told, error) {
	told, _, err := d.propose(ctx, who, s)
	return told, err
}

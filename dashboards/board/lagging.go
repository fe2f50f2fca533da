package board

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"yardstick/comparator/telling"
	"yardstick/dashboards/show"
	"yardstick/dashboards/web"
	"yardstick/schema"
	"yardstick/schema/figure"
)

// laggingView lists what is behind, worst first.
type laggingView struct {
	*frame
	Compare comparison
	Intro   string
	Choices []web.Choice // how many are listed
	Rows    []laggingRow
	Listed  int // targets there are
}

// laggingRow is one target with what a leader asks of it.
type laggingRow struct {
	show.Row
	N            int
	Lag          string // points behind schedule
	LagWord      string // behind or ahead
	Since, Grade string // the day the status began, and how sure that is
	Contact      string
	By           string // the deadline, or that there is none
	Said         *said  // what the owner says; nil shows nothing

	lag string // as a number for a table
}

// Call is whom to ask, with the number to call.
func (r laggingRow) Call() web.Contact { return web.ContactOf(r.Contact) }

// Span is how many columns the line below a target's figures reaches over.
func (v laggingView) Span() int {
	if v.Compare.Day.IsZero() {
		return 8
	}
	return 9
}

func (b *board) lagging(f *frame, r *http.Request) (string, any, error) {
	f.Heading, f.Active = f.T("board-lagging-title"), "lagging"
	subjects, c, err := b.subjects(r.Context(), f, f.Policy)
	if err != nil {
		return "", nil, err
	}
	turns, err := b.turns(r.Context(), f.Asked, f.Policy.ID)
	if err != nil {
		return "", nil, err
	}
	held, err := b.statements(r.Context(), f.Policy, f.Asked)
	if err != nil {
		return "", nil, err
	}
	view := laggingView{frame: f, Compare: c, Listed: len(subjects)}
	behind, worst := 0, f.Manner.Worst
	for i, s := range subjects {
		late := s.V.Status.Behind()
		if late {
			behind++
		}
		if worst == 0 && late || i < worst {
			row := f.laggingRow(s, c, i+1, turns[s.V.Scope()])
			row.Said = b.saidOf(f, s.Of, s.V, held[s.Of.ID])
			view.Rows = append(view.Rows, row)
		}
	}
	view.Intro = f.T("board-lagging-intro", "n", behind, "all", len(subjects))
	offered := []int{0, 5, 10, 13, 20}
	if !slices.Contains(offered, worst) {
		offered = append(offered, worst)
	}
	offered = append(slices.DeleteFunc(offered, func(n int) bool { return n > 0 && n >= len(subjects) }), len(subjects))
	for i, n := range offered {
		name := f.T("board-lagging-worst", "n", n)
		switch i {
		case 0:
			name = f.T("board-lagging-behind", "n", behind)
		case len(offered) - 1:
			name = f.T("board-worst-all", "n", n)
		}
		view.Choices = append(view.Choices, web.Choice{Name: name, Href: f.With(func(g *web.Frame) { g.Manner.Worst = n }), Current: worst == n})
	}
	return "lagging", view, nil
}

func (f *frame) laggingRow(s telling.Subject, c comparison, n int, turns []schema.Turn) laggingRow {
	out := laggingRow{
		Row: f.rowSince(s, c), N: n, Lag: "—", Contact: s.Of.Contact,
	}
	if lag, ok := s.V.Lag(); ok {
		points := lag * 100
		out.LagWord = f.T("board-lag-behind")
		if points < 0 {
			points, out.LagWord = -points, f.T("board-lag-ahead")
		}
		out.Lag = strconv.FormatFloat(points, 'f', 1, 64)
		out.lag = strconv.FormatFloat(100*lag, 'f', 1, 64)
		if out.Lag == "0.0" {
			out.LagWord, out.lag = "", "0.0"
		}
	}
	out.By = out.Deadline
	if !s.V.Deadline.IsZero() {
		out.By = f.T("board-deadline-short", "day", s.V.Deadline)
	}
	out.Since, out.Grade = f.since(turns, s.V)
	return out
}

// since words the day the verdict's status began: comparisons are made once a
// day or less, and nothing is known of the days between.
func (f *frame) since(turns []schema.Turn, v schema.Verdict) (day, grade string) {
	first, begun, ok := since(turns, v)
	switch {
	case !ok && len(turns) == 0:
		return "—", f.T("board-since-unknown")
	case !ok:
		return v.AsOf.String(), f.T("board-since-new")
	}
	id := "board-since-days"
	switch {
	case begun:
		id = "board-since-first"
	case !first.Before(v.AsOf):
		id = "board-since-today"
	}
	return first.String(), f.T(id, "days", figure.Days(max(0, v.AsOf.DaysSince(first))))
}

// statements are those in force on that day on the policy's targets, by target;
// none where nothing is read.
func (b *board) statements(ctx context.Context, p schema.Policy, asOf schema.Date) (map[string]schema.Statement, error) {
	out := map[string]schema.Statement{}
	if b.Statements == nil {
		return out, nil
	}
	all, err := b.Statements.Statements(ctx, p.ID, "", asOf)
	if err != nil {
		return nil, fmt.Errorf("reading the statements: %w", err)
	}
	for _, s := range schema.Holding(all) {
		out[s.Target] = s
	}
	return out, nil
}

// said is a statement as a page shows it; where nothing was said of a target
// that is behind, that is told.
type said struct {
	web.Said
	There, Behind bool   // there is one in force; the target is behind
	Enter         string // where the owner says something; "" nowhere
	Before        []said // what was said before, newest first
}

// saidOf is what a page shows of the statement on a target that stands so; s is
// the zero value where nothing is in force. nil shows nothing: the target is
// not behind and nothing was said.
func (b *board) saidOf(f *frame, t schema.Target, v schema.Verdict, s schema.Statement) *said {
	if b.Statements == nil || s.Seq == 0 && !v.Behind() {
		return nil
	}
	out := &said{Said: web.Said{Frame: f.Frame}, Behind: v.Behind()}
	if b.site.Upload != "" && !f.Back() { // of a past day nothing can be said any more
		out.Enter = f.LinkAs(b.site.Upload+"/statements/"+url.PathEscape(v.Policy)+"/"+url.PathEscape(v.Target), f.Lang, schema.Date{}, "")
	}
	if s.Seq == 0 {
		return out
	}
	out.There, out.Said = true, f.Said(s, t, v, f.AsOf)
	return out
}

// saidOn is saidOf for the target's own page, with what was said before.
func (b *board) saidOn(ctx context.Context, f *frame, t schema.Target, v schema.Verdict) (*said, error) {
	if b.Statements == nil {
		return nil, nil //nolint:nilnil // nothing is shown
	}
	all, err := b.Statements.Statements(ctx, v.Policy, v.Target, f.Asked)
	if err != nil {
		return nil, fmt.Errorf("reading the statements: %w", err)
	}
	now := schema.Holding(all)[schema.Statement{Policy: v.Policy, Target: v.Target}.Subject()]
	out := b.saidOf(f, t, v, now)
	if out == nil && len(all) > 0 { // taken back: that it was is still told
		out = &said{Said: web.Said{Frame: f.Frame}}
	}
	for _, s := range slices.Backward(all) {
		if s.Seq != now.Seq {
			one := b.saidOf(f, t, v, s)
			one.Said = one.Said.Earlier(s.Promised)
			out.Before = append(out.Before, *one)
		}
	}
	return out, nil
}

// First is the cause in one line.
func (s *said) First() string { return strings.Join(s.Cause, " ") }

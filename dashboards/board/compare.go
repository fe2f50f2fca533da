package board

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"yardstick/comparator/telling"
	"yardstick/dashboards/show"
	"yardstick/dashboards/web"
	"yardstick/schema"
	"yardstick/schema/figure"
)

// comparison is the earlier day that verdicts are held against.
type comparison struct {
	*frame
	Day  schema.Date  // zero: there is none
	Name string       // 上月, 上次调度会, 上年同期 or the day, to stand before a colon
	Full string       // with the day
	Why  string       // why there is nothing to compare with
	Ways []web.Choice // what else could be compared with

	was map[schema.Scope]schema.Verdict
}

// yearBefore is the same day a year earlier; the end of a month again its end.
func yearBefore(d schema.Date) schema.Date {
	month := schema.Month(d.Year-1, d.Month)
	if last := month.Last(); d.Day > last.Day || d == schema.Month(d.Year, d.Month).Last() {
		return last
	}
	return schema.NewDate(d.Year-1, d.Month, d.Day)
}

// meetingBefore is the last of the meetings before the day; zero without one.
func meetingBefore(meetings []schema.Date, d schema.Date) (last schema.Date) {
	for _, m := range meetings {
		if m.Before(d) && m.After(last) {
			last = m
		}
	}
	return last
}

// comparison reads the verdicts of the earlier day the address asks for.
func (b *board) comparison(ctx context.Context, f *frame, p schema.Policy) (comparison, error) {
	c := f.compared(p)
	if c.Day.IsZero() {
		return c, nil
	}
	verdicts, err := b.verdicts(ctx, p, c.Day)
	if err != nil {
		return c, fmt.Errorf("reading the verdicts of %s to compare with: %w", c.Day, err)
	}
	c.was = make(map[schema.Scope]schema.Verdict, len(verdicts))
	for _, v := range verdicts {
		c.was[v.Scope()] = v
	}
	return c, nil
}

// compared is the day to compare with, or why there is none.
func (f *frame) compared(p schema.Policy) comparison {
	kind := f.Manner.Compare
	if kind == "" {
		kind = web.ByMonth
	}
	c := comparison{frame: f}
	day, name := schema.Date{}, ""
	switch kind {
	case web.ByMonth:
		day, name = figure.MonthBefore(f.AsOf), f.T("board-compare-month")
	case web.ByYear:
		day, name = yearBefore(f.AsOf), f.T("board-compare-year")
	case web.ByMeeting:
		day, name = meetingBefore(f.meetings, f.AsOf), f.T("board-compare-meeting")
		switch {
		case len(f.meetings) == 0:
			c.Why = f.T("board-compare-no-meetings")
		case day.IsZero():
			c.Why = f.T("board-compare-no-meeting-yet", "day", f.AsOf)
		}
	default:
		day, _ = schema.ParseDate(kind) // the address was read already
		name = day.String()
		if !day.Before(f.AsOf) {
			c.Why = f.T("board-compare-not-earlier", "day", day, "asof", f.AsOf)
		}
	}
	if c.Why == "" && day.Before(p.Issued) {
		c.Why = f.T("board-compare-not-issued", "day", day, "issued", p.Issued)
	}
	c.Name, c.Full = name, name
	if !day.IsZero() && name != day.String() {
		c.Full = f.T("board-compare-full", "name", name, "day", day)
	}
	if c.Why == "" {
		c.Day = day
	}
	c.Ways = f.compareWays(kind)
	return c
}

// compareWays are the links of the switch; a day the address names stands
// beside the three.
func (f *frame) compareWays(kind string) []web.Choice {
	var out []web.Choice
	add := func(way, name string) {
		out = append(out, web.Choice{Name: name, Href: f.With(func(g *web.Frame) { g.Manner.Compare = way }), Current: way == kind})
	}
	add(web.ByMeeting, f.T("board-compare-meeting"))
	add(web.ByMonth, f.T("board-compare-month"))
	add(web.ByYear, f.T("board-compare-year"))
	if !slices.Contains([]string{web.ByMeeting, web.ByMonth, web.ByYear}, kind) {
		add(kind, kind)
	}
	return out
}

// delta holds the subject against its verdict of the day compared with; nil
// when there is no such day.
func (c comparison) delta(s telling.Subject) *telling.Delta {
	was, ok := c.was[s.V.Scope()]
	if !ok {
		return nil
	}
	d := s.Since(was)
	d.Name = c.Name
	return d
}

// changeLine says in a sentence what changed, worst first, or why nothing can be
// compared.
func (f *frame) changeLine(changes []show.Row, c comparison) string {
	switch {
	case c.Why != "":
		return c.Why
	case len(changes) == 0:
		return f.T("board-unchanged", "when", c.Full)
	}
	var parts []string
	for _, s := range schema.Statuses() {
		n := 0
		for _, c := range changes {
			if c.Status.Shape == string(s) {
				n++
			}
		}
		if n > 0 {
			parts = append(parts, f.T("board-turned", "n", n, "status", s.Label()))
		}
	}
	return f.T("board-changed", "when", c.Full, "list", strings.Join(parts, f.T("board-comma")))
}

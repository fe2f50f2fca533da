package board

import (
	"context"
	"fmt"
	"slices"

	"yardstick/comparator/telling"
	"yardstick/dashboards/web"
	"yardstick/schema"
	"yardstick/schema/figure"
)

// comparison is the earlier day that verdicts are held against.
type comparison struct {
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
	c := comparison{}
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

// delta is what changed of one target since the day compared with.
type delta struct {
	Name  string     // what it is compared with
	Value string     // +20 PFlops; empty where Say tells all there is to tell
	Say   string     // what must be said of it, or why there is no difference to tell
	Gap   string     // the gap then, where it was another
	Was   *web.Badge // the status then, when it was another

	number, gap string // of Value and Gap, for a table
}

// delta holds the subject against its verdict of the day compared with; nil
// when there is no such day. What is defined, measured or counted in another
// way is never subtracted: the reason stands in place of the difference.
func (c comparison) delta(f *frame, s subject) *delta {
	was, ok := c.was[s.V.Scope()]
	if !ok {
		return nil
	}
	d := &delta{Name: c.Name}
	if was.Status != s.V.Status {
		then := f.BadgeOf(was)
		d.Was = &then
	}
	switch {
	case s.V.Value == nil && was.Value == nil:
		d.Say = f.T("board-delta-none")
		return d
	case was.Value == nil:
		d.Say = f.T("board-delta-none-then")
		return d
	case s.V.Value == nil:
		d.Say = f.T("board-delta-none-now")
		return d
	case s.Of.Kind == schema.Cadence: // the age of a report: a difference would say nothing
		return d
	case s.Of.Kind == schema.Milestone:
		if s.V.Value.Equal(*was.Value) {
			d.Say = f.T("board-delta-same")
		}
		return d
	}
	if why := s.incomparable(was); why != "" {
		d.Say = f.T(why)
		return d
	}
	then := s.Scale.Figure(*was.Value, telling.JudgedOf(was), &s.Of.Value)
	diff := s.Shown().Sub(then)
	d.number = diff.String()
	same := was.Period == s.V.Period
	switch {
	case diff.Sign() == 0 && same:
		d.Say = f.T("board-delta-no-new")
	case diff.Sign() == 0:
		d.Say = f.T("board-delta-same")
	case diff.Sign() > 0:
		d.Value = figure.Join("+"+diff.String(), s.Scale.GapUnit)
	default:
		d.Value = figure.Join("−"+diff.Abs().String(), s.Scale.GapUnit)
	}
	if d.Value != "" && same {
		d.Say = f.T("board-delta-revised")
	}
	if was.Gap != nil && s.V.Gap != nil && !was.Gap.Equal(*s.V.Gap) && was.Gap.Sign() > 0 && s.Of.Tolerance == nil && !telling.Timeless(s.Of.Kind) {
		d.gap = s.Scale.Gap(then, s.Of.Value)
		d.Gap = figure.Join(d.gap, s.Scale.GapUnit)
	}
	return d
}

// incomparable is why the figure judged then must not be taken from the one
// judged now; empty when it may.
func (s subject) incomparable(was schema.Verdict) string {
	now, then := s.V, was
	if now.Unit != then.Unit || telling.BasisOf(now, s.Of) != telling.BasisOf(then, s.Of) || now.Period.Frequency() != then.Period.Frequency() {
		return "board-delta-other-basis"
	}
	if s.broken(then.Period, now.Period) {
		return "board-delta-break"
	}
	summed := s.Of.Kind == schema.Added || s.Of.Kind == schema.Within
	a, b := now.Period, then.Period
	if telling.BasisOf(now, s.Of) == schema.YearToDate && !summed && a.Last().Year != b.Last().Year && (a.Last().Month != b.Last().Month || a.Last().Day != b.Last().Day) {
		return "board-delta-other-year"
	}
	return ""
}

// broken reports whether the series is broken after one period up to another:
// what is measured since is something else.
func (s subject) broken(from, to schema.Period) bool {
	if to.Compare(from) < 0 {
		from, to = to, from
	}
	return slices.ContainsFunc(s.Obs, func(o schema.Observation) bool {
		return (o.Status == schema.StatusBreak || o.Status == "D") && o.Period.Frequency() == to.Frequency() && o.Period.Compare(from) > 0 && o.Period.Compare(to) <= 0
	})
}

// comparing is a comparison with the frame it is told in, for the template
// "compare".
type comparing struct {
	Frame *frame
	Of    comparison
}

// Comparing offers the switch of what to compare with.
func (f *frame) Comparing(c comparison) comparing { return comparing{f, c} }

package telling

import (
	"slices"

	"yardstick/schema"
	"yardstick/schema/figure"
)

// Delta is what changed of one target since the day compared with.
type Delta struct {
	Name  string        // what it is compared with
	Value string        // +20 PFlops; empty where Say tells all there is to tell
	Say   string        // what must be said of it, or why there is no difference to tell
	Gap   string        // the gap then, where it was another
	Was   *figure.Badge // the status then, when it was another

	Number, GapNumber string // of Value and Gap, for a table
}

// Since holds the subject against its verdict of an earlier day. What is defined,
// measured or counted in another way is never subtracted: the reason stands in
// place of the difference.
func (s Subject) Since(was schema.Verdict) *Delta {
	d := &Delta{}
	if was.Status != s.V.Status {
		then := figure.BadgeOf(was, s.Lang)
		d.Was = &then
	}
	switch {
	case s.V.Value == nil && was.Value == nil:
		d.Say = s.T("board-delta-none")
		return d
	case was.Value == nil:
		d.Say = s.T("board-delta-none-then")
		return d
	case s.V.Value == nil:
		d.Say = s.T("board-delta-none-now")
		return d
	case s.Of.Kind == schema.Cadence: // the age of a report: a difference would say nothing
		return d
	case s.Of.Kind == schema.Milestone:
		if s.V.Value.Equal(*was.Value) {
			d.Say = s.T("board-delta-same")
		}
		return d
	}
	if why := s.incomparable(was); why != "" {
		d.Say = s.T(why)
		return d
	}
	then := s.Scale.Figure(*was.Value, JudgedOf(was), &s.Of.Value)
	diff := s.Shown().Sub(then)
	d.Number = diff.String()
	same := was.Period == s.V.Period
	switch {
	case diff.Sign() == 0 && same:
		d.Say = s.T("board-delta-no-new")
	case diff.Sign() == 0:
		d.Say = s.T("board-delta-same")
	case diff.Sign() > 0:
		d.Value = figure.Join("+"+diff.String(), s.Scale.GapUnit)
	default:
		d.Value = figure.Join("−"+diff.Abs().String(), s.Scale.GapUnit)
	}
	if d.Value != "" && same {
		d.Say = s.T("board-delta-revised")
	}
	if was.Gap != nil && s.V.Gap != nil && !was.Gap.Equal(*s.V.Gap) && was.Gap.Sign() > 0 && s.Of.Tolerance == nil && !Timeless(s.Of.Kind) {
		d.GapNumber = s.Scale.Gap(then, s.Of.Value)
		d.Gap = figure.Join(d.GapNumber, s.Scale.GapUnit)
	}
	return d
}

// incomparable is why the figure judged then must not be taken from the one
// judged now; empty when it may.
func (s Subject) incomparable(was schema.Verdict) string {
	now, then := s.V, was
	if now.Unit != then.Unit || s.basisOf(now) != s.basisOf(then) || now.Period.Frequency() != then.Period.Frequency() {
		return "board-delta-other-basis"
	}
	if s.broken(then.Period, now.Period) {
		return "board-delta-break"
	}
	summed := s.Of.Kind == schema.Added || s.Of.Kind == schema.Within
	a, b := now.Period, then.Period
	if s.basisOf(now) == schema.YearToDate && !summed && a.Last().Year != b.Last().Year && (a.Last().Month != b.Last().Month || a.Last().Day != b.Last().Day) {
		return "board-delta-other-year"
	}
	return ""
}

// broken reports whether the series is broken after one period up to another:
// what is measured since is something else.
func (s Subject) broken(from, to schema.Period) bool {
	if to.Compare(from) < 0 {
		from, to = to, from
	}
	return slices.ContainsFunc(s.Obs, func(o schema.Observation) bool {
		return (o.Status == schema.StatusBreak || o.Status == "D") && o.Period.Frequency() == to.Frequency() && o.Period.Compare(from) > 0 && o.Period.Compare(to) <= 0
	})
}

package board

import (
	"slices"

	"yardstick/comparator/telling"
	"yardstick/dashboards/show"
	"yardstick/schema"
	"yardstick/schema/figure"
)

// closing is the final reckoning of a policy whose deadlines have all passed.
type closing struct {
	Say    string // that they have, and since when
	Groups []reckoned
}

// Columns are the groups as they stand beside each other: what was met, what
// was not, and what had no deadline.
func (c *closing) Columns() (out [][]reckoned) {
	met := func(g reckoned) bool { return g.outcome == metOnTime }
	undated := func(g reckoned) bool { return g.outcome == neverDated }
	unmet := func(g reckoned) bool { return !met(g) && !undated(g) }
	for _, of := range []func(reckoned) bool{met, unmet, undated} {
		column := slices.DeleteFunc(slices.Clone(c.Groups), func(g reckoned) bool { return len(g.Rows) == 0 || !of(g) })
		if len(column) > 0 {
			out = append(out, column)
		}
	}
	return out
}

// reckoned are the targets of one outcome.
type reckoned struct {
	figure.Badge
	Rows    []reckonedRow
	outcome int
}

// reckonedRow is one target with its final figure.
type reckonedRow struct {
	Href, Title, Clause string
	Value, Target, Unit string
	Bits                []string     // period, marks
	Said                string       // the day it was reached, or what was short
	Status              figure.Badge // where the group does not tell it
}

// The outcomes, in the order they are told.
const (
	metOnTime = iota
	metLate
	notMet
	awaiting
	noFinal
	neverDated
	outcomes
)

// closing is nil while a deadline is still ahead, and without any.
func (f *frame) closing(subjects []telling.Subject) *closing {
	last, dated := schema.Date{}, 0
	for _, s := range subjects {
		if d := s.V.Deadline; !d.IsZero() {
			dated++
			if d.After(last) {
				last = d
			}
		}
	}
	if dated == 0 || !f.AsOf.After(last) {
		return nil
	}
	groups := make([]reckoned, outcomes)
	for i, g := range [outcomes][2]string{metOnTime: {"achieved", "board-closing-met"}, metLate: {"at_risk", "board-closing-late"},
		notMet: {"missed", "board-closing-missed"}, awaiting: {"no_data", "board-closing-awaiting"},
		noFinal: {"no_data", "board-closing-none"}, neverDated: {"open", "board-closing-undated"}} {
		groups[i] = reckoned{Badge: figure.Badge{Shape: g[0], Word: f.T(g[1])}, outcome: i}
	}
	for _, s := range subjects {
		g := outcomeOf(s.V)
		groups[g].Rows = append(groups[g].Rows, f.reckoned(s, g))
	}
	if len(groups[noFinal].Rows) == 0 { // what is missing is told when there is any; the rest always
		groups = slices.Delete(groups, noFinal, noFinal+1)
	}
	return &closing{f.T("board-closing-say", "n", dated, "day", last), groups}
}

// outcomeOf sorts a verdict given after the last deadline.
func outcomeOf(v schema.Verdict) int {
	switch {
	case v.Deadline.IsZero():
		return neverDated
	case v.Marks.AwaitingFinal:
		return awaiting
	case v.Status == schema.Achieved:
		return metOnTime
	case v.Status == schema.Missed && v.Marks.ReachedLate:
		return metLate
	case v.Status == schema.Missed:
		return notMet
	}
	return noFinal
}

func (f *frame) reckoned(s telling.Subject, outcome int) reckonedRow {
	marks := s.V // without those that an outcome tells itself
	marks.Marks.ReachedLate, marks.Marks.AwaitingFinal = false, false
	r := reckonedRow{
		Href: f.TargetLink(s.V.Policy, s.V.Target), Title: f.Say(s.Of.Title), Clause: f.Clause(s.Of.Clause),
		Value: s.Value(), Target: s.Target(), Unit: s.Unit(), Bits: append(show.Voice(f.Frame).FigureBits(s.V, s.Period()), show.Voice(f.Frame).StatusMarks(marks)...),
	}
	if outcome == neverDated {
		r.Status = figure.BadgeOf(s.V, f.Lang)
	}
	number, unit, word := s.Gap()
	switch {
	case s.V.Status == schema.Achieved && !s.V.ReachedOn.IsZero():
		r.Said = f.T("board-closing-reached", "day", s.V.ReachedOn)
	case outcome == metLate && !s.V.ReachedOn.IsZero():
		r.Said = f.T("board-closing-reached-late", "day", s.V.ReachedOn, "deadline", s.V.Deadline)
	case number == "—":
	case word != "":
		r.Said = word + " " + figure.Join(number, unit)
	default:
		r.Said = f.T("board-closing-short", "gap", figure.Join(number, unit))
	}
	return r
}

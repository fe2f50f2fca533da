// Package comparator judges: observation and target in, verdict out. It is
// pure: no clock, no I/O, nothing remembered between two calls. Whoever has the
// case has the verdict, and can redo it by hand from the inputs stored in it.
package comparator

import (
	"cmp"
	"slices"

	"yardstick/comparator/derive"
	"yardstick/comparator/forecast"
	"yardstick/schema"
	"yardstick/schema/vintage"
)

// Calendar says when figures are due. schema/calendar satisfies it.
type Calendar interface {
	Due(schema.Release, schema.Period) schema.Date
	DueWithGrace(schema.Release, schema.Period) schema.Date
	NextWorkingDay(schema.Date) schema.Date
}

// Case is everything one verdict is made from.
type Case struct {
	Target    schema.Target
	Indicator schema.Indicator
	Region    schema.Region
	Issued    schema.Date // day of issue of the policy
	AsOf      schema.Date

	// Observations of the indicator and region that were in force at the end
	// of AsOf, one vintage a fact, any frequency, basis and status. Those of a
	// derived indicator stand beside the published ones.
	Observations []schema.Observation
	// Terms are what derived observations were computed from.
	Terms map[schema.Key][]schema.Input
	// Lacking are the figures of a derived indicator that could not be computed.
	Lacking []Lack

	Calendar   Calendar
	Forecaster forecast.Forecaster // nil: no chance, judged by pace alone
}

// Lack is a figure that could be computed but for one term.
type Lack struct {
	Period  schema.Period
	Basis   schema.Basis
	Term    schema.Text // name of what is missing
	Because derive.Because
}

// figure is an observation as the indicator's own series calls it: 2025年 and
// 2025年1-12月 of a running total are judged alike. The verdict's inputs are as
// written.
type figure struct {
	written schema.Observation
	value   schema.Decimal
	period  schema.Period
	basis   schema.Basis
}

// figureOf names the observation, which has a value.
func (c Case) figureOf(o schema.Observation) figure {
	name := vintage.Name(c.Indicator, vintage.Fact(o.Key))
	return figure{o, *o.Value, name.Period, name.Basis}
}

// running reports whether the figure has counted since its year began.
func (f figure) running() bool { return vintage.Fact(f.written.Key).Basis == schema.YearToDate }

// usable gives the figures that may be judged, by period: of this indicator and
// region, of a status that may be judged, published by AsOf, and of a period
// that had ended by then; one a fact. A figure for a period still running is an
// expectation, whatever its status says; to a report (cadence) that does not
// apply.
func (c Case) usable() []figure {
	var known []schema.Observation
	for _, o := range c.Observations {
		if !o.Judgeable() || o.Indicator != c.Target.Indicator || c.Region.Code != "" && o.Region != c.Region.Code || o.PublishedAt.After(c.AsOf) {
			continue
		}
		if c.Target.Kind == schema.Cadence || !o.Period.Last().After(c.AsOf) {
			known = append(known, o)
		}
	}
	var out []figure
	for _, o := range vintage.Standing(known) {
		out = append(out, c.figureOf(o))
	}
	slices.SortFunc(out, func(a, b figure) int {
		return cmp.Or(a.period.Compare(b.period), cmp.Compare(a.basis, b.basis), cmp.Compare(a.period.Frequency(), b.period.Frequency()))
	})
	return out
}

// began is the first day the target's time runs from: the window's first day,
// the day counted from, else the day of issue.
func (c Case) began() schema.Date {
	t := c.Target
	switch {
	case t.Kind == schema.Within && !t.WindowFrom.IsZero():
		return t.WindowFrom
	case !t.Since.IsZero():
		return t.Since
	}
	return c.Issued
}

// deadline is the target's, else the end of its window.
func (c Case) deadline() schema.Date {
	if c.Target.Deadline.IsZero() && c.Target.Kind == schema.Within {
		return c.Target.WindowTo
	}
	return c.Target.Deadline
}

// own is the indicator's own frequency; monthly when the catalogue names none.
func (c Case) own() schema.Frequency {
	if len(c.Indicator.Frequencies) == 0 {
		return schema.Monthly
	}
	return c.Indicator.Frequency()
}

// counted reports whether the target is judged on a running total.
func counted(k schema.Kind) bool { return k == schema.Added || k == schema.Within }

// limit reports whether the target is a bound that must never be passed.
func limit(t schema.Target) bool {
	return t.Kind == schema.Ceiling || t.Kind == schema.Floor || t.Kind == schema.Range && t.Deadline.IsZero()
}

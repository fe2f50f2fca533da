package derive

import (
	"cmp"
	"maps"
	"slices"

	"yardstick/schema"
)

// span is what a figure covers, whatever period names it: the flow of a year is
// the year to date at its end, a stock at the end of June is that of the second
// quarter.
type span struct {
	basis schema.Basis
	last  schema.Date
	freq  schema.Frequency // of a flow within a period shorter than a year
}

func spanOf(p schema.Period, b schema.Basis) span {
	switch {
	case b == schema.InPeriod && p.Frequency() == schema.Annual:
		return span{schema.YearToDate, p.Last(), ""}
	case b == schema.InPeriod:
		return span{b, p.Last(), p.Frequency()}
	}
	return span{b, p.Last(), ""}
}

// period names the span: in the first of the frequencies that has a period
// ending with it, else by its day.
func (s span) period(frequencies []schema.Frequency) schema.Period {
	if s.freq != "" {
		return schema.PeriodOf(s.freq, s.last)
	}
	for _, f := range frequencies {
		if p, ok := schema.Day(s.last).EndingWith(f); ok {
			return p
		}
	}
	return schema.Day(s.last)
}

// yearBefore is the same span a year earlier; the end of a month is the end of
// that month, whatever the year makes of February.
func (s span) yearBefore() span {
	month := schema.Month(s.last.Year, s.last.Month)
	if month.Last() == s.last {
		s.last = month.Add(-12).Last()
	} else {
		s.last = schema.NewDate(s.last.Year-1, s.last.Month, s.last.Day)
	}
	return s
}

// names reports whether a period of one of the frequencies ends with the span.
func (s span) names(frequencies []schema.Frequency) bool {
	return slices.ContainsFunc(frequencies, func(f schema.Frequency) bool {
		_, ok := schema.Day(s.last).EndingWith(f)
		return ok && (s.freq == "" || s.freq == f)
	})
}

func sorted(spans map[span]bool) []span {
	return slices.SortedFunc(maps.Keys(spans), func(a, b span) int {
		return cmp.Or(a.last.Compare(b.last), cmp.Compare(a.basis, b.basis), cmp.Compare(a.freq, b.freq))
	})
}

// series is an indicator's figures by what they cover.
type series map[span]schema.Observation

// published gathers the indicator's figures.
func published(ind schema.Indicator, obs []schema.Observation) series {
	out := series{}
	for _, o := range obs {
		if o.Indicator == ind.Code {
			out.add(ind, o)
		}
	}
	return out
}

// add keeps one figure a span: one that can be judged before one that cannot,
// then the indicator's own frequency, then the later vintage.
func (s series) add(ind schema.Indicator, o schema.Observation) {
	at := spanOf(o.Period, o.Basis)
	held, ok := s[at]
	better := func() bool {
		if o.Judgeable() != held.Judgeable() {
			return o.Judgeable()
		}
		if c := rank(ind, o) - rank(ind, held); c != 0 {
			return c < 0
		}
		return o.Later(held)
	}
	if !ok || better() {
		s[at] = o
	}
}

func rank(ind schema.Indicator, o schema.Observation) int {
	if i := slices.Index(ind.Frequencies, o.Period.Frequency()); i >= 0 {
		return i
	}
	return len(ind.Frequencies)
}

// term is an indicator a formula is over.
type term struct {
	of     schema.Indicator
	series series
}

// wanted is one observation a figure needs.
type wanted struct {
	role schema.Role
	term term
	at   span
}

// inputs lists what the figure needs, in the order of the arithmetic.
func (f one) inputs() []wanted {
	switch f.ind.Formula.Op {
	case "share", "ratio":
		return []wanted{{schema.RoleNumerator, f.terms[0], f.span}, {schema.RoleDenominator, f.terms[1], f.span}}
	case "yoy":
		return []wanted{{schema.RoleNumerator, f.terms[0], f.span}, {schema.RoleDenominator, f.terms[0], f.span.yearBefore()}}
	case "difference":
		return []wanted{{schema.RolePart, f.terms[0], f.span}, {schema.RoleBaseline, f.terms[1], f.span}}
	}
	out := make([]wanted, len(f.terms))
	for i, t := range f.terms {
		out[i] = wanted{schema.RolePart, t, f.span}
	}
	return out
}

// key names the figure: in the indicator's own frequency where a period of it
// ends with the span. A year's own flow is a figure of the period.
func (f one) key(inputs []wanted) schema.Key {
	frequencies := slices.Clone(f.ind.Frequencies)
	for _, in := range inputs {
		frequencies = append(frequencies, in.term.of.Frequencies...)
		if o, ok := in.term.series[in.at]; ok {
			frequencies = append(frequencies, o.Period.Frequency())
		}
	}
	p, basis := f.span.period(frequencies), f.span.basis
	if basis == schema.YearToDate && p.Frequency() == schema.Annual {
		basis = schema.InPeriod
	}
	return schema.Key{Indicator: f.ind.Code, Region: f.region, Basis: basis, Period: p}
}

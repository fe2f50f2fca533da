package derive

import (
	"cmp"
	"maps"
	"slices"

	"yardstick/schema"
	"yardstick/schema/vintage"
)

// span is what a figure covers, whatever indicator and region it is of: a fact
// without them.
type span struct {
	basis  schema.Basis
	period schema.Period
}

func spanOf(k schema.Key) span {
	fact := vintage.Fact(k)
	return span{fact.Basis, fact.Period}
}

// of is how the indicator's series writes what covers the span.
func (s span) of(ind schema.Indicator) schema.Key {
	return vintage.Name(ind, schema.Key{Indicator: ind.Code, Basis: s.basis, Period: s.period})
}

// yearBefore is the same span a year earlier; the end of a month is the end of
// that month, whatever the year makes of February.
func (s span) yearBefore() span {
	last := s.period.Last()
	month := schema.Month(last.Year, last.Month)
	if month.Last() == last {
		last = month.Add(-12).Last()
	} else {
		last = schema.NewDate(last.Year-1, last.Month, last.Day)
	}
	s.period = schema.PeriodOf(s.period.Frequency(), last)
	return s
}

// names reports whether a period of one of the frequencies has what covers the
// span.
func (s span) names(frequencies []schema.Frequency) bool {
	fact := schema.Key{Basis: s.basis, Period: s.period}
	return slices.ContainsFunc(frequencies, func(f schema.Frequency) bool {
		_, ok := vintage.In(fact, f, s.basis)
		return ok
	})
}

func sorted(spans map[span]bool) []span {
	return slices.SortedFunc(maps.Keys(spans), func(a, b span) int {
		return cmp.Or(a.period.Last().Compare(b.period.Last()), cmp.Compare(a.basis, b.basis), cmp.Compare(a.period.Frequency(), b.period.Frequency()))
	})
}

// series is an indicator's figures by what they cover.
type series map[span]schema.Observation

// published gathers the indicator's figures that stand.
func published(ind schema.Indicator, obs []schema.Observation) series {
	var of []schema.Observation
	for _, o := range obs {
		if o.Indicator == ind.Code {
			of = append(of, o)
		}
	}
	out := series{}
	for _, o := range vintage.Standing(of) {
		out[spanOf(o.Key)] = o
	}
	return out
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

// key names the figure: as the indicator's own series would write it.
func (f one) key(inputs []wanted) schema.Key {
	ind := f.ind
	ind.Frequencies = slices.Clone(ind.Frequencies)
	for _, in := range inputs {
		ind.Frequencies = append(ind.Frequencies, in.term.of.Frequencies...)
		if o, ok := in.term.series[in.at]; ok {
			ind.Frequencies = append(ind.Frequencies, o.Period.Frequency())
		}
	}
	k := f.span.of(ind)
	k.Region = f.region
	return k
}

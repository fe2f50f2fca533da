package vintage

import (
	"slices"
	"time"

	"yardstick/schema"
)

// Rule names the present rule of what is one fact and which vintage of it stands.
// Where a store was written under another one, what changed is put down in the
// ledger under this name.
const Rule = "one-fact-1"

// Fact is what vintages compete for: the one key that stands for every key an
// economic fact is written under. A stock, a total since some day and a total
// within the year are what they are on their last day, whatever period ends on it;
// what flowed in a period that begins with its year is the year to date at its
// end. So 2025年, 全年, 1-12月 and 四季度累计 are one, as are 年末 and 12月末, 一季度
// and 1-3月. Their period is the day. A flow that begins later in the year is a
// fact of its own.
func Fact(k schema.Key) schema.Key {
	if first := k.Period.First(); k.Basis == schema.InPeriod {
		if first.Month != time.January || first.Day != 1 {
			return k
		}
		k.Basis = schema.YearToDate
	}
	k.Period = schema.Day(k.Period.Last())
	return k
}

// FactText is the fact as a store tells it from others of its indicator and region.
func FactText(k schema.Key) string {
	fact := Fact(k)
	return string(fact.Basis) + " " + fact.Period.String()
}

// In is how a series of a frequency and basis writes the fact; false where it has
// no figure of it.
func In(fact schema.Key, f schema.Frequency, b schema.Basis) (schema.Key, bool) {
	p, ends := fact.Period.EndingWith(f)
	k := schema.Key{Indicator: fact.Indicator, Region: fact.Region, Basis: b, Period: p}
	return k, ends && Fact(k) == fact
}

// Name is how the indicator's own series writes the fact: in the first of its
// frequencies that has it, the year's flow as a figure of the year; else in the
// coarsest frequency there is.
func Name(ind schema.Indicator, fact schema.Key) schema.Key {
	if fact.Basis == schema.InPeriod {
		return fact
	}
	if fact.Basis == schema.YearToDate && ind.Basis == schema.InPeriod {
		for _, f := range ind.Frequencies {
			if k, ok := In(fact, f, schema.InPeriod); ok {
				return k
			}
		}
	}
	all := []schema.Frequency{schema.Annual, schema.Quarterly, schema.Monthly, schema.TenDay, schema.Daily}
	for _, f := range slices.Concat(ind.Frequencies, all) {
		basis := fact.Basis
		if basis == schema.YearToDate && f == schema.Annual {
			basis = schema.InPeriod
		}
		if k, ok := In(fact, f, basis); ok {
			return k
		}
	}
	return fact
}

// Standing gives the vintages that stand, one a fact, in the order in which their
// facts first come up.
func Standing(all []schema.Observation) []schema.Observation {
	at := make(map[schema.Key]int, len(all))
	var out []schema.Observation
	for _, o := range all {
		fact := Fact(o.Key)
		i, held := at[fact]
		switch {
		case !held:
			at[fact] = len(out)
			out = append(out, o)
		case o.Later(out[i]):
			out[i] = o
		}
	}
	return out
}

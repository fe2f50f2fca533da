package calendar

import (
	"slices"

	"yardstick/schema"
)

// Plan says which reference periods a feed owes.
type Plan struct {
	Frequency schema.Frequency
	Release   schema.Release
	From      schema.Date // the first period owed is the one that holds this day, while nothing was delivered
}

// Delivery is one reference period that a feed owes or will owe.
type Delivery struct {
	Period  schema.Period
	Due     schema.Date // last day on which it is in time
	Excused schema.Date // last day on which its lateness is excused
}

// Owed lists the periods not delivered, oldest first, up to and including the
// first that is not due before today: what is late, and what is due next. At
// most so many are listed, oldest first, but the last is always the one due
// next. Without a frequency nothing is owed.
//
// delivered holds the last days of the reference periods that figures came for;
// a period is delivered when its own last day is among them, so that figures of
// its first half do not count for the whole. A feed owes from its first delivery
// on: what is older than that was never promised. A figure reported as unchanged
// for a period is a delivery of it.
func (c *Calendar) Owed(p Plan, delivered []schema.Date, today schema.Date, most int) []Delivery {
	if !p.Frequency.Valid() {
		return nil
	}
	have := make(map[schema.Date]bool, len(delivered))
	for _, d := range delivered {
		have[d] = true
	}
	period := schema.PeriodOf(p.Frequency, p.From)
	if len(delivered) > 0 {
		first := slices.MinFunc(delivered, schema.Date.Compare)
		if first = later(first, p.From); !first.Before(period.First()) {
			period = schema.PeriodOf(p.Frequency, first)
		}
	}
	var out []Delivery
	for ; ; period = period.Next() {
		if have[period.Last()] || p.Frequency == schema.Daily && !c.Working(period.First()) {
			continue // of a day nobody works there is nothing to report
		}
		d := c.Delivery(p.Release, period)
		next := !d.Due.Before(today)
		if len(out) < most-1 || next {
			out = append(out, d)
		}
		if next {
			return out
		}
	}
}

// Delivery is when the period is due.
func (c *Calendar) Delivery(r schema.Release, p schema.Period) Delivery {
	return Delivery{Period: p, Due: c.Due(r, p), Excused: c.DueWithGrace(r, p)}
}

func later(a, b schema.Date) schema.Date {
	if a.Before(b) {
		return b
	}
	return a
}

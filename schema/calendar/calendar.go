// Package calendar knows working days and the days on which figures are due.
// Holidays and make-up working days are data: holidays.yaml, one entry a year,
// each with the notice it comes from.
package calendar

import (
	"bytes"
	_ "embed"
	"fmt"
	"slices"
	"time"

	"go.yaml.in/yaml/v3"

	"yardstick/schema"
)

//go:embed holidays.yaml
var holidays []byte

// Calendar says which days are worked. It is never changed after it is read
// and is safe for concurrent use. As JSON it has the same bytes for the same days.
type Calendar struct {
	Announced []int                       `json:"years"` // whose holidays are known, the earliest first
	Off       map[schema.Date]schema.Text `json:"off"`   // the days of announced holidays, by their names
	Worked    []schema.Date               `json:"work"`  // weekend days that are worked, in their order
}

// Default reads the embedded days.
func Default() (*Calendar, error) {
	c, err := parse(holidays)
	if err != nil {
		return nil, fmt.Errorf("reading the embedded holidays: %w", err)
	}
	return c, nil
}

type document struct {
	Years []struct {
		Year   int    `yaml:"year"`
		Source string `yaml:"source"`
		Off    []struct {
			schema.Text `yaml:",inline"`
			From        schema.Date `yaml:"from"`
			To          schema.Date `yaml:"to"`
		} `yaml:"off"`
		Work []schema.Date `yaml:"work"`
	} `yaml:"years"`
}

func parse(b []byte) (*Calendar, error) {
	var doc document
	d := yaml.NewDecoder(bytes.NewReader(b))
	d.KnownFields(true)
	if err := d.Decode(&doc); err != nil {
		return nil, err
	}
	c := &Calendar{Off: map[schema.Date]schema.Text{}}
	for _, y := range doc.Years {
		if y.Source == "" || c.Known(y.Year) {
			return nil, fmt.Errorf("year %d: it needs a source and may stand once only", y.Year)
		}
		c.Announced = append(c.Announced, y.Year)
		for _, h := range y.Off {
			if h.From.Year != y.Year || h.To.Before(h.From) || h.To.DaysSince(h.From) > 31 {
				return nil, fmt.Errorf("year %d: %s from %s to %s is not a holiday of that year", y.Year, h.In(schema.English), h.From, h.To)
			}
			for day := h.From; !day.After(h.To); day = day.AddDays(1) {
				c.Off[day] = h.Text
			}
		}
		for _, day := range y.Work {
			if _, off := c.Off[day]; off || !weekend(day) || day.Year != y.Year {
				return nil, fmt.Errorf("year %d: %s cannot be a make-up working day", y.Year, day)
			}
			c.Worked = append(c.Worked, day)
		}
	}
	slices.Sort(c.Announced)
	slices.SortFunc(c.Worked, schema.Date.Compare)
	c.Worked = slices.Compact(c.Worked)
	return c, nil
}

func weekend(d schema.Date) bool {
	w := d.Time().Weekday()
	return w == time.Saturday || w == time.Sunday
}

// Known reports whether the year's holidays have been announced to the
// calendar. In other years Working knows weekends only.
func (c *Calendar) Known(year int) bool { return slices.Contains(c.Announced, year) }

// Years lists the years whose holidays have been announced, the earliest first.
func (c *Calendar) Years() []int { return slices.Clone(c.Announced) }

// Working reports whether d is a working day.
func (c *Calendar) Working(d schema.Date) bool {
	if _, worked := slices.BinarySearchFunc(c.Worked, d, schema.Date.Compare); worked {
		return true
	}
	_, off := c.Off[d]
	return !off && !weekend(d)
}

// NextWorkingDay is the first working day after d.
func (c *Calendar) NextWorkingDay(d schema.Date) schema.Date { return c.OnOrAfter(d.AddDays(1)) }

// OnOrAfter is d itself when it is worked, else the first working day after it.
func (c *Calendar) OnOrAfter(d schema.Date) schema.Date {
	for !c.Working(d) {
		d = d.AddDays(1)
	}
	return d
}

// Due is the last day on which the period's figure is in time: r.Days calendar
// days after the period's last day, then r.WorkingDays working days, moved on to
// a working day; or, by the next period, that one's last day. The zero Period is
// never due: the zero Date.
func (c *Calendar) Due(r schema.Release, p schema.Period) schema.Date {
	switch {
	case p.IsZero():
		return schema.Date{}
	case r.ByNext:
		return c.OnOrAfter(p.Next().Last())
	case r.WorkingDays == 0:
		return c.OnOrAfter(p.Last().AddDays(r.Days))
	}
	day := p.Last().AddDays(r.Days)
	for range r.WorkingDays {
		day = c.NextWorkingDay(day)
	}
	return day
}

// DueWithGrace is the last day on which lateness is still excused: r.Grace
// calendar days after Due, moved on to a working day.
func (c *Calendar) DueWithGrace(r schema.Release, p schema.Period) schema.Date {
	if p.IsZero() {
		return schema.Date{}
	}
	return c.OnOrAfter(c.Due(r, p).AddDays(r.Grace))
}

// OfficeHours reports whether people may be told at t, in t's own zone, what can
// wait: from 09:00 until before 17:30 on a working day.
func (c *Calendar) OfficeHours(t time.Time) bool {
	minute := t.Hour()*60 + t.Minute()
	return c.Working(schema.DateOf(t)) && minute >= 9*60 && minute < 17*60+30
}

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
		if first := slices.MinFunc(delivered, schema.Date.Compare); first.After(p.From) {
			period = schema.PeriodOf(p.Frequency, first)
		}
	}
	var out []Delivery
	for ; ; period = period.Next() {
		if have[period.Last()] || p.Frequency == schema.Daily && !c.Working(period.First()) {
			continue // of a day nobody works there is nothing to report
		}
		d := Delivery{Period: period, Due: c.Due(p.Release, period), Excused: c.DueWithGrace(p.Release, period)}
		next := !d.Due.Before(today)
		if len(out) < most-1 || next {
			out = append(out, d)
		}
		if next {
			return out
		}
	}
}

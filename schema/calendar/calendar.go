// Package calendar knows working days and the days on which figures are due.
// Holidays and make-up working days are data: holidays.yaml, one entry a year,
// each with the notice it comes from.
package calendar

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"go.yaml.in/yaml/v3"

	"yardstick/schema"
)

//go:embed holidays.yaml
var holidays []byte

// Calendar says which days are worked. It is never changed after it is read
// and is safe for concurrent use.
type Calendar struct {
	known map[int]bool
	off   map[schema.Date]schema.Text
	work  map[schema.Date]bool
}

// Default reads the embedded days.
func Default() (*Calendar, error) {
	c, err := parse(holidays)
	if err != nil {
		return nil, fmt.Errorf("reading the embedded holidays: %w", err)
	}
	return c, nil
}

// listed is a calendar as JSON.
type listed struct {
	Years []int                       `json:"years"`
	Off   map[schema.Date]schema.Text `json:"off"`
	Work  []schema.Date               `json:"work"` // weekend days that are worked, in their order
}

// MarshalJSON prints all days, the same bytes for the same days.
func (c *Calendar) MarshalJSON() ([]byte, error) {
	return json.Marshal(listed{c.Years(), c.off, slices.SortedFunc(maps.Keys(c.work), func(a, b schema.Date) int { return a.DaysSince(b) })})
}

// UnmarshalJSON reads what MarshalJSON prints.
func (c *Calendar) UnmarshalJSON(b []byte) error {
	var d listed
	if err := json.Unmarshal(b, &d); err != nil {
		return fmt.Errorf("reading a calendar: %w", err)
	}
	*c = Calendar{map[int]bool{}, d.Off, map[schema.Date]bool{}}
	for _, year := range d.Years {
		c.known[year] = true
	}
	for _, day := range d.Work {
		c.work[day] = true
	}
	return nil
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
	c := &Calendar{map[int]bool{}, map[schema.Date]schema.Text{}, map[schema.Date]bool{}}
	for _, y := range doc.Years {
		if y.Source == "" || c.known[y.Year] {
			return nil, fmt.Errorf("year %d: it needs a source and may stand once only", y.Year)
		}
		c.known[y.Year] = true
		for _, h := range y.Off {
			if h.From.Year != y.Year || h.To.Before(h.From) || h.To.DaysSince(h.From) > 31 {
				return nil, fmt.Errorf("year %d: %s from %s to %s is not a holiday of that year", y.Year, h.In(schema.English), h.From, h.To)
			}
			for day := h.From; !day.After(h.To); day = day.AddDays(1) {
				c.off[day] = h.Text
			}
		}
		for _, day := range y.Work {
			if _, off := c.off[day]; off || !weekend(day) || day.Year != y.Year {
				return nil, fmt.Errorf("year %d: %s cannot be a make-up working day", y.Year, day)
			}
			c.work[day] = true
		}
	}
	return c, nil
}

func weekend(d schema.Date) bool {
	w := d.Time().Weekday()
	return w == time.Saturday || w == time.Sunday
}

// Known reports whether the year's holidays have been announced to the
// calendar. In other years Working knows weekends only.
func (c *Calendar) Known(year int) bool { return c.known[year] }

// Years lists the years whose holidays have been announced, the earliest first.
func (c *Calendar) Years() []int { return slices.Sorted(maps.Keys(c.known)) }

// Holiday is the name of the announced holiday that d belongs to.
func (c *Calendar) Holiday(d schema.Date) (schema.Text, bool) {
	t, ok := c.off[d]
	return t, ok
}

// Working reports whether d is a working day.
func (c *Calendar) Working(d schema.Date) bool {
	if c.work[d] {
		return true
	}
	_, off := c.off[d]
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

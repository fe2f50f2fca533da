package paper

import (
	"fmt"
	"math"
	"slices"
	"time"

	"yardstick/dashboards/draw"
	"yardstick/schema"
)

// Role says what a line of a chart is, and with it how it is drawn.
type Role string

// The roles, in the order of a legend.
const (
	Seen   Role = "seen"   // observed figures
	Way    Role = "way"    // the time line to the target, or the pace still needed
	Goal   Role = "goal"   // the target
	Likely Role = "likely" // the middle of the forecast
	Edge   Role = "edge"   // its edges
)

// Chart is lines over days. All lines share the days of Days; a line has no
// value (NaN) where it says nothing.
type Chart struct {
	Title string
	Alt   string // for who cannot see it
	Unit  string
	Days  []schema.Date
	Lines []ChartLine
}

// ChartLine is one line; Values has a value a day of the chart.
type ChartLine struct {
	Name   string
	Role   Role
	Values []float64
}

// Place is a day and a value, for lines given by their corners.
type Place struct {
	Day   schema.Date
	Value float64
}

// First is the chart's first day.
func (c Chart) First() schema.Date { return c.Days[0] }

// Last is the chart's last day.
func (c Chart) Last() schema.Date { return c.Days[len(c.Days)-1] }

// Known reports whether the line has a value at i.
func (l ChartLine) Known(i int) bool { return !math.IsNaN(l.Values[i]) }

// Along is a line through its corners at each of days: straight between them,
// nothing outside.
func Along(days []schema.Date, corners []Place) []float64 {
	out := make([]float64, len(days))
	for i, d := range days {
		out[i] = math.NaN()
		for j, c := range corners {
			if c.Day == d {
				out[i] = c.Value
			} else if j > 0 && d.After(corners[j-1].Day) && d.Before(c.Day) {
				a := corners[j-1]
				share := float64(d.DaysSince(a.Day)) / float64(c.Day.DaysSince(a.Day))
				out[i] = a.Value + share*(c.Value-a.Value)
			}
		}
	}
	return out
}

// Union is the days of all lists, each once, in order.
func Union(lists ...[]schema.Date) []schema.Date {
	var all []schema.Date
	for _, l := range lists {
		all = append(all, l...)
	}
	slices.SortFunc(all, schema.Date.Compare)
	return slices.Compact(all)
}

// Scale is a chart's axis of values: from Low to High in steps that people
// count in.
type Scale struct {
	Low, High, Step float64
}

// ScaleOf fits every line of the chart in about four steps.
func (c Chart) ScaleOf() Scale {
	low, high := math.Inf(1), math.Inf(-1)
	for _, l := range c.Lines {
		for i, v := range l.Values {
			if l.Known(i) {
				low, high = min(low, v), max(high, v)
			}
		}
	}
	if math.IsInf(low, 0) {
		low, high = 0, 1
	}
	if low == high {
		low, high = low-1, high+1
	}
	if low > 0 && low < 0.4*high { // a scale that nearly reaches nought begins there
		low = 0
	}
	step := draw.NiceStep((high - low) / 4)
	return Scale{step * math.Floor(low/step+1e-9), step * math.Ceil(high/step-1e-9), step}
}

// Ticks are the values named beside the axis.
func (s Scale) Ticks() []float64 {
	var out []float64
	for k := 0.0; s.Low+k*s.Step <= s.High+s.Step/2; k++ {
		out = append(out, s.Low+k*s.Step)
	}
	return out
}

// Tick writes v as a tick.
func (s Scale) Tick(v float64) string { return draw.TickText(v, s.Step) }

// Months between two ticks of the days' axis, so that at most nine stand there.
func (c Chart) Months() int {
	if len(c.Days) < 2 {
		return 1
	}
	months := c.Last().DaysSince(c.First()) / 30
	for _, m := range []int{1, 2, 3, 6, 12, 24, 36, 60, 120} {
		if months/m < 8 {
			return m
		}
	}
	return 240
}

// MonthTicks are the first days of months between which Months lie, inside the
// chart, beginning with January where the step allows.
func (c Chart) MonthTicks() []schema.Date {
	if len(c.Days) == 0 {
		return nil
	}
	step, first, last := c.Months(), c.First(), c.Last()
	n := first.Year*12 + int(first.Month) - 1
	if first.Day > 1 {
		n++
	}
	for n%step != 0 {
		n++
	}
	var out []schema.Date
	for ; ; n += step {
		d := schema.NewDate(n/12, time.Month(1+n%12), 1)
		if d.After(last) {
			return out
		}
		out = append(out, d)
	}
}

// Month writes a day's month as the axis does: 2025-03.
func Month(d schema.Date) string { return fmt.Sprintf("%04d-%02d", d.Year, int(d.Month)) }

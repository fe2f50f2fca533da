package forecast

import (
	"cmp"
	"fmt"
	"math"

	"yardstick/schema"
)

// Series is what a forecast is made from.
type Series struct {
	Values    []float64 // oldest first, one a period without holes and in one unit
	Frequency schema.Frequency
	Season    int      // values in a season; 0: the frequency's own, 1: none
	Counted   bool     // a running total, of what has been counted since a day: it does not fall; else each value stands for itself
	Lower     *float64 // bounds the figure cannot leave, such as 0 and 100 of a share; nil: none
	Upper     *float64
}

// SeasonOf is how many values make a season: 1, 4, 12, 36 a year, 7 a week.
func SeasonOf(f schema.Frequency) int {
	return cmp.Or(map[schema.Frequency]int{schema.Quarterly: 4, schema.Monthly: 12, schema.TenDay: 36, schema.Daily: 7}[f], 1)
}

// Prediction is a series continued: one distribution for each period to come,
// the nearest first.
type Prediction struct {
	Steps  []Distribution
	Method Method
	Length int // values (of a running total: increments) it rests on
}

// farthest is how many times its own length a series is continued at most.
const farthest = 5

// Predict continues s by h periods with the method the calibration was made for.
// Errors wrap ErrShort (fewer than three values, or increments of a total),
// ErrHorizon (h below 1, or more than five times as many as there are values),
// ErrNotFinite or ErrBounds.
func (c *Calibration) Predict(s Series, h int) (Prediction, error) {
	p, _, err := c.predict(s, h)
	return p, err
}

// Compare is Predict and, beside it, what each of the methods says of the values
// (of a running total: of the increments), as Continue does.
func (c *Calibration) Compare(s Series, h int, methods ...Method) (Prediction, [][]float64, error) {
	p, w, err := c.predict(s, h)
	if err != nil {
		return Prediction{}, nil, err
	}
	f, err := w.all(methods)
	return p, f, err
}

func (c *Calibration) predict(s Series, h int) (Prediction, *work, error) {
	if err := s.bounded(); err != nil {
		return Prediction{}, nil, err
	}
	y := s.increments()
	if len(y) >= Least && h > farthest*len(y) {
		return Prediction{}, nil, fmt.Errorf("continuing %d values by %d: %w", len(y), h, ErrHorizon)
	}
	m := s.Season
	if m == 0 {
		m = SeasonOf(s.Frequency)
	}
	w, err := newWork(y, m, h)
	if err != nil {
		return Prediction{}, nil, err
	}
	d, err := w.measure(c.Point)
	if err != nil {
		return Prediction{}, nil, err
	}
	value, ok := c.table(s.Frequency, KindValue)
	sum, also := c.table(s.Frequency, KindSum)
	if !ok || !also {
		return Prediction{}, nil, fmt.Errorf("the calibration has no table for frequency %q: %w", s.Frequency, ErrMethod)
	}
	p := Prediction{Method: c.Point, Length: len(y), Steps: make([]Distribution, h)}
	k := continued{Series: s, Measured: d, n: len(y), levels: c.Levels, value: value, sum: sum, rising: lowest(y) >= 0}
	for i := range p.Steps {
		p.Steps[i] = k.step(i + 1)
	}
	return p, w, nil
}

// bounded checks the bounds against each other and the values.
func (s Series) bounded() error {
	if s.Lower != nil && s.Upper != nil && !(*s.Lower < *s.Upper) {
		return fmt.Errorf("%v is not below %v: %w", *s.Lower, *s.Upper, ErrBounds)
	}
	for t, v := range s.Values {
		if s.Lower != nil && v < *s.Lower || s.Upper != nil && v > *s.Upper {
			return fmt.Errorf("value %d, %v, is outside: %w", t+1, v, ErrBounds)
		}
	}
	return nil
}

// increments is what is forecast: the values, or what each period added.
func (s Series) increments() []float64 {
	if !s.Counted {
		return s.Values
	}
	var y []float64
	for t := 1; t < len(s.Values); t++ {
		y = append(y, s.Values[t]-s.Values[t-1])
	}
	return y
}

// continued is a series measured, with all that a step's distribution needs.
type continued struct {
	Series
	Measured
	n          int
	levels     []float64
	value, sum Table
	rising     bool // no increment was ever below zero
}

// step is the distribution h periods ahead: of a running total the sum of the steps
// up to there, on what is already counted.
func (k continued) step(h int) Distribution {
	d := Distribution{Lower: math.Inf(-1), Upper: math.Inf(1), levels: k.levels}
	if k.Lower != nil {
		d.Lower = *k.Lower
	}
	if k.Upper != nil {
		d.Upper = *k.Upper
	}
	table, kind := k.value, KindValue
	if k.Counted {
		if h > 1 { // one step alone is no sum
			table, kind = k.sum, KindSum
		}
		held := k.Values[len(k.Values)-1]
		d.Centre, d.Lower = held, max(d.Lower, held) // what is counted stays counted
		for _, f := range k.Point[:h] {
			if k.rising {
				f = max(f, 0)
			}
			d.Centre += f
		}
	} else {
		d.Centre = k.Point[h-1]
	}
	d.Upper = max(d.Upper, d.Lower)
	d.Centre = min(max(d.Centre, d.Lower), d.Upper)
	d.offsets = table.offsets(k.n, h, k.Trend, k.Scale(kind, h, table.growth(k.n, h)))
	return d
}

package forecast

import (
	"fmt"
	"math"

	"yardstick/schema"
)

// Form is how the values of a series hang together.
type Form int

// The forms.
const (
	Plain        Form = iota // each value stands for itself: a stock, share, flow or count of its period
	RunningTotal             // what has been counted since a day; it does not fall
	WithinYear               // what has been counted since January; it starts anew each year
)

// Series is what a forecast is made from.
type Series struct {
	// Values, oldest first, one a period without holes and in one unit. WithinYear
	// alone may have a NaN in January, where January and February are published
	// together: their sum is then shared equally between both.
	Values    []float64
	Frequency schema.Frequency
	Season    int // values in a season; 0: the frequency's own, 1: none
	Form      Form
	FromZero  bool          // RunningTotal: one period before the first value nothing was counted
	First     schema.Period // WithinYear: the period of the first value
	Lower     *float64      // bounds the figure cannot leave, such as 0 and 100 of a share; nil: none
	Upper     *float64
}

// SeasonOf is how many values make a season: 1, 4, 12, 36 a year, 7 a week.
func SeasonOf(f schema.Frequency) int {
	switch f {
	case schema.Quarterly:
		return 4
	case schema.Monthly:
		return 12
	case schema.TenDay:
		return 36
	case schema.Daily:
		return 7
	}
	return 1
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
// (of a running total or year to date: of the increments), as Continue does.
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
	y, err := s.increments()
	if err != nil {
		return Prediction{}, nil, err
	}
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
func (s Series) increments() ([]float64, error) {
	switch s.Form {
	case RunningTotal:
		var y []float64
		before := 0.0
		for t, v := range s.Values {
			if t > 0 || s.FromZero {
				y = append(y, v-before)
			}
			before = v
		}
		return y, nil
	case WithinYear:
		return s.yearly()
	}
	return s.Values, nil
}

func (s Series) yearly() ([]float64, error) {
	if s.First.Frequency() != s.Frequency {
		return nil, fmt.Errorf("the first period %s is not of frequency %q: %w", s.First, s.Frequency, ErrBounds)
	}
	var y []float64
	for t, v := range s.Values {
		p := s.First.Add(t)
		opens := p.Prev().First().Year != p.First().Year
		switch {
		case opens:
			y = append(y, v) // NaN is settled by the next value
		case t == 0:
			// What the first period added is not known unless it opens the year.
		case math.IsNaN(s.Values[t-1]) && s.First.Add(t-1).Prev().First().Year != p.First().Year:
			y[len(y)-1] = v / 2
			y = append(y, v/2)
		default:
			y = append(y, v-s.Values[t-1])
		}
	}
	if n := len(y); n > 0 && math.IsNaN(y[n-1]) && s.First.Add(len(s.Values)-1).First().Month == 1 {
		return nil, fmt.Errorf("the series ends with a January not published: %w", ErrNotFinite)
	}
	return y, nil
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

// step is the distribution h periods ahead.
func (k continued) step(h int) Distribution {
	d := Distribution{Lower: math.Inf(-1), Upper: math.Inf(1), levels: k.levels}
	if k.Lower != nil {
		d.Lower = *k.Lower
	}
	if k.Upper != nil {
		d.Upper = *k.Upper
	}
	from, held := k.from(h)
	d.Centre = held
	for i := from; i <= h; i++ {
		f := k.Point[i-1]
		if k.Form != Plain && k.rising {
			f = max(f, 0)
		}
		d.Centre += f
	}
	if k.Form == RunningTotal || k.rising && k.Form == WithinYear {
		d.Lower = max(d.Lower, held) // what is counted stays counted
	}
	if d.Upper < d.Lower {
		d.Upper = d.Lower
	}
	d.Centre = min(max(d.Centre, d.Lower), d.Upper)
	scale, table := 0.0, k.value
	switch from {
	case h:
		scale = k.Scale(KindValue, h, k.value.growth(k.n, h))
	case 1:
		table = k.sum
		scale = k.Scale(KindSum, h, k.sum.growth(k.n, h))
	default: // a part of a year to come: a sum, further off than its length
		table = k.sum
		width := h - from + 1
		scale = k.spread.scale(from, h, k.sum.growth(k.n, width)*k.value.growth(k.n, h)/k.value.growth(k.n, width))
	}
	d.offsets = table.offsets(k.n, h, k.Trend, scale)
	return d
}

// from is the first of the steps whose sum makes the figure h steps ahead, and
// what is already counted in it.
func (k continued) from(h int) (first int, held float64) {
	last := len(k.Values) - 1
	switch k.Form {
	case RunningTotal:
		return 1, k.Values[last]
	case WithinYear:
		year := k.First.Add(last + h).First().Year
		if k.First.Add(last).First().Year == year {
			return 1, k.Values[last]
		}
		first = h
		for first > 1 && k.First.Add(last+first-1).First().Year == year {
			first--
		}
		return first, 0
	}
	return h, 0
}

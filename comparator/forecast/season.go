package forecast

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// adjustment is a series with its seasonal pattern taken out, and the pattern:
// factors by which, or amounts by which, each place in the season differs.
type adjustment struct {
	values   []float64 // the series without its season
	pattern  []float64 // nil: no season was found
	multiply bool
	next     int // place in the season of the first value after the series
}

// seasonal is the test the M3 and M4 competitions used for Naive2 and Theta: the
// autocorrelation at the seasonal lag exceeds 1.645 (the normal distribution's
// quantile at 95 per cent) of its standard errors (Bartlett's, with all lags
// before it). It wants three full seasons.
func seasonal(y []float64, m int) bool {
	n := len(y)
	if m < 2 || n < 3*m {
		return false
	}
	off := slices.Clone(y)
	floats.AddConst(-average(y), off)
	whole := floats.Dot(off, off)
	if whole <= 0 {
		return false
	}
	var r, squares float64
	for lag := 1; lag <= m; lag++ {
		r = floats.Dot(off[lag:], off[:n-lag]) / whole
		if lag < m {
			squares += r * r
		}
	}
	return math.Abs(r) > distuv.UnitNormal.Quantile(.95)*math.Sqrt((1+2*squares)/float64(n))
}

// adjust takes the season out by classical decomposition (moving averages),
// where the test finds one: by factors when all values are on one side of zero,
// else, or when additive, by amounts.
func adjust(y []float64, m int, additive bool) adjustment {
	a := adjustment{values: y}
	if !seasonal(y, m) {
		return a
	}
	a.multiply = !additive && oneSided(y)
	if p := pattern(y, m, a.multiply); p != nil {
		a.pattern, a.next = p, len(y)%m
		a.values = make([]float64, len(y))
		for t, v := range y {
			a.values[t] = a.without(v, t)
		}
	} else {
		a.multiply = false
	}
	return a
}

func (a adjustment) without(v float64, t int) float64 {
	p := a.pattern[t%len(a.pattern)]
	if a.multiply {
		return v / p
	}
	return v - p
}

// restore puts the season back into forecasts of the first values after the
// series, in place.
func (a adjustment) restore(f []float64) {
	for h := range f {
		f[h] = a.with(f[h], h)
	}
}

// with is the value v, h places after the first one past the series, with its
// season.
func (a adjustment) with(v float64, h int) float64 {
	if a.pattern == nil {
		return v
	}
	p := a.pattern[(a.next+h)%len(a.pattern)]
	if a.multiply {
		return v * p
	}
	return v + p
}

// pattern is the seasonal pattern by classical decomposition: the mean ratio to
// (or difference from) a centred moving average, factors normed to mean 1 and
// amounts to mean 0. It is nil where a factor would not be above zero.
func pattern(y []float64, m int, multiply bool) []float64 {
	n, half := len(y), m/2
	sums, counts := make([]float64, m), make([]float64, m)
	for t := half; t < n-half; t++ {
		var trend float64
		for k := t - half; k <= t+half; k++ {
			w := 1.0
			if m%2 == 0 && (k == t-half || k == t+half) {
				w = .5
			}
			trend += w * y[k]
		}
		trend /= float64(m)
		if multiply {
			sums[t%m] += y[t] / trend
		} else {
			sums[t%m] += y[t] - trend
		}
		counts[t%m]++
	}
	var mean float64
	for k := range sums {
		if counts[k] == 0 {
			return nil
		}
		sums[k] /= counts[k]
		mean += sums[k] / float64(m)
	}
	for k := range sums {
		if multiply {
			sums[k] /= mean
			if !(sums[k] > .02) {
				return nil
			}
		} else {
			sums[k] -= mean
		}
	}
	return sums
}

func average(y []float64) float64 { return stat.Mean(y, nil) }

func lowest(y []float64) float64 { return floats.Min(y) }

// oneSided reports whether all values are above zero, or all below.
func oneSided(y []float64) bool { return lowest(y) > 0 || slices.Max(y) < 0 }

// line is the least-squares straight line a + b t through t = 0, 1, 2, …; through
// one value it is level.
func line(y []float64) (a, b float64) {
	if len(y) < 2 {
		return average(y), 0
	}
	t := make([]float64, len(y))
	for i := range t {
		t[i] = float64(i)
	}
	return stat.LinearRegression(t, y, nil, false)
}

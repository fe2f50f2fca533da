package forecast

import (
	"math"
	"slices"
)

// Distribution is what a forecast says of one figure to come: a centre, and how
// far below and above it the figure may stay. It is never below Lower nor above
// Upper.
type Distribution struct {
	Centre       float64
	Lower, Upper float64 // infinite when there is no bound
	levels       []float64
	offsets      []float64 // with probability levels[i] the figure is not above Centre + offsets[i]
}

// Quantile is the value below which the figure stays with probability p, which
// is between 0 and 1. It ascends with p.
func (d Distribution) Quantile(p float64) float64 {
	return min(max(d.Centre+d.offset(p), d.Lower), d.Upper)
}

// Interval is the central one that covers the figure with the probability given.
func (d Distribution) Interval(level float64) (low, high float64) {
	return d.Quantile((1 - level) / 2), d.Quantile((1 + level) / 2)
}

// AtLeast is the probability that the figure is x or more.
func (d Distribution) AtLeast(x float64) float64 {
	switch {
	case x <= d.Lower:
		return 1
	case x > d.Upper:
		return 0
	}
	return 1 - d.below(x-d.Centre)
}

// AtMost is the probability that the figure is x or less.
func (d Distribution) AtMost(x float64) float64 {
	switch {
	case x >= d.Upper:
		return 1
	case x < d.Lower:
		return 0
	}
	return d.below(x - d.Centre)
}

// offset interpolates between the calibrated levels in a straight line; past the
// first and the last one the tails go on as exponential ones.
func (d Distribution) offset(p float64) float64 {
	n := len(d.levels)
	i, exact := slices.BinarySearch(d.levels, p)
	switch {
	case exact:
		return d.offsets[i]
	case i == 0:
		return d.offsets[0] - d.tail(0, 1)*math.Log(d.levels[0]/max(p, 0))
	case i == n:
		return d.offsets[n-1] + d.tail(n-1, n-2)*math.Log((1-d.levels[n-1])/max(1-p, 0))
	}
	w := (p - d.levels[i-1]) / (d.levels[i] - d.levels[i-1])
	return d.offsets[i-1] + w*(d.offsets[i]-d.offsets[i-1])
}

// tail is how much further the outermost offset goes each time what is left out
// shrinks by the factor e; out and in are the two outermost places.
func (d Distribution) tail(out, in int) float64 {
	left := func(i int) float64 { return min(d.levels[i], 1-d.levels[i]) }
	return max(math.Abs(d.offsets[out]-d.offsets[in])/math.Log(left(in)/left(out)), 1e-9*math.Abs(d.offsets[out]), 1e-300)
}

// below is the inverse of offset.
func (d Distribution) below(x float64) float64 {
	n := len(d.levels)
	i, _ := slices.BinarySearch(d.offsets, x)
	switch i {
	case 0:
		return d.levels[0] * math.Exp((x-d.offsets[0])/d.tail(0, 1))
	case n:
		return 1 - (1-d.levels[n-1])*math.Exp((d.offsets[n-1]-x)/d.tail(n-1, n-2))
	}
	w := (x - d.offsets[i-1]) / (d.offsets[i] - d.offsets[i-1])
	return d.levels[i-1] + w*(d.levels[i]-d.levels[i-1])
}

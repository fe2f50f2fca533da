package forecast

import (
	"math"
	"slices"
)

// spread is how far off forecasts of one series would have been from its own
// past: the errors of forecasts 1, 2, … steps ahead made from every place in it.
// The constants are those fitted to the whole series, so the errors are smaller
// than those to come; by how much is what calibration measures.
type spread struct {
	near   float64     // mean absolute error one step ahead
	errors [][]float64 // [origin][k]: sum of the errors of the first k+1 steps from there
	adj    adjustment
}

// newSpread walks the series without its season by the mean of Theta (with the
// straight line through what was known at each place) and damped Holt.
func newSpread(a adjustment, h int) spread {
	y := a.values
	n := len(y)
	z, centre, size := standard(y)
	levels, slopes := make([]float64, n), make([]float64, n)
	damped := fitSmoothing(z, damping)
	damped.run(z, func(t int, level, slope float64) { levels[t], slopes[t] = level, slope })
	ses := fitSmoothing(z, flat)
	drift, halves := make([]float64, n), make([]float64, n)
	var sumZ, sumTZ float64
	power := 1.0
	sizes := make([]float64, n) // the smoothed level, in the series' own unit
	ses.run(z, func(t int, level, _ float64) {
		sizes[t] = centre + level*size
		k := float64(t + 1)
		sumZ += z[t]
		sumTZ += float64(t) * z[t]
		power *= 1 - ses.alpha
		if t > 0 { // slope of the line through the first t+1 values
			b := (sumTZ - (k-1)/2*sumZ) / (k * (k*k - 1) / 12)
			halves[t] = b / 2
			drift[t] = level + b/2*((1-power)/ses.alpha-1)
		}
	})
	s := spread{adj: a}
	first := min(n-2, max(2, min(n/4, 6)))
	ahead := func(t, k int, fade float64) float64 {
		return (levels[t] + slopes[t]*fade + drift[t] + halves[t]*float64(k)) / 2
	}
	grow := growing(y, sizes, first, func(t int) float64 { return (z[t+1] - ahead(t, 1, damped.phi)) * size })
	for t := first; t < n-1; t++ {
		row := make([]float64, 0, min(h, n-1-t))
		var sum, fade float64
		p := 1.0
		for k := 1; k <= h && t+k < n; k++ {
			p *= damped.phi
			fade += p
			sum += (z[t+k] - ahead(t, k, fade)) * size * grow(t)
			row = append(row, sum)
		}
		s.errors = append(s.errors, row)
		s.near += math.Abs(row[0])
	}
	s.near /= float64(len(s.errors))
	// A series that never moved has shown no error; it is given a thousandth of
	// its size rather than certainty.
	s.near = max(s.near, 1e-3*math.Abs(average(y)), 1e-9)
	return s
}

// growing says by how much an error made at place t is to be enlarged, since the
// series has grown: in proportion to the level where the one-step errors are more
// likely (as normal ones) in proportion than at one size, not at all where they
// are less likely, and between the two as the likelihoods stand.
func growing(y, sizes []float64, first int, next func(t int) float64) func(t int) float64 {
	if !oneSided(y) || slices.Min(sizes) <= 0 && slices.Max(sizes) >= 0 {
		return func(int) float64 { return 1 }
	}
	var same, relative, logs, k float64
	for t := first; t < len(y)-1; t++ {
		e := next(t)
		same += e * e
		relative += e * e / (sizes[t] * sizes[t])
		logs += math.Log(math.Abs(sizes[t]))
		k++
	}
	share := .5
	if same > 0 {
		better := k/2*math.Log(same) - k/2*math.Log(relative) - logs
		share = 1 / (1 + math.Exp(-better/2))
	}
	last := sizes[len(sizes)-1]
	return func(t int) float64 { return min(max(math.Pow(last/sizes[t], share), .05), 20) }
}

// past is the mean absolute error of the sum of steps a to b ahead, and how many
// forecasts it was seen on.
func (s spread) past(a, b int) (mean float64, seen int) {
	for _, row := range s.errors {
		if len(row) < b {
			break
		}
		seen++
	}
	fade := math.Exp2(-1 / max(memory, float64(seen)/2))
	var weights float64
	w := 1.0
	for t := seen - 1; t >= 0; t-- {
		row := s.errors[t]
		e := row[b-1]
		if a > 1 {
			e -= row[a-2]
		}
		mean += w * math.Abs(e)
		weights += w
		w *= fade
	}
	if seen > 0 {
		mean /= weights
	}
	return mean, seen
}

// scale is the size of error to be expected of the sum of steps a to b, up to
// the calibrated factor: what the series' own past shows that far ahead, and the
// less of it there is, the more what series of its frequency show on average
// (growth, as a multiple of the error one step ahead).
func (s spread) scale(a, b int, growth float64) float64 {
	pooled := s.near * growth
	mean, seen := s.past(a, b)
	if seen == 0 || mean <= 0 {
		return pooled
	}
	independent := float64(seen) / math.Sqrt(float64(b)) // forecasts that overlap tell less
	w := independent / (independent + trust)
	return math.Exp(w*math.Log(mean) + (1-w)*math.Log(pooled))
}

// memory is the fewest forecasts after which one weighs half as much as the
// latest: what lies further back was made in other times.
const memory = 10.0

// trust is how many independent forecasts weigh as much as the pool.
const trust = 6.0

// Measured is a series continued, and how far off its own past says the
// forecasts may be: what calibration is made from.
type Measured struct {
	Point  []float64 // by the method asked for
	Near   float64   // mean absolute error one step ahead, in the past
	Trend  float64   // from -1, clearly downwards, to 1, clearly upwards
	spread spread
}

// Measure continues y by the method and looks at the errors in its past.
func Measure(y []float64, m, h int, method Method) (Measured, error) {
	w, err := newWork(y, m, h)
	if err != nil {
		return Measured{}, err
	}
	return w.measure(method)
}

func (w *work) measure(method Method) (Measured, error) {
	f, err := w.by(method)
	if err != nil {
		return Measured{}, err
	}
	s := newSpread(w.adjusted(), w.h)
	// A trend is clear once its line has risen by four times the usual error.
	_, slope := line(w.adjusted().values)
	trend := min(max(slope*float64(len(w.y)-1)/(4*s.near), -1), 1)
	return Measured{Point: f, Near: s.near, Trend: trend, spread: s}, nil
}

// Scale is the size of error to be expected, up to a calibrated factor, of the
// value h steps ahead (KindValue) or of the sum of the next h values (KindSum).
func (d Measured) Scale(kind string, h int, growth float64) float64 {
	if kind == KindSum {
		return d.spread.scale(1, h, growth)
	}
	s := d.spread.scale(h, h, growth)
	if a := d.spread.adj; a.multiply {
		s *= a.pattern[(a.next+h-1)%len(a.pattern)]
	}
	return s
}

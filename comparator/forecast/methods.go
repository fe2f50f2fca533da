package forecast

import (
	"fmt"
	"math"
	"slices"
)

// Method names one way to continue a series.
type Method string

// The methods. A name ending in -adjusted works on the series without its
// season, where the test of the M3 and M4 competitions finds one, and puts the
// season back; Theta, DynamicTheta and the combinations always do; ETS has
// seasonal models of its own.
const (
	Naive          Method = "naive"           // the last value
	Drift          Method = "drift"           // the line through the first and the last value
	SeasonalNaive  Method = "seasonal-naive"  // the value a season before
	Naive2         Method = "naive2"          // the last value of the adjusted series: the benchmark
	SES            Method = "ses"             // simple exponential smoothing
	Holt           Method = "holt"            // with a slope
	Damped         Method = "damped"          // with a slope that fades
	SESAdjusted    Method = "ses-adjusted"    //
	HoltAdjusted   Method = "holt-adjusted"   //
	DampedAdjusted Method = "damped-adjusted" //
	Theta          Method = "theta"           // winner of the M3 competition
	DynamicTheta   Method = "dynamic-theta"   // dynamic optimised Theta
	ETS            Method = "ets"             // exponential smoothing chosen by AICc
	Comb           Method = "comb"            // mean of SES, Holt and damped Holt, adjusted: the M competitions' Comb
	ThetaLog       Method = "theta-log"       // Theta on the logarithms of the values; see logged, as the next three
	DynamicLog     Method = "dynamic-theta-log"
	ETSLog         Method = "ets-log"
	DampedLog      Method = "damped-log" // adjusted
	Median         Method = "median"     // median of Theta, dynamic Theta, ETS and damped Holt (adjusted), each on the values and on their logarithms
	Mean           Method = "mean"       // mean of the same eight
	Combined       Method = "combined"   // half way between the two: near the mean, while one method gone astray weighs a sixteenth
)

// Default is the method that won on series held back, observed and simulated
// (the tests of package backtest print the table).
const Default = Combined

// Methods lists all of them.
func Methods() []Method {
	return []Method{Naive, Drift, SeasonalNaive, Naive2, SES, Holt, Damped, SESAdjusted, HoltAdjusted, DampedAdjusted,
		Theta, DynamicTheta, ETS, Comb, ThetaLog, DynamicLog, ETSLog, DampedLog, Median, Mean, Combined}
}

// pooled are the methods the combinations stand on.
func pooled() []Method {
	return []Method{Theta, DynamicTheta, ETS, DampedAdjusted, ThetaLog, DynamicLog, ETSLog, DampedLog}
}

// Least is the fewest values a series is continued from.
const Least = 3

// work is one series being continued; what several methods share is done once.
type work struct {
	y        []float64
	m, h     int
	additive bool // nothing in proportion: y may have any zero, as logarithms have
	adj      *adjustment
	logs     *work // the same on logarithms; nil until asked for
	done     map[Method][]float64
}

func newWork(y []float64, m, h int) (*work, error) {
	if len(y) < Least {
		return nil, fmt.Errorf("continuing %d values: %w", len(y), ErrShort)
	}
	if h < 1 {
		return nil, fmt.Errorf("continuing %d steps: %w", h, ErrHorizon)
	}
	for t, v := range y {
		if math.IsNaN(v) || math.Abs(v) > 1e150 {
			return nil, fmt.Errorf("value %d of %d is %v: %w", t+1, len(y), v, ErrNotFinite)
		}
	}
	return &work{y: y, m: max(m, 1), h: h, done: map[Method][]float64{}}, nil
}

func (w *work) adjusted() adjustment {
	if w.adj == nil {
		a := adjust(w.y, w.m, w.additive)
		w.adj = &a
	}
	return *w.adj
}

func (w *work) all(methods []Method) ([][]float64, error) {
	out := make([][]float64, len(methods))
	for i, k := range methods {
		f, err := w.by(k)
		if err != nil {
			return nil, err
		}
		out[i] = slices.Clone(f)
	}
	return out, nil
}

func (w *work) by(k Method) ([]float64, error) {
	if f, ok := w.done[k]; ok {
		return f, nil
	}
	f := make([]float64, w.h)
	var err error
	switch k {
	case ThetaLog:
		err = w.logged(Theta, f)
	case DynamicLog:
		err = w.logged(DynamicTheta, f)
	case ETSLog:
		err = w.logged(ETS, f)
	case DampedLog:
		err = w.logged(DampedAdjusted, f)
	case Comb:
		err = w.combine([]Method{SESAdjusted, HoltAdjusted, DampedAdjusted}, false, f)
	case Combined:
		err = w.combine([]Method{Mean, Median}, false, f)
	case Mean, Median:
		if err = w.combine(pooled(), k == Median, f); err == nil {
			w.soften(f)
		}
	default:
		if !w.plain(k, f) && !w.onAdjusted(k, f) {
			err = fmt.Errorf("%q: %w", k, ErrMethod)
		}
	}
	if err != nil {
		return nil, err
	}
	w.done[k] = f
	return f, nil
}

func (w *work) plain(k Method, f []float64) bool {
	n := len(w.y)
	last := w.y[n-1]
	switch k {
	case Naive, Drift, SeasonalNaive:
		for h := range f {
			switch {
			case k == Drift:
				f[h] = last + float64(h+1)*(last-w.y[0])/float64(n-1)
			case k == SeasonalNaive && n >= w.m:
				f[h] = w.y[n-w.m+h%w.m]
			default:
				f[h] = last
			}
		}
	case SES:
		smooth(w.y, flat, f)
	case Holt:
		smooth(w.y, sloping, f)
	case Damped:
		smooth(w.y, damping, f)
	case ETS:
		ets(w.y, w.m, w.additive, f)
	default:
		return false
	}
	return true
}

func (w *work) onAdjusted(k Method, f []float64) bool {
	z := w.adjusted().values
	switch k {
	case Naive2:
		for h := range f {
			f[h] = z[len(z)-1]
		}
	case SESAdjusted:
		smooth(z, flat, f)
	case HoltAdjusted:
		smooth(z, sloping, f)
	case DampedAdjusted:
		smooth(z, damping, f)
	case Theta:
		theta(z, f)
	case DynamicTheta:
		dynamicTheta(z, f)
	default:
		return false
	}
	w.adjusted().restore(f)
	return true
}

func (w *work) combine(parts []Method, middle bool, f []float64) error {
	all := make([][]float64, len(parts))
	for i, k := range parts {
		g, err := w.by(k)
		if err != nil {
			return err
		}
		all[i] = g
	}
	at := make([]float64, len(parts))
	for h := range f {
		for i := range all {
			at[i] = all[i][h]
		}
		if middle {
			f[h] = median(at)
		} else {
			f[h] = average(at)
		}
	}
	return nil
}

// soften keeps a combination from running a series that has always been on one
// side of zero through it: below half the last value a fall goes on in proportion
// (by the factor e for each half of the last value), not in a straight line.
func (w *work) soften(f []float64) {
	if !oneSided(w.y) {
		return
	}
	a := w.adjusted()
	for h := range f {
		half := a.with(a.values[len(a.values)-1], h) / 2
		if f[h]/half < 1 {
			f[h] = half * math.Exp(f[h]/half-1)
		}
	}
}

// median sorts v and returns its middle, between two the mean of both.
func median(v []float64) float64 {
	slices.Sort(v)
	n := len(v)
	return (v[(n-1)/2] + v[n/2]) / 2
}

// leastLogged is the fewest values whose logarithms are continued: fewer say
// too little of how fast a series multiplies.
const leastLogged = 8

// logged continues the logarithms of the values by the method and turns them
// back: a straight line then is a steady rate of growth. A series that is not on
// one side of zero, or shorter than leastLogged, is continued as it is. A rate
// held for long is fanciful, so the logarithm never rises by more than it once
// did in the series over as many steps, and beyond as many steps as half the
// series has values it goes on in a straight line, not in proportion.
func (w *work) logged(k Method, f []float64) error {
	n := len(w.y)
	if n < leastLogged || w.additive || !oneSided(w.y) {
		g, err := w.by(k)
		copy(f, g)
		return err
	}
	if w.logs == nil {
		w.logs = w.onLogarithms()
	}
	g, err := w.logs.by(k)
	if err != nil {
		return err
	}
	z, half, season := w.logs.y, n/2, 1
	if n > 2*w.m {
		season = w.m
	}
	at := func(h int) float64 {
		if h < 0 {
			return w.y[n+h]
		}
		return f[h]
	}
	for h := range f {
		if h >= half { // h counts from 0: as much more as in the season before
			f[h] = at(h-season) + f[half-1] - at(half-1-season)
			continue
		}
		most := math.Inf(-1)
		for t := h + 1; t < n; t++ {
			most = max(most, z[t]-z[t-h-1])
		}
		f[h] = w.y[n-1] * math.Exp(min(g[h]-z[n-1], max(most, 0)))
	}
	return nil
}

// onLogarithms is the same work on the logarithms less their mean, which makes
// nothing depend on the unit.
func (w *work) onLogarithms() *work {
	z := make([]float64, len(w.y))
	for t, v := range w.y {
		z[t] = math.Log(math.Abs(v))
	}
	mean := average(z)
	for t := range z {
		z[t] -= mean
	}
	return &work{y: z, m: w.m, h: w.h, additive: true, done: map[Method][]float64{}}
}

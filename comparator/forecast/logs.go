package forecast

import "math"

// leastLogged is the fewest values whose logarithms are continued: fewer say
// too little of how fast a series multiplies.
const leastLogged = 8

// onLogs is the method that k is, on logarithms.
func onLogs(k Method) (Method, bool) {
	switch k {
	case ThetaLog:
		return Theta, true
	case DynamicLog:
		return DynamicTheta, true
	case ETSLog:
		return ETS, true
	case DampedLog:
		return DampedAdjusted, true
	}
	return "", false
}

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

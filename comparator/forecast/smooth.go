package forecast

import "math"

// smoothing is a fitted recursion of level and slope: f(h) = level +
// slope (phi + phi^2 + … + phi^h). SES has slope 0, Holt phi 1 (Holt 1957;
// damped: Gardner and McKenzie 1985).
type smoothing struct {
	alpha, beta, phi float64
	level0, slope0   float64 // before the first value
}

// run walks the series and returns the sum of squared one-step errors and the
// state at its end; visit, when given, sees the state after each value.
func (s smoothing) run(y []float64, visit func(t int, level, slope float64)) (sse, level, slope float64) {
	level, slope = s.level0, s.slope0
	for t, v := range y {
		mu := level + s.phi*slope
		e := v - mu
		sse += e * e
		level = mu + s.alpha*e
		slope = s.phi*slope + s.beta*e
		if visit != nil {
			visit(t, level, slope)
		}
	}
	return sse, level, slope
}

// forecast fills out from the state at the end.
func (s smoothing) forecast(level, slope float64, out []float64) {
	sum, p := 0.0, 1.0
	for h := range out {
		p *= s.phi
		sum += p
		out[h] = level + slope*sum
	}
}

// trendKind is the slope a smoothing has.
type trendKind int

const (
	flat trendKind = iota
	sloping
	damping
)

// standard is y moved and scaled to about mean 0 and spread 1, and turned upside
// down (spread below 0) where it falls, so that the search takes the same steps
// whatever the unit and direction.
func standard(y []float64) (z []float64, centre, spread float64) {
	centre = average(y)
	for _, v := range y {
		spread += math.Abs(v - centre)
	}
	spread /= float64(len(y))
	if spread <= 1e-12*math.Abs(centre) || spread == 0 {
		spread = 1
	}
	if _, slope := line(y); slope < 0 {
		spread = -spread
	}
	z = make([]float64, len(y))
	for t, v := range y {
		z[t] = (v - centre) / spread
	}
	return z, centre, spread
}

// start is where level and slope begin: the line through the first values.
func start(y []float64) (level, slope float64) {
	a, b := line(y[:min(len(y), 10)])
	return a - b, b // before the first value
}

// fitSmoothing minimises the squared one-step errors over the smoothing
// constants and the starting state.
func fitSmoothing(z []float64, kind trendKind) smoothing {
	level, slope := start(z)
	if kind == flat {
		level = average(z[:min(len(z), 5)])
		best, _ := minimise([]box{{.4, .3, .01, .99}, {level, .3, -1e9, 1e9}}, 120, func(p *[most]float64) float64 {
			sse, l := 0.0, p[1]
			a := p[0]
			for _, v := range z {
				e := v - l
				sse += e * e
				l += a * e
			}
			return sse
		})
		return smoothing{alpha: best[0], phi: 1, level0: best[1]}
	}
	boxes := []box{{.4, .3, .01, .99}, {.1, .2, .001, .99}, {level, .3, -1e9, 1e9}, {slope, .1, -1e9, 1e9}, {.93, -.06, .8, .98}}
	if kind == sloping {
		boxes = boxes[:4]
	}
	decode := func(p *[most]float64) smoothing {
		s := smoothing{alpha: p[0], beta: p[0] * p[1], phi: 1, level0: p[2], slope0: p[3]}
		if kind == damping {
			s.phi = p[4]
		}
		return s
	}
	best, _ := minimise(boxes, 320, func(p *[most]float64) float64 {
		sse, _, _ := decode(p).run(z, nil)
		return sse
	})
	return decode(&best)
}

// smooth forecasts y by SES, Holt or damped Holt.
func smooth(y []float64, kind trendKind, out []float64) {
	z, centre, spread := standard(y)
	s := fitSmoothing(z, kind)
	_, level, slope := s.run(z, nil)
	s.forecast(level, slope, out)
	for h := range out {
		out[h] = centre + spread*out[h]
	}
}

// theta is the Theta method (Assimakopoulos and Nikolopoulos 2000) as Hyndman
// and Billah (2003) wrote it out: simple exponential smoothing with a drift of
// half the slope of the straight line through the whole series,
// f(h) = level + slope/2 (h - 1 + (1 - (1-alpha)^n)/alpha).
func theta(y []float64, out []float64) {
	z, centre, spread := standard(y)
	s := fitSmoothing(z, flat)
	_, level, _ := s.run(z, nil)
	_, b := line(z)
	extra := (1 - math.Pow(1-s.alpha, float64(len(y)))) / s.alpha
	for h := range out {
		out[h] = centre + spread*(level+b/2*(float64(h)+extra))
	}
}

// dynamic is the state of the dynamic optimised Theta model: the straight line
// is fitted anew with each value.
type dynamic struct{ level, mean, a, b float64 }

// step takes the value v in as the t-th (from 1) and returns what was expected.
func (d *dynamic) step(t int, v, alpha, share, power float64, forecast bool) (mu float64) {
	mu = d.level + share*(power*d.a+(1-power*(1-alpha))/alpha*d.b)
	if forecast {
		v = mu
	}
	d.level = alpha*v + (1-alpha)*d.level
	n := float64(t)
	before := d.mean
	d.mean = ((n-1)*d.mean + v) / n
	if t > 1 {
		d.b = ((n-2)*d.b + 6/n*(v-before)) / (n + 1)
	}
	d.a = d.mean - (n+1)/2*d.b
	return mu
}

// dynamicTheta is the dynamic optimised Theta model of Fiorucci, Pellegrini,
// Louzada, Petropoulos and Koehler (2016), DOTM: the weight of the line and the
// smoothing are both fitted by squared one-step errors.
func dynamicTheta(y []float64, out []float64) {
	z, centre, spread := standard(y)
	run := func(p *[most]float64, out []float64) float64 {
		alpha, share := p[0], 1-1/p[1]
		d := dynamic{level: p[2]}
		sse, power := 0.0, 1.0
		for t, v := range z {
			e := v - d.step(t+1, v, alpha, share, power, false)
			if t > 0 { // the first only tells the level
				sse += e * e
			}
			power *= 1 - alpha
		}
		for h := range out {
			out[h] = d.step(len(z)+h+1, 0, alpha, share, power, true)
			power *= 1 - alpha
		}
		return sse
	}
	boxes := []box{{.5, .3, .1, .99}, {2, 1, 1, 50}, {z[0], .3, -1e9, 1e9}}
	best, _ := minimise(boxes, 250, func(p *[most]float64) float64 { return run(p, nil) })
	run(&best, out)
	for h := range out {
		out[h] = centre + spread*out[h]
	}
}

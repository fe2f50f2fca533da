package forecast

import "math"

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

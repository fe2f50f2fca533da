package forecast

import "math"

// model is one exponential smoothing model in the state space form of Hyndman,
// Koehler, Snyder and Grose (2002): error, trend and season.
type model struct {
	relative bool      // errors grow with the level (M), else they do not (A)
	trend    trendKind // N, A, Ad
	season   seasonKind
}

type seasonKind int

const (
	noSeason seasonKind = iota
	byAmount
	byFactor
)

// models are the stable ones: factors with absolute errors and amounts with
// relative ones are left out, as in the automatic selection of that paper.
func models(m, n int, positive bool) []model {
	var out []model
	for _, t := range []trendKind{flat, sloping, damping} {
		out = append(out, model{false, t, noSeason})
		if positive {
			out = append(out, model{true, t, noSeason})
		}
		if m > 1 && m <= 24 && n >= 2*m+1 {
			out = append(out, model{false, t, byAmount})
			if positive {
				out = append(out, model{true, t, byFactor})
			}
		}
	}
	return out
}

// parameters counts what is fitted: constants, starting states and the variance.
func (k model) parameters(m int) int {
	p := 3 // alpha, level, variance
	switch k.trend {
	case sloping:
		p += 2
	case damping:
		p += 3
	}
	if k.season != noSeason {
		p += m // gamma and m-1 free starting states
	}
	return p
}

// fitted is a model with its constants, and room for its seasonal states.
type fitted struct {
	model
	alpha, beta, gamma, phi float64
	level, slope            float64
	begin, season           []float64
}

// run walks y from the starting state. It returns -2 log likelihood up to a
// constant: n log(sum of squared errors), for relative errors with twice the sum
// of the logarithms of what was expected.
func (f *fitted) run(y []float64) float64 {
	copy(f.season, f.begin)
	m := len(f.season)
	var sse, logs float64
	product := 1.0 // of what was expected; its logarithm is taken now and then, being dear
	place, n := 0, float64(len(y))
	for _, v := range y {
		base := f.level + f.phi*f.slope
		mu, s := base, 0.0
		switch f.model.season {
		case byAmount:
			s = f.season[place]
			mu += s
		case byFactor:
			s = f.season[place]
			mu *= s
		}
		e := v - mu
		if f.relative {
			if mu <= 1e-9 {
				return math.Inf(1)
			}
			r := e / mu
			sse += r * r
			if product *= mu; product > 1e100 || product < 1e-100 {
				logs += math.Log(product)
				product = 1
			}
		} else {
			sse += e * e
		}
		push := e
		switch f.model.season {
		case byAmount:
			f.season[place] = s + f.gamma*e
		case byFactor:
			push = e / s // relative error times level and slope
			f.season[place] = s + f.gamma*e/base
		}
		f.level = base + f.alpha*push
		f.slope = f.phi*f.slope + f.beta*push
		if place++; place >= m {
			place = 0
		}
	}
	return n*math.Log(max(sse, 1e-12*n)) + 2*(logs+math.Log(product))
}

// fit searches the constants and the starting level and slope; the seasonal
// states start from the classical decomposition.
func (k model) fit(y, adjusted, begin []float64) (fitted, [most]float64, float64) {
	level, slope := start(adjusted)
	if k.trend == flat {
		level, slope = average(adjusted[:min(len(adjusted), 5)]), 0
	}
	boxes := make([]box, 0, most)
	boxes = append(boxes, box{.3, .25, .001, .99}, box{level, .1, -1e9, 1e9})
	if k.trend != flat {
		boxes = append(boxes, box{.1, .2, .001, .99}, box{slope, .02, -1e9, 1e9})
	}
	if k.trend == damping {
		boxes = append(boxes, box{.93, -.06, .8, .98})
	}
	if k.season != noSeason {
		boxes = append(boxes, box{.05, .1, .0001, .99})
	}
	f := fitted{model: k}
	if k.season != noSeason {
		f.begin, f.season = begin, make([]float64, len(begin))
	}
	best, cost := minimise(boxes, 60+50*len(boxes), func(p *[most]float64) float64 {
		f.set(p)
		return f.run(y)
	})
	return f, best, cost
}

// set decodes parameters: alpha, level, [beta as a share of alpha, slope, [phi,]]
// [gamma as a share of 1 - alpha].
func (f *fitted) set(p *[most]float64) {
	f.alpha, f.level, f.beta, f.slope, f.phi, f.gamma = p[0], p[1], 0, 0, 1, 0
	i := 2
	if f.trend != flat {
		f.beta, f.slope = p[0]*p[2], p[3]
		i = 4
	}
	if f.trend == damping {
		f.phi = p[4]
		i = 5
	}
	if f.model.season != noSeason {
		f.gamma = p[i] * (1 - p[0])
	}
}

// ets forecasts y by the model of least AICc among the stable ones; AICc (Hurvich
// and Tsai 1989) keeps short series from rich models. Additive leaves out all that
// is in proportion to the level.
func ets(y []float64, m int, additive bool, out []float64) {
	var scale float64
	for _, v := range y {
		scale += math.Abs(v) / float64(len(y))
	}
	if scale == 0 {
		scale = 1
	}
	if !additive && average(y) < 0 { // what is owed behaves like what is owned
		scale = -scale
	}
	z := make([]float64, len(y))
	for t, v := range y {
		z[t] = v / scale
	}
	n := float64(len(z))
	var begins, without [3][]float64
	without[noSeason] = z
	least := math.Inf(1)
	var chosen fitted
	var at [most]float64
	for _, k := range models(m, len(z), !additive && lowest(z) > 1e-3) {
		p := float64(k.parameters(m))
		if n-p-1 < 1 && k != (model{}) {
			continue
		}
		if k.season != noSeason && begins[k.season] == nil {
			a := adjustment{pattern: pattern(z, m, k.season == byFactor), multiply: k.season == byFactor}
			if a.pattern == nil {
				continue
			}
			begins[k.season] = a.pattern
			without[k.season] = make([]float64, len(z))
			for t, v := range z {
				without[k.season][t] = a.without(v, t)
			}
		}
		f, best, cost := k.fit(z, without[k.season], begins[k.season])
		if c := cost + 2*p + 2*p*(p+1)/max(n-p-1, 1); c < least {
			least, chosen, at = c, f, best
		}
	}
	chosen.set(&at)
	chosen.run(z)
	smoothing{phi: chosen.phi}.forecast(chosen.level, chosen.slope, out)
	for h := range out {
		switch place := len(z) + h; chosen.model.season {
		case byAmount:
			out[h] += chosen.season[place%m]
		case byFactor:
			out[h] *= chosen.season[place%m]
		}
		out[h] *= scale
	}
}

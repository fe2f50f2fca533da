package forecast

import (
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/optimize"
	"gonum.org/v1/gonum/optimize/functions"
)

// throughGonum is minimise by gonum's Nelder-Mead from the same simplex with the
// same coefficients, until budget evaluations or ten steps for each parameter without gain. Outside its box a point costs what the wall costs.
func throughGonum(tb testing.TB, boxes []box, budget int, cost func(*[most]float64) float64) ([most]float64, float64) {
	tb.Helper()
	n := len(boxes)
	clamp := func(x []float64) (p [most]float64) {
		for i, b := range boxes {
			p[i] = min(max(x[i], b.low), b.high)
		}
		return p
	}
	eval := func(x []float64) float64 {
		p := clamp(x)
		if c := cost(&p); !math.IsNaN(c) && !math.IsInf(c, 0) {
			return c
		}
		return math.MaxFloat64 // gonum starts from no infinite value
	}
	vertices, values := make([][]float64, n+1), make([]float64, n+1)
	for i := range vertices {
		v := make([]float64, n)
		for j, b := range boxes {
			v[j] = b.start
		}
		if i > 0 {
			b := boxes[i-1]
			v[i-1] += b.step
			if v[i-1] > b.high || v[i-1] < b.low {
				v[i-1] = b.start - b.step
			}
		}
		vertices[i], values[i] = v, eval(v)
	}
	r, err := optimize.Minimize(optimize.Problem{Func: eval}, vertices[0], &optimize.Settings{
		FuncEvaluations: budget,
		InitValues:      &optimize.Location{F: values[0]},
		Converger:       &optimize.FunctionConverge{Relative: 1e-7, Iterations: 10 * n},
	}, &optimize.NelderMead{
		InitialVertices: vertices, InitialValues: values,
		Reflection: 1, Expansion: 2, Contraction: .5, Shrink: .5,
	})
	if err != nil {
		tb.Fatal(err)
	}
	return clamp(r.X), r.F
}

// shared is a problem both simplexes are put to, and how far apart the minima may
// be, as a share of gonum's or, below 1, as they are.
type shared struct {
	name   string
	boxes  []box
	cost   func(*[most]float64) float64
	within float64
}

func around(start ...float64) []box {
	var out []box
	for _, x := range start {
		out = append(out, box{x, .5, -1e9, 1e9})
	}
	return out
}

// sharedProblems are classics of known minimum 0, one with a wall before it, and
// the fits of a series: of a level, whose best constants lie inside their bounds,
// and of a damped trend, where two lie at a wall. There minimise moves corners
// onto the wall, so that its simplex may lie flat before it has arrived.
func sharedProblems() []shared {
	of := func(n int, f interface{ Func([]float64) float64 }) func(*[most]float64) float64 {
		return func(p *[most]float64) float64 { return f.Func(p[:n]) }
	}
	y := []float64{3.1, 3.4, 3.2, 4.1, 4.6, 4.4, 5.2, 5.9, 5.7, 6.8, 7.1, 7.9, 7.6, 8.8, 9.1, 9.9, 10.2, 9.8, 11.1, 12}
	z, _, _ := standard(y)
	level, slope := start(z)
	wave := []float64{.3, -.2, .5, .9, .4, 1.2, .8, 1.1, .2, .1, -.6, -.1, -.7, -1.1, -.5, .2, -.3, .6, .1, .7}
	fits := []box{{.4, .3, .01, .99}, {.1, .2, .001, .99}, {level, .3, -1e9, 1e9}, {slope, .1, -1e9, 1e9}, {.93, -.06, .8, .98}}
	sse := func(p *[most]float64) float64 {
		s := smoothing{alpha: p[0], beta: p[0] * p[1], phi: p[4], level0: p[2], slope0: p[3]}
		sum, _, _ := s.run(z, nil)
		return sum
	}
	return []shared{
		{"Rosenbrock's valley", around(-1.2, 1), of(2, functions.ExtendedRosenbrock{}), 1e-6},
		{"Beale", around(1, 1), of(2, functions.Beale{}), 1e-6},
		{"helical valley", around(-1, .1, .1), of(3, functions.HelicalValley{}), 1e-6},
		{"Powell's singular function", around(3, -1, 0, 1), of(4, functions.ExtendedPowellSingular{}), 1e-6},
		{"level", []box{{.4, .3, .01, .99}, {level, .3, -1e9, 1e9}}, func(p *[most]float64) float64 {
			sum, _, _ := smoothing{alpha: p[0], phi: 1, level0: p[1]}.run(wave, nil)
			return sum
		}, 1e-5},
		{"damped trend", fits, sse, .005},
		{"a wall in the way", []box{{0, 1, -9, 2}, {0, 1, -9, 9}}, func(p *[most]float64) float64 {
			return 1 + (p[0]-3)*(p[0]-3) + 10*(p[1]-p[0])*(p[1]-p[0])
		}, 1e-5},
	}
}

func TestTheSimplexFindsTheMinimumThatGonumFinds(t *testing.T) {
	for _, p := range sharedProblems() {
		_, ours := minimise(p.boxes, 5000, p.cost)
		at, theirs := throughGonum(t, p.boxes, 5000, p.cost)
		t.Logf("%s: ours %.9g, gonum's %.9g at %v", p.name, ours, theirs, at[:len(p.boxes)])
		if math.Abs(ours-theirs) > p.within*max(theirs, 1) {
			t.Errorf("%s: the minimum is %.9g, gonum's %.9g at %v", p.name, ours, theirs, at[:len(p.boxes)])
		}
	}
}

// What each takes for the fit of a damped trend to twenty values, with the budget
// such a fit has.
func BenchmarkSimplexBesideGonum(b *testing.B) {
	all := sharedProblems()
	p := all[slices.IndexFunc(all, func(p shared) bool { return p.name == "damped trend" })]
	b.Run("ours", func(b *testing.B) {
		for b.Loop() {
			minimise(p.boxes, 320, p.cost)
		}
	})
	b.Run("gonum", func(b *testing.B) {
		for b.Loop() {
			throughGonum(b, p.boxes, 320, p.cost)
		}
	})
}

// Package simulate draws series that behave like short official ones, for
// calibrating and testing: nothing in them was observed anywhere.
package simulate

import (
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/stat/distuv"
)

// World says how series of one world behave. Rates and sizes are per year and
// relative to the level, so that yearly, quarterly and monthly series of a world
// are the same kind of thing seen more or less often.
type World struct {
	Name string
	Seed uint64

	Growth      [2]float64 // mean and spread over series of the growth a year
	Level       float64    // median size of a year's lasting shocks to the level
	Slope       float64    // median size of a year's shocks to the growth
	Noise       float64    // median size of passing noise in a year's figure
	Cycle       float64    // median size of the business cycle
	SlopeBreaks [2]float64 // breaks a year in the growth, and their size
	LevelBreaks [2]float64 // breaks a year in the level, and their size
	Season      float64    // median size of the seasonal pattern
	Seasonal    float64    // share of the series with one, where the season has places
	Moving      float64    // how far the pattern moves in a year, of its size
	Tails       []float64  // degrees of freedom of the shocks; 0 means normal
	Outliers    float64    // share of values hit by something passing
	Counts      float64    // share of series that are small counts
	Straight    float64    // share of series that add up rather than multiply
	Settled     float64    // share of series that stay around a level
	Regimes     float64    // share of series whose noise changes once
}

// Calibration is the world the intervals are calibrated on. Its sizes were set so
// that three published figures of the M3 competition come out about the same: the
// MASE of the benchmark (Naive2), what the Theta method gains on it, and how much
// the textbook intervals of exponential smoothing cover. None of its series was
// used.
func Calibration() World {
	return World{
		Name: "calibration", Seed: 20250630,
		Growth: [2]float64{.035, .04}, Level: .045, Slope: .008, Noise: .016, Cycle: .015,
		SlopeBreaks: [2]float64{.07, .06}, LevelBreaks: [2]float64{.03, .12},
		Season: .08, Seasonal: .75, Moving: .12, Tails: []float64{3, 4, 6, 0, 0}, Outliers: .008,
		Counts: .06, Straight: .35, Settled: .12, Regimes: .12,
	}
}

// HeldOut is another world, with other sizes and shares, to test on.
func HeldOut() World {
	return World{
		Name: "held-out", Seed: 77,
		Growth: [2]float64{.04, .045}, Level: .055, Slope: .006, Noise: .014, Cycle: .02,
		SlopeBreaks: [2]float64{.08, .05}, LevelBreaks: [2]float64{.02, .15},
		Season: .06, Seasonal: .75, Moving: .08, Tails: []float64{4, 5, 0}, Outliers: .005,
		Counts: .08, Straight: .25, Settled: .16, Regimes: .08,
	}
}

// Series is the i-th series of the world with n values, m a year (1, 4, 12, 36),
// or daily values with a week of 7 when m is 365. The same arguments always give
// the same series.
func (w World) Series(i, n, m int) []float64 {
	s := newSource(w, rand.New(rand.NewPCG(w.Seed, uint64(i)*1_000_003+uint64(m))), m)
	if s.r.Float64() < w.Counts {
		return s.counts(n)
	}
	return s.figures(n)
}

// source is one series being drawn.
type source struct {
	World
	r                          *rand.Rand
	year                       float64 // share of a year one value covers
	places                     int     // places in the season
	df                         float64
	growth, start              float64
	level, slope, noise, cycle float64
	season                     []float64
}

func newSource(w World, r *rand.Rand, m int) *source {
	s := &source{World: w, r: r, year: 1 / float64(m), places: m}
	if m > 36 {
		s.places = 7
	}
	spread := func(median, sigma float64) float64 {
		return distuv.LogNormal{Mu: math.Log(median), Sigma: sigma, Src: r}.Rand()
	}
	s.df = w.Tails[r.IntN(len(w.Tails))]
	s.start = math.Exp(4 + 6*r.Float64())
	s.growth = distuv.Normal{Mu: w.Growth[0], Sigma: w.Growth[1], Src: r}.Rand()
	s.level, s.slope, s.cycle = spread(w.Level, .7), spread(w.Slope, 1), spread(w.Cycle, .8)
	s.noise = spread(w.Noise, .9) * math.Pow(float64(m), .4) // averages less away in shorter periods
	if m > 1 && r.Float64() < w.Seasonal {
		s.season = make([]float64, s.places)
		size := spread(w.Season, .8)
		phase := 2 * math.Pi * r.Float64()
		for k := range s.season {
			s.season[k] = size * (.7*r.NormFloat64() + math.Sin(phase+2*math.Pi*float64(k)/float64(s.places)))
		}
	}
	return s
}

// shock is a draw of variance 1, heavy-tailed (Student's t) where the series is.
func (s *source) shock() float64 {
	if s.df == 0 {
		return distuv.Normal{Sigma: 1, Src: s.r}.Rand()
	}
	return distuv.StudentsT{Sigma: math.Sqrt((s.df - 2) / s.df), Nu: s.df, Src: s.r}.Rand()
}

// path is the logarithm of the level relative to its start, without season.
func (s *source) path(n int) []float64 {
	root := math.Sqrt(s.year)
	settled := s.r.Float64() < s.Settled
	back := 0.0
	if settled {
		s.growth, s.slope = 0, 0
		back = math.Min(1, s.year*(.3+2*s.r.Float64()))
	}
	angle := 2 * math.Pi * s.year / (4 + 6*s.r.Float64())
	decay := math.Pow(.8, s.year)
	var x, c1, c2 float64
	var turbulent int
	if s.r.Float64() < s.Regimes {
		turbulent = 1 + s.r.IntN(n)
	}
	factor := distuv.LogNormal{Sigma: .7, Src: s.r}.Rand()
	out := make([]float64, n)
	for t := range out {
		k := 1.0
		if turbulent > 0 && t >= turbulent {
			k = factor
		}
		if s.r.Float64() < s.SlopeBreaks[0]*s.year {
			s.growth += s.SlopeBreaks[1] * s.shock()
		}
		if s.r.Float64() < s.LevelBreaks[0]*s.year {
			x += s.LevelBreaks[1] * s.shock()
		}
		s.growth += k * s.slope * root * s.shock()
		s.growth += .08 * s.year * (s.Growth[0] - s.growth) // nothing grows at such a pace for ever
		x += s.growth*s.year - back*x + k*s.level*root*s.shock()
		push := s.cycle * root * s.shock()
		c1, c2 = decay*(c1*math.Cos(angle)+c2*math.Sin(angle))+push, decay*(c2*math.Cos(angle)-c1*math.Sin(angle))
		out[t] = x + c1 + k*s.noise*s.shock()
		if s.r.Float64() < s.Outliers {
			out[t] += 3 * (s.noise + s.level) * s.shock()
		}
	}
	return out
}

func (s *source) figures(n int) []float64 {
	straight := s.r.Float64() < s.Straight
	out := s.path(n)
	digits := math.Pow(10, float64(s.r.IntN(3)))
	size := 0.0
	for _, v := range s.season {
		size += math.Abs(v) / float64(len(s.season))
	}
	first := s.r.IntN(max(s.places, 1))
	for t, x := range out {
		if s.season != nil {
			k := (first + t) % s.places
			s.season[k] += s.Moving * size * math.Sqrt(s.year*float64(s.places)) * .5 * s.r.NormFloat64()
			x += s.season[k]
		}
		if straight {
			x = 1 + x
			if x < .03 { // what adds up stays above nothing
				x = .03 * math.Exp(x-.03)
			}
		} else {
			x = math.Exp(min(x, 12))
		}
		out[t] = math.Round(s.start*x*digits) / digits
	}
	return out
}

// counts are small whole numbers a period whose mean moves slowly.
func (s *source) counts(n int) []float64 {
	mean := math.Exp(.5 + 4*s.r.Float64())
	spread := .05 + .3*s.r.Float64()
	out := s.path(n)
	for t, x := range out {
		k := 0.0
		if s.season != nil {
			k = s.season[t%s.places]
		}
		lambda := mean * math.Exp(min(x+k+spread*s.r.NormFloat64(), 6))
		out[t] = distuv.Poisson{Lambda: lambda, Src: s.r}.Rand()
	}
	return out
}

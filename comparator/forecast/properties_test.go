package forecast_test

import (
	"math"
	"slices"
	"testing"

	"yardstick/comparator/forecast"
	"yardstick/comparator/forecast/internal/simulate"
	"yardstick/schema"
)

func all(t *testing.T, y []float64, m, h int) [][]float64 {
	t.Helper()
	f, err := forecast.Continue(y, m, h, forecast.Methods()...)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func mapped(y []float64, f func(float64) float64) []float64 {
	out := make([]float64, len(y))
	for i, v := range y {
		out[i] = f(v)
	}
	return out
}

func alike(a, b, size float64) bool { return math.Abs(a-b) <= 1e-6*(math.Abs(a)+math.Abs(b)+size) }

func TestTheUnitChangesNothing(t *testing.T) {
	for i := range 40 {
		y := simulate.HeldOut().Series(i, 50, 4)
		f := all(t, y, 4, 6)
		g := all(t, mapped(y, func(v float64) float64 { return v * 1024 }), 4, 6)
		for k, method := range forecast.Methods() {
			for h := range f[k] {
				if !alike(f[k][h]*1024, g[k][h], 0) {
					t.Errorf("series %d, %s: %v times 1024 is not %v", i, method, f[k][h], g[k][h])
				}
			}
		}
	}
}

func TestMethodsThatAddMoveWithTheLevel(t *testing.T) {
	adding := []forecast.Method{forecast.Naive, forecast.Drift, forecast.SeasonalNaive, forecast.SES, forecast.Holt, forecast.Damped, forecast.Theta, forecast.DynamicTheta}
	for i := range 40 {
		y := simulate.HeldOut().Series(i, 30, 1)
		f, err := forecast.Continue(y, 1, 5, adding...)
		if err != nil {
			t.Fatal(err)
		}
		size := slices.Max(y)
		g, err := forecast.Continue(mapped(y, func(v float64) float64 { return v + size }), 1, 5, adding...)
		if err != nil {
			t.Fatal(err)
		}
		for k, method := range adding {
			for h := range f[k] {
				if math.Abs(f[k][h]+size-g[k][h]) > 1e-3*size {
					t.Errorf("series %d, %s: %v + %v is not %v", i, method, f[k][h], size, g[k][h])
				}
			}
		}
	}
}

func TestTheSameSeriesGetsTheSameForecast(t *testing.T) {
	y := simulate.HeldOut().Series(3, 80, 12)
	before := slices.Clone(y)
	f, g := all(t, y, 12, 18), all(t, y, 12, 18)
	for k := range f {
		if !slices.Equal(f[k], g[k]) {
			t.Errorf("%s", forecast.Methods()[k])
		}
	}
	if !slices.Equal(y, before) {
		t.Error("the series was written to")
	}
}

func TestEveryMethodIsFiniteOnEverySeries(t *testing.T) {
	t.Parallel()
	series := [][]float64{{0, 0, 0}, {0, 0, 0, 0, 5}, {1e-9, 2e-9, 1e-9, 3e-9}, {1e12, 1, 1e12, 1}, {-5, 5, -5, 5, -5, 5}, {100, 50, 25, 12, 6, 3, 1, 0}}
	for i := range 12 {
		for _, n := range []int{3, 4, 5, 7, 11, 25} {
			series = append(series, simulate.HeldOut().Series(i, n, 12))
		}
	}
	for _, y := range series {
		for _, m := range []int{0, 1, 2, 4, 7, 12} {
			for k, f := range all(t, y, m, 14) {
				for _, v := range f {
					if math.IsNaN(v) || math.IsInf(v, 0) {
						t.Fatalf("%s on %v with season %d: %v", forecast.Methods()[k], y, m, f)
					}
				}
			}
		}
	}
}

func calibration(t *testing.T) *forecast.Calibration {
	t.Helper()
	c, err := forecast.DefaultCalibration()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestQuantilesAscendAndAgreeWithProbabilities(t *testing.T) {
	c := calibration(t)
	for i := range 60 {
		y := simulate.HeldOut().Series(i, 4+i, 12)
		p, err := c.Predict(forecast.Series{Values: y, Frequency: schema.Monthly}, 12)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range p.Steps {
			last := math.Inf(-1)
			for q := .001; q < 1; q += .001 {
				x := d.Quantile(q)
				if x < last {
					t.Fatalf("quantile %v is %v, below the one before, %v", q, x, last)
				}
				last = x
				if math.Abs(d.AtMost(x)-q) > 1e-6 || math.Abs(d.AtLeast(x)-(1-q)) > 1e-6 {
					t.Fatalf("quantile %v is %v, at most: %v, at least: %v", q, x, d.AtMost(x), d.AtLeast(x))
				}
			}
			if low, high := d.Interval(.8); low >= d.Centre || high <= d.Centre {
				t.Fatalf("the middle %v is not inside %v to %v", d.Centre, low, high)
			}
		}
	}
}

// The further ahead, the wider on the whole; and 95 is wider than 80.
func TestWhatIsFurtherOffIsLessSure(t *testing.T) {
	c := calibration(t)
	for i := range 60 {
		y := simulate.HeldOut().Series(i, 30, 4)
		p, err := c.Predict(forecast.Series{Values: y, Frequency: schema.Quarterly, Season: 1}, 8)
		if err != nil {
			t.Fatal(err)
		}
		width := func(h int, level float64) float64 {
			low, high := p.Steps[h-1].Interval(level)
			return high - low
		}
		if width(8, .8) <= width(1, .8) || width(3, .95) <= width(3, .8) {
			t.Errorf("series %d: %v %v, %v %v", i, width(1, .8), width(8, .8), width(3, .8), width(3, .95))
		}
	}
}

// What rises and what falls alike are judged alike: the series on its head gets
// the quantiles on their head.
func TestTheMirroredSeriesGetsTheMirroredDistribution(t *testing.T) {
	c := calibration(t)
	for i := range 40 {
		y := simulate.HeldOut().Series(i, 20, 1)
		if i%2 == 0 {
			top := slices.Max(y)
			y = mapped(y, func(v float64) float64 { return v - top/2 }) // through zero
		}
		p, err := c.Predict(forecast.Series{Values: y, Frequency: schema.Annual}, 3)
		if err != nil {
			t.Fatal(err)
		}
		q, err := c.Predict(forecast.Series{Values: mapped(y, func(v float64) float64 { return -v }), Frequency: schema.Annual}, 3)
		if err != nil {
			t.Fatal(err)
		}
		for h := range p.Steps {
			a, b := p.Steps[h], q.Steps[h]
			width := a.Quantile(.9) - a.Quantile(.1)
			for _, level := range []float64{.05, .3, .5, .9} {
				if math.Abs(a.Quantile(level)+b.Quantile(1-level)) > 1e-9*width {
					t.Errorf("series %d, step %d: %v and %v", i, h+1, a.Quantile(level), b.Quantile(1-level))
				}
			}
		}
	}
}

func TestADistributionByHand(t *testing.T) {
	// A trend neither up nor down takes half of the ratios and half of them
	// mirrored; one clearly up takes them as they are, times the scale.
	c, err := forecast.ReadCalibration([]byte(`{"point":"naive","levels":[0.1,0.5,0.9],"tables":[
		{"frequency":"A","kind":"value","lengths":[3],"horizons":[1],"growth":[[1]],"ratios":[[[-2,1,4]]]},
		{"frequency":"A","kind":"sum","lengths":[3],"horizons":[1],"growth":[[1]],"ratios":[[[-2,1,4]]]}]}`))
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range []struct {
		y    []float64
		want [3]float64 // in multiples of the scale
	}{{[]float64{1, 2, 3, 4, 5, 6}, [3]float64{-2, 1, 4}}, {[]float64{6, 5, 4, 3, 2, 1}, [3]float64{-4, -1, 2}}, {[]float64{1, 1, 1, 1, 1, 1}, [3]float64{-3, 0, 3}}} {
		p, err := c.Predict(forecast.Series{Values: k.y, Frequency: schema.Annual}, 1)
		if err != nil {
			t.Fatal(err)
		}
		m, err := forecast.Measure(k.y, 1, 1, forecast.Naive)
		if err != nil {
			t.Fatal(err)
		}
		scale := m.Scale(forecast.KindValue, 1, 1)
		d := p.Steps[0]
		for i, level := range []float64{.1, .5, .9} {
			if want := k.y[5] + k.want[i]*scale; math.Abs(d.Quantile(level)-want) > 1e-9 {
				t.Errorf("%v: quantile %v is %v, want %v", k.y, level, d.Quantile(level), want)
			}
		}
		// Between levels a straight line, past them an exponential: what is left
		// out, 1/10, falls to 1/100 over ln 10 tails of (offset .9 - offset .5)/ln 5.
		tail := (k.want[2] - k.want[1]) * scale / math.Log(5)
		if want := k.y[5] + k.want[2]*scale + tail*math.Log(10); math.Abs(d.Quantile(.99)-want) > 1e-9 {
			t.Errorf("quantile .99 is %v, want %v", d.Quantile(.99), want)
		}
	}
}

package forecast

import (
	"errors"
	"math"
	"slices"
	"testing"
)

func near(t *testing.T, what string, got, want []float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %v, want %v", what, got, want)
	}
	for i := range want {
		if math.Abs(got[i]-want[i]) > 1e-6*(1+math.Abs(want[i])) {
			t.Errorf("%s: %v, want %v", what, got, want)
			return
		}
	}
}

func continued1(t *testing.T, y []float64, m, h int, k Method) []float64 {
	t.Helper()
	f, err := Continue(y, m, h, k)
	if err != nil {
		t.Fatal(err)
	}
	return f[0]
}

func TestThePlainMethodsByHand(t *testing.T) {
	y := []float64{2, 4, 3, 5}
	near(t, "naive", continued1(t, y, 2, 3, Naive), []float64{5, 5, 5})
	near(t, "drift", continued1(t, y, 2, 2, Drift), []float64{6, 7}) // (5-2)/3 = 1 a step
	near(t, "seasonal naive", continued1(t, y, 2, 3, SeasonalNaive), []float64{3, 5, 3})
	near(t, "a season longer than the series", continued1(t, y, 12, 2, SeasonalNaive), []float64{5, 5})
}

func TestSmoothingByHand(t *testing.T) {
	// Level 10, alpha 1/2. 12: error 2, level 11. 11: error 0. 14: error 3, level 12.5.
	sse, level, _ := smoothing{alpha: .5, phi: 1, level0: 10}.run([]float64{12, 11, 14}, nil)
	near(t, "SES", []float64{sse, level}, []float64{4 + 0 + 9, 12.5})
	// Level 10, slope 2, fading by half. Expected 10+1 = 11, is 12: error 1, level
	// 11.5, slope 1+.25 = 1.25. Expected 11.5+.625 = 12.125 and is: slope .625.
	s := smoothing{alpha: .5, beta: .25, phi: .5, level0: 10, slope0: 2}
	sse, level, slope := s.run([]float64{12, 12.125}, nil)
	near(t, "damped", []float64{sse, level, slope}, []float64{1, 12.125, .625})
	out := make([]float64, 2)
	s.forecast(level, slope, out) // + .625/2, + .625/4
	near(t, "damped ahead", out, []float64{12.4375, 12.59375})
}

func TestFittedSmoothingFollowsWhatIsExact(t *testing.T) {
	y := []float64{3, 5, 7, 9, 11, 13, 15, 17}
	near(t, "Holt on a line", continued1(t, y, 1, 3, Holt), []float64{19, 21, 23})
	flatY := []float64{7, 7, 7, 7, 7}
	for _, k := range Methods() {
		near(t, string(k)+" on a level", continued1(t, flatY, 4, 3, k), []float64{7, 7, 7})
	}
}

func TestThetaRisesByHalfTheLine(t *testing.T) {
	// Line through 1, 4, 3, 6, 5, 8 at t = 0…5: mean 4.5, mid 2.5;
	// sxy = -2.5*-3.5 - 1.5*-.5 - .5*-1.5 + .5*1.5 + 1.5*.5 + 2.5*3.5 = 20.5; sxx = 17.5.
	y := []float64{1, 4, 3, 6, 5, 8}
	f := continued1(t, y, 1, 3, Theta)
	near(t, "steps", []float64{f[1] - f[0], f[2] - f[1]}, []float64{20.5 / 17.5 / 2, 20.5 / 17.5 / 2})
	// The first step from SES of the same series: level + b/2 (1-(1-a)^n)/a.
	z, centre, spread := standard(y)
	s := fitSmoothing(z, flat)
	_, level, _ := s.run(z, nil)
	want := centre + spread*level + 20.5/17.5/2*(1-math.Pow(1-s.alpha, 6))/s.alpha
	near(t, "first", f[:1], []float64{want})
}

func TestTheDynamicLineByHand(t *testing.T) {
	// theta 2 (share 1/2), alpha 1/2, level 10. 10 comes: mean 10, line 10 + 0 t.
	d := dynamic{level: 10}
	mu := d.step(1, 10, .5, .5, 1, false)
	near(t, "first", []float64{mu, d.level, d.mean, d.a, d.b}, []float64{10, 10, 10, 10, 0})
	// Expected 10 + 1/2 (1/2*10 + (1-1/4)/(1/2)*0) = 12.5. 12 comes: level 11,
	// mean 11, and the line through (1, 10) and (2, 12) is 8 + 2 t.
	mu = d.step(2, 12, .5, .5, .5, false)
	near(t, "second", []float64{mu, d.level, d.mean, d.a, d.b}, []float64{12.5, 11, 11, 8, 2})
}

func TestETSByHand(t *testing.T) {
	// Relative errors, no slope: level 10, alpha 1/2. 12: r = .2, level 11. 11: 0.
	// -2 log L = 2 log(.04) + 2 (log 10 + log 11).
	f := fitted{model: model{relative: true}, alpha: .5, phi: 1, level: 10}
	near(t, "relative", []float64{f.run([]float64{12, 11}), f.level}, []float64{2*math.Log(.04) + 2*math.Log(110), 11})
	// Factors 1/2 and 3/2, relative errors: level 10, alpha 1/2, gamma 1/10.
	// Expected 5, is 6: r = .2, level 11, factor .5(1+.02) = .51.
	// Expected 16.5 and is.
	f = fitted{model: model{true, flat, byFactor}, alpha: .5, gamma: .1, phi: 1, level: 10, begin: []float64{.5, 1.5}, season: make([]float64, 2)}
	f.run([]float64{6, 16.5})
	near(t, "factors", []float64{f.level, f.season[0], f.season[1]}, []float64{11, .51, 1.5})
	// Amounts -5 and 5, level 10, slope 1, beta 1/4: expected 10+1-5 = 6, is 8:
	// error 2, level 12, slope 1.5, amount -4.8. Expected 12+1.5+5 and is.
	f = fitted{model: model{false, sloping, byAmount}, alpha: .5, beta: .25, gamma: .1, phi: 1, level: 10, slope: 1, begin: []float64{-5, 5}, season: make([]float64, 2)}
	f.run([]float64{8, 18.5})
	near(t, "amounts", []float64{f.level, f.slope, f.season[0], f.season[1]}, []float64{13.5, 1.5, -4.8, 5})
}

func TestTheSeasonIsTakenOutAndPutBack(t *testing.T) {
	// 100 times .8, 1.2, .9, 1.1, ten times over: the moving average is 100.
	var y []float64
	for range 10 {
		y = append(y, 80, 120, 90, 110)
	}
	a := adjust(y, 4, false)
	near(t, "factors", a.pattern, []float64{.8, 1.2, .9, 1.1})
	near(t, "naive2", continued1(t, y, 4, 5, Naive2), []float64{80, 120, 90, 110, 80})
	near(t, "ETS", continued1(t, y, 4, 4, ETS), []float64{80, 120, 90, 110})
	y[5] = 0 // no factors where there is a zero: amounts
	if a := adjust(y, 4, false); a.multiply {
		t.Error("factors of a series with a zero")
	}
	if seasonal(y[:11], 4) {
		t.Error("a season in less than three of them")
	}
	if seasonal([]float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}, 4) {
		t.Error("a season in a straight line")
	}
}

func TestCombinationsByHand(t *testing.T) {
	y := []float64{12, 15, 11, 18, 17, 21, 19, 25, 22}
	f, err := Continue(y, 1, 2, append(pooled(), SESAdjusted, HoltAdjusted, DampedAdjusted, Comb, Median, Mean, Combined)...)
	if err != nil {
		t.Fatal(err)
	}
	for h := range 2 {
		near(t, "comb", f[11][h:h+1], []float64{(f[8][h] + f[9][h] + f[10][h]) / 3})
		eight := make([]float64, 8)
		for i := range eight {
			eight[i] = f[i][h]
		}
		near(t, "mean", f[13][h:h+1], []float64{average(eight)})
		slices.Sort(eight)
		near(t, "median", f[12][h:h+1], []float64{(eight[3] + eight[4]) / 2})
		near(t, "combined", f[14][h:h+1], []float64{(f[12][h] + f[13][h]) / 2})
	}
}

func TestLogarithmsByHand(t *testing.T) {
	// Doubling: the logarithms are a line, and damped Holt all but follows it; the
	// logarithm may rise by what it rose before and no more. Ten values: from the
	// fifth step on the same is added again and again.
	y := []float64{1, 2, 4, 8, 16, 32, 64, 128, 256, 512}
	f := continued1(t, y, 1, 7, ETSLog)
	near(t, "doubling, then adding", f, []float64{1024, 2048, 4096, 8192, 16384, 16384 + 8192, 16384 + 2*8192})
	// Whatever the unit, and on the other side of zero.
	for _, by := range []float64{1e-4, 1e8, -1} {
		z := make([]float64, len(y))
		for i, v := range y {
			z[i] = by * v
		}
		g := continued1(t, z, 1, 7, ETSLog)
		for i := range g {
			g[i] /= by
		}
		near(t, "another unit", g, f)
	}
	// Seven values, or a zero among them: no logarithms.
	for _, y := range [][]float64{{1, 2, 4, 8, 16, 32, 64}, {0, 1, 2, 4, 8, 16, 32, 64, 128}} {
		near(t, "as it is", continued1(t, y, 1, 3, DampedLog), continued1(t, y, 1, 3, DampedAdjusted))
	}
	// It rose by a factor of 1.5 at most in one step, of 1.8 in two.
	y = []float64{100, 120, 100, 110, 100, 150, 180, 170, 160, 170}
	w := &work{y: y, m: 1, h: 2, done: map[Method][]float64{}}
	w.logs = w.onLogarithms()
	w.logs.done[ETS] = []float64{w.logs.y[9] + 2, w.logs.y[9] + 2}
	out := make([]float64, 2)
	if err := w.logged(ETS, out); err != nil {
		t.Fatal(err)
	}
	near(t, "no faster than ever", out, []float64{170 * 1.5, 170 * 1.8})
}

func TestACombinationIsNotRunIntoTheGround(t *testing.T) {
	w := work{y: []float64{100, 90, 80}, m: 1}
	f := []float64{70, 50, 25, 0, -50}
	w.soften(f) // half the last value is 40: 25 becomes 40 e^(25/40-1), 0 becomes 40/e, -50 becomes 40 e^(-90/40)
	near(t, "softened", f, []float64{70, 50, 40 * math.Exp(-.375), 40 / math.E, 40 * math.Exp(-2.25)})
	w.y[1] = 0 // a series that has been at zero may get there again
	f = []float64{-50}
	w.soften(f)
	near(t, "left alone", f, []float64{-50})
}

func TestAICcKeepsShortSeriesFromRichModels(t *testing.T) {
	// AICc of 5 values and 4 parameters has the denominator 0; what is left is
	// the plain level, and a forecast that stays.
	f := continued1(t, []float64{3, 9, 4, 8, 5}, 4, 3, ETS)
	near(t, "flat", f, []float64{f[0], f[0], f[0]})
}

func TestWhatCannotBeContinuedSaysWhy(t *testing.T) {
	for _, c := range []struct {
		y    []float64
		h    int
		k    Method
		want error
	}{
		{[]float64{1, 2}, 1, Naive, ErrShort}, {[]float64{1, 2, 3}, 0, Naive, ErrHorizon},
		{[]float64{1, math.NaN(), 3}, 1, Naive, ErrNotFinite}, {[]float64{1, math.Inf(1), 3}, 1, Naive, ErrNotFinite},
		{[]float64{1, 2, 3}, 1, "crystal-ball", ErrMethod},
	} {
		if _, err := Continue(c.y, 1, c.h, c.k); !errors.Is(err, c.want) {
			t.Errorf("%v: %v, want %v", c, err, c.want)
		}
	}
}

func TestTheSimplexFindsTheBottomAndTheWall(t *testing.T) {
	cost := func(p *[most]float64) float64 { return (p[0]-3)*(p[0]-3) + 10*(p[1]-p[0])*(p[1]-p[0]) }
	at, c := minimise([]box{{0, 1, -9, 9}, {0, 1, -9, 9}}, 400, cost)
	if math.Abs(at[0]-3) > .01 || math.Abs(at[1]-3) > .01 || c > 1e-3 {
		t.Error(at, c)
	}
	if at, _ = minimise([]box{{0, 1, -9, 2}, {0, 1, -9, 9}}, 400, cost); at[0] > 2 || math.Abs(at[0]-2) > .01 {
		t.Error(at)
	}
}

func TestPastErrorsByHand(t *testing.T) {
	s := spread{near: 2, errors: [][]float64{{1, 3}, {-2, 1}, {4}}}
	fade := math.Exp2(-1 / memory)
	mean, seen := s.past(1, 2) // |1| latest, |3| before it
	near(t, "sum of two", []float64{mean, float64(seen)}, []float64{(1 + 3*fade) / (1 + fade), 2})
	mean, seen = s.past(2, 2) // 1-(-2) = 3 latest, 3-1 = 2 before it
	near(t, "second step", []float64{mean, float64(seen)}, []float64{(3 + 2*fade) / (1 + fade), 2})
	near(t, "never seen", []float64{s.scale(1, 3, 5)}, []float64{10}) // near times growth
}

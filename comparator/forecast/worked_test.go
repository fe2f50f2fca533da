package forecast

import (
	"errors"
	"math"
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
	a := adjust(y, 4)
	near(t, "factors", a.pattern, []float64{.8, 1.2, .9, 1.1})
	near(t, "naive2", continued1(t, y, 4, 5, Naive2), []float64{80, 120, 90, 110, 80})
	near(t, "ETS", continued1(t, y, 4, 4, ETS), []float64{80, 120, 90, 110})
	y[5] = 0 // no factors where there is a zero: amounts
	if a := adjust(y, 4); a.multiply {
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
	f, err := Continue(y, 1, 2, SESAdjusted, HoltAdjusted, DampedAdjusted, Comb, Theta, DynamicTheta, ETS, Median, Mean, Combined)
	if err != nil {
		t.Fatal(err)
	}
	for h := range 2 {
		near(t, "comb", f[3][h:h+1], []float64{(f[0][h] + f[1][h] + f[2][h]) / 3})
		four := []float64{f[4][h], f[5][h], f[6][h], f[2][h]}
		near(t, "mean", f[8][h:h+1], []float64{average(four)})
		low, high := four[0], four[0]
		sum := 0.0
		for _, v := range four {
			low, high, sum = min(low, v), max(high, v), sum+v
		}
		near(t, "median", f[7][h:h+1], []float64{(sum - low - high) / 2})
		near(t, "combined", f[9][h:h+1], []float64{(f[7][h] + f[8][h]) / 2})
	}
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

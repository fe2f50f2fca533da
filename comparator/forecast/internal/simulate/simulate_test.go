package simulate

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestASeriesIsDrawnAgainTheSame(t *testing.T) {
	w := Calibration()
	a, b := w.Series(7, 50, 12), w.Series(7, 50, 12)
	if !slices.Equal(a, b) {
		t.Error("the same arguments gave another series")
	}
	if slices.Equal(a, w.Series(8, 50, 12)) || slices.Equal(a, HeldOut().Series(7, 50, 12)) {
		t.Error("other arguments gave the same series")
	}
}

func TestEveryKindOfSeriesIsUsable(t *testing.T) {
	for _, w := range []World{Calibration(), HeldOut()} {
		var counts, trended, negative int
		for i := range 400 {
			for _, m := range []int{1, 4, 12, 36, 365} {
				y := w.Series(i, 60, m)
				if len(y) != 60 {
					t.Fatalf("%d values", len(y))
				}
				for _, v := range y {
					if math.IsNaN(v) || math.IsInf(v, 0) {
						t.Fatalf("%s %d %d: %v", w.Name, i, m, y)
					}
					if v < 0 {
						negative++
					}
				}
				if slices.Max(y) < 30 {
					counts++
				}
				if y[59] > 2*y[0] {
					trended++
				}
			}
		}
		if counts == 0 || trended < 100 || negative > 0 {
			t.Errorf("%s: %d small counts, %d that doubled, %d negative values", w.Name, counts, trended, negative)
		}
	}
}

func TestThePoissonDrawHasItsMean(t *testing.T) {
	s := newSource(Calibration(), rand.New(rand.NewPCG(1, 1)), 1)
	for _, lambda := range []float64{.5, 4, 100} {
		var sum float64
		for range 4000 {
			sum += s.poisson(lambda)
		}
		if mean := sum / 4000; math.Abs(mean-lambda) > 4*math.Sqrt(lambda/4000) {
			t.Errorf("mean %v, want %v", mean, lambda)
		}
	}
}

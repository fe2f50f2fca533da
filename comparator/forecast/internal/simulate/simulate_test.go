package simulate

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
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

// The share of shocks below each quantile of the distribution a series' shocks
// should have is that quantile's, and their variance is 1 whatever the tails.
func TestShocksHaveTheTailsTheWorldAsksFor(t *testing.T) {
	for _, df := range []float64{0, 3, 4, 6} {
		s := newSource(Calibration(), rand.New(rand.NewPCG(1, 1)), 1)
		s.df = df
		x := make([]float64, 8000)
		for i := range x {
			x[i] = s.shock()
		}
		slices.Sort(x)
		quantile := distuv.UnitNormal.Quantile
		if df > 0 {
			d := distuv.StudentsT{Sigma: 1, Nu: df}
			quantile = func(p float64) float64 { return d.Quantile(p) / math.Sqrt(df/(df-2)) }
		}
		for _, p := range []float64{.01, .1, .5, .9, .99} {
			error4 := 4 * math.Sqrt(p*(1-p)/float64(len(x)))
			if share := stat.CDF(quantile(p), stat.Empirical, x, nil); math.Abs(share-p) > error4 {
				t.Errorf("%v degrees of freedom: %.4f of the shocks are below the quantile at %v", df, share, p)
			}
		}
	}
}

package main

import (
	"math"
	"testing"

	"yardstick/comparator/forecast"
)

// The calibration kept with the package is what this command makes: its first
// lengths are made anew and compared (a third digit may differ between
// processors).
func TestTheCalibrationKeptIsTheOneMadeHere(t *testing.T) {
	kept, err := forecast.DefaultCalibration()
	if err != nil {
		t.Fatal(err)
	}
	g := grids[0]
	g.lengths = g.lengths[:2]
	made, err := g.calibrate(seriesDrawn)
	if err != nil {
		t.Fatal(err)
	}
	for i, table := range made {
		for n := range g.lengths {
			for h := range g.horizons {
				same(t, kept.Tables[i].Growth[n][h], table.Growth[n][h])
				for l := range levels {
					same(t, kept.Tables[i].Ratios[n][h][l], table.Ratios[n][h][l])
				}
			}
		}
	}
	if len(kept.Tables) != 2*len(grids) || len(kept.Levels) != len(levels) {
		t.Errorf("%d tables, %d levels", len(kept.Tables), len(kept.Levels))
	}
}

func same(t *testing.T, kept, made float64) {
	t.Helper()
	if math.Abs(kept-made) > .02*math.Abs(made)+.01 {
		t.Errorf("kept %v, made %v", kept, made)
	}
}

func TestRoundKeepsThreeDigits(t *testing.T) {
	for x, want := range map[float64]float64{1.23456: 1.23, 0.0123456: .0123, 98765: 98800, 9.996: 10, -1.23456: -1.23, 0: 0} {
		if got := round(x); math.Abs(got-want) > 1e-9*math.Abs(want) {
			t.Errorf("%v: %v, want %v", x, got, want)
		}
	}
}

func TestTheConformalRank(t *testing.T) {
	// Of nine errors, level .8 is the ceil(10*.8) = 8th.
	if q := quantile([]float64{9, 8, 7, 6, 5, 4, 3, 2, 1}, .8); q != 8 {
		t.Error(q)
	}
	if q := quantile([]float64{2, 1}, .99); q != 2 { // more than there are: the largest
		t.Error(q)
	}
	// Weights 1/2 each, total 4.5: level .8 is where the weight reaches 5.5*.8 =
	// 4.4, the 9th; level .2 the same from below, the 1st.
	var v []weighed
	for i := range 9 {
		v = append(v, weighed{float64(i + 1), .5})
	}
	if q, r := weighedQuantile(v, .8), weighedQuantile(v, .2); q != 9 || r != 1 {
		t.Error(q, r)
	}
	for i := range v { // weight 1: the 8th, and the 8th from above
		v[i].weight = 1
	}
	if q, r := weighedQuantile(v, .8), weighedQuantile(v, .2); q != 8 || r != 2 {
		t.Error(q, r)
	}
}

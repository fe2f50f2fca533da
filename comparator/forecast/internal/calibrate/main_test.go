package main

import (
	"errors"
	"io/fs"
	"math"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"yardstick/comparator/forecast"
)

// The calibration kept with the package is what this command makes of the observed
// series, which are not kept here (observed.R makes them): first lengths are made
// anew and compared (a third digit may differ between processors).
func TestTheCalibrationKeptIsTheOneMadeHere(t *testing.T) {
	kept, err := forecast.DefaultCalibration()
	if err != nil {
		t.Fatal(err)
	}
	if len(kept.Tables) != 2*len(grids) || !slices.Equal(kept.Levels, levels) || kept.Point != forecast.Default {
		t.Fatalf("%d tables, levels %v, of %s", len(kept.Tables), kept.Levels, kept.Point)
	}
	for i, table := range kept.Tables {
		if g := grids[i/2]; table.Frequency != g.frequency || !slices.Equal(table.Lengths, g.lengths) || !slices.Equal(table.Horizons, g.horizons) {
			t.Errorf("table %d is %s %s, %v, %v", i, table.Frequency, table.Kind, table.Lengths, table.Horizons)
		}
	}
	file, err := os.Open("observed.tsv")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("made anew and compared only where observed.tsv is; see observed.R")
	}
	all, err := readObserved(file)
	if err = errors.Join(err, file.Close()); err != nil {
		t.Fatal(err)
	}
	compare(t, kept, 0, keep(all, folds-1))
}

// On simulated series alone, the promise by hand: of the errors of the very series
// a table was made on, 80 of a hundred stay within the ratios.
func TestATableCoversWhatItWasMadeOn(t *testing.T) {
	g := grid{grids[1].frequency, 4, []int{12}, []int{1, 4}}
	tables, err := g.calibrate(300, nil)
	if err != nil {
		t.Fatal(err)
	}
	again, err := g.calibrate(300, nil)
	if err != nil || !reflect.DeepEqual(tables, again) {
		t.Errorf("made again, the tables differ: %v", err)
	}
	cases, err := g.cases(0, 12, 300, nil)
	if err != nil {
		t.Fatal(err)
	}
	for j, h := range g.horizons {
		table := tables[0]
		var inside float64
		for _, d := range cases {
			r := d.error(forecast.KindValue, h) / d.Scale(forecast.KindValue, h, table.Growth[0][j])
			for _, x := range []struct{ r, w float64 }{{r, (1 + d.Trend) / 2}, {-r, (1 - d.Trend) / 2}} {
				if table.Ratios[0][j][4] <= x.r && x.r <= table.Ratios[0][j][12] { // levels .1 and .9
					inside += x.w / float64(len(cases))
				}
			}
		}
		if inside < .79 || inside > .83 {
			t.Errorf("%d ahead: 80 covers %.3f", h, inside)
		}
	}
}

func compare(t *testing.T, kept *forecast.Calibration, which int, seen []observed) {
	t.Helper()
	g := grids[which]
	g.lengths = g.lengths[:2]
	made, err := g.calibrate(seriesDrawn, seen)
	if err != nil {
		t.Fatal(err)
	}
	for i, table := range made {
		for n := range g.lengths {
			for h := range g.horizons {
				same(t, kept.Tables[2*which+i].Growth[n][h], table.Growth[n][h])
				for l := range levels {
					same(t, kept.Tables[2*which+i].Ratios[n][h][l], table.Ratios[n][h][l])
				}
			}
		}
	}
}

func TestObservedSeriesAreReadAndDealtByGroup(t *testing.T) {
	all, err := readObserved(strings.NewReader("fred\tfred-cp\tcpi\t12\t1 2.5 3e2\nwdi\twlddev-FRA\tFRA.POP\t1\t4 5\nwdi\twlddev-FRA\tFRA.LIFEEX\t1\t6 7\n"))
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 3 || all[0].perYear != 12 || !slices.Equal(all[0].values, []float64{1, 2.5, 300}) || all[2].name != "FRA.LIFEEX" {
		t.Errorf("%+v", all)
	}
	if all[1].fold() != all[2].fold() {
		t.Error("two series of one country are on two sides")
	}
	if left := keep(all, all[1].fold()); slices.ContainsFunc(left, func(o observed) bool { return o.group == "wlddev-FRA" }) {
		t.Errorf("%+v", left)
	}
	for _, text := range []string{"a\tb\tc\t1\n", "a\tb\tc\tone\t1\n", "a\tb\tc\t1\t1 x\n"} {
		if _, err := readObserved(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), "line 1") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestWindowsKeepWhatIsKnownFromWhatComesAfter(t *testing.T) {
	long := observed{source: "a", perYear: 1, values: make([]float64, 100)}
	for i := range long.values {
		long.values[i] = float64(i)
	}
	short := observed{source: "b", perYear: 1, values: []float64{1, 2, 3, 4, 5, 6}}
	still := observed{source: "c", perYear: 1, values: []float64{7, 7, 7, 7, 7, 8}}
	monthly := observed{source: "d", perYear: 12, values: long.values}
	got := windows([]observed{long, short, still, monthly}, 1, 5, 4)
	by := map[string]int{}
	for _, w := range got {
		by[w.source]++
		if w.source == "a" && len(w.values) != 9 || w.source == "b" && len(w.values) != 6 {
			t.Errorf("%+v", w)
		}
	}
	if by["a"] != 3 || by["b"] != 1 || len(by) != 2 {
		t.Errorf("%v", by)
	}
	if again := windows([]observed{long, short, still, monthly}, 1, 5, 4); !reflect.DeepEqual(got, again) {
		t.Error("cut again, they differ")
	}
	if n := len(windows([]observed{short}, 1, 6, 4)); n != 0 {
		t.Errorf("%d windows with nothing after them", n)
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
	if q := weighedQuantile([]weighed{{1, 1}, {2, 1}}, .99); q != 2 { // more than there are: the largest
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

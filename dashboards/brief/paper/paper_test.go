package paper

import (
	"bytes"
	"fmt"
	"image/png"
	"math"
	"strings"
	"testing"

	"yardstick/schema"
)

func day(y, m, d int) schema.Date {
	out, err := schema.ParseDate(fmt.Sprintf("%04d-%02d-%02d", y, m, d))
	if err != nil {
		panic(err)
	}
	return out
}

func TestALineHasValuesBetweenItsCornersAndNothingOutside(t *testing.T) {
	days := []schema.Date{day(2025, 1, 1), day(2025, 1, 11), day(2025, 1, 21), day(2025, 1, 31), day(2025, 2, 10)}
	got := Along(days, []Place{{day(2025, 1, 11), 10}, {day(2025, 1, 31), 30}})
	if !math.IsNaN(got[0]) || got[1] != 10 || got[2] != 20 || got[3] != 30 || !math.IsNaN(got[4]) {
		t.Error(got)
	}
}

func TestDaysOfSeveralListsAreEachThereOnceInOrder(t *testing.T) {
	got := Union([]schema.Date{day(2025, 3, 1), day(2025, 1, 1)}, []schema.Date{day(2025, 1, 1), day(2025, 2, 1)})
	if fmt.Sprint(got) != "[2025-01-01 2025-02-01 2025-03-01]" {
		t.Error(got)
	}
}

func TestTheScaleHoldsEveryValueInStepsPeopleCountIn(t *testing.T) {
	for _, k := range []struct {
		values []float64
		want   string
	}{
		{[]float64{112, 400}, "0 100 200 300 400"},
		{[]float64{12.7, 15, math.NaN()}, "12 13 14 15"},
		{[]float64{5, 5}, "4.0 4.5 5.0 5.5 6.0"},
		{[]float64{-3, 8}, "-5 0 5 10"},
		{[]float64{0.861, 0.874}, "0.860 0.865 0.870 0.875"},
		{[]float64{math.NaN()}, "0.0 0.5 1.0"},
	} {
		s := Chart{Lines: []ChartLine{{Values: k.values}}}.ScaleOf()
		var got []string
		for _, v := range s.Ticks() {
			got = append(got, s.Tick(v))
		}
		if strings.Join(got, " ") != k.want {
			t.Errorf("%v: %v, want %s", k.values, got, k.want)
		}
	}
}

func TestMonthsStandOnTheirFirstDayAndAtMostNineOfThem(t *testing.T) {
	for _, k := range []struct {
		from, to schema.Date
		want     string
	}{
		{day(2024, 10, 27), day(2025, 12, 31), "2024-11 2025-01 2025-03 2025-05 2025-07 2025-09 2025-11"},
		{day(2025, 1, 1), day(2025, 3, 31), "2025-01 2025-02 2025-03"},
		{day(2020, 6, 30), day(2030, 12, 31), "2022-01 2024-01 2026-01 2028-01 2030-01"},
	} {
		var got []string
		for _, d := range (Chart{Days: []schema.Date{k.from, k.to}}).MonthTicks() {
			got = append(got, Month(d))
		}
		if strings.Join(got, " ") != k.want || len(got) > 9 {
			t.Errorf("%s to %s: %v, want %s", k.from, k.to, got, k.want)
		}
	}
}

func TestACodesPictureAndPathAreTheSameModules(t *testing.T) {
	c := Code{Address: "https://board.example.org/targets/p/t?as_of=2025-06-30"}
	picture, err := c.PNG()
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		t.Fatal(err)
	}
	path, size, err := c.Path()
	if err != nil {
		t.Fatal(err)
	}
	black := map[[2]int]bool{}
	for _, piece := range strings.Split(strings.TrimPrefix(path, "M"), "M") {
		var x, y, n, back int
		if _, err := fmt.Sscanf(piece, "%d %dh%dv1h-%dz", &x, &y, &n, &back); err != nil || n != back {
			t.Fatalf("%q: %v", piece, err)
		}
		for i := range n {
			black[[2]int{x + i, y}] = true
		}
	}
	for y := range size {
		for x := range size {
			r, _, _, _ := img.At(x*8+4, y*8+4).RGBA()
			if (r == 0) != black[[2]int{x, y}] {
				t.Fatalf("module %d,%d differs", x, y)
			}
		}
	}
	if img.Bounds().Dx() != size*8 {
		t.Errorf("%d pixels for %d modules", img.Bounds().Dx(), size)
	}
}

package validate

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"yardstick/schema"
)

// A whole and its parts are held against each other, wherever each of them stands: in
// the file, or held under any key of the fact.
func TestPartsAreHeldAgainstTheWholeThatIsHeld(t *testing.T) {
	const primary, secondary, tertiary = "primary-industry-value-added", "secondary-industry-value-added", "tertiary-industry-value-added"
	for _, c := range []struct {
		name, want string
		held, file []string
	}{
		{"parts that do not make up the whole", "part-beside-whole D2", []string{"gdp 210200 2023 period 5210"},
			[]string{primary + " 210200 2023-12 ytd 410", secondary + " 210200 2023-12 ytd 2100", tertiary + " 210200 2023-12 ytd 1900"}},
		{"parts that do", "", []string{"gdp 210200 2023-Q4 ytd 5210"},
			[]string{primary + " 210200 2023 period 410", secondary + " 210200 2023 period 2100", tertiary + " 210200 2023 period 2695"}},
		{"a part above its whole", "part-beside-whole D2", []string{"gdp 210200 2023 period 5210"}, []string{tertiary + " 210200 2023 period 5800"}},
		{"two parts above their whole", "part-beside-whole D2", []string{"gdp 210200 2023 period 5210", tertiary + " 210200 2023 period 3300"},
			[]string{secondary + " 210200 2023 period 2500"}},
		{"a revised part", "part-beside-whole D2", []string{"gdp 210213 2022 period 800", primary + " 210213 2022 period 60",
			secondary + " 210213 2022 period 440", tertiary + " 210213 2022 period 300"}, []string{primary + " 210213 2022 period 860"}},
		{"a whole below its parts", "part-beside-whole D2", []string{secondary + " 210200 2023 period 2500"}, []string{"gdp 210200 2023 period 2100"}},
		{"a whole unlike all its parts", "total-differs D2", []string{primary + " 210200 2022 period 60", secondary + " 210200 2022 period 440",
			tertiary + " 210200 2022 period 300"}, []string{"gdp 210200 2022 period 900"}},
		{"a district above its city", "part-beside-whole D2", []string{"gdp 210200 2023 period 5210"}, []string{"gdp 210212 2023 period 5930"}},
		{"a district a little above its city", "part-beside-whole D2", []string{"gdp 210200 2023 period 5210.4"}, []string{"gdp 210212 2023 period 5231.7"}},
		{"a part as large as the whole", "", []string{"gdp 210200 2023 period 5210.4"}, []string{secondary + " 210200 2023 period 5210.4"}},
		{"a district of a stock above its city", "part-beside-whole D2", []string{"high-standard-farmland 210200 2024-06 point 402000"},
			[]string{"high-standard-farmland 210283 2024-06 point 871000"}},
		{"an area inside the districts above its city", "part-beside-whole D2", []string{"gdp 210200 2023 period 5210"},
			[]string{"gdp 210200-L2 2023 period 6001"}},
		{"a district below it", "", []string{"gdp 210200 2023 period 5210"}, []string{"gdp 210212 2023 period 593"}},
		{"of another time", "", []string{"gdp 210200 2022 period 210"}, []string{"gdp 210212 2023 period 593"}},
		{"of another region", "", []string{"gdp 210213 2023 period 210"}, []string{secondary + " 210212 2023 period 593"}},
		{"a whole corrected since", "", []string{"gdp 210200 2023 period 521", "gdp 210200 2023 period 5210"}, []string{tertiary + " 210200 2023 period 2695"}},
		{"of what does not add up", "", []string{"gdp-growth-real 210200 2023 period 5.2"}, []string{"gdp-growth-real 210212 2023 period 7.1"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHistory(t).held(c.held...).file(c.file...)
			d := h.run()
			got := codes(d)
			if got != c.want {
				t.Fatalf("found %q, want %q: %+v", got, c.want, d.Questions)
			}
			if c.want == "" {
				return
			}
			if len(d.Rows) != len(c.file) {
				t.Errorf("%d rows are doubtful of %d", len(d.Rows), len(c.file))
			}
			h.past.Given[d.Questions[0].Key] = "口径不同"
			if d = h.run(); codes(d) != "" || len(d.Rows) != 0 {
				t.Errorf("answered, still asked: %+v", d.Questions)
			}
		})
	}
}

// Kin names all that a figure is held against.
func TestWholesAndPartsAreReadWithAFigure(t *testing.T) {
	h := newHistory(t).file("secondary-industry-value-added 210212 2023 period 593", "high-standard-farmland 210283 2024-06 point 8")
	indicators, regions := Kin(h.past.Register, h.past.Rows)
	for _, code := range []string{"gdp", "primary-industry-value-added", "tertiary-industry-value-added", "high-standard-farmland"} {
		if !slices.Contains(indicators, code) {
			t.Errorf("%s is not read: %v", code, indicators)
		}
	}
	for _, code := range []string{"210200", "210212", "210224", "210283"} {
		if !slices.Contains(regions, code) {
			t.Errorf("%s is not read: %v", code, regions)
		}
	}
	if indicators, regions = Kin(h.past.Register, h.past.Rows[:0]); len(indicators)+len(regions) > 0 {
		t.Error(indicators, regions)
	}
}

// Whichever of a whole and its parts the file brings, and whichever were held: it is
// asked about exactly where the parts known cannot be of that whole.
func TestAWholeAndItsPartsAgreeOrAreAskedAbout(t *testing.T) {
	const seeds = 3000
	asked := 0
	for seed := range uint64(seeds) {
		rng := rand.New(rand.NewPCG(seed, 17))
		codes4 := []string{"gdp", "primary-industry-value-added", "secondary-industry-value-added", "tertiary-industry-value-added"}
		values, sum := make([]int64, 4), int64(0) // in tenths
		for i := 1; i < 4; i++ {
			values[i] = 500 + rng.Int64N(40000)
			sum += values[i]
		}
		values[0] = sum
		if k := rng.IntN(4); rng.IntN(2) == 0 { // one of them is wrong
			values[k] = 1 + int64(float64(values[k])*math.Exp(3*rng.Float64()-1.5))
		}
		keys := []string{"2021 period", "2021-12 ytd", "2021-Q4 ytd"}
		h := newHistory(t)
		known, largest, complete, fresh := int64(0), int64(0), true, 0
		held, file := []string(nil), []string(nil)
		whole := rng.IntN(6) > 0
		for i, code := range codes4 {
			if i == 0 && !whole {
				continue
			}
			if i > 0 && rng.IntN(4) == 0 {
				complete = false
				continue
			}
			row := fmt.Sprintf("%s 210211 %s %d.%d", code, keys[rng.IntN(3)], values[i]/10, values[i]%10)
			if rng.IntN(2) == 0 {
				file, fresh = append(file, row), fresh+1
			} else {
				held = append(held, row)
			}
			if i > 0 {
				known, largest = known+values[i], max(largest, values[i])
			}
		}
		h.held(held...).file(file...)
		if len(file) == 0 {
			continue
		}
		off := values[0] - known
		wrong := whole && known > 0 && (complete || off < 0) && (100*max(off, -off) > values[0] || largest > values[0]+1)
		d := h.run()
		got := len(d.Questions) == 1 && strings.Contains("total-differs part-beside-whole", d.Questions[0].Code)
		if got != wrong || !wrong && len(d.Questions) > 0 || wrong && len(d.Rows) != fresh {
			t.Fatalf("seed %d: held %v, file %v: wrong is %v, asked %+v", seed, held, file, wrong, d.Questions)
		}
		if wrong {
			asked++
		}
	}
	if asked < seeds/10 {
		t.Errorf("only %d of %d were wrong", asked, seeds)
	}
}

// A figure many times the one held of the same fact is asked about, whatever else is
// known and whatever is said of its source; a revision is not.
func TestAnotherUnitThanWhatIsHeldIsAskedAbout(t *testing.T) {
	for _, c := range []struct {
		want, held, file string
	}{
		{"unit-slip D2", "ai-compute 210200 2024-03 point 287", "ai-compute 210200 2024-03 point 0.287"},
		{"unit-slip D2", "ai-compute 210200 2024-03 point 287", "ai-compute 210200 2024-03 point 28.7"},
		{"unit-slip D2", "ai-compute 210200 2024-03 point 287", "ai-compute 210200 2024-03 point 0.3011"},
		{"unit-slip D2", "gdp 210200 2023 period 5210.4", "gdp 210200 2023-12 ytd 52104000"},
		{"unit-slip D2", "high-standard-farmland 210283 2024-06 point 87.1", "high-standard-farmland 210283 2024-06 point 871000"},
		{"unit-slip D2", "urban-village-projects 210200 2024-06 point 3", "urban-village-projects 210200 2024-06 point 300"},
		{"unit-slip D2", "gdp-growth-real 210200 2023 period 5.2", "gdp-growth-real 210200 2023 period 52"},
		{"", "ai-compute 210200 2024-03 point 287", "ai-compute 210200 2024-03 point 301"},
		{"", "ai-compute 210200 2024-03 point 287", "ai-compute 210200 2024-03 point 140"},
		{"", "ai-compute 210200 2024-03 point 287", "ai-compute 210200 2024-03 point 0.287 B"},
		{"", "urban-village-projects 210200 2024-06 point 3", "urban-village-projects 210200 2024-06 point 30"},
		{"", "gdp-growth-real 210200 2023 period 0.1", "gdp-growth-real 210200 2023 period 5.2"},
		{"", "ai-compute 210200 2024-03 point 0", "ai-compute 210200 2024-03 point 287"},
	} {
		h := newHistory(t).held(c.held).file(c.file)
		d := h.run()
		if got := codes(d); got != c.want {
			t.Errorf("%s after %s: found %q, want %q: %+v", c.file, c.held, got, c.want, d.Questions)
		}
		if c.want == "" {
			continue
		}
		for _, candidate := range d.Questions[0].Candidates {
			h.past.Given[d.Questions[0].Key] = candidate
			if d := h.run(); len(d.Questions) > 0 || (candidate == Omit) != (len(d.Left) == 1) {
				t.Errorf("%s answers %s and gives %+v", candidate, c.file, d)
			}
		}
	}
}

// The length of the history does not matter, nor where in it the figure stands.
func TestASlipAgainstTheFactItselfIsSeenInEveryHistory(t *testing.T) {
	for seed := range uint64(1500) {
		rng := rand.New(rand.NewPCG(seed, 43))
		n, level := 1+rng.IntN(14), math.Exp(2+8*rng.Float64())
		h, values := newHistory(t), make([]float64, n)
		for i := range values {
			values[i] = level * (1 + 0.05*float64(i) + 0.02*rng.Float64())
			h.held(fmt.Sprintf("ai-compute 210200 %s point %.2f", schema.Month(2022, 1).Add(i), values[i]))
		}
		at := rng.IntN(n)
		factor := []float64{1000, 10000, 100, 0.01, 0.001, 0.0001, 1, 1.04}[rng.IntN(8)]
		value := values[at] * factor * (1 + 0.05*rng.Float64()*float64(rng.IntN(2)))
		h.file(fmt.Sprintf("ai-compute 210200 %s point %.8f", schema.Month(2022, 1).Add(at), value))
		d := h.run()
		if slipped := factor > 2 || factor < 0.5; slipped != (len(d.Rows) == 1 && len(d.Questions) == 1) {
			t.Fatalf("seed %d: %d held, %g times the %g of place %d: %+v", seed, n, factor, values[at], at, d.Questions)
		}
	}
}

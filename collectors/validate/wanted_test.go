package validate

import (
	"testing"

	"yardstick/schema"
	"yardstick/schema/targets"
)

// wanting judges by the catalogue and by targets that name one indicator, each
// with its deadline and the end of its window.
func wanting(t *testing.T, ends ...[2]schema.Date) *judge {
	t.Helper()
	loaded, err := register()
	if err != nil {
		t.Fatal(err)
	}
	policy := schema.Policy{Targets: []schema.Target{{Indicator: "gdp", Deadline: schema.NewDate(2099, 12, 31)}}}
	for _, e := range ends {
		policy.Targets = append(policy.Targets, schema.Target{Indicator: "ai-compute", Deadline: e[0], WindowTo: e[1]})
	}
	return &judge{Past: Past{Register: &targets.Register{Policies: []schema.Policy{policy}, Indicators: loaded.Indicators}}}
}

func TestAnIndicatorIsWantedUntilTheLastOfItsTargetsEnds(t *testing.T) {
	none, early, late := schema.Date{}, schema.NewDate(2025, 6, 30), schema.NewDate(2026, 12, 31)
	for name, c := range map[string]struct {
		ends  [][2]schema.Date
		until schema.Date
		ok    bool
	}{
		"no target names it":                {nil, none, false},
		"one deadline":                      {[][2]schema.Date{{early, none}}, early, true},
		"the later of two":                  {[][2]schema.Date{{late, none}, {early, none}}, late, true},
		"the later of two, in order":        {[][2]schema.Date{{early, none}, {late, none}}, late, true},
		"a window's end before a deadline":  {[][2]schema.Date{{late, early}}, early, true},
		"a window's end after a deadline":   {[][2]schema.Date{{early, late}}, late, true},
		"a window without a deadline":       {[][2]schema.Date{{none, early}}, early, true},
		"one without an end":                {[][2]schema.Date{{none, none}}, none, false},
		"one without an end beside another": {[][2]schema.Date{{late, none}, {none, none}}, none, false},
	} {
		if until, ok := wanting(t, c.ends...).wanted("ai-compute"); until != c.until || ok != c.ok {
			t.Errorf("%s: until %v, %v", name, until, ok)
		}
	}
}

// The next figure is due when the time its release takes has passed, and never
// after the last day that anybody wants it for.
func TestTheNextFigureIsDueWhileItIsWanted(t *testing.T) {
	j := wanting(t, [2]schema.Date{schema.NewDate(2025, 6, 30), {}})
	ind, ok := j.Register.Indicators.ByCode("ai-compute")
	if !ok || ind.Release.Days < 1 {
		t.Fatalf("%+v", ind.Release)
	}
	due := func(p schema.Period) schema.Date { return p.Last().AddDays(ind.Release.Days) }
	for _, c := range []struct {
		name string
		last schema.Period
		on   schema.Date
		want bool
	}{
		{"the day before", schema.Month(2025, 4), due(schema.Month(2025, 5)).AddDays(-1), false},
		{"the day itself", schema.Month(2025, 4), due(schema.Month(2025, 5)), true},
		{"the last that is wanted", schema.Month(2025, 5), due(schema.Month(2025, 6)), true},
		{"one that begins after the last day", schema.Month(2025, 6), schema.NewDate(2026, 6, 30), false},
	} {
		if got := j.due("ai-compute 210200", c.last, c.on); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
	if j.due("unknown 210200", schema.Month(2024, 1), schema.NewDate(2026, 6, 30)) {
		t.Error("an indicator that nobody knows is due")
	}
	// One that begins on the very last day is still wanted.
	j = wanting(t, [2]schema.Date{schema.NewDate(2025, 7, 1), {}})
	if !j.due("ai-compute 210200", schema.Month(2025, 6), due(schema.Month(2025, 7))) {
		t.Error("a month that begins on the last day is not due")
	}
}

// Each condition of a jump of a running count, with the others held: the median
// step is 100, the largest 110.
func TestARunningCountJumpsOnlyWhenEveryConditionHolds(t *testing.T) {
	history := func(start float64, steps ...float64) []float64 {
		out := []float64{start}
		for _, s := range steps {
			out = append(out, out[len(out)-1]+s)
		}
		return out
	}
	steady := history(100, 100, 100, 90, 110, 100, 100)                // ends at 700
	once := history(100, 300, 50, 50, 50, 50, 50)                      // ends at 650, no spread, the largest step 300
	wide := history(-100000, 10000, 30000, 10000, 30000, 10000, 30000) // ends at 20000, spread 14826, usual 20000
	wild := history(100, 10, 190, 10, 190, 10, 190)                    // ends at 700, the largest step 190
	for _, c := range []struct {
		name   string
		past   []float64
		figure float64
		want   bool
	}{
		{"far beyond", steady, 14000, true},
		{"just not doubled", steady, 1400, false},
		{"doubled and one", steady, 1401, true},
		{"three times the largest step, of a small count", history(1, 100, 100, 100, 100, 100, 100), 901, false},
		{"and one more, yet not doubled", history(1000, 100, 100, 100, 100, 100, 100), 1901, false},
		{"three times the largest step", once, 1550, false},
		{"and one more", once, 1551, true},
		{"six spreads beyond the usual step", wide, 20000 + 20000 + 88956, false},
		{"and one more than that", wide, 20000 + 20000 + 88957, true},
		{"from nothing", history(0, 0, 0, 0, 0, 0, 0), 500, false},
		{"within the spread of its steps", wild, 1401, false},
		{"beyond the spread of its steps", wild, 6000, true},
	} {
		l := &line{linear: true, basis: "cumulative"}
		before := make([]int, 0, len(c.past))
		for i, x := range append(c.past, c.figure) {
			o := schema.Observation{Status: schema.StatusNormal}
			l.points = append(l.points, point{x: x, y: x, ord: i, o: &o})
		}
		for i := len(c.past) - 1; i >= 0; i-- {
			before = append(before, i)
		}
		if got := l.added(len(c.past), before, nil); got != c.want {
			med, sigma, most := l.usual(before, nil)
			t.Errorf("%s: %v (usual %v, spread %v, largest %v)", c.name, got, med, sigma, most)
		}
	}
}

package comparator_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"yardstick/comparator/forecast"
	"yardstick/schema"
)

// rate is a target of growth of about 5 % for the year 2025, half a point less
// still counting.
func rate() (schema.Target, schema.Indicator) {
	tg := target(schema.Rate, "5")
	tg.Unit, tg.Deadline, tg.Tolerance = "%", day("2025-12-31"), ptr(dec("0.5"))
	ind := monthly(schema.YearToDate)
	ind.Unit, ind.Frequencies = "%", []schema.Frequency{schema.Quarterly, schema.Annual}
	return tg, ind
}

func within(op, value, tolerance string) schema.Target {
	tg := target(schema.Range, value)
	tg.Op, tg.Unit, tg.Deadline = op, "%", day("2025-12-31")
	if op == "<=" {
		tg.Direction = schema.Down
	}
	if tolerance != "" {
		tg.Tolerance = ptr(dec(tolerance))
	}
	return tg
}

func TestARateIsReadNeverSummedAndReachedOnlyAtItsEnd(t *testing.T) {
	tg, ind := rate()
	for _, c := range []struct {
		asOf, figures string
		status        schema.Status
		rule, value   string
	}{
		// 4.5 is the bound. 2025-Q2 ends with 246 of 430 days gone.
		{"2025-07-31", "2025-Q1=5.2 2025-Q2=5.3", schema.OnTrack, "6 reading", "5.3"}, // met, and yet not achieved
		{"2025-07-31", "2025-Q1=5.2 2025-Q2=4.5", schema.OnTrack, "6 reading", "4.5"},
		{"2025-07-31", "2025-Q1=5.2 2025-Q2=4.4", schema.AtRisk, "6 reading", "4.4"},  // 4.4 / 4.5 = 98 %
		{"2025-07-31", "2025-Q1=5.2 2025-Q2=2.7", schema.AtRisk, "6 reading", "2.7"},  // 60 %
		{"2025-07-31", "2025-Q1=5.2 2025-Q2=2.6", schema.Lagging, "6 reading", "2.6"}, // 57.8 %
		{"2025-07-31", "2025-Q2=-1", schema.Lagging, "6 reading", "-1"},               // no share of the bound, only short of it
		{"2024-11-15", "2024-Q3=5.2", schema.Open, "5 not begun", "5.2"},
		// The year's own figure decides; that of the next year changes nothing.
		{"2026-02-10", "2025-Q3=5.2 2025-Q4=4.6", schema.Achieved, "3 deadline", "4.6"},
		{"2026-05-10", "2025-Q4=4.4 2026-Q1=6", schema.Missed, "3 deadline", "4.4"},
		{"2026-01-15", "2025-Q2=5.2 2025-Q3=5.1", schema.OnTrack, "6 reading", "5.1"}, // awaiting the year's
		{"2026-03-15", "2025-Q3=5.1", schema.NoData, "3 no final figure", ""},
	} {
		v := judge(t, of(t, c.asOf, tg, ind, series("i", schema.YearToDate, c.figures)))
		want(t, v, c.status, c.rule)
		wantValue(t, v, c.value)
		wantNone(t, "pace", v.Pace)
		wantNone(t, "progress", v.Progress)
		if v.Marks.ReachedLate || !v.ReachedOn.IsZero() || !v.LostOn.IsZero() {
			t.Errorf("a rate is neither reached nor lost on a day: %+v", v)
		}
	}
	// The gap is to the bound: 4.5 - 4.4.
	v := judge(t, of(t, "2025-07-31", tg, ind, series("i", schema.YearToDate, "2025-Q2=4.4")))
	if !v.Gap.Equal(dec("0.1")) || v.Tolerance == nil || !strings.Contains(v.Reason.Zh, "5%左右（以4.5%为界）") || !strings.Contains(v.Reason.Zh, "差0.1个百分点") {
		t.Errorf("gap %s: %s", v.Gap, v.Reason.Zh)
	}
	if !strings.Contains(v.PaceWhyNot.Zh, "不累计") {
		t.Error(v.PaceWhyNot.Zh)
	}
	undated := tg
	undated.Deadline = schema.Date{}
	want(t, judge(t, of(t, "2025-07-31", undated, ind, series("i", schema.YearToDate, "2025-Q2=5.4"))), schema.Open, "5 open")
}

func TestARangeWithADeadlineIsReadAndOneWithoutIsALimit(t *testing.T) {
	ind := monthly(schema.Point)
	ind.Unit = "%"
	for _, c := range []struct {
		op, value, tolerance, asOf, figure string
		status                             schema.Status
		gap                                string
	}{
		{"<=", "5.5", "", "2025-07-31", "5.5", schema.OnTrack, "0"},
		{"<=", "5.5", "", "2025-07-31", "5.6", schema.AtRisk, "0.1"},  // 5.5 / 5.6 = 98 %
		{"<=", "5.5", "", "2025-07-31", "9.2", schema.Lagging, "3.7"}, // 59.8 %
		{"=", "2", "0.5", "2025-07-31", "2.5", schema.OnTrack, "0"},
		{"=", "2", "0.5", "2025-07-31", "2.6", schema.AtRisk, "0.1"}, // 2.5 / 2.6
		{"=", "2", "0.5", "2025-07-31", "1.4", schema.AtRisk, "0.1"}, // 1.4 / 1.5
		{"=", "2", "0.5", "2025-07-31", "0.8", schema.Lagging, "0.7"},
		{"=", "2", "0.5", "2025-07-31", "1.9", schema.OnTrack, "-0.4"}, // 0.4 from the nearer bound, inside
	} {
		tg := within(c.op, c.value, c.tolerance)
		v := judge(t, of(t, c.asOf, tg, ind, series("i", schema.Point, "2025-06="+c.figure)))
		want(t, v, c.status, "6 reading")
		if !v.Gap.Equal(dec(c.gap)) {
			t.Errorf("%s %s±%s: gap %s, want %s", c.op, c.value, c.tolerance, v.Gap, c.gap)
		}
		tg.Deadline = schema.Date{}
		status := schema.OnTrack
		if dec(c.gap).Sign() > 0 {
			status = schema.Breached
		}
		want(t, judge(t, of(t, c.asOf, tg, ind, series("i", schema.Point, "2025-06="+c.figure))), status, "2 limit")
	}
	v := judge(t, of(t, "2026-02-28", within("=", "2", "0.5"), ind, series("i", schema.Point, "2025-11=2.0 2025-12=2.6")))
	want(t, v, schema.Missed, "3 deadline")
	if !strings.Contains(v.Reason.Zh, "1.5%至2.5%") {
		t.Error(v.Reason.Zh)
	}
}

// stays answers by a distribution of which the test knows the chance of not
// being above a value: below low never, above high always, even in between.
type stays struct{ low, high float64 }

func (s stays) Forecast(q forecast.Question) forecast.Answer {
	x := (q.Target.Value.Float() - s.low) / (s.high - s.low)
	x = max(0, min(1, x))
	if q.Target.Op != "<=" {
		x = 1 - x
	}
	return forecast.Answer{Chance: x}
}

func TestTheChanceOfARangeIsThatBetweenItsBounds(t *testing.T) {
	ind := monthly(schema.Point)
	ind.Unit = "%"
	for _, c := range []struct {
		op, value, tolerance string
		low, high, chance    float64
		status               schema.Status
	}{
		{"=", "2", "0.5", 1, 3, .5, schema.AtRisk},      // 1.5 to 2.5 of 1 to 3
		{"=", "2", "0.5", 1.6, 2.6, .9, schema.OnTrack}, // 0.9 of 1
		{"=", "2", "0.5", 2.4, 3.4, .1, schema.AtRisk},  // the chance says lagging, the reading is within: two bands
		{"<=", "2", "0.5", 2, 3, .5, schema.AtRisk},     // at most 2.5
		{">=", "2", "0.5", 1, 2, .5, schema.AtRisk},     // at least 1.5
		{"<=", "2", "", 1, 3, .5, schema.AtRisk},
	} {
		k := of(t, "2025-07-31", within(c.op, c.value, c.tolerance), ind, series("i", schema.Point, "2025-06=2"))
		k.Forecaster = stays{c.low, c.high}
		v := judge(t, k)
		want(t, v, c.status, "6 chance")
		if v.Chance == nil || *v.Chance < c.chance-1e-9 || *v.Chance > c.chance+1e-9 {
			t.Errorf("%s %s±%s: chance %v, want %g", c.op, c.value, c.tolerance, v.Chance, c.chance)
		}
	}
	// With the real one, the chances of below, within and above make one.
	f, err := forecast.New()
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(8, 8))
	seen := 0
	for range 300 {
		figures := anyFigures(r, schema.Point)
		chance := func(tg schema.Target) (float64, bool) {
			k := of(t, "2025-10-31", tg, ind, figures)
			k.Forecaster = f
			v := judge(t, k)
			if v.Chance == nil {
				return 0, false
			}
			return *v.Chance, true
		}
		inside, ok := chance(within("=", "60", "20"))
		if !ok {
			continue
		}
		seen++
		below, _ := chance(within("<=", "40", ""))
		above, _ := chance(within(">=", "80", ""))
		if sum := inside + below + above; sum < 1-1e-9 || sum > 1+1e-9 {
			t.Fatalf("%g below, %g within, %g above", below, inside, above)
		}
	}
	if seen < 50 {
		t.Errorf("only %d series had a chance", seen)
	}
}

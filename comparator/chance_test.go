package comparator_test

import (
	"strings"
	"testing"

	"yardstick/comparator/forecast"
	"yardstick/schema"
)

// given answers with a chance set by the test: what is tested is how the judge
// joins a chance to pace, not how one is made.
type given struct {
	chance float64
	asked  *forecast.Question
}

func (g given) Forecast(q forecast.Question) forecast.Answer {
	if g.asked != nil {
		*g.asked = q
	}
	if g.chance < 0 {
		return forecast.Answer{WhyNot: schema.Reason{Text: schema.Text{Zh: "太短", En: "too short"}}}
	}
	return forecast.Answer{Chance: g.chance}
}

func TestRule6ChanceDecidesAndPaceRestrainsIt(t *testing.T) {
	tg := target(schema.Level, "200")
	tg.Baseline, tg.BaselineDate, tg.Deadline = ptr(dec("100")), day("2024-12-31"), day("2025-12-31")
	ind := monthly(schema.Point)
	// At the end of May 151 of 365 days are gone: 141.37 would be on schedule.
	for _, c := range []struct {
		value  string
		chance float64
		want   schema.Status
	}{
		{"142", .80, schema.OnTrack}, {"142", .79, schema.AtRisk}, {"142", .40, schema.AtRisk},
		{"142", .39, schema.AtRisk}, // lagging by chance, on track by pace: two bands apart
		{"130", .39, schema.Lagging}, {"130", .80, schema.OnTrack},
		{"110", .80, schema.AtRisk}, {"110", .40, schema.AtRisk}, {"110", .10, schema.Lagging},
	} {
		k := of(t, asOf, tg, ind, series("i", schema.Point, "2025-05="+c.value))
		k.Forecaster = given{chance: c.chance}
		v := judge(t, k)
		want(t, v, c.want, "6 chance")
		if v.Pace == nil || v.Chance == nil || *v.Chance != c.chance {
			t.Errorf("both numbers are always shown: %v %v", v.Pace, v.Chance)
		}
	}
	// No chance: pace alone, and why.
	k := of(t, asOf, tg, ind, series("i", schema.Point, "2025-05=142"))
	k.Forecaster = given{chance: -1}
	v := judge(t, k)
	want(t, v, schema.OnTrack, "6 pace")
	if v.ChanceWhyNot.Zh != "太短" {
		t.Errorf("%+v", v.ChanceWhyNot)
	}
	// Nor is it asked where the rules before have answered.
	k = of(t, asOf, tg, ind, series("i", schema.Point, "2025-05=200"))
	k.Forecaster = given{chance: .1}
	want(t, judge(t, k), schema.Achieved, "4 achieved")
}

func TestRule6TheForecasterSeesTheSeriesSinceItsBreak(t *testing.T) {
	var q forecast.Question
	k := of(t, asOf, added("400", "2025-12-31"), monthly(schema.InPeriod),
		series("i", schema.InPeriod, "2024-11=20 2024-12=25 2025-01=5P"))
	k.Forecaster = given{.5, &q}
	judge(t, k)
	if len(q.Points) != 3 || !q.Points[2].Value.Equal(dec("50")) || q.Points[2].Final || !q.Counted || q.Deadline != day("2025-12-31") {
		t.Errorf("%+v", q)
	}
	tg := target(schema.Level, "400")
	tg.Deadline = day("2025-12-31")
	k = of(t, asOf, tg, monthly(schema.Point), series("i", schema.Point, "2024-11=20 2024-12=125B 2025-01=130"))
	k.Forecaster = given{.85, &q}
	v := judge(t, k)
	want(t, v, schema.OnTrack, "6 chance") // too short for a pace, not for this forecaster
	if len(q.Points) != 2 || q.Points[0].Period.Last() != day("2024-12-31") || !strings.Contains(v.PaceWhyNot.Zh, "2期") {
		t.Errorf("%+v %s", q, v.PaceWhyNot.Zh)
	}
}

func TestRule6TheForecasterIsToldTheDayBeforeCountingBegan(t *testing.T) {
	within := target(schema.Within, "400")
	within.WindowFrom, within.WindowTo, within.Deadline = day("2025-01-01"), day("2025-12-31"), day("2025-12-31")
	for name, c := range map[string]struct {
		target schema.Target
		basis  schema.Basis
		text   string
		begin  string
	}{
		// October cannot be cut at the 27th: counting starts on 1 November.
		"months summed from after the one around the start": {added("400", "2025-12-31"), schema.InPeriod, "2024-10=9 2024-11=20 2024-12=25", "2024-10-31"},
		"nothing in all of the month around the start":      {added("400", "2025-12-31"), schema.InPeriod, "2024-10=0 2024-11=20 2024-12=25", "2024-10-26"},
		"a figure cumulative since the start":               {added("400", "2025-12-31"), schema.Cumulative, "2024-10=2 2024-11=20 2024-12=25", "2024-10-26"},
		"a window":                                          {within, schema.YearToDate, "2025-01=2 2025-02=20 2025-03=60", "2024-12-31"},
		"a series cut by a break":                           {within, schema.Cumulative, "2025-01=2 2025-02=20B 2025-03=60", ""},
	} {
		var q forecast.Question
		k := of(t, asOf, c.target, monthly(c.basis), series("i", c.basis, c.text))
		k.Forecaster = given{.5, &q}
		if v := judge(t, k); v.Chance == nil {
			t.Errorf("%s: %s %s", name, v.Rule, v.Reason.En)
		}
		wantDay(t, name+": begin", q.Begin, c.begin)
	}
}

func TestRule6TheVerdictKeepsWhatItsChanceRestsOn(t *testing.T) {
	f, err := forecast.New()
	if err != nil {
		t.Fatal(err)
	}
	tg := target(schema.Level, "200")
	tg.Baseline, tg.BaselineDate, tg.Deadline = ptr(dec("100")), day("2024-12-31"), day("2025-12-31")
	k := of(t, asOf, tg, monthly(schema.Point), series("i", schema.Point,
		"2024-08=80 2024-09=85 2024-10=90B 2024-11=96 2024-12=101 2025-01=105 2025-02=112 2025-03=117 2025-04=125P 2025-05=131"))
	k.Forecaster = f
	v := judge(t, k)
	if v.Forecast == nil || len(v.Forecast.Points) != 8 || len(v.Forecast.Quantiles) == 0 || v.Forecast.Method == "" {
		t.Fatalf("%+v", v.Forecast)
	}
	if p := v.Forecast.Points[6]; !p.Value.Equal(dec("125")) || p.Final || p.Period != schema.Month(2025, 4) {
		t.Errorf("%+v", p)
	}
	if len(v.Inputs) != 8 {
		t.Errorf("%d inputs, want the eight figures since the break", len(v.Inputs))
	}
	if m, ok := v.Forecast.At(.5); !ok || m < 131 || m > 200 {
		t.Errorf("the middle is %v %v", m, ok)
	}
	if _, ok := v.Forecast.At(.33); ok {
		t.Error("a quantile nobody asked for")
	}
	// Without a chance nothing is kept that was not used: six figures for the slope,
	// and the one half a year back for the recent pace.
	k.Forecaster = given{chance: -1}
	if v = judge(t, k); v.Forecast != nil || len(v.Inputs) != 7 || v.Expected == nil || v.Expected.FromDay != day("2024-11-30") {
		t.Errorf("%d inputs, %+v", len(v.Inputs), v.Forecast)
	}
}

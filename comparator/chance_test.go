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
		return forecast.Answer{WhyNot: schema.Text{Zh: "太短", En: "too short"}}
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
	if len(q.Points) != 2 || q.Points[0].Day != day("2024-12-31") || !strings.Contains(v.PaceWhyNot.Zh, "2期") {
		t.Errorf("%+v %s", q, v.PaceWhyNot.Zh)
	}
}

package clickhouse_test

import (
	"testing"
	"time"

	"yardstick/schema"
)

func TestOfEachFigureTheFirstChanceToldIsFound(t *testing.T) {
	h := newHouse(t)
	at := time.Date(2025, 6, 16, 1, 0, 0, 0, time.UTC)
	verdict := func(target string, month time.Month, chance float64) schema.Verdict {
		v := schema.Verdict{Policy: "p", Target: target, Region: "210200", AsOf: schema.DateOf(at), Status: schema.AtRisk, Rule: "6 chance", Unit: "个", Period: schema.Month(2025, month)}
		if chance >= 0 {
			v.Chance = &chance
			v.Forecast = &schema.Forecast{Method: "m", Points: []schema.SeriesPoint{{Period: schema.Month(2025, 4), Value: schema.MustDecimal("12.50"), Final: true}},
				Quantiles: []schema.Quantile{{P: .1, Value: 10}, {P: .5, Value: 20.5}, {P: .9, Value: 31}}}
		}
		return v
	}
	for i, run := range [][]schema.Verdict{
		{verdict("a", time.May, .7), verdict("b", time.May, -1)},
		{verdict("a", time.May, .2)}, // the same figure a day later
		{verdict("a", time.June, .9), verdict("b", time.June, .4)},
	} {
		r := schema.VerdictRun{ID: string(rune('x' + i)), At: at.AddDate(0, 0, i), AsOf: schema.DateOf(at), Cause: schema.CauseTime, Judged: len(run)}
		if err := h.SaveRun(t.Context(), r, run, nil); err != nil {
			t.Fatal(err)
		}
	}
	told, err := h.Chances(t.Context())
	if err != nil || len(told) != 3 {
		t.Fatalf("%d chances, %v", len(told), err)
	}
	for i, want := range []struct {
		target string
		chance float64
	}{{"a", .7}, {"a", .9}, {"b", .4}} {
		if told[i].Target != want.target || *told[i].Chance != want.chance {
			t.Errorf("%d: %s %v, want %+v", i, told[i].Target, *told[i].Chance, want)
		}
	}
	// A stored verdict comes back whole, digit for digit.
	if f := told[0].Forecast; f == nil || len(f.Points) != 1 || f.Points[0].Value.String() != "12.50" || f.Method != "m" || len(f.Quantiles) != 3 {
		t.Errorf("%+v", told[0].Forecast)
	}
	var low, mid, high *float64
	err = open(t, h).QueryRow(t.Context(), "SELECT forecast_p10, forecast_p50, forecast_p90 FROM verdicts WHERE target = 'b' AND chance = 0.4").Scan(&low, &mid, &high)
	if err != nil || low == nil || *low != 10 || *mid != 20.5 || *high != 31 {
		t.Errorf("%v %v %v %v", low, mid, high, err)
	}
}

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

func TestTheTurnsOfAVerdictAreItsChangesOfStatusUpToADay(t *testing.T) {
	h := newHouse(t)
	first := schema.NewDate(2025, 6, 1)
	for i, status := range []schema.Status{schema.OnTrack, schema.OnTrack, schema.AtRisk, schema.AtRisk, schema.Lagging, schema.OnTrack} {
		value := schema.MustDecimal("12.5")
		v := schema.Verdict{Policy: "turning", Target: "a", Region: "210200", AsOf: first.AddDays(i), Status: status, Rule: "6", Unit: "个", Value: &value, Period: schema.Month(2025, 5)}
		part := v
		part.Region, part.Status, part.Value, part.Period = "210202", schema.NoData, nil, schema.Period{}
		causes := map[schema.Scope]string{}
		if i > 0 {
			causes[v.Scope()] = schema.CauseFigure
		}
		r := schema.VerdictRun{ID: string(rune('a' + i)), At: first.AddDays(i).In(time.UTC), AsOf: v.AsOf, Cause: schema.CauseTime, Judged: 2}
		if err := h.SaveRun(t.Context(), r, []schema.Verdict{v, part}, causes); err != nil {
			t.Fatal(err)
		}
	}
	all, err := h.Turns(t.Context(), "turning", first.AddDays(4))
	if err != nil {
		t.Fatal(err)
	}
	turns := all[schema.Scope{Policy: "turning", Target: "a", Region: "210200"}]
	want := []schema.Turn{
		{Day: first, To: schema.OnTrack},
		{Day: first.AddDays(2), From: schema.OnTrack, To: schema.AtRisk, Cause: schema.CauseFigure},
		{Day: first.AddDays(4), From: schema.AtRisk, To: schema.Lagging, Cause: schema.CauseFigure},
	}
	if len(turns) != len(want) {
		t.Fatalf("%+v", turns)
	}
	for i, w := range want {
		g := turns[i]
		if g.Day != w.Day || g.From != w.From || g.To != w.To || g.Cause != w.Cause || g.Value == nil || g.Value.Float() != 12.5 || g.Period != schema.Month(2025, 5) {
			t.Errorf("%d: %+v, want %+v", i, g, w)
		}
	}
	if other := all[schema.Scope{Policy: "turning", Target: "a", Region: "210202"}]; len(other) != 1 || other[0].Value != nil || other[0].From != "" {
		t.Errorf("the part's turns: %+v", other)
	}
}

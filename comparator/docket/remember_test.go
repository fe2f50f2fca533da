package docket

import (
	"reflect"
	"testing"

	"yardstick/comparator/forecast"
	"yardstick/schema"
)

// tallied counts how often it is really asked.
type tallied struct {
	of forecast.Forecaster
	n  int
}

func (c *tallied) Forecast(q forecast.Question) forecast.Answer {
	c.n++
	return c.of.Forecast(q)
}

func TestAForecastIsWorkedOutOnceForTheSameFigures(t *testing.T) {
	of, err := forecast.New()
	if err != nil {
		t.Fatal(err)
	}
	asked := &tallied{of: of}
	r := remember(asked)
	q := forecast.Question{Target: schema.Target{Op: ">=", Direction: schema.Up, Value: schema.MustDecimal("100")}, Deadline: schema.NewDate(2025, 12, 31), AsOf: schema.NewDate(2025, 6, 30)}
	for i, v := range []string{"40", "47", "52", "60", "66", "71"} {
		p := schema.Month(2024, 12).Add(i)
		q.Points = append(q.Points, schema.SeriesPoint{Period: p, Value: schema.MustDecimal(v), Final: true})
	}
	first := r.Forecast(q)
	q.AsOf = schema.NewDate(2025, 7, 14)
	if again := r.Forecast(q); !reflect.DeepEqual(first, again) || asked.n != 1 || first.Chance <= 0 {
		t.Errorf("asked %d times: %+v, then %+v", asked.n, first, again)
	}
	// Anything else it is told makes another question: a figure, its status, the bound.
	for _, change := range []func(q *forecast.Question){
		func(q *forecast.Question) { q.Points[2].Value = schema.MustDecimal("53") },
		func(q *forecast.Question) { q.Points[2].Final = false },
		func(q *forecast.Question) { q.Target.Value = schema.MustDecimal("90") },
		func(q *forecast.Question) { q.Deadline = schema.NewDate(2026, 1, 31) },
		func(q *forecast.Question) { q.Counted = true },
	} {
		n := asked.n
		other := q
		other.Points = append([]schema.SeriesPoint{}, q.Points...)
		change(&other)
		if a := r.Forecast(other); asked.n != n+1 || !reflect.DeepEqual(a, of.Forecast(other)) {
			t.Errorf("not asked anew: %+v", other)
		}
	}
}

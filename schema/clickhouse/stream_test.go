package clickhouse_test

import (
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"

	"yardstick/schema"
	"yardstick/schema/clickhouse"
)

// manySeries commits figures of several indicators and regions, some twice.
func manySeries(t *testing.T, h *house) {
	t.Helper()
	for n, id := range []string{"R1", "R2", "R3"} {
		var rows []schema.Observation
		for _, indicator := range []string{"gdp", "ai-compute", "young-talent"} {
			for _, region := range []string{"210200", "210202", "210203"} {
				for m := range 6 + n {
					o := gdp(fmt.Sprintf("2025-%02d", m+1), fmt.Sprintf("%d.%d0", 100*n+m, n), "2025-09-01", "A")
					o.Indicator, o.Region, o.PublishedAt = indicator, region, o.PublishedAt.AddDays(n)
					rows = append(rows, o)
				}
			}
		}
		h.load(t, id, rows...)
	}
}

func TestFiguresOneByOneAreThoseReadAtOnce(t *testing.T) {
	h := newHouse(t)
	manySeries(t, h)
	for name, q := range map[string]clickhouse.Query{
		"in force": {}, "vintages": {Vintages: true}, "as of": {AsOf: day("2025-09-02")}, "known": {KnownAt: time.Now(), Vintages: true},
		"chosen":  {Indicators: []string{"gdp", "young-talent"}, Regions: []string{"210203"}},
		"periods": {From: day("2025-03-01"), To: day("2025-05-31")}, "up to": {UpTo: 2}, "nothing": {Indicators: []string{"nosuch"}},
	} {
		want, err := h.Observations(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		series, err := h.Series(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		var rows, done uint64
		for _, s := range series {
			rows += s.Rows
		}
		for _, from := range []int{0, len(series) / 2} {
			var got []schema.Observation
			done = 0
			if err := h.Each(t.Context(), q, series[from:], func(n uint64) { done += n }, func(o schema.Observation) error { got = append(got, o); return nil }); err != nil {
				t.Fatal(err)
			}
			if tail := want[len(want)-len(got):]; !reflect.DeepEqual(got, tail) && len(got) > 0 || from == 0 && (len(got) != len(want) || done != rows) {
				t.Errorf("%s from series %d: %d figures, want %d; %d of %d rows", name, from, len(got), len(want), done, rows)
			}
		}
	}
}

func TestAReadingThatSaysHowFarToCountSeesNothingLater(t *testing.T) {
	h := newHouse(t)
	h.load(t, "R1", gdp("2024", "9516.9", "2025-01-31", "P"))
	stand, err := h.Stand(t.Context())
	if err != nil || stand == 0 {
		t.Fatal(stand, err)
	}
	h.load(t, "R2", gdp("2024", "9540.20", "2025-10-31", "A"))
	if _, err := h.Withdraw(t.Context(), "R1", "tester", "笔误"); err != nil {
		t.Fatal(err)
	}
	if now, err := h.Stand(t.Context()); err != nil || now <= stand {
		t.Errorf("the stand is %d after %d (%v)", now, stand, err)
	}
	for upTo, want := range map[uint64]string{stand: "9516.9", 0: "9540.20"} {
		rows, err := h.Observations(t.Context(), clickhouse.Query{UpTo: upTo, Vintages: true})
		if err != nil || len(rows) != 1 || rows[0].Value.String() != want {
			t.Errorf("up to %d: %v %v, want %s", upTo, rows, err, want)
		}
	}
}

func TestAReadingEndsWhenItIsToldTo(t *testing.T) {
	h := newHouse(t)
	manySeries(t, h)
	series, err := h.Series(t.Context(), clickhouse.Query{})
	if err != nil {
		t.Fatal(err)
	}
	for _, end := range []error{clickhouse.ErrStop, errors.New("no more room")} {
		n := 0
		err := h.Each(t.Context(), clickhouse.Query{}, series, nil, func(schema.Observation) error {
			if n++; n == 5 {
				return end
			}
			return nil
		})
		if n != 5 || errors.Is(end, clickhouse.ErrStop) != (err == nil) || err != nil && !errors.Is(err, end) {
			t.Errorf("after %d figures: %v", n, err)
		}
	}
}

package comparator_test

import (
	"testing"

	"yardstick/comparator"
	"yardstick/comparator/forecast"
	"yardstick/comparator/telling"
	"yardstick/schema"
)

func calibrated(t *testing.T) forecast.Forecaster {
	t.Helper()
	f, err := forecast.New()
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestTheFanEndsInTheVeryForecastTheVerdictRestsOn(t *testing.T) {
	months := func(values ...string) string {
		text := ""
		for i, v := range values {
			text += " " + schema.Month(2024, 8).Add(i).String() + "=" + v
		}
		return text
	}
	level := func(value string) schema.Target {
		tg := target(schema.Level, value)
		tg.Deadline = day("2025-12-31")
		return tg
	}
	falls := level("40")
	falls.Direction, falls.Op = schema.Down, "<="
	added := target(schema.Added, "400")
	added.Since, added.Deadline = issued, day("2025-12-31")
	about := level("80")
	about.Kind, about.Tolerance = schema.Range, ptr(dec("5"))
	about.Op = "="
	for name, c := range map[string]comparator.Case{
		"a level that wanders":     of(t, "2025-07-20", level("80"), monthly(schema.Point), series("i", schema.Point, months("50", "52", "51", "55", "54", "58", "57", "60", "61", "60", "63"))),
		"a level that only rises":  of(t, "2025-07-20", level("80"), monthly(schema.Point), series("i", schema.Point, months("50", "52", "53", "55", "56", "58", "60", "61", "63", "64", "66"))),
		"a level that only falls":  of(t, "2025-07-20", falls, monthly(schema.Point), series("i", schema.Point, months("90", "88", "85", "83", "80", "78", "75", "73", "70", "68", "66"))),
		"what is newly added":      of(t, "2025-07-20", added, monthly(schema.Cumulative), series("i", schema.Cumulative, months("0", "0", "2", "20", "35", "60", "75", "98", "110", "131", "150"))),
		"a figure between bounds":  of(t, "2025-07-20", about, monthly(schema.Point), series("i", schema.Point, months("50", "52", "51", "55", "54", "58", "57", "60", "61", "60", "63"))),
		"the one before the break": of(t, "2025-07-20", level("80"), monthly(schema.Point), series("i", schema.Point, months("90", "91", "50B", "55", "54", "58", "57", "60", "61", "60", "63"))),
	} {
		c.Forecaster = calibrated(t)
		v := telling.Verdict(comparator.Judge(c), c.Indicator)
		if v.Forecast == nil {
			t.Errorf("%s: no forecast: %v", name, v.ChanceWhyNot)
			continue
		}
		fan := comparator.Fan(c, v)
		if len(fan) != 6 {
			t.Errorf("%s: %d steps for July to December", name, len(fan))
			continue
		}
		last := fan[len(fan)-1]
		if last.Day != day("2025-12-31") || fan[0].Day != day("2025-07-31") {
			t.Errorf("%s: from %s to %s", name, fan[0].Day, last.Day)
		}
		for _, q := range v.Forecast.Quantiles {
			if got, ok := last.At(q.P); !ok || got != q.Value {
				t.Errorf("%s: the fan ends at %v for %v, the verdict says %v", name, got, q.P, q.Value)
			}
		}
		for _, s := range fan {
			low, _ := s.At(.1)
			mid, _ := s.At(.5)
			high, ok := s.At(.9)
			if !ok || low > mid || mid > high {
				t.Errorf("%s: %s is not in order: %v %v %v", name, s.Day, low, mid, high)
			}
		}
	}
}

func TestWithoutAForecastThereIsNoFan(t *testing.T) {
	tg := target(schema.Level, "80")
	tg.Deadline = day("2025-12-31")
	c := of(t, "2025-07-20", tg, monthly(schema.Point), series("i", schema.Point, "2025-05=50 2025-06=52"))
	c.Forecaster = calibrated(t)
	if fan := comparator.Fan(c, telling.Verdict(comparator.Judge(c), c.Indicator)); fan != nil {
		t.Errorf("two figures and a fan: %+v", fan)
	}
}

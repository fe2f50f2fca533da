package forecast_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"yardstick/comparator/forecast"
	"yardstick/comparator/telling"
	"yardstick/schema"
)

func months(values ...string) []schema.SeriesPoint {
	p := schema.Month(2024, time.January)
	var out []schema.SeriesPoint
	for _, v := range values {
		if v != "" {
			out = append(out, schema.SeriesPoint{Period: p, Value: schema.MustDecimal(v), Final: true})
		}
		p = p.Next()
	}
	return out
}

func date(y, m, d int) schema.Date { return schema.NewDate(y, time.Month(m), d) }

func question(deadline schema.Date, target, op string, points []schema.SeriesPoint) forecast.Question {
	return forecast.Question{
		Target: schema.Target{Op: op, Value: schema.MustDecimal(target)}, Deadline: deadline, Points: points,
		Indicator: schema.Indicator{Unit: "个"},
	}
}

func answer(t *testing.T, q forecast.Question) forecast.Answer {
	t.Helper()
	f, err := forecast.New()
	if err != nil {
		t.Fatal(err)
	}
	return f.Forecast(q)
}

var rising = []string{"100", "112", "118", "131", "139", "152", "159", "170", "182", "188"} // about 10 a month

func TestTheChanceFollowsTheTarget(t *testing.T) {
	deadline := date(2025, 2, 28) // four months after October
	var last float64 = 2
	for _, target := range []string{"150", "200", "215", "228", "240", "260", "400"} {
		a := answer(t, question(deadline, target, ">=", months(rising...)))
		if !a.WhyNot.IsZero() || a.Chance < 0 || a.Chance > 1 || a.Chance > last {
			t.Errorf("%s: %v after %v; %s", target, a.Chance, last, said(a.WhyNot).Zh)
		}
		last = a.Chance
		b := answer(t, question(deadline, target, "<=", months(rising...)))
		if d := a.Chance + b.Chance - 1; d > 1e-9 || d < -1e-9 {
			t.Errorf("%s: at least %v, at most %v", target, a.Chance, b.Chance)
		}
	}
	near := answer(t, question(deadline, "200", ">=", months(rising...)))
	far := answer(t, question(deadline, "260", ">=", months(rising...)))
	if near.Chance < .8 || far.Chance > .3 {
		t.Errorf("228 is where it goes: 200 %v, 260 %v", near.Chance, far.Chance)
	}
	if len(near.Quantiles) != 7 || !strings.Contains(near.Method, "combined; M, n=10, h=4") {
		t.Errorf("%+v", near)
	}
	for i := 1; i < 7; i++ {
		if near.Quantiles[i].Value < near.Quantiles[i-1].Value {
			t.Errorf("%+v", near.Quantiles)
		}
	}
}

func TestTooShortIsSaid(t *testing.T) {
	for _, c := range []struct {
		q    forecast.Question
		want string
	}{
		{question(date(2024, 12, 31), "200", ">=", months("1", "2", "3")), "只有3期"},
		{question(date(2024, 12, 31), "200", ">=", nil), "只有0期"},
		{question(date(2027, 12, 31), "200", ">=", months(rising...)), "距截止还有38期"},
		{question(schema.Date{}, "200", ">=", months(rising...)), "没有时限"},
		{question(date(2024, 12, 31), "200", "=", months(rising...)), "恰好"},
		{question(date(2024, 12, 31), "200", ">=", months("1", "2", "", "", "", "6", "7", "8")), "只有3期"}, // nothing before the hole
	} {
		a := answer(t, c.q)
		if !strings.Contains(said(a.WhyNot).Zh, c.want) || said(a.WhyNot).En == "" || a.Chance != 0 || a.Quantiles != nil {
			t.Errorf("%+v, want %s", a, c.want)
		}
	}
}

func TestAFigureThatIsThereIsNotForecast(t *testing.T) {
	// The months end with October; of a deadline on 15 November October is the last.
	for deadline, want := range map[schema.Date]float64{date(2024, 10, 31): 1, date(2024, 11, 15): 1} {
		a := answer(t, question(deadline, "188", ">=", months(rising...)))
		b := answer(t, question(deadline, "189", ">=", months(rising...)))
		if a.Chance != want || b.Chance != 0 || a.Quantiles[0].Value != 188 || !strings.HasPrefix(a.Method, "known") {
			t.Errorf("%s: %+v %+v", deadline, a, b)
		}
	}
	if a := answer(t, question(date(2024, 11, 30), "189", ">=", months(rising...))); !strings.Contains(a.Method, "h=1") {
		t.Errorf("%+v", a)
	}
}

func TestOneMissingMonthIsInterpolatedAndTold(t *testing.T) {
	a := answer(t, question(date(2025, 2, 28), "200", ">=", months("100", "112", "118", "", "139", "152", "159", "170", "182", "188")))
	if !strings.Contains(a.Method, "n=10") || !strings.Contains(a.Method, "1 missing periods interpolated") {
		t.Error(a.Method, a.WhyNot)
	}
}

func TestARunningTotalStartsFromNothingWhereThatIsKnown(t *testing.T) {
	q := question(date(2024, 12, 31), "60", ">=", months("5", "10", "16", "20", "26"))
	q.Counted = true
	if a := answer(t, q); !strings.Contains(a.Method, "n=4") {
		t.Error(a.Method)
	}
	q.Begin = date(2023, 12, 31)
	a := answer(t, q)
	if !strings.Contains(a.Method, "n=5, h=7") {
		t.Error(a.Method)
	}
	if a.Quantiles[0].Value < 26 {
		t.Errorf("%v is below the 26 already counted", a.Quantiles[0].Value)
	}
	q.Target.Value = schema.MustDecimal("26")
	if a := answer(t, q); a.Chance != 1 {
		t.Errorf("what is counted stays counted: %v", a.Chance)
	}
}

func TestCoarserFiguresReachFurther(t *testing.T) {
	// 14 months carry four quarters: too few for five years. Eight year ends do.
	var points []schema.SeriesPoint
	for y := 2016; y < 2024; y++ {
		p := schema.Year(y)
		points = append(points, schema.SeriesPoint{Period: p, Value: schema.MustDecimal(fmt.Sprint(50 + 3*(y-2016)))})
	}
	points = append(points, months("72", "72.2", "72.5", "72.9", "73")...)
	q := question(date(2029, 12, 31), "85", ">=", points)
	a := answer(t, q)
	if !strings.Contains(a.Method, "A, n=8, h=6") {
		t.Error(a.Method, said(a.WhyNot).En)
	}
	q.Deadline = date(2024, 12, 31) // December before them stands at the end of a month too
	if a := answer(t, q); !strings.Contains(a.Method, "A, n=8, h=1") && !strings.Contains(a.Method, "M, n=5, h=7") {
		t.Error(a.Method, said(a.WhyNot).En)
	}
}

func TestWorkingDaysAreTakenInARow(t *testing.T) {
	var points []schema.SeriesPoint
	for d := date(2025, 3, 3); d.Before(date(2025, 3, 29)); d = d.AddDays(1) { // four weeks from a Monday
		if w := d.DaysSince(date(2025, 3, 3)) % 7; w < 5 {
			points = append(points, schema.SeriesPoint{Period: schema.Day(d), Value: schema.MustDecimal(fmt.Sprint(100 + d.Day))})
		}
	}
	a := answer(t, question(date(2025, 4, 11), "100", ">=", points))
	// 20 days in 25; 14 days on are 14*19/25 = 10.64 of them.
	if !strings.Contains(a.Method, "D, n=20, h=11") || !strings.Contains(a.Method, "in a row") {
		t.Error(a.Method, said(a.WhyNot).En)
	}
}

func TestAShareStaysAShare(t *testing.T) {
	q := question(date(2025, 12, 31), "100", ">=", months("90", "92", "93.5", "95", "97", "98", "99"))
	q.Indicator = schema.Indicator{Unit: "%", Formula: &schema.Formula{Op: "share"}}
	a := answer(t, q)
	for _, x := range a.Quantiles {
		if x.Value > 100 {
			t.Errorf("%+v", a.Quantiles)
		}
	}
	q.Indicator.Formula = nil // a growth rate may pass 100, and fall below 0
	if b := answer(t, q); b.Quantiles[6].Value <= 100 {
		t.Errorf("%+v", b.Quantiles)
	}
	// A bound the series itself has passed is none.
	q.Indicator.Formula = &schema.Formula{Op: "share"}
	q.Points = months("90", "92", "93.5", "95", "97", "98", "101")
	if b := answer(t, q); !b.WhyNot.IsZero() || b.Quantiles[6].Value <= 100 {
		t.Errorf("%+v", b)
	}
}

func TestTheForecasterMayBeAskedByManyAtOnce(t *testing.T) {
	f, err := forecast.New()
	if err != nil {
		t.Fatal(err)
	}
	q := question(date(2025, 2, 28), "225", ">=", months(rising...))
	want := f.Forecast(q)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if got := f.Forecast(q); got.Chance != want.Chance {
				t.Errorf("%v, and %v", got.Chance, want.Chance)
			}
		})
	}
	wg.Wait()
}

// said are the words of a reason.
func said(r schema.Reason) schema.Text {
	return telling.Verdict(schema.Verdict{Reason: r}, schema.Indicator{}).Reason.Text
}

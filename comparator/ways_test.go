package comparator_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"yardstick/comparator"
	"yardstick/comparator/telling"
	"yardstick/schema"
)

func said(w comparator.Ways) string {
	var zh []string
	for _, s := range w.Sentences {
		zh = append(zh, s.Zh)
	}
	return strings.Join(zh, "\n")
}

func wantSaid(t *testing.T, w comparator.Ways, want ...string) {
	t.Helper()
	for _, s := range want {
		if !strings.Contains(said(w), s) {
			t.Errorf("%q is not said:\n%s", s, said(w))
		}
	}
	for _, s := range w.Sentences {
		if strings.ContainsAny(s.Zh+s.En, "{}") {
			t.Errorf("a hole: %s %s", s.Zh, s.En)
		}
	}
}

func TestWhatItWouldTakeForALevel(t *testing.T) {
	tg := target(schema.Level, "1000")
	tg.Unit, tg.Deadline = "PFlops", day("2025-12-31")
	c := of(t, asOf, tg, monthly(schema.Point), series("i", schema.Point, "2024-12=600 2025-01=620 2025-02=640 2025-03=660 2025-04=680 2025-05=700"))
	w := telling.Take(c, ptr(dec("50")))
	// 300 are left and seven months: 42.857 a month. Lately 100 in five months: 20.
	wantNumber(t, "required", w.Required, 300, 7)
	if w.Periods != 7 || w.Recent == nil || w.Recent.Each != 20 || w.Recent.Periods != 5 {
		t.Fatalf("%+v %+v", w, w.Recent)
	}
	// 100 took the 151 days from 2024-12-31 to 2025-05-31: 300 take 453, until 2026-08-27.
	if w.Expected == nil || w.Expected.Day != day("2026-08-27") || !w.Expected.Late || w.Expected.MonthsLate != 8 {
		t.Errorf("expected %+v", w.Expected)
	}
	// The best month brought 20 in 31 days: 300 take 465, and 214 are left.
	if !w.TooLate || !w.LastDay.IsZero() || w.Best.Change.String() != "20" {
		t.Errorf("best %+v, last day %s", w.Best, w.LastDay)
	}
	// With 50 a month: 700 + 7·50 = 1050 at the deadline; 300/50 = 6 months, November.
	if x := w.WhatIf; x == nil || !x.Value.Equal(dec("1050")) || !x.Short.Equal(dec("-50")) || x.Needs != 6 || x.Day != day("2025-11-30") || !x.OnTime {
		t.Errorf("what if %+v", w.WhatIf)
	}
	wantSaid(t, w, "÷ 7 = 每个月需42.86", "按近5个月速度，预计2026年8月完成，晚8个月", "也需465天，已赶不上2025年12月31日", "300 PFlops ÷ 50 PFlops → 6个月，2025年11月完成")
	// With 42 a month six are missing at the end, and it takes eight months.
	x := telling.Take(c, ptr(dec("42"))).WhatIf
	if !x.Short.Equal(dec("6")) || x.Needs != 8 || x.OnTime || x.Day != day("2026-01-31") {
		t.Errorf("%+v", x)
	}
	if x := telling.Take(c, ptr(dec("0"))).WhatIf; x.Needs != 0 || !x.Short.Equal(dec("300")) || !x.Day.IsZero() {
		t.Errorf("%+v", x)
	}
	if x := telling.Take(c, ptr(dec("-10"))).WhatIf; x.Needs != 0 || !x.Short.Equal(dec("370")) {
		t.Errorf("%+v", x)
	}
}

func TestWhatItWouldTakeForACountThatBeganWithAPeriod(t *testing.T) {
	c := of(t, asOf, added("300", "2025-12-31"), monthly(schema.InPeriod),
		series("i", schema.InPeriod, "2024-11=20 2024-12=25 2025-01=15 2025-02=10 2025-03=30 2025-04=28 2025-05=22"))
	w := telling.Take(c, nil)
	// 150 are there and 150 left: 21.43 a month. The last six months brought 130: 21.67, enough by a hair.
	wantNumber(t, "required", w.Required, 150, 7)
	if w.Recent.Periods != 6 || !w.Recent.Change.Equal(dec("130")) || w.WhatIf != nil {
		t.Errorf("%+v", w.Recent)
	}
	// 130 in the 182 days from 2024-11-30: 150 take 210, until 2025-12-27.
	if w.Expected.Day != day("2025-12-27") || w.Expected.Late || w.Expected.MonthsLate != 0 {
		t.Errorf("%+v", w.Expected)
	}
	// The best month was March, 30 in 31 days: 150 take 155 days, so until 2025-07-29 nothing is lost.
	if w.TooLate || w.LastDay != day("2025-07-29") || w.Best.To != day("2025-03-31") {
		t.Errorf("%+v until %s", w.Best, w.LastDay)
	}
	wantSaid(t, w, "最晚到2025年7月29日还来得及", "按近6个月速度，预计2025年12月完成（2025年12月27日）")
	// The first month counts from the nought before it: with it alone as the best, November's 40.
	c = of(t, asOf, added("300", "2025-12-31"), monthly(schema.InPeriod), series("i", schema.InPeriod, "2024-11=40 2024-12=25 2025-01=15"))
	if w = telling.Take(c, nil); w.Best == nil || w.Best.To != day("2024-11-30") || !w.Best.Change.Equal(dec("40")) {
		t.Errorf("%+v", w.Best)
	}
}

func TestWhatItWouldTakeDownwardsUndatedAndMet(t *testing.T) {
	tg := target(schema.Level, "80")
	tg.Direction, tg.Op, tg.Deadline = schema.Down, "<=", day("2025-12-31")
	figures := series("i", schema.Point, "2025-03=100 2025-04=96 2025-05=94")
	w := telling.Take(of(t, asOf, tg, monthly(schema.Point), figures), ptr(dec("3")))
	wantNumber(t, "required", w.Required, 14, 7)
	if w.Recent.Each != 3 || w.WhatIf.Value.String() != "73" || w.WhatIf.Short.String() != "-7" || w.WhatIf.Needs != 5 {
		t.Errorf("%+v %+v", w.Recent, w.WhatIf)
	}
	tg.Deadline = schema.Date{}
	w = telling.Take(of(t, asOf, tg, monthly(schema.Point), figures), ptr(dec("3")))
	if w.Required != nil || w.Expected == nil || w.Expected.Late || !w.LastDay.IsZero() || w.WhatIf.Value != nil || w.WhatIf.Needs != 5 || w.WhatIf.OnTime {
		t.Errorf("undated: %+v", w)
	}
	for name, c := range map[string]comparator.Case{
		"met":         of(t, asOf, tg, monthly(schema.Point), series("i", schema.Point, "2025-05=79")),
		"a limit":     of(t, asOf, target(schema.Floor, "80"), monthly(schema.Point), figures),
		"nothing":     of(t, asOf, tg, monthly(schema.Point)),
		"a hole":      of(t, asOf, added("90", "2025-12-31"), monthly(schema.InPeriod), series("i", schema.InPeriod, "2024-11=4 2025-02=4")),
		"over":        of(t, "2026-06-30", added("90", "2025-12-31"), monthly(schema.InPeriod), series("i", schema.InPeriod, "2024-11=4")),
		"single days": of(t, asOf, tg, schema.Indicator{Code: "i", Unit: "个", Frequencies: []schema.Frequency{schema.Daily}, Basis: schema.Point}, series("i", schema.Point, "2025-06-25=95 2025-06-26=94")),
	} {
		if w := telling.Take(c, ptr(dec("1"))); w.WhyNot.Zh == "" || w.WhyNot.En == "" || w.Required != nil || w.WhatIf != nil {
			t.Errorf("%s: %+v", name, w)
		}
	}
	// Standing still is never enough, and one figure tells no pace.
	tg.Deadline = day("2025-12-31")
	wantSaid(t, telling.Take(of(t, asOf, tg, monthly(schema.Point), series("i", schema.Point, "2025-04=96 2025-05=96")), nil), "不会达到目标")
	wantSaid(t, telling.Take(of(t, asOf, tg, monthly(schema.Point), series("i", schema.Point, "2025-05=96")), nil), "只有一期数据")
}

// TestWhatIsRequiredIsEnough: with the change that is required, no less, the
// target is met at the deadline, whatever the case.
func TestWhatIsRequiredIsEnough(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	seen := 0
	for range 4 * rounds {
		c := anyCase(t, r)
		w := telling.Take(c, nil)
		if w.Required == nil {
			continue
		}
		seen++
		up := schema.DecimalFromRat(dec("0.000001").Add(schema.DecimalFromRat(w.Left.Rat(), 12)).Rat(), 12)
		each := schema.DecimalFromRat(up.Rat().Quo(up.Rat(), dec(itoa(w.Periods)).Rat()), 9).Add(dec("0.00000001"))
		x := telling.Take(c, &each).WhatIf
		if x == nil || x.Short.Sign() > 0 || !x.OnTime || x.Needs > w.Periods {
			t.Fatalf("required %v in %d periods, and yet %+v", *w.Required, w.Periods, x)
		}
		less := schema.DecimalFromRat(w.Left.Rat().Quo(w.Left.Rat(), dec(itoa(w.Periods)).Rat()), 9).Sub(dec("0.00000001"))
		if x := telling.Take(c, &less).WhatIf; x.Short.Sign() <= 0 || x.OnTime {
			t.Fatalf("less than required is enough: %+v", x)
		}
		if w.TooLate == !w.LastDay.IsZero() && w.Best != nil {
			t.Fatalf("too late %v, last day %s", w.TooLate, w.LastDay)
		}
	}
	if seen < 50 {
		t.Errorf("only %d cases say anything", seen)
	}
}

func itoa(n int) string { return schema.NewDecimal(int64(n), 0).String() }

package comparator_test

import (
	"strings"
	"testing"

	"yardstick/comparator"
	"yardstick/comparator/derive"
	"yardstick/comparator/telling"
	"yardstick/schema"
)

func TestWhatKeepsADerivedFigureFromBeingComputedIsTold(t *testing.T) {
	tg := target(schema.Level, "15")
	tg.Unit, tg.Deadline = "%", day("2025-12-31")
	ind := monthly(schema.YearToDate)
	ind.Unit, ind.Formula, ind.Frequencies = "%", &schema.Formula{Op: "share", Terms: []string{"a", "b"}}, []schema.Frequency{schema.Quarterly}
	gdp := schema.Text{Zh: "地区生产总值", En: "GDP"}
	lack := func(p schema.Period, why derive.Because) comparator.Lack {
		return comparator.Lack{Period: p, Basis: schema.YearToDate, Term: gdp, Because: why}
	}
	c := of(t, "2025-08-31", tg, ind, series("i", schema.YearToDate, "2024-Q4=13 2025-Q1=14"))
	c.Lacking = []comparator.Lack{
		lack(schema.Quarter(2024, 2), derive.Absent), // before the issue
		lack(schema.Quarter(2024, 4), derive.Absent), // older than the figure judged
		lack(schema.Quarter(2025, 2), derive.Absent),
		lack(schema.Quarter(2025, 3), derive.Unit), // still running
	}
	v := judge(t, c)
	if n := strings.Count(v.Reason.Zh, "尚不能计算"); n != 1 || !strings.Contains(v.Reason.Zh, "2025年上半年缺“地区生产总值”") && !strings.Contains(v.Reason.Zh, "2025年1-6月缺“地区生产总值”") {
		t.Errorf("%d: %s", n, v.Reason.Zh)
	}
	if strings.Contains(v.Reason.Zh, "单位与指标目录不符") || !strings.Contains(v.Reason.En, "GDP is missing") {
		t.Error(v.Reason.En)
	}
	// Nothing judged at all: the reasons are all there is to say, three at most.
	c.Observations = nil
	c.Lacking = []comparator.Lack{lack(schema.Quarter(2024, 4), derive.Denominator), lack(schema.Quarter(2025, 1), derive.Unit), lack(schema.Quarter(2025, 2), derive.Absent), lack(schema.Quarter(2025, 2), derive.Unit)}
	v = judge(t, c)
	want(t, v, schema.NoData, "1 no data")
	for _, s := range []string{"不能作除数", "单位与指标目录不符", "尚不能计算"} {
		if strings.Count(v.Reason.Zh, s) != 1 {
			t.Errorf("%q: %s", s, v.Reason.Zh)
		}
	}
}

// BenchmarkJudge judges the policy's number of targets over two years of months
// with the forecaster: what one comparison costs.
func BenchmarkJudge(b *testing.B) {
	var cases []comparator.Case
	tg := target(schema.Level, "1000")
	tg.Deadline = day("2026-12-31")
	for i := range 27 {
		c := of(b, "2026-03-31", tg, monthly(schema.Point), series("i", schema.Point,
			"2024-10=298 2024-11=305 2024-12=316 2025-01=329 2025-02=345 2025-03=362 2025-04=385 2025-05=410 2025-06=436 2025-07=478 2025-08=520 2025-09=561 "+
				"2025-10=606 2025-11=655 2025-12=660 2026-01=670 2026-02=690"))
		if i%3 == 0 {
			c.Target = added("400", "2026-12-31")
			c.Indicator = monthly(schema.Cumulative)
			c.Observations = series("i", schema.Cumulative, "2024-10=3 2024-11=18 2024-12=37 2025-01=45 2025-02=61 2025-03=76 2025-04=94 2025-05=112 2025-06=138 2025-07=166 2025-08=199 2025-09=231 2025-10=268 2025-11=312 2025-12=330 2026-01=341 2026-02=350")
		}
		c.Forecaster = forecaster()
		cases = append(cases, c)
	}
	for b.Loop() {
		for _, c := range cases {
			if v := telling.Verdict(comparator.Judge(c), c.Indicator); v.Chance == nil {
				b.Fatal(v.ChanceWhyNot.En)
			}
		}
	}
}

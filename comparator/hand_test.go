package comparator_test

import (
	"strings"
	"testing"

	"yardstick/comparator"
	"yardstick/comparator/derive"
	"yardstick/schema"
)

// Eight targets of the register, one of a kind, judged by hand as of
// 2025-06-30. The figures are made up.

type entries []schema.Indicator

func (e entries) ByCode(code string) (schema.Indicator, bool) {
	for _, i := range e {
		if i.Code == code {
			return i, true
		}
	}
	return schema.Indicator{}, false
}

const asOf = "2025-06-30"

func TestByHandDerivedLevel(t *testing.T) {
	// 战略性新兴产业增加值占GDP比重: at least 15 % by 2025-12-31, no baseline,
	// computed from two indicators, years to date by quarter and whole years.
	quarterly := []schema.Frequency{schema.Quarterly, schema.Annual}
	cat := entries{
		{Code: "strategic-industry-gdp-share", Unit: "%", UnitEn: "%", Decimals: 1, Frequencies: quarterly, Basis: schema.YearToDate,
			Release: schema.Release{Days: 30, Grace: 5}, Formula: &schema.Formula{Op: "share", Terms: []string{"strategic-industry-value-added", "gdp"}}},
		{Code: "strategic-industry-value-added", Unit: "亿元", Frequencies: quarterly, Basis: schema.YearToDate},
		{Code: "gdp", Unit: "亿元", Frequencies: quarterly, Basis: schema.YearToDate},
	}
	var obs []schema.Observation
	for _, s := range [][]schema.Observation{
		series("strategic-industry-value-added", schema.YearToDate, "2024-Q3=900P 2025-Q1=301P"),
		series("strategic-industry-value-added", schema.InPeriod, "2024=1280"),
		series("gdp", schema.YearToDate, "2024-Q3=6800P 2025-Q1=2150P"),
		series("gdp", schema.InPeriod, "2024=9400"),
	} {
		for i := range s {
			s[i].Unit = "亿元"
		}
		obs = append(obs, s...)
	}
	res, err := derive.Compute(cat, "strategic-industry-gdp-share", city, obs)
	if err != nil {
		t.Fatal(err)
	}
	tg := target(schema.Level, "15")
	tg.Indicator, tg.Unit, tg.Deadline = "strategic-industry-gdp-share", "%", day("2025-12-31")
	c := of(t, asOf, tg, cat[0], res.Observations())
	c.Terms = res.Terms()
	v := judge(t, c)

	// Shares: 900/6800 = 13.235294 %, 1280/9400 = 13.617021 %,
	// 301/2150 = 14 % exactly (of 2024-Q3, 2024 and 2025-Q1).
	wantValue(t, v, "14")
	if v.Period != schema.Quarter(2025, 1) {
		t.Errorf("judged on %s", v.Period)
	}
	wantNumber(t, "gap ratio", v.GapRatio, 1, 15)
	wantNumber(t, "attainment", v.Attainment, 14, 15)
	// Schedule: 2024-10-27 to 2025-03-31 is 155 days, to 2025-12-31 430.
	wantNumber(t, "schedule", v.Schedule, 155, 430)
	// Slope: the days are 2024-09-30, 2024-12-31 (+92), 2025-03-31 (+182).
	// Mean day (0+92+182)/3 = 274/3; deviations -274/3, 2/3, 272/3.
	// Mean share (13.235294+13.617021+14)/3 = 13.617438333…
	// Σdx·dy = (-274·-0.382144333 + 2·-0.000417333 + 272·0.382561667)/3
	//        = (104.707547333 - 0.000834667 + 104.056773333)/3 = 208.763486/3 = 69.587828667
	// Σdx² = (274² + 2² + 272²)/9 = (75076 + 4 + 73984)/9 = 149064/9 = 16562.666667
	// A year: 69.587828667/16562.666667·365.25
	wantNumber(t, "slope", v.SlopeSeen, 208.763486/3*365.25, 149064.0/9)
	// Needed: 1 point in the 275 days from 2025-03-31 to 2025-12-31.
	wantNumber(t, "needed", v.SlopeNeeded, 365.25, 275)
	wantNumber(t, "pace", v.Pace, 208.763486/3*275, 149064.0/9)
	want(t, v, schema.OnTrack, "6 pace") // 1.155 >= .95
	wantNone(t, "progress", v.Progress)
	if !v.Marks.Provisional {
		t.Error("both figures of 2025-Q1 are provisional")
	}
	roles := map[schema.Role]int{}
	for _, in := range v.Inputs {
		roles[in.Role]++
	}
	if roles["judged"] != 1 || roles["history"] != 2 || roles["numerator"] != 3 || roles["denominator"] != 3 {
		t.Errorf("inputs %v", roles)
	}
	if v.Inputs[0].Role != "judged" || v.Inputs[1].Value.String() != "301" || v.Inputs[2].Value.String() != "2150" {
		t.Errorf("the figure and its terms come first: %+v", v.Inputs[:3])
	}
}

func TestByHandLevelWithoutBaseline(t *testing.T) {
	// 智算算力规模: at least 1000 PFlops by 2025-12-31.
	tg := target(schema.Level, "1000")
	tg.ID, tg.Unit, tg.Deadline = "ai-compute", "PFlops", day("2025-12-31")
	v := judge(t, of(t, asOf, tg, monthly(schema.Point),
		series("i", schema.Point, "2024-12=600 2025-01=620 2025-02=640 2025-03=660 2025-04=680 2025-05=700")))
	wantValue(t, v, "700")
	wantNumber(t, "gap ratio", v.GapRatio, 300, 1000)
	// Six months rising by 20 each. Days since 2024-12-31: 0, 31, 59, 90, 120, 151.
	// Σx = 451, Σx² = 961+3481+8100+14400+22801 = 49743, Σy = 3900,
	// Σxy = 620·31+640·59+660·90+680·120+700·151 = 19220+37760+59400+81600+105700 = 303680
	// slope = (6·303680 - 451·3900)/(6·49743 - 451²) = (1822080-1758900)/(298458-203401) = 63180/95057 a day
	wantNumber(t, "slope", v.SlopeSeen, 63180*365.25, 95057)
	// Needed: 300 in the 214 days from 2025-05-31.
	wantNumber(t, "needed", v.SlopeNeeded, 300*365.25, 214)
	// Pace: 0.66465 / 1.40187 = 0.474
	wantNumber(t, "pace", v.Pace, 63180*214.0/95057, 300)
	want(t, v, schema.Lagging, "6 pace")
	if !strings.Contains(v.Reason.Zh, "最近6期") || !strings.Contains(v.Reason.En, "last 6 figures") {
		t.Errorf("how many points, and why, is not told: %s", v.Reason.Zh)
	}

	// At the pace of the last five months, 100 in 151 days, 300 take 453 days.
	p := comparator.Project(of(t, asOf, tg, monthly(schema.Point),
		series("i", schema.Point, "2024-12=600 2025-01=620 2025-02=640 2025-03=660 2025-04=680 2025-05=700")), 6)
	if p == nil || p.Periods != 5 || p.Day != day("2025-05-31").AddDays(453) || !p.Late || p.MonthsLate != 8 {
		t.Errorf("projection %+v", p) // 2026-08-27
	}
}

func TestByHandAdded(t *testing.T) {
	// 新增雏鹰、瞪羚、独角兽企业: 400 by 2025-12-31, counted since 2024-10-27,
	// figures of single months.
	tg := target(schema.Added, "400")
	tg.ID, tg.Unit, tg.Deadline, tg.Since = "high-growth-firms", "家", day("2025-12-31"), issued
	v := judge(t, of(t, asOf, tg, monthly(schema.InPeriod),
		series("i", schema.InPeriod, "2024-09=50 2024-10=9 2024-11=20 2024-12=25 2025-01=15 2025-02=10 2025-03=30 2025-04=28 2025-05=22P")))
	// 20+25+15+10+30+28+22 = 150. September is before, October spans the day
	// of issue and is asked about.
	wantValue(t, v, "150")
	wantNumber(t, "progress", v.Progress, 150, 400)
	// 2024-10-27 to 2025-05-31 is 216 days of 430.
	wantNumber(t, "schedule", v.Schedule, 216, 430)
	wantNumber(t, "pace", v.Pace, 150*430, 400*216) // 0.7465
	want(t, v, schema.AtRisk, "6 pace")
	if !v.Marks.Provisional || !strings.Contains(v.Reason.Zh, "2024年10月") || !strings.Contains(v.Reason.Zh, "9家") {
		t.Errorf("the straddling month must be told with its figure: %s", v.Reason.Zh)
	}
	parts := 0
	for _, in := range v.Inputs {
		if in.Role == schema.RolePart {
			parts++
		}
	}
	if parts != 7 || v.Baseline == nil || v.Baseline.Sign() != 0 {
		t.Errorf("%d parts, baseline %v", parts, v.Baseline)
	}
	lag, ok := v.Lag()
	if !ok || lag <= 0 {
		t.Errorf("lag %v %v", lag, ok)
	}
}

func TestByHandWithin(t *testing.T) {
	// 具有影响力的大中型活动: 100 within 2025, figures of the year to date.
	tg := target(schema.Within, "100")
	tg.ID, tg.Unit, tg.Deadline = "large-events", "场", day("2025-12-31")
	tg.WindowFrom, tg.WindowTo = day("2025-01-01"), day("2025-12-31")
	v := judge(t, of(t, asOf, tg, monthly(schema.YearToDate),
		series("i", schema.YearToDate, "2024-12=90 2025-01=4 2025-02=9 2025-03=18 2025-04=30 2025-05=40")))
	wantValue(t, v, "40") // 2024 is another window
	wantNumber(t, "progress", v.Progress, 40, 100)
	// 151 of the window's 365 days are over at the end of May.
	wantNumber(t, "schedule", v.Schedule, 151, 365)
	wantNumber(t, "pace", v.Pace, 40*365, 100*151) // 0.9669
	want(t, v, schema.OnTrack, "6 pace")
	if v.Inputs[0].Role != "judged" || v.Inputs[0].Value.String() != "40" {
		t.Errorf("inputs %+v", v.Inputs)
	}
}

func TestByHandCeiling(t *testing.T) {
	// “揭榜挂帅”单项补贴上限: never above 1000 万元.
	tg := target(schema.Ceiling, "1000")
	tg.ID, tg.Unit = "open-bid-subsidy-cap", "万元"
	v := judge(t, of(t, asOf, tg, monthly(schema.Point),
		series("i", schema.Point, "2024-09=1200 2024-11=1000 2025-02=1100 2025-04=1050 2025-05=960")))
	// February and April were above; September was before the policy; equal to
	// the limit is within it.
	want(t, v, schema.OnTrack, "2 limit")
	if v.Breaches != 2 {
		t.Errorf("%d breaches, want 2", v.Breaches)
	}
	wantValue(t, v, "960")
	wantNumber(t, "gap ratio", v.GapRatio, -40, 1000)
	wantNumber(t, "attainment", v.Attainment, 1000, 960)

	v = judge(t, of(t, "2025-05-20", tg, monthly(schema.Point), series("i", schema.Point, "2024-11=1000 2025-02=1100 2025-04=1050P")))
	want(t, v, schema.Breached, "2 limit")
	if v.Breaches != 1 || !v.Marks.Provisional || !strings.Contains(v.Reason.Zh, "初步") {
		t.Errorf("%d breaches, %+v %s", v.Breaches, v.Marks, v.Reason.Zh)
	}
}

func TestByHandFloor(t *testing.T) {
	// 最低首付比例: never below 15 %.
	tg := target(schema.Floor, "15")
	tg.ID, tg.Unit = "minimum-down-payment", "%"
	ind := monthly(schema.Point)
	ind.Unit = "%"
	v := judge(t, of(t, asOf, tg, ind, series("i", schema.Point, "2024-12=20 2025-05=15.00")))
	want(t, v, schema.OnTrack, "2 limit") // exactly the floor
	wantNumber(t, "attainment", v.Attainment, 15, 15)
	if !strings.Contains(v.Reason.Zh, "15.00%") {
		t.Errorf("digits as written: %s", v.Reason.Zh)
	}
	v = judge(t, of(t, asOf, tg, ind, series("i", schema.Point, "2024-12=20 2025-05=14.99")))
	want(t, v, schema.Breached, "2 limit")
	wantNumber(t, "gap ratio", v.GapRatio, 0.01, 15)
}

func TestByHandMilestone(t *testing.T) {
	// 完成配售保障性住房启动项目的审核、销售和交付 by 2024-11-30.
	tg := target(schema.Milestone, "1")
	tg.ID, tg.Unit, tg.Deadline = "affordable-sale-housing-delivery", "项", day("2024-11-30")
	ind := monthly(schema.Point)
	v := judge(t, of(t, asOf, tg, ind, series("i", schema.Point, "2024-10=0 2024-11=0P 2025-02=0 2025-03=1")))
	want(t, v, schema.Missed, "7 milestone")
	if !v.Marks.ReachedLate || !v.Marks.Provisional {
		t.Errorf("marks %+v", v.Marks)
	}
	wantDay(t, "reached on", v.ReachedOn, "2025-03-31")
	v = judge(t, of(t, asOf, tg, ind, series("i", schema.Point, "2024-10=0 2024-11=1")))
	want(t, v, schema.Achieved, "7 milestone")
	wantDay(t, "reached on", v.ReachedOn, "2024-11-30")
}

func TestByHandCadence(t *testing.T) {
	// 债券资金旬通报: a report each ten-day period.
	tg := target(schema.Cadence, "10")
	tg.ID, tg.Unit, tg.Every = "bond-fund-report-cadence", "day", schema.TenDay
	ind := schema.Indicator{Code: "i", Unit: "day", Frequencies: []schema.Frequency{schema.TenDay}, Basis: schema.Point}
	reports := series("i", schema.Point, "2025-05-21/P10D=1 2025-06-01/P10D=1")
	reports[0].PublishedAt, reports[1].PublishedAt = day("2025-06-02"), day("2025-06-12")
	// Reported on 06-12, in the second ten days of June: the next is due by the
	// end of the third, 06-30. 18 days have passed since.
	v := judge(t, of(t, asOf, tg, ind, reports))
	want(t, v, schema.OnTrack, "2 cadence")
	wantValue(t, v, "18")
	if v.Gap.Sign() != 0 { // none left
		t.Errorf("gap %s", v.Gap)
	}
	v = judge(t, of(t, "2025-07-01", tg, ind, reports))
	want(t, v, schema.Lagging, "2 cadence")
	if !v.Marks.LateCadence || !v.Gap.Equal(dec("1")) {
		t.Errorf("%+v %s", v.Marks, v.Gap)
	}
}

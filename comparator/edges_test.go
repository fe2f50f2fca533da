package comparator_test

import (
	"strings"
	"testing"

	"yardstick/schema"
)

func added(value, deadline string) schema.Target {
	t := target(schema.Added, value)
	t.Since, t.Deadline = issued, day(deadline)
	return t
}

func window(value, from, to string) schema.Target {
	t := target(schema.Within, value)
	t.WindowFrom, t.WindowTo, t.Deadline = day(from), day(to), day(to)
	return t
}

func TestCountedACumulativeFigureGoesFirst(t *testing.T) {
	ind := monthly(schema.Cumulative)
	ind.Since = issued
	// October's cumulative figure since the day of issue is fine.
	v := judge(t, of(t, asOf, added("400", "2025-12-31"), ind,
		series("i", schema.Cumulative, "2024-10=2 2025-05=150"), series("i", schema.InPeriod, "2024-10=30 2024-11=1 2024-12=1")))
	wantValue(t, v, "150")
	if strings.Contains(v.Reason.Zh, "跨越") || v.Inputs[0].Role != "judged" {
		t.Errorf("%s %+v", v.Reason.Zh, v.Inputs[0])
	}
	// Where it ends, whole periods go on from it.
	v = judge(t, of(t, asOf, added("400", "2025-12-31"), ind,
		series("i", schema.Cumulative, "2025-03=100"), series("i", schema.InPeriod, "2025-04=7 2025-05=8")))
	wantValue(t, v, "115")
	// Counted since a year before: less what had been counted by then.
	ind.Since = day("2024-01-01")
	tg := window("100", "2025-01-01", "2025-12-31")
	v = judge(t, of(t, asOf, tg, ind, series("i", schema.Cumulative, "2024-11=70 2024-12=80 2025-04=100 2025-05=110")))
	wantValue(t, v, "30") // 110 - 80
	if v.Inputs[0].Role != "judged" || v.Inputs[1].Role != "baseline" || v.Inputs[1].Value.String() != "80" {
		t.Errorf("%+v", v.Inputs[:2])
	}
	// Without that figure there is nothing to subtract: it is missing.
	v = judge(t, of(t, asOf, tg, ind, series("i", schema.Cumulative, "2024-11=70 2025-04=100 2025-05=110")))
	want(t, v, schema.NoData, "6 incomplete")
	if periods(v.Missing) != "2024-12" {
		t.Errorf("missing %s", periods(v.Missing))
	}
	// Nor may one subtract across a break.
	v = judge(t, of(t, asOf, tg, ind, series("i", schema.Cumulative, "2024-12=80 2025-04=200B 2025-05=210")))
	want(t, v, schema.NoData, "6 incomplete")
	// Counted from a later day than promised is not the whole count.
	ind.Since = day("2025-01-01")
	v = judge(t, of(t, asOf, added("400", "2025-12-31"), ind, series("i", schema.Cumulative, "2025-05=150")))
	want(t, v, schema.NoData, "6 incomplete")
	if periods(v.Missing) != "2024-11 2024-12" {
		t.Errorf("missing %s", periods(v.Missing))
	}
}

func TestCountedWholePeriodsAreSummed(t *testing.T) {
	ind := monthly(schema.InPeriod)
	tg := added("400", "2025-12-31")
	// A hole is no data, and is named; figures of a status that may not be
	// judged leave one too.
	v := judge(t, of(t, asOf, tg, ind, series("i", schema.InPeriod, "2024-11=20 2024-12=25 2025-01=-O 2025-02=10 2025-03=30F 2025-04=28 2025-05=22")))
	want(t, v, schema.NoData, "6 incomplete")
	if periods(v.Missing) != "2025-01 2025-03" || !strings.Contains(v.Reason.Zh, "2025年1月、2025年3月") {
		t.Errorf("missing %s: %s", periods(v.Missing), v.Reason.Zh)
	}
	wantValue(t, v, "")
	// A hole at the very start as well.
	v = judge(t, of(t, asOf, tg, ind, series("i", schema.InPeriod, "2025-01=20 2025-02=10")))
	if periods(v.Missing) != "2024-11 2024-12" {
		t.Errorf("missing %s", periods(v.Missing))
	}
	// The last month merely not there yet is no hole.
	v = judge(t, of(t, asOf, tg, ind, series("i", schema.InPeriod, "2024-11=20 2024-12=25 2025-01=5 2025-02=6 2025-03=7 2025-04=8")))
	wantValue(t, v, "71")
	if v.Period != schema.Month(2025, 4) || len(v.Missing) != 0 {
		t.Errorf("%s %v", v.Period, v.Missing)
	}
	// A quarter or a year to date steps in for months that are missing.
	v = judge(t, of(t, asOf, tg, ind, series("i", schema.InPeriod, "2024-11=20 2024-12=25 2025-Q1=33 2025-04=8")))
	wantValue(t, v, "86")
	v = judge(t, of(t, asOf, tg, ind, series("i", schema.InPeriod, "2024-11=20 2024-12=25 2025-04=8"), series("i", schema.YearToDate, "2025-03=33")))
	wantValue(t, v, "86")
	// Months go before the quarter where both are there and differ.
	v = judge(t, of(t, asOf, tg, ind, series("i", schema.InPeriod, "2024-11=20 2024-12=25 2025-01=10 2025-02=10 2025-03=10 2025-Q1=33")))
	wantValue(t, v, "75")
	// Met before a hole: the total can only be more.
	v = judge(t, of(t, asOf, added("40", "2025-12-31"), ind, series("i", schema.InPeriod, "2024-11=20 2024-12=25 2025-02=3")))
	want(t, v, schema.Achieved, "4 achieved")
	if periods(v.Missing) != "2025-01" || !strings.Contains(v.Reason.Zh, "不影响结论") {
		t.Errorf("missing %s: %s", periods(v.Missing), v.Reason.Zh)
	}
	wantDay(t, "reached on", v.ReachedOn, "2024-12-31")
}

func TestCountedTheStraddlingMonthIsAskedAbout(t *testing.T) {
	ind := monthly(schema.InPeriod)
	tg := added("400", "2025-12-31")
	straddling := "跨越起算日2024年10月27日"
	v := judge(t, of(t, asOf, tg, ind, series("i", schema.InPeriod, "2024-10=12 2024-11=20 2024-12=25")))
	wantValue(t, v, "45")
	if !strings.Contains(v.Reason.Zh, straddling) || !strings.Contains(v.Reason.Zh, "12个") || !strings.Contains(v.Reason.En, "not counted") {
		t.Error(v.Reason)
	}
	// Alone it is nothing to judge by, but it is told.
	v = judge(t, of(t, "2024-11-20", tg, ind, series("i", schema.InPeriod, "2024-10=12")))
	want(t, v, schema.NoData, "1 no data")
	if !strings.Contains(v.Reason.Zh, straddling) {
		t.Error(v.Reason.Zh)
	}
	// Nothing in the whole month is nothing after the day of issue either.
	v = judge(t, of(t, asOf, tg, ind, series("i", schema.InPeriod, "2024-10=0 2024-11=20 2024-12=25")))
	wantValue(t, v, "45")
	if strings.Contains(v.Reason.Zh, straddling) {
		t.Error(v.Reason.Zh)
	}
	// No figure of October at all: what is not counted is still told.
	v = judge(t, of(t, asOf, tg, ind, series("i", schema.InPeriod, "2024-11=20 2024-12=25")))
	wantValue(t, v, "45")
	if !strings.Contains(v.Reason.Zh, straddling) {
		t.Error(v.Reason.Zh)
	}
	// Ten-day figures lie closer, daily ones fit.
	ind.Frequencies = []schema.Frequency{schema.TenDay}
	v = judge(t, of(t, "2024-11-30", tg, ind, series("i", schema.InPeriod, "2024-10-21/P10D=5 2024-11-01/P10D=4")))
	wantValue(t, v, "4")
	ind.Frequencies = []schema.Frequency{schema.Daily}
	s := series("i", schema.InPeriod, "2024-10-28=1 2024-10-29=2 2024-10-30=3 2024-10-31=4 2024-11-01=5 2024-11-04=6")
	v = judge(t, of(t, "2024-11-20", tg, ind, s))
	wantValue(t, v, "21") // Sunday 27 October and the weekend after are days off, no holes
	v = judge(t, of(t, "2024-11-20", tg, ind, append(s[:2:2], s[3:]...)))
	want(t, v, schema.NoData, "6 incomplete")
	if periods(v.Missing) != "2024-10-30" {
		t.Errorf("missing %s", periods(v.Missing))
	}
}

func TestCountedYearsToDateAreTakenApart(t *testing.T) {
	ind := monthly(schema.YearToDate)
	tg := added("400", "2025-12-31")
	// 2024: 100 by December, 80 by October (which spans the day of issue): 20.
	// 2025: 50 by May. October's own part after the 27th is not counted.
	v := judge(t, of(t, asOf, tg, ind, series("i", schema.YearToDate, "2024-10=80 2024-11=88 2024-12=100 2025-04=30 2025-05=50")))
	wantValue(t, v, "70")
	sum := schema.Decimal{}
	for _, in := range v.Inputs {
		switch in.Role {
		case "part":
			sum = sum.Add(*in.Value)
		case "baseline":
			sum = sum.Sub(*in.Value)
		}
	}
	if !sum.Equal(*v.Value) {
		t.Errorf("the inputs give %s: %+v", sum, v.Inputs)
	}
	// The year's end is missing: what came after cannot be joined.
	v = judge(t, of(t, asOf, tg, ind, series("i", schema.YearToDate, "2024-10=80 2024-11=88 2025-05=50")))
	want(t, v, schema.NoData, "6 incomplete")
	if periods(v.Missing) != "2024-12" {
		t.Errorf("missing %s", periods(v.Missing))
	}
	// Nothing to subtract at the start.
	v = judge(t, of(t, "2025-01-31", tg, ind, series("i", schema.YearToDate, "2024-12=100")))
	want(t, v, schema.NoData, "6 incomplete")
	if periods(v.Missing) != "2024-10" {
		t.Errorf("missing %s", periods(v.Missing))
	}
	v = judge(t, of(t, "2025-01-31", tg, ind, series("i", schema.YearToDate, "2024-11=88")))
	if periods(v.Missing) != "2024-10" {
		t.Errorf("missing %s", periods(v.Missing))
	}
	// A window within the year: the second quarter is June less March.
	v = judge(t, of(t, "2025-08-31", window("6", "2025-04-01", "2025-06-30"), ind,
		series("i", schema.YearToDate, "2025-03=4 2025-04=5 2025-05=8 2025-06=9 2025-07=30")))
	want(t, v, schema.Missed, "3 deadline")
	wantValue(t, v, "5")
	if v.Marks.ReachedLate {
		t.Error("what comes after the window does not count")
	}
	wantNumber(t, "schedule", v.Schedule, 91, 91)
	v = judge(t, of(t, "2025-05-31", window("6", "2025-04-01", "2025-06-30"), ind, series("i", schema.YearToDate, "2025-03=4 2025-04=5")))
	wantNumber(t, "schedule", v.Schedule, 30, 91)
	wantNumber(t, "pace", v.Pace, 1*91, 6*30)
	// Last year's window, whole by the year's own figure.
	v = judge(t, of(t, asOf, window("100000", "2024-01-01", "2024-12-31"), ind, series("i", schema.InPeriod, "2024=100000")))
	want(t, v, schema.Achieved, "3 deadline")
}

func TestCountedAStockIsComparedWithItsStart(t *testing.T) {
	ind := monthly(schema.Point)
	v := judge(t, of(t, asOf, window("100", "2025-01-01", "2025-12-31"), ind, series("i", schema.Point, "2024-12=500 2025-05=530")))
	wantValue(t, v, "30")
	v = judge(t, of(t, asOf, window("100", "2025-01-01", "2025-12-31"), ind, series("i", schema.Point, "2025-05=530")))
	want(t, v, schema.NoData, "6 incomplete")
}

func TestLevelsTakeTheLastVintageUnderWhateverKey(t *testing.T) {
	tg := target(schema.Level, "100")
	ind := monthly(schema.Point)
	// June as a month and as the end of the quarter are one figure: the later
	// vintage is judged.
	v := judge(t, of(t, "2025-08-01", tg, ind, series("i", schema.Point, "2025-06=90 2025-Q2=91")))
	wantValue(t, v, "91")
	v = judge(t, of(t, "2025-08-01", tg, ind, series("i", schema.Point, "2025-Q2=91 2025-06=90")))
	wantValue(t, v, "90")
	if v.Period != schema.Month(2025, 6) {
		t.Errorf("the figure is of %s", v.Period)
	}
	v = judge(t, of(t, "2025-08-01", tg, ind, series("i", schema.Point, "2025-05=89 2025-Q2=91")))
	wantValue(t, v, "91")
	// A stock goes before flows of the same name.
	v = judge(t, of(t, "2025-08-01", tg, ind, series("i", schema.Point, "2025-05=89"), series("i", schema.InPeriod, "2025-06=900")))
	wantValue(t, v, "89")
	// January to June of an amount is no level against a year's target …
	yearly := monthly(schema.YearToDate)
	yearly.Unit = "亿元"
	s := append(series("i", schema.InPeriod, "2024=95"), series("i", schema.YearToDate, "2025-06=60")...)
	v = judge(t, of(t, "2025-08-01", tg, yearly, s))
	wantValue(t, v, "95")
	// … but a share of January to June is one.
	yearly.Unit = "%"
	wantValue(t, judge(t, of(t, "2025-08-01", tg, yearly, s)), "60")
	// A ceiling can be passed before the year is over.
	yearly.Unit = "亿元"
	wantValue(t, judge(t, of(t, "2025-08-01", target(schema.Ceiling, "50"), yearly, s)), "60")
	// Of two vintages of a key handed in by mistake the later holds.
	twice := append(series("i", schema.Point, "2025-05=80"), series("i", schema.Point, "2025-05=85")...)
	twice[0].PublishedAt, twice[0].Seq = day("2025-06-20"), 9
	wantValue(t, judge(t, of(t, asOf, tg, ind, twice)), "80")
}

func TestDownwardTargets(t *testing.T) {
	tg := target(schema.Level, "40")
	tg.Direction, tg.Op = schema.Down, "<="
	tg.Baseline, tg.BaselineDate, tg.Deadline = ptr(dec("60")), day("2024-12-31"), day("2025-12-31")
	ind := monthly(schema.Point)
	v := judge(t, of(t, asOf, tg, ind, series("i", schema.Point, "2025-05=50")))
	wantNumber(t, "attainment", v.Attainment, 40, 50)
	wantNumber(t, "gap ratio", v.GapRatio, 10, 40)
	wantNumber(t, "progress", v.Progress, 10, 20)
	wantNumber(t, "schedule", v.Schedule, 151, 365)
	wantNumber(t, "needed", v.SlopeNeeded, -10*365.25, 214)
	want(t, v, schema.OnTrack, "6 pace")
	want(t, judge(t, of(t, asOf, tg, ind, series("i", schema.Point, "2025-05=40"))), schema.Achieved, "4 achieved")
	// Without a baseline, falling 2 a month against 10 in 214 days.
	tg.Baseline, tg.BaselineDate = nil, schema.Date{}
	v = judge(t, of(t, asOf, tg, ind, series("i", schema.Point, "2025-03=54 2025-04=52 2025-05=50")))
	// Days 0, 30, 61: (3·(1560+3050) - 91·156)/5582 = (13830-14196)/5582
	wantNumber(t, "slope", v.SlopeSeen, -366*365.25, 5582)
	wantNumber(t, "pace", v.Pace, 366*214, 5582*10)
	want(t, v, schema.OnTrack, "6 pace")
	// Rising away from it.
	v = judge(t, of(t, asOf, tg, ind, series("i", schema.Point, "2025-03=50 2025-04=51 2025-05=52")))
	want(t, v, schema.Lagging, "6 pace")
	if *v.Pace >= 0 {
		t.Errorf("pace %g", *v.Pace)
	}
}

func TestCompoundPathAsksForGrowth(t *testing.T) {
	tg := target(schema.Level, "400")
	tg.Path = "compound"
	tg.Baseline, tg.BaselineDate, tg.Deadline = ptr(dec("100")), day("2024-01-01"), day("2026-01-01")
	ind := monthly(schema.Point)
	ind.Frequencies = []schema.Frequency{schema.Daily}
	// 731 days; at day 365.5 the curve would be at 200. 2024-12-31 is day 365:
	// 100·4^(365/731) = 199.81.
	v := judge(t, of(t, "2025-01-31", tg, ind, series("i", schema.Point, "2024-12-31=199.9")))
	want(t, v, schema.OnTrack, "6 pace")
	wantNumber(t, "progress", v.Progress, 99.9, 300) // a straight line would lag: .667
	if *v.Pace < 1 || *v.Pace > 1.002 {
		t.Errorf("pace %g", *v.Pace)
	}
	if !strings.Contains(v.Reason.Zh, "199.81") {
		t.Error(v.Reason.Zh)
	}
	// Only when both ends are above nought; else the line is straight.
	tg.Baseline = ptr(dec("-200"))
	v = judge(t, of(t, "2025-01-31", tg, ind, series("i", schema.Point, "2024-12-31=100")))
	wantNumber(t, "pace", v.Pace, 300*731, 600*365)
}

func TestPlanOfInterimValues(t *testing.T) {
	tg := target(schema.Level, "400")
	tg.Path = "plan"
	tg.Plan = []schema.PlanPoint{{Date: day("2025-06-30"), Value: dec("200")}, {Date: day("2025-03-31"), Value: dec("100")}} // any order
	tg.Baseline, tg.BaselineDate, tg.Deadline = ptr(dec("100")), day("2024-12-31"), day("2025-12-31")
	ind := monthly(schema.Point)
	// At the end of May 61 of the 91 days from 03-31 to 06-30: 100 + 100·61/91.
	v := judge(t, of(t, asOf, tg, ind, series("i", schema.Point, "2025-05=150")))
	wantNumber(t, "pace", v.Pace, 50*91, 100*61) // .746
	want(t, v, schema.AtRisk, "6 pace")
	wantNumber(t, "progress", v.Progress, 50, 300)
	if !strings.Contains(v.Reason.Zh, "167.03") {
		t.Error(v.Reason.Zh)
	}
	// Until the end of March it asks for nothing: no ratio, but an answer.
	v = judge(t, of(t, "2025-04-30", tg, ind, series("i", schema.Point, "2025-03=100")))
	wantNone(t, "pace", v.Pace)
	want(t, v, schema.OnTrack, "6 pace")
	v = judge(t, of(t, "2025-04-30", tg, ind, series("i", schema.Point, "2025-03=99")))
	want(t, v, schema.Lagging, "6 pace")
}

func TestBaselineThatHadPassedTheTarget(t *testing.T) {
	tg := target(schema.Level, "100")
	tg.BaselineDate, tg.Deadline = day("2024-12-31"), day("2025-12-31")
	ind := monthly(schema.Point)
	for _, baseline := range []string{"100", "120"} {
		tg.Baseline = ptr(dec(baseline))
		v := judge(t, of(t, asOf, tg, ind, series("i", schema.Point, "2025-05=99")))
		want(t, v, schema.Lagging, "6 pace")
		wantNone(t, "progress", v.Progress)
		wantNone(t, "pace", v.Pace)
		v = judge(t, of(t, asOf, tg, ind, series("i", schema.Point, "2025-05=100")))
		want(t, v, schema.Achieved, "4 achieved")
		wantNone(t, "progress", v.Progress)
	}
}

func TestDenominatorsNotAboveNoughtGiveNoRatio(t *testing.T) {
	tg := target(schema.Level, "0")
	tg.Direction, tg.Op = schema.Down, "<="
	v := judge(t, of(t, asOf, tg, monthly(schema.Point), series("i", schema.Point, "2025-05=5")))
	wantNone(t, "gap ratio", v.GapRatio)
	wantNumber(t, "attainment", v.Attainment, 0, 5)
	if !v.Gap.Equal(dec("5")) {
		t.Errorf("gap %s", v.Gap)
	}
	v = judge(t, of(t, asOf, tg, monthly(schema.Point), series("i", schema.Point, "2025-05=0")))
	want(t, v, schema.Achieved, "4 achieved")
	wantNone(t, "attainment", v.Attainment)
	up := target(schema.Level, "-5")
	v = judge(t, of(t, asOf, up, monthly(schema.Point), series("i", schema.Point, "2025-05=-10")))
	wantNone(t, "attainment", v.Attainment)
	wantNone(t, "gap ratio", v.GapRatio)
	// A deadline that does not come after the start.
	up = target(schema.Level, "5")
	up.Deadline = issued
	v = judge(t, of(t, issued.String(), up, monthly(schema.Point), series("i", schema.Point, "2024-09=1")))
	wantNone(t, "schedule", v.Schedule)
	want(t, v, schema.Lagging, "6 pace")
}

func TestOnTheDeadlinesOwnDayNoTimeIsLeft(t *testing.T) {
	tg := target(schema.Level, "100")
	tg.Deadline = day("2025-06-30")
	ind := monthly(schema.Point)
	s := series("i", schema.Point, "2025-03=80 2025-04=85 2025-05=90 2025-06=95")
	s[3].PublishedAt = day("2025-06-30")
	v := judge(t, of(t, "2025-06-30", tg, ind, s))
	want(t, v, schema.Lagging, "6 pace")
	wantNone(t, "pace", v.Pace)
	wantNone(t, "needed", v.SlopeNeeded)
}

func TestAFallingCountIsJudgedAnew(t *testing.T) {
	// 核减: a count that met its target is corrected downwards.
	ind := monthly(schema.Cumulative)
	v := judge(t, of(t, asOf, added("100", "2025-12-31"), ind, series("i", schema.Cumulative, "2025-03=100 2025-04=104 2025-05=96")))
	want(t, v, schema.OnTrack, "6 pace")
	wantDay(t, "reached on", v.ReachedOn, "2025-03-31")
	wantDay(t, "lost on", v.LostOn, "2025-05-31")
}

func TestShownDigitsNeverHideAMiss(t *testing.T) {
	tg := target(schema.Level, "15")
	tg.Unit = "%"
	ind := monthly(schema.Point)
	ind.Unit, ind.Decimals, ind.Formula = "%", 1, &schema.Formula{Op: "share", Terms: []string{"a", "b"}}
	v := judge(t, of(t, asOf, tg, ind, series("i", schema.Point, "2025-05=14.962346")))
	if !strings.Contains(v.Reason.Zh, "14.96%") || !strings.Contains(v.Reason.Zh, "0.04个百分点") {
		t.Error(v.Reason.Zh)
	}
	v = judge(t, of(t, asOf, tg, ind, series("i", schema.Point, "2025-05=13.617021")))
	if !strings.Contains(v.Reason.Zh, "13.6%") || !strings.Contains(v.Reason.En, "1.4 percentage points") {
		t.Error(v.Reason)
	}
}

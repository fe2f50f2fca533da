package comparator_test

import (
	"strings"
	"testing"

	"yardstick/schema"
)

func TestRule1NothingUsableIsNoData(t *testing.T) {
	tg := target(schema.Level, "100")
	tg.Deadline = day("2025-12-31")
	ind := monthly(schema.Point)
	v := judge(t, of(t, "2024-11-05", tg, ind))
	want(t, v, schema.NoData, "1 no data")
	if !strings.Contains(v.Reason.Zh, "2024年11月15日前") { // October's figure: 15 days after its end
		t.Errorf("when the first figure is due: %s", v.Reason.Zh)
	}
	if v.AgeDays != nil || !v.Period.IsZero() || len(v.Inputs) != 0 {
		t.Errorf("something from nothing: %+v", v)
	}
	for _, status := range []string{"F", "I", "O", "Q", "M", "L"} {
		v = judge(t, of(t, asOf, tg, ind, series("i", schema.Point, "2025-05=120"+status)))
		want(t, v, schema.NoData, "1 no data")
	}
	for _, status := range []string{"A", "P", "E", "D", "G", "U", "B"} {
		v = judge(t, of(t, asOf, tg, ind, series("i", schema.Point, "2025-05=120"+status)))
		want(t, v, schema.Achieved, "4 achieved")
	}
	// A figure said to be missing is no zero, and a period still running has
	// no figure yet.
	want(t, judge(t, of(t, asOf, tg, ind, series("i", schema.Point, "2025-05=-"))), schema.NoData, "1 no data")
	early := series("i", schema.Point, "2025-12=120E")
	early[0].PublishedAt = day("2025-06-01")
	want(t, judge(t, of(t, asOf, tg, ind, early)), schema.NoData, "1 no data")
	// Nor is one judged that was published later, or for elsewhere.
	want(t, judge(t, of(t, "2025-06-13", tg, ind, series("i", schema.Point, "2025-05=120"))), schema.NoData, "1 no data")
	far := series("i", schema.Point, "2025-05=120")
	far[0].Region = "210202"
	want(t, judge(t, of(t, asOf, tg, ind, far)), schema.NoData, "1 no data")
}

func TestRule1OldFiguresAreShownWithTheirAge(t *testing.T) {
	tg := target(schema.Level, "100")
	tg.Baseline, tg.BaselineDate, tg.Deadline = ptr(dec("50")), day("2024-12-31"), day("2025-12-31")
	s := series("i", schema.Point, "2025-03=70")
	// April's figure is due on 2025-05-15, a Thursday, and excused until the
	// 20th.
	v := judge(t, of(t, "2025-05-20", tg, monthly(schema.Point), s))
	if v.Marks.Stale || *v.AgeDays != 50 {
		t.Errorf("%+v, age %d", v.Marks, *v.AgeDays)
	}
	v = judge(t, of(t, "2025-05-21", tg, monthly(schema.Point), s))
	if !v.Marks.Stale || v.Marks.StaleDays != 1 {
		t.Errorf("%+v", v.Marks)
	}
	want(t, v, schema.OnTrack, "6 pace") // 20/50 against 90/365
	if !strings.Contains(v.Reason.Zh, "已过期1天") {
		t.Error(v.Reason.Zh)
	}
}

func TestRule2Cadences(t *testing.T) {
	tenDay := target(schema.Cadence, "10")
	tenDay.Unit, tenDay.Every = "day", schema.TenDay
	daily := target(schema.Cadence, "1")
	daily.Unit, daily.Every = "day", schema.Daily
	ind := schema.Indicator{Code: "i", Unit: "day", Frequencies: []schema.Frequency{schema.TenDay}, Basis: schema.Point}
	at := func(period, published string) []schema.Observation {
		s := series("i", schema.Point, period+"=1")
		s[0].PublishedAt = day(published)
		return s
	}
	// Never reported lags, it is not no_data. Issued on 2024-10-27, in the last
	// ten days of October: due by the end of the next ten days, 11-10.
	want(t, judge(t, of(t, "2024-11-10", tenDay, ind)), schema.OnTrack, "2 cadence")
	v := judge(t, of(t, "2024-11-11", tenDay, ind))
	want(t, v, schema.Lagging, "2 cadence")
	wantValue(t, v, "15")
	if !strings.Contains(v.Reason.Zh, "从未报送") || len(v.Inputs) != 0 || !v.Period.IsZero() {
		t.Error(v.Reason.Zh)
	}
	// The 27th is a Sunday: the next working day is Monday the 28th.
	want(t, judge(t, of(t, "2024-10-28", daily, ind)), schema.OnTrack, "2 cadence")
	want(t, judge(t, of(t, "2024-10-29", daily, ind)), schema.Lagging, "2 cadence")
	// Reported on a Friday: the weekend does not count.
	friday := at("2025-06-27", "2025-06-27")
	want(t, judge(t, of(t, "2025-06-30", daily, ind, friday)), schema.OnTrack, "2 cadence")
	v = judge(t, of(t, "2025-07-01", daily, ind, friday))
	want(t, v, schema.Lagging, "2 cadence")
	wantValue(t, v, "2") // working days
	if !v.Gap.Equal(dec("1")) {
		t.Errorf("gap %s", v.Gap)
	}
	// A long holiday, 1 to 8 October 2025: reported on 30 September, the next
	// is due on the 9th.
	eve := at("2025-09-30", "2025-09-30")
	want(t, judge(t, of(t, "2025-10-09", daily, ind, eve)), schema.OnTrack, "2 cadence")
	want(t, judge(t, of(t, "2025-10-10", daily, ind, eve)), schema.Lagging, "2 cadence")
	// A report from before the day of issue binds nobody and excuses nobody.
	want(t, judge(t, of(t, "2024-11-11", tenDay, ind, at("2024-10-01/P10D", "2024-10-12"))), schema.Lagging, "2 cadence")
	// An old report published again is still an old one: of 1-10 January it
	// counts as made by the 20th at the latest, so 31 January was the limit.
	want(t, judge(t, of(t, asOf, tenDay, ind, at("2025-01-01/P10D", "2025-06-29"))), schema.Lagging, "2 cadence")
	// A number of reports that is nought is no report.
	count := tenDay
	count.Unit = "次"
	none := at("2025-06-11/P10D", "2025-06-22")
	none[0].Value = ptr(dec("0"))
	want(t, judge(t, of(t, asOf, count, ind, none)), schema.Lagging, "2 cadence")
	want(t, judge(t, of(t, asOf, tenDay, ind, none)), schema.OnTrack, "2 cadence")
}

func TestRule2LimitsBindFromTheirFirstDay(t *testing.T) {
	tg := target(schema.Ceiling, "3")
	ind := monthly(schema.Point)
	v := judge(t, of(t, "2024-11-05", tg, ind, series("i", schema.Point, "2024-09=5")))
	want(t, v, schema.NoData, "1 no data")
	if !strings.Contains(v.Reason.Zh, "2024年10月27日以来") {
		t.Error(v.Reason.Zh)
	}
	wantNone(t, "pace", v.Pace)
	// With an end, the limit is frozen there.
	tg.Deadline = day("2025-03-31")
	want(t, judge(t, of(t, asOf, tg, ind, series("i", schema.Point, "2025-03=3 2025-04=9"))), schema.OnTrack, "2 limit")
}

func TestRule3TheDeadlineFreezes(t *testing.T) {
	tg := target(schema.Level, "100")
	tg.Deadline = day("2025-03-31")
	ind := monthly(schema.Point)
	// The deadline's own day is not past: judged on what is known.
	v := judge(t, of(t, "2025-03-31", tg, ind, series("i", schema.Point, "2024-12=80 2025-01=85 2025-02=90")))
	want(t, v, schema.Lagging, "6 pace")
	if v.Marks.AwaitingFinal {
		t.Error("nothing is awaited before the deadline is past")
	}
	// Short, on the figure of March; April meets: reached late.
	v = judge(t, of(t, asOf, tg, ind, series("i", schema.Point, "2025-02=90 2025-03=99.99 2025-04=99 2025-05=100")))
	want(t, v, schema.Missed, "3 deadline")
	wantValue(t, v, "99.99")
	wantDay(t, "reached on", v.ReachedOn, "2025-05-31")
	if !v.Marks.ReachedLate || v.Marks.Stale {
		t.Errorf("%+v", v.Marks)
	}
	v = judge(t, of(t, asOf, tg, ind, series("i", schema.Point, "2025-02=90 2025-03=99.99P 2025-04=99")))
	want(t, v, schema.Missed, "3 deadline")
	if v.Marks.ReachedLate || !v.Marks.Provisional || !strings.Contains(v.Reason.Zh, "初步数") {
		t.Errorf("%+v %s", v.Marks, v.Reason.Zh)
	}
	// Met exactly: equal is met. A level lost again after it stays achieved.
	v = judge(t, of(t, asOf, tg, ind, series("i", schema.Point, "2025-02=90 2025-03=100.0 2025-04=99 2025-05=98")))
	want(t, v, schema.Achieved, "3 deadline")
	wantDay(t, "reached on", v.ReachedOn, "2025-03-31")
	wantDay(t, "lost on", v.LostOn, "2025-04-30")
	v = judge(t, of(t, asOf, tg, ind, series("i", schema.Point, "2025-03=100 2025-04=99 2025-05=101")))
	wantDay(t, "not lost now", v.LostOn, "")
	// The whole year stands for December.
	tg.Deadline = day("2024-12-31")
	want(t, judge(t, of(t, asOf, tg, ind, series("i", schema.Point, "2024-11=90 2024=101"))), schema.Achieved, "3 deadline")
}

func TestRule3AwaitsTheDecidingFigureThenGivesUp(t *testing.T) {
	tg := target(schema.Added, "100")
	tg.Deadline, tg.Since = day("2025-03-31"), issued
	ind := monthly(schema.Cumulative)
	s := series("i", schema.Cumulative, "2025-01=80 2025-02=85")
	// March's figure is due 15 days after 03-31, on 04-15, and excused until
	// 04-20, a Sunday, that is Monday the 21st.
	v := judge(t, of(t, "2025-04-21", tg, ind, s))
	// 85/100 over (10-27 to 02-28: 124) / (to 03-31: 155) = 1.0625
	want(t, v, schema.OnTrack, "6 pace")
	wantNumber(t, "pace", v.Pace, 85*155, 100*124)
	if !v.Marks.AwaitingFinal || !strings.Contains(v.Reason.Zh, "2025年4月21日") {
		t.Errorf("%+v %s", v.Marks, v.Reason.Zh)
	}
	v = judge(t, of(t, "2025-04-22", tg, ind, s))
	want(t, v, schema.NoData, "3 no final figure")
	wantValue(t, v, "")
	if periods(v.Missing) != "2025-03" || v.Marks.AwaitingFinal || !strings.Contains(v.Reason.Zh, "85") {
		t.Errorf("missing %s %+v %s", periods(v.Missing), v.Marks, v.Reason.Zh)
	}
	// April's cumulative figure does not tell how March ended.
	v = judge(t, of(t, asOf, tg, ind, series("i", schema.Cumulative, "2025-04=120")))
	want(t, v, schema.NoData, "3 no final figure")
	// Nothing at all, and nothing due yet.
	v = judge(t, of(t, "2025-04-10", tg, ind))
	want(t, v, schema.NoData, "1 no data")
	if !v.Marks.AwaitingFinal {
		t.Errorf("%+v", v.Marks)
	}
}

func TestRule4MetIsAchievedAndLostAgainIsJudgedAnew(t *testing.T) {
	tg := target(schema.Level, "100")
	tg.Deadline = day("2025-12-31")
	ind := monthly(schema.Point)
	v := judge(t, of(t, asOf, tg, ind, series("i", schema.Point, "2024-12=99 2025-04=100 2025-05=105")))
	want(t, v, schema.Achieved, "4 achieved")
	wantDay(t, "reached on", v.ReachedOn, "2025-04-30")
	v = judge(t, of(t, asOf, tg, ind, series("i", schema.Point, "2025-01=100 2025-02=101 2025-03=99 2025-04=100 2025-05=97")))
	want(t, v, schema.Lagging, "6 pace")
	wantDay(t, "reached on", v.ReachedOn, "2025-01-31")
	wantDay(t, "lost on", v.LostOn, "2025-05-31")
	if !strings.Contains(v.Reason.Zh, "曾于2025年1月31日达到") {
		t.Error(v.Reason.Zh)
	}
	// Undated targets are achieved too.
	tg.Deadline = schema.Date{}
	want(t, judge(t, of(t, asOf, tg, ind, series("i", schema.Point, "2025-05=100.00"))), schema.Achieved, "4 achieved")
}

func TestRule5UndatedAndNotBegunAreOpen(t *testing.T) {
	tg := target(schema.Added, "10000")
	tg.Since = issued
	ind := monthly(schema.Cumulative)
	v := judge(t, of(t, asOf, tg, ind, series("i", schema.Cumulative, "2025-03=1000 2025-04=1200 2025-05=1400")))
	want(t, v, schema.Open, "5 open")
	wantNumber(t, "attainment", v.Attainment, 1400, 10000)
	wantNone(t, "schedule", v.Schedule)
	wantNone(t, "pace", v.Pace)
	// 1000, 1200, 1400 at days 0, 30, 61: Σx=91, Σx²=4621, Σxy=36000+85400, Σy=3600
	// (3·121400 - 91·3600)/(3·4621 - 91²) = 36600/5582 a day
	wantNumber(t, "trend", v.SlopeSeen, 36600*365.25, 5582)
	if v.Marks.NotBegun {
		t.Error("undated is not 'not begun'")
	}
	// 43 days of 430 are a tenth: 2024-12-09 is the first day not too early.
	tg.Deadline = day("2025-12-31")
	daily := schema.Indicator{Code: "i", Unit: "个", Frequencies: []schema.Frequency{schema.Daily}, Basis: schema.Cumulative}
	v = judge(t, of(t, "2025-01-31", tg, daily, series("i", schema.Cumulative, "2024-12-08=9")))
	want(t, v, schema.Open, "5 not begun")
	if !v.Marks.NotBegun {
		t.Errorf("%+v", v.Marks)
	}
	wantNone(t, "pace", v.Pace)
	want(t, judge(t, of(t, "2025-01-31", tg, daily, series("i", schema.Cumulative, "2024-12-09=9"))), schema.Lagging, "6 pace")
	// A window that lies ahead; and the day before the policy.
	tg.Kind, tg.WindowFrom, tg.WindowTo = schema.Within, day("2025-04-01"), day("2025-06-30")
	tg.Deadline, tg.Since = day("2025-06-30"), schema.Date{}
	want(t, judge(t, of(t, "2025-03-31", tg, ind, series("i", schema.Cumulative, "2025-02=5"))), schema.Open, "5 not begun")
	want(t, judge(t, of(t, "2025-04-01", tg, ind)), schema.NoData, "1 no data")
	want(t, judge(t, of(t, "2024-10-26", target(schema.Cadence, "10"), ind)), schema.Open, "5 not begun")
}

func TestRule6TheBandsOfPace(t *testing.T) {
	tg := target(schema.Level, "200")
	tg.Baseline, tg.BaselineDate, tg.Deadline = ptr(dec("100")), day("2024-12-31"), day("2025-12-31")
	ind := monthly(schema.Point)
	ind.Frequencies = []schema.Frequency{schema.Daily}
	// On 2025-05-26, 146 of 365 days (.4) have passed: on track from
	// 100 + 100·.4·.95 = 138, at risk from 100 + 100·.4·.60 = 124.
	for value, s := range map[string]schema.Status{
		"138": schema.OnTrack, "137.999999": schema.AtRisk, "124": schema.AtRisk, "123.999999": schema.Lagging, "90": schema.Lagging,
	} {
		v := judge(t, of(t, asOf, tg, ind, series("i", schema.Point, "2025-05-26="+value)))
		want(t, v, s, "6 pace")
	}
	// The register may override the numbers, and the verdict stores them.
	tg.Thresholds.PaceOnTrack, tg.Thresholds.PaceAtRisk = .9, .5
	v := judge(t, of(t, asOf, tg, ind, series("i", schema.Point, "2025-05-26=136")))
	want(t, v, schema.OnTrack, "6 pace")
	if v.Thresholds != tg.Thresholds {
		t.Errorf("%+v", v.Thresholds)
	}
	// Falling back below the baseline is progress below nought.
	v = judge(t, of(t, asOf, tg, ind, series("i", schema.Point, "2025-05-26=80")))
	wantNumber(t, "progress", v.Progress, -20, 100)
	// No thresholds at all are the house's.
	tg.Thresholds = schema.Thresholds{}
	if v = judge(t, of(t, asOf, tg, ind)); v.Thresholds != schema.DefaultThresholds() {
		t.Errorf("%+v", v.Thresholds)
	}
}

func TestRule6TooShortToTellIsAtRiskNeverLagging(t *testing.T) {
	tg := target(schema.Level, "1000")
	tg.Deadline = day("2025-12-31")
	ind := monthly(schema.Point)
	v := judge(t, of(t, asOf, tg, ind, series("i", schema.Point, "2025-04=10 2025-05=5")))
	want(t, v, schema.AtRisk, "6 too short")
	wantNone(t, "pace", v.Pace)
	wantNone(t, "slope", v.SlopeSeen)
	wantNumber(t, "needed", v.SlopeNeeded, 995*365.25, 214)
	// A break leaves two points of many.
	v = judge(t, of(t, asOf, tg, ind, series("i", schema.Point, "2025-01=10 2025-02=20 2025-03=30 2025-04=500B 2025-05=510")))
	want(t, v, schema.AtRisk, "6 too short")
	// And three after it are enough: 500, 510, 520 at days 0, 30, 61.
	v = judge(t, of(t, "2025-07-31", tg, ind, series("i", schema.Point, "2025-02=20 2025-03=30 2025-04=500B 2025-05=510 2025-06=520")))
	// Σx=91, Σx²=4621, Σy=1530, Σxy=15300+31720=47020; (141060-139230)/5582
	wantNumber(t, "slope", v.SlopeSeen, 1830*365.25, 5582)
	want(t, v, schema.Lagging, "6 pace")
	if !strings.Contains(v.Reason.Zh, "口径变动") {
		t.Error(v.Reason.Zh)
	}
}

func TestRule7Milestones(t *testing.T) {
	tg := target(schema.Milestone, "1")
	tg.Deadline = day("2025-02-04") // 100 days after the day of issue
	ind := monthly(schema.Point)
	ind.Frequencies = []schema.Frequency{schema.Daily}
	s := series("i", schema.Point, "2024-11-05=0")
	want(t, judge(t, of(t, "2025-01-24", tg, ind, s)), schema.OnTrack, "7 milestone") // 89 of 100
	v := judge(t, of(t, "2025-01-25", tg, ind, s))
	want(t, v, schema.AtRisk, "7 milestone") // 90 of 100: the last tenth
	wantNumber(t, "schedule", v.Schedule, 90, 100)
	want(t, judge(t, of(t, "2025-02-04", tg, ind, s)), schema.AtRisk, "7 milestone") // the day itself
	want(t, judge(t, of(t, "2025-01-01", tg, ind)), schema.NoData, "1 no data")

	ind = monthly(schema.Point)
	tg.Deadline = day("2024-11-30")
	// November's figure is due on 12-15, a Sunday: on the 16th; excused until
	// the 21st, a Saturday: until Monday the 23rd.
	s = series("i", schema.Point, "2024-10=0")
	v = judge(t, of(t, "2024-12-23", tg, ind, s))
	want(t, v, schema.AtRisk, "7 milestone")
	if !v.Marks.AwaitingFinal {
		t.Errorf("%+v", v.Marks)
	}
	v = judge(t, of(t, "2024-12-24", tg, ind, s))
	want(t, v, schema.NoData, "7 milestone") // silence
	wantValue(t, v, "")
	want(t, judge(t, of(t, "2024-12-24", tg, ind)), schema.NoData, "7 milestone")
	// An explicit 0 of a later month: not done then, so not done by the deadline.
	want(t, judge(t, of(t, asOf, tg, ind, series("i", schema.Point, "2024-10=0 2025-01=0"))), schema.Missed, "7 milestone")
	// A later 1 leaves open when it was done.
	v = judge(t, of(t, asOf, tg, ind, series("i", schema.Point, "2024-10=0 2025-01=1")))
	want(t, v, schema.NoData, "7 milestone")
	// Done before the last figure is done.
	want(t, judge(t, of(t, asOf, tg, ind, series("i", schema.Point, "2024-10=1"))), schema.Achieved, "7 milestone")
	// Undated.
	tg.Deadline = schema.Date{}
	want(t, judge(t, of(t, asOf, tg, ind, series("i", schema.Point, "2024-10=0"))), schema.Open, "5 open")
	want(t, judge(t, of(t, asOf, tg, ind, series("i", schema.Point, "2024-10=1"))), schema.Achieved, "7 milestone")
}

func TestMarksOfReadingAndSyntheticFigures(t *testing.T) {
	tg := target(schema.Level, "100")
	tg.Reading = &schema.Reading{Text: schema.Text{Zh: "建成", En: "built"}}
	s := series("i", schema.Point, "2025-05=100")
	s[0].Synthetic = true
	v := judge(t, of(t, asOf, tg, monthly(schema.Point), s))
	if !v.Marks.ReadingUnconfirmed || !v.Marks.Synthetic {
		t.Errorf("%+v", v.Marks)
	}
	tg.Reading.ConfirmedBy, s[0].Synthetic = "统计局", false
	v = judge(t, of(t, asOf, tg, monthly(schema.Point), s))
	if v.Marks.ReadingUnconfirmed || v.Marks.Synthetic {
		t.Errorf("%+v", v.Marks)
	}
	c := of(t, asOf, tg, monthly(schema.Point), s)
	c.Region = schema.Region{}
	if v = judge(t, c); v.Region != city {
		t.Errorf("region %q", v.Region)
	}
}

func ptr[T any](v T) *T { return &v }

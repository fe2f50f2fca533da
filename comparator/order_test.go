package comparator_test

import (
	"slices"
	"testing"

	"yardstick/comparator"
	"yardstick/schema"
)

func TestOrderIsWorstFirst(t *testing.T) {
	v := func(id string, s schema.Status, schedule, progress float64, deadline string) schema.Verdict {
		return schema.Verdict{Target: id, Status: s, Schedule: &schedule, Progress: &progress, Deadline: day(deadline)}
	}
	unknown := schema.Verdict{Target: "6 lag unknown", Status: schema.Lagging, Deadline: day("2025-01-01")}
	paced := schema.Verdict{Target: "5 by pace", Status: schema.Lagging, Schedule: ptr(.5), Pace: ptr(.9)} // .05 behind
	got := []schema.Verdict{
		v("9 achieved", schema.Achieved, 1, 1, "2025-12-31"), paced, unknown,
		v("8 on track", schema.OnTrack, .5, .5, "2025-12-31"),
		v("3 .2 behind, later", schema.Lagging, .5, .3, "2026-12-31"),
		v("2 .2 behind", schema.Lagging, .5, .3, "2025-12-31"),
		v("1 .4 behind", schema.Lagging, .5, .1, "2026-12-31"),
		{Target: "4 .2 behind, no deadline", Status: schema.Lagging, Schedule: ptr(.5), Progress: ptr(.3)},
		v("0 missed", schema.Missed, 1, .9, "2025-03-31"),
		v("7 at risk", schema.AtRisk, .9, .1, "2025-12-31"),
	}
	comparator.Order(got)
	var ids []string
	for _, v := range got {
		ids = append(ids, v.Target)
	}
	if !slices.IsSorted(ids) {
		t.Errorf("%q", ids)
	}
}

func TestCauseNamesWhyAVerdictChanged(t *testing.T) {
	tg := target(schema.Level, "100")
	tg.Baseline, tg.BaselineDate, tg.Deadline = ptr(dec("50")), day("2024-12-31"), day("2025-12-31")
	ind := monthly(schema.Point)
	at := func(asOf string, tg schema.Target, figures string) schema.Verdict {
		return judge(t, of(t, asOf, tg, ind, series("i", schema.Point, figures)))
	}
	before := at("2025-06-14", tg, "2025-02=60 2025-03=65 2025-04=70")
	other := tg
	other.Value = dec("110")
	confirmed := tg
	confirmed.Reading = &schema.Reading{}
	moved := tg
	moved.Baseline = ptr(dec("40"))
	added := added("100", "2025-12-31")
	months := monthly(schema.InPeriod)
	hole := judge(t, of(t, "2025-03-20", added, months, series("i", schema.InPeriod, "2024-11=5 2025-01=5")))
	filled := judge(t, of(t, "2025-03-20", added, months, series("i", schema.InPeriod, "2024-11=5 2024-12=5 2025-01=5")))
	for name, c := range map[string]struct {
		prev, next schema.Verdict
		want       string
	}{
		"a new month":                  {before, at("2025-06-14", tg, "2025-02=60 2025-03=65 2025-04=70 2025-05=75"), schema.CauseFigure},
		"a new month and a revision":   {before, at("2025-06-14", tg, "2025-02=60 2025-03=66 2025-04=70 2025-05=75"), schema.CauseFigure},
		"another value":                {before, at("2025-06-14", tg, "2025-02=60 2025-03=65 2025-04=71"), schema.CauseRevision},
		"provisional turned final":     {at("2025-06-14", tg, "2025-04=70P"), at("2025-06-14", tg, "2025-04=70"), schema.CauseRevision},
		"the last month withdrawn":     {before, at("2025-06-14", tg, "2025-02=60 2025-03=65"), schema.CauseRevision},
		"everything withdrawn":         {before, at("2025-06-14", tg, ""), schema.CauseRevision},
		"only later":                   {before, at("2025-06-30", tg, "2025-02=60 2025-03=65 2025-04=70"), schema.CauseTime},
		"past the deadline":            {before, at("2026-03-31", tg, "2025-02=60 2025-03=65 2025-04=70"), schema.CauseTime},
		"another target":               {before, at("2025-06-14", other, "2025-02=60 2025-03=65 2025-04=70"), schema.CauseRegister},
		"a reading that is unsettled":  {before, at("2025-06-14", confirmed, "2025-02=60 2025-03=65 2025-04=70"), schema.CauseRegister},
		"another baseline":             {before, at("2025-06-14", moved, "2025-02=60 2025-03=65 2025-04=70"), schema.CauseRegister},
		"the first verdict of a scope": {schema.Verdict{}, before, schema.CauseRegister},
		"a hole filled":                {hole, filled, schema.CauseFigure},
		"the first figure":             {at("2025-06-14", tg, ""), before, schema.CauseFigure},
	} {
		if got := comparator.Cause(c.prev, c.next); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestProjectContinuesTheRecentPace(t *testing.T) {
	tg := target(schema.Level, "100")
	tg.Deadline = day("2025-12-31")
	ind := monthly(schema.Point)
	project := func(tg schema.Target, n int, basis schema.Basis, figures string) *schema.Projection {
		return comparator.Project(of(t, asOf, tg, ind, series("i", basis, figures)), n)
	}
	figures := "2024-08=10 2024-11=46 2024-12=50 2025-01=52 2025-02=54 2025-03=56 2025-04=58 2025-05=60"
	// Six periods back is November: 14 in 182 days; 40 more take
	// 40·182/14 = 520 days after 2025-05-31: 2026-11-02.
	p := project(tg, 6, schema.Point, figures)
	if p == nil || p.Periods != 6 || p.Frequency != schema.Monthly || p.FromDay != day("2024-11-30") || !p.FromValue.Equal(dec("46")) ||
		p.ToDay != day("2025-05-31") || p.Day != day("2026-11-02") || !p.Late || p.MonthsLate != 11 {
		t.Fatalf("%+v", p)
	}
	wantNumber(t, "a year", &p.PerYear, 14*365.25, 182)
	// In time.
	easy := tg
	easy.Value = dec("65")
	if p = project(easy, 3, schema.Point, figures); p == nil || p.Late || p.MonthsLate != 0 || p.Periods != 3 {
		t.Errorf("%+v", p) // 6 in 92 days; 5 take 76.7: 2025-08-16
	}
	if p.Day != day("2025-05-31").AddDays(77) {
		t.Errorf("%s", p.Day)
	}
	// Late within the deadline's own month is late by no whole month.
	soon := tg
	soon.Deadline, soon.Value = day("2025-08-10"), dec("65")
	if p = project(soon, 3, schema.Point, figures); p == nil || !p.Late || p.MonthsLate != 0 {
		t.Errorf("%+v", p)
	}
	// A break: only what came after it.
	if p = project(tg, 6, schema.Point, "2025-02=90 2025-03=20B 2025-04=25 2025-05=30"); p == nil || p.Periods != 2 || !p.FromValue.Equal(dec("20")) {
		t.Errorf("%+v", p)
	}
	// A count, from its running total: 10 a month.
	count := added("100", "2025-12-31")
	if p = project(count, 2, schema.InPeriod, "2024-11=10 2024-12=10 2025-01=10 2025-02=10 2025-03=10"); p == nil || !p.FromValue.Equal(dec("30")) || !p.ToValue.Equal(dec("50")) {
		t.Errorf("%+v", p)
	}
	down := tg
	down.Direction, down.Op, down.Value = schema.Down, "<=", dec("5")
	if p = project(down, 2, schema.Point, "2025-03=20 2025-04=18 2025-05=16"); p == nil || p.PerYear >= 0 {
		t.Errorf("%+v", p)
	}
	for name, p := range map[string]*schema.Projection{
		"standing still":   project(tg, 2, schema.Point, "2025-04=60 2025-05=60"),
		"leading away":     project(tg, 2, schema.Point, "2025-04=60 2025-05=59"),
		"met":              project(tg, 2, schema.Point, "2025-04=60 2025-05=100"),
		"one figure":       project(tg, 6, schema.Point, "2025-05=60"),
		"none":             project(tg, 6, schema.Point, ""),
		"over a century":   project(tg, 2, schema.Point, "2025-04=60 2025-05=60.01"),
		"just after break": project(tg, 2, schema.Point, "2025-04=50 2025-05=60B"),
		"no periods":       project(tg, 0, schema.Point, figures),
		"a ceiling":        project(target(schema.Ceiling, "3"), 2, schema.Point, "2025-04=6 2025-05=5"),
		"a hole":           project(count, 2, schema.InPeriod, "2024-11=10 2025-01=10"),
		"past deadline":    project(added("100", "2025-03-31"), 2, schema.InPeriod, "2024-11=10 2024-12=10"),
	} {
		if p != nil {
			t.Errorf("%s: %+v", name, p)
		}
	}
}

package comparator_test

import (
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"yardstick/comparator"
	"yardstick/comparator/telling"
	"yardstick/schema"
	"yardstick/schema/calendar"
)

// All figures in these tests are made up.

const (
	city   = "210200"
	policy = "dalian-2024-15"
)

var issued = day("2024-10-27")

func day(s string) schema.Date {
	if s == "" {
		return schema.Date{}
	}
	d, err := schema.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func dec(s string) schema.Decimal { return schema.MustDecimal(s) }

var days = sync.OnceValues(calendar.Default)

func workdays(t testing.TB) *calendar.Calendar {
	t.Helper()
	c, err := days()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// series reads figures written "2025-05=31.4 2025-06=32P": period, value ("-"
// for a missing one) and status, A when none is written. Each is published 14
// days after its period.
func series(indicator string, b schema.Basis, text string) []schema.Observation {
	var out []schema.Observation
	for i, word := range strings.Fields(text) {
		period, value, _ := strings.Cut(word, "=")
		p, _, err := schema.ParsePeriod(period)
		if err != nil {
			panic(err)
		}
		o := schema.Observation{
			Key:    schema.Key{Indicator: indicator, Region: city, Basis: b, Period: p},
			Status: schema.StatusNormal, PublishedAt: p.Last().AddDays(14), Receipt: "R1", Seq: uint64(i + 1),
		}
		o.ReceivedAt = o.PublishedAt.In(time.UTC)
		if n := len(value) - 1; value[n] >= 'A' && value[n] <= 'Z' {
			o.Status, value = schema.ObsStatus(value[n:]), value[:n]
		}
		if value != "-" && value != "" {
			d := dec(value)
			o.Value, o.Written = &d, value
		}
		out = append(out, o)
	}
	return out
}

// target makes one of the kind, with the direction and operator it usually has.
func target(k schema.Kind, value string) schema.Target {
	t := schema.Target{
		Policy: policy, ID: "t", Clause: 7, Kind: k, Direction: schema.Up, Op: ">=", Value: dec(value), Unit: "个",
		Indicator: "i", Region: city, Path: "linear", Thresholds: schema.DefaultThresholds(),
	}
	if k == schema.Ceiling || k == schema.Cadence {
		t.Direction, t.Op = schema.Down, "<="
	}
	if k == schema.Milestone {
		t.Op = "="
	}
	return t
}

func monthly(b schema.Basis) schema.Indicator {
	return schema.Indicator{
		Code: "i", Unit: "个", UnitEn: "", Frequencies: []schema.Frequency{schema.Monthly, schema.Quarterly, schema.Annual}, Basis: b,
		Release: schema.Release{Days: 15, Grace: 5},
	}
}

// of makes a case as of a day.
func of(t testing.TB, asOf string, tg schema.Target, ind schema.Indicator, obs ...[]schema.Observation) comparator.Case {
	c := comparator.Case{
		Target: tg, Indicator: ind, Region: schema.Region{Code: city}, Issued: issued, AsOf: day(asOf), Calendar: workdays(t),
	}
	for _, o := range obs {
		c.Observations = append(c.Observations, o...)
	}
	return c
}

// judge judges and checks what must hold of every verdict.
func judge(t testing.TB, c comparator.Case) schema.Verdict {
	t.Helper()
	v := telling.Verdict(comparator.Judge(c), c.Indicator)
	sound(t, v)
	return v
}

// sound: a verdict has a status, a rule and its sentences, says why what is
// missing is missing, and holds no number that is none.
func sound(t testing.TB, v schema.Verdict) {
	t.Helper()
	if v.Status.Rank() == len(schema.Statuses()) || v.Rule == "" || v.Reason.Zh == "" || v.Reason.En == "" {
		t.Fatalf("an unsound verdict: %+v", v)
	}
	for _, s := range []string{v.Reason.Zh, v.Reason.En, v.PaceWhyNot.Zh, v.PaceWhyNot.En, v.ChanceWhyNot.Zh, v.ChanceWhyNot.En} {
		if strings.ContainsAny(s, "{}") || strings.Contains(s, "judge-") || strings.Contains(s, "<nil>") || strings.Contains(s, "0001年") {
			t.Fatalf("a sentence with a hole: %s", s)
		}
	}
	if (v.Pace == nil) != !v.PaceWhyNot.IsZero() || (v.Chance == nil) != !v.ChanceWhyNot.IsZero() {
		t.Fatalf("a missing number must be explained, and none that is there: pace %v %q, chance %v %q", v.Pace, v.PaceWhyNot.Zh, v.Chance, v.ChanceWhyNot.Zh)
	}
	for _, f := range []*float64{v.GapRatio, v.Attainment, v.Progress, v.Schedule, v.Pace, v.Chance, v.SlopeSeen, v.SlopeNeeded} {
		if f != nil && (math.IsNaN(*f) || math.IsInf(*f, 0)) {
			t.Fatalf("a number that is none: %+v", v)
		}
	}
	if (v.Value == nil) != (v.Gap == nil) {
		t.Fatalf("value %v and gap %v", v.Value, v.Gap)
	}
}

func want(t testing.TB, v schema.Verdict, status schema.Status, rule string) {
	t.Helper()
	if v.Status != status || v.Rule != rule {
		t.Errorf("got %s by rule %q, want %s by rule %q\n%s\n%s", v.Status, v.Rule, status, rule, v.Reason.Zh, v.Reason.En)
	}
}

func wantValue(t testing.TB, v schema.Verdict, value string) {
	t.Helper()
	if value == "" {
		if v.Value != nil {
			t.Errorf("value %s, want none", v.Value)
		}
		return
	}
	if v.Value == nil || !v.Value.Equal(dec(value)) {
		t.Errorf("value %v, want %s\n%s", v.Value, value, v.Reason.Zh)
	}
}

// wantNumber compares a ratio with a quotient written out.
func wantNumber(t testing.TB, name string, got *float64, top, bottom float64) {
	t.Helper()
	if got == nil {
		t.Errorf("%s is missing, want %g / %g", name, top, bottom)
		return
	}
	if w := top / bottom; math.Abs(*got-w) > 1e-12*math.Max(1, math.Abs(w)) {
		t.Errorf("%s = %.15g, want %g / %g = %.15g", name, *got, top, bottom, w)
	}
}

func wantNone(t testing.TB, name string, got *float64) {
	t.Helper()
	if got != nil {
		t.Errorf("%s = %g, want none", name, *got)
	}
}

func wantDay(t testing.TB, name string, got schema.Date, wanted string) {
	t.Helper()
	if got != day(wanted) {
		t.Errorf("%s = %s, want %s", name, got, wanted)
	}
}

func periods(ps []schema.Period) string {
	var out []string
	for _, p := range ps {
		out = append(out, p.String())
	}
	return strings.Join(out, " ")
}

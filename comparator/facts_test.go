package comparator_test

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"testing"

	"yardstick/comparator"
	"yardstick/schema"
	"yardstick/schema/vintage"
)

// otherKeys are all keys that the fact of a key may be written under.
func otherKeys(k schema.Key) (out []schema.Key) {
	for _, f := range []schema.Frequency{schema.Annual, schema.Quarterly, schema.Monthly, schema.TenDay, schema.Daily} {
		for _, b := range []schema.Basis{schema.Point, schema.InPeriod, schema.YearToDate, schema.Cumulative} {
			if other, ok := vintage.In(vintage.Fact(k), f, b); ok {
				out = append(out, other)
			}
		}
	}
	return out
}

// withoutKeys is the verdict but for the keys its inputs were written under.
func withoutKeys(t testing.TB, v schema.Verdict) string {
	t.Helper()
	v.Inputs = slices.Clone(v.Inputs)
	for i := range v.Inputs {
		v.Inputs[i].Key = vintage.Fact(v.Inputs[i].Key)
	}
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestAVerdictIsTheSameWhicheverKeyItsFiguresAreWrittenUnder(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 8))
	rewritten := 0
	for range 3 * rounds {
		c := anyCase(t, r)
		v := judge(t, c)
		d := c
		d.Observations = slices.Clone(c.Observations)
		for i, o := range d.Observations {
			keys := otherKeys(o.Key)
			d.Observations[i].Key = keys[r.IntN(len(keys))]
			if d.Observations[i].Key != o.Key {
				rewritten++
			}
		}
		w := judge(t, d)
		if got, want := withoutKeys(t, w), withoutKeys(t, v); got != want {
			t.Fatalf("%s\nturned\n%s\nwith %v", want, got, d.Observations)
		}
		if !w.SameAs(v) || comparator.Cause(v, w) != schema.CauseTime {
			t.Fatalf("a verdict on the same figures is another, by %s", comparator.Cause(v, w))
		}
	}
	if rewritten < 3*rounds {
		t.Errorf("only %d figures were written under another key", rewritten)
	}
}

func TestARevisionUnderAnotherKeyIsARevision(t *testing.T) {
	tg := target(schema.Level, "100")
	tg.Unit = "%"
	ind := monthly(schema.YearToDate)
	ind.Unit = "%"
	before := judge(t, of(t, "2025-02-01", tg, ind, series("i", schema.YearToDate, "2024-12=91")))
	year := series("i", schema.InPeriod, "2024=93")
	year[0].PublishedAt = day("2025-02-20")
	after := judge(t, of(t, "2025-03-01", tg, ind, series("i", schema.YearToDate, "2024-12=91"), year))
	wantValue(t, after, "93")
	if cause := comparator.Cause(before, after); cause != schema.CauseRevision || after.Period != before.Period || after.Inputs[0].Period != schema.Year(2024) {
		t.Errorf("cause %s, of %s, judged on %v", cause, after.Period, after.Inputs[0].Key)
	}
}

func TestAHoleIsNamedAndNotTheDeadlinesFigureThatCame(t *testing.T) {
	tg := target(schema.Added, "100")
	tg.Since, tg.Deadline = day("2024-07-01"), day("2025-12-31")
	ind := monthly(schema.YearToDate)
	counts := "2024-06=31 2024-09=58 2024-10=63 2025-06=29 2025-12=61"
	v := judge(t, of(t, "2026-06-01", tg, ind, series("i", schema.YearToDate, counts)))
	want(t, v, schema.NoData, "6 incomplete")
	if !slices.Equal(v.Missing, []schema.Period{schema.Month(2024, 12)}) {
		t.Errorf("missing are %v", v.Missing)
	}
	// The year's own figure is that reading, whatever it is called.
	v = judge(t, of(t, "2026-06-01", tg, ind, series("i", schema.YearToDate, counts), series("i", schema.InPeriod, "2024=80")))
	wantValue(t, v, "110") // 80-31 of 2024, 61 of 2025
	want(t, v, schema.Achieved, "3 deadline")

	tg.Since, tg.Deadline = day("2025-01-01"), day("2025-06-30")
	v = judge(t, of(t, "2026-06-01", tg, monthly(schema.InPeriod), series("i", schema.InPeriod, "2025-01=20 2025-02=20 2025-04=20 2025-05=20 2025-06=21")))
	want(t, v, schema.NoData, "6 incomplete")
	if !slices.Equal(v.Missing, []schema.Period{schema.Month(2025, 3)}) {
		t.Errorf("missing are %v", v.Missing)
	}
	// Where the deadline's own figure did not come, that is said.
	v = judge(t, of(t, "2026-06-01", tg, monthly(schema.InPeriod), series("i", schema.InPeriod, "2025-01=20 2025-02=20 2025-04=20 2025-05=20")))
	want(t, v, schema.NoData, "3 no final figure")
}

package calendar

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"yardstick/schema"
)

func period(t *testing.T, s string) schema.Period {
	t.Helper()
	p, _, err := schema.ParsePeriod(s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestDueDaysByWorkingDaysAndByTheNextPeriod(t *testing.T) {
	c := standard(t)
	for _, k := range []struct {
		rule        schema.Release
		period, due string
	}{
		// Clause 1: each working day's disbursement by the next working day; Friday's by Monday, the eve of a holiday's after it.
		{schema.Release{WorkingDays: 1}, "2025-06-27", "2025-06-30"},
		{schema.Release{WorkingDays: 1}, "2025-09-30", "2025-10-09"},
		{schema.Release{WorkingDays: 1}, "2025-01-25", "2025-01-26"}, // a Sunday that is worked
		// Clause 1: each ten days' report by the end of the next.
		{schema.Release{ByNext: true}, "2025-06-11/P10D", "2025-06-30"},
		{schema.Release{ByNext: true}, "2025-01-11/P10D", "2025-02-05"}, // the next ends inside the Spring Festival
		{schema.Release{ByNext: true}, "2025-02-11/P10D", "2025-02-28"},
		{schema.Release{WorkingDays: 5}, "2025-09", "2025-10-14"}, // 9, 10, 11 (worked), 13, 14
		{schema.Release{Days: 15}, "2025-Q3", "2025-10-15"},
		{schema.Release{Days: 10, WorkingDays: 2}, "2025-Q2", "2025-07-14"},
	} {
		if got := c.Due(k.rule, period(t, k.period)); got.String() != k.due {
			t.Errorf("%+v of %s is due %s, want %s", k.rule, k.period, got, k.due)
		}
	}
}

func days(t *testing.T, list string) (out []schema.Date) {
	t.Helper()
	for _, s := range strings.Fields(list) {
		out = append(out, day(t, s))
	}
	return out
}

func TestWhatIsOwedIsTheOldestUndeliveredAndWhatIsDueNext(t *testing.T) {
	c := standard(t)
	monthly := Plan{schema.Monthly, schema.Release{Days: 15, Grace: 10}, day(t, "2024-10-27")}
	for _, k := range []struct {
		name            string
		plan            Plan
		delivered, want string
		today           string
	}{
		{"nothing delivered: from the day of issue", monthly, "", "2024-10 2024-11", "2024-12-01"},
		{"all delivered: the next", monthly, "2024-10-31 2024-11-30", "2024-12", "2024-12-20"},
		{"a hole counts, though later periods came", monthly, "2025-03-31 2025-05-31", "2025-04 2025-06", "2025-06-30"},
		{"what is older than the first delivery was never promised", monthly, "2025-05-31", "2025-06", "2025-06-30"},
		{"half a period is none", monthly, "2025-05-31 2025-06-15", "2025-06", "2025-06-30"},
		{"figures of before the policy promise nothing before it", monthly, "2024-01-31 2024-10-31", "2024-11", "2024-11-10"},
		{"on its due day it is not late", monthly, "2025-05-31", "2025-06", "2025-07-15"},
		{"the day after it is", monthly, "2025-05-31", "2025-06 2025-07", "2025-07-16"},
		{"quarters", Plan{schema.Quarterly, schema.Release{Days: 20}, day(t, "2024-10-27")}, "2024-12-31 2025-03-31", "2025-Q2", "2025-06-30"},
		{"ten days by the next ten days' end", Plan{schema.TenDay, schema.Release{ByNext: true}, day(t, "2024-10-27")}, "2025-06-10", "2025-06-11/P10D 2025-06-21/P10D", "2025-07-01"},
		{"days nobody works have nothing to report", Plan{schema.Daily, schema.Release{WorkingDays: 1}, day(t, "2024-10-27")}, "2025-09-29", "2025-09-30 2025-10-09", "2025-10-10"},
		{"no frequency, no rule", Plan{}, "", "", "2025-06-30"},
	} {
		t.Run(k.name, func(t *testing.T) {
			var got []string
			for _, d := range c.Owed(k.plan, days(t, k.delivered), day(t, k.today), 24) {
				got = append(got, d.Period.String())
			}
			if s := strings.Join(got, " "); s != k.want {
				t.Errorf("%q, want %q", s, k.want)
			}
		})
	}
}

func TestALongSilenceIsBoundedAndStillSaysWhatIsNext(t *testing.T) {
	c := standard(t)
	owed := c.Owed(Plan{schema.Daily, schema.Release{WorkingDays: 1}, day(t, "2024-10-27")}, nil, day(t, "2025-06-30"), 24)
	if len(owed) != 24 || owed[0].Period.String() != "2024-10-28" || owed[23].Period.String() != "2025-06-27" || owed[23].Due.String() != "2025-06-30" {
		t.Errorf("%d: %v … %v", len(owed), owed[0], owed[len(owed)-1])
	}
}

func TestEveryDeliveryTakesItsPeriodOffTheListAndNoOther(t *testing.T) {
	c := standard(t)
	random := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		f := []schema.Frequency{schema.Quarterly, schema.Monthly, schema.TenDay, schema.Daily}[random.IntN(4)]
		p := Plan{f, schema.Release{Days: random.IntN(20), WorkingDays: random.IntN(3), Grace: random.IntN(15)}, day(t, "2024-10-27")}
		today := day(t, "2025-01-01").AddDays(random.IntN(300))
		first := schema.PeriodOf(f, p.From)
		delivered := []schema.Date{first.Last()}
		for q := first.Next(); q.Last().Before(today); q = q.Next() {
			if random.IntN(2) == 0 {
				delivered = append(delivered, q.Last())
			}
		}
		before := c.Owed(p, delivered, today, 1<<20)
		for _, d := range before {
			if d.Excused.Before(d.Due) || !d.Period.Last().Before(d.Due) && d.Period.Last() != d.Due || !c.Working(d.Due) {
				t.Fatalf("%+v", d)
			}
		}
		i := random.IntN(len(before))
		after := c.Owed(p, append(delivered, before[i].Period.Last()), today, 1<<20)
		want := append(append([]Delivery{}, before[:i]...), before[i+1:]...)
		if i == len(before)-1 && len(after) > 0 { // what was due next came early: another is next
			want = append(want, after[len(after)-1])
		}
		if len(after) != len(want) {
			t.Fatalf("%d owed, want %d", len(after), len(want))
		}
		for j := range want {
			if after[j] != want[j] {
				t.Fatalf("%v, want %v", after[j], want[j])
			}
		}
	}
}

func TestOfficeHoursAreThoseOfWorkingDays(t *testing.T) {
	c := standard(t)
	at := func(s string, hour, minute int) bool {
		return c.OfficeHours(day(t, s).In(time.UTC).Add(time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute))
	}
	for _, k := range []struct {
		day          string
		hour, minute int
		want         bool
	}{
		{"2025-06-30", 9, 0, true}, {"2025-06-30", 8, 59, false}, {"2025-06-30", 17, 29, true}, {"2025-06-30", 17, 30, false}, {"2025-06-30", 0, 0, false},
		{"2025-06-28", 10, 0, false}, {"2025-01-26", 10, 0, true}, {"2025-01-28", 10, 0, false},
	} {
		if got := at(k.day, k.hour, k.minute); got != k.want {
			t.Errorf("%s %02d:%02d: %t", k.day, k.hour, k.minute, got)
		}
	}
}

package calendar

import (
	"strings"
	"testing"

	"yardstick/schema"
)

func day(t *testing.T, s string) schema.Date {
	t.Helper()
	d, err := schema.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func standard(t *testing.T) *Calendar {
	t.Helper()
	c, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestWorkingDaysFollowTheAnnouncedHolidays(t *testing.T) {
	c := standard(t)
	for s, want := range map[string]bool{
		"2025-06-30": true,  // a Monday
		"2025-06-28": false, // a Saturday
		"2025-01-26": true,  // a Sunday, worked for the Spring Festival
		"2025-01-28": false, "2025-02-04": false, "2025-02-05": true, "2025-02-08": true,
		"2024-10-12": true, "2024-10-07": false, "2025-10-08": false, "2025-10-09": true,
		"2026-02-23": false, "2026-02-24": true, "2026-02-28": true, "2026-01-02": false, "2026-01-04": true,
		"2027-10-01": true, // not announced: a Friday like any other
		"2027-10-02": false,
	} {
		if got := c.Working(day(t, s)); got != want {
			t.Errorf("%s worked: %v, want %v", s, got, want)
		}
	}
	if h, ok := c.Off[day(t, "2025-01-29")]; !ok || h.Zh != "春节" || h.En != "Spring Festival" {
		t.Errorf("2025-01-29 is %v", h)
	}
}

func TestWorkingDaysOfEachYearAddUp(t *testing.T) {
	c := standard(t)
	// Days in the year, less Saturdays and Sundays, less weekdays off, plus weekend days worked.
	for year, want := range map[int]int{2024: 251, 2025: 248, 2026: 248} {
		n := 0
		for d := schema.NewDate(year, 1, 1); d.Year == year; d = d.AddDays(1) {
			if c.Working(d) {
				n++
			}
		}
		if n != want || !c.Known(year) {
			t.Errorf("%d has %d working days (announced: %v), want %d", year, n, c.Known(year), want)
		}
	}
	if c.Known(2023) || c.Known(2027) {
		t.Error("a year without data is known")
	}
}

func TestNextWorkingDayIsNeverTheDayItself(t *testing.T) {
	c := standard(t)
	for s, want := range map[string]string{
		"2025-06-27": "2025-06-30", "2025-06-30": "2025-07-01", "2025-01-25": "2025-01-26", "2025-01-27": "2025-02-05",
		"2025-09-30": "2025-10-09", "2026-02-13": "2026-02-14",
	} {
		if got := c.NextWorkingDay(day(t, s)); got.String() != want {
			t.Errorf("after %s comes %s, want %s", s, got, want)
		}
	}
	if got := c.OnOrAfter(day(t, "2025-06-30")); got.String() != "2025-06-30" {
		t.Errorf("a working day is on or after itself, have %s", got)
	}
}

func TestDueDaysMoveOnToWorkingDays(t *testing.T) {
	c := standard(t)
	for _, k := range []struct{ period, due, grace string }{
		{"2025-05", "2025-06-16", "2025-06-26"}, // 15 June is a Sunday
		{"2025-09", "2025-10-15", "2025-10-27"}, // 25 October is a Saturday
		{"2025-Q1", "2025-04-15", "2025-04-25"},
		{"2024", "2025-01-15", "2025-01-26"}, // the 25th is a Saturday, the 26th is worked
		{"2025-01-11/P10D", "2025-02-05", "2025-02-17"},
	} {
		p, _, err := schema.ParsePeriod(k.period)
		if err != nil {
			t.Fatal(err)
		}
		r := schema.Release{Days: 15, Grace: 10}
		if due, grace := c.Due(r, p), c.DueWithGrace(r, p); due.String() != k.due || grace.String() != k.grace {
			t.Errorf("%s is due %s, excused until %s; want %s and %s", k.period, due, grace, k.due, k.grace)
		}
	}
	if d := c.Due(schema.Release{Days: 15}, schema.Period{}); !d.IsZero() {
		t.Errorf("no period is due on %s", d)
	}
	if d := c.DueWithGrace(schema.Release{Days: 15}, schema.Period{}); !d.IsZero() {
		t.Errorf("no period is excused until %s", d)
	}
}

func TestHolidayDataThatCannotBeRightIsRefused(t *testing.T) {
	sound := "years:\n  - year: 2030\n    source: a notice\n    off: [{zh: 元旦, en: New Year, from: 2030-01-01, to: 2030-01-01}]\n    work: [2030-01-05]\n"
	if _, err := parse([]byte(sound)); err != nil {
		t.Fatalf("sound data is refused: %v", err)
	}
	for _, k := range [][2]string{
		{"source: a notice", "source: \"\""},
		{"work: [2030-01-05]", "work: [2030-01-04]"}, // a Friday is worked anyway
		{"work: [2030-01-05]", "work: [2031-01-04]"},
		{"to: 2030-01-01", "to: 2029-12-31"},
		{"from: 2030-01-01", "from: 2029-01-01"},
		{"to: 2030-01-01", "to: 2030-13-01"},
		{"year: 2030", "yeer: 2030"},
	} {
		if _, err := parse([]byte(strings.Replace(sound, k[0], k[1], 1))); err == nil {
			t.Errorf("%q is taken", k[1])
		}
	}
}

package schema_test

import (
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"yardstick/schema"
)

func TestPeriodsAreReadAsPeopleWriteThem(t *testing.T) {
	for _, c := range []struct {
		text, want  string
		basis       schema.Basis
		first, last string
	}{
		{"2025", "2025", "", "2025-01-01", "2025-12-31"},
		{"2025年", "2025", "", "2025-01-01", "2025-12-31"},
		{"2024年全年", "2024", "", "2024-01-01", "2024-12-31"},
		{"2024年度", "2024", "", "2024-01-01", "2024-12-31"},
		{"2024年全年累计", "2024", schema.YearToDate, "2024-01-01", "2024-12-31"},
		{"2024年末", "2024", schema.Point, "2024-01-01", "2024-12-31"},
		{"2024年年底", "2024", schema.Point, "2024-01-01", "2024-12-31"},
		{"2024年四季度累计", "2024-Q4", schema.YearToDate, "2024-10-01", "2024-12-31"},
		{"2025年第一季度累计", "2025-Q1", schema.YearToDate, "2025-01-01", "2025-03-31"},
		{"2025年三季度末", "2025-Q3", schema.Point, "2025-07-01", "2025-09-30"},
		{"2025年一至三季度", "2025-Q3", schema.YearToDate, "2025-07-01", "2025-09-30"},
		{"2025年上半年累计", "2025-Q2", schema.YearToDate, "2025-04-01", "2025-06-30"},
		{"2024年1-12月累计", "2024-12", schema.YearToDate, "2024-12-01", "2024-12-31"},
		{"2025-Q3", "2025-Q3", "", "2025-07-01", "2025-09-30"},
		{"2025Q3", "2025-Q3", "", "2025-07-01", "2025-09-30"},
		{"2025年三季度", "2025-Q3", "", "2025-07-01", "2025-09-30"},
		{"2025年第三季度", "2025-Q3", "", "2025-07-01", "2025-09-30"},
		{"2025年7-9月", "2025-Q3", schema.InPeriod, "2025-07-01", "2025-09-30"},
		{"2025年上半年", "2025-Q2", schema.YearToDate, "2025-04-01", "2025-06-30"},
		{"2025年前三季度", "2025-Q3", schema.YearToDate, "2025-07-01", "2025-09-30"},
		{"2025-09", "2025-09", "", "2025-09-01", "2025-09-30"},
		{"202509", "2025-09", "", "2025-09-01", "2025-09-30"},
		{"2025.9", "2025-09", "", "2025-09-01", "2025-09-30"},
		{"２０２５年９月", "2025-09", "", "2025-09-01", "2025-09-30"},
		{"Sep 2025", "2025-09", "", "2025-09-01", "2025-09-30"},
		{"2025年1-9月", "2025-09", schema.YearToDate, "2025-09-01", "2025-09-30"},
		{"2025年1—9月", "2025-09", schema.YearToDate, "2025-09-01", "2025-09-30"},
		{"2025年1-2月", "2025-02", schema.YearToDate, "2025-02-01", "2025-02-28"},
		{"2025年9月累计", "2025-09", schema.YearToDate, "2025-09-01", "2025-09-30"},
		{"截至2025年9月底", "2025-09", schema.Point, "2025-09-01", "2025-09-30"},
		{"2025年9月上旬", "2025-09-01/P10D", "", "2025-09-01", "2025-09-10"},
		{"2024-02-21/P10D", "2024-02-21/P10D", "", "2024-02-21", "2024-02-29"},
		{"2025年9月15日", "2025-09-15", "", "2025-09-15", "2025-09-15"},
		{"20250915", "2025-09-15", "", "2025-09-15", "2025-09-15"},
		{"2023年三季度当季", "2023-Q3", schema.InPeriod, "2023-07-01", "2023-09-30"},
		{"2023年4月当月", "2023-04", schema.InPeriod, "2023-04-01", "2023-04-30"},
		{"2023年4月（当月）", "2023-04", schema.InPeriod, "2023-04-01", "2023-04-30"},
		{"2023年11月本月数", "2023-11", schema.InPeriod, "2023-11-01", "2023-11-30"},
		{"2023-11 当月值", "2023-11", schema.InPeriod, "2023-11-01", "2023-11-30"},
		{"2023Q4累计", "2023-Q4", schema.YearToDate, "2023-10-01", "2023-12-31"},
		{"2023-Q2（累计）", "2023-Q2", schema.YearToDate, "2023-04-01", "2023-06-30"},
		{"2023年4月年内累计", "2023-04", schema.YearToDate, "2023-04-01", "2023-04-30"},
		{"2023年Q2", "2023-Q2", "", "2023-04-01", "2023-06-30"},
		{"2023年Q1-Q2", "2023-Q2", schema.YearToDate, "2023-04-01", "2023-06-30"},
		{"2023Q1-3", "2023-Q3", schema.YearToDate, "2023-07-01", "2023-09-30"},
		{"2023Q1—Q4", "2023-Q4", schema.YearToDate, "2023-10-01", "2023-12-31"},
		{"23年", "2023", "", "2023-01-01", "2023-12-31"},
		{"23年1-4月", "2023-04", schema.YearToDate, "2023-04-01", "2023-04-30"},
		{"08年三季度当季", "2008-Q3", schema.InPeriod, "2008-07-01", "2008-09-30"},
	} {
		p, b, err := schema.ParsePeriod(c.text)
		if err != nil || p.String() != c.want || b != c.basis || p.First().String() != c.first || p.Last().String() != c.last {
			t.Errorf("%s: %v %q %v to %v, %v; want %s %q %s to %s", c.text, p, b, p.First(), p.Last(), err, c.want, c.basis, c.first, c.last)
		}
	}
}

func TestWhatNamesNoPeriodIsRefused(t *testing.T) {
	for _, text := range []string{"", "abc", "2025-13", "2025-00", "2025-13-01", "2025-02-30", "2025年13月", "2025年2-5月", "2025年下半年", "0999", "2025-09-12/P10D",
		"2023年1-4月当月", "2023年4月末累计", "2023年4月累计当月", "98年", "23", "2023Q2-Q3", "2023年4月15日当日", "当月", "累计"} {
		if p, _, err := schema.ParsePeriod(text); !errors.Is(err, schema.ErrPeriod) {
			t.Errorf("%q is read as %v, %v", text, p, err)
		}
	}
	for _, text := range []string{"上半年", "9月", "三季度", "三季度累计", "1-9月", "9月上旬", "三季度当季", "4月当月", "4月（累计）", "Q1-Q3", "Q4累计"} {
		if _, _, err := schema.ParsePeriod(text); !errors.Is(err, schema.ErrNoYear) {
			t.Errorf("%q: %v, want that the year is missing", text, err)
		}
	}
}

func TestPeriodsPrintAsTheyAreReadAgain(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 3000 {
		d := schema.NewDate(1900+random.IntN(200), time.January, 1+random.IntN(365))
		for _, f := range []schema.Frequency{schema.Annual, schema.Quarterly, schema.Monthly, schema.TenDay, schema.Daily} {
			p := schema.PeriodOf(f, d)
			if q, _, err := schema.ParsePeriod(p.String()); err != nil || q != p {
				t.Fatalf("%v is read as %v, %v", p, q, err)
			}
			if q, _, err := schema.ParsePeriod(p.Chinese("")); err != nil || q != p {
				t.Fatalf("%s is read as %v, %v", p.Chinese(""), q, err)
			}
			if p.First().After(d) || p.Last().Before(d) {
				t.Fatalf("%v does not hold %v", p, d)
			}
			n := random.IntN(100) - 50
			if q := p.Add(n); q.Since(p) != n || q.Add(-n) != p || q.Next().First() != q.Last().AddDays(1) {
				t.Fatalf("%v and %d later %v do not fit", p, n, q)
			}
		}
	}
}

func TestTheSecondHalfOfMonthsIsNoRunningTotal(t *testing.T) {
	if p, _, err := schema.ParsePeriod("2025年7-9月累计"); !errors.Is(err, schema.ErrPeriod) {
		t.Errorf("read as %v, %v", p, err)
	}
}

func TestYearToDateFiguresMeetAtOneKey(t *testing.T) {
	want := schema.Quarter(2025, 3)
	for _, text := range []string{"2025年1-9月", "2025年前三季度", "2025年9月"} {
		p, _, err := schema.ParsePeriod(text)
		if err != nil {
			t.Fatal(err)
		}
		if q, ok := p.EndingWith(schema.Quarterly); !ok || q != want {
			t.Errorf("%s ends with %v, %v", text, q, ok)
		}
	}
	if _, ok := schema.Month(2025, time.August).EndingWith(schema.Quarterly); ok {
		t.Error("August ends with no quarter")
	}
}

func FuzzPeriod(f *testing.F) {
	for _, s := range []string{"2025", "2025年1—9月", "2025-09-11/P10D", "上半年", "Sep 2025", "2025/9/1", "２０２５"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, _, err := schema.ParsePeriod(s)
		if err != nil {
			return
		}
		if q, _, err := schema.ParsePeriod(p.String()); err != nil || q != p {
			t.Fatalf("%q gives %v, which is read as %v, %v", s, p, q, err)
		}
	})
}

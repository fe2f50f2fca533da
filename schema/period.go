package schema

import (
	"fmt"
	"time"
)

// Frequency is how often a series has a value: SDMX's A, Q, M and D, and T for
// the ten-day period (旬) of Chinese reporting, which SDMX lacks.
type Frequency string

// The frequencies, coarse to fine.
const (
	Annual    Frequency = "A"
	Quarterly Frequency = "Q"
	Monthly   Frequency = "M"
	TenDay    Frequency = "T"
	Daily     Frequency = "D"
)

// Valid reports whether f is one of the five.
func (f Frequency) Valid() bool {
	switch f {
	case Annual, Quarterly, Monthly, TenDay, Daily:
		return true
	}
	return false
}

// PerYear is the number of reference periods in a year (365.25 days for D).
func (f Frequency) PerYear() float64 {
	return map[Frequency]float64{Annual: 1, Quarterly: 4, Monthly: 12, TenDay: 36, Daily: 365.25}[f]
}

// Basis says what span a value covers.
type Basis string

// The bases: a stock at the end of the period (时点), a flow within it (当期),
// a flow since the start of the year (累计), a flow since a named day.
const (
	Point      Basis = "point"
	InPeriod   Basis = "period"
	YearToDate Basis = "ytd"
	Cumulative Basis = "cumulative"
)

// Valid reports whether b is one of the four.
func (b Basis) Valid() bool {
	switch b {
	case Point, InPeriod, YearToDate, Cumulative:
		return true
	}
	return false
}

// Period is a reference period: a year, quarter, month, ten-day period or day.
// It is comparable and may be a map key. The zero Period is "no period".
type Period struct {
	freq  Frequency
	start Date
}

// Year is the calendar year y.
func Year(y int) Period { return Period{Annual, Date{y, time.January, 1}} }

// Quarter is quarter q (1 to 4) of year y.
func Quarter(y, q int) Period { return Period{Quarterly, NewDate(y, time.Month(3*q-2), 1)} }

// Month is month m of year y.
func Month(y int, m time.Month) Period { return Period{Monthly, NewDate(y, m, 1)} }

// TenDays is ten-day period n (1 to 3: 上旬, 中旬, 下旬) of month m of year y.
func TenDays(y int, m time.Month, n int) Period { return Period{TenDay, NewDate(y, m, 10*n-9)} }

// Day is the day d.
func Day(d Date) Period { return Period{Daily, d} }

// PeriodOf is the period of frequency f that the day d falls in.
func PeriodOf(f Frequency, d Date) Period {
	switch f {
	case Annual:
		return Year(d.Year)
	case Quarterly:
		return Quarter(d.Year, (int(d.Month)+2)/3)
	case Monthly:
		return Month(d.Year, d.Month)
	case TenDay:
		return TenDays(d.Year, d.Month, min((d.Day-1)/10, 2)+1)
	case Daily:
		return Day(d)
	}
	return Period{}
}

// IsZero reports whether p is "no period".
func (p Period) IsZero() bool { return p.freq == "" }

// Frequency of the period.
func (p Period) Frequency() Frequency { return p.freq }

// First day of the period.
func (p Period) First() Date { return p.start }

// Last day of the period.
func (p Period) Last() Date {
	if p.IsZero() {
		return Date{}
	}
	return p.Next().start.AddDays(-1)
}

// Next is the period after p.
func (p Period) Next() Period { return p.Add(1) }

// Prev is the period before p.
func (p Period) Prev() Period { return p.Add(-1) }

// Add is the period n periods after p (before it when n is negative).
func (p Period) Add(n int) Period {
	s := p.start
	switch p.freq {
	case Annual:
		return Year(s.Year + n)
	case Quarterly:
		return Period{Quarterly, NewDate(s.Year, s.Month+time.Month(3*n), 1)}
	case Monthly:
		return Period{Monthly, NewDate(s.Year, s.Month+time.Month(n), 1)}
	case TenDay:
		k := 3*(12*s.Year+int(s.Month)-1) + (s.Day-1)/10 + n
		month := floorDiv(k, 3)
		return TenDays(floorDiv(month, 12), time.Month(month-12*floorDiv(month, 12)+1), k-3*month+1)
	case Daily:
		return Day(s.AddDays(n))
	}
	return p
}

func floorDiv(a, b int) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// quarter that the period begins in, from 1.
func (p Period) quarter() int { return (int(p.start.Month) + 2) / 3 }

// Since is the number of steps from q to p, both of one frequency.
func (p Period) Since(q Period) int {
	months := 12*(p.start.Year-q.start.Year) + int(p.start.Month) - int(q.start.Month)
	switch p.freq {
	case Annual:
		return p.start.Year - q.start.Year
	case Quarterly:
		return months / 3
	case Monthly:
		return months
	case TenDay:
		return 3*months + (p.start.Day-1)/10 - (q.start.Day-1)/10
	}
	return p.start.DaysSince(q.start)
}

// EndingWith is the period of frequency f that ends on the same day as p, if
// there is one: the month 2025-09 and the quarter 2025-Q3 end together. Values
// at a point in time, year to date and cumulative mean the same in both.
func (p Period) EndingWith(f Frequency) (Period, bool) {
	last := p.Last()
	q := PeriodOf(f, last)
	return q, !q.IsZero() && q.Last() == last
}

// Compare orders periods by last day, the longer first at the same last day.
func (p Period) Compare(q Period) int {
	if c := p.Last().Compare(q.Last()); c != 0 {
		return c
	}
	return p.start.Compare(q.start)
}

// String is the canonical form: 2025, 2025-Q3, 2025-09, 2025-09-11/P10D,
// 2025-09-15. Within one frequency it sorts as text.
func (p Period) String() string {
	switch p.freq {
	case Annual:
		return fmt.Sprintf("%04d", p.start.Year)
	case Quarterly:
		return fmt.Sprintf("%04d-Q%d", p.start.Year, p.quarter())
	case Monthly:
		return fmt.Sprintf("%04d-%02d", p.start.Year, int(p.start.Month))
	case TenDay:
		return p.start.String() + "/P10D"
	case Daily:
		return p.start.String()
	}
	return ""
}

// Chinese is the form people read, with what the basis adds: 2025年,
// 2025年三季度, 2025年1-9月, 2025年9月, 2025年9月中旬, 2025年9月15日.
func (p Period) Chinese(b Basis) string {
	y, m := p.start.Year, int(p.start.Month)
	switch p.freq {
	case Annual:
		return fmt.Sprintf("%d年", y)
	case Quarterly:
		q := p.quarter()
		if b == YearToDate {
			return fmt.Sprintf("%d年%s", y, [...]string{"一季度", "上半年", "前三季度", "全年"}[q-1])
		}
		return fmt.Sprintf("%d年%s季度", y, [...]string{"一", "二", "三", "四"}[q-1])
	case Monthly:
		if b == YearToDate && m > 1 {
			return fmt.Sprintf("%d年1-%d月", y, m)
		}
		return fmt.Sprintf("%d年%d月", y, m)
	case TenDay:
		return fmt.Sprintf("%d年%d月%s旬", y, m, [...]string{"上", "中", "下"}[(p.start.Day-1)/10])
	case Daily:
		return fmt.Sprintf("%d年%d月%d日", y, m, p.start.Day)
	}
	return ""
}

// English is the form people read: 2025, 2025 Q3, Jan-Sep 2025, Sep 2025,
// 11-20 Sep 2025, 15 Sep 2025.
func (p Period) English(b Basis) string {
	month := func() string { return p.start.Month.String()[:3] }
	switch p.freq {
	case Annual:
		return fmt.Sprint(p.start.Year)
	case Quarterly:
		q := p.quarter()
		if b == YearToDate {
			return fmt.Sprintf("%s %d", [...]string{"Jan-Mar", "Jan-Jun", "Jan-Sep", "Jan-Dec"}[q-1], p.start.Year)
		}
		return fmt.Sprintf("%d Q%d", p.start.Year, q)
	case Monthly:
		if b == YearToDate && p.start.Month > time.January {
			return fmt.Sprintf("Jan-%s %d", month(), p.start.Year)
		}
		return fmt.Sprintf("%s %d", month(), p.start.Year)
	case TenDay:
		return fmt.Sprintf("%d-%d %s %d", p.start.Day, p.Last().Day, month(), p.start.Year)
	case Daily:
		return fmt.Sprintf("%d %s %d", p.start.Day, month(), p.start.Year)
	}
	return ""
}

// MarshalText prints the canonical form.
func (p Period) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads any form ParsePeriod knows; nothing gives the zero Period.
func (p *Period) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*p = Period{}
		return nil
	}
	q, _, err := ParsePeriod(string(b))
	if err != nil {
		return err
	}
	*p = q
	return nil
}

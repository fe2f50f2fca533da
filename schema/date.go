package schema

import (
	"cmp"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Date is a calendar day without time or zone. The zero Date is "no day".
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// NewDate gives the day, normalised as time.Date does (32 January is 1 February).
func NewDate(year int, month time.Month, day int) Date {
	return DateOf(time.Date(year, month, day, 0, 0, 0, 0, time.UTC))
}

// DateOf is the day that t falls on in t's own location.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// ParseDate reads YYYY-MM-DD and refuses days that do not exist.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, fmt.Errorf("%q is not a day written YYYY-MM-DD", s)
	}
	return DateOf(t), nil
}

// IsZero reports whether d is "no day".
func (d Date) IsZero() bool { return d == Date{} }

// Time is midnight at the start of the day in UTC.
func (d Date) Time() time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
}

// In is midnight at the start of the day in loc.
func (d Date) In(loc *time.Location) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, loc)
}

// EndIn is the last nanosecond of the day in loc.
func (d Date) EndIn(loc *time.Location) time.Time {
	return d.AddDays(1).In(loc).Add(-time.Nanosecond)
}

// AddDays is the day n days later (earlier when n is negative).
func (d Date) AddDays(n int) Date { return NewDate(d.Year, d.Month, d.Day+n) }

// DaysSince is the number of days from e to d.
func (d Date) DaysSince(e Date) int {
	return int(d.Time().Sub(e.Time()).Hours() / 24)
}

// Before reports whether d is earlier than e.
func (d Date) Before(e Date) bool { return d.Compare(e) < 0 }

// After reports whether d is later than e.
func (d Date) After(e Date) bool { return d.Compare(e) > 0 }

// Compare is -1, 0 or 1 as d is before, on or after e.
func (d Date) Compare(e Date) int {
	return cmp.Or(cmp.Compare(d.Year, e.Year), cmp.Compare(d.Month, e.Month), cmp.Compare(d.Day, e.Day))
}

// String is YYYY-MM-DD, or nothing for the zero Date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day)
}

// MarshalJSON prints "YYYY-MM-DD", or null for the zero Date.
func (d Date) MarshalJSON() ([]byte, error) {
	if d.IsZero() {
		return []byte("null"), nil
	}
	return []byte(`"` + d.String() + `"`), nil
}

// UnmarshalJSON reads what MarshalJSON prints.
func (d *Date) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		*d = Date{}
		return nil
	}
	return d.UnmarshalText([]byte(strings.Trim(string(b), `"`)))
}

// MarshalText prints YYYY-MM-DD.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads YYYY-MM-DD; nothing gives the zero Date.
func (d *Date) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*d = Date{}
		return nil
	}
	v, err := ParseDate(string(b))
	if err != nil {
		return err
	}
	*d = v
	return nil
}

// What may be wrong with a range of days.
var (
	ErrStep  = errors.New("a step is a number of days or months: 7d, 1m")
	ErrRange = errors.New("no day, or too many, in the range")
)

// Steps are the days from the first to the last, both included, so many days
// ("7d") or months ("1m") apart. A month's step keeps the day, or takes the
// month's last. It fails with ErrStep or, when there would be none or more than
// most, ErrRange.
func Steps(from, to Date, step string, most int) ([]Date, error) {
	n, err := strconv.Atoi(strings.TrimRight(step, "dm"))
	days, months := strings.HasSuffix(step, "d"), strings.HasSuffix(step, "m")
	if err != nil || n < 1 || n > 100_000 || !days && !months {
		return nil, ErrStep
	}
	var out []Date
	for i := 0; ; i++ {
		d := from.AddDays(n * i)
		if months {
			d = from.AddMonths(n * i)
		}
		if from.IsZero() || d.After(to) || len(out) > most {
			break
		}
		out = append(out, d)
	}
	if len(out) == 0 || len(out) > most {
		return nil, ErrRange
	}
	return out, nil
}

// AddMonths is the same day n months later, or the month's last.
func (d Date) AddMonths(n int) Date {
	first := NewDate(d.Year, d.Month+time.Month(n), 1)
	return NewDate(first.Year, first.Month, min(d.Day, Month(first.Year, first.Month).Last().Day))
}

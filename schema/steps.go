package schema

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

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

package schema

import (
	"errors"
	"fmt"
	"testing"
)

func TestStepsKeepTheDayOrTakeTheMonthsLast(t *testing.T) {
	for _, c := range []struct {
		from, to Date
		step     string
		want     string
		err      error
	}{
		{NewDate(2025, 1, 31), NewDate(2025, 4, 30), "1m", "[2025-01-31 2025-02-28 2025-03-31 2025-04-30]", nil},
		{NewDate(2025, 1, 1), NewDate(2025, 1, 15), "7d", "[2025-01-01 2025-01-08 2025-01-15]", nil},
		{NewDate(2025, 1, 1), NewDate(2025, 1, 1), "1d", "[2025-01-01]", nil},
		{NewDate(2025, 1, 2), NewDate(2025, 1, 1), "1d", "[]", ErrRange},
		{Date{}, NewDate(2025, 1, 1), "1d", "[]", ErrRange},
		{NewDate(2025, 1, 1), NewDate(2025, 1, 12), "1d", "[]", ErrRange},
		{NewDate(2025, 1, 1), NewDate(2025, 1, 2), "0d", "[]", ErrStep},
		{NewDate(2025, 1, 1), NewDate(2025, 1, 2), "7", "[]", ErrStep},
		{NewDate(2025, 1, 1), NewDate(2025, 1, 2), "", "[]", ErrStep},
		{NewDate(2025, 1, 1), NewDate(2025, 1, 2), "-1m", "[]", ErrStep},
	} {
		got, err := Steps(c.from, c.to, c.step, 10)
		if fmt.Sprint(got) != c.want || !errors.Is(err, c.err) {
			t.Errorf("%s to %s by %q: %v %v, want %s %v", c.from, c.to, c.step, got, err, c.want, c.err)
		}
	}
}

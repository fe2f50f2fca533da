package schema

import "testing"

func TestTheLastActThatConcernsAPeriodHolds(t *testing.T) {
	lock := func(seq uint64, subject, through string) Act {
		return Act{Seq: seq, Kind: ActLock, Subject: subject, Fields: map[string]string{"through": through}}
	}
	reopen := func(seq uint64, subject, from, through string) Act {
		return Act{Seq: seq, Kind: ActReopen, Subject: subject, Fields: map[string]string{"from": from, "through": through}}
	}
	acts := []Act{
		lock(1, "*", "2025-08-31"),
		reopen(2, "industry", "2025-08-01", "2025-08-31"),
		lock(3, "bureau", "2025-09-30"),
		reopen(4, "*", "2025-06-01", "2025-06-30"),
		lock(5, "industry", "2025-07-31"),
	}
	for _, c := range []struct {
		feed, period string
		by           uint64 // 0: open
	}{
		{"industry", "2025-08", 0}, {"other", "2025-08", 1}, {"bureau", "2025-09", 3}, {"industry", "2025-09", 0},
		{"industry", "2025-07", 5}, {"industry", "2025-06", 5}, {"other", "2025-06", 0}, {"other", "2025-06-11/P10D", 0},
		{"other", "2025-Q2", 1}, {"other", "2025-Q3", 0}, {"bureau", "2025-Q3", 3}, {"other", "2024", 1}, {"other", "2025", 0},
	} {
		p, _, err := ParsePeriod(c.period)
		if err != nil {
			t.Fatal(err)
		}
		if by, locked := Locked(acts, c.feed, p); by.Seq != c.by || locked != (c.by > 0) {
			t.Errorf("%s of %s: locked %v by %d, want %d", c.period, c.feed, locked, by.Seq, c.by)
		}
	}
}

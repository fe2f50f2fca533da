package schema

// Locked tells whether a feed's figures of a period may not change, from the
// acts of locking and reopening in the order of the ledger: the last one that
// concerns the period holds. A lock concerns every period that ends on or
// before its last day; a reopening those that lie wholly within its days. Both
// may be of one feed or, with the subject "*", of all. The act that locks is
// given with it.
func Locked(acts []Act, feed string, p Period) (by Act, locked bool) {
	for _, a := range acts {
		if a.Subject != "*" && a.Subject != feed {
			continue
		}
		through, err := ParseDate(a.Fields["through"])
		if err != nil || p.Last().After(through) {
			continue
		}
		switch a.Kind {
		case ActLock:
			by, locked = a, true
		case ActReopen:
			if from, err := ParseDate(a.Fields["from"]); err == nil && !p.First().Before(from) {
				by, locked = Act{}, false
			}
		}
	}
	return by, locked
}

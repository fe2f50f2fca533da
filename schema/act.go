// Package schema is the vocabulary of Yardstick: what an observation, a
// target, a verdict and a receipt are. It imports the standard library alone,
// holds no I/O and reads no clock.
//
// Terms follow SDMX (observation, reference period, frequency, observation
// status) and the policy documents Yardstick judges.
package schema

import (
	"fmt"
	"strings"
	"time"
)

// ActKind is a kind of act that is written to the ledger beside receipts.
type ActKind string

// The kinds, with what Subject names and the fields each has.
const (
	// ActAnswer remembers an answer for a feed (subject): layout, key, value, receipt.
	ActAnswer ActKind = "answer"
	// ActAttach ties kept bytes to a receipt (subject): name, sha256, media,
	// bytes, what (signed-form or evidence).
	ActAttach ActKind = "attach"
	// ActGrew says that the file of a receipt (subject) went on being written after
	// it was taken, and was taken anew: file, its name.
	ActGrew ActKind = "grew"
	// ActLock locks all reference periods of a feed (subject, "*" for all) that
	// end on or before the field through (YYYY-MM-DD).
	ActLock ActKind = "lock"
	// ActReopen reopens a locked period of a feed (subject, "*" for all): from
	// and through (YYYY-MM-DD), reason.
	ActReopen ActKind = "reopen"
	// ActStatement is what the owner says of a target (subject POLICY/TARGET):
	// cause, measures, promised (YYYY-MM-DD, or none), office, day; one that
	// takes the last back has withdrawn (why) instead of the first three.
	ActStatement ActKind = "statement"
)

// Act is something somebody did that is no receipt: it is on the ledger and in
// the table acts, append-only. A later act of the same meaning holds.
type Act struct {
	Seq     uint64            `json:"seq"` // the ledger's
	At      time.Time         `json:"at"`
	Kind    ActKind           `json:"kind"`
	Subject string            `json:"subject"`
	Actor   string            `json:"actor"`
	Fields  map[string]string `json:"fields"`
}

// Locked tells whether a feed's figures of a period may not change, from the
// acts of locking and reopening in the order of the ledger: the last one that
// concerns the period holds. The period is that of the figures' fact, so that a
// year and its last quarter to date are locked alike. A lock concerns every period that ends on or
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

// Statement is what the owner of a target says of it (情况说明): why it stands
// as it does, what is being done, and the day it is promised to be mended by.
// It changes no verdict; it is shown beside it. The latest of a target holds,
// unless it takes the one before it back: then none does.
type Statement struct {
	Policy    string    `json:"policy"`
	Target    string    `json:"target"`
	Cause     string    `json:"cause"`               // 原因
	Measures  string    `json:"measures"`            // 措施
	Promised  Date      `json:"promised"`            // 承诺日期; zero when none is promised
	By        string    `json:"by"`                  // who entered it
	Office    string    `json:"office"`              // for which office
	Day       Date      `json:"day"`                 // of the installation's calendar on which it was entered: known from then on
	Withdrawn string    `json:"withdrawn,omitempty"` // why the one before is taken back; the first three are empty then
	Synthetic bool      `json:"synthetic,omitempty"` // of a demonstration
	At        time.Time `json:"at"`                  // when it was written down
	Seq       uint64    `json:"seq"`                 // the ledger's
}

// Subject names the target in the ledger: POLICY/TARGET.
func (s Statement) Subject() string { return s.Policy + "/" + s.Target }

// Same reports whether t says what s says.
func (s Statement) Same(t Statement) bool {
	return s.Subject() == t.Subject() && s.Cause == t.Cause && s.Measures == t.Measures && s.Promised == t.Promised && s.Withdrawn == t.Withdrawn
}

// Act is the statement as it is written down.
func (s Statement) Act() Act {
	fields := map[string]string{"cause": s.Cause, "measures": s.Measures, "promised": s.Promised.String(), "office": s.Office, "day": s.Day.String()}
	if s.Withdrawn != "" {
		fields = map[string]string{"withdrawn": s.Withdrawn, "office": s.Office, "day": s.Day.String()}
	}
	if s.Synthetic {
		fields["synthetic"] = "true"
	}
	return Act{Kind: ActStatement, Subject: s.Subject(), Actor: s.By, Fields: fields}
}

// StatementOf reads what Act has written.
func StatementOf(a Act) (Statement, error) {
	s := Statement{Cause: a.Fields["cause"], Measures: a.Fields["measures"], By: a.Actor, Office: a.Fields["office"],
		Withdrawn: a.Fields["withdrawn"], Synthetic: a.Fields["synthetic"] == "true", At: a.At, Seq: a.Seq}
	var ok bool
	if s.Policy, s.Target, ok = strings.Cut(a.Subject, "/"); !ok || a.Kind != ActStatement {
		return s, fmt.Errorf("act %d, %q on %q, is no statement", a.Seq, a.Kind, a.Subject)
	}
	for field, day := range map[string]*Date{"promised": &s.Promised, "day": &s.Day} {
		if err := day.UnmarshalText([]byte(a.Fields[field])); err != nil {
			return s, fmt.Errorf("reading the statement of act %d: %w", a.Seq, err)
		}
	}
	return s, nil
}

// Holding are the statements in force by subject, of all said, oldest first.
func Holding(said []Statement) map[string]Statement {
	out := map[string]Statement{}
	for _, s := range said {
		if s.Withdrawn != "" {
			delete(out, s.Subject())
			continue
		}
		out[s.Subject()] = s
	}
	return out
}

// Told is a statement with what its maker is to know of it; the API document
// knows it by this name.
type Told struct {
	Statement
	Notes []Text `json:"notes"`
}

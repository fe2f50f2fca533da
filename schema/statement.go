package schema

import (
	"fmt"
	"strings"
	"time"
)

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
	Day       Date      `json:"day"`                 // of the house's calendar on which it was entered: known from then on
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

// Told is a statement with what is to be told to who makes it.
type Told struct {
	Statement
	Notes []Text `json:"notes"`
}

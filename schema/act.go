package schema

import "time"

// ActKind is a kind of act that is written to the ledger beside receipts.
type ActKind string

// The kinds, with what Subject names and the fields each has.
const (
	// ActAnswer remembers an answer for a feed (subject): layout, key, value, receipt.
	ActAnswer ActKind = "answer"
	// ActAttach ties kept bytes to a receipt (subject): name, sha256, media,
	// bytes, what (signed-form or evidence).
	ActAttach ActKind = "attach"
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

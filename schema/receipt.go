package schema

import "time"

// ReceiptStatus is what became of a feed file.
type ReceiptStatus string

// The statuses, the same word in CLI, API, metrics and pages.
const (
	Accepted  ReceiptStatus = "accepted"
	Partial   ReceiptStatus = "partial"
	Unchanged ReceiptStatus = "unchanged"
	Pending   ReceiptStatus = "pending"
	Asked     ReceiptStatus = "asked"
	Refused   ReceiptStatus = "refused"
	Failed    ReceiptStatus = "failed"
	Withdrawn ReceiptStatus = "withdrawn"
)

// ReceiptStatuses lists them in the order people read them.
func ReceiptStatuses() []ReceiptStatus {
	return []ReceiptStatus{Accepted, Partial, Unchanged, Pending, Asked, Refused, Failed, Withdrawn}
}

// Label is the status as people read it.
func (s ReceiptStatus) Label() Text {
	switch s {
	case Accepted:
		return Text{"已入库", "accepted"}
	case Partial:
		return Text{"部分入库", "partly accepted"}
	case Unchanged:
		return Text{"未改动", "unchanged"}
	case Pending:
		return Text{"待审核", "waiting for review"}
	case Asked:
		return Text{"待确认", "questions open"}
	case Refused:
		return Text{"未入库", "refused"}
	case Failed:
		return Text{"处理失败", "failed"}
	case Withdrawn:
		return Text{"已撤回", "withdrawn"}
	}
	return Text{string(s), string(s)}
}

// Problem is something wrong in a feed: nothing of it is stored (unless the
// sender chose the good rows). Line and Column count from 1; Cell is as a
// spreadsheet names it (D7).
type Problem struct {
	Code    string `json:"code"`
	File    string `json:"file,omitempty"`
	Sheet   string `json:"sheet,omitempty"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
	Cell    string `json:"cell,omitempty"`
	Written string `json:"written,omitempty"`
	Text
}

// Question is something a feed left open; Key is what an answer names
// (--answer unit=亿元).
type Question struct {
	Problem
	Key        string   `json:"key"`
	Candidates []string `json:"candidates,omitempty"`
	Why        Text     `json:"why"`
}

// Change is what a feed did to one figure already held.
type Change struct {
	Key
	Old       *Decimal  `json:"old"`
	New       *Decimal  `json:"new"`
	OldStatus ObsStatus `json:"old_status"`
	NewStatus ObsStatus `json:"new_status"`
	Hidden    bool      `json:"hidden,omitempty"` // published earlier than the figure in force, which stays
}

// Receipt answers a feed file: what was understood, what changed, what is
// wrong, what is asked.
type Receipt struct {
	ID           string        `json:"id"`
	Status       ReceiptStatus `json:"status"`
	Feed         string        `json:"feed"`
	File         string        `json:"file"`
	Actor        string        `json:"actor,omitempty"`
	Snapshot     string        `json:"snapshot,omitempty"` // SHA-256 of the bytes as received
	Rows         string        `json:"rows,omitempty"`     // SHA-256 of the accepted rows as kept
	Bytes        int64         `json:"bytes"`
	Seq          uint64        `json:"seq,omitempty"` // the ledger's
	ReceivedAt   time.Time     `json:"received_at"`
	Synthetic    bool          `json:"synthetic,omitempty"`
	Encoding     string        `json:"encoding,omitempty"`
	Accepted     int           `json:"accepted"` // new figures
	Revised      int           `json:"revised"`
	UnchangedN   int           `json:"unchanged"`
	Rejected     int           `json:"rejected"`
	Problems     []Problem     `json:"problems"`
	Questions    []Question    `json:"questions"`
	Changes      []Change      `json:"changes,omitempty"`
	ExcludedRows []Problem     `json:"excluded_rows"`
	Unmapped     []string      `json:"unmapped"`
	SameAs       string        `json:"same_as,omitempty"` // the receipt that already holds these bytes or figures
	Reason       string        `json:"reason,omitempty"`
}

// ReceiptEvent is one step in a receipt's life, append-only. The last one by
// Seq holds.
type ReceiptEvent struct {
	Receipt string        `json:"receipt"`
	Seq     uint64        `json:"seq"`
	State   ReceiptStatus `json:"state"`
	Actor   string        `json:"actor"`
	At      time.Time     `json:"at"`
	Reason  string        `json:"reason,omitempty"`
}

// Counts reports whether figures of a receipt in this state are in force.
func (s ReceiptStatus) Counts() bool { return s == Accepted || s == Partial }

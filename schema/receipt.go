package schema

import (
	"slices"
	"strings"
	"time"
)

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

// receiptKind is all there is to say of a receipt's status. One that is added
// has its constant above and its line in receiptKinds.
type receiptKind struct {
	status ReceiptStatus
	counts bool   // its figures are in force
	drawn  Status // in whose shape and hue it is shown
	label  Text
}

// receiptKinds are they, in the order people read them.
func receiptKinds() []receiptKind {
	return []receiptKind{
		{Accepted, true, OnTrack, Text{Zh: "已入库", En: "accepted"}},
		{Partial, true, AtRisk, Text{Zh: "部分入库", En: "partly accepted"}},
		{Unchanged, false, Open, Text{Zh: "未改动", En: "unchanged"}},
		{Pending, false, AtRisk, Text{Zh: "待审核", En: "waiting for review"}},
		{Asked, false, AtRisk, Text{Zh: "待确认", En: "questions open"}},
		{Refused, false, Lagging, Text{Zh: "未入库", En: "refused"}},
		{Failed, false, Lagging, Text{Zh: "处理失败", En: "failed"}},
		{Withdrawn, false, Open, Text{Zh: "已撤回", En: "withdrawn"}},
	}
}

// kind is what there is to say of s; one nobody knows is called by its code.
func (s ReceiptStatus) kind() receiptKind {
	for _, k := range receiptKinds() {
		if k.status == s {
			return k
		}
	}
	return receiptKind{status: s, drawn: Open, label: Same(string(s))}
}

// ReceiptStatuses lists them in the order people read them.
func ReceiptStatuses() []ReceiptStatus {
	var out []ReceiptStatus
	for _, k := range receiptKinds() {
		out = append(out, k.status)
	}
	return out
}

// Label is the status as people read it.
func (s ReceiptStatus) Label() Text { return s.kind().label }

// Drawn is the verdict's status in whose shape and hue the receipt's is shown.
func (s ReceiptStatus) Drawn() Status { return s.kind().drawn }

// Counts reports whether figures of a receipt in this state are in force.
func (s ReceiptStatus) Counts() bool { return s.kind().counts }

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
	Each       []string `json:"each,omitempty"`  // keys under which single ones of those it is about may be answered for themselves
	About      []string `json:"about,omitempty"` // codes or names of the indicators it concerns; none: the file
	Form       Text     `json:"form,omitzero"`   // what an answer may be
	Why        Text     `json:"why"`
}

// Change is what a feed did to one figure already held.
type Change struct {
	Key
	Was       *Key      `json:"was,omitempty"` // what the figure before was written under, where it was another key
	Old       *Decimal  `json:"old"`
	New       *Decimal  `json:"new"`
	OldStatus ObsStatus `json:"old_status"`
	NewStatus ObsStatus `json:"new_status"`
	Hidden    bool      `json:"hidden,omitempty"` // published earlier than the figure in force, which stays

	Difference *Decimal   `json:"difference,omitempty"` // New - Old, where both are figures
	Correction Correction `json:"correction,omitempty"` // why a held figure changes; "" not stated
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
	Cells        *Cells        `json:"cells,omitempty"` // how the file's cells ended
	Unmapped     []string      `json:"unmapped"`
	SameAs       string        `json:"same_as,omitempty"` // the receipt that already holds these bytes or figures
	Reason       string        `json:"reason,omitempty"`

	Correction Correction `json:"correction,omitempty"` // why held figures change, for the whole file
	Answers    []Answer   `json:"answers,omitempty"`    // given with the file or remembered
	Layout     string     `json:"layout,omitempty"`     // fingerprint of the file's shape: answers are remembered for it
	Coverage   *Coverage  `json:"coverage,omitempty"`   // of the figures understood
	ReleaseAt  time.Time  `json:"release_at,omitzero"`  // embargo: nothing shows the figures before
	Reviewer   string     `json:"reviewer,omitempty"`   // who approved or rejected it
	ReviewedAt time.Time  `json:"reviewed_at,omitzero"`
	Waits      string     `json:"waits_for,omitempty"` // of a pending receipt: "review" or "release"
}

// Cells counts how the cells of a file that hold anything ended: each in one of
// these ways.
type Cells struct {
	Figures int `json:"figures"`  // figures, and marks that there is none
	Labels  int `json:"labels"`   // what the figures are: names, periods, units, flags
	LeftOut int `json:"left_out"` // listed as left out, with the reason
	Asked   int `json:"asked"`    // part of an open question
	Wrong   int `json:"wrong"`    // part of a problem
}

// Counted gives the counts by name, for a sentence.
func (c Cells) Counted() []any {
	return []any{"figures", c.Figures, "labels", c.Labels, "left", c.LeftOut, "asked", c.Asked, "wrong", c.Wrong}
}

// Label is the receipt's status as people read it; a pending one says what it
// waits for.
func (r Receipt) Label() Text {
	if r.Status == Pending && r.Waits == WaitsRelease {
		return Text{Zh: "待发布", En: "waiting for its release"}
	}
	return r.Status.Label()
}

// What a pending receipt waits for.
const (
	WaitsReview  = "review"
	WaitsRelease = "release"
)

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

// Correction is why a figure that was already held changes. Statisticians tell
// four apart.
type Correction string

// The corrections.
const (
	Clerical     Correction = "clerical"   // 笔误: it was written wrongly
	Supplement   Correction = "supplement" // 补报: part of it came late
	Redefinition Correction = "definition" // 口径调整: it counts something else now
	Verified     Correction = "final"      // 最终核实: the final figure after a provisional one

	// Routine is the source's own revision, of a feed whose revisions are expected;
	// nobody is asked for it.
	Routine Correction = "routine"
)

// Corrections lists them in the order people are asked.
func Corrections() []Correction { return []Correction{Clerical, Supplement, Redefinition, Verified} }

// Label is the correction as people read it.
func (c Correction) Label() Text {
	said, known := map[Correction]Text{
		Clerical:     {Zh: "笔误", En: "clerical error"},
		Supplement:   {Zh: "补报", En: "reported late"},
		Redefinition: {Zh: "口径调整", En: "change of definition"},
		Verified:     {Zh: "最终核实", En: "final verification"},
		Routine:      {Zh: "来源例行修订", En: "routine revision by its source"},
	}[c]
	if !known {
		return Text{Zh: "未说明", En: "not stated"}
	}
	return said
}

// KnownCorrections lists all that a receipt may tell.
func KnownCorrections() []Correction { return append(Corrections(), Routine) }

// CorrectionOf is why a held figure changes: what its note names, final where a
// provisional one becomes a normal one, supplement where one comes that was
// missing, else what was said for the file.
func CorrectionOf(before, after Observation, said Correction) Correction {
	noted, ok := ParseCorrection(strings.TrimSpace(after.Note))
	switch {
	case ok:
		return noted
	case before.Status == StatusProvisional && after.Status == StatusNormal:
		return Verified
	case said == "" && before.Value == nil && after.Value != nil:
		return Supplement
	}
	return said
}

// ParseCorrection reads a correction from its code or its name in either
// language.
func ParseCorrection(s string) (Correction, bool) {
	for _, c := range Corrections() {
		if s == string(c) || slices.ContainsFunc(LanguageCodes(), func(lang string) bool { return s == c.Label().In(lang) }) {
			return c, true
		}
	}
	return "", false
}

// Answer is what somebody said to a question, or what was remembered of an
// answer to the same question for a file of the same layout.
type Answer struct {
	Key        string    `json:"key"`
	Value      string    `json:"value"`
	By         string    `json:"by,omitempty"`
	At         time.Time `json:"at,omitzero"`
	Receipt    string    `json:"receipt,omitempty"`    // where it was given first, when it is remembered
	Remembered bool      `json:"remembered,omitempty"` // from an earlier file of the same layout
}

// Coverage is what a feed file held, so that the next one can be seen to hold
// less. Series are "INDICATOR REGION BASIS FREQUENCY", at most 2,000 of them.
type Coverage struct {
	Figures int      `json:"figures"`
	Count   int      `json:"series_count"`
	Series  []string `json:"series,omitempty"`
}

package clickhouse

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"yardstick/schema"
	"yardstick/schema/ledger"
	"yardstick/schema/vintage"
	"yardstick/schema/words"
)

// known is what the ledger alone tells: which registers were in force when, when
// another rule came into force, and the receipts that must not be seen whole: those that wait, those that waited
// and were refused or withdrawn, and those under an embargo that were asked about
// or refused. Only who owns the ledger has it.
type known struct {
	mu        sync.Mutex
	receipts  map[string]seal
	open      []string       // those still pending, in the ledger's order
	registers []ledger.Entry // those that name registers, in the ledger's order
	ruled     uint64         // the number of the last that names a rule
}

// concealed reports whether what a step says of a receipt must not be seen: its
// figures are not in force, and questions and problems quote them.
func concealed(kind string, r schema.Receipt) bool {
	switch r.Status {
	case schema.Pending:
		return true
	case schema.Asked, schema.Refused, schema.Failed:
		return kind == entryReview || r.ReleaseAt.After(r.ReceivedAt)
	}
	return false
}

// seal is what the ledger says of one of them.
type seal struct {
	body    string    // digest of the whole receipt as kept
	waits   string    // schema.WaitsReview or schema.WaitsRelease; "" when it waits no more
	release time.Time // zero: none agreed
}

// note follows one ledger entry.
func (s *known) note(e ledger.Entry) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e.Kind == entryRegisters {
		s.registers = append(s.registers, e)
	}
	if e.Kind == entryRule {
		s.ruled = e.Seq
	}
	id := e.Fields["receipt"]
	held := s.receipts[id]
	s.open = slices.DeleteFunc(s.open, func(o string) bool { return o == id })
	switch {
	case schema.ReceiptStatus(e.Fields["state"]) == schema.Pending:
		release, err := time.Parse(time.RFC3339Nano, cmp.Or(e.Fields["release_at"], time.Time{}.Format(time.RFC3339Nano)))
		if err != nil {
			return fmt.Errorf("ledger entry %d: reading the release time: %w", e.Seq, err)
		}
		s.open = append(s.open, id)
		s.receipts[id] = seal{e.Fields["body"], e.Fields["waits"], release}
	case e.Fields["sealed"] != "":
		s.receipts[id] = seal{body: e.Fields["body"]}
	case e.Kind == entryWithdraw && held.body != "":
		s.receipts[id] = seal{body: held.body}
	default: // in force, or found to say nothing new
		delete(s.receipts, id)
	}
	return nil
}

func (s *known) of(id string) (seal, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	held, ok := s.receipts[id]
	return held, ok
}

func (s *known) pending() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.open)
}

// veil is what tables and pages may show of a receipt whose figures are not in
// force: that it is there, whose it is, what it waits for, where it has
// problems and questions. Their sentences go, for they quote figures, and the
// digests go: of a file with one figure they would give the figure away to who
// tries out values.
func veil(r schema.Receipt) schema.Receipt {
	out := schema.Receipt{ID: r.ID, Status: r.Status, Feed: r.Feed, File: r.File, Actor: r.Actor, Bytes: r.Bytes, Seq: r.Seq,
		ReceivedAt: r.ReceivedAt, Synthetic: r.Synthetic, Encoding: r.Encoding, Layout: r.Layout,
		Accepted: r.Accepted, Revised: r.Revised, UnchangedN: r.UnchangedN, Rejected: r.Rejected,
		Problems: []schema.Problem{}, Questions: []schema.Question{}, ExcludedRows: []schema.Problem{}, Unmapped: []string{},
		Correction: r.Correction, ReleaseAt: r.ReleaseAt, Reviewer: r.Reviewer, ReviewedAt: r.ReviewedAt, Waits: r.Waits}
	blank := func(p schema.Problem) schema.Problem {
		return schema.Problem{Code: p.Code, File: p.File, Sheet: p.Sheet, Line: p.Line, Column: p.Column, Cell: p.Cell, Text: words.Say("receipt-veiled")}
	}
	for _, p := range r.Problems {
		out.Problems = append(out.Problems, blank(p))
	}
	for _, q := range r.Questions {
		out.Questions = append(out.Questions, schema.Question{Problem: blank(q.Problem), Key: q.Key})
	}
	return out
}

// Sealed gives a receipt with all it says, also while it waits: for its sender
// and its reviewer alone. Only the owner of the ledger can.
func (s *Store) Sealed(ctx context.Context, id string) (schema.Receipt, bool, error) {
	shown, found, err := s.Receipt(ctx, id)
	if err != nil || !found {
		return shown, found, err
	}
	held, hidden := s.known.of(id)
	if !hidden {
		return shown, true, nil
	}
	whole, err := s.keep.receipt(held.body)
	if err != nil {
		return whole, false, fmt.Errorf("reading receipt %s: %w", id, err)
	}
	whole.Status, whole.Waits, whole.Reason = shown.Status, shown.Waits, cmp.Or(shown.Reason, whole.Reason)
	return whole, true, nil
}

// SealedRows gives the figures of a receipt that waits or waited. Only the
// owner of the ledger can.
func (s *Store) SealedRows(id string) ([]schema.Observation, error) {
	held, hidden := s.known.of(id)
	if !hidden {
		return nil, fmt.Errorf("reading the waiting figures of %s: %w", id, ErrNoReceipt)
	}
	r, err := s.keep.receipt(held.body)
	if err != nil || r.Rows == "" {
		return nil, err
	}
	return s.keep.rows(r.Rows)
}

// NextRelease is when the next pending receipt that waits for nothing else is
// due; zero when none is.
func (s *Store) NextRelease() (next time.Time) {
	for _, id := range s.known.pending() {
		if w, ok := s.known.of(id); ok && w.waits == schema.WaitsRelease && (next.IsZero() || w.release.Before(next)) {
			next = w.release
		}
	}
	return next
}

// Review approves or rejects a pending receipt. A rejected one is refused for
// the reviewer's reason. An approved one is put in force, or goes on waiting
// when its release time has not come. Whoever may review is the caller's to
// know.
func (s *Store) Review(ctx context.Context, id, actor string, approve bool, reason string) (schema.Receipt, error) {
	end, err := s.begin(ctx, "reviewing receipt "+id)
	if err != nil {
		return schema.Receipt{}, err
	}
	defer end()
	shown, found, err := s.Receipt(ctx, id)
	if err == nil && !found {
		err = fmt.Errorf("reviewing %s: %w", id, ErrNoReceipt)
	}
	if err != nil {
		return shown, err
	}
	held, _ := s.known.of(id)
	if held.waits != schema.WaitsReview {
		return shown, fmt.Errorf("reviewing %s, which is %s: %w", id, shown.Status, ErrNoReview)
	}
	r, err := s.keep.receipt(held.body)
	if err != nil {
		return shown, fmt.Errorf("reviewing %s: %w", id, err)
	}
	now := s.now()
	r.Reviewer, r.ReviewedAt = actor, now.UTC().Truncate(time.Millisecond)
	by := act{actor, reason}
	switch {
	case !approve:
		r.Status, r.Waits, r.Reason = schema.Refused, "", reason
		return s.writeStep(ctx, entryReview, r, nil, by)
	case r.ReleaseAt.After(now):
		r.Waits = schema.WaitsRelease
		return s.writeStep(ctx, entryReview, r, nil, by)
	}
	return s.enforce(ctx, entryReview, r, by)
}

// Release puts in force every pending receipt that waits for its release alone
// and whose time has come by now. It gives what it released, also when a later
// one failed.
func (s *Store) Release(ctx context.Context, now time.Time) ([]schema.Receipt, error) {
	end, err := s.lock("releasing receipts")
	if err != nil {
		return nil, err
	}
	defer end()
	var done []schema.Receipt
	var all error
	for _, id := range s.known.pending() {
		if err := s.mend(ctx); err != nil {
			return done, errors.Join(all, err)
		}
		held, _ := s.known.of(id)
		if held.waits != schema.WaitsRelease || held.release.After(now) {
			continue
		}
		r, err := s.keep.receipt(held.body)
		if err == nil {
			r, err = s.enforce(ctx, entryRelease, r, act{})
		}
		if err != nil {
			all = errors.Join(all, fmt.Errorf("releasing receipt %s: %w", id, err))
			continue
		}
		done = append(done, r)
	}
	return done, all
}

// enforce puts a pending receipt's figures in force. What they change is worked
// out against what is in force now: others may have come while they waited.
func (s *Store) enforce(ctx context.Context, kind string, r schema.Receipt, by act) (schema.Receipt, error) {
	var rows []schema.Observation
	var err error
	if r.Rows != "" {
		if rows, err = s.keep.rows(r.Rows); err != nil {
			return r, err
		}
	}
	indicators, regions := map[string]bool{}, map[string]bool{}
	for i := range rows {
		indicators[rows[i].Indicator], regions[rows[i].Region] = true, true
	}
	held, err := s.Held(ctx, slices.Collect(maps.Keys(indicators)), slices.Collect(maps.Keys(regions)))
	if err != nil {
		return r, err
	}
	before, w := r.UnchangedN, vintage.Weigh(held, rows)
	rows, r = w.Settle(rows, r.Correction, r)
	r.Waits, r.Rows, r.SameAs = "", "", ""
	r.UnchangedN += before
	switch {
	case len(rows) > 0 && len(r.Problems)+len(r.Questions) > 0:
		r.Status = schema.Partial
	case len(rows) > 0:
		r.Status = schema.Accepted
	default:
		if r.Status = schema.Unchanged; before == 0 {
			r.SameAs = w.OnlySame()
		}
	}
	return s.writeStep(ctx, kind, r, rows, by)
}

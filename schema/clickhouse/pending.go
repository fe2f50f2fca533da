package clickhouse

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"yardstick/schema"
	"yardstick/schema/ledger"
)

// mostChanges bounds the list of changes in a receipt; the counts are whole.
const mostChanges = 10_000

// sealed knows, from the ledger alone, the receipts whose figures never were in
// force and must not be seen: those that wait, and those that waited and were
// refused or withdrawn. Only who owns the ledger has it.
type sealed struct {
	mu     sync.Mutex
	bodies map[string]string // receipt -> digest of the whole receipt as kept
	open   []string          // those still pending, in the ledger's order
}

// load reads the ledger from the start.
func (s *sealed) load(l *ledger.Ledger) error {
	s.mu.Lock()
	s.bodies, s.open = map[string]string{}, nil
	s.mu.Unlock()
	return l.Each(0, func(e ledger.Entry) error {
		s.note(e)
		return nil
	})
}

// note follows one ledger entry.
func (s *sealed) note(e ledger.Entry) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id, state := e.Fields["receipt"], schema.ReceiptStatus(e.Fields["state"])
	_, held := s.bodies[id]
	switch {
	case state == schema.Pending:
		if !slices.Contains(s.open, id) {
			s.open = append(s.open, id)
		}
		s.bodies[id] = e.Fields["body"]
	case !held:
	case state == schema.Refused || state == schema.Withdrawn:
		s.open = slices.DeleteFunc(s.open, func(o string) bool { return o == id })
		if body := e.Fields["body"]; body != "" {
			s.bodies[id] = body
		}
	default: // in force, or found to say nothing new
		s.open = slices.DeleteFunc(s.open, func(o string) bool { return o == id })
		delete(s.bodies, id)
	}
}

func (s *sealed) body(id string) (string, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	body, ok := s.bodies[id]
	return body, ok
}

func (s *sealed) pending() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.open)
}

// veil is what tables and pages may show of a receipt whose figures are not in
// force yet: that it is there, whose it is and what it waits for. The digests
// go too: of a file with one figure they would give the figure away to who
// tries out values.
func veil(r schema.Receipt) schema.Receipt {
	return schema.Receipt{ID: r.ID, Status: r.Status, Feed: r.Feed, File: r.File, Actor: r.Actor, Bytes: r.Bytes, Seq: r.Seq,
		ReceivedAt: r.ReceivedAt, Synthetic: r.Synthetic, Encoding: r.Encoding, Layout: r.Layout,
		Accepted: r.Accepted, Revised: r.Revised, UnchangedN: r.UnchangedN, Rejected: r.Rejected,
		Problems: []schema.Problem{}, Questions: []schema.Question{}, ExcludedRows: []schema.Problem{}, Unmapped: []string{},
		Correction: r.Correction, ReleaseAt: r.ReleaseAt, Reviewer: r.Reviewer, ReviewedAt: r.ReviewedAt, Waits: r.Waits}
}

// Sealed gives a receipt with all it says, also while it waits: for its sender
// and its reviewer alone. Only the owner of the ledger can.
func (s *Store) Sealed(ctx context.Context, id string) (schema.Receipt, bool, error) {
	shown, found, err := s.Receipt(ctx, id)
	if err != nil || !found {
		return shown, found, err
	}
	body, hidden := s.sealed.body(id)
	if !hidden {
		return shown, true, nil
	}
	whole, err := s.keep.receipt(body)
	if err != nil {
		return whole, false, fmt.Errorf("reading receipt %s: %w", id, err)
	}
	whole.Status, whole.Reason, whole.Waits = shown.Status, shown.Reason, shown.Waits
	return whole, true, nil
}

// Pending gives the receipts that wait, veiled, in the order they came.
func (s *Store) Pending(ctx context.Context) ([]schema.Receipt, error) {
	return s.receipts(ctx, "WHERE e.state = 'pending' ORDER BY r.seq")
}

// SealedRows gives the figures of a pending receipt. Only the owner of the
// ledger can.
func (s *Store) SealedRows(id string) ([]schema.Observation, error) {
	body, hidden := s.sealed.body(id)
	if !hidden {
		return nil, fmt.Errorf("reading the waiting figures of %s: %w", id, ErrNoReceipt)
	}
	r, err := s.keep.receipt(body)
	if err != nil {
		return nil, fmt.Errorf("reading receipt %s: %w", id, err)
	}
	return s.keep.rows(r.Rows)
}

// NextRelease is when the next pending receipt that waits for nothing else is
// due; zero when none is.
func (s *Store) NextRelease() (next time.Time, err error) {
	for _, id := range s.sealed.pending() {
		r, ok, err := s.waiting(id)
		if err != nil {
			return next, err
		}
		if ok && r.Waits == schema.WaitsRelease && (next.IsZero() || r.ReleaseAt.Before(next)) {
			next = r.ReleaseAt
		}
	}
	return next, nil
}

// waiting gives the whole of a receipt if it is pending.
func (s *Store) waiting(id string) (schema.Receipt, bool, error) {
	body, hidden := s.sealed.body(id)
	if !hidden || !slices.Contains(s.sealed.pending(), id) {
		return schema.Receipt{}, false, nil
	}
	r, err := s.keep.receipt(body)
	if err != nil {
		return r, false, fmt.Errorf("reading receipt %s: %w", id, err)
	}
	return r, true, nil
}

// Review approves or rejects a pending receipt. A rejected one is refused for
// the reviewer's reason. An approved one is put in force, or goes on waiting
// when its release time has not come. Whoever may review is the caller's to
// know.
func (s *Store) Review(ctx context.Context, id, actor string, approve bool, reason string) (schema.Receipt, error) {
	if s.write == nil {
		return schema.Receipt{}, fmt.Errorf("reviewing receipt %s: %w", id, ErrReadOnly)
	}
	s.act.Lock()
	defer s.act.Unlock()
	if err := s.mend(ctx); err != nil {
		return schema.Receipt{}, err
	}
	shown, found, err := s.Receipt(ctx, id)
	switch {
	case err != nil:
		return shown, err
	case !found:
		return shown, fmt.Errorf("reviewing %s: %w", id, ErrNoReceipt)
	}
	r, pending, err := s.waiting(id)
	switch {
	case err != nil:
		return shown, err
	case !pending || r.Waits != schema.WaitsReview:
		return shown, fmt.Errorf("reviewing %s, which is %s: %w", id, shown.Status, ErrNoReview)
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
	if s.write == nil {
		return nil, fmt.Errorf("releasing receipts: %w", ErrReadOnly)
	}
	s.act.Lock()
	defer s.act.Unlock()
	var done []schema.Receipt
	var all error
	for _, id := range s.sealed.pending() {
		if err := s.mend(ctx); err != nil {
			return done, errors.Join(all, err)
		}
		r, pending, err := s.waiting(id)
		if err == nil && (!pending || r.Waits != schema.WaitsRelease || r.ReleaseAt.After(now)) {
			continue
		}
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
	indicators, regions, touched := map[string]bool{}, map[string]bool{}, map[schema.Key]bool{}
	for i := range rows {
		indicators[rows[i].Indicator], regions[rows[i].Region], touched[rows[i].Key] = true, true, true
	}
	held, err := s.Held(ctx, list(indicators), list(regions))
	if err != nil {
		return r, err
	}
	byKey := map[schema.Key][]schema.Observation{}
	for _, o := range held {
		if touched[o.Key] {
			byKey[o.Key] = append(byKey[o.Key], o)
		}
	}
	corrections := map[schema.Key]schema.Correction{}
	for _, c := range r.Changes {
		corrections[c.Key] = c.Correction
	}
	before := r.UnchangedN
	w := schema.Weigh(byKey, rows, mostChanges)
	for i := range w.Changes {
		if c := &w.Changes[i]; c.Correction == "" {
			if c.Correction = corrections[c.Key]; c.Correction == "" && c.Old != nil {
				c.Correction = r.Correction
			}
		}
	}
	r.Waits, r.Rows, r.SameAs = "", "", ""
	r.Changes, r.Accepted, r.Revised, r.UnchangedN = w.Changes, w.Accepted, w.Revised, before+w.Unchanged()
	switch {
	case len(w.Fresh) > 0 && len(r.Problems)+len(r.Questions) > 0:
		r.Status = schema.Partial
	case len(w.Fresh) > 0:
		r.Status = schema.Accepted
	default:
		r.Status = schema.Unchanged
		if len(w.Same) == 1 && before == 0 {
			for id := range w.Same {
				r.SameAs = id
			}
		}
	}
	return s.writeStep(ctx, kind, r, w.Fresh, by)
}

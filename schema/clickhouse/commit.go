package clickhouse

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"yardstick/schema"
	"yardstick/schema/ledger"
	"yardstick/schema/vintage"
)

// Kinds of ledger entries.
const (
	entryReceipt  = "receipt"
	entryWithdraw = "withdraw"
	entryReview   = "review"
	entryRelease  = "release"
	entryAct      = "act"

	entryRegisters = "registers"
)

// Errors a caller may want to tell apart.
var (
	ErrNoReceipt  = errors.New("there is no such receipt")
	ErrNotCounted = errors.New("the receipt's figures are not in force")
	ErrNoReview   = errors.New("the receipt does not wait for a review")
)

// Commit writes a receipt and its rows, wholly or not at all, in this order:
// the rows and the receipt are kept as files and fsynced; the rows are inserted
// under their receipt, which does not count yet; the ledger entry is fsynced:
// that is the commit point; the receipt event makes the rows count; the figures
// in force are projected. It returns the receipt with its sequence number.
//
// The rows of a pending receipt are kept and named in the ledger, and no table
// has them or what they change before Review or Release puts them in force.
//
// An error before the commit point leaves nothing behind. After it the figures
// are in: what is left to do is done by the next act, or at the next start.
func (s *Store) Commit(ctx context.Context, r schema.Receipt, rows []schema.Observation) (schema.Receipt, error) {
	end, err := s.begin(ctx, "committing receipt "+r.ID)
	if err != nil {
		return r, err
	}
	defer end()
	if r.Status == schema.Pending && r.Waits == "" {
		r.Waits = schema.WaitsReview
		if !r.ReleaseAt.IsZero() {
			r.Waits = schema.WaitsRelease
		}
	}
	return s.writeStep(ctx, entryReceipt, r, rows, act{r.Actor, r.Reason})
}

// act is who does something to a receipt, and why.
type act struct{ actor, reason string }

// begin locks the store for an act that writes, once what an earlier one left
// half done is done. end unlocks it.
func (s *Store) begin(ctx context.Context, what string) (end func(), err error) {
	if end, err = s.lock(what); err != nil {
		return nil, err
	}
	if err := s.mend(ctx); err != nil {
		end()
		return nil, err
	}
	return end, nil
}

// lock is begin for who writes what no ledger entry stands for.
func (s *Store) lock(what string) (end func(), err error) {
	if s.write == nil {
		return nil, fmt.Errorf("%s: %w", what, ErrReadOnly)
	}
	s.act.Lock()
	return s.act.Unlock, nil
}

// commit writes a ledger entry, which is the commit point, and does what
// follows: what fails then is finished by the next act. The lock is held.
func (s *Store) commit(ctx context.Context, what, kind string, fields map[string]string, follow func(context.Context, ledger.Entry) error) (entry ledger.Entry, err error) {
	if err = ctx.Err(); err == nil { // the last moment to turn back
		s.dirty = true
		entry, err = s.ledger.Append(s.now(), kind, fields)
	}
	if err != nil {
		return entry, errors.Join(fmt.Errorf("writing %s: %w", what, err), s.mendNow())
	}
	if err = s.known.note(entry); err == nil {
		// Past the commit point a cancelled caller must not leave work half done.
		err = follow(context.WithoutCancel(ctx), entry)
	}
	if err != nil {
		return entry, fmt.Errorf("%s is written, but not all that follows was done: %w", what, err)
	}
	s.dirty = false
	return entry, nil
}

// writeStep writes one step of a receipt with its rows, in the order that Commit
// tells. The lock is held.
func (s *Store) writeStep(ctx context.Context, kind string, r schema.Receipt, rows []schema.Observation, by act) (schema.Receipt, error) {
	r.Seq = s.ledger.Next()
	for i := range rows {
		o := &rows[i]
		o.Receipt, o.ReceivedAt, o.Seq, o.Synthetic = r.ID, r.ReceivedAt, r.Seq, r.Synthetic
	}
	what := "the " + kind + " of receipt " + r.ID
	fields, r, err := s.keepFiles(kind, r, rows)
	if err != nil {
		return r, fmt.Errorf("writing %s: %w", what, err)
	}
	fields["actor"], fields["reason"] = by.actor, by.reason
	if r.Status != schema.Pending && len(rows) > 0 {
		s.dirty = true // till the entry is there: rows without one are removed before the next act
		if err := s.insertObservations(ctx, rows); err != nil {
			return r, errors.Join(fmt.Errorf("writing %s: %w", what, err), s.mendNow())
		}
	}
	_, err = s.commit(ctx, what, kind, fields, func(ctx context.Context, e ledger.Entry) error { return s.finish(ctx, e, r) })
	return r, err
}

// Record writes a receipt that brings no rows: unchanged, asked, refused or
// failed.
func (s *Store) Record(ctx context.Context, r schema.Receipt) (schema.Receipt, error) {
	return s.Commit(ctx, r, nil)
}

func (s *Store) keepFiles(kind string, r schema.Receipt, rows []schema.Observation) (map[string]string, schema.Receipt, error) {
	var err error
	if len(rows) > 0 {
		if r.Rows, err = s.keep.putRows(rows); err != nil {
			return nil, r, err
		}
	}
	body, err := s.keep.putReceipt(r)
	if err != nil {
		return nil, r, err
	}
	fields := map[string]string{
		"receipt": r.ID, "state": string(r.Status), "feed": r.Feed, "file": r.File,
		"snapshot": r.Snapshot, "rows": r.Rows, "count": strconv.Itoa(len(rows)), "body": body,
	}
	if concealed(kind, r) {
		fields["sealed"] = "yes"
	}
	if r.Status == schema.Pending {
		fields["waits"] = r.Waits
		if !r.ReleaseAt.IsZero() {
			fields["release_at"] = r.ReleaseAt.UTC().Format(time.RFC3339Nano)
		}
	}
	return fields, r, nil
}

// finish does what follows the commit point. It may be done again: every step
// is skipped or repeated without effect when it was done before.
func (s *Store) finish(ctx context.Context, e ledger.Entry, r schema.Receipt) error {
	veiled := e.Fields["sealed"] != ""
	shown := r
	if veiled {
		shown = veil(r)
	}
	if err := s.insertReceipt(ctx, shown, !veiled); err != nil {
		return err
	}
	if r.Rows == "" || !r.Status.Counts() {
		return s.insertEvent(ctx, e)
	}
	return s.eventAndProject(ctx, e, r.Seq)
}

// Withdraw takes a receipt's figures out of force, with a reason. They stay on
// record; what stood before them is in force again. A pending receipt may be
// withdrawn too: its figures never come into force then.
func (s *Store) Withdraw(ctx context.Context, id, actor, reason string) (schema.Receipt, error) {
	end, err := s.begin(ctx, "withdrawing receipt "+id)
	if err != nil {
		return schema.Receipt{}, err
	}
	defer end()
	r, found, err := s.Receipt(ctx, id)
	switch {
	case err != nil:
		return r, err
	case !found:
		return r, fmt.Errorf("withdrawing %s: %w", id, ErrNoReceipt)
	case !r.Status.Counts() && r.Status != schema.Pending && r.Status != schema.Asked:
		return r, fmt.Errorf("withdrawing %s, which is %s: %w", id, r.Status, ErrNotCounted)
	}
	fields := map[string]string{"receipt": id, "state": string(schema.Withdrawn), "actor": actor, "reason": reason}
	_, err = s.commit(ctx, "the withdrawal of receipt "+id, entryWithdraw, fields, func(ctx context.Context, e ledger.Entry) error {
		return s.eventAndProject(ctx, e, r.Seq)
	})
	if err != nil {
		return r, err
	}
	r.Status, r.Reason, r.Waits = schema.Withdrawn, reason, ""
	return r, nil
}

// eventAndProject puts in force what a step changes of the figures that its
// receipt brought as act loaded.
func (s *Store) eventAndProject(ctx context.Context, e ledger.Entry, loaded uint64) error {
	if err := s.insertEvent(ctx, e); err != nil {
		return err
	}
	return s.project(ctx, e.Fields["receipt"], loaded, e.Seq)
}

func (s *Store) insertObservations(ctx context.Context, rows []schema.Observation) error {
	const block = 100_000 // rows a block: bounds memory
	for start := 0; start < len(rows); start += block {
		if err := s.insertBlock(ctx, rows[start:min(start+block, len(rows))]); err != nil {
			return err
		}
	}
	return nil
}

// columnsOf are the columns of observations, in the order insertBlock fills and
// rowReader reads them; value is what stands for the number.
func columnsOf(value string) string {
	all := []string{"indicator", "region", "frequency", "basis", "period", "period_end", value, "value_text", "status", "published_at"}
	for _, c := range schema.Columns() {
		all = append(all, c.Name)
	}
	return strings.Join(all, ", ")
}

func (s *Store) insertBlock(ctx context.Context, rows []schema.Observation) error {
	further := schema.Columns()
	row := make([]any, 0, 10+len(further))
	return s.insert(ctx, "inserting observations", "observations ("+columnsOf("value")+")", func(yield func([]any) bool) {
		for i := range rows {
			o := &rows[i]
			var value any
			var text string
			if o.Value != nil {
				text = o.Value.String()
				value = text
			}
			row = append(row[:0], o.Indicator, o.Region, string(o.Period.Frequency()), string(o.Basis), o.Period.String(),
				o.Period.Last(), value, text, string(o.Status), o.PublishedAt)
			for _, c := range further {
				row = append(row, c.At(o))
			}
			if !yield(row) {
				return
			}
		}
	})
}

// insertReceipt puts the receipt into the tables, unless it is there; with
// problems, also each of its problems and questions.
func (s *Store) insertReceipt(ctx context.Context, r schema.Receipt, problems bool) error {
	what := "inserting receipt " + r.ID
	held, err := number(ctx, s.write, what, "SELECT count() FROM receipts WHERE receipt = ? AND seq = ?", r.ID, r.Seq)
	if err != nil || held > 0 {
		return err
	}
	if problems {
		if err := s.insertProblems(ctx, r); err != nil {
			return err
		}
	}
	return s.insertRow(ctx, what, "receipts",
		r.ID, r.Seq, r.Feed, r.File, r.Status, r.Snapshot, r.Rows, r.Actor, r.ReceivedAt, r.Synthetic,
		r.Accepted, r.Revised, r.UnchangedN, r.Rejected, len(r.Problems), len(r.Questions), inJSON{r})
}

func (s *Store) insertProblems(ctx context.Context, r schema.Receipt) error {
	if len(r.Problems)+len(r.Questions) == 0 {
		return nil
	}
	what := "inserting the problems of " + r.ID
	held, err := number(ctx, s.write, what, "SELECT count() FROM problems WHERE receipt = ?", r.ID)
	if err != nil || held > 0 {
		return err
	}
	var rows [][]any
	put := func(kind string, p schema.Problem) {
		rows = append(rows, []any{r.ID, p.Code, kind, p.File, p.Sheet, p.Line, p.Column, p.Cell, p.Written, p.Zh, p.En})
	}
	for _, p := range r.Problems {
		put("problem", p)
	}
	for _, q := range r.Questions {
		put("question", q.Problem)
	}
	return s.insert(ctx, what, "problems", slices.Values(rows))
}

func (s *Store) insertEvent(ctx context.Context, e ledger.Entry) error {
	reason := e.Fields["reason"]
	if e.Kind == entryReceipt && e.Fields["sealed"] != "" {
		reason = "" // a sender's note may quote what must not be seen; the kept receipt has it
	}
	return s.insertOnce(ctx, fmt.Sprintf("inserting event %d", e.Seq), "receipt_events", "seq", e.Seq,
		e.Fields["receipt"], e.Seq, e.Fields["state"], e.Fields["actor"], e.At, reason)
}

const keyColumns = "indicator, region, frequency, basis, period"

// project writes the figure in force for every fact that receipt id (loaded at
// seq loaded) touches, and a tombstone for every other key the fact was ever
// written under, as version.
func (s *Store) project(ctx context.Context, id string, loaded, version uint64) error {
	const touched = "indicator IN (SELECT indicator FROM observations WHERE seq = ? AND receipt = ?)" +
		" AND (" + factColumns + ") IN (SELECT " + factColumns + " FROM observations WHERE seq = ? AND receipt = ?)"
	args := []any{loaded, id, loaded, id}
	winners := strings.Join([]string{
		"INSERT INTO observations_current (" + columnsOf("value") + ", version, is_deleted, rule)",
		"SELECT " + columnsOf("value") + ", toUInt64(?), toUInt8(0), ? FROM",
		"(" + standing(touched+" AND receipt IN (SELECT receipt FROM counted)") + ")",
	}, " ")
	if err := s.exec(ctx, "projecting the figures in force", winners, slices.Concat([]any{version, vintage.Rule}, args)...); err != nil {
		return err
	}
	tombstones := strings.Join([]string{
		"INSERT INTO observations_current (" + keyColumns + ", period_end, seq, version, is_deleted, rule)",
		"SELECT DISTINCT " + keyColumns + ", period_end, toUInt64(?), toUInt64(?), toUInt8(1), ? FROM observations WHERE " + touched,
		"AND (" + keyColumns + ") NOT IN (SELECT " + keyColumns + " FROM observations_current WHERE version = ? AND is_deleted = 0)",
	}, " ")
	args = slices.Concat([]any{version, version, vintage.Rule}, args, []any{version})
	return s.exec(ctx, "projecting what is no longer in force", tombstones, args...)
}

// mendNow is mend for an act that failed; it has its own time.
func (s *Store) mendNow() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	return s.mend(ctx)
}

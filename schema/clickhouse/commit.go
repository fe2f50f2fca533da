package clickhouse

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"yardstick/schema"
	"yardstick/schema/ledger"
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
	if s.write == nil {
		return r, fmt.Errorf("committing receipt %s: %w", r.ID, ErrReadOnly)
	}
	s.act.Lock()
	defer s.act.Unlock()
	if err := s.mend(ctx); err != nil {
		return r, err
	}
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

// writeStep writes one step of a receipt with its rows, in the order that Commit
// tells. The lock is held.
func (s *Store) writeStep(ctx context.Context, kind string, r schema.Receipt, rows []schema.Observation, by act) (schema.Receipt, error) {
	r.Seq = s.ledger.Next()
	for i := range rows {
		o := &rows[i]
		o.Receipt, o.ReceivedAt, o.Seq, o.Synthetic = r.ID, r.ReceivedAt, r.Seq, r.Synthetic
	}
	fail := func(err error) error { return fmt.Errorf("writing the %s of receipt %s: %w", kind, r.ID, err) }
	fields, r, err := s.keepFiles(kind, r, rows)
	if err != nil {
		return r, fail(err)
	}
	fields["actor"], fields["reason"] = by.actor, by.reason
	if r.Status != schema.Pending {
		if err := s.insertObservations(ctx, rows); err != nil {
			s.dirty = true // part of the rows may stand: remove them before the next act
			return r, errors.Join(fail(err), s.mendNow())
		}
	}
	s.dirty = true
	if err := ctx.Err(); err != nil { // the last moment to turn back
		return r, errors.Join(fail(err), s.mendNow())
	}
	entry, err := s.ledger.Append(s.now(), kind, fields)
	if err != nil {
		return r, errors.Join(fail(err), s.mendNow())
	}
	if err := s.sealed.note(entry); err != nil {
		return r, err
	}
	// Past the commit point a cancelled caller must not leave work half done.
	if err := s.finish(context.WithoutCancel(ctx), entry, r); err != nil {
		return r, fmt.Errorf("the %s of receipt %s is written, but not all that follows was done: %w", kind, r.ID, err)
	}
	s.dirty = false
	return r, nil
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
	if err := s.insertEvent(ctx, e); err != nil {
		return err
	}
	if r.Rows == "" || !r.Status.Counts() {
		return nil
	}
	return s.project(ctx, r.ID, r.Seq, e.Seq)
}

// Withdraw takes a receipt's figures out of force, with a reason. They stay on
// record; what stood before them is in force again. A pending receipt may be
// withdrawn too: its figures never come into force then.
func (s *Store) Withdraw(ctx context.Context, id, actor, reason string) (schema.Receipt, error) {
	if s.write == nil {
		return schema.Receipt{}, fmt.Errorf("withdrawing receipt %s: %w", id, ErrReadOnly)
	}
	s.act.Lock()
	defer s.act.Unlock()
	if err := s.mend(ctx); err != nil {
		return schema.Receipt{}, err
	}
	r, found, err := s.Receipt(ctx, id)
	switch {
	case err != nil:
		return r, err
	case !found:
		return r, fmt.Errorf("withdrawing %s: %w", id, ErrNoReceipt)
	case !r.Status.Counts() && r.Status != schema.Pending:
		return r, fmt.Errorf("withdrawing %s, which is %s: %w", id, r.Status, ErrNotCounted)
	}
	s.dirty = true
	entry, err := s.ledger.Append(s.now(), entryWithdraw, map[string]string{
		"receipt": id, "state": string(schema.Withdrawn), "actor": actor, "reason": reason,
	})
	if err != nil {
		return r, errors.Join(fmt.Errorf("withdrawing %s: %w", id, err), s.mendNow())
	}
	if err := s.sealed.note(entry); err != nil {
		return r, err
	}
	ctx = context.WithoutCancel(ctx)
	if err := s.insertEvent(ctx, entry); err != nil {
		return r, fmt.Errorf("receipt %s is withdrawn, but not all that follows was done: %w", id, err)
	}
	if err := s.project(ctx, id, r.Seq, entry.Seq); err != nil {
		return r, fmt.Errorf("receipt %s is withdrawn, but not all that follows was done: %w", id, err)
	}
	s.dirty = false
	r.Status, r.Reason, r.Waits = schema.Withdrawn, reason, ""
	return r, nil
}

func (s *Store) insertObservations(ctx context.Context, rows []schema.Observation) error {
	const block = 100_000 // rows a block: bounds memory
	for start := 0; start < len(rows); start += block {
		if err := s.insertBlock(ctx, rows[start:min(start+block, len(rows))]); err != nil {
			return fmt.Errorf("inserting observations: %w", err)
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

func (s *Store) insertBlock(ctx context.Context, rows []schema.Observation) (err error) {
	batch, err := s.write.PrepareBatch(ctx, "INSERT INTO observations ("+columnsOf("value")+")")
	if err != nil {
		return fmt.Errorf("preparing the insert: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, batch.Abort())
		}
	}()
	further := schema.Columns()
	row := make([]any, 10+len(further))
	for i := range rows {
		o := &rows[i]
		var value, text *string
		if o.Value != nil {
			t := o.Value.String()
			value, text = &t, &t
		}
		if text == nil {
			text = new(string)
		}
		copy(row, []any{o.Indicator, o.Region, string(o.Period.Frequency()), string(o.Basis), o.Period.String(),
			date(o.Period.Last()), decimalOf(value), *text, string(o.Status), date(o.PublishedAt)})
		for k, c := range further {
			row[10+k] = stored(c.At(o))
		}
		if err := batch.Append(row...); err != nil {
			return fmt.Errorf("row %d (%s %s %s): %w", i+1, o.Indicator, o.Region, o.Period, err)
		}
	}
	if err := batch.Send(); err != nil {
		return fmt.Errorf("sending %d rows: %w", len(rows), err)
	}
	return nil
}

// stored is what a column of the store is given for a field.
func stored(field any) any {
	switch f := field.(type) {
	case *string:
		return *f
	case *time.Time:
		return *f
	case *uint64:
		return *f
	case *bool:
		return *f
	}
	return field
}

// insertReceipt puts the receipt into the tables, unless it is there; with
// problems, also each of its problems and questions.
func (s *Store) insertReceipt(ctx context.Context, r schema.Receipt, problems bool) error {
	var held uint64
	if err := s.write.QueryRow(ctx, "SELECT count() FROM receipts WHERE receipt = ? AND seq = ?", r.ID, r.Seq).Scan(&held); err != nil {
		return fmt.Errorf("looking for receipt %s: %w", r.ID, err)
	}
	if held > 0 {
		return nil
	}
	body, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("writing receipt %s as JSON: %w", r.ID, err)
	}
	if problems {
		if err := s.insertProblems(ctx, r); err != nil {
			return err
		}
	}
	batch, err := s.write.PrepareBatch(ctx, "INSERT INTO receipts")
	if err != nil {
		return fmt.Errorf("inserting receipt %s: %w", r.ID, err)
	}
	err = batch.Append(r.ID, r.Seq, r.Feed, r.File, string(r.Status), r.Snapshot, r.Rows, r.Actor, r.ReceivedAt, r.Synthetic,
		uint64(r.Accepted), uint64(r.Revised), uint64(r.UnchangedN), uint64(r.Rejected),
		uint64(len(r.Problems)), uint64(len(r.Questions)), string(body))
	if err == nil {
		err = batch.Send()
	}
	if err != nil {
		return fmt.Errorf("inserting receipt %s: %w", r.ID, err)
	}
	return nil
}

func (s *Store) insertProblems(ctx context.Context, r schema.Receipt) error {
	if len(r.Problems)+len(r.Questions) == 0 {
		return nil
	}
	var held uint64
	if err := s.write.QueryRow(ctx, "SELECT count() FROM problems WHERE receipt = ?", r.ID).Scan(&held); err != nil {
		return fmt.Errorf("looking for the problems of %s: %w", r.ID, err)
	}
	if held > 0 {
		return nil
	}
	batch, err := s.write.PrepareBatch(ctx, "INSERT INTO problems")
	if err != nil {
		return fmt.Errorf("inserting the problems of %s: %w", r.ID, err)
	}
	add := func(kind string, p schema.Problem) error {
		return batch.Append(r.ID, p.Code, kind, p.File, p.Sheet, uint64(p.Line), uint32(p.Column), p.Cell, p.Written, p.Zh, p.En)
	}
	for _, p := range r.Problems {
		err = errors.Join(err, add("problem", p))
	}
	for _, q := range r.Questions {
		err = errors.Join(err, add("question", q.Problem))
	}
	if err == nil {
		err = batch.Send()
	}
	if err != nil {
		return fmt.Errorf("inserting the problems of %s: %w", r.ID, err)
	}
	return nil
}

func (s *Store) insertEvent(ctx context.Context, e ledger.Entry) error {
	var held uint64
	if err := s.write.QueryRow(ctx, "SELECT count() FROM receipt_events WHERE seq = ?", e.Seq).Scan(&held); err != nil {
		return fmt.Errorf("looking for event %d: %w", e.Seq, err)
	}
	if held > 0 {
		return nil
	}
	batch, err := s.write.PrepareBatch(ctx, "INSERT INTO receipt_events")
	if err != nil {
		return fmt.Errorf("inserting event %d: %w", e.Seq, err)
	}
	reason := e.Fields["reason"]
	if e.Kind == entryReceipt && e.Fields["sealed"] != "" {
		reason = "" // a sender's note may quote what must not be seen; the kept receipt has it
	}
	err = batch.Append(e.Fields["receipt"], e.Seq, e.Fields["state"], e.Fields["actor"], e.At, reason)
	if err == nil {
		err = batch.Send()
	}
	if err != nil {
		return fmt.Errorf("inserting event %d: %w", e.Seq, err)
	}
	return nil
}

const keyColumns = "indicator, region, frequency, basis, period"

// project writes the figure in force for every key that receipt id (loaded at
// seq loaded) touches, or a tombstone where none is left, as version.
func (s *Store) project(ctx context.Context, id string, loaded, version uint64) error {
	touched := "SELECT " + keyColumns + " FROM observations WHERE seq = ? AND receipt = ?"
	counted := "receipt IN (SELECT receipt FROM counted) AND indicator IN (SELECT indicator FROM observations WHERE seq = ? AND receipt = ?)"
	winners := strings.Join([]string{
		"INSERT INTO observations_current (" + columnsOf("value") + ", version, is_deleted)",
		"SELECT " + columnsOf("value") + ", toUInt64(?) AS version, toUInt8(0) AS is_deleted FROM observations",
		"WHERE (" + keyColumns + ") IN (" + touched + ") AND " + counted,
		"ORDER BY " + keyColumns + ", published_at DESC, seq DESC LIMIT 1 BY " + keyColumns,
	}, " ")
	if err := s.exec(ctx, "projecting the figures in force", winners, version, loaded, id, loaded, id); err != nil {
		return err
	}
	tombstones := strings.Join([]string{
		"INSERT INTO observations_current (" + keyColumns + ", seq, version, is_deleted)",
		"SELECT DISTINCT " + keyColumns + ", toUInt64(?), toUInt64(?), toUInt8(1) FROM observations",
		"WHERE seq = ? AND receipt = ? AND (" + keyColumns + ") NOT IN (SELECT " + keyColumns + " FROM observations WHERE " + counted + ")",
	}, " ")
	return s.exec(ctx, "projecting what is no longer in force", tombstones, version, version, loaded, id, loaded, id)
}

// mendNow is mend for an act that failed; it has its own time.
func (s *Store) mendNow() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	return s.mend(ctx)
}

package clickhouse

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"yardstick/schema"
	"yardstick/schema/ledger"
)

// ErrNoAct is returned for an act of a kind nobody knows, or without a subject.
var ErrNoAct = errors.New("this is no act that can be written down")

// Act writes down what somebody did: the ledger entry is fsynced, which is the
// commit point, then the table follows. It gives the act with its sequence
// number and time.
func (s *Store) Act(ctx context.Context, a schema.Act) (schema.Act, error) {
	if s.write == nil {
		return a, fmt.Errorf("writing down an act: %w", ErrReadOnly)
	}
	if !slices.Contains([]schema.ActKind{schema.ActAnswer, schema.ActAttach, schema.ActLock, schema.ActReopen, schema.ActStatement}, a.Kind) || a.Subject == "" {
		return a, fmt.Errorf("%q on %q: %w", a.Kind, a.Subject, ErrNoAct)
	}
	body, err := json.Marshal(a.Fields)
	if err != nil {
		return a, fmt.Errorf("writing an act as JSON: %w", err)
	}
	s.act.Lock()
	defer s.act.Unlock()
	if err := s.mend(ctx); err != nil {
		return a, err
	}
	if err := ctx.Err(); err != nil {
		return a, fmt.Errorf("writing down an act: %w", err)
	}
	s.dirty = true
	entry, err := s.ledger.Append(s.now(), entryAct, map[string]string{
		"kind": string(a.Kind), "subject": a.Subject, "actor": a.Actor, "body": string(body)})
	if err != nil {
		return a, errors.Join(fmt.Errorf("writing down an act: %w", err), s.mendNow())
	}
	a.Seq, a.At = entry.Seq, entry.At
	if err := s.insertAct(context.WithoutCancel(ctx), entry); err != nil {
		return a, fmt.Errorf("act %d is written, but not all that follows was done: %w", a.Seq, err)
	}
	s.dirty = false
	return a, nil
}

// insertAct puts the entry into the table, unless it is there.
func (s *Store) insertAct(ctx context.Context, e ledger.Entry) error {
	var held uint64
	if err := s.write.QueryRow(ctx, "SELECT count() FROM acts WHERE seq = ?", e.Seq).Scan(&held); err != nil {
		return fmt.Errorf("looking for act %d: %w", e.Seq, err)
	}
	if held > 0 {
		return nil
	}
	batch, err := s.write.PrepareBatch(ctx, "INSERT INTO acts")
	if err == nil {
		err = batch.Append(e.Seq, e.At, e.Fields["kind"], e.Fields["subject"], e.Fields["actor"], e.Fields["body"])
	}
	if err == nil {
		err = batch.Send()
	}
	if err != nil {
		return fmt.Errorf("inserting act %d: %w", e.Seq, err)
	}
	return nil
}

// Acts gives the acts of a kind on a subject, or on all when subject is "", the
// oldest first.
func (s *Store) Acts(ctx context.Context, kind schema.ActKind, subject string) (out []schema.Act, err error) {
	err = each(ctx, s.read, "reading acts", `SELECT seq, at, kind, subject, actor, body FROM acts
		WHERE kind = ? AND (? = '' OR subject = ?) ORDER BY seq`, []any{string(kind), subject, subject}, func(rows driver.Rows) error {
		var a schema.Act
		var kind, body string
		if err := rows.Scan(&a.Seq, &a.At, &kind, &a.Subject, &a.Actor, &body); err != nil {
			return fmt.Errorf("reading a row: %w", err)
		}
		if err := json.Unmarshal([]byte(body), &a.Fields); err != nil {
			return fmt.Errorf("reading act %d: %w", a.Seq, err)
		}
		a.Kind = schema.ActKind(kind)
		out = append(out, a)
		return nil
	})
	return out, err
}

// Life gives the steps of a receipt's life, the oldest first.
func (s *Store) Life(ctx context.Context, receipt string) (out []schema.ReceiptEvent, err error) {
	err = each(ctx, s.read, "reading the life of "+receipt, `SELECT receipt, seq, state, actor, at, reason FROM receipt_events
		WHERE receipt = ? ORDER BY seq`, []any{receipt}, func(rows driver.Rows) error {
		var e schema.ReceiptEvent
		var state string
		if err := rows.Scan(&e.Receipt, &e.Seq, &state, &e.Actor, &e.At, &e.Reason); err != nil {
			return fmt.Errorf("reading a row: %w", err)
		}
		e.State = schema.ReceiptStatus(state)
		out = append(out, e)
		return nil
	})
	return out, err
}

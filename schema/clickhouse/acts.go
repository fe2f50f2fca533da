package clickhouse

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"yardstick/schema"
	"yardstick/schema/ledger"
)

// ErrNoAct is returned for an act of a kind nobody knows, or without a subject.
var ErrNoAct = errors.New("this is no act that can be written down")

// Act writes down what somebody did: the ledger entry is fsynced, which is the
// commit point, then the table follows. It gives the act with its sequence
// number and time.
func (s *Store) Act(ctx context.Context, a schema.Act) (schema.Act, error) {
	known := []schema.ActKind{schema.ActAnswer, schema.ActAttach, schema.ActLock, schema.ActReopen, schema.ActStatement}
	if !slices.Contains(known, a.Kind) || a.Subject == "" {
		return a, fmt.Errorf("%q on %q: %w", a.Kind, a.Subject, ErrNoAct)
	}
	body, err := json.Marshal(a.Fields)
	if err != nil {
		return a, fmt.Errorf("writing an act as JSON: %w", err)
	}
	end, err := s.begin(ctx, "writing down an act")
	if err != nil {
		return a, err
	}
	defer end()
	entry, err := s.commit(ctx, "an act", entryAct, map[string]string{
		"kind": string(a.Kind), "subject": a.Subject, "actor": a.Actor, "body": string(body)}, s.insertAct)
	a.Seq, a.At = entry.Seq, entry.At
	return a, err
}

// insertAct puts the entry into the table, unless it is there.
func (s *Store) insertAct(ctx context.Context, e ledger.Entry) error {
	return s.insertOnce(ctx, fmt.Sprintf("inserting act %d", e.Seq), "acts", "seq", e.Seq,
		e.Seq, e.At, e.Fields["kind"], e.Fields["subject"], e.Fields["actor"], e.Fields["body"])
}

// Acts gives the acts of a kind on a subject, or on all when subject is "", the
// oldest first.
func (s *Store) Acts(ctx context.Context, kind schema.ActKind, subject string) ([]schema.Act, error) {
	return all(ctx, s.read, "reading acts", `SELECT seq, at, kind, subject, actor, body FROM acts
		WHERE kind = ? AND (? = '' OR subject = ?) ORDER BY seq`, []any{kind, subject, subject}, func(a *schema.Act) []any {
		return []any{&a.Seq, &a.At, text(&a.Kind), &a.Subject, &a.Actor, fromJSON(&a.Fields)}
	})
}

// Life gives the steps of a receipt's life, the oldest first.
func (s *Store) Life(ctx context.Context, receipt string) ([]schema.ReceiptEvent, error) {
	return all(ctx, s.read, "reading the life of "+receipt, `SELECT receipt, seq, state, actor, at, reason FROM receipt_events
		WHERE receipt = ? ORDER BY seq`, []any{receipt}, func(e *schema.ReceiptEvent) []any {
		return []any{&e.Receipt, &e.Seq, text(&e.State), &e.Actor, &e.At, &e.Reason}
	})
}

package clickhouse

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"yardstick/schema"
	"yardstick/schema/ledger"
	"yardstick/schema/words"
)

// ErrNoAct is returned for an act of a kind nobody knows, or without a subject.
var ErrNoAct = errors.New("this is no act that can be written down")

// Act writes down what somebody did: the ledger entry is fsynced, which is the
// commit point, then the table follows. It gives the act with its sequence
// number and time.
func (s *Store) Act(ctx context.Context, a schema.Act) (schema.Act, error) {
	known := []schema.ActKind{schema.ActAnswer, schema.ActAttach, schema.ActGrew, schema.ActLock, schema.ActReopen, schema.ActStatement}
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

// Life gives the steps of a receipt's life, the oldest first; that its file went
// on being written is one that leaves its state as it is.
func (s *Store) Life(ctx context.Context, receipt string) ([]schema.ReceiptEvent, error) {
	out, err := all(ctx, s.read, "reading the life of "+receipt, `SELECT receipt, seq, state, actor, at, reason FROM receipt_events
		WHERE receipt = ? ORDER BY seq`, []any{receipt}, func(e *schema.ReceiptEvent) []any {
		return []any{&e.Receipt, &e.Seq, text(&e.State), &e.Actor, &e.At, &e.Reason}
	})
	if err != nil {
		return nil, err
	}
	grew, err := s.Acts(ctx, schema.ActGrew, receipt)
	for _, a := range grew {
		out = append(out, schema.ReceiptEvent{Receipt: receipt, Seq: a.Seq, Actor: a.Actor, At: a.At, Reason: words.Say("receipt-grew", "file", a.Fields["file"]).All(" / ")})
	}
	slices.SortStableFunc(out, func(a, b schema.ReceiptEvent) int { return cmp.Compare(a.Seq, b.Seq) })
	for i := range out {
		if out[i].State == "" && i > 0 {
			out[i].State = out[i-1].State
		}
	}
	return out, err
}

// follow reads the ledger from the start for what is known from it alone.
func (s *Store) follow() error {
	s.known.mu.Lock()
	s.known.receipts, s.known.open, s.known.registers, s.known.ruled = map[string]seal{}, nil, nil, 0
	s.known.mu.Unlock()
	return s.ledger.Each(0, s.known.note)
}

// KeepRegisters keeps registers whole (JSON; see targets.Keep) and writes down in
// the ledger that they are in force from now on, unless they are already. It
// gives their digest, the SHA-256 of the bytes.
func (s *Store) KeepRegisters(ctx context.Context, text []byte) (digest string, err error) {
	end, err := s.begin(ctx, "keeping the registers")
	if err != nil {
		return "", err
	}
	defer end()
	sum := sha256.Sum256(text)
	digest = hex.EncodeToString(sum[:])
	if s.RegistersAt(s.ledger.Next(), time.Time{}) == digest {
		return digest, nil
	}
	if _, err := s.keep.put(func(w io.Writer) error { _, err := w.Write(text); return err }); err != nil {
		return "", err
	}
	_, err = s.commit(ctx, "the registers' entry", entryRegisters,
		map[string]string{"kind": entryRegisters, "subject": digest, "body": "{}"}, s.insertAct)
	if err != nil {
		return "", err
	}
	return digest, nil
}

// RegistersAt is the digest of the registers in force when the ledger had that
// height and, unless it is zero, at that time: "" when none were written down
// yet. KeptRegisters gives them.
func (s *Store) RegistersAt(height uint64, at time.Time) string {
	s.known.mu.Lock()
	defer s.known.mu.Unlock()
	for _, e := range slices.Backward(s.known.registers) {
		if e.Seq <= height && (at.IsZero() || !e.At.After(at)) {
			return e.Fields["subject"]
		}
	}
	return ""
}

// KeptRegisters gives the registers with that digest from the folder of kept
// rows, after checking them against it; targets.Read reads them.
func KeptRegisters(rows, digest string) ([]byte, error) {
	var text json.RawMessage
	if err := (keeper{rows}).get(digest, func(d *json.Decoder) error { return d.Decode(&text) }); err != nil {
		return nil, fmt.Errorf("reading the registers %.12s: %w", digest, err)
	}
	return text, nil
}

// NamesRegisters gives the digest of the registers that a ledger entry puts in
// force.
func NamesRegisters(e ledger.Entry) (digest string, ok bool) {
	return e.Fields["subject"], e.Kind == entryRegisters
}

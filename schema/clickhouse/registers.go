package clickhouse

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"time"

	"yardstick/schema/ledger"
)

// follow reads the ledger from the start for what is known from it alone.
func (s *Store) follow() error {
	s.known.mu.Lock()
	s.known.receipts, s.known.open, s.known.registers = map[string]seal{}, nil, nil
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

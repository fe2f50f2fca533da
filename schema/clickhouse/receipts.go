package clickhouse

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"yardstick/schema"
)

// ReceiptPage selects receipts, the newest first by when they came.
type ReceiptPage struct {
	Feed   string                 // "": all
	States []schema.ReceiptStatus // present ones; none: any
	From   time.Time              // received at or after; zero: no bound
	Before time.Time              // received before; zero: no bound
	After  uint64                 // those that came before the act of this number; 0: from the newest on
	Limit  int
}

// Arrived is a receipt with the number of the act it came by.
type Arrived struct {
	schema.Receipt
	Act uint64
}

// ReceiptsPage gives receipts in their present states. What comes meanwhile
// stands before the first page: a reader who goes on from the last one's Act
// sees none twice and misses none.
func (s *Store) ReceiptsPage(ctx context.Context, q ReceiptPage) (out []Arrived, err error) {
	var c conditions
	c.add(q.Feed != "", "r.feed = ?", q.Feed)
	c.add(len(q.States) > 0, "e.state IN (?)", q.States)
	c.add(!q.From.IsZero(), "r.received_at >= fromUnixTimestamp64Milli(?, 'UTC')", q.From.UnixMilli())
	c.add(!q.Before.IsZero(), "r.received_at < fromUnixTimestamp64Milli(?, 'UTC')", q.Before.UnixMilli())
	c.add(q.After > 0, "e.arrived < ?", q.After)
	return s.arrived(ctx, c.String()+" ORDER BY e.arrived DESC, r.receipt LIMIT ?", append(c.args, q.Limit)...)
}

// Receipt gives one receipt in its present state.
func (s *Store) Receipt(ctx context.Context, id string) (schema.Receipt, bool, error) {
	return first(s.receipts(ctx, "r.receipt = ?", id))
}

// Receipts gives the newest receipts first, by when they came: of one feed, or
// of all when feed is "".
func (s *Store) Receipts(ctx context.Context, feed string, limit int) ([]schema.Receipt, error) {
	return s.ReceiptsOf(ctx, feed, "", limit)
}

// ReceiptsOf is Receipts of those in one state, or in any when it is "".
func (s *Store) ReceiptsOf(ctx context.Context, feed string, state schema.ReceiptStatus, limit int) ([]schema.Receipt, error) {
	return s.receipts(ctx, "(? = '' OR r.feed = ?) AND (? = '' OR e.state = ?) ORDER BY e.arrived DESC LIMIT ?",
		feed, feed, state, state, limit)
}

// LastReceipt gives the feed's newest receipt that is accepted, partial or
// unchanged.
func (s *Store) LastReceipt(ctx context.Context, feed string) (schema.Receipt, bool, error) {
	return first(s.receipts(ctx, "r.feed = ? AND e.state IN ('accepted', 'partial', 'unchanged') ORDER BY r.seq DESC LIMIT 1", feed))
}

// ReceiptBySnapshot gives the newest receipt of the feed for the same bytes that
// counts, or else one that waits; the latter is known to the owner of the ledger
// alone.
func (s *Store) ReceiptBySnapshot(ctx context.Context, feed, digest string) (schema.Receipt, bool, error) {
	const counted = "r.feed = ? AND r.snapshot = ? AND e.state IN ('accepted', 'partial') ORDER BY r.seq DESC LIMIT 1"
	if r, found, err := first(s.receipts(ctx, counted, feed, digest)); err != nil || found {
		return r, found, err
	}
	for _, id := range slices.Backward(s.known.pending()) {
		r, ok, err := s.Sealed(ctx, id)
		if err != nil || ok && r.Feed == feed && r.Snapshot == digest {
			return r, ok, err
		}
	}
	return schema.Receipt{}, false, nil
}

// Snapshots is the set of everything ever received, whatever became of it, as
// "feed digest".
func (s *Store) Snapshots(ctx context.Context) (map[string]bool, error) {
	type row struct{ feed, digest string }
	found, err := all(ctx, s.read, "listing what was received", "SELECT DISTINCT feed, snapshot FROM receipts", nil,
		func(r *row) []any { return []any{&r.feed, &r.digest} })
	out := make(map[string]bool, len(found))
	for _, r := range found {
		out[r.feed+" "+r.digest] = true
	}
	return out, err
}

// receipts are those that where admits, in its order.
func (s *Store) receipts(ctx context.Context, where string, args ...any) (out []schema.Receipt, err error) {
	found, err := s.arrived(ctx, where, args...)
	for _, r := range found {
		out = append(out, r.Receipt)
	}
	return out, err
}

// arrived reads receipts as they were written, in their present states.
func (s *Store) arrived(ctx context.Context, where string, args ...any) (out []Arrived, err error) {
	const sql = `SELECT e.arrived, r.receipt, e.state, e.reason, r.body FROM receipts_latest AS r
		INNER JOIN (SELECT receipt, argMax(state, seq) AS state, argMax(reason, seq) AS reason, min(seq) AS arrived
			FROM receipt_events GROUP BY receipt) AS e
		ON r.receipt = e.receipt WHERE `
	err = each(ctx, s.read, "reading receipts", sql+where, args, func(rows driver.Rows) error {
		var one Arrived
		var id, reason string
		var state schema.ReceiptStatus
		if err := rows.Scan(&one.Act, &id, text(&state), &reason, fromJSON(&one.Receipt)); err != nil {
			return fmt.Errorf("receipt %s: %w", id, err)
		}
		one.Status = state
		if reason != "" && (state == schema.Withdrawn || state == schema.Refused) {
			one.Reason = reason // of a review or release it is the event's alone
		}
		if state != schema.Pending {
			one.Waits = ""
		}
		out = append(out, one)
		return nil
	})
	return out, err
}

// Periods gives the reference periods, with their bases, that a receipt has
// figures of, also while it waits; of a waiting one only the owner of the ledger
// knows. Indicator and region of the keys are empty.
func (s *Store) Periods(ctx context.Context, receipt string) ([]schema.Key, error) {
	if _, hidden := s.known.of(receipt); !hidden {
		return all(ctx, s.read, "reading the periods of "+receipt, "SELECT DISTINCT basis, period FROM observations WHERE receipt = ?",
			[]any{receipt}, func(k *schema.Key) []any { return []any{text(&k.Basis), period(&k.Period)} })
	}
	rows, err := s.SealedRows(receipt)
	var out []schema.Key
	seen := map[schema.Key]bool{}
	for i := range rows {
		if k := (schema.Key{Basis: rows[i].Basis, Period: rows[i].Period}); !seen[k] {
			seen[k], out = true, append(out, k)
		}
	}
	return out, err
}

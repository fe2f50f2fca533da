package clickhouse

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"yardstick/schema"
)

const receiptColumns = `SELECT r.body, r.receipt, e.state, e.reason FROM receipts_latest AS r
	INNER JOIN (SELECT receipt, argMax(state, seq) AS state, argMax(reason, seq) AS reason, min(seq) AS arrived
		FROM receipt_events GROUP BY receipt) AS e
	ON r.receipt = e.receipt `

// Receipt gives one receipt in its present state.
func (s *Store) Receipt(ctx context.Context, id string) (schema.Receipt, bool, error) {
	found, err := s.receipts(ctx, "WHERE r.receipt = ?", id)
	if err != nil || len(found) == 0 {
		return schema.Receipt{}, false, err
	}
	return found[0], true, nil
}

// Receipts gives the newest receipts first, by when they came: of one feed, or
// of all when feed is "".
func (s *Store) Receipts(ctx context.Context, feed string, limit int) ([]schema.Receipt, error) {
	return s.ReceiptsOf(ctx, feed, "", limit)
}

// ReceiptsOf is Receipts of those in one state, or in any when it is "".
func (s *Store) ReceiptsOf(ctx context.Context, feed string, state schema.ReceiptStatus, limit int) ([]schema.Receipt, error) {
	return s.receipts(ctx, "WHERE (? = '' OR r.feed = ?) AND (? = '' OR e.state = ?) ORDER BY e.arrived DESC LIMIT ?",
		feed, feed, string(state), string(state), limit)
}

// LastReceipt gives the feed's newest receipt that is accepted, partial or
// unchanged.
func (s *Store) LastReceipt(ctx context.Context, feed string) (schema.Receipt, bool, error) {
	found, err := s.receipts(ctx, "WHERE r.feed = ? AND e.state IN ('accepted', 'partial', 'unchanged') ORDER BY r.seq DESC LIMIT 1", feed)
	if err != nil || len(found) == 0 {
		return schema.Receipt{}, false, err
	}
	return found[0], true, nil
}

// ReceiptBySnapshot gives the newest receipt of the feed for the same bytes that
// counts, or else one that waits; the latter is known to the owner of the ledger
// alone.
func (s *Store) ReceiptBySnapshot(ctx context.Context, feed, digest string) (schema.Receipt, bool, error) {
	found, err := s.receipts(ctx, "WHERE r.feed = ? AND r.snapshot = ? AND e.state IN ('accepted', 'partial') ORDER BY r.seq DESC LIMIT 1", feed, digest)
	if err != nil {
		return schema.Receipt{}, false, err
	}
	if len(found) > 0 {
		return found[0], true, nil
	}
	for _, id := range slices.Backward(s.sealed.pending()) {
		r, ok, err := s.Sealed(ctx, id)
		if err != nil {
			return schema.Receipt{}, false, err
		}
		if ok && r.Feed == feed && r.Snapshot == digest {
			return r, true, nil
		}
	}
	return schema.Receipt{}, false, nil
}

// Snapshots is the set of everything ever received, whatever became of it, as
// "feed digest".
func (s *Store) Snapshots(ctx context.Context) (map[string]bool, error) {
	out := map[string]bool{}
	err := each(ctx, s.read, "listing what was received", "SELECT DISTINCT feed, snapshot FROM receipts", nil, func(rows driver.Rows) error {
		var feed, digest string
		if err := rows.Scan(&feed, &digest); err != nil {
			return fmt.Errorf("reading a row: %w", err)
		}
		out[feed+" "+digest] = true
		return nil
	})
	return out, err
}

func (s *Store) receipts(ctx context.Context, where string, args ...any) (out []schema.Receipt, err error) {
	err = each(ctx, s.read, "reading receipts", receiptColumns+where, args, func(rows driver.Rows) error {
		var body, id, state, reason string
		if err := rows.Scan(&body, &id, &state, &reason); err != nil {
			return fmt.Errorf("reading a row: %w", err)
		}
		r, err := receiptOf(body, id, state, reason)
		if err != nil {
			return err
		}
		out = append(out, r)
		return nil
	})
	return out, err
}

// receiptOf is a receipt as it was written, in its present state.
func receiptOf(body, id, state, reason string) (r schema.Receipt, err error) {
	if err := json.Unmarshal([]byte(body), &r); err != nil {
		return r, fmt.Errorf("reading receipt %s: %w", id, err)
	}
	r.Status = schema.ReceiptStatus(state)
	if reason != "" && (r.Status == schema.Withdrawn || r.Status == schema.Refused) {
		r.Reason = reason // of a review or release it is the event's alone
	}
	if r.Status != schema.Pending {
		r.Waits = ""
	}
	return r, nil
}

// Periods gives the reference periods that a receipt has figures of, also while
// it waits; of a waiting one only the owner of the ledger knows.
func (s *Store) Periods(ctx context.Context, receipt string) ([]schema.Period, error) {
	seen := map[schema.Period]bool{}
	var out []schema.Period
	add := func(p schema.Period) {
		if !seen[p] {
			seen[p] = true
			out = append(out, p)
		}
	}
	if _, hidden := s.sealed.of(receipt); hidden {
		rows, err := s.SealedRows(receipt)
		for i := range rows {
			add(rows[i].Period)
		}
		return out, err
	}
	err := each(ctx, s.read, "reading the periods of "+receipt, "SELECT DISTINCT period FROM observations WHERE receipt = ?", []any{receipt},
		func(rows driver.Rows) error {
			var text string
			if err := rows.Scan(&text); err != nil {
				return fmt.Errorf("reading a row: %w", err)
			}
			p, _, err := schema.ParsePeriod(text)
			if err != nil {
				return fmt.Errorf("reading a stored period: %w", err)
			}
			add(p)
			return nil
		})
	return out, err
}

package clickhouse

import (
	"context"
	"fmt"

	"yardstick/schema"
	"yardstick/schema/ledger"
	"yardstick/schema/vintage"
)

// Recovered says what a start found unfinished.
type Recovered struct {
	Finished int // ledger entries whose rows, event or projection were made up
	Removed  int // receipts whose rows stood without a ledger entry and were removed
	Moved    int // figures that stand no longer, for the rule is another
}

// Recover finishes or removes what a crash left: rows without a ledger entry
// never counted and go; an entry without its event is finished from the kept
// rows. A ledger shorter than what the store saw committed is ledger.ErrBroken. In a
// store written under another rule it has figures stand by the present one.
func (s *Store) Recover(ctx context.Context) (Recovered, error) {
	end, err := s.lock("recovering")
	if err != nil {
		return Recovered{}, err
	}
	defer end()
	done, err := s.recover(ctx)
	if err == nil {
		done.Moved, err = s.applyRule(ctx)
	}
	return done, err
}

// mend recovers after an act that failed half way.
func (s *Store) mend(ctx context.Context) error {
	if !s.dirty {
		return nil
	}
	_, err := s.recover(ctx)
	return err
}

func (s *Store) recover(ctx context.Context) (Recovered, error) {
	var done Recovered
	if err := s.follow(); err != nil {
		return done, err
	}
	seen, err := number(ctx, s.write, "reading the newest event", "SELECT max(seq) FROM (SELECT seq FROM receipt_events UNION ALL SELECT seq FROM acts)")
	if err != nil {
		return done, err
	}
	height, _ := s.ledger.Head()
	if seen > height {
		return done, fmt.Errorf("the store has events up to %d, the ledger ends at %d: %w", seen, height, ledger.ErrBroken)
	}
	if done.Removed, err = s.removeOrphans(ctx, height); err != nil {
		return done, err
	}
	// The last entry that has its event may lack its projection.
	from := seen
	if from > 0 && !s.projected(ctx, from) {
		from--
	}
	err = s.ledger.Each(from, func(e ledger.Entry) error {
		if err := s.finishEntry(ctx, e); err != nil {
			return fmt.Errorf("finishing ledger entry %d: %w", e.Seq, err)
		}
		done.Finished++
		return nil
	})
	if err != nil {
		return done, err
	}
	s.dirty = false
	return done, nil
}

// projected reports whether act seq wrote no figures, or all its keys stand in the
// projection at that version or a later one, and with them all other keys of their
// facts. Of an act that was projected by another rule those are applyRule's.
func (s *Store) projected(ctx context.Context, seq uint64) bool {
	const brought = " FROM observations WHERE receipt IN (SELECT receipt FROM receipt_events WHERE seq = ?)"
	const lacking = " AND (" + keyColumns + ") NOT IN (SELECT " + keyColumns + " FROM observations_current WHERE version >= ?)"
	missing, err := number(ctx, s.write, "looking at the projection", "SELECT count()"+brought+lacking, seq, seq)
	if err != nil || missing > 0 {
		return false
	}
	ruled, err := number(ctx, s.write, "looking at the projection", "SELECT count() FROM observations_current WHERE version = ? AND rule = ?", seq, vintage.Rule)
	if err != nil || ruled == 0 {
		return err == nil
	}
	missing, err = number(ctx, s.write, "looking at the projection", "SELECT count() FROM observations WHERE indicator IN (SELECT indicator"+brought+
		") AND ("+factColumns+") IN (SELECT "+factColumns+brought+")"+lacking, seq, seq, seq)
	return err == nil && missing == 0
}

// removeOrphans deletes rows that were inserted for an entry that never came.
func (s *Store) removeOrphans(ctx context.Context, height uint64) (int, error) {
	orphans, err := number(ctx, s.write, "looking for unfinished rows", "SELECT uniqExact(receipt) FROM observations WHERE seq > ?", height)
	if err != nil || orphans == 0 {
		return 0, err
	}
	return int(orphans), s.remove(ctx, "removing unfinished rows", "seq > ?", height)
}

// remove deletes the vintages that where admits, and waits until they are gone.
func (s *Store) remove(ctx context.Context, what, where string, args ...any) error {
	l := layout{s.cluster}
	return s.exec(ctx, what, "ALTER TABLE observations"+l.Local()+" "+l.OnCluster()+" DELETE WHERE "+where+" SETTINGS mutations_sync = 2", args...)
}

func (s *Store) finishEntry(ctx context.Context, e ledger.Entry) error {
	id := e.Fields["receipt"]
	switch e.Kind {
	case entryAct, entryRegisters:
		return s.insertAct(ctx, e)
	case entryRule:
		return s.finishRule(ctx, e)
	case entryWithdraw:
		loaded, err := number(ctx, s.write, "reading receipt "+id, "SELECT max(seq) FROM receipts WHERE receipt = ?", id)
		if err != nil {
			return err
		}
		return s.eventAndProject(ctx, e, loaded)
	}
	r, err := s.keep.receipt(e.Fields["body"])
	if err != nil {
		return err
	}
	if r.Rows != "" && r.Status.Counts() {
		if err := s.makeUpRows(ctx, r); err != nil {
			return err
		}
	}
	return s.finish(ctx, e, r)
}

// makeUpRows sees to it that exactly the kept rows of r stand.
func (s *Store) makeUpRows(ctx context.Context, r schema.Receipt) error {
	rows, err := s.keep.rows(r.Rows)
	if err != nil {
		return err
	}
	held, err := number(ctx, s.write, "counting the rows of "+r.ID, "SELECT count() FROM observations WHERE seq = ? AND receipt = ?", r.Seq, r.ID)
	if err != nil || held == uint64(len(rows)) {
		return err
	}
	if held > 0 {
		if err := s.remove(ctx, "removing the incomplete rows of "+r.ID, "seq = ? AND receipt = ?", r.Seq, r.ID); err != nil {
			return err
		}
	}
	return s.insertObservations(ctx, rows)
}

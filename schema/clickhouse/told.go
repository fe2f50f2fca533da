package clickhouse

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"yardstick/schema"
)

// SaveTold keeps what there is to say of every verdict, in place of what was kept
// before; nothing is written when it is the same. The time becomes its version.
func (s *Store) SaveTold(ctx context.Context, at time.Time, all []schema.Shown) error {
	if s.write == nil {
		return fmt.Errorf("saving what is told: %w", ErrReadOnly)
	}
	if len(all) == 0 {
		return nil
	}
	text, err := json.Marshal(all)
	if err != nil {
		return fmt.Errorf("writing what is told as JSON: %w", err)
	}
	sum := sha256.Sum256(text)
	digest := hex.EncodeToString(sum[:])
	s.act.Lock()
	defer s.act.Unlock()
	var held string
	var version uint64
	err = each(ctx, s.write, "reading what is told", "SELECT digest, version FROM told ORDER BY version DESC LIMIT 1", nil, func(rows driver.Rows) error {
		return rows.Scan(&held, &version)
	})
	if err != nil || held == digest {
		return err
	}
	version = max(version+1, uint64(at.UnixMilli()))
	// Curves first: the newest version of the words names what is whole.
	if err := s.insertTold(ctx, "told_curves", all, func(batch driver.Batch, t schema.Shown) error {
		for _, c := range t.Curve {
			if err := batch.Append(t.Policy, t.Scope.Target, t.Region, t.Lang, date(c.Day), c.Unit, c.Observed, c.Goal, c.Path, c.Low, c.Mid, c.Top, version); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		return err
	}
	return s.insertTold(ctx, "told", all, func(batch driver.Batch, t schema.Shown) error {
		return batch.Append(t.Policy, t.Scope.Target, t.Region, t.Lang, date(t.AsOf), uint32(t.Place), t.Bound, t.Title, t.Status, t.Value, t.Target, t.Gap,
			t.Progress, t.Schedule, t.Lag, t.Chance, t.Outlook, t.Deadline, t.Period, t.Owner, t.Marks, int32(t.AgeDays), uint32(t.StaleDays), t.Lines, t.Story, digest, version)
	})
}

func (s *Store) insertTold(ctx context.Context, table string, all []schema.Shown, add func(driver.Batch, schema.Shown) error) error {
	batch, err := s.write.PrepareBatch(ctx, "INSERT INTO "+table)
	if err != nil {
		return fmt.Errorf("saving what is told in %s: %w", table, err)
	}
	for _, t := range all {
		if err := add(batch, t); err != nil {
			return errors.Join(fmt.Errorf("saving what is told of %s in %s: %w", t.Scope.Target, table, err), batch.Abort())
		}
	}
	if err := batch.Send(); err != nil {
		return fmt.Errorf("saving what is told in %s: %w", table, err)
	}
	return nil
}

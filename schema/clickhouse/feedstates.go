package clickhouse

import (
	"context"
	"fmt"
	"time"

	"yardstick/schema"
)

// SaveDeliveries keeps what the feeds owed when a comparison was made, for those
// who read the store with SQL.
func (s *Store) SaveDeliveries(ctx context.Context, at time.Time, asOf schema.Date, all []schema.FeedState) error {
	if s.write == nil {
		return fmt.Errorf("saving what the feeds owe: %w", ErrReadOnly)
	}
	if len(all) == 0 {
		return nil
	}
	s.act.Lock()
	defer s.act.Unlock()
	batch, err := s.write.PrepareBatch(ctx, "INSERT INTO feed_states")
	if err != nil {
		return fmt.Errorf("saving what the feeds owe: %w", err)
	}
	for _, d := range all {
		var success *time.Time
		if !d.LastSuccess.IsZero() {
			success = &d.LastSuccess
		}
		if err := batch.Append(at, date(asOf), d.Name, columnDate(d.Due), periodText(d.DuePeriod), uint32(d.Owed), periodText(d.Newest), d.Came,
			success, uint32(d.Problems), uint32(d.Questions)); err != nil {
			return fmt.Errorf("saving what %s owes: %w", d.Name, err)
		}
	}
	if err := batch.Send(); err != nil {
		return fmt.Errorf("saving what the feeds owe: %w", err)
	}
	return nil
}

func periodText(p schema.Period) string {
	if p.IsZero() {
		return ""
	}
	return p.String()
}

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
	const what = "saving what the feeds owe"
	end, err := s.lock(what)
	if err != nil {
		return err
	}
	defer end()
	if len(all) == 0 {
		return nil
	}
	return s.insert(ctx, what, "feed_states", func(add func(...any) error) error {
		for _, d := range all {
			if err := add(at, asOf, d.Name, d.Due, d.DuePeriod, d.Owed, d.Newest, d.Came, d.LastSuccess, d.Problems, d.Questions); err != nil {
				return fmt.Errorf("feed %s: %w", d.Name, err)
			}
		}
		return nil
	})
}

// FeedStates gives what the receipts tell of every feed that ever sent something,
// under its name alone; figures count as delivered when they were published on or
// before asOf.
func (s *Store) FeedStates(ctx context.Context, asOf schema.Date) (map[string]schema.FeedState, error) {
	found, err := all(ctx, s.read, "reading the feeds' states", `SELECT r.feed, maxIf(r.received_at, e.state IN ('accepted','partial','unchanged')),
			argMax(r.problems, e.arrived), argMax(r.questions, e.arrived)
		FROM receipts_latest AS r
		INNER JOIN (SELECT receipt, argMax(state, seq) AS state, min(seq) AS arrived FROM receipt_events GROUP BY receipt) AS e ON r.receipt = e.receipt
		GROUP BY r.feed`, nil, func(f *schema.FeedState) []any {
		return []any{&f.Name, &f.LastSuccess, count[uint64](&f.Problems), count[uint64](&f.Questions)}
	})
	if err != nil {
		return nil, err
	}
	out := map[string]schema.FeedState{}
	for _, f := range found {
		if f.LastSuccess.Year() <= 1970 {
			f.LastSuccess = time.Time{}
		}
		out[f.Name] = f
	}
	return out, s.delivered(ctx, asOf, out)
}

// delivered puts the last days of the delivered periods since 2024, at most 5,000,
// into each state.
func (s *Store) delivered(ctx context.Context, asOf schema.Date, states map[string]schema.FeedState) error {
	type row struct {
		feed string
		ends []time.Time
	}
	found, err := all(ctx, s.read, "reading what the feeds delivered", `SELECT r.feed,
			arraySort(groupUniqArrayIf(5000)(o.period_end, o.period_end >= toDate32('2024-01-01')))
		FROM observations AS o INNER JOIN receipts AS r ON o.receipt = r.receipt
		WHERE o.receipt IN (SELECT receipt FROM counted) AND o.published_at <= toDate32(?)
		GROUP BY r.feed`, []any{asOf.String()}, func(r *row) []any { return []any{&r.feed, &r.ends} })
	for _, r := range found {
		f := states[r.feed]
		for _, end := range r.ends {
			f.Periods = append(f.Periods, schema.DateOf(end))
		}
		states[r.feed] = f
	}
	return err
}

package clickhouse

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"time"

	"yardstick/schema"
)

// Dimensions is what the registers say of targets, indicators and regions, and
// the configuration of feeds.
type Dimensions struct {
	Policies   []schema.Policy
	Indicators []schema.Indicator
	Regions    []schema.Region
	Feeds      []schema.FeedState // who answers for each
	Digest     string             // of the registers' content: written again only when it differs
}

// SaveDimensions writes the registers for those who read the store with SQL.
// It does nothing when the store holds the same content already.
func (s *Store) SaveDimensions(ctx context.Context, d Dimensions) error {
	end, err := s.lock("saving the registers")
	if err != nil {
		return err
	}
	defer end()
	var held string
	if err := s.write.QueryRow(ctx, "SELECT argMax(digest, at) FROM registers").Scan(&held); err != nil {
		return fmt.Errorf("asking which registers the store holds: %w", err)
	}
	if held == d.Digest {
		return nil
	}
	version := uint64(s.now().UnixMicro())
	for _, table := range []struct {
		name string
		rows iter.Seq[[]any]
	}{
		{"targets", slices.Values(targetRows(d.Policies, version))},
		{"policies", rowsOf(d.Policies, func(p schema.Policy) []any {
			clauses := []uint16{} // not nil: the column is a list
			for _, m := range p.WithoutNumber() {
				clauses = append(clauses, uint16(m.Clause))
			}
			return []any{p.ID, p.Number, p.Title.Zh, p.Title.En, p.Issued, p.Region, clauses, version}
		})},
		{"allocations", slices.Values(allocationRows(d.Policies, version))},
		{"feeds", rowsOf(d.Feeds, func(f schema.FeedState) []any {
			return []any{f.Name, f.Title.Zh, f.Title.En, f.By.Title.Zh, f.By.Title.En, f.By.Contact, f.Frequency, f.Synthetic, version}
		})},
		{"indicators", rowsOf(d.Indicators, func(i schema.Indicator) []any {
			return []any{i.Code, i.Name.Zh, i.Name.En, i.Unit, i.UnitEn, i.Frequency(), i.Basis, i.Definition.Zh, version}
		})},
		{"regions", rowsOf(d.Regions, func(r schema.Region) []any {
			return []any{r.Code, r.Name.Zh, r.Name.En, r.Parent, r.Standard, version}
		})},
		{"registers", rowsOf([]string{d.Digest}, func(digest string) []any { return []any{digest, s.now()} })}, // last: it vouches for the others
	} {
		if err := s.insert(ctx, "saving the registers' "+table.name, table.name, table.rows); err != nil {
			return err
		}
	}
	return nil
}

func targetRows(policies []schema.Policy, version uint64) (rows [][]any) {
	for _, p := range policies {
		for place, t := range p.Targets {
			start := cmp.Or(t.WindowFrom, t.Since, p.Issued)
			var reading schema.Text
			if t.Reading != nil {
				reading = t.Reading.Text
			}
			rows = append(rows, []any{p.ID, t.ID, t.Clause, t.Title.Zh, t.Title.En, t.Kind, t.Direction, t.Value,
				t.Unit, t.Written, t.Deadline, start, t.Baseline, t.Indicator, t.Region, t.Headline,
				t.Owner.Zh, t.Owner.En, t.Contact, t.Op, t.Every, reading.Zh, reading.En, !t.Reading.Confirmed(), place, version})
		}
	}
	return rows
}

func allocationRows(policies []schema.Policy, version uint64) (rows [][]any) {
	for _, p := range policies {
		for _, t := range p.Targets {
			for _, a := range t.Allocations {
				rows = append(rows, []any{p.ID, t.ID, a.Region, a.Value, a.Source.Zh, a.Source.En, version})
			}
		}
	}
	return rows
}

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
	return s.insert(ctx, what, "feed_states", rowsOf(all, func(d schema.FeedState) []any {
		return []any{at, asOf, d.Name, d.Due, d.DuePeriod, d.Owed, d.Newest, d.Came, d.LastSuccess, d.Problems, d.Questions}
	}))
}

// FeedStates gives what the receipts tell of every feed that ever sent something,
// under its name alone; figures count as delivered when they were published on or
// before asOf.
func (s *Store) FeedStates(ctx context.Context, asOf schema.Date) (map[string]schema.FeedState, error) {
	found, err := all(ctx, s.read, "reading the feeds' states", `SELECT r.feed, maxIf(r.received_at, e.state IN ('accepted','partial','unchanged')),
			argMax(if(e.state = 'withdrawn', 0, r.problems), e.arrived), argMax(if(e.state = 'withdrawn', 0, r.questions), e.arrived)
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
// into each state. A cell left blank delivers nothing; that there is no figure does,
// where it was said: by a status of its own, or with a reason.
func (s *Store) delivered(ctx context.Context, asOf schema.Date, states map[string]schema.FeedState) error {
	type row struct {
		feed string
		ends []time.Time
	}
	found, err := all(ctx, s.read, "reading what the feeds delivered", `SELECT r.feed,
			arraySort(groupUniqArrayIf(5000)(o.period_end, o.period_end >= toDate32('2024-01-01')))
		FROM observations AS o INNER JOIN receipts AS r ON o.receipt = r.receipt
		WHERE o.receipt IN (SELECT receipt FROM counted) AND o.published_at <= toDate32(?) AND (o.value IS NOT NULL OR o.status != 'O' OR o.note != '')
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

package app

import (
	"context"
	"maps"
	"slices"
	"time"

	"yardstick/schema"
	"yardstick/schema/clickhouse"
)

// feedDimensions is the configured feeds with their offices, for readers of SQL.
func (h *house) feedDimensions() []clickhouse.Feed {
	out := make([]clickhouse.Feed, 0, len(h.cfg.Feeds))
	for _, f := range h.cfg.Feeds {
		row := clickhouse.Feed{Name: f.Name, Title: f.Title, Frequency: f.Frequency, Synthetic: f.Synthetic}
		for _, o := range h.cfg.Offices {
			if o.Name == f.Office {
				row.Office, row.Contact = o.Title, o.Contact
			}
		}
		out = append(out, row)
	}
	return out
}

// saveDeliveries keeps what every feed had delivered and owed at a comparison:
// of the configured feeds first, then of those that only came by hand.
func (h *house) saveDeliveries(ctx context.Context, at time.Time, asOf schema.Date) error {
	states, err := h.store.FeedStates(ctx, asOf)
	if err != nil {
		return err
	}
	var all []clickhouse.Delivery
	for _, f := range h.cfg.Feeds {
		s := states[f.Name]
		s.Feed = f.Name
		delete(states, f.Name)
		all = append(all, h.delivery(f, s, asOf))
	}
	for _, name := range slices.Sorted(maps.Keys(states)) {
		all = append(all, clickhouse.Delivery{FeedState: states[name]})
	}
	return h.store.SaveDeliveries(ctx, at, asOf, all)
}

func (h *house) delivery(f Feed, s clickhouse.FeedState, asOf schema.Date) clickhouse.Delivery {
	d := clickhouse.Delivery{FeedState: s}
	if owed := h.owed(f, s, asOf); len(owed) > 0 {
		d.Due, d.DuePeriod = owed[0].Due, owed[0].Period
		for _, o := range owed {
			if o.Due.Before(asOf) {
				d.Owed++
			}
		}
	}
	if f.Frequency != "" {
		d.Latest = h.newestDue(f)
		d.Came = slices.Contains(s.Periods, d.Latest.Last())
	}
	return d
}

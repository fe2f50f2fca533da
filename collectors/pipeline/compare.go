package pipeline

import (
	"context"
	"fmt"
	"math"
	"slices"

	"yardstick/schema"
)

// mostChanges bounds the list of changes in a receipt; the counts are whole.
const mostChanges = 10_000

// compare holds the rows against the vintages the store holds and gives those
// that say something new: for a row made public on day d, the figure in force
// as of d. The same value and status is unchanged; anything else is a vintage,
// hidden when a figure made public later stays in force.
func (p *Pipeline) compare(ctx context.Context, rows []schema.Observation, r schema.Receipt) ([]schema.Observation, schema.Receipt, error) {
	keys, listed := make([]schema.Key, 0, len(rows)), make(map[schema.Key]bool, len(rows))
	for i := range rows {
		if k := rows[i].Key; !listed[k] {
			listed[k] = true
			keys = append(keys, k)
		}
	}
	held, err := p.o.Store.InForce(ctx, keys)
	if err != nil {
		return nil, r, fmt.Errorf("reading the figures held: %w", err)
	}
	// Vintages of one key within the file build on each other in the order
	// they were made public.
	slices.SortStableFunc(rows, func(a, b schema.Observation) int { return a.PublishedAt.Compare(b.PublishedAt) })
	fresh, same := rows[:0], map[string]int{}
	for _, o := range rows {
		o.Receipt, o.ReceivedAt, o.Synthetic = r.ID, r.ReceivedAt, r.Synthetic
		o.Seq = math.MaxUint64 // later than anything held; the store gives the real one
		before, hidden := stand(held[o.Key], o)
		if before != nil && before.Same(o) {
			r.UnchangedN++
			same[before.Receipt]++
			continue
		}
		change := schema.Change{Key: o.Key, New: o.Value, NewStatus: o.Status, Hidden: hidden}
		if before != nil {
			r.Revised++
			change.Old, change.OldStatus = before.Value, before.Status
		} else {
			r.Accepted++
		}
		if (before != nil || hidden) && len(r.Changes) < mostChanges {
			r.Changes = append(r.Changes, change)
		}
		held[o.Key] = append(held[o.Key], o)
		fresh = append(fresh, o)
	}
	for i := range fresh {
		fresh[i].Seq = 0
	}
	if len(fresh) == 0 && r.Status == schema.Accepted {
		r.Status = schema.Unchanged
		if len(same) == 1 {
			for id := range same {
				r.SameAs = id
			}
		}
	}
	return fresh, r, nil
}

// stand finds the vintage in force on the day o was made public, and whether
// one made public after it stays in force.
func stand(held []schema.Observation, o schema.Observation) (before *schema.Observation, hidden bool) {
	for i := range held {
		h := &held[i]
		switch {
		case h.PublishedAt.After(o.PublishedAt):
			hidden = true
		case before == nil || h.Later(*before):
			before = h
		}
	}
	return before, hidden
}

package clickhouse

import (
	"math"
	"slices"

	"yardstick/schema"
)

// weighed is what figures say beside the vintages held.
type weighed struct {
	fresh    []schema.Observation // those that say something new, by the day made public
	changes  []schema.Change      // what they do to figures held, at most mostChanges
	accepted int                  // fresh figures of a key and day that held none
	revised  int                  // fresh figures that stand in the place of another
	same     map[string]int       // unchanged figures, by the receipt that holds them
}

// weigh holds figures against all vintages of their keys: for one made public
// on day d, the figure in force as of d. The same value and status is
// unchanged; anything else is a vintage, hidden when a figure made public later
// stays in force. Vintages of one key among the figures build on each other in
// the order they were made public. said is why the sender changes figures; the
// counts are whole. rows and held are used up.
func weigh(held map[schema.Key][]schema.Observation, rows []schema.Observation, said schema.Correction) weighed {
	out := weighed{same: map[string]int{}}
	slices.SortStableFunc(rows, func(a, b schema.Observation) int { return a.PublishedAt.Compare(b.PublishedAt) })
	for _, o := range rows {
		o.Seq = math.MaxUint64 // later than anything held; the store gives the real one
		before, hidden := stand(held[o.Key], o)
		if before != nil && before.Same(o) {
			out.same[before.Receipt]++
			continue
		}
		change := schema.Change{Key: o.Key, New: o.Value, NewStatus: o.Status, Hidden: hidden}
		if before != nil {
			out.revised++
			change.Old, change.OldStatus, change.Correction = before.Value, before.Status, schema.CorrectionOf(*before, o, said)
			if change.Old != nil && change.New != nil {
				d := change.New.Sub(*change.Old)
				change.Difference = &d
			}
		} else {
			out.accepted++
		}
		if (before != nil || hidden) && len(out.changes) < mostChanges {
			out.changes = append(out.changes, change)
		}
		held[o.Key] = append(held[o.Key], o)
		out.fresh = append(out.fresh, o)
	}
	for i := range out.fresh {
		out.fresh[i].Seq = 0
	}
	return out
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

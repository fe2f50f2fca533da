package schema

import (
	"math"
	"slices"
)

// Weighed is what figures say beside the vintages held.
type Weighed struct {
	Fresh    []Observation  // those that say something new, by the day made public
	Changes  []Change       // what they do to figures held, at most as many as asked for
	Accepted int            // fresh figures of a key and day that held none
	Revised  int            // fresh figures that stand in the place of another
	Same     map[string]int // unchanged figures, by the receipt that holds them
}

// Unchanged is the number of figures that say what is held already.
func (w Weighed) Unchanged() int {
	n := 0
	for _, c := range w.Same {
		n += c
	}
	return n
}

// Weigh holds figures against all vintages of their keys: for one made public
// on day d, the figure in force as of d. The same value and status is
// unchanged; anything else is a vintage, hidden when a figure made public later
// stays in force. Vintages of one key among the figures build on each other in
// the order they were made public. At most most changes are listed; the counts
// are whole. rows and held are used up.
func Weigh(held map[Key][]Observation, rows []Observation, most int) Weighed {
	out := Weighed{Same: map[string]int{}}
	slices.SortStableFunc(rows, func(a, b Observation) int { return a.PublishedAt.Compare(b.PublishedAt) })
	for _, o := range rows {
		o.Seq = math.MaxUint64 // later than anything held; the store gives the real one
		before, hidden := stand(held[o.Key], o)
		if before != nil && before.Same(o) {
			out.Same[before.Receipt]++
			continue
		}
		change := Change{Key: o.Key, New: o.Value, NewStatus: o.Status, Hidden: hidden}
		if before != nil {
			out.Revised++
			change.Old, change.OldStatus = before.Value, before.Status
			if change.Old != nil && change.New != nil {
				d := change.New.Sub(*change.Old)
				change.Difference = &d
			}
		} else {
			out.Accepted++
		}
		if (before != nil || hidden) && len(out.Changes) < most {
			out.Changes = append(out.Changes, change)
		}
		held[o.Key] = append(held[o.Key], o)
		out.Fresh = append(out.Fresh, o)
	}
	for i := range out.Fresh {
		out.Fresh[i].Seq = 0
	}
	return out
}

// stand finds the vintage in force on the day o was made public, and whether
// one made public after it stays in force.
func stand(held []Observation, o Observation) (before *Observation, hidden bool) {
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

// Package vintage is the one rule of what a figure is beside those held: new,
// revised, unchanged or hidden; which vintage stands when; and which written
// keys are one fact.
package vintage

import (
	"math"
	"slices"

	"yardstick/schema"
)

// MostChanges bounds the list of changes in a receipt; the counts are whole.
const MostChanges = 10_000

// Fresh is a figure that says something new.
type Fresh struct {
	Row    int                 // its place among the figures weighed
	Before *schema.Observation // in force on the day it was made public; nil: none, it is new
	Hidden bool                // a figure made public later stays in force
}

// Weighed is what figures say beside the vintages held.
type Weighed struct {
	Fresh []Fresh        // in the order they were made public
	Same  map[string]int // the unchanged figures, by the receipt that brought what they repeat
}

// Weigh holds figures against all counted vintages of their facts: for one made
// public on day d, the figure in force as of d. The same value and status is
// unchanged; anything else is a vintage, hidden when a figure made public later
// stays in force. Vintages of one fact among the rows build on each other in
// the order they were made public. While they are weighed the rows come later
// than anything held; the store gives them their real place.
func Weigh(held, rows []schema.Observation) Weighed {
	out, all := Weighed{Same: map[string]int{}}, chain(held, rows)
	order := make([]int, len(rows))
	for i := range order {
		order[i], rows[i].Seq = i, math.MaxUint64
	}
	slices.SortStableFunc(order, func(a, b int) int { return rows[a].PublishedAt.Compare(rows[b].PublishedAt) })
	for _, i := range order {
		before, hidden := all.stand(&rows[i])
		if before != nil && before.Says(rows[i]) {
			out.Same[before.Receipt]++
			continue
		}
		out.Fresh = append(out.Fresh, Fresh{Row: i, Before: before, Hidden: hidden})
		all.put(len(held)+i, Fact(rows[i].Key))
	}
	return out
}

// Settle puts into the receipt what the figures of rows are, and gives those to
// store. said is why the sender changes figures.
func (w Weighed) Settle(rows []schema.Observation, said schema.Correction, r schema.Receipt) ([]schema.Observation, schema.Receipt) {
	fresh := make([]schema.Observation, 0, len(w.Fresh))
	r.Accepted, r.Revised, r.UnchangedN, r.Changes = 0, 0, len(rows)-len(w.Fresh), nil
	for _, f := range w.Fresh {
		o := rows[f.Row]
		o.Seq = 0
		fresh = append(fresh, o)
		if f.Before == nil {
			r.Accepted++
		} else {
			r.Revised++
		}
		if (f.Before != nil || f.Hidden) && len(r.Changes) < MostChanges {
			r.Changes = append(r.Changes, f.change(o, said))
		}
	}
	return fresh, r
}

// OnlySame is the receipt that brought every unchanged figure, if it was one.
func (w Weighed) OnlySame() string {
	for id := range w.Same {
		if len(w.Same) == 1 {
			return id
		}
	}
	return ""
}

// change is what the figure o does to the one before it.
func (f Fresh) change(o schema.Observation, said schema.Correction) schema.Change {
	c := schema.Change{Key: o.Key, New: o.Value, NewStatus: o.Status, Hidden: f.Hidden}
	if f.Before == nil {
		return c
	}
	if was := f.Before.Key; was != o.Key {
		c.Was = &was
	}
	c.Old, c.OldStatus, c.Correction = f.Before.Value, f.Before.Status, schema.CorrectionOf(*f.Before, o, said)
	if c.Old != nil && c.New != nil {
		c.Difference = new(c.New.Sub(*c.Old))
	}
	return c
}

// chained are the vintages of each fact of the rows, held ones and those of the
// rows: for every fact a chain through both lists, so that a load of millions
// of rows takes a map and a list.
type chained struct {
	held, rows []schema.Observation
	head       map[schema.Key]int32 // of a fact's chain: a place in held, or len(held) more than one in rows
	next       []int32              // -1 ends a chain
}

func chain(held, rows []schema.Observation) *chained {
	c := &chained{held, rows, make(map[schema.Key]int32, len(rows)), make([]int32, len(held)+len(rows))}
	for i := range rows {
		c.head[Fact(rows[i].Key)] = -1
	}
	for i := range held {
		fact := Fact(held[i].Key)
		if _, wanted := c.head[fact]; wanted {
			c.put(i, fact)
		}
	}
	return c
}

func (c *chained) put(at int, fact schema.Key) {
	c.next[at] = c.head[fact]
	c.head[fact] = int32(at)
}

func (c *chained) at(i int32) *schema.Observation {
	if int(i) < len(c.held) {
		return &c.held[i]
	}
	return &c.rows[int(i)-len(c.held)]
}

// stand finds the vintage in force on the day o was made public, and whether
// one made public after it stays in force.
func (c *chained) stand(o *schema.Observation) (before *schema.Observation, hidden bool) {
	for at := c.head[Fact(o.Key)]; at >= 0; at = c.next[at] {
		h := c.at(at)
		switch {
		case h.PublishedAt.After(o.PublishedAt):
			hidden = true
		case before == nil || h.Later(*before):
			before = h
		}
	}
	return before, hidden
}

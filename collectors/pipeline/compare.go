package pipeline

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"yardstick/collectors/validate"
	"yardstick/schema"
)

// mostChanges bounds the list of changes in a receipt; the counts are whole.
const mostChanges = 10_000

// hold asks the store, once a load, for every vintage it holds of the
// indicators and regions of the file and of the feed's last delivery.
func (p *Pipeline) hold(ctx context.Context, rows []schema.Observation, last *schema.Coverage) ([]schema.Observation, error) {
	indicators, regions := map[string]bool{}, map[string]bool{}
	for i := range rows {
		indicators[rows[i].Indicator], regions[rows[i].Region] = true, true
	}
	if last != nil {
		for _, s := range last.Series {
			if part := strings.Fields(s); len(part) > 1 {
				indicators[part[0]], regions[part[1]] = true, true
			}
		}
	}
	held, err := p.o.Store.Held(ctx, slices.Sorted(maps.Keys(indicators)), slices.Sorted(maps.Keys(regions)))
	if err != nil {
		return nil, fmt.Errorf("reading the figures held: %w", err)
	}
	return held, nil
}

// vintages are the vintages of each key, held ones and those of the file: for
// every key a chain through both lists.
type vintages struct {
	held, rows []schema.Observation
	head       map[schema.Key]int32 // of the chain: a place in held, or len(held) more than one in rows
	next       []int32              // -1 ends a chain
}

func index(held, rows []schema.Observation) *vintages {
	v := &vintages{held, rows, make(map[schema.Key]int32, len(rows)), make([]int32, len(held)+len(rows))}
	for i := range rows {
		v.head[rows[i].Key] = -1
	}
	for i := range held {
		if _, wanted := v.head[held[i].Key]; wanted {
			v.put(i, held[i].Key)
		}
	}
	return v
}

func (v *vintages) put(at int, k schema.Key) {
	v.next[at] = v.head[k]
	v.head[k] = int32(at)
}

// stand finds the vintage in force on the day o was made public, and whether
// one made public after it stays in force.
func (v *vintages) stand(o *schema.Observation) (before *schema.Observation, hidden bool) {
	for at := v.head[o.Key]; at >= 0; at = v.next[at] {
		h := v.at(at)
		switch {
		case h.PublishedAt.After(o.PublishedAt):
			hidden = true
		case before == nil || h.Later(*before):
			before = h
		}
	}
	return before, hidden
}

func (v *vintages) at(i int32) *schema.Observation {
	if int(i) < len(v.held) {
		return &v.held[i]
	}
	return &v.rows[int(i)-len(v.held)]
}

// compared is what a file says beside what is held.
type compared struct {
	fresh     []validate.Fresh // rows that say something new, in the order they were made public
	unchanged int
	same      map[string]int // receipts that brought the unchanged figures
}

// compare holds the rows against the vintages the store holds and gives those
// that say something new: for a row made public on day d, the figure in force
// as of d. The same value and status is unchanged; anything else is a vintage,
// hidden when a figure made public later stays in force.
func compare(rows, held []schema.Observation, r schema.Receipt) compared {
	out, v := compared{same: map[string]int{}}, index(held, rows)
	// Vintages of one key within the file build on each other in the order
	// they were made public.
	order := make([]int, len(rows))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return rows[a].PublishedAt.Compare(rows[b].PublishedAt) })
	for _, i := range order {
		o := &rows[i]
		o.Receipt, o.ReceivedAt, o.Synthetic = r.ID, r.ReceivedAt, r.Synthetic
		o.Seq = math.MaxUint64 // later than anything held; the store gives the real one
		before, hidden := v.stand(o)
		if before != nil && before.Same(*o) {
			out.unchanged++
			out.same[before.Receipt]++
			continue
		}
		out.fresh = append(out.fresh, validate.Fresh{Row: i, Before: before, Hidden: hidden})
		v.put(len(held)+i, o.Key)
	}
	return out
}

// tally puts into the receipt what the comparison found, and gives the rows to
// store. A change is final where a provisional figure becomes a normal one,
// supplement where a missing one comes, else what the sender said.
func (c compared) tally(rows []schema.Observation, said schema.Correction, r schema.Receipt) ([]schema.Observation, schema.Receipt) {
	r.UnchangedN = c.unchanged
	fresh := make([]schema.Observation, 0, len(c.fresh))
	for _, f := range c.fresh {
		o := rows[f.Row]
		o.Seq = 0
		fresh = append(fresh, o)
		change := schema.Change{Key: o.Key, New: o.Value, NewStatus: o.Status, Hidden: f.Hidden}
		if f.Before == nil {
			r.Accepted++
		} else {
			r.Revised++
			change.Old, change.OldStatus, change.Correction = f.Before.Value, f.Before.Status, schema.CorrectionOf(*f.Before, o, said)
			if change.Old != nil && change.New != nil {
				d := change.New.Sub(*change.Old)
				change.Difference = &d
			}
		}
		if (f.Before != nil || f.Hidden) && len(r.Changes) < mostChanges {
			r.Changes = append(r.Changes, change)
		}
	}
	if len(fresh) == 0 && r.Status == schema.Accepted {
		r.Status = schema.Unchanged
		if len(c.same) == 1 {
			for id := range c.same {
				r.SameAs = id
			}
		}
	}
	return fresh, r
}

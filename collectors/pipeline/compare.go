package pipeline

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"yardstick/schema"
	"yardstick/schema/vintage"
)

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

// compare holds the rows, which become figures of the receipt, against the
// vintages the store holds.
func compare(rows, held []schema.Observation, r schema.Receipt) vintage.Weighed {
	for i := range rows {
		rows[i].Receipt, rows[i].ReceivedAt, rows[i].Synthetic = r.ID, r.ReceivedAt, r.Synthetic
	}
	return vintage.Weigh(held, rows)
}

// tally puts into the receipt what the comparison found, and gives the rows to
// store.
func tally(w vintage.Weighed, rows []schema.Observation, said schema.Correction, r schema.Receipt) ([]schema.Observation, schema.Receipt) {
	fresh, r := w.Settle(rows, said, r)
	if len(fresh) == 0 && r.Status == schema.Accepted {
		r.Status, r.SameAs = schema.Unchanged, w.OnlySame()
	}
	return fresh, r
}

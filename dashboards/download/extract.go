package download

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"yardstick/comparator/derive"
	"yardstick/schema"
	"yardstick/schema/clickhouse"
	"yardstick/schema/targets"
)

// Reader reads figures from a store as they are given away: those stored, then
// those that the catalogue's formulas give.
type Reader struct {
	*clickhouse.Store
	Register *targets.Register
}

// Extract is one reading of the store.
type Extract struct {
	Selection
	Stand uint64            // acts that are seen; all receipts after it do not count
	After *Place            // figures up to here were given already; nil: none
	Count func(rows uint64) // told how many stored rows there will be; may be nil
	Done  func(rows uint64) // told how many of them were given; may be nil
}

func (e Extract) query() clickhouse.Query {
	return clickhouse.Query{Indicators: e.Indicators, Regions: e.Regions, AsOf: e.AsOf, KnownAt: e.KnownAt, Vintages: e.Vintages,
		From: e.From, To: e.To, UpTo: e.Stand}
}

// Extract gives the selected figures one by one: those stored, then those that
// the catalogue's formulas give for indicators named. Memory does not grow with
// their number. f ends it with ErrStop.
func (r Reader) Extract(ctx context.Context, e Extract, f func(schema.Observation) error) error {
	stopped := false
	give := func(o schema.Observation) error {
		if e.After != nil && PlaceOf(o).Compare(*e.After) <= 0 {
			return nil
		}
		err := f(o)
		if errors.Is(err, ErrStop) {
			stopped, err = true, clickhouse.ErrStop
		}
		return err
	}
	if e.After == nil || !e.After.Computed {
		if err := r.stored(ctx, e, give); err != nil || stopped {
			return err
		}
	}
	if e.Vintages {
		return nil // what is computed has no vintages
	}
	for _, code := range r.Computed(e.Indicators) {
		if err := r.compute(ctx, e, code, give); err != nil {
			if stopped {
				return nil
			}
			return err
		}
	}
	return nil
}

// stored gives the figures of the store.
func (r Reader) stored(ctx context.Context, e Extract, give func(schema.Observation) error) error {
	q := e.query()
	series, err := r.Store.Series(ctx, q)
	if err != nil {
		return err
	}
	if e.Count != nil {
		var rows uint64
		for _, s := range series {
			rows += s.Rows
		}
		e.Count(rows)
	}
	if e.After != nil {
		series = slices.DeleteFunc(series, func(s clickhouse.Series) bool {
			last := Place{Indicator: s.Indicator, Region: s.Region, Frequency: "~"} // after all of the series
			return last.Compare(*e.After) < 0
		})
	}
	return r.Store.Each(ctx, q, series, e.Done, give)
}

// Computed are the named indicators that have a formula, in order.
func (r Reader) Computed(indicators []string) []string {
	var out []string
	for _, code := range indicators {
		if ind, ok := r.Register.Indicators.ByCode(code); ok && ind.Formula != nil {
			out = append(out, code)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// compute gives the figures that one indicator's formula yields. Its terms may
// lie outside the periods asked for.
func (r Reader) compute(ctx context.Context, e Extract, code string, give func(schema.Observation) error) error {
	q := e.query()
	q.From, q.To = schema.Date{}, schema.Date{}
	var err error
	if q.Indicators, err = derive.Needs(r.Register.Indicators, code); err != nil {
		return fmt.Errorf("computing %s: %w", code, err)
	}
	rows, err := r.Store.Observations(ctx, q)
	if err != nil {
		return err
	}
	regions := map[string][]schema.Observation{}
	for _, o := range rows {
		regions[o.Region] = append(regions[o.Region], o)
	}
	for _, region := range slices.Sorted(maps.Keys(regions)) {
		found, err := derive.Compute(r.Register.Indicators, code, region, regions[region])
		if err != nil {
			return fmt.Errorf("computing %s for %s: %w", code, region, err)
		}
		figures := found.Observations()
		slices.SortStableFunc(figures, func(a, b schema.Observation) int { return PlaceOf(a).Compare(PlaceOf(b)) })
		for _, o := range figures {
			if !e.Within(o.Period) {
				continue
			}
			if err := give(o); err != nil {
				return err
			}
		}
	}
	return nil
}

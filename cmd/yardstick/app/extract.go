package app

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"yardstick/comparator/derive"
	"yardstick/dashboards/download"
	"yardstick/schema"
	"yardstick/schema/clickhouse"
)

// extract is a reading of the store, for the command and the API alike.
type extract struct {
	download.Selection
	stand uint64          // acts that are seen; all receipts after it do not count
	after *download.Place // figures up to here were given already; nil: none
	from  func(rows uint64)
	done  func(rows uint64)
}

func (e extract) query() clickhouse.Query {
	return clickhouse.Query{Indicators: e.Indicators, Regions: e.Regions, AsOf: e.AsOf, KnownAt: e.KnownAt, Vintages: e.Vintages,
		From: e.From, To: e.To, UpTo: e.stand}
}

// extract gives the selected figures one by one: those stored, then those that
// the catalogue's formulas give for indicators named. Memory does not grow with
// their number. f ends it with download.ErrStop.
func (h *house) extract(ctx context.Context, e extract, f func(schema.Observation) error) error {
	stopped := false
	give := func(o schema.Observation) error {
		if e.after != nil && download.PlaceOf(o).Compare(*e.after) <= 0 {
			return nil
		}
		err := f(o)
		if errors.Is(err, download.ErrStop) {
			stopped, err = true, clickhouse.ErrStop
		}
		return err
	}
	if e.after == nil || !e.after.Computed {
		if err := h.stored(ctx, e, give); err != nil || stopped {
			return err
		}
	}
	if e.Vintages {
		return nil // what is computed has no vintages
	}
	for _, code := range h.computed(e.Indicators) {
		if err := h.compute(ctx, e, code, give); err != nil {
			if stopped {
				return nil
			}
			return err
		}
	}
	return nil
}

// stored gives the figures of the store.
func (h *house) stored(ctx context.Context, e extract, give func(schema.Observation) error) error {
	q := e.query()
	series, err := h.store.Series(ctx, q)
	if err != nil {
		return err
	}
	if e.from != nil {
		var rows uint64
		for _, s := range series {
			rows += s.Rows
		}
		e.from(rows)
	}
	if e.after != nil {
		series = slices.DeleteFunc(series, func(s clickhouse.Series) bool {
			last := download.Place{Indicator: s.Indicator, Region: s.Region, Frequency: "~"} // after all of the series
			return last.Compare(*e.after) < 0
		})
	}
	return h.store.Each(ctx, q, series, e.done, give)
}

// computed are the named indicators that have a formula, in order.
func (h *house) computed(indicators []string) []string {
	var out []string
	for _, code := range indicators {
		if ind, ok := h.register.Indicators.ByCode(code); ok && ind.Formula != nil {
			out = append(out, code)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// compute gives the figures that one indicator's formula yields. Its terms may
// lie outside the periods asked for.
func (h *house) compute(ctx context.Context, e extract, code string, give func(schema.Observation) error) error {
	q := e.query()
	q.From, q.To = schema.Date{}, schema.Date{}
	var err error
	if q.Indicators, err = derive.Needs(h.register.Indicators, code); err != nil {
		return fmt.Errorf("computing %s: %w", code, err)
	}
	rows, err := h.store.Observations(ctx, q)
	if err != nil {
		return err
	}
	regions := map[string][]schema.Observation{}
	for _, o := range rows {
		regions[o.Region] = append(regions[o.Region], o)
	}
	for _, region := range slices.Sorted(maps.Keys(regions)) {
		found, err := derive.Compute(h.register.Indicators, code, region, regions[region])
		if err != nil {
			return fmt.Errorf("computing %s for %s: %w", code, region, err)
		}
		figures := found.Observations()
		slices.SortStableFunc(figures, func(a, b schema.Observation) int { return download.PlaceOf(a).Compare(download.PlaceOf(b)) })
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

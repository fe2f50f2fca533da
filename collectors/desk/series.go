package desk

import (
	"cmp"
	"context"
	"io"
	"slices"
	"strings"

	"yardstick/schema"
	"yardstick/schema/clickhouse"
)

// HasFeed reports whether the feed is configured.
func (d *Desk) HasFeed(name string) bool {
	_, err := d.Feed(name)
	return err == nil
}

// Series is one indicator of one region, with the last figure in force.
type Series struct {
	Indicator schema.Indicator
	Region    schema.Region
	Last      *schema.Observation // nil: none yet
}

// SeriesOf are a feed's series with their last figures in force: of the
// indicators it may write by region, else of what it delivered last.
func (d *Desk) SeriesOf(ctx context.Context, name string) ([]Series, error) {
	feed, err := d.Feed(name)
	if err != nil {
		return nil, err
	}
	codes, places, err := d.scope(ctx, feed)
	if err != nil || len(codes) == 0 {
		return nil, err
	}
	held, err := d.Store.Observations(ctx, clickhouse.Query{Indicators: codes, Regions: places, AsOf: d.docket.Today()})
	if err != nil {
		return nil, err
	}
	last := map[schema.SeriesKey]*schema.Observation{}
	for i := range held {
		k := schema.SeriesKey{Indicator: held[i].Indicator, Region: held[i].Region}
		if ind, ok := d.docket.Register.Indicators.ByCode(k.Indicator); ok && newer(ind, &held[i], last[k]) {
			last[k] = &held[i]
		}
	}
	if len(places) == 0 {
		places = []string{d.docket.Register.Policies[0].Region}
		for _, o := range held {
			if !slices.Contains(places, o.Region) {
				places = append(places, o.Region)
			}
		}
	}
	var out []Series
	for _, code := range codes {
		ind, ok := d.docket.Register.Indicators.ByCode(code)
		if !ok || ind.Formula != nil {
			continue // computed, not reported
		}
		out = append(out, d.seriesOf(ind, places, last)...)
	}
	return out, nil
}

// seriesOf are an indicator's series: where there are figures, else in the
// first region.
func (d *Desk) seriesOf(ind schema.Indicator, places []string, last map[schema.SeriesKey]*schema.Observation) (out []Series) {
	for _, place := range places {
		if o := last[schema.SeriesKey{Indicator: ind.Code, Region: place}]; o != nil {
			region, _ := d.docket.Register.Regions.ByCode(place)
			out = append(out, Series{Indicator: ind, Region: region, Last: o})
		}
	}
	if region, ok := d.docket.Register.Regions.ByCode(places[0]); len(out) == 0 && ok {
		out = append(out, Series{Indicator: ind, Region: region})
	}
	return out
}

// newer reports whether o is the better last figure: of a later period, and of
// the same one in the indicator's own basis.
func newer(ind schema.Indicator, o, last *schema.Observation) bool {
	if last == nil {
		return true
	}
	if c := cmp.Compare(o.Period.Last().String(), last.Period.Last().String()); c != 0 {
		return c > 0
	}
	return o.Basis == ind.Basis && last.Basis != ind.Basis
}

// scope is the indicators and regions of a feed: those it may write, else those
// of its last delivery.
func (d *Desk) scope(ctx context.Context, feed schema.Feed) (codes, places []string, err error) {
	if len(feed.Indicators) > 0 {
		return feed.Indicators, feed.Regions, nil
	}
	last, ok, err := d.Store.LastReceipt(ctx, feed.Name)
	if err != nil || !ok || last.Coverage == nil {
		return nil, nil, err
	}
	for _, s := range last.Coverage.Series {
		parts := strings.Fields(s)
		if len(parts) < 2 {
			continue
		}
		if !slices.Contains(codes, parts[0]) {
			codes = append(codes, parts[0])
		}
		if !slices.Contains(places, parts[1]) {
			places = append(places, parts[1])
		}
	}
	return codes, places, nil
}

// Snapshot opens kept bytes.
func (d *Desk) Snapshot(_ context.Context, digest string) (io.ReadCloser, error) {
	snap, err := d.snapshots().Open(digest)
	if err != nil {
		return nil, err
	}
	return snap, nil
}

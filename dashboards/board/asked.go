package board

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"yardstick/comparator/telling"
	"yardstick/dashboards/show"
	"yardstick/schema"
)

// waiting finds the series that a feed's newest file has figures of that somebody
// must confirm first: what is shown stands until that is done, and says so. Of a
// past day nothing waits.
func (b *board) waiting(ctx context.Context, f *frame) error {
	if f.AsOf != f.Today {
		return nil
	}
	feeds, err := b.Reader.Feeds(ctx)
	if err != nil {
		return fmt.Errorf("looking for files to be confirmed: %w", err)
	}
	f.waits = map[schema.SeriesKey]bool{}
	for _, feed := range feeds {
		if !feed.Asks() {
			continue
		}
		newest, err := b.Reader.Receipts(ctx, feed.Name, 1)
		if err != nil {
			return fmt.Errorf("reading the newest receipt of %s: %w", feed.Name, err)
		}
		if len(newest) == 0 || newest[0].Status != schema.Asked {
			continue
		}
		if c := newest[0].Coverage; c != nil {
			for _, s := range c.Series {
				if part := strings.Fields(s); len(part) > 1 {
					f.waits[schema.SeriesKey{Indicator: part[0], Region: part[1]}] = true
				}
			}
			continue
		}
		for _, indicator := range feed.Indicators { // nothing was understood: all that it may write
			f.waits[schema.SeriesKey{Indicator: indicator}] = true
		}
	}
	return nil
}

// waitsFor reports whether a figure that the target is judged on waits.
func (f *frame) waitsFor(s telling.Subject) bool {
	indicators := []string{s.Of.Indicator}
	if s.Ind.Formula != nil {
		indicators = append(indicators, s.Ind.Formula.Terms...)
	}
	return slices.ContainsFunc(indicators, func(code string) bool {
		return f.waits[schema.SeriesKey{Indicator: code, Region: s.Of.Region}] || f.waits[schema.SeriesKey{Indicator: code}]
	})
}

// row is a target as tables show it.
func (f *frame) row(s telling.Subject) show.Row {
	r := show.RowOf(f.Frame, s)
	if f.waitsFor(s) {
		r.StatusMarks = append(slices.Clone(r.StatusMarks), f.T("board-mark-waiting"))
	}
	return r
}

package board

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"

	"yardstick/dashboards/web"
	"yardstick/schema"
	"yardstick/schema/figure"
)

// receiptsShown is how many receipts of a feed the page lists.
const receiptsShown = 5

// feedsView lists every feed.
type feedsView struct {
	*frame
	Feeds []feedRow
}

type feedRow struct {
	schema.FeedState
	Named    string // its title, or its name
	Due      string
	Overdue  bool
	Receipts []web.ReceiptRow
}

func (b *board) feeds(f *frame, r *http.Request) (string, any, error) {
	ctx := r.Context()
	f.Heading, f.Active = f.T("board-feeds-title"), "feeds"
	feeds, err := b.Reader.Feeds(ctx)
	if err != nil {
		return "", nil, fmt.Errorf("reading the feeds: %w", err)
	}
	view := feedsView{frame: f}
	synthetic := false
	for _, feed := range feeds {
		receipts, err := b.Reader.Receipts(ctx, feed.Name, receiptsShown)
		if err != nil {
			return "", nil, fmt.Errorf("reading the receipts of %s: %w", feed.Name, err)
		}
		row := feedRow{FeedState: feed, Named: cmp.Or(f.Say(feed.Title), feed.Name)}
		row.Due, row.Overdue = f.due(feed)
		for _, rc := range receipts {
			row.Receipts = append(row.Receipts, f.ReceiptRow(rc))
			synthetic = synthetic || rc.Synthetic
		}
		synthetic = synthetic || feed.Synthetic
		view.Feeds = append(view.Feeds, row)
	}
	// The latest wrong comes first, then what is late, then by name.
	slices.SortStableFunc(view.Feeds, func(a, b feedRow) int { return feedRank(a) - feedRank(b) })
	b.originOf(f, r, synthetic)
	return "feeds", view, nil
}

func feedRank(r feedRow) int {
	switch {
	case len(r.Receipts) > 0 && (r.Receipts[0].Shape == "lagging" || r.Receipts[0].Shape == "at_risk"):
		return 0
	case r.Overdue:
		return 1
	}
	return 2
}

// originOf says on pages that show no verdict whether synthetic figures are
// loaded. Where verdicts cannot be read the receipts alone decide.
func (b *board) originOf(f *frame, r *http.Request, synthetic bool) {
	if verdicts, err := b.Reader.Verdicts(r.Context(), f.Asked); err == nil {
		before := len(f.Banner)
		f.SayOrigin(verdicts)
		synthetic = synthetic && len(f.Banner) == before
	} else {
		b.site.Logger.Warn("the verdicts could not be read for the banner", "path", r.URL.Path, "err", err)
	}
	if synthetic {
		f.Banner = append([]string{f.T("board-banner-receipts")}, f.Banner...)
	}
}

// due is what is expected next of the feed, or since when it is late.
func (f *frame) due(feed schema.FeedState) (text string, overdue bool) {
	if feed.Due.IsZero() {
		return "", false
	}
	period := f.PeriodName(feed.DuePeriod, schema.Point)
	if late := f.Today.DaysSince(feed.Due); late > 0 {
		text = f.T("board-feed-overdue", "period", period, "day", feed.Due, "days", figure.Days(late))
		if feed.Owed > 1 {
			text += f.T("board-feed-owed", "n", feed.Owed)
		}
		if !feed.NextDue.IsZero() {
			text += f.T("board-feed-upcoming", "period", f.PeriodName(feed.NextPeriod, schema.Point), "day", feed.NextDue)
		}
		return text, true
	}
	return f.T("board-feed-due", "period", period, "day", feed.Due), false
}

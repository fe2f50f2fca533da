package upload

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"

	"yardstick/schema"
	"yardstick/schema/figure"
)

// reportsView is what an office owes and has handed in.
type reportsView struct {
	*frame
	Feeds     []owedRow
	Owing     int // feeds that owe the period just ended
	Delivered int
	Rate      string
	Receipts  []receiptRow
	Offices   []string
}

type (
	owedRow struct {
		Name, Title, Office, Due, Last, Open string
		Late                                 bool
		State                                figure.Badge
	}
	receiptRow struct {
		ID, Href, Feed, File, Received, Actor, Counts, Trouble string
		State                                                  figure.Badge
		seq                                                    uint64
	}
)

// historyLength is how many receipts of a feed are listed.
const historyLength = 20

// reports shows what is due, what was delivered, and the receipts.
func (p *pages) reports(w http.ResponseWriter, r *http.Request, s *session) error {
	f := p.newFrame(r, s)
	f.Heading, f.Tab = f.T("upload-reports-title"), "reports"
	feeds, err := p.mine(r.Context(), s)
	if err != nil {
		return err
	}
	view := reportsView{frame: f}
	titles := map[string]string{}
	for _, feed := range feeds {
		titles[feed.Name] = titleOf(f, feed)
		owes, delivered := feed.OnTime()
		if owes {
			view.Owing++
		}
		if delivered {
			view.Delivered++
		}
		view.Feeds = append(view.Feeds, f.owedRow(feed))
		if feed.Office != "" && !slices.Contains(view.Offices, feed.Office) {
			view.Offices = append(view.Offices, feed.Office)
		}
		receipts, err := p.Desk.Receipts(r.Context(), feed.Name, historyLength)
		if err != nil {
			return fmt.Errorf("reading the receipts of %s: %w", feed.Name, err)
		}
		for _, rc := range receipts {
			view.Receipts = append(view.Receipts, f.receiptRow(rc, titles[feed.Name]))
		}
	}
	// Late ones first, then by the day they are due.
	slices.SortStableFunc(view.Feeds, func(a, b owedRow) int {
		if a.Late != b.Late {
			if a.Late {
				return -1
			}
			return 1
		}
		return 0
	})
	slices.SortStableFunc(view.Receipts, func(a, b receiptRow) int { return cmp.Compare(b.seq, a.seq) })
	view.Receipts = view.Receipts[:min(len(view.Receipts), 40)]
	if view.Owing > 0 {
		view.Rate = fmt.Sprintf("%.0f%%", 100*float64(view.Delivered)/float64(view.Owing))
	}
	return p.show(w, http.StatusOK, "reports", view)
}

func (f *frame) owedRow(feed schema.FeedState) owedRow {
	row := owedRow{Name: feed.Name, Title: titleOf(f, feed), Office: f.Say(feed.By.Title), Last: f.Time(feed.LastSuccess), State: figure.Badge{Shape: "open", Word: f.T("upload-nothing-due")}}
	if !feed.Due.IsZero() {
		period := f.PeriodName(feed.DuePeriod, schema.Point)
		late := f.Today.DaysSince(feed.Due)
		switch {
		case late > 0:
			row.Late, row.State = true, figure.Badge{Shape: "lagging", Word: f.T("upload-late", "days", late)}
		case feed.DuePeriod.Last().Before(f.Today) || feed.DuePeriod.Last() == f.Today:
			row.State = figure.Badge{Shape: "at_risk", Word: f.T("upload-due-soon", "days", -late)}
		default:
			row.State = figure.Badge{Shape: "on_track", Word: f.T("upload-delivered")}
		}
		row.Due = f.T("upload-due", "period", period, "day", feed.Due)
	}
	if feed.Problems > 0 || feed.Questions > 0 {
		row.Open = f.T("board-receipt-both", "problems", feed.Problems, "questions", feed.Questions)
	}
	return row
}

func (f *frame) receiptRow(r schema.Receipt, title string) receiptRow {
	row := receiptRow{ID: r.ID, Href: f.ReceiptLink(r.ID), Feed: title, File: r.File, Received: f.Time(r.ReceivedAt), Actor: r.Actor, State: f.ReceiptBadge(r), seq: r.Seq,
		Counts: f.T("board-receipt-counts", "accepted", r.Accepted, "revised", r.Revised, "unchanged", r.UnchangedN, "rejected", r.Rejected)}
	if len(r.Problems)+len(r.Questions) > 0 {
		row.Trouble = f.T("board-receipt-both", "problems", len(r.Problems), "questions", len(r.Questions))
	}
	return row
}

// handoverView is the sheet by which one person hands an office's feeds to
// another.
type handoverView struct {
	*frame
	Office string
	Feeds  []handoverFeed
	Day    string
}

type handoverFeed struct {
	owedRow
	Indicators []string
	Holders    []string
	Questions  []string
	Answers    []answerRow
	Receipts   []receiptRow
}

// handover prints the feeds with all that their next holder must know.
func (p *pages) handover(w http.ResponseWriter, r *http.Request, s *session) error {
	f := p.newFrame(r, s)
	f.Heading, f.Tab = f.T("upload-handover-title"), "reports"
	feeds, err := p.mine(r.Context(), s)
	if err != nil {
		return err
	}
	view := handoverView{frame: f, Office: r.URL.Query().Get("office"), Day: f.Today.String()}
	for _, feed := range feeds {
		if view.Office != "" && feed.Office != view.Office {
			continue
		}
		row, err := p.handoverFeed(r, f, feed)
		if err != nil {
			return err
		}
		view.Feeds = append(view.Feeds, row)
	}
	return p.show(w, http.StatusOK, "handover", view)
}

func (p *pages) handoverFeed(r *http.Request, f *frame, feed schema.FeedState) (handoverFeed, error) {
	row := handoverFeed{owedRow: f.owedRow(feed)}
	for _, code := range feed.Indicators {
		row.Indicators = append(row.Indicators, p.indicatorName(f, code))
	}
	for _, t := range p.tokens {
		if t.Uses(feed.Feed) {
			row.Holders = append(row.Holders, t.Name)
		}
	}
	receipts, err := p.Desk.Receipts(r.Context(), feed.Name, 5)
	if err != nil {
		return row, fmt.Errorf("reading the receipts of %s: %w", feed.Name, err)
	}
	for i, rc := range receipts {
		row.Receipts = append(row.Receipts, f.receiptRow(rc, ""))
		if i == 0 {
			for _, q := range rc.Questions {
				row.Questions = append(row.Questions, f.Say(q.Text))
			}
		}
	}
	acts, err := p.Desk.Acts(r.Context(), schema.ActAnswer, feed.Name)
	if err != nil {
		return row, fmt.Errorf("reading the remembered answers of %s: %w", feed.Name, err)
	}
	latest := map[string]answerRow{}
	for _, a := range acts {
		key := a.Fields["key"]
		latest[key] = answerRow{Key: key, Value: a.Fields["value"], By: f.T("upload-answered-by", "who", a.Actor, "when", f.Time(a.At))}
	}
	for _, key := range sortedKeys(latest) {
		row.Answers = append(row.Answers, latest[key])
	}
	return row, nil
}

package upload

import (
	"cmp"
	"fmt"
	"maps"
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
	Receipts  []titled
}

// titled is a receipt with what its feed is called.
type titled struct {
	schema.Receipt
	Title string
}

// owedRow is a feed with what it owes.
type owedRow struct {
	schema.FeedState
	State figure.Badge
	Late  bool
}

// historyLength is how many receipts of a feed are listed.
const historyLength = 20

// receiptsOf are a feed's newest receipts.
func (p *Pages) receiptsOf(r *http.Request, feed schema.FeedState, n int) ([]schema.Receipt, error) {
	receipts, err := p.Desk.Receipts(r.Context(), feed.Name, n)
	if err != nil {
		return nil, fmt.Errorf("reading the receipts of %s: %w", feed.Name, err)
	}
	return receipts, nil
}

// reports shows what is due, what was delivered, and the receipts.
func (p *Pages) reports(w http.ResponseWriter, r *http.Request, s *session) error {
	feeds, err := p.mine(r.Context(), s)
	if err != nil {
		return err
	}
	view := reportsView{frame: p.titled(r, s, "reports", "upload-reports-title")}
	for _, feed := range feeds {
		owes, delivered := feed.OnTime()
		if owes {
			view.Owing++
		}
		if delivered {
			view.Delivered++
		}
		view.Feeds = append(view.Feeds, view.owedRow(feed))
		receipts, err := p.receiptsOf(r, feed, historyLength)
		if err != nil {
			return err
		}
		for _, rc := range receipts {
			view.Receipts = append(view.Receipts, titled{rc, view.TitleOf(feed)})
		}
	}
	slices.SortStableFunc(view.Feeds, func(a, b owedRow) int { // late ones first
		switch {
		case a.Late == b.Late:
			return 0
		case a.Late:
			return -1
		}
		return 1
	})
	slices.SortStableFunc(view.Receipts, func(a, b titled) int { return cmp.Compare(b.Seq, a.Seq) })
	view.Receipts = view.Receipts[:min(len(view.Receipts), 40)]
	if view.Owing > 0 {
		view.Rate = fmt.Sprintf("%.0f%%", 100*float64(view.Delivered)/float64(view.Owing))
	}
	return p.show(w, http.StatusOK, "reports", view)
}

func (f *frame) owedRow(feed schema.FeedState) owedRow {
	if feed.Due.IsZero() {
		return owedRow{feed, figure.Badge{Shape: "open", Word: f.T("upload-nothing-due")}, false}
	}
	late := f.Today.DaysSince(feed.Due)
	switch {
	case late > 0:
		return owedRow{feed, figure.Badge{Shape: "lagging", Word: f.T("upload-late", "days", late)}, true}
	case !feed.DuePeriod.Last().After(f.Today):
		return owedRow{feed, figure.Badge{Shape: "at_risk", Word: f.T("upload-due-soon", "days", -late)}, false}
	}
	return owedRow{feed, figure.Badge{Shape: "on_track", Word: f.T("upload-delivered")}, false}
}

// Due says what a feed owes, and when; nothing where it owes nothing.
func (f *frame) Due(feed schema.FeedState) string {
	if feed.Due.IsZero() {
		return ""
	}
	return f.T("upload-due", "period", f.PeriodName(feed.DuePeriod, schema.Point), "day", feed.Due)
}

// Trouble counts what is open; nothing where nothing is.
func (f *frame) Trouble(problems, questions int) string {
	if problems+questions == 0 {
		return ""
	}
	return f.T("board-receipt-both", "problems", problems, "questions", questions)
}

// handoverView is the sheet by which one person hands an office's feeds to
// another.
type handoverView struct {
	*frame
	Asked string // the office that was asked for; "": all
	Feeds []handoverFeed
}

type handoverFeed struct {
	owedRow
	Writes    []string // names of the indicators
	Holders   []string
	Questions []schema.Question
	Answers   []answerRow
	Receipts  []schema.Receipt
}

// handover prints the feeds with all that their next holder must know.
func (p *Pages) handover(w http.ResponseWriter, r *http.Request, s *session) error {
	feeds, err := p.mine(r.Context(), s)
	if err != nil {
		return err
	}
	view := handoverView{frame: p.titled(r, s, "reports", "upload-handover-title"), Asked: r.URL.Query().Get("office")}
	for _, feed := range feeds {
		if view.Asked != "" && feed.Office != view.Asked {
			continue
		}
		row, err := p.handoverFeed(r, view.frame, feed)
		if err != nil {
			return err
		}
		view.Feeds = append(view.Feeds, row)
	}
	return p.show(w, http.StatusOK, "handover", view)
}

func (p *Pages) handoverFeed(r *http.Request, f *frame, feed schema.FeedState) (row handoverFeed, err error) {
	row.owedRow = f.owedRow(feed)
	for _, code := range feed.Indicators {
		row.Writes = append(row.Writes, p.indicatorName(f, code))
	}
	for _, t := range p.Tokens {
		if t.Uses(feed.Feed) {
			row.Holders = append(row.Holders, t.Name)
		}
	}
	if row.Receipts, err = p.receiptsOf(r, feed, 5); err != nil {
		return row, err
	}
	if len(row.Receipts) > 0 {
		row.Questions = row.Receipts[0].Questions
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
	for _, key := range slices.Sorted(maps.Keys(latest)) {
		row.Answers = append(row.Answers, latest[key])
	}
	return row, nil
}

package board

import (
	"strconv"
	"strings"

	"yardstick/dashboards/download"
	"yardstick/schema"
	"yardstick/schema/words"
)

// Number is a count in digits.
func (f *frame) Number(n int) string { return strconv.Itoa(n) }

// troubleColumns are those of problems, questions and rows left out.
func troubleColumns(more ...download.Column) []download.Column {
	return append([]download.Column{
		colText("place", "board-col-place"), colText("written", "board-col-written"), colText("say", "board-col-say")}, more...)
}

// sheets are a receipt's tables.
func (v receiptView) sheets() []sheet {
	trouble := func(id, title string, all []schema.Problem) sheet {
		s := sheet{ID: id, Title: words.Say(title), Columns: troubleColumns()}
		for _, p := range all {
			s.Rows = append(s.Rows, []string{bare(v.Place(p)), p.Written, v.Say(p.Text)})
		}
		return s
	}
	questions := sheet{ID: "questions", Title: words.Say("board-h-questions"), Columns: troubleColumns(colText("answers", "board-col-answers"), colText("key", "board-col-key"))}
	for _, q := range v.Questions {
		questions.Rows = append(questions.Rows, []string{bare(v.Place(q.Problem)), q.Written, v.Say(q.Text), strings.Join(q.Candidates, v.T("board-comma")), q.Key})
	}
	changes := sheet{ID: "changes", Title: words.Say("board-h-changes"), Columns: []download.Column{
		colText("indicator", "board-col-indicator"), colText("region", "board-col-region"), colText("period", "board-col-period"), colNumber("old", "board-col-old"), colNumber("new", "board-col-new"), colText("note", "board-col-note")}}
	for _, c := range v.Changes {
		changes.Rows = append(changes.Rows, []string{c.Indicator, c.Region, c.Period, numeral(c.Old), numeral(c.New), c.Note})
	}
	unmapped := sheet{ID: "unmapped", Title: words.Say("board-h-unmapped"), Columns: []download.Column{colText("indicator", "board-col-indicator")}}
	for _, name := range v.Unmapped {
		unmapped.Rows = append(unmapped.Rows, []string{name})
	}
	return []sheet{trouble("problems", "board-h-problems", v.Problems), questions, changes, trouble("excluded", "board-h-excluded", v.Excluded), unmapped}
}

// sheets are the scorecard's two tables.
func (v scorecardView) sheets() []sheet {
	bands := sheet{ID: "bands", Title: words.Say("board-score-bands"), Columns: []download.Column{
		colText("status", "board-col-status-word"), colNumber("told", "board-score-told"), colNumber("reached", "board-score-reached"), colText("share", "board-score-share"),
		colNumber("by_pace", "board-score-by-pace"), colText("pace_share", "board-score-pace-share")}}
	for _, r := range v.Bands {
		bands.Rows = append(bands.Rows, []string{r.Status, r.Told, r.Reached, bare(r.Share), r.Pace, bare(r.PaceMet)})
	}
	bins := sheet{ID: "bins", Title: words.Say("board-score-bins"), Columns: []download.Column{
		colText("range", "board-score-range"), colNumber("told", "board-score-told"), colText("mean", "board-score-mean"), colText("share", "board-score-share")}}
	for _, r := range v.Bins {
		bins.Rows = append(bins.Rows, []string{r.Range, r.Told, r.Mean, bare(r.Share)})
	}
	return []sheet{bands, bins}
}

package board

import (
	"slices"
	"strings"

	"yardstick/comparator/telling"
	"yardstick/dashboards/download"
	"yardstick/dashboards/show"
	"yardstick/schema"
	"yardstick/schema/words"
)

// sheets are the overview's tables.
func (v overviewView) Sheets() []download.Sheet {
	out := []download.Sheet{{ID: "targets", Title: words.Say("board-list-title"), Columns: rowColumns(), Facts: v.Compare.facts()}}
	for _, r := range v.Rows {
		out[0].Rows = append(out[0].Rows, rowCells(r))
	}
	measures := download.Sheet{ID: "measures", Title: words.Say("board-measures-sheet"), Columns: []download.Column{
		download.TextColumn("clause", "board-f-clause"), download.TextColumn("target", "board-col-target"), download.TextColumn("status", "board-col-status")}}
	for _, m := range v.Measures {
		for _, t := range m.Targets {
			measures.Rows = append(measures.Rows, []string{m.Clause, t.Title, t.Status.Word})
		}
		if len(m.Targets) == 0 {
			measures.Rows = append(measures.Rows, []string{m.Clause, "", v.T("board-no-number")})
		}
	}
	out = append(out, measures)
	if v.Closing != nil {
		out = append(out, v.Closing.sheet())
	}
	return out
}

func (c *closing) sheet() download.Sheet {
	s := download.Sheet{ID: "closing", Title: words.Say("board-closing-title"), Columns: []download.Column{
		download.TextColumn("outcome", "board-closing-outcome"), download.TextColumn("clause", "board-f-clause"), download.TextColumn("target", "board-col-target"), download.NumberColumn("value", "board-n-value"),
		download.TextColumn("promised", "board-n-target"), download.TextColumn("unit", "board-col-unit"), download.TextColumn("note", "board-col-marks"), download.TextColumn("said", "board-closing-said")}}
	for _, g := range c.Groups {
		for _, r := range g.Rows {
			value, note := download.Numeral(r.Value), strings.Join(r.Bits, " · ")
			if value == "" {
				note = strings.Join(append([]string{download.Bare(r.Value)}, r.Bits...), " · ")
			}
			s.Rows = append(s.Rows, []string{g.Word, r.Clause, r.Title, value, r.Target, r.Unit, strings.TrimPrefix(note, " · "), r.Said})
		}
	}
	return s
}

// facts tell what a table's changes are held against.
func (c comparison) facts() []download.Fact {
	said := c.Full
	if c.Why != "" {
		said = c.Why
	}
	return []download.Fact{{Title: words.Say("board-compare-label"), Value: schema.Same(said)}}
}

func rowColumns() []download.Column {
	return []download.Column{
		download.TextColumn("clause", "board-f-clause"), download.TextColumn("id", "board-col-id"), download.TextColumn("target", "board-col-target"), download.TextColumn("status", "board-col-status"), download.TextColumn("marks", "board-col-marks"),
		download.NumberColumn("value", "board-n-value"), download.TextColumn("promised", "board-n-target"), download.TextColumn("unit", "board-col-unit"), download.TextColumn("figure", "board-col-period"),
		download.NumberColumn("gap", "board-n-gap"), download.TextColumn("gap_unit", "board-col-gap-unit"), download.TextColumn("gap_word", "board-col-gap-word"), download.TextColumn("progress", "board-n-progress"),
		download.NumberColumn("change", "board-col-change-gap"), download.TextColumn("change_note", "board-col-change-note"), download.NumberColumn("gap_was", "board-col-gap-was"), download.TextColumn("was", "board-col-was"), download.TextColumn("deadline", "board-f-deadline"), download.TextColumn("outlook", "board-col-outlook"), download.TextColumn("owner", "board-f-owner"),
	}
}

// rowCells are the row under rowColumns.
func rowCells(r show.Row) []string {
	progress := ""
	if r.Bar != nil {
		progress = r.Bar.Label
	}
	marks := r.StatusMarks
	value := download.Numeral(r.Value)
	if value == "" && r.Value != "—" { // done or not: a word
		marks = append([]string{r.Value}, marks...)
	}
	owner := r.Owner
	if r.Unnamed {
		owner = ""
	}
	return append([]string{
		r.Clause, r.ID, r.Title, r.Status.Word, strings.Join(marks, " · "), value, r.Target, r.Unit, strings.Join(r.FigureBits, " · "),
		download.Numeral(r.Gap), r.GapUnit, r.GapWord, progress,
	}, append(deltaCells(r.Change), r.Deadline, r.Outlook, owner)...)
}

// deltaCells are what changed, in the gap's unit, what must be said of it, the gap and
// the status before; d may be nil.
func deltaCells(d *telling.Delta) []string {
	if d == nil {
		return []string{"", "", "", ""}
	}
	was := ""
	if d.Was != nil {
		was = d.Was.Word
	}
	return []string{d.Number, d.Say, d.GapNumber, was}
}

// sheets are the lagging list.
func (v laggingView) Sheets() []download.Sheet {
	s := download.Sheet{ID: "lagging", Title: words.Say("board-lagging-title"), Facts: v.Compare.facts(), Columns: append([]download.Column{
		download.NumberColumn("rank", "board-col-rank")}, append(rowColumns(), download.NumberColumn("lag", "board-col-lag"), download.DayColumn("since", "board-col-since"), download.TextColumn("since_note", "board-col-since-note"),
		download.TextColumn("reason", "board-col-why-so"), download.TextColumn("contact", "board-f-contact"),
		download.TextColumn("statement", "statement-cause"), download.TextColumn("measures", "statement-measures"), download.TextColumn("promise", "statement-promise"), download.TextColumn("said_by", "statement-section"))...)}
	for _, r := range v.Rows {
		s.Rows = append(s.Rows, append([]string{v.Number(r.N)}, slices.Concat(rowCells(r.Row), []string{r.lag, download.Bare(r.Since), r.Grade, r.Reason, r.Contact}, r.Said.cells())...))
	}
	return []download.Sheet{s}
}

// cells are cause, measures, promised day and who said so; where nothing was
// said of a target that is behind, that stands in their place. The receiver may
// be nil.
func (s *said) cells() []string {
	switch {
	case s == nil:
		return []string{"", "", "", ""}
	case !s.There:
		return []string{"", "", "", s.Frame.T("statement-missing")}
	}
	by := s.By
	if s.Synthetic {
		by += " · " + s.Frame.T("board-mark-synthetic")
	}
	return []string{strings.Join(s.Cause, " "), strings.Join(s.Measures, " "), s.Promise, by}
}

// sheets are the limits, their breaches, the cadences and the late reports.
func (v limitsView) Sheets() []download.Sheet {
	limits := download.Sheet{ID: "limits", Title: words.Say("board-limits-h-limits"), Facts: v.Compare.facts(), Columns: append(rowColumns(), download.NumberColumn("room", "board-col-room"), download.TextColumn("room_unit", "board-col-unit"))}
	breaches := download.Sheet{ID: "breaches", Title: words.Say("board-breaches-title"), Columns: []download.Column{
		download.TextColumn("clause", "board-f-clause"), download.TextColumn("target", "board-col-target"), download.TextColumn("period", "board-col-period"), download.NumberColumn("value", "board-n-value"), download.NumberColumn("over", "board-col-over"),
		download.TextColumn("unit", "board-col-unit"), download.DayColumn("published", "board-col-published")}}
	for _, r := range v.Limits {
		limits.Rows = append(limits.Rows, append(rowCells(r.Row), r.room, r.unit))
		for _, x := range r.Breaches {
			breaches.Rows = append(breaches.Rows, []string{r.Clause, r.Title, x.Period, x.value, x.by, r.Unit, x.Published})
		}
	}
	cadences := download.Sheet{ID: "cadences", Title: words.Say("board-limits-h-cadences"), Columns: rowColumns()}
	late := download.Sheet{ID: "late", Title: words.Say("board-late-title"), Columns: []download.Column{
		download.TextColumn("clause", "board-f-clause"), download.TextColumn("target", "board-col-target"), download.TextColumn("period", "board-col-period"), download.DayColumn("due", "board-col-due"), download.DayColumn("made", "board-col-made"), download.NumberColumn("days", "board-col-days-late")}}
	for _, r := range v.Cadences {
		cadences.Rows = append(cadences.Rows, rowCells(r.Row))
		for _, x := range r.Late {
			late.Rows = append(late.Rows, []string{r.Clause, r.Title, download.Bare(x.Period), x.Due, download.Bare(x.Made), x.Days})
		}
	}
	return []download.Sheet{limits, breaches, cadences, late}
}

// sheets are the feeds and their latest receipts.
func (v feedsView) Sheets() []download.Sheet {
	feeds := download.Sheet{ID: "feeds", Title: words.Say("board-feeds-title"), Columns: []download.Column{
		download.TextColumn("feed", "board-r-feed"), download.TextColumn("title", "board-col-name"), download.TextColumn("last_success", "board-feed-last"), download.TextColumn("due", "board-feed-due-label"), download.TextColumn("next_run", "board-feed-next"),
		download.NumberColumn("problems", "board-h-problems"), download.NumberColumn("questions", "board-h-questions")}}
	receipts := download.Sheet{ID: "receipts", Title: words.Say("board-receipts-title"), Columns: []download.Column{
		download.TextColumn("feed", "board-r-feed"), download.TextColumn("status", "board-col-status-word"), download.TextColumn("file", "board-col-file"), download.TextColumn("received", "board-col-received"), download.TextColumn("result", "board-col-result"),
		download.TextColumn("trouble", "board-col-marks"), download.TextColumn("receipt", "board-col-receipt")}}
	for _, r := range v.Feeds {
		feeds.Rows = append(feeds.Rows, []string{r.Name, r.Title, r.LastSuccess, r.Due, r.Next, v.Number(r.Problems), v.Number(r.Questions)})
		for _, x := range r.Receipts {
			receipts.Rows = append(receipts.Rows, []string{r.Name, x.Word, x.File, x.Received, x.Counts, x.Trouble, x.ID})
		}
	}
	return []download.Sheet{feeds, receipts}
}

// sheets are the scorecard's two tables.
func (v scorecardView) Sheets() []download.Sheet {
	bands := download.Sheet{ID: "bands", Title: words.Say("board-score-bands"), Columns: []download.Column{
		download.TextColumn("status", "board-col-status-word"), download.NumberColumn("told", "board-score-told"), download.NumberColumn("reached", "board-score-reached"), download.TextColumn("share", "board-score-share"),
		download.NumberColumn("by_pace", "board-score-by-pace"), download.TextColumn("pace_share", "board-score-pace-share")}}
	for _, r := range v.Bands {
		bands.Rows = append(bands.Rows, []string{r.Status, r.Told, r.Reached, download.Bare(r.Share), r.Pace, download.Bare(r.PaceMet)})
	}
	bins := download.Sheet{ID: "bins", Title: words.Say("board-score-bins"), Columns: []download.Column{
		download.TextColumn("range", "board-score-range"), download.NumberColumn("told", "board-score-told"), download.TextColumn("mean", "board-score-mean"), download.TextColumn("share", "board-score-share")}}
	for _, r := range v.Bins {
		bins.Rows = append(bins.Rows, []string{r.Range, r.Told, r.Mean, download.Bare(r.Share)})
	}
	return []download.Sheet{bands, bins}
}

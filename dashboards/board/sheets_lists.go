package board

import (
	"slices"
	"strings"

	"yardstick/dashboards/download"
	"yardstick/schema"
	"yardstick/schema/words"
)

// colText, colNumber and colDay are columns of a table that is taken away; what they are
// called is a message.
func colText(name, id string) download.Column { return column(name, id, download.Text) }

func colNumber(name, id string) download.Column { return column(name, id, download.Number) }

func colDay(name, id string) download.Column { return column(name, id, download.Date) }

// bare is what a cell of a table holds of what a page shows: nothing where the
// page has a dash.
func bare(shown string) string {
	if shown == "—" {
		return ""
	}
	return strings.ReplaceAll(shown, "−", "-")
}

// numeral is bare where it is a number, else empty: a column of numbers holds
// nothing else.
func numeral(shown string) string {
	if _, err := schema.ParseDecimal(bare(shown)); err != nil {
		return ""
	}
	return bare(shown)
}

// sheets are the overview's tables.
func (v overviewView) sheets() []sheet {
	out := []sheet{{ID: "targets", Title: words.Say("board-list-title"), Columns: rowColumns(), Facts: v.Compare.facts()}}
	for _, r := range v.Rows {
		out[0].Rows = append(out[0].Rows, r.cells(v.Lang))
	}
	measures := sheet{ID: "measures", Title: words.Say("board-measures-sheet"), Columns: []download.Column{
		colText("clause", "board-f-clause"), colText("target", "board-col-target"), colText("status", "board-col-status")}}
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

func (c *closing) sheet() sheet {
	s := sheet{ID: "closing", Title: words.Say("board-closing-title"), Columns: []download.Column{
		colText("outcome", "board-closing-outcome"), colText("clause", "board-f-clause"), colText("target", "board-col-target"), colNumber("value", "board-n-value"),
		colText("promised", "board-n-target"), colText("unit", "board-col-unit"), colText("note", "board-col-marks"), colText("said", "board-closing-said")}}
	for _, g := range c.Groups {
		for _, r := range g.Rows {
			value, note := numeral(r.Value), strings.Join(r.Bits, " · ")
			if value == "" {
				note = strings.Join(append([]string{bare(r.Value)}, r.Bits...), " · ")
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
		colText("clause", "board-f-clause"), colText("id", "board-col-id"), colText("target", "board-col-target"), colText("status", "board-col-status"), colText("marks", "board-col-marks"),
		colNumber("value", "board-n-value"), colText("promised", "board-n-target"), colText("unit", "board-col-unit"), colText("figure", "board-col-period"),
		colNumber("gap", "board-n-gap"), colText("gap_unit", "board-col-gap-unit"), colText("gap_word", "board-col-gap-word"), colText("progress", "board-n-progress"),
		colNumber("change", "board-col-change-gap"), colText("change_note", "board-col-change-note"), colNumber("gap_was", "board-col-gap-was"), colText("was", "board-col-was"), colText("deadline", "board-f-deadline"), colText("outlook", "board-col-outlook"), colText("owner", "board-f-owner"),
	}
}

// cells are the row under rowColumns.
func (r row) cells(lang string) []string {
	progress := ""
	if r.Bar != nil {
		progress = r.Bar.Label
	}
	marks := r.StatusMarks
	value := numeral(r.Value)
	if value == "" && r.Value != "—" { // done or not: a word
		marks = append([]string{r.Value}, marks...)
	}
	owner := r.Owner
	if r.Unnamed {
		owner = ""
	}
	return append([]string{
		r.Clause, r.ID, r.Title, r.Status.Word, strings.Join(marks, " · "), value, r.Target, r.Unit, strings.Join(r.FigureBits, " · "),
		numeral(r.Gap), r.GapUnit, r.GapWord, progress,
	}, append(r.Change.cells(), r.Deadline, r.Outlook, owner)...)
}

// cells are what changed, in the gap's unit, what must be said of it, the gap and
// the status before; the receiver may be nil.
func (d *delta) cells() []string {
	if d == nil {
		return []string{"", "", "", ""}
	}
	was := ""
	if d.Was != nil {
		was = d.Was.Word
	}
	return []string{d.number, d.Say, d.gap, was}
}

// sheets are the lagging list.
func (v laggingView) sheets() []sheet {
	s := sheet{ID: "lagging", Title: words.Say("board-lagging-title"), Facts: v.Compare.facts(), Columns: append([]download.Column{
		colNumber("rank", "board-col-rank")}, append(rowColumns(), colNumber("lag", "board-col-lag"), colDay("since", "board-col-since"), colText("since_note", "board-col-since-note"),
		colText("reason", "board-col-why-so"), colText("contact", "board-f-contact"),
		colText("statement", "statement-cause"), colText("measures", "statement-measures"), colText("promise", "statement-promise"), colText("said_by", "statement-section"))...)}
	for _, r := range v.Rows {
		s.Rows = append(s.Rows, append([]string{v.Number(r.N)}, slices.Concat(r.cells(v.Lang), []string{r.lag, bare(r.Since), r.Grade, r.Reason, r.Contact}, r.Said.cells())...))
	}
	return []sheet{s}
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
func (v limitsView) sheets() []sheet {
	limits := sheet{ID: "limits", Title: words.Say("board-limits-h-limits"), Facts: v.Compare.facts(), Columns: append(rowColumns(), colNumber("room", "board-col-room"), colText("room_unit", "board-col-unit"))}
	breaches := sheet{ID: "breaches", Title: words.Say("board-breaches-title"), Columns: []download.Column{
		colText("clause", "board-f-clause"), colText("target", "board-col-target"), colText("period", "board-col-period"), colNumber("value", "board-n-value"), colNumber("over", "board-col-over"),
		colText("unit", "board-col-unit"), colDay("published", "board-col-published")}}
	for _, r := range v.Limits {
		limits.Rows = append(limits.Rows, append(r.cells(v.Lang), r.room, r.unit))
		for _, x := range r.Breaches {
			breaches.Rows = append(breaches.Rows, []string{r.Clause, r.Title, x.Period, x.value, x.by, r.Unit, x.Published})
		}
	}
	cadences := sheet{ID: "cadences", Title: words.Say("board-limits-h-cadences"), Columns: rowColumns()}
	late := sheet{ID: "late", Title: words.Say("board-late-title"), Columns: []download.Column{
		colText("clause", "board-f-clause"), colText("target", "board-col-target"), colText("period", "board-col-period"), colDay("due", "board-col-due"), colDay("made", "board-col-made"), colNumber("days", "board-col-days-late")}}
	for _, r := range v.Cadences {
		cadences.Rows = append(cadences.Rows, r.cells(v.Lang))
		for _, x := range r.Late {
			late.Rows = append(late.Rows, []string{r.Clause, r.Title, bare(x.Period), x.Due, bare(x.Made), x.Days})
		}
	}
	return []sheet{limits, breaches, cadences, late}
}

// sheets are the feeds and their latest receipts.
func (v feedsView) sheets() []sheet {
	feeds := sheet{ID: "feeds", Title: words.Say("board-feeds-title"), Columns: []download.Column{
		colText("feed", "board-r-feed"), colText("title", "board-col-name"), colText("last_success", "board-feed-last"), colText("due", "board-feed-due-label"), colText("next_run", "board-feed-next"),
		colNumber("problems", "board-h-problems"), colNumber("questions", "board-h-questions")}}
	receipts := sheet{ID: "receipts", Title: words.Say("board-receipts-title"), Columns: []download.Column{
		colText("feed", "board-r-feed"), colText("status", "board-col-status-word"), colText("file", "board-col-file"), colText("received", "board-col-received"), colText("result", "board-col-result"),
		colText("trouble", "board-col-marks"), colText("receipt", "board-col-receipt")}}
	for _, r := range v.Feeds {
		feeds.Rows = append(feeds.Rows, []string{r.Name, r.Title, r.LastSuccess, r.Due, r.Next, v.Number(r.Problems), v.Number(r.Questions)})
		for _, x := range r.Receipts {
			receipts.Rows = append(receipts.Rows, []string{r.Name, x.Word, x.File, x.Received, x.Counts, x.Trouble, x.ID})
		}
	}
	return []sheet{feeds, receipts}
}

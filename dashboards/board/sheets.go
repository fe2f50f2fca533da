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

// Sheets are the tables of a target's page.
func (v targetView) Sheets() []download.Sheet {
	sums, inputs, vintages := download.NewSheet("target/arithmetic"), download.NewSheet("target/inputs"), download.NewSheet("target/vintages")
	for _, s := range v.Row.Sums {
		sums.Add(s.Name, s.Value, s.How)
	}
	for _, r := range v.Inputs {
		inputs.Rows = append(inputs.Rows, r.Cells(r.Cell, r.Role))
	}
	for _, r := range v.Vintages {
		vintages.Rows = append(vintages.Rows, r.Cells(r.Received, r.Replaced, r.Reason))
	}
	out := []download.Sheet{sums, inputs, vintages}
	if len(v.Past.Rows) > 0 {
		out = append(out, v.Past.sheet(v.subject))
	}
	if len(v.Parts) > 0 {
		parts := download.NewSheet("target/districts")
		for _, p := range v.Parts {
			parts.Rows = append(parts.Rows, p.Cells())
		}
		out = append(out, parts)
	}
	if len(v.Live.Points) > 0 {
		out = append(out, v.trajectorySheet())
	}
	return out
}

// trajectorySheet is what the chart shows, one day a row: the figure, then the
// forecast.
func (v targetView) trajectorySheet() download.Sheet {
	out, scale := download.NewSheet("target/trajectory"), v.subject.Scale
	for _, p := range v.subject.Points {
		if p.Obs != nil {
			out.Add(p.Day.String(), v.PeriodName(p.Obs.Period, p.Obs.Basis), scale.Figure(p.Value, p.Obs, nil).String(), "", "", "", scale.Unit)
		}
	}
	if len(v.Plot.Fan) > 0 {
		show := func(x float64) string { return scale.PerYear(x, 6) }
		for _, s := range v.subject.Fan {
			out.Add(s.Day.String(), "", "", show(s.P10), show(s.P50), show(s.P90), scale.Unit)
		}
	}
	return out
}

// Sheets are the overview's tables.
func (v overviewView) Sheets() []download.Sheet {
	list, measures := v.Compare.sheet("overview/targets"), download.NewSheet("overview/measures")
	for _, r := range v.Rows {
		list.Rows = append(list.Rows, rowCells(r))
	}
	for _, m := range v.Measures {
		for _, t := range m.Targets {
			measures.Add(m.Clause, t.Title, t.Status.Word)
		}
		if len(m.Targets) == 0 {
			measures.Add(m.Clause, "", v.T("board-no-number"))
		}
	}
	if v.Closing == nil {
		return []download.Sheet{list, measures}
	}
	closing := download.NewSheet("overview/closing")
	for _, g := range v.Closing.Groups {
		for _, r := range g.Rows {
			value, notes := download.Numeral(r.Value), r.Bits
			if bare := download.Bare(r.Value); value == "" && bare != "" {
				notes = append([]string{bare}, r.Bits...)
			}
			closing.Add(g.Word, r.Clause, r.Title, value, r.Target, r.Unit, strings.Join(notes, " · "), r.Said)
		}
	}
	return []download.Sheet{list, measures, closing}
}

// sheet is a table that tells what its changes are held against.
func (c comparison) sheet(name string) download.Sheet {
	s, said := download.NewSheet(name), c.Full
	if c.Why != "" {
		said = c.Why
	}
	s.Facts = []download.Fact{{Title: words.Say("board-compare-label"), Value: schema.Same(said)}}
	return s
}

// rowCells are a row under the columns that all lists of targets have.
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

// Sheets are the lagging list.
func (v laggingView) Sheets() []download.Sheet {
	s := v.Compare.sheet("lagging")
	for _, r := range v.Rows {
		s.Rows = append(s.Rows, slices.Concat([]string{v.Number(r.N)}, rowCells(r.Row),
			[]string{r.lag, download.Bare(r.Since), r.Grade, r.Reason, r.Contact}, r.Said.cells()))
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

// Sheets are the limits, their breaches, the cadences and the late reports.
func (v limitsView) Sheets() []download.Sheet {
	limits, breaches := v.Compare.sheet("limits"), download.NewSheet("limits/breaches")
	for _, r := range v.Limits {
		limits.Rows = append(limits.Rows, append(rowCells(r.Row), r.room, r.unit))
		for _, x := range r.Breaches {
			breaches.Add(r.Clause, r.Title, x.Period, x.value, x.by, r.Unit, x.Published)
		}
	}
	cadences, late := download.NewSheet("limits/cadences"), download.NewSheet("limits/late")
	for _, r := range v.Cadences {
		cadences.Rows = append(cadences.Rows, rowCells(r.Row))
		for _, x := range r.Late {
			late.Add(r.Clause, r.Title, download.Bare(x.Period), x.Due, download.Bare(x.Made), x.Days)
		}
	}
	return []download.Sheet{limits, breaches, cadences, late}
}

// Sheets are the feeds and their latest receipts.
func (v feedsView) Sheets() []download.Sheet {
	feeds, receipts := download.NewSheet("feeds"), download.NewSheet("feeds/receipts")
	for _, r := range v.Feeds {
		feeds.Add(r.Name, r.Named, v.Time(r.LastSuccess), r.Due, v.Time(r.NextRun), v.Number(r.Problems), v.Number(r.Questions))
		for _, x := range r.Receipts {
			receipts.Add(r.Name, x.Word, x.File, x.Received, x.Counts, x.Trouble, x.ID)
		}
	}
	return []download.Sheet{feeds, receipts}
}

// Sheets are the scorecard's two tables.
func (v scorecardView) Sheets() []download.Sheet {
	bands, bins := download.NewSheet("scorecard/bands"), download.NewSheet("scorecard/bins")
	for _, r := range v.Bands {
		bands.Add(r.Status, r.Told, r.Reached, download.Bare(r.Share), r.Pace, download.Bare(r.PaceMet))
	}
	for _, r := range v.Bins {
		bins.Add(r.Range, r.Told, r.Mean, download.Bare(r.Share))
	}
	return []download.Sheet{bands, bins}
}

package districts

import (
	"math"

	"yardstick/dashboards/download"
	"yardstick/dashboards/draw"
	"yardstick/schema"
	"yardstick/schema/words"
)

// multiples draws one small chart for each part with figures. All have the same
// days across; the scale up is each one's own, or one for all.
func (v *districtsView) multiples() {
	var from, to schema.Date
	low, high := math.Inf(1), math.Inf(-1)
	all := append(v.pointers(v.Rows), v.pointers(v.Apart)...)
	for _, row := range all {
		for _, p := range row.points {
			if from.IsZero() || p.Day.Before(from) {
				from = p.Day
			}
			if p.Day.After(to) {
				to = p.Day
			}
		}
		l, h := row.bounds()
		low, high = min(low, l), max(high, h)
	}
	for _, row := range all {
		if len(row.points) == 0 {
			continue
		}
		l, h := low, high
		if !v.Common {
			l, h = row.bounds()
		}
		label := v.T("board-multiple-label", "region", row.Name, "n", draw.Observed(row.points), "value", row.Value+row.Unit)
		row.Chart = draw.Multiple(v.subject.Voice, row.points, row.asked, v.subject.Scale, label, from, to, l, h)
		v.Drawn++
	}
}

func (v *districtsView) pointers(rows []districtRow) []*districtRow {
	out := make([]*districtRow, len(rows))
	for i := range rows {
		out[i] = &rows[i]
	}
	return out
}

// bounds are the least and the greatest value to show, infinite without any.
func (r districtRow) bounds() (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	see := func(x float64) { low, high = min(low, x), max(high, x) }
	for _, p := range r.points {
		see(p.Value.Float())
	}
	if r.asked != nil && len(r.points) > 0 {
		see(r.asked.Float())
	}
	return low, high
}

// sheets are the glance, and the parts of the target chosen with their figures.
func (v *districtsView) Sheets() []download.Sheet {
	glance := download.Sheet{ID: "glance", Title: words.Say("board-glance-title"), Columns: []download.Column{download.TextColumn("target", "board-col-target")}}
	for i, r := range v.Regions {
		name := schema.Same(r.Name)
		glance.Columns = append(glance.Columns, download.Column{Name: "region" + draw.TickText(float64(i+1), 1), Title: name})
	}
	for _, row := range v.Glance {
		cells := []string{row.Title}
		for _, m := range row.Marks {
			cells = append(cells, m.Word)
		}
		glance.Rows = append(glance.Rows, cells)
	}
	if v.Target == "" {
		return []download.Sheet{glance}
	}
	parts := download.Sheet{ID: "districts", Title: v.subject.Of.Title, Columns: []download.Column{
		download.NumberColumn("rank", "board-col-ranking"), download.TextColumn("code", "board-col-code"), download.TextColumn("region", "board-f-region"),
		download.NumberColumn("figure", "board-col-figure"), download.TextColumn("unit", "board-col-unit"), download.TextColumn("period", "board-col-period"),
		download.NumberColumn("asked", "board-parts-asked"), download.TextColumn("attainment", "board-col-attainment"), download.NumberColumn("gap", "board-col-gap"),
		download.TextColumn("status", "board-col-status-word"), download.TextColumn("note", "board-col-note"),
	}}
	series := download.Sheet{ID: "series", Title: words.Say("board-multiples-title"), Columns: []download.Column{
		download.TextColumn("code", "board-col-code"), download.TextColumn("region", "board-f-region"), download.TextColumn("day", "board-col-day"),
		download.TextColumn("period", "board-col-period"), download.NumberColumn("figure", "board-col-figure"), download.TextColumn("unit", "board-col-unit"),
	}}
	for _, row := range append(v.pointers(v.Rows), v.pointers(v.Apart)...) {
		status := ""
		if row.Status != nil {
			status = row.Status.Word
		}
		note := row.Said
		for _, more := range []string{row.By, row.Note} {
			if more != "" && note != "" {
				note += " "
			}
			note += more
		}
		parts.Rows = append(parts.Rows, []string{known0(row.Rank), row.Code, row.Name, known0(row.Value), row.Unit, row.Period, known0(row.Asked), known0(row.Attainment), known0(row.Gap), status, note})
		for _, p := range row.points {
			if p.Obs != nil {
				series.Rows = append(series.Rows, []string{row.Code, row.Name, p.Day.String(), v.PeriodName(p.Obs.Period, p.Obs.Basis), v.subject.Scale.Figure(p.Value, p.Obs, nil).String(), v.subject.Scale.Unit})
			}
		}
	}
	return []download.Sheet{glance, parts, series}
}

// known0 is the cell of a number: nothing where it is unknown.
func known0(s string) string {
	if s == "—" {
		return ""
	}
	return s
}

package board

import (
	"yardstick/dashboards/download"
	"yardstick/schema/words"
)

// sheets are the tables of a target's page.
func (v targetView) Sheets() []download.Sheet {
	out := []download.Sheet{v.sumsSheet(), v.inputsSheet(), v.vintagesSheet()}
	if len(v.Past.turns) > 0 {
		out = append(out, v.Past.sheet(v.subject))
	}
	if len(v.Parts) > 0 {
		out = append(out, v.partsSheet())
	}
	if len(v.Live.Points) > 0 {
		out = append(out, v.trajectorySheet())
	}
	return out
}

func (v targetView) sumsSheet() download.Sheet {
	out := download.Sheet{ID: "arithmetic", Title: words.Say("board-h-numbers"), Columns: []download.Column{
		download.TextColumn("item", "board-col-name"), download.TextColumn("number", "board-col-number"), download.TextColumn("how", "board-col-how"),
	}}
	for _, s := range v.Sums {
		out.Rows = append(out.Rows, []string{s.Name, s.Value, s.How})
	}
	return out
}

func (v targetView) inputsSheet() download.Sheet {
	out := download.Sheet{ID: "inputs", Title: words.Say("board-h-inputs"), Columns: download.FigureColumns(
		download.TextColumn("cell", "board-col-place"), download.TextColumn("role", "board-col-role"))}
	for _, r := range v.Inputs {
		out.Rows = append(out.Rows, r.Cells(r.Cell, r.Role))
	}
	return out
}

func (v targetView) vintagesSheet() download.Sheet {
	out := download.Sheet{ID: "vintages", Title: words.Say("board-h-vintages"), Columns: download.FigureColumns(
		download.TextColumn("received", "board-col-received"), download.TextColumn("replaced", "board-col-replaced"), download.TextColumn("reason", "board-col-reason"))}
	for _, r := range v.Vintages {
		out.Rows = append(out.Rows, r.Cells(r.Received, r.Replaced, r.Reason))
	}
	return out
}

// trajectorySheet is what the chart shows, one day a row: the figure, then the
// forecast.
func (v targetView) trajectorySheet() download.Sheet {
	out := download.Sheet{ID: "trajectory", Title: words.Say("board-h-chart"), Columns: []download.Column{
		download.TextColumn("day", "board-col-day"), download.TextColumn("period", "board-col-period"), download.NumberColumn("figure", "board-col-figure"),
		download.NumberColumn("p10", "board-col-p10"), download.NumberColumn("p50", "board-col-p50"), download.NumberColumn("p90", "board-col-p90"),
		download.TextColumn("unit", "board-col-unit"),
	}}
	for _, p := range v.subject.Points {
		if p.Obs != nil {
			out.Rows = append(out.Rows, []string{p.Day.String(), v.PeriodName(p.Obs.Period, p.Obs.Basis), v.subject.Scale.Figure(p.Value, p.Obs, nil).String(), "", "", "", v.subject.Scale.Unit})
		}
	}
	if v.HasFan {
		show := func(x float64) string { return v.subject.Scale.PerYear(x, 6) }
		for _, s := range v.subject.Fan {
			out.Rows = append(out.Rows, []string{s.Day.String(), "", "", show(s.P10), show(s.P50), show(s.P90), v.subject.Scale.Unit})
		}
	}
	return out
}

func (v targetView) partsSheet() download.Sheet {
	out := download.Sheet{ID: "districts", Title: words.Say("board-h-parts"), Columns: partColumns()}
	for _, p := range v.Parts {
		out.Rows = append(out.Rows, p.Cells())
	}
	return out
}

func partColumns() []download.Column {
	return []download.Column{
		download.TextColumn("region", "board-f-region"), download.NumberColumn("figure", "board-col-figure"), download.TextColumn("unit", "board-col-unit"),
		download.TextColumn("period", "board-col-period"), download.NumberColumn("asked", "board-parts-asked"),
		download.TextColumn("status", "board-col-status"), download.TextColumn("note", "board-col-note"),
	}
}

package board

import (
	"yardstick/dashboards/download"
	"yardstick/schema/words"
)

// column is one of a table that is taken away: its name for machines and the
// message that heads it.
func column(name, id string, kind download.Kind) download.Column {
	return download.Column{Name: name, Title: words.Say(id), Kind: kind}
}

// sheets are the tables of a target's page.
func (v targetView) sheets() []sheet {
	out := []sheet{v.sumsSheet(), v.inputsSheet(), v.vintagesSheet()}
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

func (v targetView) sumsSheet() sheet {
	out := sheet{ID: "arithmetic", Title: words.Say("board-h-numbers"), Columns: []download.Column{
		column("item", "board-col-name", download.Text), column("number", "board-col-number", download.Text), column("how", "board-col-how", download.Text),
	}}
	for _, s := range v.Sums {
		out.Rows = append(out.Rows, []string{s.Name, s.Value, s.How})
	}
	return out
}

// figureColumns are those every list of published figures has.
func figureColumns(more ...download.Column) []download.Column {
	return append([]download.Column{
		column("period", "board-col-period", download.Text), column("basis", "board-col-basis", download.Text),
		column("value", "board-col-figure", download.Number), column("unit", "board-col-unit", download.Text),
		column("status", "board-col-obs", download.Text), column("published", "board-col-published", download.Text),
		column("receipt", "board-col-receipt", download.Text),
	}, more...)
}

func (r inputRow) cells(more ...string) []string {
	value, status := r.Value, ""
	if value == "—" {
		value = ""
	}
	for i, m := range r.Marks {
		if i > 0 {
			status += " · "
		}
		status += m
	}
	return append([]string{r.Period, r.Basis, value, r.Unit, status, r.Published, r.Receipt}, more...)
}

func (v targetView) inputsSheet() sheet {
	out := sheet{ID: "inputs", Title: words.Say("board-h-inputs"), Columns: figureColumns(
		column("cell", "board-col-place", download.Text), column("role", "board-col-role", download.Text))}
	for _, r := range v.Inputs {
		out.Rows = append(out.Rows, r.cells(r.Cell, r.Role))
	}
	return out
}

func (v targetView) vintagesSheet() sheet {
	out := sheet{ID: "vintages", Title: words.Say("board-h-vintages"), Columns: figureColumns(
		column("received", "board-col-received", download.Text), column("replaced", "board-col-replaced", download.Text), column("reason", "board-col-reason", download.Text))}
	for _, r := range v.Vintages {
		out.Rows = append(out.Rows, r.cells(r.Received, r.Replaced, r.Reason))
	}
	return out
}

// trajectorySheet is what the chart shows, one day a row: the figure, then the
// forecast.
func (v targetView) trajectorySheet() sheet {
	out := sheet{ID: "trajectory", Title: words.Say("board-h-chart"), Columns: []download.Column{
		column("day", "board-col-day", download.Text), column("period", "board-col-period", download.Text), column("figure", "board-col-figure", download.Number),
		column("p10", "board-col-p10", download.Number), column("p50", "board-col-p50", download.Number), column("p90", "board-col-p90", download.Number),
		column("unit", "board-col-unit", download.Text),
	}}
	for _, p := range v.subject.points {
		if p.Obs != nil {
			out.Rows = append(out.Rows, []string{p.Day.String(), v.PeriodName(p.Obs.Period, p.Obs.Basis), v.subject.scale.Figure(p.Value, p.Obs, nil).String(), "", "", "", v.subject.scale.Unit})
		}
	}
	if v.HasFan {
		show := func(x float64) string { return v.subject.scale.PerYear(x, 6) }
		for _, s := range v.subject.fan {
			out.Rows = append(out.Rows, []string{s.day.String(), "", "", show(s.p10), show(s.p50), show(s.p90), v.subject.scale.Unit})
		}
	}
	return out
}

func (v targetView) partsSheet() sheet {
	out := sheet{ID: "districts", Title: words.Say("board-h-parts"), Columns: partColumns()}
	for _, p := range v.Parts {
		out.Rows = append(out.Rows, p.cells())
	}
	return out
}

func partColumns() []download.Column {
	return []download.Column{
		column("region", "board-f-region", download.Text), column("figure", "board-col-figure", download.Number), column("unit", "board-col-unit", download.Text),
		column("period", "board-col-period", download.Text), column("asked", "board-parts-asked", download.Number),
		column("status", "board-col-status", download.Text), column("note", "board-col-note", download.Text),
	}
}

func (p partRow) cells() []string {
	status, note := "", p.Said
	if p.Status != nil {
		status = p.Status.Word
	}
	if p.By != "" {
		note += " " + p.By
	}
	return []string{p.Name, p.number, p.unit, p.Period, p.asked, status, note}
}

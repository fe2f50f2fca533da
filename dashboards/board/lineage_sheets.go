package board

import (
	"yardstick/dashboards/download"
	"yardstick/schema/words"
)

// column is a column of a table that is taken away, titled by a sentence of the
// catalogue.
func column(id string) download.Column {
	return download.Column{Name: id, Title: words.Say(id)}
}

// figureColumns are those that cells fills, a region before them if asked.
func figureColumns(region bool) []download.Column {
	var out []download.Column
	if region {
		out = append(out, column("board-col-region"))
	}
	out = append(out, column("board-col-period"), column("board-col-basis"), column("board-col-figure"), column("board-col-unit"),
		column("board-col-obs"), column("board-col-published"), column("board-col-receipt"), column("board-col-cell"))
	out[len(out)-6].Kind, out[len(out)-3].Kind = download.Number, download.Date
	return out
}

// cells are what a table that is taken away holds of a figure.
func (r inputRow) cells() []string {
	value := r.Value
	if value == "—" {
		value = ""
	}
	marks := ""
	for i, m := range r.Marks {
		if i > 0 {
			marks += ", "
		}
		marks += m
	}
	return []string{r.Period, r.Basis, value, r.Unit, marks, r.Published, r.Receipt, r.Cell}
}

func (v cellView) vintageSheet() sheet {
	s := sheet{ID: "vintages", Title: words.Say("board-h-vintages"), Columns: append(figureColumns(false), column("board-col-state"), column("board-col-why"))}
	for _, row := range v.Vintages {
		s.Rows = append(s.Rows, append(row.cells(), row.State, row.Why))
	}
	return s
}

package board

import (
	"yardstick/dashboards/download"
	"yardstick/schema/words"
)

// regionalColumns are figureColumns, the region before them and the cell after.
func regionalColumns() []download.Column {
	return append([]download.Column{column("region", "board-col-region", download.Text)}, figureColumns(cellColumn())...)
}

func cellColumn() download.Column { return column("cell", "board-col-cell", download.Text) }

func (v cellView) vintageSheet() sheet {
	s := sheet{ID: "vintages", Title: words.Say("board-h-vintages"), Columns: figureColumns(cellColumn(), column("state", "board-col-state", download.Text), column("why", "board-col-why", download.Text))}
	for _, row := range v.Vintages {
		s.Rows = append(s.Rows, row.cells(row.Cell, row.State, row.Why))
	}
	return s
}

package lineage

import (
	"strings"
	"yardstick/dashboards/download"
	"yardstick/schema"
	"yardstick/schema/words"
)

// regionalColumns are figureColumns, the region before them and the cell after.
func regionalColumns() []download.Column {
	return append([]download.Column{download.TextColumn("region", "board-col-region")}, download.FigureColumns(cellColumn())...)
}

func cellColumn() download.Column { return download.TextColumn("cell", "board-col-cell") }

func (v cellView) vintageSheet() download.Sheet {
	s := download.Sheet{ID: "vintages", Title: words.Say("board-h-vintages"), Columns: download.FigureColumns(cellColumn(), download.TextColumn("state", "board-col-state"), download.TextColumn("why", "board-col-why"))}
	for _, row := range v.Vintages {
		s.Rows = append(s.Rows, row.Cells(row.Cell, row.State, row.Why))
	}
	return s
}

// troubleColumns are those of problems, questions and rows left out.
func troubleColumns(more ...download.Column) []download.Column {
	return append([]download.Column{
		download.TextColumn("place", "board-col-place"), download.TextColumn("written", "board-col-written"), download.TextColumn("say", "board-col-say")}, more...)
}

// sheets are a receipt's tables.
func (v receiptView) Sheets() []download.Sheet {
	trouble := func(id, title string, all []schema.Problem) download.Sheet {
		s := download.Sheet{ID: id, Title: words.Say(title), Columns: troubleColumns()}
		for _, p := range all {
			s.Rows = append(s.Rows, []string{download.Bare(v.Place(p)), p.Written, v.Say(p.Text)})
		}
		return s
	}
	questions := download.Sheet{ID: "questions", Title: words.Say("board-h-questions"), Columns: troubleColumns(download.TextColumn("answers", "board-col-answers"), download.TextColumn("key", "board-col-key"))}
	for _, q := range v.Questions {
		questions.Rows = append(questions.Rows, []string{download.Bare(v.Place(q.Problem)), q.Written, v.Say(q.Text), strings.Join(q.Candidates, v.T("board-comma")), q.Key})
	}
	changes := download.Sheet{ID: "changes", Title: words.Say("board-h-changes"), Columns: []download.Column{
		download.TextColumn("indicator", "board-col-indicator"), download.TextColumn("region", "board-col-region"), download.TextColumn("period", "board-col-period"), download.NumberColumn("old", "board-col-old"), download.NumberColumn("new", "board-col-new"), download.TextColumn("note", "board-col-marks")}}
	for _, c := range v.Changes {
		changes.Rows = append(changes.Rows, []string{c.Indicator, c.Region, c.Period, download.Numeral(c.Old), download.Numeral(c.New), c.Note})
	}
	unmapped := download.Sheet{ID: "unmapped", Title: words.Say("board-h-unmapped"), Columns: []download.Column{download.TextColumn("indicator", "board-col-indicator")}}
	for _, name := range v.Unmapped {
		unmapped.Rows = append(unmapped.Rows, []string{name})
	}
	return []download.Sheet{trouble("problems", "board-h-problems", v.Problems), questions, changes, v.figuresSheet(), trouble("excluded", "board-h-excluded", v.Excluded), unmapped}
}

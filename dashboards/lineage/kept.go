package lineage

import (
	"slices"
	"strconv"
	"strings"

	"yardstick/dashboards/web"
	"yardstick/schema"
)

// keptTable is the table a figure was read from, as it stood in the kept file,
// around the figure's cell.
type keptTable struct {
	Caption string
	Said    []string // how it was read, and what is not shown of it
	Columns []keptColumn
	Rows    []keptRow
	After   string // rows left out at the end
	Wide    int    // columns of the whole, for what spans all
	Legend  []string
}

type keptColumn struct {
	Name   string
	Gap    string // said of the columns left out before it
	Hidden bool
	Head   bool // the column the row's headings stand in: it stays in view
}

type keptRow struct {
	Number int
	Gap    string // said of the rows left out before it
	Hidden bool
	Head   bool // the row the column's headings stand in: it stays in view
	Cells  []keptCell
}

type keptCell struct {
	ID, Text, Class string
	Across, Down    int
	Marked          bool
	Label           string // what was read from it, in words
	Gap             bool   // columns are left out before it
}

// drawTable draws the window a Tracer gave.
func drawTable(f *web.Frame, l Lineage, t schema.CellTable) keptTable {
	out := keptTable{Caption: keptCaption(f, l, t), Said: keptSaid(f, l, t), Wide: 1}
	head, left := headsOf(t)
	for _, c := range t.Columns {
		col := keptColumn{Name: web.ColumnName(c.Number), Hidden: c.Hidden, Head: c.Number == left}
		if c.Before > 0 {
			col.Gap = f.T("board-kept-columns-gap", "n", c.Before)
			out.Wide++
		}
		out.Wide++
		out.Columns = append(out.Columns, col)
	}
	for _, r := range t.Rows {
		row := keptRow{Number: r.Number, Hidden: r.Hidden, Head: r.Number == head}
		if r.Before > 0 {
			row.Gap = f.T("board-kept-rows-gap", "n", r.Before)
		}
		for i, c := range r.Cells {
			if c.Covered {
				continue
			}
			row.Cells = append(row.Cells, drawCell(f, t.Columns[i], r.Number, c, t.Columns[i].Number == left))
		}
		out.Rows = append(out.Rows, row)
	}
	if t.RowsAfter > 0 {
		out.After = f.T("board-kept-rows-after", "n", t.RowsAfter)
	}
	if t.ColumnsLeft > 0 {
		out.Said = append(out.Said, f.T("board-kept-columns-after", "n", t.ColumnsLeft))
	}
	return out
}

// headsOf are the row that the headings above the cell stand in and the column
// of those beside it: the nearest of each; 0 for none.
func headsOf(t schema.CellTable) (row, column int) {
	markedRow, markedColumn := 0, 0
	for _, r := range t.Rows {
		for i, c := range r.Cells {
			if c.Marked {
				markedRow, markedColumn = r.Number, t.Columns[i].Number
			}
		}
	}
	for _, r := range t.Rows {
		for i, c := range r.Cells {
			n := t.Columns[i].Number
			switch {
			case len(c.Fields) == 0:
			case n >= markedColumn && n <= markedColumn && r.Number < markedRow, c.Across > 1 && n <= markedColumn && n+c.Across > markedColumn && r.Number < markedRow:
				row = max(row, r.Number)
			case r.Number == markedRow && n < markedColumn && (column == 0 || n < column):
				column = n
			}
		}
	}
	if row == 0 && column == 0 && len(t.Rows) > 0 && t.Rows[0].Number < markedRow {
		row = t.Rows[0].Number // a tidy file: its header
	} else if row == 0 && markedRow > 1 && len(t.Rows) > 0 && slices.ContainsFunc(t.Rows[0].Cells, func(c schema.TableCell) bool { return c.Text != "" }) {
		row = t.Rows[0].Number
	}
	return row, column
}

func drawCell(f *web.Frame, col schema.CellColumn, row int, c schema.TableCell, head bool) keptCell {
	out := keptCell{Text: c.Text, Across: max(1, c.Across), Down: max(1, c.Down), Marked: c.Marked, Gap: col.Before > 0}
	var class []string
	if head {
		class = append(class, "side")
	}
	if c.Outside {
		class = append(class, "outside")
	}
	var said []string
	for _, field := range c.Fields {
		said = append(said, f.T("board-way-"+field))
	}
	switch {
	case c.Marked:
		out.ID = "here"
		class = append(class, "marked")
		said = append([]string{f.T("board-kept-here")}, said...)
	case len(c.Fields) > 0:
		out.ID = "c-" + web.ColumnName(col.Number) + strconv.Itoa(row)
		class = append(class, "origin")
	}
	if c.Formula {
		said = append(said, f.T("board-kept-formula"))
	}
	if c.Cut {
		said = append(said, f.T("board-kept-cut"))
	}
	out.Class, out.Label = strings.Join(class, " "), strings.Join(said, f.T("board-comma"))
	return out
}

func keptCaption(f *web.Frame, l Lineage, t schema.CellTable) string {
	if l.Receipt.Entered {
		return f.T("board-kept-entered", "cell", l.Cell.Cell)
	}
	if t.Sheet != "" {
		return f.T("board-kept-caption-sheet", "file", l.Receipt.File, "sheet", t.Sheet, "cell", l.Cell.Cell)
	}
	return f.T("board-kept-caption", "file", l.Receipt.File, "cell", l.Cell.Cell)
}

// keptSaid says how the file was read and what is not shown of it.
func keptSaid(f *web.Frame, l Lineage, t schema.CellTable) []string {
	out := []string{f.T("board-kept-size", "rows", t.Records, "columns", t.Widest)}
	add := func(when bool, id string, args ...any) {
		if when {
			out = append(out, f.T(id, args...))
		}
	}
	add(true, "board-kept-format", "format", strings.ToUpper(t.Format))
	add(t.Inner != "", "board-kept-inner", "name", t.Inner)
	add(t.Encoding != "", "board-kept-encoding", "encoding", t.Encoding)
	add(t.Format == "csv" && t.Line > 0, "board-kept-line", "line", t.Line)
	add(t.Tables > 1, "board-kept-sheets", "n", t.Tables)
	add(t.Hidden > 0, "board-kept-hidden-sheets", "n", t.Hidden)
	add(t.SheetHidden, "board-kept-sheet-hidden")
	add(slices.ContainsFunc(t.Rows, func(r schema.CellRow) bool { return r.Hidden }), "board-kept-hidden-rows")
	add(slices.ContainsFunc(t.Columns, func(c schema.CellColumn) bool { return c.Hidden }), "board-kept-hidden-columns")
	add(l.Cell.Same, "board-kept-same")
	add(!l.Cell.Same, "board-kept-other", "written", l.Cell.Written, "text", l.Cell.Text)
	return out
}

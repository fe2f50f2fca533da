package lineage

import (
	"slices"
	"strconv"
	"strings"

	"yardstick/dashboards/web"
	"yardstick/schema"
)

// keptTable is the table a figure was read from, as it stood in the kept file,
// around the figure's cell: the window a Tracer gave.
type keptTable struct {
	*web.Frame
	schema.CellTable
	Caption    string
	Said       []string // how it was read, and what is not shown of it
	Head, Side int      // the row and the column that the cell's headings stand in: they stay in view
}

type keptCell struct {
	ID, Text, Class string
	Across, Down    int
	Marked          bool
	Label           string // what was read from it, in words
	Gap             bool   // columns are left out before it
}

// drawTable draws the window.
func drawTable(f *web.Frame, l Lineage, t schema.CellTable) keptTable {
	out := keptTable{Frame: f, CellTable: t, Caption: keptCaption(f, l, t), Said: keptSaid(f, l, t)}
	out.Head, out.Side = headsOf(t)
	if t.ColumnsLeft > 0 {
		out.Said = append(out.Said, f.T("board-kept-columns-after", "n", t.ColumnsLeft))
	}
	return out
}

// Wide is the columns of the whole, for what spans all.
func (k keptTable) Wide() int {
	wide := 1 + len(k.Columns)
	for _, c := range k.Columns {
		if c.Before > 0 {
			wide++
		}
	}
	return wide
}

// Letters name a column.
func (k keptTable) Letters(c schema.CellColumn) string { return web.ColumnName(c.Number) }

// Drawn are the cells of a row that no other covers.
func (k keptTable) Drawn(r schema.CellRow) (out []keptCell) {
	for i, c := range r.Cells {
		if !c.Covered {
			out = append(out, drawCell(k.Frame, k.Columns[i], r.Number, c, k.Columns[i].Number == k.Side))
		}
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

package lineage

import (
	"context"
	"errors"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"yardstick/dashboards/web"
	"yardstick/schema"
	"yardstick/schema/words"
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
func (k keptTable) Letters(c schema.CellColumn) string { return schema.ColumnName(c.Number) }

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
		out.ID = "c-" + schema.ColumnName(col.Number) + strconv.Itoa(row)
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

// cell is where a reported figure was read, as it was taken in.
func (t *tracing) cell(o schema.Observation) *LineageCell {
	c := &LineageCell{Address: o.Cell, Cell: o.Cell, Written: o.Written, UnitWritten: o.UnitWritten, Headings: []schema.CellOrigin{}}
	if at := strings.LastIndexByte(o.Cell, '!'); at >= 0 {
		c.Sheet, c.Cell = o.Cell[:at], o.Cell[at+1:]
	}
	return c
}

// unitBeside adds where the unit stands when no heading of its own names it:
// behind the number, or with the indicator's name.
func (c *LineageCell) unitBeside(o schema.Observation, suffix string) {
	if o.Value == nil || o.UnitWritten == "" || slices.ContainsFunc(c.Headings, func(h schema.CellOrigin) bool { return h.Field == "unit" }) {
		return
	}
	if suffix != "" && strings.HasSuffix(suffix, o.UnitWritten) {
		c.Headings = append(c.Headings, schema.CellOrigin{Field: "unit", Cell: c.Cell, Text: o.UnitWritten})
		return
	}
	for _, h := range c.Headings {
		if h.Field == "indicator" && h.Cell != "" && strings.Contains(h.Text, o.UnitWritten) {
			c.Headings = append(c.Headings, schema.CellOrigin{Field: "unit", Cell: h.Cell, Text: o.UnitWritten})
			return
		}
	}
}

// whyNoTable says why a kept file is not shown.
func whyNoTable(err error) schema.Text {
	switch {
	case errors.Is(err, ErrTableTooLarge):
		return words.Say("board-no-table-large")
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return words.Say("board-no-table-slow")
	}
	return words.Say("board-no-table-unread")
}

// conversion is how the figure's value follows from the number in its cell; nil
// where redoing it does not give the value.
func (t *tracing) conversion(o schema.Observation, table schema.CellTable) *Conversion {
	ind, ok := t.Register.Indicators.ByCode(o.Indicator)
	if !ok || o.Value == nil || table.Number == nil {
		return nil
	}
	factor, err := t.Register.Indicators.Convert(ind, schema.NewDecimal(1, 0), o.UnitWritten)
	if err != nil {
		return nil
	}
	out := &Conversion{Number: *table.Number, Unit: o.UnitWritten, Suffix: table.Suffix, Factor: factor.Normal(), Value: *o.Value, Into: o.Unit}
	// The multipliers that stand behind numbers, 百 千 万 百万 千万 亿 万亿, by their zeros.
	for _, zeros := range []int{0, 2, 3, 4, 6, 7, 8, 12} {
		multiplier := schema.NewDecimal(int64(math.Pow10(zeros)), 0)
		if !table.Number.Mul(factor).Mul(multiplier).Equal(*o.Value) {
			continue
		}
		if zeros > 0 {
			out.Multiplier = &multiplier
		}
		return out
	}
	return nil
}

// equation is a formula with its figures, in the catalogue's units; "" where
// redoing it does not give the value.
func (t *tracing) equation(l Lineage) string {
	if l.Formula == nil || l.Figure.Value == nil {
		return ""
	}
	var text strings.Builder
	total := new(big.Rat)
	for i, term := range l.Terms {
		v := term.Figure.Value
		if v == nil || term.Role == schema.RoleDenominator && v.Sign() == 0 {
			return ""
		}
		sign := ""
		switch term.Role {
		case schema.RoleNumerator, schema.RolePart:
			total.Add(total, v.Rat())
			sign = " + "
		case schema.RoleBaseline:
			total.Sub(total, v.Rat())
			sign = " − "
		case schema.RoleDenominator:
			total.Quo(total, v.Rat())
			sign = " ÷ "
		default:
			return ""
		}
		if i > 0 {
			text.WriteString(sign)
		}
		text.WriteString(v.String())
	}
	out := text.String()
	switch l.Formula.Op {
	case "share":
		total.Mul(total, big.NewRat(100, 1))
		out += " × 100"
	case "yoy":
		total.Sub(total, big.NewRat(1, 1)).Mul(total, big.NewRat(100, 1))
		out = "(" + out + " − 1) × 100"
	}
	value := *l.Figure.Value
	switch {
	case value.Rat().Cmp(total) == 0:
		return out + " = " + value.String() + " " + l.Figure.Unit
	case schema.DecimalFromRat(total, value.Scale()).Equal(value):
		return out + " ≈ " + value.String() + " " + l.Figure.Unit
	}
	return ""
}

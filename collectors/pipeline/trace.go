package pipeline

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"
	"unicode/utf8"

	"yardstick/collectors/reading"
	"yardstick/collectors/reading/account"
	"yardstick/collectors/table"
	"yardstick/schema"
)

// Bounds of the table around a traced cell. What is beyond is counted.
const (
	traceHead    = 12 // rows from the top
	traceAround  = 12 // rows before and after the cell
	traceOrigins = 8  // rows a heading stands in, beside those
	traceColumns = 26 // a table so wide is shown whole
	traceBeside  = 6  // columns before and after the cell
	traceFirst   = 3  // columns from the left
	traceText    = 200
)

// ErrNotTraced is returned by Trace for a file that cannot be read as a table.
var ErrNotTraced = errors.New("the file cannot be read as a table")

var errTraced = errors.New("the cell was found")

// Trace finds the cell of a figure in the kept bytes it came from, with the
// table around it and the headings the rest of the figure was read from. feed
// and receipt say what the file left out; headings that cannot be retraced with
// them are left out. It decodes the file once, as a load does.
func (p *Pipeline) Trace(ctx context.Context, src table.Source, feed schema.Feed, r schema.Receipt, at string) (out schema.CellTable, err error) {
	defer func() {
		if v := recover(); v != nil {
			p.o.Log.Error("a reader panicked", "receipt", r.ID, "cell", at, "panic", v, "stack", string(debug.Stack()))
			err = fmt.Errorf("tracing %s of %s: %w", at, r.ID, ErrNotTraced)
		}
	}()
	file, problems, err := p.table(ctx, src, r.File, table.Limits{})
	if err != nil {
		return out, fmt.Errorf("tracing %s of %s: %w", at, r.ID, err)
	}
	sheet, cell := Figure{Observation: schema.Observation{Cell: at}}.Place()
	i := slices.IndexFunc(file.Tables, func(t *table.Table) bool { return t.Sheet == sheet })
	if len(problems) > 0 || i < 0 {
		return out, fmt.Errorf("tracing %s of %s: %w", at, r.ID, ErrNotTraced)
	}
	t := file.Tables[i]
	out = schema.CellTable{Format: file.Format, Inner: file.Inner, Encoding: file.Encoding, Tables: len(file.Tables), Sheet: t.Sheet,
		SheetHidden: t.Hidden, Delimiter: t.Delimiter, LineEnds: t.LineEnds, Records: t.Records, Widest: t.Widest}
	for _, other := range file.Tables {
		if other.Hidden {
			out.Hidden++
		}
	}
	given := rulesOf(feed)
	for _, a := range r.Answers {
		given[a.Key] = a.Value
	}
	if err := p.origins(ctx, t, p.reading(given, len(file.Tables)), cell, &out); err != nil {
		return out, fmt.Errorf("tracing %s of %s: %w", at, r.ID, err)
	}
	w := &cutting{t: t, out: &out}
	w.column, w.row = table.Place(cell)
	if err := w.cut(ctx); err != nil {
		return out, fmt.Errorf("tracing %s of %s: %w", at, r.ID, err)
	}
	return out, nil
}

// origins reads the table as it was read when it came, up to the cell, and
// tells where each part of the figure stands.
func (p *Pipeline) origins(ctx context.Context, t *table.Table, o account.Options, cell string, out *schema.CellTable) error {
	err := reading.Read(ctx, t, o, &account.Findings{}, func(c *account.Candidate) error {
		if c.Cell(account.Value).Name() != cell {
			return nil
		}
		out.Number, out.Suffix = c.Number, c.Suffix
		for _, f := range []account.Field{account.Indicator, account.Region, account.Period, account.Unit, account.Basis, account.Status, account.Note, account.Published} {
			if text := c.Written(f); text != "" {
				out.Origins = append(out.Origins, schema.CellOrigin{Field: f.String(), Cell: c.Cell(f).Name(), Text: strings.Clone(shorten(text, traceText))})
			}
		}
		return errTraced
	})
	if err != nil && !errors.Is(err, errTraced) {
		return fmt.Errorf("finding the headings: %w", err)
	}
	return nil
}

// shorten is text of at most so many characters.
func shorten(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most]) + "…"
}

// cutting takes the window around a cell out of a table.
type cutting struct {
	t           *table.Table
	out         *schema.CellTable
	row, column int
}

func (w *cutting) cut(ctx context.Context) error {
	fields := map[string][]string{}
	rows, columns := map[int]bool{}, map[int]bool{}
	for _, o := range w.out.Origins {
		column, row := table.Place(o.Cell)
		if o.Cell == "" {
			continue
		}
		fields[o.Cell] = append(fields[o.Cell], o.Field)
		if len(rows) < traceOrigins {
			rows[row] = true
		}
		columns[column] = true
	}
	w.columns(columns)
	last := w.row + traceAround
	for row := range rows {
		last = max(last, row)
	}
	left := 0
	for row, err := range w.t.Rows(ctx) {
		if err != nil {
			return err
		}
		if row.Number > last {
			break
		}
		near := row.Number >= w.row-traceAround && row.Number <= w.row+traceAround
		if row.Number > traceHead && !near && !rows[row.Number] {
			left++
			continue
		}
		w.add(row, left, fields)
		left = 0
	}
	if n := len(w.out.Rows); n > 0 {
		w.out.RowsAfter = max(0, w.out.Records-w.out.Rows[n-1].Number)
	}
	w.merge()
	return nil
}

// columns chooses those to show: all, or the first, those beside the cell and
// those a heading stands in.
func (w *cutting) columns(headings map[int]bool) {
	before := 0
	for n := 1; n <= w.t.Widest; n++ {
		near := n >= w.column-traceBeside && n <= w.column+traceBeside
		if w.t.Widest > traceColumns && n > traceFirst && !near && !headings[n] {
			before++
			continue
		}
		w.out.Columns = append(w.out.Columns, schema.CellColumn{Number: n, Before: before, Hidden: w.t.ColumnHidden(n)})
		before = 0
	}
	w.out.ColumnsLeft = before
}

func (w *cutting) add(row *table.Row, before int, fields map[string][]string) {
	shown := schema.CellRow{Number: row.Number, Before: before, Hidden: row.Hidden}
	for _, col := range w.out.Columns {
		c := row.Cell(col.Number - 1)
		text := shorten(c.Text, traceText)
		cell := schema.TableCell{Text: strings.Clone(text), Cut: text != c.Text, Across: 1, Down: 1, Formula: c.Formula,
			Outside: col.Number > row.Len(), Fields: fields[c.Name()], Marked: row.Number == w.row && col.Number == w.column}
		if cell.Marked && !cell.Outside {
			w.out.Found, w.out.Text, w.out.Line, w.out.Formula = true, strings.Clone(c.Text), c.Line, c.Formula
		}
		shown.Cells = append(shown.Cells, cell)
	}
	w.out.Rows = append(w.out.Rows, shown)
}

// merge lets merged cells span what is shown of them, as far as nothing was
// left out between.
func (w *cutting) merge() {
	for _, m := range w.t.Merges {
		top := slices.IndexFunc(w.out.Rows, func(r schema.CellRow) bool { return r.Number == m.FirstRow })
		left := slices.IndexFunc(w.out.Columns, func(c schema.CellColumn) bool { return c.Number == m.FirstColumn })
		if top < 0 || left < 0 {
			continue
		}
		down, across := 1, 1
		for top+down < len(w.out.Rows) && w.out.Rows[top+down].Number <= m.LastRow && w.out.Rows[top+down].Before == 0 {
			down++
		}
		for left+across < len(w.out.Columns) && w.out.Columns[left+across].Number <= m.LastColumn && w.out.Columns[left+across].Before == 0 {
			across++
		}
		for i := range down {
			for j := range across {
				cell := &w.out.Rows[top+i].Cells[left+j]
				if i == 0 && j == 0 {
					cell.Across, cell.Down = across, down
				} else if !cell.Marked {
					cell.Covered = true
				}
			}
		}
	}
}

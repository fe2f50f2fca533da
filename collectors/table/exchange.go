package table

import (
	"context"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"yardstick/collectors/table/exchange"
	"yardstick/collectors/table/numfmt"
	"yardstick/collectors/table/refusal"
	"yardstick/collectors/table/runs"
)

// mostExchange is the size of a SYLK or DIF file: its cells are held in memory.
const mostExchange = 64 << 20

// exchanged reads a table in SYLK or DIF.
func (r *fileReader) exchanged(ctx context.Context, kind string, text io.Reader) error {
	r.file.Format = kind
	if r.src.Size() > mostExchange {
		return r.refuse(refusal.WorkbookTooLarge, "limit", refusal.Megabytes(mostExchange))
	}
	read := exchange.SYLK
	if kind == "dif" {
		read = exchange.DIF
	}
	most := min(mostXLSCells, r.limits.Cells)
	sheet, err := read(ctx, text, exchange.Limits{Rows: lastRow, Columns: min(lastColumn, r.limits.Columns), Cells: most, Line: r.limits.Field})
	var damaged *exchange.Damaged
	switch {
	case errors.As(err, &damaged):
		p := refusal.Problem(r.file.Name, refusal.FormatExchange, "format", strings.ToUpper(kind), "line", damaged.Line)
		p.Line = damaged.Line
		return refusal.Of(p)
	case errors.Is(err, exchange.ErrMany):
		return refusal.Told(r.file.Name, "", refusal.FormatExchange, faultAt(refusal.TooManyCells, 0, 0, "limit", most))
	case err != nil:
		return err
	}
	r.noteFile()
	t := &Table{File: r.file.Name}
	for _, c := range sheet.Hidden {
		t.HiddenColumns = append(t.HiddenColumns, Span{c, c})
	}
	found := tallies{}
	if err := t.grid(ctx, exchangedRows(sheet.Cells), found, r.limits); err != nil {
		return refusal.Told(r.file.Name, "", refusal.FormatExchange, err)
	}
	if t.Records == 0 {
		return r.refuse(refusal.Empty)
	}
	r.file.Tables = []*Table{t}
	r.noteSheet(t, found)
	return nil
}

// exchangedRows puts cells in rows, in order.
func exchangedRows(cells []exchange.Cell) []gridRow {
	slices.SortStableFunc(cells, func(a, b exchange.Cell) int {
		if a.Row != b.Row {
			return a.Row - b.Row
		}
		return a.Column - b.Column
	})
	styles := map[string]runs.Style{}
	var out []gridRow
	for _, c := range cells {
		style, known := styles[c.Format]
		if !known {
			style = runs.Style{Format: numfmt.FormatOf(0, c.Format)}
			styles[c.Format] = style
		}
		text, a := exchangedCell(c, style)
		if text == "" && a.Why == numfmt.Agrees {
			continue
		}
		if n := len(out); n == 0 || out[n-1].number != c.Row {
			out = append(out, gridRow{number: c.Row})
		}
		row := &out[len(out)-1]
		row.cells = append(row.cells, gridCell{c.Column, text, a})
	}
	return out
}

// exchangedCell makes the text of a cell from what is stored.
func exchangedCell(c exchange.Cell, style runs.Style) (string, numfmt.About) {
	text, a := runs.Lines(c.Text), numfmt.About{Decimals: -1}
	switch c.Kind {
	case exchange.Number:
		number, err := strconv.ParseFloat(c.Text, 64)
		if err != nil || plainLong(c.Text) {
			a.Kind = numfmt.KindNumber
			break
		}
		if text, a = style.Number(number, false, true); c.Format == "" && strings.Trim(c.Text, "-.0123456789") == "" {
			text = c.Text // with the zeros that are written
		}
	case exchange.Bool:
		a.Kind = numfmt.KindBool
	case exchange.Error:
		a.Kind, a.Why, a.Shown = numfmt.KindError, numfmt.ErrorValue, text
	case exchange.Uncalculated:
		a.Why = numfmt.Uncalculated
	default:
		style.Words(text, nil, &a)
	}
	if a.Formula = c.Formula; c.Formula && text == "" && a.Why == numfmt.Agrees {
		a.Why = numfmt.FormulaEmpty
	}
	return text, a
}

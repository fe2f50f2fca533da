package table

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"yardstick/collectors/table/numfmt"
	"yardstick/collectors/table/refusal"
	"yardstick/collectors/table/spelling"
)

// A file is decoded once, and its rows are held for whoever looks at them: up
// to so many bytes. A larger one is decoded anew for each walk.
const (
	mostHeldSource = 16 << 20 // bytes of the file, read from its source once
	mostHeldRows   = 48 << 20 // bytes of its rows
)

// inMemory is the source held in memory, unless it is large.
func inMemory(src Source) (Source, error) {
	if src.Size() > mostHeldSource {
		return src, nil
	}
	all := make([]byte, src.Size())
	if _, err := io.ReadFull(io.NewSectionReader(src, 0, src.Size()), all); err != nil {
		return nil, fmt.Errorf("reading the bytes: %w", err)
	}
	return bytes.NewReader(all), nil
}

// holder gathers the rows of a walk.
type holder struct {
	left int // bytes that may still be held; negative: it was too much
	rows []*Row
}

// add holds a row, if there is room.
func (h *holder) add(row *Row) {
	const each, aCell, anAbout = 144, 24, 64 // what a row and a cell take beside the text
	h.left -= each + aCell*len(row.Texts) + anAbout*len(row.abouts)
	for _, text := range row.Texts {
		h.left -= len(text)
	}
	if h.left < 0 {
		h.rows = nil
		return
	}
	h.rows = append(h.rows, row.Clone())
}

// holds lets the table's rows be walked from those held, where all were. The
// room that is left is for the next table of the file.
func (t *Table) holds(h *holder) {
	if t.Decoded = 1; h.left < 0 {
		decode := t.open
		t.open = func(ctx context.Context) rows { t.Decoded++; return decode(ctx) }
		return
	}
	held := h.rows
	t.open = func(context.Context) rows {
		return func(yield func(*Row, error) bool) {
			for _, row := range held {
				if !yield(row, nil) {
					return
				}
			}
		}
	}
	h.rows = nil
}

// measure walks the rows of a sheet for their number and what is to be told.
// cells counts those of the tables that share one bound.
func (t *Table) measure(ctx context.Context, walk rows, cells *int, l Limits, see func(*Row)) error {
	mostCells := min(l.Cells, mostGridCells)
	for row, err := range walk {
		if err = cmp.Or(err, ctx.Err()); err != nil {
			return err
		}
		if err := clean(row); err != nil {
			return err
		}
		if row.Len() > l.Columns {
			return faultAt(refusal.TooManyColumns, row.Number, l.Columns+1, "limit", l.Columns)
		}
		t.Records, t.Widest, t.Cells = row.Number, max(t.Widest, row.Len()), t.Cells+row.Len()
		if *cells += row.Len(); *cells > mostCells {
			return faultAt(refusal.TooManyCells, row.Number, 0, "limit", mostCells)
		}
		see(row)
	}
	return nil
}

// gridRow is a row kept in memory, with its filled cells alone.
type gridRow struct {
	number int
	hidden bool
	width  int        // columns it has at least, the last of them empty
	cells  []gridCell // by column
}

type gridCell struct {
	column int // from 1
	text   string
	about  numfmt.About
}

// grid lets rows kept in memory be walked as the table's, and measures them.
func (t *Table) grid(ctx context.Context, kept []gridRow, found tallies, l Limits) error {
	t.Decoded = 1
	t.open = func(context.Context) rows {
		return spaced(func(yield func(*Row, error) bool) {
			var row Row
			for _, from := range kept {
				row.begin(from.number)
				row.Hidden = from.hidden
				for _, c := range from.cells {
					row.put(c.column, c.text, c.about)
				}
				if from.width > row.Len() {
					row.put(from.width, "", numfmt.About{Decimals: -1})
				}
				if !yield(&row, nil) {
					return
				}
			}
		})
	}
	return t.measure(ctx, t.open(ctx), new(int), l, found.see)
}

// spaced gives blank rows between those that hold anything.
func spaced(filled rows) rows {
	return func(yield func(*Row, error) bool) {
		given := 0
		for row, err := range filled {
			for given++; err == nil && given < row.Number; given++ {
				if !yield(&Row{Number: given, Line: given}, nil) {
					return
				}
			}
			if !yield(row, err) {
				return
			}
		}
	}
}

// begin empties the row for the next number.
func (r *Row) begin(number int) {
	clear(r.abouts)
	*r = Row{Number: number, Line: number, Texts: r.Texts[:0], abouts: r.abouts[:0]}
}

// holds reports whether the row is more than formulas that say nothing.
func (r *Row) holds() bool {
	for i, text := range r.Texts {
		if text != "" || r.abouts[i].Why != numfmt.Agrees && r.abouts[i].Why != numfmt.FormulaEmpty {
			return true
		}
	}
	return false
}

// put sets a cell (column from 1) and widens the row as needed.
func (r *Row) put(column int, text string, a numfmt.About) {
	for len(r.Texts) < column {
		r.Texts, r.abouts = append(r.Texts, ""), append(r.abouts, numfmt.About{Decimals: -1})
	}
	a.Shown, a.Bare = spelling.Visible(a.Shown), spelling.Visible(a.Bare)
	r.Texts[column-1], r.abouts[column-1] = spelling.Visible(text), a
}

// clean refuses control characters, as in a text file.
func clean(row *Row) error {
	for i, text := range row.Texts {
		for j := range len(text) {
			switch b := text[j]; {
			case b == 0:
				return faultAt(refusal.NULByte, row.Number, i+1)
			case b < ' ' && b != '\t' && b != '\n' && b != '\r', b == 0x7f:
				return faultAt(refusal.ControlCharacter, row.Number, i+1)
			}
		}
	}
	return nil
}

// Edit is what a person says of one cell of a file: it is to be read as Text,
// whatever stands there. Edits lie between the table and its reading; the bytes
// and the table as decoded stay what they are.
type Edit struct {
	Sheet string // "" for a text file
	Cell  string // its name: D7
	Text  string // "" for a cell that is to be read as empty
}

// ErrNoCell is returned for an edit of a cell that the file does not have.
var ErrNoCell = errors.New("the file has no such cell")

// Edited gives the tables with the edits made in their order: of two for one
// cell the later holds.
func Edited(tables []*Table, edits []Edit) ([]*Table, error) {
	if len(edits) == 0 {
		return tables, nil
	}
	type place struct{ table, row int }
	said := map[place]map[int]string{} // by column
	out := slices.Clone(tables)
	for _, e := range edits {
		i := slices.IndexFunc(tables, func(t *Table) bool { return t.Sheet == e.Sheet })
		column, row := Place(e.Cell)
		if i < 0 || column < 1 || row < 1 || column > tables[i].Widest || row > tables[i].Records {
			return nil, fmt.Errorf("editing %s of sheet %q: %w", e.Cell, e.Sheet, ErrNoCell)
		}
		if said[place{i, row}] == nil {
			said[place{i, row}] = map[int]string{}
		}
		said[place{i, row}][column] = e.Text
		edited := *tables[i]
		edited.open = func(ctx context.Context) rows {
			return editedRows(tables[i].open(ctx), func(row int) map[int]string { return said[place{i, row}] })
		}
		out[i] = &edited
	}
	return out, nil
}

// editedRows walks rows with the texts that were said of the cells of a row, by
// column.
func editedRows(as rows, said func(row int) map[int]string) rows {
	return func(yield func(*Row, error) bool) {
		for row, err := range as {
			if err == nil && said(row.Number) != nil {
				row = row.edited(said(row.Number))
			}
			if !yield(row, err) {
				return
			}
		}
	}
}

// edited is the row with the texts said of its cells, by column.
func (r *Row) edited(said map[int]string) *Row {
	r = r.Clone()
	for column, text := range said {
		for len(r.Texts) < column {
			r.Texts = append(r.Texts, "")
			if r.lines != nil {
				r.lines = append(r.lines, r.Line)
			}
			if r.abouts != nil {
				r.abouts = append(r.abouts, numfmt.About{Decimals: -1})
			}
		}
		r.Texts[column-1] = text
		if r.abouts != nil {
			r.abouts[column-1] = numfmt.About{Decimals: -1}
		}
	}
	return r
}

// Place gives column and row of a cell's name, both from 1: 4 and 7 of D7. What
// it does not name is 0.
func Place(cell string) (column, row int) {
	if cell == strings.ToUpper(cell) {
		column, row, _ = reference(cell)
	}
	return column, row
}

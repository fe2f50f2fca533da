package table

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"yardstick/collectors/table/numfmt"
)

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
	said := map[*Table]map[int]map[int]string{} // by row and column
	for _, e := range edits {
		i := slices.IndexFunc(tables, func(t *Table) bool { return t.Sheet == e.Sheet })
		column, row := Place(e.Cell)
		if i < 0 || column < 1 || row < 1 || column > tables[i].Widest || row > tables[i].Records {
			return nil, fmt.Errorf("editing %s of sheet %q: %w", e.Cell, e.Sheet, ErrNoCell)
		}
		if said[tables[i]] == nil {
			said[tables[i]] = map[int]map[int]string{}
		}
		if said[tables[i]][row] == nil {
			said[tables[i]][row] = map[int]string{}
		}
		said[tables[i]][row][column] = e.Text
	}
	out := slices.Clone(tables)
	for i, t := range tables {
		if said[t] != nil {
			edited := *t
			edited.open = func(ctx context.Context) rows { return editedRows(t.open(ctx), said[t]) }
			out[i] = &edited
		}
	}
	return out, nil
}

// editedRows walks rows with the texts that were said of cells, by row and column.
func editedRows(as rows, said map[int]map[int]string) rows {
	return func(yield func(*Row, error) bool) {
		for row, err := range as {
			if err == nil && said[row.Number] != nil {
				row = row.edited(said[row.Number])
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

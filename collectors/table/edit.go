package table

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"

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
		if said[t] == nil {
			continue
		}
		edited := *t
		edited.open = func() (rowReader, error) {
			rows, err := t.open()
			return &editedRows{rows, said[t]}, err
		}
		out[i] = &edited
	}
	return out, nil
}

// editedRows walks rows with the texts that were said of cells, by row and column.
type editedRows struct {
	rowReader
	said map[int]map[int]string
}

func (e *editedRows) next(ctx context.Context) (*Row, error) {
	row, err := e.rowReader.next(ctx)
	if err != nil || e.said[row.Number] == nil {
		return row, err
	}
	row = row.Clone()
	for column, text := range e.said[row.Number] {
		for len(row.Texts) < column {
			row.Texts = append(row.Texts, "")
			if row.lines != nil {
				row.lines = append(row.lines, row.Line)
			}
			if row.abouts != nil {
				row.abouts = append(row.abouts, numfmt.About{Decimals: -1})
			}
		}
		row.Texts[column-1] = text
		if row.abouts != nil {
			row.abouts[column-1] = numfmt.About{Decimals: -1}
		}
	}
	return row, nil
}

// Close closes what it reads from, where that is to be closed.
func (e *editedRows) Close() error {
	if c, ok := e.rowReader.(io.Closer); ok {
		return c.Close()
	}
	return nil
}

// Place gives column and row of a cell's name, both from 1: 4 and 7 of D7. What
// it does not name is 0.
func Place(cell string) (column, row int) {
	i := 0
	for ; i < len(cell) && cell[i] >= 'A' && cell[i] <= 'Z' && column < 1<<16; i++ {
		column = column*26 + int(cell[i]-'A') + 1
	}
	row, _ = strconv.Atoi(cell[i:]) // digits by construction; else 0
	return column, row
}

package download

import (
	"encoding/csv"
	"fmt"
	"io"
)

// bom tells Excel that a CSV file is UTF-8; without one it garbles Chinese.
const bom = "\ufeff"

type csvTable struct {
	out     *csv.Writer
	columns []Column
	people  bool
	row     []string
}

func newCSV(w io.Writer, o Options, columns []Column) (*csvTable, error) {
	t := &csvTable{out: csv.NewWriter(w), columns: columns, people: o.People, row: make([]string, len(columns))}
	for i, c := range columns {
		t.row[i] = c.Name
		if o.People {
			t.row[i] = c.Title.In(o.Lang)
		}
	}
	if o.People {
		if _, err := io.WriteString(w, bom); err != nil {
			return nil, fmt.Errorf("writing CSV: %w", err)
		}
	}
	return t, t.write()
}

func (t *csvTable) Row(cells ...string) error {
	if len(cells) != len(t.columns) {
		return fmt.Errorf("a row of %d cells for %d columns", len(cells), len(t.columns))
	}
	copy(t.row, cells)
	if t.people {
		for i := range t.row {
			t.row[i] = guard(t.row[i])
		}
	}
	return t.write()
}

func (t *csvTable) write() error {
	if err := t.out.Write(t.row); err != nil {
		return fmt.Errorf("writing CSV: %w", err)
	}
	return nil
}

func (t *csvTable) Close(...Fact) error {
	t.out.Flush()
	if err := t.out.Error(); err != nil {
		return fmt.Errorf("writing CSV: %w", err)
	}
	return nil
}

func (t *csvTable) Discard() error { return nil }

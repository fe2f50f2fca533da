package download

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
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

// jsonList writes an indented list, element by element, as json.Encoder writes
// it in one piece.
type jsonList struct {
	out   *bufio.Writer
	buf   bytes.Buffer
	enc   *json.Encoder
	count int
}

func newList(w io.Writer) *jsonList {
	l := &jsonList{out: bufio.NewWriter(w)}
	l.enc = json.NewEncoder(&l.buf)
	l.enc.SetEscapeHTML(false)
	l.enc.SetIndent("  ", "  ")
	return l
}

func (l *jsonList) add(v any) error {
	l.buf.Reset()
	if err := l.enc.Encode(v); err != nil {
		return fmt.Errorf("writing JSON: %w", err)
	}
	lead := "[\n  "
	if l.count > 0 {
		lead = ",\n  "
	}
	l.count++
	_, _ = l.out.WriteString(lead) // a bufio.Writer keeps its error for Flush and the next write
	if _, err := l.out.Write(bytes.TrimRight(l.buf.Bytes(), "\n")); err != nil {
		return fmt.Errorf("writing JSON: %w", err)
	}
	return nil
}

func (l *jsonList) end() error {
	tail := "\n]\n"
	if l.count == 0 {
		tail = "[]\n"
	}
	_, _ = l.out.WriteString(tail)
	if err := l.out.Flush(); err != nil {
		return fmt.Errorf("writing JSON: %w", err)
	}
	return nil
}

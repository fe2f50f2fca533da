package download

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"yardstick/schema"
)

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

// jsonTable is a list of objects, a member for each column. Numbers are JSON
// numbers with their own digits; an empty cell is null.
type jsonTable struct {
	*jsonList
	columns []Column
}

func newJSON(w io.Writer, columns []Column) (*jsonTable, error) {
	return &jsonTable{newList(w), columns}, nil
}

func (t *jsonTable) Row(cells ...string) error {
	if len(cells) != len(t.columns) {
		return fmt.Errorf("a row of %d cells for %d columns", len(cells), len(t.columns))
	}
	return t.add(object{t.columns, cells})
}

func (t *jsonTable) Close(...Fact) error { return t.end() }

func (t *jsonTable) Discard() error { return nil }

// object is a row as JSON, its members in the columns' order.
type object struct {
	columns []Column
	cells   []string
}

// MarshalJSON implements json.Marshaler.
func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b) // json.Marshal would write < as \u003c
	enc.SetEscapeHTML(false)
	b.WriteByte('{')
	for i, c := range o.columns {
		if i > 0 {
			b.WriteByte(',')
		}
		var value any = o.cells[i]
		if d, err := schema.ParseDecimal(o.cells[i]); err == nil && c.Kind == Number {
			value = d
		} else if o.cells[i] == "" && c.Kind != Text {
			value = nil
		}
		if err := enc.Encode(c.Name); err != nil {
			return nil, fmt.Errorf("writing JSON: %w", err)
		}
		b.WriteByte(':')
		if err := enc.Encode(value); err != nil {
			return nil, fmt.Errorf("writing JSON: %w", err)
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

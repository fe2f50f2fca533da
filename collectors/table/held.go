package table

import (
	"bytes"
	"context"
	"fmt"
	"io"
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
	const each, aCell = 144, 24 // what a row and a cell take beside the text
	h.left -= each + aCell*len(row.Texts) + 40*len(row.abouts)
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
		t.open = func() (rowReader, error) { t.Decoded++; return decode() }
		return
	}
	rows := h.rows
	t.open = func() (rowReader, error) { return &heldRows{rows}, nil }
	h.rows = nil
}

// heldRows walks rows that are held.
type heldRows struct{ rows []*Row }

func (h *heldRows) next(ctx context.Context) (*Row, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if len(h.rows) == 0 {
		return nil, io.EOF
	}
	row := h.rows[0]
	h.rows = h.rows[1:]
	return row, nil
}

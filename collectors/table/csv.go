package table

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"

	"yardstick/schema"
)

// readCSV decides the delimiter from the whole text, then walks all rows once
// to see that they can be read.
func readCSV(ctx context.Context, src Source, enc encoding, name string, l Limits) (*Table, []schema.Problem, error) {
	delimiter, err := sniff(ctx, enc, src)
	if err != nil {
		return nil, nil, fmt.Errorf("reading %s: %w", name, err)
	}
	t := &Table{File: name, Delimiter: delimiter}
	t.open = func() rowReader { return newScanner(enc.open(src), delimiter, l) }
	rows := t.open()
	for {
		row, err := rows.next(ctx)
		var fault *cellFault
		switch {
		case errors.Is(err, io.EOF):
			return t, nil, nil
		case errors.As(err, &fault):
			return nil, []schema.Problem{problemAt(name, fault.cell, fault.code, fault.args...)}, nil
		case err != nil:
			return nil, nil, fmt.Errorf("reading %s: %w", name, err)
		}
		t.Records, t.Cells, t.Widest = row.Number, t.Cells+row.Len(), max(t.Widest, row.Len())
		if t.Cells > l.Cells {
			return nil, []schema.Problem{problemAt(name, row.Cell(0), TooManyCells, "limit", l.Cells)}, nil
		}
	}
}

// cellFault is why a row cannot be read, at the cell where it begins.
type cellFault struct {
	code string
	cell Cell
	args []any
}

func (f *cellFault) Error() string { return fmt.Sprintf("%s at %s", f.code, f.cell.Name()) }

// scanner splits text into rows. A quote opens a quoted cell at a cell's first
// character only; elsewhere it is a character like any other. CRLF, LF and CR
// each end a row.
type scanner struct {
	r         *bufio.Reader
	delimiter byte
	limits    Limits

	row    Row
	text   []byte // of the row
	ends   []int  // where each cell ends in text
	starts []int  // line each cell begins on
	line   int    // line of the next byte
	number int
}

func newScanner(r io.Reader, delimiter byte, l Limits) *scanner {
	return &scanner{r: bufio.NewReaderSize(r, 1<<16), delimiter: delimiter, limits: l, line: 1}
}

// next gives the next row. An empty line is a row of one empty cell, as it is
// a row in a spreadsheet; the end of the last line begins no row.
func (s *scanner) next(ctx context.Context) (*Row, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.text, s.ends, s.starts = s.text[:0], s.ends[:0], s.starts[:0]
	s.number++
	s.row = Row{Number: s.number, Line: s.line, Texts: s.row.Texts[:0]}
	if _, err := s.r.ReadByte(); err != nil {
		return nil, err
	} else if err := s.r.UnreadByte(); err != nil {
		return nil, err
	}
	for {
		if len(s.ends) >= s.limits.Columns {
			return nil, s.fault(TooManyColumns, s.line, "limit", s.limits.Columns)
		}
		more, err := s.field()
		if err != nil {
			return nil, err
		}
		if len(s.text) > s.limits.Row {
			return nil, &cellFault{RowTooLong, Cell{Line: s.row.Line, Row: s.number, Column: len(s.ends)}, []any{"limit", s.limits.Row}}
		}
		if !more {
			return s.finish(), nil
		}
	}
}

func (s *scanner) finish() *Row {
	all, from := string(s.text), 0
	for _, end := range s.ends {
		s.row.Texts = append(s.row.Texts, all[from:end])
		from = end
	}
	if s.starts[len(s.starts)-1] != s.row.Line {
		s.row.lines = append([]int(nil), s.starts...)
	}
	return &s.row
}

func (s *scanner) fault(code string, line int, args ...any) error {
	from := 0
	if n := len(s.ends); n > 0 {
		from = s.ends[n-1]
	}
	excerpt := s.text[from:]
	if len(excerpt) > 200 {
		excerpt = excerpt[:200]
	}
	return &cellFault{code, Cell{Text: string(excerpt), Line: line, Row: s.number, Column: len(s.ends) + 1}, args}
}

// field reads one cell and what ends it; more says that another follows in
// this row.
func (s *scanner) field() (more bool, err error) {
	s.starts = append(s.starts, s.line)
	b, err := s.r.ReadByte()
	switch {
	case errors.Is(err, io.EOF):
		s.ends = append(s.ends, len(s.text))
		return false, nil
	case err != nil:
		return false, err
	case b == '"':
		return s.quoted()
	}
	from := len(s.text)
	for {
		if done, more, err := s.ended(b); done || err != nil {
			return more, err
		}
		s.text = append(s.text, b)
		if len(s.text)-from > s.limits.Field {
			return false, s.fault(FieldTooLong, s.line, "limit", s.limits.Field)
		}
		if b, err = s.r.ReadByte(); errors.Is(err, io.EOF) {
			s.ends = append(s.ends, len(s.text))
			return false, nil
		} else if err != nil {
			return false, err
		}
	}
}

// ended reports whether b ends a cell, and does so.
func (s *scanner) ended(b byte) (done, more bool, err error) {
	switch b {
	case s.delimiter:
		s.ends = append(s.ends, len(s.text))
		return true, true, nil
	case '\r':
		next, err := s.r.ReadByte()
		if err == nil && next != '\n' {
			err = s.r.UnreadByte()
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return true, false, err
		}
		fallthrough
	case '\n':
		s.line++
		s.ends = append(s.ends, len(s.text))
		return true, false, nil
	}
	return false, false, nil
}

// quoted reads a cell whose opening quote was read. A quote that is never
// closed, or closed in the middle of a cell, is told where the cell begins.
func (s *scanner) quoted() (more bool, err error) {
	start, from, lines := s.line, len(s.text), lineCount{line: s.line}
	for {
		b, err := s.r.ReadByte()
		if errors.Is(err, io.EOF) {
			return false, s.fault(QuoteUnbalanced, start)
		}
		if err != nil {
			return false, err
		}
		if b == '"' {
			b, err = s.r.ReadByte()
			switch {
			case errors.Is(err, io.EOF):
				s.line = lines.line
				s.ends = append(s.ends, len(s.text))
				return false, nil
			case err != nil:
				return false, err
			case b != '"':
				s.line = lines.line
				done, more, err := s.ended(b)
				if err == nil && !done {
					err = s.fault(QuoteBroken, start)
				}
				return more, err
			}
		}
		lines.step(rune(b))
		s.text = append(s.text, b)
		if len(s.text)-from > s.limits.Field {
			return false, s.fault(QuoteUnbalanced, start)
		}
	}
}

package table

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"strings"

	"yardstick/collectors/table/refusal"
	"yardstick/collectors/table/spelling"
)

// readCSV decides the dialect from the whole text: of those that could be, the
// first that reads without a fault and leaves nothing odd, else the one that
// leaves least. It walks all rows to see that they can be read.
func readCSV(ctx context.Context, src *io.SectionReader, enc spelling.Encoding, name string, l Limits, room holder) (*Table, error) {
	all, err := spelling.Dialects(ctx, func() io.Reader { return enc.Open(src) })
	if err != nil {
		return nil, err
	}
	var best *Table
	var least int
	var first error
	for _, d := range all {
		t, odd, err := try(ctx, src, enc, name, d, l, room)
		var refused *refusal.Refusal
		switch {
		case errors.As(err, &refused):
			if first == nil {
				first = err
			}
			continue
		case err != nil:
			return nil, err
		}
		if best == nil || odd < least {
			best, least = t, odd
		}
		if odd == 0 {
			break
		}
	}
	if best == nil {
		return nil, first
	}
	if best.wide > 1 && best.wide == best.filled {
		c := Cell{Line: best.wideLine, Row: best.wideLine, Column: 1}
		return nil, (&fault{refusal.DelimiterWide, c, nil}).refusal(name, "")
	}
	return best, nil
}

// try walks the text in one dialect; odd counts what another might explain.
func try(ctx context.Context, src *io.SectionReader, enc spelling.Encoding, name string, d spelling.Dialect, l Limits, hold holder) (t *Table, odd int, err error) {
	t = &Table{File: name, Delimiter: d.Delimiter, Quote: d.Quote, Escape: d.Escape}
	t.open = func(context.Context) rows { return newScanner(enc.Open(src), d, l).rows() }
	scan := newScanner(enc.Open(src), d, l)
	widths := map[int]int{}
	firsts := map[int]int{}
	for row, err := range scan.rows() {
		var bad *fault
		switch err = cmp.Or(err, ctx.Err()); {
		case errors.As(err, &bad):
			return nil, 0, bad.refusal(name, "")
		case err != nil:
			return nil, 0, err
		}
		t.Records, t.Cells, t.Widest = row.Number, t.Cells+row.Len(), max(t.Widest, row.Len())
		if t.Cells > l.Cells {
			return nil, 0, (&fault{refusal.TooManyCells, row.Cell(0), []any{"limit", l.Cells}}).refusal(name, "")
		}
		hold.add(row)
		if row.Blank() {
			continue
		}
		if t.filled++; row.Len() == 1 {
			t.seeWide(row)
		}
		if widths[row.Len()]++; widths[row.Len()] == 1 {
			firsts[row.Len()] = row.Line
		}
	}
	t.LineEnds = scan.lineEnds()
	t.ragged(widths, firsts)
	t.holds(&hold)
	return t, scan.odd, nil
}

// ragged finds the commonest width and the rows that have another. Rows of a
// single cell are left aside: titles and notes.
func (t *Table) ragged(widths, firsts map[int]int) {
	for w, n := range widths {
		if n > widths[t.Common] || n == widths[t.Common] && w > t.Common {
			t.Common = w
		}
	}
	for w, n := range widths {
		if w != t.Common && w > 1 {
			t.Ragged += n
			if t.raggedLine == 0 || firsts[w] < t.raggedLine {
				t.raggedLine = firsts[w]
			}
		}
	}
}

// seeWide counts rows that a full-width comma divides into as many parts as it
// divided the first.
func (t *Table) seeWide(row *Row) {
	n := strings.Count(row.Texts[0], "，")
	if n > 0 && t.wide == 0 {
		t.wideParts, t.wideLine = n, row.Line
	}
	if n > 0 && n == t.wideParts {
		t.wide++
	}
}

// scanner splits text into rows. A quote opens a quoted cell at a cell's first
// character only; elsewhere it is a character like any other. CRLF, LF and CR
// each end a row.
type scanner struct {
	r *bufio.Reader
	spelling.Dialect
	limits Limits

	row    Row
	text   []byte // of the row
	ends   []int  // where each cell ends in text
	starts []int  // line each cell begins on
	line   int    // line of the next byte
	number int

	odd          int // cells that another dialect might explain
	lf, crlf, cr bool
}

func newScanner(r io.Reader, d spelling.Dialect, l Limits) *scanner {
	return &scanner{r: bufio.NewReaderSize(r, 1<<16), Dialect: d, limits: l, line: 1}
}

// lineEnds names the line ends seen outside quotes.
func (s *scanner) lineEnds() string {
	switch {
	case s.crlf && (s.lf || s.cr), s.lf && s.cr:
		return "mixed"
	case s.crlf:
		return "CRLF"
	case s.cr:
		return "CR"
	case s.lf:
		return "LF"
	}
	return ""
}

// look counts an unquoted cell that holds the quote, or has the other quote at
// an end.
func (s *scanner) look(cell []byte) {
	if len(cell) == 0 {
		return
	}
	other := '"' + '\'' - s.Quote
	if cell[0] == other || cell[len(cell)-1] == other || bytes.IndexByte(cell, s.Quote) >= 0 {
		s.odd++
	}
}

// rows gives the rows to the end of the text.
func (s *scanner) rows() rows {
	return func(yield func(*Row, error) bool) {
		for {
			row, err := s.next()
			if errors.Is(err, io.EOF) || !yield(row, err) || err != nil {
				return
			}
		}
	}
}

// next gives the next row; io.EOF ends them. An empty line is a row of one empty cell, as it is
// a row in a spreadsheet; the end of the last line begins no row.
func (s *scanner) next() (*Row, error) {
	s.text, s.ends, s.starts = s.text[:0], s.ends[:0], s.starts[:0]
	s.number++
	s.row = Row{Number: s.number, Line: s.line, Texts: s.row.Texts[:0]}
	if _, err := s.r.Peek(1); err != nil {
		return nil, err
	}
	for more := true; more; {
		if len(s.ends) >= s.limits.Columns {
			return nil, s.fault(refusal.TooManyColumns, s.line, "limit", s.limits.Columns)
		}
		var err error
		if more, err = s.field(); err != nil {
			return nil, err
		}
		if len(s.text) > s.limits.Row {
			return nil, &fault{refusal.RowTooLong, Cell{Line: s.row.Line, Row: s.number, Column: len(s.ends)}, []any{"limit", s.limits.Row}}
		}
	}
	return s.finish(), nil
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
	return &fault{code, Cell{Text: string(excerpt), Line: line, Row: s.number, Column: len(s.ends) + 1}, args}
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
	case b == s.Quote:
		return s.quoted()
	}
	from := len(s.text)
	for {
		if done, more, err := s.ended(b); done || err != nil {
			s.look(s.text[from:])
			return more, err
		}
		s.text = append(s.text, b)
		if len(s.text)-from > s.limits.Field {
			return false, s.fault(refusal.FieldTooLong, s.line, "limit", s.limits.Field)
		}
		if b, err = s.r.ReadByte(); errors.Is(err, io.EOF) {
			s.look(s.text[from:])
			s.ends = append(s.ends, len(s.text))
			return false, nil
		} else if err != nil {
			return false, err
		}
	}
}

// ended reports whether b ends a cell, and does so.
func (s *scanner) ended(b byte) (done, more bool, err error) {
	switch {
	case b == s.Delimiter && b != 0:
		s.ends = append(s.ends, len(s.text))
		return true, true, nil
	case b == '\r' || b == '\n':
		if err := s.endLine(b); err != nil {
			return true, false, err
		}
		s.line++
		s.ends = append(s.ends, len(s.text))
		return true, false, nil
	}
	return false, false, nil
}

// endLine takes the LF of a CRLF and notes which line end it was.
func (s *scanner) endLine(b byte) error {
	if b == '\n' {
		s.lf = true
		return nil
	}
	next, err := s.r.Peek(1)
	if err == nil && next[0] == '\n' {
		s.crlf = true
		_, err = s.r.Discard(1)
		return err
	}
	if s.cr = true; errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// quoted reads a cell whose opening quote was read. A quote that is never
// closed, or closed in the middle of a cell, is told where the cell begins.
func (s *scanner) quoted() (more bool, err error) {
	start, from, lines := s.line, len(s.text), spelling.LineCount{Line: s.line}
	for {
		b, err := s.r.ReadByte()
		if errors.Is(err, io.EOF) {
			return false, s.fault(refusal.QuoteUnbalanced, start)
		}
		if err != nil {
			return false, err
		}
		escaped := false
		if b == '\\' && s.Escape == '\\' {
			next, err := s.r.Peek(1)
			if escaped = err == nil && (next[0] == s.Quote || next[0] == '\\'); escaped {
				b, err = s.r.ReadByte()
			}
			if err != nil && !errors.Is(err, io.EOF) {
				return false, err
			}
		}
		if b == s.Quote && !escaped {
			b, err = s.r.ReadByte()
			switch {
			case errors.Is(err, io.EOF):
				s.line = lines.Line
				s.ends = append(s.ends, len(s.text))
				return false, nil
			case err != nil:
				return false, err
			case b != s.Quote:
				s.line = lines.Line
				done, more, err := s.ended(b)
				if err == nil && !done {
					err = s.fault(refusal.QuoteBroken, start)
				}
				return more, err
			}
		}
		lines.Step(rune(b))
		s.text = append(s.text, b)
		if len(s.text)-from > s.limits.Field {
			return false, s.fault(refusal.QuoteUnbalanced, start)
		}
	}
}

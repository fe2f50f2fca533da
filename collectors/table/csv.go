package table

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"io"
	"slices"
	"strings"

	"yardstick/collectors/table/mend"
	"yardstick/collectors/table/refusal"
	"yardstick/collectors/table/spelling"
)

// readCSV reads a text as a table.
func readCSV(ctx context.Context, src *io.SectionReader, enc spelling.Encoding, name string, l Limits, room holder) (*Table, error) {
	c := &csvReader{src: src, enc: enc, name: name, limits: l, room: room}
	t, err := c.read(ctx)
	if err == nil && t.Widest == 1 && t.filled > 1 {
		t, err = c.unwrap(ctx, t)
	}
	switch {
	case err != nil:
		return nil, err
	case t.aligned > 1 && 5*t.aligned >= 4*t.filled && t.Delimiter == 0:
		return nil, refusal.Refuse(name, refusal.FormatPRN)
	case t.wide > 1 && t.wide == t.filled:
		at := Cell{Line: t.wideLine, Row: t.wideLine, Column: 1}
		return nil, faultOf(refusal.DelimiterWide, at).Refusal(name, "")
	}
	return t, nil
}

// unwrap reads a table of one column whose every line is a row by itself, put into
// quotes as a whole: as a spreadsheet saves a text that it opened as one column.
// That is so where all lines have the same number of cells then, three at least
// (two may be a name, Li, Na); else the table is what it was.
func (c *csvReader) unwrap(ctx context.Context, t *Table) (*Table, error) {
	var b strings.Builder
	var lines otherRows
	for row, err := range t.open(ctx) {
		if err != nil {
			return nil, err
		}
		if strings.ContainsAny(row.Texts[0], "\r\n") || b.Len() > mostHeldSource {
			return t, nil
		}
		if b.WriteString(row.Texts[0] + "\n"); !row.Blank() {
			lines.add(row.Texts[0], row.Line, row.Number)
		}
	}
	inner := &csvReader{src: io.NewSectionReader(strings.NewReader(b.String()), 0, int64(b.Len())), name: c.name, limits: c.limits, room: c.room}
	u, err := inner.read(ctx)
	var refused *refusal.Refusal
	switch {
	case err != nil && !errors.As(err, &refused):
		return nil, err
	case err != nil || u.Delimiter == 0 || u.Delimiter == ' ' || u.Common < 3 || inner.left[1] > 0 || inner.left[2] > 0:
		return t, nil
	}
	u.LineEnds, u.mended = t.LineEnds, lines
	return u, nil
}

// read decides the dialect from the whole text: of those that could be, the
// first that reads without a fault and leaves nothing odd, else the one that
// leaves least: of broken lines, of rows that are not as wide as most, of quotes
// that had to be mended, of what another dialect might explain. It walks all rows
// to see that they can be read.
func (c *csvReader) read(ctx context.Context) (*Table, error) {
	all, err := spelling.Dialects(ctx, c.text)
	if err != nil {
		return nil, err
	}
	for _, d := range all {
		if d.Delimiter == ' ' && (c.best == nil || c.best.Delimiter != 0) {
			continue
		}
		if done, err := c.consider(ctx, d, 0); err != nil || done {
			return c.decided(err)
		}
	}
	if c.best == nil && !aboutQuotes(c.first) {
		return c.decided(nil)
	}
	for _, d := range all { // nothing reads without a doubt: quotes may be broken
		width, err := commonWidth(ctx, c.text(), d, c.limits)
		var refused *refusal.Fault
		switch {
		case errors.As(err, &refused), err == nil && width == 0:
			continue
		case err != nil:
			return nil, err
		}
		if _, err := c.consider(ctx, d, width); err != nil {
			return nil, err
		}
	}
	return c.decided(nil)
}

// aboutQuotes reports a refusal for quotes that are not paired.
func aboutQuotes(err error) bool {
	var refused *refusal.Refusal
	return errors.As(err, &refused) && (refused.Problems[0].Code == refusal.QuoteBroken || refused.Problems[0].Code == refusal.QuoteUnbalanced)
}

// csvReader tries dialects.
type csvReader struct {
	src    *io.SectionReader
	enc    spelling.Encoding
	name   string
	limits Limits
	room   holder

	best  *Table
	left  leftOver // by the best
	first error    // that refused the first dialect
}

// leftOver is what a dialect leaves unexplained, the worst first.
type leftOver [4]int

func (c *csvReader) text() io.Reader { return c.enc.Open(c.src) }

// consider tries a dialect, mending quotes where width says how wide rows are;
// done says that no other need be looked at.
func (c *csvReader) consider(ctx context.Context, d spelling.Dialect, width int) (done bool, err error) {
	t, left, err := c.try(ctx, d, width)
	var refused *refusal.Refusal
	switch {
	case errors.As(err, &refused):
		if c.first == nil {
			c.first = err
		}
		return false, nil
	case err != nil:
		return false, err
	}
	if c.best == nil || slices.Compare(left[:], c.left[:]) < 0 || d.Delimiter == ' ' && t.byBlanks(left) && c.best.aligned == 0 {
		c.best, c.left = t, left
	}
	return left[3] == 0 && left[0] == 0 && left[2] == 0 && d.Delimiter != 0, nil
}

// byBlanks reports a table whose cells blanks divide, and nothing is left over.
func (t *Table) byBlanks(left leftOver) bool {
	return left == leftOver{} && t.Common > 2 && t.filled > 1
}

// decided gives the best.
func (c *csvReader) decided(err error) (*Table, error) {
	if err == nil && c.best == nil {
		err = c.first
	}
	return c.best, err
}

// walker walks rows of text and knows at the end what it met.
type walker interface {
	rows() rows
	met() found
}

// found is what a walk met.
type found struct {
	odd             int // cells that another dialect might explain
	ends            string
	mended, divided otherRows
}

func (c *csvReader) walker(d spelling.Dialect, width int) walker {
	if width > 0 {
		return newMender(c.text(), d, c.limits, width)
	}
	return newScanner(c.text(), d, c.limits)
}

// try walks the text in one dialect.
func (c *csvReader) try(ctx context.Context, d spelling.Dialect, width int) (t *Table, left leftOver, err error) {
	t = &Table{File: c.name, Delimiter: d.Delimiter, Quote: d.Quote, Escape: d.Escape, Spaced: d.Spaced}
	t.open = func(context.Context) rows { return c.walker(d, width).rows() }
	w, hold := c.walker(d, width), c.room
	widths, firsts, narrow := map[int]int{}, map[int]int{}, mend.NewNarrow()
	long := map[int]int{} // rows of several lines, by width
	swallowed := 0
	for row, err := range w.rows() {
		var bad *refusal.Fault
		switch err = cmp.Or(err, ctx.Err()); {
		case errors.As(err, &bad):
			return nil, left, bad.Refusal(c.name, "")
		case err != nil:
			return nil, left, err
		}
		t.Records, t.Cells, t.Widest = row.Number, t.Cells+row.Len(), max(t.Widest, row.Len())
		if t.Cells > c.limits.Cells {
			return nil, left, faultOf(refusal.TooManyCells, row.Cell(0), "limit", c.limits.Cells).Refusal(c.name, "")
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
		narrow.See(mend.Row{Number: row.Number, Line: row.Line, Texts: row.Texts}, row.lines == nil)
		if row.lines != nil {
			long[row.Len()]++
		}
		if row.swallows(d.Delimiter) {
			swallowed++
		}
	}
	met := w.met()
	t.LineEnds, t.mended, t.resplits = met.ends, met.mended, met.divided
	t.ragged(widths, firsts)
	t.holds(&hold)
	if again := narrow.Split(d, t.Common, widths); len(again) > 0 {
		t.resplit(again)
		t.Ragged, t.raggedLine = 0, 0
		t.ragged(widths, firsts)
	}
	left = leftOver{swallowed, t.filled - widths[t.Common], t.mended.n, met.odd}
	for n, rows := range long { // a quote that swallowed lines
		if n != t.Common {
			left[0] += rows
		}
	}
	return t, left, nil
}

// resplit puts rows that were divided again in the place of those that were not.
func (t *Table) resplit(again []mend.Row) {
	by := map[int][]string{}
	for _, row := range again {
		by[row.Number] = row.Texts
		t.resplits.add(strings.Join(row.Texts, string(t.Delimiter)), row.Line, row.Number)
	}
	open := t.open
	t.open = func(ctx context.Context) rows {
		return func(yield func(*Row, error) bool) {
			for row, err := range open(ctx) {
				if err == nil && by[row.Number] != nil {
					row = &Row{Number: row.Number, Line: row.Line, Texts: by[row.Number]}
				}
				if !yield(row, err) {
					return
				}
			}
		}
	}
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
// divided the first, and those that blanks divide as in a column of figures.
func (t *Table) seeWide(row *Row) {
	if strings.Contains(strings.TrimSpace(row.Texts[0]), "  ") {
		t.aligned++
	}
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

	odd          int  // cells that another dialect might explain
	padded       bool // blanks stand after a closing quote of this row
	mended       otherRows
	lf, crlf, cr bool
}

func newScanner(r io.Reader, d spelling.Dialect, l Limits) *scanner {
	return &scanner{r: bufio.NewReaderSize(r, 1<<16), Dialect: d, limits: l, line: 1}
}

func (s *scanner) met() found {
	return found{odd: s.odd, ends: spelling.LineEnds(s.lf, s.crlf, s.cr), mended: s.mended}
}

// look counts an unquoted cell that another dialect might explain.
func (s *scanner) look(cell []byte) {
	if mend.OddQuote(cell, s.Quote) {
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
			at := Cell{Line: s.row.Line, Row: s.number, Column: len(s.ends)}
			return nil, faultOf(refusal.RowTooLong, at, "limit", s.limits.Row)
		}
	}
	return s.finish(), nil
}

func (s *scanner) finish() *Row {
	all, from := string(s.text), 0
	for _, end := range s.ends {
		s.row.Texts = append(s.row.Texts, spelling.Visible(all[from:end]))
		from = end
	}
	if s.starts[len(s.starts)-1] != s.row.Line {
		s.row.lines = append([]int(nil), s.starts...)
	}
	if s.padded {
		s.mended.add(strings.Join(s.row.Texts, string(s.Delimiter)), s.row.Line, s.number)
		s.padded = false
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
	return faultOf(code, Cell{Text: string(excerpt), Line: line, Row: s.number, Column: len(s.ends) + 1}, args...)
}

// field reads one cell and what ends it; more says that another follows in
// this row.
func (s *scanner) field() (more bool, err error) {
	s.starts = append(s.starts, s.line)
	b, err := s.r.ReadByte()
	if s.Spaced && err == nil && b == ' ' && len(s.ends) > 0 {
		b, err = s.r.ReadByte()
	}
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
			if err != nil || b != s.Quote {
				s.line = lines.Line
				return s.closed(b, err, start)
			}
		}
		lines.Step(rune(b))
		s.text = append(s.text, b)
		if len(s.text)-from > s.limits.Field {
			return false, s.fault(refusal.QuoteUnbalanced, start)
		}
	}
}

// closed ends a cell whose quote was closed, at what follows it: b, or an error.
// Blanks may stand there for nothing.
func (s *scanner) closed(b byte, err error, start int) (more bool, _ error) {
	for n := 0; ; n++ {
		if errors.Is(err, io.EOF) {
			s.ends = append(s.ends, len(s.text))
			return false, nil
		}
		if err != nil {
			return false, err
		}
		if done, more, err := s.ended(b); done || err != nil {
			return more, err
		}
		if b != ' ' || n > s.limits.Field {
			return false, s.fault(refusal.QuoteBroken, start)
		}
		s.padded = true
		b, err = s.r.ReadByte()
	}
}

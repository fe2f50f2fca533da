package spelling

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
)

// delimiters that are looked for, the likeliest first. The full-width comma is
// none: it stands in sentences; where nothing else divides a file it is told.
const delimiters = ",\t;|"

// Dialect is how a text file writes a table.
type Dialect struct {
	Delimiter byte // 0: there is none
	Quote     byte
	Escape    byte // what stands before a quote in a quoted cell: the quote, or a backslash
	Spaced    bool // a blank after each delimiter belongs to it
}

// tally is how many rows hold how many of each delimiter.
type tally [len(delimiters)]map[int]int

// Dialects are the candidates, the likeliest first. A quote is one that opens
// some cell; the backslash escapes only where one stands before a quote.
func Dialects(ctx context.Context, open func() io.Reader) ([]Dialect, error) {
	hint, err := hinted(open())
	if err != nil {
		return nil, err
	}
	// One walk tells of the quotes and counts the delimiters of the likeliest
	// dialect: over a large file each walk costs.
	seen, usual := survey{before: '\n'}, newCount(Dialect{Quote: '"', Escape: '"'})
	err = eachChunk(ctx, open(), func(chunk []byte) {
		seen.see(chunk)
		if hint == 0 {
			usual.see(chunk)
		}
	})
	if err != nil {
		return nil, err
	}
	out := []Dialect{{Delimiter: hint, Quote: '"', Escape: '"'}}
	if seen.escaped['"'] {
		out = append(out, Dialect{Delimiter: hint, Quote: '"', Escape: '\\'})
	}
	if seen.opens['\''] {
		out = append(out, Dialect{Delimiter: hint, Quote: '\'', Escape: '\''})
		if seen.escaped['\''] {
			out = append(out, Dialect{Delimiter: hint, Quote: '\'', Escape: '\\'})
		}
	}
	for i := range out {
		if hint == 0 {
			if out[i].Delimiter, err = sniff(ctx, open, out[i], usual); err != nil {
				return nil, err
			}
			usual = nil // it was of the likeliest dialect
		}
	}
	return seen.more(ctx, open, out)
}

// more adds the dialects that are looked for only where their trace is: a blank
// after each delimiter, or before some quotes; blanks alone between the cells.
func (s *survey) more(ctx context.Context, open func() io.Reader, out []Dialect) ([]Dialect, error) {
	for _, d := range out {
		at := delimiterAt(d.Delimiter)
		switch {
		case at > 0 && s.spacedQuote[at-1][d.Quote] || at > 0 && s.n[at-1] > 1 && s.spaced[at-1] == s.n[at-1]:
			// Quotes that a blank hides are none to the count made before.
			d.Spaced, d.Delimiter = true, 0
			counted := newCount(d)
			if err := eachChunk(ctx, open(), counted.see); err != nil {
				return nil, err
			}
			counted.endRow()
			if d.Delimiter = counted.delimiter(); d.Delimiter != delimiters[at-1] {
				continue
			}
			if s.spaced[at-1] == s.n[at-1] {
				out = append([]Dialect{d}, out...)
			} else {
				out = append(out, d)
			}
		case d.Delimiter == 0 && d.Escape == d.Quote && s.blanks:
			d.Delimiter = ' '
			out = append(out, d)
		}
	}
	return out, nil
}

// survey is what a walk over the text saw of quotes.
type survey struct {
	before  byte      // the last one of the chunk before
	opens   [128]bool // a quote at the beginning of what may be a cell
	escaped [128]bool // a quote after a backslash

	n, spaced   [len(delimiters)]int       // of each, and of those with a blank after them
	spacedQuote [len(delimiters)][128]bool // and a quote after that
	blanks      bool                       // a blank between other signs
	last        byte                       // of the chunk before
}

func (s *survey) see(chunk []byte) {
	s.seeBlanks(chunk)
	for at := 0; ; at++ {
		next := bytes.IndexAny(chunk[at:], `"'`)
		if next < 0 {
			break
		}
		if at += next; at > 0 {
			s.before = chunk[at-1]
		}
		b := chunk[at]
		s.opens[b] = s.opens[b] || s.before == '\n' || s.before == '\r' || delimiterAt(s.before) > 0
		s.escaped[b] = s.escaped[b] || s.before == '\\'
	}
	s.before = chunk[len(chunk)-1]
}

// seeBlanks looks for blanks after delimiters and elsewhere.
func (s *survey) seeBlanks(chunk []byte) {
	for i := range len(delimiters) {
		s.n[i] += bytes.Count(chunk, []byte{delimiters[i]})
	}
	for at := 0; ; at++ {
		next := bytes.IndexByte(chunk[at:], ' ')
		if next < 0 {
			break
		}
		at += next
		before := s.last
		if at > 0 {
			before = chunk[at-1]
		}
		d := delimiterAt(before)
		if s.blanks = s.blanks || d == 0 && before > ' '; d == 0 {
			continue
		}
		s.spaced[d-1]++
		if at+1 < len(chunk) && (chunk[at+1] == '"' || chunk[at+1] == '\'') {
			s.spacedQuote[d-1][chunk[at+1]] = true
		}
	}
	s.last = chunk[len(chunk)-1]
}

// delimiterAt gives the place of a byte in delimiters, from 1; 0: it is none.
func delimiterAt(b byte) int { return strings.IndexByte(delimiters, b) + 1 }

// plainest tells bytes that are neither delimiter, quote, escape nor line end.
func plainest(b byte) bool {
	return b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b == '.' || b >= 0x80
}

func eachChunk(ctx context.Context, src io.Reader, see func([]byte)) error {
	buf := make([]byte, 1<<16)
	for {
		if ctx.Err() != nil {
			return fmt.Errorf("finding the dialect: %w", ctx.Err())
		}
		n, err := src.Read(buf)
		if n > 0 {
			see(buf[:n])
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("finding the dialect: %w", err)
		}
	}
}

// sniff decides the delimiter from the whole text: the one that explains most,
// that is, whose commonest number of occurrences in a row, times the number of
// such rows, is highest. Delimiters between quotes do not count. 0 means that
// there is none. counted is the count in this dialect, where it was made before.
func sniff(ctx context.Context, open func() io.Reader, d Dialect, counted *count) (byte, error) {
	if counted == nil {
		counted = newCount(d)
		if err := eachChunk(ctx, open(), counted.see); err != nil {
			return 0, err
		}
	}
	if counted.quoted { // a quote was never closed and leads astray: count without them
		counted = newCount(Dialect{})
		if err := eachChunk(ctx, open(), counted.see); err != nil {
			return 0, err
		}
	}
	counted.endRow()
	return counted.delimiter(), nil
}

// delimiter is the one that explains most of what was counted; 0: none does.
func (c *count) delimiter() byte {
	best, delimiter := 0, byte(0)
	for i := range delimiters {
		for n, rows := range c.rows[i] {
			if n > 0 && n*rows > best {
				best, delimiter = n*rows, delimiters[i]
			}
		}
	}
	return delimiter
}

// hinted reads a first line sep=; (a spreadsheet's own hint), which decides at
// once.
func hinted(r io.Reader) (byte, error) {
	head := make([]byte, 6)
	n, err := io.ReadFull(r, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return 0, fmt.Errorf("finding the delimiter: %w", err)
	}
	line := bytes.TrimRight(head[:n], "\r\n")
	if len(line) == 5 && bytes.EqualFold(line[:4], []byte("sep=")) && delimiterAt(line[4]) > 0 {
		return line[4], nil
	}
	return 0, nil
}

// count counts delimiters outside quotes; a quote opens where a cell may begin.
// quoted is true when the last quote was never closed.
type count struct {
	Dialect
	rows                           tally
	in                             [len(delimiters)]int // of this row
	quoted, closed, escaped, start bool
}

func newCount(d Dialect) *count {
	c := &count{Dialect: d, start: true}
	for i := range c.rows {
		c.rows[i] = map[int]int{}
	}
	return c
}

func (c *count) endRow() {
	for i, n := range c.in {
		if n > 0 {
			c.rows[i][n]++
			c.in[i] = 0
		}
	}
}

func (c *count) see(chunk []byte) {
	for i := 0; i < len(chunk); i++ {
		b := chunk[i]
		if plainest(b) && !c.escaped { // most of a file
			for i+1 < len(chunk) && plainest(chunk[i+1]) {
				i++
			}
			if !c.quoted {
				c.start, c.closed = false, false
			}
			continue
		}
		switch {
		case c.escaped:
			c.escaped = false
		case c.quoted && b == '\\' && c.Escape == '\\':
			c.escaped = true
		case c.quoted:
			if b == c.Quote {
				c.quoted, c.closed = false, true
			}
		case b == c.Quote && b != 0 && (c.start || c.closed):
			c.quoted, c.closed = true, false
		case b == '\n' || b == '\r':
			c.endRow()
			c.start, c.closed = true, false
		default:
			d := delimiterAt(b)
			if c.start && c.Spaced && b == ' ' {
				continue
			}
			if c.start, c.closed = d > 0, false; d > 0 {
				c.in[d-1]++
			}
		}
	}
}

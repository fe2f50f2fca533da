package table

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"strings"

	"yardstick/collectors/table/mend"
	"yardstick/collectors/table/refusal"
	"yardstick/collectors/table/spelling"
)

// mostRunOn are the lines of a quoted cell, where quotes are broken elsewhere.
const mostRunOn = 1000

// mender splits a text whose quotes are broken: lines that can be read as they
// are written are, and a line that cannot is read as the one row of the common
// width that it can be with the fewest quotes that are no marks but signs like
// any other. A line that can be none, or two, ends the walk with its fault.
type mender struct {
	r      *bufio.Reader
	d      spelling.Dialect
	limits Limits
	width  int // cells of most rows

	row    Row
	parser mend.Line
	number int
	line   int         // of the first of ahead
	ahead  []plainLine // read and not yet taken
	spare  [][]byte    // room of those taken

	lf, crlf, cr bool
	odd          int
	mended       otherRows
	divided      otherRows // by another sign
}

func (m *mender) met() found {
	return found{m.odd, spelling.LineEnds(m.lf, m.crlf, m.cr), m.mended, m.divided}
}

// plainLine is a line of text as an editor has it, and its end.
type plainLine struct {
	text []byte
	end  string
}

func newMender(r io.Reader, d spelling.Dialect, l Limits, width int) *mender {
	return &mender{r: bufio.NewReaderSize(r, 1<<16), d: d, limits: l, width: width, line: 1}
}

// rows gives the rows to the end of the text.
func (m *mender) rows() rows {
	return func(yield func(*Row, error) bool) {
		for {
			row, err := m.next()
			if errors.Is(err, io.EOF) || !yield(row, err) || err != nil {
				return
			}
		}
	}
}

// peek gives the i-th line ahead; io.EOF where there is none.
func (m *mender) peek(i int) (plainLine, error) {
	for len(m.ahead) <= i {
		var l plainLine
		if n := len(m.spare); n > 0 {
			l.text, m.spare = m.spare[n-1][:0], m.spare[:n-1]
		}
		l, err := m.read(l.text)
		if err != nil {
			return l, err
		}
		m.ahead = append(m.ahead, l)
	}
	return m.ahead[i], nil
}

// read reads a line into the room of another; one without its end is the last.
func (m *mender) read(text []byte) (plainLine, error) {
	for {
		b, err := m.r.ReadByte()
		switch {
		case errors.Is(err, io.EOF) && len(text) > 0:
			return plainLine{text, ""}, nil
		case err != nil:
			return plainLine{}, err
		case b == '\n':
			m.lf = true
			return plainLine{text, "\n"}, nil
		case b == '\r':
			if next, err := m.r.Peek(1); err == nil && next[0] == '\n' {
				m.crlf = true
				_, err := m.r.Discard(1)
				return plainLine{text, "\r\n"}, err
			}
			m.cr = true
			return plainLine{text, "\r"}, nil
		}
		if text = append(text, b); len(text) > m.limits.Row {
			at := Cell{Line: m.line + len(m.ahead), Row: m.number, Column: 1}
			return plainLine{}, faultOf(refusal.RowTooLong, at, "limit", m.limits.Row)
		}
	}
}

// next gives the next row: as it is written, or mended.
func (m *mender) next() (*Row, error) {
	first, err := m.peek(0)
	if err != nil {
		return nil, err
	}
	m.number++
	p := &m.parser
	p.Begin(m.d)
	p.Feed(first.text)
	taken := 1
	for p.Open() && taken < mostRunOn && p.Size() <= m.limits.Field {
		more, err := m.peek(taken)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		p.Break(m.ahead[taken-1].end)
		p.Feed(more.text)
		taken++
	}
	p.Close()
	if !p.Done() || taken > 1 && (len(p.Ends) != m.width || m.width > 2 && figured(m.ahead[1].text)) && m.fits(m.ahead[1].text) {
		if mend.Mend(first.text, m.d, m.width, p) {
			m.mended.add(string(first.text), m.line, m.number)
			taken = 1
		}
	}
	if !p.Done() && m.otherwise(string(first.text)) {
		taken = 1
	}
	if p.Padded && p.Done() {
		m.mended.add(string(first.text), m.line, m.number)
	}
	if !p.Done() {
		code := refusal.QuoteBroken
		if p.Open() {
			code = refusal.QuoteUnbalanced
		}
		cell := p.Text[p.From():]
		at := Cell{Text: string(cell[:min(200, len(cell))]), Line: m.line + p.Began, Row: m.number, Column: len(p.Ends) + 1}
		return nil, faultOf(code, at)
	}
	return m.take(p, taken)
}

// otherwise reads a line that another sign divides, where there is one such sign.
func (m *mender) otherwise(line string) bool {
	ways := mend.Otherwise(line, m.d, m.width)
	if m.width < 3 || len(ways) != 1 {
		return false
	}
	for _, cells := range ways {
		m.parser.Take(m.d, cells)
	}
	m.divided.add(line, m.line, m.number)
	return true
}

// fits reports whether a line is a row of the common width by itself.
func (m *mender) fits(text []byte) bool {
	var p mend.Line
	p.Begin(m.d)
	p.Feed(text)
	if p.Close(); p.Done() {
		return len(p.Ends) == m.width
	}
	return mend.Mend(text, m.d, m.width, &p)
}

// swallows reports whether a quoted cell of a row holds lines that are rows of its width
// by themselves: two quotes, each left open on a line of its own, were paired.
func (r *Row) swallows(delimiter byte) bool {
	for i, text := range r.Texts {
		if strings.IndexByte(text, '\n') < 0 && strings.IndexByte(text, '\r') < 0 {
			continue
		}
		lines := strings.FieldsFunc(text, func(c rune) bool { return c == '\n' || c == '\r' })
		for n := 1; n < len(lines); n++ {
			width := len(r.Texts) - 1
			if n == len(lines)-1 {
				width = i // the rest of its row stands in the cells behind
			}
			if width > 1 && strings.Count(lines[n], string(delimiter)) == width && figured([]byte(lines[n])) {
				return true
			}
		}
	}
	return false
}

// figured reports whether a line holds a cell that is a number.
func figured(line []byte) bool {
	return bytes.ContainsFunc(line, func(c rune) bool { return c >= '0' && c <= '9' })
}

// take makes a row of what was parsed of so many lines.
func (m *mender) take(p *mend.Line, lines int) (*Row, error) {
	if len(p.Ends) > m.limits.Columns {
		at := Cell{Line: m.line, Row: m.number, Column: m.limits.Columns + 1}
		return nil, faultOf(refusal.TooManyColumns, at, "limit", m.limits.Columns)
	}
	m.row = Row{Number: m.number, Line: m.line, Texts: m.row.Texts[:0]}
	all, from := string(p.Text), 0
	for i, end := range p.Ends {
		if end-from > m.limits.Field {
			at := Cell{Line: m.line + p.Lines[i], Row: m.number, Column: i + 1}
			return nil, faultOf(refusal.FieldTooLong, at, "limit", m.limits.Field)
		}
		m.row.Texts = append(m.row.Texts, spelling.Visible(all[from:end]))
		from = end
	}
	if m.odd += p.Odd; lines > 1 {
		for _, line := range p.Lines {
			m.row.lines = append(m.row.lines, m.line+line)
		}
	}
	for _, l := range m.ahead[:lines] {
		m.spare = append(m.spare, l.text)
	}
	m.ahead = append(m.ahead[:0], m.ahead[lines:]...)
	m.line += lines
	return &m.row, nil
}

// commonWidth is how many cells most lines have that can be read by themselves:
// 0 where these are not most of the text, or have one cell.
func commonWidth(ctx context.Context, r io.Reader, d spelling.Dialect, l Limits) (int, error) {
	m := newMender(r, d, l, 0)
	widths, whole, all := map[int]int{}, 0, 0
	var line plainLine
	for n := 0; ; n++ {
		if n%1024 == 0 && ctx.Err() != nil {
			return 0, ctx.Err()
		}
		var err error
		line, err = m.read(line.text[:0])
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return 0, err
		}
		if len(bytes.TrimSpace(line.text)) == 0 {
			continue
		}
		p := &m.parser
		p.Begin(d)
		p.Feed(line.text)
		p.Close()
		if all++; p.Done() {
			whole++
			widths[len(p.Ends)]++
		}
	}
	best := 0
	for w, n := range widths {
		if n > widths[best] || n == widths[best] && w > best {
			best = w
		}
	}
	if best < 2 || 2*widths[best] < whole || 4*widths[best] < all {
		return 0, nil
	}
	return best, nil
}

package table

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"

	"yardstick/collectors/table/refusal"
	"yardstick/collectors/table/spelling"
)

// Bounds of mending.
const (
	mostMendLine  = 64 << 10 // bytes of a line
	mostMendSteps = 4 << 20  // ways to go on from all places of a line
	mostMendScan  = 64 << 20 // bytes looked at for them
	mostRunOn     = 1000     // lines of a quoted cell, where quotes are broken elsewhere
)

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
	parser lineParser
	number int
	line   int         // of the first of ahead
	ahead  []plainLine // read and not yet taken
	spare  [][]byte    // room of those taken

	lf, crlf, cr bool
	odd          int
	mended       []Cell // the first cell of each row that was
	divided      []Cell // likewise, of each that another sign divides
}

func (m *mender) met() found {
	return found{m.odd, lineEnds(m.lf, m.crlf, m.cr), m.mended, m.divided}
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
			return plainLine{}, &fault{refusal.RowTooLong, Cell{Line: m.line + len(m.ahead), Row: m.number, Column: 1}, []any{"limit", m.limits.Row}}
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
	p.begin(m.d)
	p.feed(first.text)
	taken := 1
	for p.state == lineOpen && taken < mostRunOn && p.size() <= m.limits.Field {
		more, err := m.peek(taken)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		p.text = append(p.text, m.ahead[taken-1].end...)
		p.line++
		p.feed(more.text)
		taken++
	}
	p.close()
	if p.state != lineDone || taken > 1 && len(p.ends) != m.width && m.fits(m.ahead[1].text) {
		if mendLine(first.text, m.d, m.width, p) {
			m.mended = append(m.mended, Cell{Text: string(first.text), Line: m.line, Row: m.number, Column: 1})
			taken = 1
		}
	}
	if p.state != lineDone && m.otherwise(string(first.text)) {
		taken = 1
	}
	if p.state != lineDone {
		code := refusal.QuoteBroken
		if p.state == lineOpen {
			code = refusal.QuoteUnbalanced
		}
		cell := p.text[p.from():]
		return nil, &fault{code, Cell{Text: string(cell[:min(200, len(cell))]), Line: m.line + p.began, Row: m.number, Column: len(p.ends) + 1}, nil}
	}
	return m.take(p, taken)
}

// otherwise reads a line that another sign divides, where there is one such sign.
func (m *mender) otherwise(line string) bool {
	ways := otherwise(line, m.d, m.width)
	if m.width < 3 || len(ways) != 1 {
		return false
	}
	p := &m.parser
	p.begin(m.d)
	for _, cells := range ways {
		for _, cell := range cells {
			p.text = append(p.text, cell...)
			p.end()
		}
	}
	p.state, p.odd = lineDone, 0
	m.divided = append(m.divided, Cell{Text: line, Line: m.line, Row: m.number, Column: 1})
	return true
}

// fits reports whether a line is a row of the common width by itself.
func (m *mender) fits(text []byte) bool {
	var p lineParser
	p.begin(m.d)
	p.feed(text)
	if p.close(); p.state == lineDone {
		return len(p.ends) == m.width
	}
	return mendLine(text, m.d, m.width, &p)
}

// take makes a row of what was parsed of so many lines.
func (m *mender) take(p *lineParser, lines int) (*Row, error) {
	if len(p.ends) > m.limits.Columns {
		return nil, &fault{refusal.TooManyColumns, Cell{Line: m.line, Row: m.number, Column: m.limits.Columns + 1}, []any{"limit", m.limits.Columns}}
	}
	m.row = Row{Number: m.number, Line: m.line, Texts: m.row.Texts[:0]}
	all, from := string(p.text), 0
	for i, end := range p.ends {
		if end-from > m.limits.Field {
			return nil, &fault{refusal.FieldTooLong, Cell{Line: m.line + p.lines[i], Row: m.number, Column: i + 1}, []any{"limit", m.limits.Field}}
		}
		m.row.Texts = append(m.row.Texts, all[from:end])
		from = end
	}
	if m.odd += p.odd; lines > 1 {
		for _, line := range p.lines {
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

// The states of a line that is parsed.
const (
	lineBegins = iota // a cell begins
	linePlain         // in a cell without quotes
	lineOpen          // in a quoted cell
	lineClosed        // after a quote in a quoted cell: its end, or one half of two
	lineBroken        // text follows a closing quote
	lineDone
)

// lineParser splits lines as they are written.
type lineParser struct {
	d     spelling.Dialect
	state int
	text  []byte // of the cells
	ends  []int  // where each ends in text
	lines []int  // on which each begins, from 0
	line  int    // that is fed, from 0
	began int    // line of the open cell
	odd   int

	beside byte // another delimiter; 0: none
}

// begin makes the parser ready for a row.
func (p *lineParser) begin(d spelling.Dialect) {
	*p = lineParser{d: d, text: p.text[:0], ends: p.ends[:0], lines: p.lines[:0]}
}

// from is where the open cell begins in text.
func (p *lineParser) from() int {
	if n := len(p.ends); n > 0 {
		return p.ends[n-1]
	}
	return 0
}

// size is that of the open cell.
func (p *lineParser) size() int { return len(p.text) - p.from() }

// feed goes on with the bytes of a line.
func (p *lineParser) feed(text []byte) {
	for i := 0; i < len(text); i++ {
		b := text[i]
		switch p.state {
		case lineBegins:
			if p.d.Spaced && b == ' ' && i > 0 && text[i-1] == p.d.Delimiter {
				continue
			}
			if p.began = p.line; b == p.d.Quote {
				p.state = lineOpen
				continue
			}
			p.state = linePlain
			fallthrough
		case linePlain:
			if p.divides(b) {
				p.end()
			} else {
				p.text = append(p.text, b)
			}
		case lineOpen:
			switch {
			case b == p.d.Quote:
				p.state = lineClosed
			case b == '\\' && p.d.Escape == '\\' && i+1 < len(text) && (text[i+1] == p.d.Quote || text[i+1] == '\\'):
				i++
				p.text = append(p.text, text[i])
			default:
				p.text = append(p.text, b)
			}
		case lineClosed:
			switch {
			case b == p.d.Quote:
				p.text = append(p.text, b)
				p.state = lineOpen
			case p.divides(b):
				p.end()
			default:
				p.state = lineBroken
			}
		case lineBroken:
			return
		}
	}
}

func (p *lineParser) divides(b byte) bool {
	return b != 0 && (b == p.d.Delimiter || b == p.beside)
}

// end ends a cell; another begins.
func (p *lineParser) end() {
	if p.state == linePlain && oddQuote(p.text[p.from():], p.d.Quote) {
		p.odd++
	}
	p.ends, p.lines, p.state = append(p.ends, len(p.text)), append(p.lines, p.began), lineBegins
}

// close ends the row, unless a quote is open or broken.
func (p *lineParser) close() {
	switch p.state {
	case lineBegins:
		p.began = p.line
	case linePlain, lineClosed:
	default:
		return
	}
	p.end()
	p.state = lineDone
}

// oddQuote reports an unquoted cell that holds the quote, or has the other quote
// at an end.
func oddQuote(cell []byte, quote byte) bool {
	other := '"' + '\'' - quote
	return len(cell) > 0 && (cell[0] == other || cell[len(cell)-1] == other || bytes.IndexByte(cell, quote) >= 0)
}

// mendLine reads a line as the row of so many cells that takes the fewest quotes
// for signs like any other, into the parser; it reports false where there is
// none, or there are two.
func mendLine(text []byte, d spelling.Dialect, width int, p *lineParser) bool {
	if width < 2 || d.Delimiter == 0 || len(text) > mostMendLine {
		return false
	}
	b := newMendBoard(text, d, width)
	n := len(b.starts)
	if n < width || n*(n-width+1)*(1+len(b.closing)) > mostMendSteps || n*len(text) > mostMendScan {
		return false
	}
	if b.solve(); b.step(0, width).ways != 1 {
		return false
	}
	p.begin(d)
	for at, left := 0, width; left > 0; left-- {
		from, step := b.starts[at], *b.step(at, left)
		p.text = b.cell(p.text, from, step.end, step.quoted)
		p.end()
		at = b.after(step.end, step.quoted)
	}
	p.state = lineDone
	return true
}

// mendBoard is a line with the places that count: where a cell may begin, and
// the quotes that may close one.
type mendBoard struct {
	text    []byte
	d       spelling.Dialect
	width   int
	starts  []int // of cells
	byPlace map[int]int
	closing []int // quotes before a delimiter or the end
	best    [][]mendStep
}

func newMendBoard(text []byte, d spelling.Dialect, width int) *mendBoard {
	b := &mendBoard{text: text, d: d, width: width, byPlace: map[int]int{}}
	start := func(at int) {
		if d.Spaced && at > 0 && at < len(text) && text[at] == ' ' {
			at++
		}
		b.byPlace[at] = len(b.starts)
		b.starts = append(b.starts, at)
	}
	start(0)
	for i, c := range text {
		switch {
		case c == d.Delimiter:
			start(i + 1)
		case c == d.Quote && (i+1 == len(text) || text[i+1] == d.Delimiter):
			b.closing = append(b.closing, i)
		}
	}
	return b
}

// mendStep is the best way to read the rest of a line as so many cells: what it
// costs, how many ways cost that (2: more than one), and its first cell.
type mendStep struct {
	cost, ways int
	end        int // the delimiter after the first cell, or the line's end; the closing quote of a quoted one
	quoted     bool
}

// step is that from a start with so many cells left; nil where there can be
// none: so many cells do not fit before it, or after it.
func (b *mendBoard) step(at, left int) *mendStep {
	if i := left - max(1, b.width-at); left >= 1 && i >= 0 && i < len(b.best[at]) {
		return &b.best[at][i]
	}
	return nil
}

// solve gives the best step from each start by the cells that are left.
func (b *mendBoard) solve() {
	n := len(b.starts)
	b.best = make([][]mendStep, n)
	for at := n - 1; at >= 0; at-- {
		b.best[at] = make([]mendStep, max(0, min(b.width, n-at)-max(1, b.width-at)+1))
		from, end := b.starts[at], len(b.text)
		if i := bytes.IndexByte(b.text[min(from, end):], b.d.Delimiter); i >= 0 {
			end = from + i
		}
		switch plain := b.text[min(from, end):end]; {
		case len(plain) > 0 && plain[0] == b.d.Quote:
			b.try(at, end, false, 3) // a quote that opens nothing
		case len(plain) > 0 && plain[len(plain)-1] == b.d.Quote:
			b.try(at, end, false, 1) // one that closes nothing
		default:
			b.try(at, end, false, 0)
		}
		if from < len(b.text) && b.text[from] == b.d.Quote {
			b.tryQuoted(at)
		}
	}
}

// try goes on from a start by a cell that ends there.
func (b *mendBoard) try(at, end int, quoted bool, cost int) {
	next := b.after(end, quoted)
	for i := range b.best[at] {
		left := i + max(1, b.width-at)
		rest := mendStep{ways: 1}
		if (next < 0) != (left == 1) {
			continue
		}
		if next >= 0 {
			to := b.step(next, left-1)
			if to == nil || to.ways == 0 {
				continue
			}
			rest = *to
		}
		switch s := &b.best[at][i]; {
		case s.ways == 0 || cost+rest.cost < s.cost:
			*s = mendStep{cost + rest.cost, rest.ways, end, quoted}
		case cost+rest.cost == s.cost:
			s.ways = 2
		}
	}
}

// tryQuoted goes on by a quoted cell, to each quote that may close it. Each quote
// within that is not written twice costs.
func (b *mendBoard) tryQuoted(at int) {
	lone, next := 0, 0
	for i := b.starts[at] + 1; i < len(b.text); i++ {
		for next < len(b.closing) && b.closing[next] < i {
			next++
		}
		closes := func(i int) bool {
			return next < len(b.closing) && b.closing[next] == i
		}
		switch {
		case b.text[i] == '\\' && b.d.Escape == '\\':
			i++
		case b.text[i] != b.d.Quote:
		case i+1 < len(b.text) && b.text[i+1] == b.d.Quote:
			if i++; closes(i) {
				b.try(at, i, true, lone+1) // the first of two is a sign, the second closes
			}
		default:
			if closes(i) {
				b.try(at, i, true, lone)
			}
			lone++
		}
	}
}

// after is the start that follows a cell; -1 at the end of the line.
func (b *mendBoard) after(end int, quoted bool) int {
	if quoted {
		end++
	}
	if end >= len(b.text) {
		return -1
	}
	if end++; b.d.Spaced && end < len(b.text) && b.text[end] == ' ' {
		end++
	}
	return b.byPlace[end]
}

// cell appends the text of a cell.
func (b *mendBoard) cell(out []byte, from, end int, quoted bool) []byte {
	if !quoted {
		return append(out, b.text[min(from, end):end]...)
	}
	for i := from + 1; i < end; i++ {
		c := b.text[i]
		if i+1 < end && (c == b.d.Quote && b.text[i+1] == c || c == '\\' && b.d.Escape == c && (b.text[i+1] == b.d.Quote || b.text[i+1] == c)) {
			i++
			c = b.text[i]
		}
		out = append(out, c)
	}
	return out
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
		p.begin(d)
		p.feed(line.text)
		p.close()
		if all++; p.state == lineDone {
			whole++
			widths[len(p.ends)]++
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

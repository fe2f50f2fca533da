package mend

import (
	"bytes"

	"yardstick/collectors/table/spelling"
)

// Bounds of mending.
const (
	mostLine  = 64 << 10 // bytes of a line
	mostSteps = 4 << 20  // ways to go on from all places of a line
	mostScan  = 64 << 20 // bytes looked at for them
)

// Mend reads a line as the row of so many cells that takes the fewest quotes
// for signs like any other, into the parser; it reports false where there is
// none, or there are two.
func Mend(text []byte, d spelling.Dialect, width int, p *Line) bool {
	if width < 2 || d.Delimiter == 0 || len(text) > mostLine {
		return false
	}
	b := newBoard(text, d, width)
	n, quoted := len(b.starts), 0
	for _, from := range b.starts {
		if from < len(text) && text[from] == d.Quote {
			quoted++
		}
	}
	if n < width || (n-width+1)*(n+quoted*len(b.closing)) > mostSteps || quoted*len(text) > mostScan {
		return false
	}
	if b.solve(); b.step(0, width).ways != 1 {
		return false
	}
	p.Begin(d)
	for at, left := 0, width; left > 0; left-- {
		from, step := b.starts[at], *b.step(at, left)
		p.Text = b.cell(p.Text, from, step.end, step.quoted)
		p.end()
		at = b.after(step.end, step.quoted)
	}
	p.state = done
	return true
}

// board is a line with the places that count: where a cell may begin, and
// the quotes that may close one.
type board struct {
	text    []byte
	d       spelling.Dialect
	width   int
	starts  []int // of cells
	byPlace map[int]int
	closing []int // quotes before a delimiter or the end
	best    [][]way
}

func newBoard(text []byte, d spelling.Dialect, width int) *board {
	b := &board{text: text, d: d, width: width, byPlace: map[int]int{}}
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
		case c == d.Quote && b.ends(b.blanks(i+1)):
			b.closing = append(b.closing, i)
		}
	}
	return b
}

// ends reports the end of the line or of a cell.
func (b *board) ends(at int) bool { return at == len(b.text) || b.text[at] == b.d.Delimiter }

// blanks is the place after the blanks that stand at another, and divide nothing.
func (b *board) blanks(at int) int {
	for at < len(b.text) && b.text[at] == ' ' && b.d.Delimiter != ' ' {
		at++
	}
	return at
}

// way is the best way to read the rest of a line as so many cells: what it
// costs, how many ways cost that (2: more than one), and its first cell.
type way struct {
	cost, ways int
	end        int // the delimiter after the first cell, or the line's end; the closing quote of a quoted one
	quoted     bool
}

// step is that from a start with so many cells left; nil where there can be
// none: so many cells do not fit before it, or after it.
func (b *board) step(at, left int) *way {
	if i := left - max(1, b.width-at); left >= 1 && i >= 0 && i < len(b.best[at]) {
		return &b.best[at][i]
	}
	return nil
}

// solve gives the best step from each start by the cells that are left.
func (b *board) solve() {
	n := len(b.starts)
	b.best = make([][]way, n)
	for at := n - 1; at >= 0; at-- {
		b.best[at] = make([]way, max(0, min(b.width, n-at)-max(1, b.width-at)+1))
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
func (b *board) try(at, end int, quoted bool, cost int) {
	next := b.after(end, quoted)
	for i := range b.best[at] {
		left := i + max(1, b.width-at)
		rest := way{ways: 1}
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
			*s = way{cost + rest.cost, rest.ways, end, quoted}
		case cost+rest.cost == s.cost:
			s.ways = 2
		}
	}
}

// tryQuoted goes on by a quoted cell, to each quote that may close it. Each quote
// within that is not written twice costs. Dearer is a cell of which quotes hold but
// a part ("1,204" tons), as it stands: to the first delimiter outside them. It is
// likelier than one that holds two quotes with a delimiter between, beside another.
func (b *board) tryQuoted(at int) {
	const partly = 4
	lone, next, outside := 0, 0, false
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
		case b.text[i] == b.d.Delimiter && lone%2 == 1 && !outside:
			outside = true
			b.try(at, i, false, partly)
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
	if lone%2 == 1 && !outside {
		b.try(at, len(b.text), false, partly)
	}
}

// after is the start that follows a cell; -1 at the end of the line.
func (b *board) after(end int, quoted bool) int {
	if quoted {
		end = b.blanks(end + 1)
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
func (b *board) cell(out []byte, from, end int, quoted bool) []byte {
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

// Package mend reads lines of text with separators: as they are written, or, where
// quotes are broken or another sign divides them, in the one way that they can be
// read.
package mend

import (
	"bytes"

	"yardstick/collectors/table/spelling"
)

// The states of a line that is parsed.
const (
	begins = iota // a cell begins
	plain         // in a cell without quotes
	open          // in a quoted cell
	closed        // after a quote in a quoted cell: its end, or one half of two
	padded        // after blanks behind a closing quote
	broken        // text follows a closing quote
	done
)

// Line splits a row as it is written, on one line or several.
type Line struct {
	Text  []byte // of the cells
	Ends  []int  // where each ends in Text
	Lines []int  // on which each begins, from 0
	Began int    // line of the open cell
	Odd   int    // cells that another dialect might explain

	Padded bool // blanks stand behind a closing quote

	d      spelling.Dialect
	state  int
	line   int  // that is fed, from 0
	beside byte // another delimiter; 0: none
}

// Begin makes it ready for a row.
func (p *Line) Begin(d spelling.Dialect) {
	*p = Line{d: d, Text: p.Text[:0], Ends: p.Ends[:0], Lines: p.Lines[:0]}
}

// Open reports a quoted cell that goes on beyond what was fed.
func (p *Line) Open() bool { return p.state == open }

// Done reports a row that is whole.
func (p *Line) Done() bool { return p.state == done }

// Break goes on in the open cell with a line end.
func (p *Line) Break(end string) {
	p.Text = append(p.Text, end...)
	p.line++
}

// From is where the open cell begins in text.
func (p *Line) From() int {
	if n := len(p.Ends); n > 0 {
		return p.Ends[n-1]
	}
	return 0
}

// Size is that of the open cell.
func (p *Line) Size() int { return len(p.Text) - p.From() }

// Feed goes on with the bytes of a line.
func (p *Line) Feed(text []byte) {
	for i := 0; i < len(text); i++ {
		b := text[i]
		switch p.state {
		case begins:
			if p.d.Spaced && b == ' ' && i > 0 && text[i-1] == p.d.Delimiter {
				continue
			}
			if p.Began = p.line; b == p.d.Quote {
				p.state = open
				continue
			}
			p.state = plain
			fallthrough
		case plain:
			if p.divides(b) {
				p.end()
			} else {
				p.Text = append(p.Text, b)
			}
		case open:
			switch {
			case b == p.d.Quote:
				p.state = closed
			case b == '\\' && p.d.Escape == '\\' && i+1 < len(text) && (text[i+1] == p.d.Quote || text[i+1] == '\\'):
				i++
				p.Text = append(p.Text, text[i])
			default:
				p.Text = append(p.Text, b)
			}
		case closed, padded:
			switch {
			case b == p.d.Quote && p.state == closed:
				p.Text = append(p.Text, b)
				p.state = open
			case p.divides(b):
				p.end()
			case b == ' ':
				p.state, p.Padded = padded, true
			default:
				p.state = broken
			}
		case broken:
			return
		}
	}
}

func (p *Line) divides(b byte) bool {
	return b != 0 && (b == p.d.Delimiter || b == p.beside)
}

// end ends a cell; another begins.
func (p *Line) end() {
	if p.state == plain && OddQuote(p.Text[p.From():], p.d.Quote) {
		p.Odd++
	}
	p.Ends, p.Lines, p.state = append(p.Ends, len(p.Text)), append(p.Lines, p.Began), begins
}

// Close ends the row, unless a quote is open or broken.
func (p *Line) Close() {
	switch p.state {
	case begins:
		p.Began = p.line
	case plain, closed, padded:
	default:
		return
	}
	p.end()
	p.state = done
}

// Take makes it the row of these cells.
func (p *Line) Take(d spelling.Dialect, cells []string) {
	p.Begin(d)
	for _, cell := range cells {
		p.Text = append(p.Text, cell...)
		p.end()
	}
	p.state, p.Odd = done, 0
}

// OddQuote reports an unquoted cell that holds the quote, or has the other quote
// at an end.
func OddQuote(cell []byte, quote byte) bool {
	other := '"' + '\'' - quote
	return len(cell) > 0 && (cell[0] == other || cell[len(cell)-1] == other || bytes.IndexByte(cell, quote) >= 0)
}

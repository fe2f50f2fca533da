package mend

import (
	"slices"
	"strings"

	"yardstick/collectors/table/spelling"
)

// Bounds of what is kept of rows that may be divided by another sign.
const (
	mostNarrow  = 1000 // of them
	mostCells   = 1 << 17
	mostProfile = 10_000 // rows that columns are known by
	mostText    = 4096   // bytes of one
	mostWidths  = 16     // widths of rows that are told apart
)

// Narrow keeps what tells whether a row with fewer cells than most is divided by
// another sign than they are: those rows, and which columns hold numbers.
type Narrow struct {
	seen    int
	cells   int                  // of rows
	columns map[int][]columnKind // by the width of the rows
	rows    map[int][]Row        // likewise
	top     [2]Row               // the first rows
}

// Row is a row of a text: its number and its line, both from 1.
type Row struct {
	Number, Line int
	Texts        []string
}

// columnKind counts the cells of a column.
type columnKind struct{ filled, numbers int }

// NewNarrow has seen nothing yet.
func NewNarrow() *Narrow {
	return &Narrow{columns: map[int][]columnKind{}, rows: map[int][]Row{}}
}

// See takes a row that is not blank, and whether it is of one line.
func (n *Narrow) See(row Row, single bool) {
	if n.seen++; n.seen <= len(n.top) {
		n.top[n.seen-1] = Row{row.Number, row.Line, slices.Clone(row.Texts)}
	}
	width := len(row.Texts)
	if n.columns[width] == nil && len(n.columns) >= mostWidths {
		return
	}
	if n.columns[width] == nil {
		n.columns[width] = make([]columnKind, width)
	}
	few := len(n.rows[width]) < 100 || width < 3 && len(n.rows[width]) < mostNarrow
	if single && few && short(row.Texts) && n.cells+width <= mostCells {
		n.cells += width
		n.rows[width] = append(n.rows[width], Row{row.Number, row.Line, slices.Clone(row.Texts)})
	}
	if n.seen > mostProfile {
		return
	}
	for i, text := range row.Texts {
		if text = strings.TrimSpace(text); text != "" {
			n.columns[width][i].filled++
			if isNumber(text) {
				n.columns[width][i].numbers++
			}
		}
	}
}

// short reports texts of few bytes.
func short(texts []string) bool {
	size := 0
	for _, text := range texts {
		size += len(text)
	}
	return size <= mostText
}

// isNumber reports digits with signs that stand in numbers, of either width.
func isNumber(text string) bool {
	digits := 0
	for _, c := range text {
		switch {
		case c >= '0' && c <= '9', c >= '０' && c <= '９':
			digits++
		case !strings.ContainsRune("+-., %＋－．，％", c):
			return false
		}
	}
	return digits > 0
}

// Split gives the rows that are as wide as most when another sign divides them,
// and fit them then: by that sign alone, and with numbers where most have numbers.
// widths counts rows by their cells, and is brought up to date.
func (n *Narrow) Split(d spelling.Dialect, common int, widths map[int]int) []Row {
	var out []Row
	if common < 3 || d.Delimiter == 0 || d.Delimiter == ' ' {
		return nil
	}
	for width, rows := range n.rows {
		if width >= common {
			continue
		}
		for _, row := range rows {
			if slices.ContainsFunc(row.Texts, func(text string) bool { return strings.IndexByte(text, d.Delimiter) >= 0 }) {
				continue // it stood in quotes: what is in a cell is no matter of signs
			}
			var fitting [][]string
			for other, cells := range Otherwise(strings.Join(row.Texts, string(d.Delimiter)), d, common) {
				if n.fit(cells) || other != " " && n.heads(row, cells) {
					fitting = append(fitting, cells)
				}
			}
			if len(fitting) == 1 {
				out = append(out, Row{row.Number, row.Line, fitting[0]})
				widths[common]++
				if widths[width]--; widths[width] == 0 {
					delete(widths, width)
				}
			}
		}
	}
	slices.SortFunc(out, func(a, b Row) int { return a.Number - b.Number })
	return out
}

// Otherwise gives the ways to read a line as so many cells that another sign
// divides, alone or beside the one of most rows; cells in quotes stay whole.
func Otherwise(line string, d spelling.Dialect, width int) map[string][]string {
	const unit = 0x1f // no text holds it
	out := map[string][]string{}
	for _, other := range []string{";", ",", "\t", "|", "，", "；", " "} {
		if other == string(d.Delimiter) || !strings.Contains(line, other) {
			continue
		}
		text, sign := line, other[0]
		if len(other) > 1 {
			text, sign = strings.ReplaceAll(line, other, string(rune(unit))), unit
		}
		for _, beside := range []byte{0, d.Delimiter} {
			var p Line
			p.Begin(spelling.Dialect{Delimiter: sign, Quote: d.Quote, Escape: d.Escape})
			p.beside = beside
			p.Feed([]byte(text))
			if p.Close(); !p.Done() || len(p.Ends) != width {
				continue
			}
			cells, from := make([]string, 0, width), 0
			for _, end := range p.Ends {
				cells = append(cells, strings.ReplaceAll(string(p.Text[from:end]), string(rune(unit)), other))
				from = end
			}
			out[other] = cells
			break
		}
	}
	return out
}

// fit reports whether cells stand in the columns of rows as wide: numbers where
// most have numbers, at one place at least.
func (n *Narrow) fit(cells []string) bool {
	numbers := 0
	for i, kind := range n.columns[len(cells)] {
		text := strings.TrimSpace(cells[i])
		if text == "" || kind.filled < 2 || 5*kind.numbers < 4*kind.filled {
			continue
		}
		if !isNumber(text) {
			return false
		}
		numbers++
	}
	return numbers > 0
}

// heads reports whether cells are the names over the columns: the first row, all
// of it filled, and figures right below.
func (n *Narrow) heads(row Row, cells []string) bool {
	if row.Number != n.top[0].Number || len(n.top[1].Texts) != len(cells) || !n.fit(n.top[1].Texts) {
		return false
	}
	return !slices.ContainsFunc(cells, func(c string) bool { return strings.TrimSpace(c) == "" || strings.ContainsAny(c, "：:") })
}

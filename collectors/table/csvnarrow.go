package table

import (
	"context"
	"slices"
	"strings"

	"yardstick/collectors/table/spelling"
)

// Bounds of what is kept of rows that may be divided by another sign.
const (
	mostNarrow  = 1000   // of them
	mostProfile = 10_000 // rows that columns are known by
	mostWidths  = 16     // widths of rows that are told apart
)

// narrow keeps what tells whether a row with fewer cells than most is divided by
// another sign than they are: those rows, and which columns hold numbers.
type narrow struct {
	seen    int
	columns map[int][]columnKind // by the width of the rows
	rows    map[int][]*Row       // likewise
	top     [2]*Row              // the first rows
}

// columnKind counts the cells of a column.
type columnKind struct{ filled, numbers int }

func newNarrow() *narrow {
	return &narrow{columns: map[int][]columnKind{}, rows: map[int][]*Row{}}
}

// see takes a row that is not blank.
func (n *narrow) see(row *Row) {
	if n.seen++; n.seen <= len(n.top) {
		n.top[n.seen-1] = row.Clone()
	}
	width := row.Len()
	if n.columns[width] == nil && len(n.columns) >= mostWidths {
		return
	}
	if n.columns[width] == nil {
		n.columns[width] = make([]columnKind, width)
	}
	if row.lines == nil && len(n.rows[width]) < mostNarrow && (width < 3 || len(n.rows[width]) < 100) {
		n.rows[width] = append(n.rows[width], row.Clone())
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

// isNumber reports digits with signs that stand in numbers.
func isNumber(text string) bool {
	digits := 0
	for i := range len(text) {
		switch c := text[i]; {
		case c >= '0' && c <= '9':
			digits++
		case strings.IndexByte("+-., %", c) < 0:
			return false
		}
	}
	return digits > 0
}

// split gives the rows that are as wide as most when another sign divides them,
// and fit them then: by that sign alone, and with numbers where most have numbers.
// widths counts rows by their cells, and is brought up to date.
func (n *narrow) split(d spelling.Dialect, common int, widths map[int]int) []*Row {
	var out []*Row
	if common < 3 || d.Delimiter == 0 || d.Delimiter == ' ' {
		return nil
	}
	for width, rows := range n.rows {
		if width >= common {
			continue
		}
		for _, row := range rows {
			var fitting [][]string
			for other, cells := range otherwise(strings.Join(row.Texts, string(d.Delimiter)), d, common) {
				if n.fit(cells) || other != " " && n.heads(row, cells) {
					fitting = append(fitting, cells)
				}
			}
			if len(fitting) == 1 {
				again := row.Clone()
				again.Texts = fitting[0]
				out = append(out, again)
				widths[common]++
				if widths[width]--; widths[width] == 0 {
					delete(widths, width)
				}
			}
		}
	}
	return out
}

// otherwise gives the ways to read a line as so many cells that another sign
// divides, alone or beside the one of most rows; cells in quotes stay whole.
func otherwise(line string, d spelling.Dialect, width int) map[string][]string {
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
			var p lineParser
			p.begin(spelling.Dialect{Delimiter: sign, Quote: d.Quote, Escape: d.Escape})
			p.beside = beside
			p.feed([]byte(text))
			if p.close(); p.state != lineDone || len(p.ends) != width {
				continue
			}
			cells, from := make([]string, 0, width), 0
			for _, end := range p.ends {
				cells = append(cells, strings.ReplaceAll(string(p.text[from:end]), string(rune(unit)), other))
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
func (n *narrow) fit(cells []string) bool {
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
func (n *narrow) heads(row *Row, cells []string) bool {
	if row.Number != n.top[0].Number || n.top[1] == nil || n.top[1].Len() != len(cells) || !n.fit(n.top[1].Texts) {
		return false
	}
	return !slices.ContainsFunc(cells, func(c string) bool { return strings.TrimSpace(c) == "" || strings.ContainsAny(c, "：:") })
}

// resplit puts rows that were divided again in the place of those that were not.
func (t *Table) resplit(again []*Row) {
	slices.SortFunc(again, func(a, b *Row) int { return a.Number - b.Number })
	by := map[int]*Row{}
	for _, row := range again {
		by[row.Number] = row
		t.resplits = append(t.resplits, row.Cell(0))
	}
	open := t.open
	t.open = func(ctx context.Context) rows {
		return func(yield func(*Row, error) bool) {
			for row, err := range open(ctx) {
				if err == nil && by[row.Number] != nil {
					row = by[row.Number]
				}
				if !yield(row, err) {
					return
				}
			}
		}
	}
}

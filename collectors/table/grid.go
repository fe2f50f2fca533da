package table

import (
	"context"
	"io"

	"yardstick/collectors/table/numfmt"
	"yardstick/collectors/table/refusal"
)

// gridRow is a row kept in memory, with its filled cells alone.
type gridRow struct {
	number int
	hidden bool
	cells  []gridCell // by column
}

type gridCell struct {
	column int // from 1
	text   string
	about  numfmt.About
}

// gridRows walks rows kept in memory; rows without a filled cell are given
// blank between others.
type gridRows struct {
	rows []gridRow
	row  Row
	last int
}

func (g *gridRows) next(ctx context.Context) (*Row, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if len(g.rows) == 0 {
		return nil, io.EOF
	}
	g.last++
	g.row.begin(g.last)
	if g.rows[0].number > g.last {
		return &g.row, nil
	}
	from := g.rows[0]
	g.rows = g.rows[1:]
	g.row.Hidden = from.hidden
	for _, c := range from.cells {
		g.row.put(c.column, c.text, c.about)
	}
	return &g.row, nil
}

// begin empties the row for the next number.
func (r *Row) begin(number int) {
	clear(r.abouts)
	*r = Row{Number: number, Line: number, Texts: r.Texts[:0], abouts: r.abouts[:0]}
}

// put sets a cell (column from 1) and widens the row as needed.
func (r *Row) put(column int, text string, a numfmt.About) {
	for len(r.Texts) < column {
		r.Texts, r.abouts = append(r.Texts, ""), append(r.abouts, numfmt.About{Decimals: -1})
	}
	r.Texts[column-1], r.abouts[column-1] = text, a
}

// clean refuses control characters, as in a text file.
func clean(row *Row) error {
	for i, text := range row.Texts {
		for j := range len(text) {
			switch b := text[j]; {
			case b == 0:
				return fault(refusal.NULByte, row.Number, i+1)
			case b < ' ' && b != '\t' && b != '\n' && b != '\r', b == 0x7f:
				return fault(refusal.ControlCharacter, row.Number, i+1)
			}
		}
	}
	return nil
}

package heads

import (
	"context"

	"yardstick/collectors/reading/account"
	"yardstick/collectors/reading/grid"
	"yardstick/collectors/table/numfmt"
)

// GridCells bounds what is looked at as a whole: layouts other than tidy may have so many cells.
const GridCells = 3_000_000

// ReadGrid reads the table as one of the layouts found from its cells. It reports
// false when there is none.
func ReadGrid(ctx context.Context, r *account.Reader) (bool, error) {
	if r.Table.Cells > GridCells {
		return false, nil
	}
	g, err := grid.New(ctx, r)
	if err != nil {
		return false, err
	}
	return (&sheet{Grid: g}).walk(ctx)
}

// sheet is a grid whose tables are being read.
type sheet struct {
	*grid.Grid
	open   []int // rows read and not yet told: above a table, or below the last
	blocks int
}

// walk reads the tables and tells what stands around them; false: there is none.
func (g *sheet) walk(ctx context.Context) (bool, error) {
	err := g.Parts(ctx, func(p grid.Part, row int, b *grid.Block) error {
		switch p {
		case grid.Blank:
			g.Blank(g.Src[row])
		case grid.Note:
			if g.blocks > 0 {
				g.tell(account.ExcludedNote)
			}
			g.EndBlanks()
			g.LeaveOut(row, account.ExcludedNote)
		case grid.Other, grid.Above:
			g.open = append(g.open, row)
		case grid.Whole:
			g.EndBlanks()
			g.tell(account.ExcludedPreamble)
			g.blocks++
			return read(ctx, b)
		}
		return nil
	})
	if err != nil {
		return false, err
	}
	g.EndBlanks()
	if g.blocks == 0 && g.worded() {
		return true, g.SettleAsked(ctx)
	}
	if g.blocks == 0 {
		g.Found.Excluded, g.Found.LeftOut = nil, 0
		return false, nil
	}
	g.tell(account.ExcludedNote)
	for _, row := range g.Src {
		g.Settle(row)
	}
	return true, nil
}

// worded asks about the cells to which formats add words, where no table is found
// without them: the eye may see one.
func (g *sheet) worded() (asked bool) {
	for _, row := range g.Src {
		for i := range row.Len() {
			if c := row.Cell(i); c.Why == numfmt.FormatWords && !g.Number(c.Shown) {
				_, ok := g.SeenLabel(c)
				asked = asked || !ok
			}
		}
	}
	return asked
}

// tell lists the rows that were read and belong to no table.
func (g *sheet) tell(code string) {
	for _, i := range g.open {
		g.LeaveOut(i, code)
	}
	g.open = nil
}

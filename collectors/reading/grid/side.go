package grid

import (
	"fmt"
	"slices"

	"yardstick/collectors/reading/account"
	"yardstick/collectors/reading/written"
)

// A column of labels says what the figures to its right are, up to where labels begin
// again: there another table begins, beside it.

// apart parts a table, whose header begins with row i, into those that stand side by
// side in it; false: it is one.
func (b *Block) apart(i int) bool {
	if b.Export != nil || b.side != nil {
		return false
	}
	for _, columns := range b.tables() {
		g := b.sideOf(columns)
		if g == nil {
			return false
		}
		f, k := b.Facts, i
		f.Titles = slices.Clone(f.Titles)
		for k < len(g.Src) && len(g.Class(k).Filled) == 1 && g.above(k) { // a title over each of them
			at := g.Facet(k, g.Class(k).Filled[0])
			if _, _, unit := written.CutUnit(at.Text); (unit || g.Knows(at.Text)) && !written.KeyedLine(at.Text) && !f.Indicator.Said() {
				f.Indicator = at // 绿道（公里） over the one, 充电桩（个） over the other
			} else {
				f.See(at.Cell)
			}
			g.Leave(at.Cell)
			k++
		}
		if k == len(g.Src) {
			continue
		}
		if side := g.block(k, f); side != nil {
			b.Sides, b.Next = append(b.Sides, side), max(b.Next, side.Next)
		}
	}
	return b.Sides != nil
}

// mostSides bounds the ways in which a sheet's rows are cut into tables side by side.
const mostSides = 32

// sideOf is the sheet as seen through some of its columns; nil: it was cut in too many
// other ways.
func (g *Grid) sideOf(columns []int) *Grid {
	key := fmt.Sprint(columns)
	if side := g.cut[key]; side != nil || len(g.cut) == mostSides {
		return side
	}
	side := &Grid{Reader: g.Reader, Bureau: g.Bureau, Legend: g.Legend, headers: map[int]headerRow{}, kinds: g.kinds, side: columns, Wide: len(columns)}
	for _, row := range g.Src {
		side.Src = append(side.Src, row.Pick(columns))
	}
	side.classes = make([]*RowClass, len(side.Src))
	if g.cut == nil {
		g.cut = map[string]*Grid{}
	}
	g.cut[key] = side
	return side
}

// tables lists the columns (from 0) of each of the tables that stand side by side.
func (b *Block) tables() [][]int {
	kinds := make([]account.Kind, b.Wide)
	stands, twice := map[account.Kind]bool{}, false
	for c := range kinds {
		kinds[c] = b.ColumnKind(c)
		twice = twice || account.Naming(kinds[c]) && stands[kinds[c]]
		stands[kinds[c]] = true
	}
	if !twice { // no labels begin again
		return nil
	}
	return account.Beside(kinds, b.markFigures(kinds, b.Head[len(b.Head)-1]+1), b.Wide)
}

// markFigures marks of the columns those of figures, and gives the last: more numbers
// than words stand in the rows from j on below what names nothing of the rows.
func (b *Block) markFigures(kinds []account.Kind, j int) (last int) {
	numbers := make([]int, b.Wide)
	for n := 0; j < len(b.Src) && n < 50; j++ {
		k := b.Class(j)
		for _, c := range k.Filled {
			switch k.Kinds[c] {
			case strong, weakly:
				numbers[c]++
			case Word, period:
				numbers[c]--
			}
		}
		if len(k.Filled) > 0 {
			n++
		}
	}
	for c, k := range kinds {
		if (k == "" || k == account.KindOther) && b.HeadOf(c) != "" && numbers[c] > 0 {
			kinds[c], last = account.FigureColumn, c
		}
	}
	return last
}

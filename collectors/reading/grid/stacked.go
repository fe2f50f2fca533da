package grid

import (
	"yardstick/collectors/reading/account"
	"yardstick/collectors/reading/written"
)

// Tables stand below each other, each with a line that names what it counts and the same
// header: 平价菜店（家） above a header that repeats is no place among those above it.

// stacked reports whether another table of this header begins with row j: lines that name
// what is counted, and the header again. lines is how many name something.
func (b *Block) stacked(j int) (lines int, ok bool) {
	if j < b.plain || len(b.Data) == 0 {
		return 0, false
	}
	k, named := j, false
	for ; k < len(b.Src) && !b.again(k); k++ {
		if b.Src[k].Blank() {
			continue
		}
		if !b.above(k) || b.Class(k).Numbers(0) > 0 || b.Class(k).count[period] > 0 {
			break
		}
		for _, c := range b.Class(k).Filled {
			t := b.Text(k, c)
			named = named || b.counts(t)
			if !written.KeyedLine(t) && !written.LooksLikeUnit(t) {
				lines++
			}
		}
	}
	if lines > 0 && named && k < len(b.Src) && b.again(k) {
		return lines, true
	}
	b.plain = k // none of the rows before it begins one
	return 0, false
}

// counts reports whether a line says what is counted below it: it bears a unit or, where
// the rows name no indicators themselves, is the name of one.
func (b *Block) counts(text string) bool {
	name, _ := written.Outline(text)
	if _, _, cut := written.CutUnit(name); cut || written.UnitLine().MatchString(name) {
		return true
	}
	for c := range b.From {
		if b.ColumnKind(c) == account.KindIndicator {
			return false
		}
	}
	bare, _ := written.CutBasis(name)
	return b.Knows(name) || b.Knows(bare)
}

// shared are the lines above a table that are said of the one below it too, when n lines
// name what that one counts: all before the last n that name something.
func (g *Grid) shared(lines []int, n int) []int {
	if n == 0 {
		return nil
	}
	for at := len(lines) - 1; at >= 0; at-- {
		for _, c := range g.Class(lines[at]).Filled {
			if t := g.Text(lines[at], c); !written.KeyedLine(t) && !written.LooksLikeUnit(t) {
				n--
			}
		}
		if n <= 0 {
			return lines[:at]
		}
	}
	return nil
}

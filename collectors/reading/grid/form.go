package grid

import (
	"slices"
	"strings"

	"yardstick/collectors/reading/account"
	"yardstick/collectors/reading/written"
)

// Above a table forms have lines that are about the form: 表号：, 制定机关：, 有效期至：, the
// title with the day it was made at its right. They name no columns.

// form reports whether row i is a line of a form above a table.
func (g *Grid) form(i int) bool {
	cols := g.Class(i).Filled
	forms, open := 0, false
	for n, c := range cols {
		t := g.Text(i, c)
		key, whole := written.FormCell(t)
		k := g.LabelOf(t)
		switch {
		case open: // the value of the key before it
			open = false
		case key:
			open = true
			forms++
		case whole || written.KeyedLine(t):
			forms++
		case account.Naming(k) || k == account.KindUnit:
			return false
		case n == 0 && g.Class(i).Kinds[c] == Word: // a title
		case n == len(cols)-1 && g.Class(i).Kinds[c] == period: // the period of all below
		default:
			return false
		}
	}
	return forms > 0 && g.headedBelow(i)
}

// headedBelow reports whether a header follows row i, at once or below further lines.
func (g *Grid) headedBelow(i int) bool {
	for j := i + 1; j < min(len(g.Src), i+12); j++ {
		k := g.Class(j)
		if k.naming.Or(func() bool {
			return slices.ContainsFunc(k.Filled, func(c int) bool { return account.Naming(g.LabelOf(g.Text(j, c))) })
		}) {
			return true
		}
		if k.Numbers(1) > 0 {
			return false
		}
	}
	return false
}

// seeAbove takes what a row above a table says for all of it.
func (g *Grid) seeAbove(i int, f *account.Facts) {
	cols := g.Class(i).Filled
	if len(cols) == 1 || !g.form(i) {
		for _, c := range cols {
			f.See(g.Src[i].Cell(c))
		}
		return
	}
	for n := 0; n < len(cols); n++ {
		at := g.Src[i].Cell(cols[n])
		key, whole := written.FormCell(at.Text)
		if key && n+1 < len(cols) {
			value := g.Src[i].Cell(cols[n+1])
			value.Text = strings.TrimRight(strings.TrimSpace(at.Text), ":：") + "：" + value.Text
			if at, key = value, false; !written.Keyed(at.Text) {
				whole = true
			}
			n++
		}
		if !key && (!whole || written.Keyed(at.Text)) {
			f.See(at)
		}
	}
}

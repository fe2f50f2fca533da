package heads

import (
	"slices"
	"strings"

	"yardstick/collectors/reading/account"
	"yardstick/collectors/reading/written"
)

// Above a table forms have lines that are about the form: 表号：, 制定机关：, 有效期至：, the
// title with the day it was made at its right. They name no columns.

// form reports whether row i is a line of a form above a table.
func (g *grid) form(i int) bool {
	cols := g.class(i).filled
	forms, open := 0, false
	for n, c := range cols {
		t := g.text(i, c)
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
		case n == 0 && g.class(i).kinds[c] == word: // a title
		case n == len(cols)-1 && g.class(i).kinds[c] == period: // the period of all below
		default:
			return false
		}
	}
	return forms > 0 && g.headedBelow(i)
}

// headedBelow reports whether a header follows row i, at once or below further lines.
func (g *grid) headedBelow(i int) bool {
	for j := i + 1; j < min(len(g.src), i+12); j++ {
		k := g.class(j)
		if k.naming.or(func() bool {
			return slices.ContainsFunc(k.filled, func(c int) bool { return account.Naming(g.LabelOf(g.text(j, c))) })
		}) {
			return true
		}
		if k.numbers(1) > 0 {
			return false
		}
	}
	return false
}

// seeAbove takes what a row above a table says for all of it.
func (g *grid) seeAbove(i int, f *account.Facts) {
	cols := g.class(i).filled
	if len(cols) == 1 || !g.form(i) {
		for _, c := range cols {
			f.See(g.src[i].Cell(c))
		}
		return
	}
	for n := 0; n < len(cols); n++ {
		at := g.src[i].Cell(cols[n])
		key, whole := written.FormCell(at.Text)
		if key && n+1 < len(cols) {
			value := g.src[i].Cell(cols[n+1])
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

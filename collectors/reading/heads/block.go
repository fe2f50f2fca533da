package heads

import (
	"slices"
	"strings"

	"yardstick/collectors/reading/account"
	"yardstick/collectors/reading/written"
)

// rowClass counts what the cells of a row may be.
type rowClass struct {
	strong, weakly, absent, words, numbers int
	filled                                 []int
}

// block is one table: rows of header and of figures.
type block struct {
	*grid
	facts      account.Facts
	head, data []int
	headings   []int // rows of one text between the rows of figures
	next       int   // the first row after it
}

// block reads rows from i on as a table; nil: they are none.
func (g *grid) block(i int, f account.Facts) *block {
	b := &block{grid: g, facts: f}
	if _, ok := g.periodCols(i); !ok && g.class(i).numbers > 0 {
		return nil // figures name nothing
	}
	j := i
	for ; j < len(g.src) && len(b.head) < 8; j++ {
		if g.src[j].Blank() {
			break
		}
		if len(b.head) > 0 && (g.figures(j, b.head) || g.note(j) && !g.about(j, b.head)) {
			break
		}
		if cols := g.class(j).filled; len(b.head) > 0 && len(cols) == 1 && cols[0] == 0 {
			break // a heading of the rows below
		}
		b.head = append(b.head, j)
	}
	for j < len(g.src) && g.src[j].Blank() && j-i < 10 {
		j++
	}
	if j >= len(g.src) || !g.figures(j, b.head) && !g.goesOn(b, j) {
		return nil
	}
	for ; j < len(g.src); j++ {
		if g.src[j].Blank() {
			k := j
			for k < len(g.src) && g.src[k].Blank() {
				k++
			}
			if k == len(g.src) || !g.goesOn(b, k) {
				break
			}
			g.Blank(g.src[j])
			continue
		}
		if !g.goesOn(b, j) {
			break
		}
		switch {
		case slices.Equal(g.src[j].Texts, g.src[b.head[len(b.head)-1]].Texts):
			g.Exclude(g.src[j], account.ExcludedHeader)
		case len(g.class(j).filled) == 1 && !g.figures(j, b.head):
			b.headings = append(b.headings, j)
		default:
			b.data = append(b.data, j)
		}
	}
	g.EndBlanks()
	if b.next = j; len(b.data) == 0 {
		return nil
	}
	return b
}

// about reports whether row j, which begins as a note does (来源), is a row of
// the header: it says something of each column.
func (g *grid) about(j int, head []int) bool {
	n := len(g.class(head[0]).filled)
	return n > 1 && len(g.class(j).filled) >= n
}

// goesOn reports whether row j belongs to the block that holds the rows above.
func (g *grid) goesOn(b *block, j int) bool {
	if len(b.data) > 0 && slices.Equal(g.src[j].Texts, g.src[b.head[len(b.head)-1]].Texts) {
		return true
	}
	was := g.noted
	defer func() { g.noted = was }()
	g.noted = false
	for k := j; k < len(g.src) && !g.src[k].Blank(); k++ { // a heading, when figures follow
		_, header := g.periodCols(k)
		keyed := func() bool { return written.Keyed(account.FirstFilled(g.src[k]).Text) }
		switch {
		case header || g.note(k) || k > j && keyed():
			return false
		case g.figures(k, b.head):
			return true
		case keyed() || len(g.class(k).filled) > 1:
			return false
		}
	}
	return false
}

// figures reports whether row j holds figures under the header rows, or says
// that they are missing.
func (g *grid) figures(j int, head []int) bool {
	dated, from := false, 0
	for _, h := range head {
		if cols, ok := g.periodCols(h); ok && len(cols) > 0 {
			dated, from = true, cols[0]
		}
	}
	if dated && g.namesOnly(j, head, from) {
		return true
	}
	k := g.class(j)
	if k.numbers > 0 && len(k.filled) == 1 && !g.dated(g.text(j, 0)) {
		return false
	}
	first := ""
	if len(k.filled) > 0 && k.filled[0] < 2 {
		first = g.text(j, k.filled[0])
	}
	_, axis := g.reference(first)
	switch {
	case k.strong > 0:
		return true
	case k.weakly > 0:
		return dated || axis
	case g.dated(first) && k.words == 0:
		return len(k.filled) > 1 || len(head) > 0
	}
	return k.absent > 0 && k.words == 0 || dated && g.wordsForNumbers(j, from)
}

// wordsForNumbers reports whether a row below periods names something and has,
// in every column of theirs, digits that are no number (下降3.2, ≥95): figures
// that cannot be read, and no further row of the header.
func (g *grid) wordsForNumbers(j, from int) bool {
	cols := g.class(j).filled
	if len(cols) < 2 || cols[0] >= from || g.LabelOf(g.text(j, cols[0])) != "" {
		return false
	}
	n := 0
	for _, c := range cols {
		if c < from {
			continue
		}
		t := g.text(j, c)
		if _, period := g.reference(t); period || strings.ContainsAny(t, "=＝") || !strings.ContainsAny(written.FoldWidth(t), "0123456789") || written.ReadNumber(t, g.Table.Delimiter).Fault == "" {
			return false
		}
		n++
	}
	return n > 0
}

func (g *grid) class(j int) rowClass {
	if k, known := g.classes[j]; known {
		return k
	}
	k := rowClass{filled: g.filled(j)}
	for n, c := range k.filled {
		t := g.text(j, c)
		number := g.number(t)
		if number {
			k.numbers++
		}
		switch {
		case n == 0 && c < 2:
		case number && !isWeak(t):
			k.strong++
		case number:
			k.weakly++
		case written.Missing(strings.ToLower(t)) || written.FlagLike(t):
			k.absent++
		default:
			k.words++
		}
	}
	g.classes[j] = k
	return k
}

// namesOnly reports whether row j names a series and holds no figure of it: a
// name in every column of names, or one that cannot be a heading.
func (g *grid) namesOnly(j int, head []int, from int) bool {
	cols := g.filled(j)
	if len(cols) == 0 || cols[len(cols)-1] >= from {
		return false
	}
	if len(cols) > 1 {
		return len(cols) == from
	}
	name := g.text(j, cols[0])
	if _, _, ok := written.CutUnit(name); ok {
		return true
	}
	label := account.Kind("")
	for _, h := range head {
		if l := g.LabelOf(g.text(h, cols[0])); l != "" {
			label = l
		}
	}
	return from == 1 && label == account.KindRegion && g.LikePlace(name)
}

package heads

import (
	"slices"

	"yardstick/collectors/reading/account"
	"yardstick/collectors/reading/written"
)

// mergedName gives the name that stands for cell c (from 0) of row d too: the
// two are merged, or it says ditto of the one above.
func (a *axes) mergedName(d, c int, above account.Facet) (account.Facet, bool) {
	if written.Ditto(a.text(d, c)) {
		return above, true
	}
	if a.text(d, c) != "" {
		return account.Facet{}, false
	}
	m, ok := a.Merge(a.src[d].Number, c+1)
	if !ok || m.FirstColumn != c+1 || m.FirstRow < a.src[a.data[0]].Number {
		return account.Facet{}, false
	}
	top := m.FirstRow - 1
	return account.Facet{Text: a.text(top, c), Cell: a.src[top].Cell(c)}, true
}

// spread reports whether a figure's cell is merged with the cell of another
// figure: which of them the number is cannot be known. It is told once for the
// area.
func (e *emitter) spread(row, col *series) bool {
	m, ok := e.Merge(e.src[row.at].Number, col.at+1)
	if !ok || !e.number(e.text(m.FirstRow-1, m.FirstColumn-1)) {
		return false
	}
	inRows := func(s *series) bool { n := e.src[s.at].Number; return n >= m.FirstRow && n <= m.LastRow }
	inColumns := func(s *series) bool { return !s.skip && s.at+1 >= m.FirstColumn && s.at+1 <= m.LastColumn }
	if !beside(e.rows, row, inRows) && !beside(e.columns, col, inColumns) {
		return false
	}
	e.TellMerged(m, e.src[m.FirstRow-1].Cell(m.FirstColumn-1))
	return true
}

// beside reports whether a neighbour of s in a list in order of place fulfils
// the condition.
func beside(list []*series, s *series, in func(*series) bool) bool {
	i, ok := slices.BinarySearchFunc(list, s.at, func(o *series, at int) int { return o.at - at })
	return ok && (i > 0 && in(list[i-1]) || i+1 < len(list) && in(list[i+1]))
}

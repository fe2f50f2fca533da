package heads

import (
	"strings"

	"yardstick/collectors/reading/account"
	"yardstick/collectors/reading/written"
)

// placed takes from a column's head the place and the unit that stand around its period.
// False: it holds no period.
func (a *axes) placed(col *series, h int, at account.Facet) (rest account.Facet, ok bool) {
	place, period, behind, ok := a.HeadPeriod(at.Text)
	if !ok || place == "" && !account.Bracketed(behind) {
		return at, false
	}
	if place != "" && a.stubHas(account.KindRegion) {
		a.askColumn(col, h) // the rows have places of their own
		return account.Facet{}, true
	}
	if place != "" {
		col.region = account.Facet{Text: place, Cell: at.Cell}
	}
	a.dates(col, account.Facet{Text: period, Cell: at.Cell})
	if account.Bracketed(behind) {
		_, unit, _ := written.CutUnit("_" + behind)
		col.unit = account.Facet{Text: unit, Cell: at.Cell}
		behind = ""
	}
	return account.Facet{Text: behind, Cell: at.Cell}, true
}

// start is the first column of figures of a table with periods across: that of the
// first period, or one to its left that holds figures and names nothing of the rows.
func (a *axes) start() int {
	cols, _ := a.PeriodCols(a.dated)
	c := cols[0]
	for c > 1 && a.aheadOf(c-1) {
		c--
	}
	return c
}

// aheadOf reports whether column c, to the left of the periods, holds figures: 增速(%)
// before the figure it is of, 年度目标.
func (a *axes) aheadOf(c int) bool {
	label := a.HeadOf(c)
	if label == "" || c == a.period || a.ColumnKind(c) != "" || written.Is("dimension", written.Simplified(written.FoldText(label))) {
		return false
	}
	if a.Options.Given[written.ColumnKey(label)] != "" && !a.left(c) {
		return false
	}
	names, figures := a.cellsOf(c)
	return figures > len(names)
}

// cellsOf are the cells of a column that hold words, and how many hold numbers.
func (a *axes) cellsOf(c int) (names []string, figures int) {
	for _, d := range a.Data {
		switch t := a.Text(d, c); {
		case t == "":
		case a.Number(t):
			figures++
		case !written.Missing(strings.ToLower(t)) && !written.FlagLike(t):
			names = append(names, t)
		}
	}
	return names, figures
}

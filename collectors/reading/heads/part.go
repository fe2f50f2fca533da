package heads

import (
	"yardstick/collectors/reading/account"
	"yardstick/collectors/reading/written"
	"yardstick/collectors/table"
)

// wholes begins the names of an axis of this table.
func (a *axes) wholes() *account.Wholes {
	w := &account.Wholes{}
	if a.Options.Given["rows"] != "indicator" { // else it was said that each is one
		a.Titled(w, a.Facts)
	}
	return w
}

// partRow settles the name of a row that may be a part of what stands above it; false:
// the row gives no figures.
func (a *axes) partRow(w *account.Wholes, l *series) bool {
	if word, _, _ := written.HeadWord(l.indicator.Text); word != "" || !l.indicator.Said() || written.BasisWord(l.indicator.Text) {
		return true
	}
	name, is := a.Part(w, l.indicator, l.unit.Text)
	switch is {
	case account.PartLeft:
		a.rowGone(l, func(r *table.Row) { a.Exclude(r, account.ExcludedRow) })
		return false
	case account.PartOpen:
		a.rowGone(l, a.OpenRow)
		return false
	}
	l.indicator.Text, l.settled = name, is == account.PartSaid
	return true
}

// partColumns settles the names of columns that may be parts of what stands to their
// left. What is said of one (增速) goes with it.
func (a *axes) partColumns() {
	if a.stubHas(account.KindIndicator) {
		return
	}
	w := a.wholes()
	for _, col := range a.columns {
		if !col.indicator.Said() || col.skip || col.other() {
			continue
		}
		if col.ofGross {
			w.Below("地区生产总值")
			continue
		}
		at := col.indicator
		name, is := a.Part(w, at, col.unit.Text)
		if name == at.Text && is < account.PartLeft {
			continue
		}
		for _, s := range a.columns {
			switch {
			case s.indicator.Cell != at.Cell || s.skip || s.indicator.Text != at.Text:
			case is == account.PartSaid:
				s.indicator.Text = name
			case is == account.PartLeft:
				a.leaveColumn(s, account.ExcludedColumn)
			default:
				s.skip, a.open = true, true
				a.markColumn(s.at, a.Open)
			}
		}
	}
	a.dropColumns()
}

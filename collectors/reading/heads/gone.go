package heads

import (
	"slices"
	"strings"
	"unicode"

	"yardstick/collectors/reading/account"
	"yardstick/collectors/reading/written"
	"yardstick/collectors/table"
)

// What says something of a row or column (its growth, rank or share) and stands behind
// one that gives no figures goes with that one: it never falls to the one before it.

// rowGone ends a row that gives no figures, and remembers how for what is said of it.
func (a *axes) rowGone(l *series, how func(*table.Row)) *series {
	l.goes = how
	how(a.Src[l.at])
	return l
}

// takes reports whether row l only says something of the row before, which gives no
// figures.
func (s *series) takes(l *series) bool {
	w, _, _ := written.HeadWord(l.indicator.Text)
	if s == nil || s.goes == nil || l.region.Said() && l.region.Text != s.region.Text {
		return false
	}
	return slices.Contains([]string{"change", "share", "rank", "level"}, w) || l.indicator.Said() && written.BasisWord(l.indicator.Text)
}

// dropColumns takes the columns that give no figures out of those that do.
func (a *axes) dropColumns() {
	a.columns = slices.DeleteFunc(a.columns, func(s *series) bool {
		if s.skip {
			a.gone = append(a.gone, s)
		}
		return s.skip
	})
}

// wordsOfGone ends the columns that say something of a column which gives no figures:
// they wait for the same question, are left out with a part or total, and are asked
// about where the other was left out and nothing tells what they are of.
func (a *axes) wordsOfGone() {
	for _, col := range a.columns {
		of := a.goneBefore(col)
		if of == nil {
			continue
		}
		switch {
		case of.end == "":
			col.skip, a.open = true, true
			a.markColumn(col.at, a.Open)
		case of.end == account.ExcludedTotal || written.Part(a.headCellOf(of).Text):
			a.leaveColumn(col, of.end)
		default:
			a.askColumn(col, a.Head[len(a.Head)-1])
		}
	}
	a.columns = slices.DeleteFunc(a.columns, func(s *series) bool { return s.skip })
}

// goneBefore is the column without figures that a growth, rank or share is of: the
// nearest to its left names what the word's own head does not (an indicator, a period, a
// span), and no column of figures stands between; nil: there is none.
func (a *axes) goneBefore(col *series) (near *series) {
	if !col.other() {
		return nil
	}
	named := col.indicator.Said() || a.stubHas(account.KindIndicator) || a.Facts.Indicator.Said()
	for _, g := range a.gone {
		if g.at > col.at || near != nil && g.at < near.at {
			continue
		}
		text := strings.TrimSpace(a.headCellOf(g).Text)
		_, dated := a.Reference(text)
		_, rest := a.CutPeriod(text)
		w, _, _ := written.HeadWord(rest)
		switch {
		case !named && w == "" && !dated && !written.BasisWord(rest) && a.LabelOf(rest) == "" && strings.ContainsFunc(rest, unicode.IsLetter),
			a.dated >= 0 && !col.period.Said() && dated,
			!col.basis.Said() && written.BasisWord(text):
			near = g
		}
	}
	if near != nil && slices.ContainsFunc(a.columns, func(s *series) bool { return s.at > near.at && s.at < col.at && !s.other() }) {
		return nil
	}
	return near
}

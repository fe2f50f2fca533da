package heads

import (
	"strings"

	"yardstick/collectors/reading/account"
	"yardstick/collectors/reading/written"
)

// findStub tells the columns that name the rows.
func (a *axes) findStub() {
	end := a.wide
	if a.dated >= 0 {
		cols, _ := a.periodCols(a.dated)
		end = cols[0]
	}
	for c := range end {
		if c == a.period {
			continue
		}
		var l account.Kind
		label := ""
		for _, h := range a.head {
			if t := a.text(h, c); t != "" && (l == "" || a.dated < 0) {
				label, l = t, a.LabelOf(t)
			}
		}
		words, figures := 0, 0
		var names []string
		for _, d := range a.data {
			switch t := a.text(d, c); {
			case t == "":
			case a.number(t):
				figures++
			case !written.Missing(strings.ToLower(t)) && !written.FlagLike(t):
				words++
				if !account.Total(t, account.KindRegion) {
					names = append(names, t)
				}
			}
		}
		if l == account.KindPeriod && a.period >= 0 && a.dated < 0 && a.partOfYear(c, label) {
			a.part, a.partLabel = c, label
			a.stub[c] = account.KindPeriod
			continue
		}
		if a.dated < 0 && words <= figures && l != account.KindCode && (words == 0 || l != account.KindNote) {
			continue // a column of figures
		}
		if answer := account.Kind(a.Options.Given[written.ColumnKey(label)]); answer != "" {
			l = answer
		}
		if l == "" || l == account.KindOther {
			l = a.kindOfNames(names, label, "rows")
		}
		if l == "" && words+figures == 0 {
			continue
		}
		a.stub[c] = l
	}
}

// kindOfNames tells what names on an axis are, from the names alone or the answer
// under the key (rows, columns). "" is unclear.
func (a *axes) kindOfNames(names []string, label, key string) account.Kind {
	places, bases, units, codes, growths := 0, 0, 0, 0, 0
	for _, n := range names {
		bare, _, _ := written.CutUnit(n)
		switch {
		case a.LikePlace(bare):
			places++
		case written.BasisWord(n):
			bases++
		case written.GrowthRow(n):
			growths++
		case written.LooksLikeUnit(n):
			units++
		case strings.Trim(written.FoldText(n), "0123456789.") == "":
			codes++
		}
	}
	switch len(names) {
	case 0:
		return ""
	case places:
		return account.KindRegion
	case bases:
		return account.KindBasis
	case bases + growths:
		if bases > 0 {
			return account.KindBasis
		}
	case units:
		return account.KindUnit
	case codes:
		return account.KindCode
	}
	if answer := a.Options.Given[key]; answer == "indicator" || answer == "region" {
		return account.Kind(answer)
	}
	if places == 0 && bases < len(names) && a.nameIndicators(names, label) {
		return account.KindIndicator
	}
	return ""
}

// nameIndicators reports whether names, none of them places, are indicators:
// they carry units, or nothing else in the file can be the indicator of which
// they would be parts.
func (a *axes) nameIndicators(names []string, label string) bool {
	if label != "" && a.LabelOf(label) == "" && a.Options.Given[written.ColumnKey(label)] == "" && a.dated >= 0 {
		return false // 行业, 产品: a further axis
	}
	if a.facts.Indicator.Said() {
		return false
	}
	units := 0
	for _, n := range names {
		if _, _, ok := written.CutUnit(n); ok || a.Knows(n) {
			units++
		} else if _, ok := written.CutBasis(n); ok {
			units++
		}
	}
	if 2*units >= len(names) || a.hasUnits() {
		return true
	}
	for _, t := range a.facts.Titles {
		if !written.Holds("general-title", t.Text) {
			return false
		}
	}
	return true
}

// hasUnits reports whether a row or column of units stands in the header.
func (a *axes) hasUnits() bool {
	for _, h := range a.head {
		for _, c := range a.filled(h) {
			if a.LabelOf(a.text(h, c)) == account.KindUnit {
				return true
			}
		}
	}
	return false
}

// partOfYear reports whether a column holds months or quarters.
func (a *axes) partOfYear(c int, label string) bool {
	for _, d := range a.data {
		t := a.text(d, c)
		if t == "" {
			continue
		}
		if p, ok := a.reference(written.YearPart(t, label)); !ok || !p.Partial() {
			return false
		}
	}
	return true
}

// outlined reads the names of the rows as an outline: a name that stands in
// below another, or bears a lower number, may be a part of that one (其中). It
// asks about the first that the registers do not know by itself.
func (a *axes) outlined() {
	lowest, highest := -1, -1
	levels := make([]int, len(a.rows))
	for i, row := range a.rows {
		if !row.indicator.Said() {
			continue
		}
		raw := a.raw(row)
		name, level := written.Outline(raw)
		if raw == "" && i > 0 { // merged with the cell above
			level = levels[i-1]
		}
		levels[i] = level
		if lowest < 0 || level < lowest {
			lowest = level
		}
		highest = max(highest, level)
		if name != "" && row.indicator.Text == strings.TrimSpace(raw) {
			row.indicator.Text = name
		}
	}
	if highest <= lowest || a.Options.Given["rows"] == "indicator" {
		return
	}
	for i, row := range a.rows {
		if levels[i] == lowest || !row.indicator.Said() || a.Knows(row.indicator.Text) {
			continue
		}
		a.Ask(account.AskOutline, "rows", row.indicator.Cell, []string{"indicator"})
		return
	}
}

// raw is the cell that names a row's indicator, with its spaces; "" where it
// was merged with one above.
func (g *grid) raw(row *series) string {
	src, column := g.src[row.at], row.indicator.Cell.Column
	if row.indicator.Cell.Row != src.Number || column < 1 || column > len(src.Texts) {
		return ""
	}
	return src.Texts[column-1]
}

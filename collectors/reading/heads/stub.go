package heads

import (
	"slices"
	"strings"

	"yardstick/collectors/reading/account"
	"yardstick/collectors/reading/grid"
	"yardstick/collectors/reading/written"
	"yardstick/schema"
)

// findStub tells the columns that name the rows.
func (a *axes) findStub() {
	end := a.Wide
	if a.dated >= 0 {
		end = a.start()
	}
	for c := range end {
		if c == a.period {
			continue
		}
		var l account.Kind
		label := ""
		for _, h := range a.Head {
			if t := a.Text(h, c); t != "" && (l == "" || a.dated < 0) {
				label, l = t, a.LabelOf(t)
			}
		}
		if a.left(c) {
			a.stub[c], a.ignored = account.KindCode, true
			a.gone = append(a.gone, &series{at: c, end: account.ExcludedColumn})
			a.markColumn(c, a.Leave)
			a.Found.Exclude(a.Problem(account.ExcludedColumn, a.headCellOf(&series{at: c})))
			continue
		}
		names, figures := a.cellsOf(c)
		words := len(names)
		names = slices.DeleteFunc(names, func(t string) bool { return account.Total(t, account.KindIndicator) })
		if w, _, _ := written.HeadWord(label); w == "rank" && words == 0 && a.dated < 0 && a.wordsBehind(c, end) { // it ranks the rows
			a.stub[c] = account.KindCode
			a.markColumn(c, a.Leave)
			a.Found.Exclude(a.Problem(account.ExcludedColumn, a.headCellOf(&series{at: c})))
			continue
		}
		if l == account.KindPeriod && a.period >= 0 && a.dated < 0 && a.partOfYear(c, label) {
			a.part, a.partLabel = c, label
			a.stub[c] = account.KindPeriod
			continue
		}
		if l == account.KindPeriod && a.dated >= 0 { // 月份, of what stands to its right
			l = ""
		}
		answer := account.Kind(a.Options.Given[written.ColumnKey(label)])
		if answer == account.KindStatus {
			a.stub[c] = answer
			continue
		}
		if a.dated < 0 && words <= figures && l != account.KindCode && l != account.KindNote && l != account.KindPublished && (l != account.KindPeriod || a.period >= 0) {
			continue // a column of figures
		}
		if l == account.KindUnit && len(names) > 0 && !slices.ContainsFunc(names, func(n string) bool { return !a.LikePlace(n) }) {
			l = account.KindRegion // 单位: who reports
		}
		if answer != "" && answer != "ignore" && answer != "total" {
			l = answer
		} else if l == account.KindBasis && slices.ContainsFunc(names, func(n string) bool { return written.BasesIn(n) == nil }) { // 新口径
			a.dimensionColumn(c, label, string(answer))
			continue
		} else if words > 0 && (answer != "" || a.dimension(c, l, label, names)) {
			a.dimensionColumn(c, label, string(answer))
			continue
		}
		if l == "" || l == account.KindOther {
			l = a.kindOfNames(names, label, "rows")
		}
		switch {
		case l == "" && words+figures == 0:
			continue
		case (l == "" || l == account.KindOther) && (len(names) == 0 || a.Options.Given["rows"] != ""):
			a.askStub(c) // no answer about the rows says what it holds
			continue
		}
		a.stub[c] = l
	}
}

// wordsBehind reports whether a column behind c, before the end, holds names.
func (a *axes) wordsBehind(c, end int) bool {
	return slices.ContainsFunc(a.Class(a.Data[0]).Filled, func(f int) bool {
		return f > c && f < end && a.Class(a.Data[0]).Kinds[f] == grid.Word
	})
}

// left reports whether an answer says that a column does not matter.
func (a *axes) left(c int) bool {
	if a.HeadOf(c) == "" && a.Options.Given["column."+schema.ColumnName(a.Column(c))] == "ignore" {
		return true
	}
	return slices.ContainsFunc(a.Head, func(h int) bool {
		if a.Text(h, c) == "" {
			return false
		}
		_, answer := a.columnAnswer(a.Src[h].Cell(c))
		return answer == "ignore"
	})
}

// dimension reports whether a column of words may tell figures of one indicator
// apart: its head is no name of an axis, and its words are no places, units or spans.
func (a *axes) dimension(c int, l account.Kind, label string, names []string) bool {
	if label == "" || l != "" && l != account.KindOther {
		return false
	}
	if written.Is("dimension", written.Simplified(written.FoldText(label))) {
		return true
	}
	return a.dated < 0 && c > 0 && a.kindOfNames(names, "", "rows") != account.KindRegion && !slices.Contains([]account.Kind{account.KindUnit, account.KindBasis, account.KindCode}, a.kindOfNames(names, "", "rows"))
}

// dimensionColumn asks what such a column means for the figures, or does as answered:
// total takes the rows that hold the whole, ignore all of them.
func (a *axes) dimensionColumn(c int, label, answer string) {
	a.stub[c] = account.KindCode
	first := slices.IndexFunc(a.Data, func(d int) bool { return a.Text(d, c) != "" })
	switch answer {
	case "total":
		part := false
		a.Data = slices.DeleteFunc(a.Data, func(d int) bool {
			if w, _, _ := written.HeadWord(account.FirstFilled(a.Src[d]).Text); a.Text(d, c) != "" || w == "" { // else of the row above
				part = !account.Whole(a.Text(d, c))
			}
			if part {
				a.Exclude(a.Src[d], account.ExcludedPart)
			}
			return part
		})
	case "ignore":
	default:
		at := a.Src[a.Data[first]].Cell(c)
		at.Text = label
		a.markColumn(c, a.Open)
		a.Ask(account.AskDimension, written.ColumnKey(label), at, a.dimensionAnswers(c))
	}
}

// dimensionAnswers are what may be said of such a column: that it does not matter, or
// that only the rows of its total count, where it has any.
func (a *axes) dimensionAnswers(c int) []string {
	if slices.ContainsFunc(a.Data, func(d int) bool { return account.Whole(a.Text(d, c)) }) {
		return []string{"total", "ignore"}
	}
	return []string{"ignore"}
}

// kindOfNames tells what names on an axis are, from the names alone or the answer
// under the key (rows, columns). "" is unclear.
func (a *axes) kindOfNames(names []string, label, key string) account.Kind {
	k, places := a.KindOf(names)
	if k != "" || len(names) == 0 {
		return k
	}
	if answer := a.Options.Given[key]; answer == "indicator" || answer == "region" {
		return account.Kind(answer)
	}
	if !places && a.nameIndicators(names, label) {
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
	if a.Facts.Indicator.Said() {
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
	for _, t := range a.Facts.Titles {
		if !written.Holds("general-title", t.Text) {
			return false
		}
	}
	return true
}

// hasUnits reports whether a row or column of units stands in the header.
func (a *axes) hasUnits() bool {
	for _, h := range a.Head {
		for _, c := range a.Class(h).Filled {
			if a.LabelOf(a.Text(h, c)) == account.KindUnit {
				return true
			}
		}
	}
	return false
}

// partOfYear reports whether a column holds months or quarters.
func (a *axes) partOfYear(c int, label string) bool {
	for _, d := range a.Data {
		t := a.Text(d, c)
		if t == "" {
			continue
		}
		if p, ok := a.Reference(written.YearPart(t, label)); !ok || !p.Partial() {
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
		if !row.indicator.Said() || row.say != "" { // 增速 below its indicator
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
		if levels[i] == lowest || row.settled || !row.indicator.Said() || row.say != "" || a.Knows(row.indicator.Text) {
			continue
		}
		a.Ask(account.AskOutline, "rows", row.indicator.Cell, []string{"indicator"})
		return
	}
}

// raw is the cell that names a row's indicator, with its spaces; "" where it
// was merged with one above.
func (a *axes) raw(row *series) string {
	src, c := a.Src[row.at], a.ColumnAt(row.indicator.Cell.Column)
	if row.indicator.Cell.Row != src.Number || c < 0 || c >= len(src.Texts) {
		return ""
	}
	return src.Texts[c]
}

// Package heads reads tables with periods, regions or indicators on either axis: it
// finds from the cells which head which figures.
package heads

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"yardstick/collectors/reading/account"
	"yardstick/collectors/reading/written"
	"yardstick/collectors/table"
)

// series is what one row or column of a table says about its figures.
type series struct {
	at        int
	indicator account.Facet
	region    account.Facet
	unit      account.Facet
	basis     account.Facet
	freq      account.Facet
	period    account.Facet
	year      account.Facet // above a part of a year
	when      account.PeriodText
	note      account.Facet
	status    account.Facet
	flags     int  // column of flags that belongs to it; 0: none
	skip      bool // left out
}

// field is where it is kept what a row or column says of a kind; nil: nowhere.
func (s *series) field(k account.Kind) *account.Facet {
	switch k {
	case account.KindIndicator:
		return &s.indicator
	case account.KindRegion:
		return &s.region
	case account.KindUnit:
		return &s.unit
	case account.KindBasis:
		return &s.basis
	case account.KindFreq:
		return &s.freq
	case account.KindNote:
		return &s.note
	}
	return nil
}

// dates takes the period that a cell names, and the flag behind it.
func (g *grid) dates(s *series, at account.Facet) {
	bare, flag := written.BarePeriod(at.Text)
	if s.period = (account.Facet{Text: bare, Cell: at.Cell}); flag != "" {
		s.status = account.Facet{Text: flag, Cell: at.Cell}
	}
	s.when, _ = g.reference(at.Text)
}

// all are the rows and the columns.
func (a *axes) all() []*series { return slices.Concat(a.rows, a.columns) }

// axes finds which columns name the rows and which rows name the columns.
type axes struct {
	*block
	stub      map[int]account.Kind // columns that name the rows
	columns   []*series            // columns of figures
	rows      []*series
	years     int // row of the header with the years above them; -1: none
	dated     int // row of the header with the periods; -1: none
	period    int // column with the periods; -1: none
	part      int // column with the month or quarter of that year; -1: none
	partLabel string
}

// read finds the table's axes and gives its figures.
func (b *block) read() error {
	a := &axes{block: b, stub: map[int]account.Kind{}, dated: -1, years: -1, period: -1, part: -1}
	if !a.findDated() {
		return a.unclear("axis")
	}
	a.findPeriodColumn()
	if a.dated >= 0 && a.period >= 0 && !a.matrix() {
		return a.unclear("axis")
	}
	a.findStub()
	a.readColumns()
	a.readRows()
	a.carryYears()
	a.calendar()
	a.octobers()
	return a.emit()
}

// findDated finds the row of the header that holds the periods, and the years
// above it where it holds parts of them. Two rows of whole periods are unclear.
func (a *axes) findDated() bool {
	for _, h := range a.head {
		cols, ok := a.periodCols(h)
		if !ok {
			continue
		}
		if a.dated >= 0 {
			above, _ := a.periodCols(a.dated)
			if a.years >= 0 || above[0] != cols[0] {
				return false
			}
			if !a.each(h, cols, account.PeriodText.Partial) || !a.each(a.dated, above, account.PeriodText.Annual) {
				return false
			}
			a.years = a.dated
		}
		a.dated = h
	}
	return true
}

// each reports whether the periods in some columns of a row are all so.
func (g *grid) each(row int, cols []int, so func(account.PeriodText) bool) bool {
	return !slices.ContainsFunc(cols, func(c int) bool {
		p, _ := g.reference(g.text(row, c))
		return !so(p)
	})
}

// label is what stands at the head of a column, in the lowest row that says it.
func (b *block) label(c int) (label string) {
	for _, h := range b.head {
		label = cmp.Or(b.text(h, c), label)
	}
	return label
}

// findPeriodColumn looks for a column in which every row names a period.
func (a *axes) findPeriodColumn() {
	for c := range min(4, a.wide) {
		n, weakly := 0, 0
		for _, d := range a.data {
			t := a.text(d, c)
			if account.Total(t, account.KindPeriod) || t == "" && n > 0 { // merged with the one above
				continue
			}
			_, ok := a.reference(t)
			if !ok {
				n = -1
				break
			}
			if isWeak(t) {
				weakly++
			}
			n++
		}
		if n < 1 {
			continue
		}
		label := a.label(c)
		// Figures may look like years: such a column says it holds periods, or stands first.
		if a.LabelOf(label) == account.KindPeriod || c == 0 && (weakly == 0 || label == "") {
			a.period = c
			a.stub[c] = account.KindPeriod
			return
		}
	}
}

// matrix reports whether the rows are years and the columns parts of a year.
func (a *axes) matrix() bool {
	cols, _ := a.periodCols(a.dated)
	if !a.each(a.dated, cols, account.PeriodText.Partial) {
		return false
	}
	for _, d := range a.data {
		if p, ok := a.reference(a.text(d, a.period)); ok && !p.Annual() {
			return false
		}
	}
	return true
}

// readColumns tells what each column of figures is about, from the header's
// rows and what stands at their head.
func (a *axes) readColumns() {
	start := 0
	if a.dated >= 0 {
		cols, _ := a.periodCols(a.dated)
		start = cols[0]
	}
	for c := start; c < a.wide; c++ {
		if _, stub := a.stub[c]; !stub {
			a.columns = append(a.columns, &series{at: c})
		}
	}
	for n, h := range a.head {
		a.headerRow(h, n == len(a.head)-1)
	}
	a.settleColumns()
}

// headerRow reads one row of the header into the columns.
func (a *axes) headerRow(h int, last bool) {
	var k account.Kind
	for _, c := range slices.Sorted(maps.Keys(a.stub)) {
		if l := a.LabelOf(a.text(h, c)); l != "" && (k == "" || k == account.KindCode || k == account.KindNote) {
			k = l
		}
	}
	if (k == account.KindCode || k == account.KindNote) && h != a.dated && len(a.stub) == 1 { // 来源, 指标ID: about the series
		return
	}
	var names []string
	for _, col := range a.columns {
		if t := a.text(h, col.at); t != "" && !account.Total(t, account.KindRegion) {
			names = append(names, t)
		}
	}
	if len(names) == 0 {
		return
	}
	dated := h == a.dated
	if h == a.years {
		var year account.Facet
		for _, col := range a.columns {
			if at := a.facet(h, col.at); at.Said() {
				p, _ := a.reference(at.Text)
				year = account.Facet{Text: p.Period.String(), Cell: at.Cell}
			}
			col.year = year
		}
		return
	}
	if !dated {
		var clear bool
		if k, clear = a.headerKind(h, k, names); !clear {
			a.unclearColumns(h)
			return
		}
	}
	var carried account.Facet
	for _, col := range a.columns {
		at := a.facet(h, col.at)
		if at.Said() {
			carried = at
		} else if !last && !a.flagColumn(col.at) { // a merged cell above several columns
			at = carried
		}
		if at.Said() {
			a.headCell(col, h, k, at, dated)
		}
	}
}

// headerKind is what a row of the header names, by its label (k) or by its
// names; false when that cannot be told.
func (a *axes) headerKind(h int, k account.Kind, names []string) (account.Kind, bool) {
	says := k != "" && k != account.KindCode && k != account.KindNote && k != account.KindPeriod && k != account.KindOther
	if says && !a.stubHas(k) {
		return k, true
	}
	rest := slices.DeleteFunc(slices.Clone(names), func(n string) bool {
		return a.valueLabel(n) || written.GrowthRow(n) && !written.BasisWord(n)
	})
	if k = account.KindBasis; len(rest) > 0 { // else 绝对额 and 同比增长
		k = cmp.Or(a.kindOf(rest, "", "columns"), account.KindOther)
	}
	return k, k != account.KindOther || len(names) <= 2 || a.onlyGrowth(h)
}

// headCell takes into a column what a cell of the header row h says, the row
// naming k or, when dated, periods.
func (a *axes) headCell(col *series, h int, k account.Kind, at account.Facet, dated bool) {
	t := at.Text
	switch {
	case account.Total(t, account.KindRegion):
		a.leave(col, h)
	case dated && slices.Contains([]account.Kind{account.KindUnit, account.KindCode, account.KindNote}, a.LabelOf(t)):
		a.stub[col.at] = a.LabelOf(t)
		col.skip = true
	case dated:
		if _, ok := a.reference(t); ok {
			a.dates(col, at)
		} else if a.LabelOf(t) != account.KindStatus {
			a.askColumn(col, h)
		}
	case a.valueLabel(t):
		if _, inner, ok := written.CutUnit(t); ok {
			col.unit = account.Facet{Text: inner, Cell: at.Cell}
		}
	case (k == account.KindIndicator || k == account.KindBasis && !written.BasisWord(t)) && written.GrowthRow(t),
		k == account.KindIndicator && col.indicator.Said() && col.indicator.Text != t: // two rows of names: which is the part of which?
		a.askColumn(col, h)
	case k == account.KindCode, k == account.KindNote:
	case col.field(k) != nil:
		*col.field(k) = at
	default:
		a.askColumn(col, h)
	}
}

// valueLabel reports whether a header says that its column holds the figures,
// and no more: 数值, 绝对量.
func (a *axes) valueLabel(text string) bool {
	if written.Is("value", written.FoldText(text)) {
		return true
	}
	f, _, ok := a.Header(text)
	return ok && f == account.Value && !written.BasisWord(text) // 本期数 says more
}

// onlyGrowth reports whether a row of the header holds a word of figures and of
// change beside it, which are asked about one by one.
func (a *axes) onlyGrowth(h int) bool {
	return slices.ContainsFunc(a.columns, func(col *series) bool {
		t := a.text(h, col.at)
		return t != "" && (written.Growth(t) || a.valueLabel(t) || written.BasisWord(t) || strings.HasPrefix(t, "本") || strings.HasPrefix(t, "上年"))
	})
}

// unclearColumns asks once what the names above all columns are.
func (a *axes) unclearColumns(h int) {
	var at table.Cell
	for _, col := range a.columns {
		if !col.skip && a.text(h, col.at) != "" {
			if at.Column == 0 {
				at = a.src[h].Cell(col.at)
			}
			col.skip = true
		}
	}
	if at.Column > 0 {
		a.Ask(account.AskAxis, "columns", at, []string{"indicator", "region"})
	}
}

func (a *axes) stubHas(k account.Kind) bool {
	return k != account.KindPeriod && slices.Contains(slices.Collect(maps.Values(a.stub)), k)
}

// flagColumn reports whether a column holds nothing but flags.
func (a *axes) flagColumn(c int) bool {
	any := false
	for _, d := range a.data {
		if t := a.text(d, c); t != "" && !written.FlagLike(t) {
			return false
		}
		any = true
	}
	return any
}

// settleColumns joins columns of flags to the figures beside them, and leaves
// out what holds nothing.
func (a *axes) settleColumns() {
	var kept []*series
	for _, col := range a.columns {
		if col.skip {
			continue
		}
		label := a.label(col.at)
		named, marks := label != "", a.LabelOf(label) == account.KindStatus
		first := slices.IndexFunc(a.data, func(d int) bool { return a.text(d, col.at) != "" })
		switch {
		case (!named || marks) && a.flagColumn(col.at):
			if n := len(kept); n > 0 && kept[n-1].at == col.at-1 {
				kept[n-1].flags = col.at
			} else if first >= 0 {
				a.askColumn(col, a.head[len(a.head)-1])
			}
			continue
		case !named && first >= 0:
			a.Found.Whole = true
			a.Found.Problem(a.Problem(account.ColumnUnnamed, a.src[a.data[first]].Cell(col.at)))
			continue
		case !named:
			continue
		}
		kept = append(kept, col)
	}
	a.columns = kept
}

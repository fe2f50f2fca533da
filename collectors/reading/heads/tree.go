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

// The header is a tree: what stands above several columns is said of each of them.
// Under an indicator 绝对额 is the indicator itself; 增速, 位次 and 占比 are indicators of
// their own, named by both; 年度目标 and 完成率 are no figures of it.

// readColumns tells what each column of figures is about.
func (a *axes) readColumns() {
	start := 0
	if a.dated >= 0 {
		start = a.start()
	}
	a.besideFigures(start)
	for c := start; c < a.Wide; c++ {
		if _, stub := a.stub[c]; !stub && !a.belongs(c) {
			if col := (&series{at: c}); a.left(c) {
				a.leaveColumn(col, account.ExcludedColumn)
				a.gone = append(a.gone, col)
			} else {
				a.columns = append(a.columns, col)
			}
		}
	}
	for n, h := range a.Head {
		a.headerRow(h, n == len(a.Head)-1)
	}
	a.settleColumns()
	a.thisPeriod()
	a.partColumns()
	a.namesTwice()
	a.wordsOfGone()
	a.leftWords()
	a.lateDates()
	a.leavePlans()
}

// besideFigures tells the columns among those of figures, from column start on, whose
// head says that they hold none: units, remarks and codes. One that stands once is of
// the whole row; of several each is of the figures at its left.
func (a *axes) besideFigures(start int) {
	found := map[account.Kind][]int{}
	for c := start; c < a.Wide; c++ {
		if had, stub := a.stub[c]; stub && had != account.KindNote && had != account.KindUnit {
			continue
		}
		k := a.LabelOf(a.HeadOf(c))
		switch k {
		case account.KindUnit:
			if a.figuresIn(c) {
				continue // deposits of 单位 and 个人
			}
		case account.KindNote, account.KindCode, account.KindPublished:
		default:
			continue
		}
		found[k] = append(found[k], c)
	}
	for k, columns := range found {
		for _, c := range columns {
			of := c - 1 // the figures that it is of
			for of >= start && (a.stub[of] != "" || a.belongs(of)) {
				of--
			}
			if len(columns) > 1 && (k == account.KindUnit || k == account.KindNote) && of >= start && a.figuresIn(of) {
				delete(a.stub, c)
				a.aside[c] = true
				a.beside[of] = append(a.beside[of], besideColumn{c, k})
			} else if a.stub[c] == "" {
				a.stub[c] = k
			}
		}
	}
}

// besideColumn is a column that says something of the figures at its left alone.
type besideColumn struct {
	at   int
	kind account.Kind // unit or note
}

// belongs reports whether column c says something of the figures at its left alone.
func (a *axes) belongs(c int) bool {
	return a.aside[c]
}

// figuresIn reports whether more cells of a column hold numbers than words.
func (a *axes) figuresIn(c int) bool {
	numbers, words := 0, 0
	for _, d := range a.Data {
		switch t := a.Text(d, c); {
		case t == "" || written.Missing(strings.ToLower(t)):
		case a.Number(t):
			numbers++
		default:
			words++
		}
	}
	return numbers > words
}

// headerRow reads one row of the header into the columns.
func (a *axes) headerRow(h int, last bool) {
	if slices.Contains(a.passed, h) {
		a.Exclude(a.Src[h], account.ExcludedHeader)
		return
	}
	k := a.RowLabel(h)
	if k == account.KindPeriod || k != "" && (k == account.KindCode || k == account.KindNote) { // the vendor's own
		a.Exclude(a.Src[h], account.ExcludedHeader)
		return
	}
	for _, c := range slices.Sorted(maps.Keys(a.stub)) {
		if l := a.LabelOf(a.Text(h, c)); l != "" && (k == "" || k == account.KindCode || k == account.KindNote) {
			k = l
		}
	}
	if (k == account.KindCode || k == account.KindNote) && h != a.dated && len(a.stub) == 1 { // 来源, 指标ID: about the series
		a.Exclude(a.Src[h], account.ExcludedHeader)
		return
	}
	var names []string
	for _, col := range a.columns {
		if t := a.Text(h, col.at); t != "" && !account.Total(t, account.KindIndicator) {
			names = append(names, t)
		}
	}
	if len(names) == 0 {
		return
	}
	if h == a.years {
		a.yearsAbove(h)
		return
	}
	dated := h == a.dated
	if !dated && a.RowLabel(h) == "" {
		var clear bool
		if k, clear = a.headerKind(h, k, names); !clear {
			a.unclearColumns(h)
			return
		}
	}
	var carried account.Facet
	merged := slices.ContainsFunc(a.Table.Merges, func(m table.Merge) bool { return m.FirstRow == a.Src[h].Number })
	for _, col := range a.columns {
		at := a.Facet(h, col.at)
		if at.Said() {
			carried = at
		} else if !last && a.under(h, col.at, merged) && (a.HeadOf(col.at) != "" || !a.flagColumn(col.at)) {
			at = carried
		}
		if at.Said() {
			a.headCell(col, h, k, at, dated)
		}
	}
}

// under reports whether an empty cell of a header's row may belong to what stands
// to its left: the two are merged or, where no cells of the row are, nothing parts
// them.
func (a *axes) under(h, c int, merged bool) bool {
	if m, ok := a.Merge(a.Src[h].Number, a.Column(c)); ok {
		return m.FirstColumn < a.Column(c) || m.FirstRow < a.Src[h].Number
	}
	return !merged
}

func (a *axes) yearsAbove(h int) {
	var year account.Facet
	for _, col := range a.columns {
		if at := a.Facet(h, col.at); at.Said() {
			p, _ := a.Reference(at.Text)
			year = account.Facet{Text: p.Period.String(), Cell: at.Cell}
		}
		col.year = year
	}
}

// headerKind is what a row of the header names, by its label (k) or by its
// names; false when that cannot be told.
func (a *axes) headerKind(h int, k account.Kind, names []string) (account.Kind, bool) {
	says := k != "" && k != account.KindCode && k != account.KindNote && k != account.KindPeriod && k != account.KindOther
	if says && !a.stubHas(k) {
		return k, true
	}
	rest := slices.DeleteFunc(slices.Clone(names), a.SaysOf)
	if len(rest) == 0 { // 绝对额 and 同比增长
		return account.KindBasis, true
	}
	if !slices.ContainsFunc(rest, func(n string) bool { return !written.Measure(strings.Trim(n, "()（）")) }) {
		return account.KindUnit, true
	}
	if k = a.kindOfNames(rest, "", "columns"); k != "" {
		return k, true
	}
	places := slices.DeleteFunc(slices.Clone(rest), func(n string) bool { return account.Total(n, account.KindRegion) })
	if len(places) > 0 && a.kindOfNames(places, "", "columns") == account.KindRegion { // 广州, 深圳, 大湾区汇总
		return account.KindRegion, true
	}
	named := func(col *series) bool {
		return a.Text(h, col.at) == "" || a.SaysOf(a.Text(h, col.at)) || col.indicator.Said()
	}
	switch {
	case !slices.ContainsFunc(a.columns, func(col *series) bool { return !named(col) }): // parts of what stands above them
		return account.KindIndicator, true
	case len(rest) == len(names):
		return account.KindOther, false
	case a.stubHas(account.KindRegion) && !a.Facts.Indicator.Said() && !slices.ContainsFunc(rest, a.LikePlace): // beside 增速 and the like, and no places
		return account.KindIndicator, true
	}
	return account.KindOther, true
}

// headCell takes into a column what a cell of the header row h says, the row
// naming k or, when dated, periods.
func (a *axes) headCell(col *series, h int, k account.Kind, at account.Facet, dated bool) {
	if !dated && k != account.KindRegion && account.Total(at.Text, account.KindIndicator) && a.namedWhole(col) { // beside its parts
		col.say, col.also = "level", append(col.also, at.Cell)
		return
	}
	if account.Total(at.Text, account.KindIndicator) || (dated || k == account.KindRegion) && account.Total(at.Text, account.KindRegion) {
		a.leave(col, h)
		return
	}
	if dated {
		if l := a.LabelOf(at.Text); l == account.KindUnit || l == account.KindCode || l == account.KindNote {
			a.stub[col.at], col.skip = l, true
			return
		}
		if _, ok := a.Reference(at.Text); ok {
			a.dates(col, at)
			return
		}
		if rest, ok := a.placed(col, h, at); ok {
			if rest.Said() {
				a.saidOf(col, h, k, rest, dated)
			}
			return
		}
	}
	if a.Export != nil && k == account.KindIndicator {
		name, region, basis := a.Export.Parts(at.Text, a.LikePlace)
		col.indicator = account.Facet{Text: name, Cell: at.Cell}
		if region != "" {
			col.region = account.Facet{Text: region, Cell: at.Cell}
		}
		if basis != "" {
			col.basis = account.Facet{Text: basis, Cell: at.Cell}
		}
		return
	}
	if k == account.KindRegion && a.Export != nil && col.region.Said() {
		col.also = append(col.also, at.Cell)
		return
	}
	if k == account.KindUnit || k == account.KindFreq || k == account.KindRegion || k == account.KindIndicator && a.rowSaysIndicator(h) {
		if k == account.KindUnit { // （亿元）
			at.Text = strings.Trim(at.Text, "()（）[]【】 ")
		}
		*col.field(k) = at
		return
	}
	if when, rest := a.CutPeriod(at.Text); when != "" && !written.IndexBase(at.Text) && (rest == "" || a.SaysOf(rest)) {
		a.dates(col, account.Facet{Text: when, Cell: at.Cell})
		if rest == "" {
			return
		}
		at.Text = rest
	}
	a.saidOf(col, h, k, at, dated)
}

// namedWhole reports whether the head above a column, the rows or the lines above the
// table name its indicator: 合计 beside 男 and 女 is that one's own figure then.
func (a *axes) namedWhole(col *series) bool {
	return col.indicator.Said() || a.stubHas(account.KindIndicator) || a.Facts.Indicator.Said()
}

// rowSaysIndicator reports whether a row of the header says itself that it names
// the indicators: then every cell of it does.
func (a *axes) rowSaysIndicator(h int) bool {
	for c := range a.stub {
		if a.LabelOf(a.Text(h, c)) == account.KindIndicator && a.stub[c] != account.KindIndicator {
			return true
		}
	}
	return false
}

// saidOf takes what a cell says of the column's indicator, or names.
func (a *axes) saidOf(col *series, h int, k account.Kind, at account.Facet, dated bool) {
	w, bare, unit := written.HeadWord(at.Text)
	switch {
	case written.BasisWord(bare): // 累计(亿元)
		if col.basis = (account.Facet{Text: bare, Cell: at.Cell}); unit != "" {
			col.unit = account.Facet{Text: unit, Cell: at.Cell}
		}
	case w == "level" || a.ValueLabel(at.Text):
		if col.also = append(col.also, at.Cell); !col.other() { // else 数值 below 增速
			col.say = "level"
		}
		if _, inner, ok := written.CutUnit(at.Text); ok {
			col.unit = account.Facet{Text: inner, Cell: at.Cell}
		}
		if b := written.BasesIn(bare); b != nil && !col.basis.Said() { // 累计完成
			col.basis = account.Facet{Text: bare, Cell: at.Cell}
		} else if span := account.SpanIn(at.Text); span != "" {
			col.basis = account.Facet{Text: span, Cell: at.Cell}
		}
	case w == "change" && col.indicator.Said() && strings.HasSuffix(a.Name(col.indicator.Text).Text, bare): // 增速 below 工业增加值增速
		col.say, col.also = "level", append(col.also, at.Cell)
		if unit != "" {
			col.unit = account.Facet{Text: unit, Cell: at.Cell}
		}
	case w != "" && (col.say == "rank" || col.say == "share"): // 增速 below 位次: the growth's
		col.also = append(col.also, at.Cell)
		if w == "change" {
			col.word.Text = bare + col.word.Text
		}
	case w != "":
		if col.other() { // 位次 below 增速 is the growth's; of two words for growth the lower counts
			if col.also = append(col.also, col.word.Cell); w == "rank" || w == "share" {
				bare = col.word.Text + bare
			}
		}
		if col.say != w {
			col.unit = account.Facet{}
		}
		col.say, col.word = w, account.Facet{Text: bare, Cell: at.Cell}
		if b := written.BasesIn(bare); b != nil && !col.basis.Said() { // 累计增长
			col.basis = account.Facet{Text: bare, Cell: at.Cell}
		}
		if w == "rank" {
			unit = cmp.Or(unit, "位")
		}
		if unit != "" {
			col.unit = account.Facet{Text: unit, Cell: at.Cell}
		}
	case k == account.KindCode, k == account.KindNote:
		col.also = append(col.also, at.Cell)
	case a.LabelOf(at.Text) == account.KindStatus:
	case written.UnitWord(strings.Trim(at.Text, "()（）")):
		col.unit = account.Facet{Text: strings.Trim(at.Text, "()（） "), Cell: at.Cell}
	case dated || k != account.KindIndicator && k != account.KindBasis:
		a.askColumn(col, h)
	case k == account.KindBasis:
		a.askColumn(col, h)
	default:
		a.named(col, h, at)
	}
}

// named takes a name below the one the column has already: the part of a whole.
func (a *axes) named(col *series, h int, at account.Facet) {
	above := col.indicator
	name, unit, _ := written.CutUnit(at.Text)
	bare, over, _ := written.CutUnit(above.Text)
	if of, ok := written.PartOf(name); ok { // 其中：工业, of the indicator before it
		name = of
		if !above.Said() {
			bare = a.before(col)
		}
		above.Text = bare
	}
	switch {
	case !above.Said() || bare == name || written.Is("no-name", written.FoldText(bare)):
		if above.Said() {
			col.also = append(col.also, above.Cell)
		}
		col.indicator = at
		return
	case written.Is("gross", written.FoldText(bare)) && a.Knows(name) && !a.Knows(bare+name): // the parts of a gross product have names of their own
		col.ofGross = true
	default:
		name = bare + name
	}
	if above.Cell.Column > 0 {
		col.also = append(col.also, above.Cell)
	}
	if unit == "" {
		unit = over
	}
	col.indicator = account.Facet{Text: name, Cell: at.Cell}
	if unit != "" && !col.unit.Said() {
		col.unit = account.Facet{Text: unit, Cell: at.Cell}
	}
}

// before is the indicator that the nearest column to the left names in the row of
// the header where this column's name begins, without its unit.
func (a *axes) before(col *series) string {
	if a.namesBefore == nil {
		a.namesBefore = map[int]string{}
		last := ""
		for _, c := range a.columns {
			a.namesBefore[c.at] = last
			if name := a.Text(a.Head[0], c.at); name != "" {
				if _, part := written.PartOf(name); !part {
					last, _, _ = written.CutUnit(name)
				}
			}
		}
	}
	return a.namesBefore[col.at]
}

// unclearColumns asks once what the names above all columns are.
func (a *axes) unclearColumns(h int) {
	var at table.Cell
	for _, col := range a.columns {
		if !col.skip && a.Text(h, col.at) != "" {
			if at.Column == 0 {
				at = a.Src[h].Cell(col.at)
			}
			col.skip = true
			a.markColumn(col.at, a.Open)
		}
	}
	if at.Column > 0 {
		a.open = true
		a.Ask(account.AskAxis, "columns", at, []string{"indicator", "region"})
	}
}

// settleColumns joins columns of flags to the figures beside them, and leaves
// out what holds nothing.
func (a *axes) settleColumns() {
	var kept []*series
	for _, col := range a.columns {
		if col.skip {
			a.gone = append(a.gone, col)
			continue
		}
		label := a.HeadOf(col.at)
		named, marks := label != "", a.LabelOf(label) == account.KindStatus
		first := slices.IndexFunc(a.Data, func(d int) bool { return a.Text(d, col.at) != "" })
		switch {
		case (!named || marks) && a.flagColumn(col.at):
			if n := len(kept); n > 0 && kept[n-1].at == col.at-1 {
				kept[n-1].flags = col.at
			} else if first >= 0 {
				a.askColumn(col, a.Head[len(a.Head)-1])
			}
			continue
		case !named && first >= 0:
			a.Found.Whole = true
			a.markColumn(col.at, a.Open)
			a.Tell(account.ColumnUnnamed, a.Src[a.Data[first]].Cell(col.at))
			continue
		case !named:
			continue
		}
		kept = append(kept, col)
	}
	a.columns = kept
}

// namesTwice asks about columns that name an indicator although the rows do.
func (a *axes) namesTwice() {
	if !a.stubHas(account.KindIndicator) {
		return
	}
	for _, col := range a.columns {
		if !col.skip && col.indicator.Said() {
			a.askColumn(col, a.Head[len(a.Head)-1])
		}
	}
	a.dropColumns()
}

// leavePlans lists columns of plans and of how much of them is done as left out,
// where what was done stands beside them; a plan alone is asked about.
func (a *axes) leavePlans() {
	var kept []*series
	done := slices.ContainsFunc(a.columns, func(s *series) bool { return !s.skip && s.say != "plan" && s.say != "rate" })
	for _, col := range a.columns {
		switch {
		case col.skip:
		case col.say != "plan" && col.say != "rate":
			kept = append(kept, col)
		case done:
			a.leaveColumn(col, account.ExcludedPlan)
		default:
			a.askColumn(col, a.Head[len(a.Head)-1])
		}
	}
	a.columns = kept
}

package heads

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"time"

	"yardstick/collectors/reading/account"
	"yardstick/collectors/reading/written"
	"yardstick/collectors/table"
	"yardstick/schema"
	"yardstick/schema/words"
)

// emit gives every figure with what its row, its column and the table say.
func (a *axes) emit(ctx context.Context) error {
	if len(a.columns) == 0 {
		a.withoutColumns()
		return nil
	}
	e := &emitter{axes: a, turned: a.turns(), spans: map[[2]string]*spans{}}
	e.defaults()
	e.totalsOf()
	widest := a.columns[len(a.columns)-1].at + 1
	a.hidden()
	a.unseen(e.year)
	for _, row := range a.rows {
		if err := ctx.Err(); err != nil {
			return err
		}
		if src := a.Src[row.at]; a.Table.Delimiter != 0 && src.Len() < widest && a.begun(row.at) {
			a.Ragged(src, widest)
			a.Found.Dropped++
			continue
		}
		for _, col := range a.columns {
			if col.skip {
				continue
			}
			if given, err := e.figure(ctx, row, col); err != nil {
				return err
			} else if !given {
				a.Leave(a.Src[row.at].Cell(col.at))
			} else {
				if err := a.Give(); err != nil {
					return err
				}
			}
		}
	}
	e.ask()
	a.labels()
	return nil
}

// begun reports whether a row holds a figure of its own before it ends: one that
// holds names alone has none, however many columns there are.
func (a *axes) begun(row int) bool {
	return slices.ContainsFunc(a.columns, func(col *series) bool { return a.Text(row, col.at) != "" })
}

// labels accounts for the cells that say what the figures are.
func (a *axes) labels() {
	for _, s := range a.all() {
		for _, f := range []account.Facet{s.indicator, s.region, s.unit, s.basis, s.freq, s.period, s.year, s.note, s.published, s.status, s.word} {
			if f.Said() {
				a.Label(f.Cell)
			}
		}
		for _, c := range s.also {
			a.Label(c)
		}
	}
	for _, row := range a.rows {
		for c := range a.stub {
			a.Label(a.Src[row.at].Cell(c))
		}
		for _, col := range a.columns {
			if col.flags > 0 {
				a.Label(a.Src[row.at].Cell(col.flags))
			}
		}
	}
	for c := range a.stub { // what stands above the names: 指标, and the last of others
		last := true
		for _, h := range slices.Backward(a.Head) {
			if t := a.Text(h, c); t != "" && (last || a.LabelOf(t) != "") {
				a.Label(a.Src[h].Cell(c))
				last = false
			}
		}
	}
	for _, list := range a.beside {
		for _, b := range list {
			a.markColumn(b.at, a.Label)
		}
	}
	for _, col := range a.columns { // a column of flags that names itself
		if col.flags > 0 {
			for _, h := range a.Head {
				a.Label(a.Src[h].Cell(col.flags))
			}
		}
	}
}

// hidden asks about rows and columns with figures that the sheet hides: the eye does
// not see them.
func (a *axes) hidden() {
	answer := strings.TrimSpace(a.Options.Given["hidden"])
	if answer == "take" {
		return
	}
	holds := func(row, col *series) bool { return a.Text(row.at, col.at) != "" }
	a.rows = slices.DeleteFunc(a.rows, func(row *series) bool {
		if !a.Src[row.at].Hidden || !slices.ContainsFunc(a.columns, func(col *series) bool { return holds(row, col) }) {
			return false
		}
		if answer == "leave" {
			a.Exclude(a.Src[row.at], account.ExcludedHidden)
		} else {
			a.OpenRow(a.Src[row.at])
			a.AskHidden(account.FirstFilled(a.Src[row.at]))
		}
		return true
	})
	a.columns = slices.DeleteFunc(a.columns, func(col *series) bool {
		if !a.Table.ColumnHidden(a.Column(col.at)) || !slices.ContainsFunc(a.rows, func(row *series) bool { return holds(row, col) }) {
			return false
		}
		if answer == "leave" {
			a.leaveColumn(col, account.ExcludedHidden)
		} else {
			a.markColumn(col.at, a.Open)
			a.AskHidden(a.headCellOf(col))
		}
		return true
	})
}

// unseen asks about cells that say what rows and columns of figures are, beside those
// that each figure names: the year above months, the word for growth. What is left out
// with them is listed.
func (a *axes) unseen(year account.Facet) {
	left := a.Heading(year)
	of := func(s *series) bool {
		out := left
		for _, f := range []account.Facet{s.year, s.word, s.freq, s.status} {
			out = a.Heading(f) || out
		}
		for _, c := range s.also {
			out = a.Heading(account.Facet{Text: c.Text, Cell: c}) || out
		}
		return out
	}
	a.columns = slices.DeleteFunc(a.columns, func(col *series) bool {
		out := of(col)
		if out {
			a.leaveColumn(col, account.ExcludedHidden)
		}
		return out
	})
	a.rows = slices.DeleteFunc(a.rows, func(row *series) bool {
		out := of(row)
		if out {
			a.Exclude(a.Src[row.at], account.ExcludedHidden)
		}
		return out
	})
}

// emitter makes candidates of cells.
type emitter struct {
	*axes
	indicator, region, unit, period account.Facet // for the whole table
	share                           account.Facet // the unit of changes and shares
	report                          account.Facet // the place that the titles, or what was said for all of it, are of
	when                            account.PeriodText
	lack                            map[account.Field]table.Cell // what no cell says, first seen
	bare                            []string                     // names without a visible basis
	bareCell                        table.Cell
	year                            account.Facet
	spans                           map[[2]string]*spans // by name and unit
	totals                          map[schema.Date]bool // days on which running totals of the table end
	parts                           map[time.Month]bool  // months in which those do that name no year
	spanned                         bool                 // a period of the table says that it reaches from January on
	turned                          bool                 // months that name no year are of more than one
	narrows                         []account.Narrowing  // what the titles say that narrows what is counted
	titled                          bool                 // the period stands in the title: a column may say that it is of its last month alone
}

// defaults settles what the lines above the table say for all of it.
func (e *emitter) defaults() {
	f := e.Facts
	given := e.Options.Given
	e.lack = map[account.Field]table.Cell{}
	e.indicator = account.First(account.One(f.Indicator), e.SheetTitle(f))
	e.unit, e.share = account.OneUnit(f.Unit)
	if e.share.Said() && !slices.ContainsFunc(e.all(), func(s *series) bool {
		return s.say == "change" || s.say == "share" || written.Growth(s.indicator.Text) && written.Fits(s.indicator.Text, "%")
	}) { // 亿元、%, and nothing says which figures are the percentages
		e.unit, e.share = account.Facet{}, account.Facet{}
	}
	if !e.indicator.Said() && !e.Found.Asked["rows"] && !e.Found.Asked["columns"] { // else what is asked about may name it
		e.indicator = e.NamedTitle(f)
	}
	e.indicator = account.First(e.indicator, account.Facet{Text: given["indicator"]})
	e.region = account.First(e.Says("region", account.One(f.Region))...)
	if !e.region.Said() {
		var names []string
		named := false // on an axis
		for _, l := range e.all() {
			names = append(names, l.indicator.Text)
			named = named || l.region.Said()
		}
		if e.Bureau && account.National(f, names) {
			if e.region.Text = "全国"; !named {
				e.Found.Exclude(schema.Problem{Code: account.RegionTold, File: e.Table.File, Sheet: e.Table.Sheet,
					Text: words.Say("excluded-" + account.RegionTold)})
			}
		}
	}
	if !e.region.Said() {
		e.regionOfTitle()
	}
	e.report = account.First(e.region, e.placeOfTitles())
	for _, at := range e.Says("period", account.One(f.Time)) {
		if p, ok := e.Reference(at.Text); ok && p.Err == nil && !e.period.Said() {
			e.period, e.when = at, p
		}
	}
	if !e.period.Said() && f.Time.Said() {
		if m := regexp.MustCompile(`^(\d{4})\s*年?$`).FindStringSubmatch(f.Time.Text); m != nil {
			e.year = account.Facet{Text: m[1], Cell: f.Time.Cell}
		}
	} else if e.when.Annual() {
		e.year = account.Facet{Text: e.when.Period.String(), Cell: f.Time.Cell}
	}
	e.narrows = e.Narrowings(f.Titles, func(kind string) bool {
		return slices.ContainsFunc(e.all(), func(s *series) bool { return s.say == kind || s.say == "rate" })
	})
	e.fromTitle()
	e.took()
}

// figure makes the candidate of one cell, in Row. It reports false when there is
// nothing to say: the month within a quarter of a quarterly series.
func (e *emitter) figure(ctx context.Context, row, col *series) (bool, error) {
	src := e.Src[row.at]
	cell := src.Cell(col.at)
	c := &e.Row
	*c = account.Candidate{File: e.Table.File, Sheet: e.Table.Sheet, Line: src.Line, Row: src.Number}
	set := func(f account.Field, v account.Facet) {
		if v.Cell.Column == 0 {
			v.Cell.Line, v.Cell.Row = cell.Line, cell.Row
		}
		v.Cell.Text = v.Text
		c.Cells[f.Index()] = v.Cell
	}
	c.Cells[account.Value.Index()] = cell
	note, ofUnit := row.note, account.Facet{}
	for _, b := range e.beside[col.at] {
		if b.kind == account.KindNote {
			note = e.Facet(row.at, b.at)
		} else {
			ofUnit = e.Facet(row.at, b.at)
		}
	}
	set(account.Note, note)
	set(account.Published, row.published)
	e.madePublic(row.published)
	flag := account.First(row.status, col.status)
	if t := e.Text(row.at, col.flags); col.flags > 0 && t != "" {
		flag = account.Facet{Text: t, Cell: src.Cell(col.flags)}
	}
	if err := e.ReadFigure(ctx, src, flag, e.Legend); err != nil {
		return false, err
	}
	if e.spread(row, col) {
		c.Bad |= account.Value
	}

	ind := account.First(col.indicator, row.indicator, e.indicator)
	unit := account.First(ofUnit, col.unit, row.unit)
	if other := row.other() || col.other() || col.own; other {
		if unit = row.unit; !row.other() || col.other() {
			unit = account.First(ofUnit, col.unit)
		}
	}
	reg, ind := e.whose(row, col, ind)
	name, place := e.Name(ind.Text), e.Name(reg.Text)
	if ind.Text = name.Text; name.Cut && !row.other() && !col.other() { // else of the indicator, not of its growth
		if unit.Said() && written.FoldText(unit.Text) != written.FoldText(name.Unit) {
			e.Bad(account.Value, e.Problem(account.UnitTwice, ind.Cell, "unit", table.Excerpt(unit.Text)))
		}
		unit = account.Facet{Text: name.Unit, Cell: ind.Cell}
	}
	if name, is := e.Narrowed(slices.Concat(e.narrows, row.under), ind); is == account.PartOpen {
		c.Bad |= account.Indicator
	} else {
		ind.Text = name
	}
	if reg.Text = place.Text; place.Cut {
		reg.Text, unit = strings.Join(strings.Fields(place.Text), ""), account.Facet{Text: place.Unit, Cell: reg.Cell}
	}
	for _, s := range []*series{row, col} {
		if s.other() && ind.Said() {
			ind.Text += s.word.Text
		}
	}
	if !unit.Said() && e.unit.Said() && !row.other() && !col.other() && (written.Fits(ind.Text, e.unit.Text) || e.indicator.Said()) {
		unit = e.unit
	}
	if of := row.say + col.say; !unit.Said() && (of == "change" || of == "share" || of == "" && written.Growth(ind.Text) && written.Fits(ind.Text, "%")) {
		unit = e.share
	}
	if !unit.Said() && c.Suffix == "" {
		unit = account.Facet{Text: e.UnitGiven(ind.Text)}
	}
	set(account.Indicator, ind)
	set(account.Region, reg)
	set(account.Unit, unit)
	if c.Suffix != "" && unit.Said() && c.Suffix != unit.Text && (!written.Multiplies(c.Suffix) || strings.IndexAny(unit.Text, "十百千万亿") == 0) {
		e.Bad(account.Value, e.Problem(account.UnitTwice, cell, "unit", table.Excerpt(unit.Text)))
	}
	if !ind.Said() {
		e.unsaid(account.Indicator)
	}
	if !reg.Said() {
		e.unsaid(account.Region)
	}
	if !e.periodOf(c, row, col, set) {
		return false, nil
	}
	e.basisOf(c, row, col, ind)
	return true, nil
}

// whose settles the region of a figure: that of its name, which it takes off there, or
// of its row or column, or of the whole table.
func (e *emitter) whose(row, col *series, ind account.Facet) (reg, bare account.Facet) {
	label := account.First(col.region, row.region)
	reg = account.First(label, e.region)
	if account.WholePlace(label.Text) {
		of, ok := e.PlaceMeant(label.Text, e.report, label.Cell)
		if reg.Text = of.Text; !ok {
			e.Row.Bad |= account.Region
		}
	}
	own := account.First(col.indicator, row.indicator)
	if !own.Said() { // a title's place is what the table is of: its rows are within
		if place, rest := e.PlacedName(ind.Text); place != "" && label.Said() {
			ind.Text = rest
			return reg, ind
		}
	}
	rest, of, ok := e.PlaceOfName(ind, label.Text, e.report)
	if !ok {
		e.Row.Bad |= account.Region
	}
	if ind.Text = rest; of.Said() && (!label.Said() || !ok || !e.SamePlace(of.Text, reg.Text)) {
		reg = of
	}
	return reg, ind
}

// madePublic reads the day on which a row's figures were made public.
func (e *emitter) madePublic(at account.Facet) {
	day, ok := account.ReadDay(at.Text, e.Period)
	switch {
	case ok:
		e.Row.Day = day
	case at.Said():
		e.Bad(account.Published, e.Problem(account.BadPublished, at.As()))
	}
}

// unsaid notes what neither the figure's axes nor the table say, to be asked once.
func (e *emitter) unsaid(f account.Field) {
	e.Row.Bad |= f
	if _, told := e.lack[f]; !told {
		e.lack[f] = e.Row.Cell(account.Value)
	}
}

// ask puts what the table leaves open, once each.
func (e *emitter) ask() {
	f := e.Facts
	var titles []string
	for _, t := range f.Titles {
		titles = append(titles, table.Excerpt(t.Text))
	}
	if e.Found.Asked["rows"] || e.Found.Asked["columns"] {
		return // what is missing may stand on the axis that is asked about
	}
	if c, ok := e.lack[account.Indicator]; ok {
		hints := e.NamesIn(titles)
		if s := strings.TrimSpace(e.Table.Sheet); s != "" && !strings.HasPrefix(strings.ToLower(s), "sheet") {
			hints = append(hints, s)
		}
		e.Ask(account.AskIndicator, "indicator", c, hints)
		if !e.unit.Said() && !e.hasUnits() && e.Options.Given["unit"] == "" {
			e.Ask(account.AskUnitMissing, "unit", c, nil, "indicator", account.Indicator.Text())
		}
	}
	if c, ok := e.lack[account.Region]; ok {
		var hints []string
		if e.Bureau {
			hints = append(hints, "全国")
		}
		if f.Region.Said() {
			hints = append(hints, f.Region.Text)
		}
		e.Ask(account.AskRegion, "region", c, hints)
	}
	if c, ok := e.lack[account.Period]; ok {
		e.AskPeriod(c, titles)
	}
	if len(e.bare) > 0 {
		e.AskBasis(e.bare, e.bareCell)
	}
}

package heads

import (
	"maps"
	"slices"
	"strings"

	"yardstick/collectors/reading/account"
	"yardstick/collectors/reading/written"
	"yardstick/collectors/table"
	"yardstick/schema"
)

// leave lists a column of totals as left out.
func (a *axes) leave(col *series, h int) {
	if !col.skip {
		col.skip, col.end = true, account.ExcludedTotal
		a.markColumn(col.at, a.Leave)
		a.Found.Exclude(a.Problem(account.ExcludedTotal, a.Src[h].Cell(col.at)))
	}
}

// leaveColumn lists a column as left out, at its head.
func (a *axes) leaveColumn(col *series, code string) {
	col.skip, col.end, a.ignored = true, code, true
	a.markColumn(col.at, a.Leave)
	a.Found.Exclude(a.Problem(code, a.headCellOf(col)))
}

// markColumn notes of every cell of the table's column (from 0) how it ended.
func (a *axes) markColumn(c int, as func(table.Cell)) {
	for _, rows := range [][]int{a.Head, a.Data} {
		for _, row := range rows {
			if a.Text(row, c) != "" {
				as(a.Src[row].Cell(c))
			}
		}
	}
}

// headCellOf is the lowest cell of the header that says something of the column.
func (a *axes) headCellOf(col *series) table.Cell {
	for n := len(a.Head) - 1; n >= 0; n-- {
		if a.Text(a.Head[n], col.at) != "" {
			return a.Src[a.Head[n]].Cell(col.at)
		}
	}
	return a.Src[a.Head[len(a.Head)-1]].Cell(col.at)
}

// askColumn asks what a column is, unless an answer says that it does not matter.
func (a *axes) askColumn(col *series, h int) { a.askColumnFor(col, h, []string{"ignore"}) }

func (a *axes) askColumnFor(col *series, h int, candidates []string) {
	r, c := a.Reader, a.Src[h].Cell(col.at)
	if strings.TrimSpace(c.Text) == "" {
		c = a.headCellOf(col)
	}
	if col.skip {
		return
	}
	col.skip = true
	switch key, answer := a.columnAnswer(c); {
	case answer == "":
		a.open = true
		a.markColumn(col.at, a.Open)
		r.Ask(account.AskMeaning, key, c, a.meanings(col, c, candidates))
	case answer == "ignore":
		a.ignored, col.end = true, account.ExcludedColumn
		a.markColumn(col.at, a.Leave)
		r.Found.Exclude(r.Problem(account.ExcludedColumn, c))
	case a.asAnswered(col, c, answer):
		col.skip = false
	default:
		a.open = true
		a.markColumn(col.at, a.Open)
		r.RefuseAnswer(key, answer, c)
	}
}

// askStub asks about a column to the left of the figures that names nothing of the rows
// as far as can be told.
func (a *axes) askStub(c int) {
	a.stub[c] = account.KindCode
	a.markColumn(c, a.Open)
	at := a.headCellOf(&series{at: c})
	key := written.ColumnKey(at.Text)
	if a.HeadOf(c) == "" {
		key = "column." + schema.ColumnName(a.Column(c))
		at = a.Src[a.Data[0]].Cell(c)
	}
	a.Ask(account.AskMeaning, key, at, []string{"ignore"})
}

// withoutColumns ends a table of which no column is left to read: it waits for what is
// open, or was left out as answered, or names rows and holds no figures.
func (a *axes) withoutColumns() {
	switch rows := slices.Concat(a.Head, a.Data, a.Headings); {
	case a.open:
		a.wait()
	case a.ignored:
		for _, row := range rows {
			a.LeaveRow(a.Src[row])
		}
	default:
		for _, row := range rows {
			a.LeaveOut(row, account.ExcludedNote)
		}
	}
}

// readRows reads what each row is about from the columns that name it.
func (a *axes) readRows() {
	cols := slices.Sorted(maps.Keys(a.stub))
	down := map[int]account.Facet{}
	merged := a.mergedColumns(cols)
	heading, under := account.Facet{}, []account.Narrowing(nil)
	headings := a.Headings
	wholes, places := a.wholes(), a.anyPlace()
	var last *series // the row before, or the one it says something of
	for _, d := range a.Data {
		for len(headings) > 0 && headings[0] < d {
			under = a.narrowed(under, headings[0])
			narrows := len(under) > 0 && under[len(under)-1].Cell.Row == a.Src[headings[0]].Number
			heading = a.heading(headings[0], headings[1:], narrows)
			if name := account.FirstFilled(a.Src[headings[0]]).Text; !a.LikePlace(name) {
				wholes.Below(name)
			}
			last = nil
			headings = headings[1:]
		}
		l := &series{at: d, under: under}
		for _, c := range cols {
			f := a.Facet(d, c)
			if m, ok := a.mergedName(d, c, down[c]); ok {
				f = m
			} else if f.Text == "" && merged[c] {
				f = down[c]
			}
			down[c] = f
			a.rowSays(l, c, f)
		}
		l.region = account.First(l.region, heading)
		if account.Total(l.indicator.Text, account.KindIndicator) || account.Total(l.region.Text, account.KindRegion) ||
			account.Total(l.period.Text, account.KindPeriod) {
			last = a.rowGone(l, func(r *table.Row) { a.Exclude(r, account.ExcludedTotal) })
			continue
		}
		if !a.regioned(l, places) || !a.ofWhich(l) || !a.partRow(wholes, l) {
			last = l
			continue
		}
		if last.takes(l) {
			last.goes(a.Src[d])
			continue
		}
		var counts bool
		if last, counts = a.rowOf(l, last); counts {
			a.rows = append(a.rows, l)
		}
	}
	for _, h := range headings { // below the last figures
		a.LeaveOut(h, account.ExcludedNote)
	}
	a.outlined()
}

// rowSays takes into a row what its cell in column c says.
func (a *axes) rowSays(l *series, c int, f account.Facet) {
	switch k := a.stub[c]; {
	case c == a.part:
		if f.Said() {
			if l.when.Err == nil {
				l.period.Text = l.when.Period.String() + "年"
			}
			l.period.Text += written.YearPart(f.Text, a.partLabel)
			l.when, _ = a.Reference(l.period.Text)
		}
	case k == account.KindPeriod:
		f.Text = a.partOf(c, f.Text)
		a.dates(l, f)
	case k == account.KindStatus:
		l.status = account.First(f, l.status)
	case k == account.KindCode:
	default:
		at := l.field(k)
		if at == nil {
			a.Ask(account.AskAxis, "rows", f.Cell, []string{"indicator", "region"})
		}
		if at != nil && (f.Said() || !at.Said()) {
			*at = f
		}
	}
}

// ofWhich does what an answer says of a row that is a part of the one above (其中);
// false: it gives no figures.
func (a *axes) ofWhich(l *series) bool {
	p := account.First(l.region, l.indicator)
	if !written.Part(p.Text) && !written.Part(l.indicator.Text) || written.BasisWord(p.Text) || p.Cell.Row != a.Src[l.at].Number {
		return true
	}
	if written.Part(l.indicator.Text) {
		p = l.indicator
	}
	if l.region.Text == p.Text && l.region.Cell == p.Cell {
		l.region = account.Facet{}
	}
	return a.rowAnswered(l, p)
}

// rowOf settles of which indicator a row is that only says something of one (增速, 累计,
// 绝对额): of the row before. It gives the row that the next ones may say something of,
// and whether this one gives figures.
func (a *axes) rowOf(l, last *series) (of *series, counts bool) {
	w, bare, unit := written.HeadWord(l.indicator.Text)
	switch name := l.indicator; {
	case !name.Said():
	case written.BasisWord(name.Text) && last != nil:
		l.basis, l.indicator = name, account.Facet{Text: last.indicator.Text, Cell: name.Cell}
	case w == "" || written.BasisWord(name.Text):
		return l, true
	case w == "change" || w == "share" || w == "rank":
		if last == nil || last.region.Text != l.region.Text { // of what?
			if !a.rowAnswered(l, name) {
				return last, false
			}
			return l, true
		}
		l.say, l.word = w, account.Facet{Text: bare, Cell: name.Cell}
		l.indicator = account.Facet{Text: last.indicator.Text, Cell: name.Cell}
		if !l.basis.Said() && written.BasesIn(bare) == nil {
			l.basis = last.basis
		}
		if unit != "" {
			l.unit = account.Facet{Text: unit, Cell: name.Cell}
		}
	case w == "plan" || w == "rate":
		a.Exclude(a.Src[l.at], account.ExcludedPlan)
		return last, false
	case last != nil: // 绝对额
		l.indicator = account.Facet{Text: last.indicator.Text, Cell: name.Cell}
	}
	return last, true
}

// rowAnswered does what an answer says of a row whose name is not whole: leave it
// out, or name its indicator. Without one it asks; false: the row gives no figures.
func (a *axes) rowAnswered(l *series, of account.Facet) bool {
	key := "row." + of.Text
	switch answer := strings.TrimSpace(a.Options.Given[key]); answer {
	case "":
		a.rowGone(l, a.OpenRow)
		a.Ask(account.AskRow, key, of.Cell, []string{"ignore"})
		return false
	case "ignore":
		a.rowGone(l, func(r *table.Row) { a.Exclude(r, account.ExcludedRow) })
		return false
	default:
		l.indicator = account.Facet{Text: answer, Cell: of.Cell}
		return true
	}
}

// heading is what a row of one text between rows of figures says of the rows
// below it: that is never certain.
func (a *axes) heading(row int, next []int, narrows bool) account.Facet {
	c := account.FirstFilled(a.Src[row])
	answer := a.Options.Given["heading"]
	if answer == "" && (narrows || a.section(row, next)) {
		a.Exclude(a.Src[row], account.ExcludedSection)
		return account.Facet{}
	}
	if answer != "ignore" && answer != "region" {
		a.Ask(account.AskHeading, "heading", c, []string{"ignore", "region"})
		return account.Facet{}
	}
	if a.Exclude(a.Src[row], account.ExcludedNote); answer == "ignore" {
		return account.Facet{}
	}
	return account.Facet{Text: strings.TrimSpace(c.Text), Cell: c}
}

// narrowed are the headings that narrow what the rows below a further one count: it
// ends those of its own level and of lower ones; one without a number is of the highest.
func (a *axes) narrowed(under []account.Narrowing, row int) []account.Narrowing {
	c := account.FirstFilled(a.Src[row])
	name, level := written.Outline(c.Text)
	for n, u := range under {
		if _, l := written.Outline(u.Cell.Text); max(l, 1) >= max(level, 1) {
			under = under[:n]
			break
		}
	}
	if n, ok := a.Narrowing(account.Facet{Text: name, Cell: c}); ok && a.Options.Given["heading"] != "region" {
		return append(slices.Clip(under), n)
	}
	return under
}

// section reports whether a row is the heading of a section (一、工业) and the names
// of the rows below it, to the next, stand for themselves: none is a place, or the
// half of a name (增加值) that the heading would make whole.
func (a *axes) section(row int, next []int) bool {
	name := account.FirstFilled(a.Src[row])
	if text, level := written.Outline(name.Text); level%10 == 0 || a.LikePlace(text) {
		return false
	}
	from, _ := slices.BinarySearch(a.Data, row)
	to := len(a.Data)
	if len(next) > 0 {
		to, _ = slices.BinarySearch(a.Data, next[0])
	}
	names := 0
	for c, k := range a.stub {
		if k != account.KindIndicator {
			continue
		}
		inside := map[string]int{}
		for _, d := range a.Data[from:to] {
			inside[a.Text(d, c)]++
		}
		for _, d := range a.Data[from:to] {
			t := a.Text(d, c)
			if t == "" {
				continue
			}
			// One that stands in another section, too, is no whole name.
			if w, _, _ := written.HeadWord(t); w == "" && a.bearing(c)[t] > inside[t] {
				return false
			}
			bare, _, _ := written.CutUnit(t)
			bare, _ = written.Outline(bare)
			if written.Is("fragment", written.FoldText(bare)) || written.Part(t) {
				return false
			}
			names++
		}
	}
	return names > 0
}

// bearing is how many rows bear each name in column c.
func (a *axes) bearing(c int) map[string]int {
	if a.sections[c] == nil {
		if a.sections == nil {
			a.sections = map[int]map[string]int{}
		}
		a.sections[c] = map[string]int{}
		for _, d := range a.Data {
			a.sections[c][a.Text(d, c)]++
		}
	}
	return a.sections[c]
}

// mergedColumns are the columns of names in which cells stand empty below the
// one they were merged with: at least half of all.
func (a *axes) mergedColumns(cols []int) map[int]bool {
	out := map[int]bool{}
	for _, c := range cols {
		empty := 0
		for _, d := range a.Data {
			if a.Text(d, c) == "" {
				empty++
			}
		}
		k := a.stub[c]
		out[c] = empty > 0 && 2*empty >= len(a.Data) && len(cols) > 1 && (k == account.KindRegion || k == account.KindIndicator || k == account.KindPeriod) && a.Text(a.Data[0], c) != ""
	}
	return out
}

// mergedName gives the name that stands for cell c (from 0) of row d too: the
// two are merged, or it says ditto of the one above.
func (a *axes) mergedName(d, c int, above account.Facet) (account.Facet, bool) {
	if written.Ditto(a.Text(d, c)) {
		return above, true
	}
	if a.Text(d, c) != "" {
		return account.Facet{}, false
	}
	m, ok := a.Merge(a.Src[d].Number, a.Column(c))
	if !ok || m.FirstColumn != a.Column(c) || m.FirstRow < a.Src[a.Data[0]].Number {
		return account.Facet{}, false
	}
	return a.Facet(m.FirstRow-1, c), true
}

// spread reports whether a figure's cell is merged with the cell of another
// figure: which of them the number is cannot be known. It is told once for the
// area.
func (e *emitter) spread(row, col *series) bool {
	m, ok := e.Merge(e.Src[row.at].Number, e.Column(col.at))
	first := e.ColumnAt(m.FirstColumn)
	if !ok || !e.Number(e.Text(m.FirstRow-1, first)) {
		return false
	}
	inRows := func(s *series) bool { n := e.Src[s.at].Number; return n >= m.FirstRow && n <= m.LastRow }
	inColumns := func(s *series) bool {
		return !s.skip && e.Column(s.at) >= m.FirstColumn && e.Column(s.at) <= m.LastColumn
	}
	if !beside(e.rows, row, inRows) && !beside(e.columns, col, inColumns) {
		return false
	}
	e.TellMerged(m, e.Src[m.FirstRow-1].Cell(first))
	return true
}

// beside reports whether a neighbour of s in a list in order of place fulfils
// the condition.
func beside(list []*series, s *series, in func(*series) bool) bool {
	i, ok := slices.BinarySearchFunc(list, s.at, func(o *series, at int) int { return o.at - at })
	return ok && (i > 0 && in(list[i-1]) || i+1 < len(list) && in(list[i+1]))
}

package reading

import (
	"regexp"
	"slices"
	"strings"

	"yardstick/collectors/table"
	"yardstick/schema"
	"yardstick/schema/words"
)

// ask puts a question about a cell; nothing of the file is certain then.
func (r *reader) ask(code, key string, c table.Cell, candidates []string, args ...any) {
	r.askAbout(nil, code, key, c, candidates, args...)
}

// askAbout is ask for a question that concerns the named indicators alone.
func (r *reader) askAbout(about []string, code, key string, c table.Cell, candidates []string, args ...any) {
	r.found.Whole = true
	said := schema.ListedWords(candidates)
	if len(candidates) == 0 {
		said = words.Say("candidates-none")
	}
	args = append(args, "cell", Spot(r.table.Sheet, c), "written", table.Excerpt(c.Text), "key", key, "candidates", said)
	q := At(r.table.File, r.table.Sheet, c, code)
	q.Text = words.Say("question-"+code, args...)
	r.found.Ask(schema.Question{Problem: q, Key: key, Candidates: candidates, About: about, Why: words.Say("why-" + code)})
}

// emit gives every figure with what its row, its column and the table say.
func (a *axes) emit() error {
	g := a.b.g
	if len(a.columns) == 0 {
		return a.unclear("columns")
	}
	e := &emitter{axes: a}
	e.defaults()
	widest := a.columns[len(a.columns)-1].at + 1
	for _, row := range a.rows {
		if src := g.rows[row.at]; g.r.table.Delimiter != 0 && src.Len() < widest {
			p := g.r.problem(RowRagged, src.Cell(src.Len()), "cells", src.Len(), "columns", widest)
			p.Written = table.Excerpt(joined(src))
			g.r.found.Problem(p)
			g.r.found.Dropped++
			continue
		}
		for _, col := range a.columns {
			if col.skip {
				continue
			}
			if c, ok := e.figure(row, col); ok {
				g.r.row = c
				if err := g.r.each(&g.r.row); err != nil {
					return err
				}
			}
		}
	}
	e.ask()
	return nil
}

// emitter makes candidates of cells.
type emitter struct {
	*axes
	indicator, region, unit, period facet // for the whole table
	when                            periodText
	lack                            map[Field]table.Cell // what no cell says, first seen
	bare                            []string             // names without a visible basis
	bareCell                        table.Cell
	year                            facet
	titled                          bool // the period stands in the title: a column may say that it is of its last month alone
}

// defaults settles what the lines above the table say for all of it.
func (e *emitter) defaults() {
	g, f := e.b.g, e.b.facts
	given := g.r.options.Given
	e.lack = map[Field]table.Cell{}
	e.indicator, e.region, e.unit = one(f.indicator), one(f.region), one(f.unit)
	if !e.indicator.said() {
		e.indicator = g.titled(f)
	}
	if !e.indicator.said() && !g.r.found.asked["rows"] && !g.r.found.asked["columns"] { // else what is asked about may name it
		e.indicator = g.r.namedTitle(f)
	}
	if !e.indicator.said() && given["indicator"] != "" {
		e.indicator = facet{text: given["indicator"]}
	}
	if !e.region.said() && given["region"] != "" {
		e.region = facet{text: given["region"]}
	}
	if !e.region.said() {
		var names []string
		for _, l := range append(slices.Clone(e.rows), e.columns...) {
			names = append(names, l.indicator.text)
		}
		if g.national(f, names) {
			e.region = facet{text: "全国"}
			told := schema.Problem{Code: RegionTold, File: g.r.table.File, Sheet: g.r.table.Sheet, Text: words.Say("excluded-" + RegionTold)}
			e.told(told)
		}
	}
	e.period = one(f.time)
	if p, ok := g.reference(e.period.text); ok && p.err == nil {
		e.when = p
	} else {
		e.period = facet{}
		if t := given["period"]; t != "" {
			if p, ok := g.reference(t); ok && p.err == nil {
				e.period, e.when = facet{text: t}, p
			}
		}
	}
	if !e.period.said() && f.time.said() {
		if m := regexp.MustCompile(`^(\d{4})\s*年?$`).FindStringSubmatch(f.time.text); m != nil {
			e.year = facet{m[1], f.time.cell}
		}
	} else if e.when.period.Frequency() == schema.Annual {
		e.year = facet{e.when.period.String(), f.time.cell}
	}
	e.fromTitle()
}

// told lists a remark about the whole table, where the region axis is not used.
func (e *emitter) told(p schema.Problem) {
	for _, l := range append(slices.Clone(e.rows), e.columns...) {
		if l.region.said() {
			return
		}
	}
	e.b.g.r.found.Exclude(p)
}

// titled is the indicator a title names, when the sheet's name says the same.
func (g *grid) titled(f facts) facet {
	sheet := strings.TrimSpace(g.r.table.Sheet)
	if len([]rune(sheet)) < 3 || strings.HasPrefix(strings.ToLower(sheet), "sheet") || strings.HasPrefix(sheet, "表") {
		return facet{}
	}
	for _, t := range f.titles {
		if strings.HasSuffix(t.text, sheet) && len(f.titles) == 1 {
			return facet{sheet, t.cell}
		}
	}
	return facet{}
}

func first(fs ...facet) facet {
	for _, f := range fs {
		if f.said() {
			return f
		}
	}
	return facet{}
}

// figure makes the candidate of one cell. It reports false when there is
// nothing to say: the month within a quarter of a quarterly series.
func (e *emitter) figure(row, col *series) (Candidate, bool) {
	g := e.b.g
	r := g.r
	src := g.rows[row.at]
	cell := src.Cell(col.at)
	c := Candidate{File: r.table.File, Sheet: r.table.Sheet, Line: src.Line, Row: src.Number}
	set := func(f Field, v facet) {
		if v.cell.Column == 0 {
			v.cell.Line, v.cell.Row = cell.Line, cell.Row
		}
		v.cell.Text = v.text
		c.cells[f.index()] = v.cell
	}
	c.cells[Value.index()] = cell
	set(Note, row.note)
	r.row = c
	if r.gridValue(g, row, col, src); e.spread(row, col) {
		r.row.Bad |= Value
	}
	c = r.row

	ind := first(col.indicator, row.indicator, e.indicator)
	unit := first(col.unit, row.unit)
	reg := first(col.region, row.region, e.region)
	ind.text, reg.text = unmark(chinese(ind.text)), unmark(chinese(reg.text))
	if bare, inner, ok := SplitBrackets(ind.text); ok && LooksLikeUnit(inner) {
		if unit.said() && foldText(unit.text) != foldText(inner) {
			r.bad(Value, r.problem(UnitTwice, ind.cell, "unit", table.Excerpt(unit.text)))
			c.Bad |= Value
		}
		ind.text, unit = unmark(bare), facet{inner, ind.cell}
	}
	if bare, inner, ok := SplitBrackets(strings.Join(strings.Fields(reg.text), "")); ok && LooksLikeUnit(inner) {
		reg.text, unit = bare, facet{inner, reg.cell}
	}
	if !unit.said() && e.unit.said() && (fits(ind.text, e.unit.text) || e.unit == facetOf(e.indicator, e.unit)) {
		unit = e.unit
	}
	if !unit.said() {
		if t := (facet{text: r.givenFor("unit", ind.text)}); t.said() && c.Suffix == "" {
			unit = t
		}
	}
	set(Indicator, ind)
	set(Region, reg)
	set(Unit, unit)
	if c.Suffix != "" && unit.said() && c.Suffix != unit.text && (!multiplies(c.Suffix) || strings.IndexAny(unit.text, "十百千万亿") == 0) {
		r.bad(Value, r.problem(UnitTwice, cell, "unit", table.Excerpt(unit.text)))
		c.Bad |= Value
	}
	for f, v := range map[Field]facet{Indicator: ind, Region: reg} {
		if !v.said() {
			c.Bad |= f
			if _, told := e.lack[f]; !told {
				e.lack[f] = cell
			}
		}
	}
	if !e.periodOf(&c, row, col, set) {
		return c, false
	}
	e.basisOf(&c, row, col, ind)
	return c, true
}

// facetOf is unit when it stands beside the one indicator of the table.
func facetOf(indicator, unit facet) facet {
	if indicator.said() {
		return unit
	}
	return facet{text: "\x00"}
}

func multiplies(s string) bool { return strings.Trim(s, "十百千万亿") == "" }

// ask puts what the table leaves open, once each.
func (e *emitter) ask() {
	g := e.b.g
	r, f := g.r, e.b.facts
	var titles []string
	for _, t := range f.titles {
		titles = append(titles, table.Excerpt(t.text))
	}
	if r.found.asked["rows"] || r.found.asked["columns"] {
		return // what is missing may stand on the axis that is asked about
	}
	if c, ok := e.lack[Indicator]; ok {
		hints := titles
		if s := strings.TrimSpace(r.table.Sheet); s != "" && !strings.HasPrefix(strings.ToLower(s), "sheet") {
			hints = append(hints, s)
		}
		r.ask(AskIndicator, "indicator", c, hints)
		if !e.unit.said() && !e.hasUnits() && r.options.Given["unit"] == "" {
			r.ask(AskUnitMissing, "unit", c, nil, "indicator", Indicator.Text())
		}
	}
	if c, ok := e.lack[Region]; ok {
		var hints []string
		if g.bureau {
			hints = append(hints, "全国")
		}
		if f.region.said() {
			hints = append(hints, f.region.text)
		}
		r.ask(AskRegion, "region", c, hints)
	}
	if c, ok := e.lack[Period]; ok {
		r.ask(AskPeriod, "period", c, titles)
	}
	if len(e.bare) > 0 {
		r.askAbout(e.bare, AskBasis, "basis", e.bareCell, []string{"period", "ytd"}, "names", strings.Join(e.bare[:min(3, len(e.bare))], "、"))
	}
}

// gridValue reads a figure's cell with its flag into r.row.
func (r *reader) gridValue(g *grid, row, col *series, src *table.Row) {
	c := &r.row
	text := c.Written(Value)
	said := first(row.status, col.status)
	flag, at := said.text, said.cell
	if col.flags > 0 {
		if t := g.text(row.at, col.flags); t != "" {
			flag, at = t, src.Cell(col.flags)
		}
	}
	if text != "" && flagLike(text) {
		flag, at = text, src.Cell(col.at)
	} else {
		n := ReadNumber(text, r.table.Delimiter)
		if n.Fault != "" {
			r.bad(Value, r.problem(n.Fault, c.Cell(Value)))
			return
		}
		if c.Number, c.Suffix = n.Value, n.Suffix; n.Value != nil {
			r.asScaled(c.Cell(Value))
		}
		if flagLike(n.Suffix) && n.Value != nil {
			c.Suffix, flag, at = "", n.Suffix, src.Cell(col.at)
		}
	}
	if flag == "" {
		return
	}
	status, ok := g.legend.status(flag)
	if !ok {
		status, ok = ReadStatus(flag)
	}
	if !ok {
		r.bad(Status, r.problem(StatusUnknown, at))
		return
	}
	at.Text = flag
	c.cells[Status.index()], c.State = at, status
	if c.Number == nil && !slices.Contains([]schema.ObsStatus{"O", "M", "L", "Q", "H", "J"}, status) {
		c.State = "" // a mark beside a figure that is not there
	}
}

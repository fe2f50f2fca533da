package heads

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"yardstick/collectors/reading/account"
	"yardstick/collectors/reading/written"
	"yardstick/collectors/table"
	"yardstick/schema"
	"yardstick/schema/words"
)

// periodOf settles the reference period of a figure.
func (e *emitter) periodOf(c *account.Candidate, row, col *series, set func(account.Field, account.Facet)) bool {
	p, when := account.First(col.period, row.period, e.period), col.when
	switch {
	case col.period.Said() && row.period.Said(): // years one way, months the other
		of, part := row, col
		if col.when.Annual() && row.when.Partial() { // months down, years across
			of, part = col, row
		}
		p = part.period
		year := strings.TrimSuffix(written.FoldText(of.period.Text), "年")
		if of.when.Annual() {
			year = of.when.Period.String() // 2024年度
		}
		when = e.Period(year + "年" + part.period.Text)
	case !col.period.Said() && row.period.Said():
		when = row.when
	case !col.period.Said():
		when = e.when
	}
	if when.Partial() && col.year.Said() {
		when = e.Period(col.year.Text + "年" + p.Text)
	}
	if when.Partial() && e.year.Said() && !e.turned {
		when = e.Period(e.year.Text + "年" + p.Text)
	}
	set(account.Period, p)
	switch {
	case !p.Said():
		e.unsaid(account.Period)
		return true
	case when.Partial():
		c.Bad |= account.Period
		var years []string
		if y, err := strconv.Atoi(e.year.Text); err == nil { // the year it begins in: said, or the one before
			years = []string{strconv.Itoa(y - 1), strconv.Itoa(y)}
		}
		e.Ask(account.AskYear, "year", c.Cell(account.Period), years)
		return true
	case when.Err != nil || when.Period.IsZero():
		c.Bad |= account.Period
		e.Tell(account.NotAPeriod, c.Cell(account.Period))
		return true
	}
	c.When, c.WhenBasis = when.Period, when.Basis
	if e.titled && when.Basis == schema.YearToDate && slices.Contains(written.BasesIn(account.First(col.basis, row.basis).Text), schema.InPeriod) {
		c.WhenBasis = "" // 2025年1-9月 above, 本月 in the column: September
	}
	return e.OnFrequency(c, account.First(col.freq, row.freq, account.One(e.Facts.Freq)).Text)
}

// basisOf settles what span a figure covers, from the words beside it.
func (e *emitter) basisOf(c *account.Candidate, row, col *series, ind account.Facet) {
	said := account.First(col.basis, row.basis)
	if said.Said() {
		c.Cells[account.Basis.Index()] = table.Cell{Text: said.Text, Line: said.Cell.Line, Row: said.Cell.Row, Column: said.Cell.Column}
	}
	name := e.spansOf(ind.Text, c.Written(account.Unit))
	c.Bases = written.BasesIn(said.Text)
	if c.Bases == nil && c.WhenBasis != schema.YearToDate { // a stock, or a total since some day, covers one span alone
		c.Bases = name.one
		if slices.Equal(name.one, []schema.Basis{schema.Cumulative}) && c.WhenBasis == "" && e.monthBeside(c.When) {
			c.Bases = []schema.Basis{schema.InPeriod} // 8月 beside 1-8月 is no total since any day
		}
	}
	if c.Bases == nil && c.WhenBasis == "" && (e.monthBeside(c.When) || e.titled && e.when.Basis == schema.YearToDate && e.when.Period.Last() == c.When.Last() && c.When.First().Month > 1) {
		c.Bases = []schema.Basis{schema.InPeriod} // 9月 beside 1-9月
	}
	if c.Bases == nil {
		c.Bases = name.within
	}
	f := c.When.Frequency()
	if c.WhenBasis == schema.YearToDate && c.When.First().Month > 1 && slices.Equal(c.Bases, []schema.Basis{schema.InPeriod}) && !c.Missing() && c.Bad&(account.Period|account.Indicator) == 0 {
		// 1-2月 beside 当期值: January and February in one, or a slip
		if slices.Contains(name.given, schema.YearToDate) {
			c.Bases = name.given
			return
		}
		at := c.Cell(account.Indicator)
		at.Text = ind.Text
		e.AskAbout([]string{ind.Text}, account.AskBasis, "basis."+ind.Text, at, []string{"ytd"}, "names", ind.Text)
		return
	}
	if c.Missing() || len(c.Bases) > 0 || c.WhenBasis != "" || c.Bad&(account.Period|account.Indicator) != 0 || f != schema.Monthly && f != schema.Quarterly || !name.flows {
		return
	}
	if name.given != nil {
		c.Bases = name.given
		return
	}
	if c.When.First().Month == 1 { // 一季度, 1月: the period's own figure and the total since January are one
		_, basis, ok := e.Registered(ind.Text)
		if ok && basis == schema.YearToDate {
			c.Bases = []schema.Basis{basis}
		}
		if ok || e.spanned {
			return
		}
	}
	if !name.asked {
		name.asked = true
		e.bareOf(c, ind)
	}
}

// spans is what is known of the spans that figures cover, from the name of their
// indicator and their unit.
type spans struct {
	one    []schema.Basis // the only one it may have, as registered; nil: of several
	within []schema.Basis // as its words tell
	given  []schema.Basis // as answered
	flows  bool           // its span must be known
	asked  bool           // it is among those that are asked about
}

// spansOf is what is known of a name, found once for all of its figures.
func (e *emitter) spansOf(name, unit string) *spans {
	key := [2]string{name, unit}
	s := e.spans[key]
	if s == nil {
		s = &spans{within: written.BasesIn(name), given: written.ReadBasis(e.GivenFor("basis", name)), flows: written.Flows(name, unit)}
		if _, basis, ok := e.Registered(name); ok && (basis == schema.Point || basis == schema.Cumulative) {
			s.one = []schema.Basis{basis}
		}
		e.spans[key] = s
	}
	return s
}

// bareOf remembers an indicator whose span is asked about.
func (e *emitter) bareOf(c *account.Candidate, ind account.Facet) {
	if e.NotOurs(ind.Text) {
		return
	}
	if slices.Contains(e.bare, ind.Text) || len(e.bare) == 100 {
		return
	}
	e.bare = append(e.bare, ind.Text)
	if e.bareCell.Row == 0 {
		e.bareCell = c.Cell(account.Indicator)
		if e.bareCell.Column == 0 {
			e.bareCell = c.Cell(account.Value)
		}
	}
}

// monthBeside reports whether a running total of the table ends where the period
// does: a month or quarter that stands beside it is meant alone.
func (e *emitter) monthBeside(p schema.Period) bool {
	if p.Frequency() != schema.Monthly && p.Frequency() != schema.Quarterly || p.First().Month == 1 {
		return false
	}
	return e.totals[p.Last()] || e.parts[p.Last().Month]
}

// totalsOf notes where the running totals of the table end: with their year, or the
// month alone where the axis names no year.
func (e *emitter) totalsOf() {
	e.totals, e.parts, e.spanned = map[schema.Date]bool{}, map[time.Month]bool{}, false
	for _, s := range e.all() {
		switch {
		case !s.period.Said():
		case s.when.Basis == schema.YearToDate:
			e.totals[s.when.Period.Last()], e.spanned = true, true
		case s.when.Partial():
			p := e.Period("2001年" + s.period.Text)
			e.spanned = e.spanned || p.Err == nil && p.Basis == schema.YearToDate
			if p.Err == nil && running().MatchString(s.period.Text) {
				e.parts[p.Period.Last().Month] = true
			}
		}
	}
}

var running = written.Pattern(`^(?:1|一)\s*[-—–~～至]`)

// fromTitle takes the period from the title, where no line above the table and
// no answer names one, and says so. A year stands for the months and quarters
// of an axis that names none.
func (e *emitter) fromTitle() {
	if e.period.Said() || e.Facts.Time.Said() || e.Options.Sheet.Doubt["period"] {
		return
	}
	at, p, whole, ok := e.TitlePeriod(e.Facts)
	if !ok {
		return
	}
	axis, years, within := false, false, true
	year := account.Facet{Text: schema.Year(p.Period.Last().Year).String(), Cell: at.Cell}
	for _, l := range e.all() {
		if l.answered {
			continue
		}
		axis = axis || l.period.Said()
		years = years || l.year.Said() || l.period.Said() && l.when.Err == nil
		if l.period.Said() { // 9月 and 1-9月 under a title of 1-9月
			part := e.Period(year.Text + "年" + l.period.Text)
			within = within && part.Err == nil && part.Period.Last() == p.Period.Last()
		}
	}
	switch {
	case !axis && !whole && p.Annual():
		return
	case !axis:
		e.period, e.when, e.titled = at, p, true
	case !years && within: // what names no part of the year is of all the title says
		e.year, e.period, e.when, e.titled = year, at, p, true
	case !years && p.Period.Frequency() == schema.Annual:
		e.year = year
	default:
		return
	}
	e.tellTitled(at)
}

// tellTitled lists that a period was taken from a title.
func (a *axes) tellTitled(at account.Facet) {
	told := account.At(a.Table.File, a.Table.Sheet, at.Cell, account.PeriodTold)
	told.Text = words.Say("excluded-"+account.PeriodTold, "cell", account.Spot(a.Table.Sheet, at.Cell), "period", at.Text)
	a.Found.Exclude(told)
}

// regionOfTitle takes the region from the title, where neither an axis nor a line
// above the table nor an answer names one, and says so: a place with its rank
// (大连市), or one that the registers know and a period follows, at the title's start
// or behind its period.
func (e *emitter) regionOfTitle() {
	if slices.ContainsFunc(e.all(), func(s *series) bool { return s.region.Said() }) || e.Facts.Region.Said() || e.Options.Sheet.Doubt["region"] {
		return
	}
	at := e.placeOfTitles()
	if !at.Said() {
		return
	}
	e.region = at
	e.tellPlace(at)
}

// tellPlace says that a region was taken from a title.
func (e *emitter) tellPlace(at account.Facet) {
	told := account.At(e.Table.File, e.Table.Sheet, at.Cell, account.RegionTold)
	told.Text = words.Say("excluded-region-title", "cell", account.Spot(e.Table.Sheet, at.Cell), "region", at.Text)
	e.Found.Exclude(told)
}

// placeOfTitles is the one place that the titles are of.
func (e *emitter) placeOfTitles() (at account.Facet) {
	for _, t := range e.Facts.Titles {
		text := e.CutTimes(t.Text, "\x00")
		text = strings.TrimLeft(account.TitleNumber().ReplaceAllString(text, ""), "\x00份")
		name := e.PlaceAt(text)
		switch {
		case name == "":
		case at.Said() && at.Text != name:
			return account.Facet{}
		default:
			at = account.Facet{Text: name, Cell: t.Cell}
		}
	}
	return at
}

// took notes what goes for all of the table, where no axis says it.
func (e *emitter) took() {
	if e.Options.Sheet.Doubt["year"] {
		e.year = account.Facet{}
	}
	places, periods := false, false
	for _, s := range e.all() {
		places, periods = places || s.region.Said(), periods || s.period.Said()
	}
	if !places {
		e.Took("region", e.region)
	}
	if !periods {
		e.Took("period", e.period)
	} else if slices.ContainsFunc(e.all(), func(s *series) bool { return s.period.Said() && s.when.Partial() }) {
		e.Took("year", e.year)
	}
}

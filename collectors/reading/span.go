package reading

import (
	"errors"
	"slices"
	"strings"

	"yardstick/collectors/table"
	"yardstick/schema"
	"yardstick/schema/words"
)

// periodOf settles the reference period of a figure.
func (e *emitter) periodOf(c *Candidate, row, col *series, set func(Field, facet)) bool {
	r := e.b.g.r
	p, when := first(col.period, row.period, e.period), col.when
	switch {
	case col.period.said() && row.period.said(): // years down, months across
		p = col.period
		when = r.period(strings.TrimSuffix(foldText(row.period.text), "年") + "年" + col.period.text)
	case !col.period.said() && row.period.said():
		when = row.when
	case !col.period.said():
		when = e.when
	}
	if errors.Is(when.err, schema.ErrNoYear) && col.year.said() {
		when = r.period(col.year.text + "年" + p.text)
	}
	if errors.Is(when.err, schema.ErrNoYear) && e.year.said() {
		when = r.period(e.year.text + "年" + p.text)
	}
	set(Period, p)
	switch {
	case !p.said():
		c.Bad |= Period
		if _, told := e.lack[Period]; !told {
			e.lack[Period] = c.Cell(Value)
		}
		return true
	case errors.Is(when.err, schema.ErrNoYear):
		c.Bad |= Period
		r.ask(AskYear, "year", c.Cell(Period), nil)
		return true
	case when.err != nil || when.period.IsZero():
		c.Bad |= Period
		r.found.Problem(r.problem(NotAPeriod, c.Cell(Period)))
		return true
	}
	c.When, c.WhenBasis = when.period, when.basis
	if e.titled && when.basis == schema.YearToDate && slices.Contains(basesIn(first(col.basis, row.basis).text), schema.InPeriod) {
		c.WhenBasis = "" // 2025年1-9月 above, 本月 in the column: September
	}
	return r.onFrequency(c, first(col.freq, row.freq, one(e.b.facts.freq)).text)
}

// onFrequency puts a month's figure onto the quarters or years that the file
// says the series has. False: nothing stands at the month, and it ends none.
func (r *reader) onFrequency(c *Candidate, said string) bool {
	var f schema.Frequency
	switch foldText(said) {
	case "季", "季度", "q", "quarterly":
		f = schema.Quarterly
	case "年", "年度", "a", "annual":
		f = schema.Annual
	default:
		return true
	}
	if c.When.Frequency() != schema.Monthly {
		return true
	}
	q, ok := c.When.EndingWith(f)
	if !ok {
		if c.Missing() {
			return false
		}
		c.Bad |= Period
		r.found.Problem(r.problem(OffFrequency, c.Cell(Value), "frequency", words.Say("frequency-"+string(f)), "period", c.When.String()))
		return true
	}
	c.When = q
	return true
}

// basisOf settles what span a figure covers, from the words beside it.
func (e *emitter) basisOf(c *Candidate, row, col *series, ind facet) {
	r := e.b.g.r
	said := first(col.basis, row.basis)
	if said.said() {
		c.cells[Basis.index()] = table.Cell{Text: said.text, Line: said.cell.Line, Row: said.cell.Row, Column: said.cell.Column}
	}
	c.Bases = basesIn(said.text)
	if r.options.Known != nil && c.Bases == nil && c.WhenBasis != schema.YearToDate { // a stock, or a total since some day, covers one span alone
		if _, basis, ok := r.options.Known(ind.text); ok && (basis == schema.Point || basis == schema.Cumulative) {
			c.Bases = []schema.Basis{basis}
		}
	}
	if c.Bases == nil {
		c.Bases = basesIn(ind.text)
	}
	f := c.When.Frequency()
	if c.WhenBasis == schema.YearToDate && c.When.First().Month > 1 && slices.Equal(c.Bases, []schema.Basis{schema.InPeriod}) && !c.Missing() && c.Bad&(Period|Indicator) == 0 {
		// 1-2月 beside 当期值: January and February in one, or a slip
		if given := ReadBasis(r.givenFor("basis", ind.text)); slices.Contains(given, schema.YearToDate) {
			c.Bases = given
			return
		}
		e.bareOf(c, ind)
		return
	}
	if c.Missing() || len(c.Bases) > 0 || c.WhenBasis != "" || c.Bad&(Period|Indicator) != 0 || f != schema.Monthly && f != schema.Quarterly || !flows(ind.text, c.Written(Unit)) {
		return
	}
	if given := ReadBasis(r.givenFor("basis", ind.text)); given != nil {
		c.Bases = given
		return
	}
	if c.When.First().Month == 1 && e.spans() {
		return // 一季度, 上半年, 前三季度: in the first both are the same figure
	}
	e.bareOf(c, ind)
}

// bareOf remembers an indicator whose span is asked about.
func (e *emitter) bareOf(c *Candidate, ind facet) {
	if slices.Contains(e.bare, ind.text) || len(e.bare) == 100 {
		return
	}
	e.bare = append(e.bare, ind.text)
	if e.bareCell.Row == 0 {
		e.bareCell = c.Cell(Indicator)
		if e.bareCell.Column == 0 {
			e.bareCell = c.Cell(Value)
		}
	}
}

// basesIn reads the basis that words in a name or a header tell.
func basesIn(text string) []schema.Basis {
	t := foldText(text)
	if t == "" {
		return nil
	}
	if b := ReadBasis(t); b != nil {
		return b
	}
	ytd := strings.Contains(t, "累计") || strings.Contains(t, "本月止") || strings.Contains(t, "1-本月")
	now := false
	for _, w := range []string{"当期", "当季", "当月", "当年", "当日", "当旬", "本期", "本月", "本季"} {
		now = now || strings.Contains(strings.ReplaceAll(t, "1-本月", ""), w) && !strings.Contains(t, "本月止")
	}
	switch {
	case ytd && !now:
		return []schema.Basis{schema.YearToDate, schema.Cumulative}
	case now && !ytd:
		return []schema.Basis{schema.InPeriod}
	}
	return nil
}

// flows reports whether a name and unit may be a flow, whose span must be known.
func flows(name, unit string) bool {
	for _, w := range []string{"余额", "期末", "年末", "月末", "季末", "存量", "总数", "储备", "库存", "指数", "价格", "均价", "利率", "汇率", "率", "比重", "占比", "人口", "户数", "密度", "保有", "growth", "rate", "index", "stock", "population"} {
		if strings.Contains(strings.ToLower(name), w) {
			return false
		}
	}
	u := foldText(unit)
	return u != "" && !strings.HasPrefix(u, "%") && !strings.HasPrefix(u, "‰") && u != "-"
}

// givenFor is the answer under a key for one indicator: by its code, by its
// name as written, or for the whole file.
func (r *reader) givenFor(key, name string) string {
	if r.options.Known != nil {
		if code, _, ok := r.options.Known(name); ok && r.options.Given[key+"."+code] != "" {
			return r.options.Given[key+"."+code]
		}
	}
	if said := r.options.Given[key+"."+name]; said != "" {
		return said
	}
	return r.options.Given[key]
}

// spans reports whether periods of the table say that they reach from January
// on: 1-9月, 上半年.
func (a *axes) spans() bool {
	for _, axis := range [][]*series{a.columns, a.rows} {
		for _, s := range axis {
			if s.period.said() && s.when.basis == schema.YearToDate {
				return true
			}
		}
	}
	return false
}

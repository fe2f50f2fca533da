package heads

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"yardstick/collectors/reading/account"
	"yardstick/collectors/reading/written"
	"yardstick/collectors/table"
	"yardstick/schema"
)

// Day numbers of spreadsheets between 1954 and 2064; day 0 is 1899-12-30.
const (
	serialFrom = 20_000
	serialTo   = 60_000
)

// serial reads a spreadsheet's day number.
func serial(text string) (schema.Date, bool) {
	if len(text) != 5 || strings.Trim(text, "0123456789") != "" {
		return schema.Date{}, false
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < serialFrom || n > serialTo {
		return schema.Date{}, false
	}
	return schema.Date{Year: 1899, Month: 12, Day: 30}.AddDays(n), true
}

// regular reports whether days follow each other in one direction, each a
// month, quarter or year after the other and on the same edge of a month. Only
// a whole axis of such numbers is dates; figures do not fall so.
func regular(days []schema.Date) bool {
	if _, ok := edges(days); !ok || len(days) < 3 {
		return false
	}
	step := func(i int) int {
		return schema.PeriodOf(schema.Monthly, days[i]).Since(schema.PeriodOf(schema.Monthly, days[i-1]))
	}
	for i := range days[1:] {
		if step(i+1) != step(1) {
			return false
		}
	}
	return slices.Contains([]int{1, 3, 12}, abs(step(1)))
}

// edges reports whether all days are the first of their months, or all the last.
func edges(days []schema.Date) (last, ok bool) {
	firsts, lasts := 0, 0
	for _, d := range days {
		if d.Day == 1 {
			firsts++
		}
		if schema.PeriodOf(schema.Monthly, d).Last() == d {
			lasts++
		}
	}
	return lasts == len(days), len(days) > 0 && (firsts == len(days) || lasts == len(days))
}

// serials writes the day numbers of a whole axis as days: of a header's row, or
// of the first column under a header that says it holds periods.
func (g *grid) serials() {
	for i := range min(len(g.src), account.HeaderWithin) {
		cols := g.filled(i)
		if len(cols) < 4 || g.LabelOf(g.text(i, cols[0])) == "" {
			continue
		}
		g.asDays(cols[1:], false, func(c int) *string { return &g.src[i].Texts[c] })
	}
	for i := range min(len(g.src), account.HeaderWithin) {
		if g.LabelOf(g.text(i, 0)) != account.KindPeriod {
			continue
		}
		var rows []int
		for j := i + 1; j < len(g.src) && !g.src[j].Blank(); j++ {
			if _, ok := serial(g.text(j, 0)); !ok {
				break
			}
			rows = append(rows, j)
		}
		g.asDays(rows, true, func(j int) *string { return &g.src[j].Texts[0] })
	}
}

// asDays writes day numbers as days: those of an axis that says that it holds dates,
// of others such as follow each other.
func (g *grid) asDays(at []int, labelled bool, text func(int) *string) {
	days := make([]schema.Date, 0, len(at))
	for _, i := range at {
		d, ok := serial(strings.TrimSpace(*text(i)))
		if !ok {
			return
		}
		days = append(days, d)
	}
	if !labelled && !regular(days) || labelled && slices.ContainsFunc(days, func(d schema.Date) bool { return d.Year < 1980 }) {
		return
	}
	for n, i := range at {
		*text(i) = days[n].String()
	}
}

// calendar settles what an axis of days means: months that follow each other,
// given by their first or last day, are months. Fewer, or others on the edge of
// a month, are asked about.
func (a *axes) calendar() {
	if len(a.columns) > 0 && !slices.ContainsFunc(a.columns, func(s *series) bool { return !s.freq.Said() }) {
		return // each series says what its days stand for
	}
	for _, axis := range [][]*series{a.columns, a.rows} {
		var days []schema.Date
		var at []*series
		for _, s := range axis {
			if s.period.Said() && s.when.Err == nil && s.when.Period.Frequency() == schema.Daily && !s.skip {
				days, at = append(days, s.when.Period.First()), append(at, s)
			} else if s.period.Said() {
				days = nil
				break
			}
		}
		if _, ok := edges(days); !ok {
			continue
		}
		answer := a.Options.Given["frequency"]
		run := regular(days) && abs(schema.PeriodOf(schema.Monthly, days[1]).Since(schema.PeriodOf(schema.Monthly, days[0]))) == 1
		switch {
		case answer == "day" || strings.EqualFold(answer, "d"):
		case run && answer == "" || SpanOf(answer) != "":
			f := SpanOf(cmp.Or(answer, "month"))
			for i, s := range at {
				s.when.Period = schema.PeriodOf(f, days[i])
			}
		default:
			a.Ask(account.AskDates, "frequency", at[0].period.Cell, spansOf(days))
		}
	}
}

// SpanOf is the frequency that an answer names; "" none.
func SpanOf(answer string) schema.Frequency {
	switch strings.ToLower(answer) {
	case "month", "m":
		return schema.Monthly
	case "quarter", "q":
		return schema.Quarterly
	case "year", "a":
		return schema.Annual
	}
	return ""
}

// spansOf are the spans that days on the edges of months may stand for: those that
// each of them is the edge of, the longest last.
func spansOf(days []schema.Date) (out []string) {
	last, _ := edges(days)
	for _, answer := range []string{"month", "quarter", "year"} {
		each := !slices.ContainsFunc(days, func(d schema.Date) bool {
			p := schema.PeriodOf(SpanOf(answer), d)
			return last && p.Last() != d || !last && p.First() != d
		})
		if each {
			out = append(out, answer)
		}
	}
	return append(out, "day")
}

func abs(n int) int { return max(n, -n) }

// octobers asks about 2025.1 where it may be October with its zero lost: next
// to no February and after no December.
func (a *axes) octobers() {
	for _, axis := range [][]*series{a.columns, a.rows} {
		var texts []string
		var cells []table.Cell
		for _, s := range axis {
			if t := written.FoldText(s.period.Text); t != "" && (len(texts) == 0 || texts[len(texts)-1] != t) {
				texts, cells = append(texts, t), append(cells, s.period.Cell)
			}
		}
		if c, ok := fiscal(texts, cells); ok {
			a.Ask(account.AskDates, "frequency", c, nil)
			continue
		}
		for i, t := range texts {
			if !account.MaybeOctober(t) {
				continue
			}
			near := texts[max(0, i-1):min(len(texts), i+2)]
			if !slices.ContainsFunc(near, func(n string) bool { return account.AfterJanuary(t, n) || account.BeforeJanuary(t, n) }) {
				a.AskOctober(cells[i])
			}
		}
	}
}

// fiscal finds years that reach into the next, which look like months: 2009-10,
// 2010-11, 2011-12.
func fiscal(texts []string, cells []table.Cell) (table.Cell, bool) {
	if len(texts) < 2 {
		return table.Cell{}, false
	}
	for _, t := range texts {
		if len(t) != 7 || t[4] != '-' && t[4] != '/' {
			return table.Cell{}, false
		}
		year, err := strconv.Atoi(t[:4])
		month, err2 := strconv.Atoi(t[5:])
		if err != nil || err2 != nil || month != (year+1)%100 {
			return table.Cell{}, false
		}
	}
	return cells[0], true
}

// carryYears gives a part of a year without its year that of the one before it
// on the axis, where they run on in one direction: 2024年11月, 12月, 2025年1月,
// 2月. A row that holds a year and nothing else stands above its months.
func (a *axes) carryYears() {
	if a.years < 0 {
		a.carry(a.columns, func(*series) string { return "" })
	}
	a.yearHeadings()
	a.carry(a.rows, func(s *series) string { return s.region.Text + "\x00" + s.indicator.Text + "\x00" + s.basis.Text })
}

// run is how far an axis has come, and which way it goes.
type run struct {
	last      schema.Period
	direction int
}

func (a *axes) carry(axis []*series, of func(*series) string) {
	runs := map[string]run{}
	found := make([]account.PeriodText, len(axis))
	carried := false
	for i, s := range axis {
		if !s.period.Said() || s.skip {
			continue
		}
		p, at := s.when, runs[of(s)]
		if p.Partial() {
			if at.last.IsZero() {
				return
			}
			p = a.Period(strconv.Itoa(at.last.First().Year) + "年" + s.period.Text)
			if p.Err != nil || p.Basis == schema.YearToDate || p.Period.Frequency() != at.last.Frequency() {
				return
			}
			carried = true
		}
		if p.Err != nil {
			return
		}
		if !at.last.IsZero() {
			d := p.Period.Compare(at.last)
			if d == 0 || at.direction*d < 0 {
				if !s.when.Partial() {
					at.direction = 0 // another run begins
				} else {
					return
				}
			} else {
				at.direction = d
			}
		}
		at.last = p.Period
		runs[of(s)], found[i] = at, p
	}
	if !carried {
		return
	}
	for i, s := range axis {
		if s.when.Partial() && found[i].Err == nil && !found[i].Period.IsZero() {
			s.when = found[i]
			s.period.Text = found[i].Period.String()
		}
	}
}

// yearHeadings takes rows of a year alone for headings of the months below.
func (a *axes) yearHeadings() {
	heading := func(i int) bool {
		s := a.rows[i]
		if !s.when.Annual() || i+1 >= len(a.rows) || !a.rows[i+1].when.Partial() {
			return false
		}
		for _, c := range a.class(s.at).filled {
			if _, stub := a.stub[c]; !stub {
				return false
			}
		}
		return true
	}
	var kept []*series
	year := ""
	for i, s := range a.rows {
		switch {
		case heading(i):
			year = s.when.Period.String()
			a.Exclude(a.src[s.at], account.ExcludedNote)
			continue
		case year != "" && s.when.Partial():
			s.when = a.Period(year + "年" + s.period.Text)
			s.period.Text = year + "年" + s.period.Text
		case s.period.Said():
			year = ""
		}
		kept = append(kept, s)
	}
	a.rows = kept
}

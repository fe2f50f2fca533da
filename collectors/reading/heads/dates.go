package heads

import (
	"cmp"
	"slices"
	"strings"

	"yardstick/collectors/reading/account"
	"yardstick/collectors/reading/written"
	"yardstick/collectors/table"
	"yardstick/schema"
)

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
		if _, ok := written.Edges(days); !ok {
			continue
		}
		answer := a.Options.Given["frequency"]
		run := written.Regular(days) && account.Adjacent(schema.PeriodOf(schema.Monthly, days[1]), schema.PeriodOf(schema.Monthly, days[0]))
		switch {
		case answer == "day" || strings.EqualFold(answer, "d"):
		case run && answer == "" || account.SpanOf(answer) != "":
			f := account.SpanOf(cmp.Or(answer, "month"))
			for i, s := range at {
				s.when.Period = schema.PeriodOf(f, days[i])
			}
		default:
			a.Ask(account.AskDates, "frequency", at[0].period.Cell, slices.DeleteFunc(account.SpansOf(days), a.notReported))
		}
	}
}

// notReported reports whether the registers know one of the table's indicators that
// is not reported by the span that an answer names.
func (a *axes) notReported(answer string) bool {
	f := account.SpanOf(answer)
	if answer == "day" {
		f = schema.Daily
	}
	return a.Options.Reports != nil && slices.ContainsFunc(a.all(), func(s *series) bool {
		name, _ := written.CutBasis(a.Name(s.indicator.Text).Text)
		return s.indicator.Said() && !a.Options.Reports(name, f)
	})
}

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
		if c, ok := account.Fiscal(texts, cells); ok {
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

// carryYears gives a part of a year without its year that of the one before it
// on the axis, where they run on in one direction: 2024年11月, 12月, 1月 (of 2025),
// 2月. A row that holds a year and nothing else stands above its months.
func (a *axes) carryYears() {
	if a.years < 0 {
		a.carry(a.columns, a.run())
	}
	a.yearHeadings()
	a.carry(a.rows, rowRun)
}

// run tells the runs of the columns' periods apart: each name has its own.
func (a *axes) run() func(*series) string {
	return func(s *series) string {
		return s.region.Text + "\x00" + s.indicator.Text + "\x00" + s.basis.Text + "\x00" + s.word.Text
	}
}

func rowRun(s *series) string {
	return s.region.Text + "\x00" + s.indicator.Text + "\x00" + s.basis.Text
}

// turns reports whether the parts of a year on an axis that names none go up and down:
// they are of more than one year then, and one year for all of them would be false.
func (a *axes) turns() bool {
	turned := false
	for _, axis := range [][]*series{a.columns, a.rows} {
		ways := map[string]account.Run{}
		for _, s := range axis {
			if !s.period.Said() || s.skip || s.year.Said() || !s.when.Partial() {
				continue
			}
			p := a.Period("2001年" + s.period.Text)
			if p.Err != nil {
				continue
			}
			key := rowRun(s) + "\x00" + s.word.Text + "\x00" + string(p.Period.Frequency()) + string(p.Basis)
			at := ways[key]
			if d := p.Period.Compare(at.Last); !at.Last.IsZero() && d != 0 {
				turned = turned || at.Direction*d < 0
				at.Direction = d
			}
			at.Last = p.Period
			ways[key] = at
		}
	}
	return turned
}

func (a *axes) carry(axis []*series, of func(*series) string) {
	runs := map[string]account.Run{}
	found := make([]account.PeriodText, len(axis))
	carried := false
	for i, s := range axis {
		if !s.period.Said() || s.skip {
			continue
		}
		p, at := s.when, runs[of(s)]
		if p.Partial() || p.Given && !at.Last.IsZero() {
			if at.Last.IsZero() {
				return
			}
			if p = a.NextPart(s.period.Text, at); p.Err != nil {
				return
			}
			carried = true
		}
		if p.Err != nil {
			return
		}
		if !at.Last.IsZero() {
			d := p.Period.Compare(at.Last)
			if d == 0 || at.Direction*d < 0 {
				if !s.when.Partial() && !s.when.Given {
					at.Direction = 0 // another run begins
				} else {
					return
				}
			} else {
				at.Direction = d
			}
		}
		at.Given = at.Given || s.when.Given
		at.Last = p.Period
		runs[of(s)], found[i] = at, p
	}
	if !carried {
		return
	}
	for i, s := range axis {
		if (s.when.Partial() || s.when.Given) && found[i].Err == nil && !found[i].Period.IsZero() {
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
		for _, c := range a.Class(s.at).Filled {
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
			a.Exclude(a.Src[s.at], account.ExcludedNote)
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

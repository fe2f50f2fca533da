package heads

import (
	"cmp"
	"slices"

	"yardstick/collectors/reading/account"
	"yardstick/collectors/reading/written"
	"yardstick/collectors/table"
	"yardstick/schema"
)

// periods are the different periods that columns name, in their order.
type periods struct {
	seen                map[string]bool
	all, running, alone []*series // alone: of no running total
}

func (p *periods) add(col *series) {
	if p.seen[col.period.Text] {
		return
	}
	if p.seen == nil {
		p.seen = map[string]bool{}
	}
	p.seen[col.period.Text] = true
	if p.all = append(p.all, col); col.when.Basis != "" || running().MatchString(col.period.Text) {
		p.running = append(p.running, col)
	} else {
		p.alone = append(p.alone, col)
	}
}

// nearby are the periods of all columns, and those of each indicator that the header
// names, by its cell; of none: the zero cell.
type nearby struct {
	all periods
	of  map[table.Cell]*periods
}

func (n *nearby) add(col *series) {
	n.all.add(col)
	if n.of == nil {
		n.of = map[table.Cell]*periods{}
	}
	if n.of[col.indicator.Cell] == nil {
		n.of[col.indicator.Cell] = &periods{}
	}
	n.of[col.indicator.Cell].add(col)
}

// fits are the periods that a column may be of as far as its words go: of its own
// indicator, where it has one.
func (n *nearby) fits(col *series) []*series {
	p := &n.all
	if col.indicator.Said() {
		p = cmp.Or(n.of[col.indicator.Cell], n.of[table.Cell{}], &periods{})
	}
	switch bases := written.BasesIn(cmp.Or(col.basis.Text, col.word.Text)); {
	case len(bases) == 0:
		return p.all
	case slices.Contains(bases, schema.YearToDate):
		return p.running
	}
	return p.alone
}

// lateDates gives a column of change, rank or share that stands among periods and
// names none the period it is of: the one period to its left that its words fit
// (累计增长 a running total, 当月同比 a month alone), before the first period one to its
// right; where there are several, it asks.
func (a *axes) lateDates() {
	if a.dated < 0 {
		return
	}
	a.titleDates()
	var every, left nearby
	first, last := -1, -1
	for i, col := range a.columns {
		if col.period.Said() {
			every.add(col)
			if last = i; first < 0 {
				first = i
			}
		}
	}
	type words struct{ say, word string }
	paired := map[words]bool{} // what stood right behind a period, as in 2024年, 增速, 2025年, 增速
	for i, col := range a.columns {
		near, said := &left, words{col.say, col.word.Text}
		if i < first { // 增速 stands before what it is of
			near = &every
		}
		behind := i > 0 && a.columns[i-1].period.Said()
		switch {
		case col.period.Said():
			left.add(col)
		case col.skip || col.say == "plan" || col.say == "rate":
		case behind && (i < last || paired[said]):
			a.lateDate(col, near.fits(col), a.columns[i-1], i < last)
		default:
			a.lateDate(col, near.fits(col), nil, i < last)
		}
		if behind && !a.columns[i-1].other() {
			paired[said] = true
		}
	}
	a.columns = slices.DeleteFunc(a.columns, func(s *series) bool { return s.skip })
}

// titleDates gives the columns before the first period the one that the title names, where
// no column names it and a figure stands first among them: 累计, 增长, 2024年 under a title of
// 2025年1-6月.
func (a *axes) titleDates() {
	at, p, whole, ok := a.TitlePeriod(a.Facts)
	if !ok || !whole && p.Annual() {
		return
	}
	for _, col := range a.columns {
		if col.period.Said() && (col.when.Err != nil || col.when.Period.Last() == p.Period.Last()) {
			return
		}
	}
	a.reported = at
	if len(a.columns) == 0 || a.columns[0].period.Said() || a.columns[0].other() || a.columns[0].say == "plan" || a.columns[0].say == "rate" {
		return
	}
	for _, col := range a.columns {
		if col.period.Said() {
			break
		}
		if !col.skip {
			col.period, col.when = at, p
		}
	}
	a.tellTitled(at)
}

// mostOffered bounds the periods that a question offers.
const mostOffered = 12

// lateDate settles of which of some periods a column is: that of the one it follows,
// if one is given. among: further periods stand to its right.
func (a *axes) lateDate(col *series, fits []*series, follows *series, among bool) {
	if col.other() && len(fits) > 1 && follows != nil {
		fits = []*series{follows} // 9月, 增速, 1-9月, 增速
	}
	change := col.say == "change" && !among && !written.Holds("other-base", col.word.Text)
	if len(fits) == 2 && (change || col.other() && written.Holds("year-before", col.word.Text)) {
		if n := account.Later(fits[0].when, fits[1].when); n >= 0 {
			fits = fits[n : n+1]
		}
	}
	if col.other() && len(fits) == 1 {
		col.period, col.when = fits[0].period, fits[0].when
		return
	}
	candidates := []string{"ignore"}
	if a.reported.Said() {
		candidates = append(candidates, a.reported.Text)
	}
	if len(fits) <= mostOffered {
		for _, s := range fits {
			candidates = append(candidates, s.period.Text)
		}
	}
	if a.askColumnFor(col, a.Head[len(a.Head)-1], candidates); !col.skip && !col.period.Said() {
		a.periodOf(col, fits)
	}
}

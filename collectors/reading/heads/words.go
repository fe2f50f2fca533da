package heads

import (
	"fmt"
	"slices"
	"strings"

	"yardstick/collectors/reading/account"
	"yardstick/collectors/reading/written"
)

// leftWords gives a column that only says something of an indicator (增速, 位次) the
// one of the nearest column to its left, where neither its own head nor the rows or
// the table name one. A rank or share beside a growth is that growth's.
func (a *axes) leftWords() {
	a.ranksOfGrowth()
	if a.stubHas(account.KindIndicator) || a.Facts.Indicator.Said() {
		a.spansOfWords()
		return
	}
	var left *series
	for _, col := range a.columns {
		switch {
		case col.indicator.Said():
			if left != nil && col.other() && !col.period.Said() && a.dated < 0 && left.indicator.Cell == col.indicator.Cell {
				col.period, col.when = left.period, left.when // 位次 beside the figures of one indicator
			}
			left = col
		case left == nil || col.say == "":
			continue
		default:
			col.indicator = left.indicator
			if col.say == "rank" && left.say == "change" && !written.Growth(col.word.Text) {
				col.indicator.Text, _, _ = written.CutUnit(left.indicator.Text)
				col.indicator.Text += left.word.Text
			}
			if !col.region.Said() {
				col.region = left.region
			}
			if !col.period.Said() && a.dated < 0 {
				col.period, col.when = left.period, left.when
			}
			left = &series{indicator: left.indicator, say: col.say, word: col.word, region: col.region, period: col.period, when: col.when}
		}
	}
	a.spansOfWords()
}

// ranksOfGrowth gives a rank right beside a growth to that growth, where the columns name
// no indicator and the figure has a rank of its own.
func (a *axes) ranksOfGrowth() {
	ranks := 0
	for _, col := range a.columns {
		if col.say == "rank" {
			ranks++
		}
	}
	if ranks < 2 {
		return
	}
	for n, col := range a.columns[min(1, len(a.columns)):] {
		left := a.columns[n]
		if col.say == "rank" && left.say == "change" && !col.indicator.Said() && !left.indicator.Said() && col.at == left.at+1 && !written.Growth(col.word.Text) {
			col.word.Text = left.word.Text + col.word.Text
		}
	}
}

// thisPeriod takes 本期 for the period that is reported and no span, where the table has
// no running totals beside it.
func (a *axes) thisPeriod() {
	if slices.ContainsFunc(a.columns, func(s *series) bool { return written.Holds("basis-running", s.basis.Text) }) {
		return
	}
	for _, col := range a.columns {
		if !col.other() && strings.HasPrefix(col.basis.Text, "本期") {
			col.basis, col.also = account.Facet{}, append(col.also, col.basis.Cell)
		}
	}
}

// spansOfWords gives a growth, rank or share that names no span (同比) the span of the
// figures it is of: the only one there is; of two (当月, 累计) the one that no other
// growth names; else that of the column right before it, where each span is followed by
// its growth. Where none of this tells, it is asked about.
func (a *axes) spansOfWords() {
	var spans []account.Facet
	named := map[string]bool{} // spans that a growth names itself
	key := func(text string) string { return fmt.Sprint(written.BasesIn(text)) }
	words, levels := 0, 0
	for _, col := range a.columns {
		switch {
		case col.other() && col.basis.Said():
			named[key(col.basis.Text)] = true
		case col.other():
			words++
		case col.basis.Said():
			levels++
			if !slices.ContainsFunc(spans, func(f account.Facet) bool { return key(f.Text) == key(col.basis.Text) }) {
				spans = append(spans, col.basis)
			}
		}
	}
	if words == 0 || len(spans) == 0 {
		return
	}
	rest := slices.DeleteFunc(slices.Clone(spans), func(f account.Facet) bool { return named[key(f.Text)] })
	for i, col := range a.columns {
		if !col.other() || col.basis.Said() {
			continue
		}
		before := i > 0 && !a.columns[i-1].other() && a.columns[i-1].basis.Said()
		after := i+1 < len(a.columns) && a.columns[i+1].other()
		switch {
		case i > 0 && a.columns[i-1].period.Said() && !a.columns[i-1].other() && !a.columns[i-1].basis.Said(): // 2024年, 增长
		case len(spans) == 1:
			col.basis = spans[0]
		case len(rest) == 1 && len(named) > 0:
			col.basis = rest[0]
		case before && words+len(named) >= levels && !after:
			col.basis = a.columns[i-1].basis
		case i > 0 && a.columns[i-1].other() && a.columns[i-1].basis.Said() && col.say == "rank":
			col.basis = a.columns[i-1].basis
		default:
			candidates := []string{"ignore"}
			for _, s := range spans {
				candidates = append(candidates, s.Text)
			}
			a.askColumnFor(col, a.Head[len(a.Head)-1], candidates)
		}
	}
	a.columns = slices.DeleteFunc(a.columns, func(s *series) bool { return s.skip })
}

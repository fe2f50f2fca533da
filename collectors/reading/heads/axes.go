// Package heads reads tables with periods, regions or indicators on either axis: it
// finds from the cells which head which figures.
package heads

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"yardstick/collectors/reading/account"
	"yardstick/collectors/reading/written"
	"yardstick/collectors/table"
)

// series is what one row or column of a table says about its figures.
type series struct {
	at        int
	indicator account.Facet
	region    account.Facet
	unit      account.Facet
	basis     account.Facet
	freq      account.Facet
	period    account.Facet
	year      account.Facet // above a part of a year
	when      account.PeriodText
	note      account.Facet
	status    account.Facet
	say       string        // level, change, rank, share, plan or rate: what is said of the indicator; "" nothing
	word      account.Facet // the word that says so
	also      []table.Cell  // further cells that were understood
	flags     int           // column of flags that belongs to it; 0: none
	skip      bool          // left out
	answered  bool          // an answer names its period: those of the others it does not tell
	own       bool          // an answer names its indicator: units of the rows are none of its
}

// other reports whether the figures are of an indicator of their own beside the one
// named: its growth, rank or share. Units of the one named are none of theirs.
func (s *series) other() bool { return s.say == "change" || s.say == "rank" || s.say == "share" }

// field is where it is kept what a row or column says of a kind; nil: nowhere.
func (s *series) field(k account.Kind) *account.Facet {
	switch k {
	case account.KindIndicator:
		return &s.indicator
	case account.KindRegion:
		return &s.region
	case account.KindUnit:
		return &s.unit
	case account.KindBasis:
		return &s.basis
	case account.KindFreq:
		return &s.freq
	case account.KindNote:
		return &s.note
	}
	return nil
}

// dates takes the period that a cell names, and the flag behind it.
func (g *grid) dates(s *series, at account.Facet) {
	if seen, ok := g.SeenLabel(at.As()); ok {
		at.Text = strings.TrimSpace(seen)
	}
	bare, flag := written.BarePeriod(at.Text)
	if s.period = (account.Facet{Text: bare, Cell: at.Cell}); flag != "" {
		s.status = account.Facet{Text: flag, Cell: at.Cell}
	}
	s.when, _ = g.reference(at.Text)
}

// axes finds which columns name the rows and which rows name the columns.
type axes struct {
	*block
	stub      map[int]account.Kind // columns that name the rows
	columns   []*series            // columns of figures
	rows      []*series
	years     int // row of the header with the years above them; -1: none
	dated     int // row of the header with the periods; -1: none
	period    int // column with the periods; -1: none
	asks      int // questions asked before it
	part      int // column with the month or quarter of that year; -1: none
	partLabel string
	beside    map[int][]besideColumn // by the column of figures at their left
	aside     map[int]bool           // the columns in beside

	figureHeads []byte                 // by column: 0 not yet looked at, 1 no, 2 its head says that it holds figures
	namesBefore map[int]string         // by column, found when first asked for
	sections    map[int]map[string]int // by column of names: how many rows bear a name; likewise
}

// all are the rows and the columns.
func (a *axes) all() []*series { return slices.Concat(a.rows, a.columns) }

func newAxes(b *block) *axes {
	return &axes{block: b, stub: map[int]account.Kind{}, beside: map[int][]besideColumn{}, aside: map[int]bool{}, dated: -1, years: -1, period: -1, part: -1, asks: len(b.Found.Questions)}
}

// read finds the table's axes and gives its figures.
func (b *block) read(ctx context.Context) error {
	a := newAxes(b)
	if !a.findDated() {
		return a.unclear("axis")
	}
	a.findPeriodColumn()
	if a.dated >= 0 && a.period >= 0 && !a.matrix() {
		return a.unclear("axis")
	}
	a.findStub()
	a.readColumns()
	a.readRows()
	a.carryYears()
	a.calendar()
	a.octobers()
	return a.emit(ctx)
}

// findDated finds the row of the header that holds the periods, and the years
// above it where it holds parts of them. Two rows of whole periods are unclear.
func (a *axes) findDated() bool {
	for _, h := range a.head {
		cols, ok := a.periodCols(h)
		if !ok {
			continue
		}
		if a.dated >= 0 {
			above, _ := a.periodCols(a.dated)
			if a.years >= 0 || above[0] != cols[0] {
				return false
			}
			if !a.each(h, cols, account.PeriodText.Partial) || !a.each(a.dated, above, account.PeriodText.Annual) {
				return false
			}
			a.years = a.dated
		}
		a.dated = h
	}
	return true
}

// each reports whether the periods in some columns of a row are all so.
func (g *grid) each(row int, cols []int, so func(account.PeriodText) bool) bool {
	return !slices.ContainsFunc(cols, func(c int) bool {
		p, _ := g.reference(g.text(row, c))
		return !so(p)
	})
}

// label is what stands at the head of a column, in the lowest row that says it.
func (b *block) label(c int) (label string) {
	for _, h := range b.head {
		label = cmp.Or(b.text(h, c), label)
	}
	return label
}

// findPeriodColumn looks for a column in which every row names a period. Figures
// may look like periods: such a column says that it holds them, or stands first.
func (a *axes) findPeriodColumn() {
	for c := range min(mostStub, a.wide) {
		n, weak := 0, 0
		var texts []string
		for _, d := range a.data {
			t := a.text(d, c)
			if account.Total(t, account.KindPeriod) || t == "" && n > 0 { // merged with the one above
				continue
			}
			if _, ok := a.reference(t); !ok {
				n = -1
				break
			}
			if isWeak(t) {
				weak++
			}
			n++
			texts = append(texts, t)
		}
		if n < 1 || terms(texts) {
			continue
		}
		label := a.label(c)
		if a.export != nil && c == a.labelled || a.headed(c, account.KindPeriod) || account.Kind(a.Options.Given[written.ColumnKey(label)]) == account.KindPeriod ||
			c == 0 && (weak == 0 || label == "" || a.labelledRows() || strings.ContainsAny(label, "年月日") && a.runs(c)) {
			a.period = c
			a.stub[c] = account.KindPeriod
			return
		}
	}
}

// headed reports whether a row of the header says that column c names the rows by
// this kind.
func (b *block) headed(c int, k account.Kind) bool {
	return slices.ContainsFunc(b.head, func(h int) bool { return b.LabelOf(b.text(h, c)) == k })
}

// labelledRows reports whether the first cells of the header's rows say, each of its
// own, what the row names (指标, 地区, 频度, 单位): what stands below them is none of these.
func (a *axes) labelledRows() bool {
	kinds := map[account.Kind]bool{}
	for _, h := range a.head {
		k := a.LabelOf(a.text(h, 0))
		if k == "" || kinds[k] {
			return false
		}
		kinds[k] = true
	}
	return len(kinds) > 1
}

// mostStub bounds the columns that may name the periods of the rows.
const mostStub = 8

// runs reports whether the periods of a column are all different and follow each
// other in one direction.
func (a *axes) runs(c int) bool {
	run := 0
	for n := 1; n < len(a.data); n++ {
		p, _ := a.reference(a.text(a.data[n-1], c))
		q, _ := a.reference(a.text(a.data[n], c))
		d := q.Period.Compare(p.Period)
		if d == 0 || d*run < 0 {
			return false
		}
		run = d
	}
	return true
}

// matrix reports whether the rows are years and the columns parts of a year.
func (a *axes) matrix() bool {
	cols, _ := a.periodCols(a.dated)
	if !a.each(a.dated, cols, account.PeriodText.Partial) {
		return false
	}
	for _, d := range a.data {
		if p, ok := a.reference(a.text(d, a.period)); ok && !p.Annual() {
			return false
		}
	}
	return true
}

// stubHas reports whether a column names the rows by this kind.
func (a *axes) stubHas(k account.Kind) bool {
	return k != account.KindPeriod && slices.Contains(slices.Collect(maps.Values(a.stub)), k)
}

// flagColumn reports whether a column holds nothing but flags.
func (a *axes) flagColumn(c int) bool {
	any := false
	for _, d := range a.data {
		if t := a.text(d, c); t != "" && !written.FlagLike(t) {
			return false
		}
		any = true
	}
	return any
}

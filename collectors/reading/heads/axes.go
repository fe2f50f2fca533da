// Package heads reads tables with periods, regions or indicators on either axis: it
// finds from the cells which head which figures.
package heads

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"yardstick/collectors/reading/account"
	"yardstick/collectors/reading/grid"
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
	published account.Facet
	status    account.Facet
	say       string              // level, change, rank, share, plan or rate: what is said of the indicator; "" nothing
	word      account.Facet       // the word that says so
	also      []table.Cell        // further cells that were understood
	flags     int                 // column of flags that belongs to it; 0: none
	skip      bool                // left out
	end       string              // left out: with which code; "" it waits for a question
	goes      func(*table.Row)    // a row that gives no figures: how it ended
	answered  bool                // an answer names its period: those of the others it does not tell
	own       bool                // an answer names its indicator: units of the rows are none of its
	under     []account.Narrowing // headings of sections that narrow what is counted
	settled   bool                // an answer says of which whole it is a part
	ofGross   bool                // the head above it is a gross product
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
	case account.KindPublished:
		return &s.published
	}
	return nil
}

// dates takes the period that a cell names, and the flag behind it.
func (a *axes) dates(s *series, at account.Facet) {
	if seen, ok := a.SeenLabel(at.As()); ok {
		at.Text = strings.TrimSpace(seen)
	}
	bare, flag := written.BarePeriod(at.Text)
	if s.period = (account.Facet{Text: bare, Cell: at.Cell}); flag != "" {
		s.status = account.Facet{Text: flag, Cell: at.Cell}
	}
	s.when, _ = a.Reference(at.Text)
}

// axes finds which columns name the rows and which rows name the columns.
type axes struct {
	*grid.Block
	stub      map[int]account.Kind // columns that name the rows
	columns   []*series            // columns of figures
	rows      []*series
	gone      []*series     // columns that give no figures
	years     int           // row of the header with the years above them; -1: none
	dated     int           // row of the header with the periods; -1: none
	period    int           // column with the periods; -1: none
	open      bool          // a question is about one of its columns
	ignored   bool          // a column was left out
	reported  account.Facet // the period that the title names, where no column does
	passed    []int         // rows of the header that hold periods and do not count, as answered
	part      int           // column with the month or quarter of that year; -1: none
	partLabel string
	beside    map[int][]besideColumn // by the column of figures at their left
	aside     map[int]bool           // the columns in beside

	figureHeads []grid.Seen            // by column: its head says that it holds figures
	headTexts   map[string]int         // how often a text stands in the header
	namesBefore map[int]string         // by column, found when first asked for
	sections    map[int]map[string]int // by column of names: how many rows bear a name; likewise
}

// all are the rows and the columns.
func (a *axes) all() []*series { return slices.Concat(a.rows, a.columns) }

func newAxes(b *grid.Block) *axes {
	return &axes{Block: b, stub: map[int]account.Kind{}, beside: map[int][]besideColumn{}, aside: map[int]bool{}, dated: -1, years: -1, period: -1, part: -1}
}

// read finds the table's axes and gives its figures.
func read(ctx context.Context, b *grid.Block) error {
	for _, side := range b.Sides {
		if err := read(ctx, side); err != nil {
			return err
		}
	}
	if b.Sides != nil {
		return nil
	}
	for _, row := range b.Numbers {
		b.Exclude(b.Src[row], account.ExcludedHeader)
	}
	a := newAxes(b)
	if !a.findDated() {
		return nil
	}
	a.findPeriodColumn()
	if a.dated >= 0 && a.period >= 0 && !a.matrix() {
		a.askStub(a.period) // whose periods count?
		a.wait()
		return nil
	}
	a.findStub()
	a.readColumns()
	if a.kindsTwice() {
		return nil
	}
	a.readRows()
	a.carryYears()
	a.calendar()
	a.octobers()
	return a.emit(ctx)
}

// findDated finds the row of the header that holds the periods, and the years
// above it where it holds parts of them. Which of two rows of whole periods counts is
// asked; false: it is open.
func (a *axes) findDated() bool {
	var rows []int
	var lines []string
	for _, h := range a.Head {
		if _, ok := a.PeriodCols(h); ok {
			rows, lines = append(rows, h), append(lines, strconv.Itoa(a.Src[h].Number))
		}
	}
	switch n := slices.Index(lines, strings.TrimSpace(a.Options.Given["axis"])); {
	case len(rows) == 0:
		return true
	case len(rows) == 1:
		a.dated = rows[0]
		return true
	case len(rows) == 2 && a.yearsOver(rows[0], rows[1]):
		a.years, a.dated = rows[0], rows[1]
		return true
	case n >= 0:
		a.dated = rows[n]
		a.passed = slices.Delete(rows, n, n+1)
		return true
	}
	a.wait()
	a.Ask(account.AskDated, "axis", account.FirstFilled(a.Src[rows[0]]), lines)
	return false
}

// yearsOver reports whether row above holds the years of the parts of years in row h.
func (a *axes) yearsOver(above, h int) bool {
	years, _ := a.PeriodCols(above)
	parts, _ := a.PeriodCols(h)
	return years[0] == parts[0] && a.each(h, parts, account.PeriodText.Partial) && a.each(above, years, account.PeriodText.Annual)
}

// wait notes that the whole table belongs to what a question is about.
func (a *axes) wait() {
	a.Found.Dropped += len(a.Data)
	for _, row := range slices.Concat(a.Head, a.Data, a.Headings) {
		a.OpenRow(a.Src[row])
	}
}

// each reports whether the periods in some columns of a row are all so.
func (a *axes) each(row int, cols []int, so func(account.PeriodText) bool) bool {
	return !slices.ContainsFunc(cols, func(c int) bool {
		p, _ := a.Reference(a.Text(row, c))
		return !so(p)
	})
}

// findPeriodColumn looks for a column in which every row names a period. Figures
// may look like periods: such a column says that it holds them, or stands first.
func (a *axes) findPeriodColumn() {
	for c := range min(mostStub, a.Wide) {
		if a.left(c) {
			continue
		}
		n, weak := 0, 0
		var texts []string
		label := a.HeadOf(c)
		for _, d := range a.Data {
			t := a.partOf(c, a.Text(d, c))
			if account.Total(t, account.KindPeriod) || t == "" && n > 0 { // merged with the one above
				continue
			}
			if _, ok := a.Reference(t); !ok {
				n = -1
				break
			}
			if account.IsWeak(t) {
				weak++
			}
			n++
			texts = append(texts, t)
		}
		if n < 1 || account.Terms(texts) {
			continue
		}
		if a.LabelOf(label) == account.KindPublished {
			continue // when the figures were made public
		}
		if a.Export != nil && c == a.LabelColumn || a.headed(c, account.KindPeriod) || account.Kind(a.Options.Given[written.ColumnKey(label)]) == account.KindPeriod ||
			c == 0 && (weak == 0 || label == "" || a.labelledRows() || strings.ContainsAny(label, "年月日") && a.runs(c)) {
			a.period = c
			a.stub[c] = account.KindPeriod
			return
		}
	}
}

// partOf is a month or quarter written as a bare number below a head that says so (月份),
// where years stand across.
func (a *axes) partOf(c int, text string) string {
	if label := a.HeadOf(c); a.dated >= 0 && (strings.HasPrefix(label, "月") || strings.HasPrefix(label, "季")) {
		return written.YearPart(text, label)
	}
	return text
}

// headed reports whether a row of the header says that column c names the rows by
// this kind.
func (a *axes) headed(c int, k account.Kind) bool {
	return slices.ContainsFunc(a.Head, func(h int) bool { return a.LabelOf(a.Text(h, c)) == k })
}

// labelledRows reports whether the first cells of the header's rows say, each of its
// own, what the row names (指标, 地区, 频度, 单位): what stands below them is none of these.
func (a *axes) labelledRows() bool {
	kinds := map[account.Kind]bool{}
	for _, h := range a.Head {
		k := a.LabelOf(a.Text(h, 0))
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
	for n := 1; n < len(a.Data); n++ {
		p, _ := a.Reference(a.Text(a.Data[n-1], c))
		q, _ := a.Reference(a.Text(a.Data[n], c))
		d := q.Period.Compare(p.Period)
		if d == 0 || d*run < 0 {
			return false
		}
		run = d
	}
	return true
}

// matrix reports whether the rows are years and the columns parts of a year, or the
// other way about.
func (a *axes) matrix() bool {
	cols, _ := a.PeriodCols(a.dated)
	down := account.PeriodText.Annual
	switch {
	case a.each(a.dated, cols, account.PeriodText.Partial):
	case a.each(a.dated, cols, account.PeriodText.Annual):
		down = account.PeriodText.Partial
	default:
		return false
	}
	return !slices.ContainsFunc(a.Data, func(d int) bool {
		p, ok := a.Reference(a.partOf(a.period, a.Text(d, a.period)))
		return ok && !down(p)
	})
}

// stubHas reports whether a column names the rows by this kind.
func (a *axes) stubHas(k account.Kind) bool {
	return k != account.KindPeriod && slices.Contains(slices.Collect(maps.Values(a.stub)), k)
}

// flagColumn reports whether a column holds nothing but flags.
func (a *axes) flagColumn(c int) bool {
	any := false
	for _, d := range a.Data {
		if t := a.Text(d, c); t != "" && !written.FlagLike(t) {
			return false
		}
		any = true
	}
	return any
}

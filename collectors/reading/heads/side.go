package heads

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"yardstick/collectors/reading/account"
	"yardstick/collectors/reading/written"
	"yardstick/schema"
)

// A column of labels says what the figures to its right are, up to where labels begin
// again: there another table begins, beside it. Where a kind of label stands twice
// before the same figures, which of them counts is asked; the last never wins silently.

// apart parts a table, whose header begins with row i, into those that stand side by
// side in it; false: it is one.
func (b *block) apart(i int) bool {
	if b.export != nil || b.side != nil {
		return false
	}
	for _, columns := range b.tables() {
		g := b.sideOf(columns)
		if g == nil {
			return false
		}
		f, k := b.facts, i
		f.Titles = slices.Clone(f.Titles)
		for k < len(g.src) && len(g.class(k).filled) == 1 && g.above(k) { // a title over each of them
			at := g.facet(k, g.class(k).filled[0])
			if _, _, unit := written.CutUnit(at.Text); (unit || g.Knows(at.Text)) && !written.KeyedLine(at.Text) && !f.Indicator.Said() {
				f.Indicator = at // 绿道（公里） over the one, 充电桩（个） over the other
			} else {
				f.See(at.Cell)
			}
			g.Leave(at.Cell)
			k++
		}
		if k == len(g.src) {
			continue
		}
		if side := g.block(k, f); side != nil {
			b.sides, b.next = append(b.sides, side), max(b.next, side.next)
		}
	}
	return b.sides != nil
}

// mostSides bounds the ways in which a sheet's rows are cut into tables side by side.
const mostSides = 32

// sideOf is the sheet as seen through some of its columns; nil: it was cut in too many
// other ways.
func (g *grid) sideOf(columns []int) *grid {
	key := fmt.Sprint(columns)
	if side := g.cut[key]; side != nil || len(g.cut) == mostSides {
		return side
	}
	side := &grid{Reader: g.Reader, bureau: g.bureau, legend: g.legend, headers: map[int]headerRow{}, kinds: g.kinds, side: columns, wide: len(columns)}
	for _, row := range g.src {
		side.src = append(side.src, row.Pick(columns))
	}
	side.classes = make([]*rowClass, len(side.src))
	if g.cut == nil {
		g.cut = map[string]*grid{}
	}
	g.cut[key] = side
	return side
}

// tables lists the columns (from 0) of each of the tables that stand side by side.
func (b *block) tables() [][]int {
	kinds := make([]account.Kind, b.wide)
	stands, twice := map[account.Kind]bool{}, false
	for c := range kinds {
		kinds[c] = b.columnKind(c)
		twice = twice || account.Naming(kinds[c]) && stands[kinds[c]]
		stands[kinds[c]] = true
	}
	if !twice { // no labels begin again
		return nil
	}
	return account.Beside(kinds, b.markFigures(kinds, b.head[len(b.head)-1]+1), b.wide)
}

// markFigures marks of the columns those of figures, and gives the last: more numbers
// than words stand in the rows from j on below what names nothing of the rows.
func (b *block) markFigures(kinds []account.Kind, j int) (last int) {
	numbers := make([]int, b.wide)
	for n := 0; j < len(b.src) && n < 50; j++ {
		k := b.class(j)
		for _, c := range k.filled {
			switch k.kinds[c] {
			case strong, weakly:
				numbers[c]++
			case word, period:
				numbers[c]--
			}
		}
		if len(k.filled) > 0 {
			n++
		}
	}
	for c, k := range kinds {
		if (k == "" || k == account.KindOther) && b.label(c) != "" && numbers[c] > 0 {
			kinds[c], last = account.FigureColumn, c
		}
	}
	return last
}

// kindsTwice settles which of two columns counts that both name the rows by the same
// kind. Where they say the same of every row, either does; else it is asked, or wrong
// where figures stand between them. True: nothing of the table can be read yet.
func (a *axes) kindsTwice() bool {
	for _, k := range []account.Kind{account.KindIndicator, account.KindRegion, account.KindPeriod, account.KindUnit, account.KindBasis} {
		var cols []int
		for _, c := range slices.Sorted(maps.Keys(a.stub)) {
			if a.stub[c] == k && c != a.part {
				cols = append(cols, c)
			}
		}
		if len(cols) < 2 {
			continue
		}
		kept := cols[0]
		switch {
		case a.alike(cols):
		case k == account.KindRegion && a.nested(cols): // 省份, 城市
			kept = cols[len(cols)-1]
		default:
			if kept = a.counting(k, cols); kept < 0 {
				return true
			}
		}
		for _, c := range cols {
			if c != kept {
				a.stub[c] = account.KindCode
				a.markColumn(c, a.Leave)
				a.Found.Exclude(a.Problem(account.ExcludedColumn, a.headCellOf(&series{at: c})))
			}
		}
		if k == account.KindPeriod {
			a.period = kept
		}
	}
	return false
}

// nested reports whether columns of places that stand beside each other hold places
// within places: each lies in one of those to its left, and there are more of them.
func (a *axes) nested(cols []int) bool {
	for n, c := range cols[1:] {
		within, wide := map[string]string{}, map[string]bool{}
		for _, d := range a.data {
			in, of := a.text(d, c), a.text(d, cols[n])
			if of == "" || within[in] != "" && within[in] != of || c != cols[n]+1 {
				return false
			}
			within[in], wide[of] = of, true
		}
		if len(within) <= len(wide) {
			return false
		}
	}
	return true
}

// alike reports whether some columns say the same of every row.
func (a *axes) alike(cols []int) bool {
	return !slices.ContainsFunc(a.data, func(d int) bool {
		return slices.ContainsFunc(cols, func(c int) bool { return a.text(d, c) != a.text(d, cols[0]) })
	})
}

// counting is the one of several columns of a kind that counts, as answered; -1: it is
// open, or wrong, and told.
func (a *axes) counting(k account.Kind, cols []int) int {
	key, answer := "twice."+string(k), ""
	var letters []string
	for _, c := range cols {
		letters = append(letters, schema.ColumnName(a.column(c)))
	}
	answer = strings.ToUpper(strings.TrimSpace(a.Options.Given[key]))
	if n := slices.Index(letters, answer); n >= 0 {
		return cols[n]
	}
	first, last := a.headCellOf(&series{at: cols[0]}), a.headCellOf(&series{at: cols[len(cols)-1]})
	field := schema.Same(string(k))
	if f, ok := account.FieldNamed(string(k)); ok {
		field = f.Text()
	}
	spot := account.Spot(a.Table.Sheet, first)
	rows := slices.Concat(a.head, a.data, a.headings)
	a.Found.Dropped += len(a.data)
	between := slices.ContainsFunc(a.columns, func(s *series) bool { return s.at > cols[0] && s.at < cols[len(cols)-1] })
	if between && !account.Naming(k) { // each may be of the figures beside it
		a.Found.Whole = true
		for _, row := range rows {
			a.WrongRow(a.src[row])
		}
		a.Tell(account.ColumnTwice, last, "first", spot, "field", field)
		return -1
	}
	for _, row := range rows {
		a.OpenRow(a.src[row])
	}
	a.Ask(account.AskTwice, key, last, letters, "first", spot, "field", field)
	return -1
}

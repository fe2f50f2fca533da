package heads

import (
	"maps"
	"slices"
	"strings"

	"yardstick/collectors/reading/account"
	"yardstick/schema"
)

// Where a kind of label stands twice before the same figures, which of them counts is
// asked; the last never wins silently.

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
		for _, d := range a.Data {
			in, of := a.Text(d, c), a.Text(d, cols[n])
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
	return !slices.ContainsFunc(a.Data, func(d int) bool {
		return slices.ContainsFunc(cols, func(c int) bool { return a.Text(d, c) != a.Text(d, cols[0]) })
	})
}

// counting is the one of several columns of a kind that counts, as answered; -1: it is
// open, or wrong, and told.
func (a *axes) counting(k account.Kind, cols []int) int {
	key, answer := "twice."+string(k), ""
	var letters []string
	for _, c := range cols {
		letters = append(letters, schema.ColumnName(a.Column(c)))
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
	rows := slices.Concat(a.Head, a.Data, a.Headings)
	a.Found.Dropped += len(a.Data)
	between := slices.ContainsFunc(a.columns, func(s *series) bool { return s.at > cols[0] && s.at < cols[len(cols)-1] })
	if between && !account.Naming(k) { // each may be of the figures beside it
		a.Found.Whole = true
		for _, row := range rows {
			a.WrongRow(a.Src[row])
		}
		a.Tell(account.ColumnTwice, last, "first", spot, "field", field)
		return -1
	}
	for _, row := range rows {
		a.OpenRow(a.Src[row])
	}
	a.Ask(account.AskTwice, key, last, letters, "first", spot, "field", field)
	return -1
}

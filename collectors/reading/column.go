package reading

import (
	"context"
	"slices"
	"strings"
	"unicode"

	"yardstick/collectors/reading/account"
	"yardstick/collectors/reading/written"
	"yardstick/collectors/table"
)

// figures are a further column of a tidy table that holds figures beside those of the
// value's, as an answer says: of another period, of another indicator, or what is said
// of the row's (增速).
type figures struct {
	column    int           // from 0
	period    account.Facet // of all rows; else the row's
	indicator account.Facet // of all rows; else the row's, with word behind it
	word      string
	unit      string // in the column's head or the answer
}

// columnAnswer is the key of the question what column i of a tidy table is, and the
// answer to it: of several columns with one head each has a key of its own.
func (r *reader) columnAnswer(i int) (key, answer string) {
	name := strings.TrimSpace(r.layout.names[i])
	key = written.ColumnKey(name)
	answer = strings.TrimSpace(r.Options.Given[key])
	for j, other := range r.layout.names {
		if j != i && strings.TrimSpace(other) == name {
			own := key + "@" + table.Cell{Row: r.headerRow, Column: i + 1}.Name()
			if said := strings.TrimSpace(r.Options.Given[own]); said != "" || answer != "ignore" {
				return own, said
			}
			return own, answer
		}
	}
	return key, answer
}

// meanings are what may be answered of a further column of figures, by its head.
func (r *reader) meanings(head string) []string {
	out := []string{"ignore"}
	if word, bare, _ := written.HeadWord(head); word == "change" || word == "share" || word == "rank" {
		out = append(out, bare)
	}
	if p := r.Period(head); p.Err == nil && written.MaybePeriod(head) {
		out = append(out, p.Period.Chinese(p.Basis))
	}
	return out
}

// asFigures takes an answer for what a further column holds; false: it can mean nothing
// there.
func (r *reader) asFigures(i int, c table.Cell, answer string) bool {
	x := figures{column: i}
	_, x.unit, _ = written.CutUnit(c.Text)
	_, field := account.FieldNamed(answer)
	p := r.Period(answer)
	word, bare, unit := written.HeadWord(answer)
	switch {
	case field:
		return false
	case p.Err == nil:
		x.period = account.Facet{Text: answer, Cell: c}
	case word == "change" || word == "share" || word == "rank":
		x.word = bare
		if word == "rank" && unit == "" {
			unit = "位"
		}
	case word == "" && !written.BasisWord(answer) && !p.Partial() && strings.ContainsFunc(answer, unicode.IsLetter):
		x.indicator.Cell = c
		x.indicator.Text, unit, _ = written.CutUnit(answer)
	default:
		return false
	}
	if unit != "" {
		x.unit = unit
	}
	r.more = append(r.more, x)
	return true
}

// moreOf gives the figures of the row's further columns. The row's own names stand in
// r.Row.
func (r *reader) moreOf(ctx context.Context, row *table.Row) error {
	if len(r.more) == 0 {
		return nil
	}
	own := r.layout
	defer func() { r.layout = own }()
	name, bad := r.Row.Cell(account.Indicator), r.Row.Bad
	for _, x := range r.more {
		l := *own
		r.layout = &l
		put := func(f account.Field, said account.Facet) { l.column[f.Index()], l.above[f.Index()] = -1, said }
		l.column[account.Value.Index()], l.unit = x.column, x.unit
		switch {
		case x.period.Said():
			put(account.Period, x.period)
			put(account.Status, account.Facet{})
			put(account.Published, account.Facet{})
		case x.word != "":
			put(account.Indicator, account.Facet{Text: strings.TrimSpace(name.Text) + x.word, Cell: name})
			put(account.Unit, account.Facet{})
		default:
			put(account.Indicator, x.indicator)
			put(account.Unit, account.Facet{})
		}
		if x.unit != "" {
			put(account.Unit, account.Facet{})
		}
		if leave, err := r.candidate(ctx, row); err != nil {
			return err
		} else if leave {
			continue
		}
		if x.word != "" {
			r.Row.Bad |= bad & account.Indicator
		}
		if r.Row.Missing() && strings.TrimSpace(row.Cell(x.column).Text) == "" {
			continue // the row has no such figure
		}
		if err := r.Give(); err != nil {
			return err
		}
	}
	return nil
}

// labelMore accounts for the heads of the further columns.
func (r *reader) labelMore(head *table.Row) {
	for _, x := range r.more {
		r.Label(head.Cell(x.column))
	}
}

// asFurther reports whether column i holds further figures.
func (r *reader) asFurther(i int) bool {
	return slices.ContainsFunc(r.more, func(x figures) bool { return x.column == i })
}

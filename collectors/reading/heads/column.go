package heads

import (
	"slices"
	"strings"
	"unicode"

	"yardstick/collectors/reading/account"
	"yardstick/collectors/reading/grid"
	"yardstick/collectors/reading/written"
	"yardstick/collectors/table"
	"yardstick/schema"
)

// An answer to what a column is counts as if it stood at the column's head: that it
// holds the figures themselves (value), a period, a span, what is said of the rows'
// indicators (增速, 位次), or the name of an indicator. What it cannot mean there is
// refused as an answer, and never passed over.

// columnAnswer is the key of the question what a column is, by a cell of its head, and
// the answer to it. Of several columns with one head each has a key of its own, by its
// cell; ignore alone is said of all of them at once.
func (a *axes) columnAnswer(c table.Cell) (key, answer string) {
	key = written.ColumnKey(c.Text)
	if strings.TrimSpace(c.Text) == "" {
		key = "column." + schema.ColumnName(c.Column)
	}
	answer = strings.TrimSpace(a.Options.Given[key])
	if a.headedTwice(strings.TrimSpace(c.Text)) {
		own := key + "@" + c.Name()
		if said := strings.TrimSpace(a.Options.Given[own]); said != "" || answer != "ignore" {
			return own, said
		}
		return own, answer
	}
	return key, answer
}

// headedTwice reports whether a text stands at the head of more than one column.
func (a *axes) headedTwice(text string) bool {
	if a.headTexts == nil {
		a.headTexts = map[string]int{}
		for _, h := range a.Head {
			for _, c := range a.Class(h).Filled {
				a.headTexts[a.Text(h, c)]++
			}
		}
	}
	return text != "" && a.headTexts[text] > 1
}

// meanings are what may be answered of a column beside what is known of it: that it
// holds the figures, where no other column does; the period that its head may name.
func (a *axes) meanings(col *series, c table.Cell, candidates []string) []string {
	out := slices.Clone(candidates)
	add := func(text string) {
		if !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	if !a.otherFigures(col) {
		add("value")
	}
	head := strings.TrimSpace(c.Text)
	if p := a.Period(head); p.Err == nil && written.MaybePeriod(head) && !a.Number(head) {
		add(p.Period.Chinese(p.Basis))
	}
	if _, p, _, ok := a.TitlePeriod(a.Facts); ok && written.Holds("year-before", head) {
		before := p.Period.First()
		before.Year--
		add(schema.PeriodOf(p.Period.Frequency(), before).Chinese(p.Basis))
	}
	return out
}

// otherFigures reports whether another column of the table is known to hold figures of
// what the rows name: by its period, its span or a word for it, or as answered.
func (a *axes) otherFigures(col *series) bool {
	if a.figureHeads == nil {
		a.figureHeads = make([]grid.Seen, a.Wide)
	}
	return slices.ContainsFunc(a.columns, func(other *series) bool {
		return other != col && a.figureHeads[other.at].Or(func() bool { return a.headsFigures(other) })
	})
}

// headsFigures reports whether a column is known by its head to hold figures.
func (a *axes) headsFigures(col *series) bool {
	if !a.holdsNumbers(col.at) {
		return false
	}
	head := a.headCellOf(col)
	if _, answer := a.columnAnswer(head); answer != "" {
		return answer != "ignore"
	}
	text := strings.TrimSpace(head.Text)
	_, rest := a.CutPeriod(text)
	word, _, _ := written.HeadWord(rest)
	return (word == "" || word == "level") && (a.Dated(text) || rest != text || a.ValueLabel(text) || written.BasisWord(text) || a.Knows(text))
}

// holdsNumbers reports whether a cell of the column is a number.
func (a *axes) holdsNumbers(c int) bool {
	return slices.ContainsFunc(a.Data, func(d int) bool { return a.Number(a.Text(d, c)) })
}

// asAnswered takes an answer for what stands at the head of a column, in cell c; false:
// it can mean nothing there.
func (a *axes) asAnswered(col *series, c table.Cell, answer string) bool {
	at := account.Facet{Text: answer, Cell: c}
	if col.indicator.Cell == c {
		col.indicator = account.Facet{}
	}
	if _, unit, _ := written.CutUnit(c.Text); unit != "" && !col.unit.Said() {
		col.unit = account.Facet{Text: unit, Cell: c}
	}
	_, field := account.FieldNamed(answer)
	period := a.Period(answer)
	word, bare, unit := written.HeadWord(answer)
	switch {
	case answer == "value":
		col.say = "level"
	case field:
		return false
	case period.Err == nil || period.Partial():
		a.dates(col, at)
		col.answered = true
	case word != "" && word != "level" && word != "plan" && word != "rate":
		col.say, col.word = word, account.Facet{Text: bare, Cell: c}
		if word == "rank" && unit == "" {
			unit = "位"
		}
	case written.BasesIn(answer) != nil && (written.BasisWord(answer) || written.ReadBasis(answer) != nil):
		col.basis = at
	case strings.ContainsFunc(answer, unicode.IsLetter) && a.oneIndicator():
		name, of, _ := written.CutUnit(answer)
		col.say, col.own, unit = "", true, of
		col.indicator = account.Facet{Text: name, Cell: c}
	default:
		return false
	}
	if unit != "" {
		col.unit = account.Facet{Text: unit, Cell: c}
	}
	col.also = append(col.also, c)
	return true
}

// oneIndicator reports whether the figures of a column can be of one indicator: the rows
// name none, or no more than one.
func (a *axes) oneIndicator() bool {
	for c, k := range a.stub {
		if k != account.KindIndicator {
			continue
		}
		names := map[string]bool{}
		for _, d := range a.Data {
			if t := a.Text(d, c); t != "" {
				names[t] = true
			}
		}
		if len(names) > 1 {
			return false
		}
	}
	return true
}

// periodOf settles of which of the table's periods a column is that names its indicator
// alone: the only one there is, or as answered.
func (a *axes) periodOf(col *series, fits []*series) {
	if len(fits) == 1 {
		col.period, col.when = fits[0].period, fits[0].when
		return
	}
	c := a.headCellOf(col)
	key, _ := a.columnAnswer(c)
	key = "period." + strings.TrimPrefix(key, "column.")
	answer := strings.TrimSpace(a.Options.Given[key])
	switch p := a.Period(answer); {
	case answer == "":
		var candidates []string
		for _, s := range fits {
			candidates = append(candidates, s.period.Text)
		}
		col.skip = true
		a.markColumn(col.at, a.Open)
		a.Ask(account.AskWhen, key, c, candidates)
	case p.Err == nil || p.Partial():
		a.dates(col, account.Facet{Text: answer, Cell: c})
	default:
		col.skip = true
		a.markColumn(col.at, a.Open)
		a.RefuseAnswer(key, answer, c)
	}
}

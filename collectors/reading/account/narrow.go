package account

import (
	"strings"
	"unicode/utf8"

	"yardstick/collectors/reading/written"
	"yardstick/collectors/table"
)

// A title says of which place and period its table is, in which unit, and what the table
// is of. Where it says more that narrows what is counted (男性, 规模以上企业, 民营), the
// figures of names that do not say so themselves wait until that is settled.

// Narrowing is what a title says that narrows what is counted.
type Narrowing struct {
	Facet
	word string // of its words the one that does
	kind string // of what else it says the figures are: change, plan, other, without; "" of a part
}

// of is a name with what a title says of it.
func (n Narrowing) of(name string) string {
	switch n.kind {
	case "change":
		return name + "增速"
	case "without":
		return name + "(" + n.Text + ")"
	}
	return n.Text + name
}

// saidBy reports whether a name says so itself.
func (n Narrowing) saidBy(name string) bool {
	switch n.kind {
	case "change":
		_, kind := written.TitleKind(name)
		w, _, _ := written.HeadWord(name)
		return kind == "change" || w == "change" || strings.ContainsAny(name, "%％") || strings.HasSuffix(name, "增长") || strings.Contains(name, "指数")
	case "plan":
		_, kind := written.TitleKind(name)
		return kind == "plan"
	}
	return strings.Contains(written.Above(name), written.Above(n.word))
}

// Narrowings finds what titles, and the name of one sheet of several, say so. One that
// bears a unit is the name of an indicator and no more. says reports whether the table's
// own heads tell changes, or plans, from the rest; nil: it has none.
func (r *Reader) Narrowings(titles []Facet, says func(kind string) bool) (out []Narrowing) {
	if r.Options.Sheets > 1 {
		sheet := Facet{Text: r.Table.Sheet, Cell: table.Cell{Text: r.Table.Sheet, Line: 1, Row: 1, Column: 1}}
		if word, ok := written.NarrowWord(r.Table.Sheet); ok {
			out = append(out, Narrowing{Facet{Text: word, Cell: sheet.Cell}, word, ""})
		}
		if n, ok := r.otherKind(sheet, says); ok {
			out = append(out, n)
		}
	}
	for _, t := range titles {
		if n, ok := r.Narrowing(t); ok {
			out = append(out, n)
		}
		if n, ok := r.otherKind(t, says); ok {
			out = append(out, n)
		}
	}
	return out
}

// otherKind finds that a title says its figures are something else of what is named.
func (r *Reader) otherKind(t Facet, says func(kind string) bool) (Narrowing, bool) {
	if utf8.RuneCountInString(t.Text) > longestTitle || r.Knows(r.bareTitle(t.Text)) {
		return Narrowing{}, false
	}
	word, kind := written.TitleKind(t.Text)
	ok := kind != "" && (says == nil || kind == "without" || !says(kind))
	return Narrowing{Facet{Text: word, Cell: t.Cell}, word, kind}, ok
}

// Narrowing finds what one title says so, or the heading of a section.
func (r *Reader) Narrowing(t Facet) (Narrowing, bool) {
	text, _, named := written.CutUnit(written.Unmark(t.Text))
	if named || utf8.RuneCountInString(text) > longestTitle || strings.ContainsAny(text, "。；;") {
		return Narrowing{}, false
	}
	if text = r.bareTitle(text); r.Knows(text) {
		return Narrowing{}, false
	}
	said, word, ok := written.Narrows(text)
	return Narrowing{Facet{Text: said, Cell: t.Cell}, word, ""}, ok
}

// longestTitle bounds the letters of a title: what is longer is a remark.
const longestTitle = 40

// Narrowed settles the name of an indicator below such titles: PartSaid where it was
// answered that the title's words are part of it (part) or that it is whole (own), PartOpen
// where that is asked.
func (r *Reader) Narrowed(titles []Narrowing, at Facet) (name string, is Parting) {
	name = at.Text
	for _, t := range titles {
		if name == "" || at.Cell == t.Cell || t.saidBy(name) {
			continue
		}
		key := "title." + t.Text
		switch strings.TrimSpace(r.Options.Given[key]) {
		case "part":
			name, is = t.of(name), PartSaid
		case "own":
			is = PartSaid
		default:
			r.Ask(AskTitle, key, t.Cell, []string{"part", "own"}, "words", t.Text, "name", at.Text, "as", t.of(name))
			return name, PartOpen
		}
	}
	return name, is
}

// NamesIn are the names that some titles give to what their tables are of: a place, a
// period and that it is a table are none.
func (r *Reader) NamesIn(titles []string) (out []string) {
	for _, t := range titles {
		name, unit, cut := written.CutUnit(written.Unmark(t))
		if name = r.bareTitle(name); r.LikePlace(name) || r.Period(name).Err == nil || !written.NamesMore(name) {
			continue
		}
		if cut {
			name += "(" + unit + ")"
		}
		out = append(out, name)
	}
	return out
}

package reading

import (
	"context"
	"maps"
	"slices"
	"strings"

	"yardstick/collectors/reading/account"
	"yardstick/collectors/reading/written"
	"yardstick/collectors/table"
	"yardstick/schema"
	"yardstick/schema/words"
)

// Sheets settles what each sheet of a file leaves open. The name of a sheet is a label
// outside its cells: where the name of every sheet with figures reads as a period or a
// place, and nothing within contradicts, it is one; else it is offered. What was answered
// for one sheet says nothing of the others: an answer for all of the file counts where one
// sheet alone lacks it. Which sheets lack what only a reading tells, so the file is read
// again until nothing more is settled.
type Sheets struct {
	o      account.Options
	rules  map[string]string // what is agreed for all of the feed's files
	hand   map[string]string // what was answered with this file
	sheets []*sheet
	placed map[string]bool // kinds of which the answer for all of the file was given to sheets
	rounds int
}

// sheet is one table and what is known of it.
type sheet struct {
	account.Sheet
	table *table.Table
	name  string
	given map[string]string // by kinds: answered, agreed, or taken from the name
	named map[string]string // of them what was taken from the name
	shape string
	label label
}

// mostRounds bounds the readings of one file: answers of the few kinds hang on each other,
// never deeper than their number.
const mostRounds = 8

// NewSheets begins with what was answered: hand with the file, rules for all of the feed's,
// both among what o says is given.
func NewSheets(tables []*table.Table, o account.Options, rules, hand map[string]string) *Sheets {
	s := &Sheets{o: o, rules: rules, hand: hand, placed: map[string]bool{}}
	for _, t := range tables {
		one := &sheet{table: t, name: strings.TrimSpace(t.Sheet), given: map[string]string{}, named: map[string]string{},
			Sheet: account.Sheet{Keyed: map[string]bool{}, Hints: map[string][]string{}, Doubt: map[string]bool{}}}
		for _, kind := range account.SheetKinds() {
			if said := o.Given[kind]; said != "" && (len(tables) == 1 || s.ruled(kind)) {
				one.given[kind] = said
			}
		}
		s.sheets = append(s.sheets, one)
	}
	for key, said := range o.Given {
		kind, name, of := account.OfSheet(key)
		for _, one := range s.sheets {
			switch {
			case !of || said == "":
			case one.name == strings.TrimSpace(name) && (hand[key] != "" || rules[key] != "" || !timed(name)):
				one.given[kind] = said
			case timed(name) && written.FoldTimes(one.name) == written.FoldTimes(name):
				one.hint(kind, said) // what was said of last month's sheet
			}
		}
	}
	return s
}

// shapes finds the forms of the sheets that lack the same, once.
func (s *Sheets) shapes(ctx context.Context, with []*sheet, found *account.Findings) (err error) {
	for _, kind := range account.SheetKinds() {
		var lack []*sheet
		for _, one := range with {
			if lacks(found, one, kind) {
				lack = append(lack, one)
			}
		}
		if len(lack) < 2 || strict(kind) {
			continue
		}
		for _, one := range lack {
			if one.shape != "" {
				continue
			}
			if one.shape, err = shapeOf(ctx, one.table, s.o); err != nil {
				return err
			}
		}
	}
	return nil
}

// timed reports whether a name holds a time, and so is another sheet's next month.
func timed(name string) bool {
	plain := strings.ToLower(written.Simplified(strings.TrimSpace(written.FoldWidth(name))))
	return written.FoldTimes(name) != strings.ReplaceAll(plain, " ", "")
}

// ruled reports whether what is given of a kind is agreed for all of the feed's files.
func (s *Sheets) ruled(kind string) bool {
	return s.rules[kind] != "" && s.rules[kind] == s.o.Given[kind]
}

// hint adds what may be answered; false where it is offered already.
func (s *sheet) hint(kind string, hints ...string) (added bool) {
	for _, h := range hints {
		if h = strings.TrimSpace(h); h != "" && !slices.Contains(s.Hints[kind], h) {
			s.Hints[kind] = append(s.Hints[kind], h)
			added = true
		}
	}
	return added
}

// own reports whether something was said of this sheet alone.
func (s *Sheets) own(one *sheet, kind string) bool {
	return one.given[kind] != "" && (!s.ruled(kind) || one.given[kind] != s.rules[kind])
}

// Options are those that a table is read with.
func (s *Sheets) Options(i int) account.Options {
	o, one := s.o, s.sheets[i]
	o.Given = maps.Clone(s.o.Given)
	if o.Given == nil {
		o.Given = map[string]string{}
	}
	for _, kind := range account.SheetKinds() {
		if delete(o.Given, kind); one.given[kind] != "" {
			o.Given[kind] = one.given[kind]
		}
	}
	o.Sheet = one.Sheet
	return o
}

// Tell lists what was taken from a sheet's name.
func (s *Sheets) Tell(i int, found *account.Findings) {
	one := s.sheets[i]
	for _, kind := range slices.Sorted(maps.Keys(one.named)) {
		code := account.PeriodTold
		if kind == "region" {
			code = account.RegionTold
		}
		found.Exclude(schema.Problem{Code: code, File: one.table.File, Sheet: one.table.Sheet,
			Text: words.Say("excluded-"+kind+"-sheet", "sheet", one.name, kind, one.named[kind])})
	}
}

// Settle takes what a reading found: figures tells which tables gave any. It reports
// whether the file is to be read again.
func (s *Sheets) Settle(ctx context.Context, found *account.Findings, figures []bool) (again bool, err error) {
	if s.rounds++; s.rounds > mostRounds {
		return false, nil
	}
	var with []*sheet
	for i, one := range s.sheets {
		if figures[i] || slices.ContainsFunc(account.SheetKinds(), func(k string) bool { return lacks(found, one, k) }) {
			with = append(with, one)
		}
	}
	if len(with) == 0 {
		return false, nil
	}
	for _, one := range with {
		if err := s.readLabel(ctx, one); err != nil {
			return false, err
		}
	}
	if err := s.shapes(ctx, with, found); err != nil {
		return false, err
	}
	for _, kind := range []string{"region", "period", "year"} {
		again = s.doubts(kind, with, found) || again
		again = s.fromNames(kind, with, found) || again
	}
	for _, kind := range account.SheetKinds() {
		again = s.answered(kind, with, found) || again
	}
	if again {
		return true, nil
	}
	for _, kind := range account.SheetKinds() {
		again = s.unasked(kind, with, found) || again
	}
	return again, nil
}

func lacks(found *account.Findings, one *sheet, kind string) bool {
	_, ok := found.Lacking[account.SheetFact{Sheet: one.table.Sheet, Kind: kind}]
	return ok
}

// strict reports whether a kind differs from sheet to sheet, however alike they are.
func strict(kind string) bool { return kind == "region" || kind == "period" || kind == "year" }

// answered gives an answer for all of the file to the sheets that lack it: to one, or to
// sheets of one form where it says what the form means. Else each is asked by itself.
func (s *Sheets) answered(kind string, with []*sheet, found *account.Findings) (again bool) {
	var lack []*sheet
	alike := true
	for _, one := range with {
		if lacks(found, one, kind) && one.given[kind] == "" {
			lack = append(lack, one)
			alike = alike && one.shape == lack[0].shape
		}
	}
	if len(lack) == 0 {
		return false
	}
	all := strings.TrimSpace(s.o.Given[kind])
	together := len(with) == 1 || !strict(kind) && alike
	if all != "" && !s.placed[kind] && (len(lack) == 1 || together) {
		s.placed[kind] = true
		for _, one := range lack {
			one.given[kind] = all
		}
		return true
	}
	for _, one := range lack {
		again = one.hint(kind, all) || again
		if !together && !one.Keyed[kind] {
			one.Keyed[kind], again = true, true
		}
	}
	return again
}

// unasked deals with an answer for all of the file that no sheet lacks. It counts for
// what no question was about; against what a title says it is a doubt.
func (s *Sheets) unasked(kind string, with []*sheet, found *account.Findings) (again bool) {
	all := strings.TrimSpace(s.o.Given[kind])
	if all == "" || s.placed[kind] || len(s.sheets) == 1 || s.ruled(kind) ||
		slices.ContainsFunc(with, func(one *sheet) bool { return lacks(found, one, kind) }) {
		return false
	}
	s.placed[kind] = true
	if !strict(kind) || len(with) == 1 {
		for _, one := range with {
			if one.given[kind] == "" {
				one.given[kind], again = all, true
			}
		}
		return again
	}
	for _, one := range with {
		said := found.Taken[account.SheetFact{Sheet: one.table.Sheet, Kind: kind}]
		if s.hand[kind] == "" || said == "" || said == all || s.own(one, kind) {
			continue
		}
		one.Doubt[kind], one.Keyed[kind], again = true, true, true
		one.hint(kind, said, all)
	}
	return again
}

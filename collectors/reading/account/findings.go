package account

import (
	"slices"
	"strings"

	"yardstick/collectors/reading/written"
	"yardstick/collectors/table"
	"yardstick/schema"
	"yardstick/schema/words"
)

// Most bounds each list, so that a hostile or hopeless file cannot fill the
// memory; what goes beyond is counted and said.
const Most = 10_000

// Findings is everything that is wrong, open or left out in a file.
type Findings struct {
	Problems  []schema.Problem
	Questions []schema.Question
	Excluded  []schema.Problem
	Unmapped  []string // names the registers lack

	Whole   bool // something concerns every row: none is certain
	Dropped int  // rows that hold a problem and could not be taken further

	Cells schema.Cells // how the cells of the tables read so far ended

	Lacking map[SheetFact][]string // what each sheet leaves open, with what may be answered
	Taken   map[SheetFact]string   // what the lines above its tables, or answers, say for all of a sheet

	Worded map[table.CellAt]bool // cells of the table being read that say what figures are, and whose format adds words

	problems, LeftOut int // all of them
	Asked, lacking    map[string]bool
	told              map[schema.Problem]bool // with a cell
}

// Problem adds something wrong. What was said of a cell is not said again for
// every figure that the cell names.
func (f *Findings) Problem(p schema.Problem) {
	if p.Cell != "" {
		if f.told[p] {
			return
		}
		if f.told == nil {
			f.told = map[schema.Problem]bool{}
		}
		if len(f.told) < Most {
			f.told[p] = true
		}
	}
	if f.problems++; f.problems <= Most {
		f.Problems = append(f.Problems, p)
	}
}

// Wait takes back the problems that an answer to an open question may do away with;
// on names the kinds of those questions by a problem's code.
func (f *Findings) Wait(on func(code string) (kinds string)) {
	open := map[string]bool{}
	for key := range f.Asked {
		kind, _, named := strings.Cut(key, ".")
		if named && (kind == "region" || kind == "indicator") {
			continue // it is about that name: no figure that is known bears it
		}
		kind, _, _ = strings.Cut(kind, "@")
		open[kind] = true
	}
	before := len(f.Problems)
	f.Problems = slices.DeleteFunc(f.Problems, func(p schema.Problem) bool {
		return slices.ContainsFunc(strings.Fields(on(p.Code)), func(kind string) bool { return open[kind] })
	})
	f.problems -= before - len(f.Problems)
}

// Ask adds something open. A question that was asked before under the same key
// is not asked again.
func (f *Findings) Ask(q schema.Question) {
	if once(&f.Asked, q.Key) {
		f.Questions = append(f.Questions, q)
	}
}

// asks reports whether a question under this key would be a new one.
func (f *Findings) asks(key string) bool { return !f.Asked[key] && len(f.Asked) < Most }

// once reports whether s is new to the set, which holds no more than most.
func once(set *map[string]bool, s string) bool {
	if *set == nil {
		*set = map[string]bool{}
	}
	if (*set)[s] || len(*set) >= Most {
		return false
	}
	(*set)[s] = true
	return true
}

// Exclude adds something left out.
func (f *Findings) Exclude(p schema.Problem) {
	if f.LeftOut++; f.LeftOut <= Most {
		f.Excluded = append(f.Excluded, p)
	}
}

// Turn counts n cells that were figures among others: those asked about, wrong or
// left out.
func (f *Findings) Turn(n int, among *int) {
	n = min(n, f.Cells.Figures)
	f.Cells.Figures -= n
	*among += n
}

// Lack adds a name that the registers lack, once.
func (f *Findings) Lack(name string) {
	if once(&f.lacking, name) {
		f.Unmapped = append(f.Unmapped, name)
	}
}

// Close says how many problems and left-out rows there were beyond those
// listed.
func (f *Findings) Close(file string) {
	if n := f.problems - Most; n > 0 && len(f.Problems) == Most {
		f.Problems = append(f.Problems, schema.Problem{Code: TooManyProblems, File: file, Text: words.Say("problem-"+TooManyProblems, "n", n)})
	}
	if n := f.LeftOut - Most; n > 0 && len(f.Excluded) == Most {
		f.Excluded = append(f.Excluded, schema.Problem{Code: TooManyProblems, File: file, Text: words.Say("excluded-too-many", "n", n)})
	}
}

// First is the first of them that says something.
func First(fs ...Facet) Facet {
	if i := slices.IndexFunc(fs, Facet.Said); i >= 0 {
		return fs[i]
	}
	return Facet{}
}

// Facet is one thing the file says and where.
type Facet struct {
	Text string
	Cell table.Cell
}

// As is its cell, with what it says for text.
func (f Facet) As() table.Cell {
	f.Cell.Text = f.Text
	return f.Cell
}

// Said reports whether it says something.
func (f Facet) Said() bool { return f.Text != "" }

// Facts are what the lines above a table say for all of it.
type Facts struct {
	Database, Region, Time, Indicator, Unit, Freq Facet
	Titles                                        []Facet
}

// See takes what one cell above the table says.
func (f *Facts) See(c table.Cell) {
	text := strings.TrimSpace(c.Text)
	if text == "" {
		return
	}
	set := func(at *Facet, value string) {
		value = strings.TrimSpace(value)
		if at.Said() && at.Text != value {
			value = at.Text + "、" + value // two lines: not one fact
		}
		*at = Facet{value, c}
	}
	key, said, keyed := written.KeyOf(text)
	if !keyed {
		if u := written.UnitLine().FindStringSubmatchIndex(written.Simplified(text)); u != nil { // every folded character is as long
			set(&f.Unit, text[u[2]:u[3]])
			if title := strings.TrimRight(emptyBrackets().ReplaceAllString(strings.TrimSpace(text[:u[0]]+text[u[1]:]), ""), "(（ "); title != "" && !strings.ContainsAny(title, ")）") {
				f.Titles = append(f.Titles, Facet{title, c})
			}
			return
		}
		if written.LooksLikeUnit(text) {
			set(&f.Unit, text)
			return
		}
		f.Titles = append(f.Titles, Facet{text, c})
		return
	}
	what, _ := written.Means("key", key)
	set(map[string]*Facet{"database": &f.Database, "region": &f.Region, "period": &f.Time, "indicator": &f.Indicator,
		"unit": &f.Unit, "frequency": &f.Freq}[what], said)
}

var emptyBrackets = written.Pattern(`[(（]\s*[)）]`)

// One is a fact that names one thing only.
func One(f Facet) Facet {
	if written.Several(f.Text) {
		return Facet{}
	}
	return f
}

// OneUnit is the unit of a table's figures, and the one of their changes and shares where
// the line names a percentage beside it: 亿元、%.
func OneUnit(f Facet) (unit, share Facet) {
	named := strings.FieldsFunc(written.FoldWidth(f.Text), func(r rune) bool { return strings.ContainsRune("、,;/| ", r) })
	if len(named) != 2 || !written.Several(f.Text) {
		return One(f), Facet{}
	}
	for n, percent := range named {
		other := Facet{named[1-n], f.Cell}
		if (percent == "%" || percent == "‰") && other.Text != "%" && other.Text != "‰" {
			return other, Facet{percent, f.Cell}
		}
	}
	return Facet{}, Facet{}
}

// TitlePeriods finds what may be a period within a title, the longest form at
// each place.
var TitlePeriods = written.Pattern(titlePeriod)

const titlePeriod = `\d{4}\s*年?\s*第?[一二三四1-4]\s*季度|\d{4}\s*[Qq][1-4]|\d{4}\s*年\s*(?:上半年|前[一二三]季度)|` +
	`\d{4}\s*年\s*\d{1,2}\s*月?份?\s*[-—–~～至]\s*\d{1,2}\s*月份?|\d{4}\s*年\s*\d{1,2}\s*月(?:份|末|底|[上中下]旬)?(?:\d{1,2}日)?|\d{4}\s*年度?`

// LeadingPeriod finds a period that other words may follow: 1-5月 of 1-5月完成.
var LeadingPeriod = written.Pattern(`^(?:` + titlePeriod + `|\d{1,2}\s*[-—–~～至]\s*\d{1,2}\s*月份?|\d{1,2}月份?|前[一二三]季度|上半年|第?[一二三四]季度)`)

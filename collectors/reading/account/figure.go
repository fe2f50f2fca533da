package account

import (
	"math/bits"
	"slices"
	"strings"

	"yardstick/collectors/reading/written"
	"yardstick/collectors/table"
	"yardstick/schema"
	"yardstick/schema/words"
)

// Headers tells which field a header cell names: indicator, region, period,
// value, unit, basis, status, note or published.
type Headers interface {
	Header(cell string) (field string, ok bool)
}

// Field is a column of the tidy layout.
type Field uint16

// The fields, in the order people expect them.
const (
	Indicator Field = 1 << iota
	Region
	Period
	Value
	Unit
	Basis
	Status
	Note
	Published
)

// FieldCount is how many fields there may be: those above, and the further
// columns that a feed may give.
const FieldCount = 16

// FieldNames are the names of the contract, by index.
func FieldNames() []string { return schema.FeedFields() }

// Index is the field's place among the fields.
func (f Field) Index() int { return bits.TrailingZeros16(uint16(f)) }

// FieldNamed is the field of a name.
func FieldNamed(name string) (Field, bool) {
	i := slices.Index(FieldNames(), name)
	return 1 << max(i, 0), i >= 0
}

// String is the field's name in the contract: indicator, region …
func (f Field) String() string { return FieldNames()[f.Index()] }

// Text is the field's name for people.
func (f Field) Text() schema.Text {
	if id := "field-" + f.String(); words.Has(id) {
		return words.Say(id)
	}
	columns := schema.FedColumns()
	return columns[slices.IndexFunc(columns, func(c schema.Column) bool { return c.Name == f.String() })].Title
}

// Candidate is one row of a tidy feed as read, before anything is looked up.
// It is valid until the next one.
type Candidate struct {
	File, Sheet string
	Line, Row   int // of the row, as an editor and as a spreadsheet counts
	Cells       [FieldCount]table.Cell

	When      schema.Period    // zero: could not be read
	WhenBasis schema.Basis     // what the period's form tells: ytd for 1-9月; "" nothing
	Number    *schema.Decimal  // nil: missing (or could not be read)
	Suffix    string           // unit or multiplier in the value's cell: 万, %, 万亩
	Bases     []schema.Basis   // what the basis cell may mean; empty: it says nothing
	State     schema.ObsStatus // "" not said
	Day       schema.Date      // published; zero: not said
	Bad       Field            // fields that hold a problem or a question already told

	Flag   string   // a letter behind the figure that was taken for its status
	Beside []string // units that a line above or a header says, too

	// How the figure's cell ends, said by whom the candidate is given to; none of them: as a figure.
	LeftOut, Asked, Wrong bool
}

// Cell is the cell of a field; its column is 0 when the feed has none.
func (c *Candidate) Cell(f Field) table.Cell { return c.Cells[f.Index()] }

// Written is the trimmed text of a field's cell.
func (c *Candidate) Written(f Field) string { return written.Trim(c.Cells[f.Index()].Text) }

// Missing reports whether the row says that there is no figure.
func (c *Candidate) Missing() bool { return c.Number == nil && c.Bad&Value == 0 }

// Options are what reading needs beside the table.
type Options struct {
	Headers Headers
	// Given says what the file leaves out, by the keys questions ask:
	// indicator, region, year, column.NAME.
	Given map[string]string
	// Known gives the code and the basis of an indicator that the registers know
	// by this name; nil knows none. An answer for it alone (basis.CODE) is found
	// so, and nobody is asked what span a stock covers.
	Known func(name string) (code string, basis schema.Basis, ok bool)
	// Reports tells whether figures of such a frequency may be of an indicator of this
	// name: of one that the registers do not know, any; nil allows all.
	Reports func(name string, f schema.Frequency) bool
	// Regions tells names of places the register knows; nil knows none.
	Regions func(name string) bool
	// Place gives the code of one such place, and none of a group of them.
	Place func(name string) (code string, ok bool)
	// Sheets is the number of tables in the file: beside others, one without
	// figures is left out.
	Sheets int
	// Sheet is what is known of this table's sheet beside its cells.
	Sheet Sheet
}

// At makes the problem with the given code at a cell, in the sentence of that
// code, which may name {cell}, {line}, {column} and {written}.
func At(file, sheet string, c table.Cell, code string, args ...any) schema.Problem {
	prefix := "problem-"
	if words.Has("excluded-" + code) {
		prefix = "excluded-"
	}
	text := table.Excerpt(c.Text)
	args = append(args, "cell", Spot(sheet, c), "line", c.Line, "column", c.Column, "written", text)
	return schema.Problem{Code: code, File: file, Sheet: sheet, Line: c.Line, Column: c.Column, Cell: c.Name(),
		Written: text, Text: words.Say(prefix+code, args...)}
}

// Question is a question at a cell, in the sentence of its code, which may name
// {cell}, {written} and {key} too. What an answer may be is told by the kind of
// its key.
func Question(file, sheet string, c table.Cell, code, key string, candidates, about []string, args ...any) schema.Question {
	p := At(file, sheet, c, code)
	args = append(args, "cell", Spot(sheet, c), "written", p.Written, "key", schema.QuotedKey(key))
	p.Text = words.Say("question-"+code, args...)
	return schema.Question{Problem: p, Key: key, Candidates: candidates, About: about, Form: form(key), Why: words.Say("why-" + code)}
}

// form says what an answer under a key may be.
func form(key string) schema.Text {
	kind, _, one := strings.Cut(key, ".")
	if of, _, ok := OfSheet(key); ok {
		kind, one = of, false
	}
	if id := "form-one-" + kind; one && words.Has(id) {
		kind = "one-" + kind
	}
	return words.Say("form-" + kind)
}

// BadAnswer is the problem of an answer that cannot mean anything under its key: it
// says what it may be.
func BadAnswer(file, key, answer string) schema.Problem {
	text := table.Excerpt(answer)
	return schema.Problem{Code: AnswerInvalid, File: file, Written: text,
		Text: words.Say("problem-"+AnswerInvalid, "key", schema.QuotedKey(key), "written", text, "form", form(key))}
}

// Spot names a cell for people: the sheet, if any, and D7; a line where the
// file has no such cell.
func Spot(sheet string, c table.Cell) schema.Text {
	if c.Column == 0 {
		return words.Say("spot-line", "line", c.Line)
	}
	name := c.Name()
	if sheet != "" {
		name = sheet + "!" + name
	}
	return schema.Same(name)
}

// FirstFilled is the first cell of a row that holds anything, else its first.
func FirstFilled(row *table.Row) table.Cell {
	for i := range row.Len() {
		if c := row.Cell(i); strings.TrimSpace(c.Text) != "" {
			return c
		}
	}
	return row.Cell(0)
}

// Joined is what a row holds, in one line.
func Joined(row *table.Row) string {
	var filled []string
	for _, t := range row.Texts {
		if t = strings.TrimSpace(t); t != "" {
			filled = append(filled, t)
		}
		if len(filled) == 100 { // more than any sentence shows
			break
		}
	}
	return strings.Join(filled, " ")
}

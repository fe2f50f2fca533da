// Package reading turns a table into candidate observations: it finds the
// header, reads periods and numbers as people write them, and leaves out and
// lists what is no figure. It knows the tidy layout (one figure a row, columns
// named indicator, region, period, value and, if they like, unit, basis,
// status, note and published, in any order), SDMX-CSV, and tables with periods,
// regions or indicators on either axis, whose layout it finds from the cells.
// What is not certain is asked. What the names mean is for validate.
package reading

import (
	"context"
	"errors"
	"fmt"
	"strings"

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

const fieldCount = 9

var fieldNames = [fieldCount]string{"indicator", "region", "period", "value", "unit", "basis", "status", "note", "published"}

func (f Field) index() int {
	for i := range fieldCount {
		if f == 1<<i {
			return i
		}
	}
	return -1
}

func fieldNamed(name string) (Field, bool) {
	for i, n := range fieldNames {
		if n == name {
			return 1 << i, true
		}
	}
	return 0, false
}

// String is the field's name in the contract: indicator, region …
func (f Field) String() string { return fieldNames[f.index()] }

// Text is the field's name for people.
func (f Field) Text() schema.Text { return words.Say("field-" + f.String()) }

// Candidate is one row of a tidy feed as read, before anything is looked up.
// It is valid until the next one.
type Candidate struct {
	File, Sheet string
	Line, Row   int // of the row, as an editor and as a spreadsheet counts
	cells       [fieldCount]table.Cell

	When      schema.Period    // zero: could not be read
	WhenBasis schema.Basis     // what the period's form tells: ytd for 1-9月; "" nothing
	Number    *schema.Decimal  // nil: missing (or could not be read)
	Suffix    string           // unit or multiplier in the value's cell: 万, %, 万亩
	Bases     []schema.Basis   // what the basis cell may mean; empty: it says nothing
	State     schema.ObsStatus // "" not said
	Day       schema.Date      // published; zero: not said
	Bad       Field            // fields that hold a problem or a question already told
}

// Cell is the cell of a field; its column is 0 when the feed has none.
func (c *Candidate) Cell(f Field) table.Cell { return c.cells[f.index()] }

// Written is the trimmed text of a field's cell.
func (c *Candidate) Written(f Field) string { return strings.TrimSpace(c.cells[f.index()].Text) }

// Missing reports whether the row says that there is no figure.
func (c *Candidate) Missing() bool { return c.Number == nil && c.Bad&Value == 0 }

// Options are what reading needs beside the table.
type Options struct {
	Headers Headers
	// Given says what the file leaves out, by the keys questions ask:
	// indicator, region, year, column.NAME.
	Given   map[string]string
	Periods *schema.PeriodReader
	// Known gives the code and the basis of an indicator that the registers know
	// by this name; nil knows none. An answer for it alone (basis.CODE) is found
	// so, and nobody is asked what span a stock covers.
	Known func(name string) (code string, basis schema.Basis, ok bool)
	// Regions tells names of places the register knows; nil knows none.
	Regions func(name string) bool
	// Sheets is the number of tables in the file: beside others, one without
	// figures is left out.
	Sheets int
}

// errStop ends a walk early.
var errStop = errors.New("stop")

// Read gives each figure of the table to each, and what is left out, wrong or
// open to found. An error is the machine's, or each's.
func Read(ctx context.Context, t *table.Table, o Options, found *Findings, each func(*Candidate) error) error {
	if o.Periods == nil {
		o.Periods = schema.NewPeriodReader()
	}
	r := &reader{table: t, options: o, found: found, each: each, periods: map[string]periodText{}, frequency: -1}
	err := r.walk(ctx)
	if err != nil && !errors.Is(err, errStop) {
		return fmt.Errorf("reading %s: %w", t.File, err)
	}
	return nil
}

type reader struct {
	table   *table.Table
	options Options
	found   *Findings
	each    func(*Candidate) error
	layout  *layout
	blanks  blankRun
	periods map[string]periodText // read before
	row     Candidate
	nearest int   // required fields that the likeliest header names, the value among them
	flags   int   // column of Eurostat's flags; 0: none
	codes   []int // columns of SDMX-CSV that hold code and name
	above   facts // the lines so far that name a key
	further []int // columns that may tell figures apart, not yet asked about

	merges    map[int][]table.Merge // by column, those asked about
	spreads   map[table.Merge]bool  // areas of figures told
	aboveRow  [fieldCount]string    // what the tidy row above says
	frequency int                   // column of the series' frequency; -1: none
}

// The header is searched for within so many rows, and so many bytes of them.
const (
	headerWithin      = 200
	headerWithinBytes = 16 << 20
)

func (r *reader) walk(ctx context.Context) error {
	var before []*table.Row
	bytes := 0
	for row, err := range r.table.Rows(ctx) {
		if err != nil {
			return err
		}
		if r.layout != nil {
			r.bareCodes(row)
			if err := r.body(row); err != nil {
				return err
			}
			continue
		}
		if len(before) == 0 && isSDMX(row) {
			if err := r.sdmx(ctx, row); err != nil {
				return err
			}
			continue
		}
		l := r.layoutOf(row)
		r.nearest = max(r.nearest, l.required())
		if l.complete() {
			r.preamble(before)
			r.layout, before = l, nil
			if err := r.columns(row); err != nil {
				return err
			}
			continue
		}
		before = append(before, row.Clone())
		r.seeAbove(row)
		for _, text := range row.Texts {
			bytes += len(text)
		}
		if len(before) == headerWithin || bytes > headerWithinBytes {
			break
		}
	}
	r.endBlanks()
	if r.layout == nil {
		return r.otherwise(ctx, before)
	}
	return nil
}

// seeAbove takes what a line above the header says: its keys, and a title that
// is the name of an indicator.
func (r *reader) seeAbove(row *table.Row) {
	filled := 0
	for i := range row.Len() {
		c := row.Cell(i)
		if keyed(c.Text) {
			r.above.see(c)
		}
		if strings.TrimSpace(c.Text) != "" {
			filled++
		}
	}
	if c := firstFilled(row); filled == 1 && r.namedTitle(facts{titles: []facet{{c.Text, c}}}).said() {
		r.above.see(c)
	}
}

// preamble lists the rows above the header as left out.
func (r *reader) preamble(rows []*table.Row) {
	for _, row := range rows {
		if row.Blank() {
			r.blank(row)
			continue
		}
		r.endBlanks()
		r.exclude(row, ExcludedPreamble)
	}
	r.endBlanks()
}

func (r *reader) exclude(row *table.Row, code string) {
	c := firstFilled(row)
	p := r.problem(code, c, "line", row.Line, "written", table.Excerpt(joined(row)))
	p.Written = table.Excerpt(joined(row))
	r.found.Exclude(p)
}

// blankRun gathers blank rows that follow each other into one remark.
type blankRun struct{ from, to int }

func (r *reader) blank(row *table.Row) {
	if r.blanks.from == 0 {
		r.blanks.from = row.Line
	}
	r.blanks.to = row.Line
}

func (r *reader) endBlanks() {
	b := r.blanks
	if b.from == 0 {
		return
	}
	r.blanks = blankRun{}
	id := "excluded-" + ExcludedBlank
	if b.to > b.from {
		id = "excluded-blank-rows"
	}
	p := schema.Problem{Code: ExcludedBlank, File: r.table.File, Sheet: r.table.Sheet, Line: b.from,
		Text: words.Say(id, "line", b.from, "to", b.to)}
	r.found.Exclude(p)
}

// problem is a remark at a cell. The sentence may name it as {cell}, {line},
// {column} and {written}.
func (r *reader) problem(code string, c table.Cell, args ...any) schema.Problem {
	return At(r.table.File, r.table.Sheet, c, code, args...)
}

// At makes the problem with the given code at a cell, in the sentence of that
// code, which may name {cell}, {line}, {column} and {written}.
func At(file, sheet string, c table.Cell, code string, args ...any) schema.Problem {
	prefix := "problem-"
	if isExcluded(code) {
		prefix = "excluded-"
	}
	written := table.Excerpt(c.Text)
	args = append(args, "cell", Spot(sheet, c), "line", c.Line, "column", c.Column, "written", written)
	return schema.Problem{Code: code, File: file, Sheet: sheet, Line: c.Line, Column: c.Column, Cell: c.Name(),
		Written: written, Text: words.Say(prefix+code, args...)}
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

func firstFilled(row *table.Row) table.Cell {
	for i := range row.Len() {
		if c := row.Cell(i); strings.TrimSpace(c.Text) != "" {
			return c
		}
	}
	return row.Cell(0)
}

func joined(row *table.Row) string {
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

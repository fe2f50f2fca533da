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
	"slices"
	"strings"

	"yardstick/collectors/reading/account"
	"yardstick/collectors/reading/heads"
	"yardstick/collectors/reading/written"
	"yardstick/collectors/table"
	"yardstick/schema"
	"yardstick/schema/words"
)

// errStop ends a walk early.
var errStop = errors.New("stop")

// Read gives each figure of the table to each, and what is left out, wrong or
// open to found. An error is the machine's, or each's.
func Read(ctx context.Context, t *table.Table, o account.Options, found *account.Findings, each func(*account.Candidate) error) error {
	if t.Hidden && o.Sheets > 1 && o.Given["sheet."+t.Sheet] != "take" {
		found.Exclude(schema.Problem{Code: account.ExcludedHidden, File: t.File, Sheet: t.Sheet, Text: words.Say("excluded-hidden-sheet", "sheet", t.Sheet)})
		return account.NewReader(t, o, found, each).SettleLeft(ctx)
	}
	t, err := account.AsShown(t, o, func(t *table.Table, o account.Options) (map[table.CellAt]bool, error) {
		found := &account.Findings{}
		err := readOnce(ctx, t, o, found, func(*account.Candidate) error { return nil })
		return found.Worded, err
	})
	if err == nil {
		err = readOnce(ctx, t, o, found, each)
	}
	if err != nil {
		return fmt.Errorf("reading %s: %w", t.File, err)
	}
	return nil
}

// readOnce reads the table.
func readOnce(ctx context.Context, t *table.Table, o account.Options, found *account.Findings, each func(*account.Candidate) error) error {
	r := &reader{Reader: account.NewReader(t, o, found, each), frequency: -1, asked: map[int]bool{}}
	if err := r.walk(ctx); err != nil && !errors.Is(err, errStop) {
		return err
	}
	return nil
}

// reader reads the tidy layouts.
type reader struct {
	*account.Reader
	layout    *layout
	nearest   int                        // required fields that the likeliest header names, the value among them
	flags     int                        // column of Eurostat's flags; 0: none
	mult      int                        // column (from 1) of the power of ten that figures are to be multiplied by; 0: none
	factor    bool                       // it holds the factor itself
	codes     []int                      // columns of SDMX-CSV that hold code and name
	above     account.Facts              // the lines so far that name a key
	further   []int                      // columns that may tell figures apart
	totals    []int                      // such columns of which only the rows of their total count
	aboveRow  [account.FieldCount]string // what the tidy row above says
	frequency int                        // column of the series' frequency; -1: none
	asked     map[int]bool               // columns without a field that a question is about
	octobers  octobers
	edges     edges
	more      []figures // further columns of figures, as answered
	headerRow int
	wholes    account.Wholes      // of which the names of rows may be parts
	narrows   []account.Narrowing // what the titles say that narrows what is counted
	bare      []string            // names of flows whose spans nothing says
	bareCell  table.Cell
}

func (r *reader) walk(ctx context.Context) error {
	var before []*table.Row
	bytes := 0
	for row, err := range r.Table.Rows(ctx) {
		if err != nil {
			return err
		}
		if r.layout != nil {
			if err := r.below(ctx, row); err != nil {
				return err
			}
			continue
		}
		if len(before) == 0 && isSDMX(row) {
			if err := r.sdmx(ctx, row); err != nil {
				return err
			}
			r.header(row)
			continue
		}
		l := r.layoutOf(row)
		r.nearest = max(r.nearest, l.required())
		if l.complete() {
			r.preamble(before)
			for _, above := range before {
				r.Settle(above)
			}
			r.narrows = r.Narrowings(titles(before), nil)
			l.names = slices.Clone(l.names) // the row's own last until the next one
			r.layout, r.headerRow, before = l, row.Number, nil
			r.Titled(&r.wholes, r.above)
			if err := r.columns(ctx, row); err != nil {
				return err
			}
			r.header(row)
			continue
		}
		before = append(before, row.Clone())
		r.seeAbove(row)
		for _, text := range row.Texts {
			bytes += len(text)
		}
		if len(before) == account.HeaderWithin || bytes > account.HeaderWithinBytes {
			break
		}
	}
	if r.layout == nil {
		r.EndBlanks()
		return r.otherwise(ctx, before)
	}
	r.end()
	return nil
}

// header accounts for the cells of the header.
func (r *reader) header(row *table.Row) {
	r.layout.line, r.layout.row = row.Line, row.Number
	for _, i := range r.layout.column {
		if i >= 0 {
			r.Label(row.Cell(i))
			r.layout.unseen = row.Hidden && r.Heading(account.Facet{Text: row.Cell(i).Text, Cell: row.Cell(i)}) || r.layout.unseen
		}
	}
	r.labelMore(row)
	r.beside(row)
	r.Settle(row)
}

// beside accounts for the cells of a row in columns without a field.
func (r *reader) beside(row *table.Row) {
	for i := range row.Len() {
		switch {
		case r.asked[i]:
			r.Open(row.Cell(i))
		case slices.Contains(r.layout.other, i) && !r.asFurther(i):
			r.Leave(row.Cell(i))
		}
	}
}

// seeAbove takes what a line above the header says: its keys, and a title that
// is the name of an indicator.
func (r *reader) seeAbove(row *table.Row) {
	filled := 0
	for i := range row.Len() {
		c := row.Cell(i)
		if written.Keyed(c.Text) {
			r.above.See(c)
		}
		if strings.TrimSpace(c.Text) != "" {
			filled++
		}
	}
	if c := account.FirstFilled(row); filled == 1 && r.NamedTitle(account.Facts{Titles: []account.Facet{{Text: c.Text, Cell: c}}}).Said() {
		r.above.See(c)
	}
}

// preamble lists the rows above the header as left out.
func (r *reader) preamble(rows []*table.Row) {
	for _, row := range rows {
		if row.Blank() {
			r.Blank(row)
			continue
		}
		r.EndBlanks()
		r.Exclude(row, account.ExcludedPreamble)
	}
	r.EndBlanks()
}

// otherwise reads a table that has no tidy header. before is its first rows.
func (r *reader) otherwise(ctx context.Context, before []*table.Row) error {
	beside := r.Options.Sheets > 1
	if beside && (r.Options.Given["sheet."+r.Table.Sheet] == "ignore" || r.describes(ctx)) {
		r.Found.Exclude(schema.Problem{Code: account.ExcludedSheet, File: r.Table.File, Sheet: r.Table.Sheet,
			Text: words.Say("excluded-"+account.ExcludedSheet, "sheet", r.Table.Sheet)})
		return r.SettleLeft(ctx)
	}
	large := r.nearest >= 3 && r.Table.Cells > heads.GridCells // a tidy table that lacks a column says so
	if !large {
		if ok, err := heads.ReadGrid(ctx, r.Reader); err != nil || ok {
			return err
		}
	}
	l, at := r.likeliest(before)
	if at != nil && l.required() == 4 {
		return r.answered(ctx, before, l, at)
	}
	if beside && !large && r.nearest < 3 {
		r.Ask(account.AskSheet, "sheet."+r.Table.Sheet, table.Cell{Line: 1, Row: 1, Column: 1}, []string{"ignore"}, "sheet", r.Table.Sheet)
		return r.SettleAsked(ctx)
	}
	r.notTidy(before, l, at)
	return r.SettleWrong(ctx)
}

// answered reads a tidy table below its header at, which lacks a column for which an
// answer or a line above stands.
func (r *reader) answered(ctx context.Context, before []*table.Row, l *layout, at *table.Row) error {
	above := before[:slices.Index(before, at)]
	r.preamble(above)
	for _, row := range above {
		r.Settle(row)
	}
	r.layout = l
	for _, f := range []account.Field{account.Region, account.Period} {
		if l.column[f.Index()] < 0 {
			r.Took(f.String(), l.above[f.Index()])
		}
	}
	r.Titled(&r.wholes, r.above)
	if err := r.columns(ctx, at); err != nil {
		return err
	}
	r.header(at)
	for row, err := range r.Table.Rows(ctx) {
		if err != nil {
			return err
		}
		if row.Number <= at.Number {
			continue
		}
		if err := r.below(ctx, row); err != nil {
			return err
		}
	}
	r.end()
	return nil
}

// below reads a row below the header.
func (r *reader) below(ctx context.Context, row *table.Row) error {
	r.bareCodes(row)
	if err := r.body(ctx, row); err != nil {
		return err
	}
	r.Settle(row)
	return nil
}

// end tells what only the end of a tidy table settles.
func (r *reader) end() {
	r.EndBlanks()
	r.octobers.end(r)
	r.edges.end(r)
	if len(r.bare) > 0 {
		r.AskBasis(r.bare, r.bareCell)
	}
}

// describes reports whether a sheet is about the figures and holds none: its
// header names when series begin and end, or no cell is a number.
func (r *reader) describes(ctx context.Context) bool {
	numbers, rows, about := 0, 0, 0
	for row, err := range r.Table.Rows(ctx) {
		if err != nil {
			return false
		}
		if rows++; rows > 100_000 {
			return false
		}
		for _, t := range row.Texts {
			t = strings.TrimSpace(t)
			if written.Is("describes", written.Simplified(written.FoldText(t))) {
				about++
			}
			if n := written.ReadNumber(t, r.Table.Delimiter); n.Fault == "" && n.Value != nil {
				numbers++
			}
		}
	}
	return about >= 2 || numbers == 0
}

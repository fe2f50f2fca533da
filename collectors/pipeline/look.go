package pipeline

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"yardstick/collectors/source"
	"yardstick/collectors/table"
	"yardstick/collectors/validate"
	"yardstick/schema"
	"yardstick/schema/vintage"
)

// Bounds of what Look shows of a file; what is beyond is said, not shown.
const (
	lookFirst   = 30  // rows from the top of each sheet
	lookRows    = 400 // of each sheet, with findings
	lookColumns = 40
	lookSheets  = 12
	lookText    = 120 // characters of a cell
)

// Look is what somebody wants to see of a file before it is taken in: the
// receipt it would have, the tables as read, and what was understood in each
// figure's cell.
type Look struct {
	Preview
	Format  string // csv, xlsx, xls or html
	Inner   string // name of the one file in an archive
	Notes   []schema.Problem
	Sheets  []LookSheet
	Figures []Figure     // of the rows shown
	Open    []OpenFigure // of the rows shown: read, but something is asked or wrong
	New     int          // of all good figures, also where the file as a whole is not
	Revised int
	Same    int
}

// Wrong are the problems of a receipt that no answer to one of its questions ends: what
// is to be mended in the file.
func Wrong(r schema.Receipt) (out []schema.Problem) {
	for _, p := range r.Problems {
		if !validate.Hangs(p, r.Questions) {
			out = append(out, p)
		}
	}
	return out
}

// LookSheet is a table as read: its first rows and all rows something was
// found in.
type LookSheet struct {
	Name      string
	Hidden    bool
	Delimiter byte
	LineEnds  string
	Records   int // all rows
	Columns   int // of the widest
	Rows      []LookRow
	CutWide   bool // it is wider than what is shown
}

// LookRow is one row as written. Number is a spreadsheet's.
type LookRow struct {
	Number int
	Cells  []string
	After  int // rows left out before it
}

// Figure is a good figure with its cell and what it does to the one held.
type Figure struct {
	schema.Observation
	Old       *schema.Decimal
	OldStatus schema.ObsStatus
	Was       *schema.Key // what that is written under, where it is another key
	Held      bool        // there is one already
	Same      bool        // and it says the same
	Hidden    bool        // one made public later stays in force
}

// Look previews a file and gives what is needed to show it beside its table.
func (p *Pipeline) Look(ctx context.Context, s Submission) (out Look, err error) {
	v, err := p.view(ctx, s, true)
	defer func() {
		if err = errors.Join(err, v.close()); err != nil {
			err = fmt.Errorf("looking at %s: %w", source.BaseName(s.Name), err)
		}
	}()
	out.Preview = v.Preview
	if err != nil || v.file == nil {
		return out, err
	}
	out.Format, out.Inner, out.Notes = v.file.Format, v.file.Inner, v.file.Notes
	marked := markedRows(out.Receipt)
	for _, t := range v.tables[:min(len(v.tables), lookSheets)] {
		sheet, err := lookAt(ctx, t, marked)
		if err != nil {
			return out, err
		}
		out.Sheets = append(out.Sheets, sheet)
	}
	return out, p.figures(ctx, s, v, &out)
}

// line is a row of a sheet.
type line struct {
	sheet string
	row   int
}

// markedRows are the rows that something was found in.
func markedRows(r schema.Receipt) map[line]bool {
	found, out := slices.Clone(r.Problems), map[line]bool{}
	for _, q := range r.Questions {
		found = append(found, q.Problem)
	}
	for _, p := range found {
		_, row := table.Place(p.Cell)
		out[line{p.Sheet, cmp.Or(row, p.Line)}] = true
	}
	return out
}

func lookAt(ctx context.Context, t *table.Table, marked map[line]bool) (LookSheet, error) {
	out := LookSheet{Name: t.Sheet, Hidden: t.Hidden, Delimiter: t.Delimiter, LineEnds: t.LineEnds, Records: t.Records,
		Columns: min(t.Widest, lookColumns), CutWide: t.Widest > lookColumns}
	left := 0
	for row, err := range t.Rows(ctx) {
		if err != nil {
			return out, err
		}
		if len(out.Rows) >= lookRows || row.Number > lookFirst && !marked[line{t.Sheet, row.Number}] {
			left++
			continue
		}
		shown := LookRow{Number: row.Number, After: left}
		left = 0
		for _, text := range row.Texts[:min(len(row.Texts), lookColumns)] {
			shown.Cells = append(shown.Cells, strings.Clone(shorten(text, lookText)))
		}
		out.Rows = append(out.Rows, shown)
	}
	if left > 0 {
		out.Rows = append(out.Rows, LookRow{After: left})
	}
	return out, nil
}

// figures gives the good figures of the rows shown, also where the file as a
// whole would not be taken, held against the store.
func (p *Pipeline) figures(ctx context.Context, s Submission, d view, out *Look) (err error) {
	if d.broke {
		return nil // the receipt tells it
	}
	shown := map[line]bool{}
	for _, sheet := range out.Sheets {
		for _, row := range sheet.Rows {
			shown[line{sheet.Name, row.Number}] = true
		}
	}
	var held []schema.Observation
	if s.Feed.Name != "" && p.o.Store != nil && len(d.rows) > 0 {
		if held, err = p.hold(ctx, d.rows, nil); err != nil {
			return err
		}
	}
	fresh := map[int]vintage.Fresh{}
	for _, f := range compare(d.rows, held, out.Receipt).Fresh {
		fresh[f.Row] = f
	}
	good := map[string]bool{}
	for i := range d.rows {
		f := Figure{Observation: d.rows[i]}
		change, isNew := fresh[i]
		switch {
		case !isNew:
			f.Held, f.Same, f.Old, f.OldStatus = true, true, f.Value, f.Status
			out.Same++
		case change.Before == nil:
			f.Hidden = change.Hidden
			out.New++
		default:
			f.Held, f.Hidden, f.Old, f.OldStatus = true, change.Hidden, change.Before.Value, change.Before.Status
			if was := change.Before.Key; was != f.Key {
				f.Was = &was
			}
			out.Revised++
		}
		sheet, cell := f.Place()
		if _, row := table.Place(cell); shown[line{sheet, row}] {
			good[sheet+"\x00"+cell] = true
			out.Figures = append(out.Figures, f)
		}
	}
	for _, at := range d.places {
		cell := table.Cell{Row: int(at.row), Column: int(at.column)}.Name()
		if !shown[line{at.sheet, int(at.row)}] || good[at.sheet+"\x00"+cell] {
			continue
		}
		row := &d.open
		n := -1 - at.at
		if at.at >= 0 {
			row, n = &d.Rows, at.at
		}
		out.Open = append(out.Open, OpenFigure{(*row)[n], at.sheet, cell})
	}
	return nil
}

// OpenFigure is a figure as the file says it, with its cell.
type OpenFigure struct {
	PreviewRow
	Sheet, Cell string
}

// Place is the sheet and cell the figure was read from.
func (f Figure) Place() (sheet, cell string) {
	if at := strings.LastIndexByte(f.Cell, '!'); at >= 0 {
		return f.Cell[:at], f.Cell[at+1:]
	}
	return "", f.Cell
}

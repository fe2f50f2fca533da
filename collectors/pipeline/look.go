package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"yardstick/collectors/reading"
	"yardstick/collectors/source"
	"yardstick/collectors/table"
	"yardstick/collectors/validate"
	"yardstick/schema"
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
	Format     string // csv, xlsx, xls or html
	Inner      string // name of the one file in an archive
	Notes      []schema.Problem
	Sheets     []LookSheet
	SheetCount int          // all of the file's
	Figures    []Figure     // of the rows shown
	Open       []OpenFigure // of the rows shown: read, but something is asked or wrong
	New        int          // of all good figures, also where the file as a whole is not
	Revised    int
	Same       int
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
	Held      bool // there is one already
	Same      bool // and it says the same
	Hidden    bool // one made public later stays in force
}

// Look previews a file and gives what is needed to show it beside its table.
func (p *Pipeline) Look(ctx context.Context, s Submission) (out Look, err error) {
	src, err := spool(ctx, s.Body, p.limit(s))
	if errors.Is(err, source.ErrTooLarge) {
		out.Receipt, err = p.begin(s, p.o.Now())
		out.Receipt.ID, out.Receipt.Status = "", schema.Refused
		out.Receipt.Problems = []schema.Problem{tooLarge(out.Receipt.File, p.limit(s))}
		return out, err
	}
	if err != nil {
		return out, fmt.Errorf("looking at %s: %w", s.Name, err)
	}
	defer func() { err = errors.Join(err, src.close()) }()
	s.Body = io.NewSectionReader(src, 0, src.size)
	if out.Preview, err = p.Preview(ctx, s); err != nil {
		return out, err
	}
	r := out.Receipt
	file, problems, err := table.Read(ctx, src, r.File, p.o.Limits)
	if err != nil {
		return out, fmt.Errorf("looking at %s: %w", r.File, err)
	}
	out.Format, out.Inner, out.Notes, out.SheetCount = file.Format, file.Inner, file.Notes, len(file.Tables)
	if len(problems) > 0 {
		return out, nil
	}
	marked := markedRows(r)
	for _, t := range file.Tables[:min(len(file.Tables), lookSheets)] {
		sheet, err := lookAt(ctx, t, marked[t.Sheet])
		if err != nil {
			return out, fmt.Errorf("looking at %s: %w", r.File, err)
		}
		out.Sheets = append(out.Sheets, sheet)
	}
	return out, p.figures(ctx, src, s, &out)
}

// markedRows are the rows that something was found in, by sheet.
func markedRows(r schema.Receipt) map[string]map[int]bool {
	out := map[string]map[int]bool{}
	mark := func(p schema.Problem) {
		_, row := splitCell(p.Cell)
		if row == 0 {
			row = p.Line
		}
		if row == 0 {
			return
		}
		if out[p.Sheet] == nil {
			out[p.Sheet] = map[int]bool{}
		}
		out[p.Sheet][row] = true
	}
	for _, p := range r.Problems {
		mark(p)
	}
	for _, q := range r.Questions {
		mark(q.Problem)
	}
	return out
}

// splitCell gives letters and row of a cell's name, D and 7 of D7.
func splitCell(cell string) (column string, row int) {
	at := strings.IndexAny(cell, "0123456789")
	if at < 0 {
		return cell, 0
	}
	row, _ = strconv.Atoi(cell[at:]) // letters and digits by construction; else 0
	return cell[:at], row
}

func lookAt(ctx context.Context, t *table.Table, marked map[int]bool) (LookSheet, error) {
	out := LookSheet{Name: t.Sheet, Hidden: t.Hidden, Delimiter: t.Delimiter, LineEnds: t.LineEnds, Records: t.Records,
		Columns: min(t.Widest, lookColumns), CutWide: t.Widest > lookColumns}
	left := 0
	for row, err := range t.Rows(ctx) {
		if err != nil {
			return out, err
		}
		if len(out.Rows) >= lookRows || row.Number > lookFirst && !marked[row.Number] {
			left++
			continue
		}
		shown := LookRow{Number: row.Number, After: left}
		left = 0
		for _, text := range row.Texts[:min(len(row.Texts), lookColumns)] {
			if chars := []rune(text); len(chars) > lookText {
				text = string(chars[:lookText]) + "…"
			}
			shown.Cells = append(shown.Cells, strings.Clone(text))
		}
		out.Rows = append(out.Rows, shown)
	}
	if left > 0 {
		out.Rows = append(out.Rows, LookRow{After: left})
	}
	return out, nil
}

// figures reads the file once more for its good figures, also where the file
// as a whole would not be taken, and holds them against the store.
func (p *Pipeline) figures(ctx context.Context, src table.Source, s Submission, out *Look) error {
	shown := map[string]bool{}
	for _, sheet := range out.Sheets {
		for _, row := range sheet.Rows {
			shown[sheet.Name+"\x00"+strconv.Itoa(row.Number)] = true
		}
	}
	var read []OpenFigure
	d, r, err := p.decode(ctx, src, s, out.Receipt, func() func(*reading.Candidate) {
		read = nil
		return func(c *reading.Candidate) {
			cell := c.Cell(reading.Value)
			if shown[c.Sheet+"\x00"+strconv.Itoa(cell.Row)] && c.Number != nil {
				read = append(read, OpenFigure{p.previewRow(c), c.Sheet, cell.Name()})
			}
		}
	})
	if err != nil {
		return fmt.Errorf("looking at %s: %w", out.Receipt.File, err)
	}
	if d.broke {
		return nil // Preview has told it
	}
	var held []schema.Observation
	if s.Feed.Name != "" && p.o.Store != nil && len(d.rows) > 0 {
		if held, err = p.hold(ctx, d.rows, nil); err != nil {
			return err
		}
	}
	fresh := map[int]validate.Fresh{}
	for _, f := range compare(d.rows, held, r).fresh {
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
			out.Revised++
		}
		sheet, cell := f.Place()
		if _, row := splitCell(cell); shown[sheet+"\x00"+strconv.Itoa(row)] {
			good[sheet+"\x00"+cell] = true
			out.Figures = append(out.Figures, f)
		}
	}
	for _, o := range read {
		if !good[o.Sheet+"\x00"+o.Cell] {
			out.Open = append(out.Open, o)
		}
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

// Package table turns the bytes of a feed file into tables: encoding and
// dialect are found and told, and every cell keeps where it stood. It reads
// text with separators (CSV); workbooks come beside it.
package table

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"

	"yardstick/schema"
	"yardstick/schema/words"
)

// Limits bound what is read. A zero field means the default.
type Limits struct {
	Bytes   int64 // of the file
	Cells   int   // of the file
	Columns int   // of one row
	Field   int   // bytes of one cell, in UTF-8
	Row     int   // bytes of one row, in UTF-8
}

// DefaultLimits are 1 GiB, 100 million cells, 16,384 columns, 128 KiB a
// cell and 4 MiB a row. Columns and cell are what a spreadsheet holds (32,767
// characters a cell).
func DefaultLimits() Limits { return Limits{1 << 30, 100_000_000, 16_384, 128 << 10, 4 << 20} }

func (l Limits) orDefault() Limits {
	d := DefaultLimits()
	if l.Bytes <= 0 {
		l.Bytes = d.Bytes
	}
	if l.Cells <= 0 {
		l.Cells = d.Cells
	}
	if l.Columns <= 0 {
		l.Columns = d.Columns
	}
	if l.Field <= 0 {
		l.Field = d.Field
	}
	if l.Row <= 0 {
		l.Row = d.Row
	}
	return l
}

// Source is the bytes of a file as kept: read at any place, any number of
// times.
type Source interface {
	io.ReaderAt
	Size() int64
}

// File is what was found in the bytes.
type File struct {
	Name     string
	Encoding string // UTF-8, UTF-8 with BOM or GB18030
	Tables   []*Table
}

// Table is rows of cells. It holds no rows itself: Rows reads them from the
// source each time, so that memory does not grow with the file.
type Table struct {
	File      string
	Sheet     string // "" for a text file
	Delimiter byte   // ',', ';' or tab; 0 where there is none to speak of
	Records   int    // rows, blank ones included
	Cells     int
	Widest    int // cells of the widest row

	open func() rowReader
}

// rowReader gives one row after the other; io.EOF ends them. The row is valid
// until the next call, its texts for good.
type rowReader interface {
	next(ctx context.Context) (*Row, error)
}

// Row is one row of a table.
type Row struct {
	Number int // from 1, as a spreadsheet counts rows (blank ones too)
	Line   int // from 1, as an editor counts lines; a quoted cell may hold several
	Texts  []string

	lines []int // line of each cell; nil when all stand on Line
}

// Cell is one cell as written, with where it stood. Column 0 means that there
// is no such cell in the file.
type Cell struct {
	Text   string
	Line   int // as an editor counts
	Row    int // as a spreadsheet counts
	Column int // from 1
}

// Len is the number of cells.
func (r *Row) Len() int { return len(r.Texts) }

// Cell gives the i-th cell (from 0); beyond the last it is empty, but placed.
func (r *Row) Cell(i int) Cell {
	c := Cell{Line: r.Line, Row: r.Number, Column: i + 1}
	if i < len(r.Texts) {
		c.Text = r.Texts[i]
		if r.lines != nil {
			c.Line = r.lines[i]
		}
	}
	return c
}

// Blank reports whether no cell holds anything but white space.
func (r *Row) Blank() bool {
	for _, t := range r.Texts {
		if strings.TrimSpace(t) != "" {
			return false
		}
	}
	return true
}

// Clone is a copy that stays valid.
func (r *Row) Clone() *Row {
	c := *r
	c.Texts = append([]string(nil), r.Texts...)
	c.lines = append([]int(nil), r.lines...)
	if r.lines == nil {
		c.lines = nil
	}
	return &c
}

// Name is the cell's name as a spreadsheet writes it: D7. It is "" for a cell
// that is not in the file.
func (c Cell) Name() string {
	if c.Column == 0 {
		return ""
	}
	return ColumnName(c.Column) + strconv.Itoa(c.Row)
}

// ColumnName is the letters of column n, from 1: A, Z, AA.
func ColumnName(n int) string {
	var b []byte
	for ; n > 0; n = (n - 1) / 26 {
		b = append([]byte{byte('A' + (n-1)%26)}, b...)
	}
	return string(b)
}

// Rows walks the table. A row is valid until the next step (Clone keeps it);
// an error ends the walk and is the last thing given.
func (t *Table) Rows(ctx context.Context) iter.Seq2[*Row, error] {
	return func(yield func(*Row, error) bool) {
		r := t.open()
		for {
			row, err := r.next(ctx)
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(nil, fmt.Errorf("reading the rows of %s: %w", t.File, err))
				return
			}
			if !yield(row, nil) {
				return
			}
		}
	}
}

// Read finds encoding and dialect from the whole of the source and checks that
// every row can be read. Problems are what a sender can mend; with any of them
// there is no table to read. An error is the machine's (I/O, cancelled).
func Read(ctx context.Context, src Source, name string, limits Limits) (*File, []schema.Problem, error) {
	l := limits.orDefault()
	file := &File{Name: name}
	fail := func(code string, args ...any) (*File, []schema.Problem, error) {
		return file, []schema.Problem{problem(name, code, args...)}, nil
	}
	if src.Size() > l.Bytes {
		return fail(TooLarge, "size", megabytes(src.Size()), "limit", megabytes(l.Bytes))
	}
	if src.Size() == 0 {
		return fail(Empty)
	}
	if code, err := foreign(src); err != nil || code != "" {
		if err != nil {
			return nil, nil, fmt.Errorf("reading %s: %w", name, err)
		}
		return fail(code)
	}
	enc, problems, err := detect(ctx, src, name)
	if err != nil || len(problems) > 0 {
		file.Encoding = enc.name
		return file, problems, err
	}
	file.Encoding = enc.name
	t, problems, err := readCSV(ctx, src, enc, name, l)
	if err != nil || len(problems) > 0 {
		return file, problems, err
	}
	if t.Records == 0 {
		return fail(Empty)
	}
	file.Tables = []*Table{t}
	return file, nil, nil
}

func problem(file, code string, args ...any) schema.Problem {
	return schema.Problem{Code: code, File: file, Text: words.Say("problem-"+code, args...)}
}

// problemAt is a problem with a place; the sentence may name it as {line},
// {column} and {cell}, and its text as {written}.
func problemAt(file string, c Cell, code string, args ...any) schema.Problem {
	p := problem(file, code, append(args, "line", c.Line, "column", c.Column, "cell", c.Name(), "written", Excerpt(c.Text))...)
	p.Line, p.Column, p.Cell, p.Written = c.Line, c.Column, c.Name(), Excerpt(c.Text)
	return p
}

// Excerpt is text short enough for a sentence, on one line.
func Excerpt(s string) string {
	const most = 60
	s = strings.Join(strings.Fields(strings.ToValidUTF8(s, "")), " ")
	n := 0
	for i := range s {
		if n == most {
			return s[:i] + "…"
		}
		n++
	}
	return s
}

func megabytes(n int64) string {
	return strconv.FormatFloat(float64(n)/(1<<20), 'f', 1, 64) + " MiB"
}

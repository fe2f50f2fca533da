// Package table turns the bytes of a feed file into tables: encoding and
// dialect are found and told, and every cell keeps where it stood. It reads
// text with separators (CSV), workbooks (XLSX, and XLS as Excel and WPS write
// it), web pages with tables, SYLK and DIF, and each of them packed alone in .zip
// or .gz.
package table

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"

	"yardstick/collectors/table/archive"
	"yardstick/collectors/table/areas"
	"yardstick/collectors/table/exchange"
	"yardstick/collectors/table/magic"
	"yardstick/collectors/table/numfmt"
	"yardstick/collectors/table/refusal"
	"yardstick/collectors/table/spelling"
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
	return Limits{cmp.Or(max(l.Bytes, 0), d.Bytes), cmp.Or(max(l.Cells, 0), d.Cells), cmp.Or(max(l.Columns, 0), d.Columns),
		cmp.Or(max(l.Field, 0), d.Field), cmp.Or(max(l.Row, 0), d.Row)}
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
	Format   string // csv, xlsx, xls, html, slk or dif
	Inner    string // name of the one file in an archive; "" without one
	Encoding string // UTF-8, UTF-8 BOM, GB18030, UTF-16LE or UTF-16BE; "" for a workbook
	Tables   []*Table
	Notes    []schema.Problem // what should be known and is not wrong; refusal lists the codes
}

// Table is rows of cells. They are decoded once and held, those of a large file
// aside: Rows then reads them from the source each time, so that memory does
// not grow with the file.
type Table struct {
	File      string
	Sheet     string // "" for a text file
	Delimiter byte   // ',', ';', '|' or tab; 0 where there is none to speak of
	Quote     byte   // '"' or '\''; 0 for a workbook
	Escape    byte   // what stands before a quote inside a quoted cell: the quote itself, or '\\'
	Spaced    bool   // a blank after each delimiter belongs to it
	LineEnds  string // LF, CRLF, CR or mixed; "" for a workbook
	Records   int    // rows, blank ones included
	Cells     int
	Widest    int // cells of the widest row
	Common    int // cells of most rows that are not blank
	Ragged    int // rows, not blank, with another number of cells
	Decoded   int // times its rows were decoded: once, unless it is too large to be held

	Hidden        bool // the sheet is hidden
	Merges        []Merge
	HiddenColumns []Span       // in order, none touching another
	merged        *areas.Index // of the Merges

	raggedLine                int       // the first of the Ragged
	filled                    int       // rows that are not blank
	wide, wideParts, wideLine int       // rows of one cell with full-width commas
	aligned                   int       // rows of one cell with blanks side by side
	mended                    otherRows // where quotes were
	resplits                  otherRows // that another sign divides than most

	open func(context.Context) rows
}

// rows is a walk over rows; an error is the last thing given. A row is valid
// until the next, its texts for good.
type rows = iter.Seq2[*Row, error]

// Merge is an area of cells merged into one, counted as a spreadsheet counts,
// from 1, both ends inside. The value stands at the top left; the other cells
// are empty.
type Merge struct{ FirstRow, LastRow, FirstColumn, LastColumn int }

// Span is columns First to Last, from 1.
type Span struct{ First, Last int }

// Merged gives the merged area that row and column (from 1) belong to.
func (t *Table) Merged(row, column int) (Merge, bool) {
	index := t.merged
	if index == nil { // made by hand
		index = areasOf(t.Merges)
	}
	if i := index.At(row, column); i >= 0 {
		return t.Merges[i], true
	}
	return Merge{}, false
}

func areasOf(merges []Merge) *areas.Index {
	all := make([]areas.Area, len(merges))
	for i, m := range merges {
		all[i] = areas.Area(m)
	}
	return areas.New(all)
}

// ColumnHidden reports whether the sheet hides the column (from 1).
func (t *Table) ColumnHidden(column int) bool {
	i, found := slices.BinarySearchFunc(t.HiddenColumns, column, func(s Span, column int) int { return s.First - column })
	return found || i > 0 && column <= t.HiddenColumns[i-1].Last
}

// index makes what is merged and hidden quick to ask for.
func (t *Table) index() {
	t.merged, t.HiddenColumns = areasOf(t.Merges), joined(t.HiddenColumns)
	t.covering()
}

// joined are spans in order, those that touch as one.
func joined(all []Span) []Span {
	all = slices.Clone(all)
	slices.SortFunc(all, func(a, b Span) int { return a.First - b.First })
	var out []Span
	for _, s := range all {
		if n := len(out); n > 0 && s.First <= out[n-1].Last+1 {
			out[n-1].Last = max(out[n-1].Last, s.Last)
		} else {
			out = append(out, s)
		}
	}
	return out
}

// Row is one row of a table.
type Row struct {
	Number int // from 1, as a spreadsheet counts rows (blank ones too)
	Line   int // from 1, as an editor counts lines; a quoted cell may hold several
	Texts  []string
	Hidden bool // the sheet hides the row, or filters it out

	lines  []int          // line of each cell; nil when all stand on Line
	abouts []numfmt.About // of each cell; nil in a text file
	picked []int          // the columns the cells stand in (from 0); nil when all do in turn
}

// Cell is one cell as written, with where it stood. Column 0 means that there
// is no such cell in the file.
type Cell struct {
	Text   string
	Line   int  // as an editor counts
	Row    int  // as a spreadsheet counts
	Column int  // from 1
	Hidden bool // the sheet hides its row, or filters it out

	numfmt.About
}

// Len is the number of cells.
func (r *Row) Len() int { return len(r.Texts) }

// Cell gives the i-th cell (from 0); beyond the last it is empty, but placed.
func (r *Row) Cell(i int) Cell {
	c := Cell{Line: r.Line, Row: r.Number, Column: i + 1, Hidden: r.Hidden}
	if r.picked != nil && i < len(r.picked) {
		c.Column = r.picked[i] + 1
	}
	if i < len(r.Texts) {
		c.Text = r.Texts[i]
		if r.lines != nil {
			c.Line = r.lines[i]
		}
		if r.abouts != nil {
			c.About = r.abouts[i]
		}
	}
	return c
}

// Pick is a copy of the row that holds its cells in some columns alone (from 0), which
// keep their places. It ends where the row does.
func (r *Row) Pick(columns []int) *Row {
	p := &Row{Number: r.Number, Line: r.Line, Hidden: r.Hidden, picked: columns}
	for _, c := range columns {
		if c >= len(r.Texts) {
			break
		}
		p.Texts = append(p.Texts, r.Texts[c])
		if r.lines != nil {
			p.lines = append(p.lines, r.lines[c])
		}
		if r.abouts != nil {
			p.abouts = append(p.abouts, r.abouts[c])
		}
	}
	return p
}

// Blank reports whether no cell holds anything but white space, nor should.
func (r *Row) Blank() bool {
	return !slices.ContainsFunc(r.Texts, func(t string) bool { return strings.TrimSpace(t) != "" }) &&
		!slices.ContainsFunc(r.abouts, func(a numfmt.About) bool { return a.Why == numfmt.Uncalculated })
}

// Clone is a copy that stays valid.
func (r *Row) Clone() *Row {
	c := *r
	c.Texts, c.lines, c.abouts = slices.Clone(r.Texts), slices.Clone(r.lines), slices.Clone(r.abouts)
	return &c
}

// Name is the cell's name as a spreadsheet writes it: D7. It is "" for a cell
// that is not in the file.
func (c Cell) Name() string {
	if c.Column == 0 {
		return ""
	}
	return schema.ColumnName(c.Column) + strconv.Itoa(c.Row)
}

// Rows walks the table. A row is valid until the next step (Clone keeps it);
// an error ends the walk and is the last thing given.
func (t *Table) Rows(ctx context.Context) iter.Seq2[*Row, error] {
	return func(yield func(*Row, error) bool) {
		for row, err := range t.walk(ctx) {
			if err != nil {
				err = fmt.Errorf("reading the rows of %s: %w", t.File, err)
			}
			if !yield(row, err) {
				return
			}
		}
	}
}

// walk gives the rows until an error or the end of the context.
func (t *Table) walk(ctx context.Context) rows {
	return func(yield func(*Row, error) bool) {
		for row, err := range t.open(ctx) {
			if err = cmp.Or(err, ctx.Err()); err != nil {
				yield(nil, err)
				return
			}
			if !yield(row, nil) {
				return
			}
		}
	}
}

// Read finds format, encoding and dialect from the whole of the source and
// checks that every row can be read. Problems are what a sender can mend; with
// any of them there is no table to read. An error is the machine's (I/O,
// cancelled).
func Read(ctx context.Context, src Source, name string, limits Limits) (*File, []schema.Problem, error) {
	file := &File{Name: name}
	r := &fileReader{file: file, src: src, limits: limits.orDefault(), hold: holder{left: mostHeldRows}}
	err := r.read(ctx)
	var refused *refusal.Refusal
	switch {
	case errors.As(err, &refused):
		file.Tables, file.Notes = nil, nil
		return file, refused.Problems, nil
	case err != nil:
		return nil, nil, fmt.Errorf("reading %s: %w", name, err)
	}
	return file, nil, nil
}

// fileReader reads one file; an archive puts the file inside in src's place.
type fileReader struct {
	file   *File
	src    Source
	limits Limits
	hold   holder
}

func (r *fileReader) refuse(code string, args ...any) error {
	return refusal.Refuse(r.file.Name, code, args...)
}

func (r *fileReader) read(ctx context.Context) error {
	switch {
	case r.src.Size() > r.limits.Bytes:
		return r.refuse(refusal.TooLarge, "size", refusal.Megabytes(r.src.Size()), "limit", refusal.Megabytes(r.limits.Bytes))
	case r.src.Size() == 0:
		return r.refuse(refusal.Empty)
	}
	var err error
	if r.src, err = inMemory(r.src); err != nil {
		return err
	}
	opener := archive.Opener{Source: r.src, Name: r.file.Name, Most: r.limits.Bytes}
	kind, z, err := opener.Kind()
	if err == nil && kind == magic.Archive {
		if r.src, r.file.Inner, err = opener.Unpack(z); err != nil {
			return err
		}
		opener.Source = r.src
		if kind, z, err = opener.Kind(); kind == magic.Archive {
			return r.refuse(refusal.ArchiveNested)
		}
	}
	if err != nil {
		return err
	}
	switch kind {
	case magic.Text:
		return r.text(ctx)
	case magic.Zip:
		return r.xlsx(ctx, z)
	case magic.OLE:
		return r.xls(ctx)
	}
	return r.refuseKind(kind)
}

// refuseKind refuses what is not read by its name.
func (r *fileReader) refuseKind(kind magic.Kind) error {
	if strings.HasPrefix(string(kind), "format-name-") {
		return r.refuse(refusal.FormatOther, "format", words.Say(string(kind)))
	}
	return r.refuse(string(kind))
}

// text reads what is no workbook: CSV, or a web page with tables.
func (r *fileReader) text(ctx context.Context) error {
	src, err := spelling.WithoutMark(r.src, r.src.Size())
	if err != nil {
		return err
	}
	enc, err := spelling.Detect(ctx, src, r.file.Name)
	r.file.Encoding = enc.Name
	if err != nil {
		return err
	}
	markup, err := spelling.MarkupOf(enc.Open(src))
	if err != nil {
		return err
	}
	head, tail, err := ends(enc, src)
	switch kind := exchange.Named(head); {
	case err != nil:
		return err
	case markup == refusal.FormatHTML:
		return r.html(ctx, enc.Open(src))
	case markup != "":
		return r.refuse(markup)
	case kind != "":
		return r.exchanged(ctx, kind, enc.Open(src))
	case magic.IsJSON(head, tail):
		return r.refuseKind("format-name-json")
	}
	r.file.Format = "csv"
	t, err := readCSV(ctx, src, enc, r.file.Name, r.limits, r.hold)
	if err != nil {
		return err
	}
	if t.Records == 0 {
		return r.refuse(refusal.Empty)
	}
	r.file.Tables = []*Table{t}
	t.index()
	r.noteText(t)
	if enc.Controls > 0 {
		r.note("", Cell{Line: enc.Control}, refusal.NoteControl, "n", enc.Controls)
	}
	if enc.Damaged > 0 {
		r.note("", Cell{Line: enc.Damaged}, refusal.NoteDamaged)
	}
	return nil
}

// ends are the first and the last of a text.
func ends(enc spelling.Encoding, src *io.SectionReader) (head, tail []byte, err error) {
	head = make([]byte, 1024)
	n, err := io.ReadFull(enc.Open(src), head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return nil, nil, fmt.Errorf("reading the first bytes: %w", err)
	}
	tail = make([]byte, min(64, src.Size()))
	if _, err := src.ReadAt(tail, src.Size()-int64(len(tail))); err != nil && !errors.Is(err, io.EOF) {
		return nil, nil, fmt.Errorf("reading the last bytes: %w", err)
	}
	return head[:n], bytes.ReplaceAll(tail, []byte{0}, nil), nil // of UTF-16, the half that is ASCII
}

// Excerpt is text short enough for a sentence, on one line.
func Excerpt(s string) string { return refusal.Excerpt(s) }

package table

import (
	"archive/zip"
	"context"
	"encoding/xml"
	"strconv"
	"strings"

	"yardstick/collectors/table/archive"
	"yardstick/collectors/table/ooxml"
	"yardstick/collectors/table/refusal"
	"yardstick/schema"
)

// Bounds of a workbook.
const (
	mostSheetXML  = 96 << 20 // bytes of XML read of all sheets together
	mostSheets    = 1000
	mostMerges    = 65_536
	mostGridCells = 8_000_000 // cells of the workbook, blank ones before filled ones included
	lastRow       = 1 << 20
	lastColumn    = 1 << 14
)

// workbook is an XLSX package: what is needed to walk its sheets. The sheets
// are streamed from the package each time, never held: the models of general
// libraries hold them, and widen each row to its last cell.
type workbook struct {
	*ooxml.Package
	file     string
	date1904 bool
	anew     bool // formulas are to be worked out anew when it is opened
	kept     bool // a spreadsheet has worked them out before
	limits   Limits
}

// sheetPart is a sheet of a workbook, and where it stands.
type sheetPart struct {
	name   string
	hidden bool
	sheet  bool   // with cells; a chart sheet has none
	part   string // of an XLSX package
	offset uint32 // in the stream of an old workbook
}

// xlsx reads an XLSX or XLSM workbook; macros are not looked at.
func (r *fileReader) xlsx(ctx context.Context, z *zip.Reader) error {
	r.file.Format = "xlsx"
	b := &workbook{Package: ooxml.Of(r.file.Name, z), file: r.file.Name, limits: r.limits}
	sheets, err := b.open()
	if err != nil {
		return refusal.Told(b.file, "", refusal.FormatXLSX, err)
	}
	if err := b.bound(sheets); err != nil {
		return err
	}
	cells := 0
	return r.sheets(sheets, refusal.FormatXLSX, func(s sheetPart, found tallies) (*Table, string, error) {
		return b.table(ctx, s, found, &cells, &r.hold)
	})
}

// sheets reads the sheets of a workbook, each with read, which says too how far
// a sheet claims to reach when less was read. code is that of a damaged workbook.
func (r *fileReader) sheets(all []sheetPart, code string, read func(sheetPart, tallies) (*Table, string, error)) error {
	r.noteFile()
	for _, s := range all {
		if !s.sheet {
			r.note(s.name, Cell{}, refusal.NoteSheetOther)
			continue
		}
		found := tallies{}
		t, short, err := read(s, found)
		switch {
		case err != nil:
			return refusal.Told(r.file.Name, s.name, code, err)
		case t.Records == 0:
			r.note(s.name, Cell{}, refusal.NoteSheetEmpty)
			continue
		}
		r.file.Tables = append(r.file.Tables, t)
		r.noteSheet(t, found)
		if short != "" {
			r.note(t.Sheet, Cell{}, refusal.NoteDimension, "said", short, "read", schema.ColumnName(t.Widest)+strconv.Itoa(t.Records))
		}
	}
	if len(r.file.Tables) == 0 {
		return r.refuse(refusal.Empty)
	}
	return nil
}

// open reads what stands beside the sheets.
func (b *workbook) open() ([]sheetPart, error) {
	main, rels, err := b.Main()
	if err != nil {
		return nil, err
	}
	sheets, err := b.sheets(main, rels)
	if err != nil {
		return nil, err
	}
	for _, rel := range rels {
		switch {
		case strings.HasSuffix(rel.Kind, "/calcChain"):
			b.kept = true
		case strings.HasSuffix(rel.Kind, "/sharedStrings"):
			err = b.ReadTexts(rel.Target, b.limits.Field)
		case strings.HasSuffix(rel.Kind, "/styles"):
			err = b.ReadStyles(rel.Target)
		}
		if err != nil {
			return nil, err
		}
	}
	return sheets, nil
}

// bound refuses sheets that are too large to be read, before any is.
func (b *workbook) bound(sheets []sheetPart) error {
	var all, packed uint64
	for _, s := range sheets {
		if !s.sheet {
			continue
		}
		size, small, ok := b.Size(s.part)
		if !ok {
			return refusal.Refuse(b.file, refusal.FormatXLSX)
		}
		all, packed = all+size, packed+small
	}
	if all > mostSheetXML || all > 8<<20 && all/archive.MostRatio > packed {
		return refusal.Refuse(b.file, refusal.WorkbookTooLarge, "limit", refusal.Megabytes(mostSheetXML))
	}
	return nil
}

// faultAt is a fault at a cell, counted as a spreadsheet counts; 0: none.
func faultAt(code string, row, column int, args ...any) error {
	return faultOf(code, Cell{Line: row, Row: row, Column: column}, args...)
}

// faultOf is a fault at a cell, with what is written in it.
func faultOf(code string, c Cell, args ...any) *refusal.Fault {
	at := refusal.Place{Line: c.Line, Column: c.Column, Cell: c.Name(), Written: c.Text}
	return &refusal.Fault{Code: code, Place: at, Args: args}
}

func (b *workbook) sheets(main string, rels []ooxml.Relation) ([]sheetPart, error) {
	var out []sheetPart
	err := b.Elements(main, func(e xml.StartElement) error {
		switch e.Name.Local {
		case "workbookPr":
			b.date1904 = ooxml.Truth(ooxml.Attr(e, "date1904"))
		case "calcPr":
			b.anew = ooxml.Truth(ooxml.Attr(e, "fullCalcOnLoad"))
		case "sheet":
			state := ooxml.Attr(e, "state")
			s := sheetPart{name: ooxml.Attr(e, "name"), hidden: state != "" && state != "visible"}
			for _, rel := range rels {
				if rel.ID == ooxml.Attr(e, "id") {
					s.part, s.sheet = strings.ToLower(rel.Target), strings.HasSuffix(rel.Kind, "/worksheet")
				}
			}
			if s.part == "" || len(out) >= mostSheets {
				return faultAt(refusal.SheetNone, 0, 0, "name", Excerpt(s.name))
			}
			out = append(out, s)
		}
		return nil
	})
	if err == nil && len(out) == 0 {
		err = faultAt(refusal.SheetNone, 0, 0, "name", "")
	}
	return out, err
}

package table

import (
	"archive/zip"
	"compress/flate"
	"compress/gzip"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strconv"
	"strings"

	"yardstick/collectors/table/refusal"
	"yardstick/collectors/table/runs"
	"yardstick/schema"
)

// Bounds of a workbook.
const (
	mostSheetXML  = 96 << 20 // bytes of XML read of all sheets together
	mostPartXML   = 48 << 20 // of the shared texts
	mostSmallXML  = 8 << 20  // of styles and the like
	mostStrings   = 1_000_000
	mostStyles    = 65_536 // what a spreadsheet takes is 65,490
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
	file     string
	parts    map[string]*zip.File
	texts    []string          // shared by the sheets
	rich     map[int]runs.Runs // of those texts that are not of one piece
	styled   []cellStyle
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
	b := &workbook{file: r.file.Name, parts: map[string]*zip.File{}, rich: map[int]runs.Runs{}, limits: r.limits}
	for _, f := range z.File {
		b.parts[partName(f)] = f
	}
	sheets, err := b.open()
	if err != nil {
		return toldOf(b.file, "", refusal.FormatXLSX, err)
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
			return toldOf(r.file.Name, s.name, code, err)
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
	main := "xl/workbook.xml"
	rels, err := b.relations("_rels/.rels", "")
	if err != nil {
		return nil, err
	}
	for _, rel := range rels {
		if strings.HasSuffix(rel.kind, "/officeDocument") {
			main = rel.target
		}
	}
	folder, base := path.Split(main)
	rels, err = b.relations(folder+"_rels/"+base+".rels", folder)
	if err != nil {
		return nil, err
	}
	sheets, err := b.sheets(main, rels)
	if err != nil {
		return nil, err
	}
	for _, rel := range rels {
		switch {
		case strings.HasSuffix(rel.kind, "/calcChain"):
			b.kept = true
		case strings.HasSuffix(rel.kind, "/sharedStrings"):
			err = b.sharedTexts(rel.target)
		case strings.HasSuffix(rel.kind, "/styles"):
			err = b.styles(rel.target)
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
		f := b.parts[s.part]
		if !s.sheet {
			continue
		}
		if f == nil {
			return refusal.Refuse(b.file, refusal.FormatXLSX)
		}
		all, packed = all+f.UncompressedSize64, packed+f.CompressedSize64
	}
	if all > mostSheetXML || all > 8<<20 && all/mostRatio > packed {
		return refusal.Refuse(b.file, refusal.WorkbookTooLarge, "limit", megabytes(mostSheetXML))
	}
	return nil
}

// errEntity is a document type in a part: entities, or a file from elsewhere.
var errEntity = errors.New("the part declares a document type")

// faultOfBytes tells what is wrong with the bytes from what is wrong with the
// machine.
func faultOfBytes(err error) bool {
	var syntax *xml.SyntaxError
	var bad *fault
	var corrupt flate.CorruptInputError
	switch {
	case errors.As(err, &syntax), errors.As(err, &bad), errors.Is(err, zip.ErrFormat), errors.Is(err, zip.ErrAlgorithm), errors.Is(err, zip.ErrChecksum),
		errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF), errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum), errors.As(err, &corrupt):
		return true
	}
	return false
}

// fault is what a file may not hold, at a cell.
type fault struct {
	code string
	cell Cell
	args []any
}

func (f *fault) Error() string { return f.code + " at " + f.cell.Name() }

// refusal refuses the file for it.
func (f *fault) refusal(file, sheet string) error {
	p := problemAt(file, f.cell, f.code, append(f.args, "sheet", sheet)...)
	p.Sheet = sheet
	return refusal.Of(p)
}

func faultAt(code string, row, column int, args ...any) error {
	return &fault{code, Cell{Line: row, Row: row, Column: column}, args}
}

// toldOf makes a fault of the bytes a refusal: its own code, or the general
// one of the format.
func toldOf(file, sheet, code string, err error) error {
	var refused *refusal.Refusal
	var f *fault
	switch {
	case errors.As(err, &refused):
		return err
	case errors.Is(err, errEntity):
		return refusal.Refuse(file, refusal.XMLEntity)
	case errors.As(err, &f):
		return f.refusal(file, sheet)
	case !faultOfBytes(err):
		return err
	case sheet != "":
		p := refusal.Problem(file, refusal.SheetDamaged, "sheet", sheet)
		p.Sheet = sheet
		return refusal.Of(p)
	}
	return refusal.Refuse(file, code)
}

type relation struct{ id, kind, target string }

// relations reads a .rels part; a missing one has none.
func (b *workbook) relations(name, folder string) ([]relation, error) {
	var out []relation
	if b.parts[strings.ToLower(name)] == nil {
		return nil, nil
	}
	err := b.elements(name, func(e xml.StartElement) error {
		target := attr(e, "Target")
		if e.Name.Local != "Relationship" || attr(e, "TargetMode") == "External" {
			return nil // nothing is fetched from elsewhere
		}
		if !strings.HasPrefix(target, "/") {
			target = folder + target
		}
		out = append(out, relation{attr(e, "Id"), attr(e, "Type"), strings.TrimPrefix(path.Clean("/"+target), "/")})
		return nil
	})
	return out, err
}

func (b *workbook) sheets(main string, rels []relation) ([]sheetPart, error) {
	var out []sheetPart
	err := b.elements(main, func(e xml.StartElement) error {
		switch e.Name.Local {
		case "workbookPr":
			b.date1904 = truth(attr(e, "date1904"))
		case "calcPr":
			b.anew = truth(attr(e, "fullCalcOnLoad"))
		case "sheet":
			s := sheetPart{name: attr(e, "name"), hidden: attr(e, "state") != "" && attr(e, "state") != "visible"}
			for _, rel := range rels {
				if rel.id == attr(e, "id") {
					s.part, s.sheet = strings.ToLower(rel.target), strings.HasSuffix(rel.kind, "/worksheet")
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

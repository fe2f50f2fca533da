// Package docx writes a document as an editable DOCX file (ECMA-376): real
// styles and headings, tables whose head is repeated, charts with their
// workbook, in the layout that GB/T 9704-2012 gives official papers. The same
// document gives the same bytes. What is written stands in parts; here is what
// the parts ask for.
package docx

import (
	"archive/zip"
	"bytes"
	"embed"
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/template"
	"time"

	"yardstick/dashboards/brief/paper"
	"yardstick/schema"
)

//go:embed parts/*.xml
var parts embed.FS

// blockWidth is how wide the text is, in twips: 156 mm. The page's other measures
// stand in parts/document.xml.
const blockWidth = 8845

// Measures in millimetres: a chart is as wide as the text; a QR code's side is
// with its border.
const (
	chartWidth  = 156
	chartHeight = 58
	codeSide    = 26
)

// twips are twentieths of a point in so many millimetres.
func twips(mm float64) int { return int(mm*1440/25.4 + .5) }

// emu are the units drawings are measured in.
func emu(mm float64) int { return int(mm * 36000) }

// writer gathers the parts of one file.
type writer struct {
	doc    paper.Document
	parts  *template.Template
	files  []file
	links  []relation
	sheets []sheetPart
	charts int
	images int
	shapes int // drawings so far: each needs an id of its own
}

// file is a part; Kind says what it holds where its name does not.
type file struct {
	Name, Kind string
	body       []byte
}

// relation leads from the document to a part.
type relation struct{ ID, Type, Target string }

// sheetPart is what stands on every sheet, or on those of even number.
type sheetPart struct{ Kind, On, ID, Text, Side string }

const (
	officeTypes  = "application/vnd.openxmlformats-officedocument."
	officeLinks  = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	packageTypes = "application/vnd.openxmlformats-package."
	packageLinks = "http://schemas.openxmlformats.org/package/2006/relationships/"
)

// Write writes d. made stands in the file's properties.
func Write(w io.Writer, d paper.Document, made time.Time) (err error) {
	x := &writer{doc: d}
	if x.parts, err = template.New("").Funcs(x.funcs(made)).ParseFS(parts, "parts/*.xml"); err != nil {
		return fmt.Errorf("reading the parts of a document: %w", err)
	}
	for _, name := range []string{"styles", "settings", "fontTable"} {
		if err := x.add("word/"+name+".xml", officeTypes+"wordprocessingml."+name+"+xml", name+".xml", d); err != nil {
			return err
		}
		x.link(name, name+".xml")
	}
	for i, s := range []sheetPart{{Kind: "header", On: "default"}, {Kind: "header", On: "even"},
		{Kind: "footer", On: "default", Side: "right"}, {Kind: "footer", On: "even", Side: "left"}} {
		name := fmt.Sprintf("%s%d.xml", s.Kind, i%2+1)
		s.Text, s.ID = d.Header, x.link(s.Kind, name)
		if err := x.add("word/"+name, officeTypes+"wordprocessingml."+s.Kind+"+xml", s.Kind, s); err != nil {
			return err
		}
		x.sheets = append(x.sheets, s)
	}
	for _, p := range []struct {
		name, kind, part string
		data             func() any
	}{
		{"word/document.xml", officeTypes + "wordprocessingml.document.main+xml", "document.xml", func() any { return d }},
		{"docProps/core.xml", packageTypes + "core-properties+xml", "core", func() any { return d }},
		{"docProps/app.xml", officeTypes + "extended-properties+xml", "app", func() any { return d }},
		{"_rels/.rels", "", "relations", func() any {
			return []relation{{"rId1", officeLinks + "officeDocument", "word/document.xml"},
				{"rId2", packageLinks + "metadata/core-properties", "docProps/core.xml"},
				{"rId3", officeLinks + "extended-properties", "docProps/app.xml"}}
		}},
		{"word/_rels/document.xml.rels", "", "relations", func() any { return x.links }},
		{"[Content_Types].xml", "", "types", func() any { return x.files }},
	} {
		if err := x.add(p.name, p.kind, p.part, p.data()); err != nil {
			return err
		}
	}
	return x.zip(w)
}

// add writes a part from its template.
func (x *writer) add(name, kind, part string, data any) error {
	var body bytes.Buffer
	if err := x.parts.ExecuteTemplate(&body, part, data); err != nil {
		return fmt.Errorf("writing the part %s: %w", name, err)
	}
	x.files = append(x.files, file{name, kind, body.Bytes()})
	return nil
}

// link leads from the document to target and gives the link's id.
func (x *writer) link(kind, target string) string {
	id := fmt.Sprintf("rId%d", len(x.links)+1)
	x.links = append(x.links, relation{id, officeLinks + kind, target})
	return id
}

// zip writes the package: what it holds first, every part with the same time.
func (x *writer) zip(w io.Writer) error {
	out := zip.NewWriter(w)
	last := len(x.files) - 1
	for _, f := range slices.Insert(x.files[:last:last], 0, x.files[last]) {
		part, err := out.CreateHeader(&zip.FileHeader{Name: f.Name, Method: zip.Deflate, Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)})
		if err == nil {
			_, err = part.Write(f.body)
		}
		if err != nil {
			return fmt.Errorf("writing %s: %w", f.Name, err)
		}
	}
	if err := out.Close(); err != nil {
		return fmt.Errorf("closing the document: %w", err)
	}
	return nil
}

// funcs are what the parts call.
func (x *writer) funcs(made time.Time) template.FuncMap {
	return template.FuncMap{
		"escape": escape, "twips": twips, "emu": emu, "serial": serial, "float": float, "plain": paper.Plain, "kind": paper.KindOf,
		"made":   func() string { return made.UTC().Format(time.RFC3339) },
		"sheets": func() []sheetPart { return x.sheets },
		"chart":  x.chart, "picture": x.picture,
		"styled": func(style, text string) any { return struct{ Style, Text string }{style, text} },
		"lines": func(cell paper.Cell, style, small string, align paper.Align) cellLines {
			if len(cell) == 0 {
				cell = paper.Plain("")
			}
			return cellLines{cell, style, small, align}
		},
		"grid": func(style, name string, head bool, widths []int) grid { return grid{style, name, head, widths} },
		"widths": func(columns []paper.Column) (out []int) {
			for _, c := range columns {
				out = append(out, twips(c.Width))
			}
			return out
		},
		"ints": func(all ...int) []int { return all },
		"rows": func(all paper.Codes) (out []codeRow) {
			for row := range slices.Chunk(all, 5) {
				out = append(out, codeRow{row})
			}
			return out
		},
		// A status' colour is the board's own on white paper.
		"hue": func(s schema.Status) string {
			return map[schema.Hue]string{schema.Blue: "23579B", schema.Green: "17724F", schema.Amber: "96600A", schema.Red: "B02A24", schema.Grey: "5F6C78"}[s.Hue()]
		},
	}
}

// cellLines are a cell's paragraphs; a cell has one at least.
type cellLines struct {
	Cell         paper.Cell
	Style, Small string
	Align        paper.Align
}

// grid opens a table of the widths, in twips.
type grid struct {
	Style, Name string
	Head        bool
	Widths      []int
}

// Total is the table's width.
func (g grid) Total() (sum int) {
	for _, w := range g.Widths {
		sum += w
	}
	return sum
}

// codeRow are QR codes beside each other.
type codeRow struct{ Codes paper.Codes }

// Name tells them to who cannot see them.
func (r codeRow) Name() string {
	var b strings.Builder
	for _, c := range r.Codes {
		b.WriteString(c.Caption + " " + c.Address + " ")
	}
	return b.String()
}

// Width is that of each.
func (r codeRow) Width() int { return blockWidth / max(len(r.Codes), 3) }

// Widths are those of all.
func (r codeRow) Widths() []int { return slices.Repeat([]int{r.Width()}, len(r.Codes)) }

// inline is a drawing that stands in the line like a letter, in millimetres: a
// Picture of that name, or a chart.
type inline struct {
	Name, Alt, ID, Picture string
	N                      int
	Width, Height          float64
}

func (x *writer) picture(c paper.Code) (inline, error) {
	body, err := c.PNG()
	if err != nil {
		return inline{}, err
	}
	x.images++
	x.shapes++
	name := fmt.Sprintf("image%d.png", x.images)
	x.files = append(x.files, file{"word/media/" + name, "", body})
	return inline{"QR", c.Caption + " " + c.Address, x.link("image", "media/"+name), name, x.shapes, codeSide, codeSide}, nil
}

// escape makes s text of an XML file; what XML cannot hold becomes a
// replacement character.
func escape(s string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s)) // a buffer takes everything
	return b.String()
}

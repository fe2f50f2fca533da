// Package docx writes a document as an editable DOCX file (ECMA-376): real
// styles and headings, tables whose head is repeated, charts with their
// workbook, in the layout that GB/T 9704-2012 gives official papers. The same
// document gives the same bytes.
package docx

import (
	"archive/zip"
	"bytes"
	"embed"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"text/template"
	"time"

	"yardstick/dashboards/brief/paper"
	"yardstick/schema"
)

//go:embed parts/*.xml
var parts embed.FS

// Measures of GB/T 9704-2012 in twentieths of a point, as Word counts: A4, 37 mm
// above and 28 mm left of a block of 156 by 225 mm, 22 lines of 28 characters. The
// characters are set a quarter of a point closer for that by the styles of running
// text: a grid of characters is drawn differently by every program.
const (
	pageWidth  = 11906
	pageHeight = 16838
	top        = 2098
	left       = 1587
	right      = 1474
	bottom     = 1984
	footer     = 1417 // the page number's line ends 25 mm above the edge, about 7 mm below the block
	header     = 1247
	line       = 579 // 28.95 pt
	blockWidth = pageWidth - left - right
)

// twips are twentieths of a point in so many millimetres.
func twips(mm float64) int { return int(mm*1440/25.4 + .5) }

// emu are the units drawings are measured in.
func emu(mm float64) int { return int(mm * 36000) }

// writer gathers the parts of one file.
type writer struct {
	doc    paper.Document
	body   strings.Builder
	files  []file
	kinds  []override
	links  []relation
	charts int
	images int
	shapes int // drawings so far: each needs an id of its own
}

type file struct {
	name string
	body []byte
}

// override says what kind of content a part holds.
type override struct{ Part, Type string }

// relation leads from the document to a part.
type relation struct{ ID, Type, Target string }

const (
	officeTypes = "application/vnd.openxmlformats-officedocument."
	officeLinks = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
)

// Write writes d. made stands in the file's properties.
func Write(w io.Writer, d paper.Document, made time.Time) error {
	x := &writer{doc: d}
	fixed, err := template.ParseFS(parts, "parts/*.xml")
	if err != nil {
		return fmt.Errorf("reading the parts of a document: %w", err)
	}
	for _, name := range []string{"styles", "settings", "fontTable"} {
		var body bytes.Buffer
		if err := fixed.ExecuteTemplate(&body, name+".xml", hand(d.Lang)); err != nil {
			return fmt.Errorf("writing the part %s: %w", name, err)
		}
		x.part("word/"+name+".xml", officeTypes+"wordprocessingml."+name+"+xml", body.Bytes())
		x.link(name, name+".xml")
	}
	headers := x.headers()
	if err := x.blocks(); err != nil {
		return err
	}
	x.part("word/document.xml", officeTypes+"wordprocessingml.document.main+xml", []byte(documentStart+x.body.String()+headers+documentEnd))
	x.properties(made)
	return x.zip(w)
}

// setting is how running text is set. The standard's is for Chinese; English is
// smaller, and its headings are bold, as it has no second face to tell them by.
type setting struct {
	Size   int    // half points
	Line   int    // twentieths of a point
	Closer int    // between characters, in twentieths of a point
	Indent string // of a paragraph's first line
	Above  string // a heading
	Bold   string
	Grid   string // that lines are laid on
}

func hand(lang string) setting {
	if lang != schema.Chinese {
		return setting{22, 300, 0, `w:firstLine="0"`, `w:before="200" w:after="60"`, `<w:b/>`, ""}
	}
	return setting{32, line, -5, `w:firstLineChars="200" w:firstLine="632"`, `w:before="0" w:after="0"`, "", fmt.Sprintf(`<w:docGrid w:type="lines" w:linePitch="%d"/>`, line)}
}

// part adds a part with its kind.
func (x *writer) part(name, kind string, body []byte) {
	x.files = append(x.files, file{name, body})
	if kind != "" {
		x.kinds = append(x.kinds, override{"/" + name, kind})
	}
}

// link leads from the document to target and gives the link's id.
func (x *writer) link(kind, target string) string {
	id := fmt.Sprintf("rId%d", len(x.links)+1)
	x.links = append(x.links, relation{id, officeLinks + kind, target})
	return id
}

const (
	xmlHead       = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	namespaces    = ` xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"`
	documentStart = xmlHead + `<w:document` + namespaces + `><w:body>`
	documentEnd   = `</w:body></w:document>`
)

// headers are what stands on every sheet: above, what must be said; below, the
// page number at the outer edge, — 1 —, as the standard wants it. It gives the
// section's properties, which name them.
func (x *writer) headers() string {
	above := `<w:p><w:pPr><w:pStyle w:val="Header"/></w:pPr>` + text(x.doc.Header) + `</w:p>`
	number := func(jc, indent string) string {
		return `<w:p><w:pPr><w:pStyle w:val="Footer"/><w:ind ` + indent + `/><w:jc w:val="` + jc + `"/></w:pPr>` + text("— ") +
			`<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>` +
			text(" —") + `</w:p>`
	}
	var refs strings.Builder
	for _, h := range []struct{ name, kind, on, body string }{
		{"header1", "header", "default", above}, {"header2", "header", "even", above},
		{"footer1", "footer", "default", number("right", `w:rightChars="100" w:right="280"`)},
		{"footer2", "footer", "even", number("left", `w:leftChars="100" w:left="280"`)},
	} {
		tag := map[string]string{"header": "hdr", "footer": "ftr"}[h.kind]
		x.part("word/"+h.name+".xml", officeTypes+"wordprocessingml."+h.kind+"+xml", []byte(xmlHead+`<w:`+tag+namespaces+`>`+h.body+`</w:`+tag+`>`))
		fmt.Fprintf(&refs, `<w:%sReference w:type="%s" r:id="%s"/>`, h.kind, h.on, x.link(h.kind, h.name+".xml"))
	}
	return fmt.Sprintf(`<w:sectPr>%s<w:pgSz w:w="%d" w:h="%d"/><w:pgMar w:top="%d" w:right="%d" w:bottom="%d" w:left="%d" w:header="%d" w:footer="%d" w:gutter="0"/><w:pgNumType w:start="1"/>%s</w:sectPr>`,
		refs.String(), pageWidth, pageHeight, top, right, bottom, left, header, footer, hand(x.doc.Lang).Grid)
}

// properties are the parts that every package has.
func (x *writer) properties(made time.Time) {
	stamp := made.UTC().Format(time.RFC3339)
	x.part("docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml", []byte(xmlHead+
		`<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>`+
		escape(x.doc.Title)+`</dc:title><dc:subject>`+escape(x.doc.Subject)+`</dc:subject><dc:creator>Yardstick</dc:creator><dc:language>`+x.doc.Language().Tag+
		`</dc:language><dcterms:created xsi:type="dcterms:W3CDTF">`+stamp+`</dcterms:created><dcterms:modified xsi:type="dcterms:W3CDTF">`+stamp+`</dcterms:modified></cp:coreProperties>`))
	x.part("docProps/app.xml", officeTypes+"extended-properties+xml", []byte(xmlHead+`<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><Application>Yardstick</Application></Properties>`))
	x.part("_rels/.rels", "", []byte(relations([]relation{
		{"rId1", officeLinks + "officeDocument", "word/document.xml"},
		{"rId2", "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties", "docProps/core.xml"},
		{"rId3", officeLinks + "extended-properties", "docProps/app.xml"},
	})))
	x.part("word/_rels/document.xml.rels", "", []byte(relations(x.links)))
}

func relations(all []relation) string {
	var b strings.Builder
	b.WriteString(xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`)
	for _, r := range all {
		fmt.Fprintf(&b, `<Relationship Id="%s" Type="%s" Target="%s"/>`, r.ID, r.Type, r.Target)
	}
	return b.String() + `</Relationships>`
}

// zip writes the package: what it holds first, every part with the same time.
func (x *writer) zip(w io.Writer) error {
	var kinds strings.Builder
	kinds.WriteString(xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/><Default Extension="xlsx" ContentType="` + officeTypes + `spreadsheetml.sheet"/>`)
	for _, k := range x.kinds {
		fmt.Fprintf(&kinds, `<Override PartName="%s" ContentType="%s"/>`, k.Part, k.Type)
	}
	kinds.WriteString(`</Types>`)
	out := zip.NewWriter(w)
	for _, f := range append([]file{{"[Content_Types].xml", []byte(kinds.String())}}, x.files...) {
		part, err := out.CreateHeader(&zip.FileHeader{Name: f.name, Method: zip.Deflate, Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)})
		if err == nil {
			_, err = part.Write(f.body)
		}
		if err != nil {
			return fmt.Errorf("writing %s: %w", f.name, err)
		}
	}
	if err := out.Close(); err != nil {
		return fmt.Errorf("closing the document: %w", err)
	}
	return nil
}

// escape makes s text of an XML file; what XML cannot hold becomes a
// replacement character.
func escape(s string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s)) // a buffer takes everything
	return b.String()
}

// text is s as a run without properties.
func text(s string) string {
	return `<w:r><w:t xml:space="preserve">` + escape(s) + `</w:t></w:r>`
}

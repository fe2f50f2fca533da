// Package ooxml reads the parts of a workbook's package (XLSX, XLSM): what belongs to
// what, the texts and the styles that its sheets share, and XML of any other part.
package ooxml

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"yardstick/collectors/table/archive"
	"yardstick/collectors/table/numfmt"
	"yardstick/collectors/table/refusal"
	"yardstick/collectors/table/runs"
)

// Bounds of a package's parts.
const (
	mostPartXML  = 48 << 20 // bytes of XML read of the shared texts
	mostSmallXML = 8 << 20  // of styles and the like

	MostStrings = 1_000_000
	MostStyles  = 65_536 // what a spreadsheet takes is 65,490
)

// Package is a workbook's package, with what its sheets share once that was read. All
// other parts are streamed each time, never held.
type Package struct {
	Texts  []string          // that cells name by number
	Rich   map[int]runs.Runs // of those texts that are not of one piece
	Styles []runs.Style      // that cells name by number

	file  string // as refusals call it
	parts map[string]*zip.File
}

// Of is the package that a zip holds.
func Of(file string, z *zip.Reader) *Package {
	p := &Package{Rich: map[int]runs.Runs{}, file: file, parts: map[string]*zip.File{}}
	for _, f := range z.File {
		p.parts[archive.PartName(f)] = f
	}
	return p
}

// Size is how many bytes a part has, and how many it is packed to; ok is false when
// there is none of the name.
func (b *Package) Size(name string) (bytes, packed uint64, ok bool) {
	f := b.parts[strings.ToLower(name)]
	if f == nil {
		return 0, 0, false
	}
	return f.UncompressedSize64, f.CompressedSize64, true
}

// Part is an open part and its XML.
type Part struct {
	io.Closer
	*xml.Decoder
}

// Part opens a part of at most so many bytes; io.EOF when there is none.
func (b *Package) Part(name string, most uint64) (*Part, error) {
	f := b.parts[strings.ToLower(name)]
	if f == nil {
		return nil, io.EOF
	}
	if f.Flags&1 != 0 {
		return nil, refusal.Refuse(b.file, refusal.Password)
	}
	if f.UncompressedSize64 > most {
		return nil, refusal.Refuse(b.file, refusal.WorkbookTooLarge, "limit", refusal.Megabytes(int64(most)))
	}
	body, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", name, err)
	}
	d := xml.NewDecoder(body)
	d.CharsetReader = func(string, io.Reader) (io.Reader, error) { return nil, &refusal.Fault{Code: refusal.FormatXLSX} }
	return &Part{body, d}, nil
}

// Next gives the next element or text.
func (p *Part) Next() (xml.Token, error) {
	for {
		t, err := p.RawToken()
		if err != nil {
			return nil, err
		}
		switch t := t.(type) {
		case xml.Directive:
			return nil, refusal.ErrEntity
		case xml.StartElement, xml.EndElement, xml.CharData:
			return t, nil
		}
	}
}

// Elements gives every start element of a small part.
func (b *Package) Elements(name string, each func(xml.StartElement) error) error {
	return b.walk(name, mostSmallXML, func(_ *Part, e xml.StartElement) error { return each(e) })
}

// walk gives the start elements of a part, with the reader, which each may read
// on from.
func (b *Package) walk(name string, most uint64, each func(*Part, xml.StartElement) error) error {
	p, err := b.Part(name, most)
	if err != nil {
		return err
	}
	defer p.Close()
	for {
		t, err := p.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading %s: %w", name, err)
		}
		if e, ok := t.(xml.StartElement); ok {
			if err := each(p, e); err != nil {
				return err
			}
		}
	}
}

// Relation is what a part names by an id: another part, and of what kind.
type Relation struct{ ID, Kind, Target string }

// Main gives the name of the workbook's own part, and what that names.
func (b *Package) Main() (name string, rels []Relation, err error) {
	name = "xl/workbook.xml"
	if rels, err = b.relations("_rels/.rels", ""); err != nil {
		return "", nil, err
	}
	for _, rel := range rels {
		if strings.HasSuffix(rel.Kind, "/officeDocument") {
			name = rel.Target
		}
	}
	folder, base := path.Split(name)
	rels, err = b.relations(folder+"_rels/"+base+".rels", folder)
	return name, rels, err
}

// relations reads a .rels part; a missing one has none.
func (b *Package) relations(name, folder string) ([]Relation, error) {
	var out []Relation
	if b.parts[strings.ToLower(name)] == nil {
		return nil, nil
	}
	err := b.Elements(name, func(e xml.StartElement) error {
		target := Attr(e, "Target")
		if e.Name.Local != "Relationship" || Attr(e, "TargetMode") == "External" {
			return nil // nothing is fetched from elsewhere
		}
		if !strings.HasPrefix(target, "/") {
			target = folder + target
		}
		out = append(out, Relation{Attr(e, "Id"), Attr(e, "Type"), strings.TrimPrefix(path.Clean("/"+target), "/")})
		return nil
	})
	return out, err
}

// ReadTexts reads the shared texts, none of which may have more than so many bytes.
func (b *Package) ReadTexts(name string, most int) error {
	return b.walk(name, mostPartXML, func(p *Part, e xml.StartElement) error {
		if e.Name.Local != "si" {
			return nil
		}
		text, err := p.RichText(most)
		if err != nil {
			return err
		}
		if len(b.Texts) >= MostStrings {
			return refusal.Refuse(b.file, refusal.WorkbookTooLarge, "limit", refusal.Megabytes(mostPartXML))
		}
		if text.Marked() {
			b.Rich[len(b.Texts)] = text
		}
		b.Texts = append(b.Texts, text.Text())
		return nil
	})
}

// RichText gives the <t> of an <si> or <is> whose start was read, with what the
// font of each run does to it; phonetic guides are no text. A text of more than so many
// bytes is a fault.
func (p *Part) RichText(most int) (runs.Runs, error) {
	var w runs.Writer
	in, guide, font, own := false, 0, runs.Mark(0), false
	for depth := 1; depth > 0; {
		t, err := p.Next()
		if err != nil {
			return nil, fmt.Errorf("reading a text: %w", Unexpected(err))
		}
		switch t := t.(type) {
		case xml.StartElement:
			depth++
			switch t.Name.Local {
			case "rPh":
				guide = depth
			case "rPr":
				own = true
			case "r":
				font, own = 0, false
			default:
				font |= fontMark(t)
			}
			in = t.Name.Local == "t" && guide == 0
		case xml.EndElement:
			if guide == depth {
				guide = 0
			}
			depth--
			in = false
		case xml.CharData:
			if in {
				w.Add(string(t), font, own)
			}
			if w.Size > most {
				return nil, &refusal.Fault{Code: refusal.WorkbookTooLarge, Args: []any{"limit", refusal.Megabytes(int64(most))}}
			}
		}
	}
	out := w.Runs()
	for i := range out {
		out[i].Text = Unescape(out[i].Text)
	}
	return out, nil
}

// fontMark reads what an element of a font does to the text.
func fontMark(e xml.StartElement) runs.Mark {
	value := Attr(e, "val")
	switch e.Name.Local {
	case "strike":
		if value == "" || Truth(value) {
			return runs.Struck
		}
	case "vertAlign":
		switch value {
		case "superscript":
			return runs.Raised
		case "subscript":
			return runs.Lowered
		}
	case "color":
		if white(e) {
			return runs.Pale
		}
	case "sz":
		if runs.Below(value, runs.LeastLetters) {
			return runs.Unseen
		}
	}
	return 0
}

// white reports whether a colour is that of the sheet itself: by its parts, as the
// theme's first, or by its number.
func white(e xml.StartElement) bool {
	rgb := strings.ToUpper(Attr(e, "rgb"))
	tint, _ := strconv.ParseFloat(Attr(e, "tint"), 64)
	switch indexed := Attr(e, "indexed"); {
	case tint > 0.1 || tint < -0.1:
		return false
	case indexed == "1" || indexed == "9" || indexed == "65":
		return true
	}
	return len(rgb) >= 6 && rgb[len(rgb)-6:] == "FFFFFF" || Attr(e, "theme") == "0"
}

// Unexpected makes the end of a part within an element a fault.
func Unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// escaped stands for a character that XML cannot hold: _x0009_.
var escaped = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`_x[0-9a-fA-F]{4}_`) })

// Unescape writes the characters that stand escaped, and line ends as LF.
func Unescape(s string) string {
	if strings.Contains(s, "_x") {
		s = escaped().ReplaceAllStringFunc(s, func(code string) string {
			n, _ := strconv.ParseUint(code[2:6], 16, 16)
			return string(rune(n))
		})
	}
	return runs.Lines(s)
}

// ReadStyles reads the number format, the font and the ground of each cell style.
func (b *Package) ReadStyles(name string) error {
	codes, within := map[int]string{}, ""
	known := map[int]numfmt.Format{}
	var fonts []runs.Mark
	var fills []bool // of another colour than white
	err := b.Elements(name, func(e xml.StartElement) error {
		switch e.Name.Local {
		case "numFmt":
			if id, err := strconv.Atoi(Attr(e, "numFmtId")); err == nil {
				codes[id] = Attr(e, "formatCode")
			}
		case "fonts", "fills", "borders", "cellXfs", "cellStyleXfs", "cellStyles", "dxfs":
			within = e.Name.Local
		case "font":
			if within == "fonts" {
				fonts = append(fonts, 0)
			}
		case "fill":
			if within == "fills" {
				fills = append(fills, false)
			}
		case "patternFill", "gradientFill", "fgColor":
			if within == "fills" && len(fills) > 0 {
				pattern := Attr(e, "patternType")
				fills[len(fills)-1] = e.Name.Local == "gradientFill" || pattern != "" && pattern != "none" ||
					e.Name.Local == "fgColor" && fills[len(fills)-1] && !white(e)
			}
		case "strike", "vertAlign", "color", "sz":
			if within == "fonts" && len(fonts) > 0 {
				fonts[len(fonts)-1] |= fontMark(e)
			}
		case "xf":
			id, _ := strconv.Atoi(Attr(e, "numFmtId"))
			font, _ := strconv.Atoi(Attr(e, "fontId"))
			if within != "cellXfs" {
				return nil
			}
			if _, ok := known[id]; !ok {
				known[id] = numfmt.FormatOf(id, codes[id])
			}
			style := runs.Style{Format: known[id]}
			if font >= 0 && font < len(fonts) {
				style.Mark = fonts[font]
			}
			if fill, _ := strconv.Atoi(Attr(e, "fillId")); fill >= 0 && fill < len(fills) {
				style.Ground = fills[fill]
			}
			if b.Styles = append(b.Styles, style); len(b.Styles) > MostStyles {
				return refusal.Refuse(b.file, refusal.WorkbookTooLarge, "limit", refusal.Megabytes(mostSmallXML))
			}
		}
		return nil
	})
	if errors.Is(err, io.EOF) {
		return nil // no styles: nothing is formatted
	}
	return err
}

// Attr is the value of an attribute; "" when there is none.
func Attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// Truth reports whether an attribute says yes.
func Truth(s string) bool { return s == "1" || strings.EqualFold(s, "true") }

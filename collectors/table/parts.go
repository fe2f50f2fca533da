package table

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"yardstick/collectors/table/numfmt"
	"yardstick/collectors/table/refusal"
	"yardstick/collectors/table/runs"
)

// partReader is an open part and its XML.
type partReader struct {
	io.Closer
	*xml.Decoder
}

// part opens a part of at most so many bytes; io.EOF when there is none.
func (b *workbook) part(name string, most uint64) (*partReader, error) {
	f := b.parts[strings.ToLower(name)]
	if f == nil {
		return nil, io.EOF
	}
	if f.Flags&1 != 0 {
		return nil, refusal.Refuse(b.file, refusal.Password)
	}
	if f.UncompressedSize64 > most {
		return nil, refusal.Refuse(b.file, refusal.WorkbookTooLarge, "limit", megabytes(int64(most)))
	}
	body, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", name, err)
	}
	d := xml.NewDecoder(body)
	d.CharsetReader = func(string, io.Reader) (io.Reader, error) { return nil, faultAt(refusal.FormatXLSX, 0, 0) }
	return &partReader{body, d}, nil
}

// token gives the next element or text.
func (p *partReader) token() (xml.Token, error) {
	for {
		t, err := p.RawToken()
		if err != nil {
			return nil, err
		}
		switch t := t.(type) {
		case xml.Directive:
			return nil, errEntity
		case xml.StartElement, xml.EndElement, xml.CharData:
			return t, nil
		}
	}
}

// elements gives every start element of a small part.
func (b *workbook) elements(name string, each func(xml.StartElement) error) error {
	return b.walk(name, mostSmallXML, func(_ *partReader, e xml.StartElement) error { return each(e) })
}

// walk gives the start elements of a part, with the reader, which each may read
// on from.
func (b *workbook) walk(name string, most uint64, each func(*partReader, xml.StartElement) error) error {
	p, err := b.part(name, most)
	if err != nil {
		return err
	}
	defer p.Close()
	for {
		t, err := p.token()
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

// sharedTexts reads the texts that cells name by number.
func (b *workbook) sharedTexts(name string) error {
	return b.walk(name, mostPartXML, func(p *partReader, e xml.StartElement) error {
		if e.Name.Local != "si" {
			return nil
		}
		text, err := p.richText(b.limits.Field)
		if err != nil {
			return err
		}
		if len(b.texts) >= mostStrings {
			return refusal.Refuse(b.file, refusal.WorkbookTooLarge, "limit", megabytes(mostPartXML))
		}
		if text.Marked() {
			b.rich[len(b.texts)] = text
		}
		b.texts = append(b.texts, text.Text())
		return nil
	})
}

// richText gives the <t> of an <si> or <is> whose start was read, with what the
// font of each run does to it; phonetic guides are no text.
func (p *partReader) richText(most int) (runs.Runs, error) {
	var w runs.Writer
	in, guide, font, own := false, 0, runs.Mark(0), false
	for depth := 1; depth > 0; {
		t, err := p.token()
		if err != nil {
			return nil, fmt.Errorf("reading a text: %w", unexpected(err))
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
				return nil, faultAt(refusal.WorkbookTooLarge, 0, 0, "limit", megabytes(int64(most)))
			}
		}
	}
	out := w.Runs()
	for i := range out {
		out[i].Text = unescape(out[i].Text)
	}
	return out, nil
}

// fontMark reads what an element of a font does to the text.
func fontMark(e xml.StartElement) runs.Mark {
	value := attr(e, "val")
	switch e.Name.Local {
	case "strike":
		if value == "" || truth(value) {
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
		if less(value, leastLetters) {
			return runs.Unseen
		}
	}
	return 0
}

// leastLetters is the height of letters in points that can be seen.
const leastLetters = 2

// white reports whether a colour is that of the sheet itself: by its parts, as the
// theme's first, or by its number.
func white(e xml.StartElement) bool {
	rgb := strings.ToUpper(attr(e, "rgb"))
	tint, _ := strconv.ParseFloat(attr(e, "tint"), 64)
	switch indexed := attr(e, "indexed"); {
	case tint > 0.1 || tint < -0.1:
		return false
	case indexed == "1" || indexed == "9" || indexed == "65":
		return true
	}
	return len(rgb) >= 6 && rgb[len(rgb)-6:] == "FFFFFF" || attr(e, "theme") == "0"
}

// unexpected makes the end of a part within an element a fault.
func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// escaped stands for a character that XML cannot hold: _x0009_.
var escaped = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`_x[0-9a-fA-F]{4}_`) })

func unescape(s string) string {
	if strings.Contains(s, "_x") {
		s = escaped().ReplaceAllStringFunc(s, func(code string) string {
			n, _ := strconv.ParseUint(code[2:6], 16, 16)
			return string(rune(n))
		})
	}
	return newLines(s)
}

// styles reads the number format and the font of each cell style.
func (b *workbook) styles(name string) error {
	codes, within := map[int]string{}, ""
	known := map[int]numfmt.Format{}
	var fonts []runs.Mark
	var fills []bool // of another colour than white
	err := b.elements(name, func(e xml.StartElement) error {
		switch e.Name.Local {
		case "numFmt":
			if id, err := strconv.Atoi(attr(e, "numFmtId")); err == nil {
				codes[id] = attr(e, "formatCode")
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
				pattern := attr(e, "patternType")
				fills[len(fills)-1] = e.Name.Local == "gradientFill" || pattern != "" && pattern != "none" ||
					e.Name.Local == "fgColor" && fills[len(fills)-1] && !white(e)
			}
		case "strike", "vertAlign", "color", "sz":
			if within == "fonts" && len(fonts) > 0 {
				fonts[len(fonts)-1] |= fontMark(e)
			}
		case "xf":
			id, _ := strconv.Atoi(attr(e, "numFmtId"))
			font, _ := strconv.Atoi(attr(e, "fontId"))
			if within != "cellXfs" {
				return nil
			}
			if _, ok := known[id]; !ok {
				known[id] = numfmt.FormatOf(id, codes[id])
			}
			style := cellStyle{format: known[id]}
			if font >= 0 && font < len(fonts) {
				style.mark = fonts[font]
			}
			if fill, _ := strconv.Atoi(attr(e, "fillId")); fill >= 0 && fill < len(fills) {
				style.ground = fills[fill]
			}
			if b.styled = append(b.styled, style); len(b.styled) > mostStyles {
				return refusal.Refuse(b.file, refusal.WorkbookTooLarge, "limit", megabytes(mostSmallXML))
			}
		}
		return nil
	})
	if errors.Is(err, io.EOF) {
		return nil // no styles: nothing is formatted
	}
	return err
}

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func truth(s string) bool { return s == "1" || strings.EqualFold(s, "true") }

// Package paper is a document before it has a form: headings, paragraphs,
// tables, charts, codes and forms, in order. Writers turn the same document into
// DOCX and into a page, so that no form says anything another does not.
package paper

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"reflect"
	"strings"

	"rsc.io/qr"

	"yardstick/schema"
)

// Document is one paper. Header stands on every sheet.
type Document struct {
	Lang     string // code of a language
	Title    string
	Subtitle []string // under it, centred
	Header   string   // what must be said on every sheet; may be empty
	Subject  string   // what it is about, for the file's properties
	Blocks   []Block
}

// Language is the document's.
func (d Document) Language() schema.Language { return schema.LanguageOf(d.Lang) }

// Block is a piece of a document: one of the types below.
type Block interface{ block() }

// Heading is a section's; Level is 1 or 2.
type Heading struct {
	Level int
	Text  string
}

// Style of a paragraph.
type Style string

// The styles.
const (
	Body Style = "body" // as the paper's text runs
	Note Style = "note" // smaller, beside a table or a chart
)

// Paragraph is running text. A Keep one stays on the sheet of what follows.
type Paragraph struct {
	Style Style
	Runs  []Run
	Keep  bool
}

// Kept is p staying with what follows.
func (p Paragraph) Kept() Paragraph { p.Keep = true; return p }

// Run is text of one kind. Status, where there is one, gives the hue; the text
// says the same in words.
type Run struct {
	Text   string
	Status schema.Status
	Link   string // the address it leads to, on a screen; none when empty
}

// Align of a column.
type Align string

// The alignments.
const (
	Left  Align = "left"
	Right Align = "right"
)

// Column of a table; Width in millimetres.
type Column struct {
	Head  string
	Width float64
	Align Align
}

// Table has a head that is repeated on every sheet. Rows are not torn apart.
type Table struct {
	Name    string // for who cannot see it
	Columns []Column
	Rows    [][]Cell
}

// Cell is one or more lines.
type Cell []Line

// Line is one line of a cell; a Small one is secondary.
type Line struct {
	Runs  []Run
	Small bool
}

// Cells makes a row of one-line cells.
func Cells(texts ...string) []Cell {
	out := make([]Cell, len(texts))
	for i, t := range texts {
		out[i] = Plain(t)
	}
	return out
}

// Plain is a cell of one line without anything special.
func Plain(text string) Cell { return Cell{{Runs: []Run{{Text: text}}}} }

// Linked is a cell of one line that leads to an address.
func Linked(text, address string) Cell { return Cell{{Runs: []Run{{Text: text, Link: address}}}} }

// Under adds a small second line, unless there is nothing to say.
func (c Cell) Under(text string) Cell {
	if text == "" {
		return c
	}
	return append(c, Line{Runs: []Run{{Text: text}}, Small: true})
}

// Form is a sheet to be filled in: labels with what is known, or with room for
// what is asked. Rows with several fields stand beside each other.
type Form struct {
	Name string
	Rows []FormRow
}

// FormRow is one row of a form. Height in millimetres is the least it takes.
type FormRow struct {
	Fields []Field
	Height float64
}

// Field is a label and what stands beside it; nothing is room to write.
type Field struct {
	Label string
	Value Cell
}

// Band is a line across a form that tells its colour in words.
type Band struct {
	Colour Colour
	Text   string
}

// Colour of a band.
type Colour string

// The colours.
const (
	Red    Colour = "red"
	Yellow Colour = "yellow"
	Blue   Colour = "blue"
)

// Code is a QR code with the address it leads to and what that is.
type Code struct{ Address, Caption string }

// Codes stand beside each other.
type Codes []Code

// Sheet begins a new sheet; Title, where given, is set as the document's own.
type Sheet struct{ Title string }

// KindOf names a block for templates: Heading, Paragraph, Table ….
func KindOf(b Block) string { return reflect.TypeOf(b).Name() }

func (Heading) block()   {}
func (Paragraph) block() {}
func (Table) block()     {}
func (Chart) block()     {}
func (Form) block()      {}
func (Band) block()      {}
func (Codes) block()     {}
func (Sheet) block()     {}

// Say is a paragraph of running text.
func Say(text string) Paragraph { return Paragraph{Style: Body, Runs: []Run{{Text: text}}} }

// Aside is a note.
func Aside(text string) Paragraph { return Paragraph{Style: Note, Runs: []Run{{Text: text}}} }

// quiet is the white border of a QR code, in modules (ISO/IEC 18004 asks for 4).
const quiet = 4

// drawn is a code's modules. Level M: 15 % may be lost to stamps and creases.
func (c Code) drawn() (*qr.Code, error) {
	code, err := qr.Encode(c.Address, qr.M)
	if err != nil {
		return nil, fmt.Errorf("drawing the QR code of %s: %w", c.Address, err)
	}
	return code, nil
}

// PNG is the code as a picture, eight pixels a module.
func (c Code) PNG() ([]byte, error) {
	code, err := c.drawn()
	if err != nil {
		return nil, err
	}
	const size = 8
	side := (code.Size + 2*quiet) * size
	img := image.NewPaletted(image.Rect(0, 0, side, side), color.Palette{color.White, color.Black})
	for y := range side {
		for x := range side {
			if code.Black(x/size-quiet, y/size-quiet) {
				img.SetColorIndex(x, y, 1)
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return nil, fmt.Errorf("writing the QR code of %s: %w", c.Address, err)
	}
	return b.Bytes(), nil
}

// Path is the code as one path of an SVG, a unit a module, in a square of size.
func (c Code) Path() (path string, size int, err error) {
	code, err := c.drawn()
	if err != nil {
		return "", 0, err
	}
	var b strings.Builder
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			from := x
			for x < code.Size && code.Black(x, y) {
				x++
			}
			if x > from {
				fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", from+quiet, y+quiet, x-from, x-from)
			}
		}
	}
	return b.String(), code.Size + 2*quiet, nil
}

// Package page writes a document as one page of HTML that needs nothing else: no
// script, no picture, no font and no stylesheet from anywhere. Printed, it has
// the layout that GB/T 9704-2012 gives official papers.
package page

import (
	"embed"
	"fmt"
	"html/template"
	"io"
	"strings"

	"yardstick/dashboards/brief/paper"
	"yardstick/schema"
)

//go:embed templates/*
var files embed.FS

// block is a piece as the template takes it; one field is set.
type block struct {
	Heading   *paper.Heading
	Paragraph *paper.Paragraph
	Table     *paper.Table
	Form      *paper.Form
	Band      *paper.Band
	Sheet     *paper.Sheet
	Chart     *drawing
	Codes     []code
	Skip      bool
}

type code struct {
	paper.Code
	Path string
	Size int
}

// Write writes d.
func Write(w io.Writer, d paper.Document) error {
	style, err := files.ReadFile("templates/paper.css")
	if err != nil {
		return fmt.Errorf("reading the paper's stylesheet: %w", err)
	}
	t, err := template.New("paper.html").Funcs(template.FuncMap{"hue": hue, "span": span, "align": align}).ParseFS(files, "templates/paper.html")
	if err != nil {
		return fmt.Errorf("reading the paper's template: %w", err)
	}
	view := struct {
		paper.Document
		Style  template.CSS
		Pieces []block
	}{d, template.CSS(string(style) + schema.StatusStyles("color") + sheetHeader(d.Header)), nil} // our own
	for _, b := range d.Blocks {
		piece, err := pieceOf(b)
		if err != nil {
			return err
		}
		view.Pieces = append(view.Pieces, piece)
	}
	if err := t.Execute(w, view); err != nil {
		return fmt.Errorf("writing the page: %w", err)
	}
	return nil
}

// sheetHeader has every printed sheet say text above.
func sheetHeader(text string) string {
	if text == "" {
		return ""
	}
	var b strings.Builder
	for _, r := range text {
		fmt.Fprintf(&b, `\%06x`, r) // six digits end by themselves, whatever comes next
	}
	return `@page { @top-center { content: "` + b.String() + `"; } }`
}

func pieceOf(b paper.Block) (block, error) {
	switch b := b.(type) {
	case paper.Heading:
		return block{Heading: &b}, nil
	case paper.Paragraph:
		return block{Paragraph: &b}, nil
	case paper.Table:
		return block{Table: &b}, nil
	case paper.Form:
		return block{Form: &b}, nil
	case paper.Band:
		return block{Band: &b}, nil
	case paper.Sheet:
		return block{Sheet: &b}, nil
	case paper.Chart:
		d := draw(b)
		return block{Chart: &d}, nil
	case paper.Codes:
		out := block{Codes: make([]code, len(b))}
		for i, c := range b {
			path, size, err := c.Path()
			if err != nil {
				return out, err
			}
			out.Codes[i] = code{c, path, size}
		}
		return out, nil
	}
	return block{}, fmt.Errorf("a page has no place for a %T", b)
}

// hue is the class of a status, which gives its colour; "" is none.
func hue(s schema.Status) string {
	if s == "" {
		return ""
	}
	return "s-" + string(s)
}

// span is how many cells the value of the only field of a row takes.
func span(r paper.FormRow) int {
	if len(r.Fields) == 1 {
		return 3
	}
	return 1
}

// align is the class of a column, or of nothing for the left.
func align(columns []paper.Column, i int) string {
	return "a-" + string(columns[i].Align)
}

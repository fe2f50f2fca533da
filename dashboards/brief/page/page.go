// Package page writes a document as one page of HTML that needs nothing else: no
// script, no picture, no font and no stylesheet from anywhere. Printed, it has
// the layout that GB/T 9704-2012 gives official papers.
package page

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"

	"yardstick/dashboards/brief/paper"
	"yardstick/schema"
)

//go:embed templates/*
var files embed.FS

// Card is a brief for a chat, as wide as a phone's picture.
type Card struct {
	Lang, Title, Policy, Number, AsOf string
	Warning                           string // what must be said of all of it
	Turned                            string
	Counts                            []Count
	WorstHead                         string
	Rows                              []CardRow
	Address, More                     string
}

// Language is the card's.
func (c Card) Language() schema.Language { return schema.LanguageOf(c.Lang) }

// Count is how many targets have a status.
type Count struct {
	Status schema.Status
	Word   string
	N      int
}

// CardRow is one of the worst.
type CardRow struct {
	Status                             schema.Status
	Word, Title                        string
	Value, Target, Gap, Outlook, Owner string
}

// Write writes d.
func Write(w io.Writer, d paper.Document) error {
	return write(w, "paper", sheetHeader(d.Header), func(style template.CSS) any {
		return struct {
			paper.Document
			Style template.CSS
		}{d, style}
	})
}

// WriteCard writes c as a page to be photographed.
func WriteCard(w io.Writer, c Card) error {
	return write(w, "card", "", func(style template.CSS) any {
		return struct {
			Card
			Style template.CSS
		}{c, style}
	})
}

// write writes what view makes of the page's stylesheet, which is our own.
func write(w io.Writer, name, more string, view func(style template.CSS) any) error {
	style, err := files.ReadFile("templates/" + name + ".css")
	if err != nil {
		return fmt.Errorf("reading the stylesheet of a %s: %w", name, err)
	}
	t, err := template.New(name+".html").Funcs(template.FuncMap{"hue": hue, "kind": paper.KindOf, "draw": draw, "modules": modules, "nowhere": nowhere}).
		ParseFS(files, "templates/"+name+".html")
	if err != nil {
		return fmt.Errorf("reading the template of a %s: %w", name, err)
	}
	// A page that cannot be made is not begun.
	var whole bytes.Buffer
	if err := t.Execute(&whole, view(template.CSS(string(style)+schema.StatusStyles("color")+more))); err != nil { // our own
		return fmt.Errorf("making a %s: %w", name, err)
	}
	if _, err := whole.WriteTo(w); err != nil {
		return fmt.Errorf("writing a %s: %w", name, err)
	}
	return nil
}

// nowhere refuses a block that the template does not know.
func nowhere(kind string) (string, error) {
	return "", fmt.Errorf("a page has no place for a %s", kind)
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

// square is a QR code as a path in a square of Size.
type square struct {
	Path string
	Size int
}

func modules(c paper.Code) (out square, err error) {
	out.Path, out.Size, err = c.Path()
	return out, err
}

// hue is the class of a status, which gives its colour; "" is none.
func hue(s schema.Status) string {
	if s == "" {
		return ""
	}
	return "s-" + string(s)
}

// drawing is a chart as an SVG, in units of a tenth of a millimetre when it is
// as wide as the text.
type drawing struct {
	Alt, Unit string
	Width     int
	Height    int
	Lines     []stroke
	Grid      []tick   // across, with the value
	Months    []tick   // below, with the month
	Fans      []string // between the forecast's edges
	Dots      []spot
	Legend    []key
	Left      int
	Right     int
	Bottom    int
}

type stroke struct{ Class, Points string }

type tick struct {
	At   string
	Text string
}

type spot struct{ X, Y string }

type key struct{ Class, Name string }

// Measures of a drawing.
const (
	width  = 1560
	height = 460
	padX   = 130
	padR   = 30
	padT   = 72
	padB   = 50
)

// draw sets the chart's lines between its axes.
func draw(c paper.Chart) drawing {
	scale := c.ScaleOf()
	d := drawing{Alt: c.Alt, Unit: c.Unit, Width: width, Height: height, Left: padX, Right: width - padR, Bottom: height - padB}
	first, all := c.First(), float64(max(1, c.Last().DaysSince(c.First())))
	x := func(day schema.Date) float64 { return padX + float64(day.DaysSince(first))/all*(width-padX-padR) }
	y := func(v float64) float64 {
		return height - padB - (v-scale.Low)/(scale.High-scale.Low)*(height-padB-padT)
	}
	for _, v := range scale.Ticks() {
		d.Grid = append(d.Grid, tick{px(y(v)), scale.Tick(v)})
	}
	for _, m := range c.MonthTicks() {
		d.Months = append(d.Months, tick{px(x(m)), paper.Month(m)})
	}
	for _, l := range c.Lines {
		var b strings.Builder
		flush := func() {
			if b.Len() > 0 {
				d.Lines = append(d.Lines, stroke{string(l.Role), strings.TrimSpace(b.String())})
				b.Reset()
			}
		}
		for i, v := range l.Values {
			if !l.Known(i) {
				flush()
				continue
			}
			fmt.Fprintf(&b, "%s,%s ", px(x(c.Days[i])), px(y(v)))
			if l.Role == paper.Seen {
				d.Dots = append(d.Dots, spot{px(x(c.Days[i])), px(y(v))})
			}
		}
		flush()
		d.Legend = append(d.Legend, key{string(l.Role), l.Name})
	}
	d.Fans = fans(d.Lines)
	return d
}

// fans fills the room between the two edges of a forecast.
func fans(lines []stroke) []string {
	var edges []string
	for _, l := range lines {
		if l.Class == string(paper.Edge) {
			edges = append(edges, l.Points)
		}
	}
	if len(edges) != 2 {
		return nil
	}
	back := strings.Fields(edges[1])
	slices.Reverse(back)
	return []string{edges[0] + " " + strings.Join(back, " ")}
}

func px(f float64) string { return fmt.Sprintf("%.1f", f) }

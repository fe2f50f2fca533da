// Package elements keeps the elements of a web page that are open, and says what each
// does to the text in it.
package elements

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"yardstick/collectors/table/css"
	"yardstick/collectors/table/runs"
)

const (
	mostElements = 64   // open at a time and looked at
	mostContexts = 4096 // elements told apart by their styles
)

// Open are the open elements of a page. The zero value has none.
type Open struct {
	sheet    css.Sheet
	open     []Element // the innermost last
	beyond   int       // elements open within those
	looks    map[styleContext]styled
	contexts int // ever told apart
}

// Style takes a style sheet of the page.
func (p *Open) Style(text string) {
	p.sheet.Add(text)
	clear(p.looks) // what was said before this is said anew
}

// Element is an open element of a page: what it does to the text in it.
type Element struct {
	css.Element
	context int
	Look    css.Look
	Mark    runs.Mark
	gone    bool   // with all that is in it
	small   bool   // its letters have no size
	veiled  bool   // its place stays empty
	Unseen  bool   // for one of these, or its letters have no colour
	Pre     bool   // line ends stand as they are
	ink     string // colour of its letters; "": black
	paper   string // and of what they are written on; "": white
}

// styleContext is what styles may tell elements apart by: the one around, and how it
// is named.
type styleContext struct {
	around         int
	tag, id, class string
}

// styled is what the page's style sheet says of all elements of one context.
type styled struct {
	number int
	look   css.Look
}

// Inner is the innermost open element.
func (p *Open) Inner() Element {
	if len(p.open) == 0 {
		return Element{}
	}
	return p.open[len(p.open)-1]
}

// Enter opens an element and says what it does.
func (p *Open) Enter(tag html.Token) Element {
	around := p.Inner()
	id, class := strings.ToLower(Attribute(tag, "id")), strings.ToLower(Attribute(tag, "class"))
	name := styleContext{around.context, tag.Data, id, class}
	itself := css.Element{Tag: name.tag, ID: name.id, Classes: strings.Fields(name.class)}
	e := Element{Element: itself, Mark: around.Mark, Pre: around.Pre, ink: around.ink, paper: around.paper}
	found, known := p.looks[name]
	if !known {
		within := make([]css.Element, len(p.open))
		for i, o := range p.open {
			within[i] = o.Element
		}
		found = styled{-1, p.sheet.Of(e.Element, within)}
		if around.context >= 0 && p.contexts < mostContexts {
			p.contexts++
			found.number = p.contexts
			if p.looks == nil {
				p.looks = map[styleContext]styled{}
			}
			p.looks[name] = found
		}
	}
	e.context, e.Look = found.number, found.look.Over(css.Read(Attribute(tag, "style")))
	cells := false
	switch tag.DataAtom {
	case atom.Sup:
		e.Mark |= runs.Raised
	case atom.Sub:
		e.Mark |= runs.Lowered
	case atom.S, atom.Strike, atom.Del:
		e.Mark |= runs.Struck
	case atom.Pre, atom.Textarea:
		e.Pre = true
	case atom.Table, atom.Thead, atom.Tbody, atom.Tfoot, atom.Tr, atom.Td, atom.Th, atom.Col, atom.Colgroup:
		cells = true
	}
	if e.Look.Raised == css.On && !cells {
		e.Mark |= runs.Raised
	}
	if e.Look.Lowered == css.On && !cells {
		e.Mark |= runs.Lowered
	}
	if e.Look.Struck == css.On {
		e.Mark |= runs.Struck
	}
	e.colour(tag)
	e.gone = around.gone || e.Look.Lost(!cells) || Has(tag, "hidden") || neverSeen(tag) ||
		tag.DataAtom == atom.Tr && (runs.Below(Attribute(tag, "height"), runs.LeastHeight) || e.Look.Flat == css.On)
	e.small = e.Look.Small == css.On || around.small && e.Look.Small != css.Off
	e.veiled = e.Look.Unseen == css.On || around.veiled && e.Look.Unseen != css.Off
	e.Unseen = e.gone || e.small || e.veiled || e.ink == "none"
	switch tag.DataAtom {
	case atom.Br, atom.Col, atom.Img, atom.Input, atom.Hr, atom.Meta, atom.Link, atom.Wbr, atom.Base, atom.Area, atom.Embed,
		atom.Source:
		return e
	}
	switch {
	case tag.Type == html.SelfClosingTagToken:
	case len(p.open) < mostElements:
		p.open = append(p.open, e)
	default:
		p.beyond++
	}
	return e
}

// colour takes the colours that styles and attributes give.
func (e *Element) colour(tag html.Token) {
	ink, paper := e.Look.Ink, e.Look.Paper
	if ink == "" && tag.DataAtom == atom.Font {
		ink = css.Colour(Attribute(tag, "color"))
	}
	if paper == "" {
		paper = css.Colour(Attribute(tag, "bgcolor"))
	}
	if ink != "" {
		e.ink = ink
	}
	if paper != "" && paper != "none" {
		e.paper = paper
	}
}

// Pale reports whether the element's letters have the colour of what they are written on.
func (e Element) Pale() bool {
	if e.paper == "?" {
		return false
	}
	ink, paper := e.ink, e.paper
	if ink == "" {
		ink = "000000"
	}
	if paper == "" {
		paper = "ffffff"
	}
	return ink == paper
}

// neverSeen reports an element whose text browsers do not show: what a script may use,
// what stands for something that is not understood, what is closed.
func neverSeen(tag html.Token) bool {
	switch tag.DataAtom {
	case atom.Template, atom.Noscript, atom.Datalist, atom.Canvas, atom.Iframe, atom.Object, atom.Audio,
		atom.Video, atom.Rp, atom.Noembed, atom.Noframes:
		return true
	case atom.Dialog:
		return !Has(tag, "open")
	}
	return false
}

// Leave closes the innermost element of that name, within its table.
func (p *Open) Leave(name string) {
	if p.beyond > 0 {
		p.beyond--
		return
	}
	p.Close(name, "table")
}

// Close closes the innermost element of that name and all in it, unless another
// stands between.
func (p *Open) Close(name string, between ...string) {
	for i := len(p.open) - 1; i >= 0; i-- {
		if tag := p.open[i].Tag; tag == name {
			p.open, p.beyond = p.open[:i], 0
			return
		} else if slices.Contains(between, tag) {
			return
		}
	}
}

// IsBlock reports an element whose text stands on lines of its own.
func IsBlock(a atom.Atom) bool {
	switch a {
	case atom.P, atom.Div, atom.Li, atom.Ul, atom.Ol, atom.Dl, atom.Dt, atom.Dd, atom.Pre,
		atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Section, atom.Article, atom.Blockquote, atom.Hr, atom.Center, atom.Address, atom.Option:
		return true
	}
	return false
}

// Attribute gives the first of that name: HTML drops those after it.
func Attribute(tag html.Token, name string) string {
	for _, a := range tag.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// Has reports whether the element has an attribute of that name.
func Has(tag html.Token, name string) bool {
	return slices.ContainsFunc(tag.Attr, func(a html.Attribute) bool { return a.Key == name })
}

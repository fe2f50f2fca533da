package table

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"yardstick/collectors/table/css"
	"yardstick/collectors/table/numfmt"
	"yardstick/collectors/table/runs"
)

// element is an open element of a page: what it does to the text in it.
type element struct {
	css.Element
	context int
	look    css.Look
	mark    runs.Mark
	gone    bool   // with all that is in it
	small   bool   // its letters have no size
	veiled  bool   // its place stays empty
	unseen  bool   // for one of these, or its letters have no colour
	pre     bool   // line ends stand as they are
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

// inner is the innermost open element.
func (p *page) inner() element {
	if len(p.open) == 0 {
		return element{}
	}
	return p.open[len(p.open)-1]
}

// enter opens an element and says what it does.
func (p *page) enter(tag html.Token) element {
	around := p.inner()
	name := styleContext{around.context, tag.Data, strings.ToLower(attribute(tag, "id")), strings.ToLower(attribute(tag, "class"))}
	itself := css.Element{Tag: name.tag, ID: name.id, Classes: strings.Fields(name.class)}
	e := element{Element: itself, mark: around.mark, pre: around.pre, ink: around.ink, paper: around.paper}
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
			p.looks[name] = found
		}
	}
	e.context, e.look = found.number, found.look.Over(css.Read(attribute(tag, "style")))
	cells := false
	switch tag.DataAtom {
	case atom.Sup:
		e.mark |= runs.Raised
	case atom.Sub:
		e.mark |= runs.Lowered
	case atom.S, atom.Strike, atom.Del:
		e.mark |= runs.Struck
	case atom.Pre, atom.Textarea:
		e.pre = true
	case atom.Table, atom.Thead, atom.Tbody, atom.Tfoot, atom.Tr, atom.Td, atom.Th, atom.Col, atom.Colgroup:
		cells = true
	}
	if e.look.Raised == css.On && !cells {
		e.mark |= runs.Raised
	}
	if e.look.Lowered == css.On && !cells {
		e.mark |= runs.Lowered
	}
	if e.look.Struck == css.On {
		e.mark |= runs.Struck
	}
	e.colour(tag)
	e.gone = around.gone || e.look.Lost(!cells) || hasAttribute(tag, "hidden") || neverSeen(tag) ||
		tag.DataAtom == atom.Tr && (nothing(attribute(tag, "height")) || e.look.Flat == css.On)
	e.small = e.look.Small == css.On || around.small && e.look.Small != css.Off
	e.veiled = e.look.Unseen == css.On || around.veiled && e.look.Unseen != css.Off
	e.unseen = e.gone || e.small || e.veiled || e.ink == "none"
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
func (e *element) colour(tag html.Token) {
	ink, paper := e.look.Ink, e.look.Paper
	if ink == "" && tag.DataAtom == atom.Font {
		ink = css.Colour(attribute(tag, "color"))
	}
	if paper == "" {
		paper = css.Colour(attribute(tag, "bgcolor"))
	}
	if ink != "" {
		e.ink = ink
	}
	if paper != "" && paper != "none" {
		e.paper = paper
	}
}

// pale reports whether the element's letters have the colour of what they are written on.
func (e element) pale() bool {
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
	case atom.Template, atom.Noscript, atom.Datalist, atom.Canvas, atom.Iframe, atom.Object, atom.Audio, atom.Video, atom.Rp, atom.Noembed, atom.Noframes:
		return true
	case atom.Dialog:
		return !hasAttribute(tag, "open")
	}
	return false
}

// leave closes the innermost element of that name, within its table.
func (p *page) leave(name string) {
	if p.beyond > 0 {
		p.beyond--
		return
	}
	p.close(name, "table")
}

// close closes the innermost element of that name and all in it, unless another
// stands between.
func (p *page) close(name string, between ...string) {
	for i := len(p.open) - 1; i >= 0; i-- {
		if tag := p.open[i].Tag; tag == name {
			p.open, p.beyond = p.open[:i], 0
			return
		} else if slices.Contains(between, tag) {
			return
		}
	}
}

// stored tells the text of the open cell, and what the eye sees where a
// spreadsheet wrote beside it what is stored.
func (t *htmlTable) stored(seen runs.Runs) (string, numfmt.About) {
	text, a := seen.Text(), numfmt.About{Decimals: -1, Formula: hasAttribute(t.tag, "x:fmla")}
	if seen.See(0, &a); a.Why != numfmt.Agrees {
		return text, a
	}
	if isErrorText(text) {
		a.Kind, a.Why, a.Shown = numfmt.KindError, numfmt.ErrorValue, text
		return text, a
	}
	written := strings.TrimSpace(attribute(t.tag, "x:num"))
	if written == "" && t.cellLook.Format == "" {
		return text, a
	}
	format := numfmt.FormatOf(0, numfmt.Named(t.cellLook.Format))
	shown, tolerance, plain := pageNumber(text)
	number, err := strconv.ParseFloat(written, 64)
	if err != nil || number != number || math.Abs(number) > 1e300 {
		if _, about := format.Value(shown, false); plain && (about.Why == numfmt.FormatWords || about.Why == numfmt.FormatHides) {
			a.Why, a.Shown = about.Why, about.Shown
		}
		return text, a
	}
	switch said, about := format.Value(number, false); {
	case about.Kind != numfmt.KindDate && about.Why == numfmt.Agrees && !about.Scaled && plain && rounds(number, shown, tolerance):
		return asStored(said, text, about) // as in a workbook, what is stored is the figure
	case about.Kind == numfmt.KindDate, about.Why == numfmt.Agrees && !about.Scaled && plain && math.Abs(number-shown) <= tolerance,
		t.cellLook.Format == "" && !plain && strings.ContainsAny(text, "年月日/-:"):
		return text, a // what is shown is what is stored
	case about.Scaled && about.Why == numfmt.Agrees:
		return said, about
	case text == "":
		about.Why, about.Shown = numfmt.FormatHides, ""
		return said, about
	default:
		about.Why, about.Shown = numfmt.FormatWords, text
		return said, about
	}
}

// rounds reports whether what is shown is what is stored, rounded.
func rounds(stored, shown, tolerance float64) bool {
	off := math.Abs(stored - shown)
	return off <= tolerance && off > 1e-12*math.Max(math.Abs(stored), math.Abs(shown))
}

// asStored is the figure stored behind a rounded one: a percentage where that is one.
func asStored(said, shown string, a numfmt.About) (string, numfmt.About) {
	digits, percent := strings.CutSuffix(shown, "%")
	if percent && !a.Percent {
		number, _ := strconv.ParseFloat(said, 64)
		said, a = numfmt.FormatOf(0, "0%").Value(number, false)
	}
	_, decimals, _ := strings.Cut(strings.TrimRight(digits, " "), ".")
	a.Decimals = int8(min(len(decimals), 30))
	return said, a
}

// pageNumber reads a number as a page shows it; tolerance is half of its last
// place.
func pageNumber(text string) (number, tolerance float64, ok bool) {
	text = strings.NewReplacer(",", "", "¥", "", "￥", "", "$", "").Replace(text)
	text, percent := strings.CutSuffix(strings.TrimSpace(text), "%")
	if strings.Trim(text, "+-.0123456789") != "" {
		return 0, 0, false
	}
	number, err := strconv.ParseFloat(text, 64)
	_, decimals, _ := strings.Cut(text, ".")
	tolerance = 0.5001 * math.Pow(10, -float64(len(decimals)))
	if percent {
		number, tolerance = number/100, tolerance/100
	}
	return number, tolerance, err == nil
}

func isErrorText(text string) bool {
	switch text {
	case "#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A":
		return true
	}
	return false
}

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
	gone    bool // with all that is in it
	unseen  bool
	pre     bool // line ends stand as they are
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
	e := element{Element: itself, mark: around.mark, pre: around.pre}
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
	e.gone = around.gone || e.look.Gone == css.On || hasAttribute(tag, "hidden") ||
		tag.DataAtom == atom.Tr && nothing(attribute(tag, "height"))
	e.unseen = e.gone || e.look.Unseen == css.On || around.unseen && e.look.Unseen != css.Off
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

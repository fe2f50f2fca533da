package table

import (
	"strings"

	"yardstick/collectors/table/numfmt"
)

// mark is how a text, or a run of one, stands out from the rest.
type mark uint8

const (
	raised  mark = 1 << iota // superscript
	lowered                  // subscript
	struck
	unseen // hidden in a cell that is not
)

// run is a stretch of a text in one font. One that says no font of its own has
// the cell's.
type run struct {
	text string
	mark mark
	own  bool
}

// runs are the texts of a cell in their order.
type runs []run

// runWriter joins texts to runs; what stands in one font is one run.
type runWriter struct {
	done runs
	last []byte
	mark mark
	own  bool
	size int // bytes of all
}

// add goes on with the text.
func (w *runWriter) add(text string, m mark, own bool) {
	if text == "" {
		return
	}
	if w.mark != m || w.own != own {
		w.cut()
		w.mark, w.own = m, own
	}
	w.size += len(text)
	w.last = append(w.last, text...)
}

func (w *runWriter) cut() {
	if len(w.last) > 0 {
		w.done = append(w.done, run{string(w.last), w.mark, w.own})
		w.last = w.last[:0]
	}
}

// runs gives what was written and begins anew.
func (w *runWriter) runs() runs {
	w.cut()
	out := w.done
	w.done, w.mark, w.own, w.size = nil, 0, false, 0
	return out
}

// text is all of it.
func (r runs) text() string {
	if len(r) == 1 {
		return r[0].text
	}
	var b strings.Builder
	for _, each := range r {
		b.WriteString(each.text)
	}
	return b.String()
}

// marked reports whether any of it stands out by a font of its own.
func (r runs) marked() bool {
	for _, each := range r {
		if each.mark != 0 {
			return true
		}
	}
	return false
}

// see says what the eye sees of the text in a cell whose font has the mark.
func (r runs) see(cell mark, a *numfmt.About) {
	var all mark
	var shown, bare strings.Builder
	for _, each := range r {
		m := each.mark
		if !each.own {
			m |= cell
		}
		if m == 0 || strings.TrimSpace(each.text) == "" {
			shown.WriteString(each.text)
			bare.WriteString(each.text)
			continue
		}
		if all |= m; m&(struck|unseen) == 0 {
			shown.WriteString(aloft(each.text, m))
		}
	}
	switch {
	case all == 0:
		return
	case all&struck != 0:
		a.Why = numfmt.Struck
	case all&unseen != 0:
		a.Why = numfmt.HiddenText
	default:
		a.Why = numfmt.Raised
	}
	a.Shown, a.Bare = strings.TrimSpace(shown.String()), strings.TrimSpace(bare.String())
}

// aloft writes a raised or lowered text with the signs that Unicode has for it,
// else in brackets: 410¹, m^(a).
func aloft(text string, m mark) string {
	const plain = "0123456789+-()="
	signs, open := []rune("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾⁼"), "^("
	if m&lowered != 0 {
		signs, open = []rune("₀₁₂₃₄₅₆₇₈₉₊₋₍₎₌"), "_("
	}
	out := make([]rune, 0, len(text))
	for _, r := range text {
		at := strings.IndexRune(plain, r)
		if at < 0 {
			return open + strings.TrimSpace(text) + ")"
		}
		out = append(out, signs[at])
	}
	return string(out)
}

// newLines writes each line end within a cell as LF.
func newLines(text string) string {
	if !strings.Contains(text, "\r") {
		return text
	}
	return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
}

// cellStyle is what a workbook's style says of the cells that have it.
type cellStyle struct {
	format numfmt.Format
	mark   mark // of the whole cell's font
}

// number makes a number the text of a cell.
func (s cellStyle) number(value float64, date1904, zeros bool) (string, numfmt.About) {
	f := s.format
	if !zeros {
		f = f.WithoutZeros()
	}
	text, a := f.Value(value, date1904)
	s.seeing(text, &a)
	return text, a
}

// seeing lets the cell's font count, where it has a mark.
func (s cellStyle) seeing(text string, a *numfmt.About) {
	if s.mark != 0 {
		runs{{text: text}}.see(s.mark, a)
	}
}

// words says what is seen of a text.
func (s cellStyle) words(text string, r runs, a *numfmt.About) {
	if a.Why, a.Shown = s.format.Text(text); a.Why != numfmt.Agrees {
		return
	}
	if r != nil {
		r.see(s.mark, a)
	} else {
		s.seeing(text, a)
	}
}

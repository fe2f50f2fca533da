// Package runs keeps texts whose letters stand out in part: raised, lowered, struck
// through or hidden, and says what the eye sees of them.
package runs

import (
	"strings"
	"unicode"

	"yardstick/collectors/table/numfmt"
)

// Mark is how a text, or a run of one, stands out from the rest.
type Mark uint8

// The marks.
const (
	Raised  Mark = 1 << iota // superscript
	Lowered                  // subscript
	Struck
	Unseen // hidden in a cell that is not
	Pale   // in the colour of what it is written on; all of a cell so is none
)

// Run is a stretch of a text in one font. One that says no font of its own has
// the cell's.
type Run struct {
	Text string
	Mark Mark
	Own  bool
}

// Runs are the texts of a cell in their order.
type Runs []Run

// Writer joins texts to runs; what stands in one font is one run.
type Writer struct {
	Size int // bytes of all

	done Runs
	last []byte
	mark Mark
	own  bool
}

// Add goes on with the text.
func (w *Writer) Add(text string, m Mark, own bool) {
	if text == "" {
		return
	}
	if w.mark != m || w.own != own {
		w.cut()
		w.mark, w.own = m, own
	}
	w.Size += len(text)
	w.last = append(w.last, text...)
}

func (w *Writer) cut() {
	if len(w.last) > 0 {
		w.done = append(w.done, Run{string(w.last), w.mark, w.own})
		w.last = w.last[:0]
	}
}

// Runs gives what was written and begins anew.
func (w *Writer) Runs() Runs {
	w.cut()
	out := w.done
	w.done, w.mark, w.own, w.Size = nil, 0, false, 0
	return out
}

// Text is all of it.
func (r Runs) Text() string {
	if len(r) == 1 {
		return r[0].Text
	}
	var b strings.Builder
	for _, each := range r {
		b.WriteString(each.Text)
	}
	return b.String()
}

// Marked reports whether any of it stands out by a font of its own.
func (r Runs) Marked() bool {
	for _, each := range r {
		if each.Mark != 0 {
			return true
		}
	}
	return false
}

// under is the run's mark in a cell whose font has another.
func (r Run) under(cell Mark) Mark {
	if r.Own {
		return r.Mark
	}
	return r.Mark | cell
}

// legible reports whether some of the text has another colour than what it is written
// on. Where none has, the colour of that was not understood, or the sheet says it
// otherwise.
func (r Runs) legible(cell Mark) bool {
	for _, each := range r {
		if each.under(cell)&Pale == 0 && strings.TrimSpace(each.Text) != "" {
			return true
		}
	}
	return false
}

// On is the text on a ground of another colour than the sheet's, on which pale letters
// are seen.
func (r Runs) On(coloured bool) Runs {
	if !coloured {
		return r
	}
	out := make(Runs, len(r))
	for i, each := range r {
		out[i] = each
		out[i].Mark &^= Pale
	}
	return out
}

// See says what the eye sees of the text in a cell whose font has the mark.
func (r Runs) See(cell Mark, a *numfmt.About) {
	var all Mark
	var shown, bare strings.Builder
	legible := r.legible(cell)
	for _, each := range r {
		m := each.under(cell)
		if m&Pale != 0 {
			if m &^= Pale; legible {
				m |= Unseen
			}
		}
		if m == 0 || strings.TrimSpace(each.Text) == "" {
			shown.WriteString(each.Text)
			bare.WriteString(each.Text)
			continue
		}
		if all |= m; m&(Struck|Unseen) == 0 {
			shown.WriteString(aloft(each.Text, m))
		}
	}
	switch {
	case all == 0:
		return
	case all&Struck != 0:
		a.Why = numfmt.Struck
	case all&Unseen != 0:
		a.Why = numfmt.HiddenText
	default:
		a.Why = numfmt.Raised
	}
	a.Shown, a.Bare = strings.TrimSpace(shown.String()), strings.TrimSpace(bare.String())
}

// aloft writes a raised or lowered text with the signs that Unicode has for it,
// else in brackets: 410¹, m^(a).
func aloft(text string, m Mark) string {
	const plain = "0123456789+-()="
	signs, open := []rune("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾⁼"), "^("
	if m&Lowered != 0 {
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

// Tidy joins blanks, and puts lines apart where the page does: a line end in the
// page's own text (CR) is a blank, or nothing between two Chinese characters.
func Tidy(all Runs) Runs {
	if len(all) == 1 && !strings.ContainsFunc(all[0].Text, unicode.IsSpace) {
		return all
	}
	var out Writer
	between, last := rune(0), rune(0)
	for _, each := range all {
		from := 0 // of what is taken as it is
		for i, r := range each.Text {
			if !unicode.IsSpace(r) {
				if between != 0 {
					if last != 0 && (between != '\r' || !unicode.Is(unicode.Han, last) || !unicode.Is(unicode.Han, r)) {
						out.Add(string(between), each.Mark, each.Own)
					}
					between, from = 0, i
				}
				last = r
				continue
			}
			if between == 0 {
				out.Add(each.Text[from:i], each.Mark, each.Own)
			}
			switch {
			case r == '\n':
				between = '\n'
			case between == 0 && r == '\r':
				between = '\r'
			case between == 0:
				between = ' '
			}
		}
		if between == 0 {
			out.Add(each.Text[from:], each.Mark, each.Own)
		}
	}
	done := out.Runs()
	for i := range done {
		done[i].Text = strings.ReplaceAll(done[i].Text, "\r", " ")
	}
	return done
}

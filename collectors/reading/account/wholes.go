package account

import (
	"slices"
	"strings"

	"yardstick/collectors/reading/written"
)

// A name that says which part and not of what (第一产业, 工业, 城镇) is of the nearest whole:
// the one above it, to its left, or in the title. Below a gross product the register's
// names for its parts hold; below any other whole it is asked whose part it is.

// Wholes are the names of an axis, or of a tidy file's rows, in their order.
type Wholes struct {
	title string  // that the lines above name; "" none
	seen  []whole // the nearest last, one of each unit
}

type whole struct {
	name, stem string // what it is, and its unit without its multiplier
	gross      bool
}

// Titled takes what the lines above a table name for the whole of all its rows.
func (r *Reader) Titled(w *Wholes, f Facts) {
	w.title = ""
	for _, t := range append([]Facet{One(f.Indicator)}, f.Titles...) {
		name, _, _ := written.CutUnit(written.Unmark(t.Text))
		if name == "" {
			continue
		}
		if name = r.bareTitle(name); r.LikePlace(name) {
			continue
		}
		if gross(name) {
			w.title = ""
			return
		}
		if w.title == "" && written.NamesMore(name) {
			w.title = name
		}
	}
}

// What Part says of a name.
const (
	PartNone Parting = iota // it stands for itself
	PartSaid                // it is as answered
	PartLeft                // it is left out, as answered
	PartOpen                // it is asked about
)

// Parting is what is known of a name that may be a part's.
type Parting int

// Part settles the name of a row or column whose unit (as written) stands apart or
// within it, and gives the name to use.
func (r *Reader) Part(w *Wholes, at Facet, unit string) (name string, is Parting) {
	n := r.Name(at.Text)
	bare, _ := written.Outline(n.Text)
	if n.Unit != "" {
		unit = n.Unit
	}
	stem := strings.TrimLeft(written.FoldText(unit), "十百千万亿")
	if !written.Fragment(bare) {
		w.see(whole{name: bare, stem: stem, gross: gross(bare)})
		return at.Text, PartNone
	}
	of := w.title
	for _, s := range slices.Backward(w.seen) {
		if s.stem == "" || stem == "" || s.stem == stem {
			if of = s.name; s.gross {
				of = ""
			}
			break
		}
	}
	if of == "" {
		return at.Text, PartNone
	}
	key := "parts." + of
	switch strings.TrimSpace(r.Options.Given[key]) {
	case "own":
		return at.Text, PartSaid
	case "part":
		_, behind, _ := strings.Cut(at.Text, bare)
		return of + bare + behind, PartSaid
	case "ignore":
		return at.Text, PartLeft
	}
	r.Ask(AskPart, key, at.As(), []string{"part", "own", "ignore"}, "whole", of)
	return at.Text, PartOpen
}

// Below takes a heading for the whole of the rows below it.
func (w *Wholes) Below(heading string) {
	name, _ := written.Outline(heading)
	w.see(whole{name: name, gross: gross(name)})
}

func (w *Wholes) see(s whole) {
	if n := len(w.seen); n > 0 && w.seen[n-1] == s {
		return
	}
	w.seen = slices.DeleteFunc(w.seen, func(o whole) bool { return o.stem == s.stem })
	if w.seen = append(w.seen, s); len(w.seen) > mostWholes {
		w.seen = w.seen[1:]
	}
}

// mostWholes bounds the units whose nearest whole is remembered.
const mostWholes = 64

// gross reports whether a name is a gross product's, or of what is added to one.
func gross(name string) bool {
	t := written.Simplified(written.FoldText(name))
	return written.Is("gross", t) || written.Holds("gross-within", t)
}

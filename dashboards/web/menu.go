package web

import "slices"

// Entry is a page of the navigation.
type Entry struct {
	ID    string // what a frame's Active names
	Path  string
	Title string // the message that names it there
	Keeps keeps  // what its link keeps of the address
	Desk  bool   // it also stands above the pages that take figures
}

type keeps int

const (
	keepsAll  keeps = iota
	keepsDay        // language, day and policy: the printed brief refuses what else an address may say of pages
	keepsLang       // the language alone
)

// Menu is the navigation: the board's pages, then what stands beside them.
func (s *Site) Menu() []Entry {
	out := slices.Clone(s.Entries)
	if s.Brief != "" {
		out = append(out, Entry{ID: "brief", Path: s.Brief, Title: "brief-nav", Keeps: keepsDay})
	}
	if s.Upload != "" {
		out = append(out, Entry{ID: "upload", Path: s.Upload, Title: "board-nav-upload", Keeps: keepsLang, Desk: true})
	}
	return out
}

// Menu is the navigation of the page; of one where figures are taken the part
// that stands there.
func (f *Frame) Menu() []Choice {
	var out []Choice
	for _, e := range f.site.Menu() {
		if f.Desk && !e.Desk {
			continue
		}
		g := *f
		switch e.Keeps {
		case keepsDay:
			g.Manner = Manner{}
		case keepsLang:
			g = Frame{Lang: f.Lang}
		}
		out = append(out, Choice{f.T(e.Title), g.Link(e.Path), e.ID == f.Active})
	}
	return out
}

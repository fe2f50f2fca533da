package web

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"yardstick/schema"
)

// Manner is what an address says of how pages are shown. It is kept by every
// link, so that an address holds all that a reader sees.
type Manner struct {
	Compare string // meeting, month, year or a day; empty: month
	Worst   int    // so many of the worst; 0: as each page does
	Theme   string // light or dark; empty: as the reader's system is set
	Wall    bool   // for a screen nobody sits at
	Turn    int    // seconds a screenful stays on a wall; 0: it is not turned
}

// What a page's figures can be held against, beside a day that is named.
const (
	ByMeeting = "meeting"
	ByMonth   = "month"
	ByYear    = "year"
)

// Bounds of what may be asked for: a list has no more rows than a policy has
// targets, and a wall that turns faster than this cannot be read.
const (
	mostWorst = 999
	turnLeast = 5
	turnMost  = 3600
)

// said is something an address says of how pages are shown.
type said struct {
	name    string
	written func(*Manner) string       // as links write it; "" for what is not kept
	read    func(*Manner, string) bool // takes what is written in; false: it is not known
}

// manners are all of them, in the order they are read.
var manners = sync.OnceValue(func() []said {
	number := func(name string, of func(*Manner) *int, least, most int) said {
		return said{name, func(m *Manner) string {
			if n := *of(m); n != 0 {
				return strconv.Itoa(n)
			}
			return ""
		}, func(m *Manner, v string) bool {
			if v == "" {
				return true
			}
			got, err := strconv.Atoi(v)
			*of(m) = got
			return err == nil && got >= least && got <= most
		}}
	}
	return []said{
		{"compare", func(m *Manner) string { return m.Compare }, func(m *Manner, v string) bool {
			m.Compare = v
			if slices.Contains([]string{"", ByMonth, ByYear, ByMeeting}, v) {
				return true
			}
			day, err := schema.ParseDate(v)
			m.Compare = day.String()
			return err == nil && !day.Before(earliest())
		}},
		number("worst", func(m *Manner) *int { return &m.Worst }, 1, mostWorst),
		number("turn", func(m *Manner) *int { return &m.Turn }, turnLeast, turnMost),
		{"theme", func(m *Manner) string { return m.Theme }, func(m *Manner, v string) bool {
			if m.Theme = v; v == "auto" {
				m.Theme = ""
			}
			return slices.Contains([]string{"", "auto", "light", "dark"}, v)
		}},
		{"wall", func(m *Manner) string {
			if m.Wall {
				return "1"
			}
			return ""
		}, func(m *Manner, v string) bool {
			m.Wall = v == "1"
			return slices.Contains([]string{"", "0", "1"}, v)
		}},
	}
})

// readManner reads how pages are to be shown. What is not known is refused: a
// mistyped address would otherwise show something else than its sender saw.
func readManner(q url.Values) (m Manner, err error) {
	for _, x := range manners() {
		if v := q.Get(x.name); !x.read(&m, v) {
			return m, Refuse(http.StatusBadRequest, "board-bad-manner", "name", x.name, "written", v)
		}
	}
	return m, nil
}

// state is what links keep; table and format ask for a file and are never kept.
func (f *Frame) state(lang string, day schema.Date, policy string) url.Values {
	q := url.Values{}
	set := func(name, value string) {
		if value != "" {
			q.Set(name, value)
		}
	}
	if lang != schema.Chinese {
		set("lang", lang)
	}
	set("as_of", day.String())
	set("policy", policy)
	for _, x := range manners() {
		set(x.name, x.written(&f.Manner))
	}
	return q
}

// own are the parameters that only this page understands.
func (f *Frame) own() url.Values {
	q := maps.Clone(f.query)
	for _, name := range []string{"lang", "as_of", "policy", "table", "format"} {
		q.Del(name)
	}
	for _, x := range manners() {
		q.Del(x.name)
	}
	return q
}

// address is the path, which may have parameters and a place of its own, with
// these parameters.
func address(path string, q url.Values) string {
	path, place, placed := strings.Cut(path, "#")
	path, own, _ := strings.Cut(path, "?")
	if own != "" {
		if held, err := url.ParseQuery(own); err == nil { // paths are made here
			maps.Copy(q, held)
		}
	}
	if len(q) > 0 {
		path += "?" + q.Encode()
	}
	if placed {
		path += "#" + place
	}
	return path
}

// With is this page with something about how it is shown changed.
func (f *Frame) With(change func(*Frame)) string {
	g := *f
	change(&g)
	q := g.state(g.Lang, g.Asked, g.AskedPolicy)
	maps.Copy(q, f.own())
	return address(f.path, q)
}

// parameter is one of an address, for a form that keeps it.
type parameter struct{ Name, Value string }

// Kept are the parameters of this page but those named, for the hidden fields
// of a form that sets these.
func (f *Frame) Kept(but ...string) []parameter {
	q := f.state(f.Lang, f.Asked, f.AskedPolicy)
	maps.Copy(q, f.own())
	var out []parameter
	for _, name := range slices.Sorted(maps.Keys(q)) {
		if slices.Contains(but, name) {
			continue
		}
		for _, value := range q[name] {
			out = append(out, parameter{name, value})
		}
	}
	return out
}

// Choice is one way to show the page among several.
type Choice struct {
	Name, Href string
	Current    bool
}

// Themes are the ways the page can be coloured.
func (f *Frame) Themes() []Choice {
	var out []Choice
	for _, t := range []struct{ theme, id string }{{"", "board-theme-auto"}, {"light", "board-theme-light"}, {"dark", "board-theme-dark"}} {
		out = append(out, Choice{f.T(t.id), f.With(func(g *Frame) { g.Manner.Theme = t.theme }), f.Manner.Theme == t.theme})
	}
	return out
}

// AfterThis is the page a wall turns to: the overview, what is behind and the
// limits in turn.
func (f *Frame) AfterThis() string {
	pages := []string{"/", "/lagging", "/limits"}
	return f.Link(pages[(slices.Index(pages, f.path)+1)%len(pages)])
}

// OnWall is this page for a wall, or for a desk again.
func (f *Frame) OnWall(on bool) string {
	return f.With(func(g *Frame) {
		g.Manner.Wall = on
		if !on {
			g.Manner.Turn = 0
		}
	})
}

// slider is the line of days that can be looked back to.
type slider struct {
	First, Last, Day schema.Date
	Span, At         int   // days from First to Last, and to Day
	Ticks            []int // ends of months, in days from First
}

// Slider runs from the policy's day of issue to the last day that can be asked
// for; nil where there is no such span. A day shown from before the first
// stands at its beginning.
func (f *Frame) Slider() *slider {
	s := slider{First: f.Policy.Issued, Last: f.LastDay, Day: f.AsOf}
	if s.First.IsZero() || !s.Last.After(s.First) {
		return nil
	}
	s.Span, s.At = s.Last.DaysSince(s.First), max(0, s.Day.DaysSince(s.First))
	for p := schema.PeriodOf(schema.Monthly, s.First); !p.Last().After(s.Last); p = p.Next() {
		s.Ticks = append(s.Ticks, p.Last().DaysSince(s.First))
	}
	return &s
}

// Here is this very page.
func (f *Frame) Here() string { return f.With(func(*Frame) {}) }

// WithQuery adds parameters to a link; an empty value leaves its name out.
func WithQuery(link string, pairs ...string) string {
	u, err := url.Parse(link)
	if err != nil { // not reached: links are made here
		return link
	}
	q := u.Query()
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Del(pairs[i])
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	u.RawQuery = q.Encode()
	return u.String()
}

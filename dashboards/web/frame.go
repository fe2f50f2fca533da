package web

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"time"

	"yardstick/schema"
	"yardstick/schema/words"
)

// earliest is the first day the store can hold.
func earliest() schema.Date { return schema.NewDate(1900, time.January, 1) }

// Frame is what every page has: language, day, policy, banner and links.
type Frame struct {
	Lang     string
	Heading  string // of the page, also in the browser's tab
	Styles   []string
	Icon     string
	Policy   schema.Policy
	Policies []schema.Policy
	AsOf     schema.Date // the day shown
	Today    schema.Date
	LastDay  schema.Date // last day that can be asked for
	Banner   []string    // what must be said on every page
	Active   string      // entry of the menu the page stands under

	Asked       schema.Date // the day the address names; zero: none
	AskedPolicy string      // the policy as the address names it
	Manner      Manner      // what else the address says of how pages are shown

	Desk    bool     // figures are taken here, not read
	Traced  bool     // figures lead to their cells
	Scripts []string // paths of what runs on the page, in order; every page is readable without

	site  *Site
	query url.Values // as the address has it
	path  string
	news  bool // pages may ask whether there is news
}

// PlainFrame is a frame without anything that could be wrong in the address.
func (s *Site) PlainFrame(r *http.Request) *Frame {
	f := &Frame{
		Lang: schema.LanguageOf(r.URL.Query().Get("lang")).Code, Styles: []string{s.Assets.Style}, Icon: s.Assets.Icon, Policy: s.Policies[0], Policies: s.Policies,
		Today: s.Today(), path: r.URL.EscapedPath(), Traced: s.Traced, site: s,
	}
	f.AsOf, f.LastDay = f.Today, s.latest(f.Today)
	if s.Pinned {
		f.Banner = []string{f.T("board-banner-pinned", "day", f.Today)}
	}
	return f
}

// plainFrame is a plain frame whose links keep how pages are shown.
func (s *Site) plainFrame(r *http.Request) *Frame {
	f := s.PlainFrame(r)
	f.query = r.URL.Query()
	if m, err := readManner(f.query); err == nil { // what is wrong with it frame tells
		f.Manner = m
	}
	return f
}

// DeskFrame is the frame of a page that takes figures, with assets of its own.
// Its links keep the language alone.
func (s *Site) DeskFrame(r *http.Request, own *Assets) *Frame {
	f := s.PlainFrame(r)
	f.Desk, f.Active, f.Styles = true, "upload", append(f.Styles, own.Style)
	for _, name := range slices.Sorted(maps.Keys(own.Scripts)) {
		f.Scripts = append(f.Scripts, own.Scripts[name])
	}
	return f
}

// latest is the last day that can be asked for. Nothing is known of the days
// after today; where the clock is pinned the figures go on, and so may the
// reader, until a year after the last deadline.
func (s *Site) latest(today schema.Date) schema.Date {
	if !s.Pinned {
		return today
	}
	last := today
	for _, p := range s.Policies {
		for _, t := range p.Targets {
			if t.Deadline.After(last) {
				last = t.Deadline
			}
		}
	}
	return last.AddDays(366)
}

// frame reads all that an address says of every page.
func (s *Site) frame(r *http.Request) (*Frame, error) {
	f := s.plainFrame(r)
	day, err := s.AsOf(f.query.Get("as_of"))
	if err != nil {
		return nil, err
	}
	if !day.IsZero() {
		f.AsOf, f.Asked = day, day
		if f.Back() {
			f.Banner = append(f.Banner, f.T("board-asof-viewing", "day", day))
		}
	}
	if id := f.query.Get("policy"); id != "" {
		p, ok := s.policy(id)
		if !ok {
			return nil, Refuse(http.StatusNotFound, "board-no-policy", "policy", id)
		}
		f.Policy, f.AskedPolicy = p, id
	}
	if f.Manner, err = readManner(f.query); err != nil {
		return nil, err
	}
	f.news = s.Stamp != nil
	f.Runs("board.js")
	return f, nil
}

// AsOf reads the day an address asks for; nothing written is the zero day.
func (s *Site) AsOf(written string) (schema.Date, error) {
	if written == "" {
		return schema.Date{}, nil
	}
	day, err := schema.ParseDate(written)
	if err != nil {
		return day, Refuse(http.StatusBadRequest, "board-bad-day", "written", written)
	}
	if last := s.latest(s.Today()); day.Before(earliest()) || day.After(last) {
		return day, Refuse(http.StatusBadRequest, "board-day-outside", "written", written, "first", earliest(), "last", last)
	}
	return day, nil
}

// T is a sentence of the catalogue in the page's language.
func (f *Frame) T(id string, args ...any) string { return words.Say(id, args...).In(f.Lang) }

// Say is a text in the page's language.
func (f *Frame) Say(t schema.Text) string { return t.In(f.Lang) }

// Link leads to path and keeps language, day, policy and how pages are shown.
func (f *Frame) Link(path string) string { return f.LinkAs(path, f.Lang, f.Asked, f.AskedPolicy) }

// InLanguage is the path in a language, as an address names it.
func InLanguage(path, lang string) string {
	return (&Frame{Lang: schema.LanguageOf(lang).Code}).Link(path)
}

// Language is the page's.
func (f *Frame) Language() schema.Language { return schema.LanguageOf(f.Lang) }

// Others are the languages the page can be read in beside its own.
func (f *Frame) Others() []schema.Language { return f.Language().Others() }

// InLang is this page in another language.
func (f *Frame) InLang(lang string) string { return f.With(func(g *Frame) { g.Lang = lang }) }

// OnDay is this page as of another day; the zero day is today.
func (f *Frame) OnDay(day schema.Date) string { return f.With(func(g *Frame) { g.Asked = day }) }

// OfPolicy is another policy's page of the same kind, where there is one, else
// its overview.
func (f *Frame) OfPolicy(id string) string {
	path := "/"
	if f.path == "/lagging" || f.path == "/limits" {
		path = f.path
	}
	return f.LinkAs(path, f.Lang, f.Asked, id)
}

// LinkAs is Link in another language, on another day, of another policy.
func (f *Frame) LinkAs(path, lang string, day schema.Date, policy string) string {
	return address(path, f.state(lang, day, policy))
}

// TargetLink leads to a target's page.
func (f *Frame) TargetLink(policy, id string) string {
	return f.Link("/targets/" + url.PathEscape(policy) + "/" + url.PathEscape(id))
}

// ReceiptLink leads to a receipt.
func (f *Frame) ReceiptLink(id string) string { return f.Link("/receipts/" + url.PathEscape(id)) }

// Path is this page's own, for the form that asks for a day.
func (f *Frame) Path() string { return f.path }

// Back reports whether the page shows another day than today.
func (f *Frame) Back() bool { return f.AsOf != f.Today }

// Time is a moment in the installation's zone, to the minute; nothing when unknown.
func (f *Frame) Time(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(f.site.Location).Format("2006-01-02 15:04")
}

// PeriodName is a reference period in the page's language; nothing when unknown.
func (f *Frame) PeriodName(p schema.Period, basis schema.Basis) string {
	if p.IsZero() {
		return ""
	}
	return p.In(f.Lang, basis)
}

// Jump is a day worth looking back to.
type Jump struct {
	Name string
	Day  schema.Date
}

// Jumps are the last ends of a month, quarter and year before today.
func (f *Frame) Jumps() []Jump {
	out := make([]Jump, 0, 3)
	seen := map[schema.Date]bool{f.AsOf: true}
	for _, j := range []struct {
		id   string
		freq schema.Frequency
	}{{"board-jump-month", schema.Monthly}, {"board-jump-quarter", schema.Quarterly}, {"board-jump-year", schema.Annual}} {
		day := schema.PeriodOf(j.freq, f.Today).Prev().Last()
		if !seen[day] {
			seen[day] = true
			out = append(out, Jump{f.T(j.id), day})
		}
	}
	return out
}

// SayOrigin adds to the banner what must be said of synthetic figures.
func (f *Frame) SayOrigin(verdicts []schema.Verdict) {
	n, judged := 0, 0
	for _, v := range verdicts {
		if v.Value != nil || len(v.Inputs) > 0 || v.Marks.Synthetic {
			judged++
		}
		if v.Marks.Synthetic {
			n++
		}
	}
	switch n {
	case 0:
	case judged:
		f.Banner = append([]string{f.T("board-banner-synthetic")}, f.Banner...)
	default:
		f.Banner = append([]string{f.T("board-banner-some-synthetic", "n", n)}, f.Banner...)
	}
}

// Now is this page as of today.
func (f *Frame) Now() string { return f.OnDay(schema.Date{}) }

// Runs adds a script of assets/ to the page.
func (f *Frame) Runs(name string) { f.Scripts = append(f.Scripts, f.site.Assets.Scripts[name]) }

// TakeAway is the address of the page's table id as a file of this format.
func (f *Frame) TakeAway(id, format string) string {
	q := url.Values{}
	maps.Copy(q, f.query)
	q.Set("table", id)
	q.Set("format", format)
	return f.path + "?" + q.Encode()
}

// Taking is where a table can be had.
type Taking struct {
	Frame     *Frame
	XLSX, CSV string
}

// Taking offers the page's table id, for the template "take".
func (f *Frame) Taking(id string) Taking {
	return Taking{f, f.TakeAway(id, "xlsx"), f.TakeAway(id, "csv")}
}

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

package board

import (
	"maps"
	"net/http"
	"net/url"
	"time"

	"yardstick/schema"
	"yardstick/schema/figure"
	"yardstick/schema/words"
)

// earliest is the first day the store can hold.
var earliest = schema.Date{Year: 1900, Month: time.January, Day: 1}

// frame is what every page has: language, day, policy, banner and links.
type frame struct {
	Lang     string
	Heading  string // of the page, also in the browser's tab
	Style    string
	Upload   string // path of the page that takes files; none when empty
	Brief    string // path of the printed brief; none when empty
	Icon     string
	Policy   schema.Policy
	Policies []schema.Policy
	AsOf     schema.Date // the day shown
	Today    schema.Date
	Latest   schema.Date // last day that can be asked for
	Banner   []string    // what must be said on every page
	Active   string      // entry of the navigation the page stands under

	Traced  bool     // figures lead to their cells
	Scripts []string // paths of what runs on the page, in order; every page is readable without

	scripts map[string]string // of all assets, by the file's name

	query    url.Values // as the address has it
	path     string
	asked    schema.Date // zero when the address names no day
	policy   string      // as the address names it
	manner   manner      // what else the address says of how pages are shown
	meetings []schema.Date
	news     bool // pages may ask whether there is news
	pinned   bool
	zone     *time.Location
}

// plainFrame is a frame without anything that could be wrong in the address.
func (b *board) plainFrame(r *http.Request) *frame {
	f := &frame{
		Lang: schema.LanguageOf(r.URL.Query().Get("lang")).Code, Style: b.assets.style, Icon: b.assets.icon, scripts: b.assets.scripts, Upload: b.Upload, Brief: b.Brief,
		Policy: b.Register.Policies[0], Policies: b.Register.Policies, Today: b.Today(), path: r.URL.EscapedPath(), query: r.URL.Query(),
		pinned: b.Pinned, zone: b.Location, Traced: b.Lineage != nil, meetings: b.Meetings,
	}
	if m, err := readManner(f.query); err == nil { // what is wrong with it newFrame tells
		f.manner = m
	}
	f.AsOf, f.Latest = f.Today, b.latest(f.Today)
	if b.Pinned {
		f.Banner = []string{f.T("board-banner-pinned", "day", f.Today)}
	}
	return f
}

// latest is the last day that can be asked for. Nothing is known of the days
// after today; where the clock is pinned the figures go on, and so may the
// reader, until a year after the last deadline.
func (b *board) latest(today schema.Date) schema.Date {
	if !b.Pinned {
		return today
	}
	last := today
	for _, p := range b.Register.Policies {
		for _, t := range p.Targets {
			if t.Deadline.After(last) {
				last = t.Deadline
			}
		}
	}
	return last.AddDays(366)
}

func (b *board) newFrame(r *http.Request) (*frame, error) {
	f := b.plainFrame(r)
	q := r.URL.Query()
	day, err := b.asOf(q.Get("as_of"), f.Today)
	if err != nil {
		return nil, err
	}
	if !day.IsZero() {
		f.AsOf, f.asked = day, day
		if f.Back() {
			f.Banner = append(f.Banner, f.T("board-asof-viewing", "day", day))
		}
	}
	if id := q.Get("policy"); id != "" {
		p, ok := b.Register.Policy(id)
		if !ok {
			return nil, fault(http.StatusNotFound, "board-no-policy", "policy", id)
		}
		f.Policy, f.policy = p, id
	}
	if f.manner, err = readManner(q); err != nil {
		return nil, err
	}
	f.news = b.Stamp != nil
	f.Runs("board.js")
	return f, nil
}

// asOf reads the day an address asks for; nothing written is the zero day.
func (b *board) asOf(written string, today schema.Date) (schema.Date, error) {
	if written == "" {
		return schema.Date{}, nil
	}
	day, err := schema.ParseDate(written)
	if err != nil {
		return day, fault(http.StatusBadRequest, "board-bad-day", "written", written)
	}
	if last := b.latest(today); day.Before(earliest) || day.After(last) {
		return day, fault(http.StatusBadRequest, "board-day-outside", "written", written, "first", earliest, "last", last)
	}
	return day, nil
}

// T is a sentence of the catalogue in the page's language.
func (f *frame) T(id string, args ...any) string { return words.Say(id, args...).In(f.Lang) }

// Say is a text in the page's language.
func (f *frame) Say(t schema.Text) string { return t.In(f.Lang) }

// Link leads to path and keeps language, day, policy and how pages are shown.
func (f *frame) Link(path string) string { return f.link(path, f.Lang, f.asked, f.policy) }

// Language is the page's.
func (f *frame) Language() schema.Language { return schema.LanguageOf(f.Lang) }

// Others are the languages the page can be read in beside its own.
func (f *frame) Others() []schema.Language { return f.Language().Others() }

// InLang is this page in another language.
func (f *frame) InLang(lang string) string { return f.here(func(g *frame) { g.Lang = lang }) }

// OnDay is this page as of another day; the zero day is today.
func (f *frame) OnDay(day schema.Date) string { return f.here(func(g *frame) { g.asked = day }) }

// OfPolicy is another policy's page of the same kind, where there is one, else
// its overview.
func (f *frame) OfPolicy(id string) string {
	path := "/"
	if f.path == "/lagging" || f.path == "/limits" {
		path = f.path
	}
	return f.link(path, f.Lang, f.asked, id)
}

func (f *frame) link(path, lang string, day schema.Date, policy string) string {
	return address(path, f.state(lang, day, policy))
}

// PaperLink leads to the printed brief, which knows language, day and policy and
// refuses what else an address may say of pages.
func (f *frame) PaperLink() string {
	plain := *f
	plain.manner = manner{}
	return plain.Link(f.Brief)
}

// TargetLink leads to a target's page.
func (f *frame) TargetLink(policy, id string) string {
	return f.Link("/targets/" + url.PathEscape(policy) + "/" + url.PathEscape(id))
}

// ReceiptLink leads to a receipt.
func (f *frame) ReceiptLink(id string) string { return f.Link("/receipts/" + url.PathEscape(id)) }

// Path is this page's own, for the form that asks for a day.
func (f *frame) Path() string { return f.path }

// Asked is the policy the address names, kept by the form.
func (f *frame) Asked() string { return f.policy }

// Back reports whether the page shows another day than today.
func (f *frame) Back() bool { return f.AsOf != f.Today }

// Time is a moment in the house's zone, to the minute; nothing when unknown.
func (f *frame) Time(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(f.zone).Format("2006-01-02 15:04")
}

// PeriodName is a reference period in the page's language.
func (f *frame) PeriodName(p schema.Period, basis schema.Basis) string {
	return f.Say(figure.Period(p, basis))
}

// Jump is a day worth looking back to.
type Jump struct {
	Name string
	Day  schema.Date
}

// Jumps are the last ends of a month, quarter and year before today.
func (f *frame) Jumps() []Jump {
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

// sayOrigin adds to the banner what must be said of synthetic figures.
func (f *frame) sayOrigin(verdicts []schema.Verdict) {
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
func (f *frame) Now() string { return f.OnDay(schema.Date{}) }

// Runs adds a script of assets/ to the page.
func (f *frame) Runs(name string) { f.Scripts = append(f.Scripts, f.scripts[name]) }

// TakeAway is the address of the page's table id as a file of this format.
func (f *frame) TakeAway(id, format string) string {
	q := maps.Clone(f.query)
	if q == nil {
		q = url.Values{}
	}
	q.Set("table", id)
	q.Set("format", format)
	return f.path + "?" + q.Encode()
}

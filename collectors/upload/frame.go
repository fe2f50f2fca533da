package upload

import (
	"html/template"
	"net/http"
	"net/url"
	"time"

	"yardstick/schema"
	"yardstick/schema/words"
)

// frame is what every page has.
type frame struct {
	Lang    string
	Heading string
	Active  string // entry of the second navigation
	Banner  []string
	Style   []string
	Script  string
	Icon    string
	CSRF    string
	Who     string // signed in as; "" for nobody
	Office  string
	Reviews bool // may review
	Speaks  bool // statements are taken here
	Today   schema.Date

	path string
	zone *time.Location
}

func (p *pages) newFrame(r *http.Request, s *session) *frame {
	f := &frame{Lang: schema.LanguageOf(r.URL.Query().Get("lang")).Code, Style: p.styles, Script: p.script, Icon: p.Icon, Today: p.Today(), path: r.URL.Path, zone: p.Location, Speaks: p.Owners != nil}
	if p.Pinned {
		f.Banner = []string{f.T("board-banner-pinned", "day", f.Today)}
	}
	if s != nil {
		f.CSRF, f.Who, f.Office, f.Reviews = s.csrf, s.who.Name, s.who.Office, s.who.Reviewer
	}
	return f
}

// self is the frame of a page that has one.
func (f *frame) self() *frame { return f }

// T is a sentence of the catalogue in the page's language.
func (f *frame) T(id string, args ...any) string { return words.Say(id, args...).In(f.Lang) }

// Say is a text in the page's language.
func (f *frame) Say(t schema.Text) string { return t.In(f.Lang) }

// Link leads to path in the page's language.
func (f *frame) Link(path string) string { return inLang(path, f.Lang) }

// Language is the page's.
func (f *frame) Language() schema.Language { return schema.LanguageOf(f.Lang) }

// Others are the languages the page can be read in beside its own.
func (f *frame) Others() []schema.Language { return f.Language().Others() }

// InLang is this page in another language.
func (f *frame) InLang(lang string) string { return inLang(f.path, lang) }

func inLang(path, lang string) string {
	if lang = schema.LanguageOf(lang).Code; lang == schema.Chinese {
		return path
	}
	u, err := url.Parse(path)
	if err != nil {
		return path
	}
	q := u.Query()
	q.Set("lang", lang)
	u.RawQuery = q.Encode()
	return u.String()
}

// Time is a moment in the house's zone, to the minute; nothing when unknown.
func (f *frame) Time(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(f.zone).Format("2006-01-02 15:04")
}

// Period is a reference period as people say it.
func (f *frame) Period(p schema.Period, b schema.Basis) string {
	if p.IsZero() {
		return ""
	}
	return p.In(f.Lang, b)
}

// ReceiptLink leads to a receipt's page.
func (f *frame) ReceiptLink(id string) string {
	return f.Link("/upload/receipts/" + url.PathEscape(id))
}

// Badge is a status as shape and word.
type Badge struct{ Shape, Word string }

// Badge is a receipt's status in the shapes and hues of the board.
func (f *frame) Badge(s schema.ReceiptStatus) Badge {
	return Badge{string(s.Drawn()), f.Say(s.Label())}
}

// badgeOf is a receipt's status; of a waiting one it says what for.
func (f *frame) badgeOf(r schema.Receipt) Badge {
	return Badge{f.Badge(r.Status).Shape, f.Say(r.Label())}
}

// Hidden is the form field that every form carries.
func (f *frame) Hidden() template.HTML {
	return template.HTML(`<input type="hidden" name="csrf" value="` + veil(f.CSRF) + `">`) //nolint:gosec // hex of our own making
}

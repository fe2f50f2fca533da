package upload

import (
	"html/template"
	"net/http"
	"net/url"

	"yardstick/dashboards/web"
)

// frame is what every page has.
type frame struct {
	*web.Frame
	Tab     string // entry of the second navigation
	CSRF    string
	Who     string // signed in as; "" for nobody
	Office  string
	Reviews bool // may review
}

func (p *pages) newFrame(r *http.Request, s *session) *frame {
	f := &frame{Frame: p.DeskFrame(r, p.assets)}
	if s != nil {
		f.CSRF, f.Who, f.Office, f.Reviews = s.csrf, s.who.Name, s.who.Office, s.who.Reviews()
	}
	return f
}

// self is the frame of a page that has one.
func (f *frame) self() *frame { return f }

// ReceiptLink leads to a receipt's page.
func (f *frame) ReceiptLink(id string) string {
	return f.Link("/upload/receipts/" + url.PathEscape(id))
}

// Hidden is the form field that every form carries.
func (f *frame) Hidden() template.HTML {
	return template.HTML(`<input type="hidden" name="csrf" value="` + veil(f.CSRF) + `">`) //nolint:gosec // hex of our own making
}

package upload

import (
	"embed"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"yardstick/collectors/desk"
	"yardstick/dashboards/web"
	"yardstick/schema"
	"yardstick/schema/targets"
	"yardstick/schema/words"
)

//go:embed templates/*.html assets/*
var content embed.FS

// PageOptions are what the statistician's pages are built with.
type PageOptions struct {
	Register *targets.Register
	Desk     *desk.Desk
	Tokens   []Token
	Shown    []string         // secrets shown on the sign-in page, of a demonstration
	Address  string           // that others reach this server by, for the QR code; "" : the request's
	Temp     string           // folder for files under preview; emptied at start
	Now      func() time.Time // for sessions; must be given
}

// Pages is the handler of /upload and what is below it.
type Pages struct {
	http.Handler
	PageOptions
	*web.Site
	sessions *sessions
	views    *web.Pages
	assets   *web.Assets
}

// Close ends all sessions and removes the files kept for them.
func (p *Pages) Close() error {
	p.sessions.closeAll()
	return nil
}

// assetsPath is what the paths of these pages' own assets begin with.
const assetsPath = "/upload/assets/"

// NewPages makes the pages.
func NewPages(site *web.Site, o PageOptions) (_ *Pages, err error) {
	if err := sweep(o.Temp); err != nil {
		return nil, fmt.Errorf("sweeping the folder for previews: %w", err)
	}
	if o.Tokens, err = knownTokens(o.Tokens); err != nil {
		return nil, err
	}
	p := &Pages{PageOptions: o, Site: site, sessions: newSessions(o.Now)}
	if p.assets, err = web.LoadAssets(content, assetsPath); err != nil {
		return nil, err
	}
	if p.views, err = site.Pages(content, funcs()); err != nil {
		return nil, err
	}
	p.Handler = p.guard(p.routes())
	return p, nil
}

// funcs are what templates call beside the methods of their views.
func funcs() template.FuncMap {
	return template.FuncMap{
		"changes": func(f *frame, title string, rows []changeRow, cells, whys bool) changesView {
			return changesView{f, title, rows, cells, whys}
		},
		"next":   func(i int) int { return i + 1 },
		"column": func(i int) string { return schema.ColumnName(i + 1) },
	}
}

// sweep makes the folder for drafts and removes what an earlier run left.
func sweep(folder string) error {
	err := os.MkdirAll(folder, 0o700)
	left, bad := filepath.Glob(filepath.Join(folder, "yardstick-draft-*"))
	for _, name := range left {
		err = errors.Join(err, os.Remove(name))
	}
	return errors.Join(err, bad)
}

// changesView is a list of changes for its part of a page.
type changesView struct {
	F           *frame
	Title       string
	Rows        []changeRow
	Cells, Whys bool // with the cells they come from; with reasons
}

// frame is what every page has.
type frame struct {
	*web.Frame
	Tab     string // entry of the second navigation
	CSRF    string
	Who     string // signed in as; "" for nobody
	Office  string
	Reviews bool // may review
}

func (p *Pages) newFrame(r *http.Request, s *session) *frame {
	f := &frame{Frame: p.DeskFrame(r, p.assets)}
	if s != nil {
		f.CSRF, f.Who, f.Office, f.Reviews = s.csrf, s.who.Name, s.who.Office, s.who.Reviews()
	}
	return f
}

// titled is the frame of a page under the message that names it.
func (p *Pages) titled(r *http.Request, s *session, tab, title string) *frame {
	f := p.newFrame(r, s)
	f.Tab, f.Heading = tab, f.T(title)
	return f
}

// Self is the frame of a page that has one.
func (f *frame) Self() *frame { return f }

// receiptPath is the path of a receipt's page.
func receiptPath(id string) string { return "/upload/receipts/" + url.PathEscape(id) }

// ReceiptLink leads to a receipt's page.
func (f *frame) ReceiptLink(id string) string { return f.Link(receiptPath(id)) }

// Hidden is the form field that every form carries.
func (f *frame) Hidden() template.HTML {
	return template.HTML(`<input type="hidden" name="csrf" value="` + veil(f.CSRF) + `">`) //nolint:gosec // hex of our own making
}

func (p *Pages) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+assetsPath+"{asset}", p.open(p.asset))
	mux.HandleFunc("GET /upload/templates/{file}", p.open(p.blank))
	mux.HandleFunc("GET /upload", p.open(p.home))
	mux.HandleFunc("POST /upload/session", p.open(p.signIn))
	mux.HandleFunc("POST /upload/session/end", p.signed(p.signOut))
	mux.HandleFunc("POST /upload/files", p.signed(p.sent(p.receiveFile)))
	mux.HandleFunc("GET /upload/files/{draft}", p.signed(p.drafted(p.preview)))
	mux.HandleFunc("POST /upload/files/{draft}", p.signed(p.drafted(p.decide)))
	mux.HandleFunc("GET /upload/report", p.signed(p.enter))
	mux.HandleFunc("POST /upload/report", p.signed(p.sent(p.entered)))
	mux.HandleFunc("GET /upload/reports", p.signed(p.reports))
	mux.HandleFunc("GET /upload/handover", p.signed(p.handover))
	mux.HandleFunc("GET /upload/receipts/{id}", p.signed(p.ofReceipt(p.receipt)))
	mux.HandleFunc("GET /upload/receipts/{id}/form", p.signed(p.ofReceipt(p.form)))
	mux.HandleFunc("GET /upload/receipts/{id}/attachments/{sha}", p.signed(p.ofReceipt(p.attachment)))
	mux.HandleFunc("POST /upload/receipts/{id}/withdraw", p.signed(p.ofReceipt(p.withdraw)))
	mux.HandleFunc("POST /upload/receipts/{id}/attach", p.signed(p.ofReceipt(p.attach)))
	mux.HandleFunc("POST /upload/receipts/{id}/resume", p.signed(p.ofReceipt(p.resume)))
	mux.HandleFunc("GET /upload/review", p.signed(p.reviewing(p.pending)))
	mux.HandleFunc("POST /upload/review/lock", p.signed(p.reviewing(p.lock)))
	mux.HandleFunc("POST /upload/review/reopen", p.signed(p.reviewing(p.reopen)))
	mux.HandleFunc("POST /upload/review/{id}", p.signed(p.reviewing(p.ofReceipt(p.review))))
	mux.HandleFunc("GET /upload/statements", p.signed(p.statements))
	mux.HandleFunc("GET /upload/statements/{policy}/{target}", p.signed(p.statement))
	mux.HandleFunc("POST /upload/statements/{policy}/{target}", p.signed(p.stated))
	mux.HandleFunc("/upload/", p.open(func(http.ResponseWriter, *http.Request, *session) error { return notFound("upload-no-page") }))
	return mux
}

// page answers a request of a session; s is nil where nobody has signed in.
type page func(http.ResponseWriter, *http.Request, *session) error

// open serves a page that anybody may see.
func (p *Pages) open(serve page) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s, _ := p.sessions.of(r)
		if err := serve(w, r, s); err != nil {
			p.fail(w, r, s, err)
		}
	}
}

// signed serves a page to who has signed in; a form must carry the session's
// token. Others are asked to sign in and come back.
func (p *Pages) signed(serve page) http.HandlerFunc {
	return p.open(func(w http.ResponseWriter, r *http.Request, s *session) error {
		if s == nil {
			return p.askToSignIn(w, r, http.StatusUnauthorized, "")
		}
		if r.Method == http.MethodPost && !strings.HasPrefix(strings.ToLower(r.Header.Get("Content-Type")), "multipart/form-data") {
			r.Body = http.MaxBytesReader(w, r.Body, 4<<20)
			if err := r.ParseForm(); err != nil {
				return bad("upload-broken")
			}
			if !carries(r.PostForm.Get("csrf"), s.csrf) {
				return forged()
			}
		}
		return serve(w, r, s)
	})
}

// forged answers a form that is not ours, or of a session that has ended.
func forged() error {
	return &web.Fault{Code: http.StatusForbidden, Title: words.Say("upload-forged-title"), Detail: words.Say("upload-forged")}
}

// guard sets what every answer must have and refuses forms of other sites.
func (p *Pages) guard(next http.Handler) http.Handler {
	next = http.NewCrossOriginProtection().Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		web.Secure(w.Header())
		w.Header().Set("Cache-Control", "no-store")
		defer web.Recover(func(broke any) { p.fail(w, r, nil, fmt.Errorf("the page broke: %v", broke)) })
		next.ServeHTTP(w, r)
	})
}

// show writes a page, whole or not at all.
func (p *Pages) show(w http.ResponseWriter, code int, name string, view any) error {
	body, err := p.views.Write(name, "frame", view)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(code)
	_, _ = w.Write(body) // a reader who went away is no fault of ours
	return nil
}

// trouble is the page for what could not be done.
type trouble struct {
	*frame
	Fault            *web.Fault
	Return, ReturnTo string
}

// fail tells a person what went wrong.
func (p *Pages) fail(w http.ResponseWriter, r *http.Request, s *session, err error) {
	said := faultOf(r, err, "a page failed", p.Logger)
	f := p.newFrame(r, s)
	f.Heading = f.Say(said.Title)
	if err := p.show(w, said.Code, "fault", trouble{f, said, f.Link("/upload"), f.T("upload-back")}); err != nil {
		p.Logger.Error("the page for a fault could not be written", "err", err)
		http.Error(w, said.Error(), said.Code)
	}
}

// seeOr sends the reader on after a form that did what it says.
func seeOr(err error, w http.ResponseWriter, r *http.Request, path string) error {
	if err != nil {
		return err
	}
	return see(w, r, path)
}

// see sends the reader on.
func see(w http.ResponseWriter, r *http.Request, path string) error {
	http.Redirect(w, r, web.InLanguage(path, r.URL.Query().Get("lang")), http.StatusSeeOther)
	return nil
}

func (p *Pages) asset(w http.ResponseWriter, r *http.Request, _ *session) error {
	if !p.assets.Serve(w, r) {
		return notFound("upload-no-page")
	}
	return nil
}

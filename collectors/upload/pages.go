package upload

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"yardstick/schema"
	"yardstick/schema/targets"
	"yardstick/schema/words"
)

//go:embed templates/*.html assets/*
var content embed.FS

// PageOptions are what the statistician's pages are built with.
type PageOptions struct {
	Register    *targets.Register
	Hall        Hall
	Owners      Owners // nil: no statements are taken
	Tokens      []Token
	Shown       []string // secrets shown on the sign-in page, of a demonstration
	BoardStyle  string   // address of the board's stylesheet
	Icon        string   // and of its icon
	Address     string   // that others reach this server by, for the QR code; "" : the request's
	Temp        string   // folder for files under preview; emptied at start
	MaxBytes    int64    // of one file; default 256 MiB
	Today       func() schema.Date
	Now         func() time.Time // for sessions
	Pinned      bool             // the house's clock stands still
	Location    *time.Location
	Log         *slog.Logger
	Crossorigin *http.CrossOriginProtection // nil: the default
}

// Pages is the handler of /upload and what is below it.
type Pages struct {
	http.Handler
	p *pages
}

// Close ends all sessions and removes the files kept for them.
func (p *Pages) Close() error {
	p.p.sessions.closeAll()
	return nil
}

type pages struct {
	PageOptions
	tokens   []knownToken
	sessions *sessions
	views    map[string]*template.Template
	assets   map[string]asset
	styles   []string
	script   string
}

type asset struct {
	body []byte
	kind string
}

// NewPages makes the pages.
func NewPages(o PageOptions) (*Pages, error) {
	if o.Register == nil || o.Hall == nil || o.Today == nil {
		return nil, errors.New("the upload pages need a register, a hall and a clock")
	}
	if o.MaxBytes <= 0 {
		o.MaxBytes = 256 << 20
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Location == nil {
		o.Location = time.FixedZone("CST", 8*60*60)
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Crossorigin == nil {
		o.Crossorigin = http.NewCrossOriginProtection()
	}
	if err := sweep(o.Temp); err != nil {
		return nil, err
	}
	tokens, err := knownTokens(o.Tokens)
	if err != nil {
		return nil, err
	}
	p := &pages{PageOptions: o, tokens: tokens, sessions: newSessions(o.Now)}
	if err := p.load(); err != nil {
		return nil, err
	}
	return &Pages{p.guard(p.routes()), p}, nil
}

// sweep makes the folder for drafts and removes what an earlier run left.
func sweep(folder string) error {
	if folder == "" {
		return nil
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("making the folder for previews: %w", err)
	}
	left, err := filepath.Glob(filepath.Join(folder, "yardstick-draft-*"))
	if err != nil {
		return fmt.Errorf("sweeping the folder for previews: %w", err)
	}
	for _, name := range left {
		if err := os.Remove(name); err != nil {
			return fmt.Errorf("sweeping the folder for previews: %w", err)
		}
	}
	return nil
}

// viewNames are the pages, each a template with the frame around it.
func viewNames() []string {
	return []string{"signin", "send", "preview", "enter", "reports", "handover", "receipt", "form", "review", "statements", "statement", "trouble"}
}

// load reads templates and assets; an asset is named after its content, so
// that it may be kept for good.
func (p *pages) load() error {
	base, err := template.New("").Funcs(template.FuncMap{"changes": changes}).ParseFS(content, "templates/frame.html", "templates/parts.html")
	if err != nil {
		return fmt.Errorf("reading the upload templates: %w", err)
	}
	p.views = map[string]*template.Template{}
	for _, name := range viewNames() {
		t, err := base.Clone()
		if err != nil {
			return fmt.Errorf("reading the upload templates: %w", err)
		}
		if p.views[name], err = t.ParseFS(content, "templates/"+name+".html"); err != nil {
			return fmt.Errorf("reading the template %s: %w", name, err)
		}
	}
	p.assets, p.styles = map[string]asset{}, []string{p.BoardStyle}
	entries, err := fs.ReadDir(content, "assets")
	if err != nil {
		return fmt.Errorf("listing the upload assets: %w", err)
	}
	for _, e := range entries {
		body, err := content.ReadFile("assets/" + e.Name())
		if err != nil {
			return fmt.Errorf("reading the asset %s: %w", e.Name(), err)
		}
		sum := sha256.Sum256(body)
		ext := path.Ext(e.Name())
		name := strings.TrimSuffix(e.Name(), ext) + "-" + hex.EncodeToString(sum[:6]) + ext
		switch ext {
		case ".css":
			p.assets[name] = asset{body, "text/css; charset=utf-8"}
			p.styles = append(p.styles, "/upload/assets/"+name)
		case ".js":
			p.assets[name] = asset{body, "text/javascript; charset=utf-8"}
			p.script = "/upload/assets/" + name
		}
	}
	return nil
}

// changesView is a list of changes for its part of a page.
type changesView struct {
	F           *frame
	Title       string
	Rows        []changeRow
	Cells, Whys bool // with the cells they come from; with reasons
}

// changes hands a list of changes to the template that draws it.
func changes(page any, title string, rows []changeRow, cells, whys bool) changesView {
	f := &frame{}
	if p, ok := page.(interface{ self() *frame }); ok {
		f = p.self()
	}
	return changesView{f, title, rows, cells, whys}
}

func (p *pages) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /upload/assets/{asset}", p.asset)
	mux.HandleFunc("GET /upload/templates/{file}", p.open(p.blank))
	mux.HandleFunc("GET /upload", p.open(p.home))
	mux.HandleFunc("POST /upload/session", p.open(p.signIn))
	mux.HandleFunc("POST /upload/session/end", p.signed(p.signOut))
	mux.HandleFunc("POST /upload/files", p.signed(p.receiveFile))
	mux.HandleFunc("GET /upload/files/{draft}", p.signed(p.preview))
	mux.HandleFunc("POST /upload/files/{draft}", p.signed(p.decide))
	mux.HandleFunc("GET /upload/report", p.signed(p.enter))
	mux.HandleFunc("POST /upload/report", p.signed(p.entered))
	mux.HandleFunc("GET /upload/reports", p.signed(p.reports))
	mux.HandleFunc("GET /upload/handover", p.signed(p.handover))
	mux.HandleFunc("GET /upload/receipts/{id}", p.signed(p.receipt))
	mux.HandleFunc("GET /upload/receipts/{id}/form", p.signed(p.form))
	mux.HandleFunc("GET /upload/receipts/{id}/attachments/{sha}", p.signed(p.attachment))
	mux.HandleFunc("POST /upload/receipts/{id}/withdraw", p.signed(p.withdraw))
	mux.HandleFunc("POST /upload/receipts/{id}/attach", p.signed(p.attach))
	mux.HandleFunc("POST /upload/receipts/{id}/resume", p.signed(p.resume))
	mux.HandleFunc("GET /upload/review", p.signed(p.pending))
	mux.HandleFunc("POST /upload/review/lock", p.signed(p.lock))
	mux.HandleFunc("POST /upload/review/reopen", p.signed(p.reopen))
	mux.HandleFunc("POST /upload/review/{id}", p.signed(p.review))
	if p.Owners != nil {
		mux.HandleFunc("GET /upload/statements", p.signed(p.statements))
		mux.HandleFunc("GET /upload/statements/{policy}/{target}", p.signed(p.statement))
		mux.HandleFunc("POST /upload/statements/{policy}/{target}", p.signed(p.stated))
	}
	mux.HandleFunc("/upload/", p.open(func(http.ResponseWriter, *http.Request, *session) error { return notFound("upload-no-page") }))
	return mux
}

// page answers a request of a session; s is nil where nobody has signed in.
type page func(http.ResponseWriter, *http.Request, *session) error

// open serves a page that anybody may see.
func (p *pages) open(serve page) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s, _ := p.sessions.of(r)
		if err := serve(w, r, s); err != nil {
			p.fail(w, r, s, err)
		}
	}
}

// signed serves a page to who has signed in; a form must carry the session's
// token. Others are asked to sign in and come back.
func (p *pages) signed(serve page) http.HandlerFunc {
	return p.open(func(w http.ResponseWriter, r *http.Request, s *session) error {
		if s == nil {
			return p.askToSignIn(w, r, http.StatusUnauthorized, "")
		}
		if r.Method == http.MethodPost && !isMultipart(r) {
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

func isMultipart(r *http.Request) bool {
	return strings.HasPrefix(strings.ToLower(r.Header.Get("Content-Type")), "multipart/form-data")
}

// forged answers a form that is not ours, or of a session that has ended.
func forged() error {
	return fault{http.StatusForbidden, "upload-forged-title", words.Say("upload-forged")}
}

// guard sets what every answer must have and refuses forms of other sites.
func (p *pages) guard(next http.Handler) http.Handler {
	next = p.Crossorigin.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "+
			"form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		defer func() {
			if v := recover(); v != nil {
				if err, ok := v.(error); ok && errors.Is(err, http.ErrAbortHandler) {
					panic(v)
				}
				p.fail(w, r, nil, fmt.Errorf("the page broke: %v", v))
			}
		}()
		next.ServeHTTP(w, r)
	})
}

// show writes a page, whole or not at all.
func (p *pages) show(w http.ResponseWriter, code int, name string, view any) error {
	var b bytes.Buffer
	if err := p.views[name].ExecuteTemplate(&b, "frame", view); err != nil {
		return fmt.Errorf("writing the page %s: %w", name, err)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(code)
	_, _ = w.Write(b.Bytes()) // a reader who went away is no fault of ours
	return nil
}

// trouble is the page for what could not be done.
type trouble struct {
	*frame
	Title, Other schema.Text
	Detail       schema.Text
	Code         int
}

// fail tells a person what went wrong; what is the machine's goes to the log.
func (p *pages) fail(w http.ResponseWriter, r *http.Request, s *session, err error) {
	var said fault
	var sentence *words.Error
	switch {
	case errors.As(err, &said):
	case errors.As(err, &sentence) && errors.Is(err, ErrForbidden):
		said = fault{http.StatusForbidden, "upload-forbidden-title", sentence.Text}
	case errors.As(err, &sentence):
		said = fault{http.StatusConflict, "upload-conflict-title", sentence.Text}
	default:
		at := p.Now().UTC().Format(time.RFC3339)
		p.Log.Error("a page failed", "path", r.URL.Path, "at", at, "err", err)
		said = fault{http.StatusInternalServerError, "upload-failed-title", words.Say("upload-failed", "at", at)}
	}
	f := p.newFrame(r, s)
	f.Heading = words.Say(said.title).In(f.Lang)
	view := trouble{frame: f, Title: words.Say(said.title), Detail: said.detail, Code: said.status}
	if err := p.show(w, said.status, "trouble", view); err != nil {
		p.Log.Error("the page for a fault could not be written", "err", err)
		http.Error(w, said.Error(), said.status)
	}
}

// see sends the reader on after a form.
func see(w http.ResponseWriter, r *http.Request, path string) error {
	http.Redirect(w, r, inLang(path, r.URL.Query().Get("lang")), http.StatusSeeOther)
	return nil
}

func (p *pages) asset(w http.ResponseWriter, r *http.Request) {
	a, ok := p.assets[r.PathValue("asset")]
	if !ok {
		p.fail(w, r, nil, notFound("upload-no-page"))
		return
	}
	w.Header().Set("Content-Type", a.kind)
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	w.Header().Set("Content-Length", fmt.Sprint(len(a.body)))
	_, _ = w.Write(a.body)
}

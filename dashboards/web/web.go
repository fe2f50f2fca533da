// Package web is what all pages stand on: their frame, their faults, the files
// they refer to and the way between them. It judges nothing and reads nothing;
// what stands in a page is the business of who serves it.
package web

import (
	"cmp"
	"context"
	"embed"
	"errors"
	"fmt"
	"log/slog"
	"mime"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/klauspost/compress/gzhttp"

	"yardstick/schema"
)

//go:embed templates/*.html assets/*
var files embed.FS

// Options are what all pages share.
type Options struct {
	Policies []schema.Policy
	Today    func() schema.Date // the installation's clock
	// Stamp names what pages rest on: another one means that they may show
	// something new. nil: pages do not ask.
	Stamp    func() string
	Entries  []Entry        // of the navigation, before the brief and the pages that take figures
	Pinned   bool           // the clock stands still, for a demonstration
	Traced   bool           // figures lead to their cells
	Upload   string         // path of the upload page for the navigation, where there is one
	Brief    string         // path of the printed brief for the navigation, where there is one
	Location *time.Location // of the times shown; nil is China's
	Timeout  time.Duration  // one request at most; zero is 15 seconds
	Logger   *slog.Logger
}

// Site is the frame around all pages.
type Site struct {
	Options
	Assets *Assets
	own    *Pages // the page for a fault
}

// New makes a site.
func New(o Options) (*Site, error) {
	if len(o.Policies) == 0 || o.Today == nil {
		return nil, errors.New("pages need a policy and a clock")
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Location == nil {
		// China keeps one time without summer time; no zone file is needed.
		o.Location = time.FixedZone("CST", 8*60*60)
	}
	o.Timeout = cmp.Or(o.Timeout, 15*time.Second)
	s := &Site{Options: o}
	var err error
	if s.Assets, err = LoadAssets(files, assetsPath); err != nil {
		return nil, err
	}
	if s.own, err = s.Pages(files, nil); err != nil {
		return nil, err
	}
	return s, nil
}

// Mount adds what the site itself serves: its assets, and whether there is
// news.
func (s *Site) Mount(mux *http.ServeMux) {
	mux.HandleFunc(assetsPath+"{asset}", func(w http.ResponseWriter, r *http.Request) {
		if !s.Assets.Serve(w, r) {
			s.Fail(w, r, Refuse(http.StatusNotFound, "board-no-page"))
		}
	})
	mux.HandleFunc(nowPath, s.now)
}

// policy is the one of this id.
func (s *Site) policy(id string) (schema.Policy, bool) {
	i := slices.IndexFunc(s.Policies, func(p schema.Policy) bool { return p.ID == id })
	if i < 0 {
		return schema.Policy{}, false
	}
	return s.Policies[i], true
}

// Secure sets what every answer must say to a browser: no foreign content, and
// nothing guessed.
func Secure(h http.Header) {
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; "+
		"form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
}

// Guard keeps every answer within the site's rules: reading only, bounded in
// time (by the site's timeout where limit is nil), no foreign content, and a
// page also when something breaks.
func (s *Site) Guard(next http.Handler, limit func(*http.Request) time.Duration) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		Secure(h)
		timeout := s.Timeout
		if limit != nil {
			timeout = limit(r)
		}
		ctx, cancel := context.WithTimeout(r.Context(), timeout)
		defer cancel()
		r = r.WithContext(ctx)
		defer Recover(func(broke any) {
			s.Logger.Error("a page broke", "path", r.URL.Path, "panic", fmt.Sprint(broke), "stack", string(debug.Stack()))
			s.Fail(w, r, errors.New("the page broke"))
		})
		if r.Method != http.MethodGet && r.Method != http.MethodHead && !strings.HasPrefix(r.URL.Path, "/api") {
			h.Set("Allow", "GET, HEAD")
			s.Fail(w, r, Refuse(http.StatusMethodNotAllowed, "board-method", "method", r.Method))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// Recover is deferred: it hands what a page broke with to told. An answer that
// was broken off on purpose goes on breaking off.
func Recover(told func(broke any)) {
	p := recover()
	if p == nil {
		return
	}
	if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(p)
	}
	told(p)
}

// nowPath is asked by open pages whether there is news.
const nowPath = "/board/now"

// now answers with the stamp of what pages rest on. Pages ask every few seconds
// instead of holding a connection open: an answer takes no time, proxies need no
// setting, and six open pages do not use up a browser's connections to a host.
func (s *Site) now(w http.ResponseWriter, r *http.Request) {
	if s.Stamp == nil {
		s.Fail(w, r, Refuse(http.StatusNotFound, "board-no-page"))
		return
	}
	Write(w, r, http.StatusOK, "application/json", fmt.Appendf(nil, `{"stamp":%q}`, s.Stamp()))
}

// News is where the page asks whether there is news; empty: nowhere.
func (f *Frame) News() string {
	if !f.news {
		return ""
	}
	return nowPath
}

// leastCompressed is what fits one packet: compressing less saves nothing.
const leastCompressed = 1400

// lastWrite is how long a reader may take for what compression still holds when
// the answer is complete; it is a few dozen KiB at most.
const lastWrite = time.Minute

// Compressed sends the texts that next answers with compressed by gzip, to
// whoever accepts it. Files that are compressed already, short answers and
// streams of events go out as they are.
func Compressed(next http.Handler) (http.Handler, error) {
	wrap, err := gzhttp.NewWrapper(gzhttp.MinSize(leastCompressed), gzhttp.EnableZstd(false), gzhttp.ContentTypeFilter(compressible))
	if err != nil {
		return nil, fmt.Errorf("preparing compression: %w", err)
	}
	texts := wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead {
			h := &head{ResponseWriter: w}
			defer h.unsaid()
			w = h
		}
		next.ServeHTTP(w, r)
		_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(lastWrite))
	}))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		texts(w, r)
		// The connection's next request has its own time.
		_ = http.NewResponseController(w).SetWriteDeadline(time.Time{})
	}), nil
}

// compressible tells text from what is packed already. A stream of events is
// read as it comes, and comes in pieces too small to gain.
func compressible(contentType string) bool {
	kind, _, err := mime.ParseMediaType(contentType)
	if err != nil || kind == "text/event-stream" {
		return false
	}
	switch kind {
	case "application/json", "application/javascript", "application/xml", "application/yaml", "image/svg+xml":
		return true
	}
	return strings.HasPrefix(kind, "text/") || strings.HasPrefix(kind, "application/") &&
		(strings.HasSuffix(kind, "+json") || strings.HasSuffix(kind, "+xml") || strings.HasSuffix(kind, "+csv"))
}

// head is the answer to HEAD, which must not promise another length than GET
// would send: a length before compression is none (RFC 9110, 8.6).
type head struct{ http.ResponseWriter }

func (h *head) unsaid() {
	if compressible(h.Header().Get("Content-Type")) {
		h.Header().Del("Content-Length")
	}
}

func (h *head) WriteHeader(code int) {
	h.unsaid()
	h.ResponseWriter.WriteHeader(code)
}

func (h *head) Unwrap() http.ResponseWriter { return h.ResponseWriter }

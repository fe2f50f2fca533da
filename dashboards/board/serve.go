package board

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"runtime/debug"
	"strings"

	"yardstick/schema"
	"yardstick/schema/words"
)

//go:embed templates/*.html assets/*
var files embed.FS

type asset struct {
	body []byte
	kind string
}

// assets are the files that pages refer to, by the name they are served under.
type assets struct {
	byName  map[string]asset
	style   string            // path of the stylesheet
	icon    string            // path of the icon
	scripts map[string]string // path of each script, by its file's name
}

// loadAssets names every asset after its content, so that it may be kept for
// good by whoever fetched it. The stylesheets become one, board.css first.
func loadAssets() (*assets, error) {
	all := &assets{byName: map[string]asset{}, scripts: map[string]string{}}
	entries, err := fs.ReadDir(files, "assets")
	if err != nil {
		return nil, fmt.Errorf("listing the board's assets: %w", err)
	}
	var style []byte
	for _, e := range entries {
		body, err := files.ReadFile("assets/" + e.Name())
		if err != nil {
			return nil, fmt.Errorf("reading the asset %s: %w", e.Name(), err)
		}
		switch path.Ext(e.Name()) {
		case ".css":
			style = append(style, body...)
		case ".svg":
			all.icon = all.add(e.Name(), body, "image/svg+xml")
		case ".js":
			all.scripts[e.Name()] = all.add(e.Name(), body, "text/javascript; charset=utf-8")
		}
	}
	all.style = all.add("board.css", style, "text/css; charset=utf-8")
	return all, nil
}

// add keeps an asset and returns the path it is served at.
func (a *assets) add(name string, body []byte, kind string) string {
	sum := sha256.Sum256(body)
	ext := path.Ext(name)
	name = strings.TrimSuffix(name, ext) + "-" + hex.EncodeToString(sum[:6]) + ext
	a.byName[name] = asset{body, kind}
	return "/board/" + name
}

// pages are the templates, each with the frame around it.
type pages struct{ byName map[string]*template.Template }

// loadPages reads every template; those that several pages use are named
// parts*.html.
func loadPages() (*pages, error) {
	frame, err := template.ParseFS(files, "templates/frame.html", "templates/parts*.html")
	if err != nil {
		return nil, fmt.Errorf("reading the board's templates: %w", err)
	}
	names, err := fs.Glob(files, "templates/*.html")
	if err != nil {
		return nil, fmt.Errorf("listing the board's templates: %w", err)
	}
	p := &pages{map[string]*template.Template{}}
	for _, file := range names {
		name := strings.TrimSuffix(path.Base(file), ".html")
		if name == "frame" || strings.HasPrefix(name, "parts") {
			continue
		}
		t, err := frame.Clone()
		if err != nil {
			return nil, fmt.Errorf("reading the board's templates: %w", err)
		}
		if p.byName[name], err = t.ParseFS(files, file); err != nil {
			return nil, fmt.Errorf("reading the template %s: %w", name, err)
		}
	}
	return p, nil
}

// guard keeps every answer within the house's rules: reading only, bounded in
// time, no foreign content, and a page also when something breaks.
func (b *board) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; "+
			"form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		timeout := b.Timeout
		if r.URL.Path == observationsPath {
			timeout = downloadTime
		}
		ctx, cancel := context.WithTimeout(r.Context(), timeout)
		defer cancel()
		r = r.WithContext(ctx)
		defer func() {
			if p := recover(); p != nil {
				if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
					panic(p)
				}
				b.Logger.Error("a page broke", "path", r.URL.Path, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
				b.fail(w, r, errors.New("the page broke"))
			}
		}()
		if r.Method != http.MethodGet && r.Method != http.MethodHead && !strings.HasPrefix(r.URL.Path, "/api") {
			h.Set("Allow", "GET, HEAD")
			b.fail(w, r, fault(http.StatusMethodNotAllowed, "board-method", "method", r.Method))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// trouble is an error with the answer's code and a sentence for people.
type trouble struct {
	code int
	say  schema.Text
}

func (t *trouble) Error() string { return fmt.Sprintf("%d: %s", t.code, t.say.All(" / ")) }

func fault(code int, id string, args ...any) error { return &trouble{code, words.Say(id, args...)} }

// known tells what to answer for err, and whether it is worth a line in the log.
func known(err error) (t *trouble, log bool) {
	if errors.As(err, &t) {
		return t, false
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return &trouble{http.StatusServiceUnavailable, words.Say("board-slow")}, true
	}
	return &trouble{http.StatusInternalServerError, words.Say("board-broken")}, !errors.Is(err, context.Canceled)
}

// page turns a function that fills a view into a handler. The page is written
// to memory first, so that nobody ever sees half of one.
func (b *board) page(fill func(*frame, *http.Request) (name string, view any, err error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f, err := b.newFrame(r)
		if err != nil {
			b.fail(w, r, err)
			return
		}
		name, view, err := fill(f, r)
		if err != nil {
			b.fail(w, r, err)
			return
		}
		if id := r.URL.Query().Get("table"); id != "" {
			if err := b.takeAway(w, r, f, view, id); err != nil {
				b.fail(w, r, err)
			}
			return
		}
		var buf bytes.Buffer
		if err := b.pages.byName[name].ExecuteTemplate(&buf, "frame", view); err != nil {
			b.fail(w, r, fmt.Errorf("writing the page %s: %w", name, err))
			return
		}
		write(w, r, http.StatusOK, "text/html; charset=utf-8", buf.Bytes())
	})
}

// write answers with an ETag over the body: the same figures are not sent
// twice, and a changed one is never hidden by a cache. It is a weak one, for
// the body may be compressed on its way.
func write(w http.ResponseWriter, r *http.Request, code int, kind string, body []byte) {
	h := w.Header()
	h.Set("Content-Type", kind)
	if code != http.StatusOK {
		h.Set("Cache-Control", "no-store")
	} else {
		sum := sha256.Sum256(body)
		tag := `"` + hex.EncodeToString(sum[:12]) + `"`
		h.Set("ETag", "W/"+tag)
		h.Set("Cache-Control", "private, no-cache")
		if matches(r.Header.Get("If-None-Match"), tag) {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	h.Set("Content-Length", fmt.Sprint(len(body)))
	w.WriteHeader(code)
	if r.Method != http.MethodHead {
		// A reader who went away is no fault of ours.
		_, _ = w.Write(body)
	}
}

func matches(header, tag string) bool {
	for part := range strings.SplitSeq(header, ",") {
		part = strings.TrimPrefix(strings.TrimSpace(part), "W/")
		if part == tag || part == "*" {
			return true
		}
	}
	return false
}

// fail answers an error in the form the path is read in.
func (b *board) fail(w http.ResponseWriter, r *http.Request, err error) {
	t, log := known(err)
	if log {
		b.Logger.Error("a page could not be made", "path", r.URL.Path, "err", err)
	}
	if strings.HasPrefix(r.URL.Path, "/api/") {
		b.problem(w, r, t)
		return
	}
	f := b.plainFrame(r)
	f.Heading = words.Say(faultTitle(t.code)).In(f.Lang)
	view := faultView{frame: f, Code: t.code, Say: t.say, Titles: words.Say(faultTitle(t.code))}
	var buf bytes.Buffer
	if err := b.pages.byName["fault"].ExecuteTemplate(&buf, "frame", view); err != nil {
		b.Logger.Error("the page for a fault could not be written", "err", err)
		http.Error(w, t.say.All("\n"), t.code)
		return
	}
	write(w, r, t.code, "text/html; charset=utf-8", buf.Bytes())
}

// faultView is the page for an answer other than 200, in both languages.
type faultView struct {
	*frame
	Code   int
	Say    schema.Text
	Titles schema.Text
}

func faultTitle(code int) string {
	switch code {
	case http.StatusNotFound:
		return "board-fault-404"
	case http.StatusBadRequest, http.StatusMethodNotAllowed, http.StatusNotAcceptable:
		return "board-fault-400"
	}
	return "board-fault-500"
}

func (b *board) notFound(*frame, *http.Request) (string, any, error) {
	return "", nil, fault(http.StatusNotFound, "board-no-page")
}

func (b *board) serveAsset(w http.ResponseWriter, r *http.Request) {
	a, ok := b.assets.byName[r.PathValue("asset")]
	if !ok {
		b.fail(w, r, fault(http.StatusNotFound, "board-no-page"))
		return
	}
	h := w.Header()
	h.Set("Content-Type", a.kind)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Content-Length", fmt.Sprint(len(a.body)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(a.body)
	}
}

// AssetPaths are the addresses of the board's stylesheet and icon, for pages
// that stand beside it.
func AssetPaths() (style, icon string, err error) {
	all, err := loadAssets()
	if err != nil {
		return "", "", err
	}
	return all.style, all.icon, nil
}

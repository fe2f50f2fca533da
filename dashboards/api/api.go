// Package api is what programs read: every list and value under /api/v1/, the
// OpenAPI document of them and the page that explains them.
package api

import (
	"embed"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"yardstick/dashboards/download"
	"yardstick/dashboards/show"
	"yardstick/dashboards/web"
	"yardstick/schema"
	"yardstick/schema/api"
	"yardstick/schema/targets"
)

const root = "/api/v1/"

// Options are what the API needs to be built.
type Options struct {
	Register   *targets.Register
	Reader     show.Reader
	Figures    Figures         // to read observations; nil: there are none
	Archive    Archive         // to list what was kept; nil: there is none
	Statements show.Statements // what owners say of their targets; nil: none are listed
	Lineage    Value           // where figures come from; without an Answer there is no such operation
	Operations []api.Operation // that others serve, for the document
}

// Value is one value that the API answers with.
type Value struct {
	Shape  any // its zero value
	Answer func(*http.Request) (any, error)
}

type room struct {
	Options
	site  *web.Site
	pages *web.Pages

	documented []api.Operation // all there are
	heavy      chan struct{}   // one for each history under way
}

//go:embed templates/*.html
var files embed.FS

// API serves what programs read.
type API struct {
	http.Handler
	Operations []api.Operation // all there are, those that others serve included
}

// New serves the operations of the table, the document of them and the page
// that lists them.
func New(site *web.Site, o Options) (*API, error) {
	pages, err := site.Pages(files, nil)
	if err != nil {
		return nil, err
	}
	b := &room{Options: o, site: site, pages: pages, heavy: make(chan struct{}, historiesAtOnce)}
	handler := site.Guard(b.routes(), func(r *http.Request) time.Duration {
		if r.URL.Path == web.ObservationsPath {
			return downloadTime
		}
		return site.Timeout
	})
	return &API{handler, b.documented}, nil
}

func (b *room) routes() http.Handler {
	own := b.operations()
	paths := map[string][]api.Operation{}
	for _, o := range own {
		paths[o.Path] = append(paths[o.Path], o)
	}
	b.documented = append(own, b.Operations...)
	mux := http.NewServeMux()
	for path, all := range paths {
		mux.Handle(path, b.methods(all))
	}
	mux.Handle(root+"{$}", b.reading(b.pages.Page(b.index)))
	for _, short := range []string{"/api", "/api/{$}", "/api/v1"} {
		mux.Handle(short, b.reading(http.RedirectHandler(root, http.StatusMovedPermanently)))
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		b.site.Fail(w, r, web.Refuse(http.StatusNotFound, "board-no-api"))
	})
	return mux
}

// methods answers one path: by the operation of the request's method, once the
// address says nothing that the operation does not know. What others serve on
// the path is among what is allowed.
func (b *room) methods(all []api.Operation) http.Handler {
	var allow []string
	for _, o := range b.documented {
		if o.Path != all[0].Path {
			continue
		}
		if allow = append(allow, o.Method); o.Method == http.MethodGet {
			allow = append(allow, http.MethodHead)
		}
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		i := slices.IndexFunc(all, func(o api.Operation) bool {
			return o.Method == r.Method || o.Method == http.MethodGet && r.Method == http.MethodHead
		})
		if i < 0 {
			b.refuseMethod(w, r, allow)
			return
		}
		w.Header().Add("Vary", "Accept")
		if v := all[i].Check(r.URL.Query()); v != nil {
			b.site.Fail(w, r, web.Refuse(http.StatusBadRequest, string(v.What), "name", v.Name, "written", v.Written, "allowed", v.Allowed, "most", v.Allowed))
			return
		}
		all[i].Handler.ServeHTTP(w, r)
	})
}

// reading admits GET and HEAD alone.
func (b *room) reading(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			b.refuseMethod(w, r, []string{http.MethodGet, http.MethodHead})
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (b *room) refuseMethod(w http.ResponseWriter, r *http.Request, allow []string) {
	w.Header().Set("Allow", strings.Join(allow, ", "))
	b.site.Fail(w, r, web.Refuse(http.StatusMethodNotAllowed, "board-api-method", "method", r.Method, "allowed", strings.Join(allow, ", ")))
}

// value answers with one value as JSON.
func (b *room) value(answer func(*http.Request) (any, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Accept")
		body, err := func() ([]byte, error) {
			if _, ok := download.Accepted(strings.Join(r.Header.Values("Accept"), ","), download.JSON); !ok {
				return nil, web.Refuse(http.StatusNotAcceptable, "board-not-acceptable", "allowed", download.JSON)
			}
			v, err := answer(r)
			if err != nil {
				return nil, err
			}
			return asJSON(v)
		}()
		if err != nil {
			b.site.Fail(w, r, err)
			return
		}
		web.Write(w, r, http.StatusOK, "application/json", body)
	})
}

func asJSON(v any) ([]byte, error) {
	body, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		return nil, fmt.Errorf("writing the answer as JSON: %w", err)
	}
	return append(body, '\n'), nil
}

// policies are those the address asks for: one, or all.
func (b *room) policies(r *http.Request) ([]schema.Policy, error) {
	id := r.URL.Query().Get("policy")
	if id == "" {
		return b.Register.Policies, nil
	}
	p, ok := b.Register.Policy(id)
	if !ok {
		return nil, web.Refuse(http.StatusNotFound, "board-no-policy", "policy", id)
	}
	return []schema.Policy{p}, nil
}

// hasTarget refuses a target that the policy, or any where none is named, has
// not; none at all is all of them.
func (b *room) hasTarget(policy, target string) error {
	if target != "" && !slices.ContainsFunc(b.Register.Policies, func(p schema.Policy) bool {
		_, ok := b.Register.Target(p.ID, target)
		return ok && (policy == "" || policy == p.ID)
	}) {
		return web.Refuse(http.StatusNotFound, "board-no-target", "target", target)
	}
	return nil
}

// asked are the words of an address that may stand several times.
func asked[T ~string](q url.Values, name string) (out []T) {
	for _, written := range q[name] {
		if written != "" {
			out = append(out, T(written))
		}
	}
	return out
}

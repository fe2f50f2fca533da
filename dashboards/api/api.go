// Package api is what programs read: every list and value under /api/v1/, the
// OpenAPI document of them and the page that explains them.
package api

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"yardstick/comparator"
	"yardstick/dashboards/download"
	"yardstick/dashboards/web"
	"yardstick/schema"
	"yardstick/schema/api"
	"yardstick/schema/targets"
)

const root = "/api/v1/"

// Reader is what the API reads; asOf zero means the house's own today.
type Reader interface {
	// Verdicts are all policies' targets judged as of that day.
	Verdicts(ctx context.Context, asOf schema.Date) ([]schema.Verdict, error)
	// Case is what the verdict on a target for its own region was made from;
	// false when there is none.
	Case(ctx context.Context, asOf schema.Date, policy, target string) (comparator.Case, bool, error)
	// Parts are the parts of the region of a case beside it.
	Parts(ctx context.Context, c comparator.Case) (comparator.Parts, error)
	// Scorecard is how good the chances told so far turned out.
	Scorecard(ctx context.Context) (comparator.Scorecard, error)
	// Feeds lists every feed, also those nothing was ever received from.
	Feeds(ctx context.Context) ([]schema.FeedState, error)
	// Receipt is one receipt; false when there is none of that id.
	Receipt(ctx context.Context, id string) (schema.Receipt, bool, error)
}

// Options are what the API needs to be built.
type Options struct {
	Register   *targets.Register
	Reader     Reader
	Figures    Figures         // to read observations; nil: there are none
	Archive    Archive         // to list what was kept; nil: there is none
	Statements Statements      // what owners say of their targets; nil: none are listed
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
	if o.Register == nil || o.Reader == nil {
		return nil, errors.New("the API needs a register and a reader")
	}
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
		if err := violated(all[i].Check(r.URL.Query())); err != nil {
			b.site.Fail(w, r, err)
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

// violated is the sentence for what is wrong with an address.
func violated(v *api.Violation) error {
	if v == nil {
		return nil
	}
	switch v.What {
	case api.Twice:
		return web.Refuse(http.StatusBadRequest, "board-parameter-twice", "name", v.Name)
	case api.Missing:
		return web.Refuse(http.StatusBadRequest, "board-parameter-missing", "name", v.Name)
	case api.NotOne:
		return web.Refuse(http.StatusBadRequest, "board-bad-choice", "name", v.Name, "written", v.Written, "allowed", v.Allowed)
	case api.NoCount:
		return web.Refuse(http.StatusBadRequest, "board-bad-limit", "written", v.Written, "most", v.Allowed)
	}
	return web.Refuse(http.StatusBadRequest, "board-unknown-parameter", "name", v.Name)
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

// policyOf is the policy the address asks for; ok is false when it asks for all.
func (b *room) policyOf(r *http.Request) (p schema.Policy, ok bool, err error) {
	id := r.URL.Query().Get("policy")
	if id == "" {
		return p, false, nil
	}
	p, ok = b.Register.Policy(id)
	if !ok {
		return p, false, web.Refuse(http.StatusNotFound, "board-no-policy", "policy", id)
	}
	return p, true, nil
}

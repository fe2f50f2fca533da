package board

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"yardstick/dashboards/download"
	"yardstick/dashboards/web"
	"yardstick/schema"
	"yardstick/schema/api"
)

const apiRoot = "/api/v1/"

// newAPI serves the operations of the table, the document of them and the page
// that lists them.
func (b *board) newAPI() http.Handler {
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
	mux.Handle(apiRoot+"{$}", b.reading(b.page(b.apiIndex)))
	for _, short := range []string{"/api", "/api/{$}", "/api/v1"} {
		mux.Handle(short, b.reading(http.RedirectHandler(apiRoot, http.StatusMovedPermanently)))
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		b.site.Fail(w, r, web.Refuse(http.StatusNotFound, "board-no-api"))
	})
	return mux
}

// methods answers one path: by the operation of the request's method, once the
// address says nothing that the operation does not know. What others serve on
// the path is among what is allowed.
func (b *board) methods(all []api.Operation) http.Handler {
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
func (b *board) reading(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			b.refuseMethod(w, r, []string{http.MethodGet, http.MethodHead})
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (b *board) refuseMethod(w http.ResponseWriter, r *http.Request, allow []string) {
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
func (b *board) value(answer func(*http.Request) (any, error)) http.Handler {
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
func (b *board) policyOf(r *http.Request) (p schema.Policy, ok bool, err error) {
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

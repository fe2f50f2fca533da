package api

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"yardstick/dashboards/download"
	"yardstick/dashboards/web"
	"yardstick/schema"
	"yardstick/schema/api"
	"yardstick/schema/words"
)

// mostRows bounds the page of a list.
const mostRows = 1000

// manner is how the answer of a list is to be written.
type manner struct {
	form
	after  json.RawMessage
	digest string
}

// form is how rows are to be written.
type form struct {
	format download.Format
	people bool
	lang   string
	limit  int // rows of a page
}

// listing is a list of the API: what it gives and how its rows look in CSV.
type listing[T any] struct {
	name    string
	columns func(q url.Values) []string // of the CSV, by what was asked
	// rows are an item's in CSV: a cell for each column there may be, those that
	// are not always there last.
	rows func(T, cells) [][]string
	// read gives at most m.limit items (all, where it is 0) after the place
	// m.after, and the place of the last where more follow; nil: none do.
	read func(r *http.Request, m manner) (items []T, next any, err error)
	most int  // rows of a page where no limit is asked for; 0: all
	one  bool // read gives one item, which stands alone in JSON
}

// cells says what codes are called where people read them.
type cells struct {
	people bool
	lang   string
	b      *room
}

// word is a code, or what people call it.
func (c cells) word(code string, label schema.Text) string {
	if c.people && label != (schema.Text{}) {
		return label.In(c.lang)
	}
	return code
}

// always are columns that do not depend on what was asked.
func always(names ...string) func(url.Values) []string {
	return func(url.Values) []string { return names }
}

// list makes the handler of a listing.
func list[T any](b *room, l listing[T]) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := serveList(b, l, w, r); err != nil {
			b.site.Fail(w, r, err)
		}
	})
}

func serveList[T any](b *room, l listing[T], w http.ResponseWriter, r *http.Request) error {
	m, err := b.mannerOf(r)
	if err != nil {
		return err
	}
	if m.limit == 0 {
		m.limit = l.most
	}
	items, next, err := l.read(r, m)
	if err != nil {
		return err
	}
	if next != nil {
		after, err := json.Marshal(next)
		if err != nil {
			return fmt.Errorf("writing a cursor: %w", err)
		}
		if err := linkNext(w.Header(), r, pageEnd{m.digest, after}); err != nil {
			return err
		}
	}
	if m.format == download.JSON {
		var v any = append([]T{}, items...)
		if l.one {
			v = items[0]
		}
		body, err := asJSON(v)
		if err != nil {
			return err
		}
		web.Write(w, r, http.StatusOK, m.format.MediaType(), body)
		return nil
	}
	var columns []download.Column
	for _, n := range l.columns(r.URL.Query()) {
		columns = append(columns, download.Column{Name: n, Title: words.Say("api-column-" + n)})
	}
	var rows [][]string
	for _, item := range items {
		for _, row := range l.rows(item, cells{m.people, m.lang, b}) {
			rows = append(rows, row[:len(columns)])
		}
	}
	var buf bytes.Buffer
	if err := download.Table(&buf, download.Options{Format: m.format, People: m.people, Lang: m.lang}, columns, rows); err != nil {
		return fmt.Errorf("writing %s: %w", l.name, err)
	}
	w.Header().Set("Content-Disposition", download.Disposition("yardstick-"+l.name+"-"+b.site.Today().String()+".csv"))
	web.Write(w, r, http.StatusOK, m.format.MediaType(), buf.Bytes())
	return nil
}

// formOf reads how rows are to be written, in one of these formats. The address
// is known to say nothing foreign.
func formOf(r *http.Request, among ...download.Format) (f form, err error) {
	q := r.URL.Query()
	ok := true
	if f.format = download.Format(q.Get("format")); f.format == "" {
		f.format, ok = download.Accepted(strings.Join(r.Header.Values("Accept"), ","), among...)
	}
	if !ok {
		return f, web.Refuse(http.StatusNotAcceptable, "board-not-acceptable", "allowed", strings.Join(schema.Codes(among), ", "))
	}
	if f.people, _ = strconv.ParseBool(q.Get("bom")); f.people && f.format != download.CSV {
		return f, web.Refuse(http.StatusBadRequest, "board-bom-csv")
	}
	f.lang = schema.LanguageOf(q.Get("lang")).Code
	f.limit, _ = strconv.Atoi(q.Get("limit"))
	return f, nil
}

// mannerOf reads how the answer of a list is to be written.
func (b *room) mannerOf(r *http.Request) (m manner, err error) {
	if m.form, err = formOf(r, download.JSON, download.CSV); err != nil {
		return m, err
	}
	q := r.URL.Query()
	asked := url.Values{}
	for name, values := range q {
		if !slices.Contains([]string{"format", "lang", "bom", "limit", "cursor"}, name) {
			asked[name] = values
		}
	}
	sum := sha256.Sum256([]byte(r.URL.Path + "?" + asked.Encode()))
	m.digest = hex.EncodeToString(sum[:8])
	return m, m.resume(q.Get("cursor"))
}

// pageEnd is where a page of a list ends: what was asked and, in the list's own
// terms, the last item. Nothing in it is secret.
type pageEnd struct {
	Asked string          `json:"q"`
	After json.RawMessage `json:"w"`
}

func (m *manner) resume(written string) error {
	if written == "" {
		return nil
	}
	var p pageEnd
	if err := decode(written, &p); err != nil || p.Asked != m.digest || len(p.After) == 0 {
		return web.Refuse(http.StatusBadRequest, "board-bad-cursor")
	}
	m.after = p.After
	return nil
}

// place reads where the page before ended; false on the first page.
func (m manner) place(into any) (bool, error) {
	if m.after == nil {
		return false, nil
	}
	if err := json.Unmarshal(m.after, into); err != nil {
		return false, web.Refuse(http.StatusBadRequest, "board-bad-cursor")
	}
	return true, nil
}

// linkNext tells where the next page is (RFC 8288).
func linkNext(h http.Header, r *http.Request, cursor any) error {
	text, err := json.Marshal(cursor)
	if err != nil {
		return fmt.Errorf("writing a cursor: %w", err)
	}
	q := r.URL.Query()
	q.Set("cursor", base64.RawURLEncoding.EncodeToString(text))
	h.Set("Link", "<"+r.URL.Path+"?"+q.Encode()+`>; rel="next"`)
	return nil
}

// decode reads a cursor.
func decode(written string, into any) error {
	text, err := base64.RawURLEncoding.DecodeString(written)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, into)
}

// paged takes a page of a list that is whole in memory, each item of which has
// a key of its own.
func paged[T any](all []T, m manner, key func(T) string) (items []T, next any, err error) {
	var last string
	if on, err := m.place(&last); err != nil {
		return nil, nil, err
	} else if on {
		i := slices.IndexFunc(all, func(item T) bool { return key(item) == last })
		if i < 0 {
			return nil, nil, web.Refuse(http.StatusBadRequest, "board-bad-cursor")
		}
		all = all[i+1:]
	}
	if m.limit == 0 || len(all) <= m.limit {
		return all, nil, nil
	}
	return all[:m.limit], key(all[m.limit-1]), nil
}

// whole reads a list that is whole in memory.
func whole[T any](all func() []T, key func(T) string) func(*http.Request, manner) ([]T, any, error) {
	return func(_ *http.Request, m manner) ([]T, any, error) { return paged(all(), m, key) }
}

// The parameters that every list has.
func listParameters(own ...api.Parameter) []api.Parameter {
	return append(own,
		api.Parameter{Name: "format", Form: api.Choice, Choices: []string{"json", "csv"}, Example: "csv"},
		api.Parameter{Name: "lang", Form: api.Choice, Choices: schema.LanguageCodes(), Example: schema.Chinese},
		api.Parameter{Name: "bom", Form: api.Boolean, Example: "false"},
		api.Parameter{Name: "limit", Form: api.Integer, Most: mostRows, Example: "10"},
		api.Parameter{Name: "cursor", Form: api.Text})
}

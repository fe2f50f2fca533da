package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
)

// apiPaths are the paths that a client may rely on.
var apiPaths = []string{
	"GET /api/v1/districts", "GET /api/v1/feeds", "GET /api/v1/feeds/{feed}/receipts/{id}", "GET /api/v1/indicators", "GET /api/v1/methods",
	"GET /api/v1/observations", "GET /api/v1/openapi.json", "GET /api/v1/receipts", "GET /api/v1/receipts/{id}", "GET /api/v1/regions",
	"GET /api/v1/scorecard", "GET /api/v1/targets", "GET /api/v1/verdicts", "GET /api/v1/ways",
	"POST /api/v1/feeds/{feed}/files", "POST /api/v1/feeds/{feed}/receipts/{id}/withdraw", "POST /api/v1/feeds/{feed}/values",
}

// described is the API as its document has it.
type described struct {
	*demonstration
	check validator.Validator
	paths map[string]map[string]describedOperation
}

type describedOperation struct {
	ID         string `json:"operationId"`
	Parameters []describedParameter
	Responses  map[string]struct{ Content map[string]any }
	Security   []any
}

type describedParameter struct {
	Name, In, Description string
	Required              bool
	Example               any
	Schema                struct{ Type string }
}

// api holds the running API against its own document.
func (d *demonstration) api(t *testing.T) {
	var api *described
	for _, lang := range []string{"en", "zh"} {
		api = d.document(t, lang)
	}
	var paths []string
	for path, methods := range api.paths {
		for method := range methods {
			paths = append(paths, strings.ToUpper(method)+" "+path)
		}
	}
	for _, path := range apiPaths {
		if !slices.Contains(paths, path) {
			t.Errorf("the document has no %s", path)
		}
	}
	slices.Sort(paths)
	for _, at := range paths {
		method, path, _ := strings.Cut(at, " ")
		o := api.paths[path][strings.ToLower(method)]
		t.Run(o.ID, func(t *testing.T) {
			if method == http.MethodGet && o.Security == nil {
				api.reads(t, path, o)
			} else {
				api.guarded(t, method, path)
			}
		})
	}
	t.Run("what is written", api.writes)
	t.Run("pages add up", api.pages)
	for path, status := range map[string]int{"/api/v1/nothing": 404, "/api/v1": 200, "/api/v1/": 200, "/api/v1/?lang=en": 200, "/api/v1/receipts/R0": 404,
		"/api/v1/verdicts?as_of=2199-01-01": 400, "/api/v1/verdicts?from=2025-05-01&to=2025-04-01": 400, "/api/v1/verdicts?from=2025-05-01&as_of=2025-05-01": 400,
		"/api/v1/verdicts?from=2025-05-01&step=1y": 400, "/api/v1/verdicts?step=1m": 400, "/api/v1/verdicts?cursor=abc": 400, "/api/v1/verdicts?bom=true": 400,
		"/api/v1/verdicts?target=nowhere": 404, "/api/v1/receipts?feed=nowhere": 404, "/api/v1/receipts?from=soon": 400} {
		if got, body, err := fetch(t.Context(), d.base+path); err != nil || got != status {
			t.Errorf("%s answers %d (%v), want %d: %.200s", path, got, err, status, body)
		}
	}
}

func (d *demonstration) document(t *testing.T, lang string) *described {
	t.Helper()
	text := []byte(d.page(t, "/api/v1/openapi.json?lang="+lang))
	doc, err := libopenapi.NewDocument(text)
	if err != nil {
		t.Fatal(err)
	}
	check, faults := validator.NewValidator(doc)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	if ok, faults := check.ValidateDocument(); !ok {
		for _, f := range faults {
			t.Errorf("%s: %s %v", lang, f.Message, f.SchemaValidationErrors)
		}
	}
	var held struct {
		Paths map[string]map[string]describedOperation
	}
	if err := json.Unmarshal(text, &held); err != nil {
		t.Fatal(err)
	}
	return &described{d, check, held.Paths}
}

// ask sends a request and holds both ways against the document.
func (a *described) ask(t *testing.T, method, address, body string, header ...string) (*http.Response, []byte) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, a.base+address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	for name := range resp.Header {
		if strings.HasPrefix(name, "Access-Control-") {
			t.Errorf("%s answers with %s", address, name)
		}
	}
	if method == http.MethodHead {
		return resp, got
	}
	resp.Body = io.NopCloser(bytes.NewReader(got))
	req.Body = io.NopCloser(strings.NewReader(body))
	if ok, faults := a.check.ValidateHttpResponse(req, resp); !ok && !strings.Contains(resp.Header.Get("Content-Type"), "csv") && !strings.Contains(resp.Header.Get("Content-Type"), "sheet") {
		for _, f := range faults {
			t.Errorf("%s %s answers %d, not as its document says: %s %s", method, address, resp.StatusCode, f.Message, f.Reason)
			for _, s := range f.SchemaValidationErrors {
				t.Errorf("  at %s: %s", s.FieldPath, s.Reason)
			}
		}
	}
	return resp, got
}

// fill puts an example into each part of the path and what is required beside
// it.
func (a *described) fill(t *testing.T, path string, o describedOperation) (string, url.Values) {
	q := url.Values{}
	for _, p := range o.Parameters {
		switch {
		case p.In == "path" && p.Name == "id":
			path = strings.ReplaceAll(path, "{id}", a.someReceipt(t))
		case p.In == "path":
			path = strings.ReplaceAll(path, "{"+p.Name+"}", p.written())
		case p.Required:
			q.Set(p.Name, p.written())
		}
	}
	return path, q
}

func (a *described) someReceipt(t *testing.T) string {
	t.Helper()
	var list []struct{ ID string }
	if err := json.Unmarshal([]byte(a.page(t, "/api/v1/receipts?limit=1")), &list); err != nil || len(list) != 1 {
		t.Fatalf("%v %v", list, err)
	}
	return list[0].ID
}

// written is the example as an address has it.
func (p describedParameter) written() string {
	if list, ok := p.Example.([]any); ok {
		return fmt.Sprint(list[0])
	}
	return fmt.Sprint(p.Example)
}

// reads asks with each parameter that is documented, and with what is not.
func (a *described) reads(t *testing.T, path string, o describedOperation) {
	path, needed := a.fill(t, path, o)
	with := func(name string, values ...string) string {
		q := url.Values{}
		for k, v := range needed {
			q[k] = v
		}
		if name != "" {
			q[name] = append(q[name], values...)
		}
		if o.ID == "listVerdicts" && (name == "to" || name == "step") {
			q.Set("from", "2025-01-31")
		}
		return strings.TrimSuffix(path+"?"+q.Encode(), "?")
	}
	plain, body := a.ask(t, http.MethodGet, with(""), "")
	if plain.StatusCode != http.StatusOK || len(body) < 3 {
		t.Fatalf("%s answers %d: %.200s", with(""), plain.StatusCode, body)
	}
	for _, p := range o.Parameters {
		if p.In != "query" || p.Example == nil || p.Example == "" || needed.Has(p.Name) {
			continue
		}
		if resp, body := a.ask(t, http.MethodGet, with(p.Name, p.written()), ""); resp.StatusCode != http.StatusOK {
			t.Errorf("%s answers %d: %s", with(p.Name, p.written()), resp.StatusCode, body)
		}
		if p.Schema.Type != "array" {
			if resp, _ := a.ask(t, http.MethodGet, with(p.Name, p.written(), p.written()), ""); resp.StatusCode != http.StatusBadRequest {
				t.Errorf("%s twice answers %d", p.Name, resp.StatusCode)
			}
		}
	}
	for _, address := range []string{with("nosuch", "1"), with("As_of", "2025-06-30")} {
		if resp, _ := a.ask(t, http.MethodGet, address, ""); resp.StatusCode != http.StatusBadRequest || resp.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s answers %d", address, resp.StatusCode)
		}
	}
	a.forms(t, with(""), o)
}

// forms asks for one address in every way HTTP has.
func (a *described) forms(t *testing.T, address string, o describedOperation) {
	plain, body := a.ask(t, http.MethodGet, address, "")
	h := plain.Header
	if h.Get("ETag") == "" || h.Get("Cache-Control") != "private, no-cache" || !strings.Contains(strings.Join(h.Values("Vary"), ", "), "Accept") || h.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%s has the headers %v", address, h)
	}
	if resp, got := a.ask(t, http.MethodGet, address, "", "If-None-Match", h.Get("ETag")); resp.StatusCode != http.StatusNotModified || len(got) > 0 {
		t.Errorf("%s again answers %d with %d bytes", address, resp.StatusCode, len(got))
	}
	if resp, got := a.ask(t, http.MethodHead, address, ""); resp.StatusCode != http.StatusOK || len(got) > 0 || resp.Header.Get("ETag") != h.Get("ETag") {
		t.Errorf("HEAD %s answers %d with %d bytes", address, resp.StatusCode, len(got))
	}
	if resp, _ := a.ask(t, http.MethodGet, address, "", "Accept", "image/png"); resp.StatusCode != http.StatusNotAcceptable {
		t.Errorf("%s as a picture answers %d", address, resp.StatusCode)
	}
	for _, method := range []string{http.MethodPut, http.MethodDelete, http.MethodOptions} {
		resp, got := a.raw(t, method, address)
		if resp.StatusCode != http.StatusMethodNotAllowed || !strings.Contains(resp.Header.Get("Allow"), "GET, HEAD") || !strings.Contains(string(got), `"titles"`) {
			t.Errorf("%s %s answers %d, Allow %s: %s", method, address, resp.StatusCode, resp.Header.Get("Allow"), got)
		}
	}
	for kind := range o.Responses["200"].Content {
		resp, got := a.ask(t, http.MethodGet, address, "", "Accept", kind)
		if resp.StatusCode != http.StatusOK || !strings.HasPrefix(resp.Header.Get("Content-Type"), kind) || len(got) == 0 {
			t.Errorf("%s as %s answers %d as %s", address, kind, resp.StatusCode, resp.Header.Get("Content-Type"))
		}
		if kind == "application/json" && !bytes.Equal(got, body) {
			t.Errorf("%s as JSON is another answer", address)
		}
	}
}

// raw sends what the document does not have.
func (a *described) raw(t *testing.T, method, address string) (*http.Response, []byte) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, a.base+address, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, body
}

// guarded asks for what needs a token without one, and by a wrong method.
func (a *described) guarded(t *testing.T, method, path string) {
	address := regexp.MustCompile(`\{[a-z]+\}`).ReplaceAllString(path, "industry")
	if resp, _ := a.ask(t, method, address, "{}", "Content-Type", "application/json"); resp.StatusCode != http.StatusUnauthorized || resp.Header.Get("WWW-Authenticate") == "" {
		t.Errorf("%s without a token answers %d", address, resp.StatusCode)
	}
	if resp, got := a.raw(t, http.MethodPut, address); resp.StatusCode != http.StatusMethodNotAllowed || !strings.Contains(resp.Header.Get("Allow"), method) || !strings.Contains(string(got), `"details"`) {
		t.Errorf("PUT %s answers %d: %s", address, resp.StatusCode, got)
	}
}

// writes reports a district's figure and takes it back.
func (a *described) writes(t *testing.T) {
	const feed = "/api/v1/feeds/manual/"
	send := func(want int, path, kind, body string) map[string]any {
		t.Helper()
		resp, got := a.ask(t, http.MethodPost, feed+path, body, "Authorization", "Bearer demo", "Content-Type", kind)
		var out map[string]any
		if err := json.Unmarshal(got, &out); err != nil || resp.StatusCode != want {
			t.Fatalf("%s answers %d (%v), want %d: %s", path, resp.StatusCode, err, want, got)
		}
		return out
	}
	const line = `{"indicator":"ai-compute","region":"210211","period":"2025-06","value":12.50,"unit":"PFlops"}`
	told := send(200, "values", "application/json", `{"values":[`+line+`]}`)
	id := told["id"].(string)
	send(200, "values?note=x", "application/json", `{"values":[`+line+`]}`)
	send(400, "values?name=x", "application/json", `{"values":[`+line+`]}`)
	send(400, "values", "application/json", `{"values":[],"nosuch":1}`)
	send(422, "files?name=bad.csv", "text/csv", "indicator,region,period,value\nai-compute,210211,2025-06,many\n")
	send(400, "files?name=bad.csv&nosuch=1", "text/csv", "x")
	if resp, _ := a.ask(t, http.MethodGet, feed+"receipts/"+id, "", "Authorization", "Bearer demo"); resp.StatusCode != 200 {
		t.Errorf("the receipt answers %d", resp.StatusCode)
	}
	if got := a.page(t, "/api/v1/observations?indicator=ai-compute&region=210211&from=2025-06&as_of=2026-06-30"); !strings.Contains(got, `"value": 12.50,`) {
		t.Errorf("the figure has not its digits: %s", got)
	}
	send(400, "receipts/"+id+"/withdraw?force=1", "application/json", `{"reason":"笔误"}`)
	send(400, "receipts/"+id+"/withdraw", "application/json", `{}`)
	send(404, "receipts/R0/withdraw", "application/json", `{"reason":"笔误"}`)
	if gone := send(200, "receipts/"+id+"/withdraw", "application/json", `{"reason":"笔误"}`); gone["status"] != "withdrawn" {
		t.Errorf("the receipt is %v", gone["status"])
	}
}

// pages reads lists page by page, each of which is the whole list in the end.
func (a *described) pages(t *testing.T) {
	for list, limit := range map[string]int{
		"/api/v1/targets": 10, "/api/v1/verdicts?as_of=2025-03-31": 7, "/api/v1/verdicts?status=lagging&status=at_risk": 3, "/api/v1/regions": 5,
		"/api/v1/indicators": 20, "/api/v1/feeds": 2, "/api/v1/receipts?feed=industry": 4, "/api/v1/methods": 10,
		"/api/v1/verdicts?from=2025-01-31&to=2025-06-30": 50, "/api/v1/verdicts?from=2025-01-31&to=2025-06-30&target=ai-compute": 2,
		"/api/v1/verdicts?from=2025-01-31&to=2025-04-30&step=1m": 40, "/api/v1/verdicts?from=2025-03-01&to=2025-04-20&step=1d&target=large-events": 20,
		"/api/v1/observations?indicator=ai-compute&vintages=all": 6,
	} {
		mark := map[bool]string{true: "&", false: "?"}[strings.Contains(list, "?")]
		_, whole := a.follow(t, list+mark+"limit=1000")
		n, got := a.follow(t, fmt.Sprintf("%s%slimit=%d", list, mark, limit))
		if len(whole) == 0 || n < 2 || !slices.Equal(whole, got) {
			t.Errorf("%s in %d pages gives %d rows, whole %d", list, n, len(got), len(whole))
		}
	}
}

// follow reads all pages from this one on.
func (a *described) follow(t *testing.T, address string) (pages int, rows []string) {
	t.Helper()
	for next := address; next != ""; pages++ {
		resp, body := a.ask(t, http.MethodGet, next, "")
		var list []json.RawMessage
		if err := json.Unmarshal(body, &list); err != nil || resp.StatusCode != http.StatusOK {
			t.Fatalf("%s answers %d: %.200s", next, resp.StatusCode, body)
		}
		for _, row := range list {
			rows = append(rows, string(row))
		}
		next = ""
		if m := regexp.MustCompile(`^<(.*)>; rel="next"$`).FindStringSubmatch(resp.Header.Get("Link")); m != nil {
			next = m[1]
		}
	}
	return pages, rows
}

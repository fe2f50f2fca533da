package upload

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"

	"yardstick/collectors/pipeline"
	"yardstick/schema"
	"yardstick/schema/access"
	"yardstick/schema/api"
)

// clerk is a desk that answers as the test wants and notes what it was given.
type clerk struct {
	status schema.ReceiptStatus
	err    error
	got    *pipeline.Submission
	text   string
	act    string // who did what to what
}

func (c *clerk) HasFeed(feed string) bool { return feed == "accounts" || feed == "farming" }

func (c *clerk) Submit(_ context.Context, f pipeline.Submission) (schema.Receipt, error) {
	text, err := io.ReadAll(f.Body)
	c.got, c.text = &f, string(text)
	return schema.Receipt{ID: "R1", Feed: f.Feed.Name, Status: c.status}, errors.Join(err, c.err)
}

func (c *clerk) Receipt(_ context.Context, id string) (schema.Receipt, bool, error) {
	return schema.Receipt{ID: id, Feed: "accounts", Status: schema.Asked}, id == "R1", c.err
}

func (c *clerk) Withdraw(_ context.Context, who access.Identity, id, reason string) (schema.Receipt, error) {
	c.act = who.Name + " " + id + " " + reason
	return schema.Receipt{ID: id, Feed: "accounts", Status: schema.Withdrawn}, c.err
}

func (c *clerk) State(_ context.Context, who access.Identity, s schema.Statement) (schema.Told, error) {
	c.act = who.Name + " " + s.Subject() + " " + s.Cause + s.Withdrawn
	return schema.Told{Statement: s}, c.err
}

func digest(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

const limit = 1000

func newServer(t *testing.T, c *clerk) (url, temp string) {
	t.Helper()
	temp = t.TempDir()
	t.Setenv("TMPDIR", temp)
	h, err := New(Config{MaxBytes: limit, Tokens: []Token{
		{access.Identity{Name: "统计局"}, digest("all")}, {access.Identity{Name: "农业农村局", Feeds: []string{"farming"}}, strings.ToUpper(digest("farm"))}}}, c)
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL, temp
}

type call struct {
	method, path, token, typ, disposition, body string
}

// do makes the call and checks what every answer must have.
func do(t *testing.T, base string, c call) (int, map[string]any, http.Header) {
	t.Helper()
	if c.method == "" {
		c.method = http.MethodPost
	}
	req, err := http.NewRequestWithContext(t.Context(), c.method, base+c.path, strings.NewReader(c.body))
	if err != nil {
		t.Fatal(err)
	}
	if c.token != "" {
		req.Header.Set("Authorization", c.token)
	}
	if c.typ != "" {
		req.Header.Set("Content-Type", c.typ)
	}
	if c.disposition != "" {
		req.Header.Set("Content-Disposition", c.disposition)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var out map[string]any
	if err := json.NewDecoder(res.Body).Decode(&out); err != nil {
		t.Fatalf("status %d: %v", res.StatusCode, err)
	}
	if res.Header.Get("Content-Type") == api.FaultType {
		for _, k := range []string{"titles", "details"} {
			said, _ := out[k].(map[string]any)
			zh, _ := said["zh"].(string)
			en, _ := said["en"].(string)
			if zh == "" || en == "" || zh == en || strings.Contains(zh+en, "{") || out[strings.TrimSuffix(k, "s")] != zh {
				t.Errorf("status %d: %s is %v", res.StatusCode, k, said)
			}
		}
		if out["status"] != float64(res.StatusCode) || out["instance"] != strings.Split(c.path, "?")[0] && !strings.Contains(c.path, "%") {
			t.Errorf("answer %v", out)
		}
	}
	return res.StatusCode, out, res.Header
}

const files = "/api/v1/feeds/accounts/files"

func TestTheAnswersStatusSaysWhatBecameOfTheFile(t *testing.T) {
	for status, want := range map[schema.ReceiptStatus]int{schema.Accepted: 200, schema.Unchanged: 200, schema.Partial: 200, schema.Asked: 202, schema.Pending: 202, schema.Refused: 422, schema.Failed: 500} {
		c := &clerk{status: status}
		base, _ := newServer(t, c)
		got, out, header := do(t, base, call{path: files + "?name=a.csv", token: "Bearer all", typ: "text/csv", body: "x"})
		if got != want || out["id"] != "R1" || out["status"] != string(status) || header.Get("Content-Type") != "application/json; charset=utf-8" {
			t.Errorf("%s: %d %v", status, got, out)
		}
	}
}

func TestWhoMayHandIn(t *testing.T) {
	c := &clerk{status: schema.Accepted}
	base, _ := newServer(t, c)
	for name, x := range map[string]struct {
		token, path string
		want        int
	}{
		"nobody":                        {"", files, 401},
		"a wrong token":                 {"Bearer wrong", files, 401},
		"an empty token":                {"Bearer ", files, 401},
		"a digest for a token":          {"Bearer " + digest("all"), files, 401},
		"a right token by another way":  {"Basic all", files, 401},
		"nobody, of a feed not there":   {"", "/api/v1/feeds/nothing/files", 401},
		"a token for another feed":      {"Bearer farm", files, 403},
		"the token for its feed":        {"Bearer farm", "/api/v1/feeds/farming/files", 200},
		"the token for all":             {"bearer all", "/api/v1/feeds/farming/files", 200},
		"a feed that is not there":      {"Bearer all", "/api/v1/feeds/nothing/files", 404},
		"a path that is not there":      {"Bearer all", "/api/v1/feeds/accounts", 404},
		"a feed's name that leads away": {"Bearer all", "/api/v1/feeds/..%2f..%2fetc/files", 404},
	} {
		c.got = nil
		got, _, header := do(t, base, call{path: x.path + "?name=a.csv", token: x.token, typ: "text/csv", body: "x"})
		if got != x.want || (c.got != nil) != (x.want == 200) {
			t.Errorf("%s: %d, want %d", name, got, x.want)
		}
		if asks := header.Get("WWW-Authenticate") != ""; asks != (got == 401) {
			t.Errorf("%s: WWW-Authenticate %v", name, asks)
		}
	}
}

func TestATokenOfAnEmptySecretLetsNobodyIn(t *testing.T) {
	h, err := New(Config{Tokens: []Token{{SHA256: digest("")}}}, &clerk{})
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, files, nil)
	r.Header.Set("Authorization", "Bearer ")
	if h.ServeHTTP(w, r); w.Code != 401 {
		t.Errorf("status %d", w.Code)
	}
	for _, bad := range []string{"", "abc", strings.Repeat("z", 64)} {
		if _, err := New(Config{Tokens: []Token{{SHA256: bad}}}, &clerk{}); err == nil {
			t.Errorf("%q passes for a digest", bad)
		}
	}
}

// form writes a multipart form; a field of the name file is the file.
func form(t *testing.T, fields ...[2]string) (typ, body string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, f := range fields {
		var part io.Writer
		var err error
		if f[0] == "file" {
			part, err = w.CreateFormFile("file", "月报.csv")
		} else {
			part, err = w.CreateFormField(f[0])
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(part, f[1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return w.FormDataContentType(), b.String()
}

func TestEveryWayToHandAFileIn(t *testing.T) {
	c := &clerk{status: schema.Accepted}
	base, temp := newServer(t, c)
	params := "published=2025-07-18&answer=unit%3D%E4%BA%BF%E5%85%83&answer=basis.gdp%3D%E7%B4%AF%E8%AE%A1&accept_valid=true"
	before, text1 := form(t, [2]string{"published", "2025-07-18"}, [2]string{"answer", "unit=亿元"}, [2]string{"answer", "basis.gdp=累计"}, [2]string{"accept_valid", "1"}, [2]string{"file", "figures"})
	after, text2 := form(t, [2]string{"file", "figures"}, [2]string{"published", "2025-07-18"}, [2]string{"answer", "unit=亿元"}, [2]string{"answer", "basis.gdp=累计"}, [2]string{"accept_valid", "true"})
	mixed, text3 := form(t, [2]string{"file", "figures"})
	for name, x := range map[string]call{
		"body and name":        {path: files + "?" + params + "&name=" + url.QueryEscape("月报.csv"), typ: "text/csv; charset=utf-8", body: "figures"},
		"body and disposition": {path: files + "?" + params, typ: "application/octet-stream", disposition: "attachment; filename*=UTF-8''%E6%9C%88%E6%8A%A5.csv", body: "figures"},
		"body without a type":  {path: files + "?" + params + "&name=" + url.QueryEscape("月报.csv"), body: "figures"},
		"form, fields first":   {path: files, typ: before, body: text1},
		"form, file first":     {path: files, typ: after, body: text2},
		"form and address":     {path: files + "?" + params, typ: mixed, body: text3},
	} {
		x.token = "Bearer all"
		c.got = nil
		if got, out, _ := do(t, base, x); got != 200 {
			t.Errorf("%s: %d %v", name, got, out)
			continue
		}
		g := c.got
		if g.Feed.Name != "accounts" || g.Name != "月报.csv" || c.text != "figures" || g.Actor != "统计局" || !g.AcceptValid ||
			g.Published == nil || *g.Published != schema.NewDate(2025, 7, 18) || len(g.Answers) != 2 || g.Answers["unit"] != "亿元" || g.Answers["basis.gdp"] != "累计" {
			t.Errorf("%s: handed on %+v %q", name, g, c.text)
		}
	}
	if left, _ := os.ReadDir(temp); len(left) != 0 {
		t.Errorf("left behind %v", left)
	}
}

func TestWhatIsWrongWithARequestIsTold(t *testing.T) {
	noFile, noFileText := form(t, [2]string{"published", "2025-07-18"})
	twoFiles, twoFilesText := form(t, [2]string{"file", "a"}, [2]string{"file", "b"})
	odd, oddText := form(t, [2]string{"file", "a"}, [2]string{"publshed", "2025-07-18"})
	large, largeText := form(t, [2]string{"file", strings.Repeat("x", limit+1)})
	whole, wholeText := form(t, [2]string{"file", strings.Repeat("x", limit)})
	for name, x := range map[string]struct {
		call
		want int
	}{
		"an unknown parameter":       {call{path: files + "?name=a&publshed=2025-01-01", typ: "text/csv"}, 400},
		"an unknown field":           {call{path: files, typ: odd, body: oddText}, 400},
		"a parameter twice":          {call{path: files + "?name=a&name=b", typ: "text/csv"}, 400},
		"an answer twice":            {call{path: files + "?name=a&answer=unit%3Da&answer=unit%3Db", typ: "text/csv"}, 400},
		"a day that does not exist":  {call{path: files + "?name=a&published=2025-02-30", typ: "text/csv"}, 400},
		"an answer without its name": {call{path: files + "?name=a&answer=%E4%BA%BF%E5%85%83", typ: "text/csv"}, 400},
		"neither true nor false":     {call{path: files + "?name=a&accept_valid=maybe", typ: "text/csv"}, 400},
		"no name":                    {call{path: files, typ: "text/csv", body: "x"}, 400},
		"no file":                    {call{path: files, typ: noFile, body: noFileText}, 400},
		"two files":                  {call{path: files, typ: twoFiles, body: twoFilesText}, 400},
		"a form that breaks off":     {call{path: files, typ: noFile, body: noFileText[:len(noFileText)-20]}, 400},
		"a form without boundary":    {call{path: files, typ: "multipart/form-data", body: "x"}, 400},
		"curl's own type":            {call{path: files + "?name=a", typ: "application/x-www-form-urlencoded", body: "x"}, 415},
		"a picture":                  {call{path: files + "?name=a", typ: "image/png", body: "x"}, 415},
		"no type at all":             {call{path: files + "?name=a", typ: ";;", body: "x"}, 415},
		"too large":                  {call{path: files + "?name=a", typ: "text/csv", body: strings.Repeat("x", limit+1)}, 413},
		"far too large":              {call{path: files + "?name=a", typ: "text/csv", body: strings.Repeat("x", 2<<20)}, 413},
		"too large in a form":        {call{path: files, typ: large, body: largeText}, 413},
		"just as large as allowed":   {call{path: files, typ: whole, body: wholeText}, 200},
		"another method":             {call{method: http.MethodGet, path: files}, 405},
	} {
		t.Run(name, func(t *testing.T) {
			c := &clerk{status: schema.Accepted}
			base, temp := newServer(t, c)
			x.token = "Bearer all"
			got, out, header := do(t, base, x.call)
			if got != x.want || (c.got != nil) != (x.want == 200) {
				t.Errorf("%d, want %d: %v", got, x.want, out)
			}
			if got == 405 && header.Get("Allow") != http.MethodPost {
				t.Errorf("Allow: %s", header.Get("Allow"))
			}
			if left, _ := os.ReadDir(temp); len(left) != 0 {
				t.Errorf("left behind %v", left)
			}
		})
	}
}

func TestAnUnknownFieldIsToldAsAnUnknownParameterIs(t *testing.T) {
	base, _ := newServer(t, &clerk{})
	typ, body := form(t, [2]string{"file", "a"}, [2]string{"publshed", "2025-07-18"})
	_, field, _ := do(t, base, call{path: files, token: "Bearer all", typ: typ, body: body})
	_, parameter, _ := do(t, base, call{path: files + "?publshed=2025-07-18", token: "Bearer all", typ: "text/csv"})
	if field["detail"] != parameter["detail"] {
		t.Errorf("told is %v, want %v", field["detail"], parameter["detail"])
	}
}

func TestAFailureIsToldWithoutItsInside(t *testing.T) {
	c := &clerk{err: errors.New("disk /secret/path full")}
	base, _ := newServer(t, c)
	got, out, _ := do(t, base, call{path: files + "?name=a", token: "Bearer all", typ: "text/csv", body: "x"})
	if text, _ := json.Marshal(out); got != 500 || strings.Contains(string(text), "secret") {
		t.Errorf("%d %s", got, text)
	}
}

func TestAReceiptCanBeAskedForByWhoMaySeeIt(t *testing.T) {
	base, _ := newServer(t, &clerk{})
	for path, want := range map[string]int{
		"/api/v1/feeds/accounts/receipts/R1":     200,
		"/api/v1/feeds/accounts/receipts/R2":     404,
		"/api/v1/feeds/farming/receipts/R1":      404, // another feed's
		"/api/v1/feeds/nothing/receipts/R1":      404,
		"/api/v1/feeds/accounts/receipts/R1?x=1": 400,
	} {
		if got, out, _ := do(t, base, call{method: http.MethodGet, path: path, token: "Bearer all"}); got != want {
			t.Errorf("%s: %d %v", path, got, out)
		}
	}
	for token, want := range map[string]int{"": 401, "Bearer farm": 403} {
		if got, _, _ := do(t, base, call{method: http.MethodGet, path: "/api/v1/feeds/accounts/receipts/R1", token: token}); got != want {
			t.Errorf("token %q: %d, want %d", token, got, want)
		}
	}
}

//go:build same

package same

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

var formToken = regexp.MustCompile(`name="csrf" value="([^"]+)"`)

// signIn begins a session with a token.
func (s *side) signIn(c *http.Client, token string) (answer, error) {
	page, err := s.get(c, "/upload")
	if err != nil {
		return answer{}, err
	}
	a, err := s.post(c, page, "/upload/session", "", "", "token", token, "next", "/upload")
	if err == nil && a.status != http.StatusSeeOther {
		err = fmt.Errorf("signing in as %s: %d", token, a.status)
	}
	return a, err
}

// post sends the form of a page that goes to a path, with what it hides and the
// fields given; with a file's field, as a form of several parts.
func (s *side) post(c *http.Client, page answer, path, file, content string, fields ...string) (answer, error) {
	values := hiddenFields(page, path)
	for i := 0; i < len(fields); i += 2 {
		values.Set(fields[i], fields[i+1])
	}
	if file == "" {
		return s.do(c, http.MethodPost, path, map[string]string{"Content-Type": "application/x-www-form-urlencoded"}, strings.NewReader(values.Encode()))
	}
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, list := range values {
		for _, v := range list {
			if err := w.WriteField(name, v); err != nil {
				return answer{}, err
			}
		}
	}
	field, name, _ := strings.Cut(file, "=")
	if name != "" {
		part, err := w.CreateFormFile(field, name)
		if err != nil {
			return answer{}, err
		}
		if _, err := io.WriteString(part, content); err != nil {
			return answer{}, err
		}
	}
	if err := w.Close(); err != nil {
		return answer{}, err
	}
	return s.do(c, http.MethodPost, path, map[string]string{"Content-Type": w.FormDataContentType()}, &body)
}

// hiddenFields are what the form that goes to a path sends unseen.
func hiddenFields(page answer, path string) url.Values {
	out := url.Values{}
	doc, err := html.Parse(bytes.NewReader(page.body))
	if err != nil {
		return out
	}
	for form := range doc.Descendants() {
		if form.DataAtom != atom.Form || attribute(form, "action") != path {
			continue
		}
		for n := range form.Descendants() {
			if n.DataAtom == atom.Input && attribute(n, "type") == "hidden" {
				out.Set(attribute(n, "name"), attribute(n, "value"))
			}
		}
	}
	if m := formToken.FindSubmatch(page.body); m != nil && !out.Has("csrf") {
		out.Set("csrf", string(m[1]))
	}
	return out
}

// actor is a person at the upload pages who does one thing after another.
type actor struct {
	*side
	c    *http.Client
	page answer
	n    int
	err  error
}

// sees keeps a page and follows where it leads.
func (a *actor) sees(what string, got answer, err error) {
	for a.err == nil {
		if err != nil {
			a.err = fmt.Errorf("%s: %w", what, err)
			return
		}
		a.n++
		if a.err = a.keep(fmt.Sprintf("act %02d %s", a.n, what), got.text()); a.err != nil {
			return
		}
		a.page = got
		next := got.header.Get("Location")
		if got.status != http.StatusSeeOther || next == "" {
			return
		}
		what += ", then"
		got, err = a.get(a.c, next)
	}
}

func (a *actor) goes(path string) {
	if a.err == nil {
		got, err := a.get(a.c, path)
		a.sees("GET "+path, got, err)
	}
}

// sends posts a form of the page that is open.
func (a *actor) sends(path, file, content string, fields ...string) {
	if a.err == nil {
		got, err := a.post(a.c, a.page, path, file, content, fields...)
		a.sees("POST "+path+" "+file+" "+strings.Join(fields, " "), got, err)
	}
}

// action is the address of the page's form that goes to a path like this.
func (a *actor) action(pattern string) string {
	found := regexp.MustCompile(`action="(` + pattern + `)"`).FindSubmatch(a.page.body)
	if found == nil {
		if a.err == nil {
			a.err = fmt.Errorf("no form goes to %s in\n%.2000s", pattern, pageText(a.page.body))
		}
		return "/"
	}
	return html.UnescapeString(string(found[1]))
}

const header = "indicator,region,period,value,unit,status,published\n"

// acts hands figures in, answers, withdraws, states and locks, over the pages,
// over HTTP and by command, and reads what has become of it. It comes last.
func (s *side) acts() error {
	a := &actor{side: s, c: visit()}
	got, err := s.signIn(a.c, "demo-reviewer")
	a.sees("signing in", got, err)
	// A file that is sound, seen and confirmed.
	a.sends("/upload/files", "file=june.csv", header+"ai-compute,210200,2025-06,425,PFlops,A,2025-06-29\n", "feed", "industry")
	a.sends(a.action(`/upload/files/[^"]+`), "", "", "act", "load", "confirm", "1")
	a.goes("/upload")
	// One that asks, one that is wrong, one that says nothing new, one that is no table.
	for _, f := range [][2]string{
		{"asks.csv", "指标,地区,时期,数值\n智算算力规模,大连市,2025年7月,0.42\n"}, {"wrong.csv", header + "ai-compute,210200,2025-13,x,PFlops,A,2025-06-29\n"},
		{"again.csv", header + "ai-compute,210200,2025-06,425,PFlops,A,2025-06-29\n"}, {"odd.bin", "\x00\x01\x02"}, {"empty.csv", ""}} {
		a.goes("/upload")
		a.sends("/upload/files", "file="+f[0], f[1], "feed", "industry")
	}
	a.goes("/upload/report?feed=industry")
	a.sends("/upload/report", "evidence=", "", "feed", "industry")
	a.goes("/upload/report?feed=industry")
	a.sends("/upload/report", "evidence=minutes.txt", "minutes", "feed", "industry", "value:ai-compute/210200", "431", "period:ai-compute/210200", "2025-07", "unit:ai-compute/210200", "PFlops")
	a.goes("/upload/statements/dalian-2024-15/ai-compute")
	a.sends("/upload/statements/dalian-2024-15/ai-compute", "", "", "cause", "late power", "measures", "two shifts", "promised", "2025-09-30")
	a.goes("/upload/review")
	a.sends("/upload/review/lock", "", "", "feed", "industry", "period", "2025-01")
	a.goes("/upload/review")
	a.sends("/upload/review/reopen", "", "", "feed", "industry", "period", "2025-01", "reason", "an error")
	a.goes("/upload/reports")
	a.goes("/upload/handover")
	if a.err != nil {
		return a.err
	}
	if err := s.handsIn(); err != nil {
		return err
	}
	if err := s.byCommand(); err != nil {
		return err
	}
	for _, path := range []string{"/api/v1/receipts?limit=20", "/api/v1/verdicts?target=ai-compute", "/api/v1/observations?indicator=ai-compute&vintages=all", "/api/v1/feeds", "/api/v1/statements?target=ai-compute",
		"/", "/targets/dalian-2024-15/ai-compute", "/feeds", "/lagging"} {
		if _, err := s.ask(s.visitor, "after the acts: "+path, path); err != nil {
			return err
		}
	}
	return nil
}

// handsIn does over HTTP what a program does.
func (s *side) handsIn() error {
	csv, form := map[string]string{"Authorization": "Bearer demo", "Content-Type": "text/csv"}, map[string]string{"Authorization": "Bearer demo", "Content-Type": "application/json"}
	for i, q := range []struct {
		path, body string
		header     map[string]string
	}{
		{"/api/v1/feeds/industry/files?name=a.csv", header + "ai-compute,210200,2025-08,440,PFlops,A,2025-06-29\n", csv},
		{"/api/v1/feeds/industry/files?name=b.csv", header + "ai-compute,210200,2025-08,440,PFlops,A,2025-06-29\n", csv},
		{"/api/v1/feeds/industry/files?name=c.csv&correction=nothing", header + "ai-compute,210200,2025-08,441,PFlops,A,2025-06-29\n", csv},
		{"/api/v1/feeds/industry/files?name=d.csv", header + "nothing,210200,2025-08,441,PFlops,A,2025-06-29\n", csv},
		{"/api/v1/feeds/industry/files?name=e.csv", header + "ai-compute,210200,2025-09,0.45,,A,2025-06-29\n", csv},
		{"/api/v1/feeds/industry/files", header, csv}, {"/api/v1/feeds/nothing/files?name=a.csv", header, csv},
		{"/api/v1/feeds/industry/files?name=a.csv", header, nil}, {"/api/v1/feeds/industry/files?name=a.csv", header, map[string]string{"Authorization": "Bearer wrong"}},
		{"/api/v1/feeds/industry/values", `{"values":[{"indicator":"ai-compute","region":"210200","period":"2025-09","value":446,"unit":"PFlops"}]}`, form},
		{"/api/v1/feeds/industry/values", `{"values":[]}`, form}, {"/api/v1/feeds/industry/values", `{"values":`, form},
		{"/api/v1/feeds/industry/values", `{"values":[{"indicator":"ai-compute","period":"soon","value":1}]}`, form},
		{"/api/v1/feeds/industry/receipts/R0/withdraw", `{"reason":"an error"}`, form},
		{"/api/v1/statements", `{"policy":"dalian-2024-15","target":"ai-compute","cause":"c","measures":"m","promised":"2025-10-31"}`, form},
		{"/api/v1/statements", `{}`, form},
	} {
		var head map[string]string
		if q.header != nil {
			head = q.header
		}
		a, err := s.do(s.visitor, http.MethodPost, q.path, head, strings.NewReader(q.body))
		if err != nil {
			return err
		}
		if err := s.keep(fmt.Sprintf("HTTP %02d POST %s", i, q.path), a.text()); err != nil {
			return err
		}
	}
	return nil
}

// byCommand does the same by command, and takes one feed back.
func (s *side) byCommand() error {
	for _, line := range []string{
		"report-value ai-compute 452 --period 2025-10 --unit PFlops --feed industry --published 2025-06-29", "report-value ai-compute --no-change --period 2025-11 --feed industry -o json", "report-value nothing 1 --period 2025-10",
		"ingest collectors/samples/industry/2025-05.csv --feed industry", "ingest collectors/samples/industry/2025-05.csv", "ingest nothing.csv --feed industry", "ingest README.md --feed industry -o json",
		"withdraw " + s.numberOf("‹industry/2025-03.csv›") + " --reason mistake", "withdraw " + s.numberOf("‹industry/2025-03.csv›") + " --reason twice", "withdraw R0 --reason mistake",
		"attach " + s.numberOf("‹industry/2025-04.csv›") + " LICENSE --as signed-form", "attach R0 LICENSE --as signed-form", "lock --feed industry --through 2024-12", "reopen --feed industry --period 2024-11 --reason late",
		"statement add ai-compute --cause power --measures shifts --promised 2025-09-30", "statement list -o json --target ai-compute", "review R0 --approve", "receipts --limit 12", "receipts --limit 12 -o json", "audit verify", "audit show",
		"compare --target ai-compute -o json", "export --indicator ai-compute --vintages all -o csv",
	} {
		if err := s.run(strings.Fields("--lang en " + line)...); err != nil {
			return err
		}
	}
	return nil
}

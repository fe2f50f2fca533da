//go:build same

package same

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// alike is how many pages of one shape are followed from other pages: pages that
// differ in what they show, not in how, add little.
const alike = 3

// pages reads the board: every kind of page on every day in both languages, then
// what these lead to, as it stands on the last day.
func (s *side) pages() error {
	targets, err := s.targets()
	if err != nil {
		return err
	}
	var seeds []string
	for _, day := range days {
		for _, lang := range []string{"zh", "en"} {
			for _, path := range kinds(targets) {
				seeds = append(seeds, with(path, "as_of", day, "lang", lang))
			}
		}
	}
	today := append(kinds(targets), oddities()...)
	for _, path := range today {
		if asked := with(path, "lang", "en"); asked != path { // what names a language is asked below
			seeds = append(seeds, asked)
		}
	}
	if err := s.askAll(s.visitor, seeds); err != nil {
		return err
	}
	books, err := filepath.Glob(filepath.Join(s.files, "alerts/runbooks/*.md"))
	if err != nil || len(books) == 0 {
		return fmt.Errorf("no runbooks: %w", err)
	}
	for _, b := range books {
		today = append(today, "/runbooks/"+strings.TrimSuffix(filepath.Base(b), ".md"))
	}
	return s.crawl(today)
}

// targets are the identifiers of all targets, POLICY/TARGET.
func (s *side) targets() ([]string, error) {
	a, err := s.get(s.visitor, "/api/v1/targets?limit=1000")
	if err != nil {
		return nil, err
	}
	var list []struct {
		ID, Policy string
	}
	if err := json.Unmarshal(a.body, &list); err != nil {
		return nil, fmt.Errorf("reading the targets: %w", err)
	}
	var out []string
	for _, t := range list {
		out = append(out, t.Policy+"/"+t.ID)
	}
	if len(out) < 20 {
		return nil, fmt.Errorf("%d targets: too few", len(out))
	}
	return out, nil
}

// kinds is every kind of page that shows the state of a day.
func kinds(targets []string) []string {
	out := []string{"/", "/?compare=meeting", "/?compare=year", "/lagging", "/lagging?worst=13", "/limits", "/districts", "/districts?target=high-standard-farmland",
		"/feeds", "/scorecard", "/indicators", "/indicators/gdp", "/indicators/ai-compute", "/figures/strategic-industry-gdp-share/210200/ytd/2025-Q1", "/figures/gdp/210200/ytd/2024"}
	for _, t := range targets {
		out = append(out, "/targets/"+t)
	}
	return out
}

// oddities are pages that are asked for wrongly, and manners of the right ones.
func oddities() []string {
	const target = "/targets/dalian-2024-15/ai-compute"
	return []string{
		"/nothing", "/targets/dalian-2024-15/nothing", "/targets/nowhere/ai-compute", "/indicators/nothing", "/receipts/R0", "/cells/R0/A1", "/cells/R0/0",
		"/figures/gdp/210200/ytd/soon", "/figures/nothing/210200/ytd/2024", "/board/nothing.css", "/runbooks/Nothing", "/brief?format=odt", "/brief?as_of=soon",
		"/?as_of=soon", "/?as_of=2199-01-01", "/?as_of=1899-01-01", "/?lang=fr", "/?compare=never", "/?theme=pink", "/?theme=dark", "/?wall=1&turn=20", "/?wall=1&turn=0",
		"/?as_of=2026-02-01", "/?as_of=2024-10-01", "/lagging?worst=0", "/lagging?worst=many", "/districts?target=nothing", "/districts?target=ai-compute",
		"/districts?target=high-standard-farmland&scale=common",
		target + "?compare=2025-05-15", target + "?rate=60", target + "?rate=fast", target + "?what_if=60", target + "?table=nothing&format=csv", target + "?format=odt",
		"/board/now", "/healthz", "/readyz", "/api", "/api/v1", "/api/v1/", "/favicon.ico", "/robots.txt",
	}
}

// with adds parameters to a path.
func with(path string, pairs ...string) string {
	at, query, _ := strings.Cut(path, "?")
	q, _ := url.ParseQuery(query) // ours, and sound
	for i := 0; i < len(pairs); i += 2 {
		if !q.Has(pairs[i]) {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	return at + "?" + q.Encode()
}

// crawl asks every path and what the pages lead to, at most so many of a shape.
func (s *side) crawl(paths []string) error {
	seen, shapes := map[string]bool{}, map[string]int{}
	for _, p := range paths {
		seen[s.names.where(p)] = true
	}
	for len(paths) > 0 {
		found := map[string]string{} // by the name that both sides use, to go in one order
		for _, p := range paths {
			a, err := s.ask(s.visitor, "", p)
			if err != nil {
				return err
			}
			for _, link := range links(p, a) {
				name := s.names.where(link)
				if _, asked := s.said["GET "+name]; !asked && !seen[name] {
					found[name] = link
				}
			}
		}
		paths = nil
		for _, name := range slices.Sorted(maps.Keys(found)) {
			if seen[name] = true; shapes[shape(name)] < alike {
				shapes[shape(name)]++
				paths = append(paths, found[name])
			}
		}
	}
	return nil
}

var printed = regexp.MustCompile(`format=(?:pdf|png|docx)|^/board/|^/upload|^/brief\?|^/brief$`)

// links are the addresses of this server that a page leads to, without what is
// compared elsewhere or drawn by Chromium.
func links(from string, a answer) []string {
	if !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") {
		return nil
	}
	doc, err := html.Parse(bytes.NewReader(a.body))
	if err != nil {
		return nil
	}
	base, err := url.Parse(from)
	if err != nil {
		return nil
	}
	var out []string
	for n := range doc.Descendants() {
		if n.DataAtom != atom.A {
			continue
		}
		u, err := base.Parse(attribute(n, "href"))
		if err != nil || u.Host != "" || u.Scheme != "" || !strings.HasPrefix(u.Path, "/") {
			continue
		}
		u.Fragment = ""
		if link := u.String(); !printed.MatchString(link) {
			out = append(out, link)
		}
	}
	return out
}

// shape is what an address has in common with others of its kind: the first
// step of its path, how many there are, and what is asked of it.
func shape(name string) string {
	path, query, _ := strings.Cut(name, "?")
	steps := strings.Split(path, "/")
	q, _ := url.ParseQuery(query)
	first := steps[min(1, len(steps)-1)]
	if first == "api" {
		first = path
	}
	return fmt.Sprint(first, strings.Count(path, "/"), q.Get("format"), q.Get("lang"), q.Get("table"))
}

// desk reads the upload pages, without a token and with each of the two.
func (s *side) desk() error {
	paths := []string{"/upload", "/upload?feed=industry", "/upload/report", "/upload/report?feed=industry", "/upload/report?feed=nothing", "/upload/reports", "/upload/handover", "/upload/handover?office=x",
		"/upload/review", "/upload/statements", "/upload/statements/dalian-2024-15/ai-compute", "/upload/statements/dalian-2024-15/soe-layer-compression", "/upload/statements/dalian-2024-15/nothing",
		"/upload/nothing", "/upload/files/0", "/upload/receipts/R0", "/upload/templates/industry.csv", "/upload/templates/industry.xlsx", "/upload/templates/districts.csv", "/upload/templates/nothing.xlsx", "/upload/templates/industry.pdf"}
	for number, name := range s.names.receipts {
		if slices.Contains([]string{"‹industry/2025-06.csv›", "‹districts/2025-05.csv›", "‹statistics-bureau/undated.csv›"}, name) {
			paths = append(paths, "/upload/receipts/"+number, "/upload/receipts/"+number+"/form")
		}
	}
	for _, token := range []string{"", "demo", "demo-reviewer"} {
		for _, lang := range []string{"zh", "en"} {
			c := visit()
			if token != "" {
				if _, err := s.signIn(c, token); err != nil {
					return err
				}
			}
			for _, p := range paths {
				if _, err := s.ask(c, "as "+token+": GET "+with(p, "lang", lang), with(p, "lang", lang)); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// metrics keeps what the comparator's exporter says: what the process says of
// itself (memory, seconds) is the machine's.
func (s *side) metrics() error {
	a, err := s.get(s.visitor, "/metrics")
	if err != nil {
		return err
	}
	var out []string
	for line := range strings.Lines(string(a.body)) {
		if !machine.MatchString(line) {
			out = append(out, clock.ReplaceAllString(line, "$1 ‹time›"))
		}
	}
	slices.Sort(out)
	a.body = []byte(strings.Join(out, ""))
	return s.keep("GET /metrics", a.text())
}

var (
	machine = regexp.MustCompile(`^(?:# (?:HELP|TYPE) )?(?:go_|process_|promhttp_)`)
	// When something last happened, how long it took, what is free on the disk,
	// and the ledger's head, which covers times.
	clock = regexp.MustCompile(`(?m)^(yardstick_(?:feed_last_success_timestamp_seconds|collector_duration_seconds_(?:bucket|sum)|compare_duration_seconds\S*|compare_last_success_timestamp_seconds|snapshot_free_bytes|ledger_head|backup_last_success_timestamp_seconds|[a-z_]*duration_seconds_(?:bucket|sum))(?:\{.*\})?) .*$`)
)

// briefs reads the printed brief of every day as a page, and one as a document.
func (s *side) briefs() error {
	var paths []string
	for _, day := range days {
		for _, lang := range []string{"zh", "en"} {
			paths = append(paths, "/brief?format=html&as_of="+day+"&lang="+lang)
		}
	}
	return s.askAll(s.visitor, append(paths, "/brief?format=html", "/brief?format=html&worst=13&slips=only", "/brief?format=html&slips=without&compare=2025-01-31", "/brief?as_of=2025-06-30", "/brief?format=html&worst=x"))
}

// read gives the text of a file of the tree that is handed in.
func (s *side) read(path string) (string, error) {
	text, err := os.ReadFile(filepath.Join(s.files, path))
	return string(text), err
}

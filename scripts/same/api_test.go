//go:build same

package same

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// questions are what each path of the API is asked, by the path as the API's
// document names it. A path of the document without a line here is a fault.
func (s *side) questions() map[string][]string {
	number := s.numberOf("‹industry/2025-06.csv›")
	byDay := func(queries ...string) []string {
		var out []string
		for _, day := range days {
			for _, q := range queries {
				out = append(out, strings.ReplaceAll(q, "DAY", day))
			}
		}
		return out
	}
	lists := []string{"?lang=en", "?format=csv", "?format=csv&bom=true", "?format=csv&bom=true&lang=en", "?format=xlsx", "?format=xml", "?limit=2", "?limit=0", "?limit=x", "?nothing=1"}
	plus := func(more ...string) []string { return append(slices.Clone(lists), more...) }
	return map[string][]string{
		"/api/v1/districts":                  append(byDay("?target=high-standard-farmland&as_of=DAY"), "", "?target=ai-compute", "?target=nothing", "?target=high-standard-farmland&format=csv", "?target=high-standard-farmland&format=xlsx&lang=en", "?target=high-standard-farmland&policy=nowhere"),
		"/api/v1/feeds":                      plus(""),
		"/api/v1/indicators":                 plus(""),
		"/api/v1/lineage":                    append(byDay("?indicator=gdp&region=210200&period=2024&basis=ytd&as_of=DAY", "?indicator=strategic-industry-gdp-share&region=210200&period=2025-Q1&basis=ytd&as_of=DAY"), "", "?receipt="+number, "?receipt=R0", "?indicator=gdp", "?indicator=nothing&region=210200&period=2024&basis=ytd", "?indicator=gdp&region=210200&period=soon&basis=ytd", "?receipt="+number+"&indicator=ai-compute&region=210200&period=2025-06&basis=point"),
		"/api/v1/methods":                    append(byDay("?as_of=DAY"), plus("?target=ai-compute", "?target=nothing")...),
		"/api/v1/observations":               append(byDay("?as_of=DAY&indicator=gdp", "?as_of=DAY&format=csv"), plus("?indicator=gdp&vintages=all", "?vintages=all&format=csv&limit=2000", "?indicator=gdp&format=sdmx-csv", "?indicator=gdp&format=sdmx-json", "?region=210211", "?from=2025-01&to=2025-03", "?known_at=2020-01-01T00:00:00Z", "?indicator=nothing", "?region=nothing", "?from=soon", "?vintages=some")...),
		"/api/v1/openapi.json":               {"", "?lang=en", "?lang=fr"},
		"/api/v1/receipts":                   plus("", "?feed=industry", "?status=asked", "?status=accepted&limit=3", "?feed=nothing", "?status=nothing", "?from=soon", "?from=2020-01-01&to=2020-12-31"),
		"/api/v1/receipts/{id}":              {"/api/v1/receipts/" + number, "/api/v1/receipts/R0", "/api/v1/receipts/" + s.numberOf("‹districts/2025-05.csv›"), "/api/v1/receipts/" + s.numberOf("‹statistics-bureau/undated.csv›")},
		"/api/v1/feeds/{feed}/receipts/{id}": {"/api/v1/feeds/industry/receipts/" + number, "/api/v1/feeds/nothing/receipts/" + number},
		"/api/v1/regions":                    plus(""),
		"/api/v1/scorecard":                  {"", "?lang=en", "?nothing=1"},
		"/api/v1/statements":                 append(byDay("?as_of=DAY"), plus("?target=ai-compute", "?target=nothing")...),
		"/api/v1/targets":                    plus("", "?policy=dalian-2024-15", "?policy=nowhere"),
		"/api/v1/verdicts": append(byDay("?as_of=DAY", "?as_of=DAY&lang=en&format=csv&bom=true", "?as_of=DAY&format=csv"), plus("?from=2025-01-31&to=2025-06-30&step=1m&format=csv", "?from=2025-01-31&to=2025-06-30&step=1m&target=ai-compute",
			"?target=ai-compute", "?status=lagging", "?status=nothing", "?region=210211", "?region=nothing", "?target=nowhere", "?as_of=2199-01-01", "?from=2025-05-01&to=2025-04-01", "?from=2025-05-01&step=1y", "?step=1m", "?cursor=abc", "?bom=true", "?as_of=2026-02-01")...),
		"/api/v1/ways": append(byDay("?target=ai-compute&as_of=DAY", "?target=high-standard-farmland&rate=20000&as_of=DAY"), "", "?target=nothing", "?target=ai-compute&rate=fast", "?target=open-bid-subsidy-cap"),
		// What is handed in is asked among the acts, where it changes something.
		"/api/v1/feeds/{feed}/files": nil, "/api/v1/feeds/{feed}/values": nil, "/api/v1/feeds/{feed}/receipts/{id}/withdraw": nil,
	}
}

// numberOf is the number of a receipt by the name both sides use.
func (s *side) numberOf(name string) string {
	for number, n := range s.names.receipts {
		if n == name {
			return number
		}
	}
	return "R-none-" + name
}

// api asks every path of the API's own document.
func (s *side) api() error {
	a, err := s.get(s.visitor, "/api/v1/openapi.json")
	if err != nil {
		return err
	}
	var doc struct {
		Paths map[string]map[string]any
	}
	if err := json.Unmarshal(a.body, &doc); err != nil {
		return fmt.Errorf("reading the API's document: %w", err)
	}
	asked := s.questions()
	for path := range doc.Paths {
		if _, known := asked[path]; !known {
			return fmt.Errorf("nothing is asked of %s: add it to questions", path)
		}
	}
	for path, queries := range asked {
		for _, q := range queries {
			if strings.HasPrefix(q, "?") || q == "" {
				q = path + q
			}
			if _, err := s.ask(s.visitor, "API "+q, q); err != nil {
				return err
			}
		}
	}
	for _, path := range []string{"/api/v1/nothing", "/api/v1/verdicts/", "/api/v1/feeds/industry/nothing"} {
		if _, err := s.ask(s.visitor, "API "+path, path); err != nil {
			return err
		}
	}
	for _, method := range []string{"POST", "PUT", "DELETE", "HEAD", "OPTIONS"} {
		for _, path := range []string{"/api/v1/verdicts", "/api/v1/feeds", "/", "/lagging", "/upload", "/metrics"} {
			a, err := s.do(s.visitor, method, path, nil, nil)
			if err != nil {
				return err
			}
			if path == "/metrics" {
				a.body = nil // asked as metrics
			}
			if err := s.keep(method+" "+path, a.text()); err != nil {
				return err
			}
		}
	}
	return nil
}

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// arrows says who may import whom inside the module, and which outside modules
// are kept to one room. Left of a line is a package (a name ending in / means
// all below it); right is what it may import of ours, beside yardstick/schema
// and yardstick/schema/words, which everybody may.
var arrows = map[string]string{
	"schema":                       "",
	"schema/words":                 "",
	"schema/access":                "",
	"schema/api":                   "",
	"schema/targets":               "schema/calendar",
	"schema/calendar":              "",
	"schema/ledger":                "schema/whole",
	"schema/migrations":            "",
	"schema/vintage":               "",
	"schema/whole":                 "",
	"schema/engine":                "schema/whole",
	"schema/figure":                "",
	"schema/engine/enginetest":     "schema/engine",
	"schema/engine/bench":          "schema/engine/enginetest",
	"schema/clickhouse":            "schema/ledger schema/migrations schema/vintage schema/whole",
	"schema/store":                 "schema/clickhouse schema/engine schema/ledger",
	"collectors/source":            "schema/whole",
	"collectors/table":             "collectors/table/archive collectors/table/areas collectors/table/biff collectors/table/css collectors/table/elements collectors/table/exchange collectors/table/magic collectors/table/mend collectors/table/numfmt collectors/table/ooxml collectors/table/refusal collectors/table/runs collectors/table/spelling",
	"collectors/table/archive":     "collectors/table/magic collectors/table/refusal",
	"collectors/table/areas":       "",
	"collectors/table/biff":        "",
	"collectors/table/css":         "",
	"collectors/table/elements":    "collectors/table/css collectors/table/runs",
	"collectors/table/exchange":    "",
	"collectors/table/magic":       "collectors/table/refusal",
	"collectors/table/mend":        "collectors/table/spelling",
	"collectors/table/ooxml":       "collectors/table/archive collectors/table/numfmt collectors/table/refusal collectors/table/runs",
	"collectors/table/runs":        "collectors/table/numfmt",
	"collectors/table/refusal":     "",
	"collectors/table/spelling":    "collectors/table/refusal",
	"collectors/table/numfmt":      "",
	"collectors/reading":           "collectors/table collectors/table/numfmt collectors/table/refusal collectors/reading/account collectors/reading/heads collectors/reading/written",
	"collectors/reading/account":   "collectors/table collectors/table/numfmt collectors/reading/written",
	"collectors/reading/property":  "",
	"collectors/reading/grid":      "collectors/table collectors/reading/account collectors/reading/written",
	"collectors/reading/heads":     "collectors/table collectors/table/numfmt collectors/reading/account collectors/reading/grid collectors/reading/written",
	"collectors/reading/written":   "",
	"collectors/validate":          "schema/figure schema/targets schema/vintage collectors/reading/account collectors/reading/written collectors/table",
	"collectors/secrecy":           "collectors/table collectors/table/refusal",
	"collectors/pipeline":          "collectors/secrecy collectors/source collectors/table collectors/table/refusal collectors/reading collectors/reading/account collectors/reading/written collectors/validate schema/targets schema/vintage schema/whole",
	"collectors/schedule":          "schema/whole",
	"collectors/desk":              "collectors/pipeline collectors/schedule collectors/secrecy collectors/source collectors/table collectors/validate comparator/docket schema/access schema/calendar schema/clickhouse schema/figure schema/whole schema/vintage",
	"collectors/upload":            "collectors/desk collectors/pipeline collectors/secrecy collectors/upload/blank dashboards/web schema/access schema/api schema/figure schema/targets schema/whole",
	"collectors/upload/blank":      "",
	"collectors/samples":           "collectors/published",
	"collectors/published":         "",
	"comparator":                   "comparator/derive comparator/forecast schema/vintage",
	"comparator/derive":            "schema/vintage",
	"comparator/telling":           "comparator schema/figure schema/targets schema/vintage",
	"comparator/forecast":          "",
	"comparator/forecast/backtest": "comparator/forecast",
	"comparator/docket":            "comparator comparator/derive comparator/forecast comparator/telling schema/calendar schema/clickhouse schema/targets schema/vintage",
	"comparator/exporter":          "schema/whole",
	"dashboards/download":          "comparator/derive dashboards/web schema/clickhouse schema/targets",
	"dashboards/grafana":           "schema/targets",
	"dashboards/grafana/generate":  "dashboards/grafana",
	"dashboards/board":             "schema/targets comparator comparator/telling schema/figure schema/vintage dashboards/web dashboards/draw dashboards/download dashboards/show",
	"dashboards/districts":         "schema/targets comparator comparator/telling schema/figure dashboards/web dashboards/draw dashboards/download dashboards/show",
	"dashboards/show":              "schema/targets comparator comparator/telling schema/figure dashboards/web dashboards/draw",
	"dashboards/draw":              "comparator/telling schema/figure dashboards/web",
	"dashboards/web":               "schema/api schema/figure",
	"dashboards/lineage":           "collectors/desk dashboards/download dashboards/show dashboards/web schema/figure schema/targets",
	"dashboards/api":               "comparator comparator/telling dashboards/download dashboards/show dashboards/web schema/api schema/clickhouse schema/targets",
	"dashboards/brief":             "schema/calendar schema/targets schema/vintage comparator comparator/telling dashboards/show dashboards/web schema/figure dashboards/brief/paper dashboards/brief/docx dashboards/brief/page dashboards/brief/chromium",
	"dashboards/brief/paper":       "dashboards/draw",
	"dashboards/brief/docx":        "dashboards/brief/paper",
	"dashboards/brief/page":        "dashboards/brief/paper",
	"dashboards/brief/chromium":    "",
	"alerts":                       "",
	"alerts/bridge":                "schema/whole",
	"deploy":                       "",
	"scripts/house":                "",
	"scripts/upgrade":              "",
	"scripts/recipes":              "",
	"cmd/yardstick/app":            "alerts alerts/bridge cmd/yardstick/config collectors/desk collectors/pipeline collectors/samples collectors/schedule collectors/table collectors/table/refusal collectors/upload comparator comparator/docket comparator/exporter comparator/forecast comparator/forecast/backtest comparator/telling dashboards/api dashboards/board dashboards/brief dashboards/brief/chromium dashboards/districts dashboards/download dashboards/lineage dashboards/web schema/access schema/calendar schema/clickhouse schema/engine schema/figure schema/ledger schema/store schema/targets",
	"cmd/yardstick/config":         "alerts/bridge collectors/desk collectors/schedule collectors/source schema/access schema/clickhouse schema/store schema/targets",
	"cmd/yardstick":                "cmd/yardstick/app",
}

// only names outside modules that one or a few rooms alone may import.
var only = map[string][]string{
	"github.com/robfig/cron":               {"collectors/schedule"},
	"github.com/ClickHouse/":               {"schema/clickhouse", "schema/engine", "schema/engine/enginetest"},
	"github.com/prometheus/client_golang/": {"comparator/exporter"},
	"github.com/ebitengine/purego":         {"schema/engine"},
	"github.com/pressly/goose":             {"schema/clickhouse"},
	"github.com/chromedp/":                 {"dashboards/brief/chromium"},
	"go.yaml.in/yaml/":                     {"collectors/samples", "schema/targets", "schema/calendar", "cmd/yardstick/app", "cmd/yardstick/config", "comparator/exporter", "alerts", "dashboards/grafana"},
}

type listed struct {
	ImportPath string
	Imports    []string
	Standard   bool
}

func packages(t *testing.T) []listed {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports,Standard", "yardstick/...").Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			t.Fatalf("go list: %v\n%s", err, exit.Stderr)
		}
		t.Fatal(err)
	}
	var all []listed
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

func TestTheArrowsHold(t *testing.T) {
	for _, p := range packages(t) {
		room := strings.TrimPrefix(p.ImportPath, "yardstick/")
		if strings.Contains(room, "/internal/") {
			continue
		}
		allowed, known := arrows[room]
		if !known {
			t.Errorf("the room %s has no line in arrows", room)
		}
		may := append(strings.Fields(allowed), "schema", "schema/words")
		for _, i := range p.Imports {
			ours, inside := strings.CutPrefix(i, "yardstick/")
			if inside && !slices.Contains(may, ours) && !strings.HasPrefix(ours, room+"/internal/") {
				t.Errorf("%s must not import %s", room, ours)
			}
		}
		for _, ours := range strings.Fields(allowed) {
			if !slices.Contains(p.Imports, "yardstick/"+ours) {
				t.Errorf("%s may import %s and does not: its line is to say so", room, ours)
			}
		}
	}
}

func TestTheVocabularyImportsTheStandardLibraryAlone(t *testing.T) {
	for _, p := range packages(t) {
		if p.ImportPath != "yardstick/schema" {
			continue
		}
		for _, i := range p.Imports {
			if strings.Contains(strings.Split(i, "/")[0], ".") || strings.HasPrefix(i, "yardstick/") {
				t.Errorf("schema imports %s", i)
			}
		}
		return
	}
	t.Fatal("the package yardstick/schema is not there")
}

func TestOutsideModulesKeepToTheirRoom(t *testing.T) {
	for _, p := range packages(t) {
		room := strings.TrimPrefix(p.ImportPath, "yardstick/")
		for _, i := range p.Imports {
			for module, rooms := range only {
				if strings.HasPrefix(i, module) && !slices.Contains(rooms, room) && !strings.Contains(room, "/internal/") {
					t.Errorf("%s must not import %s: it is kept to %v", room, i, rooms)
				}
			}
		}
	}
}

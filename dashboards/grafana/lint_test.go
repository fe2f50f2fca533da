package grafana_test

import (
	"encoding/json"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/prometheus/promql/parser"

	"yardstick/dashboards/grafana"
	"yardstick/schema"
)

type board struct {
	UID           string `json:"uid"`
	Title         string `json:"title"`
	SchemaVersion int    `json:"schemaVersion"`
	Time          struct{ From, To string }
	Links         []linked
	Templating    struct {
		List []struct {
			Name, Label, Type string
			Datasource        *ds
			Query             string
			Hide              int
		}
	} `json:"templating"`
	Annotations struct {
		List []struct {
			Name       string
			Datasource *ds
			Target     asking
		}
	}
	Panels []panel `json:"panels"`
}

type ds struct{ Type, UID string }

type linked struct {
	Title, URL  string
	KeepTime    bool
	IncludeVars bool
}

type asking struct {
	RefID      string
	Datasource ds
	Expr       string
	RawSQL     string
	QueryType  string
	Format     any
	EditorType string
}

type panel struct {
	ID          int
	Type        string
	Title       string
	Description string
	Repeat      string
	MaxPerRow   int
	GridPos     struct{ H, W, X, Y int }
	Datasource  *ds
	Targets     []asking
	FieldConfig struct {
		Defaults struct {
			Unit       string
			NoValue    string
			Mappings   []any
			Thresholds *struct{ Steps []any }
		}
		Overrides []struct {
			Matcher    struct{ ID, Options string }
			Properties []struct {
				ID    string
				Value any
			}
		}
	}
	Options map[string]any
}

func boards(t *testing.T, lang string) []board {
	t.Helper()
	files, err := grafana.Dashboards(lang)
	if err != nil {
		t.Fatal(err)
	}
	var out []board
	for _, name := range slices.Sorted(maps.Keys(files)) {
		var b board
		if err := json.Unmarshal(files[name], &b); err != nil {
			t.Fatal(err)
		}
		if b.UID+".json" != name {
			t.Errorf("%s holds %s", name, b.UID)
		}
		out = append(out, b)
	}
	return out
}

// everyBoard runs check on each dashboard of each language.
func everyBoard(t *testing.T, check func(*testing.T, string, board)) {
	t.Helper()
	for _, lang := range grafana.Languages() {
		for _, b := range boards(t, lang) {
			t.Run(b.UID, func(t *testing.T) { check(t, lang, b) })
		}
	}
}

func TestTheFilesAreWhatTheSourceGives(t *testing.T) {
	want := map[string]bool{}
	for _, lang := range grafana.Languages() {
		files, err := grafana.Dashboards(lang)
		if err != nil {
			t.Fatal(err)
		}
		for name, content := range files {
			want["dashboards/"+name] = true
			held, err := grafana.Files.ReadFile("dashboards/" + name)
			if err != nil || string(held) != string(content) {
				t.Errorf("%s is not what the source gives (%v): run go generate ./...", name, err)
			}
		}
	}
	held, err := fs.Glob(grafana.Files, "dashboards/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range held {
		if !want[name] {
			t.Errorf("%s is nobody's", name)
		}
	}
}

func TestTheAddressesOfDashboardsStayTheSame(t *testing.T) {
	want := []string{"yardstick-data", "yardstick-overview", "yardstick-regions", "yardstick-target"}
	for lang, ending := range map[string]string{"zh": "", "en": "-en"} {
		var got []string
		for _, b := range boards(t, lang) {
			got = append(got, strings.TrimSuffix(b.UID, ending))
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, not %v", lang, got, want)
		}
	}
}

func TestEveryPanelIsComplete(t *testing.T) {
	core := []string{"stat", "table", "state-timeline", "timeseries", "text"}
	everyBoard(t, func(t *testing.T, _ string, b board) {
		if b.SchemaVersion != 37 || b.UID == "" || b.Title == "" {
			t.Errorf("version %d, title %q", b.SchemaVersion, b.Title)
		}
		ids := map[int]bool{}
		for _, p := range b.Panels {
			if !slices.Contains(core, p.Type) {
				t.Errorf("%s: a panel of type %s is not of the core", p.Title, p.Type)
			}
			if p.Title == "" || p.Description == "" {
				t.Errorf("%s: title or description is missing", p.Title)
			}
			if ids[p.ID] || p.ID == 0 {
				t.Errorf("%s: id %d stands twice", p.Title, p.ID)
			}
			ids[p.ID] = true
			if p.Type != "text" {
				checkData(t, p.Title, p)
			} else if p.Options["mode"] != "markdown" {
				t.Errorf("%s: mode %v", p.Title, p.Options["mode"])
			}
		}
		for _, a := range b.Annotations.List {
			checkSource(t, a.Name, a.Datasource)
			checkQuery(t, a.Name, a.Target)
		}
	})
}

func checkSource(t *testing.T, name string, d *ds) {
	t.Helper()
	variable := map[string]string{"prometheus": "${ds_prometheus}", "grafana-clickhouse-datasource": "${ds_clickhouse}"}
	if d == nil || variable[d.Type] != d.UID || d.UID == "" {
		t.Errorf("%s: data source %v", name, d)
	}
}

func checkQuery(t *testing.T, name string, q asking) {
	t.Helper()
	checkSource(t, name+" "+q.RefID, &q.Datasource)
	if (q.Expr == "") == (q.RawSQL == "") {
		t.Errorf("%s %s: one of expr and rawSql must be there", name, q.RefID)
	}
	if q.RawSQL != "" && !(q.QueryType == "table" && q.Format == float64(1) || q.QueryType == "timeseries" && q.Format == float64(0)) || q.RawSQL != "" && q.EditorType != "sql" {
		t.Errorf("%s %s: query type %q with format %v", name, q.RefID, q.QueryType, q.Format)
	}
}

// checkData looks at what a panel with data needs.
func checkData(t *testing.T, name string, p panel) {
	t.Helper()
	checkSource(t, name, p.Datasource)
	if p.FieldConfig.Defaults.Unit == "" || p.FieldConfig.Defaults.NoValue == "" {
		t.Errorf("%s: no unit, or nothing said of what is unknown", name)
	}
	if s := p.FieldConfig.Defaults.Thresholds; s == nil || len(s.Steps) == 0 {
		t.Errorf("%s: no thresholds", name)
	}
	if len(p.Targets) == 0 {
		t.Errorf("%s: no query", name)
	}
	refs := map[string]bool{}
	for _, q := range p.Targets {
		if refs[q.RefID] || q.RefID == "" {
			t.Errorf("%s: query %q stands twice", name, q.RefID)
		}
		refs[q.RefID] = true
		checkQuery(t, name, q)
		if series := p.Type == "timeseries" || p.Type == "state-timeline"; q.RawSQL != "" && series != (q.Format == float64(0)) {
			t.Errorf("%s %s: a %s of format %v", name, q.RefID, p.Type, q.Format)
		}
	}
	// A column of statuses is never shown as its code.
	for _, o := range p.FieldConfig.Overrides {
		if o.Matcher.Options != "status" && o.Matcher.Options != "was" || strings.Contains(p.Targets[0].RawSQL, "receipts_latest AS r\nINNER") || strings.Contains(p.Targets[0].RawSQL, "revised AS x") {
			continue
		}
		mapped := 0
		for _, property := range o.Properties {
			if property.ID == "mappings" {
				mapped = len(property.Value.([]any)[0].(map[string]any)["options"].(map[string]any))
			}
		}
		if mapped < len(schema.Statuses()) {
			t.Errorf("%s: %s has words for %d statuses", name, o.Matcher.Options, mapped)
		}
	}
	if p.Type == "state-timeline" && len(p.FieldConfig.Defaults.Mappings) == 0 {
		t.Errorf("%s: no mappings", name)
	}
}

func TestColourNeverStandsAlone(t *testing.T) {
	shapes := map[string]bool{}
	for _, b := range boards(t, "zh") {
		for _, p := range b.Panels {
			if p.Type != "state-timeline" {
				continue
			}
			for _, m := range p.FieldConfig.Defaults.Mappings {
				for _, o := range m.(map[string]any)["options"].(map[string]any) {
					words := strings.Fields(o.(map[string]any)["text"].(string))
					if len(words) != 2 || shapes[words[0]] {
						t.Errorf("%v has no shape of its own", words)
					}
					shapes[words[0]] = true
				}
			}
		}
	}
	if len(shapes) != len(schema.Statuses()) {
		t.Errorf("%d shapes for %d statuses", len(shapes), len(schema.Statuses()))
	}
}

// laid gives the panels where Grafana puts them when a repeated one stands for n
// values: side by side over the whole width, at most so many in a row, and what
// lies below moves down.
func laid(panels []panel, n int) []panel {
	var out []panel
	down := 0
	for _, p := range panels {
		p.GridPos.Y += down
		if p.Repeat == "" {
			out = append(out, p)
			continue
		}
		columns := min(n, p.MaxPerRow)
		y := p.GridPos.Y
		for i := range n {
			p.GridPos.W, p.GridPos.X, p.GridPos.Y = 24/columns, i%columns*(24/columns), y+i/columns*p.GridPos.H
			out = append(out, p)
		}
		down += (n - 1) / columns * p.GridPos.H
	}
	return out
}

func TestNoPanelCoversAnotherAndNoGapIsLeft(t *testing.T) {
	everyBoard(t, func(t *testing.T, _ string, b board) {
		for _, n := range []int{1, 2, 3, 6} {
			taken, bottom := map[[2]int]string{}, 0
			for _, p := range laid(b.Panels, n) {
				g := p.GridPos
				if g.W < 1 || g.H < 1 || g.X < 0 || g.Y < 0 || g.X+g.W > 24 {
					t.Errorf("%s lies outside the grid: %+v", p.Title, g)
				}
				bottom = max(bottom, g.Y+g.H)
				for x := g.X; x < g.X+g.W; x++ {
					for y := g.Y; y < g.Y+g.H; y++ {
						if other := taken[[2]int{x, y}]; other != "" {
							t.Fatalf("%s covers %s", p.Title, other)
						}
						taken[[2]int{x, y}] = p.Title
					}
				}
			}
			if len(taken) != 24*bottom {
				t.Errorf("with %d values a gap of %d is left", n, 24*bottom-len(taken))
			}
		}
	})
}

func TestEveryPromQLParses(t *testing.T) {
	for _, lang := range grafana.Languages() {
		for _, q := range grafana.Queries(lang) {
			if q.Kind != grafana.Prometheus {
				continue
			}
			expr, err := grafana.ExpandPromQL(q.Raw, day("2025-01-01"), day("2025-01-02"), time.Minute, nil)
			if err != nil {
				t.Errorf("%s %s: %v", q.Panel, q.RefID, err)
				continue
			}
			if _, err := parser.NewParser(parser.Options{}).ParseExpr(expr); err != nil {
				t.Errorf("%s %s: %v", q.Panel, q.RefID, err)
			}
		}
	}
}

func TestMacrosAndVariablesExpandAsGrafanaDoes(t *testing.T) {
	vars := map[string][]string{"one": {"it's"}, "many": {"a", "b.c"}}
	from, to := time.Date(2024, 11, 12, 11, 45, 26, 0, time.UTC), time.Date(2025, 11, 12, 11, 45, 26, 0, time.UTC)
	for raw, want := range map[string]string{
		"x IN (${many:sqlstring})":      "x IN ('a','b.c')",
		"x IN (${one:sqlstring})":       "x IN ('it''s')",
		"$one ${many}":                  "it's a,b.c",
		"$__timeFilter(at)":             "at >= toDateTime(1731411926) AND at <= toDateTime(1762947926)",
		"$__dateFilter(toDate(c.at))":   "toDate(c.at) >= toDate('2024-11-12') AND toDate(c.at) <= toDate('2025-11-12')",
		"$__fromTime $__toTime":         "toDateTime(1731411926) toDateTime(1762947926)",
		"$__timeInterval(at)":           "toStartOfInterval(toDateTime(at), INTERVAL 20 second)",
		"INTERVAL $__interval_s second": "INTERVAL 20 second",
	} {
		if got, err := grafana.ExpandMacros(raw, from, to, 20*time.Second, vars); err != nil || got != want {
			t.Errorf("%s gives %q, %v; not %q", raw, got, err, want)
		}
	}
	for _, raw := range []string{"$unknown", "${one:csv}", "$__unheardOf", "$__timeFilter", "$__fromTime(at)"} {
		if got, err := grafana.ExpandMacros(raw, from, to, time.Second, vars); err == nil {
			t.Errorf("%s is taken for %q", raw, got)
		}
	}
	for raw, want := range map[string]string{
		`m{a=~"$one"}`:            `m{a=~"it's"}`,
		`m{a=~"$many"}[$__range]`: `m{a=~"(a|b\\.c)"}[31536000s]`,
	} {
		if got, err := grafana.ExpandPromQL(raw, from, to, time.Minute, vars); err != nil || got != want {
			t.Errorf("%s gives %q, %v; not %q", raw, got, err, want)
		}
	}
}

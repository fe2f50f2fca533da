// Package grafana makes the dashboards that leaders look at in Grafana, in
// Chinese and in English from one source, and carries them with the
// provisioning of both data sources.
package grafana

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"sync"
	"text/template"
	"time"

	"go.yaml.in/yaml/v3"

	"yardstick/schema"
	"yardstick/schema/targets"
)

//go:generate go run ./generate

// Files are what Grafana is given: dashboards/*.json as `go generate` writes
// them, and provisioning/ for the data sources and the folder.
//
//go:embed dashboards/*.json provisioning
var Files embed.FS

// Languages are those the dashboards are made in.
func Languages() []string { return []string{"zh", "en"} }

// Dashboards gives the dashboards of one language ("zh" or "en") as Grafana
// reads them, by file name. They open on the time of the first policy of the
// register: from its issue to its last deadline.
func Dashboards(lang string) (map[string][]byte, error) {
	register, err := targets.Load()
	if err != nil {
		return nil, fmt.Errorf("loading the policy registers: %w", err)
	}
	out := map[string][]byte{}
	for _, d := range build(lang) {
		if d.Time == (timeRange{}) {
			d.Time = spanOf(register.Policies[0])
		}
		var b bytes.Buffer
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		if err := enc.Encode(d); err != nil {
			return nil, fmt.Errorf("writing dashboard %s: %w", d.UID, err)
		}
		out[d.UID+".json"] = b.Bytes()
	}
	return out, nil
}

// spanOf is from the month in which the policy was issued to its last deadline.
func spanOf(p schema.Policy) timeRange {
	shanghai := time.FixedZone("Asia/Shanghai", 8*3600)
	last := p.Issued
	for _, t := range p.Targets {
		if t.Deadline.After(last) {
			last = t.Deadline
		}
	}
	moment := func(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
	return timeRange{
		moment(schema.PeriodOf(schema.Monthly, p.Issued).First().In(shanghai)),
		moment(last.AddDays(1).In(shanghai).Add(-time.Second)),
	}
}

// The names of the dashboards that something is said of here, as their uids have
// them.
const (
	targetBoard = "target"
	dataBoard   = "data"
)

//go:embed dashboards.yaml
var written []byte

// plan is dashboards.yaml: what the dashboards show and how, without the words.
type plan struct {
	Types      map[string]style
	Shared     any // panels to refer to
	Dashboards []plannedDashboard
	Words      map[string][][4]string // code, shape, sentence, hue
	Links      map[string][]link
}

type style struct {
	Options, Custom map[string]any
	Color           string
}

type plannedDashboard struct {
	Name, Title, Desc string
	Verdicts, Banner  string // which verdicts the note is of; the banner's query
	Time              timeRange
	Refresh           string
	Variables         []struct {
		Name, Label, Source, Query string
		Many, Unseen               bool
	}
	Annotations []struct{ Name, Color, Ref, Query string }
	Panels      []plannedPanel
}

type plannedPanel struct {
	Type, Title, Desc, Query, Variable, Source string
	At                                         [4]int // height, width, left, top
	Asked                                      [][2]string
	Options                                    map[string]any
	Repeat                                     string
	Transparent, Tally                         bool
	Unit, Empty, Color, Words                  string
	Decimals                                   *int
	Min                                        *float64
	Transformations                            []transformation
	Columns                                    []yaml.Node
}

// planned is the plan; that it can be read is seen by every test of a dashboard.
var planned = sync.OnceValue(func() (p plan) {
	in := yaml.NewDecoder(bytes.NewReader(written))
	in.KnownFields(true)
	if err := in.Decode(&p); err != nil {
		panic(err)
	}
	return p
})

// maker makes the dashboards of one language.
type maker struct {
	plan
	language
	queries *template.Template
}

func build(lang string) []dashboard {
	m := maker{planned(), language(lang), language(lang).queries()}
	out := make([]dashboard, len(m.Dashboards))
	for i, p := range m.Dashboards {
		out[i] = m.dashboard(p)
	}
	return out
}

// UID is a dashboard's fixed name in Grafana's addresses.
func UID(name, lang string) string {
	if language(lang) == english {
		return "yardstick-" + name + "-en"
	}
	return "yardstick-" + name
}

// The data sources, by variable.
func prometheus() source { return source{"prometheus", "${ds_prometheus}"} }
func clickhouse() source { return source{"grafana-clickhouse-datasource", "${ds_clickhouse}"} }

// dashboard has links to the others, to the other language and to Yardstick's own
// pages. Links carry the variables, and the time range between the boards that
// show the policy's time; the state of the machine is of now, so that no range is
// carried to it or from it.
func (m maker) dashboard(p plannedDashboard) dashboard {
	d := dashboard{
		UID: UID(p.Name, string(m.language)), Title: m.say(p.Title), Description: m.say(p.Desc), Tags: []string{"yardstick", string(m.language)},
		SchemaVersion: 37, Version: 1, Timezone: "Asia/Shanghai", Refresh: "5m", Time: p.Time,
	}
	d.Templating.List = m.variables(p)
	if p.Refresh != "" {
		d.Refresh = p.Refresh
	}
	d.Annotations.List = []annotation{}
	for _, a := range p.Annotations {
		d.Annotations.List = append(d.Annotations.List, annotation{m.say(a.Name), clickhouse(), true, false, hue(a.Color), m.ask(a.Ref, a.Query, false)})
	}
	for _, other := range m.Dashboards {
		if other.Name != p.Name {
			d.Links = append(d.Links, link{Title: m.say(other.Title), Type: "link", Icon: "dashboard", URL: "/d/" + UID(other.Name, string(m.language)),
				IncludeVars: true, KeepTime: p.Name != dataBoard && other.Name != dataBoard})
		}
	}
	tongue := schema.LanguageOf(schema.English)
	if m.language == english {
		tongue = schema.LanguageOf(schema.Chinese)
	}
	d.Links = append(d.Links,
		link{Title: tongue.Name, Type: "link", Icon: "doc", URL: "/d/" + UID(p.Name, tongue.Code), KeepTime: true, IncludeVars: true},
		link{Title: m.say("grafana-open-board"), Type: "link", Icon: "external link", URL: "${board}", TargetBlank: true})
	banner := plannedPanel{Type: "text", At: [4]int{3, 24, 0, 0}, Title: "grafana-banner", Desc: "grafana-banner-desc", Variable: "banner"}
	for i, of := range append([]plannedPanel{banner}, p.Panels...) {
		one := m.panel(of)
		one.ID, one.GridPos = i+1, grid{of.At[0], of.At[1], of.At[2], of.At[3]}
		if i > 0 {
			one.Title = noteHole + one.Title
		}
		d.Panels = append(d.Panels, one)
	}
	return d
}

// noteHole is where titles and legends say 演示数据 while synthetic figures are
// loaded, so that a panel shared alone says so too.
const noteHole = "${note}"

// variables are the dashboard's own; those of titles and texts; and the address of
// Yardstick's pages, to be changed where it is not this machine's. One filled by a
// query is asked again when the time range moves and at each refresh, so that a
// dashboard left open notices new targets and new data.
func (m maker) variables(p plannedDashboard) []variable {
	asked := func(name, label, query string) variable {
		ch, sql := clickhouse(), m.sql(query)
		return variable{Name: name, Label: m.say(label), Type: "query", Datasource: &ch, Query: sql, Definition: sql, Refresh: 2, Options: []any{}}
	}
	unseen := func(v variable) variable {
		v.Hide, v.SkipURLSync = 2, true
		return v
	}
	var out []variable
	for _, of := range p.Variables {
		if of.Source != "" {
			out = append(out, variable{Name: of.Name, Label: m.say(of.Label), Type: "datasource", Query: of.Source, Refresh: 1, Options: []any{}})
			continue
		}
		v := asked(of.Name, of.Label, of.Query)
		if of.Many { // all at once, which is how it starts
			v.Multi, v.IncludeAll, v.Current = true, true, &selection{true, []string{"All"}, []string{"$__all"}}
		}
		if of.Unseen {
			v = unseen(v)
		}
		out = append(out, v)
	}
	const here = "http://127.0.0.1:8080"
	return append(out, unseen(asked("note", "grafana-var-note", "note "+p.Verdicts)), unseen(asked("banner", "grafana-var-banner", p.Banner)),
		variable{Name: "board", Label: m.say("grafana-var-board"), Type: "textbox", Query: here, Current: &selection{true, here, here}, Options: []any{}})
}

// panel is one with what all of its type have and its own.
func (m maker) panel(p plannedPanel) *panel {
	out := &panel{Type: p.Type, Title: m.said(p.Title), Description: m.say(p.Desc), Transparent: p.Transparent, Options: maps.Clone(m.Types[p.Type].Options)}
	maps.Copy(out.Options, p.Options)
	if p.Variable != "" { // a panel of words that it holds
		out.Transparent, out.Options["content"] = true, "${"+p.Variable+"}"
		return out
	}
	if p.Repeat != "" {
		out.Repeat, out.RepeatDirection, out.MaxPerRow = p.Repeat, "h", 3
	}
	src := clickhouse()
	if p.Source == "prometheus" {
		src = prometheus()
	}
	out.Datasource, out.Targets, out.Transformations = &src, m.targets(p), p.Transformations
	f := field{Unit: "none", Decimals: p.Decimals, Min: p.Min, Mappings: []mapping{}, Thresholds: steps(step{Color: ink}), NoValue: "—", Custom: m.Types[p.Type].Custom}
	if p.Unit != "" {
		f.Unit = p.Unit
	}
	if p.Empty != "" {
		f.NoValue = m.say(p.Empty)
	}
	if p.Color == "" {
		p.Color = m.Types[p.Type].Color
	}
	if p.Color != "" {
		f.Color = fixed(p.Color)
	}
	if p.Words != "" {
		f.Mappings = m.words(p.Words)
	}
	out.FieldConfig = &fieldConfig{f, []override{}}
	if p.Type == "state-timeline" { // ranks of status over time, one row a title
		d := &out.FieldConfig.Defaults
		d.Mappings, d.Thresholds, d.Color = m.rankMappings(), m.rankSteps(), &color{Mode: "thresholds"}
		out.FieldConfig.Overrides = []override{{matcher{"byType", "number"}, []property{{"displayName", "${__field.labels.title}"}}}}
	}
	if p.Tally {
		out.FieldConfig.Overrides = m.tally()
	}
	for _, c := range p.Columns {
		out.FieldConfig.Overrides = append(out.FieldConfig.Overrides, m.column(c))
	}
	return out
}

// said is a sentence of the catalogue, or s as it is.
func (l language) said(s string) string {
	if strings.HasPrefix(s, "grafana-") {
		return l.say(s)
	}
	return s
}

// targets are a panel's queries: one of ClickHouse, or those of Prometheus for the
// newest values, in a chart for all of the time shown.
func (m maker) targets(p plannedPanel) []target {
	series := p.Type == "timeseries" || p.Type == "state-timeline"
	if p.Query != "" {
		return []target{m.ask("A", p.Query, series)}
	}
	var out []target
	for i, a := range p.Asked {
		t := target{RefID: string(rune('A' + i)), Datasource: prometheus(), Expr: a[1], LegendFormat: m.said(a[0]), Instant: !series, Range: &series,
			EditorMode: "code", Format: "time_series"}
		if p.Type == "table" {
			t.Format = "table"
		}
		out = append(out, t)
	}
	return out
}

// ask is a ClickHouse query for a table, or for a time series.
func (m maker) ask(ref, query string, series bool) target {
	t := target{RefID: ref, Datasource: clickhouse(), PluginVersion: "4.0.0", EditorType: "sql", QueryType: "table", Format: 1, RawSQL: m.sql(query)}
	if series {
		t.QueryType, t.Format = "timeseries", 0
	}
	return t
}

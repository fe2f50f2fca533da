package grafana

import (
	"strings"

	"yardstick/schema"
)

// The names of the dashboards, as their uids have them.
const (
	overviewBoard = "overview"
	targetBoard   = "target"
	regionsBoard  = "regions"
	dataBoard     = "data"
)

func names() []string { return []string{overviewBoard, targetBoard, regionsBoard, dataBoard} }

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

// boardTitle is a dashboard's title.
func (l language) boardTitle(name string) string {
	switch name {
	case targetBoard:
		return l.say("grafana-title-target")
	case regionsBoard:
		return l.say("grafana-title-regions")
	case dataBoard:
		return l.say("grafana-title-data")
	}
	return l.say("grafana-title")
}

// dashboard is the frame that all have: links to the others, to the other
// language and to Yardstick's own pages. Links carry the variables, and the time
// range between the boards that show the policy's time; the state of the machine
// is of now, so that no range is carried to it or from it.
func (l language) dashboard(name, description string, variables ...variable) dashboard {
	d := dashboard{
		UID: UID(name, string(l)), Title: l.boardTitle(name), Description: l.say(description),
		Tags: []string{"yardstick", string(l)}, SchemaVersion: 37, Version: 1, GraphTooltip: 0,
		Timezone: "Asia/Shanghai", Refresh: "5m",
		Templating: templating{variables}, Panels: []*panel{},
	}
	d.Annotations.List = []annotation{}
	for _, other := range names() {
		if other == name {
			continue
		}
		d.Links = append(d.Links, link{
			Title: l.boardTitle(other), Type: "link", Icon: "dashboard", URL: "/d/" + UID(other, string(l)), Tags: []string{},
			IncludeVars: true, KeepTime: name != dataBoard && other != dataBoard,
		})
	}
	tongue := schema.LanguageOf(schema.English)
	if l == english {
		tongue = schema.LanguageOf(schema.Chinese)
	}
	d.Links = append(d.Links,
		link{Title: tongue.Name, Type: "link", Icon: "doc", URL: "/d/" + UID(name, tongue.Code), KeepTime: true, IncludeVars: true, Tags: []string{}},
		link{Title: l.say("grafana-open-board"), Type: "link", Icon: "external link", URL: "${board}", TargetBlank: true, Tags: []string{}})
	return d
}

// place puts a panel on the dashboard. A title begins with the note that says
// whether figures are synthetic, so that a panel shared alone says so too.
func (d *dashboard) place(p *panel, h, w, x, y int) {
	p.ID, p.GridPos = len(d.Panels)+1, grid{h, w, x, y}
	if p.Options["content"] != "${banner}" {
		p.Title = noteHole + p.Title
	}
	d.Panels = append(d.Panels, p)
}

// noteHole is where titles and legends say 演示数据 while synthetic figures are
// loaded.
const noteHole = "${note}"

// plainTitle is a panel's title without the note.
func plainTitle(s string) string { return strings.TrimPrefix(s, noteHole) }

// sources are the variables that choose the data sources.
func (l language) source(name, kind, label string) variable {
	return variable{Name: name, Label: l.say(label), Type: "datasource", Query: kind, Refresh: 1, Options: []any{}}
}

func (l language) clickhouseVariable() variable {
	return l.source("ds_clickhouse", "grafana-clickhouse-datasource", "grafana-var-clickhouse")
}

func (l language) prometheusVariable() variable {
	return l.source("ds_prometheus", "prometheus", "grafana-var-prometheus")
}

// asked is a variable filled by a query. It is asked again when the time range
// moves and at each refresh, so that a dashboard left open notices new targets
// and new data.
func (l language) asked(name, label, sql string) variable {
	ch := clickhouse()
	return variable{
		Name: name, Label: l.say(label), Type: "query", Datasource: &ch, Query: sql, Definition: sql, Refresh: 2, Options: []any{},
	}
}

// many lets all values be chosen at once, which is how it starts.
func many(v variable) variable {
	v.Multi, v.IncludeAll = true, true
	v.Current = &selection{true, []string{"All"}, []string{"$__all"}}
	return v
}

// unseen is a variable for titles and texts alone.
func unseen(v variable) variable {
	v.Hide, v.SkipURLSync = 2, true
	return v
}

func (l language) policyVariable() variable {
	return many(l.asked("policy", "grafana-var-policy", policySQL))
}

// noteVariables are the banner and the note of titles. where limits them to the
// dashboard's verdicts.
func (l language) noteVariables(where string) []variable {
	return []variable{
		unseen(l.asked("note", "grafana-var-note", l.noteSQL(where))),
		unseen(l.asked("banner", "grafana-var-banner", l.bannerSQL(where))),
	}
}

// boardVariable is the address of Yardstick's own pages, to be changed where it
// is not this machine's.
func (l language) boardVariable() variable {
	const here = "http://127.0.0.1:8080"
	return variable{
		Name: "board", Label: l.say("grafana-var-board"), Type: "textbox", Query: here,
		Current: &selection{true, here, here}, Options: []any{},
	}
}

// ask is a ClickHouse query for a table, askSeries one for a time series.
func ask(ref, sql string) target {
	return target{RefID: ref, Datasource: clickhouse(), PluginVersion: "4.0.0", EditorType: "sql", QueryType: "table", Format: 1, RawSQL: sql}
}

func askSeries(ref, sql string) target {
	t := ask(ref, sql)
	t.QueryType, t.Format = "timeseries", 0
	return t
}

// now is a Prometheus query for the newest values.
func now(ref, legend, expr string) target {
	return target{
		RefID: ref, Datasource: prometheus(), Expr: expr, LegendFormat: legend, Instant: true, Range: ptr(false),
		EditorMode: "code", Format: "time_series",
	}
}

func nowTable(ref, expr string) target {
	t := now(ref, "__auto", expr)
	t.Format = "table"
	return t
}

// panel is one with what every one has.
func (l language) panel(kind, title, description string, src source) *panel {
	return &panel{
		Type: kind, Title: title, Description: l.say(description), Datasource: &src,
		FieldConfig: &fieldConfig{
			Defaults:  field{Unit: "none", Mappings: []mapping{}, Thresholds: plain(ink), NoValue: "—"},
			Overrides: []override{},
		},
		Options: map[string]any{},
	}
}

// text is a panel of words that a variable holds.
func (l language) text(title, description, variable string) *panel {
	return &panel{
		Type: "text", Title: l.say(title), Description: l.say(description), Transparent: true,
		Options: map[string]any{"mode": "markdown", "content": "${" + variable + "}"},
	}
}

func (l language) banner() *panel { return l.text("grafana-banner", "grafana-banner-desc", "banner") }

func statOptions(textMode string) map[string]any {
	return map[string]any{
		"orientation": "vertical", "textMode": textMode, "colorMode": "value", "graphMode": "none", "justifyMode": "auto",
		"reduceOptions": map[string]any{"calcs": []string{"lastNotNull"}, "fields": "/.*/", "values": true},
	}
}

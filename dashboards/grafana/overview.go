package grafana

import "fmt"

// The data sources, by variable.
func prometheus() source { return source{"prometheus", "${ds_prometheus}"} }
func clickhouse() source { return source{"grafana-clickhouse-datasource", "${ds_clickhouse}"} }

// UID is the dashboard's fixed name in Grafana's addresses.
func UID(lang string) string {
	if language(lang) == english {
		return "yardstick-overview-en"
	}
	return "yardstick-overview"
}

// overview is the one dashboard there is so far: the answer first, then every
// target, then what changed, then the state of the data.
func overview(l language) dashboard {
	other := "en"
	if l == english {
		other = "zh"
	}
	d := dashboard{
		UID: UID(string(l)), Title: l.say("grafana-title"), Description: l.say("grafana-description"),
		Tags: []string{"yardstick", string(l)}, SchemaVersion: 37, Version: 1, GraphTooltip: 0,
		Timezone: "Asia/Shanghai", Refresh: "5m", Time: timeRange{"now-30M", "now"},
		Links: []link{
			{Title: l.say("grafana-other-language"), Type: "link", Icon: "doc", URL: "/d/" + UID(other), KeepTime: true, Tags: []string{}},
			{Title: l.say("grafana-open-board"), Type: "link", Icon: "external link", URL: "${board}", TargetBlank: true, Tags: []string{}},
		},
		Templating: templating{l.variables()},
	}
	d.Annotations.List = []any{}
	headline := l.headlineTrend()
	for _, place := range []struct {
		panel *panel
		at    grid
	}{
		{l.banner(), grid{2, 24, 0, 0}},
		{l.counts(), grid{4, 16, 0, 2}},
		{l.running(), grid{4, 8, 16, 2}},
		{l.headline(), grid{4, 8, 0, 6}},
		{headline, grid{6, 8, 0, 10}},
		{l.status(), grid{20, 24, 0, 16}},
		{l.trend(), grid{10, 14, 0, 36}},
		{l.changes(), grid{10, 10, 14, 36}},
		{l.history(), grid{18, 14, 0, 46}},
		{l.lag(), grid{18, 10, 14, 46}},
		{l.age(), grid{10, 12, 0, 64}},
		{l.feeds(), grid{10, 12, 12, 64}},
	} {
		place.panel.ID, place.panel.GridPos = len(d.Panels)+1, place.at
		d.Panels = append(d.Panels, place.panel)
	}
	return d
}

func (l language) variables() []variable {
	ds := func(name, kind, label string) variable {
		return variable{Name: name, Label: l.say(label), Type: "datasource", Query: kind, Refresh: 1, Options: []any{}}
	}
	// A query variable is asked again when the time range moves, so that a
	// dashboard left open notices new targets and new data.
	ask := func(name, label, sql string, sort int) variable {
		ch := clickhouse()
		return variable{
			Name: name, Label: l.say(label), Type: "query", Datasource: &ch, Query: sql, Definition: sql, Refresh: 2,
			Options: []any{}, Sort: sort,
		}
	}
	all := func(v variable) variable {
		v.Multi, v.IncludeAll = true, true
		v.Current = &selection{true, []string{"All"}, []string{"$__all"}}
		return v
	}
	unseen := func(v variable) variable {
		v.Hide, v.SkipURLSync = 2, true
		return v
	}
	return []variable{
		ds("ds_prometheus", "prometheus", "grafana-var-prometheus"),
		ds("ds_clickhouse", "grafana-clickhouse-datasource", "grafana-var-clickhouse"),
		all(ask("policy", "grafana-var-policy", policySQL, 0)),
		all(ask("region", "grafana-var-region", l.regionSQL(), 0)),
		ask("target", "grafana-var-target", l.targetSQL(false), 0),
		unseen(all(ask("headline", "grafana-var-headline", l.targetSQL(true), 0))),
		unseen(ask("banner", "grafana-var-banner", l.bannerSQL(), 0)),
		{
			Name: "board", Label: l.say("grafana-var-board"), Type: "textbox", Hide: 2, Query: "http://127.0.0.1:8080",
			Current: &selection{true, "http://127.0.0.1:8080", "http://127.0.0.1:8080"}, Options: []any{},
		},
	}
}

// ask is a ClickHouse query for a table, askSeries one for a time series.
func ask(ref, sql string) target {
	return target{RefID: ref, Datasource: clickhouse(), EditorType: "sql", QueryType: "table", Format: 1, RawSQL: sql}
}

func askSeries(ref, sql string) target {
	return target{RefID: ref, Datasource: clickhouse(), EditorType: "sql", QueryType: "timeseries", Format: 0, RawSQL: sql}
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

// new is a panel with what every one has.
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

func (l language) banner() *panel {
	return &panel{
		Type: "text", Title: l.say("grafana-banner"), Description: l.say("grafana-banner-desc"), Transparent: true,
		Options: map[string]any{"mode": "markdown", "content": "${banner}"},
	}
}

// scope limits a metric to what the variables chose.
const scope = `policy=~"$policy",region=~"$region"`

// perTarget takes the series of several instances of Yardstick for one.
func perTarget(metric, matchers string) string {
	if matchers != "" {
		matchers += ","
	}
	return fmt.Sprintf("max by (policy, target, region) (%s{%s%s})", metric, matchers, scope)
}

func statOptions(orientation, textMode, colorMode string) map[string]any {
	return map[string]any{
		"orientation": orientation, "textMode": textMode, "colorMode": colorMode, "graphMode": "none", "justifyMode": "auto",
		"reduceOptions": map[string]any{"calcs": []string{"lastNotNull"}, "fields": "", "values": false},
	}
}

func (l language) counts() *panel {
	p := l.panel("stat", l.say("grafana-counts"), "grafana-counts-desc", prometheus())
	p.Options = statOptions("vertical", "value_and_name", "value")
	p.FieldConfig.Defaults.Decimals = ptr(0)
	for i, k := range l.looks()[:8] {
		ref := string(rune('A' + i))
		p.Targets = append(p.Targets, now(ref, k.text(), "sum("+perTarget("yardstick_target_status", `status="`+k.code+`"`)+")"))
		p.FieldConfig.Overrides = append(p.FieldConfig.Overrides, override{matcher{"byFrameRefID", ref}, []property{{"color", fixed(k.hue)}}})
	}
	return p
}

func (l language) running() *panel {
	p := l.panel("stat", l.say("grafana-running"), "grafana-running-desc", prometheus())
	p.Options = statOptions("vertical", "value_and_name", "value")
	p.FieldConfig.Defaults.Decimals = ptr(0)
	p.Targets = []target{
		now("A", l.say("grafana-since-compared"), "time() - max(yardstick_compare_last_success_timestamp_seconds)"),
		now("B", l.say("grafana-stale-count"), "sum("+perTarget("yardstick_target_stale", "")+")"),
		now("C", l.say("grafana-provisional-count"), "sum("+perTarget("yardstick_target_provisional", "")+")"),
		now("D", l.say("grafana-store"), "min(yardstick_store_up)"),
	}
	state := []mapping{{"value", map[string]any{
		"0": mapped{"▲ " + l.say("grafana-down"), red, 0}, "1": mapped{"● " + l.say("grafana-up"), green, 1},
	}}}
	ref := func(id string, properties ...property) override {
		return override{matcher{"byFrameRefID", id}, properties}
	}
	p.FieldConfig.Overrides = []override{
		ref("A", unit("s"), property{"thresholds", from(26*3600, amber)}),
		ref("B", property{"thresholds", from(1, amber)}),
		ref("D", property{"mappings", state}),
	}
	return p
}

func (l language) headline() *panel {
	p := l.panel("stat", "$headline", "grafana-headline-desc", clickhouse())
	p.Repeat, p.RepeatDirection, p.MaxPerRow = "headline", "h", 3
	p.Targets = []target{ask("A", l.headlineSQL())}
	p.Options = statOptions("vertical", "value_and_name", "value")
	p.Options["reduceOptions"] = map[string]any{"calcs": []string{"lastNotNull"}, "fields": "/.*/", "values": true}
	p.FieldConfig.Overrides = []override{
		by("value", named(l.say("grafana-col-value"))),
		by("status", named(l.say("grafana-col-status")), property{"mappings", l.statusMappings()}),
		by("gap", named(l.say("grafana-col-gap"))),
	}
	return p
}

// trajectory is the chart of one target; variable holds which.
func (l language) trajectory(title, description, variable string) *panel {
	p := l.panel("timeseries", title, description, clickhouse())
	p.Targets = []target{askSeries("A", trendSQL(variable))}
	p.Options = map[string]any{
		"legend":  map[string]any{"displayMode": "list", "placement": "bottom", "showLegend": true, "calcs": []string{}},
		"tooltip": map[string]any{"mode": "multi", "sort": "none"},
	}
	p.FieldConfig.Defaults.Unit = "locale"
	p.FieldConfig.Defaults.Color = fixed(ink)
	p.FieldConfig.Defaults.Custom = map[string]any{
		"drawStyle": "line", "lineInterpolation": "linear", "lineWidth": 1, "fillOpacity": 0, "spanNulls": true,
		"showPoints": "never", "axisPlacement": "auto", "axisLabel": "", "thresholdsStyle": map[string]any{"mode": "off"},
	}
	dash := property{"custom.lineStyle", map[string]any{"fill": "dash", "dash": []int{2, 6}}}
	p.FieldConfig.Overrides = []override{
		by("observed", named(l.say("grafana-col-observed")), property{"color", fixed(blue)}, property{"custom.lineWidth", 2},
			property{"custom.showPoints", "always"}, property{"custom.pointSize", 5}),
		by("target", named(l.say("grafana-col-target-line")), dash),
		by("path", named(l.say("grafana-col-path")), property{"color", fixed(grey)}),
	}
	return p
}

func (l language) headlineTrend() *panel {
	p := l.trajectory(l.say("grafana-headline-trend"), "grafana-trend-desc", "headline")
	p.Repeat, p.RepeatDirection, p.MaxPerRow = "headline", "h", 3
	return p
}

func (l language) trend() *panel {
	return l.trajectory(l.say("grafana-trend"), "grafana-trend-desc", "target")
}

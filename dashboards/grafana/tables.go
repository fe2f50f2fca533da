package grafana

import "fmt"

// table is a panel of rows; columns come out in the order of the query.
func (l language) table(title, description string, src source, targets ...target) *panel {
	p := l.panel("table", l.say(title), description, src)
	p.Targets = targets
	p.Options = map[string]any{
		"showHeader": true, "cellHeight": "sm",
		"footer": map[string]any{"show": false, "reducer": []string{"sum"}, "countRows": false, "fields": ""},
	}
	p.FieldConfig.Defaults.Custom = map[string]any{"align": "auto", "inspect": false, "filterable": false}
	return p
}

// statusColumn shows a column of status codes as shape, word and hue.
func (l language) statusColumn(column, title string, width int) override {
	return by(column, append(cell("color-text"), named(title), wide(width), property{"mappings", l.statusMappings()})...)
}

// titleColumn links a target's name to its page and to its trend below.
func (l language) titleColumn() override {
	return by("title", named(l.say("grafana-col-title")), property{"custom.minWidth", 200}, property{"links", []link{
		{Title: l.say("grafana-open-target"), URL: "${board}/targets/${__data.fields.policy}/${__data.fields.target}", TargetBlank: true},
		{Title: l.say("grafana-show-trend"), URL: "/d/" + UID(string(l)) + "?var-target=${__data.fields.target}&${__url_time_range}&${policy:queryparam}&${region:queryparam}"},
	}})
}

func (l language) status() *panel {
	p := l.table("grafana-status", "grafana-status-desc", clickhouse(), ask("A", l.statusSQL()))
	share := func(name, label string) override {
		return by(name, named(l.say(label)), unit("percentunit"), digits(1), wide(84), right())
	}
	word := func(name, label string, width int, more ...property) override {
		return by(name, append([]property{named(l.say(label)), wide(width)}, more...)...)
	}
	p.FieldConfig.Overrides = []override{
		l.titleColumn(),
		l.statusColumn("status", l.say("grafana-col-status"), 124),
		word("value", "grafana-col-value", 124, right()),
		word("target_value", "grafana-col-target", 112, right()),
		word("gap", "grafana-col-gap", 124, right()),
		share("attainment", "grafana-col-attainment"),
		by("progress", append(cell("gauge"), named(l.say("grafana-col-progress")), unit("percentunit"), digits(1), wide(150),
			property{"min", 0}, property{"max", 1}, property{"color", fixed(grey)})...),
		share("schedule", "grafana-col-schedule"),
		word("period", "grafana-col-period", 104),
		word("deadline", "grafana-col-deadline", 104),
		word("owner", "grafana-col-owner", 120),
		word("marks", "grafana-col-marks", 180),
		word("region", "grafana-col-region", 100),
		by("policy", hidden()),
		by("target", hidden()),
	}
	return p
}

func (l language) changes() *panel {
	p := l.table("grafana-changes", "grafana-changes-desc", clickhouse(), ask("A", l.changesSQL()))
	p.FieldConfig.Overrides = []override{
		by("day", named(l.say("grafana-col-day")), wide(100)),
		by("title", named(l.say("grafana-col-title"))),
		l.statusColumn("was", l.say("grafana-col-was"), 116),
		l.statusColumn("status", l.say("grafana-col-now"), 116),
		by("cause", named(l.say("grafana-col-cause")), wide(96), property{"mappings", l.causeMappings()}),
	}
	return p
}

func (l language) history() *panel {
	p := l.panel("state-timeline", l.say("grafana-history"), "grafana-history-desc", clickhouse())
	p.Targets = []target{askSeries("A", l.historySQL())}
	p.Options = map[string]any{
		"mergeValues": true, "showValue": "never", "alignValue": "left", "rowHeight": 0.8,
		"legend":  map[string]any{"displayMode": "list", "placement": "bottom", "showLegend": true},
		"tooltip": map[string]any{"mode": "single", "sort": "none"},
	}
	p.FieldConfig.Defaults.Mappings, p.FieldConfig.Defaults.Thresholds = l.rankMappings(), l.rankSteps()
	p.FieldConfig.Defaults.Color = &color{Mode: "thresholds"}
	p.FieldConfig.Defaults.Custom = map[string]any{"lineWidth": 0, "fillOpacity": 75, "spanNulls": true}
	p.FieldConfig.Overrides = []override{{matcher{"byType", "number"}, []property{named("${__field.labels.title}")}}}
	return p
}

// lag is how far each target is ahead of or behind schedule. The info metric
// may be missing, or given by several instances that differ for a moment: one
// of them is taken, and a target without one keeps its own name.
func (l language) lag() *panel {
	p := l.panel("bargauge", l.say("grafana-lag"), "grafana-lag-desc", prometheus())
	behind := perTarget("yardstick_target_progress_ratio", "") + " - " + perTarget("yardstick_target_schedule_ratio", "")
	legend, expr := "{{target}}", "sort("+behind+")"
	if l != english { // the info metric has the title in Chinese alone
		legend = "{{title}}"
		expr = fmt.Sprintf(`sort(
  (%[1]s)
    * on (policy, target, region) group_left (title)
  topk by (policy, target, region) (1, max by (policy, target, region, title) (yardstick_target_info{title!="",%[2]s}))
    or on (policy, target, region)
  label_replace(%[1]s, "title", "$1", "target", "(.+)")
)`, behind, scope)
	}
	p.Targets = []target{now("A", legend, expr)}
	p.Options = map[string]any{
		"orientation": "horizontal", "displayMode": "basic", "showUnfilled": false, "minVizHeight": 10, "minVizWidth": 0, "valueMode": "text",
		"reduceOptions": map[string]any{"calcs": []string{"lastNotNull"}, "fields": "", "values": false},
	}
	p.FieldConfig.Defaults.Unit, p.FieldConfig.Defaults.Decimals = "percentunit", ptr(1)
	p.FieldConfig.Defaults.Min, p.FieldConfig.Defaults.Max = ptr(-1.0), ptr(1.0)
	p.FieldConfig.Defaults.Color, p.FieldConfig.Defaults.Thresholds = fixed(grey), plain(grey)
	return p
}

func (l language) age() *panel {
	p := l.table("grafana-age", "grafana-age-desc", clickhouse(), ask("A", l.ageSQL()))
	fresh := []mapping{{"value", map[string]any{
		"0": mapped{"● " + l.say("grafana-no"), green, 0}, "1": mapped{"◆ " + l.say("grafana-yes"), amber, 1},
	}}}
	p.FieldConfig.Overrides = []override{
		by("title", named(l.say("grafana-col-title"))),
		by("period", named(l.say("grafana-col-period")), wide(110)),
		by("age", named(l.say("grafana-col-age")), unit("d"), digits(0), wide(110), right()),
		by("stale", append(cell("color-text"), named(l.say("grafana-col-stale")), wide(110), property{"mappings", fresh})...),
		by("stale_days", named(l.say("grafana-col-stale-days")), wide(96), right()),
	}
	return p
}

func (l language) feeds() *panel {
	perFeed := func(metric string) string { return "max by (feed) (" + metric + ")" }
	// A feed that owes nothing has no due time, a new one no success: 0 stands
	// for that and is shown in words.
	orNone := " or on (feed) 0 * " + perFeed("yardstick_feed_problems")
	none := property{"mappings", []mapping{{"value", map[string]any{"0": mapped{l.say("grafana-none"), ink, 0}}}}}
	p := l.table("grafana-feeds", "grafana-feeds-desc", prometheus(),
		nowTable("A", perFeed("yardstick_feed_last_success_timestamp_seconds")+" * 1000"+orNone),
		nowTable("B", perFeed("yardstick_feed_due_timestamp_seconds")+" * 1000"+orNone),
		nowTable("C", perFeed("yardstick_feed_problems")),
		nowTable("D", perFeed("yardstick_feed_open_questions")))
	p.Transformations = []transformation{
		{"merge", map[string]any{}},
		{"organize", map[string]any{
			"excludeByName": map[string]bool{"Time": true},
			"indexByName":   map[string]int{"feed": 0, "Value #A": 1, "Value #B": 2, "Value #C": 3, "Value #D": 4},
			"renameByName":  map[string]string{},
		}},
	}
	p.FieldConfig.Overrides = []override{
		by("feed", named(l.say("grafana-col-feed"))),
		by("Value #A", named(l.say("grafana-col-last")), unit("dateTimeAsIso"), wide(170), none),
		by("Value #B", named(l.say("grafana-col-due")), unit("dateTimeAsIso"), wide(170), none),
		by("Value #C", append(cell("color-text"), named(l.say("grafana-col-problems")), wide(84), right(), property{"thresholds", from(1, red)})...),
		by("Value #D", append(cell("color-text"), named(l.say("grafana-col-questions")), wide(84), right(), property{"thresholds", from(1, amber)})...),
	}
	return p
}

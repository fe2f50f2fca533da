package grafana

// overview answers first: how many targets stand how, the headline targets
// large, then every target, the worst first; then what changed, and the limits
// in a strip of their own.
func (l language) overview() dashboard {
	variables := []variable{
		l.clickhouseVariable(), l.policyVariable(),
		many(l.asked("region", "grafana-var-region", l.regionSQL())),
		unseen(many(l.asked("headline", "grafana-var-headline", l.targetSQL(true)))),
	}
	d := l.dashboard(overviewBoard, "grafana-description", append(append(variables, l.noteVariables(chosen)...), l.boardVariable())...)
	d.place(l.banner(), 3, 24, 0, 0)
	d.place(l.counts(), 4, 24, 0, 3)
	d.place(l.headline(), 4, 8, 0, 7)
	d.place(l.headlineLines(), 6, 8, 0, 11)
	d.place(l.headlineTrend(), 8, 8, 0, 17)
	d.place(l.status(), 28, 24, 0, 25)
	d.place(l.limits(), 8, 24, 0, 53)
	d.place(l.thisMonth(), 10, 11, 0, 61)
	d.place(l.revisions("grafana-revisions", "grafana-revisions-desc", "x.published_at >= toStartOfMonth("+today+")"), 10, 13, 11, 61)
	d.place(l.history(), 20, 24, 0, 71)
	return d
}

// counts is how many targets have each status.
func (l language) counts() *panel {
	p := l.panel("stat", l.say("grafana-counts"), "grafana-counts-desc", clickhouse())
	p.Targets = []target{ask("A", l.countsSQL())}
	p.Options = statOptions("value_and_name")
	p.FieldConfig.Defaults.Decimals = ptr(0)
	for _, k := range l.looks()[:8] {
		p.FieldConfig.Overrides = append(p.FieldConfig.Overrides, by(k.code, named(k.text()), property{"thresholds", count(k.hue)}))
	}
	return p
}

func (l language) headline() *panel {
	p := l.panel("stat", "$headline", "grafana-headline-desc", clickhouse())
	p.Repeat, p.RepeatDirection, p.MaxPerRow = "headline", "h", 3
	p.Targets = []target{ask("A", l.headlineSQL())}
	p.Options = statOptions("value_and_name")
	p.FieldConfig.Overrides = []override{
		by("value", named(l.say("grafana-col-value"))),
		by("status", named(l.say("grafana-col-status")), property{"mappings", l.statusMappings()}),
	}
	return p
}

// headlineLines is what a leader asks next of each: when, how likely, how far.
func (l language) headlineLines() *panel {
	p := l.table("grafana-headline-lines", "grafana-headline-lines-desc", clickhouse(), ask("A", l.headlineLinesSQL()))
	p.Repeat, p.RepeatDirection, p.MaxPerRow = "headline", "h", 3
	p.Transparent, p.Options["showHeader"] = true, false
	p.FieldConfig.Overrides = []override{by("line", named(l.say("grafana-headline-lines")))}
	return p
}

func (l language) headlineTrend() *panel {
	p := l.trajectory(l.say("grafana-headline-trend"), "grafana-trend-desc", "headline")
	p.Repeat, p.RepeatDirection, p.MaxPerRow = "headline", "h", 3
	return p
}

// status is the table of all targets.
func (l language) status() *panel {
	p := l.table("grafana-status", "grafana-status-desc", clickhouse(), ask("A", l.statusSQL()))
	p.FieldConfig.Overrides = []override{
		l.titleColumn(),
		l.statusColumn("status", l.say("grafana-col-status"), 124),
		l.column("value", "grafana-col-value", 108, right()),
		l.column("target_value", "grafana-col-target", 108, right()),
		l.column("gap", "grafana-col-gap", 118, right()),
		by("progress", append(cell("gauge"), named(l.say("grafana-col-progress")), unit("percentunit"), wide(140),
			property{"min", 0}, property{"max", 1}, property{"color", fixed(grey)})...),
		by("schedule", named(l.say("grafana-col-schedule")), unit("percentunit"), wide(76), right()),
		l.column("lag", "grafana-col-lag", 118, right()),
		l.column("chance", "grafana-col-chance", 78, right()),
		l.column("outlook", "grafana-col-outlook", 168),
		l.column("deadline", "grafana-col-deadline", 96),
		l.column("period", "grafana-col-period", 112),
		l.column("owner", "grafana-col-owner", 90),
		l.column("marks", "grafana-col-marks", 180),
		by("policy", hidden()),
		by("target", hidden()),
	}
	return p
}

// limits is the strip of limits and cadences.
func (l language) limits() *panel {
	p := l.table("grafana-limits", "grafana-limits-desc", clickhouse(), ask("A", l.limitsSQL()))
	p.FieldConfig.Overrides = []override{
		l.titleColumn(),
		l.statusColumn("status", l.say("grafana-col-status"), 124),
		l.column("value", "grafana-col-value", 120, right()),
		l.column("target_value", "grafana-col-limit", 120, right()),
		l.column("gap", "grafana-col-room", 130, right()),
		l.column("period", "grafana-col-period", 130),
		l.column("marks", "grafana-col-marks", 200),
		by("policy", hidden()),
		by("target", hidden()),
	}
	return p
}

// thisMonth is what changed its status this month.
func (l language) thisMonth() *panel {
	p := l.table("grafana-month", "grafana-month-desc", clickhouse(), ask("A", l.monthSQL()))
	p.FieldConfig.Overrides = []override{
		l.column("day", "grafana-col-day", 96),
		l.titleColumn(),
		l.statusColumn("was", l.say("grafana-col-was"), 116),
		l.statusColumn("status", l.say("grafana-col-now"), 116),
		by("cause", named(l.say("grafana-col-cause")), wide(84), property{"mappings", l.causeMappings()}),
		l.column("marks", "grafana-col-marks", 84),
		by("policy", hidden()),
		by("target", hidden()),
	}
	return p
}

// revisions is which figures were replaced.
func (l language) revisions(title, description, since string) *panel {
	p := l.table(title, description, clickhouse(), ask("A", l.revisionsSQL(since)))
	p.FieldConfig.Overrides = []override{
		l.column("day", "grafana-col-published", 96),
		by("title", named(l.say("grafana-col-indicator")), property{"custom.minWidth", 140}),
		l.column("period", "grafana-col-period", 104),
		l.column("was", "grafana-col-old", 92, right()),
		l.column("value", "grafana-col-new", 92, right()),
		l.column("difference", "grafana-col-difference", 92, right()),
		l.column("reason", "grafana-col-reason", 84),
		l.receiptColumn(),
		l.column("marks", "grafana-col-marks", 84),
	}
	return p
}

// history is the status of every target over the time chosen.
func (l language) history() *panel {
	return l.timeline("grafana-history", "grafana-history-desc", l.historySQL())
}

// timeline is a panel of ranks of status over time, one row a title.
func (l language) timeline(title, description, sql string) *panel {
	p := l.panel("state-timeline", l.say(title), description, clickhouse())
	p.Targets = []target{askSeries("A", sql)}
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

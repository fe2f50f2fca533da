package grafana

// detail is one target in full: the figure and why it was judged so, the way it
// has gone and is expected to go, every vintage of its figures, and how its
// verdict came about.
func (l language) detail() dashboard {
	variables := []variable{
		l.clickhouseVariable(), l.policyVariable(),
		l.asked("target", "grafana-var-target", l.targetSQL(false)),
		unseen(l.asked("story", "grafana-var-story", l.storySQL())),
	}
	d := l.dashboard(targetBoard, "grafana-description-target", append(append(variables, l.noteVariables(inTarget)...), l.boardVariable())...)
	d.Annotations.List = []annotation{
		{l.say("grafana-mark-changes"), clickhouse(), true, false, grey, ask("Changes", l.changeMarksSQL())},
		{l.say("grafana-mark-revisions"), clickhouse(), true, false, amber, ask("Revisions", l.revisionMarksSQL())},
	}
	d.place(l.banner(), 3, 24, 0, 0)
	d.place(l.figures(), 5, 24, 0, 3)
	d.place(l.trajectory(l.say("grafana-trend"), "grafana-trend-desc", "target"), 14, 14, 0, 8)
	d.place(l.text("grafana-story", "grafana-story-desc", "story"), 14, 10, 14, 8)
	d.place(l.shares(), 8, 14, 0, 22)
	d.place(l.verdictHistory(), 18, 10, 14, 22)
	d.place(l.vintages(), 10, 14, 0, 30)
	return d
}

// figures is the target's figure, status and gap, large.
func (l language) figures() *panel {
	p := l.panel("stat", "$target", "grafana-headline-desc", clickhouse())
	p.Targets = []target{ask("A", l.figuresSQL())}
	p.Options = statOptions("value_and_name")
	p.FieldConfig.Overrides = []override{
		by("value", named(l.say("grafana-col-value"))),
		by("status", named(l.say("grafana-col-status")), property{"mappings", l.statusMappings()}),
		by("target_value", named(l.say("grafana-col-target"))),
		by("gap", named(l.say("grafana-col-gap"))),
		by("chance", named(l.say("grafana-col-chance"))),
		by("deadline", named(l.say("grafana-col-deadline"))),
	}
	return p
}

// shares is how progress, time and chance went from verdict to verdict.
func (l language) shares() *panel {
	p := l.panel("timeseries", l.say("grafana-shares"), "grafana-shares-desc", clickhouse())
	p.Targets = []target{askSeries("A", l.sharesSQL())}
	p.Options = map[string]any{
		"legend":  map[string]any{"displayMode": "list", "placement": "bottom", "showLegend": true, "calcs": []string{}},
		"tooltip": map[string]any{"mode": "multi", "sort": "none"},
	}
	p.FieldConfig.Defaults.Unit, p.FieldConfig.Defaults.Decimals = "percentunit", ptr(0)
	p.FieldConfig.Defaults.Min = ptr(0.0)
	p.FieldConfig.Defaults.NoValue = l.say("grafana-no-figures")
	p.FieldConfig.Defaults.Color, p.FieldConfig.Defaults.Custom = fixed(ink), lines()
	p.FieldConfig.Overrides = []override{
		by("attainment", named(noteHole+l.say("grafana-col-attainment")), property{"color", fixed(blue)}, dashed(2, 6)),
		by("progress", named(noteHole+l.say("grafana-col-progress")), property{"color", fixed(blue)}, property{"custom.lineWidth", 2}),
		by("schedule", named(l.say("grafana-col-schedule")), property{"color", fixed(grey)}),
		by("chance", named(noteHole+l.say("grafana-col-chance")), property{"color", fixed(amber)}, dashed(6, 4), property{"custom.showPoints", "always"}, property{"custom.pointSize", 4}),
	}
	return p
}

// verdictHistory is every verdict that was kept, newest first.
func (l language) verdictHistory() *panel {
	p := l.table("grafana-verdicts", "grafana-verdicts-desc", clickhouse(), ask("A", l.verdictsSQL()))
	p.FieldConfig.Overrides = []override{
		l.column("day", "grafana-col-as-of", 96),
		l.statusColumn("status", l.say("grafana-col-status"), 116),
		l.column("value", "grafana-col-value", 104, right()),
		l.column("chance", "grafana-col-chance", 72, right(), unit("percentunit")),
		by("cause", named(l.say("grafana-col-cause")), wide(84), property{"mappings", l.causeMappings()}),
		l.column("marks", "grafana-col-marks", 150),
	}
	return p
}

// vintages is every published value of the target's figures, newest first.
func (l language) vintages() *panel {
	p := l.table("grafana-vintages", "grafana-vintages-desc", clickhouse(), ask("A", l.vintagesSQL()))
	p.FieldConfig.Overrides = []override{
		by("title", named(l.say("grafana-col-indicator")), property{"custom.minWidth", 120}),
		l.column("period", "grafana-col-period", 112),
		l.column("value", "grafana-col-figure", 112, right()),
		l.column("kind", "grafana-col-kind", 76),
		l.column("day", "grafana-col-published", 96),
		l.column("standing", "grafana-col-standing", 84),
		l.receiptColumn(),
		l.column("marks", "grafana-col-marks", 84),
	}
	return p
}

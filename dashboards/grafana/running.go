package grafana

// running is the state of the data and of the machine: what was delivered, what
// is late, and whether collectors, comparator, store, ledger and backup do their
// work. It is of now, whatever time the other dashboards show.
func (l language) running() dashboard {
	variables := []variable{l.prometheusVariable(), l.clickhouseVariable()}
	d := l.dashboard(dataBoard, "grafana-description-data", append(append(variables, l.noteVariables(everything)...), l.boardVariable())...)
	d.Time, d.Refresh = timeRange{"now-24h", "now"}, "1m"
	d.place(l.banner(), 3, 24, 0, 0)
	d.place(l.dataState(), 4, 24, 0, 3)
	d.place(l.machine(), 4, 24, 0, 7)
	d.place(l.feeds(), 11, 24, 0, 11)
	d.place(l.receipts(), 11, 12, 0, 22)
	d.place(l.revisions("grafana-replaced-figures", "grafana-replaced-figures-desc", everything), 11, 12, 12, 22)
	d.place(l.age(), 12, 12, 0, 33)
	d.place(l.collectors(), 12, 12, 12, 33)
	d.place(l.runs(), 10, 12, 0, 45)
	d.place(l.loads(), 10, 12, 12, 45)
	return d
}

// dataState is the state of the data in one row.
func (l language) dataState() *panel {
	p := l.panel("stat", l.say("grafana-data"), "grafana-data-desc", clickhouse())
	p.Targets = []target{ask("A", l.dataStateSQL())}
	p.Options = statOptions("value_and_name")
	p.FieldConfig.Defaults.Decimals = ptr(0)
	warn := func(name, label, hue string) override {
		return by(name, named(l.say(label)), property{"thresholds", from(1, hue)})
	}
	p.FieldConfig.Overrides = []override{
		by("rate", named(l.say("grafana-rate")), unit("percentunit"), property{"thresholds", whole(amber)}),
		by("owing", named(l.say("grafana-owing"))),
		warn("late", "grafana-late", red),
		warn("refused", "grafana-refused", red),
		warn("questions", "grafana-col-questions", amber),
		warn("stale", "grafana-stale-count", amber),
		by("provisional", named(l.say("grafana-provisional-count"))),
		by("revised", named(l.say("grafana-revised-count"))),
		by("forecasts", named(l.say("grafana-forecasts"))),
		by("age", named(l.say("grafana-forecast-age")), unit("s"), property{"thresholds", from(26*3600, amber)}),
	}
	return p
}

// machine is whether the program and what it rests on work, from Prometheus. A
// sample that is not there is unknown: the expression then gives NaN, which is
// shown as a word.
func (l language) machine() *panel {
	p := l.panel("stat", l.say("grafana-running"), "grafana-running-desc", prometheus())
	p.Options = statOptions("value_and_name")
	p.Options["reduceOptions"] = map[string]any{"calcs": []string{"last"}, "fields": "", "values": false} // the others pass over NaN
	p.FieldConfig.Defaults.Decimals = ptr(0)
	known := func(expr string) string { return "(" + expr + ") or vector(NaN)" }
	unknown := mapping{"special", map[string]any{"match": "null+nan", "result": mapped{"— " + l.say("grafana-unknown"), grey, 9}}}
	p.FieldConfig.Defaults.Mappings = []mapping{unknown}
	state := func(good, bad string) property {
		return property{"mappings", []mapping{
			{"value", map[string]any{"0": mapped{"■ " + l.say(bad), red, 0}, "1": mapped{"● " + l.say(good), green, 1}}},
			unknown,
		}}
	}
	ref := func(id string, properties ...property) override {
		return override{matcher{"byFrameRefID", id}, properties}
	}
	p.Targets = []target{
		now("A", l.say("grafana-store"), known("min(yardstick_store_up)")),
		now("B", l.say("grafana-ledger"), known("min(yardstick_ledger_intact)")),
		now("C", l.say("grafana-ledger-height"), known("max(yardstick_ledger_height)")),
		now("D", l.say("grafana-since-compared"), known("time() - max(yardstick_compare_last_success_timestamp_seconds)")),
		now("E", l.say("grafana-compare-duration"), known("max(yardstick_compare_duration_seconds)")),
		now("F", l.say("grafana-collector-failures"), known("sum(max by (feed) (yardstick_collector_failed_runs))")),
		now("G", l.say("grafana-since-backup"), known("time() - max(yardstick_backup_last_success_timestamp_seconds)")),
		now("H", l.say("grafana-free"), known("min(yardstick_snapshot_free_bytes)")),
	}
	p.FieldConfig.Overrides = []override{
		ref("A", state("grafana-up", "grafana-down")),
		ref("B", state("grafana-intact", "grafana-broken")),
		ref("D", unit("s"), property{"thresholds", from(26*3600, amber)}),
		ref("E", unit("s"), digits(2)),
		ref("F", property{"thresholds", from(1, red)}),
		ref("G", unit("s"), property{"thresholds", from(48*3600, amber)}),
		ref("H", unit("bytes"), digits(1)),
	}
	return p
}

// feeds is every feed with what it owes.
func (l language) feeds() *panel {
	p := l.table("grafana-feeds", "grafana-feeds-desc", clickhouse(), ask("A", l.feedsSQL()))
	p.FieldConfig.Overrides = []override{
		by("title", named(l.say("grafana-col-feed")), property{"custom.minWidth", 200}, property{"links", []link{
			{Title: l.say("grafana-open-feeds"), URL: "${board}/feeds", TargetBlank: true},
		}}),
		l.column("office", "grafana-col-office", 130),
		by("state", append(cell("color-text"), named(l.say("grafana-col-status")), wide(130), property{"mappings", []mapping{{"value", map[string]any{
			"late": mapped{"■ " + l.say("grafana-feed-late"), red, 0}, "due": mapped{"◆ " + l.say("grafana-feed-due"), amber, 1},
			"in": mapped{"● " + l.say("grafana-feed-in"), green, 2}, "none": mapped{"○ " + l.say("grafana-feed-none"), grey, 3},
		}}}})...),
		l.column("latest", "grafana-col-delivered", 120),
		l.column("next", "grafana-col-due", 210),
		l.column("success", "grafana-col-last", 150),
		by("problems", append(cell("color-text"), named(l.say("grafana-col-problems")), wide(72), right(), property{"thresholds", from(1, red)})...),
		by("questions", append(cell("color-text"), named(l.say("grafana-col-questions")), wide(72), right(), property{"thresholds", from(1, amber)})...),
		l.column("contact", "grafana-col-contact", 120),
		l.column("marks", "grafana-col-marks", 84),
	}
	return p
}

// receipts is what came in last.
func (l language) receipts() *panel {
	p := l.table("grafana-receipts", "grafana-receipts-desc", clickhouse(), ask("A", l.receiptsSQL()))
	p.FieldConfig.Overrides = []override{
		l.column("day", "grafana-col-received", 140),
		by("title", named(l.say("grafana-col-feed")), property{"custom.minWidth", 140}),
		l.column("status", "grafana-col-status", 100),
		l.column("rows", "grafana-col-rows", 150),
		l.receiptColumn(),
		l.column("marks", "grafana-col-marks", 84),
	}
	return p
}

// age is how old the figure behind each verdict is.
func (l language) age() *panel {
	p := l.table("grafana-age", "grafana-age-desc", clickhouse(), ask("A", l.ageSQL()))
	fresh := []mapping{{"value", map[string]any{
		"0": mapped{"● " + l.say("grafana-no"), green, 0}, "1": mapped{"◆ " + l.say("grafana-yes"), amber, 1},
	}}}
	p.FieldConfig.Overrides = []override{
		by("title", named(l.say("grafana-col-title")), property{"custom.minWidth", 160}),
		l.column("period", "grafana-col-period", 110),
		by("age", named(l.say("grafana-col-age")), unit("d"), digits(0), wide(90), right()),
		by("stale", append(cell("color-text"), named(l.say("grafana-col-stale")), wide(90), property{"mappings", fresh})...),
		l.column("stale_days", "grafana-col-stale-days", 84, right()),
		l.column("marks", "grafana-col-marks", 84),
	}
	return p
}

// collectors is each feed's collector, from Prometheus.
func (l language) collectors() *panel {
	perFeed := func(metric string) string { return "max by (feed) (" + metric + ")" }
	p := l.table("grafana-collectors", "grafana-collectors-desc", prometheus(),
		nowTable("A", perFeed("yardstick_collector_failed_runs")),
		nowTable("B", "sum by (feed) (yardstick_collector_duration_seconds_sum) / (sum by (feed) (yardstick_collector_duration_seconds_count) > 0)"),
		nowTable("C", "sum by (feed) (yardstick_feed_receipts_total)"),
		nowTable("D", "sum by (feed) (yardstick_feed_rows_total{result=\"rejected\"})"))
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
		by("Value #A", append(cell("color-text"), named(l.say("grafana-col-failed")), wide(110), right(), property{"thresholds", from(1, red)})...),
		by("Value #B", named(l.say("grafana-col-duration")), unit("s"), digits(2), wide(110), right()),
		by("Value #C", named(l.say("grafana-col-receipts")), wide(90), right()),
		by("Value #D", append(cell("color-text"), named(l.say("grafana-col-rejected")), wide(90), right(), property{"thresholds", from(1, amber)})...),
	}
	return p
}

// runs is the last comparisons.
func (l language) runs() *panel {
	p := l.table("grafana-runs", "grafana-runs-desc", clickhouse(), ask("A", l.runsSQL()))
	p.FieldConfig.Overrides = []override{
		l.column("at", "grafana-col-at", 160),
		l.column("day", "grafana-col-as-of", 100),
		by("cause", named(l.say("grafana-col-cause")), wide(110), property{"mappings", l.causeMappings()}),
		l.column("judged", "grafana-col-judged", 90, right()),
		l.column("changed", "grafana-col-changed", 90, right()),
		l.column("height", "grafana-ledger-height", 90, right()),
		l.column("marks", "grafana-col-marks", 84),
	}
	return p
}

// loads is how long comparisons took and how many verdicts changed, over time.
func (l language) loads() *panel {
	p := l.panel("timeseries", l.say("grafana-loads"), "grafana-loads-desc", prometheus())
	over := now("A", l.say("grafana-compare-duration"), "max(yardstick_compare_duration_seconds)")
	over.Instant, over.Range = false, ptr(true)
	p.Targets = []target{over}
	p.Options = map[string]any{
		"legend":  map[string]any{"displayMode": "list", "placement": "bottom", "showLegend": true, "calcs": []string{}},
		"tooltip": map[string]any{"mode": "multi", "sort": "none"},
	}
	p.FieldConfig.Defaults.Unit, p.FieldConfig.Defaults.Min = "s", ptr(0.0)
	p.FieldConfig.Defaults.Color, p.FieldConfig.Defaults.Custom = fixed(blue), lines()
	return p
}

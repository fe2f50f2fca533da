package grafana

// trajectory is the chart of one target: what was observed, the line of time to
// the target, the target, and the fan of the forecast. variable holds which.
func (l language) trajectory(title, description, variable string) *panel {
	p := l.panel("timeseries", title, description, clickhouse())
	p.Targets = []target{askSeries("A", l.trendSQL(variable))}
	p.Options = map[string]any{
		"legend":  map[string]any{"displayMode": "list", "placement": "bottom", "showLegend": true, "calcs": []string{}},
		"tooltip": map[string]any{"mode": "multi", "sort": "none"},
	}
	p.FieldConfig.Defaults.Unit = "locale"
	p.FieldConfig.Defaults.Color = fixed(ink)
	p.FieldConfig.Defaults.NoValue = l.say("grafana-no-figures")
	p.FieldConfig.Defaults.Custom = lines()
	low := l.say("grafana-col-p10")
	p.FieldConfig.Overrides = []override{
		by("observed", named(noteHole+l.say("grafana-col-observed-in")), property{"color", fixed(blue)}, property{"custom.lineWidth", 2},
			property{"custom.showPoints", "always"}, property{"custom.pointSize", 5}),
		by("target", named(l.say("grafana-col-target-line")), dashed(2, 6)),
		by("path", named(l.say("grafana-col-path")), property{"color", fixed(grey)}),
		by("p10", named(low), property{"color", fixed(amber)}, property{"custom.lineWidth", 0}),
		by("p50", named(l.say("grafana-col-p50")), property{"color", fixed(amber)}, dashed(6, 4)),
		by("p90", named(l.say("grafana-col-p90")), property{"color", fixed(amber)}, property{"custom.lineWidth", 0},
			property{"custom.fillBelowTo", low}, property{"custom.fillOpacity", 18}),
	}
	return p
}

// lines is a chart of thin lines without points.
func lines() map[string]any {
	return map[string]any{
		"drawStyle": "line", "lineInterpolation": "linear", "lineWidth": 1, "fillOpacity": 0, "spanNulls": true,
		"showPoints": "never", "axisPlacement": "auto", "axisLabel": "", "thresholdsStyle": map[string]any{"mode": "off"},
	}
}

func dashed(on, off int) property {
	return property{"custom.lineStyle", map[string]any{"fill": "dash", "dash": []int{on, off}}}
}

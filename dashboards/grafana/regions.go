package grafana

import (
	"fmt"
)

// regions is the districts, counties and areas: what of the targets is theirs,
// judged where something was allocated to them, listed and never ranked where
// not; and the figures each of them reported.
func (l language) regions() dashboard {
	part := many(l.asked("part", "grafana-var-part", l.partSQL()))
	variables := []variable{
		l.clickhouseVariable(), l.policyVariable(),
		l.asked("target", "grafana-var-target", l.partedTargetSQL()), part,
	}
	d := l.dashboard(regionsBoard, "grafana-description-regions", append(append(variables, l.noteVariables(inPolicies)...), l.boardVariable())...)
	d.place(l.banner(), 3, 24, 0, 0)
	d.place(l.parts(), 20, 24, 0, 3)
	d.place(l.partTrend(), 8, 8, 0, 23)
	return d
}

func (l language) parts() *panel {
	p := l.table("grafana-parts", "grafana-parts-desc", clickhouse(), ask("A", l.partsSQL()))
	unranked := property{"mappings", append(l.statusMappings(), mapping{"value", map[string]any{
		"unallocated": mapped{"○ " + l.say("grafana-unallocated"), grey, 90},
	}})}
	p.FieldConfig.Overrides = []override{
		l.column("place", "grafana-col-part", 130),
		l.titleColumn(),
		by("status", append(cell("color-text"), named(l.say("grafana-col-status")), wide(170), unranked)...),
		l.column("value", "grafana-col-latest", 130, right()),
		l.column("period", "grafana-col-period", 120),
		l.column("target_value", "grafana-col-share", 120, right()),
		l.column("gap", "grafana-col-gap", 120, right()),
		l.column("lag", "grafana-col-lag", 120, right()),
		l.column("source", "grafana-col-source", 150),
		l.column("marks", "grafana-col-marks", 160),
		by("policy", hidden()),
		by("target", hidden()),
	}
	return p
}

// partTrend is what one area reported for the target chosen.
func (l language) partTrend() *panel {
	p := l.panel("timeseries", "$part · $target", "grafana-part-trend-desc", clickhouse())
	p.Repeat, p.RepeatDirection, p.MaxPerRow = "part", "h", 3
	p.Targets = []target{askSeries("A", partTrendSQL)}
	p.Options = map[string]any{
		"legend":  map[string]any{"displayMode": "list", "placement": "bottom", "showLegend": true, "calcs": []string{}},
		"tooltip": map[string]any{"mode": "multi", "sort": "none"},
	}
	p.FieldConfig.Defaults.Unit = "locale"
	p.FieldConfig.Defaults.NoValue = l.say("grafana-no-part-figures")
	p.FieldConfig.Defaults.Color, p.FieldConfig.Defaults.Custom = fixed(ink), lines()
	p.FieldConfig.Overrides = []override{
		by("observed", named(noteHole+l.say("grafana-col-figure")), property{"color", fixed(blue)}, property{"custom.lineWidth", 2},
			property{"custom.showPoints", "always"}, property{"custom.pointSize", 5}),
		by("asked", named(l.say("grafana-col-share")), dashed(2, 6)),
	}
	return p
}

// partsOf are the areas inside the policies' own regions, and what is known of
// each on each target: figures, allocations and verdicts.
const partsOf = `
  areas AS
  (
    SELECT region, name_zh, name_en FROM regions FINAL
    WHERE version = (SELECT max(version) FROM regions) AND parent IN (SELECT region FROM policies FINAL WHERE ` + inPolicies + `)
  ),
  figures AS
  (
    SELECT
      indicator, region, argMax(period, period_end) AS period, argMax(basis, period_end) AS basis, argMax(value_text, period_end) AS value_text, argMax(unit, period_end) AS unit,
      argMax(synthetic, period_end) AS synthetic
    FROM observations_known
    WHERE indicator IN (SELECT indicator FROM register) AND region IN (SELECT region FROM areas)
    GROUP BY indicator, region
  ),
  asked AS
  (
    SELECT * FROM allocations FINAL WHERE version = (SELECT max(version) FROM targets) AND ` + inPolicies + `
  ),
  pairs AS
  (
    SELECT t.policy AS policy, t.target AS target, f.region AS region FROM register AS t INNER JOIN figures AS f ON f.indicator = t.indicator
    UNION DISTINCT SELECT policy, target, region FROM asked
    UNION DISTINCT SELECT policy, target, region FROM register WHERE region IN (SELECT region FROM areas)
  )`

// partsSQL lists the areas. Those that are judged come first, the worst of them
// on top; the others in the order of their codes, without a rank. An area that
// nothing is known of has a row too, so that nobody thinks it was forgotten.
func (l language) partsSQL() string {
	unit := l.unitOf("toString(f.unit)", "i.unit_en", false)
	figure := fmt.Sprintf("if(f.value_text = '', '—', concat(f.value_text, %s))", unit)
	if l != english { // said in 万 as verdicts' figures are
		figure = fmt.Sprintf("if(abs(toFloat64OrZero(f.value_text)) >= 10000 AND NOT match(f.unit, '^[万亿%%]'), concat(toString(toDecimal128OrZero(f.value_text, 10) / 10000), '万', %s), %s)", unit, figure)
	}
	return "WITH" + register(inPolicies) + "," + l.told(inPolicies) + "," + partsOf + fmt.Sprintf(`
SELECT
    a.name_%[1]s AS place,
    if(t.target = '', '—', t.title_%[1]s) AS title,
    if(v.title = '', 'unallocated', CAST(v.status AS String)) AS status,
    if(v.title = '', %[2]s, v.value) AS value,
    if(v.title = '', %[3]s, v.period) AS period,
    if(v.title = '', '—', v.target_value) AS target_value,
    if(v.title = '', '—', v.gap) AS gap,
    if(v.title = '', '—', v.lag) AS lag,
    if(s.source_%[1]s = '', '—', s.source_%[1]s) AS source,
    if(v.title = '', %[4]s, v.marks) AS marks,
    CAST(p.policy AS String) AS policy,
    CAST(p.target AS String) AS target
FROM areas AS a
LEFT JOIN pairs AS p ON p.region = a.region
LEFT JOIN register AS t ON t.policy = p.policy AND t.target = p.target
LEFT JOIN told_now AS v ON v.policy = p.policy AND v.target = p.target AND v.region = a.region
LEFT JOIN figures AS f ON f.indicator = t.indicator AND f.region = a.region
LEFT JOIN asked AS s ON s.policy = p.policy AND s.target = p.target AND s.region = a.region
LEFT JOIN (SELECT indicator, unit_en FROM indicators FINAL) AS i ON i.indicator = t.indicator
ORDER BY v.title = '', v.place, p.target = '', a.region, t.place`, string(l), figure, l.period("f.period", "f.basis = 'ytd'"), l.synthetic("f.synthetic"))
}

// partSQL lists the areas that have figures of their own; where none has, one
// stands for them, so that there is a panel to say so.
func (l language) partSQL() string {
	return "WITH" + register(inPolicies) + "," + partsOf + fmt.Sprintf(`
SELECT toString(region) AS region, name_%[1]s AS name FROM areas
WHERE region IN (SELECT region FROM figures) OR ((SELECT count() FROM figures) = 0 AND region = (SELECT min(region) FROM areas))
ORDER BY region`, string(l))
}

// partedTargetSQL lists the targets, first those that areas have figures of.
func (l language) partedTargetSQL() string {
	return "WITH" + register(inPolicies) + "," + partsOf + fmt.Sprintf(`
SELECT target, title_%[1]s AS name FROM register
ORDER BY target IN (SELECT target FROM pairs) DESC, headline DESC, policy, place`, string(l))
}

// partTrendSQL is the figures an area reported, each of its own period, and what
// was allocated to it.
const partTrendSQL = `WITH
  ours AS
  (
    SELECT policy, target, indicator FROM targets FINAL
    WHERE version = (SELECT max(version) FROM targets) AND ` + inTarget + `
    ORDER BY policy LIMIT 1
  )
SELECT
    toDateTime(period_end, 'Asia/Shanghai') AS time,
    toFloat64(argMax(value, (frequency = (SELECT any(frequency) FROM indicators FINAL WHERE indicator IN (SELECT indicator FROM ours)), basis))) AS observed,
    (SELECT maxOrNull(toFloat64(value)) FROM allocations FINAL WHERE version = (SELECT max(version) FROM targets) AND (policy, target) IN (SELECT policy, target FROM ours) AND region IN (${part:sqlstring})) AS asked
FROM observations_known
WHERE indicator IN (SELECT indicator FROM ours) AND region IN (${part:sqlstring}) AND value IS NOT NULL
GROUP BY period_end
ORDER BY time`

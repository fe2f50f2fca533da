package grafana

import (
	"fmt"
)

// figuresSQL is the target in one row.
func (l language) figuresSQL() string {
	return "WITH" + l.told(inTarget) + `
SELECT value, CAST(status AS String) AS status, target_value, gap, chance, deadline
FROM told_now
ORDER BY policy, place
LIMIT 1`
}

// storySQL is the target in paragraphs, with the way to its page.
func (l language) storySQL() string {
	return "WITH" + l.told(inTarget) + `
SELECT concat(story, '

', ` + text("["+l.say("grafana-open-target")+"](") + `, ${board:sqlstring}, '/targets/', toString(policy), '/', toString(target), ')') AS story
FROM told_now
ORDER BY policy, place
LIMIT 1`
}

// sharesSQL is progress, time gone and chance on every day judged. They go by the
// figure, but for the time gone of a milestone, which is the day's own and known
// on the days whose verdict was kept.
func (l language) sharesSQL() string {
	return "WITH" + register(inTarget) + "," + daily(inTarget, "attainment, progress, schedule, chance") + `
SELECT
    toDateTime(v.day, 'Asia/Shanghai') AS time, v.attainment AS attainment, v.progress AS progress,
    if(t.kind = 'milestone' AND v.day != v.as_of, NULL, v.schedule) AS schedule, v.chance AS chance
FROM daily AS v
INNER JOIN (SELECT * FROM register ORDER BY policy LIMIT 1) AS t ON t.policy = v.policy AND t.target = v.target AND t.region = v.region
ORDER BY time`
}

// verdictsSQL is every verdict kept on the target, newest first.
func (l language) verdictsSQL() string {
	return "WITH" + register(inTarget) + `
SELECT
    toString(v.as_of) AS day,
    CAST(v.status AS String) AS status,
    ifNull(concat(toString(v.value), ` + l.unitOf("v.unit", "i.unit_en", false) + `), '—') AS value,
    v.chance AS chance,
    CAST(v.cause AS String) AS cause,
    ` + l.synthetic("v.synthetic") + ` AS marks
FROM (SELECT * FROM verdicts WHERE ` + inTarget + `) AS v
INNER JOIN (SELECT * FROM register ORDER BY policy LIMIT 1) AS t ON t.policy = v.policy AND t.target = v.target AND t.region = v.region
LEFT JOIN (SELECT indicator, unit_en FROM indicators FINAL) AS i ON i.indicator = t.indicator
ORDER BY v.at DESC, v.run
LIMIT 200`
}

// indicatorsOfTarget are the target's own indicator and those its figure is made
// of, for its region.
const indicatorsOfTarget = `
  ours AS
  (
    SELECT DISTINCT t.region AS region, arrayJoin(arrayConcat([toString(t.indicator)], JSONExtract(v.body, 'inputs', 'Array(Tuple(indicator String))').1)) AS indicator
    FROM latest AS v
    INNER JOIN register AS t ON t.policy = v.policy AND t.target = v.target AND t.region = v.region
  )`

// vintagesSQL is every published value of them, newest period first.
func (l language) vintagesSQL() string {
	query := fmt.Sprintf(`
    SELECT
      if(i.name_%[1]s = '', toString(o.indicator), i.name_%[1]s) AS title, %[2]s AS period,
      if(o.value_text = '', '—', concat(o.value_text, %[3]s)) AS value, %[4]s AS kind, toString(o.published_at) AS day,
      if(o.place = 1, %[5]s, %[6]s) AS standing, o.receipt AS receipt, %[7]s AS marks, o.period_end AS period_end, o.published_at AS published_at, o.seq AS seq
    FROM
    (
      SELECT *, row_number() OVER (PARTITION BY indicator, region, frequency, basis, period ORDER BY published_at DESC, seq DESC) AS place
      FROM observations
      WHERE receipt IN (SELECT receipt FROM counted) AND published_at <= %[8]s AND (indicator, region) IN (SELECT indicator, region FROM ours)
    ) AS o
    LEFT JOIN (SELECT indicator, name_zh, name_en, unit_en FROM indicators FINAL) AS i ON i.indicator = o.indicator`,
		string(l), l.period("o.period", "o.basis = 'ytd'"), l.unitOf("o.unit", "i.unit_en", false), l.observationStatus("toString(o.status)"),
		l.constant("grafana-in-force"), l.constant("grafana-replaced"), l.synthetic("o.synthetic"), today)
	return orNothing("WITH"+register(inTarget)+","+latest(inTarget)+","+indicatorsOfTarget, query, "ORDER BY period_end DESC, title, published_at DESC, seq DESC\nLIMIT 200",
		l.say("grafana-no-figures"), "title", "period", "value", "kind", "day", "standing", "receipt", "marks")
}

// changeMarksSQL marks on the charts when the target's status changed.
func (l language) changeMarksSQL() string {
	return "WITH" + register(inTarget) + "," + moved(inTarget) + fmt.Sprintf(`
SELECT
    toDateTime(c.as_of, 'Asia/Shanghai') AS time,
    %[1]s AS title,
    %[2]s AS text
FROM moved AS c
INNER JOIN (SELECT * FROM register ORDER BY policy LIMIT 1) AS t ON t.policy = c.policy AND t.target = c.target AND t.region = c.region
WHERE c.was != '' AND $__dateFilter(c.as_of)
ORDER BY time`, l.phrase("grafana-marked-change", "was", l.statusWord("c.was"), "status", l.statusWord("c.status")),
		l.choice("c.cause", "''", "figure", "grafana-cause-figure", "revision", "grafana-cause-revision", "time", "grafana-cause-time", "register", "grafana-cause-register"))
}

// revisionMarksSQL marks when a figure of the target was replaced.
func (l language) revisionMarksSQL() string {
	return "WITH" + register(inTarget) + "," + latest(inTarget) + "," + indicatorsOfTarget + "," + revised("(indicator, region) IN (SELECT indicator, region FROM ours)") + fmt.Sprintf(`
SELECT
    toDateTime(x.published_at, 'Asia/Shanghai') AS time,
    %[1]s AS title,
    concat(x.was_text, ' → ', x.value_text) AS text
FROM revised AS x
WHERE $__dateFilter(x.published_at)
ORDER BY time`, l.phrase("grafana-marked-revision", "period", l.period("x.period", "x.basis = 'ytd'"), "reason", l.correction("x.correction")))
}

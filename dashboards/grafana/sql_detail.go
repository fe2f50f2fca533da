package grafana

import (
	"fmt"
	"strings"
)

// ofTarget is where the verdict in force on the target chosen is found.
func (l language) ofTarget() string {
	return `
FROM latest AS v
INNER JOIN register AS t ON t.policy = v.policy AND t.target = v.target AND t.region = v.region` + unitsAndPlaces
}

// figuresSQL is the target in one row.
func (l language) figuresSQL() string {
	return "WITH" + register(inTarget) + "," + latest(inTarget) + fmt.Sprintf(`
SELECT
    %[1]s AS value,
    %[2]s AS status,
    %[3]s AS target_value,
    %[4]s AS gap,
    %[5]s AS chance,
    ifNull(toString(t.deadline), '—') AS deadline%[6]s
ORDER BY v.policy
LIMIT 1`, l.value(), spoken, l.promised(), l.gap(), l.chance(), l.ofTarget())
}

// storySQL words the target in paragraphs: when before how likely, why it was
// judged so, what it would take, how sure the figure is, whom to ask.
func (l language) storySQL() string {
	per := l.choice("JSONExtractString(v.body, 'expected', 'frequency')", "''",
		"A", "ways-per-A", "Q", "ways-per-Q", "M", "ways-per-M", "T", "ways-per-T", "D", "ways-per-D")
	facts := fmt.Sprintf(`
  facts AS
  (
    SELECT
      v.policy AS policy, v.target AS target, t.clause AS clause, t.written AS written, v.rule AS rule, %[1]s AS outlook, %[2]s AS per,
      JSONExtractInt(v.body, 'expected', 'periods') AS periods, v.chance IS NULL AS sureless, %[3]s AS chance,
      JSONExtractString(v.body, 'reason', '%[4]s') AS reason, %[5]s AS gap,
      v.gap > 0 AND t.kind IN ('level', 'added', 'within') AND t.deadline > v.period_end AS short,
      greatest(1, dateDiff('month', assumeNotNull(v.period_end), assumeNotNull(t.deadline))) AS months,
      concat(toString(round(toFloat64(assumeNotNull(v.gap)) / months, 2)), %[6]s) AS rate, %[7]s AS marks,
      t.reading_%[4]s AS reading, t.reading_open AS open, t.owner_%[4]s AS owner, t.contact AS contact%[8]s
    ORDER BY v.policy
    LIMIT 1
  )`, l.outlook(), per, l.chance(), string(l), l.gap(), l.unitOf("v.unit", "i.unit_en", true), l.marks(), l.ofTarget())
	when := func(condition, said string) string { return "if(" + condition + ", " + said + ", '')" }
	paragraphs := []string{
		when("outlook != '—'", "concat('**', "+when("periods > 0", l.phrase("grafana-story-pace", "n", "toString(periods)", "per", "per"))+", outlook, "+
			when("NOT sureless", l.phrase("grafana-story-chance", "chance", "chance"))+", "+l.constant("grafana-stop")+", '**')"),
		"reason",
		when("short", l.phrase("grafana-story-needed", "gap", "gap", "months", "toString(months)", "rate", "rate")),
		when("marks != ''", l.phrase("grafana-story-marks", "marks", "marks")),
		when("reading != ''", l.phrase("grafana-story-reading", "reading", "reading", "open", when("open", l.constant("grafana-story-open")))),
		l.phrase("grafana-story-rule", "clause", "toString(clause)", "written", "written", "rule", l.choice("substring(rule, 1, 1)", "toString(rule)", "1", "board-rule-1", "2", "board-rule-2",
			"3", "board-rule-3", "4", "board-rule-4", "5", "board-rule-5", "6", "board-rule-6", "7", "board-rule-7")),
		l.phrase("grafana-story-owner", "owner", "owner", "contact", when("contact != ''", l.phrase("grafana-story-contact", "contact", "contact"))),
		"concat(" + text("["+l.say("grafana-open-target")+"](") + ", ${board:sqlstring}, '/targets/', toString(policy), '/', toString(target), ')')",
	}
	return "WITH" + register(inTarget) + "," + latest(inTarget) + "," + facts + `
SELECT arrayStringConcat(arrayFilter(x -> x != '', [
    ` + strings.Join(paragraphs, ",\n    ") + `]), '\n\n') AS story
FROM facts`
}

// sharesSQL is progress, time gone and chance of every verdict kept, by the day
// it judged.
func (l language) sharesSQL() string {
	return "WITH" + register(inTarget) + `
SELECT
    toDateTime(v.as_of, 'Asia/Shanghai') AS time,
    argMax(tuple(v.attainment), (v.at, v.run)).1 AS attainment,
    argMax(tuple(v.progress), (v.at, v.run)).1 AS progress,
    argMax(tuple(v.schedule), (v.at, v.run)).1 AS schedule,
    argMax(tuple(v.chance), (v.at, v.run)).1 AS chance
FROM (SELECT as_of, at, run, policy, target, region, attainment, progress, schedule, chance FROM verdicts WHERE ` + inTarget + `) AS v
INNER JOIN (SELECT * FROM register ORDER BY policy LIMIT 1) AS t ON t.policy = v.policy AND t.target = v.target AND t.region = v.region
GROUP BY v.as_of
ORDER BY time`
}

// verdictsSQL is every verdict kept on the target, newest first.
func (l language) verdictsSQL() string {
	return "WITH" + register(inTarget) + fmt.Sprintf(`
SELECT
    toString(v.as_of) AS day,
    %[1]s AS status,
    %[2]s AS value,
    %[3]s AS gap,
    %[4]s AS chance,
    CAST(v.cause AS String) AS cause,
    %[5]s AS marks
FROM (SELECT * FROM verdicts WHERE %[6]s) AS v
INNER JOIN (SELECT * FROM register ORDER BY policy LIMIT 1) AS t ON t.policy = v.policy AND t.target = v.target AND t.region = v.region%[7]s
ORDER BY v.at DESC, v.run
LIMIT 200`, spoken, l.value(), l.gap(), l.chance(), l.marks(), inTarget, unitsAndPlaces)
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

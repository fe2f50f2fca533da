package grafana

import (
	"fmt"
	"strings"

	"yardstick/schema"
	"yardstick/schema/words"
)

// The queries read the tables and views of schema/migrations and nothing else:
// no table function, no SETTINGS, so that they run under readonly=1. Comments
// are /* */, because a query may reach the engine on one line.

const (
	inPolicies = "policy IN (${policy:sqlstring})"
	inRegions  = "region IN (${region:sqlstring})"
)

// register is the targets as last loaded: a target that has left the register
// keeps its row with an older version.
const register = `
  register AS
  (
    SELECT * FROM targets FINAL
    WHERE version = (SELECT max(version) FROM targets) AND ` + inPolicies + `
  )`

// latest is the verdict in force for each scope. The key is found first, so
// that the bodies of all other verdicts need not be read.
const latest = `
  /* A verdict is stored when something changes, and once a day: the newest row of a scope is the one in force. */
  latest AS
  (
    SELECT * FROM verdicts
    WHERE (policy, target, region, at, run) GLOBAL IN
    (
      SELECT policy, target, region, max((at, run)).1, max((at, run)).2 FROM verdicts
      WHERE ` + inPolicies + ` AND ` + inRegions + `
      GROUP BY policy, target, region
    )
  )`

// text is a string constant of SQL.
func text(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `''`).Replace(s) + "'"
}

// ranked lists the statuses worst first, for indexOf.
func ranked() string {
	all := schema.Statuses()
	list := make([]string, len(all))
	for i, s := range all {
		list[i] = text(string(s))
	}
	return "[" + strings.Join(list, ", ") + "]"
}

// rank is a status as a number: 1 is the worst. LowCardinality is taken off,
// because array and column must be of one type.
func rank(column string) string { return "indexOf(" + ranked() + ", toString(" + column + "))" }

// spoken is the status as it is said of this kind of target: a limit that is
// kept, a report that is late, a target whose time has hardly begun.
const spoken = `multiIf(
      v.status = 'on_track' AND t.kind IN ('ceiling', 'floor'), 'within_limit',
      v.status = 'lagging' AND t.kind = 'cadence', 'late_cadence',
      v.status = 'open' AND JSONExtractBool(v.body, 'marks', 'not_begun'), 'not_begun',
      toString(v.status))`

// unitOf is what stands behind a figure in unit u: nothing between a Chinese
// unit and its figure, a space before a Latin one. A difference of percentages
// is in points.
func (l language) unitOf(u, unitEn string, difference bool) string {
	points := text(words.Say("grafana-points").In(string(l)))
	percent := "'%'"
	if difference {
		percent = points
	}
	if l == english {
		// 950 × 10,000 yuan
		return fmt.Sprintf("if(%[1]s = '%%', %[3]s, concat(if(match(%[2]s, '^[0-9]'), ' × ', ' '), if(%[2]s = '', %[1]s, %[2]s)))", u, unitEn, percent)
	}
	return fmt.Sprintf("multiIf(%[1]s = '%%', %[2]s, %[1]s = '百分点', %[3]s, match(%[1]s, '^[A-Za-z]'), concat(' ', %[1]s), toString(%[1]s))", u, percent, points)
}

// figure words the number in the verdict's field name, digit for digit as the
// verdict has it. What is computed (a share) has no such digits and is rounded
// to one. In Chinese what is 10,000 or more is said in 万, where that is exact
// and the unit is not counted in 万 or 亿 already. With unsigned the sign is
// left to the words before it.
func (l language) figure(column, name, unit string, unsigned bool) string {
	digits, number := "(-?[0-9.]+)", column
	if unsigned {
		digits, number = "-?([0-9.]+)", "abs("+column+")"
	}
	// Not JSONExtractRaw: it makes 410 of 410.0. The verdict's own fields stand
	// before those of its inputs, so the first is the right one.
	plain := fmt.Sprintf(`if(position(v.body, '"role":"numerator"') > 0, toString(round(%[1]s, 1)), extract(v.body, '"%[2]s":%[3]s'))`, number, name, digits)
	if l == english {
		return fmt.Sprintf("if(%s IS NULL, '—', concat(%s, %s))", column, plain, unit)
	}
	return fmt.Sprintf(`multiIf(
      %[1]s IS NULL, '—',
      abs(%[1]s) >= 10000 AND %[1]s / 10000 * 10000 = %[1]s AND NOT match(v.unit, '^[万亿%%]'), concat(toString(%[4]s / 10000), '万', %[3]s),
      concat(%[2]s, %[3]s))`, column, plain, unit, number)
}

// gap words what is missing: by how much a target is exceeded once it is met,
// by how much a limit is broken or what room it leaves.
func (l language) gap() string {
	say := func(id string) string { return text(words.Say(id).In(string(l))) }
	return fmt.Sprintf(`concat(
      multiIf(
        v.gap IS NULL OR v.gap = 0, '',
        v.gap > 0 AND t.kind IN ('ceiling', 'floor'), %s,
        v.gap > 0, '',
        t.kind IN ('ceiling', 'floor', 'cadence'), %s,
        %s),
      %s)`, say("grafana-gap-over"), say("grafana-gap-room"), say("grafana-gap-beyond"),
		l.figure("v.gap", "gap", l.unitOf("v.unit", "i.unit_en", true), true))
}

// marks words what stands beside a status.
func (l language) marks() string {
	say := func(id string) string { return text(words.Say(id).In(string(l))) }
	stale := strings.SplitN(words.Say("grafana-mark-stale").In(string(l)), "{days}", 2)
	flag := func(name, id string) string {
		return fmt.Sprintf("if(JSONExtractBool(v.body, 'marks', '%s'), %s, '')", name, say(id))
	}
	parts := []string{
		flag("reached_late", "grafana-mark-late"),
		flag("awaiting_final", "grafana-mark-awaiting"),
		fmt.Sprintf("if(v.provisional, %s, '')", say("grafana-mark-provisional")),
		fmt.Sprintf("if(v.stale, concat(%s, toString(JSONExtractUInt(v.body, 'marks', 'stale_days')), %s), '')", text(stale[0]), text(stale[1])),
		flag("reading_unconfirmed", "grafana-mark-reading"),
		fmt.Sprintf("if(v.synthetic, %s, '')", say("grafana-mark-synthetic")),
	}
	return "arrayStringConcat(arrayFilter(x -> x != '', [\n      " + strings.Join(parts, ",\n      ") + "]), ' · ')"
}

// statusSQL is every target, worst first: status, then points behind
// schedule, then days left; what is unknown comes after what is known.
func (l language) statusSQL() string {
	return "WITH" + register + "," + latest + fmt.Sprintf(`
SELECT
    t.title_%[1]s AS title,
    %[2]s AS status,
    %[3]s AS value,
    %[4]s AS target_value,
    %[5]s AS gap,
    v.attainment AS attainment,
    v.progress AS progress,
    v.schedule AS schedule,
    v.period AS period,
    ifNull(toString(t.deadline), '—') AS deadline,
    t.owner_%[1]s AS owner,
    %[6]s AS marks,
    r.name_%[1]s AS region,
    toString(v.policy) AS policy,
    toString(v.target) AS target
FROM latest AS v
INNER JOIN register AS t ON t.policy = v.policy AND t.target = v.target
LEFT JOIN (SELECT indicator, unit_en FROM indicators FINAL) AS i ON i.indicator = t.indicator
LEFT JOIN (SELECT region, name_zh, name_en FROM regions FINAL) AS r ON r.region = v.region
ORDER BY
    %[7]s,
    ifNull(v.schedule - v.progress, v.schedule * (1 - v.pace)) DESC NULLS LAST,
    t.deadline ASC NULLS LAST,
    t.clause, v.target, v.region`, string(l), spoken,
		l.figure("v.value", "value", l.unitOf("v.unit", "i.unit_en", false), false),
		l.figure("v.target_value", "target_value", l.unitOf("v.unit", "i.unit_en", false), false),
		l.gap(), l.marks(), rank("v.status"))
}

// headlineSQL is one headline target's status, value and gap, to be shown
// large.
func (l language) headlineSQL() string {
	return "WITH" + register + "," + latest + fmt.Sprintf(`
SELECT
    %[1]s AS value,
    %[2]s AS status,
    %[3]s AS gap
FROM latest AS v
INNER JOIN register AS t ON t.policy = v.policy AND t.target = v.target AND t.region = v.region
LEFT JOIN (SELECT indicator, unit_en FROM indicators FINAL) AS i ON i.indicator = t.indicator
WHERE v.target IN (${headline:sqlstring})
LIMIT 1`, l.figure("v.value", "value", l.unitOf("v.unit", "i.unit_en", false), false), spoken, l.gap())
}

// historySQL is the status of every target over time, as its rank.
func (l language) historySQL() string {
	return "WITH" + register + fmt.Sprintf(`
/* The last verdict of each day. The day is the one judged, not the one the comparison ran on. */
SELECT
    toDateTime(v.as_of, 'Asia/Shanghai') AS time,
    t.title_%[1]s AS title,
    argMax(%[2]s, (v.at, v.run)) AS status
FROM (SELECT as_of, at, run, policy, target, region, status FROM verdicts WHERE %[3]s AND %[4]s) AS v
INNER JOIN register AS t ON t.policy = v.policy AND t.target = v.target AND t.region = v.region
GROUP BY v.as_of, title
ORDER BY time, title`, string(l), rank("v.status"), inPolicies, inRegions)
}

// changesSQL lists what turned into what, newest first; the first verdict on a
// target counts as a change from nothing.
func (l language) changesSQL() string {
	return "WITH" + register + fmt.Sprintf(`
SELECT
    toString(c.as_of) AS day,
    t.title_%[1]s AS title,
    c.was AS was,
    c.status AS status,
    toString(c.cause) AS cause
FROM
(
    SELECT
        as_of, at, policy, target, region, cause, toString(status) AS status,
        lagInFrame(toString(status), 1, '') OVER (PARTITION BY policy, target, region ORDER BY at, run ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS was
    FROM verdicts
    WHERE %[2]s AND %[3]s
) AS c
INNER JOIN register AS t ON t.policy = c.policy AND t.target = c.target
WHERE c.was != c.status AND $__dateFilter(c.as_of)
ORDER BY c.at DESC, %[4]s, title
LIMIT 100`, string(l), inPolicies, inRegions, rank("c.status"))
}

// ageSQL is how old the figure behind each verdict is, oldest first.
func (l language) ageSQL() string {
	return "WITH" + register + "," + latest + fmt.Sprintf(`
SELECT
    t.title_%[1]s AS title,
    v.period AS period,
    dateDiff('day', v.period_end, v.as_of) AS age,
    if(v.stale, 1, 0) AS stale,
    JSONExtractUInt(v.body, 'marks', 'stale_days') AS stale_days
FROM latest AS v
INNER JOIN register AS t ON t.policy = v.policy AND t.target = v.target
WHERE v.period_end IS NOT NULL
ORDER BY stale DESC, age DESC, title`, string(l))
}

// bannerSQL is the line above everything: the day judged, and a warning while
// any verdict rests on synthetic figures. It always gives one row.
func (l language) bannerSQL() string {
	part := func(id, hole string) (before, after string) {
		s := strings.SplitN(words.Say(id).In(string(l)), hole, 2)
		return text(s[0]), text(s[1])
	}
	someBefore, someAfter := part("grafana-banner-some", "{n}")
	dayBefore, dayAfter := part("grafana-known-on", "{day}")
	return "WITH" + register + "," + latest + fmt.Sprintf(`
SELECT concat(
    multiIf(
      countIf(v.synthetic) = 0, '',
      countIf(v.synthetic) = count(), %[1]s,
      concat(%[2]s, toString(countIf(v.synthetic)), %[3]s)),
    if(count() = 0, %[4]s, concat(%[5]s, toString(max(v.as_of)), %[6]s))) AS banner
FROM latest AS v
INNER JOIN register AS t ON t.policy = v.policy AND t.target = v.target`,
		text(words.Say("grafana-banner-all").In(string(l))), someBefore, someAfter,
		text(words.Say("grafana-not-compared").In(string(l))), dayBefore, dayAfter)
}

// policySQL, regionSQL, targetSQL and headlineVarSQL fill the variables. The
// plugin takes the first of two columns for the value, the second for the text.
const policySQL = "SELECT policy, policy AS name FROM targets FINAL GROUP BY policy ORDER BY policy"

func (l language) regionSQL() string {
	return fmt.Sprintf(`SELECT toString(v.region) AS region, if(r.name_%[1]s = '', toString(v.region), r.name_%[1]s) AS name
FROM (SELECT DISTINCT region FROM verdicts WHERE %[2]s) AS v
LEFT JOIN (SELECT region, name_zh, name_en FROM regions FINAL) AS r ON r.region = v.region
ORDER BY v.region`, string(l), inPolicies)
}

func (l language) targetSQL(headline bool) string {
	where := ""
	if headline {
		where = "\nWHERE headline"
	}
	return "WITH" + register + fmt.Sprintf(`
SELECT target, title_%s AS name FROM register%s ORDER BY headline DESC, policy, clause, target`, string(l), where)
}

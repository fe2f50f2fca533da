package grafana

import (
	"fmt"
	"strings"

	"yardstick/schema"
)

// told is what there is to say of each target that where names, in the dashboard's
// language: every page's own words and digits, of the last comparison.
func (l language) told(where string) string {
	return `
  told_now AS
  (
    SELECT * FROM told FINAL
    WHERE version = (SELECT max(version) FROM told) AND lang = ` + text(string(l)) + ` AND ` + where + `
  )`
}

// chosen limits the first dashboard to the policies and places chosen.
const chosen = inPolicies + " AND " + inRegions

// statusSQL is every target, worst first.
func (l language) statusSQL() string {
	return "WITH" + l.told(chosen) + `
SELECT
    title, CAST(status AS String) AS status, value, target_value, gap, progress, schedule, lag, chance, outlook, deadline, period, owner, marks,
    CAST(policy AS String) AS policy, target
FROM told_now
ORDER BY place`
}

// countsSQL is how many targets have each status, in one row, worst first.
func (l language) countsSQL() string {
	var columns []string
	for _, s := range schema.Statuses() {
		columns = append(columns, fmt.Sprintf("countIf(v.status = '%[1]s') AS %[1]s", s))
	}
	return "WITH" + register(inPolicies) + "," + latest(chosen) + `
SELECT
    ` + strings.Join(columns, ",\n    ") + `
FROM latest AS v
INNER JOIN register AS t ON t.policy = v.policy AND t.target = v.target AND t.region = v.region`
}

// headlineSQL is one target's figure and status, to be shown large.
func (l language) headlineSQL() string {
	return "WITH" + l.told(inPolicies+" AND target IN (${headline:sqlstring})") + `
SELECT value, CAST(status AS String) AS status
FROM told_now
ORDER BY place
LIMIT 1`
}

// headlineLinesSQL is one target in a few short lines: when and how likely, what
// is missing to what, how sure the figure is, who leads.
func (l language) headlineLinesSQL() string {
	return "WITH" + l.told(inPolicies+" AND target IN (${headline:sqlstring})") + `
SELECT arrayJoin(lines) AS line
FROM (SELECT lines FROM told_now ORDER BY place LIMIT 1)`
}

// historySQL is the status of every target over time, as its rank.
func (l language) historySQL() string {
	return "WITH" + register(inPolicies) + "," + daily(chosen, "status") + fmt.Sprintf(`
/* The last verdict of each day. The day is the one judged, not the one the comparison ran on. */
SELECT
    toDateTime(v.day, 'Asia/Shanghai') AS time,
    concat(t.title_%[1]s, if((v.policy, v.target) IN (SELECT policy, target FROM verdicts WHERE synthetic), %[2]s, '')) AS title,
    %[3]s AS status
FROM daily AS v
INNER JOIN register AS t ON t.policy = v.policy AND t.target = v.target AND t.region = v.region
ORDER BY time, title`, string(l), l.constant("grafana-suffix-synthetic"), rank("v.status"))
}

// orNothing gives rows of the query, or one that says there are none: a table
// without rows would look like one that failed. columns are dashes but for title.
func orNothing(with, query, order, said string, columns ...string) string {
	var dashes []string
	for _, c := range columns {
		value := "'—'"
		if c == "title" {
			value = text(said)
		}
		dashes = append(dashes, value+" AS "+c)
	}
	return with + ",\n  found AS\n  (" + query + "\n  )\nSELECT " + strings.Join(columns, ", ") + "\nFROM found\n" + order +
		"\nUNION ALL\nSELECT " + strings.Join(dashes, ", ") + " WHERE (SELECT count() FROM found) = 0"
}

// monthSQL lists whose status changed in the month told of, the worst first.
func (l language) monthSQL() string {
	query := fmt.Sprintf(`
    SELECT
      toString(c.as_of) AS day, t.title_%[1]s AS title, c.was AS was, c.status AS status, c.cause AS cause, %[2]s AS marks,
      CAST(c.policy AS String) AS policy, CAST(c.target AS String) AS target, %[3]s AS place
    FROM moved AS c
    INNER JOIN register AS t ON t.policy = c.policy AND t.target = c.target AND t.region = c.region
    WHERE c.as_of >= toStartOfMonth(%[4]s) AND c.as_of <= %[4]s`, string(l), l.synthetic("c.synthetic"), rank("c.status"), today)
	return orNothing("WITH"+register(inPolicies)+","+moved(chosen), query,
		"ORDER BY day DESC, place, title", l.say("grafana-no-change"), "day", "title", "was", "status", "cause", "marks", "policy", "target")
}

// revisionsSQL lists figures that were replaced, newest first: of the targets'
// indicators and of those they are made of.
func (l language) revisionsSQL(since string) string {
	difference := fmt.Sprintf("if(x.value IS NULL OR x.was IS NULL, '—', concat(if(x.value > x.was, '+', ''), toString(x.value - x.was), %s))", l.unitOf("x.unit", "i.unit_en", true))
	figure := func(column string) string {
		return fmt.Sprintf("if(%[1]s = '', '—', concat(%[1]s, %[2]s))", column, l.unitOf("x.unit", "i.unit_en", false))
	}
	query := fmt.Sprintf(`
    SELECT
      toString(x.published_at) AS day, if(i.name_%[1]s = '', x.indicator, i.name_%[1]s) AS title, %[2]s AS period,
      %[3]s AS was, %[4]s AS value, %[5]s AS difference, %[6]s AS reason, x.receipt AS receipt, %[7]s AS marks, x.seq AS place
    FROM revised AS x
    LEFT JOIN (SELECT indicator, name_zh, name_en, unit_en FROM indicators FINAL) AS i ON i.indicator = x.indicator
    WHERE %[8]s`, string(l), l.period("x.period", "x.basis = 'ytd'"), figure("x.was_text"), figure("x.value_text"), difference, l.correction("x.correction"), l.synthetic("x.synthetic"), since)
	return orNothing("WITH"+revised("value_text != ''"), query, "ORDER BY day DESC, place DESC, title\nLIMIT 100",
		l.say("grafana-no-revision"), "day", "title", "period", "was", "value", "difference", "reason", "receipt", "marks")
}

// limitsSQL is what has no way to go: limits that hold at all times, and how
// often something is to be reported. The worst first.
func (l language) limitsSQL() string {
	query := `
    SELECT title, CAST(status AS String) AS status, value, target_value, gap, period, marks, CAST(policy AS String) AS policy, target, place
    FROM told_now
    WHERE bound`
	return orNothing("WITH"+l.told(chosen), query, "ORDER BY place",
		l.say("grafana-no-limit"), "title", "status", "value", "target_value", "gap", "period", "marks", "policy", "target")
}

// bannerSQL is the line above everything: a warning while any verdict rests on
// synthetic figures, the day judged, what changed since the month before, and
// what is not judged. It always gives one row.
func (l language) bannerSQL(where string) string {
	if where != chosen {
		return l.originSQL(where)
	}
	moves := fmt.Sprintf(`(
      SELECT arrayStringConcat(groupArray(said), %[1]s) FROM
      (
        SELECT %[2]s AS said
        FROM
        (
          SELECT argMax(status, (at, run)) AS held, argMaxIf(status, (at, run), as_of < toStartOfMonth(%[3]s)) AS was, countIf(as_of < toStartOfMonth(%[3]s)) AS before
          FROM verdicts WHERE %[4]s GROUP BY policy, target, region
        )
        WHERE before > 0 AND held != was
        GROUP BY held
        ORDER BY %[5]s
      )
    )`, l.constant("grafana-comma"), l.phrase("grafana-turned", "n", "toString(count())", "status", l.statusWord("toString(held)")), today, where, rank("held"))
	return "WITH" + register(inPolicies) + "," + latest(where) + fmt.Sprintf(`,
  %[1]s AS moves,
  (SELECT sum(length(without_number)) FROM policies FINAL WHERE version = (SELECT max(version) FROM policies) AND %[2]s) AS without
SELECT concat(
    multiIf(
      countIf(v.synthetic) = 0, '',
      countIf(v.synthetic) = count(), %[3]s,
      %[4]s),
    if(count() = 0, %[5]s, %[6]s),
    multiIf(count() = 0, '', moves = '', %[7]s, %[8]s),
    if(without > 0, %[9]s, '')) AS banner
FROM latest AS v
INNER JOIN register AS t ON t.policy = v.policy AND t.target = v.target`,
		moves, inPolicies, l.constant("grafana-banner-all"), l.phrase("grafana-banner-some", "n", "toString(countIf(v.synthetic))"),
		l.constant("grafana-not-compared"), l.phrase("grafana-known-on", "day", "toString("+today+")"),
		l.constant("grafana-month-still"), l.phrase("grafana-month-moved", "moves", "moves"), l.phrase("grafana-without-number", "n", "toString(without)"))
}

// originSQL is the banner without what changed: the warning and the day.
func (l language) originSQL(where string) string {
	return "WITH" + latest(where) + fmt.Sprintf(`
SELECT concat(
    multiIf(
      countIf(synthetic) = 0, '',
      countIf(synthetic) = count(), %[1]s,
      %[2]s),
    if(count() = 0, %[3]s, %[4]s)) AS banner
FROM latest`, l.constant("grafana-banner-all"), l.phrase("grafana-banner-some", "n", "toString(countIf(synthetic))"),
		l.constant("grafana-not-compared"), l.phrase("grafana-known-on", "day", "toString("+today+")"))
}

// statusWord words a status without shape.
func (l language) statusWord(column string) string {
	var codes []string
	for _, s := range schema.Statuses() {
		codes = append(codes, string(s))
	}
	return l.labels(column, codes, func(c string) schema.Text { return schema.Status(c).Label() })
}

// noteSQL is what stands before every title while any verdict rests on synthetic
// figures. Without any it is a character of no width: Grafana shows an empty
// variable as "None".
func (l language) noteSQL(where string) string {
	return "WITH" + latest(where) + fmt.Sprintf(`
SELECT multiIf(countIf(synthetic) = 0, '%[1]s', countIf(synthetic) = count(), %[2]s, %[3]s) AS note FROM latest`,
		"\u200b", l.constant("grafana-note-all"), l.constant("grafana-note-some"))
}

// policySQL and the rest fill the variables. The plugin takes the first of two
// columns for the value, the second for the text.
const policySQL = "SELECT CAST(policy AS String) AS policy, if(number = '', policy, number) AS name FROM policies FINAL WHERE version = (SELECT max(version) FROM policies) ORDER BY policy"

func (l language) regionSQL() string {
	return fmt.Sprintf(`SELECT CAST(v.region AS String) AS region, if(r.name_%[1]s = '', toString(v.region), r.name_%[1]s) AS name
FROM (SELECT region FROM verdicts WHERE %[2]s UNION DISTINCT SELECT region FROM policies FINAL WHERE %[2]s) AS v
LEFT JOIN (SELECT region, name_zh, name_en FROM regions FINAL) AS r ON r.region = v.region
ORDER BY v.region`, string(l), inPolicies)
}

func (l language) targetSQL(headline bool) string {
	only, limit := "", ""
	if headline { // a policy without any shows its first ones
		only = "\nWHERE headline OR (SELECT countIf(headline) FROM register) = 0"
		limit = "\nLIMIT 6"
	}
	return "WITH" + register(inPolicies) + fmt.Sprintf(`
SELECT target, title_%s AS name FROM register%s ORDER BY headline DESC, policy, place%s`, string(l), only, limit)
}

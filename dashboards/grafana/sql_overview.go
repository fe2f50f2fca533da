package grafana

import (
	"fmt"
	"strings"

	"yardstick/schema"
)

// unitsAndPlaces puts the units' and the places' names beside a verdict v on a
// target t.
const unitsAndPlaces = `
LEFT JOIN (SELECT indicator, unit_en FROM indicators FINAL) AS i ON i.indicator = t.indicator
LEFT JOIN (SELECT region, name_zh, name_en FROM regions FINAL) AS r ON r.region = v.region`

// worstFirst orders verdicts v on targets t as every list does: status, then
// points behind schedule, then days left; what is unknown comes after what is
// known.
func worstFirst() string {
	return rank("v.status") + ",\n    " + behind + " DESC NULLS LAST,\n    t.deadline ASC NULLS LAST,\n    v.policy, t.place, v.region"
}

// chosen limits the first dashboard to the policies and places chosen.
const chosen = inPolicies + " AND " + inRegions

// statusSQL is every target, worst first.
func (l language) statusSQL() string {
	return "WITH" + register(inPolicies) + "," + latest(chosen) + fmt.Sprintf(`
SELECT
    if(v.region IN (SELECT region FROM policies) OR positionCaseInsensitiveUTF8(t.title_%[1]s, r.name_%[1]s) > 0, t.title_%[1]s, concat(t.title_%[1]s, %[13]s)) AS title,
    %[2]s AS status,
    %[3]s AS value,
    %[4]s AS target_value,
    %[5]s AS gap,
    ifNull(v.progress, if(t.kind IN ('level', 'added', 'within') AND v.schedule IS NULL, v.attainment, NULL)) AS progress,
    v.schedule AS schedule,
    %[6]s AS lag,
    %[7]s AS chance,
    %[8]s AS outlook,
    ifNull(toString(t.deadline), '—') AS deadline,
    %[9]s AS period,
    t.owner_%[1]s AS owner,
    %[10]s AS marks,
    CAST(v.policy AS String) AS policy,
    CAST(v.target AS String) AS target
FROM latest AS v
INNER JOIN register AS t ON t.policy = v.policy AND t.target = v.target AND t.region = v.region%[11]s
ORDER BY
    %[12]s`, string(l), spoken, l.value(), l.promised(), l.gap(), l.lag(), l.chance(), l.outlook(), l.judgedPeriod(), l.marks(),
		unitsAndPlaces, worstFirst(), l.phrase("grafana-in-place", "place", "r.name_"+string(l)))
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
	return "WITH" + register(inPolicies) + "," + latest(inPolicies) + fmt.Sprintf(`
SELECT
    %[1]s AS value,
    %[2]s AS status
FROM latest AS v
INNER JOIN register AS t ON t.policy = v.policy AND t.target = v.target AND t.region = v.region%[3]s
WHERE v.target IN (${headline:sqlstring})
LIMIT 1`, l.value(), spoken, unitsAndPlaces)
}

// headlineLinesSQL words one target in a few short lines: when and how likely,
// what is missing to what, how sure the figure is, who leads.
func (l language) headlineLinesSQL() string {
	return "WITH" + register(inPolicies) + "," + latest(inPolicies) + fmt.Sprintf(`
SELECT arrayJoin(arrayFilter(x -> x != '', [
    if(outlook = '—', '', outlook),
    if(chance = '—', '', %[1]s),
    %[2]s,
    %[3]s
  ])) AS line
FROM
(
  SELECT %[4]s AS outlook, %[5]s AS chance, %[6]s AS promised, %[7]s AS gap, %[8]s AS period, %[9]s AS marks, t.owner_%[10]s AS owner
  FROM latest AS v
  INNER JOIN register AS t ON t.policy = v.policy AND t.target = v.target AND t.region = v.region%[11]s
  WHERE v.target IN (${headline:sqlstring})
  LIMIT 1
)`, l.phrase("grafana-line-chance", "chance", "chance"),
		"concat("+l.phrase("grafana-line-target", "target", "promised")+", multiIf(gap = '—', '', match(gap, '^[0-9]'), "+l.phrase("grafana-line-gap", "gap", "gap")+", concat("+l.constant("grafana-comma")+", gap)))",
		l.phrase("grafana-line-figure", "period", "period", "marks", "if(marks = '', '', concat(' · ', marks))", "owner", "owner"),
		l.outlook(), l.chance(), l.promised(), l.gap(), l.judgedPeriod(), l.marks(), string(l), unitsAndPlaces)
}

// historySQL is the status of every target over time, as its rank.
func (l language) historySQL() string {
	return "WITH" + register(inPolicies) + fmt.Sprintf(`
/* The last verdict of each day. The day is the one judged, not the one the comparison ran on. */
SELECT
    toDateTime(v.as_of, 'Asia/Shanghai') AS time,
    concat(any(t.title_%[1]s), if((v.policy, v.target) IN (SELECT policy, target FROM verdicts WHERE synthetic), %[2]s, '')) AS title,
    argMax(%[3]s, (v.at, v.run)) AS status
FROM (SELECT as_of, at, run, policy, target, region, status, synthetic FROM verdicts WHERE %[4]s AND as_of <= %[5]s) AS v
INNER JOIN register AS t ON t.policy = v.policy AND t.target = v.target AND t.region = v.region
GROUP BY v.as_of, v.policy, v.target, v.region
ORDER BY time, title`, string(l), l.constant("grafana-suffix-synthetic"), rank("v.status"), chosen, today)
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
	query := fmt.Sprintf(`
    SELECT
      t.title_%[1]s AS title, %[2]s AS status, %[3]s AS value, %[4]s AS target_value, %[5]s AS gap, %[6]s AS period, %[7]s AS marks,
      CAST(v.policy AS String) AS policy, CAST(v.target AS String) AS target, %[8]s AS severity, t.place AS place
    FROM latest AS v
    INNER JOIN register AS t ON t.policy = v.policy AND t.target = v.target AND t.region = v.region%[9]s
    WHERE t.kind IN ('ceiling', 'floor', 'cadence') OR (t.kind = 'range' AND t.deadline IS NULL)`,
		string(l), spoken, l.value(), l.promised(), l.gap(), l.judgedPeriod(), l.marks(), rank("v.status"), unitsAndPlaces)
	return orNothing("WITH"+register(inPolicies)+","+latest(chosen), query, "ORDER BY severity, place, title",
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
		l.constant("grafana-not-compared"), l.phrase("grafana-known-on", "day", "toString(max(v.as_of))"),
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
		l.constant("grafana-not-compared"), l.phrase("grafana-known-on", "day", "toString(max(as_of))"))
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

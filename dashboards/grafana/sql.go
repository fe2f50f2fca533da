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
	inTarget   = inPolicies + " AND target IN (${target:sqlstring})"
	everything = "true"
)

// today is the day the last comparison judged, which is the day all is told as
// of; a demonstration's clock may stand still.
const today = "(SELECT argMax(as_of, (at, run)) FROM verdict_runs)"

// register is the targets as last loaded, of those that where names: a target
// that has left the register keeps its row with an older version.
func register(where string) string {
	return `
  register AS
  (
    SELECT * FROM targets FINAL
    WHERE version = (SELECT max(version) FROM targets) AND ` + where + `
  )`
}

// latest is the verdict in force for each scope that where names. The key is
// found first, so that the bodies of all other verdicts need not be read.
func latest(where string) string {
	return `
  /* A verdict is stored when something changes, and once a day: the newest row of a scope is the one in force. */
  latest AS
  (
    SELECT * FROM verdicts
    WHERE (policy, target, region, at, run) GLOBAL IN
    (
      SELECT policy, target, region, max((at, run)).1, max((at, run)).2 FROM verdicts
      WHERE ` + where + `
      GROUP BY policy, target, region
    )
  )`
}

// moved is the verdicts whose status differs from the one before, with that
// one; the first on a target counts as a change from nothing.
func moved(where string) string {
	return `
  moved AS
  (
    SELECT * FROM
    (
      SELECT
        as_of, at, run, policy, target, region, CAST(cause AS String) AS cause, CAST(status AS String) AS status, synthetic,
        lagInFrame(CAST(status AS String), 1, '') OVER (PARTITION BY policy, target, region ORDER BY at, run ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS was
      FROM verdicts
      WHERE ` + where + `
    )
    WHERE was != status
  )`
}

// revised is the figures in force that replaced another one, as known on the day
// told of: with what they replaced and the reason that was given.
func revised(where string) string {
	return `
  revised AS
  (
    SELECT
      x.*,
      JSONExtractString(
        arrayFirst(c -> JSONExtractString(c, 'indicator') = x.indicator AND JSONExtractString(c, 'region') = x.region AND JSONExtractString(c, 'period') = x.period,
          JSONExtractArrayRaw(r.body, 'changes')), 'correction') AS correction
    FROM
    (
      SELECT
        toString(indicator) AS indicator, toString(region) AS region, toString(basis) AS basis, period, period_end, published_at, receipt, seq, value, value_text, toString(unit) AS unit, synthetic,
        lagInFrame(value) OVER w AS was, lagInFrame(value_text) OVER w AS was_text, row_number() OVER w AS vintage
      FROM observations
      WHERE receipt IN (SELECT receipt FROM counted) AND published_at <= ` + today + ` AND ` + where + `
      WINDOW w AS (PARTITION BY indicator, region, frequency, basis, period ORDER BY published_at, seq ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)
    ) AS x
    LEFT JOIN (SELECT receipt, body FROM receipts_latest) AS r ON r.receipt = x.receipt
    WHERE x.vintage > 1 AND x.value IS DISTINCT FROM x.was
  )`
}

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

// value words the figure judged and promised what was promised, with the sign
// of a bound before it. What is done or not done has no figure.
func (l language) value() string {
	return fmt.Sprintf("multiIf(t.kind = 'milestone' AND v.value IS NOT NULL, if(v.value > 0, %s, %s), %s)",
		l.constant("grafana-done"), l.constant("grafana-not-done"), l.figure("v.value", "value", l.unitOf("v.unit", "i.unit_en", false), false))
}

func (l language) promised() string {
	return fmt.Sprintf("multiIf(t.kind = 'milestone', %s, concat(multiIf(t.kind IN ('ceiling', 'cadence'), '≤ ', t.kind = 'floor', '≥ ', ''), %s))",
		l.constant("grafana-done"), l.figure("v.target_value", "target_value", l.unitOf("v.unit", "i.unit_en", false), false))
}

// constant is a sentence of the catalogue as a string of SQL.
func (l language) constant(id string) string { return text(l.say(id)) }

// phrase is a sentence of the catalogue with expressions of SQL in its holes.
func (l language) phrase(id string, holes ...string) string {
	rest, parts := l.say(id), []string{}
	for rest != "" {
		at, hole, value := len(rest), "", ""
		for i := 0; i+1 < len(holes); i += 2 {
			if n := strings.Index(rest, "{"+holes[i]+"}"); n >= 0 && n < at {
				at, hole, value = n, "{"+holes[i]+"}", holes[i+1]
			}
		}
		if at > 0 {
			parts = append(parts, text(rest[:at]))
		}
		if value != "" {
			parts = append(parts, value)
		}
		rest = rest[at+len(hole):]
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return "concat(" + strings.Join(parts, ", ") + ")"
}

// gap words what is missing: by how much a target is exceeded once it is met,
// by how much a limit is broken or what room it leaves.
func (l language) gap() string {
	say := func(id string) string { return text(words.Say(id).In(string(l))) }
	return fmt.Sprintf(`if(t.kind = 'milestone' OR v.gap = 0, '—', concat(
      multiIf(
        v.gap IS NULL OR v.gap = 0, '',
        v.gap > 0 AND t.kind IN ('ceiling', 'floor'), %s,
        v.gap > 0, '',
        t.kind IN ('ceiling', 'floor', 'cadence'), %s,
        %s),
      %s))`, say("grafana-gap-over"), say("grafana-gap-room"), say("grafana-gap-beyond"),
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
		fmt.Sprintf("if(JSONExtractUInt(v.body, 'breaches') > 0, %s, '')", l.phrase("board-mark-breaches", "n", "toString(JSONExtractUInt(v.body, 'breaches'))")),
		fmt.Sprintf("if(JSONExtractString(v.body, 'lost_on') != '', %s, '')", l.phrase("board-mark-lost", "day", "JSONExtractString(v.body, 'lost_on')")),
		fmt.Sprintf("if(JSONLength(v.body, 'missing_periods') > 0, %s, '')", l.phrase("board-mark-missing", "n", "toString(JSONLength(v.body, 'missing_periods'))")),
		fmt.Sprintf("if(v.synthetic, %s, '')", say("grafana-mark-synthetic")),
	}
	return "arrayStringConcat(arrayFilter(x -> x != '', [\n      " + strings.Join(parts, ",\n      ") + "]), ' · ')"
}

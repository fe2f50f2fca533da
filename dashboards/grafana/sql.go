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
  /* A verdict is stored when something changes: the newest row of a scope is the one in force. */
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

// daily is, for each day judged, the verdict in force of each scope that where
// names: one is stored when something changes, and holds until the next.
func daily(where, columns string) string {
	return `
  daily AS
  (
    SELECT policy, target, region, as_of, ` + columns + `,
      arrayJoin(arrayFilter(d -> d >= as_of AND (next IS NULL OR d < next), (SELECT groupUniqArray(as_of) FROM verdict_runs WHERE as_of <= ` + today + `))) AS day
    FROM
    (
      SELECT *, leadInFrame(toNullable(as_of)) OVER (PARTITION BY policy, target, region ORDER BY as_of ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS next
      FROM
      (
        SELECT policy, target, region, as_of, ` + columns + ` FROM verdicts WHERE ` + where + `
        ORDER BY at DESC, run DESC LIMIT 1 BY policy, target, region, as_of
      )
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

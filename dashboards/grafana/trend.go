package grafana

import (
	"strconv"
	"strings"
)

// trendSQL is one target's figures with the target and the line of time to
// it. variable names the dashboard's variable that holds the target.
//
// What is newly added or counted in a window is summed up from its start, and
// a share is divided, but only where that comes to the value of the verdict in
// force: there is one judge, and a line that ends beside its own figure would
// mislead. The values of the verdicts themselves are always drawn.
//
// The fan is what the verdict in force expects at the deadline: the values below
// which the figure stays with a probability of a tenth, a half and nine tenths.
//
// The line of time is linear from the baseline (0 for what is newly added;
// where the register has none, the figure that stood at the start, else the
// first there is) to the target at its deadline.
func (l language) trendSQL(variable string) string {
	sql := trendRows
	for _, stage := range trendStages() {
		sql = stage[0] + "\nFROM\n(\n" + sql + "\n)" + stage[1]
	}
	return strings.NewReplacer("IN_POLICIES", inPolicies, "VARIABLE", variable, "IN_ENGLISH", strconv.FormatBool(l == english)).Replace(trendTarget + sql)
}

// trendTarget is what is known of the target, its indicator and its verdict in
// force. It is one value, asked for once; a WITH that is a table would be run
// again wherever it is named.
const trendTarget = `WITH
    (
        SELECT CAST(tuple(
                any(t.region), any(t.indicator), any(t.kind), any(t.start), any(t.deadline), toFloat64(any(t.value)), toFloat64(any(t.baseline)),
                any(c.frequency), any(c.basis), any(v.day), any(v.judged), any(v.above), any(v.below), count() > 0,
                any(v.fan).1, any(v.fan).2, any(v.fan).3,
                multiIf(IN_ENGLISH AND any(c.unit_en) != '', any(c.unit_en), NOT IN_ENGLISH AND abs(any(t.value)) >= 10000 AND NOT match(any(t.unit), '^[万亿%]'), concat('万', any(t.unit)), toString(any(t.unit))))
            AS Tuple(region String, indicator String, kind String, start Date32, deadline Nullable(Date32), value Float64, baseline Nullable(Float64),
                frequency String, basis String, judged_day Date32, judged Float64, above String, below String, found Bool,
                p10 Nullable(Float64), p50 Nullable(Float64), p90 Nullable(Float64), unit String))
        FROM
        (
            SELECT * FROM targets FINAL
            WHERE version = (SELECT max(version) FROM targets) AND IN_POLICIES AND target IN (${VARIABLE:sqlstring})
            ORDER BY policy LIMIT 1
        ) AS t
        LEFT JOIN (SELECT indicator, frequency, basis, unit_en FROM indicators FINAL) AS c ON c.indicator = t.indicator
        LEFT JOIN
        (
            SELECT
                region,
                argMaxIf(assumeNotNull(period_end), (at, run), value IS NOT NULL AND period_end IS NOT NULL) AS day,
                toFloat64(argMaxIf(assumeNotNull(value), (at, run), value IS NOT NULL AND period_end IS NOT NULL)) AS judged,
                JSONExtract(argMaxIf(body, (at, run), value IS NOT NULL AND period_end IS NOT NULL), 'inputs', 'Array(Tuple(role String, indicator String))') AS inputs,
                argMax(tuple(forecast_p10, forecast_p50, forecast_p90), (at, run)) AS fan, /* in a tuple: an older one must not stand in for none */
                inputs.2[indexOf(inputs.1, 'numerator')] AS above,
                inputs.2[indexOf(inputs.1, 'denominator')] AS below
            FROM verdicts
            WHERE IN_POLICIES AND target IN (${VARIABLE:sqlstring})
            GROUP BY region
            HAVING countIf(value IS NOT NULL AND period_end IS NOT NULL) > 0
        ) AS v ON v.region = t.region
    ) AS t
`

// trendRows are the figures of the target's indicator and of those its share
// is made of, the values of its verdicts, and one row without a figure, so that
// target and line of time show before there is any.
const trendRows = `    SELECT
        multiIf(indicator = t.indicator, 'own', indicator = t.above, 'above', 'below') AS role,
        toString(frequency) AS frequency,
        if(frequency = 'A' AND basis = 'period' AND t.basis = 'ytd', 'ytd', toString(basis)) AS basis, /* a whole year is the year to date in December */
        period_end AS day, toFloat64(value) AS y
    FROM observations_known
    WHERE indicator IN (t.indicator, t.above, t.below) AND region = t.region
      AND value IS NOT NULL AND status NOT IN ('F', 'I', 'O', 'Q', 'M', 'L')
    UNION ALL
    SELECT 'said', '', '', assumeNotNull(period_end), toFloat64(argMax(value, (at, run)))
    FROM verdicts
    WHERE IN_POLICIES AND target IN (${VARIABLE:sqlstring}) AND region = t.region AND value IS NOT NULL AND period_end IS NOT NULL
    GROUP BY period_end
    UNION ALL
    SELECT '', '', '', t.start, CAST(NULL AS Nullable(Float64)) WHERE t.found`

// trendStages lead from the rows to the points; each is what stands before and
// after the one before it. A name is not used beside its own definition where
// that can be helped: it is analysed again at each use.
func trendStages() [][2]string {
	return [][2]string{
		{`/* What is known of the target becomes a column: a WITH would be analysed again at each use. */
SELECT role, frequency, basis, day, y, t AS s`, ""},
		{`/* The series to draw: of the catalogue's frequency and basis where there is one. A share's part is divided by the whole
   of the same day and basis: a year and the year to date in its last quarter are one. */
SELECT
    s, role, frequency, basis, day, frequency = s.frequency AS usual,
    if(role = 'above', y / maxIf(y, role = 'below') OVER (PARTITION BY basis, day), y) AS y,
    argMaxIf((frequency, basis), (frequency = s.frequency, basis = s.basis, indexOf(['ytd', 'period', 'cumulative'], basis), day), role = 'own') OVER () AS own`, ""},
		{`/* What each period adds: itself, or its rise within the year. */
SELECT
    s, role, day, y, own, usual,
    role = 'own' AND s.kind IN ('added', 'within') AND own.2 IN ('period', 'ytd') AS summing,
    summing AND day >= s.start AND (s.kind != 'within' OR s.deadline IS NULL OR day <= s.deadline) AS counted,
    if(own.2 = 'ytd' AND toYear(lagInFrame(day) OVER w) = toYear(day), y - lagInFrame(y) OVER w, y) AS step`, `
WHERE role IN ('', 'said') OR (role = 'own' AND basis = own.2 AND (frequency = own.1 OR basis != 'period')) OR (role = 'above' AND basis = s.basis AND isFinite(y))
WINDOW w AS (PARTITION BY role ORDER BY day ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)`},
		{`/* Summed without and with the period the start falls into. */
SELECT
    s, role, day, y, summing, counted, usual,
    sumIf(step, counted AND s.start <= multiIf(
        own.1 = 'M', toDate32(toStartOfMonth(day)), own.1 = 'Q', toDate32(toStartOfQuarter(day)),
        own.1 = 'A', toDate32(toStartOfYear(day)), own.1 = 'T', day - 7, day)) OVER (PARTITION BY role ORDER BY day) AS whole,
    sumIf(step, counted) OVER (PARTITION BY role ORDER BY day) AS straddling`, ""},
		{`/* Which of them comes to the value judged. */
SELECT
    s, role, day, y, summing, counted, usual, whole, straddling,
    countIf(counted AND day = s.judged_day AND abs(whole - s.judged) < 1e-6) OVER () > 0 AS whole_fits,
    countIf(counted AND day = s.judged_day AND abs(straddling - s.judged) < 1e-6) OVER () > 0 AS straddling_fits,
    maxIf(s.judged / y, role = 'above' AND day = s.judged_day) OVER () AS ratio,
    countIf(role = 'own') OVER () > 0 AS known`, ""},
		{`/* A figure stands before a verdict's own value of the same day. */
SELECT
    s, day,
    argMaxIf(multiIf(role = 'above', y * if(ratio > 10, 100, 1), NOT summing, y, whole_fits, whole, straddling), (role != 'said', usual), y IS NOT NULL) AS drawn`, `
WHERE multiIf(
    summing, counted AND (whole_fits OR straddling_fits),
    role = 'own' AND s.kind IN ('added', 'within'), day >= s.start,
    role = 'above', NOT known AND (abs(ratio - 100) < 1 OR abs(ratio - 1) < 0.01),
    true)
GROUP BY s, day`},
		{`/* Where the line of time begins, if there is one. */
SELECT
    s, day, drawn,
    s.kind IN ('added', 'within') OR s.baseline IS NOT NULL OR countIf(drawn IS NOT NULL AND day <= s.start) OVER () > 0 AS from_start,
    if(from_start, s.start, minIf(day, drawn IS NOT NULL) OVER ()) AS origin,
    multiIf(
        s.kind IN ('added', 'within'), toFloat64(0), s.baseline IS NOT NULL, s.baseline,
        from_start, argMaxIf(drawn, day, drawn IS NOT NULL AND day <= s.start) OVER (),
        argMinIf(drawn, day, drawn IS NOT NULL) OVER ()) AS base,
    s.deadline IS NOT NULL AND s.kind IN ('level', 'added', 'within') AND (from_start OR countIf(drawn IS NOT NULL) OVER () > 0) AS dated,
    row_number() OVER () AS number,
    if(startsWith(s.unit, '万') AND s.value >= 10000, 10000, 1) AS scale`, ""},
		{`SELECT
    toDateTime(assumeNotNull(point.1), 'Asia/Shanghai') AS time,
    CAST(s.unit AS String) AS unit, /* a label: it stands in the legend; what is 10,000 or more is said in 万 */
    point.2 / scale AS observed,
    s.value / scale AS target,
    if(dated AND point.1 >= origin AND point.1 <= s.deadline,
       (base + (s.value - base) * dateDiff('day', origin, point.1) / dateDiff('day', origin, assumeNotNull(s.deadline))) / scale, NULL) AS path,
    if(s.p10 IS NULL, NULL, multiIf(point.1 = s.judged_day, s.judged, point.1 = s.deadline, s.p10, NULL) / scale) AS p10,
    if(s.p50 IS NULL, NULL, multiIf(point.1 = s.judged_day, s.judged, point.1 = s.deadline, s.p50, NULL) / scale) AS p50,
    if(s.p90 IS NULL, NULL, multiIf(point.1 = s.judged_day, s.judged, point.1 = s.deadline, s.p90, NULL) / scale) AS p90`, `
/* The two ends of the line are points too. The fan opens from the figure judged to what is expected at the deadline. */
ARRAY JOIN if(number = 1 AND dated AND origin < s.deadline, [(day, drawn), (origin, NULL), (assumeNotNull(s.deadline), NULL)], [(day, drawn)]) AS point
ORDER BY time, observed NULLS LAST
LIMIT 1 BY time`},
	}
}

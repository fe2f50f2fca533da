package grafana

import (
	"fmt"
)

// feedRows is what every feed owes as of the last comparison, with its name and
// office, and whether it is late, due, in, or not agreed upon.
func (l language) feedRows() string {
	return fmt.Sprintf(`
  rows AS
  (
    SELECT
      s.*, if(f.title_%[1]s = '', toString(s.feed), f.title_%[1]s) AS title, if(f.office_%[1]s = '', '—', f.office_%[1]s) AS office,
      if(f.contact = '', '—', f.contact) AS contact, f.synthetic AS synthetic,
      multiIf(s.due IS NULL, 'none', s.owed > 0, 'late', s.latest != '' AND NOT s.came, 'due', 'in') AS state
    FROM (SELECT * FROM feed_states WHERE at = (SELECT max(at) FROM feed_states)) AS s
    LEFT JOIN (SELECT * FROM feeds FINAL WHERE version = (SELECT max(version) FROM feeds)) AS f ON f.feed = s.feed
  )`, string(l))
}

// local words a moment in the place's time.
func local(column string) string {
	return "formatDateTime(" + column + ", '%Y-%m-%d %H:%i', 'Asia/Shanghai')"
}

// feedsSQL is every feed, the late ones first.
func (l language) feedsSQL() string {
	late := l.phrase("grafana-feed-owed", "n", "toString(owed)")
	return "WITH" + l.feedRows() + fmt.Sprintf(`
SELECT
    title, office, state, %[1]s AS latest,
    if(due IS NULL, '—', concat(%[2]s, ' · ', toString(assumeNotNull(due)), if(owed > 1, %[3]s, ''))) AS next,
    if(last_success IS NULL, '—', %[4]s) AS success,
    problems, questions, contact, %[5]s AS marks
FROM rows
ORDER BY indexOf(['late', 'due', 'in', 'none'], state), due ASC NULLS LAST, title`,
		l.period("latest", "false"), l.period("due_period", "false"), late, local("assumeNotNull(last_success)"), l.synthetic("synthetic"))
}

// dataStateSQL is the state of the data in one row. The rate is of the feeds
// that owed the newest period due by the day; unknown when none did.
func (l language) dataStateSQL() string {
	return "WITH" + l.feedRows() + "," + latest(everything) + "," + revised(everything) + fmt.Sprintf(`
SELECT
    (SELECT if(countIf(latest != '') = 0, NULL, countIf(latest != '' AND came) / countIf(latest != '')) FROM rows) AS rate,
    (SELECT countIf(latest != '') FROM rows) AS owing,
    (SELECT countIf(state = 'late') FROM rows) AS late,
    (SELECT countIf(state = 'refused') FROM (SELECT argMax(state, seq) AS state, min(at) AS at FROM receipt_events GROUP BY receipt) WHERE at > now() - INTERVAL 30 DAY) AS refused,
    (SELECT sum(questions) FROM rows) AS questions,
    (SELECT countIf(stale) FROM latest) AS stale,
    (SELECT countIf(provisional) FROM latest) AS provisional,
    (SELECT count() FROM revised WHERE published_at >= toStartOfMonth(%[1]s)) AS revised,
    (SELECT countIf(forecast_p50 IS NOT NULL) FROM latest) AS forecasts,
    (SELECT if(countIf(forecast_p50 IS NOT NULL) = 0, NULL, toInt64(toUnixTimestamp(now())) - toInt64(toUnixTimestamp((SELECT max(at) FROM verdict_runs)))) FROM latest) AS age`, today)
}

// receiptsSQL is what came in last, newest first.
func (l language) receiptsSQL() string {
	return fmt.Sprintf(`SELECT
    %[1]s AS day,
    if(f.title_%[2]s = '', toString(r.feed), f.title_%[2]s) AS title,
    %[3]s AS status,
    %[4]s AS rows,
    r.receipt AS receipt,
    %[5]s AS marks
FROM receipts_latest AS r
INNER JOIN (SELECT receipt, argMax(state, seq) AS state FROM receipt_events GROUP BY receipt) AS e ON e.receipt = r.receipt
LEFT JOIN (SELECT * FROM feeds FINAL WHERE version = (SELECT max(version) FROM feeds)) AS f ON f.feed = r.feed
ORDER BY r.seq DESC
LIMIT 25`, local("r.received_at"), string(l), l.receiptStatus("toString(e.state)"),
		l.phrase("grafana-receipt-rows", "accepted", "toString(r.accepted)", "revised", "toString(r.revised)", "rejected", "toString(r.rejected)"),
		l.synthetic("r.synthetic"))
}

// ageSQL is how old the figure behind each verdict is, the stale and the oldest
// first.
func (l language) ageSQL() string {
	return "WITH" + register(everything) + "," + latest(everything) + "," + l.told(everything) + `
SELECT
    w.title AS title, w.period AS period,
    w.age AS age,
    if(v.stale, 1, 0) AS stale,
    w.stale_days AS stale_days,
    ` + l.synthetic("v.synthetic") + ` AS marks
FROM latest AS v
INNER JOIN register AS t ON t.policy = v.policy AND t.target = v.target AND t.region = v.region
INNER JOIN told_now AS w ON w.policy = v.policy AND w.target = v.target AND w.region = v.region
WHERE v.period_end IS NOT NULL
ORDER BY stale DESC, age DESC, title`
}

// runsSQL is the last comparisons, newest first.
func (l language) runsSQL() string {
	return fmt.Sprintf(`SELECT
    %[1]s AS at,
    toString(r.as_of) AS day,
    CAST(r.cause AS String) AS cause,
    r.judged AS judged,
    r.changed AS changed,
    r.height AS height,
    %[2]s AS marks
FROM verdict_runs AS r
ORDER BY r.at DESC, r.run
LIMIT 30`, local("r.at"), l.synthetic("r.at >= (SELECT minOrNull(at) FROM verdicts WHERE synthetic)"))
}

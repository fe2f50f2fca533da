{{/* rows is what every feed owes as of the last comparison, with its name and office, and whether it is late, due, in, or
not agreed upon. */}}
{{define "rows"}}
  rows AS
  (
    SELECT
      s.*, if(f.title_{{lang}} = '', toString(s.feed), f.title_{{lang}}) AS title, if(f.office_{{lang}} = '', '—', f.office_{{lang}}) AS office,
      if(f.contact = '', '—', f.contact) AS contact, f.synthetic AS synthetic,
      multiIf(s.due IS NULL, 'none', s.owed > 0, 'late', s.latest != '' AND NOT s.came, 'due', 'in') AS state
    FROM (SELECT * FROM feed_states WHERE at = (SELECT max(at) FROM feed_states)) AS s
    LEFT JOIN (SELECT * FROM feeds FINAL WHERE version = (SELECT max(version) FROM feeds)) AS f ON f.feed = s.feed
  ){{end}}

{{/* local words a moment in the place's time. */}}
{{define "local"}}formatDateTime({{.}}, '%Y-%m-%d %H:%i', 'Asia/Shanghai'){{end}}

{{/* feeds is every feed, the late ones first. */}}
{{define "feeds"}}WITH{{template "rows"}}
SELECT
    title, office, state, {{period "latest" "false"}} AS latest,
    if(due IS NULL, '—', concat({{period "due_period" "false"}}, ' · ', toString(assumeNotNull(due)), if(owed > 1, {{said "grafana-feed-owed" "n" "toString(owed)"}}, ''))) AS next,
    if(last_success IS NULL, '—', {{template "local" "assumeNotNull(last_success)"}}) AS success,
    problems, questions, contact, {{synthetic "synthetic"}} AS marks
FROM rows
ORDER BY indexOf(['late', 'due', 'in', 'none'], state), due ASC NULLS LAST, title{{end}}

{{/* state is the state of the data in one row. The rate is of the feeds that owed the newest period due by the day; unknown
when none did. */}}
{{define "state"}}WITH{{template "rows"}},{{template "latest" everything}},{{template "revised" everything}}
SELECT
    (SELECT if(countIf(latest != '') = 0, NULL, countIf(latest != '' AND came) / countIf(latest != '')) FROM rows) AS rate,
    (SELECT countIf(latest != '') FROM rows) AS owing,
    (SELECT countIf(state = 'late') FROM rows) AS late,
    (SELECT countIf(state = 'refused') FROM (SELECT argMax(state, seq) AS state, min(at) AS at FROM receipt_events GROUP BY receipt) WHERE at > now() - INTERVAL 30 DAY) AS refused,
    (SELECT sum(questions) FROM rows) AS questions,
    (SELECT countIf(stale) FROM latest) AS stale,
    (SELECT countIf(provisional) FROM latest) AS provisional,
    (SELECT count() FROM revised WHERE published_at >= toStartOfMonth({{today}})) AS revised,
    (SELECT countIf(forecast_p50 IS NOT NULL) FROM latest) AS forecasts,
    (SELECT if(countIf(forecast_p50 IS NOT NULL) = 0, NULL, toInt64(toUnixTimestamp(now())) - toInt64(toUnixTimestamp((SELECT max(at) FROM verdict_runs)))) FROM latest) AS age{{end}}

{{/* receipts is what came in last, newest first. */}}
{{define "receipts"}}SELECT
    {{template "local" "r.received_at"}} AS day,
    if(f.title_{{lang}} = '', toString(r.feed), f.title_{{lang}}) AS title,
    {{receiptStatus "toString(e.state)"}} AS status,
    {{said "grafana-receipt-rows" "accepted" "toString(r.accepted)" "revised" "toString(r.revised)" "rejected" "toString(r.rejected)"}} AS rows,
    r.receipt AS receipt,
    {{synthetic "r.synthetic"}} AS marks
FROM receipts_latest AS r
INNER JOIN (SELECT receipt, argMax(state, seq) AS state FROM receipt_events GROUP BY receipt) AS e ON e.receipt = r.receipt
LEFT JOIN (SELECT * FROM feeds FINAL WHERE version = (SELECT max(version) FROM feeds)) AS f ON f.feed = r.feed
ORDER BY r.seq DESC
LIMIT 25{{end}}

{{/* age is how old the figure behind each verdict is, the stale and the oldest first. */}}
{{define "age"}}WITH{{template "register" everything}},{{template "latest" everything}},{{template "told" everything}}
SELECT
    w.title AS title, w.period AS period,
    w.age AS age,
    if(v.stale, 1, 0) AS stale,
    w.stale_days AS stale_days,
    {{synthetic "v.synthetic"}} AS marks
FROM latest AS v
INNER JOIN register AS t ON t.policy = v.policy AND t.target = v.target AND t.region = v.region
INNER JOIN told_now AS w ON w.policy = v.policy AND w.target = v.target AND w.region = v.region
WHERE v.period_end IS NOT NULL
ORDER BY stale DESC, age DESC, title{{end}}

{{/* runs is the last comparisons, newest first. */}}
{{define "runs"}}SELECT
    {{template "local" "r.at"}} AS at,
    toString(r.as_of) AS day,
    CAST(r.cause AS String) AS cause,
    r.judged AS judged,
    r.changed AS changed,
    r.height AS height,
    {{synthetic "r.at >= (SELECT minOrNull(at) FROM verdicts WHERE synthetic)"}} AS marks
FROM verdict_runs AS r
ORDER BY r.at DESC, r.run
LIMIT 30{{end}}

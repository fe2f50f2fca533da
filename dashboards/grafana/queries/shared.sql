{{/* The queries read the tables and views of schema/migrations and nothing else: no table function, no SETTINGS, so that
they run under readonly=1. Comments that reach the engine are in its own form, because a query may reach it on one line. */}}

{{/* told is what there is to say of each target that . names, in the dashboard's language: every page's own words and
digits, of the last comparison. A part that nothing was allocated to has no place. */}}
{{define "told"}}
  told_now AS
  (
    SELECT * FROM told FINAL
    WHERE version = (SELECT max(version) FROM told) AND place > 0 AND lang = '{{lang}}' AND {{.}}
  ){{end}}

{{/* register is the targets as last loaded, of those that . names: a target that has left the register keeps its row with
an older version. */}}
{{define "register"}}
  register AS
  (
    SELECT * FROM targets FINAL
    WHERE version = (SELECT max(version) FROM targets) AND {{.}}
  ){{end}}

{{/* latest is the verdict in force for each scope that . names. The key is found first, so that the bodies of all other
verdicts need not be read. */}}
{{define "latest"}}
  /* A verdict is stored when something changes: the newest row of a scope is the one in force. */
  latest AS
  (
    SELECT * FROM verdicts
    WHERE (policy, target, region, at, run) GLOBAL IN
    (
      SELECT policy, target, region, max((at, run)).1, max((at, run)).2 FROM verdicts
      WHERE {{.}}
      GROUP BY policy, target, region
    )
  ){{end}}

{{/* daily is, for each day judged, the verdict in force of each scope that .where names: one is stored when something
changes, and holds until the next. */}}
{{define "daily"}}
  daily AS
  (
    SELECT policy, target, region, as_of, {{.columns}},
      arrayJoin(arrayFilter(d -> d >= as_of AND (next IS NULL OR d < next), (SELECT groupUniqArray(as_of) FROM verdict_runs WHERE as_of <= {{today}}))) AS day
    FROM
    (
      SELECT *, leadInFrame(toNullable(as_of)) OVER (PARTITION BY policy, target, region ORDER BY as_of ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS next
      FROM
      (
        SELECT policy, target, region, as_of, {{.columns}} FROM verdicts WHERE {{.where}}
        ORDER BY at DESC, run DESC LIMIT 1 BY policy, target, region, as_of
      )
    )
  ){{end}}

{{/* moved is the verdicts whose status differs from the one before, with that one; the first on a target counts as a
change from nothing. */}}
{{define "moved"}}
  moved AS
  (
    SELECT * FROM
    (
      SELECT
        as_of, at, run, policy, target, region, CAST(cause AS String) AS cause, CAST(status AS String) AS status, synthetic,
        lagInFrame(CAST(status AS String), 1, '') OVER (PARTITION BY policy, target, region ORDER BY at, run ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS was
      FROM verdicts
      WHERE {{.}}
    )
    WHERE was != status
  ){{end}}

{{/* revised is the figures in force that replaced another one, as known on the day told of: with what they replaced and
the reason that was given. */}}
{{define "revised"}}
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
      WHERE receipt IN (SELECT receipt FROM counted) AND published_at <= {{today}} AND {{.}}
      WINDOW w AS (PARTITION BY indicator, region, frequency, basis, period ORDER BY published_at, seq ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)
    ) AS x
    LEFT JOIN (SELECT receipt, body FROM receipts_latest) AS r ON r.receipt = x.receipt
    WHERE x.vintage > 1 AND x.value IS DISTINCT FROM x.was
  ){{end}}

{{/* note is what stands before every title while any verdict rests on synthetic figures. Without any it is a character of
no width: Grafana shows an empty variable as "None". */}}
{{define "note"}}WITH{{template "latest" .}}
SELECT multiIf(countIf(synthetic) = 0, '{{"\u200b"}}', countIf(synthetic) = count(), {{said "grafana-note-all"}}, {{said "grafana-note-some"}}) AS note FROM latest{{end}}

{{/* origin is the line above everything: a warning while any verdict rests on synthetic figures, and the day judged. */}}
{{define "origin"}}WITH{{template "latest" .}}
SELECT concat(
    multiIf(
      countIf(synthetic) = 0, '',
      countIf(synthetic) = count(), {{said "grafana-banner-all"}},
      {{said "grafana-banner-some" "n" "toString(countIf(synthetic))"}}),
    if(count() = 0, {{said "grafana-not-compared"}}, {{template "known-on"}})) AS banner
FROM latest{{end}}

{{define "known-on"}}{{said "grafana-known-on" "day" (printf "toString(%s)" today)}}{{end}}

{{/* policies and the others of their kind fill the variables. The plugin takes the first of two columns for the value, the
second for the text. */}}
{{define "policies"}}SELECT CAST(policy AS String) AS policy, if(number = '', policy, number) AS name FROM policies FINAL WHERE version = (SELECT max(version) FROM policies) ORDER BY policy{{end}}

{{define "targets"}}WITH{{template "register" inPolicies}}
SELECT target, title_{{lang}} AS name FROM register ORDER BY headline DESC, policy, place{{end}}

{{/* trend is the way one target has gone and is to go, in the unit its figures are shown in: the running figure it is
judged on, the target, the line of time to it, and the values below which the figure is expected to stay with a
probability of a tenth, a half and nine tenths. . names the dashboard's variable that holds the target. */}}
{{define "trend"}}
SELECT
    toDateTime(day, 'Asia/Shanghai') AS time, c.unit AS unit, observed, goal AS target, path, p10, p50, p90 /* the unit is a label: it stands in the legend */
FROM told_curves AS c FINAL
WHERE version = (SELECT max(version) FROM told) AND lang = '{{lang}}' AND c.policy IN (${policy:sqlstring}) AND c.target IN (${{"{"}}{{.}}:sqlstring})
  AND (c.policy, c.target, c.region) IN (SELECT policy, target, region FROM targets FINAL)
ORDER BY time
LIMIT 1 BY time{{end}}

{{/* revisions lists figures that were replaced, newest first: of the targets' indicators and of those they are made of. */}}
{{define "revisions"}}WITH{{template "revised" "value_text != ''"}},
  found AS
  (
    SELECT
      toString(x.published_at) AS day, if(i.name_{{lang}} = '', x.indicator, i.name_{{lang}}) AS title, {{period "x.period" "x.basis = 'ytd'"}} AS period,
      {{template "revised-figure" "x.was_text"}} AS was, {{template "revised-figure" "x.value_text"}} AS value, if(x.value IS NULL OR x.was IS NULL, '—', concat(if(x.value > x.was, '+', ''), toString(x.value - x.was), {{difference "x.unit" "i.unit_en"}})) AS difference, {{correction "x.correction"}} AS reason, x.receipt AS receipt, {{synthetic "x.synthetic"}} AS marks, x.seq AS place
    FROM revised AS x
    LEFT JOIN (SELECT indicator, name_zh, name_en, unit_en FROM indicators FINAL) AS i ON i.indicator = x.indicator
    WHERE {{.}}
  )
{{orNothing "ORDER BY day DESC, place DESC, title\nLIMIT 100" "grafana-no-revision" "day" "title" "period" "was" "value" "difference" "reason" "receipt" "marks"}}{{end}}

{{define "revised-figure"}}if({{.}} = '', '—', concat({{.}}, {{unit "x.unit" "i.unit_en"}})){{end}}

{{/* figures is the target in one row. */}}
{{define "figures"}}WITH{{template "told" inTarget}}
SELECT value, CAST(status AS String) AS status, target_value, gap, chance, deadline
FROM told_now
ORDER BY policy, place
LIMIT 1{{end}}

{{/* story is the target in paragraphs, with the way to its page. */}}
{{define "story"}}WITH{{template "told" inTarget}}
SELECT concat(story, '

', {{linkTo "grafana-open-target"}}, ${board:sqlstring}, '/targets/', toString(policy), '/', toString(target), ')') AS story
FROM told_now
ORDER BY policy, place
LIMIT 1{{end}}

{{define "only-target"}}INNER JOIN (SELECT * FROM register ORDER BY policy LIMIT 1) AS t ON t.policy = {{.}}.policy AND t.target = {{.}}.target AND t.region = {{.}}.region{{end}}

{{/* shares is progress, time gone and chance on every day judged. They go by the figure, but for the time gone of a
milestone, which is the day's own and known on the days whose verdict was kept. */}}
{{define "shares"}}WITH{{template "register" inTarget}},{{template "daily" (map "where" inTarget "columns" "attainment, progress, schedule, chance")}}
SELECT
    toDateTime(v.day, 'Asia/Shanghai') AS time, v.attainment AS attainment, v.progress AS progress,
    if(t.kind = 'milestone' AND v.day != v.as_of, NULL, v.schedule) AS schedule, v.chance AS chance
FROM daily AS v
{{template "only-target" "v"}}
ORDER BY time{{end}}

{{/* verdicts is every verdict kept on the target, newest first, in today's words. */}}
{{define "verdicts"}}WITH{{template "register" inTarget}}
SELECT toString(v.as_of) AS day, CAST(v.status AS String) AS status, v.value AS value, v.gap AS gap, v.chance AS chance, CAST(v.cause AS String) AS cause, v.marks AS marks
FROM (SELECT * FROM told_history FINAL WHERE lang = '{{lang}}' AND {{inTarget}}) AS v
{{template "only-target" "v"}}
ORDER BY v.at DESC, v.run
LIMIT 200{{end}}

{{/* ours is the target's own indicator and those its figure is made of, for its region. */}}
{{define "ours"}}
  ours AS
  (
    SELECT DISTINCT t.region AS region, arrayJoin(arrayConcat([toString(t.indicator)], JSONExtract(v.body, 'inputs', 'Array(Tuple(indicator String))').1)) AS indicator
    FROM latest AS v
    INNER JOIN register AS t ON t.policy = v.policy AND t.target = v.target AND t.region = v.region
  ){{end}}

{{/* vintages is every published value of them, newest period first. */}}
{{define "vintages"}}WITH{{template "register" inTarget}},{{template "latest" inTarget}},{{template "ours"}},
  found AS
  (
    SELECT
      if(i.name_{{lang}} = '', toString(o.indicator), i.name_{{lang}}) AS title, {{period "o.period" "o.basis = 'ytd'"}} AS period,
      if(o.value_text = '', '—', concat(o.value_text, {{unit "o.unit" "i.unit_en"}})) AS value, {{observationStatus "toString(o.status)"}} AS kind, toString(o.published_at) AS day,
      if(o.place = 1, {{said "grafana-in-force"}}, {{said "grafana-replaced"}}) AS standing, o.receipt AS receipt, {{synthetic "o.synthetic"}} AS marks, o.period_end AS period_end, o.published_at AS published_at, o.seq AS seq
    FROM
    (
      SELECT *, row_number() OVER (PARTITION BY indicator, region, frequency, basis, period ORDER BY published_at DESC, seq DESC) AS place
      FROM observations
      WHERE receipt IN (SELECT receipt FROM counted) AND published_at <= {{today}} AND (indicator, region) IN (SELECT indicator, region FROM ours)
    ) AS o
    LEFT JOIN (SELECT indicator, name_zh, name_en, unit_en FROM indicators FINAL) AS i ON i.indicator = o.indicator
  )
{{orNothing "ORDER BY period_end DESC, title, published_at DESC, seq DESC\nLIMIT 200" "grafana-no-figures" "title" "period" "value" "kind" "day" "standing" "receipt" "marks"}}{{end}}

{{/* change-marks marks on the charts when the target's status changed. */}}
{{define "change-marks"}}WITH{{template "register" inTarget}},{{template "moved" inTarget}}
SELECT
    toDateTime(c.as_of, 'Asia/Shanghai') AS time,
    {{said "grafana-marked-change" "was" (status "c.was") "status" (status "c.status")}} AS title,
    {{cause "c.cause"}} AS text
FROM moved AS c
{{template "only-target" "c"}}
WHERE c.was != '' AND $__dateFilter(c.as_of)
ORDER BY time{{end}}

{{/* revision-marks marks when a figure of the target was replaced. */}}
{{define "revision-marks"}}WITH{{template "register" inTarget}},{{template "latest" inTarget}},{{template "ours"}},{{template "revised" "(indicator, region) IN (SELECT indicator, region FROM ours)"}}
SELECT
    toDateTime(x.published_at, 'Asia/Shanghai') AS time,
    {{said "grafana-marked-revision" "period" (period "x.period" "x.basis = 'ytd'") "reason" (correction "x.correction")}} AS title,
    concat(x.was_text, ' → ', x.value_text) AS text
FROM revised AS x
WHERE $__dateFilter(x.published_at)
ORDER BY time{{end}}

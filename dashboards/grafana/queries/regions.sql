{{/* areas are those inside the policies' own regions; figures, asked and pairs what is known of each on each target:
figures, allocations and verdicts. */}}
{{define "areas"}}
  areas AS
  (
    SELECT region, name_zh, name_en FROM regions FINAL
    WHERE version = (SELECT max(version) FROM regions) AND parent IN (SELECT region FROM policies FINAL WHERE {{inPolicies}})
  ),
  figures AS
  (
    SELECT DISTINCT indicator, region FROM observations_known
    WHERE indicator IN (SELECT indicator FROM register) AND region IN (SELECT region FROM areas)
  ),
  asked AS
  (
    SELECT * FROM allocations FINAL WHERE version = (SELECT max(version) FROM targets) AND {{inPolicies}}
  ),
  pairs AS
  (
    SELECT t.policy AS policy, t.target AS target, f.region AS region FROM register AS t INNER JOIN figures AS f ON f.indicator = t.indicator
    UNION DISTINCT SELECT policy, target, region FROM asked
    UNION DISTINCT SELECT policy, target, region FROM register WHERE region IN (SELECT region FROM areas)
  ){{end}}

{{/* parts lists the areas. Those that are judged come first, the worst of them on top; the others in the order of their
codes, without a rank. An area that nothing is known of has a row too, so that nobody thinks it was forgotten. */}}
{{define "parts"}}WITH{{template "register" inPolicies}},{{template "areas"}},
  told_parts AS
  (
    SELECT * FROM told FINAL
    WHERE version = (SELECT max(version) FROM told) AND lang = '{{lang}}' AND {{inPolicies}}
  )
SELECT
    a.name_{{lang}} AS place,
    if(t.target = '', '—', t.title_{{lang}}) AS title,
    if(v.title = '', 'unallocated', CAST(v.status AS String)) AS status,
    if(v.title = '', '—', v.value) AS value,
    if(v.title = '', '—', v.period) AS period,
    if(v.title = '', '—', v.target_value) AS target_value,
    if(v.title = '', '—', v.gap) AS gap,
    if(v.title = '', '—', v.lag) AS lag,
    if(s.source_{{lang}} = '', '—', s.source_{{lang}}) AS source,
    v.marks AS marks,
    CAST(p.policy AS String) AS policy,
    CAST(p.target AS String) AS target
FROM areas AS a
LEFT JOIN pairs AS p ON p.region = a.region
LEFT JOIN register AS t ON t.policy = p.policy AND t.target = p.target
LEFT JOIN told_parts AS v ON v.policy = p.policy AND v.target = p.target AND v.region = a.region
LEFT JOIN asked AS s ON s.policy = p.policy AND s.target = p.target AND s.region = a.region
ORDER BY v.place = 0, v.place, p.target = '', a.region, t.place{{end}}

{{/* part lists the areas that have figures of their own; where none has, one stands for them, so that there is a panel to
say so. */}}
{{define "part"}}WITH{{template "register" inPolicies}},{{template "areas"}}
SELECT toString(region) AS region, name_{{lang}} AS name FROM areas
WHERE region IN (SELECT region FROM figures) OR ((SELECT count() FROM figures) = 0 AND region = (SELECT min(region) FROM areas))
ORDER BY region{{end}}

{{/* parted lists the targets, first those that areas have figures of. */}}
{{define "parted"}}WITH{{template "register" inPolicies}},{{template "areas"}}
SELECT target, title_{{lang}} AS name FROM register
ORDER BY target IN (SELECT target FROM pairs) DESC, headline DESC, policy, place{{end}}

{{/* part-trend is the figures an area reported, each of its own period, and what was allocated to it. */}}
{{define "part-trend"}}WITH
  ours AS
  (
    SELECT policy, target, indicator FROM targets FINAL
    WHERE version = (SELECT max(version) FROM targets) AND {{inTarget}}
    ORDER BY policy LIMIT 1
  )
SELECT
    toDateTime(period_end, 'Asia/Shanghai') AS time,
    toFloat64(argMax(value, (frequency = (SELECT any(frequency) FROM indicators FINAL WHERE indicator IN (SELECT indicator FROM ours)), basis))) AS observed,
    (SELECT maxOrNull(toFloat64(value)) FROM allocations FINAL WHERE version = (SELECT max(version) FROM targets) AND (policy, target) IN (SELECT policy, target FROM ours) AND region IN (${part:sqlstring})) AS asked
FROM observations_known
WHERE indicator IN (SELECT indicator FROM ours) AND region IN (${part:sqlstring}) AND value IS NOT NULL
GROUP BY period_end
ORDER BY time{{end}}

{{/* status is every target, worst first. */}}
{{define "status"}}WITH{{template "told" chosen}}
SELECT
    title, CAST(status AS String) AS status, value, target_value, gap, progress, schedule, lag, chance, outlook, deadline, period, owner, marks,
    CAST(policy AS String) AS policy, target
FROM told_now
ORDER BY place{{end}}

{{/* counts is how many targets have each status, in one row, worst first. */}}
{{define "counts"}}WITH{{template "register" inPolicies}},{{template "latest" chosen}}
SELECT
    {{range $i, $s := statuses}}{{if $i}},
    {{end}}countIf(v.status = '{{$s}}') AS {{$s}}{{end}}
FROM latest AS v
INNER JOIN register AS t ON t.policy = v.policy AND t.target = v.target AND t.region = v.region{{end}}

{{/* headline is one target's figure and status, to be shown large. */}}
{{define "headline"}}WITH{{template "told" inHeadline}}
SELECT value, CAST(status AS String) AS status
FROM told_now
ORDER BY place
LIMIT 1{{end}}

{{/* headline-lines is one target in a few short lines: when and how likely, what is missing to what, how sure the figure
is, who leads. */}}
{{define "headline-lines"}}WITH{{template "told" inHeadline}}
SELECT arrayJoin(lines) AS line
FROM (SELECT lines FROM told_now ORDER BY place LIMIT 1){{end}}

{{/* history is the status of every target over time, as its rank. */}}
{{define "history"}}WITH{{template "register" inPolicies}},{{template "daily" (map "where" chosen "columns" "status")}}
/* The last verdict of each day. The day is the one judged, not the one the comparison ran on. */
SELECT
    toDateTime(v.day, 'Asia/Shanghai') AS time,
    concat(t.title_{{lang}}, if((v.policy, v.target) IN (SELECT policy, target FROM verdicts WHERE synthetic), {{said "grafana-suffix-synthetic"}}, '')) AS title,
    {{rank "v.status"}} AS status
FROM daily AS v
INNER JOIN register AS t ON t.policy = v.policy AND t.target = v.target AND t.region = v.region
ORDER BY time, title{{end}}

{{/* month lists whose status changed in the month told of, the worst first. */}}
{{define "month"}}WITH{{template "register" inPolicies}},{{template "moved" chosen}},
  found AS
  (
    SELECT
      toString(c.as_of) AS day, t.title_{{lang}} AS title, c.was AS was, c.status AS status, c.cause AS cause, {{synthetic "c.synthetic"}} AS marks,
      CAST(c.policy AS String) AS policy, CAST(c.target AS String) AS target, {{rank "c.status"}} AS place
    FROM moved AS c
    INNER JOIN register AS t ON t.policy = c.policy AND t.target = c.target AND t.region = c.region
    WHERE c.as_of >= toStartOfMonth({{today}}) AND c.as_of <= {{today}}
  )
{{orNothing "ORDER BY day DESC, place, title" "grafana-no-change" "day" "title" "was" "status" "cause" "marks" "policy" "target"}}{{end}}

{{/* limits is what has no way to go: limits that hold at all times, and how often something is to be reported. The worst
first. */}}
{{define "limits"}}WITH{{template "told" chosen}},
  found AS
  (
    SELECT title, CAST(status AS String) AS status, value, target_value, gap, period, marks, CAST(policy AS String) AS policy, target, place
    FROM told_now
    WHERE bound
  )
{{orNothing "ORDER BY place" "grafana-no-limit" "title" "status" "value" "target_value" "gap" "period" "marks" "policy" "target"}}{{end}}

{{/* banner is origin with what changed since the month before, and what is not judged. It always gives one row. */}}
{{define "banner"}}WITH{{template "register" inPolicies}},{{template "latest" chosen}},
  (
      SELECT arrayStringConcat(groupArray(said), {{said "grafana-comma"}}) FROM
      (
        SELECT {{said "grafana-turned" "n" "toString(count())" "status" (status "toString(held)")}} AS said
        FROM
        (
          SELECT argMax(status, (at, run)) AS held, argMaxIf(status, (at, run), as_of < toStartOfMonth({{today}})) AS was, countIf(as_of < toStartOfMonth({{today}})) AS before
          FROM verdicts WHERE {{chosen}} GROUP BY policy, target, region
        )
        WHERE before > 0 AND held != was
        GROUP BY held
        ORDER BY {{rank "held"}}
      )
    ) AS moves,
  (SELECT sum(length(without_number)) FROM policies FINAL WHERE version = (SELECT max(version) FROM policies) AND {{inPolicies}}) AS without
SELECT concat(
    multiIf(
      countIf(v.synthetic) = 0, '',
      countIf(v.synthetic) = count(), {{said "grafana-banner-all"}},
      {{said "grafana-banner-some" "n" "toString(countIf(v.synthetic))"}}),
    if(count() = 0, {{said "grafana-not-compared"}}, {{template "known-on"}}),
    multiIf(count() = 0, '', moves = '', {{said "grafana-month-still"}}, {{said "grafana-month-moved" "moves" "moves"}}),
    if(without > 0, {{said "grafana-without-number" "n" "toString(without)"}}, '')) AS banner
FROM latest AS v
INNER JOIN register AS t ON t.policy = v.policy AND t.target = v.target{{end}}

{{define "regions"}}SELECT CAST(v.region AS String) AS region, if(r.name_{{lang}} = '', toString(v.region), r.name_{{lang}}) AS name
FROM (SELECT region FROM verdicts WHERE {{inPolicies}} UNION DISTINCT SELECT region FROM policies FINAL WHERE {{inPolicies}}) AS v
LEFT JOIN (SELECT region, name_zh, name_en FROM regions FINAL) AS r ON r.region = v.region
ORDER BY v.region{{end}}

{{/* headlines lists the headline targets; a policy without any shows its first ones. */}}
{{define "headlines"}}WITH{{template "register" inPolicies}}
SELECT target, title_{{lang}} AS name FROM register
WHERE headline OR (SELECT countIf(headline) FROM register) = 0 ORDER BY headline DESC, policy, place
LIMIT 6{{end}}

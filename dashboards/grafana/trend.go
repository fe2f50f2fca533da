package grafana

// trendSQL is the way one target has gone and is to go, in the unit its figures
// are shown in: the running figure it is judged on, the target, the line of time
// to it, and the values below which the figure is expected to stay with a
// probability of a tenth, a half and nine tenths. variable names the dashboard's
// variable that holds the target.
func (l language) trendSQL(variable string) string {
	return `
SELECT
    toDateTime(day, 'Asia/Shanghai') AS time, c.unit AS unit, observed, goal AS target, path, p10, p50, p90 /* the unit is a label: it stands in the legend */
FROM told_curves AS c FINAL
WHERE version = (SELECT max(version) FROM told) AND lang = ` + text(string(l)) + ` AND c.policy IN (${policy:sqlstring}) AND c.target IN (${` + variable + `:sqlstring})
  AND (c.policy, c.target, c.region) IN (SELECT policy, target, region FROM targets FINAL)
ORDER BY time
LIMIT 1 BY time`
}

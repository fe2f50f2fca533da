package grafana_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"yardstick/dashboards/grafana"
	"yardstick/schema/clickhouse"
	"yardstick/schema/engine"
	"yardstick/schema/engine/enginetest"
)

// answer is what a query gave: columns and rows.
type answer struct {
	names, types []string
	rows         [][]any
}

// column gives the values of one column by its name.
func (a answer) column(t *testing.T, name string) []any {
	t.Helper()
	for i, n := range a.names {
		if n == name {
			out := make([]any, len(a.rows))
			for j, row := range a.rows {
				out[j] = row[i]
			}
			return out
		}
	}
	t.Fatalf("no column %q in %v", name, a.names)
	return nil
}

// store is the real engine behind its read-only listener, as Grafana reaches it.
type store struct {
	url  string
	vars map[string][]string
}

func newStore(t *testing.T) store {
	t.Helper()
	eng := enginetest.Open(t)
	db := enginetest.Database(t, eng)
	if _, err := clickhouse.Migrate(t.Context(), eng.ClickHouseOptions(db, true), ""); err != nil {
		t.Fatal(err)
	}
	for _, sql := range sample() {
		enginetest.Exec(t, eng, strings.ReplaceAll(sql, "INTO ", "INTO "+db+"."))
	}
	tell(t, eng, db)
	handler, err := eng.Handler(engine.HandlerOptions{Connections: 1})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return store{server.URL + "/?database=" + db, map[string][]string{
		"policy": {"p"}, "region": {"210200"}, "target": {"compute"}, "headline": {"compute"}, "part": {"210213"}, "board": {"http://board"},
	}}
}

func (s store) ask(t *testing.T, raw string, with ...string) answer {
	t.Helper()
	vars := map[string][]string{}
	for k, v := range s.vars {
		vars[k] = v
	}
	for i := 0; i+1 < len(with); i += 2 {
		vars[with[i]] = []string{with[i+1]}
	}
	sql, err := grafana.ExpandMacros(raw, day("2024-01-01"), day("2026-06-30"), time.Hour, vars)
	if err != nil {
		t.Fatalf("%v in\n%s", err, raw)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	u := s.url + "&default_format=JSONCompactEachRowWithNamesAndTypes&query=" + url.QueryEscape(sql)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(errors.Unwrap(err))
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		body, _ := io.ReadAll(res.Body)
		t.Fatalf("%d: %s in\n%.400s", res.StatusCode, body, sql)
	}
	var a answer
	// One JSON list a line: names, types, then the rows.
	lines := json.NewDecoder(res.Body)
	for _, into := range []any{&a.names, &a.types} {
		if err := lines.Decode(into); err != nil && err != io.EOF {
			t.Fatal(err)
		}
	}
	for lines.More() {
		var row []any
		if err := lines.Decode(&row); err != nil {
			t.Fatal(err)
		}
		a.rows = append(a.rows, row)
	}
	return a
}

func day(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}

// sample is a small store: eight targets of one policy, one a kind that the
// queries treat differently, with figures, vintages, verdicts, feeds, and three
// districts of which one has an allocation and one only a figure. All of it is
// made up.
func sample() []string {
	target := func(id, clause, zh, kind, value, unit, deadline, start, baseline, headline, version string) string {
		return fmt.Sprintf("('p', '%s', %s, '%s', '%s in English', '%s', 'up', %s, '%s', '', %s, '%s', %s, '%s', '210200', %s, '未指定', 'not named', '', '', '', '', '', false, %s, %s)",
			id, clause, zh, id, kind, value, unit, deadline, start, baseline, id, headline, clause, version)
	}
	figure := func(indicator, frequency, basis, period, end, value, published, receipt, seq string) string {
		return fmt.Sprintf("('%s', '210200', '%s', '%s', '%s', '%s', %s, '%s', '%s', 'u', 'u', 'A', '', '%s', '2025-01-01 00:00:00', '%s', '', %s, true)",
			indicator, frequency, basis, period, end, value, value, value, published, receipt, seq)
	}
	part := func(region, period, end, value string) string {
		return strings.Replace(figure("farmland", "M", "point", period, end, value, "2025-06-15", "r1", "1"), "210200", region, 1)
	}
	verdict := func(run, asOf, id, status, cause, value, gap, target, unit, period, end, numbers, marks, body string) string {
		return fmt.Sprintf("('%s', '%s 08:00:00', '%s', 'p', '%s', '210200', '%s', '6 pace', '%s', %s, %s, %s, '%s', '%s', %s, %s, %s, '{\"value\":%s,\"gap\":%s,\"target_value\":%s%s}')",
			run, asOf, asOf, id, status, cause, value, gap, target, unit, period, end, numbers, marks, strings.ToLower(value), strings.ToLower(gap), target, body)
	}
	return []string{
		"INSERT INTO targets VALUES " + strings.Join([]string{
			target("compute", "7", "算力规模", "level", "1000", "PFlops", "'2025-12-31'", "2024-10-27", "NULL", "true", "2"),
			target("farmland", "24", "农田''甲", "level", "430000", "亩", "'2025-12-31'", "2024-10-27", "300000", "true", "2"),
			target("share", "6", "占比", "level", "15", "%", "'2025-12-31'", "2024-10-27", "NULL", "true", "2"),
			target("firms", "4", "新增企业", "added", "400", "家", "'2025-12-31'", "2024-10-27", "NULL", "false", "2"),
			target("events", "19", "活动", "within", "100", "场", "'2025-12-31'", "2025-01-01", "NULL", "false", "2"),
			target("payment", "10", "首付比例", "floor", "15", "%", "NULL", "2024-10-27", "NULL", "false", "2"),
			target("report", "1", "旬通报", "cadence", "10", "天", "NULL", "2024-10-27", "NULL", "false", "2"),
			target("homes", "11", "交付", "milestone", "1", "项", "'2025-12-31'", "2024-10-27", "NULL", "false", "2"),
			target("left", "2", "已删去的目标", "level", "1", "个", "NULL", "2024-10-27", "NULL", "true", "1"),
		}, ","),
		"INSERT INTO indicators VALUES ('compute','算力','compute','PFlops','PFlops','M','point','',1), ('farmland','农田','farmland','亩','mu','M','point','',1), " +
			"('share','占比','share','%','%','Q','ytd','',1), ('firms','企业','firms','家','firms','M','period','',1), ('events','活动','events','场','events','M','ytd','',1), " +
			"('payment','首付','payment','%','%','M','point','',1), ('report','旬通报','report','天','days','T','period','',1), ('homes','交付','homes','项','items','M','point','',1)",
		"INSERT INTO regions VALUES ('210200','大连市','Dalian','210000','GB/T 2260',1), ('210213','金州区','Jinzhou','210200','GB/T 2260',1), " +
			"('210281','瓦房店市','Wafangdian','210200','GB/T 2260',1), ('210202','中山区','Zhongshan','210200','GB/T 2260',1)",
		"INSERT INTO policies VALUES ('p','某发〔2024〕1号','政策','Policy','2024-10-27','210200',[3,8],2)",
		"INSERT INTO allocations VALUES ('p','farmland','210213',100000,'分解表','Table of allocations',2)",
		"INSERT INTO feeds VALUES ('late','迟报的','The late one','某局','Some bureau','0411','M',true,1), ('good','按期的','The good one','','','','M',false,1)",
		"INSERT INTO feed_states VALUES ('2025-06-30 08:00:00','2025-06-30','good','2025-07-15','2025-06',0,'2025-05',true,'2025-06-15 02:00:00',0,0), " +
			"('2025-06-30 08:00:00','2025-06-30','late','2025-05-15','2025-04',2,'2025-05',false,NULL,1,2), " +
			"('2025-06-30 08:00:00','2025-06-30','by-hand',NULL,'',0,'',false,NULL,0,0)",
		`INSERT INTO receipts VALUES ('r1',1,'good','a.csv','accepted','s','rows','somebody','2025-06-15 02:00:00',false,3,1,0,0,0,0,'{"changes":[{"indicator":"compute","region":"210200","period":"2025-04","correction":"clerical"}]}')`,
		"INSERT INTO receipt_events VALUES ('r1',1,'accepted','','2025-01-01 00:00:00',''), ('r2',2,'accepted','','2025-01-01 00:00:00',''), ('r2',3,'withdrawn','','2025-01-02 00:00:00','')",
		"INSERT INTO observations VALUES " + strings.Join([]string{
			figure("compute", "M", "point", "2024-10", "2024-10-31", "100", "2024-11-15", "r1", "1"),
			figure("compute", "M", "point", "2025-04", "2025-04-30", "370.5", "2025-05-15", "r1", "1"),
			figure("compute", "M", "point", "2025-04", "2025-04-30", "380.5", "2025-06-02", "r1", "1"), // corrected
			part("210213", "2025-05", "2025-05-31", "40000"), part("210281", "2025-05", "2025-05-31", "70000"),
			figure("compute", "M", "point", "2025-05", "2025-05-31", "410", "2025-06-15", "r1", "1"),
			figure("compute", "M", "point", "2025-05", "2025-05-31", "999", "2025-06-16", "r2", "2"), // withdrawn
			figure("compute", "M", "point", "2025-06", "2025-06-30", "450", "2025-07-15", "r1", "1"), // not known yet
			figure("farmland", "M", "point", "2025-05", "2025-05-31", "314000", "2025-06-15", "r1", "1"),
			figure("num", "Q", "ytd", "2024-Q4", "2024-12-31", "1300", "2025-01-15", "r1", "1"),
			figure("den", "A", "period", "2024", "2024-12-31", "10000", "2025-01-15", "r1", "1"),
			figure("num", "Q", "ytd", "2025-Q1", "2025-03-31", "344.999975", "2025-04-15", "r1", "1"),
			figure("den", "Q", "ytd", "2025-Q1", "2025-03-31", "2500", "2025-04-15", "r1", "1"),
			figure("firms", "M", "period", "2024-10", "2024-10-31", "20", "2024-11-15", "r1", "1"),
			figure("firms", "M", "period", "2024-11", "2024-11-30", "30", "2024-12-15", "r1", "1"),
			figure("firms", "M", "period", "2024-12", "2024-12-31", "40", "2025-01-15", "r1", "1"),
			figure("events", "M", "ytd", "2024-12", "2024-12-31", "90", "2025-01-15", "r1", "1"),
			figure("events", "M", "ytd", "2025-01", "2025-01-31", "5", "2025-02-15", "r1", "1"),
			figure("events", "M", "ytd", "2025-02", "2025-02-28", "12", "2025-03-15", "r1", "1"),
		}, ","),
		"INSERT INTO verdict_runs (run, at, as_of, cause, judged, changed, height) VALUES ('a','2025-05-31 08:00:00','2025-05-31','time',7,7,1), ('b','2025-06-30 08:00:00','2025-06-30','figure',7,1,2)",
		"INSERT INTO verdicts VALUES " + strings.Join([]string{
			strings.Replace(verdict("b", "2025-06-30", "farmland", "lagging", "", "40000", "60000", "100000", "亩", "2025-05", "'2025-05-31'", "0.4, 0.1, 0.5, 0.2, NULL, NULL, NULL, NULL", "false, false, true", ""), "210200", "210213", 1),
			verdict("b", "2025-06-30", "homes", "missed", "figure", "0", "1", "1", "项", "2025-05", "'2025-05-31'", "0, NULL, NULL, NULL, NULL, NULL, NULL, NULL", "false, false, false", ""),
			verdict("a", "2025-05-31", "compute", "at_risk", "", "380.5", "619.5", "1000", "PFlops", "2025-04", "'2025-04-30'", "0.3805, 0.3, 0.4, 0.75, NULL, NULL, NULL, NULL", "false, false, true", ""),
			verdict("b", "2025-06-30", "compute", "lagging", "figure", "410.0", "590.0", "1000", "PFlops", "2025-05", "'2025-05-31'", "0.41, 0.2, 0.5, 0.4, 0.003, 575.4, 629, 680.4", "true, false, true", `,"marks":{"reading_unconfirmed":true},"reason":{"zh":"差得多。","en":"Far behind."},"expected":{"periods":6,"frequency":"M","day":"2027-03-19","months_late":15,"late":true},"inputs":[{"role":"judged","indicator":"compute"}]`),
			verdict("b", "2025-06-30", "farmland", "lagging", "", "314000", "116000", "430000", "亩", "2025-05", "'2025-05-31'", "0.73, 0.107, 0.5, 0.2, NULL, NULL, NULL, NULL", "false, true, true", `,"marks":{"stale_days":12}`),
			verdict("b", "2025-06-30", "share", "at_risk", "", "13.799999", "1.200001", "15", "%", "2025-Q1", "'2025-03-31'", "0.92, NULL, 0.36, 0.7, NULL, NULL, NULL, NULL", "false, false, false",
				`,"inputs":[{"role":"numerator","indicator":"num"},{"role":"denominator","indicator":"den"}]`),
			verdict("b", "2025-06-30", "firms", "on_track", "", "70", "330", "400", "家", "2024-12", "'2024-12-31'", "0.175, 0.175, 0.15, 1.1, NULL, NULL, NULL, NULL", "false, false, false", ""),
			verdict("b", "2025-06-30", "events", "at_risk", "", "12", "88", "100", "场", "2025-02", "'2025-02-28'", "0.12, 0.12, 0.16, 0.75, NULL, NULL, NULL, NULL", "false, false, false", ""),
			verdict("b", "2025-06-30", "payment", "on_track", "", "20", "-5", "15", "%", "2025-05", "'2025-05-31'", "NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL", "false, false, false", ""),
			verdict("b", "2025-06-30", "report", "lagging", "", "NULL", "NULL", "10", "天", "", "NULL", "NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL", "false, false, false", ""),
			verdict("b", "2025-06-30", "left", "missed", "", "0", "1", "1", "个", "2025-05", "'2025-05-31'", "0, 0, 1, 0, NULL, NULL, NULL, NULL", "false, false, false", ""),
		}, ","),
	}
}

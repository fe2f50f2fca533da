package grafana_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"yardstick/dashboards/grafana"
	"yardstick/schema/engine/enginetest"
)

// A verdict that does not change need not be kept every day: what is shown of the
// days between is the same.
func TestWithRowsADayOrWithoutAllIsShownAlike(t *testing.T) {
	s := newStore(t)
	eng := enginetest.Open(t)
	_, db, _ := strings.Cut(s.url, "database=")
	days := []string{"2025-06-01", "2025-06-10", "2025-06-20"}
	for _, day := range days {
		enginetest.Exec(t, eng, fmt.Sprintf("INSERT INTO %[1]s.verdict_runs (run, at, as_of, cause, judged, changed, height) VALUES ('d', '%[2]s 08:00:00', '%[2]s', 'time', 7, 0, 1)", db, day))
	}
	answers := func() map[string]answer {
		out := map[string]answer{}
		for _, q := range grafana.Queries("zh") {
			if q.Kind != grafana.ClickHouse || q.Panel == "判定历史" || strings.HasPrefix(q.Dashboard, "yardstick-regions") {
				continue
			}
			a := s.ask(t, q.Raw)
			if i := slices.Index(a.names, "age"); i >= 0 && len(a.rows) == 1 { // since the last run: counted in seconds
				a.rows[0][i] = nil
			}
			out[q.Dashboard+" "+q.Panel] = a
		}
		return out
	}
	without := answers()
	for _, day := range days {
		enginetest.Exec(t, eng, fmt.Sprintf(`INSERT INTO %[1]s.verdicts SELECT * REPLACE ('d' AS run, toDateTime64('%[2]s 08:00:00', 3, 'UTC') AS at, toDate32('%[2]s') AS as_of, '' AS cause)
			FROM (SELECT * FROM %[1]s.verdicts WHERE as_of < '%[2]s' ORDER BY at DESC LIMIT 1 BY policy, target, region)`, db, day))
	}
	if n := s.ask(t, "SELECT count() AS n FROM verdicts WHERE run = 'd'").column(t, "n")[0]; fmt.Sprint(n) != "3" {
		t.Fatalf("%v rows were added", n)
	}
	for panel, with := range answers() {
		if fmt.Sprint(with.rows) != fmt.Sprint(without[panel].rows) {
			t.Errorf("%s:\n%v with rows a day,\n%v without", panel, with.rows, without[panel].rows)
		}
	}
	history := without["yardstick-overview "+panelOf(t, "AS status\nFROM daily")]
	if len(history.rows) < 4 {
		t.Errorf("the days between are not shown: %v", history.rows)
	}
}

// panelOf is the title of the panel whose query holds the text.
func panelOf(t *testing.T, text string) string {
	t.Helper()
	for _, q := range grafana.Queries("zh") {
		if strings.Contains(q.Raw, text) {
			return q.Panel
		}
	}
	t.Fatalf("no query holds %q", text)
	return ""
}

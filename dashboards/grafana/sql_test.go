package grafana_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"yardstick/dashboards/grafana"
)

// query finds a query of the Chinese dashboard by its panel's title or, for a
// variable, its name.
func query(t *testing.T, lang, panel string) string {
	t.Helper()
	for _, q := range grafana.Queries(lang) {
		if q.Panel == panel {
			return q.Raw
		}
	}
	t.Fatalf("no panel %q", panel)
	return ""
}

func TestEveryQueryOfTheStoreAnswers(t *testing.T) {
	s := newStore(t)
	for _, lang := range grafana.Languages() {
		for _, q := range grafana.Queries(lang) {
			if q.Kind != grafana.ClickHouse {
				continue
			}
			t.Run(lang+" "+q.Panel, func(t *testing.T) {
				a := s.ask(t, q.Raw)
				if len(a.rows) == 0 {
					t.Errorf("no rows from\n%s", q.Raw)
				}
				if q.Series && !strings.HasPrefix(a.types[0], "DateTime") {
					t.Errorf("a time series must begin with a time, not with %s", a.types[0])
				}
				if s := strings.ToUpper(q.Raw); strings.Contains(s, "SETTINGS") || strings.Contains(s, "--") {
					t.Errorf("SETTINGS or a comment to the end of the line in\n%s", q.Raw)
				}
			})
		}
	}
}

func TestTheTableIsWorstFirstAndWordsItsFigures(t *testing.T) {
	s := newStore(t)
	a := s.ask(t, query(t, "zh", "全部目标（由差到好）"))
	want := [][]any{
		{"农田'甲", "lagging", "31.4万亩", "43万亩", "11.6万亩", "数据过期12天 · 演示数据"},
		{"算力规模", "lagging", "410.0 PFlops", "1000 PFlops", "590.0 PFlops", "初步 · 口径待确认 · 演示数据"},
		{"旬通报", "late_cadence", "—", "10天", "—", ""},
		{"占比", "at_risk", "13.8%", "15%", "1.2个百分点", ""},
		{"活动", "at_risk", "12场", "100场", "88场", ""},
		{"新增企业", "on_track", "70家", "400家", "330家", ""},
		{"首付比例", "within_limit", "20%", "15%", "余 5个百分点", ""},
	}
	for i, name := range []string{"title", "status", "value", "target_value", "gap", "marks"} {
		var column []any
		for _, row := range want {
			column = append(column, row[i])
		}
		if got := a.column(t, name); !reflect.DeepEqual(got, column) {
			t.Errorf("%s:\n got %v\nwant %v", name, got, column)
		}
	}
	en := s.ask(t, query(t, "en", "All targets, worst first"))
	if got := en.column(t, "gap")[0]; got != "116000 mu" {
		t.Errorf("gap in English: %v", got)
	}
	if got := en.column(t, "owner")[0]; got != "not named" {
		t.Errorf("owner in English: %v", got)
	}
}

// points gives one column of the trend by day; what is unknown is left out.
func points(t *testing.T, a answer, name string) map[string]string {
	t.Helper()
	out := map[string]string{}
	days, values := a.column(t, "time"), a.column(t, name)
	for i := range days {
		if values[i] != nil {
			out[fmt.Sprint(days[i])[:10]] = fmt.Sprintf("%.4g", values[i])
		}
	}
	return out
}

func TestTheTrendIsWhatIsJudged(t *testing.T) {
	s := newStore(t)
	trend := query(t, "zh", "走势：$target")
	for _, c := range []struct {
		target, why    string
		observed, path map[string]string
	}{
		{
			"compute", "a level as known on the day, without what was withdrawn or came later; the path begins at the first figure",
			map[string]string{"2024-10-31": "100", "2025-04-30": "380.5", "2025-05-31": "410"},
			map[string]string{"2024-10-31": "100", "2025-04-30": "482.4", "2025-05-31": "547.9", "2025-12-31": "1000"},
		},
		{
			"farmland", "a baseline of the register",
			map[string]string{"2025-05-31": "3.14e+05"},
			map[string]string{"2024-10-27": "3e+05", "2025-05-31": "3.653e+05", "2025-12-31": "4.3e+05"},
		},
		{
			"share", "a share is divided where it comes to the value judged",
			map[string]string{"2024-12-31": "13", "2025-03-31": "13.8"},
			map[string]string{"2024-12-31": "13", "2025-03-31": "13.49", "2025-12-31": "15"},
		},
		{
			"firms", "months are summed from the first whole one after the start",
			map[string]string{"2024-11-30": "30", "2024-12-31": "70"},
			map[string]string{"2024-10-27": "0", "2024-10-31": "3.721", "2024-11-30": "31.63", "2024-12-31": "60.47", "2025-12-31": "400"},
		},
		{
			"events", "a year to date is not added to the year before",
			map[string]string{"2025-01-31": "5", "2025-02-28": "12"},
			map[string]string{"2025-01-01": "0", "2025-01-31": "8.242", "2025-02-28": "15.93", "2025-12-31": "100"},
		},
		{"payment", "a limit has no path; the verdict's own value is drawn", map[string]string{"2025-05-31": "20"}, map[string]string{}},
	} {
		a := s.ask(t, trend, "target", c.target)
		if got := points(t, a, "observed"); !reflect.DeepEqual(got, c.observed) {
			t.Errorf("%s (%s): observed\n got %v\nwant %v", c.target, c.why, got, c.observed)
		}
		if got := points(t, a, "path"); !reflect.DeepEqual(got, c.path) {
			t.Errorf("%s (%s): path\n got %v\nwant %v", c.target, c.why, got, c.path)
		}
	}
	if n := s.ask(t, "SELECT count() AS n FROM ("+trend+")", "target", "unheard-of").column(t, "n")[0]; fmt.Sprint(n) != "0" {
		t.Errorf("a target nobody knows has a trend of %v points", n)
	}
}

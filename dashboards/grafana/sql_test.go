package grafana_test

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"yardstick/dashboards/grafana"
)

// query finds a query by its panel's title or, for a variable or an annotation,
// by that name.
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
			t.Run(q.Dashboard+" "+q.Panel, func(t *testing.T) {
				with := []string{}
				if strings.HasPrefix(q.Dashboard, "yardstick-regions") {
					with = []string{"target", "farmland"}
				}
				a := s.ask(t, q.Raw, with...)
				if len(a.rows) == 0 {
					t.Errorf("no rows from\n%s", q.Raw)
				}
				checkTypes(t, a)
				if q.Series {
					checkSeries(t, a)
				}
				if q.Marks && (a.names[0] != "time" || !slices.Contains(a.names, "text")) {
					t.Errorf("marks are made of time and text, not of %v", a.names)
				}
				if s := strings.ToUpper(q.Raw); strings.Contains(s, "SETTINGS") || strings.Contains(s, "--") {
					t.Errorf("SETTINGS or a comment to the end of the line in\n%s", q.Raw)
				}
			})
		}
	}
}

// checkTypes sees that every column is of a type the plugin shows as it is.
func checkTypes(t *testing.T, a answer) {
	t.Helper()
	plain := regexp.MustCompile(`^(Nullable\()?(String|Float64|U?Int(8|16|32|64)|DateTime\('Asia/Shanghai'\))\)?$`)
	for i, kind := range a.types {
		if !plain.MatchString(kind) {
			t.Errorf("%s is of type %s", a.names[i], kind)
		}
	}
}

// checkSeries sees that the plugin makes a series of the answer: a time first,
// then labels that are strings and values that are numbers a chart can draw, in
// the order of time.
func checkSeries(t *testing.T, a answer) {
	t.Helper()
	if !strings.HasPrefix(a.types[0], "DateTime") {
		t.Errorf("a time series must begin with a time, not with %s", a.types[0])
	}
	numbers := 0
	for i, kind := range a.types[1:] {
		switch bare := strings.TrimSuffix(strings.TrimPrefix(kind, "Nullable("), ")"); {
		case bare == "Float64" || strings.HasPrefix(bare, "UInt"):
			numbers++
		case kind != "String":
			t.Errorf("%s is of type %s", a.names[i+1], kind)
		}
	}
	if numbers == 0 {
		t.Error("there is no value to draw")
	}
	times := a.column(t, a.names[0])
	if !slices.IsSortedFunc(times, func(x, y any) int { return strings.Compare(x.(string), y.(string)) }) {
		t.Error("the times are not in order")
	}
}

func TestEveryColumnHasItsNameInBothLanguages(t *testing.T) {
	s := newStore(t)
	everyBoard(t, func(t *testing.T, _ string, b board) {
		for _, p := range b.Panels {
			for _, q := range p.Targets {
				if q.RawSQL == "" || p.Type == "state-timeline" { // which is labelled by its rows
					continue
				}
				a := s.ask(t, q.RawSQL, "target", "farmland")
				said := map[string]bool{"time": true, "unit": p.Type == "timeseries"} // a label, which the legend names
				for _, o := range p.FieldConfig.Overrides {
					if o.Matcher.ID != "byName" {
						continue
					}
					for _, property := range o.Properties {
						said[o.Matcher.Options] = said[o.Matcher.Options] || property.ID == "displayName" || property.ID == "custom.hidden"
					}
					if !slices.Contains(a.names, o.Matcher.Options) {
						t.Errorf("%s: there is no column %s to name", p.Title, o.Matcher.Options)
					}
				}
				for _, name := range a.names {
					if !said[name] {
						t.Errorf("%s: column %s has no name for people", p.Title, name)
					}
				}
			}
		}
	})
}

func TestTheTableIsWorstFirstAndWordsItsFigures(t *testing.T) {
	s := newStore(t)
	a := s.ask(t, query(t, "zh", "全部目标（由差到好）"))
	want := [][]any{
		{"交付", "missed", "未完成", "已完成", "—", "—", ""},
		{"农田'甲", "lagging", "31.4万亩", "43万亩", "11.6万亩", "落后39.3个百分点", "数据过期12天 · 演示数据"},
		{"算力规模", "lagging", "410.0 PFlops", "1000 PFlops", "590.0 PFlops", "落后30.0个百分点", "口径待确认 · 初步 · 演示数据"},
		{"旬通报", "late_cadence", "—", "≤ 10天", "—", "—", ""},
		{"占比", "at_risk", "14.96%", "15%", "0.04 个百分点", "落后10.8个百分点", ""},
		{"活动", "at_risk", "12场", "100场", "88场", "落后4.0个百分点", ""},
		{"新增企业", "on_track", "70家", "400家", "330家", "超前2.5个百分点", ""},
		{"首付比例", "within_limit", "20%", "≥ 15%", "余 5 个百分点", "—", ""},
	}
	for i, name := range []string{"title", "status", "value", "target_value", "gap", "lag", "marks"} {
		var column []any
		for _, row := range want {
			column = append(column, row[i])
		}
		if got := a.column(t, name); !reflect.DeepEqual(got, column) {
			t.Errorf("%s:\n got %v\nwant %v", name, got, column)
		}
	}
	if got := a.column(t, "outlook")[2]; got != "预计2027年3月，晚15个月" {
		t.Errorf("outlook: %v", got)
	}
	if got := a.column(t, "chance")[2]; got != "不到1%" {
		t.Errorf("chance: %v", got)
	}
	en := s.ask(t, query(t, "en", "All targets, worst first"))
	for name, want := range map[string]any{"gap": "116000 mu", "owner": "not named", "lag": "39.3 pp behind"} {
		if got := en.column(t, name)[1]; got != want {
			t.Errorf("%s in English: %v", name, got)
		}
	}
	counts := s.ask(t, query(t, "zh", "各状态目标数"))
	if got := fmt.Sprint(counts.rows[0]...); got != "1 0 3 2 0 2 0 0" {
		t.Errorf("counts: %s", got)
	}
}

func TestWhatChangedIsToldWithItsCauseAndWhatWasRevisedWithItsReason(t *testing.T) {
	s := newStore(t)
	a := s.ask(t, query(t, "zh", "本月状态变化"))
	if got := a.column(t, "title"); !slices.Contains(got, "算力规模") || !slices.Contains(got, "交付") {
		t.Errorf("changed: %v", got)
	}
	b := s.ask(t, query(t, "zh", "本月数据修订"))
	want := []any{"2025-06-02", "算力", "2025年4月", "370.5 u", "380.5 u", "+10 u", "笔误", "r1", "演示数据"}
	if len(b.rows) != 1 || !reflect.DeepEqual(b.rows[0], want) {
		t.Errorf("revised: %v, not %v", b.rows, want)
	}
	banner := fmt.Sprint(s.ask(t, query(t, "zh", "variable banner")).rows[0][0])
	for _, want := range []string{"标有“演示数据”的 2 项", "截至 2025-06-30", "较上月：1 项转为进度滞后。", "另有 2 条措施无量化目标"} {
		if !strings.Contains(banner, want) {
			t.Errorf("the banner %q lacks %q", banner, want)
		}
	}
	if note := s.ask(t, query(t, "zh", "variable note")).rows[0][0]; note != "含演示数据 · " {
		t.Errorf("note %q", note)
	}
}

func TestATargetIsToldInWords(t *testing.T) {
	s := newStore(t)
	story := fmt.Sprint(s.ask(t, query(t, "zh", "variable story")).rows[0][0])
	for _, want := range []string{
		"**按近6个月速度，预计2027年3月完成，晚15个月（按期把握不到一成）。**\n\n", "差得多。", "还有7个月：（1000 PFlops − 410.0 PFlops）÷ 7 = 每个月需84.29 PFlops（还差590.0 PFlops）",
		"口径待确认 · 初步 · 演示数据", "第7条", "牵头单位：未指定。", "(http://board/targets/p/compute)",
	} {
		if !strings.Contains(story, want) {
			t.Errorf("the story %q lacks %q", story, want)
		}
	}
	vintages := s.ask(t, query(t, "zh", "逐版数据"))
	if got := fmt.Sprint(vintages.column(t, "standing")); got != "[有效 有效 已被更正 有效]" {
		t.Errorf("vintages: %s", got)
	}
	marks := s.ask(t, query(t, "zh", "annotation 数据修订"))
	if got := fmt.Sprint(marks.rows); !strings.Contains(got, "数据修订：2025年4月（笔误） 370.5 → 380.5") {
		t.Errorf("marked: %s", got)
	}
	marks = s.ask(t, query(t, "zh", "annotation 状态变化"))
	if got := fmt.Sprint(marks.rows); !strings.Contains(got, "存在风险 → 进度滞后 新数据") {
		t.Errorf("marked: %s", got)
	}
}

func TestDistrictsWithoutAnAllocationAreListedAndNotRanked(t *testing.T) {
	s := newStore(t)
	a := s.ask(t, query(t, "zh", "各区市县及先导区"))
	want := [][]any{
		{"金州区", "农田'甲", "lagging", "4万亩", "2025年5月", "10万亩", "6万亩", "落后40.0个百分点", "分解表", "演示数据", "p", "farmland"},
		{"瓦房店市", "农田'甲", "unallocated", "7万亩", "2025年5月", "—", "—", "—", "—", "演示数据", "p", "farmland"},
		{"中山区", "—", "unallocated", "—", "—", "—", "—", "—", "—", "", "", ""},
	}
	if !reflect.DeepEqual(a.rows, want) {
		t.Errorf("\n got %v\nwant %v", a.rows, want)
	}
	if got := fmt.Sprint(s.ask(t, query(t, "zh", "variable part")).rows); got != "[[210213 金州区] [210281 瓦房店市]]" {
		t.Errorf("parts with figures: %s", got)
	}
}

func TestFeedsThatAreLateComeFirst(t *testing.T) {
	s := newStore(t)
	a := s.ask(t, query(t, "zh", "数据报送"))
	if got := fmt.Sprint(a.column(t, "title"), a.column(t, "state")); got != "[迟报的 按期的 by-hand] [late in none]" {
		t.Errorf("feeds: %s", got)
	}
	if got := a.column(t, "next")[0]; got != "2025年4月 · 2025-05-15，共欠2期" {
		t.Errorf("owed: %v", got)
	}
	b := s.ask(t, query(t, "zh", "数据"))
	if got := fmt.Sprint(b.column(t, "rate"), b.column(t, "late"), b.column(t, "questions")); got != "[0.5] [1] [2]" {
		t.Errorf("state of the data: %s", got)
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
			"compute", "a level without a baseline: the pace still needed leads from the last figure to the target",
			map[string]string{"2024-10-31": "100", "2025-04-30": "380.5", "2025-05-31": "410"},
			map[string]string{"2025-05-31": "410", "2025-12-31": "1000"},
		},
		{
			"farmland", "a baseline of the register; what is counted in 万 is drawn in 万",
			map[string]string{"2025-05-31": "31.4"},
			map[string]string{"2024-10-27": "30", "2025-12-31": "43"},
		},
		{
			"share", "a share, each figure beside the target",
			map[string]string{"2024-12-31": "13", "2025-03-31": "14.96"},
			map[string]string{},
		},
		{
			"firms", "months are summed from the first whole one after the start",
			map[string]string{"2024-10-27": "0", "2024-11-30": "30", "2024-12-31": "70"},
			map[string]string{"2024-10-27": "0", "2025-12-31": "400"},
		},
		{
			"events", "a year to date is not added to the year before",
			map[string]string{"2024-12-31": "0", "2025-01-31": "5", "2025-02-28": "12"},
			map[string]string{"2024-12-31": "0", "2025-12-31": "100"},
		},
		{"payment", "a limit has no path", map[string]string{"2025-05-31": "20"}, map[string]string{}},
	} {
		a := s.ask(t, trend, "target", c.target)
		if got := points(t, a, "observed"); !reflect.DeepEqual(got, c.observed) {
			t.Errorf("%s (%s): observed\n got %v\nwant %v", c.target, c.why, got, c.observed)
		}
		if got := points(t, a, "path"); !reflect.DeepEqual(got, c.path) {
			t.Errorf("%s (%s): path\n got %v\nwant %v", c.target, c.why, got, c.path)
		}
	}
	fan := s.ask(t, trend, "target", "compute")
	for name, want := range map[string]map[string]string{
		"p10": {"2025-05-31": "410", "2025-12-31": "575.4"}, "p90": {"2025-05-31": "410", "2025-12-31": "680.4"},
	} {
		if got := points(t, fan, name); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v, not %v", name, got, want)
		}
	}
	for target, unit := range map[string]string{"compute": "PFlops", "farmland": "万亩", "share": "%"} {
		if got := s.ask(t, trend, "target", target).column(t, "unit")[0]; got != unit {
			t.Errorf("%s is drawn in %v, not in %s", target, got, unit)
		}
	}
	if got := points(t, s.ask(t, trend, "target", "farmland"), "p50"); len(got) > 0 {
		t.Errorf("a fan without a forecast: %v", got)
	}
	if n := s.ask(t, "SELECT count() AS n FROM ("+trend+")", "target", "unheard-of").column(t, "n")[0]; fmt.Sprint(n) != "0" {
		t.Errorf("a target nobody knows has a trend of %v points", n)
	}
}

func TestNoQueryHoldsWhatTheDataSourcesDoNotKnow(t *testing.T) {
	for _, lang := range grafana.Languages() {
		if err := grafana.CheckQueries(lang); err != nil {
			t.Error(err)
		}
	}
}

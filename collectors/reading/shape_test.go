package reading

import (
	"bytes"
	"regexp"
	"testing"

	"yardstick/collectors/reading/account"
	"yardstick/collectors/table"
	"yardstick/schema/targets"
)

// layoutOfFile is the fingerprint of a text file of the given name.
func layoutOfFile(t *testing.T, name, text string, given map[string]string) string {
	t.Helper()
	register, err := targets.Load()
	if err != nil {
		t.Fatal(err)
	}
	file, problems, err := table.Read(t.Context(), bytes.NewReader([]byte(text)), name, table.Limits{})
	if err != nil || len(problems) > 0 {
		t.Fatalf("%v %v", problems, err)
	}
	layout, err := Layout(t.Context(), file.Tables, account.Options{Headers: register.Indicators, Given: given, Sheets: len(file.Tables)})
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`^[0-9a-f]{16}$`).MatchString(layout) {
		t.Errorf("%q is no fingerprint", layout)
	}
	return layout
}

const across = "大连市主要指标（2025年8月）\n地区：大连\n单位：亿元\n指标,2025年8月,2025年7月\n甲产值,1,2\n乙产值,3,4\n数据来源：统计局\n"

func TestTheNextMonthsFileHasTheSameLayout(t *testing.T) {
	for name, c := range map[string]struct{ before, after string }{
		"periods that moved on":        {across, "大连市主要指标（2025年9月）\n地区：大连\n单位：亿元\n指标,2025年9月,2025年8月\n甲产值,5,1\n乙产值,6.5,3\n数据来源：统计局\n"},
		"one more period":              {across, "大连市主要指标（2025年9月）\n地区：大连\n单位：亿元\n指标,2025年9月,2025年8月,2025年7月\n甲产值,5,1,2\n乙产值,6.5,3,4\n"},
		"another row":                  {across, "大连市主要指标（2025年9月）\n地区：大连\n单位：亿元\n指标,2025年9月,2025年8月\n甲产值,5,1\n乙产值,6.5,3\n丙产值,7,8\n"},
		"a figure that is missing":     {across, "大连市主要指标（2025年9月）\n地区：大连\n单位：亿元\n指标,2025年9月,2025年8月\n甲产值,—,1\n乙产值,6.5,3\n"},
		"two digits for the month":     {across, "大连市主要指标（2025年12月）\n地区：大连\n单位：亿元\n指标,2025年12月,2025年11月\n甲产值,5,1\n乙产值,6.5,3\n"},
		"a running total by quarters":  {"地区：大连\n指标,2025年一季度\n甲(亿元),1\n", "地区：大连\n指标,2025年前三季度\n甲(亿元),1\n"},
		"the whole year after months":  {"地区：大连\n指标,2025年1-11月\n甲(亿元),1\n", "地区：大连\n指标,2025年全年\n甲(亿元),1\n"},
		"months with pairs of columns": {"指标,2025年8月,,2025年7月,\n,当月,累计,当月,累计\n甲(亿元),1,2,3,4\n", "指标,2025年9月,,2025年8月,,2025年7月,\n,当月,累计,当月,累计,当月,累计\n甲(亿元),1,2,3,4,5,6\n"},
		"months down":                  {"地区：大连\n时间,甲(亿元)\n2025年1月,1\n", "地区：大连\n时间,甲(亿元)\n2025年1月,1\n2025年2月,2\n"},
		"a block a year":               {"地区：大连\n2025年,甲(亿元)\n1月,1\n\n2024年,甲(亿元)\n1月,2\n", "地区：大连\n2026年,甲(亿元)\n1月,1\n\n2025年,甲(亿元)\n1月,1\n\n2024年,甲(亿元)\n1月,2\n"},
		"English months":               {"Region: Dalian\nIndicator,Aug 2025,Jul 2025\nOutput (%),1,2\n", "Region: Dalian\nIndicator,Sep 2025,Aug 2025,Jul 2025\nOutput (%),1,2,3\n"},
		"a tidy file":                  {"指标,地区,时期,数值\ngdp,大连,2025-08,1\n", "指标,地区,时期,数值\ngdp,大连,2025-09,1\ngdp,大连,2025-08,2\n"},
		"another region in its line":   {across, "大连市主要指标（2025年9月）\n地区：大连市\n单位：亿元\n指标,2025年9月,2025年8月\n甲产值,5,1\n乙产值,6.5,3\n"},
	} {
		t.Run(name, func(t *testing.T) {
			a, b := layoutOfFile(t, "表8.csv", c.before, nil), layoutOfFile(t, "表9.csv", c.after, nil)
			if a != b {
				t.Errorf("%s and %s", a, b)
			}
		})
	}
}

func TestAFileOfAnotherFormHasAnotherLayout(t *testing.T) {
	seen := map[string]string{layoutOfFile(t, "f.csv", across, nil): "the first"}
	for name, text := range map[string]string{
		"a changed header":          "大连市主要指标（2025年8月）\n地区：大连\n单位：亿元\n项目,2025年8月,2025年7月\n甲产值,1,2\n乙产值,3,4\n",
		"a unit line that moved":    "单位：亿元\n大连市主要指标（2025年8月）\n地区：大连\n指标,2025年8月,2025年7月\n甲产值,1,2\n乙产值,3,4\n",
		"no unit line":              "大连市主要指标（2025年8月）\n地区：大连\n指标,2025年8月,2025年7月\n甲产值,1,2\n乙产值,3,4\n",
		"another unit":              "大连市主要指标（2025年8月）\n地区：大连\n单位：万元\n指标,2025年8月,2025年7月\n甲产值,1,2\n乙产值,3,4\n",
		"another title":             "大连市投资指标（2025年8月）\n地区：大连\n单位：亿元\n指标,2025年8月,2025年7月\n甲产值,1,2\n乙产值,3,4\n",
		"a new kind of line above":  "大连市主要指标（2025年8月）\n地区：大连\n频度：月\n单位：亿元\n指标,2025年8月,2025年7月\n甲产值,1,2\n乙产值,3,4\n",
		"a column of growth":        "大连市主要指标（2025年8月）\n地区：大连\n单位：亿元\n指标,2025年8月,2025年7月,同比\n甲产值,1,2,3\n乙产值,3,4,5\n",
		"a column of units":         "大连市主要指标（2025年8月）\n地区：大连\n单位：亿元\n指标,单位,2025年8月,2025年7月\n甲产值,亿元,1,2\n乙产值,亿元,3,4\n",
		"a second table":            across + "\n单位：万元\n地区：大连\n指标,2025年8月,2025年7月\n丙产值,1,2\n",
		"months down, one series":   "地区：大连\n时间,甲(亿元)\n2025年1月,1\n",
		"months down, two series":   "地区：大连\n时间,甲(亿元),乙(亿元)\n2025年1月,1,2\n",
		"months down, other series": "地区：大连\n时间,甲(亿元),丙(亿元)\n2025年1月,1,2\n",
		"tidy":                      "指标,地区,时期,数值\ngdp,大连,2025-08,1\n",
		"tidy with a unit":          "指标,地区,时期,数值,单位\ngdp,大连,2025-08,1,亿元\n",
		"tidy in another order":     "指标,时期,地区,数值\ngdp,2025-08,大连,1\n",
	} {
		l := layoutOfFile(t, "f.csv", text, nil)
		if other := seen[l]; other != "" {
			t.Errorf("%s and %s have one layout", name, other)
		}
		seen[l] = name
	}
}

func TestTheNameOfTheFileCountsOnlyWhereTheTableNamesNoIndicatorOrRegion(t *testing.T) {
	silent := "单位：亿元\n,2025年8月,2025年7月\n大连,1,2\n沈阳,3,4\n"
	a, b := layoutOfFile(t, "进出口总额2025年8月.csv", silent, nil), layoutOfFile(t, "进出口总额202509 (1).csv", silent, nil)
	if a != b {
		t.Error("another month in the name makes another layout")
	}
	if layoutOfFile(t, "投资额2025年8月.csv", silent, nil) == a {
		t.Error("a file of another indicator has the same layout")
	}
	if layoutOfFile(t, "甲.csv", across, nil) != layoutOfFile(t, "乙.csv", across, nil) {
		t.Error("a file that says all has another layout under another name")
	}
}

func TestAnswersDoNotChangeTheLayout(t *testing.T) {
	for text, given := range map[string]map[string]string{
		"地区,2024年,2023年\n大连,1,2\n":                             {"indicator": "甲产值", "unit": "亿元"},
		"指标,2024年,2023年\n甲(亿元),1,2\n":                          {"region": "大连"},
		"指标,大连,沈阳\n甲(亿元),1,2\n":                                {"period": "2024"},
		"地区：大连\n指标,1-2月,1-3月\n甲(亿元),1,2\n":                     {"year": "2025"},
		"地区：大连\n指标,9月,8月\n甲(亿元),1,2\n9月,3,4\n":                 {"year": "2025"},
		"指标,时期,数值\ngdp,2024,1\n":                               {"region": "大连"},
		"指标,时期,金额\ngdp,2024,1\n":                               {"region": "大连", "column.金额": "value"},
		"指标,地区,时期,金额\ngdp,大连,2024,1\n":                         {"column.金额": "value"},
		"指标,2024年,2023年\n大连,,\n甲(亿元),1,2\n":                    {"heading": "region"},
		"大连行业产值\n地区：大连\n单位：亿元\n,2024年,2023年\n甲业,1,2\n乙业,3,4\n": {"rows": "indicator"},
	} {
		if a, b := layoutOfFile(t, "f.csv", text, nil), layoutOfFile(t, "f.csv", text, given); a != b {
			t.Errorf("%q: %s before the answers and %s with them", text, a, b)
		}
	}
}

package pipeline

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"yardstick/schema"
)

// sheetsCase is a workbook whose sheets leave out what their names may say.
type sheetsCase struct {
	name    string
	file    string // its name; "" one that says nothing
	sheets  []Sheet
	answers string   // KEY=VALUE, blanks between
	want    []string // indicator|region|period|value; of a file that is taken
	keys    []string // of the questions, each with what may be answered: period@A:2025-05/2025-06
	told    int      // what was taken from names, or titles
}

// tidyOf is a sheet of one figure, without its period.
func tidyOf(name, indicator, region, value string) Sheet {
	return Sheet{Name: name, Rows: [][]any{r("指标", "地区", "数值", "单位"), r(indicator, region, "="+value, "亿元")}}
}

// gridOf is a sheet of one figure below a title, without what no cell says.
func gridOf(name, title, head, value string) Sheet {
	rows := [][]any{r("指标", head), r("甲产值(亿元)", "="+value)}
	if title != "" {
		rows = append([][]any{r(title)}, rows...)
	}
	return Sheet{Name: name, Rows: rows}
}

func periodCases() []sheetsCase {
	return []sheetsCase{
		{name: "a sheet a month",
			sheets: []Sheet{tidyOf("2025年5月", "甲余额", "大连市", "1"), tidyOf("2025年6月", "甲余额", "大连市", "2")},
			want:   []string{"甲余额|大连市|2025-05|1", "甲余额|大连市|2025-06|2"}, told: 2},
		{name: "of different indicators",
			sheets: []Sheet{tidyOf("2025-07", "甲余额", "大连市", "11"),
				tidyOf("2025-08", "乙余额", "大连市", "12"),
				tidyOf("2025-09", "丙余额", "沈阳市", "13")},
			want: []string{"甲余额|大连市|2025-07|11", "乙余额|大连市|2025-08|12", "丙余额|沈阳市|2025-09|13"}, told: 3},
		{name: "a sheet a quarter, places across",
			sheets: []Sheet{gridOf("2024年一季度", "", "大连市", "5"), gridOf("2024年二季度", "", "大连市", "6")},
			keys:   []string{"basis:period/ytd"}, told: 2},
		{name: "years", sheets: []Sheet{gridOf("2022", "", "大连市", "5"), gridOf("2023年", "", "大连市", "6")},
			want: []string{"甲产值|大连市|2022|5", "甲产值|大连市|2023|6"}, told: 2},
		{name: "months with the title's year",
			sheets:  []Sheet{gridOf("5月", "大连市2024年主要余额", "余额", "1"), gridOf("6月", "大连市2024年主要余额", "余额", "2")},
			answers: "column.余额=value basis=period",
			want:    []string{"甲产值|大连市|2024-05|1", "甲产值|大连市|2024-06|2"}, told: 4},
		{name: "months without a year", sheets: []Sheet{tidyOf("3月", "甲余额", "大连市", "1"), tidyOf("4月", "甲余额", "大连市", "2")},
			keys: []string{"period@3月:", "period@4月:"}},
		{name: "months and the file's year", file: "2023年余额",
			sheets: []Sheet{tidyOf("3月", "甲余额", "大连市", "1"), tidyOf("4月", "甲余额", "大连市", "2")},
			keys:   []string{"period@3月:2023年3月", "period@4月:2023年4月"}},
		{name: "another month in the title",
			sheets: []Sheet{gridOf("2025年5月", "2025年6月情况", "大连市", "1"), gridOf("2025年6月", "2025年6月情况", "大连市", "2")},
			keys:   []string{"period@2025年5月:2025年6月/2025年5月", "basis:period/ytd"}, told: 1},
		{name: "another month in a line", sheets: []Sheet{{Name: "2024年2月", Rows: append([][]any{r("时间：2024年3月")}, tidyOf("", "甲余额", "大连市", "1").Rows...)}},
			keys: []string{"period:2024年3月/2024年2月"}},
		{name: "another month in a line, answered", answers: "period=2024年2月", want: []string{"甲余额|大连市|2024-02|1"},
			sheets: []Sheet{{Name: "2024年2月", Rows: append([][]any{r("时间：2024年3月")}, tidyOf("", "甲余额", "大连市", "1").Rows...)}}},
		{name: "another month in a title of a tidy sheet", sheets: []Sheet{
			{Name: "2024年2月", Rows: append([][]any{r("2024年3月情况")}, tidyOf("", "甲余额", "大连市", "1").Rows...)}, tidyOf("2024年3月", "甲余额", "大连市", "2")},
			keys: []string{"period@2024年2月:2024年3月/2024年2月"}, told: 1},
		{name: "some sheets alone", sheets: []Sheet{tidyOf("2025年5月", "甲余额", "大连市", "1"), tidyOf("补充", "乙余额", "大连市", "2")},
			keys: []string{"period@2025年5月:2025年5月", "period@补充:"}},
		{name: "one sheet alone",
			sheets: []Sheet{tidyOf("2021年11月", "甲余额", "大连市", "1")}, keys: []string{"period:2021年11月"}},
		{name: "one sheet of figures beside one of words",
			sheets: []Sheet{tidyOf("2021年11月", "甲余额", "大连市", "1"), {Name: "说明", Rows: [][]any{r("填报说明"), r("按月填报")}}},
			keys:   []string{"period:2021年11月"}},
		{name: "one answer for two sheets",
			sheets:  []Sheet{tidyOf("甲表", "甲余额", "大连市", "1"), tidyOf("乙表", "乙余额", "大连市", "2")},
			answers: "period=2025-05",
			keys:    []string{"period@甲表:2025-05", "period@乙表:2025-05"}},
		{name: "one answer where one sheet lacks it",
			sheets:  []Sheet{tidyOf("甲表", "甲余额", "大连市", "1"), gridOf("乙表", "2025年3月末", "大连市", "2")},
			answers: "period=2025-05 basis=period",
			want:    []string{"甲余额|大连市|2025-05|1", "甲产值|大连市|2025-03|2"}, told: 1},
		{name: "an answer for each",
			sheets:  []Sheet{tidyOf("甲=乙 1", "甲余额", "大连市", "1"), tidyOf("丙@丁", "乙余额", "大连市", "2")},
			answers: "period@丙@丁=2025-06",
			keys:    []string{"period@甲=乙 1:"}},
		{name: "a sheet a year, months down", sheets: []Sheet{
			{Name: "2023年", Rows: [][]any{r("地区：大连"), r("时间", "甲余额(亿元)"), r("1月", "=1"), r("2月", "=2")}},
			{Name: "2024年", Rows: [][]any{r("地区：大连"), r("时间", "甲余额(亿元)"), r("1月", "=3"), r("2月", "=4")}}},
			want: []string{"甲余额|大连|2023-01|1", "甲余额|大连|2023-02|2", "甲余额|大连|2024-01|3", "甲余额|大连|2024-02|4"}, told: 2},
		{name: "one answer for the year of two sheets", sheets: []Sheet{
			{Name: "甲表", Rows: [][]any{r("地区：大连"), r("时间", "甲余额(亿元)"), r("1月", "=1"), r("2月", "=2")}},
			{Name: "乙表", Rows: [][]any{r("地区：大连"), r("时间", "乙余额(亿元)"), r("1月", "=3"), r("2月", "=4")}}}, answers: "year=2024",
			keys: []string{"year@甲表:2024", "year@乙表:2024"}},
	}
}

func placeCases() []sheetsCase {
	return []sheetsCase{
		{name: "a sheet a district", sheets: []Sheet{gridOf("中山区", "", "2024年", "1"), gridOf("西岗区", "", "2024年", "2")},
			want: []string{"甲产值|中山区|2024|1", "甲产值|西岗区|2024|2"}, told: 2},
		{name: "of different indicators",
			sheets: []Sheet{gridOf("沙河口区", "", "2023年", "7"),
				{Name: "甘井子区", Rows: [][]any{r("指标", "2023年"), r("乙产值(亿元)", "=8")}}},
			want: []string{"甲产值|沙河口区|2023|7", "乙产值|甘井子区|2023|8"}, told: 2},
		{name: "the city in the title",
			sheets: []Sheet{gridOf("中山区", "大连市主要指标", "2024年", "1"), gridOf("西岗区", "大连市主要指标", "2024年", "2")},
			keys:   []string{"region@中山区:大连市/中山区", "region@西岗区:大连市/西岗区"}},
		{name: "some sheets alone", sheets: []Sheet{gridOf("中山区", "", "2024年", "1"), gridOf("汇总表", "", "2024年", "2")},
			keys: []string{"region@中山区:中山区", "region@汇总表:"}},
		{name: "one answer for two sheets",
			sheets:  []Sheet{gridOf("甲表", "", "2024年", "1"), gridOf("乙表", "", "2023年", "2")},
			answers: "region=大连市",
			keys:    []string{"region@甲表:大连市", "region@乙表:大连市"}},
		{name: "one answer where one sheet lacks it",
			sheets:  []Sheet{gridOf("甲表", "", "2024年", "1"), gridOf("乙表", "地区：沈阳市", "2023年", "2")},
			answers: "region=大连市",
			want:    []string{"甲产值|大连市|2024|1", "甲产值|沈阳市|2023|2"}},
		{name: "one unit of one form",
			sheets: []Sheet{unitless("2023年", "大连市"), unitless("2024年", "大连市")}, keys: []string{"unit:"}, told: 2},
		{name: "one unit of two forms",
			sheets:  []Sheet{unitless("甲表", "2023年"), unitless("乙表", "2024年")},
			answers: "region@甲表=大连市 region@乙表=大连市 unit=亿元",
			keys:    []string{"unit@甲表:", "unit@乙表:"}},
	}
}

// unitless is a sheet whose figure has no unit.
func unitless(name, head string) Sheet {
	return Sheet{Name: name, Rows: [][]any{r("指标", head), r("甲指数", "=3")}}
}

// What one sheet leaves out is taken from its name where that is sure, and else asked of
// it alone.
func TestSheetsThatLeaveOutWhatTheirNamesSay(t *testing.T) {
	p := newDesk(t).Pipeline
	for _, c := range append(periodCases(), placeCases()...) {
		for format, write := range map[string]func(...Sheet) []byte{"xlsx": XLSX, "xls": XLS} {
			t.Run(c.name+"/"+format, func(t *testing.T) {
				file := "表"
				if c.file != "" {
					file = c.file
				}
				answers := map[string]string{}
				for _, a := range strings.Fields(c.answers) {
					at := strings.LastIndex(a, "=")
					answers[a[:at]] = a[at+1:]
				}
				seen, err := p.Preview(t.Context(), Submission{Name: file + "." + format, Body: bytes.NewReader(write(c.sheets...)), Answers: answers})
				if err != nil {
					t.Fatal(err)
				}
				var keys []string
				for _, q := range seen.Receipt.Questions {
					keys = append(keys, q.Key+":"+strings.Join(q.Candidates, "/"))
					if key, value, ok := schema.ParseAnswer(schema.QuotedKey(q.Key) + "=a=b"); !ok || key != q.Key || value != "a=b" {
						t.Errorf("%q is read back as %q and %q", schema.QuotedKey(q.Key), key, value)
					}
					if !strings.Contains(q.Text.Zh, schema.QuotedKey(q.Key)) || !strings.Contains(q.Text.En, schema.QuotedKey(q.Key)) {
						t.Errorf("%s is not named in %q", q.Key, q.Text)
					}
				}
				told := 0
				for _, x := range seen.Receipt.ExcludedRows {
					if strings.HasSuffix(x.Code, "-told") {
						told++
					}
				}
				if !slices.Equal(keys, c.keys) || told != c.told || len(seen.Receipt.Problems) > 0 {
					t.Errorf("asked %q, told %d, want %q, %d: %+v", keys, told, c.keys, c.told, seen.Receipt.Problems)
				}
				if c.keys != nil {
					return
				}
				var got []string
				for _, row := range seen.Rows {
					got = append(got, strings.Join([]string{row.Indicator, plainText(row.Region), row.Period, row.Value}, "|"))
				}
				if slices.Sort(got); !slices.Equal(got, slices.Sorted(slices.Values(c.want))) {
					t.Errorf("got %q\nwant %q", got, c.want)
				}
			})
		}
	}
}

// What was answered for the sheets of one month is not asked of the next month's where it
// stands there, and says nothing of sheets that it was not said of.
func TestAnswersOfSheetsAreRememberedForThemAlone(t *testing.T) {
	book := func(kind string, names ...string) []byte {
		var sheets []Sheet
		for i, name := range names {
			value := "=300"
			if i > 0 && kind != "period" {
				value = "=200" // a district of it
			}
			switch kind {
			case "period":
				sheets = append(sheets, Sheet{Name: name, Rows: [][]any{r("指标", "地区", "数值", "单位"), r("ai-compute", "大连市", value, "PFlops")}})
			default:
				sheets = append(sheets, Sheet{Name: name, Rows: [][]any{r("指标", "2025年"+kind), r("ai-compute(PFlops)", value)}})
			}
		}
		return XLSX(sheets...)
	}
	d := newDesk(t)
	send := func(body []byte, answers map[string]string) schema.Receipt {
		t.Helper()
		got, err := d.Run(t.Context(), Submission{Feed: schema.Feed{Name: "power"}, Name: "表.xlsx", Body: bytes.NewReader(body), Actor: "desk", Answers: answers})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	keys := func(r schema.Receipt) (out []string) {
		for _, q := range r.Questions {
			out = append(out, q.Key+":"+strings.Join(q.Candidates, "/"))
		}
		return out
	}
	if got := send(book("period", "2025年5月", "2025年6月"), nil); got.Status != schema.Accepted {
		t.Fatalf("%s %+v %+v", counts(got), got.Questions, got.Problems)
	}
	if got := send(book("period", "2025年7月", "2025年8月"), nil); got.Status != schema.Accepted {
		t.Fatalf("%s %+v %+v", counts(got), got.Questions, got.Problems)
	}
	first := send(book("6月", "综合表", "中山区"), nil)
	if got := keys(first); !slices.Equal(got, []string{"region@综合表:", "region@中山区:中山区"}) {
		t.Fatalf("asked %q", got)
	}
	said := map[string]string{"region@综合表": "大连市", "region@中山区": "中山区"}
	if got := send(book("6月", "综合表", "中山区"), maps.Clone(said)); got.Status != schema.Accepted {
		t.Fatalf("%s %+v %+v", counts(got), got.Questions, got.Problems)
	}
	if got := send(book("7月", "综合表", "中山区"), nil); got.Status != schema.Accepted || len(got.Answers) != 2 {
		t.Fatalf("%s %q %+v", counts(got), keys(got), got.Problems)
	}
	if got := keys(send(book("8月", "2025年8月上报", "2025年8月复核"), nil)); !slices.Equal(got, []string{"region@2025年8月上报:", "region@2025年8月复核:"}) {
		t.Fatalf("asked %q", got)
	}
	if got := send(book("8月", "2025年8月上报", "2025年8月复核"), map[string]string{"region@2025年8月上报": "大连市", "region@2025年8月复核": "中山区"}); got.Status != schema.Accepted {
		t.Fatalf("%s %+v %+v", counts(got), got.Questions, got.Problems)
	}
	if got := keys(send(book("9月", "2025年9月上报", "2025年9月复核"), nil)); !slices.Equal(got, []string{"region@2025年9月上报:大连市", "region@2025年9月复核:中山区"}) {
		t.Fatalf("asked %q", got)
	}
}

// Property: whatever is drawn of names, titles and axes of a workbook's sheets, what is
// taken without a question is of the month and place that each sheet is of.
func TestSheetsAtRandomAreNeverTakenForEachOther(t *testing.T) {
	p := newDesk(t).Pipeline
	d := rand.New(rand.NewPCG(11, 29))
	districts := []string{"中山区", "西岗区", "沙河口区", "甘井子区", "旅顺口区", "金州区"}
	straight := 0
	for n := range 400 {
		first, place, by := 1+d.IntN(8), d.IntN(3), d.IntN(4)
		var sheets []Sheet
		var want []string
		for i := range 2 + d.IntN(3) {
			month, region := first+i, "大连市"
			if place > 0 && by == 3 {
				month, region = first, districts[i]
			}
			when := fmt.Sprintf("2025年%d月", month)
			name := []string{when, fmt.Sprintf("%d月", month), fmt.Sprint("表", i+1), region}[by]
			if by == 3 && place == 0 {
				name = fmt.Sprint(region, i)
			}
			if d.IntN(12) == 0 {
				name = fmt.Sprint("补充", i)
			}
			title := []string{"", "2025年主要余额", when + "主要余额", fmt.Sprintf("2025年%d月主要余额", first+2)}[min(d.IntN(9), 3)*d.IntN(2)]
			if title == "2025年主要余额" && by != 1 || !strings.Contains(title, when) && !strings.Contains(name, "月") {
				title = ""
			}
			value := fmt.Sprint(100*(n%9+1) + i)
			indicator := "甲余额" + string([]rune("子丑寅卯辰")[i*d.IntN(2)])
			rows := [][]any{r(title)}
			switch {
			case by == 3 || d.IntN(8) == 0:
				rows = append(rows, r("指标", "单位", when), r(indicator, "亿元", "="+value))
				if place == 0 {
					rows = append([][]any{r("地区：" + region)}, rows...)
				}
			case d.IntN(2) == 0:
				rows = append(rows, r("指标", "单位", region), r(indicator, "亿元", "="+value))
			default:
				rows = append(rows, r("指标", "地区", "数值", "单位"), r(indicator, region, "="+value, "亿元"))
			}
			sheets = append(sheets, Sheet{Name: name, Rows: rows})
			want = append(want, fmt.Sprintf("%s|%s|2025-%02d|%s", indicator, region, month, value))
		}
		seen, err := p.Preview(t.Context(), Submission{Name: "表.xlsx", Body: bytes.NewReader(XLSX(sheets...))})
		if err != nil {
			t.Fatal(err)
		}
		if seen.Receipt.Status != schema.Accepted {
			continue
		}
		straight++
		var got []string
		for _, row := range seen.Rows {
			got = append(got, strings.Join([]string{row.Indicator, plainText(row.Region), row.Period, row.Value}, "|"))
		}
		slices.Sort(want)
		if slices.Sort(got); !slices.Equal(got, want) {
			t.Fatalf("got %q\nwant %q\nof %v", got, want, sheets)
		}
	}
	if straight < 80 {
		t.Errorf("%d of 400 went straight through", straight)
	}
}

// Days on the edges of months in a tidy file are asked about where an indicator is not
// reported by days; each candidate leads in.
func TestDaysOfATidyFileThatStandForMonths(t *testing.T) {
	of := func(indicator string, days ...string) (text string) {
		text = "指标,地区,时期,数值,单位\n"
		for i, day := range days {
			value := 400 + 100*i
			if indicator == "gdp" {
				value = 400 + 400*i // since January
			}
			text += fmt.Sprintf("%s,大连市,%s,%d,%s\n", indicator, day, value, map[string]string{"ai-compute": "PFlops", "gdp": "亿元"}[indicator])
		}
		return text
	}
	for name, c := range map[string]struct {
		text, keys string
		answer     string
		want       []string
	}{
		"first days":       {of("ai-compute", "2025-05-01", "2025-06-01", "2025-07-01"), "frequency:month", "month", []string{"2025-05", "2025-06", "2025-07"}},
		"last days":        {of("ai-compute", "2025/1/31", "2025/2/28"), "frequency:month", "M", []string{"2025-01", "2025-02"}},
		"one day":          {of("ai-compute", "2025-05-01"), "frequency:month", "month", []string{"2025-05"}},
		"quarters":         {of("gdp", "2024-03-31", "2024-06-30"), "frequency:quarter", "quarter", []string{"2024-Q1", "2024-Q2"}},
		"years":            {of("gdp", "2022-12-31", "2023-12-31"), "frequency:quarter/year", "year", []string{"2022", "2023"}},
		"within the month": {of("ai-compute", "2025-05-15"), "", "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			got := d.send(t, c.text)
			var keys []string
			for _, q := range got.Questions {
				keys = append(keys, q.Key+":"+strings.Join(q.Candidates, "/"))
			}
			if strings.Join(keys, " ") != c.keys {
				t.Fatalf("%s asked %q, want %q: %+v", counts(got), keys, c.keys, got.Problems)
			}
			if c.answer == "" {
				if got.Status != schema.Refused {
					t.Errorf("%s", counts(got))
				}
				return
			}
			got = d.send(t, c.text, func(s *Submission) { s.Answers = map[string]string{"frequency": c.answer, "basis": "ytd"} })
			var periods []string
			for _, o := range d.shelf.rows {
				periods = append(periods, o.Period.String())
			}
			if !slices.Equal(periods, c.want) {
				t.Errorf("%s %q, want %q: %+v %+v", counts(got), periods, c.want, got.Problems, got.Questions)
			}
		})
	}
}

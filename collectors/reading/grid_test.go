package reading

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"yardstick/collectors/reading/account"
	"yardstick/collectors/reading/written"
	"yardstick/collectors/table"
	"yardstick/schema/targets"
)

// openTable reads a text as its first table.
func openTable(t testing.TB, text string) *table.Table {
	t.Helper()
	file, problems, err := table.Read(t.Context(), bytes.NewReader([]byte(text)), "f.csv", table.Limits{})
	if err != nil || len(problems) > 0 || len(file.Tables) == 0 {
		return nil
	}
	return file.Tables[0]
}

func TestAnAnswerSettlesWhatATableLeavesOpen(t *testing.T) {
	for name, c := range map[string]struct {
		text  string
		given map[string]string
		want  string
	}{
		"indicator and unit":  {"地区,2024年,2023年\n大连,1,2\n", map[string]string{"indicator": "甲产值", "unit": "亿元"}, "甲产值|大连|2024 |1|亿元|[]||"},
		"region":              {"指标,2024年,2023年\n甲(亿元),1,2\n", map[string]string{"region": "大连"}, "甲|大连|2024 |1|亿元|[]||"},
		"period":              {"指标,大连,沈阳\n甲(亿元),1,2\n", map[string]string{"period": "2024"}, "甲|大连|2024 |1|亿元|[]||"},
		"year":                {"地区：大连\n指标,1-2月,1-3月\n甲(亿元),1,2\n", map[string]string{"year": "2025"}, "甲|大连|2025-02 ytd|1|亿元|[]||"},
		"basis":               {"地区：大连\n指标,2025年5月,2025年4月\n甲(亿元),1,2\n", map[string]string{"basis": "ytd"}, "甲|大连|2025-05 |1|亿元|[ytd]||"},
		"a heading's region":  {"指标,2024年,2023年\n大连,,\n甲(亿元),1,2\n", map[string]string{"heading": "region"}, "甲|大连|2024 |1|亿元|[]||"},
		"a column":            {"地区：大连\n指标,2024年,2023年,2022年,增长%\n甲(亿元),1,2,3,4\n", map[string]string{"column.增长%": "ignore"}, "甲|大连|2024 |1|亿元|[]||"},
		"days that are month": {"地区：大连\n日期,甲余额(亿元)\n2025-03-01,1\n2025-06-01,2\n", map[string]string{"frequency": "month"}, "甲余额|大连|2025-03 |1|亿元|[]||"},
		"the axis":            {"大连行业产值\n地区：大连\n单位：亿元\n,2024年,2023年\n甲业,1,2\n乙业,3,4\n", map[string]string{"rows": "indicator"}, "甲业|大连|2024 |1|亿元|[]||"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, open := read(t, c.text, nil); len(open.Questions) == 0 {
				t.Error("nothing is asked")
			}
			got, found := read(t, c.text, c.given)
			if len(found.Questions)+len(found.Problems) > 0 {
				t.Fatalf("still open: %+v %+v", found.Questions, found.Problems)
			}
			if l := line(got[0]); l != c.want {
				t.Errorf("got %s, want %s", l, c.want)
			}
		})
	}
}

func TestASheetThatIsNoTableIsAskedAboutAndOneWithoutFiguresLeftOut(t *testing.T) {
	register, err := targets.Load()
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"5,6,7\n8,9,1\n": account.AskSheet,
		"指标名称,频度,开始时间,结束时间\n甲,月,2020-01,2025-01\n": account.ExcludedSheet,
		"说明\n本表由各区报送\n":                            account.ExcludedSheet,
	} {
		found := &account.Findings{}
		o := account.Options{Headers: register.Indicators, Sheets: 2}
		if err := Read(t.Context(), openTable(t, text), o, found, func(*account.Candidate) error { t.Error("a figure"); return nil }); err != nil {
			t.Fatal(err)
		}
		code := ""
		for _, q := range found.Questions {
			code = q.Code
		}
		for _, p := range found.Excluded {
			code = p.Code
		}
		if code != want || len(found.Problems) > 0 {
			t.Errorf("%q: %s, want %s (%+v)", text, code, want, found.Problems)
		}
	}
}

func TestWhatIsLeftOutOfATableIsListed(t *testing.T) {
	text := "某市销售额,,,,\n指标：甲销售额,,,,\n单位：亿元,,,,\n年,大连,,沈阳,合计\n2022,1.5,,~,1.5\n2023,2.5,r,3.5,6\n合计,4,,3.5,7.5\n\n~  没有数字,,,,\n注：初步数,共 5 项,,,\n数据来源：大连市统计局,,,,\n"
	got, found := read(t, text, nil)
	if len(got) != 4 || len(found.Problems)+len(found.Questions) > 0 {
		t.Fatalf("%d figures, %+v %+v", len(got), found.Problems, found.Questions)
	}
	n := map[string]int{}
	for _, p := range found.Excluded {
		n[p.Code]++
	}
	if n[account.ExcludedTotal] != 2 || n[account.ExcludedPreamble] != 3 || n[account.ExcludedNote] != 3 {
		t.Errorf("left out: %v", n)
	}
	if got[1].State != "O" || got[1].Number != nil || got[2].State != "A" {
		t.Errorf("flags: %q %q", got[1].State, got[2].State)
	}
}

func TestPlacesAreToldFromOtherNames(t *testing.T) {
	r := &account.Reader{Options: account.Options{Headers: mustRegister(t).Indicators}}
	for name, want := range map[string]bool{"大连": true, "大连市": true, "内蒙古自治区": true, "香港特区": true, "廣東省": true, "海州区": true, "澳門": true,
		"地区": false, "城镇地区": false, "其他城市": false, "工业": false, "建成区": false, "国内生产总值": false, "": false} {
		if got := r.LikePlace(name); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func mustRegister(t testing.TB) *targets.Register {
	t.Helper()
	register, err := targets.Load()
	if err != nil {
		t.Fatal(err)
	}
	return register
}

// Whatever the cells hold, reading ends without a panic, no candidate stands
// on a row of notes, and no figure is given that its cell does not hold.
func FuzzRead(f *testing.F) {
	paths, err := filepath.Glob("testdata/feeds/*.csv")
	if err != nil {
		f.Fatal(err)
	}
	for _, p := range paths {
		if strings.HasSuffix(p, ".truth.csv") {
			continue
		}
		b, err := os.ReadFile(p)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(b))
	}
	for _, s := range []string{",\n,", "指标,2024年\n", "2024\n2023\n", "年,月\n2024,1\n", "地区,2024,2023\n,1,2\n", "指标：甲\n,2024年,2023年\n,,\n,1,\n", "单位：\n地区：\n\n指标,1月\n甲,1"} {
		f.Add(s)
	}
	register := mustRegister(f)
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 1<<14 {
			return
		}
		tab := openTable(t, text)
		if tab == nil {
			return
		}
		found := &account.Findings{}
		err := Read(t.Context(), tab, account.Options{Headers: register.Indicators}, found, func(c *account.Candidate) error {
			if strings.HasPrefix(c.Written(account.Indicator), "注：") && c.Number == nil {
				t.Errorf("a candidate of a note: %s", line(*c))
			}
			if c.Number != nil {
				if n := written.ReadNumber(c.Cell(account.Value).Text, tab.Delimiter); !strings.Contains(text, "UNIT_MULT") && (n.Value == nil || !n.Value.Equal(*c.Number)) {
					t.Errorf("%q is given as %s", c.Cell(account.Value).Text, c.Number)
				}
			}
			if c.Bad&account.Period == 0 && c.When.IsZero() {
				t.Error("a figure without a period is not marked")
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, q := range found.Questions {
			if q.Key == "" || q.Zh == "" || strings.HasPrefix(q.Zh, "question-") || strings.HasPrefix(q.Why.Zh, "why-") {
				t.Errorf("question %+v", q)
			}
		}
	})
}

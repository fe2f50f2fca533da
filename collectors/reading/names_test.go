package reading

import (
	"slices"
	"testing"

	"yardstick/collectors/reading/account"
	"yardstick/collectors/table"
	"yardstick/schema"
)

// labelOf reads a sheet's name beside some of its cells.
func labelOf(name string, cells ...string) label {
	places := func(n string) bool {
		return slices.Contains([]string{"中山区", "西岗区", "大连", "大连市"}, n)
	}
	o := account.Options{Regions: places, Headers: headers{}}
	l := label{reader: account.NewReader(&table.Table{Sheet: name}, o, &account.Findings{}, nil), texts: map[schema.Period]string{}}
	l.name(name, o)
	for _, c := range cells {
		l.see(c, true)
	}
	return l
}

// headers knows none.
type headers struct{}

func (headers) Header(string) (string, bool) { return "", false }

func TestTheNameOfASheetIsHeldAgainstItsCells(t *testing.T) {
	for _, c := range []struct {
		kind, name string
		cells      []string
		answer     string
		sure       bool
	}{
		{"period", "2025年5月", nil, "2025年5月", true},
		{"period", "2025-05", []string{"2025年5月主要指标"}, "2025-05", true},
		{"period", "202505", []string{"填报日期：2025年6月10日"}, "202505", true},
		{"period", "2025年5月数据", []string{"1-5月累计"}, "2025年5月", true},
		{"period", "2025年5月", []string{"2025年6月主要指标"}, "2025年5月", false},
		{"period", "2025年5月", []string{"6月份报表"}, "2025年5月", false},
		{"period", "2024年二季度", []string{"4月", "6月"}, "2024年二季度", true},
		{"period", "2024年二季度", []string{"7月"}, "2024年二季度", false},
		{"period", "5月", []string{"大连市2024年主要指标"}, "2024年5月", true},
		{"period", "5月", []string{"2024年主要指标", "2023年对比"}, "2024年5月", false},
		{"period", "5月", nil, "", false},
		{"period", "中山区", nil, "", false},
		{"period", "1-2", []string{"2024年主要指标"}, "", false},
		{"period", "3", []string{"2024年主要指标"}, "", false},
		{"period", "2024-1", nil, "2024-1", true},
		{"year", "2023年", []string{"1月", "12月"}, "2023", true},
		{"year", "2023年", []string{"2022年同期"}, "2023", false},
		{"year", "2023年5月", []string{"12月"}, "2023", false},
		{"year", "2023年5月", []string{"4月"}, "2023", true},
		{"region", "中山区", []string{"主要指标"}, "中山区", true},
		{"region", "中山区", []string{"大连市主要指标"}, "中山区", false},
		{"region", "大连", []string{"大连市主要指标"}, "大连", true},
	} {
		l := labelOf(c.name, c.cells...)
		answer, sure := "", false
		if l.reads(c.kind) {
			answer, sure, _ = l.answers(c.kind, "表.xlsx")
		}
		if answer != c.answer || sure != c.sure {
			t.Errorf("%s of %s beside %q: %q %v, want %q %v", c.kind, c.name, c.cells, answer, sure, c.answer, c.sure)
		}
	}
	for file, want := range map[string]string{"2025年报.xlsx": "2025", "a/2024-2025.xls": "", "20250101.csv": "", "表_2023.et": "2023"} {
		if got := fileYear(file); got != want {
			t.Errorf("%s: %q, want %q", file, got, want)
		}
	}
}

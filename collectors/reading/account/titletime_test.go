package account

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"yardstick/collectors/table"
	"yardstick/schema"
	"yardstick/schema/targets"
)

func pickOne[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

func titleReader(t testing.TB) *Reader {
	t.Helper()
	return NewReader(&table.Table{}, Options{Regions: func(name string) bool { return name == "盘锦市" || name == "双台子区" }}, &Findings{}, nil)
}

// madeTitle is a title with its truth: a period, or that it is no one's.
type madeTitle struct{ text, period string }

// makeTitle puts a year and a part of it together as people do.
func makeTitle(r *rand.Rand) madeTitle {
	y := 2003 + r.IntN(25)
	m := 2 + r.IntN(11)
	q := 1 + r.IntN(4)
	numeral := func(n int) string { return strings.Split("零一二三四五六七八九", "")[n] }
	months := strings.Split("零,一,二,三,四,五,六,七,八,九,十,十一,十二", ",")
	year := pickOne(r, []string{fmt.Sprintf("%d年", y), fmt.Sprintf("%d年度", y), fmt.Sprintf("%d 年", y),
		"二〇" + numeral(y/10%10) + numeral(y%10) + "年"})
	type part struct{ text, period string }
	p := pickOne(r, []part{
		{"", fmt.Sprintf("%d", y)}, {"", fmt.Sprintf("%d", y)},
		{"上半年", fmt.Sprintf("%d-Q2 ytd", y)}, {"前三季度", fmt.Sprintf("%d-Q3 ytd", y)},
		{"H1", fmt.Sprintf("%d-Q2 ytd", y)}, {"1-2季度", fmt.Sprintf("%d-Q2 ytd", y)},
		{numeral(q) + "季度", fmt.Sprintf("%d-Q%d", y, q)}, {fmt.Sprintf("Q%d", q), fmt.Sprintf("%d-Q%d", y, q)},
		{[]string{"", "Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ"}[q] + "季度", fmt.Sprintf("%d-Q%d", y, q)},
		{fmt.Sprintf("%d月", m), fmt.Sprintf("%d-%02d", y, m)}, {months[m] + "月份", fmt.Sprintf("%d-%02d", y, m)},
		{fmt.Sprintf("1-%d月", m), fmt.Sprintf("%d-%02d ytd", y, m)}, {fmt.Sprintf("1月—%d月份", m), fmt.Sprintf("%d-%02d ytd", y, m)},
		{fmt.Sprintf("前%d个月", m), fmt.Sprintf("%d-%02d ytd", y, m)}, {"一至" + months[m] + "月", fmt.Sprintf("%d-%02d ytd", y, m)},
	})
	place, what := pickOne(r, []string{"盘锦市", "双台子区", ""}), pickOne(r, []string{"主要经济指标", "地区生产总值", "国民经济运行情况", "充电桩数"})
	text := pickOne(r, []string{
		place + year + p.text + what, year + p.text + place + what, year + place + p.text + what,
		place + year + what + "（" + p.text + "）", place + what + "(" + year + p.text + ")", year + what + " " + p.text,
	})
	if p.text == "" {
		text = strings.ReplaceAll(text, "（）", "")
	}
	if r.IntN(6) == 0 { // as machines write it
		d := pickOne(r, []string{"%d-%02d", "%d.%02d", "%d/%02d", "%d%02d"})
		return madeTitle{fmt.Sprintf(d, y, m) + place + what, fmt.Sprintf("%d-%02d", y, m)}
	}
	switch r.IntN(8) {
	case 0: // a day, another year, another part: whose are the figures?
		return madeTitle{text + pickOne(r, []string{fmt.Sprintf("（%d年7月15日发布）", y), fmt.Sprintf("及%d年", y-1), fmt.Sprintf(" %d-07-15", y+1)}), ""}
	case 1:
		if p.text == "" {
			return madeTitle{text + pickOne(r, []string{"（第7期）", "半年报", "（中旬）"}), ""}
		}
	}
	return madeTitle{text, p.period}
}

// A title's period is all that it says of time: no piece of it is passed over.
func TestATitleSaysAllOfItsTime(t *testing.T) {
	for seed := range uint64(20_000) {
		r := rand.New(rand.NewPCG(seed, 7))
		one := makeTitle(r)
		reader := titleReader(t)
		titles := []Facet{{Text: one.text}}
		if n := strings.IndexAny(one.text, " （("); r.IntN(3) == 0 && n > 0 { // in two cells
			titles = []Facet{{Text: one.text[:n]}, {Text: strings.TrimSpace(one.text[n:])}}
		}
		at, p, _, ok := reader.TitlePeriod(Facts{Titles: titles})
		got := ""
		if ok {
			got = strings.TrimSpace(p.Period.String() + " " + string(p.Basis))
		}
		if got != one.period {
			t.Errorf("seed %d: %v is read as %q (%s), and says %q", seed, titles, got, at.Text, one.period)
		}
		if t.Failed() && seed > 3000 {
			return
		}
	}
}

// What is offered for a title is what it may mean as a whole, never a piece of it alone
// before that.
func TestWhatATitleMayMeanIsOffered(t *testing.T) {
	for title, first := range map[string]string{
		"盘锦市2019年主要指标（第4期）": "2019年4月",
		"2021年盘锦市半年报":       "2021年上半年",
		"盘锦市2018年及2019年7月":  "2019年7月",
		"二〇二二年统计公报附表（中旬）":   "2022年",
		"盘锦市2016年3月6日之前的情况": "",
	} {
		got := titleReader(t).TitleTimes([]Facet{{Text: title}})
		if got.Whole && first != "" && len(got.Said) == 1 {
			t.Errorf("%s: whole, %v", title, got.Said)
		}
		if (len(got.Offers) > 0) != (first != "") || first != "" && got.Offers[0] != first {
			t.Errorf("%s: %v are offered", title, got.Offers)
		}
	}
}

// A report of months without its month is no year's.
func TestAMonthlyReportIsNoYears(t *testing.T) {
	for title, want := range map[string]bool{"盘锦市2019年统计月报": false, "2019年月度指标": false, "盘锦市2019年季报": false, "盘锦市2019年统计公报": true, "盘锦市2019年5月统计月报": true} {
		if _, _, whole, ok := titleReader(t).TitlePeriod(Facts{Titles: []Facet{{Text: title}}}); !ok || whole != want {
			t.Errorf("%s: %v %v", title, whole, ok)
		}
	}
}

// The number of a table, or of a part of a report, is none of the name its title gives.
func TestANumberedTitleNamesItsIndicator(t *testing.T) {
	register, err := targets.Load()
	if err != nil {
		t.Fatal(err)
	}
	r := NewReader(&table.Table{}, Options{Headers: register.Indicators, Known: func(name string) (string, schema.Basis, bool) { return "x", "", name == "充电桩数" }, Regions: func(string) bool { return false }}, &Findings{}, nil)
	for title, want := range map[string]string{
		"表2 充电桩数（个）": "充电桩数(个)", "表3：充电桩数": "充电桩数", "一、充电桩数（个）": "充电桩数(个)", "（二）2019年充电桩数": "充电桩数",
		"附表1-2 2019年1-6月充电桩数情况": "充电桩数", "附件：充电桩数": "充电桩数", "表4 加油站数（个）": "",
	} {
		if got := r.NamedTitle(Facts{Titles: []Facet{{Text: title}}}); got.Text != want {
			t.Errorf("%s: %q, want %q", title, got.Text, want)
		}
	}
}

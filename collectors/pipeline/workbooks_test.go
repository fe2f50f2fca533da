package pipeline

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"yardstick/schema"
)

// r makes a row: text for words, numbers where it begins with =.
func r(cells ...string) []any {
	out := make([]any, len(cells))
	for i, c := range cells {
		switch n, number := strings.CutPrefix(c, "="); {
		case number:
			out[i] = Number(n)
		case c != "":
			out[i] = c
		}
	}
	return out
}

type bookCase struct {
	name   string
	sheets []Sheet
	status schema.ReceiptStatus
	want   []string // indicator|unit|region|period|basis|value; of a file that is taken
	keys   []string // of the questions
}

func bookCases() []bookCase {
	one := func(rows ...[]any) []Sheet { return []Sheet{{Name: "Sheet1", Rows: rows}} }
	good := [][]any{r("地区：大连"), r("指标", "2021年", "2020年"), r("甲产值(亿元)", "=1", "=2")}
	goodWant := []string{"甲产值|亿元|大连|2021||1", "甲产值|亿元|大连|2020||2"}
	return []bookCase{
		{"months merged above the month's figure and the total", []Sheet{{Name: "快报", Merges: [][4]int{{1, 1, 1, 5}, {3, 3, 2, 3}, {3, 3, 4, 5}, {3, 4, 1, 1}}, Rows: [][]any{
			r("大连市主要指标快报"), r("地区：大连", "", "", "", "单位：亿元"), r("指标", "2021年12月", "", "2021年11月", ""), r("", "当月", "累计", "当月", "累计"),
			r("甲产值", "=1.5", "=20", "=1.4", "=18.5"),
		}}}, schema.Accepted, []string{"甲产值|亿元|大连|2021-12|period|1.5", "甲产值|亿元|大连|2021-12|ytd|20", "甲产值|亿元|大连|2021-11|period|1.4", "甲产值|亿元|大连|2021-11|ytd|18.5"}, nil},
		{"growth beside the total", one(r("地区：大连"), r("指标", "2021年1-9月", "", "2021年1-8月", ""), r("", "绝对额", "同比增长%", "绝对额", "同比增长%"), r("甲产值(亿元)", "=5", "=3.3", "=4", "=3.1")),
			schema.Accepted, []string{"甲产值|亿元|大连|2021-08|ytd|4", "甲产值|亿元|大连|2021-09|ytd|5", "甲产值同比增长|%|大连|2021-08|ytd|3.1", "甲产值同比增长|%|大连|2021-09|ytd|3.3"}, nil},
		{"regions merged above indicators", []Sheet{{Name: "表", Merges: [][4]int{{1, 1, 2, 3}, {1, 1, 4, 5}}, Rows: [][]any{
			r("年份", "大连", "", "沈阳", ""), r("", "甲产值(亿元)", "年末人口(万人)", "甲产值(亿元)", "年末人口(万人)"), r("2020", "=1", "=2", "=3", "=4"), r("2021", "=5", "=6", "=7", "=8"),
		}}}, schema.Accepted, []string{"甲产值|亿元|大连|2020||1", "年末人口|万人|大连|2020||2", "甲产值|亿元|沈阳|2020||3", "年末人口|万人|沈阳|2020||4",
			"甲产值|亿元|大连|2021||5", "年末人口|万人|大连|2021||6", "甲产值|亿元|沈阳|2021||7", "年末人口|万人|沈阳|2021||8"}, nil},
		{"a hidden sheet of drafts", append(one(good...), Sheet{Name: "底稿", Hidden: true, Rows: [][]any{r("指标", "2021年"), r("甲产值(亿元)", "=9")}}), schema.Accepted, goodWant, nil},
		{"a sheet of explanations", append(one(good...), Sheet{Name: "说明", Rows: [][]any{r("填报说明"), r("一、按现价计算"), r("二、不含农户")}}), schema.Accepted, goodWant, nil},
		{"a sheet of scratch figures", append(one(good...), Sheet{Name: "临时", Rows: [][]any{r("=5", "=6"), r("=7", "=8")}}), schema.Asked, nil, []string{"sheet.临时"}},
		{"two sheets that differ on a figure", append(one(good...), Sheet{Name: "Sheet2", Rows: [][]any{r("地区：大连"), r("指标", "2021年"), r("甲产值(亿元)", "=9")}}), schema.Refused, nil, nil},
		{"a sheet for each region without its name inside", []Sheet{{Name: "大连", Rows: good[1:]}, {Name: "沈阳", Rows: good[1:]}}, schema.Asked, nil, []string{"region@大连", "region@沈阳"}},
		{"years as numbers and figures like years", one(r("指标：甲产量(吨)"), r("地区", "=2020", "=2021"), r("大连", "=2019", "=2022"), r("沈阳", "=1999", "=2000")),
			schema.Accepted, []string{"甲产量|吨|大连|2020||2019", "甲产量|吨|大连|2021||2022", "甲产量|吨|沈阳|2020||1999", "甲产量|吨|沈阳|2021||2000"}, nil},
		{"months written as numbers", one(r("地区：大连"), r("时间", "甲余额(亿元)"), r("=202101", "=1"), r("=202102", "=2")), schema.Accepted, []string{"甲余额|亿元|大连|2021-01||1", "甲余额|亿元|大连|2021-02||2"}, nil},
		{"October without its zero", one(r("地区：大连"), r("时间", "甲余额(亿元)"), r("=2021.09", "=1"), r("=2021.1", "=2"), r("=2021.11", "=3")), schema.Asked, nil, []string{"october"}},
		{"a total below in a merged row", []Sheet{{Name: "表", Merges: [][4]int{{4, 4, 1, 2}}, Rows: [][]any{
			r("地区", "指标", "2021年"), r("大连", "甲产值(亿元)", "=1"), r("沈阳", "甲产值(亿元)", "=2"), r("合计", "", "=3"),
		}}}, schema.Accepted, []string{"甲产值|亿元|大连|2021||1", "甲产值|亿元|沈阳|2021||2"}, nil},
		{"a unit row under the names", one(r("时间：2021年"), r("地区", "甲产值", "年末人口"), r("", "亿元", "万人"), r("大 连 市", "=1", "=2")), schema.Accepted, []string{"甲产值|亿元|大连市|2021||1", "年末人口|万人|大连市|2021||2"}, nil},
		{"a signature below", one(append(slices.Clone(good), r("填报人：某", "", "审核人：某"), r("联系电话：0411-0000000"))...), schema.Accepted, goodWant, nil},
		{"a column of ranks beside", one(r("指标：甲产值(亿元)"), r("地区", "2021年", "位次"), r("大连", "=1", "=2"), r("沈阳", "=3", "=1")), schema.Asked, nil, []string{"column.位次"}},
		{"last year in a column of its own", one(r("地区：大连"), r("时间：2021年"), r("指标", "单位", "本年", "上年"), r("甲产值", "亿元", "=1", "=2")), schema.Asked, nil, []string{"column.上年"}},
		{"figures as text with spaces and signs", one(r("地区：大连"), r("指标", "2021年", "2020年"), r("甲产值(亿元)", "1,234.50 ", "－")), schema.Accepted, []string{"甲产值|亿元|大连|2021||1234.50"}, nil},
		{"a forecast in the header", one(r("地区：大连"), r("指标", "2021年预计", "2020年"), r("甲产值(亿元)", "=1", "=2")), schema.Accepted, goodWant, nil},
		{"a title for an indicator's own column", one(r("地区：大连"), r("单位：亿元"), r("指标", "2021年", ""), r("", "绝对额", "上年同期"), r("甲产值", "=1", "=2")), schema.Asked, nil, []string{"column.上年同期"}},
		{"a value column with its unit", one(r("地区：大连"), r("时间：2021年"), r("指标", "数值(亿元)"), r("甲产值", "=1"), r("乙产值", "=2")), schema.Accepted, []string{"甲产值|亿元|大连|2021||1", "乙产值|亿元|大连|2021||2"}, nil},
	}
}

// The same cells in the old and the new format: read right and whole, or asked
// about, or refused.
func TestMadeUpWorkbooksAreReadRightOrNotAtAll(t *testing.T) {
	p := newDesk(t).Pipeline
	for _, c := range bookCases() {
		for format, write := range map[string]func(...Sheet) []byte{"xlsx": XLSX, "xls": XLS} {
			t.Run(c.name+"/"+format, func(t *testing.T) {
				seen, err := p.Preview(t.Context(), Submission{Name: "表." + format, Body: bytes.NewReader(write(c.sheets...))})
				if err != nil {
					t.Fatal(err)
				}
				var keys []string
				for _, q := range seen.Receipt.Questions {
					keys = append(keys, q.Key)
				}
				if seen.Receipt.Status != c.status || !slices.Equal(keys, c.keys) {
					t.Errorf("%s %v, want %s %v: %+v %+v", seen.Receipt.Status, keys, c.status, c.keys, seen.Receipt.Problems, seen.Receipt.Questions)
				}
				if seen.Receipt.Status != schema.Accepted {
					return
				}
				var got []string
				for _, row := range seen.Rows {
					if row.Value != "" {
						got = append(got, strings.Join([]string{row.Indicator, row.Unit, plainText(row.Region), row.Period, row.Basis, row.Value}, "|"))
					}
				}
				want := slices.Clone(c.want)
				slices.Sort(got)
				slices.Sort(want)
				if !slices.Equal(got, want) {
					t.Errorf("got %q\nwant %q", got, want)
				}
			})
		}
	}
}

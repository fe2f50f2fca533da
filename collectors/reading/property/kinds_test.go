package property

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"yardstick/collectors/pipeline"
	"yardstick/schema"
)

// bookOf makes a sheet of lines whose cells stand between strokes.
func bookOf(text string) *book {
	b := &book{}
	for line := range strings.Lines(text) {
		var row []cell
		for _, c := range strings.Split(strings.TrimRight(line, "\n"), "|") {
			row = append(row, cell{text: strings.ReplaceAll(c, "⏎", "\n"), number: true})
		}
		b.add(row...)
	}
	b.square()
	return b
}

// preview reads a file: its figures, a line each, and what is open.
func preview(t *testing.T, name string, body []byte, answers map[string]string) (figures []string, r schema.Receipt) {
	t.Helper()
	v, err := reader().Preview(t.Context(), pipeline.Submission{Name: name, Body: bytes.NewReader(body), Answers: answers})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range v.Rows {
		figures = append(figures, strings.Join([]string{f.Indicator, f.Unit, f.Region, f.Period, f.Basis, f.Value}, "|"))
	}
	return figures, v.Receipt
}

// open are the keys of what a receipt asks and the codes of what it refuses.
func open(r schema.Receipt) (out []string) {
	for _, q := range r.Questions {
		out = append(out, q.Key)
	}
	for _, p := range r.Problems {
		out = append(out, "!"+p.Code)
	}
	return out
}

// Each kind of table, by hand, as text, as a workbook and as a page: what is
// certain is read, and what is not is asked by the key given.
func TestKindsOfTablesAreReadInEveryFormat(t *testing.T) {
	for name, c := range map[string]struct{ text, figures, asked string }{
		"figures that could be years": {"2024年各区市县企业数\n地区|企业数(家)|产值(万元)\n中山区|1980|201205\n西岗区|2024|203101\n甘井子区|35|1034.5\n",
			"企业数|家|中山区|2024||1980 产值|万元|中山区|2024||201205 企业数|家|西岗区|2024||2024 产值|万元|西岗区|2024||203101 企业数|家|甘井子区|2024||35 产值|万元|甘井子区|2024||1034.5", ""},
		"figures that could be days": {"地区：大连市\n年份|出口额(万元)|进口额(万元)\n2022年|20240501|20231231\n2023年|20220101|19991231\n",
			"出口额|万元|大连市|2022||20240501 进口额|万元|大连市|2022||20231231 出口额|万元|大连市|2023||20220101 进口额|万元|大连市|2023||19991231", ""},
		"one row that could be years": {"单位：家\n地区：大连市\n指标|2023年|2024年\n规上企业数|1999|2001\n",
			"规上企业数|家|大连市|2023||1999 规上企业数|家|大连市|2024||2001", ""},
		"a part of an indicator by a column": {"地区|时期|登记类型|企业数(家)\n大连市|2024年|内资|35\n大连市|2023年|内资|30\n", "", "column.登记类型"},
		"a tidy part":                        {"指标|地区|时期|数值|单位|城乡\n企业数|大连市|2024|12|家|城镇\n企业数|大连市|2023|11|家|城镇\n", "", "column.城乡"},
		"a part that stands once":            {"地区|时期|所有制|投资额(亿元)\n大连市|2024年|国有|5.5\n", "", "column.所有制"},
		"names that hold 合计":                 {"地区：大连市\n年份|资产合计(亿元)|支出小计(亿元)\n2024年|5|6\n2023年|4|5\n", "资产合计|亿元|大连市|2024||5 支出小计|亿元|大连市|2024||6 资产合计|亿元|大连市|2023||4 支出小计|亿元|大连市|2023||5", ""},
		"a total over places":                {"2024年\n地区|企业数(家)\n中山区|5\n西岗区|6\n合计|11\n", "企业数|家|中山区|2024||5 企业数|家|西岗区|2024||6", ""},
		"amount and growth below a name": {"2025年1-9月各区市县主要指标\n地区|投资额||企业数|\n|绝对额(亿元)|增速(%)|总量(家)|位次\n中山区|12.5|-3.1|35|2\n",
			"投资额|亿元|中山区|2025-09|ytd|12.5 投资额增速|%|中山区|2025-09|ytd|-3.1 企业数|家|中山区|2025-09|ytd|35 企业数位次|位|中山区|2025-09|ytd|2", ""},
		"growth beside its indicator": {"2025年上半年\n地区|投资额(亿元)|同比增长(%)|占比(%)\n西岗区|8.5|4.2|12.3\n",
			"投资额|亿元|西岗区|2025-Q2|ytd|8.5 投资额同比增长|%|西岗区|2025-Q2|ytd|4.2 投资额占比|%|西岗区|2025-Q2|ytd|12.3", ""},
		"growth below its indicator": {"地区：大连市\n指标|单位|2024年\n粮食产量|万吨|120.5\n同比增长|%|3.2\n", "粮食产量|万吨|大连市|2024||120.5 粮食产量同比增长|%|大连市|2024||3.2", ""},
		"a month, the months since January and their growth": {"大连市2025年1-7月主要经济指标\n指标|单位|7月|1-7月|累计增长(%)\n用电量|亿千瓦时|12|80|5.5\n",
			"用电量|亿千瓦时|大连市|2025-07|period|12 用电量|亿千瓦时|大连市|2025-07|ytd|80 用电量累计增长|%|大连市|2025-07|ytd|5.5", ""},
		"plan, done and rate":         {"大连市2025年1-5月重点任务进展\n指标|单位|年度目标|累计完成|完成率(%)|牵头单位|备注\n新建泊位|个|12|5|41.7|交通局|\n", "新建泊位|个|大连市|2025-05|ytd|5", ""},
		"a plan alone":                {"大连市2025年\n指标|单位|年度目标\n新建泊位|个|12\n", "", "column.年度目标"},
		"an index and its base":       {"地区：大连市\n指标|2024年3月|2024年2月\n价格指数(上年同月=100)|100.1|100.7\n", "价格指数|上年同月=100|大连市|2024-03||100.1 价格指数|上年同月=100|大连市|2024-02||100.7", ""},
		"a unit seen nowhere else":    {"地区：大连市\n指标|2024年\n电影银幕(块)|812\n图书出版(万册)|12.5\n网络剧（万集）|3\n", "电影银幕|块|大连市|2024||812 图书出版|万册|大连市|2024||12.5 网络剧|万集|大连市|2024||3", ""},
		"units written otherwise":     {"地区：大连市\n年份|投资（单位：亿元）|企业数_家|利润增长%\n2024年|5|6|7\n", "投资|亿元|大连市|2024||5 企业数|家|大连市|2024||6 利润增长|%|大连市|2024||7", ""},
		"a signature":                 {"指标|地区|时期|数值|单位\n企业数|大连市|2024|12|家\n填报人：甲某|审核人：乙某|单位负责人：丙某|日期：2025年1月5日|\n", "企业数|家|大连市|2024||12", ""},
		"sections":                    {"大连市主要经济指标\n指标|2024年\n一、工业|\n规上工业产值(亿元)|5\n二、贸易|\n进出口总额(亿元)|6\n", "规上工业产值|亿元|大连市|2024||5 进出口总额|亿元|大连市|2024||6", ""},
		"a section that names":        {"大连市主要经济指标\n指标|2024年\n一、工业|\n增加值(亿元)|5\n", "", "heading"},
		"a header of two lines":       {"指标|地区|时期⏎(月)|数值⏎(当月末)|单位\n企业数|大连市|2025年5月|12|家\n", "企业数|家|大连市|2025-05|point|12", ""},
		"two numbers in a cell":       {"指标|地区|时期|数值|单位\n企业数|大连市|2025年5月|410⏎425|家\n", "", "!value-several"},
		"two numbers and a blank":     {"指标|地区|时期|数值|单位\n企业数|大连市|2025年5月|410 425|家\n", "", "seen.410 425"},
		"a column of blanks":          {"指标|地区|时期|数值|单位\n企业数|大连市|2025年5月|410 425|家\n企业数|大连市|2025年6月|411 300|家\n企业数|大连市|2025年7月|12|家\n", "企业数|家|大连市|2025-05||410425 企业数|家|大连市|2025-06||411300 企业数|家|大连市|2025-07||12", ""},
		"an October without its zero": {"指标|地区|时期|数值|单位\n企业数|大连市|2025.9|1|家\n企业数|大连市|2025.1|2|家\n企业数|大连市|2025.11|3|家\n", "", "october"},
		"a January":                   {"指标|地区|时期|数值|单位\n企业数|大连市|2025.1|1|家\n企业数|大连市|2025.2|2|家\n", "企业数|家|大连市|2025-01||1 企业数|家|大连市|2025-02||2", ""},
		"quarters by their first day": {"地区：大连市\n日期|存款余额(亿元)\n2023-01-01|5\n2023-04-01|6\n", "", "frequency"},
		"a growth of the later year":  {"地区：大连市\n指标|2024年|2023年|比上年增长(%)\n粮食产量(万吨)|5|4|25\n", "粮食产量|万吨|大连市|2024||5 粮食产量|万吨|大连市|2023||4 粮食产量比上年增长|%|大连市|2024||25", ""},
		"a whole beside its parts": {"2024年各县区人口情况\n地区|户籍人口(人)||\n|合计|男|女\n中山区|310|152|158\n",
			"户籍人口|人|中山区|2024||310 户籍人口男|人|中山区|2024||152 户籍人口女|人|中山区|2024||158", ""},
		"a growth below a growth": {"2025年上半年各区主要指标\n地区|工业增加值增速|\n|增速(%)|位次\n中山区|4.4|5\n",
			"工业增加值增速|%|中山区|2025-Q2|ytd|4.4 工业增加值增速位次|位|中山区|2025-Q2|ytd|5", ""},
		"this month's own": {"大连市2025年8月工业运行情况\n指标|单位|本月实际|本月同比增长(%)|1-本月累计|累计同比增长(%)\n用电量|亿千瓦时|12.3|4.2|95.6|5.1\n",
			"用电量|亿千瓦时|大连市|2025-08|period|12.3 用电量本月同比增长|%|大连市|2025-08|period|4.2 " +
				"用电量|亿千瓦时|大连市|2025-08|ytd|95.6 用电量累计同比增长|%|大连市|2025-08|ytd|5.1", ""},
		"a year's growth among years": {"大连市\n指标|2022年|2023年|2023年增速（%）\n粮食产量(万吨)|5|6|20\n",
			"粮食产量|万吨|大连市|2022||5 粮食产量|万吨|大连市|2023||6 粮食产量增速|%|大连市|2023||20", ""},
		"units at the right": {"大连市\n指标|2025年||单位|责任单位\n|5月|6月||\n存款余额|5|6|亿元|某局\n",
			"存款余额|亿元|大连市|2025-05||5 存款余额|亿元|大连市|2025-06||6", ""},
		"a remark of each figure": {"大连市\n指标|单位|2023年||2024年|\n||数值|备注|数值|备注\n充电桩|个|5|快报|6|\n",
			"充电桩|个|大连市|2023||5 充电桩|个|大连市|2024||6", ""},
		"a quarter of a running total":             {"指标|地区|时期|数值|单位\n地区生产总值|大连市|2025年二季度|5|亿元\n", "", "basis"},
		"a quarter of a running total by its code": {"指标|地区|时期|数值|单位\ngdp|大连市|2025年二季度|5|亿元\n", "gdp|亿元|大连市|2025-Q2||5", ""},
		"three periods and a growth":               {"地区：大连市\n指标|2024年|2023年|2022年|增长(%)\n粮食产量(万吨)|5|4|3|25\n", "", "column.增长(%)"},
	} {
		for format, file := range map[string]func(*book) (string, []byte){
			"csv":  func(b *book) (string, []byte) { return "t.csv", b.csv(false) },
			"xlsx": func(b *book) (string, []byte) { return "t.xlsx", b.xlsx(false, false) },
			"html": func(b *book) (string, []byte) { return "t.xls", b.html() },
		} {
			t.Run(name+"/"+format, func(t *testing.T) {
				c := c // changed below
				file, body := file(bookOf(c.text))
				figures, r := preview(t, file, body, nil)
				if format == "html" && c.asked == "!value-several" { // a break within a page's text is a blank
					c.asked = "seen.410 425"
				}
				if asked := strings.Join(open(r), " "); asked != c.asked {
					t.Errorf("open: %q, want %q: %+v %+v", asked, c.asked, r.Questions, r.Problems)
				}
				if want := strings.Fields(c.figures); c.asked == "" && !slices.Equal(figures, want) {
					t.Errorf("got\n%s\nwant\n%s", strings.Join(figures, "\n"), strings.Join(want, "\n"))
				}
			})
		}
	}
}

// Vendors' files are known by their head rows, with other names, places and series
// than those they were described by.
func TestVendorsFilesAreKnownByTheirHeadRows(t *testing.T) {
	for name, c := range map[string]struct{ text, figures string }{
		"Wind":                {"指标名称|乙市:用电量:当月值|乙市:贷款余额\n频率|月|季\n单位|亿千瓦时|亿元\n指标ID|M1|M2\n来源|统计局|人民银行\n更新时间|2025-05-01|2025-05-02\n2025-03-31|5|60\n2025-02-28|4|\n", "用电量:当月值|亿千瓦时|乙市|2025-03|period|5;贷款余额|亿元|乙市|2025-Q1||60;用电量:当月值|亿千瓦时|乙市|2025-02|period|4"},
		"Wind, years":         {"指标名称|丙省:粮食产量\n频率|年\n单位|万吨\n来源|统计局\n2024-12-31|5\n2023-12-31|4\n", "粮食产量|万吨|丙省|2024||5;粮食产量|万吨|丙省|2023||4"},
		"Choice":              {"序号|日期|丁市:投资额:累计值\n|指标名称|丁市:投资额:累计值\n|指标ID|E1\n|频率|月\n|单位|亿元\n|发布方|统计局\n1|2025-04|5\n2|2025-03|4\n", "投资额:累计值|亿元|丁市|2025-04|ytd|5;投资额:累计值|亿元|丁市|2025-03|ytd|4"},
		"Choice, two series":  {"序号|日期|丁市:利润:累计值|丁市:税收:累计值\n|指标名称|丁市:利润:累计值|丁市:税收:累计值\n|指标ID|E1|E2\n|频率|季|月\n|单位|亿元|亿元\n|发布方|统计局|税务局\n1|2025-03|5|7\n", "利润:累计值|亿元|丁市|2025-Q1|ytd|5;税收:累计值|亿元|丁市|2025-03|ytd|7"},
		"CEIC":                {"|Retail Sales: ytd: Beta\nRegion|China\nFrequency|Monthly\nUnit|RMB mn\nSource|Bureau\nStatus|Active\nSeries ID|36\nFirst Obs. Date|01/2020\nLast Obs. Date|04/2025\nLast Update Time|05/20/2025\n04/2025|5\n03/2025|4\n", "Retail Sales: ytd|RMB mn|Beta|2025-04|ytd|5;Retail Sales: ytd|RMB mn|Beta|2025-03|ytd|4"},
		"CEIC, place by line": {"|Loan Stock\nRegion|Gamma\nFrequency|\"Quarterly, ending \"\"Mar, Jun\"\"\"\nUnit|RMB bn\nSource|Bank\nStatus|Active\nSeries ID|37\n06/2025|5\n05/2025|\n03/2025|4\n", "Loan Stock|RMB bn|Gamma|2025-Q2||5;Loan Stock|RMB bn|Gamma|2025-Q1||4"},
	} {
		t.Run(name, func(t *testing.T) {
			b := bookOf(strings.ReplaceAll(c.text, `"`, ""))
			for file, body := range map[string][]byte{"t.csv": b.csv(true), "t.xlsx": b.xlsx(false, false)} {
				figures, r := preview(t, file, body, nil)
				var held []string
				for _, f := range figures {
					if !strings.HasSuffix(f, "|") {
						held = append(held, f)
					}
				}
				if got := strings.Join(held, ";"); got != c.figures || len(open(r)) > 0 {
					t.Errorf("%s: got\n%s\nopen %v", file, strings.Join(held, "\n"), open(r))
				}
			}
		})
	}
}

// The end of a month is the running total's last day, and a stock's: each indicator has the
// basis of the catalogue, in titles as in cells, and is one fact with 1-6月.
func TestTheEndOfAMonthIsTheRunningTotals(t *testing.T) {
	for text, want := range map[string]string{
		"大连市2024年5月末主要指标\n指标|单位|数值\n地区生产总值|亿元|3900.2\n智算算力规模|PFlops|44\n国企管理层级压缩|户|7\n":                         "ytd point cumulative",
		"指标|地区|时期|数值|单位\n第三产业增加值|大连市|截至2024年8月底|51.5|亿元\n高标准农田|大连市|2024年8月底|88|亩\n吸引集聚青年人|大连市|2024年8月末|660|人\n": "ytd point ytd",
		"地区：大连市\n指标|单位|2024年2月末|2024年3月末\n吸引集聚青年人|人|66|99\n平价菜店|家|5|6\n":                                        "ytd ytd point point",
	} {
		got, r := preview(t, "f.csv", bookOf(text).csv(false), nil)
		var bases []string
		for _, f := range got {
			bases = append(bases, strings.Split(f, "|")[4])
		}
		if strings.Join(bases, " ") != want {
			t.Errorf("%s: %v, %v", text, got, open(r))
		}
	}
	text := "大连市\n指标|单位|2024年3月末|2024年1-3月\n地区生产总值|亿元|1900|2000\n"
	if _, r := preview(t, "f.csv", bookOf(text).csv(false), nil); !slices.Contains(open(r), "!duplicate-differs") {
		t.Errorf("two figures of one fact: %v", open(r))
	}
}

package pipeline

import (
	"fmt"
	"slices"
)

// madeUpFeeds are all of them.
func madeUpFeeds() []madeUpFeed {
	return slices.Concat(tidyFeeds(), acrossFeeds(), downFeeds(), headerFeeds(), silentFeeds())
}

func many(names ...string) (out []series) {
	for _, n := range names {
		out = append(out, catalogue(n))
	}
	return out
}

// monthly are the figures of one month, for each series and place.
func monthly(ss []series, ps ...int) func(int) []madeUp {
	return func(month int) (out []madeUp) {
		for _, s := range ss {
			for _, p := range ps {
				out = append(out, s.figure(month, p))
			}
		}
		return out
	}
}

// growing are the figures from January to the month.
func growing(ss []series, ps ...int) func(int) []madeUp {
	return func(month int) (out []madeUp) {
		for m := 1; m <= month; m++ {
			out = append(out, monthly(ss, ps...)(m)...)
		}
		return out
	}
}

// recent are the figures of the last n months of the year so far.
func recent(n int, ss []series, ps ...int) func(int) []madeUp {
	return func(month int) (out []madeUp) {
		for m := max(1, month-n+1); m <= month; m++ {
			out = append(out, monthly(ss, ps...)(m)...)
		}
		return out
	}
}

func bracketed(s series) string { return s.name + "(" + s.written + ")" }

func tidyFeeds() []madeUpFeed {
	a := many("low-altitude-scenarios", "first-loan-centres", "ai-compute")
	b := many("high-growth-firms", "overseas-experts")
	c := many("ai-compute")
	d := many("young-talent", "large-events")
	return []madeUpFeed{
		{Name: "tidy-bom", About: "a column for each thing, UTF-8 with a mark", holds: monthly(a, 0), month: func(m int) (string, []byte) {
			r := rows{row("指标", "地区", "时期", "数值", "单位", "备注")}
			for _, s := range a {
				r = append(r, row(s.name, "大连市", fmt.Sprintf("2025年%d月", m), s.says(m, 0), s.written, "快报，未审定"))
			}
			return fmt.Sprintf("月报2025年%d月.csv", m), bom(r.csv())
		}},
		{Name: "tidy-codes-gz", About: "codes in English columns, compressed", holds: growing(b, 0), month: func(m int) (string, []byte) {
			r := rows{row("indicator", "region", "period", "value")}
			for n := 1; n <= m; n++ {
				for _, s := range b {
					r = append(r, row(s.code, "210200", fmt.Sprintf("2025-%02d", n), s.says(n, 0)))
				}
			}
			return fmt.Sprintf("export-2025%02d.csv.gz", m), gzipped(r.csv())
		}},
		{Name: "tidy-no-unit", About: "no column of units, GBK", Answers: map[string]string{"unit": "EFlops"}, holds: monthly(c, 0), month: func(m int) (string, []byte) {
			r := rows{row("指标名称", "地区", "月份", "数值")}
			for _, s := range c {
				r = append(r, row(s.name, "大连市", fmt.Sprintf("2025.%02d", m), s.says(m, 0)))
			}
			return fmt.Sprintf("算力%d月.csv", m), gbk(r.csv())
		}},
		{Name: "tidy-no-region-xlsx", About: "no column of regions, a sheet a month", Answers: map[string]string{"region": "大连市"}, holds: monthly(d, 0), month: func(m int) (string, []byte) {
			r := rows{row("指标", "单位", "时期", "口径", "数值")}
			for _, s := range d {
				r = append(r, row(s.name, s.written, fmt.Sprintf("2025年1-%d月", m), "年内累计", num(s.says(m, 0))))
			}
			if m == 1 {
				for i := range r[1:] {
					r[i+1][2] = "2025年1月"
				}
			}
			return fmt.Sprintf("文旅人才%d月.xlsx", m), XLSX(Sheet{Name: fmt.Sprintf("%d月", m), Rows: r})
		}},
	}
}

func acrossFeeds() []madeUpFeed {
	a := many("ai-compute", "high-standard-farmland", "urban-village-households")
	b := many("affordable-homes", "fair-price-shops")
	c := many("digital-retrofit-funds")
	d := many("fair-price-shops")
	across := func(ss []series, m int, label string, name func(series) string) rows {
		head := row(label)
		for n := m; n >= 1; n-- {
			head = append(head, fmt.Sprintf("2025年%d月", n))
		}
		r := rows{head}
		for _, s := range ss {
			line := row(name(s))
			for n := m; n >= 1; n-- {
				line = append(line, s.says(n, 0))
			}
			r = append(r, line)
		}
		return r
	}
	return []madeUpFeed{
		{Name: "across-preamble", About: "newest first, GBK, notes below", holds: growing(a, 0), month: func(m int) (string, []byte) {
			r := append(rows{row("数据库：月度数据"), row("地区：大连市"), row(fmt.Sprintf("时间：最近%d个月", m))}, across(a, m, "指标", bracketed)...)
			r = append(r, row("注：1.数据为快报数，以年报为准。"), row("数据来源：大连市统计局"))
			return fmt.Sprintf("月度数据%d.csv", m), gbk(r.csv())
		}},
		{Name: "across-unit-column-xls", About: "a column of units, an old workbook", holds: growing(b, 0), month: func(m int) (string, []byte) {
			head := row("指标", "单位")
			for n := 1; n <= m; n++ {
				head = append(head, fmt.Sprintf("2025年%d月", n))
			}
			r := rows{row("地区：大连市"), head}
			for _, s := range b {
				line := row(s.name, s.written)
				for n := 1; n <= m; n++ {
					line = append(line, num(s.says(n, 0)))
				}
				r = append(r, line)
			}
			return fmt.Sprintf("住建局2025%02d.et", m), XLS(Sheet{Name: "Sheet1", Rows: r}, Sheet{Name: "Sheet2"})
		}},
		{Name: "across-no-unit", About: "no unit anywhere", Answers: map[string]string{"unit": "万元"}, holds: growing(c, 0), month: func(m int) (string, []byte) {
			r := append(rows{row("地区：大连市")}, across(c, m, "指标", func(s series) string { return s.name })...)
			return fmt.Sprintf("工信局-%d月.csv", m), r.square().csv()
		}},
		{Name: "across-regions-no-indicator", About: "districts down, the indicator in the name of the file alone", Answers: map[string]string{"indicator": "市内五区平价菜店"},
			holds: growing(d, 1, 2, 3), month: func(m int) (string, []byte) {
				head := row("地区")
				for n := 1; n <= m; n++ {
					head = append(head, fmt.Sprintf("2025年%d月", n))
				}
				r := rows{row("单位：家"), head}
				for _, p := range []int{1, 2, 3} {
					line := row(places[p].name)
					for n := 1; n <= m; n++ {
						line = append(line, d[0].says(n, p))
					}
					r = append(r, line)
				}
				return fmt.Sprintf("平价菜店（2025年%d月）.csv", m), r.square().csv()
			}},
		{Name: "across-no-region", About: "a title and a unit, no region, a workbook in an archive", Answers: map[string]string{"region": "大连市"}, holds: recent(3, b[:1], 0), month: func(m int) (string, []byte) {
			head, line := row("指标"), row(b[0].name)
			for n := max(1, m-2); n <= m; n++ {
				head, line = append(head, fmt.Sprintf("2025年%d月", n)), append(line, num(b[0].says(n, 0)))
			}
			book := XLSX(Sheet{Name: "Sheet1", Rows: rows{row(fmt.Sprintf("2025年%d月保障性住房情况表", m)), row("单位：套"), head, line}})
			return fmt.Sprintf("保障房%d月.zip", m), zipped("保障房.xlsx", book)
		}},
	}
}

func downFeeds() []madeUpFeed {
	a := many("overseas-experts", "high-standard-farmland")
	b := many("minimum-down-payment")
	c := many("large-events", "pension-finance-projects")
	d := many("high-growth-firms")
	return []madeUpFeed{
		{Name: "down-indicators-utf16", About: "months down, indicators across, tabs in UTF-16", holds: growing(a, 0), month: func(m int) (string, []byte) {
			r := rows{row("地区：大连市"), row("时间", bracketed(a[0]), bracketed(a[1]))}
			for n := 1; n <= m; n++ {
				r = append(r, row(fmt.Sprintf("2025年%d月", n), a[0].says(n, 0), a[1].says(n, 0)))
			}
			return "人社局.txt", wideText([]byte(r.text("\t", "\r\n")))
		}},
		{Name: "down-page", About: "a web page named .xls, months down", holds: growing(b, 0), month: func(m int) (string, []byte) {
			r := rows{row("日期", "商业性个人住房贷款最低首付比例(%)")}
			for n := m; n >= 1; n-- {
				r = append(r, row(fmt.Sprintf("2025-%02d", n), b[0].says(n, 0)))
			}
			return "首付比例.xls", append(rows{row("地区：大连市", "")}, r...).page()
		}, Answers: nil},
		{Name: "down-no-basis", About: "months down, flows that do not say what they span", Answers: map[string]string{"basis": "ytd"}, Asks: 1, holds: growing(c, 0), month: func(m int) (string, []byte) {
			r := rows{row("地区：大连市"), row("时间", bracketed(c[0]), bracketed(c[1]))}
			for n := 1; n <= m; n++ {
				r = append(r, row(fmt.Sprintf("2025年%d月", n), c[0].says(n, 0), c[1].says(n, 0)))
			}
			return fmt.Sprintf("活动与项目%d.csv", m), r.square().csv()
		}},
		{Name: "down-years-and-months", About: "the year in one column and the month in the next", holds: growing(d, 0), month: func(m int) (string, []byte) {
			r := rows{row("年份", "月份", "新增雏鹰、瞪羚、独角兽企业(家)")}
			for n := 1; n <= m; n++ {
				r = append(r, row("2025", fmt.Sprint(n), d[0].says(n, 0)))
			}
			return "企业.csv", append(rows{row("地区：大连市", "", "")}, r...).csv()
		}},
	}
}

func headerFeeds() []madeUpFeed {
	a := many("ai-compute", "affordable-homes", "high-growth-firms")
	b := many("fair-price-shops")
	c := many("large-events")
	d := many("high-standard-farmland", "first-loan-centres")
	return []madeUpFeed{
		{Name: "four-header-rows", About: "指标, 地区, 频度 and 单位 above months, a sheet about the series beside", holds: growing(a, 0), month: func(m int) (string, []byte) {
			r := rows{row("指标"), row("地区"), row("频度"), row("单位")}
			for _, s := range a {
				for i, t := range []string{s.name, "大连市", "月", s.written} {
					r[i] = append(r[i], t)
				}
			}
			for n := m; n >= 1; n-- {
				line := row(fmt.Sprintf("2025-%02d", n))
				for _, s := range a {
					line = append(line, num(s.says(n, 0)))
				}
				r = append(r, line)
			}
			about := rows{row("指标", "开始时间", "结束时间", "更新时间")}
			for _, s := range a {
				about = append(about, row(s.name, "2025-01", fmt.Sprintf("2025-%02d", m), "2026-01-05"))
			}
			return fmt.Sprintf("导出_2025%02d.xls", m), XLS(Sheet{Name: "数据", Rows: r}, Sheet{Name: "指标信息", Rows: about})
		}},
		{Name: "flag-pairs", About: "each month with a column of flags, a total below", holds: flagged(b[0], 1, 2), month: func(m int) (string, []byte) {
			head, under := row("地区", nil)[:1], row("")
			var merges [][4]int
			for n := 1; n <= m; n++ {
				head, under = append(head, fmt.Sprintf("2025年%d月", n), nil), append(under, "数值", "标记")
				merges = append(merges, [4]int{3, 3, 2 * n, 2*n + 1})
			}
			_ = under
			r := rows{row("指标：市内五区平价菜店"), row("单位：家"), head}
			for _, p := range []int{1, 2} {
				line := row(places[p].name)
				for n := 1; n <= m; n++ {
					switch {
					case p == 2 && n == 4:
						line = append(line, nil, "~")
					case n == m:
						line = append(line, num(b[0].says(n, p)), "p")
					default:
						line = append(line, num(b[0].says(n, p)), nil)
					}
				}
				r = append(r, line)
			}
			total := row("合计")
			for n := 1; n <= m; n++ {
				total = append(total, num(fmt.Sprint(b[0].digits(n, 1)+b[0].digits(n, 2))), nil)
			}
			r = append(r, total, nil, row("p：临时数字"), row("~：没有数字"))
			return fmt.Sprintf("菜店_%02d.xlsx", m), XLSX(Sheet{Name: "表1", Rows: r, Merges: merges})
		}},
		{Name: "basis-rows", About: "累计 and 当月 on rows of their own", holds: alternating(c[0]), month: func(m int) (string, []byte) {
			head := row("指标")
			now, total := row("具有影响力的大中型活动_当月值(场)"), row("具有影响力的大中型活动_累计值(场)")
			for n := m; n >= 1; n-- {
				head = append(head, fmt.Sprintf("2025年%d月", n))
				now, total = append(now, inMonth(c[0], n)), append(total, c[0].says(n, 0))
			}
			r := rows{row("数据库：月度数据"), row("地区：大连市"), head, now, total, row("数据来源：大连市文化和旅游局")}
			return fmt.Sprintf("文旅%d月.csv", m), gbk(r.csv())
		}},
		{Name: "stacked", About: "two tables on one sheet, each with its unit", holds: growing(d, 0), month: func(m int) (string, []byte) {
			var r rows
			for _, s := range d {
				head, line := row("指标"), row(s.name)
				for n := 1; n <= m; n++ {
					head, line = append(head, fmt.Sprintf("2025年%d月", n)), append(line, num(s.says(n, 0)))
				}
				r = append(r, row("地区：大连市"), row("单位："+s.written), head, line, nil)
			}
			return fmt.Sprintf("农业与金融_%d.xlsx", m), XLSX(Sheet{Name: "汇总", Rows: r})
		}},
	}
}

// flagged: the last month is provisional, and one figure is not there.
func flagged(s series, ps ...int) func(int) []madeUp {
	return func(month int) (out []madeUp) {
		for m := 1; m <= month; m++ {
			for _, p := range ps {
				f := s.figure(m, p)
				if m == month {
					f.Status = "P"
				}
				if p == 2 && m == 4 {
					f = s.missing(m, p)
				}
				out = append(out, f)
			}
		}
		return out
	}
}

// inMonth is what one month adds to a total within the year.
func inMonth(s series, month int) string {
	n := s.digits(month, 0)
	if month > 1 {
		n -= s.digits(month-1, 0)
	}
	return fixed(n, s.decimals)
}

func alternating(s series) func(int) []madeUp {
	return func(month int) (out []madeUp) {
		for m := 1; m <= month; m++ {
			now := s.figure(m, 0)
			now.Basis, now.Value = "period", inMonth(s, m)
			out = append(out, now, s.figure(m, 0))
		}
		return out
	}
}

func silentFeeds() []madeUpFeed {
	a := many("low-altitude-scenarios", "first-loan-centres")
	b := many("ai-compute")
	c := many("urban-village-households")
	return []madeUpFeed{
		{Name: "regions-by-indicators", About: "districts down, indicators across, the month in a line above", holds: monthly(a, 0, 1, 4), month: func(m int) (string, []byte) {
			r := rows{row("区市县主要指标"), row(fmt.Sprintf("时间：2025年%d月", m)), row("地区", bracketed(a[0]), bracketed(a[1]))}
			for _, p := range []int{0, 1, 4} {
				r = append(r, row(places[p].name, a[0].says(m, p), a[1].says(m, p)))
			}
			return fmt.Sprintf("区市县%d月.csv", m), r.square().csv()
		}},
		{Name: "sdmx-2", About: "an SDMX-CSV message", holds: growing(b, 0), month: func(m int) (string, []byte) {
			r := rows{row("STRUCTURE", "STRUCTURE_ID", "ACTION", "FREQ", "REF_AREA", "INDICATOR", "TIME_PERIOD", "OBS_VALUE", "UNIT_MEASURE", "OBS_STATUS")}
			for n := 1; n <= m; n++ {
				r = append(r, row("dataflow", "DL:COMPUTE(1.0)", "I", "M", "210200", b[0].code, fmt.Sprintf("2025-%02d", n), b[0].says(n, 0), b[0].written, "A"))
			}
			return fmt.Sprintf("compute_%d.csv", m), r.csv()
		}},
		{Name: "english-no-unit", About: "English, tabs, months across, no unit", Answers: map[string]string{"unit": "万户"}, holds: growing(c, 0), month: func(m int) (string, []byte) {
			head, line := row("Indicator", "Region"), row("urban village households", "Dalian")
			for n := 1; n <= m; n++ {
				head, line = append(head, []string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}[n-1]+" 2025"), append(line, c[0].says(n, 0))
			}
			return fmt.Sprintf("households-%d.tsv", m), []byte(rows{head, line}.text("\t", "\n"))
		}},
		{Name: "semicolons-grouped", About: "semicolons and thousands with commas", holds: growing(many("affordable-homes"), 0), month: func(m int) (string, []byte) {
			s := catalogue("affordable-homes")
			r := rows{row("指标", "地区", "时期", "数值", "单位")}
			for n := 1; n <= m; n++ {
				r = append(r, row(s.name, "大连市", fmt.Sprintf("2025年%d月", n), grouped(s.says(n, 0))+".0", s.written))
			}
			return "房源.csv", []byte(r.text(";", "\n"))
		}},
	}
}

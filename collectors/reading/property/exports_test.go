package property

import (
	"fmt"
	"time"

	"yardstick/schema"
)

// exportShapes are the forms that data vendors and offices export.
func exportShapes() []shape {
	return []shape{
		{"wind", 3, drawVendor, wind},
		{"choice", 2, drawVendor, choice},
		{"ceic", 2, drawVendor, ceic},
		{"eps", 2, drawEPS, eps},
		{"nbs", 3, drawNBS, nbs},
		{"fred", 1, drawFred, fred},
		{"worldbank", 2, drawWorldBank, worldBank},
		{"sdmx", 4, drawSDMX, sdmx},
	}
}

// vendor is a series as vendors name them.
type vendor struct {
	name, unit string
	basis      schema.Basis
	quarterly  bool
	kind       string
}

func vendors() []vendor {
	return []vendor{
		{"GDP:累计值", "亿元", schema.YearToDate, true, "yeardot"},
		{"软件业务收入:当月值", "亿元", schema.InPeriod, false, "year"},
		{"规模以上工业增加值:累计同比", "%", schema.YearToDate, false, "signed"},
		{"出口金额:当月同比", "%", schema.InPeriod, false, "signed"},
		{"社会消费品零售总额:累计值", "亿元", schema.YearToDate, false, "thousands"},
		{"发电量:当月值", "亿千瓦时", schema.InPeriod, false, "yeardot"},
	}
}

func drawVendor(d draw, s *spec) {
	s.place, s.unit = "rows", "row"
	s.regions = []string{pick(d, []string{"青岭市", "辽宁", "大连"})}
	for _, v := range some(d, vendors(), 1, 4) {
		s.inds = append(s.inds, ind{name: v.name, unit: v.unit, kind: v.kind})
	}
	for k := range 2 + d.IntN(6) {
		m := 9 - k
		s.times = append(s.times, moment{text: fmt.Sprintf("2025年%d月", m), period: schema.Month(2025, time.Month(m))})
	}
	d.features(s, "source:50 id:70")
}

func (s spec) vendor(i ind) vendor {
	for _, v := range vendors() {
		if v.name == i.name {
			return v
		}
	}
	panic("no series " + i.name)
}

// vendorFigure is a series' figure of a month; a quarterly one has some alone.
func (s spec) vendorFigure(b *book, i ind, m moment, title string) cell {
	v := s.vendor(i)
	of := m.period
	if v.quarterly {
		q, ends := of.EndingWith(schema.Quarterly)
		if !ends {
			return t("")
		}
		of = q
	}
	bare := i.name
	for k, r := range i.name {
		if r == ':' {
			bare = i.name[:k]
			break
		}
	}
	names := []string{title, i.name}
	if v.unit != "%" {
		names = append(names, bare)
	}
	return b.fact(s.value(i, m.text), fact{names: names, region: s.regions[0], period: of, basis: v.basis, units: []string{v.unit}})
}

func wind(s spec, b *book) {
	rows := [][]cell{{t("指标名称")}, {t("频率")}, {t("单位")}}
	if s.has["id"] {
		rows = append(rows, []cell{t("指标ID")})
	}
	rows = append(rows, []cell{t("来源")}, []cell{t("更新时间")})
	for k, i := range s.inds {
		v := s.vendor(i)
		f := map[bool]string{true: "季", false: "月"}[v.quarterly]
		list := []string{s.regions[0] + ":" + i.name, f, v.unit}
		if s.has["id"] {
			list = append(list, fmt.Sprintf("M%07d", 1000+k))
		}
		for at, text := range append(list, "青岭市统计局", "2025-10-18") {
			rows[at] = append(rows[at], t(text))
		}
	}
	for _, r := range rows {
		b.add(r...)
	}
	for _, m := range s.times {
		row := []cell{t(m.period.Last().String())}
		for _, i := range s.inds {
			row = append(row, s.vendorFigure(b, i, m, s.regions[0]+":"+i.name))
		}
		b.add(row...)
	}
	if s.has["source"] {
		b.add(t(""))
		b.add(t("数据来源：Wind"))
	}
}

func choice(s spec, b *book) {
	rows := [][]cell{{t("序号"), t("日期")}, {t(""), t("指标名称")}, {t(""), t("指标ID")}, {t(""), t("频率")}, {t(""), t("单位")}, {t(""), t("发布方")}}
	for k, i := range s.inds {
		v := s.vendor(i)
		title := s.regions[0] + ":" + i.name
		for at, text := range []string{title, title, fmt.Sprintf("EMM%08d", 10+k), map[bool]string{true: "季", false: "月"}[v.quarterly], v.unit, "青岭市统计局"} {
			rows[at] = append(rows[at], t(text))
		}
	}
	for _, r := range rows {
		b.add(r...)
	}
	for k, m := range s.times {
		row := []cell{n(fmt.Sprint(k + 1)), t(m.period.String())}
		for _, i := range s.inds {
			row = append(row, s.vendorFigure(b, i, m, s.regions[0]+":"+i.name))
		}
		b.add(row...)
	}
	b.add(t(""))
	b.add(t("数据来源：东方财富Choice数据"))
}

func ceic(s spec, b *book) {
	labels := []string{"", "Region", "Frequency", "Unit", "Source", "Status", "Series ID", "First Obs. Date", "Last Obs. Date", "Last Update Time"}
	rows := make([][]cell, len(labels))
	for k, l := range labels {
		rows[k] = []cell{t(l)}
	}
	for k, i := range s.inds {
		v := s.vendor(i)
		f := map[bool]string{true: `Quarterly, ending "Mar, Jun, Sep, Dec"`, false: "Monthly"}[v.quarterly]
		for at, text := range []string{i.name, s.regions[0], f, v.unit, "Statistics Bureau", "Active", fmt.Sprint(369001 + k), "03/2020", "09/2025", "10/18/2025"} {
			rows[at] = append(rows[at], t(text))
		}
	}
	for _, r := range rows {
		b.add(r...)
	}
	for _, m := range s.times {
		row := []cell{t(fmt.Sprintf("%02d/%d", m.period.First().Month, m.period.First().Year))}
		for _, i := range s.inds {
			row = append(row, s.vendorFigure(b, i, m, i.name))
		}
		b.add(row...)
	}
}

func drawFred(d draw, s *spec) {
	drawVendor(d, s)
	s.inds = []ind{{name: "轮渡客运量", unit: "万人次", kind: "yeardot"}}
}

// fred names neither unit, region nor frequency.
func fred(s spec, b *book) {
	b.lack("unit")
	b.lack("region")
	name := one(s, "fred", "VALUE", "GDPC1", "CHNGDPNQDSMEI")
	b.add(t(one(s, "date", "DATE", "observation_date")), t(name))
	for k, m := range s.times {
		b.add(t(m.period.First().String()), b.fact(number("yeardot", s.hash("fred", fmt.Sprint(k))),
			fact{names: []string{name}, period: m.period, units: []string{""}}))
	}
}

func drawEPS(d draw, s *spec) {
	s.times = d.span(2, 5, "year")
	s.unit, s.place = "bracket", "rows"
	s.inds = d.indicators(1, 3, s.times, "")
	s.regions = some(d, pick(d, places), 1, 3)
	d.features(s, "missing:10")
}

// eps is an export of long rows under a few lines about the query.
func eps(s spec, b *book) {
	b.add(t("EPS数据平台"))
	b.add(t("数据库：中国城市数据库"))
	head := []cell{t("地区"), t("指标")}
	for _, m := range s.times {
		head = append(head, t(m.text))
	}
	b.add(head...)
	for _, r := range s.regions {
		for _, i := range s.inds {
			row := []cell{t(r), t(s.named(i))}
			for _, m := range s.times {
				row = append(row, s.figure(b, i, r, m))
			}
			b.add(row...)
		}
	}
	b.add(t(""))
	b.add(t("数据来源：EPS数据平台，下载日期：2025-10-20"))
}

func drawNBS(d draw, s *spec) {
	s.times = d.span(2, 6, "month", "year")
	s.unit, s.place = "bracket", "line"
	s.inds = d.indicators(1, 4, s.times, "")
	s.regions = []string{pick(d, []string{"辽宁省", "青岭市", "全国"})}
	d.features(s, "missing:20")
	s.has["basis-words"] = true
}

// nbs is an export of the national bureau's data pages.
func nbs(s spec, b *book) {
	b.add(t("数据库：" + map[bool]string{true: "分省年度数据", false: "分省月度数据"}[s.times[0].period.Frequency() == schema.Annual]))
	b.add(t("地区：" + s.regions[0]))
	b.add(t(fmt.Sprintf("时间：最近%d期", len(s.times))))
	head := []cell{t("指标")}
	for _, m := range s.times {
		head = append(head, t(m.text))
	}
	b.add(head...)
	for _, i := range s.inds {
		named, _ := s.suffixed(i, s.times[0])
		row := []cell{t(s.named(named))}
		for _, m := range s.times {
			named, m := s.suffixed(i, m)
			s.bare(b, m, i)
			row = append(row, s.called(b, i, named, s.regions[0], m))
		}
		b.add(row...)
	}
	b.add(t("注：1.本表数据为快报数，历史数据以年鉴为准。"))
	b.add(t("数据来源：国家统计局"))
}

func drawWorldBank(d draw, s *spec) {
	s.times = d.span(2, 5, "year")
	for k := range s.times {
		s.times[k].text = s.times[k].period.String()
	}
	s.place = "rows"
	s.inds = []ind{
		{name: "GDP", unit: "current US$", kind: pick(d, []string{"big", "yeardot"})},
		{name: "Exports of goods", unit: "current US$", kind: "big"},
		{name: "Inflation, consumer prices", unit: "annual %", kind: "signed"},
	}
	s.inds = some(d, s.inds, 1, 3)
	s.regions = some(d, []string{"Alvania", "Borduria", "Syldavia"}, 1, 2)
	d.features(s, "preamble:60 missing:20")
}

func worldBank(s spec, b *book) {
	if s.has["preamble"] {
		b.add(t("Data Source"), t("World Development Indicators"))
		b.add(t(""))
		b.add(t("Last Updated Date"), t("2025-07-01"))
		b.add(t(""))
	}
	head := []cell{t("Country Name"), t("Country Code"), t("Indicator Name"), t("Indicator Code")}
	for _, m := range s.times {
		head = append(head, t(m.text))
	}
	b.add(head...)
	for _, r := range s.regions {
		for k, i := range s.inds {
			row := []cell{t(r), t(r[:3]), t(i.name + " (" + i.unit + ")"), t(fmt.Sprintf("NY.GDP.%d", k))}
			for _, m := range s.times {
				row = append(row, b.fact(s.value(i, r, m.text), fact{names: []string{i.name, i.name + " (" + i.unit + ")"}, region: r,
					period: m.period, units: []string{i.unit, "%", "US$"}}))
			}
			b.add(row...)
		}
	}
}

func drawSDMX(d draw, s *spec) {
	s.times = d.span(2, 5, "month", "year", "quarter")
	s.unit, s.place = "column", "rows"
	s.inds = []ind{{name: "EXPORTS", unit: "元", kind: pick(d, kinds)}, {name: "HOTEL_BEDS", unit: "张", kind: "year"}}
	s.inds = some(d, s.inds, 1, 2)
	s.regions = some(d, []string{"210200", "210202", "210203"}, 1, 2)
	d.features(s, "mult:40 conf:25 structure:60")
	if d.chance(10) {
		s.has["deleted"] = true
	}
	for k := range s.inds {
		if s.inds[k].kind == "thousands" || s.inds[k].kind == "wide" {
			s.inds[k].kind = "plain"
		}
	}
}

// sdmx is an SDMX-CSV message; with UNIT_MULT a figure is so many powers of ten.
func sdmx(s spec, b *book) {
	var head []cell
	if s.has["structure"] {
		head = append(head, t("STRUCTURE"), t("STRUCTURE_ID"), t("ACTION"))
	}
	head = append(head, t("FREQ"), t("REF_AREA"), t("INDICATOR"), t("TIME_PERIOD"), t("OBS_VALUE"), t("UNIT_MEASURE"))
	if s.has["mult"] {
		head = append(head, t("UNIT_MULT"))
	}
	if s.has["conf"] {
		head = append(head, t("CONF_STATUS"))
	}
	b.add(head...)
	power := []int{0, 3, 4, 6, 8}[s.hash("power")%5]
	for _, r := range s.regions {
		for _, i := range s.inds {
			for _, m := range s.times {
				var row []cell
				if s.has["structure"] {
					action := "I"
					if s.has["deleted"] {
						action = "D"
						b.lack("deleted")
					}
					row = append(row, t("dataflow"), t("CITY:TRADE(1.0)"), t(action))
				}
				s.bare(b, m, i)
				value := s.value(i, r, m.text)
				shown := value
				if s.has["mult"] {
					value = scaled(value, power)
				}
				b.fact(value, fact{names: []string{i.name}, region: r, period: m.period, units: []string{i.unit}})
				row = append(row, t(string(m.period.Frequency())), n(r), t(i.name), t(m.period.String()), n(shown), t(i.unit))
				if s.has["mult"] {
					row = append(row, n(fmt.Sprint(power)))
				}
				if s.has["conf"] {
					row = append(row, t("F"))
				}
				b.add(row...)
			}
		}
	}
}

// scaled is a figure times a power of ten.
func scaled(value string, power int) string {
	d, err := schema.ParseDecimal(value)
	if err != nil {
		panic(err)
	}
	for range power {
		d = d.Mul(schema.NewDecimal(10, 0))
	}
	return d.Normal().String()
}

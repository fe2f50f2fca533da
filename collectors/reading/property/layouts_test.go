package property

import (
	"fmt"
	"slices"
	"strings"

	"yardstick/schema"
)

// shape is a kind of table: how its lists are drawn, and how it is written.
type shape struct {
	name   string
	weight int
	draw   func(d draw, s *spec)
	build  func(s spec, b *book)
}

func shapes() []shape {
	return slices.Concat([]shape{
		{"across", 12, drawAcross, across},
		{"across-regions", 6, drawAcrossRegions, acrossRegions},
		{"down", 8, drawDown, down},
		{"down-regions", 4, drawDownRegions, downRegions},
		{"cross", 10, drawCross, cross},
		{"panel", 6, drawPanel, panel},
		{"dimension", 3, drawDimension, dimension},
		{"matrix", 3, drawMatrix, matrix},
		{"year-and-month", 3, drawYearAndMonth, yearAndMonth},
		{"tidy", 12, drawTidy, tidy},
		{"stacked", 3, drawStacked, stacked},
		{"flags", 3, drawFlags, flags},
		{"sections", 3, drawSections, sections},
	}, treeShapes(), exportShapes())
}

// top writes what stands above a table: a title, the region, the period, the
// unit. when is the table's period where no axis says it.
func (s spec) top(b *book, width int, when *moment, topic string) {
	title := ""
	if s.place == "title" {
		title += s.regions[0]
	}
	said := when == nil
	if when != nil && !s.has["period-line"] {
		title, said = title+s.inTitle(*when), true
	}
	if s.has["year-in-title"] && when == nil {
		title += "2025年"
	}
	if title != "" || s.has["title"] {
		b.add(wide(title+topic, width)...)
	}
	if s.has["blank-under-title"] && len(b.rows) > 0 {
		b.add(t(""))
	}
	if s.has["database"] {
		b.add(t("数据库：分市年度数据"))
	}
	if s.place == "line" {
		b.add(t(one(s, "region-line", "地区：", "地区:", "区域：") + s.regions[0]))
	}
	if !said {
		b.add(t(one(s, "period-line", "时间：", "时期：", "报告期：") + when.text))
	}
	if s.unit == "line" {
		line := one(s, "unit-line", "单位：", "单位:", "计量单位：") + s.inds[0].unit
		if s.has["unit-right"] && width > 1 {
			b.add(append(make([]cell, width-1), t(line))...)
		} else {
			b.add(t(line))
		}
	}
	if s.place == "none" {
		b.lack("region")
	}
	if s.unit == "none" {
		s.unitless(b)
	}
}

// inTitle is a period as a title writes it: in words, but for a year.
func (s spec) inTitle(m moment) string {
	first := m.period.First()
	if m.period.Frequency() == schema.Monthly && m.basis == "" {
		return fmt.Sprintf("%d年%d月", first.Year, first.Month)
	}
	return strings.TrimSpace(m.text)
}

// unitless tells the book that nothing says the units: only where the
// catalogue's are all worth the same can they be known.
func (s spec) unitless(b *book) {
	for _, i := range s.inds {
		known := i.known != nil
		for k := 0; known && k < len(i.known.Units); k++ {
			known = i.known.Units[k].Factor.Equal(schema.NewDecimal(1, 0))
		}
		if known {
			b.maybe("unit")
		} else {
			b.lack("unit")
		}
	}
}

// ending writes what stands below a table.
func (s spec) ending(b *book) {
	if s.has["blank-above-notes"] {
		b.add(t(""))
	}
	if s.has["notes"] {
		b.add(t(one(s, "note", "注：1.本表为快报数，共 5 项,以年报为准。", "注：部分数据因四舍五入，存在分项与合计不等的情况。", "说明：2024年数据已按普查修订")))
	}
	if s.has["source"] {
		b.add(t(one(s, "source", "数据来源：国家统计局", "数据来源：青岭市统计局", "资料来源:年鉴2024")))
	}
	if s.has["signature"] {
		b.add(t("填报人：王小平"), t("审核人：李建国"), t("单位负责人：赵明"), t("日期：2025年10月12日"))
	}
}

const (
	aboveBelow = "title:40 blank-under-title:10 blank-above-notes:15 notes:25 source:25 signature:12 missing:20"
	axisExtras = " serial:12 remark:12 header-again:6"
)

// placed draws where the region stands.
func (d draw) placed(s *spec, ways string) {
	list := strings.Fields(ways)
	s.place = pick(d, list)
	if s.place == "none" && !d.chance(40) {
		s.place = list[0]
	}
}

// united draws where units stand, and the indicators for it.
func (d draw) united(s *spec, low, high int, ways string) {
	list := strings.Fields(ways)
	s.unit = pick(d, list)
	if s.unit == "none" && !d.chance(40) {
		s.unit = list[0]
	}
	unit := ""
	if s.unit == "line" {
		unit = d.oneUnit()
	}
	s.inds = d.indicators(low, high, s.times, unit)
}

// label is the head of an axis.
func (s spec) label(kind string) string {
	switch kind {
	case "region":
		return one(s, kind, "地区", "地区", "城市", "区市县", "区域")
	case "period":
		return one(s, kind, "时间", "年份", "时期", "日期", "报告期")
	}
	return one(s, kind, "指标", "指标", "指标名称", "项目")
}

func drawAcross(d draw, s *spec) {
	s.times = d.span(1, 5, "year", "ytd", "month", "quarter", "end")
	d.united(s, 1, 6, "bracket bracket column column line none")
	d.placed(s, "line line title column none")
	s.regions = some(d, pick(d, places), 1, 1)
	if s.place == "column" {
		s.regions = some(d, pick(d, places), 1, 3)
	}
	d.features(s, aboveBelow+axisExtras+" database:10 unit-right:30 basis-words:50 total-period:4")
	if s.times[0].bare != "" && s.times[0].period.First().Year == 2025 && s.times[len(s.times)-1].period.First().Year == 2025 && d.chance(25) {
		s.has["year-in-title"] = true
	}
}

// suffixed gives the indicator with a word for what its months are, where the
// table has such words.
func (s spec) suffixed(i ind, m moment) (ind, moment) {
	if !s.has["basis-words"] || m.basis != "" || m.period.Frequency() != schema.Monthly && m.period.Frequency() != schema.Quarterly {
		return i, m
	}
	word, basis := one(s, "basis-word", "累计值", "_累计值", "_累计"), schema.YearToDate
	if i.known != nil && i.known.Basis != schema.YearToDate {
		return i, m
	}
	if i.known == nil && s.hash("basis-word")%2 == 0 {
		word, basis = one(s, "basis-word", "当期值", "_当期值", "_当月值"), schema.InPeriod
		if m.period.Frequency() == schema.Quarterly {
			word = "_当季值"
		}
	}
	i.name += word
	m.basis = basis
	return i, m
}

func across(s spec, b *book) {
	multi := s.place == "column"
	var head []cell
	if s.has["serial"] {
		head = append(head, t("序号"))
	}
	if multi && s.hash("region-first")%2 == 0 {
		head = append(head, t(s.label("region")), t(s.label("indicator")))
	} else {
		head = append(head, t(s.label("indicator")))
		if multi {
			head = append(head, t(s.label("region")))
		}
	}
	if s.unit == "column" {
		head = append(head, t(one(s, "unit-head", "单位", "计量单位", "单位")))
	}
	for _, m := range s.times {
		if s.has["year-in-title"] {
			m.text = m.bare
		}
		head = append(head, t(m.text))
	}
	if s.has["total-period"] {
		head = append(head, t("合计"))
	}
	if s.has["remark"] {
		head = append(head, t(one(s, "remark", "备注", "来源", "说明")))
	}
	s.top(b, len(head), nil, one(s, "topic", "主要经济指标", "主要指标完成情况表", "统计月报"))
	b.add(head...)
	count := 0
	for _, i := range s.inds {
		for _, r := range s.regions {
			count++
			if s.has["header-again"] && count == 3 {
				b.add(head...)
			}
			b.add(s.acrossRow(b, i, r, count, multi)...)
		}
	}
	s.ending(b)
}

func (s spec) acrossRow(b *book, i ind, r string, count int, multi bool) (row []cell) {
	if s.has["serial"] {
		row = append(row, n(fmt.Sprint(count)))
	}
	named, _ := s.suffixed(i, s.times[0])
	if multi && s.hash("region-first")%2 == 0 {
		row = append(row, t(r), t(s.named(named)))
	} else {
		row = append(row, t(s.named(named)))
		if multi {
			row = append(row, t(r))
		}
	}
	if s.unit == "column" {
		row = append(row, t(i.unit))
	}
	for _, m := range s.times {
		named, m := s.suffixed(i, m)
		s.bare(b, m, i)
		row = append(row, s.called(b, i, named, r, m))
	}
	if s.has["total-period"] {
		row = append(row, n(number("big", s.hash("total", i.name, r))))
	}
	if s.has["remark"] {
		row = append(row, t(one(s, "remark"+i.name+r, "", "快报数", "统计局", "")))
	}
	return row
}

// called is the figure of an indicator that the table calls by a longer name.
func (s spec) called(b *book, i, named ind, region string, m moment) cell {
	return b.fact(s.value(i, region, m.text), fact{names: []string{named.name, i.name}, region: region, period: m.period,
		basis: m.basis, units: s.units(i)})
}

// only is a figure of a table's one indicator.
func (s spec) only(b *book, region string, m moment) cell {
	named, of := s.suffixed(s.inds[0], m)
	s.bare(b, of, s.inds[0])
	return s.called(b, s.inds[0], named, region, of)
}

func drawAcrossRegions(d draw, s *spec) {
	s.times = d.span(1, 5, "year", "ytd", "month", "end")
	d.united(s, 1, 1, "bracket line line none")
	s.place = "rows"
	s.regions = some(d, pick(d, places), 2, 6)
	d.features(s, aboveBelow+axisExtras+" total-region:25 indicator-line:60 basis-words:60")
}

// oneIndicator writes what a table of one indicator is of, in a line of its own
// or in its title.
func (s spec) oneIndicator(b *book, width int) {
	i := s.inds[0]
	named, _ := s.suffixed(i, s.times[0])
	if s.has["indicator-line"] {
		s.top(b, width, nil, one(s, "topic", "统计表", "分地区情况"))
		b.add(t(one(s, "indicator-line", "指标：", "指标名称：") + s.named(named)))
		return
	}
	s.has["title"] = true
	topic := one(s, "topic", "各地", "历年", "") + s.named(named)
	s.top(b, width, nil, topic)
	if i.known == nil {
		b.maybe("indicator")
	}
}

func acrossRegions(s spec, b *book) {
	var head []cell
	if s.has["serial"] {
		head = append(head, t("序号"))
	}
	head = append(head, t(s.label("region")))
	for _, m := range s.times {
		head = append(head, t(m.text))
	}
	if s.has["remark"] {
		head = append(head, t("备注"))
	}
	s.oneIndicator(b, len(head))
	b.add(head...)
	for k, r := range s.regions {
		if s.has["header-again"] && k == 2 {
			b.add(head...)
		}
		var row []cell
		if s.has["serial"] {
			row = append(row, n(fmt.Sprint(k+1)))
		}
		row = append(row, t(r))
		for _, m := range s.times {
			row = append(row, s.only(b, r, m))
		}
		b.add(row...)
	}
	if s.has["total-region"] {
		s.total(b, len(s.times), s.has["serial"])
	}
	s.ending(b)
}

// total writes a row that adds up the rows above: no figure of its own.
func (s spec) total(b *book, columns int, serial bool) {
	var row []cell
	if serial {
		row = append(row, t(""))
	}
	row = append(row, t(one(s, "total", "合计", "总计", "小计", "合 计")))
	for k := range columns {
		row = append(row, n(number("big", s.hash("total", fmt.Sprint(k)))))
	}
	b.add(row...)
}

func drawDown(d draw, s *spec) {
	s.times = d.span(1, 8, "year", "ytd", "month", "quarter", "tenday", "end")
	d.united(s, 1, 5, "bracket bracket row line none")
	d.placed(s, "line line title none")
	s.regions = some(d, pick(d, places), 1, 1)
	d.features(s, aboveBelow+axisExtras+" unit-right:30 basis-words:50 total-period:12")
}

func down(s spec, b *book) {
	var head, units []cell
	if s.has["serial"] {
		head, units = append(head, t("序号")), append(units, t(""))
	}
	head, units = append(head, t(s.label("period"))), append(units, t(one(s, "unit-row", "单位", "")))
	for _, i := range s.inds {
		named, _ := s.suffixed(i, s.times[0])
		head, units = append(head, t(s.named(named))), append(units, t(i.unit))
	}
	if s.has["remark"] {
		head = append(head, t("备注"))
	}
	s.top(b, len(head), nil, one(s, "topic", "历年主要指标", "主要经济指标", "统计数据"))
	b.add(head...)
	if s.unit == "row" {
		b.add(units...)
	}
	for k, m := range s.times {
		if s.has["header-again"] && k == 3 {
			b.add(head...)
		}
		var row []cell
		if s.has["serial"] {
			row = append(row, n(fmt.Sprint(k+1)))
		}
		row = append(row, n(m.text))
		for _, i := range s.inds {
			named, m := s.suffixed(i, m)
			s.bare(b, m, i)
			row = append(row, s.called(b, i, named, s.regions[0], m))
		}
		b.add(row...)
	}
	if s.has["total-period"] {
		s.total(b, len(s.inds), s.has["serial"])
	}
	s.ending(b)
}

func drawDownRegions(d draw, s *spec) {
	drawAcrossRegions(d, s)
	delete(s.has, "remark")
}

func downRegions(s spec, b *book) {
	head := []cell{t(s.label("period"))}
	for _, r := range s.regions {
		head = append(head, t(r))
	}
	if s.has["total-region"] {
		head = append(head, t(one(s, "total", "合计", "总计")))
	}
	s.oneIndicator(b, len(head))
	b.add(head...)
	for _, m := range s.times {
		row := []cell{n(m.text)}
		for _, r := range s.regions {
			row = append(row, s.only(b, r, m))
		}
		if s.has["total-region"] {
			row = append(row, n(number("big", s.hash("total", m.text))))
		}
		b.add(row...)
	}
	s.ending(b)
}

func drawCross(d draw, s *spec) {
	s.times = d.span(1, 1, "year", "ytd", "ytd", "month", "end")
	d.united(s, 1, 5, "bracket bracket bracket line none")
	s.place = "rows"
	s.regions = some(d, pick(d, places), 1, 7)
	d.features(s, aboveBelow+axisExtras+" period-line:25 total-region:25 unit-right:30")
	if d.chance(8) {
		s.has["no-period"] = true
	}
}

// cross has places down and indicators across; the period stands above.
func cross(s spec, b *book) {
	m := s.times[0]
	var head []cell
	if s.has["serial"] {
		head = append(head, t("序号"))
	}
	head = append(head, t(s.label("region")))
	for _, i := range s.inds {
		head = append(head, t(s.named(i)))
		s.bare(b, m, i)
	}
	if s.has["remark"] {
		head = append(head, t("备注"))
	}
	when := &m
	if s.has["no-period"] {
		when = nil
		b.lack("period")
	}
	s.top(b, len(head), when, one(s, "topic", "各区市县主要经济指标", "分地区主要指标", "各地区情况表"))
	b.add(head...)
	for k, r := range s.regions {
		if s.has["header-again"] && k == 2 {
			b.add(head...)
		}
		var row []cell
		if s.has["serial"] {
			row = append(row, n(fmt.Sprint(k+1)))
		}
		row = append(row, t(r))
		for _, i := range s.inds {
			row = append(row, s.figure(b, i, r, m))
		}
		b.add(row...)
	}
	if s.has["total-region"] {
		s.total(b, len(s.inds), s.has["serial"])
	}
	s.ending(b)
}

func drawPanel(d draw, s *spec) {
	s.times = d.span(1, 4, "year", "ytd", "month", "quarter", "end")
	d.united(s, 1, 3, "bracket bracket line none")
	s.place = "rows"
	s.regions = some(d, pick(d, places), 1, 4)
	d.features(s, aboveBelow+axisExtras+" merged-stub:20 period-first:40 region-outer:60")
}

// panel has a row for each place and period, and a column for each indicator.
func panel(s spec, b *book) {
	var head []cell
	if s.has["serial"] {
		head = append(head, t("序号"))
	}
	region, period := t(s.label("region")), t(s.label("period"))
	if s.has["period-first"] {
		head = append(head, period, region)
	} else {
		head = append(head, region, period)
	}
	for _, i := range s.inds {
		head = append(head, t(s.named(i)))
	}
	if s.has["remark"] {
		head = append(head, t("备注"))
	}
	s.top(b, len(head), nil, "统计表")
	b.add(head...)
	for k := range len(s.regions) * len(s.times) {
		r, m := s.regions[k/len(s.times)], s.times[k%len(s.times)]
		if !s.has["region-outer"] {
			r, m = s.regions[k%len(s.regions)], s.times[k/len(s.regions)]
		}
		var row []cell
		if s.has["serial"] {
			row = append(row, n(fmt.Sprint(k+1)))
		}
		place := t(r)
		if s.has["merged-stub"] && s.has["region-outer"] && !s.has["header-again"] && len(s.times) > 1 {
			if place = tall(r, len(s.times)); k%len(s.times) > 0 {
				place = t("")
			}
		}
		if s.has["period-first"] {
			row = append(row, n(m.text), place)
		} else {
			row = append(row, place, n(m.text))
		}
		for _, i := range s.inds {
			s.bare(b, m, i)
			row = append(row, s.figure(b, i, r, m))
		}
		if s.has["remark"] {
			row = append(row, t(one(s, "remark"+r+m.text, "", "快报")))
		}
		b.add(row...)
	}
	s.ending(b)
}

func drawDimension(d draw, s *spec) {
	drawPanel(d, s)
	s.unit = "bracket"
	s.has["dimension-"+pick(d, []string{"产业", "性别", "城乡", "行业", "口径", "版本", "登记注册类型", "口岸"})] = true
}

// dimension is a panel with a column that tells parts of the indicator apart.
func dimension(s spec, b *book) {
	s.has["header-again"], s.has["serial"] = false, false
	values := map[string][]string{"产业": {"第一产业", "第二产业"}, "性别": {"男", "女"}, "城乡": {"城镇", "农村"}, "行业": {"制造业", "建筑业"}, "口径": {"新口径", "老口径"},
		"版本": {"普查前", "普查后"}, "登记注册类型": {"内资", "外资"}, "口岸": {"甲口岸", "乙口岸"}}
	name := ""
	for k := range values {
		if s.has["dimension-"+k] {
			name = k
		}
	}
	at := 2
	panel(s, b)
	if name == "" {
		return
	}
	b.lack("dimension")
	head, count := false, 0
	for k, row := range b.rows {
		if !head {
			if head = len(row) > 1 && (row[0].text == s.label("region") || row[1].text == s.label("region")); head {
				b.rows[k] = slices.Insert(row, at, t(name))
			}
			continue
		}
		if count < len(s.regions)*len(s.times) {
			b.rows[k] = slices.Insert(row, at, t(values[name][count/2%2]))
			count++
		}
	}
}

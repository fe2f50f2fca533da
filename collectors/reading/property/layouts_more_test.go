package property

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"yardstick/schema"
)

func drawMatrix(d draw, s *spec) {
	s.times = nil
	years := d.span(1, 4, "year")
	for _, y := range years {
		y.text = strings.TrimSpace(y.text)
		s.times = append(s.times, y)
	}
	d.features(s, aboveBelow+" indicator-line:70 total-period:20 quarters:30 basis-words:60")
	years, steps := s.times, 12
	if s.has["quarters"] {
		steps = 4
	}
	s.times = []moment{s.step(years[0], 0, steps)} // what an indicator of the catalogue must have figures for
	d.united(s, 1, 1, "bracket line none")
	s.times = years
	d.placed(s, "line line none")
	s.regions = some(d, pick(d, places), 1, 1)
}

// step is one of so many months or quarters of a year.
func (s spec) step(y moment, k, steps int) moment {
	year := y.period.First().Year
	if steps == 4 {
		return moment{text: fmt.Sprint(year, k), period: schema.Quarter(year, k+1)}
	}
	return moment{text: fmt.Sprint(year, k), period: schema.Month(year, time.Month(k+1))}
}

// matrix has years down and months across.
func matrix(s spec, b *book) {
	head := []cell{t(one(s, "year", "年份", "年"))}
	steps := 12
	if s.has["quarters"] {
		steps = 4
	}
	for k := range steps {
		if steps == 4 {
			head = append(head, t("第"+[]string{"一", "二", "三", "四"}[k]+"季度"))
		} else {
			head = append(head, t(fmt.Sprintf("%d月", k+1)))
		}
	}
	if s.has["total-period"] {
		head = append(head, t("合计"))
	}
	of := s
	of.times = []moment{s.step(s.times[0], 0, steps)}
	of.oneIndicator(b, len(head))
	b.add(head...)
	for _, y := range s.times {
		row := []cell{n(y.text)}
		for k := range steps {
			m := s.step(y, k, steps)
			row = append(row, s.only(b, s.regions[0], m))
		}
		if s.has["total-period"] {
			row = append(row, n(number("big", s.hash("total", y.text))))
		}
		b.add(row...)
	}
	s.ending(b)
}

func drawYearAndMonth(d draw, s *spec) {
	s.times = d.span(2, 6, "month")
	d.united(s, 1, 3, "bracket bracket line none")
	d.placed(s, "line line column none")
	s.regions = some(d, pick(d, places), 1, 1)
	d.features(s, aboveBelow+" year-once:30 basis-words:60")
}

// yearAndMonth has the year in one column and the month in the next.
func yearAndMonth(s spec, b *book) {
	head := []cell{t(one(s, "year", "年份", "年")), t(one(s, "month", "月份", "月"))}
	if s.place == "column" {
		head = append([]cell{t(s.label("region"))}, head...)
	}
	for _, i := range s.inds {
		named, _ := s.suffixed(i, s.times[0])
		head = append(head, t(s.named(named)))
	}
	s.top(b, len(head), nil, "统计表")
	b.add(head...)
	for k, m := range s.times {
		first := m.period.First()
		year, month := n(fmt.Sprint(first.Year)), n(fmt.Sprint(int(first.Month)))
		if s.hash("month-word")%2 == 0 {
			month = t(fmt.Sprintf("%d月", first.Month))
		}
		if s.has["year-once"] && k > 0 && s.times[k-1].period.First().Year == first.Year {
			year = t("")
		}
		row := []cell{year, month}
		if s.place == "column" {
			row = append([]cell{t(s.regions[0])}, row...)
		}
		for _, i := range s.inds {
			named, m := s.suffixed(i, m)
			s.bare(b, m, i)
			row = append(row, s.called(b, i, named, s.regions[0], m))
		}
		b.add(row...)
	}
	s.ending(b)
}

func drawTidy(d draw, s *spec) {
	s.times = d.span(1, 4, "year", "ytd", "month", "month", "quarter", "end", "tenday")
	d.united(s, 1, 4, "column column bracket value none")
	if s.unit == "value" {
		unit := d.oneUnit()
		s.inds = d.indicators(1, 3, s.times, unit)
	}
	d.placed(s, "column column column column none")
	s.regions = some(d, pick(d, places), 1, 3)
	if s.place == "none" {
		s.regions = s.regions[:1]
	}
	d.features(s, "missing:15 basis-column:40 status-column:20 published-column:15 note-column:20 serial:15 source-column:15 ditto:10 title:15 signature:8 notes:12")
	if d.chance(10) {
		s.has["dimension-"+pick(d, []string{"性别", "产业", "城乡", "版本"})] = true
	}
}

// tidy has a row for each figure, its columns in any order.
func tidy(s spec, b *book) {
	columns := []string{"indicator", "period", "value"}
	if s.place == "column" {
		columns = append(columns, "region")
	} else {
		b.lack("region")
	}
	switch s.unit {
	case "column":
		columns = append(columns, "unit")
	case "none":
		s.unitless(b)
	}
	for _, c := range []string{"basis-column", "status-column", "published-column", "note-column", "serial", "source-column"} {
		if s.has[c] {
			columns = append(columns, c)
		}
	}
	for _, c := range []string{"性别", "产业", "城乡", "版本"} {
		if s.has["dimension-"+c] {
			columns = append(columns, c)
			b.lack("dimension")
		}
	}
	slices.SortFunc(columns, func(a, c string) int { return s.hash("order", a) - s.hash("order", c) })
	if s.has["title"] {
		b.add(t("指标数据报送表"))
	}
	titles := map[string]string{"indicator": one(s, "i", "指标", "指标名称", "项目"), "period": one(s, "p", "时期", "时间", "报告期", "统计时期"), "region": one(s, "r", "地区", "区域", "地区名称"),
		"value": one(s, "v", "数值", "值", "数据", "本期完成"), "unit": one(s, "u", "单位", "计量单位"), "basis-column": one(s, "b", "口径", "统计口径"), "status-column": "状态", "published-column": "发布日期",
		"note-column": "备注", "serial": "序号", "source-column": "数据来源"}
	if s.unit == "value" {
		titles["value"] += bracketed(s, s.inds[0].unit)
	}
	var head []cell
	for _, c := range columns {
		head = append(head, t(titles[c]))
		if titles[c] == "" {
			head[len(head)-1] = t(c)
		}
	}
	b.add(head...)
	var above map[string]string
	count := 0
	for _, i := range s.inds {
		for _, r := range s.regions {
			for _, m := range s.times {
				count++
				above = s.tidyRow(b, i, r, m, count, columns, above)
			}
		}
	}
	s.ending(b)
}

func (s spec) tidyRow(b *book, i ind, r string, m moment, count int, columns []string, above map[string]string) map[string]string {
	said := map[string]string{"indicator": s.named(i), "period": m.text, "region": r, "unit": i.unit, "serial": fmt.Sprint(count), "note-column": one(s, "note"+fmt.Sprint(count), "", "快报"),
		"source-column": "统计局", "status-column": one(s, "status", "初步", "正常", "A"), "published-column": "2026-01-10",
		"性别": []string{"男", "女"}[count%2], "产业": []string{"第一产业", "第三产业"}[count%2], "城乡": []string{"城镇", "农村"}[count%2], "版本": []string{"旧", "新"}[count%2]}
	if s.has["basis-column"] {
		word := ""
		switch freq := m.period.Frequency(); {
		case m.basis == schema.YearToDate:
			word = "累计"
		case m.basis == schema.Point:
			word = "时点"
		case freq == schema.Annual:
		case i.known == nil && s.hash("basis", i.name)%2 == 0 || freq == schema.TenDay:
			word, m.basis = "当期", schema.InPeriod
		case i.known == nil || i.known.Basis == schema.YearToDate:
			word, m.basis = "年内累计", schema.YearToDate
		}
		said["basis-column"] = word
	}
	if i.known == nil || m.period.Frequency() == schema.Quarterly { // of months the catalogue says it
		s.bare(b, m, i)
	}
	figure := s.figure(b, i, r, m, "tidy")
	if s.has["status-column"] && missing(figure.text) {
		said["status-column"] = ""
	}
	var row []cell
	for _, c := range columns {
		switch {
		case c == "value":
			row = append(row, figure)
		case s.has["ditto"] && above != nil && (c == "indicator" || c == "region") && above[c] == said[c]:
			row = append(row, t(one(s, "ditto", "″", "同上", "〃")))
		case c == "period" || c == "serial":
			row = append(row, n(said[c]))
		default:
			row = append(row, t(said[c]))
		}
	}
	b.add(row...)
	return said
}

func drawStacked(d draw, s *spec) {
	drawAcross(d, s)
	s.place, s.unit = "line", "line"
	s.regions = some(d, pick(d, places), 1, 1)
	d.united(s, 2, 4, "bracket bracket column")
	delete(s.has, "header-again")
	delete(s.has, "year-in-title")
	delete(s.has, "signature")
	if d.chance(50) {
		s.has["other-region"] = true
	}
}

// stacked has two tables on one sheet, each with its head.
func stacked(s spec, b *book) {
	if len(s.inds) < 2 {
		across(s, b)
		return
	}
	first, second := s.clone(), s.clone()
	first.inds, second.inds = s.inds[:1], s.inds[1:]
	if s.has["other-region"] {
		second.regions = []string{map[bool]string{true: "丹东市", false: "云川县"}[s.hash("other")%2 == 0]}
	}
	across(first, b)
	b.add(t(""))
	across(second, b)
}

func drawFlags(d draw, s *spec) {
	drawAcrossRegions(d, s)
	for _, f := range []string{"remark", "serial", "total-region", "header-again", "missing"} {
		delete(s.has, f)
	}
	d.features(s, "legend:60 flag-head:50")
}

// flags has beside each column of figures one of marks.
func flags(s spec, b *book) {
	head := []cell{t(s.label("region"))}
	for _, m := range s.times {
		head = append(head, wide(m.text, 2)...)
	}
	s.oneIndicator(b, len(head))
	b.add(head...)
	if s.has["flag-head"] {
		under := []cell{t("")}
		for range s.times {
			under = append(under, t("数值"), t("标记"))
		}
		b.add(under...)
	}
	for _, r := range s.regions {
		row := []cell{t(r)}
		for _, m := range s.times {
			row = append(row, s.only(b, r, m), t(one(s, "flag"+r+m.text, "", "", "r", "p")))
		}
		b.add(row...)
	}
	if s.has["legend"] {
		b.add(t(""))
		b.add(t("r：修订数据"))
		b.add(t("p：临时数字"))
	}
	s.ending(b)
}

func drawSections(d draw, s *spec) {
	s.times = d.span(1, 3, "year", "ytd")
	d.united(s, 2, 6, "bracket column column")
	d.placed(s, "line title")
	s.regions = some(d, pick(d, places), 1, 1)
	d.features(s, aboveBelow+" merged-section:40")
}

// sections has headings between its rows.
func sections(s spec, b *book) {
	head := []cell{t(s.label("indicator"))}
	if s.unit == "column" {
		head = append(head, t("单位"))
	}
	for _, m := range s.times {
		head = append(head, t(m.text))
	}
	s.top(b, len(head), nil, "主要经济指标")
	b.add(head...)
	words := []string{"一、工业和建筑业", "二、财政金融", "三、人民生活"}
	for k, i := range s.inds {
		if k%2 == 0 && k/2 < len(words) {
			if s.has["merged-section"] {
				b.add(wide(words[k/2], len(head))...)
			} else {
				b.add(t(words[k/2]))
			}
		}
		if i.name == "从业人员" { // of the section that it stands in?
			b.maybe("section")
		}
		row := []cell{t(s.named(i))}
		if s.unit == "column" {
			row = append(row, t(i.unit))
		}
		for _, m := range s.times {
			row = append(row, s.figure(b, i, s.regions[0], m))
		}
		b.add(row...)
	}
	s.ending(b)
}

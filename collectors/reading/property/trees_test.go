package property

import (
	"fmt"
	"strings"
	"time"

	"yardstick/schema"
)

// treeShapes are tables with heads of several rows, and those whose columns are
// of other kinds than figures.
func treeShapes() []shape {
	return []shape{
		{"subs", 8, drawSubs, subs},
		{"subs-of-rows", 6, drawSubsOfRows, subsOfRows},
		{"subs-flat", 6, drawSubsFlat, subsFlat},
		{"bulletin", 8, drawBulletin, bulletin},
		{"growth-rows", 4, drawGrowthRows, growthRows},
		{"parts", 3, drawParts, parts},
		{"periods-over", 4, drawOver, periodsOver},
		{"indicators-over", 4, drawOver, indicatorsOver},
		{"regions-over", 4, drawRegionsOver, regionsOver},
		{"four-heads", 4, drawFourHeads, fourHeads},
		{"years-over", 3, drawYearsOver, yearsOver},
		{"plan", 6, drawPlan, plan},
		{"this-and-last", 5, drawThisAndLast, thisAndLast},
		{"serial-dates", 3, drawSerials, serials},
		{"of-which", 2, drawOfWhich, ofWhich},
		{"vintages", 1, drawVintages, vintages},
		{"side-by-side", 2, drawBeside, beside},
		{"aside", 6, drawAside, aside},
	}
}

func drawSubs(d draw, s *spec) {
	s.times = d.span(1, 1, "year", "ytd", "ytd")
	d.united(s, 1, 4, "bracket bracket upper line")
	s.place = "rows"
	s.regions = some(d, pick(d, places), 1, 6)
	s.subs = d.subsOf(s.times[0].basis == schema.YearToDate)
	d.features(s, aboveBelow+" serial:12 remark:10 period-line:15 total-region:20 first-has-one:15")
}

// subs has places down, and indicators across with their level, change, rank and
// share under each.
func subs(s spec, b *book) {
	m := s.times[0]
	var head, under []cell
	if s.has["serial"] {
		head, under = append(head, tall("序号", 2)), append(under, t(""))
	}
	head, under = append(head, tall(s.label("region"), 2)), append(under, t(""))
	of := func(k int) []sub {
		if s.has["first-has-one"] && k == 0 && len(s.inds) > 1 {
			return s.subs[:1]
		}
		return s.subs
	}
	for k, i := range s.inds {
		name := i.name
		if s.unit == "upper" {
			name += bracketed(s, i.unit)
		}
		head = append(head, wide(name, len(of(k)))...)
		for _, u := range of(k) {
			under = append(under, t(u.title(s, i)))
		}
	}
	if s.has["remark"] {
		head, under = append(head, tall("备注", 2)), append(under, t(""))
	}
	s.top(b, len(head), &m, one(s, "topic", "各区市县主要经济指标", "分地区主要指标", "各地区生产情况"))
	b.add(head...)
	b.add(under...)
	for k, r := range s.regions {
		var row []cell
		if s.has["serial"] {
			row = append(row, n(fmt.Sprint(k+1)))
		}
		row = append(row, t(r))
		for k, i := range s.inds {
			for _, u := range of(k) {
				row = append(row, s.under(b, i, u, r, m))
			}
		}
		b.add(row...)
	}
	if s.has["total-region"] {
		columns := 0
		for k := range s.inds {
			columns += len(of(k))
		}
		s.total(b, columns, s.has["serial"])
	}
	s.ending(b)
}

func drawSubsOfRows(d draw, s *spec) {
	month := 2 + d.IntN(10)
	s.times = []moment{{text: fmt.Sprintf("2025年%d月", month), bare: fmt.Sprintf("%d月", month), period: schema.Month(2025, time.Month(month)), basis: schema.InPeriod},
		{text: fmt.Sprintf("2025年1-%d月", month), bare: fmt.Sprintf(pick(d, []string{"1-%d月", "1—%d月"}), month), period: schema.Month(2025, time.Month(month)), basis: schema.YearToDate}}
	s.has["this-month"], s.whole = d.chance(40), true
	s.unit = pick(d, []string{"bracket", "bracket", "column", "line"})
	unit := ""
	if s.unit == "line" {
		unit = "亿元"
	}
	for _, i := range d.indicators(1, 5, s.times[1:], unit) {
		if i.known == nil { // the catalogue's have no figures for a month alone
			s.inds = append(s.inds, i)
		}
	}
	if len(s.inds) == 0 {
		s.inds = []ind{{name: "软件业务收入", unit: "亿元", kind: "yeardot"}}
	}
	if s.unit == "bracket" {
		for k := range s.inds {
			s.inds[k].unit = s.inds[0].unit
		}
	}
	d.placed(s, "title title line none")
	s.regions = some(d, pick(d, places), 1, 1)
	s.subs = []sub{{word: pick(d, []string{"绝对量", "绝对额", "总量"}), kind: "level"}, {word: pick(d, []string{"同比增长", "增速", "同比"}), unit: "%", kind: "change"}}
	d.features(s, aboveBelow)
}

// subsOfRows has indicators down, and months and running totals across with level
// and change under each, as the statistical offices publish.
func subsOfRows(s spec, b *book) {
	head, under := []cell{tall(s.label("indicator"), 2)}, []cell{t("")}
	if s.unit == "column" {
		head, under = append(head, tall("单位", 2)), append(under, t(""))
	}
	for _, m := range s.times {
		text := m.bare
		if s.has["this-month"] {
			text = map[schema.Basis]string{schema.InPeriod: "本月", schema.YearToDate: one(s, "run", "1—本月累计", "1-本月累计", "本月止累计")}[m.basis]
		}
		head = append(head, wide(text, len(s.subs))...)
		for _, u := range s.subs {
			under = append(under, t(u.title(s, s.inds[0])))
		}
	}
	title := s.times[0]
	title.text = fmt.Sprintf("2025年%d月%s", title.period.First().Month, one(s, "fen", "", "份"))
	s.top(b, len(head), &title, "主要经济指标")
	b.add(head...)
	b.add(under...)
	for _, i := range s.inds {
		row := []cell{t(i.name)}
		if s.unit == "column" {
			row = append(row, t(i.unit))
		}
		for _, m := range s.times {
			for _, u := range s.subs {
				row = append(row, s.under(b, i, u, s.regions[0], m))
			}
		}
		b.add(row...)
	}
	s.ending(b)
}

func drawSubsFlat(d draw, s *spec) {
	drawSubs(d, s)
	d.united(s, 1, 6, "bracket column column line")
	d.placed(s, "title title line none")
	s.regions = some(d, pick(d, places), 1, 1)
	delete(s.has, "total-region")
	delete(s.has, "first-has-one")
}

// subsFlat has indicators down, and level, change, rank and share across.
func subsFlat(s spec, b *book) {
	m := s.times[0]
	var head []cell
	if s.has["serial"] {
		head = append(head, t("序号"))
	}
	head = append(head, t(s.label("indicator")))
	if s.unit == "column" {
		head = append(head, t("单位"))
	}
	for _, u := range s.subs {
		if u.unit != "" {
			head = append(head, t(u.word+bracketed(s, u.unit)))
		} else {
			head = append(head, t(u.word))
		}
	}
	if s.has["remark"] {
		head = append(head, t("备注"))
	}
	s.top(b, len(head), &m, "主要经济指标")
	b.add(head...)
	for k, i := range s.inds {
		var row []cell
		if s.has["serial"] {
			row = append(row, n(fmt.Sprint(k+1)))
		}
		row = append(row, t(s.named(i)))
		if s.unit == "column" {
			row = append(row, t(i.unit))
		}
		for _, u := range s.subs {
			row = append(row, s.under(b, i, u, s.regions[0], m))
		}
		b.add(row...)
	}
	s.ending(b)
}

func drawBulletin(d draw, s *spec) {
	drawSubsOfRows(d, s)
	d.united(s, 1, 6, "bracket column column")
	for k := range s.inds {
		if s.inds[k].known != nil {
			s.inds[k] = ind{name: madeUp[k][0], unit: madeUp[k][1], kind: "yeardot"}
		}
	}
	d.features(s, "month-growth:50")
	s.has["year-in-heads"] = d.chance(30)
}

// bulletin has in one head row the month, the running total and their changes.
func bulletin(s spec, b *book) {
	month, run := s.times[0], s.times[1]
	head := []cell{t(s.label("indicator"))}
	if s.unit == "column" {
		head = append(head, t("单位"))
	}
	write := func(m moment) string {
		switch {
		case s.has["this-month"]:
			return map[schema.Basis]string{schema.InPeriod: "本月", schema.YearToDate: one(s, "run", "1—本月累计", "1-本月累计", "本月止累计")}[m.basis]
		case s.has["year-in-heads"]:
			return m.text
		}
		return m.bare
	}
	head = append(head, t(write(month)))
	growth := sub{word: one(s, "growth", "同比增长", "当月增长", "增速"), unit: "%", kind: "change"}
	total := sub{word: one(s, "total-growth", "累计增长", "累计同比增长", "累计增速"), unit: "%", kind: "change"}
	if s.has["month-growth"] {
		head = append(head, t(growth.title(s, ind{})))
	}
	head = append(head, t(write(run)), t(total.title(s, ind{})))
	title := run
	s.top(b, len(head), &title, "主要经济指标")
	b.add(head...)
	region := s.regions[0]
	for _, i := range s.inds {
		row := []cell{t(s.named(i))}
		if s.unit == "column" {
			row = append(row, t(i.unit))
		}
		row = append(row, s.figure(b, i, region, month))
		if s.has["month-growth"] {
			row = append(row, s.under(b, i, growth, region, month))
		}
		row = append(row, s.figure(b, i, region, run), s.under(b, i, total, region, run))
		b.add(row...)
	}
	s.ending(b)
}

func drawGrowthRows(d draw, s *spec) {
	s.times = d.span(1, 4, "year", "ytd")
	d.united(s, 1, 3, "bracket column")
	d.placed(s, "line title none")
	s.regions = some(d, pick(d, places), 1, 1)
	s.subs = []sub{{word: pick(d, []string{"增速", "同比增长", "比上年增长"}), unit: "%", kind: "change"}}
	d.features(s, aboveBelow+" indent:40")
}

// growthRows has under each indicator a row of its change.
func growthRows(s spec, b *book) {
	head := []cell{t(s.label("indicator"))}
	if s.unit == "column" {
		head = append(head, t("单位"))
	}
	for _, m := range s.times {
		head = append(head, t(m.text))
	}
	s.top(b, len(head), nil, "主要经济指标")
	b.add(head...)
	region := s.regions[0]
	for _, i := range s.inds {
		u, indent := s.subs[0], ""
		if s.has["indent"] {
			indent = "　　"
		}
		row, under := []cell{t(s.named(i))}, []cell{t(indent + u.title(s, i))}
		if s.unit == "column" {
			row, under = append(row, t(i.unit)), []cell{t(indent + u.word), t(u.unit)}
		}
		for _, m := range s.times {
			row, under = append(row, s.figure(b, i, region, m)), append(under, s.under(b, i, u, region, m))
		}
		b.add(row...)
		b.add(under...)
	}
	s.ending(b)
}

func drawParts(d draw, s *spec) {
	s.times = d.span(2, 6, "year")
	s.inds = []ind{{name: "地区生产总值", unit: "亿元", kind: pick(d, []string{"plain", "yeardot"})}}
	if d.chance(40) {
		s.inds = append(s.inds, ind{name: "常住人口", unit: "万人", kind: "yeardot"})
	}
	s.unit = pick(d, []string{"bracket", "line"})
	if s.unit == "line" {
		s.inds = s.inds[:1]
	}
	d.placed(s, "line title")
	s.regions = some(d, pick(d, places), 1, 1)
	d.features(s, aboveBelow)
}

// parts is a yearbook's table: an indicator, and under it its parts.
func parts(s spec, b *book) {
	head, under := []cell{tall("年份", 2), tall(s.named(s.inds[0]), 2), t(""), t(""), t("")}, []cell{t(""), t(""), t("第一产业"), t("第二产业"), t("第三产业")}
	for _, i := range s.inds[1:] {
		head, under = append(head, tall(s.named(i), 2)), append(under, t(""))
	}
	s.top(b, len(head), nil, "历年主要指标")
	b.add(head...)
	b.add(under...)
	b.maybe("parts")
	region := s.regions[0]
	for _, m := range s.times {
		row := []cell{n(m.text), s.figure(b, s.inds[0], region, m)}
		for _, p := range []string{"第一产业", "第二产业", "第三产业"} {
			part := ind{name: p, kind: "yeardot"}
			row = append(row, b.fact(s.value(part, m.text), fact{names: []string{p, p + "增加值", "地区生产总值" + p}, region: region, period: m.period, units: []string{"亿元"}}))
		}
		for _, i := range s.inds[1:] {
			row = append(row, s.figure(b, i, region, m))
		}
		b.add(row...)
	}
	s.ending(b)
}

func drawOver(d draw, s *spec) {
	s.times = d.span(1, 3, "year", "ytd")
	d.united(s, 2, 3, "bracket line row")
	s.place = "rows"
	s.regions = some(d, pick(d, places), 1, 5)
	d.features(s, aboveBelow+" total-region:20")
}

// periodsOver has places down, and periods across with the indicators under each.
func periodsOver(s spec, b *book) {
	head, under, units := []cell{tall(s.label("region"), 2)}, []cell{t("")}, []cell{t("")}
	for _, m := range s.times {
		head = append(head, wide(m.text, len(s.inds))...)
		for _, i := range s.inds {
			under, units = append(under, t(s.named(i))), append(units, t(i.unit))
		}
	}
	s.overRows(b, head, under, units, func(k int) (ind, moment) { return s.inds[k%len(s.inds)], s.times[k/len(s.inds)] })
}

// indicatorsOver has places down, and indicators across with the periods under
// each.
func indicatorsOver(s spec, b *book) {
	head, under, units := []cell{tall(s.label("region"), 2)}, []cell{t("")}, []cell{t("")}
	for _, i := range s.inds {
		head = append(head, wide(s.named(i), len(s.times))...)
		for _, m := range s.times {
			under, units = append(under, n(m.text)), append(units, t(i.unit))
		}
	}
	s.overRows(b, head, under, units, func(k int) (ind, moment) { return s.inds[k/len(s.times)], s.times[k%len(s.times)] })
}

func (s spec) overRows(b *book, head, under, units []cell, at func(int) (ind, moment)) {
	s.top(b, len(head), nil, "分地区主要指标")
	b.add(head...)
	b.add(under...)
	if s.unit == "row" {
		b.add(units...)
	}
	for _, r := range s.regions {
		row := []cell{t(r)}
		for k := range len(s.inds) * len(s.times) {
			i, m := at(k)
			row = append(row, s.figure(b, i, r, m))
		}
		b.add(row...)
	}
	if s.has["total-region"] {
		s.total(b, len(s.inds)*len(s.times), false)
	}
	s.ending(b)
}

func drawRegionsOver(d draw, s *spec) {
	s.times = d.span(1, 5, "year", "ytd", "month", "end")
	d.united(s, 1, 3, "bracket line row")
	s.place = "rows"
	s.regions = some(d, pick(d, places), 1, 3)
	d.features(s, aboveBelow)
}

// regionsOver has periods down, and places across with the indicators under each.
func regionsOver(s spec, b *book) {
	head, under, units := []cell{tall(s.label("period"), 2)}, []cell{t("")}, []cell{t("")}
	for _, r := range s.regions {
		head = append(head, wide(r, len(s.inds))...)
		for _, i := range s.inds {
			under, units = append(under, t(s.named(i))), append(units, t(i.unit))
		}
	}
	s.top(b, len(head), nil, "分地区主要指标")
	b.add(head...)
	b.add(under...)
	if s.unit == "row" {
		b.add(units...)
	}
	for _, m := range s.times {
		row := []cell{n(m.text)}
		for _, r := range s.regions {
			for _, i := range s.inds {
				s.bare(b, m, i)
				row = append(row, s.figure(b, i, r, m))
			}
		}
		b.add(row...)
	}
	s.ending(b)
}

func drawFourHeads(d draw, s *spec) {
	s.times = d.span(1, 6, "year", "month", "month", "quarter")
	d.united(s, 1, 5, "row")
	s.place = "rows"
	s.regions = some(d, pick(d, places), 1, 2)
	d.features(s, "missing:20 source:40 basis-words:60 quarters-on-months:30")
}

// fourHeads is an export whose first rows say indicator, region, frequency and
// unit of each column. Quarterly series may stand on its months.
func fourHeads(s spec, b *book) {
	heads := [][]cell{{t("指标")}, {t("地区")}, {t("频度")}, {t("单位")}}
	frequency := map[schema.Frequency]string{schema.Annual: "年", schema.Quarterly: "季", schema.Monthly: "月"}[s.times[0].period.Frequency()]
	monthly := s.times[0].period.Frequency() == schema.Monthly
	quarterly := func(k int) bool { return s.has["quarters-on-months"] && monthly && s.inds[k].known == nil && k%2 == 1 }
	for _, r := range s.regions {
		for k, i := range s.inds {
			named, _ := s.suffixed(i, s.times[0])
			f := frequency
			if quarterly(k) {
				named, f = i, "季"
			}
			for h, text := range []string{named.name, r, f, i.unit} {
				heads[h] = append(heads[h], t(text))
			}
		}
	}
	for _, h := range heads {
		b.add(h...)
	}
	for _, m := range s.times {
		row := []cell{n(m.text)}
		for _, r := range s.regions {
			for k, i := range s.inds {
				if q, ends := m.period.EndingWith(schema.Quarterly); quarterly(k) {
					if !ends {
						row = append(row, t(""))
						continue
					}
					of := moment{text: m.text, period: q}
					s.bare(b, of, i)
					row = append(row, s.figure(b, i, r, of))
					continue
				}
				named, of := s.suffixed(i, m)
				s.bare(b, of, i)
				row = append(row, s.called(b, i, named, r, of))
			}
		}
		b.add(row...)
	}
	s.ending(b)
}

func drawYearsOver(d draw, s *spec) {
	s.times = d.span(1, 2, "year")
	d.features(s, aboveBelow+" quarters:40 basis-words:60")
	years, steps := s.times, 12
	if s.has["quarters"] {
		steps = 4
	}
	s.times = []moment{s.step(years[0], 0, steps)} // what an indicator of the catalogue must have figures for
	d.united(s, 1, 3, "bracket column line")
	s.times = years
	d.placed(s, "line title none")
	s.regions = some(d, pick(d, places), 1, 1)
}

// yearsOver has indicators down, and years across with months or quarters under
// each.
func yearsOver(s spec, b *book) {
	head, under := []cell{tall(s.label("indicator"), 2)}, []cell{t("")}
	if s.unit == "column" {
		head, under = append(head, tall("单位", 2)), append(under, t(""))
	}
	var all []moment
	for _, y := range s.times {
		head = append(head, wide(strings.TrimSpace(y.text), 4)...)
		for k := range 4 {
			year := y.period.First().Year
			m := moment{text: fmt.Sprintf("%d月", k+1), period: schema.Month(year, time.Month(k+1))}
			if s.has["quarters"] {
				m = moment{text: "第" + []string{"一", "二", "三", "四"}[k] + "季度", period: schema.Quarter(year, k+1)}
			}
			under = append(under, t(m.text))
			m.text = fmt.Sprint(year, m.text)
			all = append(all, m)
		}
	}
	s.top(b, len(head), nil, "主要经济指标")
	b.add(head...)
	b.add(under...)
	for _, i := range s.inds {
		named, _ := s.suffixed(i, all[0])
		row := []cell{t(s.named(named))}
		if s.unit == "column" {
			row = append(row, t(i.unit))
		}
		for _, m := range all {
			named, of := s.suffixed(i, m)
			s.bare(b, of, i)
			row = append(row, s.called(b, i, named, s.regions[0], of))
		}
		b.add(row...)
	}
	s.ending(b)
}

func drawPlan(d draw, s *spec) {
	s.times = d.span(1, 1, "ytd", "ytd", "year")
	d.united(s, 1, 6, "column")
	d.placed(s, "title title line none")
	s.regions = some(d, pick(d, places), 1, 1)
	d.features(s, aboveBelow+" serial:30 owner:70 remark:60 rate:85 period-line:15 percent-cells:30 gap:20")
}

// plan is the everyday table of a target office: what was planned, what is done,
// what share that is, and who owns it. What is done is the figure.
func plan(s spec, b *book) {
	m := s.times[0]
	done := one(s, "done", "累计完成", "实际完成", "完成", "累计完成数", "完成值")
	if m.basis != schema.YearToDate || s.has["steady"] { // the form of a feed is the same in January
		done = one(s, "done", "实际完成", "完成", "完成值")
	}
	var head []cell
	if s.has["serial"] {
		head = append(head, t("序号"))
	}
	head = append(head, t(s.label("indicator")), t("单位"), t(one(s, "plan", "年度目标", "全年目标", "目标值", "年度计划", "计划数")), t(done))
	if s.has["rate"] {
		head = append(head, t(one(s, "rate", "完成率", "完成比例", "完成进度")+bracketed(s, "%")))
	}
	if s.has["gap"] {
		head = append(head, t(one(s, "gap", "差额", "差距")))
	}
	if s.has["owner"] {
		head = append(head, t(one(s, "owner", "牵头单位", "责任单位", "责任部门")))
	}
	if s.has["remark"] {
		head = append(head, t("备注"))
	}
	s.top(b, len(head), &m, one(s, "topic", "目标任务完成情况", "重点目标进展表", "指标计划执行情况"))
	b.add(head...)
	for k, i := range s.inds {
		var row []cell
		if s.has["serial"] {
			row = append(row, n(fmt.Sprint(k+1)))
		}
		target := number(i.kind, s.hash("target", i.name))
		row = append(row, t(i.name), t(i.unit), n(target), s.figure(b, i, s.regions[0], m))
		if s.has["rate"] {
			rate := number("percent", s.hash("rate", i.name))
			if s.has["percent-cells"] {
				rate += "%"
			}
			row = append(row, n(rate))
		}
		if s.has["gap"] {
			row = append(row, n(number("count", s.hash("gap", i.name))))
		}
		if s.has["owner"] {
			row = append(row, t(one(s, "owner"+i.name, "市发改委", "市工信局", "市农业农村局")))
		}
		if s.has["remark"] {
			row = append(row, t(one(s, "remark"+i.name, "", "正常推进")))
		}
		b.add(row...)
	}
	s.ending(b)
}

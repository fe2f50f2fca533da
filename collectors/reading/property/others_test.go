package property

import (
	"fmt"
	"strings"
	"time"

	"yardstick/schema"
)

func drawThisAndLast(d draw, s *spec) {
	m := writing("ytd", d.IntN(100), 0, 1)
	if d.chance(40) {
		m = writing("year", d.IntN(100), 0, 1)
	}
	first := m.period.First()
	last := m
	last.text = strings.Replace(m.text, fmt.Sprint(first.Year), fmt.Sprint(first.Year-1), 1)
	switch m.period.Frequency() {
	case schema.Annual:
		last.period = schema.Year(first.Year - 1)
	case schema.Quarterly:
		last.period = m.period.Add(-4)
	default:
		last.period = m.period.Add(-12)
	}
	s.times, s.whole = []moment{m, last}, true
	d.united(s, 1, 5, "bracket column line")
	d.placed(s, "line title none")
	s.regions = some(d, pick(d, places), 1, 1)
	s.subs = []sub{{word: pick(d, []string{"增长", "同比增长", "增速", "比上年同期增长"}), unit: "%", kind: "change"}}
	d.features(s, aboveBelow+" serial:12 remark:12")
}

// thisAndLast has a period beside the same one a year before, and the change.
func thisAndLast(s spec, b *book) {
	var head []cell
	if s.has["serial"] {
		head = append(head, t("序号"))
	}
	head = append(head, t(s.label("indicator")))
	if s.unit == "column" {
		head = append(head, t("单位"))
	}
	u := s.subs[0]
	head = append(head, t(s.times[0].text), t(s.times[1].text), t(u.title(s, ind{})))
	if s.has["remark"] {
		head = append(head, t("备注"))
	}
	s.top(b, len(head), nil, "主要指标对比表")
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
		for _, m := range s.times {
			row = append(row, s.figure(b, i, s.regions[0], m))
		}
		b.add(append(row, s.under(b, i, u, s.regions[0], s.times[0]))...)
	}
	s.ending(b)
}

func drawSerials(d draw, s *spec) {
	drawDown(d, s)
	s.times = d.span(2, 6, "month")
	for k, m := range s.times {
		at := m.period.First()
		days := time.Date(at.Year, at.Month, at.Day, 0, 0, 0, 0, time.UTC).Sub(time.Date(1899, time.December, 30, 0, 0, 0, 0, time.UTC)).Hours() / 24
		s.times[k].text = fmt.Sprint(int(days))
	}
	s.unit = "bracket"
	s.inds = d.indicators(1, 3, s.times, "")
	delete(s.has, "total-period")
}

// serials has days as a spreadsheet counts them for its months.
func serials(s spec, b *book) {
	b.maybe("dates")
	down(s, b)
}

func drawOfWhich(d draw, s *spec) {
	drawAcross(d, s)
	s.unit, s.place = "bracket", "line"
	s.regions = some(d, pick(d, places), 1, 1)
	s.has["header-again"], s.has["serial"] = false, false
}

// ofWhich has under its first indicator a row of a part of it.
func ofWhich(s spec, b *book) {
	b.maybe("part")
	across(s, b)
	for k, row := range b.rows {
		if row[0].text != s.label("indicator") {
			continue
		}
		unit := s.inds[0].unit
		name := one(s, "part", "其中：民营", "#外资", "其中:规模以上")
		part := []cell{t(name + bracketed(s, unit))}
		bare := strings.TrimLeft(strings.TrimPrefix(strings.TrimPrefix(name, "其中："), "其中:"), "#")
		named, _ := s.suffixed(s.inds[0], s.times[0])
		for _, m := range s.times {
			_, m := s.suffixed(s.inds[0], m)
			part = append(part, b.fact(number("plain", s.hash("part", m.text)), fact{names: []string{named.name + name, named.name + bare, s.inds[0].name + name, s.inds[0].name + bare},
				region: s.regions[0], period: m.period, basis: m.basis, units: []string{unit}}))
		}
		for len(part) < len(row) {
			part = append(part, t(""))
		}
		b.rows = append(b.rows[:k+2], append([][]cell{part}, b.rows[k+2:]...)...)
		return
	}
}

func drawAside(d draw, s *spec) {
	s.times = d.span(1, 3, "year", "ytd")
	d.united(s, 1, 5, "column")
	d.placed(s, "line title none")
	s.regions = some(d, pick(d, places), 1, 1)
	d.features(s, aboveBelow+" serial:30 unit-last:40 unit-between:25 remark-each:50 owner:40 code:30 origin:30 remark:30")
	if s.has["remark-each"] {
		delete(s.has, "remark")
	}
}

// aside has beside its figures, and among them, columns that hold none: units, remarks
// of each figure, offices, codes, sources, under a head of one row or two.
func aside(s spec, b *book) {
	deep := 1
	if s.has["remark-each"] {
		deep = 2
	}
	var head, under []cell
	column := func(feature, text string) {
		if feature == "" || s.has[feature] {
			head, under = append(head, tall(text, deep)), append(under, t(""))
		}
	}
	between := s.has["unit-between"] && len(s.times) > 1 && deep == 1
	column("serial", "序号")
	column("", s.label("indicator"))
	if !s.has["unit-last"] && !between {
		column("", "单位")
	}
	for k, m := range s.times {
		if deep == 2 {
			head, under = append(head, wide(m.text, 2)...), append(under, t(one(s, "level", "数值", "完成", "绝对量")), t("备注"))
			continue
		}
		if column("", m.text); between && k == 0 {
			column("", "计量单位")
		}
	}
	if s.has["unit-last"] && !between {
		column("", "单位")
	}
	column("owner", one(s, "owner", "责任单位", "牵头单位", "责任部门"))
	column("code", one(s, "code", "指标代码", "代码"))
	column("origin", one(s, "origin", "数据来源", "来源"))
	column("remark", "备注")
	s.top(b, len(head), nil, "主要经济指标")
	if b.add(head...); deep == 2 {
		b.add(under...)
	}
	for k, i := range s.inds {
		row := s.asideOf(b, k, i, between)
		b.add(row...)
	}
	s.ending(b)
}

// asideOf is the k-th row of such a table.
func (s spec) asideOf(b *book, k int, i ind, between bool) (row []cell) {
	add := func(feature, text string) {
		if s.has[feature] {
			row = append(row, t(text))
		}
	}
	add("serial", fmt.Sprint(k+1))
	row = append(row, t(i.name))
	if !s.has["unit-last"] && !between {
		row = append(row, t(i.unit))
	}
	for n, m := range s.times {
		row = append(row, s.figure(b, i, s.regions[0], m))
		if s.has["remark-each"] {
			row = append(row, t(one(s, fmt.Sprint("each", k, n), "", "快报", "调整后")))
		}
		if between && n == 0 {
			row = append(row, t(i.unit))
		}
	}
	if s.has["unit-last"] && !between {
		row = append(row, t(i.unit))
	}
	add("owner", one(s, "office"+i.name, "市发改委", "市工信局"))
	add("code", fmt.Sprintf("A%02d", k+1))
	add("origin", "年报")
	add("remark", one(s, "remark"+i.name, "", "正常推进"))
	return row
}

func drawVintages(d draw, s *spec) {
	drawFred(d, s)
}

// vintages has one series as it was published on several days.
func vintages(s spec, b *book) {
	for _, l := range []string{"unit", "region"} {
		b.lack(l)
	}
	b.add(t("observation_date"), t("GDPC1_20250130"), t("GDPC1_20250227"))
	for _, m := range s.times {
		v := number("yeardot", s.hash("vintage", m.text))
		b.add(t(m.period.First().String()), n(v), n(v))
	}
}

func drawBeside(d draw, s *spec) {
	s.times = d.span(1, 3, "year", "ytd")
	d.united(s, 2, 4, "bracket")
	s.place = "rows"
	s.regions = some(d, pick(d, places), 2, 5)
	d.features(s, "missing:15 source:20")
}

// beside has two tables of one indicator each next to each other.
func beside(s spec, b *book) {
	b.maybe("two tables")
	if len(s.inds) < 2 {
		s.inds = append(s.inds, ind{name: "造林面积", unit: "公顷", kind: "plain"})
	}
	var top, head []cell
	for k, i := range s.inds[:2] {
		if k > 0 {
			top, head = append(top, t("")), append(head, t(""))
		}
		top = append(top, t(s.named(i)))
		head = append(head, t("地区"))
		for _, m := range s.times {
			top, head = append(top, t("")), append(head, t(m.text))
		}
	}
	b.add(top...)
	b.add(head...)
	for _, r := range s.regions {
		var row []cell
		for k, i := range s.inds[:2] {
			if k > 0 {
				row = append(row, t(""))
			}
			row = append(row, t(r))
			for _, m := range s.times {
				row = append(row, s.figure(b, i, r, m))
			}
		}
		b.add(row...)
	}
	s.ending(b)
}

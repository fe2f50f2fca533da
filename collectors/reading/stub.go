package reading

import (
	"errors"
	"strings"

	"yardstick/schema"
)

// kind is what a row or column of an axis holds.
type kind string

// labelOf reads the cell at the head of an axis: 指标, 地区, Country Name. ""
// when it names none.
func labelOf(r *reader, text string) kind {
	t := simplified(foldText(text))
	switch t {
	case "":
		return ""
	case "countryname", "country", "economy", "countryorarea", "城市", "省份", "省市", "省", "市", "省(市、区)", "地市", "各地区", "市县", "县区", "区县", "区市", "地域", "国家", "国家和地区", "国家或地区", "国家/地区", "国家(地区)", "所在地区", "分市", "城市名称", "分地区":
		return kindRegion
	case "indicatorname", "seriesname", "指标(单位)", "产品名称", "指标项":
		return kindIndicator
	case "countrycode", "indicatorcode", "seriescode", "指标id", "seriesid", "id", "序号", "编号", "代码", "编码", "地区编码", "地区代码", "行政区划代码", "指标代码", "指标编码", "code", "no.", "no", "行次", "区划代码":
		return kindCode
	case "频度", "频率", "frequency", "freq", "更新频率":
		return kindFreq
	case "年", "月", "季", "年度", "年月", "年/月", "时点":
		return kindPeriod
	case "更新时间", "开始时间", "结束时间", "起始时间", "起始日期", "截止时间", "截止日期", "数据区间", "时间区间", "指标描述", "指标解释", "lastupdated", "startdate", "enddate":
		return kindNote
	case "指标类型", "数据类型", "类型":
		return kindOther
	}
	if name, ok := r.options.Headers.Header(simplified(strings.TrimSpace(text))); ok {
		switch name {
		case "indicator", "region", "period", "unit", "basis", "note", "status":
			return kind(name)
		}
	}
	if c := chinese(text); c != text { // 指标 Item
		return labelOf(r, c)
	}
	return ""
}

// total reports whether a name on an axis is a total rather than a member.
func total(name string, k kind) bool {
	t := strings.Trim(simplified(foldText(name)), ":：()")
	switch t {
	case "合计", "总计", "小计", "汇总", "总和", "合计数", "累计合计", "total", "sum", "grandtotal", "subtotal":
		return true
	}
	if k == kindIndicator {
		return false
	}
	for _, w := range []string{"汇总", "合计", "总计", "小计"} {
		if strings.Contains(t, w) {
			return true
		}
	}
	return false
}

// findStub tells the columns that name the rows.
func (a *axes) findStub() {
	g := a.b.g
	end := g.wide
	if a.dated >= 0 {
		cols, _ := g.periodCols(a.dated)
		end = cols[0]
	}
	for c := range end {
		if c == a.period {
			continue
		}
		var l kind
		label := ""
		for _, h := range a.b.head {
			if t := g.text(h, c); t != "" && (l == "" || a.dated < 0) {
				label, l = t, labelOf(g.r, t)
			}
		}
		words, figures := 0, 0
		var names []string
		for _, d := range a.b.data {
			switch t := g.text(d, c); {
			case t == "":
			case g.number(t):
				figures++
			case !missing(strings.ToLower(t)) && !flagLike(t):
				words++
				if !total(t, kindRegion) {
					names = append(names, t)
				}
			}
		}
		if l == kindPeriod && a.period >= 0 && a.dated < 0 && a.partOfYear(c, label) {
			a.part, a.partLabel = c, label
			a.stub[c] = kindPeriod
			continue
		}
		if a.dated < 0 && words <= figures && l != kindCode && (words == 0 || l != kindNote) {
			continue // a column of figures
		}
		if answer := kind(g.r.options.Given[columnKey(label)]); answer != "" {
			l = answer
		}
		if l == "" || l == kindOther {
			l = a.kindOf(names, label, "rows")
		}
		if l == "" && words+figures == 0 {
			continue
		}
		a.stub[c] = l
	}
}

// kindOf tells what names on an axis are, from the names alone or the answer
// under the key (rows, columns). "" is unclear.
func (a *axes) kindOf(names []string, label, key string) kind {
	r := a.b.g.r
	places, bases, units, codes, growths := 0, 0, 0, 0, 0
	for _, n := range names {
		bare := n
		if b, inner, ok := SplitBrackets(n); ok && LooksLikeUnit(inner) {
			bare = b
		}
		switch {
		case r.likePlace(bare):
			places++
		case basisWord(n):
			bases++
		case growthRow().MatchString(foldText(n)):
			growths++
		case LooksLikeUnit(n):
			units++
		case strings.Trim(foldText(n), "0123456789.") == "":
			codes++
		}
	}
	switch len(names) {
	case 0:
		return ""
	case places:
		return kindRegion
	case bases:
		return kindBasis
	case bases + growths:
		if bases > 0 {
			return kindBasis
		}
	case units:
		return kindUnit
	case codes:
		return kindCode
	}
	if answer := a.b.g.r.options.Given[key]; answer == "indicator" || answer == "region" {
		return kind(answer)
	}
	if places == 0 && bases < len(names) && a.nameIndicators(names, label) {
		return kindIndicator
	}
	return ""
}

// nameIndicators reports whether names, none of them places, are indicators:
// they carry units, or nothing else in the file can be the indicator of which
// they would be parts.
func (a *axes) nameIndicators(names []string, label string) bool {
	if label != "" && labelOf(a.b.g.r, label) == "" && a.b.g.r.options.Given[columnKey(label)] == "" && a.dated >= 0 {
		return false // 行业, 产品: a further axis
	}
	if a.b.facts.indicator.said() {
		return false
	}
	units := 0
	for _, n := range names {
		if _, inner, ok := SplitBrackets(n); ok && LooksLikeUnit(inner) {
			units++
		} else if _, ok := CutBasis(n); ok {
			units++
		}
	}
	if 2*units >= len(names) || a.hasUnits() {
		return true
	}
	for _, t := range a.b.facts.titles {
		general := false
		for _, w := range []string{"指标", "主要", "情况", "统计表", "数据", "月报", "年报", "季报", "快报", "公报", "一览"} {
			general = general || strings.Contains(t.text, w)
		}
		if !general {
			return false
		}
	}
	return true
}

// hasUnits reports whether a row or column of units stands in the header.
func (a *axes) hasUnits() bool {
	g := a.b.g
	for _, h := range a.b.head {
		for _, c := range g.filled(h) {
			if labelOf(g.r, g.text(h, c)) == kindUnit {
				return true
			}
		}
	}
	return false
}

// partOfYear reports whether a column holds months or quarters.
func (a *axes) partOfYear(c int, label string) bool {
	for _, d := range a.b.data {
		t := a.b.g.text(d, c)
		if t == "" {
			continue
		}
		if p, ok := a.b.g.reference(yearPart(t, label)); !ok || !errors.Is(p.err, schema.ErrNoYear) {
			return false
		}
	}
	return true
}

// yearPart is a month or quarter as written under its label: 9 under 月份.
func yearPart(t, label string) string {
	if strings.Trim(foldText(t), "0123456789") != "" {
		return t
	}
	if strings.Contains(label, "季") || strings.EqualFold(label, "quarter") {
		return t + "季度"
	}
	return t + "月"
}

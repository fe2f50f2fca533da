package reading

import (
	"regexp"
	"strings"
	"sync"

	"yardstick/collectors/table"
)

// facet is one thing the file says and where.
type facet struct {
	text string
	cell table.Cell
}

func (f facet) said() bool { return f.text != "" }

// facts are what the lines above a table say for all of it.
type facts struct {
	database, region, time, indicator, unit, freq facet
	titles                                        []facet
}

var keyLine = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?i)[（(【\[]?\s*(数据库|地区|区域|省份|城市|地域|时间|时期|报告期|统计时间|数据时间|指标|指标名称|统计指标|单位|计量单位|数据单位|频度|频率|` +
		`database|region|area|period|time|indicator|unit|units|frequency)(\s+[a-z][a-z ]*)?\s*[:：]\s*(.+)$`)
})

var unitLine = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?:计量|数据)?单位\s*[:：]\s*([^\s，,；;（）()]+(?:\s*[、，,；;和及]\s*[^\s，,；;（）()]+)*)`)
})

// several reports whether a line names more than one thing.
func several(s string) bool {
	return strings.ContainsAny(s, "、，,；;") || strings.Contains(s, " 和 ") || shared().MatchString(s)
}

// shared are units of which one is a share: 万元/% is two, and no quotient.
var shared = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[/／|]\s*[%％‰]|[%％‰]\s*[/／|]`) })

// twoUnits reports whether a cell names a unit and a share beside it.
func twoUnits(s string) bool {
	return shared().MatchString(s)
}

// keyOf parts a line such as 单位：亿元 or 地区 Region：大连 into its key and what
// it says, as written.
func keyOf(text string) (key, said string, ok bool) {
	text = strings.TrimSpace(text)
	m := keyLine().FindStringSubmatch(simplified(text))
	if m == nil || m[2] != "" && m[1][0] < 0x80 {
		return "", "", false
	}
	said = text[len(text)-len(m[3]):] // every folded character is as long
	if strings.ContainsAny(text[:3], "（(【[") {
		said = strings.TrimRight(said, ")）】] ")
	}
	return strings.ToLower(m[1]), said, true
}

// keyed reports whether a cell is a line such as 单位：亿元.
func keyed(text string) bool {
	_, _, ok := keyOf(text)
	return ok || unitLine().MatchString(simplified(text))
}

// see takes what one cell above the table says.
func (f *facts) see(c table.Cell) {
	text := strings.TrimSpace(c.Text)
	if text == "" {
		return
	}
	set := func(at *facet, value string) {
		value = strings.TrimSpace(value)
		if at.said() && at.text != value {
			value = at.text + "、" + value // two lines: not one fact
		}
		*at = facet{value, c}
	}
	key, said, keyed := keyOf(text)
	if !keyed {
		if u := unitLine().FindStringSubmatchIndex(simplified(text)); u != nil { // every folded character is as long
			set(&f.unit, text[u[2]:u[3]])
			if title := strings.TrimRight(strings.TrimSpace(text[:u[0]]+text[u[1]:]), "(（ "); title != "" && !strings.ContainsAny(title, ")）") {
				f.titles = append(f.titles, facet{title, c})
			}
			return
		}
		if LooksLikeUnit(text) {
			set(&f.unit, text)
			return
		}
		f.titles = append(f.titles, facet{text, c})
		return
	}
	switch key {
	case "数据库", "database":
		set(&f.database, said)
	case "地区", "区域", "省份", "城市", "地域", "region", "area":
		set(&f.region, said)
	case "时间", "时期", "报告期", "统计时间", "数据时间", "period", "time":
		set(&f.time, said)
	case "指标", "指标名称", "统计指标", "indicator":
		set(&f.indicator, said)
	case "单位", "计量单位", "数据单位", "unit", "units":
		set(&f.unit, said)
	default:
		set(&f.freq, said)
	}
}

// one is a fact that names one thing only.
func one(f facet) facet {
	if several(f.text) {
		return facet{}
	}
	return f
}

// national reports whether the file can only be about the whole country: it
// comes from the national bureau, and either from one of its national data
// bases (the provinces' and cities' have names of their own) or about what is
// national by definition.
func (g *grid) national(f facts, names []string) bool {
	if !g.bureau || f.region.said() {
		return false
	}
	switch strings.ReplaceAll(f.database.text, " ", "") {
	case "年度数据", "季度数据", "月度数据":
		return true
	case "":
	default:
		return false
	}
	for _, t := range f.titles {
		if !g.r.nationalName(t.text) {
			return false
		}
	}
	for _, n := range names {
		if g.r.nationalName(n) {
			return true
		}
	}
	return false
}

func (r *reader) nationalName(name string) bool {
	for _, start := range []string{"国内生产总值", "国民总收入", "国民生产总值", "全国"} {
		if strings.HasPrefix(strings.TrimSpace(name), start) {
			return true
		}
	}
	return false
}

// growth reports whether a name measures change or a share, which the unit of
// the table's other figures does not fit.
func growth(name string) bool {
	name = simplified(name)
	for _, w := range []string{"增长", "增速", "增幅", "同比", "环比", "比重", "占比", "指数", "率", "比例", "比上年", "涨幅", "系数", "人均", "价格", "人口", "人数", "growth", "rate", "share", "index", "ratio", "per capita"} {
		if strings.Contains(strings.ToLower(name), w) {
			return true
		}
	}
	return false
}

// fits reports whether the unit given for a whole table goes with a name that
// measures change, a share, a price or people.
func fits(name, unit string) bool {
	name, unit = simplified(name), simplified(foldText(unit))
	has := func(words ...string) bool {
		for _, w := range words {
			if strings.Contains(name, w) {
				return true
			}
		}
		return false
	}
	switch {
	case !growth(name):
		return true
	case has("增长", "增速", "增幅", "同比", "环比", "比重", "占比", "率", "比例", "比上年", "涨幅"):
		return strings.HasPrefix(unit, "%") || strings.HasPrefix(unit, "‰")
	case has("指数", "系数", "人均", "价格"):
		return false
	case has("人口", "人数"):
		return strings.HasSuffix(unit, "人") || strings.HasSuffix(unit, "人次")
	}
	return false
}

// basisWord reads a cell that says nothing but a basis: 累计, 当月, 1-本月.
func basisWord(s string) bool { return basisOnly().MatchString(foldText(s)) }

var basisOnly = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?:#|其中[:：]?)?(?:(?:本年|年初|自年初|年内)?累计(?:值|数|额|完成)?|本月止累计|1-本月|(?:当|本)(?:期|月|季|年|旬|日)(?:值|数|额|完成)?)$`)
})

var basisEnd = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?:[_\-—:：,，\s(（]*)(?:本月止累计|(?:本年|年初|自年初|年内)?累计(?:值|数|额)?|(?:当|本)(?:期|月|季)(?:值|数|额)?)[)）]?$`)
})

// CutBasis takes the basis off the end of an indicator's name: 国内生产总值累计值
// is 国内生产总值.
func CutBasis(name string) (bare string, ok bool) {
	at := basisEnd().FindStringIndex(name)
	if at == nil || at[0] == 0 {
		return name, false
	}
	return strings.TrimSpace(name[:at[0]]), true
}

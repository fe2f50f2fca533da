package property

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"yardstick/schema"
)

// madeUp are indicators that the catalogue lacks, with their units: names with
// 合计 in them, units nobody listed, index bases.
var madeUp = [][2]string{
	{"粮食产量", "吨"}, {"海水养殖产量", "吨"}, {"水果产量", "吨"}, {"规上工业企业数", "个"}, {"充电桩", "个"}, {"文化场馆", "个"}, {"旅客吞吐量", "万人次"},
	{"港口货物吞吐量", "万吨"}, {"税收收入合计", "万元"}, {"民生支出", "万元"}, {"流动资产合计", "亿元"}, {"资金来源小计", "亿元"}, {"贷款余额总计", "亿元"},
	{"软件业务收入", "亿元"}, {"存款余额", "亿元"}, {"电视剧集数", "万集"}, {"银幕", "块"}, {"工业用电量", "亿千瓦时"}, {"新登记经营主体", "户"},
	{"商品零售价格指数", "上年同月=100"}, {"出厂价格指数", "上年=100"}, {"夜间灯光指数", "2020年=100"}, {"登记失业率", "%"}, {"财政自给率", "%"}, {"水质优良比例", "%"},
	{"常住人口", "人"}, {"从业人员", "人"}, {"人均可支配收入", "元"}, {"单位产值能耗", "吨标准煤/万元"}, {"集装箱吞吐量", "万TEU"}, {"住宅均价", "元/平方米"},
	{"出口总额", "亿美元"}, {"绿地面积", "公顷"}, {"专利授权量", "件"}, {"养老床位", "张"}, {"机器人产量", "台"}, {"R&D人员", "人年"}, {"“四上”企业", "家"},
	{"90后创业者", "人"}, {"垃圾清运量", "万吨"},
}

var places = [][]string{
	{"大连市", "中山区", "西岗区", "沙河口区", "甘井子区", "瓦房店市", "庄河市", "金普新区"},
	{"青岭市", "云川县", "南浦区", "北湾新区", "东屏县", "石臼市", "双林区"},
	{"辽宁省", "吉林省", "黑龙江省", "山东省", "河北省"},
	{"沈阳", "大连", "鞍山", "抚顺", "丹东", "锦州"},
}

// kinds are what values look like, the most often plain.
var kinds = []string{"plain", "plain", "plain", "year", "yeardot", "month", "day", "small", "share", "signed", "thousands", "big", "zero", "wide"}

func (d draw) kindOf(unit string) string {
	switch {
	case strings.Contains(unit, "=100"):
		return "index"
	case unit == "%":
		return pick(d, []string{"percent", "percent", "signed", "small"})
	}
	return pick(d, kinds)
}

// ofCatalogue gives an indicator of the catalogue as somebody writes it.
func (d draw) ofCatalogue(i schema.Indicator) ind {
	out := ind{name: i.Name.Zh, unit: i.Unit, known: &i, kind: "count"}
	if other := pick(d, append([]schema.UnitFactor{{Unit: i.Unit}}, i.Units...)); d.chance(30) && !strings.ContainsAny(other.Unit, "abcdefghijklmnopqrstuvwxyz ") {
		out.unit = other.Unit
	}
	if name := pick(d, append([]string{i.Name.Zh}, i.Aliases...)); d.chance(30) && !strings.ContainsAny(name, "abcdefghijklmnopqrstuvwxyz") &&
		!strings.HasPrefix(name, "全市") && !strings.HasPrefix(name, "大连市") { // which says a region of its own
		out.name = name
	}
	switch {
	case i.Unit == "%" || i.Unit == "百分点":
		out.kind = "percent"
	case i.Decimals > 0:
		out.kind = pick(d, []string{"plain", "yeardot", "year"})
	}
	return out
}

// indicators draws indicators that may stand in a table of these moments: those
// of the catalogue have figures for such periods. unit, if any, is that of all.
func (d draw) indicators(low, high int, times []moment, unit string) []ind {
	var list []ind
	for _, m := range madeUp {
		if unit == "" || m[1] == unit {
			list = append(list, ind{name: m[0], unit: m[1], kind: d.kindOf(m[1])})
		}
	}
	if d.chance(50) {
		for _, i := range register().Indicators.All() {
			if i.Unit != "天" && i.Max == nil && i.Formula == nil && fits(i, times) && (unit == "" || i.Unit == unit) {
				one := d.ofCatalogue(i)
				if unit != "" {
					one.unit = unit
				}
				list = append(list, one)
			}
		}
	}
	d.Shuffle(len(list), func(i, k int) { list[i], list[k] = list[k], list[i] })
	return some(d, list, low, high)
}

// fits reports whether the catalogue's indicator has a figure for each.
func fits(i schema.Indicator, times []moment) bool {
	for _, m := range times {
		f := m.period.Frequency()
		if f == schema.Monthly && m.basis == schema.YearToDate && m.period.Last().Month%3 == 0 {
			f = i.Frequency() // 1-9月 is the third quarter's running total, too
		}
		if !slices.Contains(i.Frequencies, f) || m.basis != "" && m.basis != i.Basis {
			return false
		}
	}
	return true
}

// oneUnit draws the unit of a whole table.
func (d draw) oneUnit() string {
	return pick(d, []string{"亿元", "亿元", "亿元", "吨", "个", "%", "万元"})
}

// span draws the moments of a table: a style, a way of writing, an order.
func (d draw) span(low, high int, styles ...string) []moment {
	count := low + d.IntN(high-low+1)
	style := pick(d, styles)
	form := d.IntN(100)
	var out []moment
	for i := range count {
		out = append(out, writing(style, form, i, count))
	}
	if d.chance(35) {
		slices.Reverse(out)
	}
	return out
}

// writing is the i-th of so many moments of a style, in one of its forms.
func writing(style string, form, i, count int) moment {
	switch style {
	case "year":
		y := 2024 - count + 1 + i
		return moment{text: fmt.Sprintf([]string{"%d年", "%d", "%d年度", "%d 年"}[form%4], y), period: schema.Year(y)}
	case "ytd": // running totals of one year, or of the same months of years
		months := []int{3, 6, 9, 12}
		m, y := months[(3-count+1+i+12)%4], 2025
		if m == 12 || count > 3 {
			m, y = 9, 2025-count+1+i
		}
		if form%10 > 7 && m%3 == 0 && m < 12 {
			word := map[int]string{3: "1季度累计", 6: "上半年", 9: "前三季度"}[m]
			if m > 3 {
				return moment{text: fmt.Sprintf("%d年%s", y, word), bare: word, period: schema.Quarter(y, m/3), basis: schema.YearToDate}
			}
		}
		f := []string{"1-%d月", "1—%d月", "1～%d月", "1-%d月份"}[form%4]
		return moment{text: fmt.Sprintf("%d年"+f, y, m), bare: fmt.Sprintf(f, m), period: schema.Month(y, time.Month(m)), basis: schema.YearToDate}
	case "quarter":
		q := i%4 + 1
		y := 2024 + i/4
		text := fmt.Sprintf([]string{"%d年第%s季度", "%d年%s季度"}[form%2], y, []string{"一", "二", "三", "四"}[q-1])
		if form%4 > 1 {
			text = fmt.Sprintf([]string{"%dQ%d", "%d-Q%d"}[form%2], y, q)
		}
		return moment{text: text, bare: "第" + []string{"一", "二", "三", "四"}[q-1] + "季度", period: schema.Quarter(y, q)}
	case "tenday":
		return moment{text: fmt.Sprintf("2025年%d月%s旬", 1+i/3, []string{"上", "中", "下"}[i%3]), period: schema.TenDays(2025, time.Month(1+i/3), i%3+1)}
	case "end":
		m := i%12 + 1
		return moment{text: fmt.Sprintf([]string{"2025年%d月末", "截至2025年%d月底"}[form%2], m), period: schema.Month(2025, time.Month(m)), basis: schema.Point}
	}
	m := i + 1
	text := fmt.Sprintf([]string{"2025年%d月", "2025-%02d", "2025%02d", "2025年%02d月", "2025/%02d", "2025.%02d"}[form%6], m)
	return moment{text: text, bare: fmt.Sprintf("%d月", m), period: schema.Month(2025, time.Month(m))}
}

// changes, ranks and shares are the words of what stands under an indicator.
func (d draw) subsOf(ytd bool) []sub {
	level := sub{word: pick(d, []string{"绝对额", "绝对量", "总量", "数值", "完成"}), kind: "level"}
	words := []string{"增速", "同比", "同比增长", "增长", "比上年增长"}
	if ytd {
		words = append(words, "累计增长")
	}
	change := sub{word: pick(d, words), unit: pick(d, []string{"%", "%", "±%", ""}), kind: "change"}
	rank := sub{word: pick(d, []string{"位次", "排名"}), kind: "rank"}
	share := sub{word: pick(d, []string{"占比", "比重"}), unit: "%", kind: "share"}
	out := []sub{level}
	if d.chance(80) {
		out = append(out, change)
	}
	if d.chance(40) {
		out = append(out, rank)
	}
	if d.chance(25) || len(out) == 1 {
		out = append(out, share)
	}
	return out
}

// under is the figure of what stands under an indicator.
func (s spec) under(b *book, i ind, u sub, region string, m moment, words ...string) cell {
	if u.kind == "level" {
		return s.figure(b, i, region, m, words...)
	}
	kind, units := map[string]string{"change": "signed", "rank": "rank", "share": "percent"}[u.kind], []string{"%"}
	if u.kind == "rank" {
		units = []string{"", "位", "名"}
	}
	if u.unit != "" && u.unit != "%" {
		units = append(units, u.unit)
	}
	if u.kind == "change" && u.unit == "" { // the sign stands in the cells
		kind = "signed%"
	}
	bare := strings.TrimPrefix(strings.TrimPrefix(u.word, "累计"), "本月")
	text := s.value(ind{name: i.name + u.word, kind: kind}, append([]string{region, m.text}, words...)...)
	return b.fact(text, fact{names: []string{i.name + u.word, i.name + bare}, region: region, period: m.period, basis: m.basis, units: units})
}

// title is what u is headed by, with its unit.
func (u sub) title(s spec, i ind) string {
	switch {
	case u.unit != "":
		return u.word + bracketed(s, u.unit)
	case u.kind == "level" && s.unit == "bracket":
		return u.word + bracketed(s, i.unit)
	}
	return u.word
}

// bracketed writes a unit after a name.
func bracketed(s spec, unit string) string {
	return fmt.Sprintf(one(s, "bracket", "(%s)", "（%s）", "(%s)", "（%s）", "（单位：%s）", " (%s)"), unit)
}

// named is an indicator as an axis names it.
func (s spec) named(i ind) string {
	if s.unit == "bracket" {
		return i.name + bracketed(s, i.unit)
	}
	return i.name
}

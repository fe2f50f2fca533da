// Package written reads what people write in cells: numbers, units, names and what
// is added to them, words for bases, statuses and marks.
package written

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"yardstick/schema"
)

// NoteStart is how a note under a table begins: 注：, 数据来源：, Note 1:, *.
var NoteStart = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?i:(?:注|备注|附注|说明|资料来源|数据来源|来源|notes?|sources?|remarks?)\s*[0-9一二三四五①-⑨]*\s*(?:[:：.、．]|$)|[*＊※#])`)
})

// ReadBasis reads a basis as people write it. 累计 alone may be within the year
// or since a named day: both are given, and the catalogue tells. Nil: unknown.
func ReadBasis(text string) []schema.Basis {
	switch FoldText(text) {
	case "point", "时点", "时点数", "时点值", "期末", "期末数", "期末值", "月末", "季末", "年末", "存量":
		return []schema.Basis{schema.Point}
	case "period", "当期", "当期值", "当期数", "本期", "当月", "当月值", "本月", "当季", "当季值", "本季", "当年", "全年", "当日", "当旬", "流量":
		return []schema.Basis{schema.InPeriod}
	case "ytd", "yeartodate", "年内累计", "本年累计", "年初累计", "当年累计", "年累计", "自年初累计", "年初至今":
		return []schema.Basis{schema.YearToDate}
	case "cumulative", "历年累计", "总累计", "累计总数", "开始至今", "自发文累计", "自发文日起累计":
		return []schema.Basis{schema.Cumulative}
	case "累计", "累计值", "累计数":
		return []schema.Basis{schema.YearToDate, schema.Cumulative}
	}
	return nil
}

// ReadStatus reads an SDMX OBS_STATUS code or its usual Chinese or English word.
func ReadStatus(text string) (schema.ObsStatus, bool) {
	text = FoldText(text)
	if s := schema.ObsStatus(strings.ToUpper(text)); s.Valid() {
		return s, true
	}
	switch text {
	case "初步", "初步数", "初步核算", "初步核算数", "快报", "快报数", "provisional", "preliminary":
		return schema.StatusProvisional, true
	case "最终", "最终数", "最终核实", "最终核实数", "正式", "正式数", "正常", "normal", "final":
		return schema.StatusNormal, true
	case "预计", "预计数", "估计", "估计数", "估算", "estimated", "estimate":
		return schema.StatusEstimated, true
	case "预测", "预测数", "forecast":
		return schema.StatusForecast, true
	case "缺失", "缺", "无数据", "missing":
		return schema.StatusMissing, true
	}
	return "", false
}

// Multiplies reports whether a suffix is a multiplier alone: 万, 百万.
func Multiplies(s string) bool { return strings.Trim(s, "十百千万亿") == "" }

// Several reports whether a line names more than one thing.
func Several(s string) bool {
	return strings.ContainsAny(s, "、，,；;") || strings.Contains(s, " 和 ") || shared().MatchString(s)
}

// shared are units of which one is a share: 万元/% is two, and no quotient.
var shared = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[/／|]\s*[%％‰]|[%％‰]\s*[/／|]`) })

// Growth reports whether a name measures change or a share, which the unit of
// the table's other figures does not fit.
func Growth(name string) bool {
	name = Simplified(name)
	for _, w := range []string{"增长", "增速", "增幅", "同比", "环比", "比重", "占比", "指数", "率", "比例", "比上年", "涨幅", "系数", "人均", "价格", "人口", "人数", "growth", "rate", "share", "index", "ratio", "per capita"} {
		if strings.Contains(strings.ToLower(name), w) {
			return true
		}
	}
	return false
}

// Fits reports whether the unit given for a whole table goes with a name that
// measures change, a share, a price or people.
func Fits(name, unit string) bool {
	name, unit = Simplified(name), Simplified(FoldText(unit))
	has := func(words ...string) bool {
		for _, w := range words {
			if strings.Contains(name, w) {
				return true
			}
		}
		return false
	}
	switch {
	case !Growth(name):
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

// BasisWord reads a cell that says nothing but a basis: 累计, 当月, 1-本月.
func BasisWord(s string) bool { return basisOnly().MatchString(FoldText(s)) }

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

// NoUnit tells suffixes that make a period of a number: 2025年, 9月.
func NoUnit(suffix string) bool {
	return strings.HasPrefix(suffix, "年") || strings.HasPrefix(suffix, "月") || strings.HasPrefix(suffix, "季")
}

// ColumnKey is the key of the question what a column means.
func ColumnKey(header string) string { return "column." + strings.TrimSpace(header) }

// brackets, as opened and closed.
var brackets = map[rune]rune{')': '(', '）': '（', ']': '[', '】': '【', '〕': '〔'}

// SplitBrackets cuts the last brackets off a name: 国内生产总值(亿元) is
// 国内生产总值 and 亿元.
func SplitBrackets(name string) (bare, inner string, ok bool) {
	name = strings.TrimSpace(name)
	runes := []rune(name)
	if len(runes) < 3 {
		return name, "", false
	}
	opening, ok := brackets[runes[len(runes)-1]]
	if !ok {
		return name, "", false
	}
	at := slices.Index(runes, opening)
	for i := at + 1; i > 0 && i < len(runes); i++ {
		if runes[i] == opening {
			at = i
		}
	}
	if at <= 0 {
		return name, "", false
	}
	bare, inner = strings.TrimSpace(string(runes[:at])), strings.TrimSpace(string(runes[at+1:len(runes)-1]))
	return bare, inner, bare != "" && inner != ""
}

// GrowthRow is a row of change that names no indicator of its own.
var GrowthRow = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?:比?(?:上年|去年)?(?:同期|同月)?|累计|当月|当季|当期|本月|本季)*(?:同比|环比|名义|实际)*(?:增长|增减|增幅|增速|±|增长率|变动|增加)*(?:[(]?[%±+-]*[)]?)$`)
})

// BasesIn reads the basis that words in a name or a header tell.
func BasesIn(text string) []schema.Basis {
	t := FoldText(text)
	if t == "" {
		return nil
	}
	if b := ReadBasis(t); b != nil {
		return b
	}
	ytd := strings.Contains(t, "累计") || strings.Contains(t, "本月止") || strings.Contains(t, "1-本月")
	now := false
	for _, w := range []string{"当期", "当季", "当月", "当年", "当日", "当旬", "本期", "本月", "本季"} {
		now = now || strings.Contains(strings.ReplaceAll(t, "1-本月", ""), w) && !strings.Contains(t, "本月止")
	}
	switch {
	case ytd && !now:
		return []schema.Basis{schema.YearToDate, schema.Cumulative}
	case now && !ytd:
		return []schema.Basis{schema.InPeriod}
	}
	return nil
}

// Flows reports whether a name and unit may be a flow, whose span must be known.
func Flows(name, unit string) bool {
	for _, w := range []string{"余额", "期末", "年末", "月末", "季末", "存量", "总数", "储备", "库存", "指数", "价格", "均价", "利率", "汇率", "率", "比重", "占比", "人口", "户数", "密度", "保有", "growth", "rate", "index", "stock", "population"} {
		if strings.Contains(strings.ToLower(name), w) {
			return false
		}
	}
	u := FoldText(unit)
	return u != "" && !strings.HasPrefix(u, "%") && !strings.HasPrefix(u, "‰") && u != "-"
}

// YearPart is a month or quarter as written under its label: 9 under 月份.
func YearPart(t, label string) string {
	if strings.Trim(FoldText(t), "0123456789") != "" {
		return t
	}
	if strings.Contains(label, "季") || strings.EqualFold(label, "quarter") {
		return t + "季度"
	}
	return t + "月"
}

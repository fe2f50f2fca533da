// Package written reads what people write in cells: numbers, units, names and what
// is added to them, words for bases, statuses and marks.
package written

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"yardstick/schema"
)

// NoteStart is how a note under a table begins: 注：, 数据来源：, Note 1:, *.
var NoteStart = Pattern(`^(?i:(?:注|备注|附注|说明|资料来源|数据来源|来源|notes?|sources?|remarks?)\s*[0-9一二三四五①-⑨]*\s*(?:[:：.、．]|$)|[*＊※#])`)

// ReadBasis reads a basis as people write it. 累计 alone may be within the year
// or since a named day: both are given, and the catalogue tells. Nil: unknown.
func ReadBasis(text string) []schema.Basis {
	said, _ := Means("basis", FoldText(text))
	var out []schema.Basis
	for _, b := range strings.Fields(said) {
		out = append(out, schema.Basis(b))
	}
	return out
}

// ReadStatus reads an SDMX OBS_STATUS code or its usual Chinese or English word.
func ReadStatus(text string) (schema.ObsStatus, bool) {
	text = FoldText(text)
	if s := schema.ObsStatus(strings.ToUpper(text)); s.Valid() {
		return s, true
	}
	s, ok := Means("status", text)
	return schema.ObsStatus(s), ok
}

// Multiplies reports whether a suffix is a multiplier alone: 万, 百万.
func Multiplies(s string) bool { return strings.Trim(s, "十百千万亿") == "" }

// Several reports whether a line names more than one thing.
func Several(s string) bool {
	return strings.ContainsAny(s, "、，,；;") || strings.Contains(s, " 和 ") || shared().MatchString(s)
}

// shared are units of which one is a share: 万元/% is two, and no quotient.
var shared = Pattern(`[/／|]\s*[%％‰]|[%％‰]\s*[/／|]`)

// Growth reports whether a name measures change or a share, which the unit of
// the table's other figures does not fit.
func Growth(name string) bool {
	name = strings.ToLower(Simplified(name))
	return Holds("growth-rate", name) || Holds("growth-index", name) || Holds("growth-people", name) || Holds("growth", name)
}

// Fits reports whether the unit given for a whole table goes with a name that
// measures change, a share, a price or people.
func Fits(name, unit string) bool {
	name, unit = Simplified(name), Simplified(FoldText(unit))
	switch {
	case !Growth(name):
		return true
	case Holds("growth-rate", name):
		return strings.HasPrefix(unit, "%") || strings.HasPrefix(unit, "‰")
	case Holds("growth-index", name):
		return false
	case Holds("growth-people", name):
		return strings.HasSuffix(unit, "人") || strings.HasSuffix(unit, "人次")
	}
	return false
}

// BasisWord reads a cell that says nothing but a basis: 累计, 当月, 1-本月.
func BasisWord(s string) bool { return basisOnly().MatchString(FoldText(s)) }

var basisOnly = Pattern(`^(?:#|其中[:：]?)?(?:(?:本年|年初|自年初|年内|今年以来|年初以来)?累计(?:值|数|额|量|完成)?|本[月期季]止累计|[1一](?:-|—|–|~|～|至)本[月期季](?:止)?(?:累计)?(?:值|数|额|量)?|(?:当|本)(?:期|月|季|年|旬|日)(?:值|数|额|完成)?)$`)

var basisEnd = Pattern(`(?:[_\-—:：,，\s(（]*)(?:本月止累计|(?:本年|年初|自年初|年内)?累计(?:值|数|额)?|(?:当|本)(?:期|月|季)(?:值|数|额)?)[)）]?$`)

// CutBasis takes the basis off the end of an indicator's name: 国内生产总值累计值
// is 国内生产总值.
func CutBasis(name string) (bare string, ok bool) {
	bare = name
	if at := basisEnd().FindStringIndex(bare); at != nil && at[0] > 0 {
		bare = strings.TrimSpace(bare[:at[0]])
	}
	if at := strings.LastIndexAny(bare, ":："); at > 0 { // GDP:现价, which every amount is at
		_, size := utf8.DecodeRuneInString(bare[at:])
		if Is("current-price", FoldText(bare[at+size:])) {
			bare = strings.TrimSpace(bare[:at])
		}
	}
	return bare, bare != name
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
	name = Trim(name)
	last, _ := utf8.DecodeLastRuneInString(name)
	opening, ok := brackets[last]
	if !ok {
		return name, "", false
	}
	runes := []rune(name)
	if len(runes) < 3 {
		return name, "", false
	}
	at := len(runes) - 2
	for at > 0 && runes[at] != opening {
		at--
	}
	if at <= 0 {
		return name, "", false
	}
	bare, inner = strings.TrimSpace(string(runes[:at])), strings.TrimSpace(string(runes[at+1:len(runes)-1]))
	return bare, inner, bare != "" && inner != ""
}

// CutUnit cuts a unit off the end of a name, as it is written there: 国内生产总值(亿元)
// is 国内生产总值 and 亿元; so are 国内生产总值（单位：亿元）, 国内生产总值_亿元 and, with the
// mark of a footnote behind it, （亿元）i. What an index is held to is its unit:
// (上年同月=100). A name without one is given whole.
func CutUnit(name string) (bare, unit string, ok bool) {
	if name = strings.TrimSpace(name); len(name) > longest {
		return name, "", false // no name that people write
	}
	text := name
	if strings.ContainsAny(name, ")）]】") {
		text = footed().ReplaceAllString(name, "$1")
	}
	if bare, inner, ok := SplitBrackets(text); ok {
		inner = strings.TrimSpace(unitKey().ReplaceAllString(inner, ""))
		inner = strings.TrimLeft(inner, "±+")
		if LooksLikeUnit(inner) || IndexBase(inner) || slices.Contains([]string{"万", "亿", "百万", "千万", "万亿"}, inner) || counted().MatchString(Simplified(inner)) && !Holds("no-unit", inner) {
			return bare, inner, true
		}
		return name, "", false
	}
	if bare := strings.TrimRight(text, "%％‰"); bare != text && bare != "" && !strings.ContainsAny(bare[len(bare)-1:], "0123456789±+-(") {
		if name := strings.TrimRight(bare, "_＿ \u3000"); name != "" { // GDP增速_%
			return strings.TrimSpace(name), strings.TrimSpace(text[len(bare):]), true
		}
		return strings.TrimSpace(bare), strings.TrimSpace(text[len(bare):]), true
	}
	if at := strings.LastIndexAny(text, "_＿"); at > 0 {
		_, size := utf8.DecodeRuneInString(text[at:])
		if unit := strings.TrimSpace(text[at+size:]); LooksLikeUnit(unit) {
			return strings.TrimSpace(text[:at]), unit, true
		}
	}
	return name, "", false
}

// UnitWord reports whether a cell at the head of figures says their unit and no more:
// 亿元, 亿, 上年=100.
func UnitWord(s string) bool {
	return LooksLikeUnit(s) || IndexBase(s) || slices.Contains([]string{"万", "亿", "百万", "千万", "万亿"}, strings.TrimSpace(s))
}

// Measure reports whether a cell looks like a unit that no list has: 场次, 人年. That
// holds only where all cells beside it do.
func Measure(s string) bool {
	return UnitWord(s) || counted().MatchString(Simplified(s)) && !Holds("no-unit", s) && !Holds("no-measure", s)
}

// longest bounds, in bytes, the names that are taken apart.
const longest = 600

// IndexBase reports whether a text says what an index is held to: 上年同月=100.
func IndexBase(s string) bool { return base().MatchString(FoldText(s)) }

var (
	footed  = Pattern(`([)）\]】])\s*(?:[a-zA-Z0-9]|[①-⑳¹²³⁴-⁹]|[*＊†‡])$`)
	unitKey = Pattern(`^(?:计量)?单位\s*[:：]?\s*`)
	counted = Pattern(`^(?:[十百千万亿]+[\p{Han}]{1,4}|[\p{Han}]?[元角人户家个件吨克米里亩升瓦集块部册张台辆艘架只头匹箱株棵条所座间床枚宗起例篇种支根套项场处次天岁度倍位名幅盒瓶袋桶包卷双份栋幢孔口眼班片粒羽尾盘担斤年])(?:[/／每][\p{Han}]{1,4})?$`)
	base    = Pattern(`^(?:以?[\p{Han}0-9.-]{2,12})?(?:=|为)1(?:00|000)$`)
)

// HeadWord is what a word at the head of a column or row says beside the name of an
// indicator: level (the figure itself: 绝对额), change (增速, 同比), rank, share, plan or
// rate (how much of the plan is done); "" when it is none of them. bare is the word
// without its unit.
func HeadWord(text string) (word, bare, unit string) {
	if len(text) > longest {
		return "", text, ""
	}
	bare, unit, _ = CutUnit(strings.Join(strings.Fields(text), ""))
	t := Simplified(FoldText(bare))
	for _, list := range []string{"value", "rank", "share", "plan", "rate"} {
		if Is(list, t) {
			return headWords[list], bare, unit
		}
	}
	if rest := spanBefore().ReplaceAllString(t, ""); rest != t && Is("value", rest) { // 本月实际
		return "level", bare, unit
	}
	switch {
	case rates().MatchString(t):
		return "rate", bare, unit
	case Is("gap", t):
		return "rate", bare, unit
	case plans().MatchString(t):
		return "plan", bare, unit
	case ranks().MatchString(t):
		return "rank", bare, unit
	case shares().MatchString(t):
		return "share", bare, unit
	}
	if growthRow().MatchString(t) && !BasisWord(t) && changes().MatchString(t) {
		return "change", bare, unit
	}
	return "", bare, unit
}

var spanBefore = Pattern(`^(?:本月止累计|[1一][-—–~至]本月(?:累计)?|(?:本年|年内|年初以来|自年初)?累计|[本当][月季期年旬])`)

var headWords = map[string]string{"value": "level", "rank": "rank", "share": "share", "plan": "plan", "rate": "rate"}

var (
	rates  = Pattern(`^(?:累计|实际)?完成(?:了)?(?:全年|年度|本年|当年|年|年初|预期|序时|月度|季度|既定|考核)*(?:计划|目标|任务|进度)+(?:的?(?:比例|比重|百分比|进度|情况|率|比率|%))*$|^占(?:全年|年度|本年|当年|年|预期|考核)*(?:计划|目标|任务)+(?:的?(?:比例|比重|百分比|%))*$|^(?:计划|目标|任务|年度|年度计划|年度目标|累计|序时|总体|目标任务)*(?:完成率|完成进度|完成比例|完成百分比|进度|实现率|达成率)$`)
	plans  = Pattern(`^(?:全年|年度|本年|当年|年|年初|预期|序时|月度|季度|本月|本季|考核|规划|工作|主要|约束性|五年)*(?:目标|计划|任务)+(?:值|数|额|量|总量|总额|指标)?$`)
	ranks  = Pattern(`^(?:在?全[国省市区县]|总量|增速|增幅|速度|同比|累计)*(?:的)?(?:位次|排名|名次|排位|位序)$`)
	shares = Pattern(`^占.{0,10}(?:比重|比例|份额|比)$`)
)

var changes = Pattern(`[同环]比|增[长减幅速加]|增长|变动|±|名义|实际|^比`)

// Signed reports whether a row is one of signatures: 填报人：, 审核人：, 盖章.
func Signed(cells []string) bool {
	n, first := 0, true
	for _, c := range cells {
		t := FoldText(c)
		if t == "" {
			continue
		}
		name, _, keyed := strings.Cut(t, ":")
		if signs := Is("sign", name); signs && keyed {
			return true
		} else if signs {
			n++
		} else if first {
			return false
		}
		first = false
	}
	return n > 1
}

// GrowthRow reports whether a name is that of a row of change, which names no
// indicator of its own.
func GrowthRow(name string) bool { return growthRow().MatchString(FoldText(name)) }

var growthRow = Pattern(`^(?:[比较]?(?:上年|去年)?(?:同期|同月)?|累计|当月|当季|当期|本月|本季)*(?:同比|环比|名义|实际)*(?:增长|增减|增幅|增速|±|增长率|变动|增加)*(?:[(]?[%±+-]*[)]?)$`)

// BasesIn reads the basis that words in a name or a header tell.
func BasesIn(text string) []schema.Basis {
	t := FoldText(text)
	if t == "" {
		return nil
	}
	if b := ReadBasis(t); b != nil {
		return b
	}
	ytd := Holds("basis-running", t)
	now := Holds("basis-now", toThisMonth().ReplaceAllString(t, "")) && !strings.Contains(t, "本月止")
	switch {
	case ytd && !now:
		return []schema.Basis{schema.YearToDate, schema.Cumulative}
	case now && !ytd:
		return []schema.Basis{schema.InPeriod}
	}
	return nil
}

// toThisMonth is a running total up to this month, and no figure of this month.
var toThisMonth = Pattern(`1[-—–~至]本月|一至本月`)

// Flows reports whether a name and unit may be a flow, whose span must be known.
func Flows(name, unit string) bool {
	if Holds("stock", strings.ToLower(name)) {
		return false
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

var keyLine = sync.OnceValue(func() *regexp.Regexp {
	var keys []string
	for _, name := range lists().names {
		if strings.HasPrefix(name, "key.") {
			keys = append(keys, Words(name)...)
		}
	}
	return regexp.MustCompile(`^(?i)[（(【\[]?\s*(` + strings.Join(keys, "|") + `)(\s+[a-z][a-z ]*)?\s*[:：]\s*(.+)$`)
})

// UnitLine is a line that says the unit of what follows.
var UnitLine = Pattern(`(?:计量|数据)?单位\s*[:：]\s*([^\s，,；;（）()]+(?:\s*[、，,；;和及]\s*[^\s，,；;（）()]+)*)`)

// KeyOf parts a line such as 单位：亿元 or 地区 Region：大连 into its key and what
// it says, as written.
func KeyOf(text string) (key, said string, ok bool) {
	if !strings.ContainsAny(text, ":：") {
		return "", "", false
	}
	text = strings.TrimSpace(text)
	m := keyLine().FindStringSubmatch(Simplified(text))
	if m == nil || m[2] != "" && m[1][0] < 0x80 {
		return "", "", false
	}
	said = text[len(text)-len(m[3]):] // every folded character is as long
	if strings.ContainsAny(text[:3], "（(【[") {
		said = strings.TrimRight(said, ")）】] ")
	}
	return strings.ToLower(strings.ToUpper(m[1])), said, true // unitſ is units too
}

// Keyed reports whether a cell is a line such as 单位：亿元.
func Keyed(text string) bool {
	_, _, ok := KeyOf(text)
	return ok || strings.ContainsAny(text, ":：") && UnitLine().MatchString(Simplified(text))
}

// Prefixed reports whether a unit bears a multiplier of its own: 万元, PFlops.
func Prefixed(unit string) bool {
	return prefixed().MatchString(strings.TrimSpace(unit))
}

var prefixed = Pattern(`^(?:[十百千万亿兆]|million|billion|thousand|[kKMGTPE](?:[A-Z]|[a-z]{2,}$))`)

// HeadOnly reports whether only the head of a column says this.
func HeadOnly(text string) bool {
	w, bare, _ := HeadWord(text)
	return w != "" || BasisWord(text) || UnitWord(strings.Trim(text, "()（）")) || bare == ""
}

// KeyedLine reports whether a cell is a line such as 单位：亿元, and no name with its unit
// behind it: 充电桩（单位：个）.
func KeyedLine(text string) bool {
	if !Keyed(text) {
		return false
	}
	if key, _, ok := KeyOf(text); ok {
		if what, _ := Means("key", key); what == "unit" { // 单位：亿元、%
			return true
		}
	}
	_, _, named := CutUnit(text)
	return !named
}

// NoteGoesOn is a line of notes that goes on from the one above: 　　　2.…
var NoteGoesOn = Pattern(`^(?:[(（]?[0-9一二三四五六七八九十]+[)）]?\s*[.、．)）]|[①-⑩]|[~*#†‡]\s|[a-z]\s{2,})`)

// Repeat reports whether some texts are the first n of them over and over.
func Repeat(texts []string, n int) bool {
	if n == 0 || len(texts)%n != 0 {
		return false
	}
	for i := n; i < len(texts); i++ {
		if texts[i] != texts[i-n] {
			return false
		}
	}
	return true
}

package written

import (
	"regexp"
	"strings"
	"sync"
)

var keyLine = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?i)[（(【\[]?\s*(数据库|地区|区域|省份|城市|地域|时间|时期|报告期|统计时间|数据时间|指标|指标名称|统计指标|单位|计量单位|数据单位|频度|频率|` +
		`database|region|area|period|time|indicator|unit|units|frequency)(\s+[a-z][a-z ]*)?\s*[:：]\s*(.+)$`)
})

// UnitLine is a line that says the unit of what follows.
var UnitLine = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?:计量|数据)?单位\s*[:：]\s*([^\s，,；;（）()]+(?:\s*[、，,；;和及]\s*[^\s，,；;（）()]+)*)`)
})

// twoUnits reports whether a cell names a unit and a share beside it.
func twoUnits(s string) bool {
	return shared().MatchString(s)
}

// KeyOf parts a line such as 单位：亿元 or 地区 Region：大连 into its key and what
// it says, as written.
func KeyOf(text string) (key, said string, ok bool) {
	text = strings.TrimSpace(text)
	m := keyLine().FindStringSubmatch(Simplified(text))
	if m == nil || m[2] != "" && m[1][0] < 0x80 {
		return "", "", false
	}
	said = text[len(text)-len(m[3]):] // every folded character is as long
	if strings.ContainsAny(text[:3], "（(【[") {
		said = strings.TrimRight(said, ")）】] ")
	}
	return strings.ToLower(m[1]), said, true
}

// Keyed reports whether a cell is a line such as 单位：亿元.
func Keyed(text string) bool {
	_, _, ok := KeyOf(text)
	return ok || UnitLine().MatchString(Simplified(text))
}

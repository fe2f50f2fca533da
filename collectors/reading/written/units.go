package written

import (
	"regexp"
	"strings"
	"sync"
)

// unitForm is what a unit looks like: a multiplier, a base and perhaps a second
// base after a stroke (万吨, 元/平方米, 亿元人民币), or an English unit.
var unitForm = sync.OnceValue(func() *regexp.Regexp {
	const base = `元人民币|人民币元|人民币|港元|港币|澳门元|台币|美元|欧元|日元|英镑|元|角|分|人次|人公里|吨公里|车公里|吨标准煤|标准煤|吨标煤|人|名|户|家|个百分点|百分点|百分比|个|亩|公顷|` +
		`平方米|平方公里|平方千米|立方米|立方千米|公里|千米|海里|米|厘米|毫米|公吨|吨|公斤|千克|克|斤|担|升|毫升|套|项|场|处|次|天|日|年|岁|周岁|小时|分钟|秒|` +
		`千瓦时|千瓦小时|度电|千瓦|兆瓦|瓦|千伏安|大卡|千焦|辆|件|台|艘|架|只|头|匹|箱|标准箱|teu|株|棵|张|册|份|部|条|所|座|间|床位|床|张床|枚|宗|起|例|篇|种|尾|羽|盘|公升|倍|` +
		`gb|tb|mb|gbps|mbps|kwh|mwh|gwh|kw|mw|gw|kg|km|pflops|eflops|tflops|flops|yuan|ha|℃|mm|%|‰`
	const many = `[十百千万亿]*`
	return regexp.MustCompile(`^(?:` + many + `(?:` + base + `)(?:[/／·每]` + many + `(?:` + base + `|万人|千人|百人|月|季|年))*|p|percent|` +
		`(?:current|constant(?: \d{4})?)?(?: (?:international|local))?\s*(?:us\$|us dollars?|lcu|\$|international \$)|(?:annual )?%(?: of [a-z ,()]+)?|annual %|` +
		`per 1,?000(?: [a-z ]+)?|million|thousands?|billion|persons?|million (?:persons|tonnes|us\$|usd|yuan|kwh)|100 million (?:yuan|cny)|10,?000 (?:yuan|persons|tonnes)|` +
		`years?|tonnes?|kg|km|sq\. km|metric tons? per capita)$`)
})

// LooksLikeUnit reports whether the words in brackets after a name are a unit
// rather than a part of the name (累计, 不含农户, 上年同期=100).
func LooksLikeUnit(s string) bool {
	s = strings.ToLower(Simplified(strings.TrimSpace(FoldWidth(s))))
	return s != "" && len(s) <= 60 && !twoUnits(s) && unitForm().MatchString(s)
}

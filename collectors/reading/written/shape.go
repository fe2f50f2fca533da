package written

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// JoinShape joins parts so that no two lists of them are joined alike.
func JoinShape(parts ...string) string {
	var b strings.Builder
	for _, p := range parts { // lengths before: no cell can be taken for two
		b.WriteString(strconv.Itoa(len(p)))
		b.WriteByte(':')
		b.WriteString(p)
	}
	return b.String()
}

// times matches what tells one month's text from the next one's: numbers with
// the words of time around them, quarters and parts of a year, English months.
var times = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?:` +
		`(?:截至|截止)?[0-9〇○]+(?:[0-9.,'/:~—–～-]|年|月|日|号|季|度|份|旬|底|末|至|到)*|` +
		`[一二三四五六七八九〇○]{4}年|十?[一二三四五六七八九十]月份?|` +
		`第?[一二三四]季度?|上半年|下半年|前[二两三四]个?季度|[上中下]旬|全年|` +
		`\b(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?|` +
		`\b[qhm][0-9]+\b)+`)
})

var timesRun = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`#(?:[-/.~—–～_至到年月日 ]*#)*`) })

// FoldTimes is a text without what changes from one period to the next.
func FoldTimes(s string) string {
	s = strings.ToLower(Simplified(strings.TrimSpace(FoldWidth(s))))
	s = times().ReplaceAllString(strings.ReplaceAll(s, "#", ""), "#")
	return strings.ReplaceAll(timesRun().ReplaceAllString(s, "#"), " ", "")
}

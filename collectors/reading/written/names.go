package written

import (
	"regexp"
	"strings"
	"sync"
	"unicode"

	"yardstick/schema"
)

// Unmark takes the marks of footnotes off the end of a name or period:
// 地区生产总值①, 2024年*.
func Unmark(s string) string {
	return strings.TrimSpace(strings.TrimRightFunc(s, func(r rune) bool {
		return r >= '①' && r <= '⑳' || r >= '❶' && r <= '❿' || strings.ContainsRune("*＊†‡ 　", r)
	}))
}

// Chinese is the Chinese part of a name in two languages: 指标 of “指标 Item”,
// 地区生产总值(亿元) of “地区生产总值(亿元) Gross Regional Product (100 million
// yuan)”. A name in one language is given whole.
func Chinese(s string) string {
	m := twoLanguages().FindStringSubmatch(strings.TrimSpace(s))
	if m == nil || !strings.ContainsFunc(m[1], han) || strings.ContainsFunc(m[2], han) || !strings.ContainsFunc(m[2], unicode.IsLower) {
		return s
	}
	return strings.TrimSpace(m[1])
}

var twoLanguages = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?s)^(.*?[\p{Han})）①-⑳])[\s/／]*([A-Z][A-Za-z][^\p{Han}]{2,})$`)
})

func han(r rune) bool { return unicode.Is(unicode.Han, r) }

// ordinals are the numbers before the names of an outline, the highest level
// first: 一、, (一), 1., (1).
var ordinals = sync.OnceValue(func() []*regexp.Regexp {
	return []*regexp.Regexp{
		regexp.MustCompile(`^[一二三四五六七八九十]{1,3}[、.．]\s*`),
		regexp.MustCompile(`^[(（][一二三四五六七八九十]{1,3}[)）]\s*`),
		regexp.MustCompile(`^[0-9]{1,2}[、.．]\s*(?:[^0-9\s])`),
		regexp.MustCompile(`^[(（][0-9]{1,2}[)）]\s*`),
	}
})

// Outline gives a name without its number, and its level: how far it stands in,
// and the level of its number.
func Outline(raw string) (name string, level int) {
	name = strings.TrimSpace(raw)
	for _, r := range raw {
		switch {
		case r == '　' || r == '\t':
			level += 2
		case unicode.IsSpace(r):
			level++
		default:
			for n, re := range ordinals() {
				if at := re.FindStringIndex(name); at != nil {
					end := at[1]
					if n == 2 { // the letter after the number belongs to the name
						end = strings.LastIndexFunc(name[:end], func(rune) bool { return true })
					}
					if rest := strings.TrimSpace(name[end:]); rest != "" {
						return rest, level/2*10 + n + 1
					}
				}
			}
			return name, level / 2 * 10
		}
	}
	return name, 0
}

// Part reports whether a name says that it is a part of the one above: 其中,
// of which, and the # of yearbooks.
func Part(name string) bool {
	t := strings.ToLower(FoldWidth(strings.TrimSpace(name)))
	for _, start := range []string{"其中", "其中:", "of which", "of them", "#", "*", "--", "——"} {
		if strings.HasPrefix(t, start) {
			return true
		}
	}
	return false
}

// marked is a period with what a header or row adds to it: the status in
// brackets (2024年(初步)), the flag behind a year (2024r), the mark of a
// footnote (2024年①), the second form of a data bank (2024 [YR2024]).
var marked = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(.*[0-9年月季度])\s*(?:[(（\[]?([rpefRPEF])[)）\]]?|[(（]?([\p{Han}]{2,5}|[A-Za-z]{5,12})[)）]?|\[YR([0-9]{4})\])$`)
})

// BarePeriod is the period in a cell without such marks, and the flag among them.
func BarePeriod(text string) (period, flag string) {
	text = Unmark(text)
	m := marked().FindStringSubmatch(text)
	switch {
	case m == nil:
		return text, ""
	case m[4] != "":
		if strings.TrimSpace(m[1]) == m[4] {
			return m[4], ""
		}
		return text, ""
	case m[3] != "":
		if s, ok := ReadStatus(m[3]); ok && s != schema.StatusMissing {
			return m[1], m[3]
		}
		return text, ""
	}
	return m[1], m[2]
}

// What a cell takes from its neighbours: the text of the cell it was merged
// with, and the one above where it says ditto.

// Ditto reports whether a cell says that it is the same as the one above.
func Ditto(text string) bool {
	switch FoldText(text) {
	case "〃", "〞", "″", "”", "同上", "ditto":
		return true
	}
	return false
}

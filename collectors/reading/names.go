package reading

import (
	"regexp"
	"strings"
	"sync"
	"unicode"

	"yardstick/schema"
)

// unmark takes the marks of footnotes off the end of a name or period:
// 地区生产总值①, 2024年*.
func unmark(s string) string {
	return strings.TrimSpace(strings.TrimRightFunc(s, func(r rune) bool {
		return r >= '①' && r <= '⑳' || r >= '❶' && r <= '❿' || strings.ContainsRune("*＊†‡ 　", r)
	}))
}

// chinese is the Chinese part of a name in two languages: 指标 of “指标 Item”,
// 地区生产总值(亿元) of “地区生产总值(亿元) Gross Regional Product (100 million
// yuan)”. A name in one language is given whole.
func chinese(s string) string {
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

// outline gives a name without its number, and its level: how far it stands in,
// and the level of its number.
func outline(raw string) (name string, level int) {
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

// outlined reads the names of the rows as an outline: a name that stands in
// below another, or bears a lower number, may be a part of that one (其中). It
// asks about the first that the registers do not know by itself.
func (a *axes) outlined() {
	g := a.b.g
	r := g.r
	lowest, highest := -1, -1
	levels := make([]int, len(a.rows))
	for i, row := range a.rows {
		if !row.indicator.said() {
			continue
		}
		raw := g.raw(row)
		name, level := outline(raw)
		if raw == "" && i > 0 { // merged with the cell above
			level = levels[i-1]
		}
		levels[i] = level
		if lowest < 0 || level < lowest {
			lowest = level
		}
		highest = max(highest, level)
		if name != "" && row.indicator.text == strings.TrimSpace(raw) {
			row.indicator.text = name
		}
	}
	if highest <= lowest || r.options.Given["rows"] == "indicator" {
		return
	}
	for i, row := range a.rows {
		if levels[i] == lowest || !row.indicator.said() || r.knows(row.indicator.text) {
			continue
		}
		r.ask(AskOutline, "rows", row.indicator.cell, []string{"indicator"})
		return
	}
}

// raw is the cell that names a row's indicator, with its spaces; "" where it
// was merged with one above.
func (g *grid) raw(row *series) string {
	src, column := g.rows[row.at], row.indicator.cell.Column
	if row.indicator.cell.Row != src.Number || column < 1 || column > len(src.Texts) {
		return ""
	}
	return src.Texts[column-1]
}

// part reports whether a name says that it is a part of the one above: 其中,
// of which, and the # of yearbooks.
func part(name string) bool {
	t := strings.ToLower(foldWidth(strings.TrimSpace(name)))
	for _, start := range []string{"其中", "其中:", "of which", "of them", "#", "*", "--", "——"} {
		if strings.HasPrefix(t, start) {
			return true
		}
	}
	return false
}

// knows reports whether the registers know an indicator by this name, with or
// without a unit after it.
func (r *reader) knows(name string) bool {
	if r.options.Known == nil {
		return false
	}
	if bare, inner, ok := SplitBrackets(name); ok && LooksLikeUnit(inner) {
		name = bare
	}
	_, _, ok := r.options.Known(name)
	return ok
}

// marked is a period with what a header or row adds to it: the status in
// brackets (2024年(初步)), the flag behind a year (2024r), the mark of a
// footnote (2024年①), the second form of a data bank (2024 [YR2024]).
var marked = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(.*[0-9年月季度])\s*(?:[(（\[]?([rpefRPEF])[)）\]]?|[(（]?([\p{Han}]{2,5}|[A-Za-z]{5,12})[)）]?|\[YR([0-9]{4})\])$`)
})

// bare is the period in a cell without such marks, and the flag among them.
func barePeriod(text string) (period, flag string) {
	text = unmark(text)
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

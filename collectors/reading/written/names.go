package written

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

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
	if !strings.ContainsFunc(s, unicode.IsUpper) {
		return s
	}
	m := twoLanguages().FindStringSubmatch(strings.TrimSpace(s))
	if m == nil || !strings.ContainsFunc(m[1], han) || strings.ContainsFunc(m[2], han) || !strings.ContainsFunc(m[2], unicode.IsLower) {
		return s
	}
	return strings.TrimSpace(m[1])
}

var twoLanguages = Pattern(`(?s)^(.*?[\p{Han})）①-⑳])[\s/／]*([A-Z][A-Za-z][^\p{Han}]{2,})$`)

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
	return Begins("part", t)
}

// PartOf is the name behind 其中： and the like, which say that it is a part.
func PartOf(name string) (string, bool) {
	at := partOf().FindStringIndex(name)
	if at == nil || at[1] == len(name) {
		return name, false
	}
	return strings.TrimSpace(name[at[1]:]), true
}

var partOf = Pattern(`^\s*(?:#|＃|(?:总计|合计)?[其之]?中\s*[:：]|of which:?\s)\s*`)

// marked is a period with what a header or row adds to it: the status in
// brackets (2024年(初步)), the flag behind a year (2024r), the mark of a
// footnote (2024年①), the second form of a data bank (2024 [YR2024]).
var marked = Pattern(`^(.*[0-9年月季度])\s*(?:[(（\[]?([rpefRPEF])[)）\]]?|[(（]?([\p{Han}]{2,5}|[A-Za-z]{5,12})[)）]?|\[YR([0-9]{4})\])$`)

// BarePeriod is the period in a cell without such marks, and the flag among them.
func BarePeriod(text string) (period, flag string) {
	if text = Unmark(text); unmarked(text) {
		return text, ""
	}
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

// unmarked reports whether a text ends as a period without a mark does: with a digit, or
// with one word of time behind it.
func unmarked(text string) bool {
	last, size := utf8.DecodeLastRuneInString(text)
	before, _ := utf8.DecodeLastRuneInString(text[:len(text)-size])
	return last >= '0' && last <= '9' || han(last) && !han(before)
}

// Ditto reports whether a cell says that it is the same as the one above.
func Ditto(text string) bool { return Is("ditto", FoldText(text)) }

// FlagLike reports whether a cell holds one of the short marks that stand
// beside figures: r revised, p provisional, ~ no figure, # confidential.
func FlagLike(s string) bool {
	s = FoldText(s)
	return len(s) == 1 && (s[0] >= 'a' && s[0] <= 'z' || strings.ContainsAny(s, "~#*+")) || s == "(p)" || s == "(r)"
}

// Legend is what the notes under a table say its flags mean.
type Legend map[string]string

var legendLine = Pattern(`^([a-zA-Z~#*+])\s*(?:[:：=＝—-]|\s)\s*(\S.*)$`)

// See takes what a note says about flags.
func (l Legend) See(text string) {
	if text == "" || !strings.ContainsRune("~#*+", rune(text[0])) && (text[0]|0x20 < 'a' || text[0]|0x20 > 'z') {
		return
	}
	if m := legendLine().FindStringSubmatch(text); m != nil && len([]rune(m[2])) <= 20 {
		l[strings.ToLower(m[1])] = m[2]
	}
}

// Status reads a flag: by the file's legend, else by usual practice.
func (l Legend) Status(flag string) (schema.ObsStatus, bool) {
	flag = strings.Trim(FoldText(flag), "()")
	if said := l[flag]; said != "" {
		status, ok := MeansWithin("legend", strings.ToLower(Simplified(said)))
		return schema.ObsStatus(status), ok
	}
	status, ok := Means("flag", flag)
	return schema.ObsStatus(status), ok
}

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
var times = Pattern(`(?:` +
	`(?:截至|截止)?[0-9〇○]+(?:[0-9.,'/:~—–～-]|年|月|日|号|季|度|份|旬|底|末|至|到)*|` +
	`[一二三四五六七八九〇○]{4}年|十?[一二三四五六七八九十]月份?|` +
	`第?[一二三四]季度?|上半年|下半年|前[二两三四]个?季度|[上中下]旬|全年|` +
	`\b(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?|` +
	`\b[qhm][0-9]+\b)+`)

var timesRun = Pattern(`#(?:[-/.~—–～_至到年月日 ]*#)*`)

// FoldTimes is a text without what changes from one period to the next.
func FoldTimes(s string) string {
	s = strings.ToLower(Simplified(strings.TrimSpace(FoldWidth(s))))
	if s = strings.ReplaceAll(s, "#", ""); len(s) < len("may") && !strings.ContainsAny(s, "0123456789") {
		return strings.ReplaceAll(s, " ", "") // too short for a word of time
	}
	s = times().ReplaceAllString(s, "#")
	return strings.ReplaceAll(timesRun().ReplaceAllString(s, "#"), " ", "")
}

// OnlyHan reports whether text is Chinese characters alone.
func OnlyHan(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return r < 0x3400 || r > 0x9fff })
}

// MeasureWord tells names of things from names of places that end alike:
// 城镇地区, 建成区, 其他城市. 东城区, 海城市 and 双林区 are places.
func MeasureWord(s string) bool {
	letters := []rune(s)
	if len(letters) == 3 && Is("short-place-end", string(letters[1:])) {
		return Is("no-short-place", string(letters[:1]))
	}
	return Holds("no-place", s)
}

// Simplified folds the traditional characters that stand in names of places
// and headers.
func Simplified(s string) string {
	t := traditional()
	for _, r := range s {
		if r >= utf8.RuneSelf && t.letters[r] { // most texts hold none
			return t.simple.Replace(s)
		}
	}
	return s
}

// traditional are the letters that may be folded, and what folds them.
var traditional = sync.OnceValue(func() (out struct {
	letters map[rune]bool
	simple  *strings.Replacer
}) {
	letters := Words("traditional")
	out.letters = map[rune]bool{}
	f, t := []rune(letters[0]), []rune(letters[1])
	var pairs []string
	for i := range f {
		out.letters[f[i]] = true
		pairs = append(pairs, string(f[i]), string(t[i]))
	}
	out.simple = strings.NewReplacer(append(pairs, "指標", "指标")...)
	return out
})

// Fragment reports whether a name says which part of something it is, and not of what:
// 第一产业, 批发和零售业, 城镇, 男.
func Fragment(name string) bool {
	t := Simplified(FoldText(name))
	return Is("part-name", t) || strings.HasSuffix(t, "业") && !Holds("no-part", t)
}

// NamesMore reports whether a title, without its place and period, names more than that
// it is a table of figures.
func NamesMore(title string) bool {
	t := Simplified(FoldText(title))
	for _, word := range Words("title-word") {
		t = strings.ReplaceAll(t, word, "")
	}
	n := 0
	for _, r := range t {
		if unicode.Is(unicode.Han, r) {
			n++
		}
	}
	return n > 1
}

// Narrows finds in a title, without its place and period, the words that narrow what is
// counted (规模以上企业), and of these the one that does (规模以上).
func Narrows(title string) (words, word string, ok bool) {
	t := office().ReplaceAllString(Simplified(FoldText(title)), "")
	for _, w := range Words("title-word") {
		t = strings.ReplaceAll(t, w, " ")
	}
	for _, part := range strings.FieldsFunc(t, func(r rune) bool { return !unicode.IsLetter(r) }) {
		if w, ok := NarrowWord(part); ok {
			return part, w, true
		}
	}
	return "", "", false
}

// TitleKind finds in a title that its figures are something else of what its table names:
// change, plan, or what is counted otherwise (新增, 预计, 不含); word is what says so. A title
// of how much of a plan is done is none.
func TitleKind(title string) (word, kind string) {
	t := Simplified(FoldText(title))
	if w := without().FindString(t); w != "" {
		return strings.Trim(w, "()"), "without"
	}
	for _, kind := range []string{"change", "plan", "other"} {
		for _, w := range Words("title-" + kind) {
			if !strings.Contains(t, w) || kind != "change" && CarriedOut().MatchString(t) {
				continue
			}
			return w, kind
		}
	}
	return "", ""
}

var (
	without = Pattern(`不(?:含|包括|计)[^()，,。；;]+|[(][^()]*除外[)]|剔除[^()，,。；;]+`)
	// CarriedOut says how much of a plan is done.
	CarriedOut = Pattern(`完成|执行|进展|进度|推进|落实`)
)

// NarrowWord is the word in a text that narrows what is counted (民营), or the text that
// is a part's name as a whole (男).
func NarrowWord(text string) (string, bool) {
	t := Simplified(FoldText(text))
	for _, w := range Words("narrows") {
		if strings.Contains(t, w) {
			return w, true
		}
	}
	return t, Is("part-name", t)
}

// office is who a title says the table is from.
var office = Pattern(`^.*(?:局|厅|委员会|办公室|指挥部)`)

// Above is a name in which short words for 规模以上 and 限额以上 are written out.
func Above(name string) string {
	return strings.NewReplacer("规上", "规模以上", "限上", "限额以上", "规下", "规模以下", "限下", "限额以下").Replace(Simplified(FoldText(name)))
}

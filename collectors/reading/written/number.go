package written

import (
	"regexp"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"yardstick/schema"
)

// Codes of what is wrong with a number.
const (
	NotANumber       = "value-not-a-number"
	NumberAmbiguous  = "value-ambiguous"
	NotExact         = "value-not-exact"
	SpreadsheetError = "value-spreadsheet-error"
	NumberSeveral    = "value-several"
)

// Number is a value's cell as read.
type Number struct {
	Value  *schema.Decimal // nil: missing, or a fault
	Suffix string          // what follows the digits: 万, 亿, %, 万亩
	Fault  string          // code of the problem; "" none
	Blanks bool            // blanks part its thousands
}

// Thousand reports whether it is written with four digits or more before its point.
func (n Number) Thousand() bool {
	return n.Value != nil && n.Value.Abs().Cmp(schema.NewDecimal(1000, 0)) >= 0
}

// Missing is what people write where there is no figure. 0 is a figure.
func Missing(text string) bool { return Is("missing", strings.ToLower(text)) }

// ReadNumber reads a figure as statistical files write it: full-width digits,
// thousands separated by commas or spaces, a sign, a percent sign, 万 or 亿 or
// a whole unit after the digits. Nothing is rounded or repaired: what is not
// certain has a fault. delimiter is the file's: where it is a semicolon, a
// comma before three digits may be a decimal point.
func ReadNumber(cell string, delimiter byte) Number {
	if plain(cell) { // what machines write
		if d, err := schema.ParseDecimal(cell); err == nil {
			return Number{Value: &d}
		}
	}
	if strings.ContainsAny(strings.TrimSpace(cell), "\n\t\r") && digitsApart().MatchString(cell) {
		return Number{Fault: NumberSeveral} // two lines, or two cells in one
	}
	text := Trim(FoldWidth(cell))
	if Missing(text) {
		return Number{}
	}
	text = minus().ReplaceAllString(text, "-$1")
	if strings.HasPrefix(text, "#") && len(text) > 1 {
		return Number{Fault: SpreadsheetError}
	}
	digits, suffix := cutDigits(text)
	if Begins("vague", text) && strings.ContainsAny(text, "0123456789") || shortened().MatchString(text) ||
		strings.HasSuffix(digits, "+") || Is("about", suffix) {
		return Number{Fault: NotExact}
	}
	if suffix != "" && !isSuffix(suffix) {
		return Number{Fault: NotANumber}
	}
	blanks := strings.ContainsRune(strings.TrimLeft(digits, "+- "), ' ')
	digits, ok := ungroup(digits, delimiter)
	if !ok {
		return Number{Fault: NumberAmbiguous}
	}
	d, err := schema.ParseDecimal(digits)
	if err == nil && strings.ContainsAny(digits, "eE") { // written out it may have more digits than can be read again
		_, err = schema.ParseDecimal(d.String())
	}
	if err != nil {
		return Number{Fault: NotANumber}
	}
	return Number{Value: &d, Suffix: suffix, Blanks: blanks}
}

// minus is a dash of another width, or the word, right before a number.
var minus = Pattern(`^[‐‑‒–—负]\s?([0-9])`)

// digitsApart are digits in two lines, or with a tab between them.
var digitsApart = Pattern(`[0-9０-９%％][^0-9０-９]*[\n\t\r][^0-9０-９]*[0-9０-９]`)

// shortened is a whole number as a spreadsheet writes it into a text file when
// it is too long for its cell: six digits of it, and the rest is lost.
var shortened = Pattern(`^-?[0-9]\.[0-9]{5}E\+(?:0[6-9]|[1-9][0-9])$`)

// Digits reports whether a cell is a number as machines write it that no form of a
// period has: most cells of most tables, told without a closer look.
func Digits(s string) bool {
	if !plain(s) || len(s) > 30 || strings.Count(s, ".") > 1 || s == "-" || s == "." || s == "-." {
		return false
	}
	whole, fraction, point := strings.Cut(s, ".")
	switch {
	case s[0] == '-':
		return true
	case point:
		return len(whole) != 4 || len(fraction) != 1 && len(fraction) != 2
	}
	return len(whole) > 8 || len(whole) == 3 || len(whole) == 7
}

// plain reports whether s is digits with perhaps a sign and a point.
func plain(s string) bool {
	if s == "" {
		return false
	}
	for i := range len(s) {
		if b := s[i]; (b < '0' || b > '9') && b != '.' && (b != '-' || i > 0) {
			return false
		}
	}
	return true
}

// FoldWidth makes full-width characters half-width, every space a plain one,
// and the minus sign a hyphen.
func FoldWidth(s string) string {
	if settled(s, false) {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 0xff01 && r <= 0xff5e:
			return r - 0xfee0
		case r == 0x2212 || r == 0xfe63:
			return '-'
		case r == 0x200b || r == 0xfeff:
			return -1
		case unicode.IsSpace(r):
			return ' '
		}
		return r
	}, s)
}

// FoldText is foldWidth without spaces and in lower case.
func FoldText(s string) string {
	if settled(s, true) {
		return s
	}
	return strings.ToLower(strings.ReplaceAll(FoldWidth(s), " ", ""))
}

// settled reports whether a text is written as FoldWidth gives it, or as FoldText does
// (bare): most are, and a look is cheaper than to write them anew.
func settled(s string, bare bool) bool {
	for _, r := range s {
		switch {
		case r >= 0x4e00 && r <= 0x9fff || r > ' ' && r < 'A' || r > 'Z' && r < 0x7f:
		case r == ' ' || r >= 'A' && r <= 'Z':
			if bare {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// Trim is a text without the spaces around it. Of most texts the first and the last
// letter tell that there are none.
func Trim(s string) string {
	first, _ := utf8.DecodeRuneInString(s)
	last, _ := utf8.DecodeLastRuneInString(s)
	if unicode.IsSpace(first) || unicode.IsSpace(last) {
		return strings.TrimSpace(s)
	}
	return s
}

// cutDigits parts the number from what follows it. An exponent, as
// spreadsheets write it, belongs to the number.
func cutDigits(text string) (digits, suffix string) {
	end := 0
	for end < len(text) && strings.IndexByte("0123456789+-., '", text[end]) >= 0 {
		end++
	}
	if end > 0 && end+1 < len(text) && (text[end] == 'e' || text[end] == 'E') {
		rest := strings.TrimLeft(text[end+1:], "+-")
		if rest != "" && strings.Trim(rest, "0123456789") == "" {
			return strings.TrimSpace(text), ""
		}
	}
	return strings.TrimSpace(text[:end]), strings.ReplaceAll(text[end:], " ", "")
}

// isSuffix reports whether what follows the digits can be a unit: letters,
// percent, per mille, 元/人; no digits, stars or further signs.
func isSuffix(s string) bool {
	return len([]rune(s)) <= 12 && !strings.ContainsFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !strings.ContainsRune("%‰/℃", r)
	})
}

// grouped are digits in groups of thousands.
var grouped = Pattern(`^[0-9]{1,3}([, '][0-9]{3})+$`)

// ungroup takes out separators of thousands where they stand as such
// (1,234,567.8 and 1 234 567), and refuses others.
func ungroup(s string, delimiter byte) (digits string, ok bool) {
	sign, rest := "", s
	if s != "" && (s[0] == '-' || s[0] == '+') {
		sign, rest = s[:1], strings.TrimLeft(s[1:], " ")
	}
	whole, fraction, point := strings.Cut(rest, ".")
	if point {
		fraction = "." + fraction
	}
	at := strings.IndexAny(whole, ", '")
	if at < 0 {
		return sign + whole + fraction, true
	}
	sep := whole[at : at+1]
	switch {
	case !grouped().MatchString(whole) || strings.ContainsAny(strings.ReplaceAll(whole, sep, ""), ", '"):
		return "", false
	case sep == "," && len(whole) == at+4 && (whole[:at] == "0" || delimiter == ';' && !point):
		return "", false // 0,123 and, where semicolons part the cells, 1,234 may hold a decimal comma
	}
	return sign + strings.ReplaceAll(whole, sep, "") + fraction, true
}

// unitForm is what a unit looks like: a multiplier, a base and perhaps a second
// base after a stroke (万吨, 元/平方米, 亿元人民币), or an English unit.
var unitForm = sync.OnceValue(func() *regexp.Regexp {
	const base = `元人民币|人民币元|人民币|港元|港币|澳门元|台币|美元|欧元|日元|英镑|元|角|分|人次|人公里|吨公里|车公里|吨标准煤|标准煤|吨标煤|人|名|户|家|个百分点|百分点|百分比|个|亩|公顷|` +
		`平方米|平方公里|平方千米|立方米|立方千米|公里|千米|海里|米|厘米|毫米|公吨|吨|公斤|千克|克|斤|担|升|毫升|套|项|场|处|次|天|日|年|岁|周岁|小时|分钟|秒|` +
		`千瓦时|千瓦小时|度电|千瓦|兆瓦|瓦|千伏安|大卡|千焦|辆|件|台|艘|架|只|头|匹|箱|标准箱|teu|株|棵|张|册|份|部|条|所|座|间|床位|床|张床|枚|宗|起|例|篇|种|尾|羽|盘|公升|倍|` +
		`集|块|支|人年|人月|台年|台时|工日|根|双|瓶|幅|盒|包|袋|桶|卷|期|栋|幢|孔|片|粒|筒|枝|锭|面|扇|组|班|轮|户次|人天|人日|桌|桩|口|眼|厘|分|毫|位|名次|级|度|摄氏度|班次|架次|列|捆|打|罐|匝|页|印张|` +
		`份额|标台|标辆|吨位|载重吨|净吨|总吨|座位|席|机位|泊位|车次|车位|亿度|公顷次|亩次|头只|百分比点|pct|pp|` +
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
	return s != "" && len(s) <= 60 && !shared().MatchString(s) && unitForm().MatchString(s)
}

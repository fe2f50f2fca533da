package written

import (
	"errors"
	"regexp"
	"strings"
	"sync"
	"unicode"

	"yardstick/schema"
)

// Codes of what is wrong with a number.
const (
	NotANumber       = "value-not-a-number"
	NumberAmbiguous  = "value-ambiguous"
	NotExact         = "value-not-exact"
	SpreadsheetError = "value-spreadsheet-error"
)

// Number is a value's cell as read.
type Number struct {
	Value  *schema.Decimal // nil: missing, or a fault
	Suffix string          // what follows the digits: 万, 亿, %, 万亩
	Fault  string          // code of the problem; "" none
}

// Missing is what people write where there is no figure. 0 is a figure.
func Missing(text string) bool {
	switch strings.ToLower(text) {
	case "", "-", "--", "---", "..", ":", "—", "——", "–", "－", "―", "…", "……", "...", "......", "⋯", "空", "n/a", "na", "#n/a", "nan", "null", "缺", "缺失", "无数据", "暂无":
		return true
	}
	return false
}

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
	text := strings.TrimSpace(FoldWidth(cell))
	if Missing(text) {
		return Number{}
	}
	if strings.HasPrefix(text, "#") && len(text) > 1 {
		return Number{Fault: SpreadsheetError}
	}
	for _, vague := range []string{"超", "约", "近", "逾", "不足", "大于", "小于", ">", "<", "≥", "≤", "~", "±"} {
		if strings.HasPrefix(text, vague) && strings.ContainsAny(text, "0123456789") {
			return Number{Fault: NotExact}
		}
	}
	if shortened().MatchString(text) {
		return Number{Fault: NotExact}
	}
	digits, suffix := cutDigits(text)
	if strings.HasSuffix(digits, "+") || suffix == "多" || suffix == "余" || suffix == "以上" || suffix == "左右" {
		return Number{Fault: NotExact}
	}
	if suffix != "" && !isSuffix(suffix) {
		return Number{Fault: NotANumber}
	}
	digits, err := ungroup(digits, delimiter)
	if err != nil {
		return Number{Fault: NumberAmbiguous}
	}
	d, err := schema.ParseDecimal(digits)
	if err == nil && strings.ContainsAny(digits, "eE") { // written out it may have more digits than can be read again
		_, err = schema.ParseDecimal(d.String())
	}
	if err != nil {
		return Number{Fault: NotANumber}
	}
	return Number{Value: &d, Suffix: suffix}
}

// shortened is a whole number as a spreadsheet writes it into a text file when
// it is too long for its cell: six digits of it, and the rest is lost.
var shortened = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^-?[0-9]\.[0-9]{5}E\+(?:0[6-9]|[1-9][0-9])$`) })

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
	return strings.ToLower(strings.ReplaceAll(FoldWidth(s), " ", ""))
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
	if len([]rune(s)) > 12 {
		return false
	}
	for _, r := range s {
		if !unicode.IsLetter(r) && r != '%' && r != '‰' && r != '/' && r != '℃' {
			return false
		}
	}
	return true
}

var errGroups = errors.New("the separators are not thousands")

// ungroup takes out separators of thousands where they stand as such
// (1,234,567.8 and 1 234 567), and refuses others.
func ungroup(s string, delimiter byte) (string, error) {
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
		return sign + whole + fraction, nil
	}
	sep := whole[at]
	groups := strings.Split(whole, string(sep))
	for i, g := range groups {
		if i > 0 && len(g) != 3 || len(g) == 0 || len(g) > 3 || strings.Trim(g, "0123456789") != "" {
			return "", errGroups
		}
	}
	if sep == ',' && len(groups) == 2 && (groups[0] == "0" || delimiter == ';' && !point) {
		return "", errGroups // 0,123 and, where semicolons part the cells, 1,234 may hold a decimal comma
	}
	return sign + strings.Join(groups, "") + fraction, nil
}

// Package numfmt says how a spreadsheet's number formats show what a cell stores:
// as a number, a percentage or a date, and how much of it is seen.
package numfmt

import (
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// Kind is what a workbook holds in a cell. A text file holds text alone.
type Kind uint8

// The kinds.
const (
	KindText Kind = iota
	KindNumber
	KindDate
	KindBool
	KindError // #N/A, #DIV/0! …; #CALC! for a formula saved without a result
)

// Shows is how much of a date its number format lets the reader see.
type Shows uint8

// What may be seen of a date; 0 for whatever is no date.
const (
	ShowsDay      Shows = iota + 1
	ShowsMonth          // year and month
	ShowsYear           // the year alone
	ShowsMonthDay       // no year is seen: a typed “1-9” becomes such a date
	ShowsTime           // a time of day, perhaps with the day
)

// About is what a workbook says of a cell beside its text.
type About struct {
	Kind     Kind
	Shows    Shows
	Percent  bool
	Formula  bool
	Scaled   bool
	Decimals int8 // -1: the format says nothing
	Stored   string
}

// Format is what a number format shows of a number.
type Format struct {
	Date     bool
	shows    Shows
	Percent  bool
	scaled   bool   // shown divided, in thousands or with a point that is none
	Decimals int    // that are always shown; -1: it does not say
	suffix   string // a word the format puts after the digits: 万, 年
	prefix   string // what it puts before those of a number that is not negative, where it changes what is said: 约, (
}

// builtin are the formats that files name by number alone (ECMA-376 part 1,
// 18.8.30, with those of Simplified Chinese).
var builtin = map[int]string{
	1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
	14: "m/d/yyyy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "m/d/yyyy h:mm",
	27: `yyyy"年"m"月"`, 28: `m"月"d"日"`, 29: `m"月"d"日"`, 30: "m-d-yy", 31: `yyyy"年"m"月"d"日"`, 32: "h:mm", 33: "h:mm:ss", 34: "h:mm", 35: "h:mm:ss",
	36: `yyyy"年"m"月"`, 37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 41: "#,##0", 42: "#,##0", 43: "#,##0.00", 44: "#,##0.00",
	45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 50: `yyyy"年"m"月"`, 51: `m"月"d"日"`, 52: `yyyy"年"m"月"`, 53: `m"月"d"日"`,
	54: `m"月"d"日"`, 55: "h:mm", 56: "h:mm:ss", 57: `yyyy"年"m"月"`, 58: `m"月"d"日"`,
}

// FormatOf reads a number format: its own code, or the built-in one of that
// number when code is empty.
func FormatOf(id int, code string) Format {
	if code == "" {
		code = builtin[id]
	}
	p := formatParser{Format: Format{Decimals: -1}}
	p.walk(code)
	return p.done()
}

type formatParser struct {
	Format
	letters           []byte // of a date, in order: y m d h s
	digits            int    // placeholders seen
	point, scientific bool
	comma             bool // the last sign was a comma
	literalPoint      bool // a point that is text came after digits
	after, before     []rune
}

// walk reads the first section, that of positive numbers.
func (p *formatParser) walk(code string) {
	runes := []rune(code)
	for i := 0; i < len(runes); i++ {
		r := runes[i]
		switch r {
		case ';':
			return
		case '"':
			for i++; i < len(runes) && runes[i] != '"'; i++ {
				p.literal(runes[i])
			}
		case '\\', '!':
			if i++; i < len(runes) {
				p.literal(runes[i])
			}
		case '_', '*':
			i++
		case '[':
			from := i + 1
			for i < len(runes) && runes[i] != ']' {
				i++
			}
			if inner := strings.ToLower(string(runes[from:i])); inner != "" && strings.Trim(inner, "hms") == "" {
				p.letters = append(p.letters, 'h')
			}
		default:
			i += p.sign(r, runes[i+1:])
		}
	}
}

// sign reads one sign outside quotes and says how many more it took.
func (p *formatParser) sign(r rune, rest []rune) int {
	comma := p.comma
	p.comma = false
	switch low := unicode.ToLower(r); {
	case r == '0' || r == '#' || r == '?':
		if p.literalPoint {
			p.scaled = true
		}
		p.digits++
		p.after = p.after[:0]
		if p.point && r == '0' {
			p.Decimals++
		}
		if p.Decimals < 0 && !p.scientific {
			p.Decimals = 0
		}
	case r == '.':
		p.point = true
	case r == ',':
		p.comma = p.digits > 0
		return 0
	case r == '%':
		p.Percent = true
	case low == 'e' && len(rest) > 0 && (rest[0] == '+' || rest[0] == '-') && p.digits > 0:
		p.scientific, p.Decimals = true, -1
		return 1
	case low == 'g' && strings.HasPrefix(strings.ToLower(string(rest)), "eneral"):
		p.Decimals = -1
		return len("eneral")
	case low == 'a' && len(rest) > 1 && strings.HasPrefix(strings.ToLower(string(rest)), "m/pm"):
		p.letters = append(p.letters, 'h')
		return len("m/pm")
	case low == 'e':
		p.letters = append(p.letters, 'y')
	case strings.ContainsRune("ymdhs", low):
		p.letters = append(p.letters, byte(low))
	case strings.ContainsRune("年月日时分秒万亿元", r), p.digits == 0 && strings.ContainsRune("-(", r):
		p.literal(r)
	}
	if comma && (r != '0' && r != '#' && r != '?') { // a comma after the last digit divides by a thousand
		p.scaled = true
	}
	return 0
}

func (p *formatParser) literal(r rune) {
	if p.comma {
		p.comma, p.scaled = false, true
	}
	if p.digits > 0 {
		p.literalPoint = p.literalPoint || r == '.' && !p.point
		p.after = append(p.after, r)
	} else {
		p.before = append(p.before, r)
	}
}

func (p *formatParser) done() Format {
	f := p.Format
	f.scaled = f.scaled || p.comma
	if len(p.letters) > 0 && p.digits == 0 {
		return Format{Date: true, shows: shown(string(p.letters)), Decimals: -1}
	}
	if suffix := strings.TrimSpace(string(p.after)); !f.scaled && !f.Percent && strings.ContainsFunc(suffix, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
		f.suffix = suffix
	}
	if before := strings.TrimSpace(string(p.before)); strings.ContainsAny(before, "-(（约超近逾△▲▽▼↓−－") {
		f.prefix = before
	}
	if p.scientific {
		f.Decimals = -1
	}
	return f
}

// shown says what the letters of a date format show. An m beside an h or an s is
// minutes, and goes with a time in any case.
func shown(letters string) Shows {
	year := strings.Contains(letters, "y")
	switch {
	case strings.ContainsAny(letters, "hs"):
		return ShowsTime
	case year && strings.Contains(letters, "d"):
		return ShowsDay
	case year && strings.Contains(letters, "m"):
		return ShowsMonth
	case year:
		return ShowsYear
	}
	return ShowsMonthDay
}

// Precision is how many significant digits a spreadsheet keeps and shows;
// what a float holds beyond them is an artefact of its arithmetic.
const Precision = 15

// digits writes out what a spreadsheet keeps of a number, its point so many places
// to the right.
func digits(number float64, places int) string {
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(math.Abs(number), 'e', Precision-1, 64), "e")
	point, _ := strconv.Atoi(exponent)
	point += 1 + places
	all := strings.TrimRight(strings.Replace(mantissa, ".", "", 1), "0")
	if all == "" {
		return "0"
	}
	all = strings.Repeat("0", max(0, 1-point)) + all
	point = max(1, point)
	all += strings.Repeat("0", max(0, point-len(all)))
	if point < len(all) {
		all = all[:point] + "." + all[point:]
	}
	if number < 0 {
		return "-" + all
	}
	return all
}

// padded is digits with at least so many decimals.
func padded(digits string, least int) string {
	_, part, point := strings.Cut(digits, ".")
	if least > 0 && !point {
		digits += "."
	}
	return digits + strings.Repeat("0", max(0, least-len(part)))
}

// Value makes a number what its cell shows: text, what is stored, kind.
// Nothing is rounded to the format; a percentage comes with its sign.
func (f Format) Value(number float64, date1904 bool) (string, About) {
	if f.Date {
		if text, a, ok := f.dateValue(number, date1904); ok {
			return text, a
		}
	}
	stored := digits(number, 0)
	a := About{Kind: KindNumber, Percent: f.Percent, Scaled: f.scaled, Decimals: int8(min(f.Decimals, 30))}
	least := max(0, int(a.Decimals))
	if f.scaled {
		least = 0
	}
	text := padded(stored, least) + f.suffix
	if f.Percent {
		text = padded(digits(number, 2), least) + "%" + f.suffix
	}
	if number >= 0 {
		text = f.prefix + text
	}
	if text != stored {
		a.Stored = stored
	}
	return text, a
}

// Rounded reports whether the cell shows fewer digits than it holds.
func (a About) Rounded(text string) bool {
	if a.Kind != KindNumber || a.Decimals < 0 || a.Scaled {
		return false
	}
	_, part, _ := strings.Cut(strings.TrimRight(text, "%"), ".")
	return len(strings.TrimRightFunc(part, func(r rune) bool { return r < '0' || r > '9' })) > int(a.Decimals)
}

// dateValue reads a serial day; ok is false for what is no day of the years
// 1900 to 9999.
func (f Format) dateValue(serial float64, date1904 bool) (string, About, bool) {
	const last = 2958465 // 9999-12-31
	if !(serial >= 0 && serial < last+1) || date1904 && serial > last-1462 {
		return "", About{}, false
	}
	seconds := int64(serial*86400 + 0.5)
	day, second := seconds/86400, seconds%86400
	a := About{Kind: KindDate, Shows: f.shows, Decimals: -1}
	clock := time.Unix(second, 0).UTC().Format("15:04:05")
	if f.shows == ShowsTime && day == 0 {
		return clock, a, true
	}
	switch {
	case date1904:
		day += 1462 // 1904-01-01
	case day == 0, day == 60: // the 29th of February 1900 there never was
		return "", About{}, false
	case day < 60:
		day++
	}
	when := time.Date(1899, 12, 30+int(day), 0, 0, 0, 0, time.UTC)
	iso := when.Format(time.DateOnly)
	if f.shows == ShowsTime && second != 0 {
		return iso + " " + clock, a, true
	}
	text := iso
	switch f.shows {
	case ShowsMonth:
		text = iso[:7]
	case ShowsYear:
		text = iso[:4]
	case ShowsTime:
		a.Shows = ShowsDay
	}
	if text != iso {
		a.Stored = iso
	}
	return text, a, true
}

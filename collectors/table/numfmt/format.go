package numfmt

import (
	"strconv"
	"strings"
	"unicode"
)

// Format is a number format: what it shows of a number, and of a text. The zero
// value shows all as it is.
type Format struct {
	numbers []section // of numbers: all; not negative, negative; or positive, negative, zero
	text    *section  // of texts
	noZeros bool      // the sheet shows no zeros
}

// section is one part of a format.
type section struct {
	compare  string  // < <= = >= > <>; "": none
	bound    float64 // what a number is compared with
	parts    []part
	decimals int    // places for digits after the point; -1: as many as there are
	least    int    // of them always shown; -1: it does not say
	digits   int    // places for digits
	behind   int    // of them after a point that is text: 0\.0
	commas   int    // each divides by a thousand
	percents int    // each multiplies by a hundred
	letters  string // of a date, in order: y m d h s
	grouped  bool
	plain    bool // it shows a number that is not negative, and no words
}

// part is a piece of a section: places for digits ('0', '#', '?'), the point
// ('.'), all of the number ('G'), a text ('@'), letters of a date ('d'), a
// percent sign ('%') or, as 'l', words.
type part struct {
	kind byte
	text string
}

// builtin are the formats that files name by number alone (ECMA-376 part 1,
// 18.8.30, with those of Simplified Chinese).
var builtin = map[int]string{
	1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
	14: "m/d/yyyy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "m/d/yyyy h:mm",
	27: `yyyy"年"m"月"`, 28: `m"月"d"日"`, 29: `m"月"d"日"`, 30: "m-d-yy", 31: `yyyy"年"m"月"d"日"`, 32: "h:mm", 33: "h:mm:ss", 34: "h:mm", 35: "h:mm:ss",
	36: `yyyy"年"m"月"`, 37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 41: "#,##0", 42: "#,##0", 43: "#,##0.00", 44: "#,##0.00",
	45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@", 50: `yyyy"年"m"月"`, 51: `m"月"d"日"`, 52: `yyyy"年"m"月"`, 53: `m"月"d"日"`,
	54: `m"月"d"日"`, 55: "h:mm", 56: "h:mm:ss", 57: `yyyy"年"m"月"`, 58: `m"月"d"日"`,
}

// mostSections are those of numbers and that of texts.
const mostSections = 4

// FormatOf reads a number format: its own code, or the built-in one of that
// number when code is empty.
func FormatOf(id int, code string) Format {
	if code == "" {
		code = builtin[id]
	}
	if code == "" {
		return Format{}
	}
	var f Format
	for _, runes := range split([]rune(code)) {
		p := parser{section: section{least: -1, decimals: -1}}
		p.walk(runes)
		s := p.done()
		switch {
		case len(f.numbers) == mostSections-1, s.has('@'):
			f.text = &s
		default:
			f.numbers = append(f.numbers, s)
		}
		if f.text != nil {
			break
		}
	}
	return f
}

// Named is the code of a number format that a spreadsheet writes by name.
func Named(code string) string {
	switch strings.ToLower(code) {
	case "percent":
		return "0.00%"
	case "fixed":
		return "0.00"
	case "standard", "currency":
		return "#,##0.00"
	case "general date", "long date", "medium date", "short date":
		return "yyyy-mm-dd"
	case "long time", "medium time", "short time":
		return "h:mm:ss"
	case "general", "scientific", "yes/no", "true/false", "on/off":
		return ""
	}
	return code
}

// WithoutZeros is the format on a sheet that shows no zeros.
func (f Format) WithoutZeros() Format {
	f.noZeros = true
	return f
}

// split cuts a format at the semicolons that are no words.
func split(code []rune) [][]rune {
	var out [][]rune
	from, closing := 0, rune(0)
	for i := 0; i < len(code); i++ {
		switch r := code[i]; {
		case closing != 0:
			if r == closing {
				closing = 0
			}
		case r == '"':
			closing = '"'
		case r == '[':
			closing = ']'
		case r == '\\' || r == '!' || r == '_' || r == '*':
			i++
		case r == ';':
			out, from = append(out, code[from:i]), i+1
		}
	}
	return append(out, code[min(from, len(code)):])
}

func (s *section) has(kind byte) bool {
	for _, p := range s.parts {
		if p.kind == kind {
			return true
		}
	}
	return false
}

// date reports whether the section shows a number as a date.
func (s *section) date() bool { return s.letters != "" && s.digits == 0 }

// parser reads a section.
type parser struct {
	section
	point, scientific, fraction bool
	comma                       int  // commas since the last place for a digit
	literalPoint                bool // a point that is text came after digits
}

func (p *parser) walk(runes []rune) {
	for i := 0; i < len(runes); i++ {
		switch r := runes[i]; r {
		case '"':
			from := i + 1
			for i++; i < len(runes) && runes[i] != '"'; i++ {
			}
			p.literal(string(runes[min(from, len(runes)):min(i, len(runes))]))
		case '\\', '!':
			if i++; i < len(runes) {
				p.literal(string(runes[i]))
			}
		case '_', '*':
			i++
		case '[':
			from := i + 1
			for i < len(runes) && runes[i] != ']' {
				i++
			}
			p.bracket(string(runes[min(from, len(runes)):min(i, len(runes))]))
		default:
			i += p.sign(r, runes[i+1:])
		}
	}
}

// bracket reads what stands in brackets: a colour, a currency with its language,
// a comparison, hours beyond a day.
func (p *parser) bracket(inner string) {
	low := strings.ToLower(inner)
	switch {
	case inner == "":
	case strings.Trim(low, "hms") == "":
		p.letters += "h"
		p.add('d', low)
	case inner[0] == '$':
		symbol, _, _ := strings.Cut(inner[1:], "-")
		if len(symbol) == 3 && strings.ToUpper(symbol) == symbol {
			symbol = "" // a currency's code: CNY
		}
		p.literal(symbol)
	case strings.ContainsRune("<=>", rune(inner[0])):
		compare := inner[:len(inner)-len(strings.TrimLeft(inner, "<=>"))]
		if bound, err := strconv.ParseFloat(strings.TrimSpace(inner[len(compare):]), 64); err == nil {
			p.compare, p.bound = compare, bound
		}
	}
}

// sign reads one sign outside quotes and says how many more it took.
func (p *parser) sign(r rune, rest []rune) int {
	follows := func(word string) bool {
		return strings.HasPrefix(strings.ToLower(string(rest[:min(len(rest), len(word))])), word)
	}
	switch low := unicode.ToLower(r); {
	case r == '0' || r == '#' || r == '?':
		p.place(byte(r))
	case r == '.':
		p.point = true
		p.add('.', ".")
	case r == ',':
		if p.digits > 0 {
			p.comma++
		}
	case r == '%':
		p.percents++
		p.add('%', "%")
	case low == 'e' && len(rest) > 0 && (rest[0] == '+' || rest[0] == '-') && p.digits > 0:
		p.scientific = true
		return 1
	case low == 'g' && follows("eneral"):
		p.add('G', "")
		return len("eneral")
	case low == 'g' && follows("/通用格式"): // as Chinese versions write it
		p.add('G', "")
		return len([]rune("/通用格式"))
	case low == 'a' && follows("m/pm"):
		p.letters += "h"
		return len("m/pm")
	case low == 'a' && follows("aa"): // a day of the week
		p.add('d', "a")
		return 2
	case low == 'e', strings.ContainsRune("ymdhs", low):
		if low == 'e' {
			low = 'y'
		}
		p.letters += string(low)
		p.add('d', string(low))
	case r == '@':
		p.add('@', "")
	case r == '/' && p.digits > 0 && p.letters == "":
		p.fraction = true
		p.add('l', "/")
	default:
		p.literal(string(r))
	}
	return 0
}

// place takes a place for a digit.
func (p *parser) place(kind byte) {
	if p.scientific || p.fraction {
		return
	}
	if p.comma > 0 && !p.point {
		p.grouped = true
	}
	p.comma = 0
	p.digits++
	if p.literalPoint {
		p.behind++
	}
	if p.decimals < 0 {
		p.decimals, p.least = 0, 0
	}
	if p.point {
		if p.decimals++; kind == '0' {
			p.least = p.decimals
		}
	}
	p.add(kind, "")
}

func (p *parser) literal(text string) {
	if text == "." && p.digits > 0 && !p.point {
		p.literalPoint = true
	}
	p.add('l', text)
}

// add adds a part; words and letters of one kind are joined.
func (p *parser) add(kind byte, text string) {
	if n := len(p.parts); n > 0 && p.parts[n-1].kind == kind && (kind == 'l' || kind == 'd' && p.parts[n-1].text[:1] == text[:1]) {
		p.parts[n-1].text += text
		return
	}
	if kind != 'l' || text != "" {
		p.parts = append(p.parts, part{kind, text})
	}
}

func (p *parser) done() section {
	s := p.section
	s.commas = p.comma
	if p.scientific || p.fraction {
		s.decimals, s.least, s.parts = -1, -1, nil
		for _, each := range p.parts {
			switch {
			case each.kind == 'l' && each.text != "/" && strings.TrimSpace(each.text) != "", each.kind == '%':
				s.parts = append(s.parts, each)
			case each.kind != 'l' && !s.has('G'):
				s.parts = append(s.parts, part{kind: 'G'})
			}
		}
	}
	if s.date() {
		s.decimals, s.least = -1, -1
	}
	s.plain = s.words() == "" && (s.digits > 0 || s.has('G'))
	return s
}

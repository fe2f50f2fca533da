package numfmt

import (
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// general shows all of a number.
func general() section {
	return section{decimals: -1, least: -1, plain: true}
}

// of gives the section that shows the number, and whether the spreadsheet puts a
// minus before it by itself. A format without one shows the number as it is.
func (f Format) of(number float64) (s section, minus bool) {
	if len(f.numbers) == 0 {
		return general(), number < 0
	}
	compared := false
	for _, s := range f.numbers {
		compared = compared || s.compare != ""
	}
	if compared {
		for _, s := range f.numbers {
			if s.compare == "" || s.holds(number) {
				return s, number < 0 && !(s.bound <= 0 && (s.compare == "<" || s.compare == "<="))
			}
		}
		return f.numbers[0], number < 0
	}
	switch n := len(f.numbers); {
	case n > 1 && number < 0:
		return f.numbers[1], false
	case n > 2 && number == 0:
		return f.numbers[2], false
	}
	return f.numbers[0], number < 0
}

// holds reports whether the section's comparison is true of the number.
func (s *section) holds(number float64) bool {
	switch s.compare {
	case "<":
		return number < s.bound
	case "<=":
		return number <= s.bound
	case ">":
		return number > s.bound
	case ">=":
		return number >= s.bound
	case "<>":
		return number != s.bound
	}
	return number == s.bound
}

// scaled reports whether the number is shown divided, in thousands or with a
// point that is none.
func (s *section) scaled() bool { return s.commas > 0 || s.behind > 0 }

// Value makes a number the text of its cell, and says what the eye sees where
// that is something else. Nothing is rounded to the format; a percentage comes
// with its sign.
func (f Format) Value(number float64, date1904 bool) (string, About) {
	s, minus := f.of(number)
	if s.date() {
		if text, a, ok := s.dateValue(number, date1904); ok {
			return text, a
		}
		s, minus = general(), number < 0
	}
	stored := digits(number, 0)
	a := About{Kind: KindNumber, Percent: s.percents > 0, Scaled: s.scaled(), Decimals: int8(min(s.decimals, 30))}
	least := min(max(0, s.least), 30)
	if a.Scaled {
		least = 0
	}
	text := padded(stored, least)
	if a.Percent {
		text = padded(digits(number, 2), least) + "%"
	}
	shown := "0"
	if !s.plain || number < 0 && !minus || math.Abs(number) < 1 && s.digits > 0 {
		shown = s.render(math.Abs(number), minus)
	}
	year := s.words() == "年" && number == math.Trunc(number) && number >= 1900 && number < 2200
	switch {
	case year:
		text += "年"
	case f.noZeros && number == 0, shown == "":
		a.Why = FormatHides
	case s.doubtful(number, minus):
		a.Why, a.Shown = FormatWords, shown
	}
	if text != stored {
		a.Stored = stored
	}
	return text, a
}

// Text says what the eye sees of a text, where that is not the text.
func (f Format) Text(text string) (Doubt, string) {
	if f.text == nil || text == "" {
		return Agrees, ""
	}
	var b strings.Builder
	for _, p := range f.text.parts {
		if p.kind == '@' {
			b.WriteString(text)
		} else {
			b.WriteString(p.text)
		}
	}
	switch shown := strings.TrimSpace(b.String()); shown {
	case strings.TrimSpace(text):
		return Agrees, ""
	case "":
		return FormatHides, ""
	default:
		return FormatWords, shown
	}
}

// render is what the eye sees of a number that is not negative, blanks at its
// ends aside.
func (s *section) render(number float64, minus bool) string {
	number, _ = strconv.ParseFloat(digits(number, 2*s.percents-3*s.commas), 64)
	whole, decimals, _ := strings.Cut(strconv.FormatFloat(number, 'f', max(s.decimals, 0), 64), ".")
	places := s.digits - max(s.decimals, 0) // for whole digits
	if whole == "0" {
		whole = ""
	}
	var b strings.Builder
	if minus {
		b.WriteByte('-')
	}
	point, first := false, true
	for _, p := range s.parts {
		switch {
		case p.kind == 'G':
			b.WriteString(digits(number, 0))
		case p.kind == '.':
			point = true
			b.WriteString(whole) // what no place was for
			whole = ""
			b.WriteByte('.')
		case !strings.ContainsRune("0#?", rune(p.kind)):
			b.WriteString(p.text)
		case point:
			if decimals != "" && (p.kind == '0' || strings.Trim(decimals, "0") != "") {
				b.WriteByte(decimals[0])
			}
			decimals = decimals[min(1, len(decimals)):]
		default:
			take := min(1, max(0, len(whole)-places+1)) // one, where so many digits are left
			if first {
				take = max(0, len(whole)-places+1)
			}
			if take == 0 && p.kind == '0' {
				b.WriteByte('0')
			}
			s.group(&b, whole, take)
			if whole = whole[take:]; take > 0 {
				first = false
			}
			places--
		}
	}
	return strings.TrimSpace(b.String())
}

// group writes the first of the whole digits that are left, with commas where
// the format has them.
func (s *section) group(b *strings.Builder, whole string, take int) {
	for i := range take {
		b.WriteByte(whole[i])
		if left := len(whole) - i - 1; s.grouped && left > 0 && left%3 == 0 {
			b.WriteByte(',')
		}
	}
}

// words are the words of the section that say something: blanks, currencies and
// the sign of a percentage do not.
func (s *section) words() string {
	var b strings.Builder
	seen := 0
	for _, p := range s.parts {
		switch {
		case p.kind == '0' || p.kind == '#' || p.kind == '?' || p.kind == 'G':
			seen++
		case p.kind == 'l' && p.text == "." && s.behind > 0 && seen > 0: // the point of a number shown divided
		case p.kind == 'l':
			b.WriteString(p.text)
		}
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.Is(unicode.Sc, r) || strings.ContainsRune("+%％'", r) {
			return -1
		}
		return r
	}, b.String())
}

// doubtful reports whether what is shown says something else than the number.
func (s *section) doubtful(number float64, minus bool) bool {
	if s.plain {
		return number < 0 && !minus
	}
	words := s.words()
	if s.digits == 0 && !s.has('G') {
		return true // something stands for the number
	}
	if s.scaled() && words == scaleName(3*s.commas+s.behind) {
		words = ""
	}
	if number < 0 && !minus { // the minus must be among the words
		for _, sign := range []string{"-", "−", "－"} {
			if words == sign && s.before(sign) {
				return false
			}
		}
		return true
	}
	return words != ""
}

// before reports whether the words come before the digits.
func (s *section) before(words string) bool {
	for _, p := range s.parts {
		switch {
		case p.kind == 'l' && strings.Contains(p.text, words):
			return true
		case p.kind != 'l':
			return false
		}
	}
	return false
}

// scaleName is the word for a power of ten that a number was divided by.
func scaleName(power int) string {
	switch power {
	case 3:
		return "千"
	case 4:
		return "万"
	case 6:
		return "百万"
	case 7:
		return "千万"
	case 8:
		return "亿"
	}
	return ""
}

// shows says what the letters of a date format show. An m beside an h or an s is
// minutes, and goes with a time in any case.
func (s *section) shows() Shows {
	year := strings.Contains(s.letters, "y")
	switch {
	case strings.ContainsAny(s.letters, "hs"):
		return ShowsTime
	case year && strings.Contains(s.letters, "d"):
		return ShowsDay
	case year && strings.Contains(s.letters, "m"):
		return ShowsMonth
	case year:
		return ShowsYear
	}
	return ShowsMonthDay
}

// dateValue reads a serial day; ok is false for what is no day of the years
// 1900 to 9999.
func (s *section) dateValue(serial float64, date1904 bool) (string, About, bool) {
	const last = 2958465 // 9999-12-31
	if !(serial >= 0 && serial < last+1) || date1904 && serial > last-1462 {
		return "", About{}, false
	}
	seconds := int64(serial*86400 + 0.5)
	day, second := seconds/86400, seconds%86400
	shows := s.shows()
	a := About{Kind: KindDate, Shows: shows, Decimals: -1}
	clock := time.Unix(second, 0).UTC().Format("15:04:05")
	if shows == ShowsTime && day == 0 {
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
	text := when.Format(time.DateOnly)
	switch {
	case shows == ShowsTime && second != 0:
		return text + " " + clock, a, true
	case shows == ShowsTime:
		a.Shows = ShowsDay
	case strings.Trim(s.words(), "年月日号-—–/.,，、()（）上下午") != "" || strings.ContainsAny(s.words(), "123456789"):
		a.Why, a.Shown = FormatWords, s.renderDate(when)
	case shows == ShowsYear:
		a.Why, a.Shown = FormatDate, text[:4]
	case shows == ShowsMonthDay:
		a.Why, a.Shown = FormatDate, s.renderDate(when)
	case shows == ShowsMonth:
		a.Stored = text
		text = text[:7]
	}
	return text, a, true
}

// renderDate is what the eye sees of a day.
func (s *section) renderDate(when time.Time) string {
	var b strings.Builder
	for _, p := range s.parts {
		n := len(p.text)
		switch {
		case p.kind != 'd':
			b.WriteString(p.text)
		case p.text[0] == 'y' && n > 2 || p.text == "y":
			b.WriteString(when.Format("2006"))
		case p.text[0] == 'y':
			b.WriteString(when.Format("06"))
		case p.text[0] == 'm' && n > 2:
			b.WriteString(when.Format("Jan"))
		case p.text[0] == 'm' && n == 2:
			b.WriteString(when.Format("01"))
		case p.text[0] == 'm':
			b.WriteString(strconv.Itoa(int(when.Month())))
		case p.text[0] == 'd' && n > 2:
			b.WriteString(when.Format("Mon"))
		case p.text[0] == 'd' && n == 2:
			b.WriteString(when.Format("02"))
		case p.text[0] == 'd':
			b.WriteString(strconv.Itoa(when.Day()))
		}
	}
	return strings.TrimSpace(b.String())
}

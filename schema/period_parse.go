package schema

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

// ErrPeriod is returned for text that names no reference period.
var ErrPeriod = errors.New("not a reference period")

// ErrNoYear is returned for text that names part of a year but not the year
// (上半年, 9月): the file, not the cell, must say which.
var ErrNoYear = fmt.Errorf("%w: the year is missing", ErrPeriod)

type periodForm struct {
	re   *regexp.Regexp
	read func(m []string) (Period, Basis, error)
}

const (
	reYear  = `(\d{4})年?度?`
	reDash  = `[-—–~～至到]+`
	reMonth = `(1[0-2]|0?[1-9])月?份?`
)

// periodForms are tried in order on text that fold has normalised (no spaces,
// half-width, lower case).
func periodForms() []periodForm {
	return []periodForm{
		{rx(`(\d{4})年?度?全?年?(累计)?`), func(m []string) (Period, Basis, error) {
			p, basis, err := yearOf(m[1])
			if m[2] != "" {
				basis = YearToDate
			}
			return p, basis, err
		}},
		{rx(`(?:fy|cy)(\d{4})|(\d{4})-?a1?`), func(m []string) (Period, Basis, error) { return yearOf(m[1] + m[2]) }},
		{rx(reYear + `[-.]?(?:第)?([一二三四1-4])季度?(累计|末|底)?`), quarterOf},
		{rx(`(\d{4})年?[-./]?q([1-4])`), quarterOf},
		{rx(`q([1-4])[-./]?(\d{4})`), func(m []string) (Period, Basis, error) { return quarterOf([]string{"", m[2], m[1]}) }},
		{rx(reYear + `(?:上半年(?:累计)?|[1一]` + reDash + `[2二]季度?|前[二两2]个?季度?)|(\d{4})-?(?:h1|s1)`), func(m []string) (Period, Basis, error) {
			return Quarter(atoi(m[1]+m[2]), 2), YearToDate, nil
		}},
		{rx(`(\d{4})年?[-.]?q1` + reDash + `q?([2-4])`), func(m []string) (Period, Basis, error) {
			return Quarter(atoi(m[1]), digit(m[2])), YearToDate, nil
		}},
		{rx(reYear + `(?:前|[1一]` + reDash + `)([三四34])个?季度?(?:累计)?`), func(m []string) (Period, Basis, error) {
			return Quarter(atoi(m[1]), digit(m[2])), YearToDate, nil
		}},
		{rx(reYear + `(?:下半年)|(\d{4})-?(?:h2|s2)`), func([]string) (Period, Basis, error) {
			return Period{}, "", fmt.Errorf("%w: the second half year alone is no period of the five frequencies", ErrPeriod)
		}},
		{rx(`(?:截至|截止)?到?` + reYear + reMonth + `(?:底|末)`), func(m []string) (Period, Basis, error) {
			return Month(atoi(m[1]), time.Month(atoi(m[2]))), Point, nil
		}},
		{rx(`(?:截至|截止)?到?` + reYear + `年?(?:底|末)`), func(m []string) (Period, Basis, error) {
			p, _, err := yearOf(m[1])
			return p, Point, err
		}},
		{rx(reYear + `[-./]?` + reMonth + reDash + reMonth), func(m []string) (Period, Basis, error) { return spanOf(m[1], m[2], m[3]) }},
		{rx(reYear + `[-./]?0?1月?份?` + reDash + reMonth + `累计`), func(m []string) (Period, Basis, error) { return spanOf(m[1], "1", m[2]) }},
		{rx(`(\d{4})年` + reMonth + `(累计)?`), monthOf},
		{rx(`(\d{4})[-./](1[0-2]|0?[1-9])`), monthOf},
		{rx(`(\d{4})(1[0-2]|0[1-9])`), monthOf},
		{rx(`(1[0-2]|0?[1-9])/(\d{4})`), func(m []string) (Period, Basis, error) { return monthOf([]string{"", m[2], m[1], ""}) }},
		{rx(`(\d{4})-?m(1[0-2]|0?[1-9])`), monthOf},
		{rx(`([a-z]{3})[a-z]*[-.,']*(\d{4})`), func(m []string) (Period, Basis, error) { return englishMonth(m[2], m[1]) }},
		{rx(`(\d{4})[-.,']*([a-z]{3})[a-z]*`), func(m []string) (Period, Basis, error) { return englishMonth(m[1], m[2]) }},
		{rx(`jan[a-z]*[-–—]([a-z]{3})[a-z]*[-.,']*(\d{4})`), func(m []string) (Period, Basis, error) {
			p, _, err := englishMonth(m[2], m[1])
			return p, YearToDate, err
		}},
		{rx(reYear + reMonth + `([上中下])旬`), func(m []string) (Period, Basis, error) {
			return TenDays(atoi(m[1]), time.Month(atoi(m[2])), map[string]int{"上": 1, "中": 2, "下": 3}[m[3]]), "", nil
		}},
		{rx(`(\d{4})-(\d\d)-(01|11|21)/p10d`), func(m []string) (Period, Basis, error) {
			month := atoi(m[2])
			if month < 1 || month > 12 {
				return Period{}, "", ErrPeriod
			}
			return TenDays(atoi(m[1]), time.Month(month), (atoi(m[3])+9)/10), "", nil
		}},
		{rx(`(\d{4})年(\d{1,2})月(\d{1,2})日?`), dayOf},
		{rx(`(\d{4})[-./](\d{1,2})[-./](\d{1,2})(?:t?00:00(?::00)?(?:\.0+)?z?)?`), dayOf},
		{rx(`(\d{4})(\d\d)(\d\d)`), dayOf},
	}
}

func rx(s string) *regexp.Regexp { return regexp.MustCompile(`^(?:` + s + `)$`) }

// yearless matches forms that lack only the year.
const yearless = `^(?:截至|截止)?(?:上半年|下半年|全年|前[二两三四2-4]个?季度?|第?[一二三四1-4]季度?(?:累计|末|底)?|q[1-4]|q1[-—–~～至到]+q?[2-4]|(?:1[0-2]|0?[1-9])` +
	`(?:[-—–~～至到]+(?:1[0-2]|0?[1-9]))?月份?(?:底|末|累计|[上中下]旬)?)$`

// compiled are the forms, compiled at first use.
var compiled = sync.OnceValues(func() ([]periodForm, *regexp.Regexp) {
	return periodForms(), regexp.MustCompile(yearless)
})

// ParsePeriod reads one period, canonical or as people write it, and the basis
// the form itself tells: ytd for 1-9月, 上半年 and 三季度累计, point for 9月底,
// else none. Errors are ErrPeriod or ErrNoYear. The canonical forms, which are
// what stored rows and large tidy feeds hold, are read without regular
// expressions.
func ParsePeriod(s string) (Period, Basis, error) {
	if p, ok := canonical(s); ok {
		return p, "", nil
	}
	if len(s) > 64 {
		return Period{}, "", fmt.Errorf("%.20q…: %w", s, ErrPeriod)
	}
	p, b, err := parseFolded(centuries().ReplaceAllString(foldPeriod(s), "20$1"))
	if err != nil {
		return Period{}, "", fmt.Errorf("%q: %w", s, err)
	}
	return p, b, nil
}

// parseFolded reads a folded text by the forms, and else without the word of a span
// that stands behind it: 三季度当季, 5月（当月）, Q4累计.
func parseFolded(text string) (Period, Basis, error) {
	forms, yearless := compiled()
	for _, f := range forms {
		if m := f.re.FindStringSubmatch(text); m != nil {
			p, b, err := f.read(m)
			if err == nil && p.First().Year < 1000 { // 00000101: no canonical form would name it
				err = ErrPeriod
			}
			return p, b, err
		}
	}
	if yearless.MatchString(text) {
		return Period{}, "", ErrNoYear
	}
	bare, said := cutSpan(text)
	if said == "" {
		return Period{}, "", ErrPeriod
	}
	p, b, err := parseFolded(bare)
	switch {
	case err != nil:
		return Period{}, "", err
	case b != "" && b != said || p.Frequency() == Daily || p.Frequency() == TenDay:
		return Period{}, "", fmt.Errorf("%w: %s and the word behind it are of different spans", ErrPeriod, bare)
	}
	return p, said, nil
}

// cutSpan parts the word that says what span a period is meant as from the period
// before it, in brackets or not; said is "" where none stands there.
func cutSpan(text string) (bare string, said Basis) {
	m := spanWord().FindStringSubmatch(text)
	switch {
	case m == nil:
		return text, ""
	case strings.HasSuffix(m[2], "累计"):
		return m[1], YearToDate
	}
	return m[1], InPeriod
}

var (
	spanWord = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(.*[0-9年月份季度])[-_:,]?[(\[【]?((?:当|本)[季月年期]|单[季月]|(?:本年|年初|年内)?累计)[值数]?[)\]】]?$`)
	})
	// centuries are years of two digits, of which only those of this century's first
	// half are certain: 25年1-6月.
	centuries = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^([0-4]\d年)`) })
)

func canonical(s string) (Period, bool) {
	if len(s) < 4 || !digits(s[:4]) || s[:4] < "1000" {
		return Period{}, false
	}
	y := atoi(s[:4])
	switch {
	case len(s) == 4:
		return Year(y), true
	case len(s) == 7 && s[4:6] == "-Q" && s[6] >= '1' && s[6] <= '4':
		return Quarter(y, int(s[6]-'0')), true
	case len(s) == 7 && s[4] == '-' && digits(s[5:]) && s[5:] >= "01" && s[5:] <= "12":
		return Month(y, time.Month(atoi(s[5:]))), true
	case len(s) == 10 && s[4] == '-' && s[7] == '-':
		d, err := ParseDate(s)
		return Day(d), err == nil
	}
	return Period{}, false
}

func digits(s string) bool { return strings.Trim(s, "0123456789") == "" }

// foldPeriod makes full-width characters half-width, drops white space and
// lowers letters.
func foldPeriod(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ' || r == '\t' || r == 0xa0 || r == 0x3000 || r == '\n' || r == '\r':
			return -1
		case r >= 0xff01 && r <= 0xff5e:
			r -= 0xfee0
		}
		if r >= 'A' && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	}, s)
}

func yearOf(s string) (Period, Basis, error) {
	y := atoi(s)
	if y < 1000 {
		return Period{}, "", ErrPeriod
	}
	return Year(y), "", nil
}

func quarterOf(m []string) (Period, Basis, error) {
	p := Quarter(atoi(m[1]), digit(m[2]))
	switch {
	case len(m) < 4 || m[3] == "":
		return p, "", nil
	case m[3] == "累计":
		return p, YearToDate, nil
	}
	return p, Point, nil
}

func monthOf(m []string) (Period, Basis, error) {
	p := Month(atoi(m[1]), time.Month(atoi(m[2])))
	if len(m) > 3 && m[3] != "" {
		return p, YearToDate, nil
	}
	return p, "", nil
}

// spanOf reads months from..to: 1-9 is the year to date, 7-9 the third quarter.
func spanOf(year, from, to string) (Period, Basis, error) {
	y, a, b := atoi(year), atoi(from), atoi(to)
	switch {
	case a == 1 && b > 1:
		return Month(y, time.Month(b)), YearToDate, nil
	case a%3 == 1 && b == a+2:
		return Quarter(y, b/3), InPeriod, nil
	}
	return Period{}, "", fmt.Errorf("%w: months %d to %d are neither a quarter nor the year to date", ErrPeriod, a, b)
}

func englishMonth(year, name string) (Period, Basis, error) {
	for m := time.January; m <= time.December; m++ {
		if strings.ToLower(m.String()[:3]) == name {
			return Month(atoi(year), m), "", nil
		}
	}
	return Period{}, "", ErrPeriod
}

func dayOf(m []string) (Period, Basis, error) {
	d, err := ParseDate(fmt.Sprintf("%s-%02d-%02d", m[1], atoi(m[2]), atoi(m[3])))
	if err != nil {
		return Period{}, "", fmt.Errorf("%w: there is no such day", ErrPeriod)
	}
	return Day(d), "", nil
}

func digit(s string) int {
	if i := strings.Index("一二三四", s); i >= 0 {
		return i/len("一") + 1
	}
	return atoi(s)
}

// atoi reads digits that a pattern has already checked.
func atoi(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}

package written

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"yardstick/schema"
)

// Day numbers of spreadsheets between 1954 and 2064; day 0 is 1899-12-30.
const (
	serialFrom = 20_000
	serialTo   = 60_000
)

// Serial reads a spreadsheet's day number.
func Serial(text string) (schema.Date, bool) {
	if len(text) != 5 || strings.Trim(text, "0123456789") != "" {
		return schema.Date{}, false
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < serialFrom || n > serialTo {
		return schema.Date{}, false
	}
	return schema.Date{Year: 1899, Month: 12, Day: 30}.AddDays(n), true
}

// Regular reports whether days follow each other in one direction, each a
// month, quarter or year after the other and on the same edge of a month. Only
// a whole axis of such numbers is dates; figures do not fall so.
func Regular(days []schema.Date) bool {
	if _, ok := Edges(days); !ok || len(days) < 3 {
		return false
	}
	step := func(i int) int {
		return schema.PeriodOf(schema.Monthly, days[i]).Since(schema.PeriodOf(schema.Monthly, days[i-1]))
	}
	for i := range days[1:] {
		if step(i+1) != step(1) {
			return false
		}
	}
	return slices.Contains([]int{1, 3, 12}, max(step(1), -step(1)))
}

// Edges reports whether all days are the first of their months, or all the last.
func Edges(days []schema.Date) (last, ok bool) {
	firsts, lasts := 0, 0
	for _, d := range days {
		if d.Day == 1 {
			firsts++
		}
		if schema.PeriodOf(schema.Monthly, d).Last() == d {
			lasts++
		}
	}
	return lasts == len(days), len(days) > 0 && (firsts == len(days) || lasts == len(days))
}

// BeginsPeriod reports whether a text begins as a period does: with a number, a letter, or
// a word of time.
func BeginsPeriod(text string) bool {
	first, _ := utf8.DecodeRuneInString(strings.TrimSpace(text))
	return !unicode.Is(unicode.Han, first) || strings.ContainsRune("第上下前全截到一二三四五六七八九十二〇本", first)
}

// MaybePeriod passes over what no form of a period fits: the forms are many.
func MaybePeriod(text string) bool {
	return strings.ContainsAny(text, "0123456789０１２３４５６７８９年季月")
}

// FormCell is what a cell of a line above a printed form's table is: a key whose value stands beside it, a key
// with its value, or neither.
func FormCell(text string) (key, whole bool) {
	t := Simplified(FoldText(text))
	name, value, keyed := strings.Cut(t, ":")
	_, known := Means("key", name) // 单位：
	switch {
	case keyed && (known || Is("form-key", name)):
		return value == "", value != ""
	case Is("form-key", t):
		return true, false
	}
	name, _, parted := strings.Cut(strings.TrimSpace(Simplified(text)), " ")
	return false, parted && Is("form-key", name)
}

// Numbering reports whether the cells of a row number the columns below a header: letters
// first (甲, 乙), and then numbers from 1 on.
func Numbering(cells []string) bool {
	n, letters := 0, 0
	for _, cell := range cells {
		switch t := FoldText(cell); {
		case Is("column-letter", t) && n == 0:
			letters++
		case t == strconv.Itoa(n+1) && n < 18:
			n++
		default:
			return false
		}
	}
	return letters > 0 && (n > 2 || n > 0 && letters > 1)
}

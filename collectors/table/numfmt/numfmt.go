// Package numfmt says how a spreadsheet's number formats show what a cell stores:
// as a number, a percentage or a date, how much of it is seen, and whether what
// the eye sees is what is stored.
package numfmt

import (
	"math"
	"strconv"
	"strings"
)

// Kind is what a workbook holds in a cell. A text file holds text alone.
type Kind uint8

// The kinds.
const (
	KindText Kind = iota
	KindNumber
	KindDate
	KindBool
	KindError // #N/A, #DIV/0! …
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

// Doubt is why what the eye sees of a cell is not its text.
type Doubt uint8

// The doubts.
const (
	Agrees       Doubt = iota // the eye sees the text, but for rounding, scale, thousands marks, currency signs and blanks
	Raised                    // some of the text is raised or lowered: 410¹
	Struck                    // all of the text, or some of it, is struck through
	FormatWords               // the number format adds words, shows another sign, or shows something else than the number: 下降0.0
	FormatHides               // the number format shows nothing: ;;;
	FormatDate                // a date is shown without its year, or as a year alone
	HiddenText                // some of the text is hidden within a cell that is not
	Uncalculated              // a formula saved without its result, or with one that the file says is to be worked out anew
	FormulaEmpty              // a formula whose result is an empty text
	ErrorValue                // an error value: #N/A, #REF!
	Covered                   // the cell lies under another that it is merged with, and holds something else
)

// String is the doubt's code; "" where there is none.
func (d Doubt) String() string {
	return [...]string{"", "raised", "struck", "format-words", "format-hides", "format-date", "hidden-text", "uncalculated", "formula-empty", "error", "covered"}[d]
}

// About is what a file says of a cell beside its text. The text is what is
// stored: a number with the decimals that its format always shows (2025.10), a
// percentage with its sign, a date as its day (or month, where that is shown),
// a year with the 年 of its format.
type About struct {
	Kind     Kind
	Shows    Shows
	Percent  bool
	Formula  bool
	Scaled   bool
	Decimals int8   // -1: the format says nothing
	Why      Doubt  // the text and what the eye sees differ, and why; most cells: Agrees
	Stored   string // the number or day as stored, where the text is written otherwise; else ""
	Shown    string // what the eye sees, where Why is given; "" too where it sees nothing
	Bare     string // the text without what is raised, struck or hidden, where Why is one of these
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

// Rounded reports whether the cell shows fewer digits than it holds.
func (a About) Rounded(text string) bool {
	if a.Kind != KindNumber || a.Decimals < 0 || a.Scaled {
		return false
	}
	_, part, _ := strings.Cut(strings.TrimRight(text, "%"), ".")
	return len(strings.TrimRightFunc(part, func(r rune) bool { return r < '0' || r > '9' })) > int(a.Decimals)
}

package table

import (
	"math"
	"strconv"
	"strings"

	"yardstick/collectors/table/elements"
	"yardstick/collectors/table/numfmt"
	"yardstick/collectors/table/runs"
)

// stored tells the text of the open cell, and what the eye sees where a
// spreadsheet wrote beside it what is stored.
func (t *htmlTable) stored(seen runs.Runs) (string, numfmt.About) {
	text, a := seen.Text(), numfmt.About{Decimals: -1, Formula: elements.Has(t.tag, "x:fmla")}
	if seen.See(0, &a); a.Why != numfmt.Agrees {
		return text, a
	}
	if isErrorText(text) {
		a.Kind, a.Why, a.Shown = numfmt.KindError, numfmt.ErrorValue, text
		return text, a
	}
	written := strings.TrimSpace(elements.Attribute(t.tag, "x:num"))
	if written == "" && t.cellLook.Format == "" {
		return text, a
	}
	format := numfmt.FormatOf(0, numfmt.Named(t.cellLook.Format))
	shown, tolerance, plain := pageNumber(text)
	number, err := strconv.ParseFloat(written, 64)
	if err != nil || number != number || math.Abs(number) > 1e300 {
		if _, about := format.Value(shown, false); plain && (about.Why == numfmt.FormatWords || about.Why == numfmt.FormatHides) {
			a.Why, a.Shown = about.Why, about.Shown
		}
		return text, a
	}
	switch said, about := format.Value(number, false); {
	case about.Kind != numfmt.KindDate && about.Why == numfmt.Agrees && !about.Scaled && plain && rounds(number, shown, tolerance):
		return asStored(said, text, about) // as in a workbook, what is stored is the figure
	case about.Kind == numfmt.KindDate, about.Why == numfmt.Agrees && !about.Scaled && plain && math.Abs(number-shown) <= tolerance,
		t.cellLook.Format == "" && !plain && strings.ContainsAny(text, "年月日/-:"):
		return text, a // what is shown is what is stored
	case about.Scaled && about.Why == numfmt.Agrees:
		return said, about
	case text == "":
		about.Why, about.Shown = numfmt.FormatHides, ""
		return said, about
	default:
		about.Why, about.Shown = numfmt.FormatWords, text
		return said, about
	}
}

// rounds reports whether what is shown is what is stored, rounded.
func rounds(stored, shown, tolerance float64) bool {
	off := math.Abs(stored - shown)
	return off <= tolerance && off > 1e-12*math.Max(math.Abs(stored), math.Abs(shown))
}

// asStored is the figure stored behind a rounded one: a percentage where that is one.
func asStored(said, shown string, a numfmt.About) (string, numfmt.About) {
	digits, percent := strings.CutSuffix(shown, "%")
	if percent && !a.Percent {
		number, _ := strconv.ParseFloat(said, 64)
		said, a = numfmt.FormatOf(0, "0%").Value(number, false)
	}
	_, decimals, _ := strings.Cut(strings.TrimRight(digits, " "), ".")
	a.Decimals = int8(min(len(decimals), 30))
	return said, a
}

// pageNumber reads a number as a page shows it; tolerance is half of its last
// place.
func pageNumber(text string) (number, tolerance float64, ok bool) {
	text = strings.NewReplacer(",", "", "¥", "", "￥", "", "$", "").Replace(text)
	text, percent := strings.CutSuffix(strings.TrimSpace(text), "%")
	if strings.Trim(text, "+-.0123456789") != "" {
		return 0, 0, false
	}
	number, err := strconv.ParseFloat(text, 64)
	_, decimals, _ := strings.Cut(text, ".")
	tolerance = 0.5001 * math.Pow(10, -float64(len(decimals)))
	if percent {
		number, tolerance = number/100, tolerance/100
	}
	return number, tolerance, err == nil
}

func isErrorText(text string) bool {
	switch text {
	case "#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A":
		return true
	}
	return false
}

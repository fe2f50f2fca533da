package written

import (
	"slices"
	"strings"

	"yardstick/schema"
)

// PartsByColon parts 大连市:地区生产总值:累计值: the place first, where it is one, and
// then the name as it is written, with the span or change at its end.
func PartsByColon(name string, place func(string) bool) (indicator, region, basis string) {
	if first, rest, ok := strings.Cut(strings.ReplaceAll(name, "：", ":"), ":"); ok && place(strings.TrimSpace(first)) {
		name, region = strings.TrimSpace(rest), strings.TrimSpace(first)
	}
	return name, region, spanIn(name)
}

// PartsByColonLast parts Gross Domestic Product: ytd: Liaoning, the place last.
func PartsByColonLast(name string, _ func(string) bool) (indicator, region, basis string) {
	if at := strings.LastIndexByte(name, ':'); at > 0 {
		if last := strings.TrimSpace(name[at+1:]); !saysSpan(last) && !changeWord(last) && !Is("current-price", FoldText(last)) {
			name, region = strings.TrimSpace(name[:at]), last
		}
	}
	return name, region, spanIn(name)
}

// spanIn is the part of a name that says its span; "" none.
func spanIn(name string) string {
	for _, p := range strings.FieldsFunc(name, func(r rune) bool { return r == ':' || r == '：' }) {
		if saysSpan(strings.TrimSpace(p)) {
			return strings.TrimSpace(p)
		}
	}
	return ""
}

func saysSpan(text string) bool {
	return BasisWord(text) || schema.Basis(FoldText(text)) == schema.YearToDate
}

func changeWord(text string) bool {
	w, _, _ := HeadWord(text)
	return w == "change" || slices.Contains([]string{"yoy", "mom", "qoq"}, FoldText(text))
}

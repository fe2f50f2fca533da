package grafana

import (
	"fmt"
	"strings"

	"yardstick/schema"
	"yardstick/schema/words"
)

// period words a reference period: 2025年5月, 2025年一季度, 2025年6月中旬, and of a
// figure that runs from the year's beginning, which the expression ytd tells,
// 2025年1-5月, 2025年上半年. English keeps the code. column must be a String.
func (l language) period(column, ytd string) string {
	if l == english {
		return fmt.Sprintf("multiIf(%[1]s = '', '—', (%[2]s) AND match(%[1]s, '-(Q[2-4]|[0-9]{2})$') AND NOT endsWith(%[1]s, '-01'), concat(%[1]s, %[3]s), %[1]s)",
			column, ytd, l.constant("grafana-year-to-date"))
	}
	return fmt.Sprintf(`multiIf(
      %[1]s = '', '—',
      match(%[1]s, '^[0-9]{4}$'), concat(%[1]s, '年'),
      match(%[1]s, '-Q[1-4]$'), concat(substring(%[1]s, 1, 4), '年', if(%[2]s, ['一季度', '上半年', '前三季度', '全年'], ['一季度', '二季度', '三季度', '四季度'])[toUInt8OrZero(substring(%[1]s, 7, 1))]),
      match(%[1]s, '^[0-9]{4}-[0-9]{2}$'), concat(substring(%[1]s, 1, 4), '年', if((%[2]s) AND NOT endsWith(%[1]s, '-01'), '1-', ''), toString(toUInt8OrZero(substring(%[1]s, 6, 2))), '月'),
      match(%[1]s, '/P10D$'), concat(substring(%[1]s, 1, 4), '年', toString(toUInt8OrZero(substring(%[1]s, 6, 2))), '月', transform(substring(%[1]s, 9, 2), ['01', '11'], ['上旬', '中旬'], '下旬')),
      %[1]s)`, column, ytd)
}

// choice words a code by the pairs of code and sentence id; another code gives
// otherwise, an expression.
func (l language) choice(column, otherwise string, pairs ...string) string {
	var codes, said []string
	for i := 0; i+1 < len(pairs); i += 2 {
		codes, said = append(codes, text(pairs[i])), append(said, l.constant(pairs[i+1]))
	}
	return fmt.Sprintf("transform(%s, [%s], [%s], %s)", column, strings.Join(codes, ", "), strings.Join(said, ", "), otherwise)
}

// labels words a code by labels in both languages.
func (l language) labels(column string, codes []string, label func(string) schema.Text) string {
	var keys, said []string
	for _, c := range codes {
		keys, said = append(keys, text(c)), append(said, text(label(c).In(string(l))))
	}
	return fmt.Sprintf("transform(%s, [%s], [%s], %s)", column, strings.Join(keys, ", "), strings.Join(said, ", "), column)
}

// correction words why a held figure changed.
func (l language) correction(column string) string {
	codes := []string{""}
	for _, c := range schema.Corrections() {
		codes = append(codes, string(c))
	}
	return l.labels(column, codes, func(c string) schema.Text { return schema.Correction(c).Label() })
}

// observationStatus words what a figure is: normal, provisional, estimated …
func (l language) observationStatus(column string) string {
	codes := strings.Split("A B D E F G I J K L M N O P Q S T U V W", " ")
	var known []string
	have := map[string]bool{}
	for _, id := range words.IDs() {
		have[id] = true
	}
	for _, c := range codes {
		if have["board-obs-"+c] {
			known = append(known, c)
		}
	}
	return l.labels(column, known, func(c string) schema.Text { return words.Say("board-obs-" + c) })
}

// receiptStatus words what became of a delivery, with the shape of it.
func (l language) receiptStatus(column string) string {
	var codes []string
	for _, s := range schema.ReceiptStatuses() {
		codes = append(codes, string(s))
	}
	return l.labels(column, codes, func(c string) schema.Text {
		s := schema.ReceiptStatus(c)
		return schema.Every(func(in schema.Language) string { return s.Drawn().Mark() + " " + s.Label().In(in.Code) })
	})
}

// synthetic is the mark of a row that rests on synthetic figures.
func (l language) synthetic(column string) string {
	return fmt.Sprintf("if(%s, %s, '')", column, l.constant("grafana-mark-synthetic"))
}

package grafana

import (
	"embed"
	"fmt"
	"slices"
	"strings"
	"text/template"

	"yardstick/schema"
	"yardstick/schema/words"
)

//go:embed queries/*.sql
var queryFiles embed.FS

// What verdicts and targets are chosen by.
const (
	inPolicies = "policy IN (${policy:sqlstring})"
	chosen     = inPolicies + " AND region IN (${region:sqlstring})"
	inTarget   = inPolicies + " AND target IN (${target:sqlstring})"
	inHeadline = inPolicies + " AND target IN (${headline:sqlstring})"
	today      = "(SELECT argMax(as_of, (at, run)) FROM verdict_runs)" // told of: a demonstration's clock may stand still
)

// queries are the templates of queries/ with the functions that word in l.
func (l language) queries() *template.Template {
	constant := func(sql string) func() string { return func() string { return sql } }
	return template.Must(template.New("").Funcs(template.FuncMap{
		"lang": constant(string(l)), "everything": constant("true"), "today": constant(today),
		"inPolicies": constant(inPolicies), "chosen": constant(chosen), "inTarget": constant(inTarget), "inHeadline": constant(inHeadline),
		"statuses": schema.Statuses, "map": pairs, "orNothing": l.orNothing, "said": l.phrase, "period": l.period, "rank": rank,
		"unit":       func(u, en string) string { return l.unit(u, en, "'%'") },
		"difference": func(u, en string) string { return l.unit(u, en, l.phrase("grafana-points")) }, // of percentages: in points
		"linkTo":     func(id string) string { return text("[" + l.say(id) + "](") },
		"synthetic": func(column string) string {
			return "if(" + column + ", " + l.phrase("grafana-mark-synthetic") + ", '')"
		},
		"correction": func(column string) string {
			return labels(l, column, append([]schema.Correction{""}, schema.KnownCorrections()...), schema.Correction.Label)
		},
		"observationStatus": l.observationStatus,
		"receiptStatus": func(column string) string {
			return labels(l, column, schema.ReceiptStatuses(), func(s schema.ReceiptStatus) schema.Text {
				return schema.Every(func(in schema.Language) string { return s.Drawn().Mark() + " " + s.Label().In(in.Code) })
			})
		},
		"status": func(column string) string { return labels(l, column, schema.Statuses(), schema.Status.Label) },
		"cause":  func(column string) string { return labelsOr(l, column, "''", causes(), causeWord) },
	}).ParseFS(queryFiles, "queries/*.sql"))
}

// sql is a query by its name, with what is handed to it.
func (m maker) sql(query string) string {
	name, arg, _ := strings.Cut(query, " ")
	var b strings.Builder
	t := template.Must(m.queries.Parse(fmt.Sprintf("{{template %q %s}}", name, arg)))
	if err := t.Execute(&b, nil); err != nil {
		panic(err)
	}
	return b.String()
}

// pairs is a map of names and what they stand for.
func pairs(list ...string) map[string]string {
	out := map[string]string{}
	for p := range slices.Chunk(list, 2) {
		out[p[0]] = p[1]
	}
	return out
}

// text is a string constant of SQL.
func text(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `''`).Replace(s) + "'"
}

// rank is a status as a number: 1 is the worst. LowCardinality is taken off,
// because array and column must be of one type.
func rank(column string) string {
	var list []string
	for _, s := range schema.Statuses() {
		list = append(list, text(string(s)))
	}
	return "indexOf([" + strings.Join(list, ", ") + "], toString(" + column + "))"
}

// unit is what stands behind a figure in unit u: nothing between a Chinese unit and
// its figure, a space before a Latin one.
func (l language) unit(u, unitEn, percent string) string {
	if l == english {
		// 950 × 10,000 yuan
		return fmt.Sprintf("if(%[1]s = '%%', %[3]s, concat(if(match(%[2]s, '^[0-9]'), ' × ', ' '), if(%[2]s = '', %[1]s, %[2]s)))", u, unitEn, percent)
	}
	return fmt.Sprintf("multiIf(%[1]s = '%%', %[2]s, %[1]s = '百分点', %[3]s, match(%[1]s, '^[A-Za-z]'), concat(' ', %[1]s), toString(%[1]s))",
		u, percent, l.phrase("grafana-points"))
}

// phrase is a sentence of the catalogue with expressions of SQL in its holes, which
// are given by name.
func (l language) phrase(id string, holes ...string) string {
	if len(holes) == 0 {
		return text(l.say(id))
	}
	const hole = "\x00"
	said := l.say(id)
	for h := range slices.Chunk(holes, 2) {
		said = strings.ReplaceAll(said, "{"+h[0]+"}", hole+h[1]+hole)
	}
	var parts []string
	for i, part := range strings.Split(said, hole) { // words and expressions by turns
		switch {
		case i%2 == 1:
			parts = append(parts, part)
		case part != "":
			parts = append(parts, text(part))
		}
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return "concat(" + strings.Join(parts, ", ") + ")"
}

// orNothing gives the rows found, or one that says there are none: a table without
// rows would look like one that failed. columns are dashes but for title.
func (l language) orNothing(order, said string, columns ...string) string {
	var dashes []string
	for _, c := range columns {
		value := "'—'"
		if c == "title" {
			value = l.phrase(said)
		}
		dashes = append(dashes, value+" AS "+c)
	}
	return "SELECT " + strings.Join(columns, ", ") + "\nFROM found\n" + order +
		"\nUNION ALL\nSELECT " + strings.Join(dashes, ", ") + " WHERE (SELECT count() FROM found) = 0"
}

// period words a reference period: 2025年5月, 2025年一季度, 2025年6月中旬, and of a
// figure that runs from the year's beginning, which the expression ytd tells,
// 2025年1-5月, 2025年上半年. English keeps the code. column must be a String.
func (l language) period(column, ytd string) string {
	if l == english {
		return fmt.Sprintf("multiIf(%[1]s = '', '—', (%[2]s) AND match(%[1]s, '-(Q[2-4]|[0-9]{2})$') AND NOT endsWith(%[1]s, '-01'), concat(%[1]s, %[3]s), %[1]s)",
			column, ytd, l.phrase("grafana-year-to-date"))
	}
	return fmt.Sprintf(`multiIf(
      %[1]s = '', '—',
      match(%[1]s, '^[0-9]{4}$'), concat(%[1]s, '年'),
      match(%[1]s, '-Q[1-4]$'), concat(substring(%[1]s, 1, 4), '年', if(%[2]s, ['一季度', '上半年', '前三季度', '全年'], ['一季度', '二季度', '三季度', '四季度'])[toUInt8OrZero(substring(%[1]s, 7, 1))]),
      match(%[1]s, '^[0-9]{4}-[0-9]{2}$'), concat(substring(%[1]s, 1, 4), '年', if((%[2]s) AND NOT endsWith(%[1]s, '-01'), '1-', ''), toString(toUInt8OrZero(substring(%[1]s, 6, 2))), '月'),
      match(%[1]s, '/P10D$'), concat(substring(%[1]s, 1, 4), '年', toString(toUInt8OrZero(substring(%[1]s, 6, 2))), '月', transform(substring(%[1]s, 9, 2), ['01', '11'], ['上旬', '中旬'], '下旬')),
      %[1]s)`, column, ytd)
}

// labels words a code by labels in both languages; another stays as it is.
func labels[T ~string](l language, column string, codes []T, label func(T) schema.Text) string {
	return labelsOr(l, column, column, codes, label)
}

// labelsOr is labels with an expression for another code.
func labelsOr[T ~string](l language, column, otherwise string, codes []T, label func(T) schema.Text) string {
	var keys, said []string
	for _, c := range codes {
		keys, said = append(keys, text(string(c))), append(said, text(label(c).In(string(l))))
	}
	return fmt.Sprintf("transform(%s, [%s], [%s], %s)", column, strings.Join(keys, ", "), strings.Join(said, ", "), otherwise)
}

// causes are why a verdict changed.
func causes() []string { return schema.Causes() }

func causeWord(cause string) schema.Text { return words.Say("grafana-cause-" + cause) }

// observationStatus words what a figure is: normal, provisional, estimated …
func (l language) observationStatus(column string) string {
	var known []string
	for _, c := range strings.Fields("A B D E F G I J K L M N O P Q S T U V W") {
		if words.Has("board-obs-" + c) {
			known = append(known, c)
		}
	}
	return labels(l, column, known, func(c string) schema.Text { return words.Say("board-obs-" + c) })
}

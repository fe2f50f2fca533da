package table

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"yardstick/collectors/table/refusal"
)

// polluted is a table, how it is written, and what must come back.
type polluted struct {
	rows      [][]string
	delimiter string
	quote     string
	escape    string // what stands before a quote in a quoted cell; "" for none
	end       string
	quoted    []int // columns that are always quoted

	raw map[int]string // of a row, the line in its stead
}

// line writes a row as the table has it.
func (p polluted) line(row []string, delimiter string) string {
	var cells []string
	for i, cell := range row {
		if slices.Contains(p.quoted, i) || strings.ContainsAny(cell, p.delimiter+p.quote+"\n") && strings.Contains(cell, strings.TrimSpace(p.delimiter)) || strings.Contains(cell, p.quote) && p.quote == `"` {
			if p.escape != "" {
				cell = strings.ReplaceAll(cell, p.quote, p.escape+p.quote)
			}
			cell = p.quote + cell + p.quote
		}
		cells = append(cells, cell)
	}
	return strings.Join(cells, delimiter)
}

func (p polluted) text() string {
	var b strings.Builder
	for i, row := range p.rows {
		if raw, ok := p.raw[i]; ok {
			b.WriteString(raw)
		} else {
			b.WriteString(p.line(row, p.delimiter))
		}
		b.WriteString(p.end)
	}
	return b.String()
}

// with is a copy with a row's line put another way, and what comes of it.
func (p polluted) with(row int, line string, cells []string) polluted {
	p.rows = slices.Clone(p.rows)
	p.rows[row], p.raw = cells, map[int]string{row: line}
	return p
}

// sourceTables are made up: words with commas, quotes and apostrophes, numbers
// with blanks, cells that are empty.
func sourceTables() []polluted {
	plain := polluted{delimiter: ",", quote: `"`, escape: `"`, end: "\r\n"}
	shop, ports, farms := plain, plain, plain
	shop.quoted = []int{4, 5}
	shop.rows = [][]string{{"DAY", "HOUR", "NO", "ARTICLE", "WORDS", "LINK", "REMARK"}}
	for i := range 24 {
		name := []string{"Ladder", "Rope, thin", `Board 12"`, "Men's gloves", `Pipe 3" long, steel`, "Oil/can", "Saw (hand)"}[i%7]
		words := []string{"Strong, light and quick to carry.", "It doesn't slip, even when wet", `The 7'4" one of the two`, "No commas here at all", "Ours: made, sold, mended."}[i%5]
		shop.rows = append(shop.rows, []string{fmt.Sprintf("%02d/03/2031", i+1), fmt.Sprintf("%02d:15", i), fmt.Sprint(i * 7 % 11), name, words,
			fmt.Sprintf("https://example.org/a/%d.html", 100+i), []string{"", "", "checked"}[i%3]})
	}
	ports.rows = [][]string{{"港口", "月份", "吞吐量", "同比", "说明"}}
	for i := range 30 {
		ports.rows = append(ports.rows, []string{[]string{"青石港", "望海港", "柳河港"}[i%3], fmt.Sprintf("2031-%02d", i%12+1), fmt.Sprintf("%d.%d", 300+i*13, i%10),
			fmt.Sprintf("%d.%d%%", i%9, i%7), []string{"", "含内贸,不含转口", "初步数"}[i%3]})
	}
	farms.quoted = []int{0, 1, 2, 3}
	farms.rows = [][]string{{"indicator", "region", "period", "value"}}
	for i := range 16 {
		farms.rows = append(farms.rows, []string{[]string{"fields", "orchards, all"}[i%2], fmt.Sprintf("R%d", i%4), fmt.Sprint(2020 + i/2), fmt.Sprintf("%d.50", 40+i)})
	}
	return []polluted{shop, ports, farms}
}

// pollutions are the kinds of pollution that the files of the world have, after
// the survey behind the Pollock benchmark, each with its weight there.
func pollutions(p polluted) map[string][]polluted {
	again := func(change func(*polluted)) []polluted {
		q := p
		q.rows = slices.Clone(p.rows)
		change(&q)
		return []polluted{q}
	}
	head, width := p.rows[0], len(p.rows[0])
	out := map[string][]polluted{
		"as it is":             {p},
		"no trailing newline":  again(func(q *polluted) { q.raw = map[int]string{len(q.rows): ""}; q.end = "\n" }),
		"double newline":       again(func(q *polluted) { q.rows = append(q.rows, []string{""}) }),
		"no header":            again(func(q *polluted) { q.rows = q.rows[1:] }),
		"header in two rows":   again(func(q *polluted) { q.rows = slices.Insert(q.rows, 0, head) }),
		"header in three rows": again(func(q *polluted) { q.rows = slices.Insert(q.rows, 0, head, head) }),
		"preamble": again(func(q *polluted) {
			q.rows = slices.Insert(q.rows, 0, []string{"PREAMBLE"}, []string{""})
		}),
		"two tables, the same width":  again(func(q *polluted) { q.rows = append(q.rows, p.rows[:6]...) }),
		"two tables, fewer columns":   again(func(q *polluted) { q.rows = append(q.rows, cut(p.rows[:6], width-1)...) }),
		"two tables, more columns":    again(func(q *polluted) { q.rows = append(q.rows, more(p.rows[:6])...) }),
		"header alone":                again(func(q *polluted) { q.rows = q.rows[:1] }),
		"one data row":                again(func(q *polluted) { q.rows = q.rows[:2] }),
		"records end in LF":           again(func(q *polluted) { q.end = "\n" }),
		"records end in CR":           again(func(q *polluted) { q.end = "\r" }),
		"fields end in a semicolon":   again(func(q *polluted) { q.delimiter = ";" }),
		"fields end in a tab":         again(func(q *polluted) { q.delimiter = "\t" }),
		"fields end in comma, blank":  again(func(q *polluted) { q.delimiter = ", " }),
		"quotes are single":           again(func(q *polluted) { q.quote, q.escape = "'", "" }),
		"quotes escaped by backslash": again(func(q *polluted) { q.escape = `\` }),
		"quotes not escaped":          again(func(q *polluted) { q.escape = "" }),
	}
	for i, row := range p.rows {
		for j := range row {
			bare := slices.Clone(row)
			bare[j] = p.quote + row[j]
			line := strings.Split(p.line(row, "\x01"), "\x01")
			wrong := slices.Clone(line)
			if strings.HasPrefix(line[j], p.quote) {
				wrong[j] = p.quote + line[j] // within the quotes that are there
			} else {
				wrong[j] = p.quote + row[j]
			}
			out["a quote too many"] = append(out["a quote too many"], p.with(i, strings.Join(wrong, p.delimiter), bare))
			wider := slices.Insert(slices.Clone(line), j, "")
			out["a separator too many"] = append(out["a separator too many"], p.with(i, strings.Join(wider, p.delimiter), slices.Insert(slices.Clone(row), j, "")))
			if j > 0 && !strings.Contains(line[j-1]+line[j], p.quote) {
				glued := slices.Replace(slices.Clone(line), j-1, j+1, line[j-1]+line[j])
				out["a separator too few"] = append(out["a separator too few"], p.with(i, strings.Join(glued, p.delimiter), slices.Replace(slices.Clone(row), j-1, j+1, row[j-1]+row[j])))
			}
		}
		for _, d := range []string{";", "\t", "，"} {
			if i > 0 && !strings.Contains(p.line(row, ""), d) {
				out["a row divided by another sign"] = append(out["a row divided by another sign"], p.with(i, p.line(row, d), row))
			}
		}
	}
	return out
}

func cut(all [][]string, width int) (out [][]string) {
	for _, row := range all {
		out = append(out, row[:width])
	}
	return out
}

func more(all [][]string) (out [][]string) {
	for _, row := range all {
		out = append(out, append(slices.Clone(row), "x"))
	}
	return out
}

// rightCells is the share of cells that came back: of those there are or should
// be, the more.
func rightCells(want, got [][]string) float64 {
	right, all := 0, 0
	for i := range max(len(want), len(got)) {
		var w, g []string
		if i < len(want) {
			w = want[i]
		}
		if i < len(got) {
			g = got[i]
		}
		all += max(len(w), len(g))
		for j := range min(len(w), len(g)) {
			if w[j] == g[j] {
				right++
			}
		}
	}
	return float64(right) / float64(all)
}

// Cells of polluted files that come back, by kind. What is mended is told.
func TestPollutedFilesAreReadCellByCell(t *testing.T) {
	sums, counts := map[string]float64{}, map[string]int{}
	for n, source := range sourceTables() {
		for kind, files := range pollutions(source) {
			for i, p := range files {
				text := p.text()
				if kind == "no trailing newline" {
					text = strings.TrimSuffix(text, p.end)
				}
				f, problems, err := Read(t.Context(), bytes.NewReader([]byte(text)), "f.csv", Limits{})
				must(t, err)
				var got [][]string
				if len(problems) == 0 {
					for row, err := range f.Tables[0].Rows(t.Context()) {
						must(t, err)
						got = append(got, slices.Clone(row.Texts))
					}
				}
				share := rightCells(p.rows, got)
				sums[kind] += share
				counts[kind]++
				if share < 1 {
					t.Logf("%s %d of table %d: %.3f %v", kind, i, n, share, problems)
				}
				told := map[string]string{"a quote too many": refusal.NoteQuoteMended, "a row divided by another sign": refusal.NoteRowDivided}[kind]
				if told != "" && share == 1 && noted(f, told) == nil && noted(f, refusal.NoteRowDivided) == nil {
					t.Errorf("%s %d of table %d: mended and not told: %v", kind, i, n, p.raw)
				}
			}
		}
	}
	for kind, sum := range sums {
		if mean := sum / float64(counts[kind]); mean < 0.98 {
			t.Errorf("%s: %.4f of the cells of %d files", kind, mean, counts[kind])
		}
	}
}

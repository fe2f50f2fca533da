package table

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"

	"yardstick/collectors/table/refusal"
)

// harm is how a text is harmed: what becomes of its lines, the cells that are read
// then, and the note that tells of it.
type harm struct {
	name string
	do   func(r *rand.Rand, m manner, rows [][]string) (text string, read [][]string)
	note string
}

func harms() []harm {
	lines := func(m manner, rows [][]string) []string {
		return strings.Split(strings.TrimSuffix(m.write(rows), m.end), m.end)
	}
	return []harm{
		{"blanks after quotes", func(r *rand.Rand, m manner, rows [][]string) (string, [][]string) {
			q := string(m.quote)
			pad := strings.Repeat(" ", 1+r.IntN(3))
			text := m.write(rows)
			for _, after := range []string{m.delimiter, m.end} {
				text = strings.ReplaceAll(text, q+after, q+pad+after)
			}
			return text, rows
		}, refusal.NoteQuoteMended},
		{"whole lines in quotes", func(_ *rand.Rand, m manner, rows [][]string) (string, [][]string) {
			var b strings.Builder
			for _, line := range lines(m, rows) {
				b.WriteString(`"` + strings.ReplaceAll(line, `"`, `""`) + `"` + m.end)
			}
			return b.String(), rows
		}, refusal.NoteQuoteMended},
		{"cells partly in quotes", func(r *rand.Rand, m manner, rows [][]string) (string, [][]string) {
			all, i := lines(m, rows), 1+r.IntN(len(rows)-2)
			read, cell := cloned(rows), `"1`+m.delimiter+`204" 吨`
			at := len(rows[i]) - 1
			read[i] = append(slices.Clone(rows[i][:at]), cell)
			short := cloned(rows[i : i+1])
			short[0] = short[0][:at]
			all[i] = lines(m, short)[0] + m.delimiter + cell
			return strings.Join(all, m.end), read
		}, refusal.NoteQuoteMended},
		{"a mark at the end", func(r *rand.Rand, m manner, rows [][]string) (string, [][]string) {
			return m.write(rows) + strings.Repeat("\x1a", 1+r.IntN(3)), rows
		}, ""},
		{"control characters", func(r *rand.Rand, m manner, rows [][]string) (string, [][]string) {
			harmed, read := cloned(rows), cloned(rows)
			for range 1 + r.IntN(2) {
				i, j := r.IntN(len(rows)), r.IntN(len(rows[0]))
				sign := []string{"\x01", "\x0b", "\x1f", "\x7f"}[r.IntN(4)]
				harmed[i][j], read[i][j] = harmed[i][j]+sign+"5", read[i][j]+" 5"
			}
			return m.write(harmed), read
		}, refusal.NoteControl},
	}
}

func cloned(rows [][]string) [][]string {
	out := slices.Clone(rows)
	for i := range out {
		out[i] = slices.Clone(out[i])
	}
	return out
}

// A harmed text comes back cell for cell, and what was mended is told.
func TestHarmedTextsComeBackCellForCell(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 13))
	words := []string{"粮食产量", "辽阳", "2031", "1,204.5", "36.7", `5" 管`, "含, 不含", "it's", "", "-"}
	for n := range 600 {
		rows := make([][]string, 4+r.IntN(20))
		width := 3 + r.IntN(5)
		for i := range rows {
			rows[i] = make([]string, width)
			for j := range rows[i] {
				rows[i][j] = words[r.IntN(len(words))]
			}
			rows[i][0] = "行, " + string(rune('a'+i)) // in quotes where commas divide
		}
		m := manner{[]string{",", ";", "\t", "|"}[n%4], []string{"\n", "\r\n"}[n/4%2], '"', '"', n/8%2 == 0}
		for _, h := range harms() {
			text, want := h.do(r, m, rows)
			f, problems, err := Read(t.Context(), source(text), "f.csv", Limits{})
			must(t, err)
			if len(problems) > 0 {
				t.Fatalf("%s: %s\n%q", h.name, problems[0].En, text)
			}
			var got [][]string
			for row, err := range f.Tables[0].Rows(t.Context()) {
				must(t, err)
				got = append(got, slices.Clone(row.Texts))
			}
			if !same(got, want) {
				t.Fatalf("%s, %+v\nfile %q\nread %q\nwant %q", h.name, m, text, got, want)
			}
			if harmed := text != m.write(rows); h.note != "" && harmed && noted(f, h.note) == nil {
				t.Fatalf("%s: not told\n%q", h.name, text)
			}
		}
	}
}

// A line in quotes is a row only where it can be nothing else.
func TestOneColumnStaysOneColumn(t *testing.T) {
	for name, text := range map[string]string{
		"names of two parts":      "\"Li, Na\"\n\"Wang, Wei\"\n\"Zhao, Min\"\n",
		"figures under a name":    "\"产量\"\n\"1,204,500\"\n\"2,310,400\"\n",
		"a title over it":         "\"主要指标\"\n\"指标,地区,数值\"\n\"粮食,辽阳,12.5\"\n",
		"sentences":               "\"一,二,三\"\n\"四,五\"\n\"六\"\n",
		"a row on two lines":      "\"a,b,c\"\n\"1,2\n,3\"\n",
		"lines with broken marks": "\"a,b,c\"\n\"1,\"\"2\"\"x,3\"\n",
	} {
		f, rows := grid(t, text)
		if f.Tables[0].Widest != 1 || noted(f, refusal.NoteQuoteMended) != nil {
			t.Errorf("%s: read %q, notes %v", name, rows, f.Notes)
		}
	}
}

// What stood on both sides of a control character is not one number, and its place
// is told.
func TestAControlCharacterIsABlankAndTold(t *testing.T) {
	f, rows := grid(t, "指标,数值\n粮食产量,12\x0b34\n\x01蔬菜产量,5\n")
	if rows[1][1] != "12 34" || rows[2][0] != " 蔬菜产量" {
		t.Errorf("read %q", rows)
	}
	if n := noted(f, refusal.NoteControl); n == nil || n.Line != 2 || !strings.Contains(n.En, ": 2.") {
		t.Errorf("notes %+v", f.Notes)
	}
	chinese, rows := grid(t, gb(t, "指标,数值\n粮食产量,12\x7f34\n"))
	if chinese.Encoding != "GB18030" || rows[1][1] != "12 34" || noted(chinese, refusal.NoteControl) == nil {
		t.Errorf("read %q", rows)
	}
}

// Western text is known by signs that stand alone, a few of them side by side; in
// Chinese text with a byte that is broken they stand in pairs, and it is refused.
func TestSignsSideBySideAreWesternWhereMostStandAlone(t *testing.T) {
	western, err := charmap.Windows1252.NewEncoder().String("item;cost;remark\nLadder – 3 m;£1,200;Müller’s\nRope;£35;“thin”\u00a0–\u00a0blue\nBoard;£7;née…\u00a0£2\nSaw;£9;Zoë’s\n")
	must(t, err)
	f, rows := grid(t, western+"Nail;\xa31;d\xe9j\xe0\n")
	if f.Encoding != "Windows-1252" || rows[2][2] != "“thin”\u00a0–\u00a0blue" || rows[1][1] != "£1,200" {
		t.Errorf("%s %q", f.Encoding, rows)
	}
	for name, text := range map[string]string{
		"a broken byte":      gb(t, "指标,数值\n粮食产量,12\n") + "\xc1,3\n",
		"hardly any Chinese": "a,b\n" + gb(t, "元") + ",1\n\x81,2\n",
	} {
		if f, problems, _ := Read(t.Context(), source(text), "f.csv", Limits{}); len(problems) == 0 || problems[0].Code != refusal.EncodingUnknown {
			t.Errorf("%s: %s %v", name, f.Encoding, problems)
		}
	}
}

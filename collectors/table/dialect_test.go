package table

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	xencoding "golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"yardstick/collectors/table/refusal"
)

// The cases of csv-spectrum: the first row names the fields of every other.
func TestTheSpectrumOfCSVIsReadWholly(t *testing.T) {
	files, err := filepath.Glob("testdata/csv-spectrum/*.csv")
	if err != nil || len(files) != 12 {
		t.Fatalf("%d cases, %v", len(files), err)
	}
	for _, path := range files {
		t.Run(filepath.Base(path), func(t *testing.T) {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			truth, err := os.ReadFile(strings.TrimSuffix(path, ".csv") + ".json")
			if err != nil {
				t.Fatal(err)
			}
			var want []map[string]string
			if truth[0] == '{' { // location_coordinates is one object, whose number is not the one of its CSV
				truth = []byte("[" + strings.Replace(string(truth), "1234567890", "2095257564", 1) + "]")
			}
			if err := json.Unmarshal(truth, &want); err != nil {
				t.Fatal(err)
			}
			_, rows := grid(t, string(data))
			if len(rows) != len(want)+1 {
				t.Fatalf("%d rows, want %d and a header", len(rows), len(want))
			}
			for i, row := range rows[1:] {
				if len(row) != len(want[i]) {
					t.Errorf("row %d has %d cells, want %d", i+2, len(row), len(want[i]))
				}
				for j, cell := range row {
					if cell != want[i][rows[0][j]] {
						t.Errorf("row %d, %s: %q, want %q", i+2, rows[0][j], cell, want[i][rows[0][j]])
					}
				}
			}
		})
	}
}

func TestQuotesAndEscapesAreFound(t *testing.T) {
	for name, c := range map[string]struct {
		text          string
		quote, escape byte
		cell          string // B2
	}{
		"doubled":                        {"a,b,c\n1,\"x \"\"y\"\"\",2\n", '"', '"', `x "y"`},
		"backslash":                      {"a,b,c\n1,\"x \\\"y\\\" z\",2\n", '"', '\\', `x "y" z`},
		"backslash before a delimiter":   {"a,b,c\n1,\"x\\\",\\\"y\",2\n3,4,5\n", '"', '\\', `x","y`},
		"a path that ends in backslash":  {"a,b,c\n1,\"C:\\\",2\n", '"', '"', `C:\`},
		"single quotes":                  {"'a','b','c'\n'1','x,''y''','2'\n", '\'', '\'', `x,'y'`},
		"single quotes with backslash":   {"'a','b','c'\n'1','it\\'s x','2'\n", '\'', '\\', `it's x`},
		"an apostrophe that is no quote": {"a,b,c\n1,'24 x,2\n3,'25 y,4\n", '"', '"', `'24 x`},
		"single quotes in double ones":   {"a,b,c\n1,\"'x'\",2\n", '"', '"', `'x'`},
	} {
		t.Run(name, func(t *testing.T) {
			f, rows := grid(t, c.text)
			if got := f.Tables[0]; got.Quote != c.quote || got.Escape != c.escape {
				t.Errorf("quote %q escape %q, want %q %q", got.Quote, got.Escape, c.quote, c.escape)
			}
			if len(rows) < 2 || len(rows[1]) != 3 || rows[1][1] != c.cell {
				t.Errorf("read %q", rows)
			}
		})
	}
}

func TestLineEndsAndRaggedRowsAreTold(t *testing.T) {
	for text, want := range map[string]string{"a,b\nc,d\n": "LF", "a,b\r\nc,d\r\n": "CRLF", "a,b\rc,d\r": "CR", "a,b\r\nc,d\ne,f\n": "mixed", "a,b": ""} {
		if f, _ := grid(t, text); f.Tables[0].LineEnds != want {
			t.Errorf("%q: %q, want %q", text, f.Tables[0].LineEnds, want)
		}
	}
	f, _ := grid(t, "题目\na,b,c\n1,2,3\n4,5\n6,7,8\n9,10,11,12\n注\n")
	if got := f.Tables[0]; got.Common != 3 || got.Ragged != 2 {
		t.Errorf("common %d, ragged %d", got.Common, got.Ragged)
	}
	if n := noted(f, refusal.NoteRagged); n == nil || n.Line != 4 || !strings.Contains(n.Zh, "3列") {
		t.Errorf("notes %+v", f.Notes)
	}
}

// spelling of a test file.
type manner struct {
	delimiter, end string
	quote, escape  byte
	all            bool
}

func (m manner) write(rows [][]string) string {
	q := string(m.quote)
	var b strings.Builder
	for _, row := range rows {
		for i, cell := range row {
			if i > 0 {
				b.WriteString(m.delimiter)
			}
			if m.all || strings.ContainsAny(cell, "\"',;|\t\r\n\\") {
				if m.escape == '\\' {
					cell = strings.ReplaceAll(cell, `\`, `\\`)
				}
				cell = q + strings.ReplaceAll(cell, q, string(m.escape)+q) + q
			}
			b.WriteString(cell)
		}
		b.WriteString(m.end)
	}
	return b.String()
}

// manners are all that the reader claims: each delimiter with each line end,
// quote and escape, quoted where needed and everywhere.
func manners() (out []manner) {
	for _, delimiter := range []string{",", ";", "\t", "|"} {
		for _, end := range []string{"\n", "\r\n", "\r"} {
			for _, quote := range []byte{'"', '\''} {
				for _, escape := range []byte{quote, '\\'} {
					out = append(out, manner{delimiter, end, quote, escape, false}, manner{delimiter, end, quote, escape, true})
				}
			}
		}
	}
	return out
}

// Any table in any dialect and encoding the reader claims. What a dialect
// leaves no trace of cannot be found: an escape needs a quote that was escaped
// and followed by text.
func TestAnyTableInAnyDialectComesBackCellForCell(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 5))
	alphabet := []string{"a", "1", "007", ".", "-", " ", "大", "连", "，", "\"", "'", "\\", "|", "\n", "\r\n", ",", ";", "\t", "𠮷", "㐂"}
	encodings := map[string]xencoding.Encoding{
		"UTF-8": xencoding.Nop, "UTF-8 BOM": unicode.UTF8BOM, "GB18030": simplifiedchinese.GB18030,
		"UTF-16LE BOM": unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), "UTF-16BE BOM": unicode.UTF16(unicode.BigEndian, unicode.UseBOM),
		"UTF-16LE": unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), "UTF-16BE": unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM),
	}
	names := []string{"UTF-8", "UTF-8 BOM", "GB18030", "UTF-16LE BOM", "UTF-16BE BOM", "UTF-16LE", "UTF-16BE"}
	kinds := manners()
	for n := range 3 * len(kinds) * len(names) {
		rows := make([][]string, 3+r.IntN(8))
		width := 3 + r.IntN(5)
		for i := range rows {
			rows[i] = make([]string, width)
			for j := range rows[i] {
				for range r.IntN(5) {
					rows[i][j] += alphabet[r.IntN(len(alphabet))]
				}
			}
			rows[i][0] += "连x"
		}
		m := kinds[n/len(names)%len(kinds)]
		rows[0][0], rows[1][1] = "头x", "x"+string(m.quote)+"y大连的 'x' 指标值 12345"+m.delimiter+"x" // the trace
		text := m.write(rows)
		name := names[n%len(names)]
		coded, err := encodings[name].NewEncoder().String(text)
		if err != nil {
			t.Fatal(err)
		}
		if _, p, _ := Read(t.Context(), source(coded), "f", Limits{}); len(p) > 0 {
			t.Fatalf("%+v in %s: %s\n%q", m, name, p[0].En, text)
		}
		f, got := grid(t, coded)
		if f.Encoding != name {
			t.Fatalf("encoding %s, want %s", f.Encoding, name)
		}
		if !same(got, rows) {
			t.Fatalf("%+v in %s, read as %q %q %q\nwrote %q\nfile  %q\nread  %q", m, name, f.Tables[0].Delimiter, f.Tables[0].Quote, f.Tables[0].Escape, rows, text, got)
		}
	}
}

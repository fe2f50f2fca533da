package table

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"golang.org/x/text/encoding/simplifiedchinese"

	"yardstick/collectors/table/refusal"
	"yardstick/schema"
	"yardstick/schema/words"
)

func source(s string) Source { return bytes.NewReader([]byte(s)) }

func gb(t *testing.T, s string) string {
	t.Helper()
	out, err := simplifiedchinese.GB18030.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// grid reads a file that must be sound.
func grid(t *testing.T, text string) (*File, [][]string) {
	t.Helper()
	f, problems, err := Read(t.Context(), source(text), "f.csv", Limits{})
	if err != nil || len(problems) > 0 {
		t.Fatalf("%v %v", problems, err)
	}
	var out [][]string
	for row, err := range f.Tables[0].Rows(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, slices.Clone(row.Texts))
	}
	if len(out) != f.Tables[0].Records {
		t.Errorf("the walk gave %d rows, the table says %d", len(out), f.Tables[0].Records)
	}
	return f, out
}

func same(a, b [][]string) bool { return slices.EqualFunc(a, b, slices.Equal[[]string]) }

func TestDialectsAreFound(t *testing.T) {
	want := [][]string{{"指标", "地区", "值"}, {"甲", "乙", "1"}, {"丙", "", "2"}}
	for name, text := range map[string]string{
		"comma, LF":                     "指标,地区,值\n甲,乙,1\n丙,,2\n",
		"comma, CRLF":                   "指标,地区,值\r\n甲,乙,1\r\n丙,,2\r\n",
		"comma, CR":                     "指标,地区,值\r甲,乙,1\r丙,,2\r",
		"comma, mixed line ends":        "指标,地区,值\r\n甲,乙,1\r丙,,2\n",
		"no line end at the end":        "指标,地区,值\n甲,乙,1\n丙,,2",
		"semicolon":                     "指标;地区;值\n甲;乙;1\n丙;;2\n",
		"tab":                           "指标\t地区\t值\n甲\t乙\t1\n丙\t\t2\n",
		"byte order mark":               "\xef\xbb\xbf指标,地区,值\n甲,乙,1\n丙,,2\n",
		"all quoted":                    "\"指标\",\"地区\",\"值\"\n\"甲\",\"乙\",\"1\"\n\"丙\",\"\",\"2\"\n",
		"GB18030":                       gb(t, "指标,地区,值\n甲,乙,1\n丙,,2\n"),
		"semicolon, GB18030, CRLF":      gb(t, "指标;地区;值\r\n甲;乙;1\r\n丙;;2\r\n"),
		"quoted last cell at the end":   "指标,地区,值\n甲,乙,1\n丙,,\"2\"",
		"quoted last cell before a CR ": "指标,地区,\"值\"\r甲,乙,\"1\"\r丙,,\"2\"\r",
	} {
		t.Run(name, func(t *testing.T) {
			if _, got := grid(t, text); !same(got, want) {
				t.Errorf("got %q", got)
			}
		})
	}
}

func TestTheDelimiterIsDecidedFromTheWholeFile(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want byte
	}{
		"thousands separators in a semicolon file": {"a;b;c;d\n1,234;2;3;4\n5,678;2;3;4\n9,999,999;2;3;4\n", ';'},
		"semicolons in the notes of a comma file":  {"a,b,c,d,note\n1,2,3,4,x;y\n1,2,3,4,x;y;z\n1,2,3,4,x;y\n", ','},
		"a preamble with other signs":              {"单位：亿元；地区：大连；时间：今年\n\na\tb\tc\td\n1\t2\t3\t4\n1\t2\t3\t4\n", '\t'},
		"delimiters between quotes":                {"a;b;c;d\n\"1,2,3,4,5,6,7\";2;3;4\n\"1,2,3,4,5,6,7\";2;3;4\n", ';'},
		"a spreadsheet's hint":                     {"sep=;\na,1;b,1;c,1\nd,1;e,1;f,1\n", ';'},
		"one column":                               {"a\nb\nc\n", 0},
		"an odd quote within a cell":               {"a,b,c\n5\" pipe,2,3\nx,2,3\n", ','},
	} {
		t.Run(name, func(t *testing.T) {
			f, _, err := Read(t.Context(), source(c.text), "f.csv", Limits{})
			if err != nil || len(f.Tables) == 0 {
				t.Fatal(err)
			}
			if got := f.Tables[0].Delimiter; got != c.want {
				t.Errorf("delimiter %q, want %q", got, c.want)
			}
		})
	}
}

func TestEncodingsAreTold(t *testing.T) {
	// 㐂 and 𠮷 need four bytes in GB18030.
	for name, c := range map[string]struct{ text, want string }{
		"UTF-8":                   {"a,大连\n", "UTF-8"},
		"ASCII":                   {"a,b\n", "UTF-8"},
		"UTF-8 with a mark":       {"\xef\xbb\xbfa,大连\n", "UTF-8 BOM"},
		"GB18030":                 {gb(t, "a,大连市\n"), "GB18030"},
		"GB18030 with four bytes": {gb(t, "a,㐂𠮷大连\n"), "GB18030"},
		"Western":                 {"a,caf\xe9 ol\xe9\nb,\xa31200\n", "Windows-1252"},
		"one Chinese word":        {gb(t, "a,b\nx,万亩\n"), "GB18030"},
	} {
		t.Run(name, func(t *testing.T) {
			f, rows := grid(t, c.text)
			if f.Encoding != c.want {
				t.Errorf("encoding %s, want %s", f.Encoding, c.want)
			}
			if strings.Contains(name, "four") && rows[0][1] != "㐂𠮷大连" {
				t.Errorf("decoded %q", rows[0][1])
			}
		})
	}
}

func TestEveryCellKnowsItsPlace(t *testing.T) {
	f, _, err := Read(t.Context(), source("a,\"b\nb\r\nb\",c\n\nd,e,f\n"), "f.csv", Limits{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for row := range f.Tables[0].Rows(t.Context()) {
		for i := range row.Len() {
			c := row.Cell(i)
			got = append(got, fmt.Sprintf("%s@%d=%q", c.Name(), c.Line, c.Text))
		}
	}
	want := []string{`A1@1="a"`, `B1@1="b\nb\r\nb"`, `C1@3="c"`, `A2@4=""`, `A3@5="d"`, `B3@5="e"`, `C3@5="f"`}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

type refusalCase struct {
	name, text, code string
	line             int
	cell             string
	limits           Limits
}

// Every code of this package, with a file that brings it about and the place
// that must be named.
func TestWhatCannotBeReadIsRefusedWithASentence(t *testing.T) {
	cases := []refusalCase{
		{"an empty file", "", refusal.Empty, 0, "", Limits{}},
		{"a file with nothing but a mark", "\xef\xbb\xbf", refusal.Empty, 0, "", Limits{}},
		{"a file above the limit", "a,b\n1,2\n", refusal.TooLarge, 0, "", Limits{Bytes: 4}},
		{"a workbook", "PK\x03\x04\x14\x00", refusal.FormatXLSX, 0, "", Limits{}},
		{"an old workbook", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00", refusal.FormatXLS, 0, "", Limits{}},
		{"gzip cut short", "\x1f\x8b\x08\x00", refusal.ArchiveDamaged, 0, "", Limits{}},
		{"a web page that says it is xls", "\r\n <HTML><p>no table", refusal.FormatHTML, 0, "", Limits{}},
		{"a PDF", "%PDF-1.7\n", refusal.FormatPDF, 0, "", Limits{}},
		{"a byte that is neither", "a,b\n1,大连\n2,\xff\n", refusal.EncodingUnknown, 3, "", Limits{}},
		{"neither Western nor Chinese", "a,b\nx,caf\xe9,y\n\xff\xff,1\n", refusal.EncodingUnknown, 2, "", Limits{}},
		{"a byte that is no letter", "a,b\nx,\xff,y\n", refusal.EncodingUnknown, 2, "", Limits{}},
		{"UTF-8 cut in the middle of a character", "指标,大连\n甲,大连市\n乙,大\xe8\xbf\n", refusal.EncodingUnknown, 3, "", Limits{}},
		{"a mark, then GBK", "\xef\xbb\xbfa,b\n" + gb(t, "甲,大连\n"), refusal.EncodingUnknown, 2, "", Limits{}},
		{"GBK with one line of UTF-8", gb(t, "指标,地区\n甲,大连\n乙,沈阳\n") + "丙,中国沈阳市\n", refusal.EncodingMixed, 4, "", Limits{}},
		{"NUL", "a,b\n1,2\n3,\x004\n", refusal.NULByte, 3, "", Limits{}},
		{"control characters all over", "a,b\n1,\x07\x07\x07\x07\n", refusal.ControlCharacter, 2, "", Limits{}},
		{"a quote never closed", "a,b,c\n1,\"2\n3,4\n", refusal.QuoteUnbalanced, 2, "B2", Limits{}},
		{"a huge quote never closed", "a,b\n1,\"" + strings.Repeat("x\n", 5000), refusal.QuoteUnbalanced, 2, "B2", Limits{Field: 1000}},
		{"text after a closing quote", "a,b,c\n1,\"2\"x\n", refusal.QuoteBroken, 2, "B2", Limits{}},
		{"a quote that swallowed lines", "a,b,c\n1,\"2\n3,\"4\"\n", refusal.QuoteBroken, 2, "B2", Limits{}},
		{"broken quotes in a row that is too wide", "a,b,c\n4,5,6\n1,\"x\"y,\"z\"w,2\n", refusal.QuoteBroken, 3, "B3", Limits{}},
		{"columns made by blanks", "指标    地区   数值\n粮食产量  辽阳   12.5\n", refusal.FormatPRN, 0, "", Limits{}},
		{"a cell too long", "a,b\n1," + strings.Repeat("x", 1001) + "\n", refusal.FieldTooLong, 2, "B2", Limits{Field: 1000}},
		{"a row too long", "a,b\n" + strings.Repeat("x", 60) + "," + strings.Repeat("y", 60) + ",z\n", refusal.RowTooLong, 2, "B2", Limits{Row: 100}},
		{"too many columns", "a,b\n1,2,3,4\n", refusal.TooManyColumns, 2, "D2", Limits{Columns: 3}},
		{"too many cells", "a,b\n1,2\n3,4\n", refusal.TooManyCells, 3, "A3", Limits{Cells: 5}},
	}
	cases = append(cases, formatCases(t)...)
	seen := map[string]bool{}
	for _, c := range cases {
		seen[c.code] = true
		t.Run(c.name, func(t *testing.T) {
			f, problems, err := Read(t.Context(), source(c.text), "f.csv", c.limits)
			if err != nil {
				t.Fatal(err)
			}
			if len(problems) != 1 {
				t.Fatalf("problems: %+v", problems)
			}
			p := problems[0]
			if p.Code != c.code || p.Line != c.line || p.Cell != c.cell || p.File != "f.csv" {
				t.Errorf("got %s line %d cell %s: %s", p.Code, p.Line, p.Cell, p.Zh)
			}
			whole(t, p.Text)
			if len(f.Tables) != 0 {
				t.Error("there is a table all the same")
			}
		})
	}
	for _, code := range problemCodes() {
		if !seen[code] {
			t.Errorf("no case for %s", code)
		}
	}
}

// whole checks that a sentence stands in both languages, filled in.
func whole(t *testing.T, text schema.Text) {
	t.Helper()
	if text.Zh == "" || text.En == "" || text.Zh == text.En || strings.Contains(text.Zh+text.En, "{") {
		t.Errorf("sentence %q / %q", text.Zh, text.En)
	}
}

func TestEverySentenceIsInTheCatalogue(t *testing.T) {
	ids := words.IDs()
	for _, code := range problemCodes() {
		if !slices.Contains(ids, "problem-"+code) {
			t.Errorf("no sentence for %s", code)
		}
	}
}

func TestACancelledReadEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := Read(ctx, source("a,b\n1,2\n"), "f.csv", Limits{}); err == nil {
		t.Error("no error")
	}
}

// A few rows, or many blank ones, are walked between two looks of the decoder.
func TestASheetIsMeasuredNoFurtherOnceCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	seen := 0
	filled := func(yield func(*Row, error) bool) { _ = yield(&Row{Number: 1}, nil) && yield(&Row{Number: 900}, nil) }
	err := new(Table).measure(ctx, spaced(filled), new(int), DefaultLimits(), func(*Row) { seen++; cancel() })
	if !errors.Is(err, context.Canceled) || seen != 1 {
		t.Errorf("%d rows: %v", seen, err)
	}
}

type failing struct{ Source }

func (failing) ReadAt([]byte, int64) (int, error) { return 0, iotest.ErrTimeout }

func TestAFailingDiskIsAnErrorAndNoProblem(t *testing.T) {
	_, problems, err := Read(t.Context(), failing{source("a,b\n")}, "f.csv", Limits{})
	if err == nil || len(problems) > 0 {
		t.Errorf("problems %v, error %v", problems, err)
	}
}

// write writes a table in a dialect.
func write(rows [][]string, delimiter, end string, quoteAll bool) string {
	var b strings.Builder
	for _, row := range rows {
		for i, cell := range row {
			if i > 0 {
				b.WriteString(delimiter)
			}
			if quoteAll || strings.ContainsAny(cell, "\",;\t\r\n") {
				cell = `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
			}
			b.WriteString(cell)
		}
		b.WriteString(end)
	}
	return b.String()
}

func TestAnyTableComesBackCellForCell(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 11))
	alphabet := []string{"a", "1", ".", "-", " ", "大", "连", "，", "\"", "\n", "\r\n", ",", ";", "\t", "𠮷", "€"}
	for range 400 {
		rows := make([][]string, 2+r.IntN(8))
		width := 3 + r.IntN(5)
		for i := range rows {
			rows[i] = make([]string, width)
			for j := range rows[i] {
				for range r.IntN(5) {
					rows[i][j] += alphabet[r.IntN(len(alphabet))]
				}
			}
			rows[i][0] += "x" // no row is blank, no cell opens with a mark
		}
		delimiter, end := []string{",", ";", "\t"}[r.IntN(3)], []string{"\n", "\r\n", "\r"}[r.IntN(3)]
		text := write(rows, delimiter, end, r.IntN(2) == 0)
		switch r.IntN(3) {
		case 0:
			text = "\xef\xbb\xbf" + text
		case 1:
			if encoded := gb(t, text); strings.Contains(text, "连") {
				if f, problems, _ := Read(t.Context(), source(encoded), "f", Limits{}); len(problems) > 0 || f.Encoding != "GB18030" {
					continue // a few short texts in GB18030 are UTF-8 too
				}
				text = encoded
			}
		}
		if _, got := grid(t, text); !same(got, rows) {
			t.Fatalf("delimiter %q, line end %q\nwrote %q\nread  %q", delimiter, end, rows, got)
		}
	}
}

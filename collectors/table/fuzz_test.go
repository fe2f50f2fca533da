package table

import (
	"bytes"
	"strings"
	"testing"

	"yardstick/collectors/table/numfmt"
)

// FuzzRead gives any bytes.
func FuzzRead(f *testing.F) {
	for _, s := range []string{"", "a,b\n1,2\n", "a;b\r\n\"1;2\";3", "\xef\xbb\xbfa\tb\n", "\"", "\"\"\"", "a,\"b\nc\"\r1", "sep=;\na;b",
		"\xb4\xf3\xc1\xac,1\n", "\xff\xfea\x00", "PK\x03\x04", "a,b\n\"x\"y", "\r\r\n\n", "a\x00b", "\x84\x31\xa4\x37",
		"'a','b'\n'it\\'s','c'\n", "a|b\n\"x\\\"y\"|2\n", "甲，乙\n1，2\n", "\x00a\x00,\x00b\x00\n", "\x1f\x8b\x08\x00",
		"<table><tr><td rowspan=2>a<td colspan=3>b<tr><td>c</table>", "<table><tr><td><table><tr><td>x", "<?xml version='1.0'?><Workbook/>",
		"a,b,c\n1,\"2,3\n4,5,6\n", "a,b\n1,\"2\"x\n3,4\n", "a, \"b, c\"\n1, \"2, 3\"\n", "a,b,c\n1,2,3\n4;5;6\n7，8，9\n", "a b c\n1 2 3\n", "a,b,c\n'1','it's','2'\n",
		"ID;PWXL;N;E\nP;P0.00\nF;P0;C1\nC;Y1;X1;K1;EA1\nE\n", "TABLE\n0,1\n\"x\"\nDATA\n0,0\n\"\"\n-1,0\nBOT\n1,0\n\"a\nb\"\n-1,0\nEOD\n",
		"<style>.a{display:none}td b{mso-hide:all}</style><table><col span=2 style='visibility:collapse'><tr hidden><td class=a x:num='1'>2<s>3</s><sup>4"} {
		f.Add([]byte(s))
	}
	f.Add(sampleXLS())
	f.Fuzz(func(t *testing.T, data []byte) { sound(t, data) })
}

// FuzzSheet gives any XML as the sheet of a workbook.
func FuzzSheet(f *testing.F) {
	for _, s := range []string{"<worksheet/>", sheetXML(`<row r="1"><c r="A1" t="s"><v>1</v></c><c r="D1" t="b"><v>1</v></c></row><row r="5" hidden="1"><c t="e"><v>#N/A</v></c></row>`),
		`<worksheet><cols><col min="1" max="3" hidden="1"/></cols><sheetData><row><c t="inlineStr"><is><r><t>x</t></r><rPh><t>y</t></rPh></is></c></row></sheetData><mergeCells><mergeCell ref="A1:B2"/></mergeCells></worksheet>`,
		sheetXML(`<row r="1"><c r="A1"><f>B1</f></c><c r="B1" t="str"><f/><v>_x000D_</v></c><c t="d"><v>2025-09-01</v></c><c><v>1e-5</v></c></row>`)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, sheet string) { sound(t, crafted(t, sheet)) })
}

// FuzzOldWorkbook gives any bytes as the stream of an old workbook.
func FuzzOldWorkbook(f *testing.F) {
	f.Add(sampleXLS()[512*3:])
	f.Add(rec(recBOF, uint16(0x600), uint16(5), make([]byte, 12)))
	f.Fuzz(func(t *testing.T, stream []byte) {
		if len(stream) < 1<<16 {
			sound(t, ole("Workbook", stream))
		}
	})
}

// FuzzFormat gives any number format and number.
func FuzzFormat(f *testing.F) {
	for _, code := range []string{"0.00", "#,##0.00_ ;[Red]-0", `yyyy"年"m"月"`, "0.0%", "[h]:mm", `0\.0,"万"`, "General", "@", "\"", "\\", "[", "_", "e", "AM/PM", "0.00E+00", ";;;"} {
		f.Add(code, 45901.25, true)
	}
	f.Fuzz(func(t *testing.T, code string, number float64, mac bool) {
		if number != number || number > 1e300 || number < -1e300 {
			return
		}
		text, a := numfmt.FormatOf(0, code).Value(number, mac)
		if text == "" || a.Kind != numfmt.KindNumber && a.Kind != numfmt.KindDate {
			t.Errorf("%g in %q is %q, %+v", number, code, text, a)
		}
	})
}

// sound checks that a file is read wholly or refused with a sentence.
func sound(t *testing.T, data []byte) {
	t.Helper()
	file, problems, err := Read(t.Context(), bytes.NewReader(data), "f", Limits{Bytes: 1 << 20, Field: 4096, Columns: 100, Cells: 10_000})
	if err != nil {
		t.Fatal(err)
	}
	if (len(problems) > 0) == (len(file.Tables) > 0) {
		t.Fatalf("%d problems and %d tables", len(problems), len(file.Tables))
	}
	for _, p := range problems {
		if p.Zh == "" || p.En == "" || strings.Contains(p.Zh, p.Code) {
			t.Fatalf("a problem without a sentence: %+v", p)
		}
	}
	for _, n := range file.Notes {
		if n.Zh == "" || n.En == "" {
			t.Fatalf("a note without a sentence: %+v", n)
		}
	}
	for _, table := range file.Tables {
		n, line := 0, 0
		for row, err := range table.Rows(t.Context()) {
			if err != nil {
				t.Fatalf("a table that was found sound: %v", err)
			}
			if n++; row.Number != n || row.Line <= line {
				t.Fatalf("row %d says %d, line %d after %d", n, row.Number, row.Line, line)
			}
			line = row.Line
		}
		if n != table.Records {
			t.Fatalf("%d rows, said %d", n, table.Records)
		}
	}
}

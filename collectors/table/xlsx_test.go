package table

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"yardstick/collectors/table/numfmt"
	"yardstick/collectors/table/refusal"
)

// saved writes a workbook as bytes.
func saved(t *testing.T, f *excelize.File) []byte {
	t.Helper()
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func must(t *testing.T, errs ...error) {
	t.Helper()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
}

// read reads a file that must be sound.
func read(t *testing.T, data []byte, name string) *File {
	t.Helper()
	f, problems, err := Read(t.Context(), bytes.NewReader(data), name, Limits{})
	if err != nil || len(problems) > 0 {
		t.Fatalf("%+v %v", problems, err)
	}
	return f
}

// cells are the filled cells of a table by name.
func cells(t *testing.T, table *Table) map[string]Cell {
	t.Helper()
	out := map[string]Cell{}
	for row, err := range table.Rows(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		for i := range row.Len() {
			if c := row.Cell(i); c.Text != "" || c.Why != numfmt.Agrees {
				out[c.Name()] = c
			}
		}
	}
	return out
}

func style(t *testing.T, f *excelize.File, code string) int {
	t.Helper()
	id, err := f.NewStyle(&excelize.Style{CustomNumFmt: &code})
	must(t, err)
	return id
}

func TestCellsOfAWorkbookComeAsShown(t *testing.T) {
	day := time.Date(2025, 9, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		value  any
		format string
		want   Cell
	}{
		{"大连", "", Cell{Text: "大连", About: numfmt.About{Decimals: -1}}},
		{"0.138", "", Cell{Text: "0.138", About: numfmt.About{Decimals: -1}}},
		{2152.4, "0.00", Cell{Text: "2152.40", About: numfmt.About{Stored: "2152.4", Kind: numfmt.KindNumber, Decimals: 2}}},
		{2152.4, "", Cell{Text: "2152.4", About: numfmt.About{Kind: numfmt.KindNumber, Decimals: -1}}},
		{1234567.8, "#,##0.00_ ;[Red]-#,##0.00", Cell{Text: "1234567.80", About: numfmt.About{Stored: "1234567.8", Kind: numfmt.KindNumber, Decimals: 2}}},
		{0.1 + 0.2, "", Cell{Text: "0.3", About: numfmt.About{Kind: numfmt.KindNumber, Decimals: -1}}},
		{-0.00000012, "", Cell{Text: "-0.00000012", About: numfmt.About{Kind: numfmt.KindNumber, Decimals: -1}}},
		{5e-324, "", Cell{Text: "0." + strings.Repeat("0", 323) + "494065645841247", About: numfmt.About{Kind: numfmt.KindNumber, Decimals: -1}}},
		{1e21, "", Cell{Text: "1000000000000000000000", About: numfmt.About{Kind: numfmt.KindNumber, Decimals: -1}}},
		{0, "0.0", Cell{Text: "0.0", About: numfmt.About{Stored: "0", Kind: numfmt.KindNumber, Decimals: 1}}},
		{0.138, "0.0%", Cell{Text: "13.8%", About: numfmt.About{Stored: "0.138", Kind: numfmt.KindNumber, Percent: true, Decimals: 1}}},
		{1.07, "0%", Cell{Text: "107%", About: numfmt.About{Stored: "1.07", Kind: numfmt.KindNumber, Percent: true, Decimals: 0}}},
		{2025, `0"年"`, Cell{Text: "2025年", About: numfmt.About{Stored: "2025", Kind: numfmt.KindNumber, Decimals: 0}}},
		{43, `0"万亩"`, Cell{Text: "43", About: numfmt.About{Kind: numfmt.KindNumber, Decimals: 0, Why: numfmt.FormatWords, Shown: "43万亩"}}},
		{12345, `0.0,`, Cell{Text: "12345", About: numfmt.About{Kind: numfmt.KindNumber, Decimals: 1, Scaled: true}}},
		{12345, `0\.0,"万"`, Cell{Text: "12345", About: numfmt.About{Kind: numfmt.KindNumber, Scaled: true}}},
		{12.6, `"约"0.0`, Cell{Text: "12.6", About: numfmt.About{Kind: numfmt.KindNumber, Decimals: 1, Why: numfmt.FormatWords, Shown: "约12.6"}}},
		{5.6, `(0.0)`, Cell{Text: "5.6", About: numfmt.About{Kind: numfmt.KindNumber, Decimals: 1, Why: numfmt.FormatWords, Shown: "(5.6)"}}},
		{5.6, `-0.0`, Cell{Text: "5.6", About: numfmt.About{Kind: numfmt.KindNumber, Decimals: 1, Why: numfmt.FormatWords, Shown: "-5.6"}}},
		{-5.6, `0.0;"约"0.0`, Cell{Text: "-5.6", About: numfmt.About{Kind: numfmt.KindNumber, Decimals: 1, Why: numfmt.FormatWords, Shown: "约5.6"}}},
		{5.6, `"¥"#,##0.0`, Cell{Text: "5.6", About: numfmt.About{Kind: numfmt.KindNumber, Decimals: 1}}},
		{3.2, `0.0_);(0.0)`, Cell{Text: "3.2", About: numfmt.About{Kind: numfmt.KindNumber, Decimals: 1}}},
		{day, "yyyy-mm-dd", Cell{Text: "2025-09-01", About: numfmt.About{Kind: numfmt.KindDate, Shows: numfmt.ShowsDay, Decimals: -1}}},
		{day, `yyyy"年"m"月"`, Cell{Text: "2025-09", About: numfmt.About{Stored: "2025-09-01", Kind: numfmt.KindDate, Shows: numfmt.ShowsMonth, Decimals: -1}}},
		{day, `[$-804]yyyy"年"m"月"d"日";@`, Cell{Text: "2025-09-01", About: numfmt.About{Kind: numfmt.KindDate, Shows: numfmt.ShowsDay, Decimals: -1}}},
		{day, "yyyy", Cell{Text: "2025-09-01", About: numfmt.About{Kind: numfmt.KindDate, Shows: numfmt.ShowsYear, Decimals: -1, Why: numfmt.FormatDate, Shown: "2025"}}},
		{day, `m"月"d"日"`, Cell{Text: "2025-09-01", About: numfmt.About{Kind: numfmt.KindDate, Shows: numfmt.ShowsMonthDay, Decimals: -1, Why: numfmt.FormatDate, Shown: "9月1日"}}},
		{day.Add(90 * time.Minute), "yyyy-mm-dd hh:mm:ss", Cell{Text: "2025-09-01 01:30:00", About: numfmt.About{Kind: numfmt.KindDate, Shows: numfmt.ShowsTime, Decimals: -1}}},
		{0.5, "h:mm", Cell{Text: "12:00:00", About: numfmt.About{Kind: numfmt.KindDate, Shows: numfmt.ShowsTime, Decimals: -1}}},
		{1, "yyyy-mm-dd", Cell{Text: "1900-01-01", About: numfmt.About{Kind: numfmt.KindDate, Shows: numfmt.ShowsDay, Decimals: -1}}},
		{61, "yyyy-mm-dd", Cell{Text: "1900-03-01", About: numfmt.About{Kind: numfmt.KindDate, Shows: numfmt.ShowsDay, Decimals: -1}}},
		{60, "yyyy-mm-dd", Cell{Text: "60", About: numfmt.About{Kind: numfmt.KindNumber, Decimals: -1}}},
		{-5, "yyyy-mm-dd", Cell{Text: "-5", About: numfmt.About{Kind: numfmt.KindNumber, Decimals: -1}}},
		{true, "", Cell{Text: "TRUE", About: numfmt.About{Kind: numfmt.KindBool, Decimals: -1}}},
	} {
		t.Run(fmt.Sprintf("%v as %s", c.value, c.format), func(t *testing.T) {
			f := excelize.NewFile()
			must(t, f.SetCellValue("Sheet1", "B2", c.value))
			if c.format != "" {
				id := style(t, f, c.format)
				must(t, f.SetCellStyle("Sheet1", "B2", "B2", id))
			}
			want := c.want
			want.Line, want.Row, want.Column = 2, 2, 2
			if got := cells(t, read(t, saved(t, f), "a.xlsx").Tables[0])["B2"]; got != want {
				t.Errorf("got  %+v\nwant %+v", got, want)
			}
		})
	}
}

func TestDatesOfTheMacAreCountedFrom1904(t *testing.T) {
	f := excelize.NewFile()
	yes := true
	must(t, f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &yes}), f.SetCellValue("Sheet1", "A1", 44439),
		f.SetCellStyle("Sheet1", "A1", "A1", style(t, f, "yyyy-mm-dd")))
	if got := cells(t, read(t, saved(t, f), "a.xlsx").Tables[0])["A1"]; got.Text != "2025-09-01" {
		t.Errorf("%+v", got)
	}
}

func TestWhatASheetHidesIsTold(t *testing.T) {
	f := excelize.NewFile()
	for i := 1; i <= 6; i++ {
		for j := 1; j <= 4; j++ {
			name, _ := excelize.CoordinatesToCellName(j, i)
			must(t, f.SetCellValue("Sheet1", name, fmt.Sprintf("%d.%d", i, j)))
		}
	}
	_, err := f.NewSheet("草稿")
	_, err2 := f.NewSheet("空表")
	must(t, err, err2, f.SetCellValue("草稿", "A1", "x"), f.SetSheetVisible("草稿", false), f.SetRowVisible("Sheet1", 3, false),
		f.SetColVisible("Sheet1", "C", false), f.MergeCell("Sheet1", "A1", "B1"), f.SetCellFormula("Sheet1", "D7", "=SUM(D1:D5)"))
	file := read(t, saved(t, f), "a.xls")
	main := file.Tables[0]
	if len(file.Tables) != 2 || main.Hidden || !file.Tables[1].Hidden || file.Tables[1].Sheet != "草稿" || file.Format != "xlsx" {
		t.Fatalf("%+v", file)
	}
	if m, ok := main.Merged(1, 2); !ok || m != (Merge{1, 1, 1, 2}) {
		t.Errorf("merged %v", main.Merges)
	}
	if _, ok := main.Merged(2, 1); ok || !main.ColumnHidden(3) || main.ColumnHidden(2) {
		t.Errorf("hidden columns %v", main.HiddenColumns)
	}
	for row, err := range main.Rows(t.Context()) {
		if must(t, err); row.Hidden != (row.Number == 3) {
			t.Errorf("row %d hidden: %v", row.Number, row.Hidden)
		}
	}
	if c := cells(t, main)["D7"]; c.Why != numfmt.Uncalculated || c.Text != "" || !c.Formula {
		t.Errorf("a formula without its result: %+v", c)
	}
	for code, place := range map[string]string{refusal.NoteSheetHidden: "", refusal.NoteSheetEmpty: "", refusal.NoteRowsHidden: "A3", refusal.NoteColumnHidden: "", refusal.NoteMerged: "A1",
		refusal.NoteFormula: "D7", refusal.NoteUncalculated: "D7", refusal.NoteName: ""} {
		n := noted(file, code)
		if n == nil || n.Cell != place {
			t.Errorf("%s: %+v", code, n)
			continue
		}
		whole(t, n.Text)
	}
}

func TestBlankRowsBetweenAreGivenAndNoneAfter(t *testing.T) {
	f := excelize.NewFile()
	must(t, f.SetCellValue("Sheet1", "B2", 1), f.SetCellValue("Sheet1", "A5", 2), f.SetCellStyle("Sheet1", "A9", "D12", style(t, f, "0.00")))
	_, rows := rowsOf(t, saved(t, f))
	if want := [][]string{nil, {"", "1"}, nil, nil, {"2"}}; !slices.EqualFunc(rows, want, slices.Equal[[]string]) {
		t.Errorf("%q", rows)
	}
}

func rowsOf(t *testing.T, data []byte) (*File, [][]string) {
	t.Helper()
	f := read(t, data, "f")
	var out [][]string
	for row, err := range f.Tables[0].Rows(t.Context()) {
		must(t, err)
		out = append(out, slices.Clone(row.Texts))
	}
	return f, out
}

// What a library of others reads is what is read here.
func TestAWorkbookReadsAsAnotherReaderReadsIt(t *testing.T) {
	f := excelize.NewFile()
	for i := 1; i <= 300; i++ {
		for j := 1; j <= 12; j++ {
			name, _ := excelize.CoordinatesToCellName(j, i)
			var v any = fmt.Sprintf("文字 <%d> & %d", i, j)
			if (i+j)%3 == 0 {
				v = float64(i*j) / 8
			}
			must(t, f.SetCellValue("Sheet1", name, v))
		}
	}
	data := saved(t, f)
	other, err := excelize.OpenReader(bytes.NewReader(data))
	must(t, err)
	want, err := other.GetRows("Sheet1", excelize.Options{RawCellValue: true})
	must(t, err)
	if _, got := rowsOf(t, data); !same(got, want) {
		t.Error("they differ")
	}
}

// packed writes a zip of names and contents.
func packed(t *testing.T, parts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		w, err := z.Create(parts[i])
		must(t, err)
		_, err = io.WriteString(w, parts[i+1])
		must(t, err)
	}
	must(t, z.Close())
	return b.Bytes()
}

const (
	rootRels = `<Relationships xmlns="x"><Relationship Id="r1" Type="http://x/officeDocument" Target="xl/workbook.xml"/></Relationships>`
	bookRels = `<Relationships xmlns="x"><Relationship Id="r1" Type="http://x/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="http://x/sharedStrings" Target="sharedStrings.xml"/></Relationships>`
	book     = `<workbook xmlns:r="r"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>`
	shared   = `<sst><si><t>甲</t></si><si><r><t>乙</t></r><r><t>丙</t></r><rPh><t>guide</t></rPh></si><si><t>a_x000D_b</t></si></sst>`
)

// crafted is a workbook of one sheet in given XML.
func crafted(t *testing.T, sheet string) []byte {
	t.Helper()
	return packed(t, "[Content_Types].xml", "<Types/>", "_rels/.rels", rootRels, "xl/workbook.xml", book, "xl/_rels/workbook.xml.rels", bookRels,
		"xl/sharedStrings.xml", shared, "xl/worksheets/sheet1.xml", sheet)
}

func TestSheetsOfOtherWritersAreRead(t *testing.T) {
	f := read(t, crafted(t, `<?xml version="1.0"?><x:worksheet xmlns:x="u"><x:dimension ref="A1:H50"/><x:sheetData><x:row><x:c t="s"><x:v>0</x:v></x:c><x:c t="s"><x:v>1</x:v></x:c></x:row>`+
		`<x:row><x:c t="inlineStr"><x:is><x:t>丁</x:t></x:is></x:c><x:c><x:v>1.2E3</x:v></x:c><x:c t="d"><x:v>2025-09-01T00:00:00</x:v></x:c><x:c t="e"><x:v>#N/A</x:v></x:c>`+
		`<x:c t="str"><x:f>A1</x:f><x:v>甲</x:v></x:c><x:c t="s"><x:v>2</x:v></x:c><x:c><x:v>12345678901234567</x:v></x:c></x:row></x:sheetData></x:worksheet>`), "a.xlsx")
	got := cells(t, f.Tables[0])
	for name, want := range map[string]string{"A1": "甲", "B1": "乙丙", "A2": "丁", "B2": "1200", "C2": "2025-09-01", "D2": "#N/A", "E2": "甲", "F2": "a\nb", "G2": "12345678901234567"} {
		if got[name].Text != want {
			t.Errorf("%s is %q, want %q", name, got[name].Text, want)
		}
	}
	if got["D2"].Kind != numfmt.KindError || !got["E2"].Formula || noted(f, refusal.NoteErrors) == nil || noted(f, refusal.NoteDimension) == nil {
		t.Errorf("%+v %+v", got, f.Notes)
	}
}

func gz(t *testing.T, name string, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Name = name
	_, err := z.Write(data)
	must(t, err, z.Close())
	return b.Bytes()
}

func TestTheOneFileOfAnArchiveIsRead(t *testing.T) {
	want := [][]string{{"a", "b"}, {"1", "2"}}
	text := "a,b\n1,2\n"
	f := excelize.NewFile()
	must(t, f.SetSheetRow("Sheet1", "A1", &[]any{"a", "b"}), f.SetSheetRow("Sheet1", "A2", &[]any{1, 2}))
	for name, c := range map[string]struct {
		data  []byte
		inner string
	}{
		"f.csv.gz":        {gz(t, "", []byte(text)), "f.csv"},
		"named in the gz": {gz(t, "x/data.csv", []byte(text)), "data.csv"},
		"zip":             {packed(t, "__MACOSX/._a.csv", "x", "dir/", "", "dir/a.csv", text), "a.csv"},
		"workbook in zip": {packed(t, "a.xlsx", string(saved(t, f))), "a.xlsx"},
		"workbook in gz":  {gz(t, "a.xlsx", saved(t, f)), "a.xlsx"},
	} {
		t.Run(name, func(t *testing.T) {
			file, problems, err := Read(t.Context(), bytes.NewReader(c.data), "f.csv.gz", Limits{})
			if err != nil || len(problems) > 0 {
				t.Fatal(problems, err)
			}
			var got [][]string
			for row := range file.Tables[0].Rows(t.Context()) {
				got = append(got, slices.Clone(row.Texts))
			}
			if !same(got, want) || file.Inner != c.inner || noted(file, refusal.NoteInner) == nil {
				t.Errorf("%q inner %q", got, file.Inner)
			}
		})
	}
}

func TestAWebPageNamedXLSIsRead(t *testing.T) {
	page := `<html><meta charset="gb2312"><style>td{}</style><table><tr><th rowspan=2 rowspan=3>地区<th colspan="2">2025年<br>1-9月</tr><tr><td>产值&nbsp;&lt;亿元&gt;</td><td>增速</td></tr>` +
		`<tr style="display: none" style=""><td> 大连 </td><td>9516.90</td><td>5.2%</td></table><table><tr><td>  </table><table><tr><td>注</table>`
	f := read(t, []byte(gb(t, page)), "报表.xls")
	if f.Format != "html" || f.Encoding != "GB18030" || len(f.Tables) != 2 || f.Tables[1].Sheet == "" {
		t.Fatalf("%+v", f)
	}
	got := cells(t, f.Tables[0])
	for name, want := range map[string]string{"A1": "地区", "B1": "2025年\n1-9月", "B2": "产值 <亿元>", "C2": "增速", "A3": "大连", "B3": "9516.90", "C3": "5.2%"} {
		if got[name].Text != want {
			t.Errorf("%s is %q, want %q", name, got[name].Text, want)
		}
	}
	if m, ok := f.Tables[0].Merged(2, 1); !ok || m != (Merge{1, 2, 1, 1}) || noted(f, refusal.NoteName) == nil || noted(f, refusal.NoteRowsHidden) == nil {
		t.Errorf("%v %+v", f.Tables[0].Merges, f.Notes)
	}
}

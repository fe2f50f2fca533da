package download_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"mime"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"yardstick/dashboards/download"
	"yardstick/schema"
)

func columns() []download.Column {
	return []download.Column{
		{Name: "what", Title: schema.Text{Zh: "事项", En: "What"}},
		{Name: "amount", Title: schema.Text{Zh: "数额", En: "Amount"}, Kind: download.Number},
		{Name: "day", Title: schema.Text{Zh: "日期", En: "Day"}, Kind: download.Date},
	}
}

func write(t *testing.T, o download.Options, rows [][]string, facts ...download.Fact) []byte {
	t.Helper()
	var buf bytes.Buffer
	w, err := download.New(&buf, o, columns())
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if err := w.Row(r...); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(facts...); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// hostile are texts that a spreadsheet would take for a formula, and what is
// written instead.
var hostile = map[string]string{
	"=1+1": "'=1+1", "+cmd|' /C calc'!A0": "'+cmd|' /C calc'!A0", "-2+3": "'-2+3", "@SUM(A1)": "'@SUM(A1)", "\tx": "'\tx", "\rx": "'\rx", "＝1+1": "'＝1+1",
	"-3.2": "-3.2", "+4": "+4", "-": "'-", "2025年": "2025年", "": "", "a=1": "a=1", "-1e3": "-1e3",
}

func TestNothingThatPeopleOpenTurnsIntoAFormula(t *testing.T) {
	for text, want := range hostile {
		got, err := csv.NewReader(bytes.NewReader(write(t, download.Options{Format: download.CSV, People: true, Lang: "zh"}, [][]string{{text, text, text}, {"end", "", ""}})[3:])).ReadAll()
		if err != nil || got[1][0] != want || got[1][1] != want {
			t.Errorf("%q in CSV for people is %q (%v)", text, got, err)
		}
		if text == "" {
			continue
		}
		plain, err := csv.NewReader(bytes.NewReader(write(t, download.Options{Format: download.CSV}, [][]string{{text, "", ""}, {"end", "", ""}}))).ReadAll()
		if err != nil || plain[1][0] != text {
			t.Errorf("%q in CSV for machines is %q (%v)", text, plain, err)
		}
		book := open(t, write(t, download.Options{Format: download.XLSX, Lang: "zh"}, [][]string{{text, "", ""}}))
		if formula, err := book.GetCellFormula("数据", "A2"); err != nil || formula != "" {
			t.Errorf("%q is the formula %q (%v)", text, formula, err)
		}
		if v, err := book.GetCellValue("数据", "A2"); err != nil || v != strings.ReplaceAll(want, "\r", "\n") && v != want {
			t.Errorf("%q in a workbook is %q (%v)", text, v, err)
		}
	}
}

func open(t *testing.T, b []byte) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

func TestAWorkbookShowsNumbersAsWrittenAndCountsWithThem(t *testing.T) {
	rows := [][]string{
		{"two places", "2152.40", "2025-06-30"}, {"negative", "-3.20", "1900-03-01"}, {"whole", "1350", ""}, {"small", "0.0000001", ""},
		{"sixteen digits", "1234567890.123456", "1899-12-31"}, {"fifteen digits", "0.100000000000005", ""}, {"nothing", "", ""}, {"no number", "约二千", "soon"}, {"exponent", "1.2e5", ""},
	}
	book := open(t, write(t, download.Options{Format: download.XLSX, Lang: "zh", Sheet: schema.Text{Zh: "表/一[a]"}}, rows,
		download.Fact{Title: schema.Text{Zh: "来源"}, Value: schema.Text{Zh: "=试"}}))
	if got := book.GetSheetList(); len(got) != 2 || got[0] != "表-一-a-" || got[1] != "说明" {
		t.Fatalf("sheets %q", got)
	}
	sheet := book.GetSheetList()[0]
	for i, want := range []struct{ cell, shown, raw string }{
		{"B2", "2152.40", "2152.4"}, {"B3", "-3.20", "-3.2"}, {"B4", "1350", "1350"}, {"B5", "0.0000001", "0.0000001"},
		{"B6", "1234567890.123456", "1234567890.123456"}, {"B7", "0.100000000000005", "0.100000000000005"}, {"B8", "", ""}, {"B9", "约二千", "约二千"}, {"B10", "120000", "120000"},
		{"C2", "2025-06-30", "45838"}, {"C3", "1900-03-01", "61"}, {"C6", "1899-12-31", "1899-12-31"}, {"C9", "soon", "soon"},
	} {
		shown, err := book.GetCellValue(sheet, want.cell)
		raw, err2 := book.GetCellValue(sheet, want.cell, excelize.Options{RawCellValue: true})
		if err = errors.Join(err, err2); err != nil || shown != want.shown || raw != want.raw {
			t.Errorf("%d: %s shows %q and holds %q (%v)", i, want.cell, shown, raw, err)
		}
	}
	for cell, number := range map[string]bool{"B2": true, "B3": true, "B6": false, "B9": false} {
		kind, err := book.GetCellType(sheet, cell)
		if err != nil || (kind == excelize.CellTypeUnset || kind == excelize.CellTypeNumber) != number {
			t.Errorf("%s has the type %v (%v)", cell, kind, err)
		}
	}
	panes, err := book.GetPanes(sheet)
	if err != nil || !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("the header is not frozen: %+v %v", panes, err)
	}
	about, err := book.GetRows("说明")
	if err != nil || about[0][1] != "'=试" || !strings.Contains(about[1][1], "1 个数字超过 15 位") {
		t.Errorf("the second sheet says %q (%v)", about, err)
	}
}

func TestASheetThatIsTooSmallIsRefusedWithASentence(t *testing.T) {
	if testing.Short() {
		t.Skip("a million rows take some seconds")
	}
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	w, err := download.New(io.Discard, download.Options{Format: download.XLSX, Lang: "zh"}, columns()[:1])
	if err != nil {
		t.Fatal(err)
	}
	for range download.MostRows {
		if err := w.Row("a"); err != nil {
			t.Fatal(err)
		}
	}
	err = w.Row("one more")
	if !errors.Is(err, download.ErrTooManyRows) || !strings.Contains(err.Error(), "1048575") || !strings.Contains(err.Error(), "csv") {
		t.Errorf("one row more gives %v", err)
	}
	if err := w.Discard(); err != nil {
		t.Fatal(err)
	}
	if left, err := filepath.Glob(filepath.Join(temp, "*")); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
	if _, err := os.Stat(temp); err != nil {
		t.Fatal(err)
	}
}

func TestATextThatASheetWouldCutIsRefused(t *testing.T) {
	w, err := download.New(io.Discard, download.Options{Format: download.XLSX, Lang: "zh"}, columns())
	if err != nil {
		t.Fatal(err)
	}
	defer w.Discard()
	if err := w.Row(strings.Repeat("长", 32768), "", ""); err == nil || !strings.Contains(err.Error(), "事项") || !strings.Contains(err.Error(), "32767") {
		t.Errorf("it gives %v", err)
	}
	if err := w.Row("too few"); err == nil {
		t.Error("a row of too few cells was taken")
	}
}

func TestJSONKeepsDigitsAndTellsNothingFromNought(t *testing.T) {
	list := func(all ...schema.Observation) string {
		var buf bytes.Buffer
		if _, err := download.Write(&buf, download.ObservationOptions{Format: download.JSON}, func(give func(schema.Observation) error) error {
			for _, o := range all {
				if err := give(o); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		return buf.String()
	}
	amount := schema.MustDecimal("2152.40")
	got := list(schema.Observation{Value: &amount, Note: "a <b>"}, schema.Observation{})
	for _, want := range []string{"[\n  {\n", `    "value": 2152.40,`, `    "note": "a <b>",`, "\n  },\n  {\n", `    "value": null,`, "\n  }\n]\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("it lacks %q: %s", want, got)
		}
	}
	if empty := list(); empty != "[]\n" {
		t.Errorf("an empty list is %q", empty)
	}
	for _, f := range []download.Format{download.SDMX, download.JSON} {
		if _, err := download.New(io.Discard, download.Options{Format: f}, columns()); err == nil {
			t.Errorf("a table of anything is no %s", f)
		}
	}
}

func TestAFileNameIsHarmlessInAHeader(t *testing.T) {
	for name, want := range map[string]string{
		"gdp.csv": "gdp.csv", "月报 2025.csv": "月报 2025.csv", "../../etc/passwd": "passwd", "a\"b\r\nSet-Cookie: x.csv": "a-b--Set-Cookie- x.csv", `..\a.csv`: "..-a.csv", "100%.csv": "100%.csv",
	} {
		header := download.Disposition(name)
		kind, params, err := mime.ParseMediaType(header)
		if err != nil || kind != "attachment" || params["filename"] != want || strings.ContainsAny(header, "\r\n") {
			t.Errorf("%q: %s is %v (%v)", name, header, params, err)
		}
	}
}

func TestAcceptHeadersAreRead(t *testing.T) {
	for header, want := range map[string]download.Format{
		"": download.JSON, "*/*": download.JSON, "text/csv": download.CSV, "text/csv;q=0.1, application/json;q=0.2": download.JSON,
		"image/png, text/csv;q=0.3": download.CSV, "application/vnd.sdmx.data+csv;version=1.0.0, text/csv;q=0.2": download.CSV,
		"application/vnd.sdmx.data+csv;version=2.0.0": download.SDMX, "text/csv;q=0": "", "image/png": "", "text/csv;q=x": "",
	} {
		if got, ok := download.Accepted(header); got != want || ok != (want != "") {
			t.Errorf("%q is %q, want %q", header, got, want)
		}
	}
}

// FuzzNoFormula: whatever text is written for people, no cell begins as a
// formula does, unless it is a number, and the text can be had back.
func FuzzNoFormula(f *testing.F) {
	for text := range hostile {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		text = strings.ReplaceAll(text, "\r\n", "\n") // as CSV readers do
		b := write(t, download.Options{Format: download.CSV, People: true}, [][]string{{text, "", "end"}})
		rows, err := csv.NewReader(bytes.NewReader(b[3:])).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		got := rows[1][0]
		if strings.TrimPrefix(got, "'") != strings.TrimPrefix(text, "'") {
			t.Fatalf("%q became %q", text, got)
		}
		if _, err := schema.ParseDecimal(got); err != nil && got != "" && strings.ContainsRune("=+-@\t\r\n", rune(got[0])) {
			t.Fatalf("%q may be a formula", got)
		}
	})
}

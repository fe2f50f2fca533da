package table

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"yardstick/collectors/table/refusal"
)

// zeros is a zip whose entry of that name unpacks to so many bytes.
func zeros(t *testing.T, name string, size int64) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create(name)
	must(t, err)
	_, err = io.CopyN(w, zeroReader{}, size)
	must(t, err, z.Close())
	return b.String()
}

type zeroReader struct{}

func (zeroReader) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// falsified says another unpacked size of every entry.
func falsified(data []byte, size uint32) string {
	data = bytes.Clone(data)
	for at := 0; ; at += 4 {
		i := bytes.Index(data[at:], []byte("PK\x01\x02"))
		if i < 0 {
			return string(data)
		}
		at += i
		binary.LittleEndian.PutUint32(data[at+24:], size)
	}
}

func sheetXML(rows string) string {
	return `<worksheet><dimension ref="A1:C9"/><sheetData>` + rows + `</sheetData></worksheet>`
}

func formatCases(t *testing.T) []refusalCase {
	t.Helper()
	sound := sheetXML(`<row r="1"><c r="A1"><v>1</v></c></row>`)
	with := func(sheet string) string { return string(crafted(t, sheet)) }
	parts := func(p ...string) string { return string(packed(t, p...)) }
	book5 := cat(rec(recBOF, uint16(0x500), uint16(5), make([]byte, 4)), rec(recEOF))
	locked := xlsOf(rec(recFilePass, make([]byte, 54)), biffSheetOf{"a", 0, 0, nil})
	number := func(row, column int) []byte { return rec(recNumber, uint16(row), uint16(column), uint16(0), 1.0) }
	cut := crafted(t, sound)
	none := Limits{}
	return []refusalCase{
		{"a locked workbook", string(ole("EncryptedPackage", make([]byte, 100))), refusal.Password, 0, "", none},
		{"a locked old workbook", string(locked), refusal.Password, 0, "", none},
		{"BIFF5 in a Book", string(ole("Book", book5)), refusal.FormatXLSOld, 0, "", none},
		{"BIFF5 in a Workbook", string(ole("Workbook", book5)), refusal.FormatXLSOld, 0, "", none},
		{"BIFF4 bare", "\x09\x04\x06\x00\x00\x00\x10\x00\x00\x00", refusal.FormatXLSOld, 0, "", none},
		{"Word 97", string(ole("WordDocument", make([]byte, 100))), refusal.FormatWord, 0, "", none},
		{"another compound file", string(ole("Contents", make([]byte, 100))), refusal.FormatUnknown, 0, "", none},
		{"Word", parts("[Content_Types].xml", "", "word/document.xml", "x"), refusal.FormatWord, 0, "", none},
		{"xlsb", parts("[Content_Types].xml", "", "xl/workbook.bin", "x"), refusal.FormatXLSB, 0, "", none},
		{"ods", parts("mimetype", "application/vnd.oasis.opendocument.spreadsheet", "content.xml", "x"), refusal.FormatODS, 0, "", none},
		{"PNG", "\x89PNG\r\n\x1a\n", refusal.FormatImage, 0, "", none},
		{"rar", "Rar!\x1a\x07\x00", refusal.FormatArchive, 0, "", none},
		{"XML spreadsheet 2003", "<?xml version=\"1.0\"?>\n<Workbook xmlns=\"urn\"/>", refusal.FormatXML, 0, "", none},
		{"web archive", "MIME-Version: 1.0\r\n", refusal.FormatXML, 0, "", none},
		{"slides", parts("[Content_Types].xml", "", "ppt/presentation.xml", "x"), refusal.FormatOther, 0, "", none},
		{"OFD", parts("OFD.xml", "x", "Doc_0/Document.xml", "x"), refusal.FormatOther, 0, "", none},
		{"Numbers", parts("Index/Document.iwa", "x", "preview.jpg", "x"), refusal.FormatOther, 0, "", none},
		{"RTF", "{\\rtf1\\ansi 410}", refusal.FormatOther, 0, "", none},
		{"Parquet", "PAR1\x15\x04", refusal.FormatOther, 0, "", none},
		{"SQLite", "SQLite format 3\x00\x10\x00", refusal.FormatOther, 0, "", none},
		{"SPSS", "$FL2@(#) SPSS DATA FILE", refusal.FormatOther, 0, "", none},
		{"dBASE", "\x03\x1f\x05\x11\x02\x00\x00\x00\x61\x00\x15\x00" + strings.Repeat("\x00", 20) + "NAME" + strings.Repeat("\x00", 60), refusal.FormatOther, 0, "", none},
		{"JSON", "[\n {\"region\": \"A\", \"value\": 12.5},\n {\"region\": \"B\", \"value\": 3}\n]\n", refusal.FormatOther, 0, "", none},
		{"a presentation of 97", string(ole("PowerPoint Document", make([]byte, 100))), refusal.FormatOther, 0, "", none},
		{"HEIC", "\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", refusal.FormatImage, 0, "", none},
		{"SYLK cut short", "ID;PWXL;N;E\nC;Y1;X1;K\"a\"\n", refusal.FormatExchange, 3, "", none},
		{"SYLK with a value that is none", "ID;PWXL;N;E\nC;Y1;X1;K4x\nE\n", refusal.FormatExchange, 2, "", none},
		{"SYLK with two values in a cell", "ID;PWXL;N;E\nC;Y1;X1;K4\nC;X1;K5\nE\n", refusal.FormatExchange, 3, "", none},
		{"SYLK outside the sheet", "ID;PWXL;N;E\nC;Y1;X99999;K4\nE\n", refusal.FormatExchange, 2, "", none},
		{"DIF cut short", "TABLE\n0,1\n\"x\"\nDATA\n0,0\n\"\"\n-1,0\nBOT\n0,4\nV\n", refusal.FormatExchange, 11, "", none},
		{"DIF before its first row", "TABLE\n0,1\n\"x\"\nDATA\n0,0\n\"\"\n0,4\nV\n-1,0\nEOD\n", refusal.FormatExchange, 8, "", none},
		{"DIF with a text never closed", "TABLE\n0,1\n\"x\"\nDATA\n0,0\n\"\"\n-1,0\nBOT\n1,0\n\"abc\n-1,0\nEOD\n", refusal.FormatExchange, 13, "", none},
		{"a program", "\x7fELF\x02", refusal.FormatUnknown, 0, "", none},
		{"two files", parts("a.csv", "1", "b.csv", "2"), refusal.ArchiveMany, 0, "", none},
		{"thousands of files", "PK\x03\x04" + strings.Repeat("PK\x01\x02", 3000) + parts("a.csv", "1"), refusal.ArchiveMany, 0, "", none},
		{"no file", parts("a/", ""), refusal.ArchiveEmpty, 0, "", none},
		{"a path out of the archive", parts("../../etc/passwd.csv", "1"), refusal.ArchiveName, 0, "", none},
		{"a path of Windows", parts(`..\x.csv`, "1"), refusal.ArchiveName, 0, "", none},
		{"a path from the root", parts("/etc/x.csv", "1"), refusal.ArchiveName, 0, "", none},
		{"an archive in an archive", parts("a.zip", parts("a.csv", "1")), refusal.ArchiveNested, 0, "", none},
		{"gzip in gzip", string(gz(t, "", gz(t, "", []byte("a,b\n")))), refusal.ArchiveNested, 0, "", none},
		{"a zip bomb", zeros(t, "a.csv", 300<<20), refusal.ArchiveTooLarge, 0, "", none},
		{"a gzip bomb", string(gz(t, "", make([]byte, 100<<20))), refusal.ArchiveTooLarge, 0, "", none},
		{"a packed file with a falsified size", falsified(packed(t, "a.csv", strings.Repeat("1,2\n", 1000)), 10), refusal.ArchiveDamaged, 0, "", none},
		{"a workbook cut short", string(cut[:len(cut)-30]), refusal.FormatXLSX, 0, "", none},
		{"a sheet bomb", string(bomb(t)), refusal.WorkbookTooLarge, 0, "", none},
		{"a sheet with a falsified size", falsified(cut, 7), refusal.FormatXLSX, 0, "", none},
		{"a sheet cut short", with(`<worksheet><sheetData><row r="1"><c r="A1"><v>1</v>`), refusal.SheetDamaged, 0, "", none},
		{"a sheet that is no XML", with(`<worksheet><sheetData><row <<<`), refusal.SheetDamaged, 0, "", none},
		{"a sheet that says more than it has", with(sheetXML("")), refusal.SheetUnread, 0, "", none},
		{"an old sheet that says more than it has", string(xlsOf(nil, biffSheetOf{"a", 0, 0, rec(recDimensions, uint32(0), uint32(9), uint16(0), uint16(6), uint16(0))})), refusal.SheetUnread, 0, "", none},
		{"a billion rows", with(`<worksheet><dimension ref="A1:XFD1000000000"/><sheetData><row r="1000000000"><c r="A1000000000"><v>1</v></c></row></sheetData></worksheet>`), refusal.SheetOutside, 1000000000, "", none},
		{"rows out of order", with(sheetXML(`<row r="2"/><row r="1"/>`)), refusal.SheetOutside, 1, "", none},
		{"a text that is not there", with(sheetXML(`<row r="1"><c r="B1" t="s"><v>99</v></c></row>`)), refusal.SheetOutside, 1, "B1", none},
		{"a number that is none", with(sheetXML(`<row r="1"><c r="A1"><v>0x1p3</v></c></row>`)), refusal.SheetOutside, 1, "A1", none},
		{"an old cell outside", string(xlsOf(nil, biffSheetOf{"a", 0, 0, number(3, 256)})), refusal.SheetOutside, 4, "IW4", none},
		{"two old values in a cell", string(xlsOf(nil, biffSheetOf{"a", 0, 0, cat(number(0, 0), number(0, 1), number(0, 0))})), refusal.FormatXLS, 0, "", none},
		{"a workbook without its sheet", parts("[Content_Types].xml", "", "_rels/.rels", rootRels, "xl/workbook.xml", book), refusal.SheetNone, 0, "", none},
		{"a document type", with(`<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>` + sound), refusal.XMLEntity, 0, "", none},
		{"an entity unknown", with(sheetXML(`<row r="1"><c r="A1" t="inlineStr"><is><t>&a;</t></is></c></row>`)), refusal.SheetDamaged, 0, "", none},
		{"an empty workbook", with(`<worksheet><dimension ref="A1"/><sheetData/></worksheet>`), refusal.Empty, 0, "", none},
		{"NUL in an old workbook", string(xlsOf(nil, biffSheetOf{"a", 0, 0, rec(recLabel, uint16(1), uint16(2), uint16(0), uint16(2), byte(0), "a\x00")})), refusal.NULByte, 2, "C2", none},
		{"a control character in a workbook", with(sheetXML(`<row r="1"><c r="A1" t="str"><v>a_x0007_</v></c></row>`)), refusal.ControlCharacter, 1, "A1", none},
		{"full-width commas", "指标，地区，值\n甲，乙，1\n", refusal.DelimiterWide, 1, "A1", none},
		{"a page of tables in tables", strings.Repeat("<table><tr><td>", 100), refusal.FormatHTML, 0, "", none},
		{"a page with wide cells", "<table>" + strings.Repeat("<td colspan=1000>x", 20), refusal.TooManyColumns, 1, "WQK1", none},
		{"UTF-16 cut in a character", "\xff\xfea\x00,\x00b\x00\n", refusal.EncodingUnknown, 1, "", none},
		{"UTF-16 with half a pair", "\xff\xfea\x00\n\x00\x00\xd8\n\x00", refusal.EncodingUnknown, 2, "", none},
	}
}

// bomb is a workbook whose sheet unpacks to 300 MB.
func bomb(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i, p := range []string{"[Content_Types].xml", "<Types/>", "_rels/.rels", rootRels, "xl/workbook.xml", book, "xl/_rels/workbook.xml.rels", bookRels, "xl/sharedStrings.xml", shared, "xl/worksheets/sheet1.xml"} {
		if i%2 == 1 {
			continue
		}
		w, err := z.Create(p)
		must(t, err)
		if p == "xl/worksheets/sheet1.xml" {
			_, err = io.CopyN(w, zeroReader{}, 300<<20)
		} else {
			_, err = io.WriteString(w, []string{"<Types/>", rootRels, book, bookRels, shared}[i/2])
		}
		must(t, err)
	}
	must(t, z.Close())
	return b.Bytes()
}

// Hostile files that are not refused at once stay within time and memory.
func TestHostileFilesStayWithinBounds(t *testing.T) {
	var styles strings.Builder
	styles.WriteString("<styleSheet><cellXfs>")
	for styles.Len() < 7<<20 {
		styles.WriteString(`<xf numFmtId="14"/>`)
	}
	sparse := &strings.Builder{}
	for r := 1000; r <= lastRow; r += 1000 {
		fmt.Fprintf(sparse, `<row r="%d"><c r="XFD%d"><v>1</v></c></row>`, r, r)
	}
	var full []byte
	for r := range 65000 {
		full = append(full, rec(recNumber, uint16(r), uint16(255), uint16(0), 0.5)...)
	}
	for name, c := range map[string]struct {
		data []byte
		most uint64 // things made: about twice as many as are today
	}{
		"a huge quote":         {[]byte("a,b\n1,\"" + strings.Repeat("x,y\n", 2<<20)), 20_000},
		"a late quote":         {[]byte(strings.Repeat("指标,大连,1\n", 512<<10) + "1,\"2\n" + strings.Repeat("x,y\n", 40<<10)), 3_300_000},
		"one line":             {bytes.Repeat([]byte("1,"), 16<<20), 20_000},
		"NUL bytes":            {append([]byte("a,b\n"), make([]byte, 32<<20)...), 20_000},
		"a million texts":      {packed(t, "[Content_Types].xml", "", "_rels/.rels", rootRels, "xl/workbook.xml", book, "xl/_rels/workbook.xml.rels", bookRels, "xl/sharedStrings.xml", "<sst>"+strings.Repeat("<si/>", 1_200_000)+"</sst>", "xl/worksheets/sheet1.xml", "<worksheet/>"), 4_500_000},
		"too many styles":      {packed(t, "[Content_Types].xml", "", "_rels/.rels", rootRels, "xl/workbook.xml", book, "xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="r1" Type="x/worksheet" Target="s.xml"/><Relationship Id="r2" Type="x/styles" Target="y.xml"/></Relationships>`, "xl/s.xml", "<worksheet/>", "xl/y.xml", styles.String()), 600_000},
		"far cells":            {crafted(t, "<worksheet><sheetData>"+sparse.String()+"</sheetData></worksheet>"), 1_500_000},
		"far cells of an .xls": {xlsOf(nil, biffSheetOf{"a", 0, 0, full}), 600_000},
		"a page of rows":       {[]byte("<table>" + strings.Repeat("<tr><td rowspan=65534>x", 12_000)), 200_000},
	} {
		t.Run(name, func(t *testing.T) {
			above, made, bytes, problems := measured(t, c.data)
			t.Logf("%d KiB: %d MB above rest, made %d things of %d MiB together", len(c.data)>>10, above, made, bytes>>20)
			if above > 300 || made > c.most || bytes > 100*c.most+16*uint64(len(c.data)) { // the work is counted, for a machine may be busy
				t.Errorf("it cost too much; 300 MB and %d things were allowed", c.most)
			}
			if len(problems) == 0 {
				t.Error("it was read")
			}
		})
	}
}

// measured reads data and tells the most memory in use above that at rest, and
// how many things of how many bytes were made altogether: the work, counted.
func measured(t *testing.T, data []byte) (megabytes int64, made, bytesMade uint64, codes []string) {
	t.Helper()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	rest, most := m.HeapInuse, m.HeapInuse
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		tick := time.NewTicker(10 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-stop:
				return
			case <-tick.C:
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				most = max(most, m.HeapInuse)
			}
		}
	}()
	_, problems, err := Read(t.Context(), bytes.NewReader(data), "f", Limits{})
	close(stop)
	<-stopped
	var after runtime.MemStats
	runtime.ReadMemStats(&after)
	must(t, err)
	for _, p := range problems {
		codes = append(codes, p.Code)
		whole(t, p.Text)
	}
	return int64(most-rest) >> 20, after.Mallocs - m.Mallocs, after.TotalAlloc - m.TotalAlloc, codes
}

package secrecy

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"yardstick/schema"
)

// card makes the number of an identity card that nobody was given: of a place
// that there is none of.
func card(r *rand.Rand) string {
	s := fmt.Sprintf("99%04d%s%03d", r.IntN(10000), time.Unix(r.Int64N(1_600_000_000), 0).UTC().Format("20060102"), r.IntN(1000))
	for _, end := range "0123456789X" {
		if right18(s + string(end)) {
			return s + string(end)
		}
	}
	panic("no check character fits")
}

func look(t *testing.T, name string, body []byte) []schema.Problem {
	t.Helper()
	out, err := Look(t.Context(), bytes.NewReader(body), name)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func codesOf(all []schema.Problem) (out []string) {
	for _, p := range all {
		if !slices.Contains(out, p.Code) {
			out = append(out, p.Code)
		}
	}
	return out
}

func TestWhatIsAMarkAndWhatIsNone(t *testing.T) {
	for _, text := range []string{"秘密★", "机密★10年", "绝密★长期", "秘密　★", "机 密 ★ 5 年", "绝密级★", "【机密★３年】", "机密10年", "机密 10年", "秘密　6个月",
		"绝密（长期）", "密级：机密 10年", "密级：秘密", "机密，保密期限：5年", "絕密★", "機密☆", "附件 机密★1年 不得外传", "秘密*10年", "绝密★启用前", "“秘密”★", "机密\n★",
		"秘密", " 机　密 ", "【绝密】", "（机密）", "(秘密)", "机密级", "机密\n某市某局月报", "月报\n[绝密]", "（机密）某市月报", "某市2026年7月报表（机密）", "某市月报【秘 密】", "密级 绝密", "密级：（机密）"} {
		if got := found(text); text != "“秘密”★" && !slices.Equal(got, []string{Marked}) {
			t.Errorf("%q bears a mark: %v", text, got)
		}
	}
	for _, text := range []string{"商业秘密", "商业秘密★", "机密性", "保守国家秘密", "涉及机密的文件", "机密文件10件", "保守秘密10年以上的", "密度★", "人口密度 10年",
		"绝密文件（件）", "机密 2020年", "机密10", "密级", "机密*", "秘密程度：10年", "商业秘密 5年内", "保密局", "机密文件管理办法", "绝密、机密和秘密",
		"机要秘书", "涉密人员（人）", "商业秘密（件）", "（商业秘密）", "机密级以上"} {
		if got := found(text); len(got) > 0 {
			t.Errorf("%q bears no mark: %v", text, got)
		}
	}
}

func TestWhatIsANumberAndWhatIsNone(t *testing.T) {
	for _, text := range []string{"990101199003070012", "99010119900307001", "990101199013070019", "0.990101199003070019", "1990101199003070019"} {
		if got := found(text); len(got) > 0 {
			t.Errorf("%q is no number: %v", text, got)
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		n := card(r)
		for _, text := range []string{n, "号码" + n + "。", "'" + n, strings.ToLower(n), wideDigits(n), "ID" + n, "张三," + n + ",男"} {
			if got := found(text); !slices.Equal(got, []string{Identity}) {
				t.Fatalf("%q: %v", text, got)
			}
		}
		// Any one digit that is written otherwise is found by the check character.
		b := []byte(n)
		at := r.IntN(6)
		b[at] = '1' + (b[at]-'1'+1+byte(r.IntN(7)))%9
		if string(b) != n && len(found(string(b))) > 0 {
			t.Fatalf("%q is %q with another digit", b, n)
		}
		old, parts := n[:6]+n[8:17], n[:6]+" "+n[6:14]+" "+n[14:]
		for _, text := range []string{old, parts} {
			if len(found(text)) > 0 || len(found("身份证号："+text)) == 0 {
				t.Fatalf("%q counts under a heading alone", text)
			}
		}
	}
}

func wideDigits(s string) string {
	return strings.Map(func(r rune) rune { return r + 0xFEE0 }, s)
}

// pack makes a zip of named texts.
func pack(t *testing.T, parts ...string) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for i := 0; i < len(parts); i += 2 {
		w, err := z.Create(parts[i])
		if err == nil {
			_, err = io.WriteString(w, parts[i+1])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// book is a workbook of one sheet, with a text in each of the places that it has.
type book struct{ cell, split, sheet, header, comment, box, title string }

func (b book) bytes(t *testing.T) []byte {
	const head = `<?xml version="1.0" encoding="UTF-8"?>`
	cut := len(b.split) / 6 * 3 // within, between two characters
	return pack(t, "[Content_Types].xml", head+`<Types/>`,
		"_rels/.rels", head+`<Relationships><Relationship Id="r1" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml", head+`<workbook xmlns:r="r"><sheets><sheet name="`+b.sheet+`" sheetId="1" r:id="r1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels", head+`<Relationships><Relationship Id="r1" Type="x/worksheet" Target="worksheets/sheet1.xml"/>`+
			`<Relationship Id="r2" Type="x/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
		"xl/sharedStrings.xml", head+`<sst><si><t>指标</t></si><si><r><t>`+b.split[:cut]+`</t></r><r><rPr><b/></rPr><t>`+b.split[cut:]+`</t></r></si></sst>`,
		"xl/worksheets/sheet1.xml", head+`<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="inlineStr"><is><t>`+b.cell+`</t></is></c></row>`+
			`<row r="3"><c r="B3" t="s"><v>1</v></c><c r="C3"><v>12.5</v></c></row></sheetData><headerFooter><oddHeader>&amp;C`+b.header+`</oddHeader></headerFooter></worksheet>`,
		"xl/comments1.xml", head+`<comments><commentList><comment ref="D7"><text><r><t>`+b.comment+`</t></r></text></comment></commentList></comments>`,
		"xl/drawings/drawing1.xml", head+`<xdr:wsDr><a:p><a:r><a:t>`+b.box+`</a:t></a:r></a:p></xdr:wsDr>`,
		"docProps/core.xml", head+`<cp:coreProperties><dc:title>`+b.title+`</dc:title></cp:coreProperties>`)
}

func TestEveryPlaceOfAWorkbookIsNamedAndNotRepeated(t *testing.T) {
	for kind, bad := range map[string]string{Marked: "机密★5年", Identity: card(rand.New(rand.NewPCG(3, 4)))} {
		bads := []string{bad}
		if kind == Marked { // all that is written
			bads = append(bads, "机密", "【绝 密】", "秘密级")
		}
		for _, bad := range bads {
			everyPlace(t, kind, bad)
		}
	}
}

// everyPlace puts what must not be kept into each place of a workbook.
func everyPlace(t *testing.T, kind, bad string) {
	t.Helper()
	plain := book{cell: "产值", split: "合计数值", sheet: "表一", header: "月报", comment: "已核", box: "说明", title: "月报"}
	if got := look(t, "a.xlsx", plain.bytes(t)); len(got) > 0 {
		t.Fatalf("of a plain one is told %v", got)
	}
	for where, put := range map[string]func(*book){
		"cell C1":                 func(b *book) { b.cell = bad },
		"cell B3":                 func(b *book) { b.split = bad },
		"the name of a sheet":     func(b *book) { b.sheet = bad },
		"a header or footer":      func(b *book) { b.header = bad },
		"the comment on cell D7":  func(b *book) { b.comment = bad },
		"the part “xl/drawings/d": func(b *book) { b.box = bad },
		"the part “docProps/core": func(b *book) { b.title = bad },
	} {
		if where == "cell B3" && !borne(bad) && kind == Marked {
			continue // it begins a row, and a number follows
		}
		b := plain
		put(&b)
		got := look(t, "a.xlsx", b.bytes(t))
		if len(got) != 1 || got[0].Code != kind || !strings.Contains(got[0].En, where) {
			t.Errorf("%s in %s is told as %+v", kind, where, got)
		}
		if text := fmt.Sprintf("%+v", got); strings.Contains(text, bad) && bad != "机密" || got[0].Written != "" {
			t.Errorf("what must not be kept is repeated: %s", text)
		}
		if strings.HasPrefix(where, "cell ") && (len(got) != 1 || "cell "+got[0].Cell != where || got[0].Sheet != "表一") {
			t.Errorf("the cell is %+v", got)
		}
	}
}

func TestAColumnOfNumbersIsKnownByItsHeadingAndALevelByItsNeighbour(t *testing.T) {
	for _, c := range []struct{ text, code, cell string }{
		{"姓名,身份证号\n甲,990101900307001\n", Identity, "B2"},
		{"姓名,编号\n甲,990101900307001\n", "", ""},
		{"身份证号码,990101900307001\n", Identity, "B1"},
		{"证件,身份证数\n甲,990101909907001\n", "", ""}, // no such day
		{"密级,保密期限\n机密,10年\n", Marked, "A2"},
		{"密级,机密\n", Marked, "B1"},
		{"级别,件数\n机密,10\n", "", ""},
		{"年份,绝密,机密,秘密\n2031,1,2,3\n", "", ""},
		{"机密,,\n指标,地区,数值\n绿地面积,甲县,12\n", Marked, "A1"},
		{"绿地面积月报,,（绝密）\n指标,地区,数值\n", Marked, "C1"},
		{"指标,数值,备注\n绿地面积,12,机密\n", Marked, "C2"},
		{"某县2031年月报（秘密）,,\n指标,地区,数值\n", Marked, "A1"},
		{"指标,数值\n保密局人数,12\n", "", ""},
		{"秘密,★\n1,2\n", Marked, "A1"},
	} {
		got := look(t, "a.csv", []byte(c.text))
		if c.code == "" && len(got) > 0 || c.code != "" && (len(got) != 1 || got[0].Code != c.code || got[0].Cell != c.cell) {
			t.Errorf("%q: %+v", c.text, got)
		}
	}
}

// TestNothingHidesInAnyWriting puts marks and numbers, and what is neither, into
// texts of every writing and wrapping, anywhere, also across the pieces that are
// looked through at a time.
func TestNothingHidesInAnyWriting(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	marks := []string{"秘密★", "机密★10年", "绝密★长期", "机　密★", "绝密级★3年"}
	clean := []string{"商业秘密", "机密性", "9901011990030700", "3.14159265358979323", "990101199003070012", "保守秘密的义务", "123456789012345678901234567890"}
	for n := range 400 {
		bad, want := clean[r.IntN(len(clean))], ""
		switch r.IntN(3) {
		case 0:
			bad, want = marks[r.IntN(len(marks))], Marked
		case 1:
			bad, want = card(r), Identity
			if r.IntN(4) == 0 {
				bad = wideDigits(bad)
			}
		}
		lines := r.IntN(60)
		if n%20 == 0 {
			lines = 3000 + r.IntN(9000)
		}
		at := r.IntN(lines + 1)
		var rows []string
		for i := range lines + 1 {
			row := []string{"地区" + strconv.Itoa(r.IntN(1000)), strconv.FormatFloat(r.Float64()*1e6, 'f', r.IntN(6), 64), "202" + strconv.Itoa(r.IntN(10)) + "年"}
			if i == at {
				row[r.IntN(3)] = bad
			}
			rows = append(rows, strings.Join(row, ","))
		}
		text := strings.Join(rows, "\n") + "\n"
		var body []byte
		switch wrapped := n % 9; wrapped {
		case 1:
			body, _ = simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(text))
		case 2, 3:
			order := []unicode.Endianness{unicode.LittleEndian, unicode.BigEndian}[wrapped-2]
			body, _ = unicode.UTF16(order, unicode.UseBOM).NewEncoder().Bytes([]byte(text))
		case 4:
			body = []byte("<html><table><tr><td>" + strings.NewReplacer(",", "<td>", "\n", "<tr><td>", "密", "<b>密</b>", "★", "&#9733;").Replace(text) + "</table></html>")
		case 5:
			var packed bytes.Buffer
			w := gzip.NewWriter(&packed)
			_, err := io.WriteString(w, text)
			if err = errors.Join(err, w.Close()); err != nil {
				t.Fatal(err)
			}
			body = packed.Bytes()
		case 6:
			body = pack(t, "word/document.xml", `<?xml version="1.0"?><w:document><w:p><w:r><w:t>`+strings.NewReplacer("\n", "</w:t></w:r></w:p><w:p><w:r><w:t>",
				",", "</w:t></w:r></w:p><w:p><w:r><w:t>", "密", "</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>密").Replace(text)+`</w:t></w:r></w:p></w:document>`)
		case 7:
			body = pack(t, "in/all.zip", string(pack(t, "a.csv", text)), "b.txt", "nothing")
		case 8:
			body, _ = unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder().Bytes([]byte(text))
		default:
			body = []byte(text)
		}
		got := look(t, "a.csv", body)
		if want == "" && len(got) > 0 || want != "" && !slices.Equal(codesOf(got), []string{want}) {
			t.Fatalf("case %d, %q at line %d of %d: %v, want %q", n, bad, at+1, lines+1, got, want)
		}
		for _, p := range got {
			if strings.Contains(fmt.Sprintf("%+v", p), bad) {
				t.Fatalf("case %d repeats it: %+v", n, p)
			}
			if n%9 < 4 && (p.Line != at+1 || p.Cell == "") {
				t.Fatalf("case %d: told at line %d, cell %q; it stands at line %d", n, p.Line, p.Cell, at+1)
			}
		}
	}
}

func TestNothingHidesWhereTwoPiecesMeet(t *testing.T) {
	number := card(rand.New(rand.NewPCG(9, 10)))
	for _, bad := range []string{"机密★10年", number, wideDigits(number)} {
		wide, err := unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder().String(bad)
		if err != nil {
			t.Fatal(err)
		}
		for at := piece + mostAround - 70; at < piece+mostAround+10; at++ {
			for _, text := range []string{strings.Repeat("x", at-1) + "," + bad + ",x", strings.Repeat("\x00", at) + wide + "\x00\x00"} {
				p := &probe{}
				if err := p.stream(t.Context(), strings.NewReader(text), place{kind: "file"}, false, true); err != nil || len(p.hits) == 0 {
					t.Fatalf("%q at %d is not found: %v", bad, at, err)
				}
			}
		}
	}
}

func TestTextThatIsNoTableIsToldByItsLine(t *testing.T) {
	got := look(t, "a.txt", []byte("\"an open quote\nline two\n附注：机密★\n"))
	if len(got) != 1 || got[0].Line != 3 || got[0].Cell != "" {
		t.Errorf("%+v", got)
	}
}

// stored makes a zip of one text under a name that is written as it is, with what an
// archive can say besides.
func stored(t *testing.T, h zip.FileHeader, comment string) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	_, err := z.CreateRaw(&h)
	if err = errors.Join(err, z.SetComment(comment), z.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// What an archive says of itself and of what is in it is looked at in every writing.
func TestNothingHidesInWhatAnArchiveSaysOfItself(t *testing.T) {
	gbk := func(s string) string {
		out, err := simplifiedchinese.GB18030.NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	number := card(rand.New(rand.NewPCG(11, 12)))
	for _, c := range []struct{ bad, want string }{{"机密★10年", Marked}, {"绝密", Marked}, {"（秘密）七月", Marked}, {"月报（机密）", Marked}, {number, Identity},
		{"保密局月报", ""}, {"机密文件管理办法", ""}, {"绿地面积", ""}} {
		for where, body := range map[string][]byte{
			"a name":               stored(t, zip.FileHeader{Name: c.bad + ".csv"}, ""),
			"a name of Windows":    stored(t, zip.FileHeader{Name: gbk(c.bad) + ".csv", NonUTF8: true}, ""),
			"a folder's":           stored(t, zip.FileHeader{Name: gbk(c.bad) + "/a.csv", NonUTF8: true}, ""),
			"a remark":             stored(t, zip.FileHeader{Name: "a.csv", Comment: c.bad}, ""),
			"a remark of Windows":  stored(t, zip.FileHeader{Name: "a.csv", Comment: gbk(c.bad), NonUTF8: true}, ""),
			"the archive's":        stored(t, zip.FileHeader{Name: "a.csv"}, c.bad),
			"the archive's of GBK": stored(t, zip.FileHeader{Name: "a.csv"}, gbk(c.bad)),
			"a workbook's": func() []byte {
				b := book{cell: "产值", split: "合计数值", sheet: "表一", header: "月报", comment: "已核", box: "说明", title: "月报"}.bytes(t)
				b[len(b)-2], b[len(b)-1] = byte(len(c.bad)), 0
				return append(b, c.bad...)
			}(),
			"a gzip's name": func() []byte {
				raw := []byte("\x1f\x8b\x08\x08\x00\x00\x00\x00\x00\xff" + gbk(c.bad) + ".csv\x00")
				var packed bytes.Buffer
				w := gzip.NewWriter(&packed)
				if _, err := io.WriteString(w, "a,b\n"); errors.Join(err, w.Close()) != nil {
					t.Fatal(err)
				}
				return append(raw, packed.Bytes()[10:]...)
			}(),
		} {
			got := codesOf(look(t, "a.zip", body))
			if c.want == "" && len(got) > 0 || c.want != "" && !slices.Equal(got, []string{c.want}) {
				t.Errorf("%q as %s is told as %v", c.bad, where, got)
			}
		}
	}
}

// What a page says beside its tables is not left to be judged by their cells.
func TestAPageIsLookedAtBesideItsTables(t *testing.T) {
	for page, want := range map[string]bool{
		"<p>机密</p><table><tr><td>a<td>b</table>":                         true,
		"<title>【绝密】</title><table><tr><td>a<td>b</table>":               true,
		"<table><tr><td>a<td>b</table><div align=right>秘<b>密</b></div>":  true,
		"<table><tr><td>机密<td><tr><td>a<td>b</table>":                    true,
		"<!-- 机密 --><table><tr><td>a<td>b</table>":                       true,
		"<table><tr><td>级别<td>件数<tr><td>机密<td>12<tr><td>秘密<td>9</table>": false,
		"<p>保守国家秘密是公民的义务</p><table><tr><td>绿地面积<td>12</table>":           false,
	} {
		if got := look(t, "a.html", []byte("<html><body>"+page+"</body></html>")); want != (len(got) > 0) {
			t.Errorf("%s: %+v", page, got)
		}
	}
}

// A property that is nothing but the mark is one, whatever it is called and in whatever
// kind of document.
func TestAPropertyThatIsTheMark(t *testing.T) {
	for value, want := range map[string]bool{"机密": true, "【绝密】": true, "秘密级": true, "内部": false, "保密办": false, "机密文件目录": false} {
		custom := pack(t, "[Content_Types].xml", "<Types/>", "docProps/custom.xml", `<?xml version="1.0"?><Properties><property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="2" name="密级">`+
			`<vt:lpwstr>`+value+`</vt:lpwstr></property></Properties>`)
		app := pack(t, "docProps/app.xml", `<?xml version="1.0"?><Properties><Company>`+value+`</Company></Properties>`)
		meta := []byte(`<html><head><meta name="密级" content="` + value + `"></head><body><table><tr><td>a<td>b</table></body></html>`)
		gbk, err := simplifiedchinese.GB18030.NewEncoder().String(value)
		if err != nil {
			t.Fatal(err)
		}
		p := &looker{ctx: t.Context()}
		set := "\xfe\xff\x00\x00\x06\x02\x02\x00\x1e\x00\x00\x00" + string(rune(len(gbk)+1)) + "\x00\x00\x00" + gbk + "\x00\x00\x03\x00\x00\x00"
		if err := p.properties(strings.NewReader(set)); err != nil || want != (len(p.hits) > 0) {
			t.Errorf("a property set with %q: %v, %v", value, p.hits, err)
		}
		for name, body := range map[string][]byte{"a.xlsx": custom, "b.xlsx": app, "c.xls": meta} {
			if got := look(t, name, body); want != (len(got) > 0) {
				t.Errorf("%s with %q: %+v", name, value, got)
			}
		}
	}
}

func TestANameIsLookedAtToo(t *testing.T) {
	got := look(t, "机密★5年 月报.xlsx", []byte("a,b\n"))
	if len(got) != 1 || got[0].Code != Marked || got[0].File != "***.xlsx" {
		t.Errorf("%+v", got)
	}
	if Name("月报.xlsx") != "月报.xlsx" || strings.Contains(Name("绝密★"), "密") {
		t.Error("a name is told otherwise than it may be")
	}
	for name, want := range map[string]bool{"机密.csv": true, "绝密/月报.csv": true, "（秘密）月报.xlsx": true, "月报（机密）.xlsx": true, "保密局月报.csv": false, "机密文件目录.csv": false} {
		if got := look(t, name, []byte("a,b\n")); want != (len(got) > 0) {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if got := Said("月度报送", "见绝密★件"); len(got) != 1 || got[0].Code != Marked {
		t.Errorf("%+v", got)
	}
}

// counting counts what is read, and may end the context.
type counting struct {
	*bytes.Reader
	read int64
	stop func()
}

func (c *counting) ReadAt(b []byte, at int64) (int, error) {
	if c.read += int64(len(b)); c.stop != nil && c.read > 1<<20 {
		c.stop()
	}
	return c.Reader.ReadAt(b, at)
}

func TestALookIsBoundedAndEndsWithItsContext(t *testing.T) {
	body := []byte(strings.Repeat("地区,2025年6月,123.45,亿元,人口密度\n", 400_000))
	c := &counting{Reader: bytes.NewReader(body)}
	if got, err := Look(t.Context(), c, "a.csv"); err != nil || len(got) > 0 {
		t.Fatal(got, err)
	}
	if c.read > int64(len(body))*11/10 { // once, and little beside
		t.Errorf("%d bytes were read of %d", c.read, len(body))
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	if _, err := Look(ctx, &counting{Reader: bytes.NewReader(body), stop: cancel}, "a.csv"); !errors.Is(err, context.Canceled) {
		t.Errorf("after its end: %v", err)
	}
	packed := pack(t, "a.xml", strings.Repeat(" ", 1<<20))
	l := &looker{ctx: t.Context(), left: 1 << 19}
	if err := l.file(bytes.NewReader(packed), place{kind: "file"}, 0); !errors.Is(err, errBeyond) {
		t.Errorf("what unpacks to more than may be looked through: %v", err)
	}
}

// TestDamageIsNoFault cuts and turns bytes of packages: a look ends without an
// error, whatever it finds.
func TestDamageIsNoFault(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	whole := book{cell: "机密★", split: "合计数值", sheet: "表", header: "h", comment: "c", box: "b", title: "t"}.bytes(t)
	for range 300 {
		b := bytes.Clone(whole[:1+r.IntN(len(whole))])
		for range r.IntN(20) {
			b[r.IntN(len(b))] ^= byte(1 << r.IntN(8))
		}
		if _, err := Look(t.Context(), bytes.NewReader(b), "a.xlsx"); err != nil {
			t.Fatal(err)
		}
	}
}

func BenchmarkLook(b *testing.B) {
	body := []byte(strings.Repeat("大连市,2025年6月,123.45,亿元,人口密度\n", 200_000))
	b.SetBytes(int64(len(body)))
	for range b.N {
		if _, err := Look(b.Context(), bytes.NewReader(body), "a.csv"); err != nil {
			b.Fatal(err)
		}
	}
}

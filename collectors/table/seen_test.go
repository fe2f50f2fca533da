package table

import (
	"strconv"
	"strings"
	"testing"
	"yardstick/schema"

	"yardstick/collectors/table/numfmt"
)

// seenCells compares what is seen of the cells of the first row with what should
// be: text, doubt, shown and bare.
func seenCells(t *testing.T, data []byte, name string, want []seenCell) {
	t.Helper()
	got := cells(t, read(t, data, name).Tables[0])
	for i, w := range want {
		c := got[schema.ColumnName(i+1)+"1"]
		if g := (seenCell{c.Text, c.Why, c.Shown, c.Bare}); g != w {
			t.Errorf("%s: column %d is %+v, want %+v", name, i+1, g, w)
		}
	}
}

type seenCell struct {
	text        string
	why         numfmt.Doubt
	shown, bare string
}

// styledBook is a workbook of one sheet with fonts: plain, struck, raised; and
// formats: general, with words, hiding.
func styledBook(t *testing.T, sheet, texts string) []byte {
	t.Helper()
	rels := `<Relationships><Relationship Id="r1" Type="x/worksheet" Target="s.xml"/><Relationship Id="r2" Type="x/styles" Target="y.xml"/><Relationship Id="r3" Type="x/sharedStrings" Target="t.xml"/></Relationships>`
	styles := `<styleSheet><numFmts><numFmt numFmtId="170" formatCode="&quot;下降&quot;0.0"/><numFmt numFmtId="171" formatCode=";;;"/></numFmts>` +
		`<fonts><font><sz val="11"/></font><font><strike/></font><font><vertAlign val="superscript"/></font><font><strike val="0"/></font></fonts>` +
		`<cellStyleXfs><xf numFmtId="171" fontId="1"/></cellStyleXfs><cellXfs><xf numFmtId="0" fontId="0"/><xf numFmtId="0" fontId="1"/><xf numFmtId="0" fontId="2"/>` +
		`<xf numFmtId="170" fontId="3"/><xf numFmtId="171" fontId="0"/></cellXfs><dxfs><dxf><font><strike/></font></dxf></dxfs></styleSheet>`
	return packed(t, "[Content_Types].xml", "", "_rels/.rels", rootRels, "xl/workbook.xml", book, "xl/_rels/workbook.xml.rels", rels,
		"xl/s.xml", sheet, "xl/y.xml", styles, "xl/t.xml", "<sst>"+texts+"</sst>")
}

func TestAWorkbookTellsWhatTheEyeSeesInstead(t *testing.T) {
	up := func(s string) string { return `<r><rPr><vertAlign val="superscript"/></rPr><t>` + s + `</t></r>` }
	texts := `<si><t>甲</t></si><si><r><t>733</t></r>` + up("2") + `</si>` +
		`<si><r><rPr><strike/></rPr><t>512</t></r><r><rPr><b/></rPr><t>498</t></r></si><si><r><t>绿地面积</t></r>` + up("a)") + `</si>` +
		`<si><r><t>万m</t></r><r><rPr><vertAlign val="subscript"/></rPr><t>2</t></r></si>`
	var b strings.Builder
	for i, c := range []string{`t="s"><v>0</v>`, `t="s"><v>1</v>`, `t="s"><v>2</v>`, `t="s"><v>3</v>`, `t="s"><v>4</v>`,
		`s="1"><v>61.5</v>`, `s="2" t="s"><v>0</v>`, `s="3"><v>5.1</v>`, `s="4"><v>77</v>`, `s="4" t="s"><v>0</v>`, `s="1" t="s"><v>2</v>`,
		`><f>A1</f>`, `t="str"><f>A1</f><v></v>`, `t="e"><f>A1</f><v>#REF!</v>`, `t="inlineStr"><is><r><t>5.9</t></r>` + up("3") + `</is>`,
		`t="inlineStr"><is><t>88_x000D_&#10;99</t></is>`} {
		b.WriteString(`<c r="` + schema.ColumnName(i+1) + `1" ` + c + `</c>`)
	}
	seenCells(t, styledBook(t, sheetXML(`<row r="1">`+b.String()+`</row>`), texts), "a.xlsx", []seenCell{
		{"甲", numfmt.Agrees, "", ""}, {"7332", numfmt.Raised, "733²", "733"}, {"512498", numfmt.Struck, "498", "498"},
		{"绿地面积a)", numfmt.Raised, "绿地面积^(a))", "绿地面积"}, {"万m2", numfmt.Raised, "万m₂", "万m"},
		{"61.5", numfmt.Struck, "", ""}, {"甲", numfmt.Raised, "^(甲)", ""}, {"5.1", numfmt.FormatWords, "下降5.1", ""},
		{"77", numfmt.FormatHides, "", ""}, {"甲", numfmt.FormatHides, "", ""}, {"512498", numfmt.Struck, "498", "498"},
		{"", numfmt.Uncalculated, "", ""}, {"", numfmt.FormulaEmpty, "", ""}, {"#REF!", numfmt.ErrorValue, "#REF!", ""},
		{"5.93", numfmt.Raised, "5.9³", "5.9"}, {"88\n99", numfmt.Agrees, "", ""},
	})
}

// xlsFont is a FONT record: struck, and how its text is raised (1) or lowered (2).
func xlsFont(strike bool, aloft uint16) []byte {
	flags := uint16(0)
	if strike {
		flags = 8
	}
	return rec(recFont, uint16(220), flags, uint16(0x7fff), uint16(400), aloft, make([]byte, 4), byte(1), byte(0), "A")
}

func TestAnOldWorkbookTellsWhatTheEyeSeesInstead(t *testing.T) {
	code := func(id int, text string) []byte {
		return rec(recFormat, uint16(id), uint16(len([]rune(text))), byte(1), wide(text))
	}
	style := func(font, format int) []byte { return rec(recXF, uint16(font), uint16(format), make([]byte, 16)) }
	rich := func(text string, changes ...uint16) []byte {
		out := bin(uint16(len([]rune(text))), byte(8|1), uint16(len(changes)/2), wide(text))
		for _, c := range changes {
			out = append(out, bin(c)...)
		}
		return out
	}
	globals := cat(xlsFont(false, 0), xlsFont(true, 0), xlsFont(false, 1), xlsFont(false, 2), xlsFont(true, 1), // 0 to 3, and 5
		code(170, `"减少"0.0`), code(171, ";;;"),
		style(0, 0), style(1, 0), style(2, 0), style(0, 170), style(0, 171),
		rec(recSST, uint32(6), uint32(6), uint16(1), byte(1), wide("甲"), rich("7332", 3, 2), rich("512498", 0, 1, 3, 0), rich("绿地面积1)", 4, 2),
			rich("万m2", 2, 3), rich("61", 1, 5)))
	label := func(column, style, text int) []byte {
		return rec(recLabelSST, uint16(0), uint16(column), uint16(style), uint32(text))
	}
	number := func(column, style int, v float64) []byte {
		return rec(recNumber, uint16(0), uint16(column), uint16(style), v)
	}
	formula := func(column int, kind, code byte, flags uint16) []byte {
		return rec(recFormula, uint16(0), uint16(column), uint16(0), kind, byte(0), code, make([]byte, 3), uint16(0xffff), flags, make([]byte, 6))
	}
	sheet := cat(label(0, 0, 0), label(1, 0, 1), label(2, 0, 2), label(3, 0, 3), label(4, 0, 4), label(5, 0, 5),
		number(6, 1, 61.5), label(7, 2, 0), number(8, 3, 5.1), number(9, 4, 77), label(10, 4, 0),
		formula(11, 3, 0, 3), formula(12, 3, 0, 0), formula(13, 2, 0x17, 0), formula(14, 0, 0, 0), rec(recString, uint16(0), byte(0)),
		rec(recRString, uint16(0), uint16(15), uint16(0), uint16(2), byte(0), "59", uint16(1), uint16(1), uint16(2)),
		rec(recLabel, uint16(0), uint16(16), uint16(0), uint16(6), byte(0), "88\r\n99"), number(17, 0, 0),
		rec(recWindow2, uint16(0x6a6), make([]byte, 16)))
	seenCells(t, xlsOf(globals, biffSheetOf{"a", 0, 0, sheet}), "a.xls", []seenCell{
		{"甲", numfmt.Agrees, "", ""}, {"7332", numfmt.Raised, "733²", "733"}, {"512498", numfmt.Struck, "498", "498"},
		{"绿地面积1)", numfmt.Raised, "绿地面积¹⁾", "绿地面积"}, {"万m2", numfmt.Raised, "万m₂", "万m"}, {"61", numfmt.Struck, "6", "6"},
		{"61.5", numfmt.Struck, "", ""}, {"甲", numfmt.Raised, "^(甲)", ""}, {"5.1", numfmt.FormatWords, "减少5.1", ""},
		{"77", numfmt.FormatHides, "", ""}, {"甲", numfmt.FormatHides, "", ""},
		{"", numfmt.Uncalculated, "", ""}, {"", numfmt.FormulaEmpty, "", ""}, {"#REF!", numfmt.ErrorValue, "#REF!", ""}, {"", numfmt.FormulaEmpty, "", ""},
		{"59", numfmt.Raised, "5⁹", "5"}, {"88\n99", numfmt.Agrees, "", ""}, {"0", numfmt.FormatHides, "", ""},
	})
}

func TestAPageTellsWhatTheEyeSeesInstead(t *testing.T) {
	style := `<style><!-- .xl70 {mso-number-format:"\0022减少\00220\.0";} .xl71 {mso-number-format:"\;\;\;"} .xl72 {mso-number-format:"0\.0\;0\.0"}
.gone{display:none} td.off{text-decoration:line-through} .up { vertical-align : super } .tiny{font-size:0pt} .xl73{mso-number-format:"yyyy\/m\/d"}
@media print { td {display:none} } table .late span { visibility: hidden } .nowhere td { display: none } .xl74{mso-number-format:"0\.0\0022%\0022"} /* td{display:none} --> */ --></style>`
	var b strings.Builder
	want := []seenCell{}
	for _, c := range []struct {
		cell string
		want seenCell
	}{
		{`<td>甲`, seenCell{"甲", numfmt.Agrees, "", ""}},
		{`<td>733<sup>2</sup></td>`, seenCell{"7332", numfmt.Raised, "733²", "733"}},
		{`<td>绿地面积<font class="up">1</font></td>`, seenCell{"绿地面积1", numfmt.Raised, "绿地面积¹", "绿地面积"}},
		{`<td>万m<sub>2</sub></td>`, seenCell{"万m2", numfmt.Raised, "万m₂", "万m"}},
		{`<td><s>512</s> 498</td>`, seenCell{"512 498", numfmt.Struck, "498", "498"}},
		{`<td><del>512</del></td>`, seenCell{"512", numfmt.Struck, "", ""}},
		{`<td class="x off">61.5</td>`, seenCell{"61.5", numfmt.Struck, "", ""}},
		{`<td><span style="text-decoration: line-through red">61</span></td>`, seenCell{"61", numfmt.Struck, "", ""}},
		{`<td>5.1<span style="display:none">7</span></td>`, seenCell{"5.17", numfmt.HiddenText, "5.1", "5.1"}},
		{`<td>5.1<span style='VISIBILITY: hidden'>7</span></td>`, seenCell{"5.17", numfmt.HiddenText, "5.1", "5.1"}},
		{`<td>5.1<span class=tiny>7</span></td>`, seenCell{"5.17", numfmt.HiddenText, "5.1", "5.1"}},
		{`<td>5.1<b hidden>7</b></td>`, seenCell{"5.17", numfmt.HiddenText, "5.1", "5.1"}},
		{`<td class=late>5.1<span>7</span></td>`, seenCell{"5.17", numfmt.HiddenText, "5.1", "5.1"}},
		{`<td class=gone>5.1</td>`, seenCell{"5.1", numfmt.HiddenText, "", ""}},
		{`<td class=xl70>5.1</td>`, seenCell{"5.1", numfmt.FormatWords, "减少5.1", ""}},
		{`<td class=xl70 x:num="5.1">减少5.1</td>`, seenCell{"5.1", numfmt.FormatWords, "减少5.1", ""}},
		{`<td class=xl71 x:num="77"></td>`, seenCell{"77", numfmt.FormatHides, "", ""}},
		{`<td class=xl72 x:num="-5.1">5.1</td>`, seenCell{"-5.1", numfmt.FormatWords, "5.1", ""}},
		{`<td x:num="5.126">5.1</td>`, seenCell{"5.126", numfmt.Agrees, "", ""}},
		{`<td x:num="0.0512">5.12%</td>`, seenCell{"5.12%", numfmt.Agrees, "", ""}},
		{`<td x:num="5126.4">5,126.40</td>`, seenCell{"5,126.40", numfmt.Agrees, "", ""}},
		{`<td class=xl73 x:num="48030">2031/7/1</td>`, seenCell{"2031/7/1", numfmt.Agrees, "", ""}},
		{`<td class=xl74>5.1%</td>`, seenCell{"5.1%", numfmt.Agrees, "", ""}},
		{`<td style="mso-number-format:Percent" x:num="0.051">5.10%</td>`, seenCell{"5.10%", numfmt.Agrees, "", ""}},
		{`<td style="mso-number-format:Percent">5.10%</td>`, seenCell{"5.10%", numfmt.Agrees, "", ""}},
		{`<td style="mso-number-format:'Short Date'" x:num="48030">2031/7/1</td>`, seenCell{"2031/7/1", numfmt.Agrees, "", ""}},
		{`<td style='mso-number-format:"\@"'>00410</td>`, seenCell{"00410", numfmt.Agrees, "", ""}},
		{`<td x:fmla="=A1" x:err>#REF!</td>`, seenCell{"#REF!", numfmt.ErrorValue, "#REF!", ""}},
		{`<td>410<br>425</td>`, seenCell{"410\n425", numfmt.Agrees, "", ""}},
		{`<td><p>410</p><p>425</p></td>`, seenCell{"410\n425", numfmt.Agrees, "", ""}},
		{`<td>410<div>425</div></td>`, seenCell{"410\n425", numfmt.Agrees, "", ""}},
		{`<td><ul><li>410<li>425</ul></td>`, seenCell{"410\n425", numfmt.Agrees, "", ""}},
		{"<td><pre>410\n425</pre></td>", seenCell{"410\n425", numfmt.Agrees, "", ""}},
		{"<td>绿地\r\n  面积</td>", seenCell{"绿地面积", numfmt.Agrees, "", ""}},
		{"<td>410\n 425 <b> x</b></td>", seenCell{"410 425 x", numfmt.Agrees, "", ""}},
	} {
		b.WriteString(c.cell)
		want = append(want, c.want)
	}
	seenCells(t, []byte("<html>"+style+"<table><tr>"+b.String()+"</table>"), "a.xls", want)
}

// What is hidden as a whole: rows, columns, tables.
func TestAPageTellsWhatIsHidden(t *testing.T) {
	page := `<style>.h{display:none}.v td{color:red}</style><table><col><col style="visibility:collapse"><col span=2 width=0>` +
		`<tr><td>a<td>b<td>c<td>d<td style="display:none">e<td>f<tr class=h><td>1<td>2<td>3<td>4<td style="display:none">5<td>6` +
		`<tr style="visibility:hidden"><td>1<tr hidden><td>1<tbody class=h><tr><td>1</tbody><tbody class=v><tr><td>1<tr height=0><td>1<tr><td>1</table>` +
		`<div class=h><table><tr><td>x</table></div><table><tr><td>y</table>`
	f := read(t, []byte(page), "a.html")
	if len(f.Tables) != 3 || f.Tables[0].Hidden || !f.Tables[1].Hidden || f.Tables[2].Hidden {
		t.Fatalf("%+v", f.Tables)
	}
	hidden := ""
	for row, err := range f.Tables[0].Rows(t.Context()) {
		if must(t, err); row.Hidden {
			hidden += strconv.Itoa(row.Number) + " "
		}
	}
	if hidden != "2 3 4 5 7 " {
		t.Errorf("hidden rows: %s", hidden)
	}
	for column, want := range []bool{false, true, true, true, true, false} {
		if f.Tables[0].ColumnHidden(column+1) != want {
			t.Errorf("column %d is hidden: %v", column+1, !want)
		}
	}
	if c := cells(t, f.Tables[1])["A1"]; c.Why != numfmt.Agrees || c.Text != "x" {
		t.Errorf("%+v", c)
	}
}

package table

import (
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

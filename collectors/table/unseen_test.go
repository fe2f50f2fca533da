package table

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"yardstick/collectors/table/numfmt"
	"yardstick/collectors/table/refusal"
	"yardstick/schema"
)

// Text of a page that browsers do not show is no part of a figure, in whatever way it
// is kept from the eye; what only looks like it is.
func TestWhatAPageHidesInACellIsTold(t *testing.T) {
	hidden := func(shown, all string) seenCell { return seenCell{all, numfmt.HiddenText, shown, shown} }
	plain := func(text string) seenCell { return seenCell{text, numfmt.Agrees, "", ""} }
	style := `<style>.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip:rect(0 0 0 0)} .pale{color:#fff} td.dark{background:#036} .seen{opacity:1}</style>`
	var b strings.Builder
	var want []seenCell
	for _, c := range []struct {
		cell string
		want seenCell
	}{
		{`<td>73<template>5</template>`, hidden("73", "735")},
		{`<td>73<template><b>5</b></template>`, hidden("73", "735")},
		{`<td>8.1<noscript>2</noscript>`, hidden("8.1", "8.12")},
		{`<td>1204<datalist><option>5</option></datalist>`, hidden("1204", "1204\n5")},
		{`<td>73<canvas>5</canvas>`, hidden("73", "735")}, {`<td>73<video>5</video>`, hidden("73", "735")}, {`<td>73<object>5</object>`, hidden("73", "735")},
		{`<td>73<dialog>5</dialog>`, hidden("73", "735")}, {`<td>73<dialog open>5</dialog>`, plain("735")},
		{`<td>73<span style="position:absolute;left:-9999px">5</span>`, hidden("73", "735")},
		{`<td>73<span style="position:absolute;left:-9999px;top:0">5</span>`, hidden("73", "735")},
		{`<td>73<span style="position:relative;left:-2px">5</span>`, plain("735")},
		{`<td>73<span style="opacity:0">5</span>`, hidden("73", "735")}, {`<td>73<span style="opacity:.9">5</span>`, plain("735")},
		{`<td>73<span style="text-indent:-999em">5</span>`, hidden("73", "735")},
		{`<td>73<span class=sr>5</span>`, hidden("73", "735")}, {`<td>73<span style="clip-path:inset(100%)">5</span>`, hidden("73", "735")},
		{`<td>73<span style="transform:scale(0)">5</span>`, hidden("73", "735")},
		{`<td>73<span style="visibility:hidden;font-size:9pt">5</span>`, hidden("73", "735")},
		{`<td>73<span style="font-size:0"><b>5</b></span>`, hidden("73", "735")},
		{`<td>73<span style="font-size:0"><b style="font-size:9pt">5</b></span>`, plain("735")},
		{`<td>73<span style="color:transparent">5</span>`, hidden("73", "735")},
		{`<td>73<span style="color:rgba(0,0,0,0)">5<b style="color:red">6</b></span>`, hidden("736", "7356")},
		{`<td>73<font color=white>5</font>`, hidden("73", "735")}, {`<td>73<span class=pale>5</span>`, hidden("73", "735")},
		{`<td bgcolor="#ff0000">73<span style="color:red">5</span>`, hidden("73", "735")}, {`<td bgcolor="#ff0000">73<span style="color:#FE0">5</span>`, plain("735")},
		{`<td bgcolor="#ff0000">73<span style="color:#F00">5</span>`, hidden("73", "735")},
		{`<td class=dark>73<span class=pale>5</span>`, plain("735")}, {`<td style="background:url(a.png)">73<font color=white>5</font>`, plain("735")},
		{`<td class=pale>735`, plain("735")}, {`<td class=pale>73<span style="color:#123">5</span>`, hidden("5", "735")},
		{`<td><input value="735">`, plain("735")}, {`<td><input type=hidden value="735">x`, plain("x")}, {`<td><textarea>735</textarea>`, plain("735")},
		{`<td>73<script>5</script><style>.x{color:red}</style>5`, plain("735")},
		{`<td>73<ruby>5<rp>(</rp></ruby>`, hidden("735", "735(")},
	} {
		b.WriteString(c.cell + "</td>")
		want = append(want, c.want)
	}
	seenCells(t, []byte("<html>"+style+"<table><tr>"+b.String()+"</table>"), "a.html", want)
}

// What a page shows rounded is read as it is stored, as in a workbook, and told.
func TestAFigureShownRoundedIsReadAsStoredInEveryFormat(t *testing.T) {
	for _, c := range []struct{ cell, want string }{
		{`<td x:num="733.46">733`, "733.46"}, {`<td x:num="5.126">5.1`, "5.126"}, {`<td x:num="0.05126">5.1%`, "5.126%"}, {`<td x:num="120413.7">120,414`, "120413.7"},
		{`<td x:num="-8.04">-8.0`, "-8.04"}, {`<td style="mso-number-format:'0\.0'" x:num="8.04">8.0`, "8.04"},
	} {
		f := read(t, []byte("<table><tr>"+c.cell+"</table>"), "a.xls")
		got := cells(t, f.Tables[0])["A1"]
		if got.Text != c.want || got.Why != numfmt.Agrees || noted(f, refusal.NoteRounded) == nil {
			t.Errorf("%s is %+v, notes %+v", c.cell, got, f.Notes)
		}
	}
	for cell, want := range map[string]string{`<td x:num="733.40">733.4`: "733.4", `<td x:num="5126.4">5,126.40`: "5,126.40", `<td x:num="0.051">5.1%`: "5.1%", `<td x:num>733`: "733"} {
		if f := read(t, []byte("<table><tr>"+cell+"</table>"), "a.xls"); cells(t, f.Tables[0])["A1"].Text != want || noted(f, refusal.NoteRounded) != nil {
			t.Errorf("%s is %+v", cell, cells(t, f.Tables[0])["A1"])
		}
	}
}

// Letters in the sheet's own colour beside others are not seen; a ground of another
// colour shows them, and a cell of which all is so says nothing about the eye.
func TestLettersInTheColourOfTheSheetAreTold(t *testing.T) {
	rels := `<Relationships><Relationship Id="r1" Type="x/worksheet" Target="s.xml"/><Relationship Id="r2" Type="x/styles" Target="y.xml"/></Relationships>`
	styles := `<styleSheet><fonts><font><sz val="11"/></font><font><color rgb="FFFFFFFF"/></font></fonts><fills><fill><patternFill patternType="none"/></fill>` +
		`<fill><patternFill patternType="solid"><fgColor rgb="FF203864"/></patternFill></fill><fill><patternFill patternType="solid"><fgColor theme="0"/></patternFill></fill></fills>` +
		`<cellXfs><xf/><xf fillId="1"/><xf fillId="2"/><xf fontId="1"/></cellXfs></styleSheet>`
	run := func(font, text string) string { return `<r><rPr>` + font + `</rPr><t>` + text + `</t></r>` }
	var b strings.Builder
	var want []seenCell
	for i, c := range []struct {
		style, runs string
		want        seenCell
	}{
		{"0", run("", "73") + run(`<color rgb="FFFFFFFF"/>`, "5"), seenCell{"735", numfmt.HiddenText, "73", "73"}},
		{"0", run("", "8.1") + run(`<color theme="0"/>`, "2"), seenCell{"8.12", numfmt.HiddenText, "8.1", "8.1"}},
		{"2", run(`<color indexed="9"/>`, "1") + run("", "204"), seenCell{"1204", numfmt.HiddenText, "204", "204"}},
		{"0", run("", "73") + run(`<sz val="1"/>`, "5"), seenCell{"735", numfmt.HiddenText, "73", "73"}},
		{"1", run(`<color rgb="FFFF0000"/>`, "73") + run(`<color rgb="FFFFFFFF"/>`, "5"), seenCell{"735", numfmt.Agrees, "", ""}},
		{"0", run("", "73") + run(`<color theme="0" tint="-0.5"/>`, "5"), seenCell{"735", numfmt.Agrees, "", ""}},
		{"0", run(`<color rgb="FFFFFFFF"/>`, "735"), seenCell{"735", numfmt.Agrees, "", ""}},
		{"3", `<r><t>73</t></r>` + run(`<b/>`, "5"), seenCell{"735", numfmt.HiddenText, "5", "5"}},
	} {
		fmt.Fprintf(&b, `<c r="%s1" s="%s" t="inlineStr"><is>%s</is></c>`, schema.ColumnName(i+1), c.style, c.runs)
		want = append(want, c.want)
	}
	seenCells(t, packed(t, "[Content_Types].xml", "", "_rels/.rels", rootRels, "xl/workbook.xml", book, "xl/_rels/workbook.xml.rels", rels,
		"xl/s.xml", sheetXML(`<row r="1">`+b.String()+`</row>`), "xl/y.xml", styles), "a.xlsx", want)
	font := func(height, colour uint16) []byte {
		return rec(recFont, height, uint16(0), colour, uint16(400), uint16(0), make([]byte, 4), byte(1), byte(0), "A")
	}
	style := func(pattern byte, colour uint16) []byte {
		return rec(recXF, uint16(0), uint16(0), make([]byte, 13), pattern<<2, colour)
	}
	rich := func(column, xf int) []byte {
		return rec(recRString, uint16(0), uint16(column), uint16(xf), uint16(3), byte(0), "735", uint16(1), uint16(2), uint16(1))
	}
	seenCells(t, xlsOf(cat(font(220, 0x7fff), font(220, 9), font(20, 8), style(0, 0), style(1, 18), style(1, 9)),
		biffSheetOf{"a", 0, 0, cat(rich(0, 0), rich(1, 1), rich(2, 2))}), "a.et",
		[]seenCell{{"735", numfmt.HiddenText, "73", "73"}, {"735", numfmt.Agrees, "", ""}, {"735", numfmt.HiddenText, "73", "73"}})
}

// Rows and columns too small to be seen are hidden, in every format.
func TestWhatHasNoSizeIsHidden(t *testing.T) {
	number := func(row, column int) []byte { return rec(recNumber, uint16(row), uint16(column), uint16(0), 7.0) }
	height := func(row int, twips, flags uint16) []byte {
		return rec(recRow, uint16(row), uint16(0), uint16(3), twips, uint16(0), uint16(0), uint32(flags))
	}
	width := func(column int, w, flags uint16) []byte {
		return rec(recColInfo, uint16(column), uint16(column), w, uint16(0), flags, uint16(0))
	}
	for name, data := range map[string][]byte{
		"a.xlsx": crafted(t, `<worksheet><cols><col min="2" max="2" width="0.08"/><col min="3" max="3" width="8"/></cols><sheetData><row r="1"><c><v>7</v></c><c><v>7</v></c><c><v>7</v></c></row>`+
			`<row r="2" ht="0.2" customHeight="1"><c><v>7</v></c></row><row r="3" ht="13.5"><c><v>7</v></c></row></sheetData></worksheet>`),
		"b.xlsx": crafted(t, `<worksheet><sheetFormatPr zeroHeight="1"/><cols><col min="2" max="2" width="0"/></cols><sheetData><row r="1" ht="14"><c><v>7</v></c><c><v>7</v></c><c><v>7</v></c></row>`+
			`<row r="2"><c><v>7</v></c></row><row r="3" hidden="0"><c><v>7</v></c></row></sheetData></worksheet>`),
		"a.xls":  xlsOf(xf(0), biffSheetOf{"a", 0, 0, cat(width(1, 30, 0), width(2, 2048, 0), height(0, 270, 0), height(1, 4, 0x40), height(2, 270, 0x40), number(0, 0), number(0, 1), number(0, 2), number(1, 0), number(2, 0))}),
		"a.html": []byte(`<table><col><col width="0px"><col width=9><tr><td>7<td>7<td>7<tr style="height:0"><td>7<tr height=13><td>7</table>`),
	} {
		tab := read(t, data, name).Tables[0]
		if tab.ColumnHidden(1) || !tab.ColumnHidden(2) || tab.ColumnHidden(3) {
			t.Errorf("%s: hidden columns %v", name, tab.HiddenColumns)
		}
		for row, err := range tab.Rows(t.Context()) {
			if must(t, err); row.Hidden != (row.Number == 2) {
				t.Errorf("%s: row %d is hidden: %v", name, row.Number, row.Hidden)
			}
		}
	}
}

// Any merged areas over any texts: a covered cell is told exactly where it holds
// something else than the cell over it, in a workbook and an old one, held or not.
func TestCoveredCellsAreTold(t *testing.T) {
	for seed := range uint64(150) {
		r := rand.New(rand.NewPCG(seed, 18))
		const rows, columns = 9, 6
		texts, taken := [rows + 1][columns + 1]string{}, [rows + 1][columns + 1]*Merge{}
		var sheet, merges strings.Builder
		var records, areas []byte
		for y := 1; y <= rows; y++ {
			fmt.Fprintf(&sheet, `<row r="%d">`, y)
			for x := 1; x <= columns; x++ {
				if texts[y][x] = []string{"", "甲", "甲", "乙", "丙 "}[r.IntN(5)]; texts[y][x] == "" {
					continue
				}
				fmt.Fprintf(&sheet, `<c r="%s%d" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>`, schema.ColumnName(x), y, texts[y][x])
				records = append(records, rec(recLabel, uint16(y-1), uint16(x-1), uint16(0), uint16(len([]rune(texts[y][x]))), byte(1), wide(texts[y][x]))...)
			}
			sheet.WriteString("</row>")
		}
		n := 0
		for range 6 {
			m := Merge{1 + r.IntN(rows), 0, 1 + r.IntN(columns), 0}
			m.LastRow, m.LastColumn = min(rows, m.FirstRow+r.IntN(4)), min(columns, m.FirstColumn+r.IntN(3))
			free := true
			for y := m.FirstRow; y <= m.LastRow; y++ {
				for x := m.FirstColumn; x <= m.LastColumn; x++ {
					free = free && taken[y][x] == nil
				}
			}
			for y := m.FirstRow; free && y <= m.LastRow; y++ {
				for x := m.FirstColumn; x <= m.LastColumn; x++ {
					taken[y][x] = &m
				}
			}
			if free {
				n++
				fmt.Fprintf(&merges, `<mergeCell ref="%s%d:%s"/>`, schema.ColumnName(m.FirstColumn), m.FirstRow, m.end())
				areas = append(areas, bin(uint16(m.FirstRow-1), uint16(m.LastRow-1), uint16(m.FirstColumn-1), uint16(m.LastColumn-1))...)
			}
		}
		for name, data := range map[string][]byte{
			"a.xlsx": crafted(t, `<worksheet><sheetData>`+sheet.String()+`</sheetData><mergeCells>`+merges.String()+`</mergeCells></worksheet>`),
			"a.xls":  xlsOf(xf(0), biffSheetOf{"a", 0, 0, cat(records, rec(recMerged, uint16(n), areas))}),
		} {
			tab := read(t, data, name).Tables[0]
			for _, answer := range []string{"", "stored", "shown"} {
				as := tab
				if answer != "" {
					as = tab.Uncovered(answer == "stored")
				}
				got := cells(t, as)
				for y := 1; y <= rows; y++ {
					for x := 1; x <= columns; x++ {
						c, text, m := got[fmt.Sprintf("%s%d", schema.ColumnName(x), y)], texts[y][x], taken[y][x]
						differs := m != nil && strings.TrimSpace(text) != "" && strings.TrimSpace(text) != strings.TrimSpace(texts[m.FirstRow][m.FirstColumn])
						shown := ""
						if differs && x == m.FirstColumn {
							shown = strings.TrimSpace(texts[m.FirstRow][m.FirstColumn])
						}
						want := text
						if differs && answer == "shown" {
							want = shown
						}
						told := differs && answer == ""
						if c.Text != want || told != (c.Why == numfmt.Covered && c.Text != "") || told && c.Shown != shown {
							t.Fatalf("seed %d, %s, %q: row %d column %d holds %q: %+v", seed, name, answer, y, x, text, c)
						}
					}
				}
			}
		}
	}
}

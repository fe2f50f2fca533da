package table

import (
	"fmt"
	"html"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf16"

	"yardstick/collectors/table/numfmt"
	"yardstick/collectors/table/spelling"
)

// piece is a stretch of a made-up text: how it stands out, and how each format
// writes that.
type piece struct {
	text string
	kind int // of pieces
}

// pieces: plain, raised, lowered, struck.
func pieceKinds() []struct {
	why                  numfmt.Doubt
	xlsx, open, end      string
	font                 uint16 // of the old workbook
	digits, before, tail string
} {
	return []struct {
		why                  numfmt.Doubt
		xlsx, open, end      string
		font                 uint16
		digits, before, tail string
	}{
		{numfmt.Agrees, "", "<b>", "</b>", 0, "", "", ""},
		{numfmt.Raised, `<vertAlign val="superscript"/>`, "<sup>", "</sup>", 1, "⁰¹²³⁴⁵⁶⁷⁸⁹", "^(", ")"},
		{numfmt.Raised, `<vertAlign val="subscript"/>`, `<span style="vertical-align:sub">`, "</span>", 2, "₀₁₂₃₄₅₆₇₈₉", "_(", ")"},
		{numfmt.Struck, `<strike/>`, `<span class="off">`, "</span>", 3, "", "", ""},
	}
}

// madeTruth is what must be said of the pieces.
func madeTruth(all []piece) seenCell {
	var w seenCell
	kinds := pieceKinds()
	for i, p := range all {
		w.text += p.text
		k := kinds[p.kind]
		if w.why != numfmt.Struck && k.why != numfmt.Agrees {
			w.why = k.why
		}
		if k.why == numfmt.Agrees {
			w.bare += p.text
		}
		if k.why == numfmt.Struck || i > 0 && all[i-1].kind == p.kind {
			continue // a run goes on
		}
		run := p.text
		for j := i + 1; j < len(all) && all[j].kind == p.kind; j++ {
			run += all[j].text
		}
		switch {
		case k.why == numfmt.Agrees:
			w.shown += run
		case strings.Trim(run, "0123456789") == "":
			for _, d := range run {
				w.shown += string([]rune(k.digits)[d-'0'])
			}
		default:
			w.shown += k.before + run + k.tail
		}
	}
	if w.why == numfmt.Agrees {
		w.shown, w.bare = "", ""
	}
	return w
}

// Texts of any pieces say the same in a workbook, an old workbook and a page:
// what is stored, what is seen, and what stands out.
func TestAnyTextSaysWhatIsSeenInEveryFormat(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 23))
	words := []string{"4", "17", "733", "5.9", "绿地", "面积", "a", "注", "80"}
	const n = 400
	var want []seenCell
	var xlsx, page strings.Builder
	var texts, sheet []byte
	kinds := pieceKinds()
	for i := range n {
		var all []piece
		for range 1 + r.IntN(4) {
			all = append(all, piece{words[r.IntN(len(words))], r.IntN(len(kinds)) * r.IntN(2)})
		}
		want = append(want, madeTruth(all))
		fmt.Fprintf(&xlsx, `<row r="%d"><c r="A%d" t="inlineStr"><is>`, i+1, i+1)
		page.WriteString("<tr><td>")
		var whole string
		var changes []uint16
		for _, p := range all {
			k := kinds[p.kind]
			fmt.Fprintf(&xlsx, "<r><rPr>%s</rPr><t>%s</t></r>", k.xlsx, p.text)
			page.WriteString(k.open + html.EscapeString(p.text) + k.end)
			changes = append(changes, uint16(len(utf16.Encode([]rune(whole)))), k.font)
			whole += p.text
		}
		xlsx.WriteString("</is></c></row>")
		record := bin(uint16(len([]rune(whole))), byte(8|1), uint16(len(changes)/2), wide(whole))
		for _, c := range changes {
			record = append(record, bin(c)...)
		}
		kind := recSST
		if i > 0 {
			kind = recContinue
		} else {
			record = append(bin(uint32(n), uint32(n)), record...)
		}
		texts = append(texts, rec(kind, record)...)
		sheet = append(sheet, rec(recLabelSST, uint16(i), uint16(0), uint16(0), uint32(i))...)
	}
	globals := cat(xlsFont(false, 0), xlsFont(false, 1), xlsFont(false, 2), xlsFont(true, 0), xf(0), texts)
	for name, data := range map[string][]byte{
		"a.xlsx": styledBook(t, sheetXML(xlsx.String()), ""),
		"a.et":   xlsOf(globals, biffSheetOf{"a", 0, 0, sheet}),
		"a.html": []byte("<style>.off{text-decoration:line-through}</style><table>" + page.String() + "</table>"),
	} {
		got := cells(t, read(t, data, name).Tables[0])
		for i, w := range want {
			c := got[fmt.Sprintf("A%d", i+1)]
			if g := (seenCell{c.Text, c.Why, c.Shown, c.Bare}); g != w {
				t.Fatalf("%s, row %d: %+v, want %+v", name, i+1, g, w)
			}
		}
	}
}

func TestANoBreakBlankGoesWhereItPartsNothing(t *testing.T) {
	for text, want := range map[string]string{"绿\u00a0地": "绿地", "\u00a0绿地\u00a0": "\u00a0绿地\u00a0", "4\u00a0100": "4\u00a0100", "绿\u00a0a": "绿\u00a0a",
		"绿\u200b\u00a0\u200b地": "绿地", "绿\u00a0\u00a0地": "绿\u00a0\u00a0地", "": ""} {
		if got := spelling.Visible(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

// Signs without width are seen by nobody, in no format.
func TestSignsWithoutWidthAreTakenOut(t *testing.T) {
	text := "绿\u200b地\ufeff面\u2060积\u00ad"
	files := map[string][]byte{
		"a.csv":  []byte("x,y\n" + text + ",\u200e4\u200f\n"),
		"b.csv":  []byte("x,y\n" + text + ",\"4\u200b\"\n7,\"8\n9,1\n"),
		"a.html": []byte("<table><tr><td>x<td>y<tr><td>" + text + "<td>&#8203;4</table>"),
		"a.xlsx": crafted(t, sheetXML(`<row r="2"><c r="A2" t="inlineStr"><is><t>`+text+`</t></is></c><c r="B2" t="str"><v>4`+"\u200b"+`</v></c></row>`)),
		"a.xls":  xlsOf(nil, biffSheetOf{"a", 0, 0, cat(rec(recLabel, uint16(1), uint16(0), uint16(0), uint16(8), byte(1), wide(text)), rec(recLabel, uint16(1), uint16(1), uint16(0), uint16(2), byte(1), wide("4\u200b")))}),
		"a.slk":  []byte("ID;PWXL;N;E\nC;Y2;X1;K\"" + text + "\"\nC;X2;K\"4\u200b\"\nE\n"),
	}
	for name, data := range files {
		got := cells(t, read(t, data, name).Tables[0])
		if got["A2"].Text != "绿地面积" || got["B2"].Text != "4" {
			t.Errorf("%s: %q %q", name, got["A2"].Text, got["B2"].Text)
		}
	}
}

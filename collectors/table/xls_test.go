package table

import (
	"bytes"
	"math"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"yardstick/collectors/table/numfmt"
	"yardstick/collectors/table/refusal"
)

type biffSheetOf struct {
	name    string
	state   byte
	kind    byte
	records []byte
}

// xlsOf writes an old workbook; globals stand before its sheets.
func xlsOf(globals []byte, sheets ...biffSheetOf) []byte {
	bof := func(kind int) []byte { return rec(recBOF, uint16(0x600), uint16(kind), make([]byte, 12)) }
	build := func(at []int) ([]byte, []int) {
		out := append(bof(5), globals...)
		for i, s := range sheets {
			out = append(out, rec(recBoundSheet, uint32(at[i]), s.state, s.kind, byte(len([]rune(s.name))), byte(1), wide(s.name))...)
		}
		out = append(out, rec(recEOF)...)
		var starts []int
		for _, s := range sheets {
			starts = append(starts, len(out))
			out = append(append(append(out, bof(16)...), s.records...), rec(recEOF)...)
		}
		return out, starts
	}
	_, at := build(make([]int, len(sheets)))
	stream, _ := build(at)
	return ole("Workbook", stream)
}

func xf(format int) []byte { return rec(recXF, uint16(0), uint16(format), make([]byte, 16)) }

func cat(parts ...[]byte) []byte { return slices.Concat(parts...) }

// sampleXLS holds each kind of record once.
func sampleXLS() []byte {
	code := `0.00"万亩"`
	globals := cat(
		rec(recFormat, uint16(200), uint16(len([]rune(code))), byte(1), wide(code)),
		xf(0), xf(2), xf(10), xf(57), xf(200), xf(14),
		// Four texts: two bytes a character, cut in the middle and gone on with one; rich, with a guide; plain.
		rec(recSST, uint32(5), uint32(4), uint16(8), byte(1), wide("大连GD")), rec(recContinue, byte(0), "P(A)"),
		rec(recContinue, uint16(3), byte(8|1), uint16(1), wide("地区名"), uint32(7), uint16(4), byte(4), uint32(3), "note", "xyz", uint16(2), byte(0), "ab"),
	)
	rk := func(v int32, flags uint32) uint32 { return uint32(v)<<2 | flags }
	chart := cat(rec(recBOF, uint16(0x600), uint16(0x20), make([]byte, 12)), rec(recNumber, uint16(0), uint16(0), uint16(0), 99.0), rec(recEOF))
	main := cat(
		rec(recDimensions, uint32(0), uint32(9), uint16(0), uint16(6), uint16(0)),
		rec(recColInfo, uint16(1), uint16(2), uint16(0), uint16(0), uint16(1), uint16(0)),
		rec(recRow, uint16(2), make([]byte, 10), uint32(0x20)),
		chart,
		rec(recLabelSST, uint16(0), uint16(0), uint16(0), uint32(0)), rec(recLabelSST, uint16(0), uint16(1), uint16(0), uint32(1)),
		rec(recLabelSST, uint16(0), uint16(2), uint16(0), uint32(2)), rec(recLabelSST, uint16(0), uint16(3), uint16(0), uint32(3)),
		rec(recLabel, uint16(0), uint16(4), uint16(0), uint16(2), byte(1), wide("标签")),
		rec(recNumber, uint16(1), uint16(0), uint16(1), 2152.4),
		rec(recRK, uint16(1), uint16(1), uint16(0), rk(-95169, 3)),
		rec(recRK, uint16(1), uint16(2), uint16(0), uint32(math.Float64bits(1.5)>>32)),
		rec(recMulRK, uint16(1), uint16(3), uint16(2), rk(1380, 3), uint16(4), rk(43, 2), uint16(4)),
		rec(recNumber, uint16(2), uint16(0), uint16(3), 45901.0), rec(recNumber, uint16(2), uint16(1), uint16(5), 45901.0),
		rec(recBoolErr, uint16(3), uint16(0), uint16(0), byte(1), byte(0)), rec(recBoolErr, uint16(3), uint16(1), uint16(0), byte(0x2a), byte(1)),
		rec(recFormula, uint16(4), uint16(0), uint16(0), 7.25, make([]byte, 8)),
		rec(recFormula, uint16(4), uint16(1), uint16(0), byte(0), make([]byte, 5), uint16(0xffff), make([]byte, 8)), rec(recString, uint16(2), byte(0), "ok"),
		rec(recFormula, uint16(4), uint16(2), uint16(0), byte(2), byte(0), byte(7), make([]byte, 3), uint16(0xffff), make([]byte, 8)),
		rec(recFormula, uint16(4), uint16(3), uint16(0), byte(3), make([]byte, 5), uint16(0xffff), make([]byte, 8)),
		rec(0x0201, uint16(7), uint16(0), uint16(0)), rec(0x00be, uint16(8), uint16(0), uint16(0), uint16(0), uint16(1)),
		rec(recMerged, uint16(1), uint16(0), uint16(1), uint16(0), uint16(0)),
	)
	return xlsOf(globals, biffSheetOf{"数据", 0, 0, main}, biffSheetOf{"底稿", 1, 0, rec(recNumber, uint16(0), uint16(0), uint16(0), 1.0)},
		biffSheetOf{"空", 0, 0, nil}, biffSheetOf{"图", 0, 2, nil})
}

func TestAnOldWorkbookIsRead(t *testing.T) {
	f := read(t, sampleXLS(), "季报.et")
	if f.Format != "xls" || len(f.Tables) != 2 || f.Tables[0].Sheet != "数据" || !f.Tables[1].Hidden || f.Tables[0].Hidden {
		t.Fatalf("%+v", f)
	}
	main := f.Tables[0]
	got := cells(t, main)
	for name, want := range map[string]string{"A1": "大连GDP(A)", "B1": "地区名", "C1": "note", "D1": "ab", "E1": "标签", "A2": "2152.40", "B2": "-951.69", "C2": "1.5",
		"D2": "1380.00%", "E2": "43.00", "A3": "2025-09", "B3": "2025-09-01", "A4": "TRUE", "B4": "#N/A", "A5": "7.25", "B5": "ok", "C5": "#DIV/0!"} {
		if got[name].Text != want {
			t.Errorf("%s is %q, want %q", name, got[name].Text, want)
		}
	}
	if len(got) != 18 || got["D5"].Why != numfmt.FormulaEmpty || main.Records != 5 || !got["A5"].Formula || !got["B5"].Formula || got["A3"].Shows != numfmt.ShowsMonth || got["E2"].Shown != "43.00万亩" || !got["D2"].Percent {
		t.Errorf("%d cells: %+v", len(got), got)
	}
	if m, ok := main.Merged(2, 1); !ok || m != (Merge{1, 2, 1, 1}) || !main.ColumnHidden(3) || main.ColumnHidden(1) {
		t.Errorf("%v %v", main.Merges, main.HiddenColumns)
	}
	for _, code := range []string{refusal.NoteRowsHidden, refusal.NoteColumnHidden, refusal.NoteMerged, refusal.NoteFormula, refusal.NoteErrors, refusal.NoteSheetHidden, refusal.NoteSheetEmpty, refusal.NoteSheetOther} {
		if n := noted(f, code); n == nil {
			t.Errorf("%s is not told", code)
		} else {
			whole(t, n.Text)
		}
	}
}

func TestAnOldWorkbookOfTheMacCountsFrom1904(t *testing.T) {
	data := xlsOf(cat(rec(recDateMode, uint16(1)), xf(14)), biffSheetOf{"a", 0, 0, rec(recNumber, uint16(0), uint16(0), uint16(0), 44439.0)})
	if got := cells(t, read(t, data, "a.xls").Tables[0])["A1"]; got.Text != "2025-09-01" {
		t.Errorf("%+v", got)
	}
}

// Texts of every length and width, cut by continuations at every place.
func TestSharedTextsAreReadAcrossContinuations(t *testing.T) {
	want := []string{"plain", "大连市国民经济", strings.Repeat("长", 300), "a"}
	for limit := 20; limit < 60; limit++ {
		out, current := []byte(nil), bin(uint32(4), uint32(4))
		kind := recSST
		flush := func() {
			out = append(out, rec(kind, current)...)
			kind, current = recContinue, nil
		}
		for _, text := range want {
			units, flag := utf16.Encode([]rune(text)), byte(0)
			if units[0] > 255 {
				flag = 1
			}
			if len(current)+4 > limit {
				flush()
			}
			current = append(current, bin(uint16(len(units)), flag)...)
			for _, u := range units {
				if len(current)+2 > limit {
					flush()
					current = append(current, flag)
				}
				if current = append(current, byte(u)); flag == 1 {
					current = append(current, byte(u>>8))
				}
			}
		}
		flush()
		var sheet []byte
		for i := range want {
			sheet = append(sheet, rec(recLabelSST, uint16(i), uint16(0), uint16(0), uint32(i))...)
		}
		_, rows := rowsOf(t, xlsOf(out, biffSheetOf{"a", 0, 0, sheet}))
		for i, text := range want {
			if rows[i][0] != text {
				t.Fatalf("cut at %d: %q, want %q", limit, rows[i][0], text)
			}
		}
	}
}

// Any byte of an old workbook may be anything.
func TestADamagedOldWorkbookNeverPanics(t *testing.T) {
	whole := sampleXLS()
	for i := range whole {
		if whole[i] == 0xff && i > 512 || whole[i] == 0 && i%9 > 0 { // what is empty, a part of it
			continue
		}
		for _, b := range []byte{0, 0xff, whole[i] + 1} {
			data := slices.Clone(whole)
			data[i] = b
			if _, _, err := Read(t.Context(), bytes.NewReader(data), "a.xls", Limits{}); err != nil {
				t.Fatalf("byte %d as %d: %v", i, b, err)
			}
		}
	}
	for n := range len(whole) {
		if n%7 == 0 {
			if _, _, err := Read(t.Context(), bytes.NewReader(whole[:n]), "a.xls", Limits{}); err != nil {
				t.Fatalf("cut at %d: %v", n, err)
			}
		}
	}
}

package pipeline

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Number is a cell that a workbook holds as a number.
type Number string

// Sheet is one sheet to write: cells are strings, Numbers or nil. Merges are
// first row, last row, first column and last column, from 1.
type Sheet struct {
	Name   string
	Hidden bool
	Rows   [][]any
	Merges [][4]int
}

// XLS writes an old workbook (BIFF8), as Excel 97 and WPS (.et) do.
func XLS(sheets ...Sheet) []byte {
	bof := func(kind int) []byte { return Record(0x0809, uint16(0x600), uint16(kind), make([]byte, 12)) }
	bodies := make([][]byte, len(sheets))
	for i, s := range sheets {
		bodies[i] = slices.Concat(bof(16), records(s), Record(0x000a))
	}
	build := func(at []int) (out []byte, starts []int) {
		out = append(bof(5), Record(0x00e0, uint16(0), uint16(0), make([]byte, 16))...)
		for i, s := range sheets {
			hidden := byte(0)
			if s.Hidden {
				hidden = 1
			}
			name := Wide(s.Name)
			out = append(out, Record(0x0085, uint32(at[i]), hidden, byte(0), byte(len(name)/2), byte(1), name)...)
		}
		out = append(out, Record(0x000a)...)
		for _, b := range bodies {
			starts = append(starts, len(out))
			out = append(out, b...)
		}
		return out, starts
	}
	_, at := build(make([]int, len(sheets)))
	stream, _ := build(at)
	return OLE("Workbook", stream)
}

func records(s Sheet) []byte {
	wide := 0
	var cells []byte
	for r, row := range s.Rows {
		wide = max(wide, len(row))
		for c, cell := range row {
			switch v := cell.(type) {
			case Number:
				f, err := strconv.ParseFloat(string(v), 64)
				if err != nil {
					panic(fmt.Sprintf("%q is no number", v))
				}
				cells = append(cells, Record(0x0203, uint16(r), uint16(c), uint16(0), f)...)
			case string:
				if v != "" {
					text := Wide(v)
					cells = append(cells, Record(0x0204, uint16(r), uint16(c), uint16(0), uint16(len(text)/2), byte(1), text)...)
				}
			}
		}
	}
	out := append(Record(0x0200, uint32(0), uint32(len(s.Rows)), uint16(0), uint16(wide), uint16(0)), cells...)
	if len(s.Merges) > 0 {
		merged := Bytes(uint16(len(s.Merges)))
		for _, m := range s.Merges {
			merged = append(merged, Bytes(uint16(m[0]-1), uint16(m[1]-1), uint16(m[2]-1), uint16(m[3]-1))...)
		}
		out = append(out, Record(0x00e5, merged)...)
	}
	return out
}

// XLSX writes a workbook of today.
func XLSX(sheets ...Sheet) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	put := func(name, text string) {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(text))
		}
		if err != nil {
			panic(err) // a buffer does not fail
		}
	}
	const main = `http://schemas.openxmlformats.org/spreadsheetml/2006/main`
	const office = `http://schemas.openxmlformats.org/officeDocument/2006/relationships`
	const pack = `http://schemas.openxmlformats.org/package/2006/`
	types, list, links := "", "", ""
	for i, s := range sheets {
		n, state := i+1, ""
		if s.Hidden {
			state = ` state="hidden"`
		}
		types += fmt.Sprintf(`<Override PartName="/xl/worksheets/sheet%d.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>`, n)
		list += fmt.Sprintf(`<sheet name="%s" sheetId="%d" r:id="rId%d"%s/>`, escaped(s.Name), n, n, state)
		links += fmt.Sprintf(`<Relationship Id="rId%d" Type="%s/worksheet" Target="worksheets/sheet%d.xml"/>`, n, office, n)
	}
	put("[Content_Types].xml", `<?xml version="1.0" encoding="UTF-8"?><Types xmlns="`+pack+`content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>`+
		`<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>`+types+`</Types>`)
	put("_rels/.rels", `<Relationships xmlns="`+pack+`relationships"><Relationship Id="rId1" Type="`+office+`/officeDocument" Target="xl/workbook.xml"/></Relationships>`)
	put("xl/workbook.xml", `<workbook xmlns="`+main+`" xmlns:r="`+office+`"><sheets>`+list+`</sheets></workbook>`)
	put("xl/_rels/workbook.xml.rels", `<Relationships xmlns="`+pack+`relationships">`+links+`</Relationships>`)
	for i, s := range sheets {
		put(fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1), `<worksheet xmlns="`+main+`">`+sheetXML(s)+`</worksheet>`)
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func sheetXML(s Sheet) string {
	var b strings.Builder
	b.WriteString("<sheetData>")
	for r, row := range s.Rows {
		fmt.Fprintf(&b, `<row r="%d">`, r+1)
		for c, cell := range row {
			at := cellName(r+1, c+1)
			switch v := cell.(type) {
			case Number:
				fmt.Fprintf(&b, `<c r="%s"><v>%s</v></c>`, at, v)
			case string:
				if v != "" {
					fmt.Fprintf(&b, `<c r="%s" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>`, at, escaped(v))
				}
			}
		}
		b.WriteString("</row>")
	}
	b.WriteString("</sheetData>")
	if len(s.Merges) > 0 {
		fmt.Fprintf(&b, `<mergeCells count="%d">`, len(s.Merges))
		for _, m := range s.Merges {
			fmt.Fprintf(&b, `<mergeCell ref="%s:%s"/>`, cellName(m[0], m[2]), cellName(m[1], m[3]))
		}
		b.WriteString("</mergeCells>")
	}
	return b.String()
}

func cellName(row, column int) string {
	name := ""
	for ; column > 0; column = (column - 1) / 26 {
		name = string(rune('A'+(column-1)%26)) + name
	}
	return name + strconv.Itoa(row)
}

func escaped(s string) string {
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(s)); err != nil {
		panic(err)
	}
	return b.String()
}

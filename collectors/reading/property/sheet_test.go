package property

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"html"
	"strconv"
	"strings"

	"yardstick/schema"
)

// cell is one cell of a made-up sheet.
type cell struct {
	text   string
	number bool // a workbook holds it as a number
	across int  // columns it is merged over; 0: its own
	down   int  // rows
}

func t(text string) cell { return cell{text: text} }

// n is a figure as written.
func n(text string) cell { return cell{text: text, number: true} }

// wide is a cell merged over so many columns, with those it covers.
func wide(text string, columns int) []cell {
	return append([]cell{{text: text, across: columns}}, make([]cell, columns-1)...)
}

// tall is a cell merged over so many rows.
func tall(text string, rows int) cell { return cell{text: text, down: rows} }

// fact is one figure that a made-up sheet holds.
type fact struct {
	names  []string // what a person would call it; any will do
	region string
	period schema.Period
	basis  schema.Basis // "" the sheet does not say
	value  string       // as written
	units  []string     // any will do
}

// book is a made-up sheet with what it says.
type book struct {
	rows  [][]cell
	facts []fact
	lacks map[string]bool // what no reader can know: must be asked
	may   map[string]bool // what a careful reader may ask, too
}

func (b *book) add(cells ...cell) { b.rows = append(b.rows, cells) }

func (b *book) lack(what string) {
	if b.lacks == nil {
		b.lacks = map[string]bool{}
	}
	b.lacks[what] = true
}

func (b *book) maybe(what string) {
	if b.may == nil {
		b.may = map[string]bool{}
	}
	b.may[what] = true
}

// square fills every row up to the widest.
func (b *book) square() {
	width := 0
	for _, r := range b.rows {
		width = max(width, len(r))
	}
	for i := range b.rows {
		for len(b.rows[i]) < width {
			b.rows[i] = append(b.rows[i], cell{})
		}
	}
}

// csv writes the sheet as text; square, as spreadsheets do.
func (b *book) csv(bom bool) []byte {
	var out strings.Builder
	if bom {
		out.WriteString("\ufeff")
	}
	for _, row := range b.rows {
		for i, c := range row {
			if i > 0 {
				out.WriteByte(',')
			}
			text := c.text
			if strings.ContainsAny(text, ",\"\r\n") {
				text = `"` + strings.ReplaceAll(text, `"`, `""`) + `"`
			}
			out.WriteString(text)
		}
		out.WriteString("\r\n")
	}
	return []byte(out.String())
}

// html writes the sheet as a page.
func (b *book) html() []byte {
	covered := map[[2]int]bool{}
	var out strings.Builder
	out.WriteString("<html><head><meta charset=\"utf-8\"></head><body><table border=1>\n")
	for r, row := range b.rows {
		out.WriteString("<tr>")
		for i, c := range row {
			if covered[[2]int{r, i}] {
				continue
			}
			span := ""
			if c.across > 1 {
				span += fmt.Sprintf(` colspan="%d"`, c.across)
			}
			if c.down > 1 {
				span += fmt.Sprintf(` rowspan="%d"`, c.down)
			}
			for dr := range max(1, c.down) {
				for dc := range max(1, c.across) {
					covered[[2]int{r + dr, i + dc}] = true
				}
			}
			out.WriteString("<td" + span + ">" + html.EscapeString(c.text) + "</td>")
		}
		out.WriteString("</tr>\n")
	}
	out.WriteString("</table></body></html>")
	return []byte(out.String())
}

const (
	spreadsheet = `http://schemas.openxmlformats.org/spreadsheetml/2006/main`
	office      = `http://schemas.openxmlformats.org/officeDocument/2006/relationships`
	pack        = `http://schemas.openxmlformats.org/package/2006/`
)

// xlsx writes the sheet as a workbook, with its merged cells or without, and
// with a sheet of words behind it or without.
func (b *book) xlsx(merged, notes bool) []byte {
	var data, merges strings.Builder
	for r, row := range b.rows {
		fmt.Fprintf(&data, `<row r="%d">`, r+1)
		for i, c := range row {
			at := place(r+1, i+1)
			plain := strings.ReplaceAll(c.text, ",", "")
			if _, err := strconv.ParseFloat(plain, 64); err == nil && c.number {
				fmt.Fprintf(&data, `<c r="%s"><v>%s</v></c>`, at, plain)
			} else if c.text != "" {
				fmt.Fprintf(&data, `<c r="%s" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>`, at, escaped(c.text))
			}
			if c.across > 1 || c.down > 1 {
				fmt.Fprintf(&merges, `<mergeCell ref="%s:%s"/>`, at, place(r+max(1, c.down), i+max(1, c.across)))
			}
		}
		data.WriteString("</row>")
	}
	sheet := `<worksheet xmlns="` + spreadsheet + `"><sheetData>` + data.String() + `</sheetData>`
	if merged && merges.Len() > 0 {
		sheet += "<mergeCells>" + merges.String() + "</mergeCells>"
	}
	const second = `<Override PartName="/xl/worksheets/sheet2.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>`
	types, list, links, words := "", "", "", ""
	if notes {
		types, list = second, `<sheet name="填报说明" sheetId="2" r:id="rId2"/>`
		links = `<Relationship Id="rId2" Type="` + office + `/worksheet" Target="worksheets/sheet2.xml"/>`
		words = `<worksheet xmlns="` + spreadsheet + `"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>填报说明</t></is></c></row>` +
			`<row r="2"><c r="A2" t="inlineStr"><is><t>请于每月十五日前报送。</t></is></c></row></sheetData></worksheet>`
	}
	return zipped(map[string]string{
		"[Content_Types].xml": `<?xml version="1.0" encoding="UTF-8"?><Types xmlns="` + pack + `content-types"><Default Extension="rels" ` +
			`ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ` +
			`ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ` +
			`ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>` + types + `</Types>`,
		"_rels/.rels": `<Relationships xmlns="` + pack + `relationships"><Relationship Id="rId1" Type="` + office +
			`/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml": `<workbook xmlns="` + spreadsheet + `" xmlns:r="` + office + `"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/>` + list + `</sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships xmlns="` + pack + `relationships"><Relationship Id="rId1" Type="` + office +
			`/worksheet" Target="worksheets/sheet1.xml"/>` + links + `</Relationships>`,
		"xl/worksheets/sheet1.xml": sheet + `</worksheet>`,
		"xl/worksheets/sheet2.xml": words,
	})
}

func zipped(parts map[string]string) []byte {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, name := range []string{"[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"} {
		if parts[name] == "" {
			continue
		}
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(parts[name]))
		}
		if err != nil {
			panic(err) // a buffer does not fail
		}
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return out.Bytes()
}

// place names a cell: B7.
func place(row, column int) string {
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

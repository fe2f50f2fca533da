package docx

import (
	"fmt"
	"strings"

	"yardstick/dashboards/brief/paper"
	"yardstick/schema"
)

// blocks writes title and blocks into the body.
func (x *writer) blocks() error {
	x.paragraph("Title", text(x.doc.Title))
	for _, s := range x.doc.Subtitle {
		x.paragraph("Subtitle", text(s))
	}
	for i, b := range x.doc.Blocks {
		if err := x.block(b, i == 0); err != nil {
			return err
		}
	}
	return nil
}

func (x *writer) block(b paper.Block, first bool) error {
	switch b := b.(type) {
	case paper.Heading:
		x.heading(b)
	case paper.Paragraph:
		keep := ""
		if b.Keep {
			keep = `<w:keepNext/>`
		}
		style := map[paper.Style]string{paper.Body: "BodyText", paper.Note: "Note", paper.Centre: "Centred"}[b.Style]
		x.body.WriteString(`<w:p><w:pPr><w:pStyle w:val="` + style + `"/>` + keep + `</w:pPr>` + runs(b.Runs) + `</w:p>`)
	case paper.Sheet:
		// The sheet begins before its title; the paper's own first sheet is there already.
		x.body.WriteString(`<w:p><w:pPr><w:pStyle w:val="Title"/>`)
		if !first {
			x.body.WriteString(`<w:pageBreakBefore/>`)
		}
		x.body.WriteString(`<w:outlineLvl w:val="0"/></w:pPr>` + text(b.Title) + `</w:p>`)
	case paper.Band:
		x.band(b)
	case paper.Table:
		x.table(b)
	case paper.Form:
		x.form(b)
	case paper.Chart:
		return x.chart(b)
	case paper.Codes:
		return x.codes(b)
	}
	return nil
}

func (x *writer) heading(h paper.Heading) {
	fmt.Fprintf(&x.body, `<w:p><w:pPr><w:pStyle w:val="Heading%d"/></w:pPr>%s</w:p>`, h.Level, text(h.Text))
}

func (x *writer) paragraph(style, content string) {
	x.body.WriteString(`<w:p><w:pPr><w:pStyle w:val="` + style + `"/></w:pPr>` + content + `</w:p>`)
}

// hue is a status' colour, the board's own on white paper.
func hue(s schema.Status) string {
	return map[schema.Hue]string{schema.Blue: "23579B", schema.Green: "17724F", schema.Amber: "96600A", schema.Red: "B02A24", schema.Grey: "5F6C78"}[s.Hue()]
}

// runs are the runs of a paragraph.
func runs(all []paper.Run) string {
	var b strings.Builder
	for _, r := range all {
		var props string
		if r.Strong || r.Status != "" {
			props = `<w:rFonts w:eastAsia="黑体"/>`
		}
		if r.Status != "" {
			props += `<w:color w:val="` + hue(r.Status) + `"/>`
		}
		if props != "" {
			props = `<w:rPr>` + props + `</w:rPr>`
		}
		b.WriteString(`<w:r>` + props + `<w:t xml:space="preserve">` + escape(r.Text) + `</w:t></w:r>`)
	}
	return b.String()
}

// tableStart opens a table of the widths, in twips.
func (x *writer) tableStart(style, name string, widths []int, head bool) {
	total := 0
	for _, w := range widths {
		total += w
	}
	look := "0000"
	if head {
		look = "0020"
	}
	fmt.Fprintf(&x.body, `<w:tbl><w:tblPr><w:tblStyle w:val="%s"/><w:tblW w:w="%d" w:type="dxa"/><w:jc w:val="center"/><w:tblLayout w:type="fixed"/><w:tblLook w:val="%s" w:firstRow="%d" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/><w:tblDescription w:val="%s"/></w:tblPr><w:tblGrid>`,
		style, total, look, map[bool]int{true: 1}[head], escape(name))
	for _, w := range widths {
		fmt.Fprintf(&x.body, `<w:gridCol w:w="%d"/>`, w)
	}
	x.body.WriteString(`</w:tblGrid>`)
}

// tableEnd closes a table; a short line after it keeps two from growing together.
func (x *writer) tableEnd() {
	x.body.WriteString(`</w:tbl><w:p><w:pPr><w:pStyle w:val="TableSmall"/><w:spacing w:line="120" w:lineRule="exact"/></w:pPr></w:p>`)
}

func (x *writer) table(t paper.Table) {
	widths := make([]int, len(t.Columns))
	for i, c := range t.Columns {
		widths[i] = twips(c.Width)
	}
	x.tableStart("Ruled", t.Name, widths, true)
	x.body.WriteString(`<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>`)
	for i, c := range t.Columns {
		fmt.Fprintf(&x.body, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/><w:vAlign w:val="bottom"/></w:tcPr><w:p><w:pPr><w:pStyle w:val="TableHead"/><w:jc w:val="%s"/></w:pPr>%s</w:p></w:tc>`, widths[i], c.Align, text(c.Head))
	}
	x.body.WriteString(`</w:tr>`)
	for _, row := range t.Rows {
		x.body.WriteString(`<w:tr><w:trPr><w:cantSplit/></w:trPr>`)
		for i, cell := range row {
			fmt.Fprintf(&x.body, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/></w:tcPr>`, widths[i])
			x.lines(cell, "TableText", "TableSmall", string(t.Columns[i].Align))
			x.body.WriteString(`</w:tc>`)
		}
		x.body.WriteString(`</w:tr>`)
	}
	x.tableEnd()
}

// lines are a cell's paragraphs; a cell has one at least.
func (x *writer) lines(cell paper.Cell, style, small, align string) {
	if len(cell) == 0 {
		cell = paper.Plain("")
	}
	for _, l := range cell {
		s := style
		if l.Small {
			s = small
		}
		fmt.Fprintf(&x.body, `<w:p><w:pPr><w:pStyle w:val="%s"/><w:jc w:val="%s"/></w:pPr>%s</w:p>`, s, align, runs(l.Runs))
	}
}

// form is a boxed table: label and room, once or twice a row.
func (x *writer) form(f paper.Form) {
	label := twips(25)
	half := blockWidth/2 - label
	widths := []int{label, half, label, blockWidth - 2*label - half}
	x.tableStart("Boxed", f.Name, widths, false)
	for _, row := range f.Rows {
		fmt.Fprintf(&x.body, `<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="%d" w:hRule="atLeast"/></w:trPr>`, twips(row.Height))
		for i, field := range row.Fields {
			fmt.Fprintf(&x.body, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/><w:shd w:val="clear" w:color="auto" w:fill="F2F2F2"/><w:vAlign w:val="center"/></w:tcPr><w:p><w:pPr><w:pStyle w:val="FormLabel"/></w:pPr>%s</w:p></w:tc>`, label, text(field.Label))
			span, width := "", widths[2*i+1]
			if len(row.Fields) == 1 {
				span, width = `<w:gridSpan w:val="3"/>`, blockWidth-label
			}
			fmt.Fprintf(&x.body, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/>%s<w:vAlign w:val="center"/></w:tcPr>`, width, span)
			x.lines(field.Value, "FormText", "FormText", "left")
			x.body.WriteString(`</w:tc>`)
		}
		x.body.WriteString(`</w:tr>`)
	}
	x.tableEnd()
}

// band is a line in a box of its colour; the text names the colour.
func (x *writer) band(b paper.Band) {
	fill, ink := map[paper.Colour]string{paper.Red: "F6D5D2", paper.Yellow: "FBE9B0", paper.Blue: "D3E2F4"}[b.Colour], "000000"
	edge := map[paper.Colour]string{paper.Red: "B02A24", paper.Yellow: "96600A", paper.Blue: "23579B"}[b.Colour]
	border := func(side string) string {
		return `<w:` + side + ` w:val="single" w:sz="12" w:space="4" w:color="` + edge + `"/>`
	}
	x.body.WriteString(`<w:p><w:pPr><w:pStyle w:val="Band"/><w:pBdr>` + border("top") + border("left") + border("bottom") + border("right") +
		`</w:pBdr><w:shd w:val="clear" w:color="auto" w:fill="` + fill + `"/></w:pPr><w:r><w:rPr><w:color w:val="` + ink + `"/></w:rPr><w:t xml:space="preserve">` + escape(b.Text) + `</w:t></w:r></w:p>`)
}

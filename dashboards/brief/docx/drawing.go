package docx

import (
	"fmt"

	"yardstick/dashboards/brief/paper"
)

// inline is a drawing that stands in the line like a letter, in millimetres.
func (x *writer) inline(name, alt string, width, height float64, uri, graphic string) string {
	x.shapes++
	return fmt.Sprintf(`<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="%d" cy="%d"/><wp:docPr id="%d" name="%s %d" descr="%s"/><wp:cNvGraphicFramePr/><a:graphic><a:graphicData uri="%s">%s</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>`,
		emu(width), emu(height), x.shapes, name, x.shapes, escape(alt), uri, graphic)
}

// codeSide is the side of a QR code with its border, in millimetres.
const codeSide = 26

// codes are QR codes in a table without lines, their captions below.
func (x *writer) codes(all paper.Codes) error {
	const across = 5
	for len(all) > 0 {
		row := all[:min(across, len(all))]
		all = all[len(row):]
		widths := make([]int, len(row))
		for i := range widths {
			widths[i] = blockWidth / max(len(row), 3)
		}
		name := ""
		for _, c := range row {
			name += c.Caption + " " + c.Address + " "
		}
		x.tableStart("TableNormal", name, widths, false)
		x.body.WriteString(`<w:tr><w:trPr><w:cantSplit/></w:trPr>`)
		for i, c := range row {
			picture, err := x.picture(c)
			if err != nil {
				return err
			}
			fmt.Fprintf(&x.body, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/></w:tcPr><w:p><w:pPr><w:pStyle w:val="Picture"/><w:keepNext/><w:spacing w:before="0" w:after="0"/></w:pPr>%s</w:p>`, widths[i], picture)
			x.lines(paper.Plain(c.Caption), "TableSmall", "TableSmall", "center")
			x.body.WriteString(`</w:tc>`)
		}
		x.body.WriteString(`</w:tr>`)
		x.tableEnd()
	}
	return nil
}

func (x *writer) picture(c paper.Code) (string, error) {
	body, err := c.PNG()
	if err != nil {
		return "", err
	}
	x.images++
	name := fmt.Sprintf("image%d.png", x.images)
	x.part("word/media/"+name, "", body)
	id := x.link("image", "media/"+name)
	const uri = "http://schemas.openxmlformats.org/drawingml/2006/picture"
	return x.inline("QR", c.Caption+" "+c.Address, codeSide, codeSide, uri, fmt.Sprintf(`<pic:pic><pic:nvPicPr><pic:cNvPr id="%d" name="%s"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="%s"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="%d" cy="%d"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>`,
		x.shapes+1, name, id, emu(codeSide), emu(codeSide))), nil
}

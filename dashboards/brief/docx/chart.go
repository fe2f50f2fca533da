package docx

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"yardstick/dashboards/brief/paper"
	"yardstick/schema"
	"yardstick/schema/words"
)

// chartHeight in millimetres; a chart is as wide as the text.
const (
	chartWidth  = 156
	chartHeight = 58
)

// serial is the day as spreadsheets count.
func serial(d schema.Date) int {
	return d.DaysSince(schema.NewDate(1899, time.December, 30))
}

// chart is a line chart that Word, WPS and LibreOffice draw themselves, with its
// figures in a workbook of its own.
func (x *writer) chart(c paper.Chart) error {
	x.charts++
	name := fmt.Sprintf("chart%d.xml", x.charts)
	book := fmt.Sprintf("Microsoft_Excel_Sheet%d.xlsx", x.charts)
	body, err := workbook(c, x.doc.Lang)
	if err != nil {
		return err
	}
	x.part("word/embeddings/"+book, "", body)
	x.part("word/charts/_rels/"+name+".rels", "", []byte(relations([]relation{{"rId1", officeLinks + "package", "../embeddings/" + book}})))
	x.part("word/charts/"+name, officeTypes+"drawingml.chart+xml", []byte(chartXML(c, x.doc.Lang)))
	id := x.link("chart", "charts/"+name)
	const uri = "http://schemas.openxmlformats.org/drawingml/2006/chart"
	x.paragraph("Picture", x.inline("Chart", c.Alt, chartWidth, chartHeight, uri, `<c:chart r:id="`+id+`"/>`))
	return nil
}

const sheet = "Sheet1"

// workbook holds the chart's figures: days down, lines across.
func workbook(c paper.Chart, lang string) (_ []byte, err error) {
	f := excelize.NewFile()
	defer func() {
		if closed := f.Close(); err == nil && closed != nil {
			err = fmt.Errorf("closing a chart's workbook: %w", closed)
		}
	}()
	set := func(column, row int, v any) {
		if err != nil {
			return
		}
		var cell string
		if cell, err = excelize.CoordinatesToCellName(column, row); err == nil {
			err = f.SetCellValue(sheet, cell, v)
		}
	}
	set(1, 1, words.Say("brief-day").In(lang))
	for i, d := range c.Days {
		set(1, i+2, serial(d))
	}
	for n, l := range c.Lines {
		set(n+2, 1, l.Name)
		for i, v := range l.Values {
			if l.Known(i) {
				set(n+2, i+2, v)
			}
		}
	}
	if err != nil {
		return nil, fmt.Errorf("filling a chart's workbook: %w", err)
	}
	format := "yyyy-mm-dd"
	style, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
	if err == nil {
		err = f.SetCellStyle(sheet, "A2", "A"+strconv.Itoa(len(c.Days)+1), style)
	}
	if err == nil {
		err = f.SetColWidth(sheet, "A", "G", 14)
	}
	if err != nil {
		return nil, fmt.Errorf("setting a chart's workbook: %w", err)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		return nil, fmt.Errorf("writing a chart's workbook: %w", err)
	}
	return b.Bytes(), nil
}

// pen is how a line is drawn. In black and white the dashes tell them apart.
type pen struct {
	colour string
	width  int // in 12700ths of a point
	dash   string
	marker bool
}

func penOf(r paper.Role) pen {
	switch r {
	case paper.Seen:
		return pen{"17212C", 28575, "solid", true}
	case paper.Way:
		return pen{"7D8995", 9525, "solid", false}
	case paper.Goal:
		return pen{"000000", 15875, "sysDot", false}
	case paper.Likely:
		return pen{"23579B", 19050, "dash", false}
	}
	return pen{"23579B", 9525, "sysDash", false}
}

const fontProps = `<a:latin typeface="Times New Roman"/><a:ea typeface="宋体"/>`

func textProps(size int) string {
	return fmt.Sprintf(`<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="%d" b="0">%s</a:defRPr></a:pPr><a:endParaRPr lang="zh-CN"/></a:p></c:txPr>`, size, fontProps)
}

func chartXML(c paper.Chart, lang string) string {
	scale := c.ScaleOf()
	var b strings.Builder
	b.WriteString(xmlHead + `<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><c:date1904 val="0"/><c:roundedCorners val="0"/><c:chart>`)
	b.WriteString(`<c:autoTitleDeleted val="1"/><c:plotArea><c:layout/><c:lineChart><c:grouping val="standard"/><c:varyColors val="0"/>`)
	for i, l := range c.Lines {
		series(&b, c, l, i)
	}
	b.WriteString(`<c:marker val="1"/><c:axId val="111111111"/><c:axId val="222222222"/></c:lineChart>`)
	first, last := serial(c.Days[0]), serial(c.Days[len(c.Days)-1])
	fmt.Fprintf(&b, `<c:dateAx><c:axId val="111111111"/><c:scaling><c:orientation val="minMax"/><c:max val="%d"/><c:min val="%d"/></c:scaling><c:delete val="0"/><c:axPos val="b"/><c:numFmt formatCode="yyyy\-mm" sourceLinked="0"/><c:majorTickMark val="out"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/><c:spPr><a:ln w="9525"><a:solidFill><a:srgbClr val="7D8995"/></a:solidFill></a:ln></c:spPr>%s<c:crossAx val="222222222"/><c:crosses val="min"/><c:auto val="0"/><c:lblOffset val="100"/><c:baseTimeUnit val="days"/><c:majorUnit val="%d"/><c:majorTimeUnit val="months"/></c:dateAx>`, last, first, textProps(900), c.Months())
	unit := ""
	if c.Unit != "" {
		unit = `<c:title><c:tx><c:rich><a:bodyPr rot="0" vert="horz"/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="900" b="0">` + fontProps + `</a:defRPr></a:pPr><a:r><a:rPr lang="zh-CN" sz="900" b="0">` + fontProps + `</a:rPr><a:t>` + escape(c.Unit) + `</a:t></a:r></a:p></c:rich></c:tx><c:layout><c:manualLayout><c:xMode val="edge"/><c:yMode val="edge"/><c:x val="0.005"/><c:y val="0.005"/></c:manualLayout></c:layout><c:overlay val="0"/></c:title>`
	}
	format := "0"
	if n := scale.Decimals(); n > 0 {
		format += "." + strings.Repeat("0", n)
	}
	fmt.Fprintf(&b, `<c:valAx><c:axId val="222222222"/><c:scaling><c:orientation val="minMax"/><c:max val="%s"/><c:min val="%s"/></c:scaling><c:delete val="0"/><c:axPos val="l"/><c:majorGridlines><c:spPr><a:ln w="6350"><a:solidFill><a:srgbClr val="D9DEE3"/></a:solidFill></a:ln></c:spPr></c:majorGridlines>%s<c:numFmt formatCode="%s" sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/><c:spPr><a:ln><a:noFill/></a:ln></c:spPr>%s<c:crossAx val="111111111"/><c:crosses val="min"/><c:crossBetween val="midCat"/><c:majorUnit val="%s"/></c:valAx>`,
		float(scale.High), float(scale.Low), unit, format, textProps(900), float(scale.Step))
	b.WriteString(`<c:spPr><a:noFill/></c:spPr></c:plotArea><c:legend><c:legendPos val="b"/><c:overlay val="0"/>` + textProps(900) + `</c:legend><c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart><c:spPr><a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill><a:ln><a:noFill/></a:ln></c:spPr>` + textProps(900) + `<c:externalData r:id="rId1"><c:autoUpdate val="0"/></c:externalData></c:chartSpace>`)
	return b.String()
}

func float(f float64) string { return strconv.FormatFloat(f, 'g', 12, 64) }

// series is one line with what the workbook holds of it, so that it is drawn
// without opening that.
func series(b *strings.Builder, c paper.Chart, l paper.ChartLine, n int) {
	column, _ := excelize.ColumnNumberToName(n + 2) // a chart has six lines at most
	end := len(c.Days) + 1
	p := penOf(l.Role)
	fmt.Fprintf(b, `<c:ser><c:idx val="%d"/><c:order val="%d"/><c:tx><c:strRef><c:f>%s!$%s$1</c:f><c:strCache><c:ptCount val="1"/><c:pt idx="0"><c:v>%s</c:v></c:pt></c:strCache></c:strRef></c:tx>`, n, n, sheet, column, escape(l.Name))
	fmt.Fprintf(b, `<c:spPr><a:ln w="%d" cap="rnd"><a:solidFill><a:srgbClr val="%s"/></a:solidFill><a:prstDash val="%s"/><a:round/></a:ln></c:spPr>`, p.width, p.colour, p.dash)
	if p.marker {
		fmt.Fprintf(b, `<c:marker><c:symbol val="circle"/><c:size val="5"/><c:spPr><a:solidFill><a:srgbClr val="%s"/></a:solidFill><a:ln w="6350"><a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill></a:ln></c:spPr></c:marker>`, p.colour)
	} else {
		b.WriteString(`<c:marker><c:symbol val="none"/></c:marker>`)
	}
	fmt.Fprintf(b, `<c:cat><c:numRef><c:f>%s!$A$2:$A$%d</c:f><c:numCache><c:formatCode>yyyy\-mm\-dd</c:formatCode><c:ptCount val="%d"/>`, sheet, end, len(c.Days))
	for i, d := range c.Days {
		fmt.Fprintf(b, `<c:pt idx="%d"><c:v>%d</c:v></c:pt>`, i, serial(d))
	}
	fmt.Fprintf(b, `</c:numCache></c:numRef></c:cat><c:val><c:numRef><c:f>%s!$%s$2:$%s$%d</c:f><c:numCache><c:formatCode>General</c:formatCode><c:ptCount val="%d"/>`, sheet, column, column, end, len(c.Days))
	for i, v := range l.Values {
		if l.Known(i) {
			fmt.Fprintf(b, `<c:pt idx="%d"><c:v>%s</c:v></c:pt>`, i, float(v))
		}
	}
	b.WriteString(`</c:numCache></c:numRef></c:val><c:smooth val="0"/></c:ser>`)
}

package docx

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/xuri/excelize/v2"

	"yardstick/dashboards/brief/paper"
	"yardstick/schema"
	"yardstick/schema/words"
)

// serial is the day as spreadsheets count.
func serial(d schema.Date) int {
	return d.DaysSince(schema.NewDate(1899, time.December, 30))
}

func float(f float64) string { return strconv.FormatFloat(f, 'g', 12, 64) }

// series is one line of a chart, in the workbook's Column down to the row End.
type series struct {
	paper.ChartLine
	N, End int
	Column string
	Pen    pen
	Days   []schema.Date
}

// pen is how a line is drawn. In black and white the dashes tell them apart.
type pen struct {
	Colour string
	Width  int // in 12700ths of a point
	Dash   string
	Marker bool
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

// chart is a line chart that Word, WPS and LibreOffice draw themselves, with its
// figures in a workbook of its own.
func (x *writer) chart(c paper.Chart) (inline, error) {
	x.charts++
	x.shapes++
	name := fmt.Sprintf("chart%d.xml", x.charts)
	book := fmt.Sprintf("Microsoft_Excel_Sheet%d.xlsx", x.charts)
	body, err := workbook(c, x.doc.Lang)
	if err != nil {
		return inline{}, err
	}
	x.files = append(x.files, file{"word/embeddings/" + book, "", body})
	lines := make([]series, len(c.Lines))
	for i, l := range c.Lines {
		column, _ := excelize.ColumnNumberToName(i + 2) // a chart has six lines at most
		lines[i] = series{l, i, len(c.Days) + 1, column, penOf(l.Role), c.Days}
	}
	toBook := []relation{{"rId1", officeLinks + "package", "../embeddings/" + book}}
	drawn := struct {
		paper.Chart
		Series []series
	}{c, lines}
	if err := errors.Join(x.add("word/charts/_rels/"+name+".rels", "", "relations", toBook),
		x.add("word/charts/"+name, officeTypes+"drawingml.chart+xml", "chart.xml", drawn)); err != nil {
		return inline{}, err
	}
	return inline{"Chart", c.Alt, x.link("chart", "charts/"+name), "", x.shapes, chartWidth, chartHeight}, nil
}

// workbook holds the chart's figures: days down, lines across.
func workbook(c paper.Chart, lang string) (_ []byte, err error) {
	const sheet = "Sheet1"
	f := excelize.NewFile()
	defer func() { err = errors.Join(err, f.Close()) }()
	head := []any{words.Say("brief-day").In(lang)}
	for _, l := range c.Lines {
		head = append(head, l.Name)
	}
	err = f.SetSheetRow(sheet, "A1", &head)
	for i, d := range c.Days {
		row := []any{serial(d)}
		for _, l := range c.Lines {
			row = append(row, nil)
			if l.Known(i) {
				row[len(row)-1] = l.Values[i]
			}
		}
		err = errors.Join(err, f.SetSheetRow(sheet, "A"+strconv.Itoa(i+2), &row))
	}
	format := "yyyy-mm-dd"
	style, fault := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
	err = errors.Join(err, fault, f.SetCellStyle(sheet, "A2", "A"+strconv.Itoa(len(c.Days)+1), style), f.SetColWidth(sheet, "A", "G", 14))
	var b bytes.Buffer
	if err := errors.Join(err, f.Write(&b)); err != nil {
		return nil, fmt.Errorf("writing a chart's workbook: %w", err)
	}
	return b.Bytes(), nil
}

package brief

import (
	"bytes"
	"encoding/xml"
	"strconv"
	"testing"

	"github.com/xuri/excelize/v2"
)

func TestAChartShowsWhatItsWorkbookHolds(t *testing.T) {
	files := parts(t, newOffice(t).docx(t, asked()))
	var chart struct {
		Series []struct {
			Name   string `xml:"tx>strRef>strCache>pt>v"`
			Points []struct {
				Index int     `xml:"idx,attr"`
				Value float64 `xml:"v"`
			} `xml:"val>numRef>numCache>pt"`
		} `xml:"chart>plotArea>lineChart>ser"`
	}
	if err := xml.Unmarshal(files["word/charts/chart2.xml"], &chart); err != nil { // 新增企业, which has a forecast
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(bytes.NewReader(files["word/embeddings/Microsoft_Excel_Sheet2.xlsx"]))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	rows, err := book.GetRows("Sheet1", excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	if len(chart.Series) != 6 || len(rows[0]) != 7 {
		t.Fatalf("%d lines beside %d columns, want the observed, the time line, the target and three of the forecast", len(chart.Series), len(rows[0]))
	}
	for i, s := range chart.Series {
		if rows[0][i+1] != s.Name {
			t.Errorf("column %d is %s, the line %s", i+1, rows[0][i+1], s.Name)
		}
		held := 0
		for _, row := range rows[1:] {
			if len(row) > i+1 && row[i+1] != "" {
				held++
			}
		}
		if held != len(s.Points) || held == 0 {
			t.Errorf("%s: the workbook holds %d figures, the chart shows %d", s.Name, held, len(s.Points))
		}
		for _, p := range s.Points {
			cell, err := strconv.ParseFloat(rows[p.Index+1][i+1], 64)
			if err != nil || cell-p.Value > 1e-6 || p.Value-cell > 1e-6 {
				t.Errorf("%s, row %d: the workbook holds %s, the chart shows %v", s.Name, p.Index+1, rows[p.Index+1][i+1], p.Value)
			}
		}
	}
	last := chart.Series[0].Points[len(chart.Series[0].Points)-1].Value
	if last != 112 {
		t.Errorf("the last figure observed is drawn at %v, want 112", last)
	}
}

// Package blank writes the template of a feed: a sheet to fill in, whose first
// columns are a tidy feed, with what was reported last beside them.
package blank

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"

	"yardstick/schema"
	"yardstick/schema/words"
)

// reach is how far down the lists of a template reach.
const reach = 500

// maxList is what a list written into a sheet may have of characters.
const maxList = 255

// Row is one series of a template.
type Row struct {
	Indicator, Region, Period, Unit, Basis string
	Hint                                   string   // what was reported last
	Units                                  []string // to choose from
}

// table is the rows under their header; the last column is not read.
func table(rows []Row) [][]string {
	out := [][]string{{"指标", "地区", "时期", "数值", "单位", "口径", "状态", "备注", say("upload-blank-hint")}}
	for _, r := range rows {
		out = append(out, []string{r.Indicator, r.Region, r.Period, "", r.Unit, r.Basis, "", "", r.Hint})
	}
	return out
}

func say(id string) string { return words.Say(id).In(schema.Chinese) }

// CSV begins with a byte order mark, without which Excel takes UTF-8
// for GBK.
func CSV(rows []Row) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	if err := w.WriteAll(table(rows)); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// XLSX is a sheet to fill in, with lists to choose from, and a sheet
// of instructions.
func XLSX(rows []Row, regions []string) ([]byte, error) {
	f := excelize.NewFile()
	sheet, last := say("upload-blank-sheet"), max(len(rows)+1, reach)
	err := f.SetSheetName("Sheet1", sheet)
	for i, cells := range table(rows) {
		for j, cell := range cells {
			err = errors.Join(err, f.SetCellStr(sheet, fmt.Sprintf("%c%d", 'A'+j, i+1), cell))
		}
	}
	style := func(s excelize.Style) int {
		id, serr := f.NewStyle(&s)
		err = errors.Join(err, serr)
		return id
	}
	text := style(excelize.Style{NumFmt: 49}) // @: a period stays as written, 2025-09 is no day
	head := style(excelize.Style{Font: &excelize.Font{Bold: true}, Border: []excelize.Border{{Type: "bottom", Style: 1, Color: "17212C"}}})
	hint := style(excelize.Style{NumFmt: 49, Font: &excelize.Font{Color: "65717B"}})
	var b bytes.Buffer
	err = errors.Join(err,
		f.SetColStyle(sheet, "A:C", text),
		f.SetCellStyle(sheet, "A2", fmt.Sprintf("C%d", last), text),
		f.SetCellStyle(sheet, "I2", fmt.Sprintf("I%d", last), hint),
		f.SetCellStyle(sheet, "A1", "I1", head),
		f.SetColWidth(sheet, "A", "A", 34),
		f.SetColWidth(sheet, "B", "H", 14),
		f.SetColWidth(sheet, "I", "I", 34),
		f.SetPanes(sheet, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft",
			Selection: []excelize.Selection{{SQRef: "D2", ActiveCell: "D2", Pane: "bottomLeft"}}}),
		lists(f, sheet, rows, regions, last),
		instructions(f),
		f.Write(&b),
		f.Close())
	return b.Bytes(), err
}

// lists puts lists to choose from on unit, region and status. A unit's
// list is its indicator's own.
func lists(f *excelize.File, sheet string, rows []Row, regions []string, last int) (err error) {
	add := func(cells string, choices []string) {
		if len(choices) == 0 || len([]rune(strings.Join(choices, ","))) > maxList {
			return
		}
		v := excelize.NewDataValidation(true)
		v.Sqref = cells
		err = errors.Join(err, v.SetDropList(choices))
		v.SetError(excelize.DataValidationErrorStyleStop, say("upload-blank-choose-title"), say("upload-blank-choose"))
		err = errors.Join(err, f.AddDataValidation(sheet, v))
	}
	for i, r := range rows {
		add(fmt.Sprintf("E%d", i+2), r.Units)
	}
	add(fmt.Sprintf("B2:B%d", last), regions)
	var states []string
	for _, s := range []schema.ObsStatus{schema.StatusNormal, schema.StatusProvisional, schema.StatusEstimated} { // those with a word the reader knows
		states = append(states, say("upload-status-"+string(s)))
	}
	add(fmt.Sprintf("G2:G%d", last), states)
	return err
}

func instructions(f *excelize.File) error {
	sheet := say("upload-blank-how")
	_, err := f.NewSheet(sheet)
	err = errors.Join(err, f.SetColWidth(sheet, "A", "A", 96))
	row := 0
	for _, lang := range schema.LanguageCodes() {
		for text := range strings.SplitSeq(words.Say("upload-blank-instructions").In(lang), "|") {
			row++
			err = errors.Join(err, f.SetCellStr(sheet, fmt.Sprintf("A%d", row), text))
		}
		row++
	}
	return err
}

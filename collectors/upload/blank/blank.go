// Package blank writes the template of a feed: a sheet to fill in, whose first
// columns are a tidy feed, with what was reported last beside them.
package blank

import (
	"bytes"
	"encoding/csv"
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

// header are the columns of a template; the last one is not read.
func header() []string {
	return []string{"指标", "地区", "时期", "数值", "单位", "口径", "状态", "备注", words.Say("upload-blank-hint").In(schema.Chinese)}
}

func (b Row) cells() []string {
	return []string{b.Indicator, b.Region, b.Period, "", b.Unit, b.Basis, "", "", b.Hint}
}

// table is the rows under their header.
func table(rows []Row) [][]string {
	out := [][]string{header()}
	for _, r := range rows {
		out = append(out, r.cells())
	}
	return out
}

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
func XLSX(rows []Row, regions []string) (_ []byte, err error) {
	f := excelize.NewFile()
	defer func() {
		if cerr := f.Close(); err == nil {
			err = cerr
		}
	}()
	sheet := words.Say("upload-blank-sheet").In(schema.Chinese)
	if err := f.SetSheetName("Sheet1", sheet); err != nil {
		return nil, err
	}
	text, head, hint, err := styles(f)
	if err != nil {
		return nil, err
	}
	for i, cells := range table(rows) {
		for j, cell := range cells {
			at, err := excelize.CoordinatesToCellName(j+1, i+1)
			if err == nil {
				err = f.SetCellStr(sheet, at, cell)
			}
			if err != nil {
				return nil, err
			}
		}
	}
	last := max(len(rows)+1, reach)
	for _, step := range []func() error{
		func() error { return f.SetColStyle(sheet, "A:C", text) }, // a period stays as written: 2025-09 is no day
		func() error { return f.SetCellStyle(sheet, "A2", fmt.Sprintf("C%d", last), text) },
		func() error { return f.SetCellStyle(sheet, "I2", fmt.Sprintf("I%d", last), hint) },
		func() error { return f.SetCellStyle(sheet, "A1", "I1", head) },
		func() error { return f.SetColWidth(sheet, "A", "A", 34) },
		func() error { return f.SetColWidth(sheet, "B", "H", 14) },
		func() error { return f.SetColWidth(sheet, "I", "I", 34) },
		func() error {
			return f.SetPanes(sheet, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft",
				Selection: []excelize.Selection{{SQRef: "D2", ActiveCell: "D2", Pane: "bottomLeft"}}})
		},
		func() error { return lists(f, sheet, rows, regions, last) },
		func() error { return instructions(f) },
	} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	b, err := f.WriteToBuffer()
	if err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func styles(f *excelize.File) (text, head, hint int, err error) {
	if text, err = f.NewStyle(&excelize.Style{NumFmt: 49}); err != nil { // @, text
		return
	}
	if head, err = f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Border: []excelize.Border{{Type: "bottom", Style: 1, Color: "17212C"}}}); err != nil {
		return
	}
	hint, err = f.NewStyle(&excelize.Style{NumFmt: 49, Font: &excelize.Font{Color: "65717B"}})
	return
}

// lists puts lists to choose from on unit, region and status. A unit's
// list is its indicator's own.
func lists(f *excelize.File, sheet string, rows []Row, regions []string, last int) error {
	add := func(cells string, choices []string) error {
		if len(choices) == 0 || len([]rune(strings.Join(choices, ","))) > maxList {
			return nil
		}
		v := excelize.NewDataValidation(true)
		v.Sqref = cells
		if err := v.SetDropList(choices); err != nil {
			return err
		}
		refuse := words.Say("upload-blank-choose").In(schema.Chinese)
		v.SetError(excelize.DataValidationErrorStyleStop, words.Say("upload-blank-choose-title").In(schema.Chinese), refuse)
		return f.AddDataValidation(sheet, v)
	}
	for i, r := range rows {
		if err := add(fmt.Sprintf("E%d", i+2), r.Units); err != nil {
			return err
		}
	}
	if err := add(fmt.Sprintf("B2:B%d", last), regions); err != nil {
		return err
	}
	var states []string
	for _, s := range []schema.ObsStatus{schema.StatusNormal, schema.StatusProvisional, schema.StatusEstimated} { // those with a word the reader knows
		states = append(states, words.Say("upload-status-"+string(s)).In(schema.Chinese))
	}
	return add(fmt.Sprintf("G2:G%d", last), states)
}

func instructions(f *excelize.File) error {
	sheet := words.Say("upload-blank-how").In(schema.Chinese)
	if _, err := f.NewSheet(sheet); err != nil {
		return err
	}
	if err := f.SetColWidth(sheet, "A", "A", 96); err != nil {
		return err
	}
	row := 0
	for _, lang := range schema.LanguageCodes() {
		for _, text := range strings.Split(words.Say("upload-blank-instructions").In(lang), "|") {
			row++
			if err := f.SetCellStr(sheet, fmt.Sprintf("A%d", row), text); err != nil {
				return err
			}
		}
		row++
	}
	return nil
}

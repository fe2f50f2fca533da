package upload

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"mime"
	"net/http"
	"strings"

	"github.com/xuri/excelize/v2"

	"yardstick/collectors/desk"
	"yardstick/schema"
	"yardstick/schema/words"
)

// blankRows is how far down the lists of a template reach.
const blankRows = 500

// maxList is what a list written into a sheet may have of characters.
const maxList = 255

// blank hands out the template of a feed: FEED.xlsx or FEED.csv. Its first six
// columns are a tidy feed; what was reported last stands beside them.
func (p *pages) blank(w http.ResponseWriter, r *http.Request, _ *session) error {
	name, kind, ok := cutLast(r.PathValue("file"), ".")
	if !ok || kind != "xlsx" && kind != "csv" || !p.Desk.HasFeed(name) {
		return notFound("upload-no-template", "file", r.PathValue("file"))
	}
	series, err := p.Desk.SeriesOf(r.Context(), name)
	if err != nil {
		return fmt.Errorf("reading the series of %s: %w", name, err)
	}
	rows := p.blankRows(p.newFrame(r, nil), series)
	write, media := writeBlankCSV, "text/csv; charset=utf-8"
	if kind == "xlsx" {
		media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
		write = func(rows []blankRow) ([]byte, error) { return writeBlankXLSX(rows, p.regionNames(series)) }
	}
	body, err := write(rows)
	if err != nil {
		return fmt.Errorf("making the template of %s: %w", name, err)
	}
	w.Header().Set("Content-Type", media)
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name + "." + kind}))
	_, _ = w.Write(body) // a reader who went away is no fault of ours
	return nil
}

func cutLast(s, sep string) (before, after string, ok bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

// blankRow is one series of a template.
type blankRow struct {
	indicator, region, period, unit, basis, hint string
	units                                        []string
}

// header are the columns of a template; the last one is not read.
func header() []string {
	return []string{"指标", "地区", "时期", "数值", "单位", "口径", "状态", "备注", words.Say("upload-blank-hint").In(schema.Chinese)}
}

func (b blankRow) cells() []string {
	return []string{b.indicator, b.region, b.period, "", b.unit, b.basis, "", "", b.hint}
}

func (p *pages) blankRows(f *frame, series []desk.Series) []blankRow {
	out := make([]blankRow, 0, len(series))
	for _, s := range series {
		shown := f.seriesRow(s, schema.FeedState{}, nil)
		row := blankRow{indicator: s.Indicator.Name.In(schema.Chinese), region: s.Region.Name.In(schema.Chinese), period: nextPeriod(s, p.Today()).String(), unit: shown.Line.Unit,
			basis: basisWord(s)}
		for _, u := range shown.Units {
			row.units = append(row.units, u.Value)
		}
		if s.Last != nil {
			value, unit := written(*s.Last)
			row.hint = fmt.Sprintf("%s：%s %s", s.Last.Period.In(schema.Chinese, s.Last.Basis), value, unit)
		}
		out = append(out, row)
	}
	return out
}

// basisWord is the basis as the reader takes it.
func basisWord(s desk.Series) string {
	b := s.Indicator.Basis
	if s.Last != nil {
		b = s.Last.Basis
	}
	switch b {
	case schema.Point:
		return "时点"
	case schema.InPeriod:
		return "当期"
	case schema.YearToDate:
		return "本年累计"
	case schema.Cumulative:
		return "历年累计"
	}
	return ""
}

func (p *pages) regionNames(series []desk.Series) []string {
	var out []string
	seen := map[string]bool{}
	for _, s := range series {
		if !seen[s.Region.Name.In(schema.Chinese)] {
			seen[s.Region.Name.In(schema.Chinese)] = true
			out = append(out, s.Region.Name.In(schema.Chinese))
		}
	}
	return out
}

// writeBlankCSV begins with a byte order mark, without which Excel takes UTF-8
// for GBK.
func writeBlankCSV(rows []blankRow) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("\ufeff")
	all := [][]string{header()}
	for _, r := range rows {
		all = append(all, r.cells())
	}
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	if err := w.WriteAll(all); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// writeBlankXLSX is a sheet to fill in, with lists to choose from, and a sheet
// of instructions.
func writeBlankXLSX(rows []blankRow, regions []string) (_ []byte, err error) {
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
	text, head, hint, err := blankStyles(f)
	if err != nil {
		return nil, err
	}
	all := [][]string{header()}
	for _, r := range rows {
		all = append(all, r.cells())
	}
	for i, cells := range all {
		for j, cell := range cells {
			if err := f.SetCellStr(sheet, fmt.Sprintf("%s%d", columnName(j+1), i+1), cell); err != nil {
				return nil, err
			}
		}
	}
	last := max(len(rows)+1, blankRows)
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
		func() error { return blankLists(f, sheet, rows, regions, last) },
		func() error { return blankInstructions(f) },
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

func blankStyles(f *excelize.File) (text, head, hint int, err error) {
	if text, err = f.NewStyle(&excelize.Style{NumFmt: 49}); err != nil { // @, text
		return
	}
	if head, err = f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Border: []excelize.Border{{Type: "bottom", Style: 1, Color: "17212C"}}}); err != nil {
		return
	}
	hint, err = f.NewStyle(&excelize.Style{NumFmt: 49, Font: &excelize.Font{Color: "65717B"}})
	return
}

// blankLists puts lists to choose from on unit, region and status. A unit's
// list is its indicator's own.
func blankLists(f *excelize.File, sheet string, rows []blankRow, regions []string, last int) error {
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
		if err := add(fmt.Sprintf("E%d", i+2), r.units); err != nil {
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

func blankInstructions(f *excelize.File) error {
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

package download

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"yardstick/schema"
	"yardstick/schema/words"
)

// MostRows is how many rows a workbook's sheet holds beside its header.
const MostRows = excelize.TotalRows - 1

// exactDigits is how many digits a spreadsheet's number keeps.
const exactDigits = 15

// firstDate is the first day on which all spreadsheets count days alike; Excel
// takes 1900 for a leap year.
var firstDate = schema.Date{Year: 1900, Month: time.March, Day: 1}

// xlsxTable writes a workbook. The sheet goes through a temporary file once it
// is large, so that memory does not grow with it.
type xlsxTable struct {
	w       io.Writer
	file    *excelize.File
	sheet   *excelize.StreamWriter
	options Options
	columns []Column
	styles  map[string]int // by number format
	rows    int
	long    int // numbers written as text, because a spreadsheet would round them
}

func newXLSX(w io.Writer, o Options, columns []Column) (_ *xlsxTable, err error) {
	t := &xlsxTable{w: w, file: excelize.NewFile(), options: o, columns: columns, styles: map[string]int{}}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("beginning a workbook: %w", err), t.file.Close())
		}
	}()
	name := sheetName(o.Sheet.In(o.Lang), words.Say("download-sheet").In(o.Lang))
	if err := t.file.SetSheetName("Sheet1", name); err != nil {
		return nil, err
	}
	if t.sheet, err = t.file.NewStreamWriter(name); err != nil {
		return nil, err
	}
	for i, c := range columns {
		width := c.Width
		if width == 0 {
			width = map[Kind]float64{Text: 16, Number: 18, Date: 12}[c.Kind]
		}
		if err := t.sheet.SetColWidth(i+1, i+1, width); err != nil {
			return nil, err
		}
	}
	if err := t.sheet.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return nil, err
	}
	bold, err := t.file.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{Vertical: "center", WrapText: true}})
	if err != nil {
		return nil, err
	}
	head := make([]any, len(columns))
	for i, c := range columns {
		head[i] = excelize.Cell{StyleID: bold, Value: guard(c.Title.In(o.Lang))}
	}
	return t, t.sheet.SetRow("A1", head)
}

// sheetName makes a name that a workbook takes: 31 characters at most, none of
// those it forbids.
func sheetName(name, other string) string {
	name = strings.Trim(strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`:\/?*[]`, r) {
			return '-'
		}
		return r
	}, name), "' ")
	if name == "" {
		name = other
	}
	for len(utf16.Encode([]rune(name))) > excelize.MaxSheetNameLength {
		r := []rune(name)
		name = string(r[:len(r)-1])
	}
	return name
}

func (t *xlsxTable) Row(cells ...string) error {
	if len(cells) != len(t.columns) {
		return fmt.Errorf("a row of %d cells for %d columns", len(cells), len(t.columns))
	}
	if t.rows >= MostRows {
		return words.Fail(ErrTooManyRows, "download-too-many-rows", "most", MostRows)
	}
	t.rows++
	row := make([]any, len(cells))
	for i, text := range cells {
		cell, err := t.cell(text, t.columns[i])
		if err != nil {
			return err
		}
		row[i] = cell
	}
	if err := t.sheet.SetRow("A"+strconv.Itoa(t.rows+1), row); err != nil {
		return fmt.Errorf("writing row %d of a workbook: %w", t.rows+1, err)
	}
	return nil
}

// cell is what a text is in a sheet: a number with a format that shows the
// digits written, a day, or text.
func (t *xlsxTable) cell(text string, c Column) (any, error) {
	if text == "" {
		return nil, nil
	}
	switch c.Kind {
	case Number:
		d, err := schema.ParseDecimal(text)
		if err != nil {
			break
		}
		if strings.ContainsAny(text, "eE") {
			text = d.String()
		}
		if digits := strings.TrimLeft(strings.NewReplacer("-", "", "+", "", ".", "").Replace(text), "0"); len(digits) > exactDigits {
			t.long++ // a spreadsheet would round it; as text it stays as written
			break
		}
		format := "0"
		if d.Scale() > 0 {
			format += "." + strings.Repeat("0", d.Scale())
		}
		style, err := t.style(format)
		return excelize.Cell{StyleID: style, Value: d.Float()}, err
	case Date:
		d, err := schema.ParseDate(text)
		if err != nil || d.Before(firstDate) {
			break
		}
		style, err := t.style("yyyy-mm-dd")
		return excelize.Cell{StyleID: style, Value: d.Time()}, err
	}
	if text = guard(text); len(utf16.Encode([]rune(text))) > excelize.TotalCellChars {
		return nil, words.Fail(nil, "download-long-cell", "column", c.Title, "row", t.rows+1, "most", excelize.TotalCellChars)
	}
	return text, nil
}

func (t *xlsxTable) style(format string) (int, error) {
	if id, ok := t.styles[format]; ok {
		return id, nil
	}
	id, err := t.file.NewStyle(&excelize.Style{CustomNumFmt: &format})
	if err != nil {
		return 0, fmt.Errorf("making the number format %s: %w", format, err)
	}
	t.styles[format] = id
	return id, nil
}

// Close writes the second sheet and the workbook.
func (t *xlsxTable) Close(facts ...Fact) (err error) {
	defer func() {
		err = errors.Join(err, t.file.Close())
	}()
	if err := t.sheet.Flush(); err != nil {
		return fmt.Errorf("writing a workbook: %w", err)
	}
	if t.long > 0 {
		say := words.Say("download-long-numbers", "n", t.long, "digits", exactDigits)
		facts = append(facts, Fact{words.Say("download-fact-numbers"), say})
	}
	if len(facts) > 0 {
		if err := t.about(facts); err != nil {
			return fmt.Errorf("writing the workbook's second sheet: %w", err)
		}
	}
	out := bufio.NewWriterSize(t.w, 1<<16)
	if err := t.file.Write(out); err != nil {
		return fmt.Errorf("writing a workbook: %w", err)
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("writing a workbook: %w", err)
	}
	return nil
}

func (t *xlsxTable) about(facts []Fact) error {
	lang := t.options.Lang
	name := words.Say("download-about").In(lang)
	if _, err := t.file.NewSheet(name); err != nil {
		return err
	}
	if err := errors.Join(t.file.SetColWidth(name, "A", "A", 18), t.file.SetColWidth(name, "B", "B", 90)); err != nil {
		return err
	}
	wrap, err := t.file.NewStyle(&excelize.Style{Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}})
	if err != nil {
		return err
	}
	for i, f := range facts {
		line := strconv.Itoa(i + 1)
		if err := errors.Join(t.file.SetCellStr(name, "A"+line, guard(f.Title.In(lang))), t.file.SetCellStr(name, "B"+line, guard(f.Value.In(lang))),
			t.file.SetCellStyle(name, "A"+line, "B"+line, wrap)); err != nil {
			return err
		}
	}
	return nil
}

// Discard removes the temporary files.
func (t *xlsxTable) Discard() error {
	if err := t.file.Close(); err != nil {
		return fmt.Errorf("giving up a workbook: %w", err)
	}
	return nil
}

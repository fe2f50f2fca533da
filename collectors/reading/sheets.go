package reading

import (
	"context"
	"strings"

	"yardstick/collectors/table"
	"yardstick/schema"
	"yardstick/schema/words"
)

// otherwise reads a table that has no tidy header. before is its first rows.
func (r *reader) otherwise(ctx context.Context, before []*table.Row) error {
	if r.nearest >= 3 { // a tidy table that lacks a column says so
		r.notTidy(before)
		return nil
	}
	beside := r.options.Sheets > 1
	if beside && r.table.Hidden || beside && r.options.Given["sheet."+r.table.Sheet] == "ignore" || beside && r.describes(ctx) {
		r.found.Exclude(schema.Problem{Code: ExcludedSheet, File: r.table.File, Sheet: r.table.Sheet,
			Text: words.Say("excluded-"+ExcludedSheet, "sheet", r.table.Sheet)})
		return nil
	}
	ok, err := r.grid(ctx)
	if err != nil || ok {
		return err
	}
	if beside {
		r.ask(AskSheet, "sheet."+r.table.Sheet, table.Cell{Line: 1, Row: 1, Column: 1}, []string{"ignore"}, "sheet", r.table.Sheet)
		return nil
	}
	r.notTidy(before)
	return nil
}

// describes reports whether a sheet is about the figures and holds none: its
// header names when series begin and end, or no cell is a number.
func (r *reader) describes(ctx context.Context) bool {
	numbers, rows, about := 0, 0, 0
	for row, err := range r.table.Rows(ctx) {
		if err != nil {
			return false
		}
		if rows++; rows > 100_000 {
			return false
		}
		for _, t := range row.Texts {
			t = strings.TrimSpace(t)
			switch simplified(foldText(t)) {
			case "开始时间", "结束时间", "更新时间", "起始时间", "指标解释", "地区编码", "startdate", "enddate", "lastupdated", "source_note", "sourcenote", "specialnotes", "incomegroup":
				about++
			}
			if n := ReadNumber(t, r.table.Delimiter); n.Fault == "" && n.Value != nil {
				numbers++
			}
		}
	}
	return about >= 2 || numbers == 0
}

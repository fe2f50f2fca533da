package reading

import (
	"context"
	"strings"

	"yardstick/collectors/reading/account"
	"yardstick/collectors/reading/heads"
	"yardstick/collectors/reading/written"
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
	beside := r.Options.Sheets > 1
	if beside && r.Table.Hidden || beside && r.Options.Given["sheet."+r.Table.Sheet] == "ignore" || beside && r.describes(ctx) {
		r.Found.Exclude(schema.Problem{Code: account.ExcludedSheet, File: r.Table.File, Sheet: r.Table.Sheet,
			Text: words.Say("excluded-"+account.ExcludedSheet, "sheet", r.Table.Sheet)})
		return nil
	}
	ok, err := heads.ReadGrid(ctx, r.Reader)
	if err != nil || ok {
		return err
	}
	if beside {
		r.Ask(account.AskSheet, "sheet."+r.Table.Sheet, table.Cell{Line: 1, Row: 1, Column: 1}, []string{"ignore"}, "sheet", r.Table.Sheet)
		return nil
	}
	r.notTidy(before)
	return nil
}

// describes reports whether a sheet is about the figures and holds none: its
// header names when series begin and end, or no cell is a number.
func (r *reader) describes(ctx context.Context) bool {
	numbers, rows, about := 0, 0, 0
	for row, err := range r.Table.Rows(ctx) {
		if err != nil {
			return false
		}
		if rows++; rows > 100_000 {
			return false
		}
		for _, t := range row.Texts {
			t = strings.TrimSpace(t)
			if written.Is("describes", written.Simplified(written.FoldText(t))) {
				about++
			}
			if n := written.ReadNumber(t, r.Table.Delimiter); n.Fault == "" && n.Value != nil {
				numbers++
			}
		}
	}
	return about >= 2 || numbers == 0
}

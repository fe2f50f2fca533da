package table

import (
	"context"

	"yardstick/collectors/table/numfmt"
)

// CellAt is the place of a cell in its table, from 1.
type CellAt struct{ Row, Column int }

// AsShown is the table with what the eye sees as the text of those cells whose
// format shows another.
func (t *Table) AsShown(cells map[CellAt]bool) *Table {
	out, of := *t, map[int][]int{}
	for at := range cells {
		of[at.Row] = append(of[at.Row], at.Column-1)
	}
	out.open = func(ctx context.Context) rows {
		return func(yield func(*Row, error) bool) {
			for row, err := range t.open(ctx) {
				if err == nil && of[row.Number] != nil {
					row = row.Clone()
					for _, i := range of[row.Number] {
						if i < len(row.abouts) && row.abouts[i].Why == numfmt.FormatWords {
							row.Texts[i], row.abouts[i] = row.abouts[i].Shown, numfmt.About{Decimals: -1}
						}
					}
				}
				if !yield(row, err) {
					return
				}
			}
		}
	}
	return &out
}

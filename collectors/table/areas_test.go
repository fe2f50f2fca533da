package table

import (
	"math/rand/v2"
	"testing"
)

// Whatever is merged: the first area of the file at a cell, as a look at each
// tells; and the columns that are hidden.
func TestMergedAndHiddenAreFoundAsBySearchingAll(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 17))
	for range 300 {
		tab := &Table{}
		for range r.IntN(60) {
			row, column := 1+r.IntN(30), 1+r.IntN(30)
			tab.Merges = append(tab.Merges, Merge{row, row + r.IntN(6), column, column + r.IntN(6)})
			tab.HiddenColumns = append(tab.HiddenColumns, Span{column, column + r.IntN(3)})
		}
		spans := tab.HiddenColumns
		tab.index()
		for range 400 {
			row, column := r.IntN(40), r.IntN(40)
			var want Merge
			found, hidden := false, false
			for i := len(tab.Merges) - 1; i >= 0; i-- {
				if m := tab.Merges[i]; row >= m.FirstRow && row <= m.LastRow && column >= m.FirstColumn && column <= m.LastColumn {
					want, found = m, true
				}
			}
			for _, s := range spans {
				hidden = hidden || column >= s.First && column <= s.Last
			}
			if got, ok := tab.Merged(row, column); ok != found || got != want {
				t.Fatalf("%d, %d: %v %v, want %v %v of %v", row, column, got, ok, want, found, tab.Merges)
			}
			if tab.ColumnHidden(column) != hidden {
				t.Fatalf("column %d of %v", column, spans)
			}
		}
	}
}

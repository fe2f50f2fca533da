package table

// Merge is an area of cells merged into one, counted as a spreadsheet counts,
// from 1, both ends inside. The value stands at the top left; the other cells
// are empty.
type Merge struct{ FirstRow, LastRow, FirstColumn, LastColumn int }

// Span is columns First to Last, from 1.
type Span struct{ First, Last int }

// Merged gives the merged area that row and column (from 1) belong to.
func (t *Table) Merged(row, column int) (Merge, bool) {
	for _, m := range t.Merges {
		if row >= m.FirstRow && row <= m.LastRow && column >= m.FirstColumn && column <= m.LastColumn {
			return m, true
		}
	}
	return Merge{}, false
}

// ColumnHidden reports whether the sheet hides the column (from 1).
func (t *Table) ColumnHidden(column int) bool {
	for _, s := range t.HiddenColumns {
		if column >= s.First && column <= s.Last {
			return true
		}
	}
	return false
}

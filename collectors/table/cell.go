package table

// Kind is what a workbook holds in a cell. A text file holds text alone.
type Kind uint8

// The kinds.
const (
	KindText Kind = iota
	KindNumber
	KindDate
	KindBool
	KindError // #N/A, #DIV/0! …; #CALC! for a formula saved without a result
)

// Shows is how much of a date its number format lets the reader see.
type Shows uint8

// What may be seen of a date; 0 for whatever is no date.
const (
	ShowsDay      Shows = iota + 1
	ShowsMonth          // year and month
	ShowsYear           // the year alone
	ShowsMonthDay       // no year is seen: a typed “1-9” becomes such a date
	ShowsTime           // a time of day, perhaps with the day
)

// about is what a workbook says of a cell beside its text.
type about struct {
	kind     Kind
	shows    Shows
	percent  bool
	formula  bool
	scaled   bool
	decimals int8 // -1: the format says nothing
	stored   string
}

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

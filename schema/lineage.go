package schema

import "time"

// CellTable is the table a figure was read from, as it stood in the kept file,
// around the figure's cell. What was left out is counted, never dropped in
// silence.
type CellTable struct {
	Format   string // csv, xlsx, xls or html
	Inner    string // name of the one file in an archive; "" without one
	Encoding string // of a text file
	Tables   int    // of the file
	Hidden   int    // of those, hidden ones

	Sheet       string // the one shown; "" for a text file
	SheetHidden bool
	Delimiter   byte   // of a text file; 0 where there is none
	LineEnds    string // LF, CRLF, CR or mixed; "" for a workbook
	Records     int    // rows of the table, blank ones included
	Widest      int    // cells of its widest row
	Columns     []CellColumn
	Rows        []CellRow
	RowsAfter   int // rows left out after the last shown
	ColumnsLeft int // columns left out after the last shown

	Found   bool   // the cell is in the table
	Text    string // of the cell as it is read today
	Line    int    // it stands on, as an editor counts
	Formula bool   // the cell holds a formula's saved result

	Origins []CellOrigin // where the rest of the figure's key was read; empty where that cannot be retraced
	Number  *Decimal     // the cell's number before any unit; nil where it cannot be retraced
	Suffix  string       // unit or multiplier written in the cell itself
}

// CellColumn is a column shown. Number counts from 1, Before is how many
// columns were left out before it.
type CellColumn struct {
	Number, Before int
	Hidden         bool
}

// ColumnName is the letters of column n, from 1: A, Z, AA.
func ColumnName(n int) string {
	var b []byte
	for ; n > 0; n = (n - 1) / 26 {
		b = append([]byte{byte('A' + (n-1)%26)}, b...)
	}
	return string(b)
}

// CellRow is a row shown. Number is a spreadsheet's, Before is how many rows
// were left out before it.
type CellRow struct {
	Number, Before int
	Hidden         bool
	Cells          []TableCell // one for each column shown
}

// TableCell is one cell as written. A cell that a merged one covers has no
// place of its own.
type TableCell struct {
	Text             string
	Cut              bool // the text is longer than what is shown
	Across, Down     int  // columns and rows shown that it spans; 1 without a merge
	Covered          bool
	Marked           bool     // the figure's own cell
	Fields           []string // what was read from it: indicator, region, period, unit …
	Formula, Outside bool     // Outside: the row has no such cell in the file
}

// CellOrigin is where one part of a figure's key or unit was read. Cell is ""
// where the file does not say it: it follows from an answer, the feed's rule or
// the catalogue.
type CellOrigin struct {
	Field string `json:"field"`          // indicator, region, period, unit, basis, status, note or published
	Cell  string `json:"cell,omitempty"` // as a spreadsheet names it
	Text  string `json:"text"`           // as understood there
}

// Use is how the verdicts on one scope used a receipt's figures.
type Use struct {
	First  Verdict   // the first stored verdict that did
	At     time.Time // when it was made
	Cause  string    // why it differs from the one before; "" when it does not
	Before *Verdict  // the stored verdict before that; nil for none
	Last   Date      // the last day judged on which one that did held
	Count  uint64    // stored verdicts that did
}

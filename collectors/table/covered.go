package table

import (
	"context"
	"slices"
	"strings"

	"yardstick/collectors/table/numfmt"
)

// covering tells of cells that lie under another they are merged with and hold
// something else than it: the eye sees the one at the top left over all of the area.
// Unmerged sheets are walked as they are.
func (t *Table) covering() {
	from, open := t.open, 0
	for _, m := range t.Merges {
		if m.FirstRow < m.LastRow || m.FirstColumn < m.LastColumn {
			open = max(open, m.LastRow)
		}
	}
	if from == nil || open == 0 {
		return
	}
	t.open = func(ctx context.Context) rows {
		return func(yield func(*Row, error) bool) {
			corners := map[int]string{} // the texts at the top left, by the number of the area
			for row, err := range from(ctx) {
				if err == nil && row.Number <= open {
					row = t.covered(row, corners)
				}
				if !yield(row, err) {
					return
				}
			}
		}
	}
}

// covered is the row with what is said of its covered cells.
func (t *Table) covered(row *Row, corners map[int]string) *Row {
	own := false
	for i, text := range row.Texts {
		text = strings.TrimSpace(text)
		if text == "" {
			continue
		}
		at := t.merged.At(row.Number, i+1)
		if at < 0 {
			continue
		}
		m := t.Merges[at]
		if m.FirstRow == row.Number && m.FirstColumn == i+1 {
			corners[at] = text
			continue
		}
		if text == corners[at] || row.abouts == nil {
			continue
		}
		if !own {
			own, row = true, row.Clone()
		}
		a := &row.abouts[i]
		if a.Why, a.Shown, a.Bare = numfmt.Covered, "", ""; m.FirstColumn == i+1 {
			a.Shown = corners[at] // of another column it is no name here
		}
	}
	return row
}

// Uncovered is the table whose covered cells are read as what is stored in them, or
// as what is seen there: the cell over them, or nothing where that is of another
// column.
func (t *Table) Uncovered(stored bool) *Table {
	out := *t
	out.open = func(ctx context.Context) rows {
		return func(yield func(*Row, error) bool) {
			for row, err := range t.open(ctx) {
				if err == nil && slices.ContainsFunc(row.abouts, func(a numfmt.About) bool { return a.Why == numfmt.Covered }) {
					row = row.Clone()
					for i := range row.abouts {
						a := &row.abouts[i]
						if a.Why != numfmt.Covered {
							continue
						}
						switch {
						case stored:
							a.Why, a.Shown = numfmt.Agrees, ""
						case a.Shown != "":
							row.Texts[i], *a = a.Shown, numfmt.About{Decimals: -1}
						default: // it holds something still
							row.Texts[i] = ""
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

package reading

import (
	"errors"
	"slices"
	"strings"

	"yardstick/collectors/reading/account"
	"yardstick/collectors/reading/written"
	"yardstick/collectors/table"
	"yardstick/schema"
)

// body reads a row below the header.
func (r *reader) body(row *table.Row) error {
	if row.Blank() {
		r.Blank(row)
		return nil
	}
	r.EndBlanks()
	if slices.Equal(row.Texts, r.layout.names) {
		r.Exclude(row, account.ExcludedHeader)
		return nil
	}
	if r.isNote(row) {
		r.Exclude(row, account.ExcludedNote)
		return nil
	}
	if !r.shaped(row) {
		r.Found.Dropped++
		return nil
	}
	r.dimensions(row)
	r.candidate(row)
	return r.Each(&r.Row)
}

// dimensions asks about a column that may tell figures apart as soon as it says
// something.
func (r *reader) dimensions(row *table.Row) {
	r.further = slices.DeleteFunc(r.further, func(i int) bool {
		t := strings.TrimSpace(row.Cell(i).Text)
		if t == "" || t == "0" || t == "1" {
			return false
		}
		c := row.Cell(i)
		c.Text = r.layout.names[i]
		r.Ask(account.AskDimension, written.ColumnKey(c.Text), c, []string{"ignore"})
		return true
	})
}

// isNote reports whether the row begins as a note does and holds no figure.
func (r *reader) isNote(row *table.Row) bool {
	if !written.NoteStart().MatchString(strings.TrimSpace(account.FirstFilled(row).Text)) {
		return false
	}
	at := func(f account.Field) string {
		if i := r.layout.column[f.Index()]; i >= 0 {
			return row.Cell(i).Text
		}
		return ""
	}
	n := written.ReadNumber(at(account.Value), r.Table.Delimiter)
	return r.Period(at(account.Period)).Err != nil || n.Fault != "" || n.Value == nil
}

// shaped tells of a row that has not the header's cells: what stands where
// cannot be known then.
func (r *reader) shaped(row *table.Row) bool {
	width := len(r.layout.names)
	for width > 0 && strings.TrimSpace(r.layout.names[width-1]) == "" {
		width--
	}
	filled, extra := 0, -1
	for i, t := range row.Texts {
		if strings.TrimSpace(t) == "" {
			continue
		}
		filled++
		unnamed := i >= width || strings.TrimSpace(r.layout.names[i]) == ""
		if unnamed && extra < 0 {
			extra = i
		}
	}
	switch {
	case filled == 1 && width > 1:
		r.Found.Problem(r.Problem(account.RowIncomplete, account.FirstFilled(row)))
	case row.Len() > len(r.layout.names): // though the last be empty: a number may have been cut in two
		r.Ragged(row, len(r.layout.names))
	case extra >= 0:
		r.Found.Problem(r.Problem(account.ColumnUnnamed, row.Cell(extra)))
	case row.Len() < width && r.Table.Sheet == "": // a workbook does not store the blank cells at the end
		r.Ragged(row, width)
	default:
		return true
	}
	return false
}

// candidate reads the row's cells into r.row and tells what cannot be read.
func (r *reader) candidate(row *table.Row) {
	c := &r.Row
	*c = account.Candidate{File: r.Table.File, Sheet: r.Table.Sheet, Line: row.Line, Row: row.Number}
	for i := range c.Cells {
		said := r.layout.above[i]
		if col := r.layout.column[i]; col >= 0 {
			c.Cells[i] = row.Cell(col)
			continue
		}
		if c.Cells[i] = said.Cell; said.Cell.Column == 0 {
			c.Cells[i] = table.Cell{Line: row.Line, Row: row.Number}
		}
		c.Cells[i].Text = said.Text
	}
	r.dittos()
	for _, f := range []account.Field{account.Indicator, account.Region, account.Period} {
		if c.Written(f) == "" {
			r.Bad(f, r.Problem(account.CellEmpty, c.Cell(f), "field", f.Text()))
		}
	}
	if r.layout.above[account.Unit.Index()].Said() && (!written.Fits(c.Written(account.Indicator), c.Written(account.Unit)) || r.layout.unit != "") {
		c.Cells[account.Unit.Index()] = table.Cell{Line: row.Line, Row: row.Number}
	}
	r.readPeriod()
	r.readValue()
	r.declared(c, row)
	r.readAside()
}

func (r *reader) readPeriod() {
	c := &r.Row
	if c.Bad&account.Period != 0 {
		return
	}
	p := r.Period(c.Cell(account.Period).Text)
	switch {
	case p.Err == nil:
		c.When, c.WhenBasis = p.Period, p.Basis
	case errors.Is(p.Err, schema.ErrNoYear):
		c.Bad |= account.Period
		r.Found.Ask(account.Question(c.File, c.Sheet, c.Cell(account.Period), account.AskYear, "year", nil, nil))
	case strings.Contains(c.Written(account.Period), "下半年"):
		r.Bad(account.Period, r.Problem(account.HalfYear, c.Cell(account.Period)))
	default:
		r.Bad(account.Period, r.Problem(account.NotAPeriod, c.Cell(account.Period)))
	}
}

func (r *reader) readValue() {
	c := &r.Row
	n := written.ReadNumber(c.Cell(account.Value).Text, r.Table.Delimiter)
	if n.Fault != "" {
		r.Bad(account.Value, r.Problem(n.Fault, c.Cell(account.Value)))
		return
	}
	if r.mergedValue() {
		c.Bad |= account.Value
		return
	}
	if c.Number, c.Suffix = n.Value, n.Suffix; n.Value != nil {
		r.AsScaled(c.Cell(account.Value))
	}
	if unit := c.Written(account.Unit); r.layout.unit != "" && unit != "" && written.FoldText(unit) != written.FoldText(r.layout.unit) {
		r.Bad(account.Value, r.Problem(account.UnitTwice, c.Cell(account.Unit), "unit", table.Excerpt(r.layout.unit)))
		return
	}
	if r.layout.unit != "" && c.Written(account.Unit) == "" {
		unit := &c.Cells[account.Unit.Index()]
		head := r.layout.column[account.Value.Index()]
		*unit = table.Cell{Text: r.layout.unit, Line: c.Line, Row: c.Row, Column: head + 1}
	}
}

// readAside reads what may stand beside a figure: basis, status and the day it was
// made public.
func (r *reader) readAside() {
	c, ok := &r.Row, false
	if text := c.Written(account.Basis); text != "" {
		if c.Bases = written.ReadBasis(text); c.Bases == nil {
			r.Bad(account.Basis, r.Problem(account.BasisUnknown, c.Cell(account.Basis)))
		}
	}
	if text := c.Written(account.Status); text != "" {
		if c.State, ok = written.ReadStatus(text); !ok {
			r.Bad(account.Status, r.Problem(account.StatusUnknown, c.Cell(account.Status)))
		}
	}
	if text := c.Written(account.Published); text != "" {
		if c.Day, ok = account.ReadDay(text, r.Period); !ok {
			r.Bad(account.Published, r.Problem(account.BadPublished, c.Cell(account.Published)))
		}
	}
}

// mergedValue tells of a tidy figure whose cell is merged with those of other
// rows.
func (r *reader) mergedValue() bool {
	c := r.Row.Cell(account.Value)
	m, ok := r.Merge(c.Row, c.Column)
	if !ok || m.FirstRow == m.LastRow || strings.TrimSpace(c.Text) == "" && !r.Spreads[m] {
		return false
	}
	r.TellMerged(m, c)
	return true
}

// dittos puts in the names for which the row says ditto, and remembers the
// others.
func (r *reader) dittos() {
	for _, f := range []account.Field{account.Indicator, account.Region, account.Period, account.Unit, account.Basis} {
		i := f.Index()
		if r.layout.column[i] < 0 {
			continue
		}
		text := &r.Row.Cells[i].Text
		switch {
		case written.Ditto(*text):
			*text = r.aboveRow[i]
		case *text != r.aboveRow[i]:
			r.aboveRow[i] = strings.Clone(*text)
		}
	}
}

// declared holds a tidy figure against the frequency that a column of its own
// says the series has.
func (r *reader) declared(c *account.Candidate, src *table.Row) {
	if r.frequency < 0 || c.Bad&account.Period != 0 || c.Missing() {
		return
	}
	said, _, _ := strings.Cut(src.Cell(r.frequency).Text, ":")
	r.OnFrequency(c, said)
}

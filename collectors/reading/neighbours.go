package reading

import (
	"strings"

	"yardstick/collectors/reading/account"
	"yardstick/collectors/reading/written"
	"yardstick/collectors/table"
)

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

package reading

import (
	"context"
	"errors"
	"slices"
	"strings"

	"yardstick/collectors/reading/account"
	"yardstick/collectors/reading/written"
	"yardstick/collectors/table"
	"yardstick/collectors/table/numfmt"
	"yardstick/schema"
)

// body reads a row below the header.
func (r *reader) body(ctx context.Context, row *table.Row) error {
	if row.Blank() {
		r.Blank(row)
		return nil
	}
	r.EndBlanks()
	if slices.Equal(row.Texts, r.layout.names) {
		r.Exclude(row, account.ExcludedHeader)
		return nil
	}
	if written.Signed(row.Texts) || r.isNote(row) {
		r.Exclude(row, account.ExcludedNote)
		return nil
	}
	if r.isTotal(row) {
		r.Exclude(row, account.ExcludedTotal)
		return nil
	}
	if !r.shaped(row) {
		r.Found.Dropped++
		return nil
	}
	if r.layout.unseen {
		r.Exclude(row, account.ExcludedHidden)
		return nil
	}
	if row.Hidden && strings.TrimSpace(r.Options.Given["hidden"]) != "take" {
		if strings.TrimSpace(r.Options.Given["hidden"]) == "leave" {
			r.Exclude(row, account.ExcludedHidden)
			return nil
		}
		r.OpenRow(row)
		r.AskHidden(account.FirstFilled(row))
		return nil
	}
	for _, i := range r.totals {
		if !account.Whole(row.Cell(i).Text) {
			r.Exclude(row, account.ExcludedPart)
			return nil
		}
	}
	r.beside(row)
	leave, err := r.candidate(ctx, row)
	if err != nil {
		return err
	}
	if leave {
		r.Exclude(row, account.ExcludedRow)
		return nil
	}
	if err := r.Give(); err != nil {
		return err
	}
	return r.moreOf(ctx, row)
}

// isTotal reports whether the row is the total of others, of indicators, places or
// times: no figure of any one of them.
func (r *reader) isTotal(row *table.Row) bool {
	for f, k := range map[account.Field]account.Kind{account.Indicator: account.KindIndicator, account.Region: account.KindRegion, account.Period: account.KindPeriod} {
		if i := r.layout.column[f.Index()]; i >= 0 && i < row.Len() && account.Total(row.Texts[i], k) {
			return true
		}
	}
	return false
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
		r.TellRow(row, r.Problem(account.RowIncomplete, account.FirstFilled(row)))
	case row.Len() > len(r.layout.names): // though the last be empty: a number may have been cut in two
		r.Ragged(row, len(r.layout.names))
	case extra >= 0:
		r.TellRow(row, r.Problem(account.ColumnUnnamed, row.Cell(extra)))
	case row.Len() < width && r.Table.Delimiter != 0: // workbooks and pages do not hold the blank cells at the end
		r.Ragged(row, width)
	default:
		return true
	}
	return false
}

// candidate reads the row's cells into r.row and tells what cannot be read. An answer
// may say that the row is to be left out.
func (r *reader) candidate(ctx context.Context, row *table.Row) (leave bool, err error) {
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
	r.whose()
	if r.layout.column[account.Unit.Index()] >= 0 {
		c.Beside = r.layout.beside
	}
	for _, f := range []account.Field{account.Indicator, account.Region, account.Period} {
		if c.Written(f) == "" {
			r.Bad(f, r.Problem(account.CellEmpty, c.Cell(f), "field", f.Text()))
		}
	}
	if r.layout.above[account.Unit.Index()].Said() && (!written.Fits(c.Written(account.Indicator), c.Written(account.Unit)) || r.layout.unit != "") {
		c.Cells[account.Unit.Index()] = table.Cell{Line: row.Line, Row: row.Number}
	}
	if name, is := r.Part(&r.wholes, account.Facet{Text: c.Written(account.Indicator), Cell: c.Cell(account.Indicator)}, c.Written(account.Unit)); is == account.PartLeft {
		return true, nil
	} else if c.Cells[account.Indicator.Index()].Text = name; is == account.PartOpen {
		c.Bad |= account.Indicator
	}
	if name, is := r.Narrowed(r.narrows, account.Facet{Text: c.Written(account.Indicator), Cell: c.Cell(account.Indicator)}); is == account.PartOpen {
		c.Bad |= account.Indicator
	} else {
		c.Cells[account.Indicator.Index()].Text = name
	}
	r.readPeriod()
	if err := r.readValue(ctx, row); err != nil {
		return false, err
	}
	if c.Written(account.Unit) == "" && c.Suffix == "" {
		name := c.Written(account.Indicator)
		if unit := r.UnitGiven(name); unit != "" && !r.Name(name).Cut {
			c.Cells[account.Unit.Index()] = table.Cell{Line: row.Line, Row: row.Number, Text: unit}
		}
	}
	r.multiplied(row)
	r.declared(c, row)
	r.readAside()
	r.span()
	return false, nil
}

// whose takes a place off the row's name: it says whose the figure is, before a title.
func (r *reader) whose() {
	c, label := &r.Row, ""
	name := account.Facet{Text: c.Written(account.Indicator), Cell: c.Cell(account.Indicator)}
	report := r.layout.above[account.Region.Index()]
	if r.layout.column[account.Region.Index()] >= 0 {
		label = c.Written(account.Region)
		report = account.First(account.One(r.above.Region), account.Facet{Text: strings.TrimSpace(r.Options.Given["region"])})
	}
	place := &c.Cells[account.Region.Index()]
	if account.WholePlace(label) {
		of, ok := r.PlaceMeant(label, report, *place)
		if place.Text = of.Text; !ok {
			c.Bad |= account.Region
		}
	}
	rest, of, ok := r.PlaceOfName(name, label, report)
	if !ok {
		c.Bad |= account.Region
		r.Open(*place)
	}
	c.Cells[account.Indicator.Index()].Text = rest
	if of.Said() && (label == "" || !ok || !r.SamePlace(of.Text, place.Text)) {
		r.Label(*place)
		*place = table.Cell{Line: c.Line, Row: c.Row, Text: of.Text}
	}
}

// span asks, once for the column, of which span the figures of a quarter are that the
// catalogue knows as running totals and the file calls by a name: people write 二季度 of
// the quarter alone, too. What bears the catalogue's code is what the catalogue says;
// in the first quarter both are one figure; and counts that are reported by months
// have the catalogue's basis alone.
func (r *reader) span() {
	c := &r.Row
	name := c.Written(account.Indicator)
	if r.Options.Known == nil || c.Missing() || len(c.Bases) > 0 || c.WhenBasis != "" ||
		c.Bad&(account.Period|account.Indicator|account.Basis) != 0 || c.When.Frequency() != schema.Quarterly || c.When.First().Month == 1 {
		return
	}
	code, basis, ok := r.Options.Known(name)
	if bare, _, cut := written.CutUnit(name); cut && !ok {
		code, basis, ok = r.Options.Known(bare)
	}
	if !ok || basis != schema.YearToDate || code == name || written.BasesIn(name) != nil {
		return
	}
	if given := written.ReadBasis(r.GivenFor("basis", name)); given != nil {
		c.Bases = given
		return
	}
	if r.NotOurs(name) {
		return
	}
	if !slices.Contains(r.bare, name) && len(r.bare) < 100 {
		r.bare = append(r.bare, strings.Clone(name))
	}
	if r.bareCell.Row == 0 {
		r.bareCell = c.Cell(account.Indicator)
		r.bareCell.Text = name
	}
}

func (r *reader) readPeriod() {
	c := &r.Row
	if c.Bad&account.Period != 0 {
		return
	}
	text, ok := r.SeenLabel(c.Cell(account.Period))
	if !ok {
		c.Bad |= account.Period
		return
	}
	r.octobers.see(r, text, c.Cell(account.Period))
	p := r.Period(text)
	switch {
	case p.Err == nil:
		c.When, c.WhenBasis = p.Period, p.Basis
		r.edges.see(r)
	case errors.Is(p.Err, schema.ErrNoYear):
		c.Bad |= account.Period
		r.Ask(account.AskYear, "year", c.Cell(account.Period), nil)
	case strings.Contains(c.Written(account.Period), "下半年"):
		r.Bad(account.Period, r.Problem(account.HalfYear, c.Cell(account.Period)))
	default:
		r.Bad(account.Period, r.Problem(account.NotAPeriod, c.Cell(account.Period)))
	}
}

func (r *reader) readValue(ctx context.Context, row *table.Row) error {
	c := &r.Row
	if c.Cell(account.Value).Why == numfmt.Covered && r.mergedValue() {
		c.Bad |= account.Value
		return nil
	}
	text, ok := r.Seen(c.Cell(account.Value))
	if !ok {
		c.Bad |= account.Value
		return nil
	}
	n := written.ReadNumber(text, r.Table.Delimiter)
	if n.Blanks && n.Fault == "" {
		if marks, err := r.Blanks(ctx, c.Cell(account.Value).Column, row); err != nil {
			return err
		} else if !marks && !r.OneNumber(n, c.Cell(account.Value)) {
			c.Bad |= account.Value
			return nil
		}
	}
	if n.Fault != "" {
		r.Bad(account.Value, r.Problem(n.Fault, c.Cell(account.Value)))
		return nil
	}
	if r.mergedValue() {
		c.Bad |= account.Value
		return nil
	}
	if c.Number, c.Suffix = n.Value, n.Suffix; n.Value != nil {
		r.AsScaled(c.Cell(account.Value))
	}
	if unit := c.Written(account.Unit); r.layout.unit != "" && unit != "" && written.FoldText(unit) != written.FoldText(r.layout.unit) {
		r.Bad(account.Value, r.Problem(account.UnitTwice, c.Cell(account.Unit), "unit", table.Excerpt(r.layout.unit)))
		return nil
	}
	if r.layout.unit != "" && c.Written(account.Unit) == "" {
		unit := &c.Cells[account.Unit.Index()]
		head := r.layout.column[account.Value.Index()]
		*unit = table.Cell{Text: r.layout.unit, Line: c.Line, Row: c.Row, Column: head + 1}
	}
	return nil
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
	} else if note := c.Written(account.Note); c.Number != nil && len(note) > 1 { // a note that is a status and no more: 预计数
		if s, ok := written.ReadStatus(note); ok && slices.Contains([]schema.ObsStatus{schema.StatusProvisional, schema.StatusEstimated, schema.StatusForecast}, s) {
			c.State, c.Cells[account.Status.Index()] = s, c.Cell(account.Note)
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
		cell := &r.Row.Cells[i]
		if f != account.Period {
			cell.Text = account.Named(*cell)
		}
		text := &cell.Text
		switch {
		case written.Ditto(*text), strings.TrimSpace(*text) == "" && r.mergedUp(cell.Row, cell.Column):
			*text = r.aboveRow[i]
		case *text != r.aboveRow[i]:
			r.aboveRow[i] = strings.Clone(*text)
		}
	}
}

// mergedUp reports whether a cell is merged with the one above it.
func (r *reader) mergedUp(row, column int) bool {
	m, ok := r.Merge(row, column)
	return ok && m.FirstColumn == column && m.FirstRow < row && m.FirstRow > r.layout.row
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

// octobers watches the periods of the rows for 2025.1, which may be January or an
// October whose zero was lost: it is January next to February or after December.
type octobers struct {
	before, last string // different periods that follow each other
	at           table.Cell
	open         bool // last is such a period, and nothing yet says which month
}

func (o *octobers) see(r *reader, text string, c table.Cell) {
	text = written.FoldText(text)
	if text == o.last || text == "" {
		return
	}
	if o.open && !account.AfterJanuary(o.last, text) {
		o.ask(r)
	}
	o.before, o.last, o.open, o.at = o.last, text, false, c
	if account.MaybeOctober(text) && !account.BeforeJanuary(text, o.before) && !account.AfterJanuary(text, o.before) {
		o.open = true
	}
}

func (o *octobers) end(r *reader) {
	if o.open {
		o.ask(r)
	}
}

func (o *octobers) ask(r *reader) {
	o.open = false
	r.AskOctober(o.at)
}

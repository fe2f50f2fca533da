package account

import (
	"context"
	"maps"
	"strconv"
	"strings"

	"yardstick/collectors/reading/written"
	"yardstick/collectors/table"
	"yardstick/collectors/table/numfmt"
	"yardstick/schema"
	"yardstick/schema/words"
)

// How a cell ended.
const (
	unseen byte = iota
	asLeft
	asLabel
	asFigure
	asAsked
	asWrong
)

// mark notes how the cell at row and column (from 1) ended. What is asked or wrong
// stays so; else a figure goes before a label, and that before what is left out.
func (r *Reader) mark(row, column int, how byte) {
	if row < 1 || column < 1 {
		return
	}
	marks := r.marks[row]
	if len(marks) < column {
		if r.marks == nil {
			r.marks = map[int][]byte{}
		}
		marks = append(marks, make([]byte, column-len(marks))...)
		r.marks[row] = marks
	}
	marks[column-1] = max(marks[column-1], how)
}

// Label notes that a cell of the table was understood as part of what a figure is.
func (r *Reader) Label(c table.Cell) { r.mark(c.Row, c.Column, asLabel) }

// Leave notes that a cell of the table belongs to what was listed as left out.
func (r *Reader) Leave(c table.Cell) { r.mark(c.Row, c.Column, asLeft) }

// Open notes that a cell belongs to what a question is about.
func (r *Reader) Open(c table.Cell) { r.mark(c.Row, c.Column, asAsked) }

// row notes of every cell of a row how it ended.
func (r *Reader) row(row *table.Row, how byte) {
	for i := range row.Len() {
		r.mark(row.Number, row.Cell(i).Column, how)
	}
}

// WrongRow notes that a row belongs to what a problem is about.
func (r *Reader) WrongRow(row *table.Row) { r.row(row, asWrong) }

// LeaveRow notes that a row belongs to what was listed as left out.
func (r *Reader) LeaveRow(row *table.Row) { r.row(row, asLeft) }

// OpenRow notes that a row belongs to what a question is about.
func (r *Reader) OpenRow(row *table.Row) { r.row(row, asAsked) }

// Tell tells a problem of a cell.
func (r *Reader) Tell(code string, c table.Cell, args ...any) {
	r.mark(c.Row, c.Column, asWrong)
	if r.Found.problems >= Most {
		r.Found.problems++ // counted, and not listed
		return
	}
	r.Found.Problem(r.Problem(code, c, args...))
}

// TellRow tells a problem of a row at one of its cells: none of the row is read.
func (r *Reader) TellRow(row *table.Row, p schema.Problem) {
	r.row(row, asWrong)
	r.Found.Problem(p)
}

// Give gives the figure in Row, whose cells are accounted for with it: the figure's
// own as who takes it says.
func (r *Reader) Give() error {
	if left := r.unseen(); left {
		return nil
	}
	r.Row.LeftOut, r.Row.Asked, r.Row.Wrong = false, false, false
	err := r.Each(&r.Row)
	for i, c := range r.Row.Cells {
		if c.Column == 0 {
			continue
		}
		how := asLabel
		if Field(1<<i) == Value {
			how = r.Row.ended()
		}
		r.mark(c.Row, c.Column, how)
	}
	return err
}

func (c *Candidate) ended() byte {
	switch {
	case c.Wrong:
		return asWrong
	case c.Asked:
		return asAsked
	case c.LeftOut:
		return asLeft
	}
	return asFigure
}

// unseen asks about cells that the figure is made of and the eye does not see, or sees
// something else in: no figure passes here that is made of one without a word. left:
// an answer leaves the figure out.
func (r *Reader) unseen() (left bool) {
	answer := strings.TrimSpace(r.Options.Given["hidden"])
	for i := range r.Row.Cells {
		c, f := &r.Row.Cells[i], Field(1<<i)
		if c.Column == 0 || f&(Note|Published) != 0 || strings.TrimSpace(c.Text) == "" {
			continue
		}
		switch hidden := c.Hidden || r.Table.ColumnHidden(c.Column); {
		case hidden && answer == "leave":
			return r.leaveFigure(ExcludedHidden)
		case hidden && answer != "take":
			r.AskHidden(*c)
			r.Row.Bad |= f
			r.Open(*c)
		}
		if r.Row.Bad&f != 0 || f == Value || !doubted(*c) {
			continue // a figure's own cell was looked at before
		}
		switch text, ok := r.SeenLabel(*c); {
		case !ok:
			r.Row.Bad |= f
		case text == "" && f&(Indicator|Region|Period) != 0:
			return r.leaveFigure(ExcludedRow)
		default:
			c.Text = text
		}
	}
	return false
}

// doubted reports whether what the eye sees of a cell that names something is another
// name, or none: not a mark of a footnote, or what is struck out within it.
func doubted(c table.Cell) bool {
	switch c.Why {
	case numfmt.Agrees, numfmt.ErrorValue, numfmt.FormulaEmpty:
		return false
	case numfmt.Raised, numfmt.Struck, numfmt.HiddenText:
		return strings.TrimSpace(c.Bare) == ""
	}
	return true
}

// Heading asks about a cell that says what many figures are, beside those that each
// figure names, where the eye does not see it, or sees something else. left: an answer
// leaves what it heads out.
func (r *Reader) Heading(f Facet) (left bool) {
	if f.Cell.Column == 0 || !f.Said() {
		return false
	}
	if f.Cell.Hidden || r.Table.ColumnHidden(f.Cell.Column) {
		switch strings.TrimSpace(r.Options.Given["hidden"]) {
		case "leave":
			return true
		case "take":
		default:
			r.AskHidden(f.Cell)
		}
	}
	if doubted(f.Cell) {
		text, ok := r.SeenLabel(f.As())
		return ok && text == ""
	}
	return false
}

// leaveFigure leaves the figure in Row out, as answered.
func (r *Reader) leaveFigure(code string) bool {
	for _, c := range r.Row.Cells {
		r.mark(c.Row, c.Column, asLeft)
	}
	value := r.Row.Cells[Value.Index()]
	r.Found.Exclude(r.Problem(code, value, "line", value.Line, "written", table.Excerpt(value.Text)))
	return true
}

// Settle accounts for the cells of a row that is read to its end: each that holds
// anything is a figure, a label of one, left out and listed, asked about or wrong.
// What is left over is a problem by itself, whatever was thought of the layout.
func (r *Reader) Settle(row *table.Row) {
	marks, n := r.marks[row.Number], &r.Found.Cells
	delete(r.marks, row.Number)
	for i, text := range row.Texts {
		if strings.TrimSpace(written.FoldWidth(text)) == "" {
			switch c := row.Cell(i); c.Why {
			case numfmt.Uncalculated: // it holds a formula
				r.settleFormula(c, i < len(marks) && marks[i] == asLeft)
			case numfmt.Covered: // what it holds is not seen
				n.LeftOut++
			}
			continue
		}
		how := unseen
		if i < len(marks) {
			how = marks[i]
		}
		switch how {
		case asLeft:
			n.LeftOut++
		case asLabel:
			n.Labels++
		case asFigure:
			n.Figures++
		case asAsked:
			n.Asked++
		case asWrong:
			n.Wrong++
		default:
			n.Wrong++
			r.Found.Whole = true
			r.Found.Problem(r.Problem(CellUnread, row.Cell(i)))
		}
	}
}

// settleFormula accounts for a formula without a result, which is asked about unless it
// belongs to what is left out.
func (r *Reader) settleFormula(c table.Cell, left bool) {
	if !left {
		_, left = r.Seen(c)
	}
	if left {
		r.Found.Cells.LeftOut++
	} else {
		r.Found.Cells.Asked++
	}
}

// SettleLeft accounts for all of a table that is listed as left out.
func (r *Reader) SettleLeft(ctx context.Context) error { return r.settleAs(ctx, asLeft) }

// SettleAsked accounts for all of a table that a question is about.
func (r *Reader) SettleAsked(ctx context.Context) error { return r.settleAs(ctx, asAsked) }

// SettleWrong accounts for all of a table that a problem is about.
func (r *Reader) SettleWrong(ctx context.Context) error { return r.settleAs(ctx, asWrong) }

func (r *Reader) settleAs(ctx context.Context, how byte) error {
	for row, err := range r.Table.Rows(ctx) {
		if err != nil {
			return err
		}
		r.row(row, how)
		r.Settle(row)
	}
	return nil
}

// What may be answered to a cell whose stored text the eye does not see.
const (
	takeStored  = "stored"
	takeShown   = "shown"
	takeMissing = "missing"
	takeMinus   = "minus"
)

// Seen is the text to read of a figure's or a period's cell: what is stored, where
// that is what the eye sees. Where it is not, a question asks which of the two holds,
// once for each way in which they differ, and the answer is for all cells of that
// way; ok is false while it is open. A formula that gives an empty text is no figure.
func (r *Reader) Seen(c table.Cell) (text string, ok bool) {
	text = c.Text
	if c.Why == numfmt.Raised && written.FlagLike(strings.TrimSpace(text)) {
		return text, true // all of the cell is a mark: r, p
	}
	var candidates []string
	key := "seen." + c.Why.String()
	switch c.Why {
	case numfmt.Agrees, numfmt.ErrorValue: // an error is a problem of its own
		return text, true
	case numfmt.FormulaEmpty:
		return "", true
	case numfmt.Uncalculated:
		if candidates = []string{takeMissing}; strings.TrimSpace(text) != "" {
			candidates = append(candidates, takeStored)
		}
	case numfmt.Covered:
		candidates = []string{takeShown, takeStored}
	case numfmt.FormatHides:
		candidates = []string{takeStored, takeMissing}
	case numfmt.FormatWords:
		candidates = []string{takeStored}
		if written.Holds("falls", c.Shown) && !strings.HasPrefix(strings.TrimSpace(text), "-") {
			candidates = append(candidates, takeMinus)
		}
		if n := written.ReadNumber(c.Shown, r.Table.Delimiter); n.Fault == "" && n.Value != nil && n.Suffix == "" {
			candidates, key = append(candidates, takeShown), "seen.format-number"
		}
	default:
		candidates = []string{takeStored}
		if seen := eyes(c); strings.TrimSpace(seen) != "" {
			candidates = []string{takeShown, takeStored}
		} else {
			candidates = append(candidates, takeMissing)
		}
	}
	switch strings.TrimSpace(r.Options.Given[key]) {
	case takeStored:
		return text, true
	case takeShown:
		return eyes(c), true
	case takeMissing:
		return "", true
	case takeMinus:
		return "-" + strings.TrimSpace(text), true
	}
	r.askSeen(key, c, candidates)
	return "", false
}

// askSeen asks which holds of a cell: what is stored, or what the eye sees.
func (r *Reader) askSeen(key string, c table.Cell, candidates []string) {
	shown := schema.Same("“" + table.Excerpt(c.Shown) + "”")
	if strings.TrimSpace(c.Shown) == "" {
		shown = words.Say("seen-nothing")
	}
	r.Open(c)
	r.Ask(AskSeen, key, c, candidates, "shown", shown, "how", words.Say("seen-"+c.Why.String()))
}

// SeenLabel is Seen for a cell that says what figures are. Of one to which its format
// adds words, any text may be what is meant: the answer is for all such cells.
func (r *Reader) SeenLabel(c table.Cell) (text string, ok bool) {
	if c.Why != numfmt.FormatWords {
		return r.Seen(c)
	}
	if r.Found.Worded == nil {
		r.Found.Worded = map[table.CellAt]bool{}
	}
	r.Found.Worded[table.CellAt{Row: c.Row, Column: c.Column}] = true
	switch strings.TrimSpace(r.Options.Given[SeenLabels]) {
	case takeStored:
		return c.Text, true
	case takeShown:
		return c.Shown, true
	}
	r.askSeen(SeenLabels, c, []string{takeShown, takeStored})
	return "", false
}

// SeenLabels is the key of what holds of cells that say what figures are, and to which
// their format adds words.
const SeenLabels = "seen.label"

// AsShown is the table as it is to be read where it was said that the words count which
// formats add to labels. labels gives those that a reading of a table comes upon.
func AsShown(t *table.Table, o Options, labels func(*table.Table, Options) (map[table.CellAt]bool, error)) (*table.Table, error) {
	const most = 4 // what is read anew may lead to further labels
	if strings.TrimSpace(o.Given[SeenLabels]) != takeShown {
		return t, nil
	}
	all, first := map[table.CellAt]bool{}, t
	for range most {
		found, err := labels(t, o)
		n := len(all)
		maps.Copy(all, found)
		if err != nil || len(all) == n {
			return t, err
		}
		t = first.AsShown(all)
	}
	return t, nil
}

// eyes is what the eye reads of a cell as its text, without marks of footnotes.
func eyes(c table.Cell) string {
	switch c.Why {
	case numfmt.Raised, numfmt.Struck, numfmt.HiddenText:
		return c.Bare
	}
	return c.Shown
}

// Named is the text of a cell that names something, without what is raised, struck
// or hidden in it: the mark of a footnote is no part of a name.
func Named(c table.Cell) string {
	switch c.Why {
	case numfmt.Raised, numfmt.Struck, numfmt.HiddenText:
		if strings.TrimSpace(c.Bare) != "" {
			return c.Bare
		}
	case numfmt.FormulaEmpty:
		return ""
	}
	return c.Text
}

// Blanks reports whether the blanks within the numbers of a column (from 1), or of a
// row, are marks of thousands: every number of a thousand or more in it is written so,
// and more than one is. Else 410 425 may be two numbers.
func (r *Reader) Blanks(ctx context.Context, column int, along *table.Row) (bool, error) {
	if r.blanksRow.number != along.Number {
		with, without := 0, 0
		for _, text := range along.Texts {
			switch n := written.ReadNumber(text, r.Table.Delimiter); {
			case n.Fault != "" || n.Value == nil:
			case n.Blanks:
				with++
			case n.Thousand():
				without++
			}
		}
		r.blanksRow.number, r.blanksRow.marks = along.Number, with > 1 && without == 0
	}
	if r.blanksRow.marks {
		return true, nil
	}
	if r.blanksIn == nil {
		if err := r.blanksOfColumns(ctx); err != nil {
			return false, err
		}
	}
	return column <= len(r.blanksIn) && r.blanksIn[column-1], nil
}

// blanksOfColumns looks at the numbers of all columns, once.
func (r *Reader) blanksOfColumns(ctx context.Context) error {
	var with, without []int
	for row, err := range r.Table.Rows(ctx) {
		if err != nil {
			return err
		}
		for len(with) < row.Len() {
			with, without = append(with, 0), append(without, 0)
		}
		for i, text := range row.Texts {
			switch n := written.ReadNumber(text, r.Table.Delimiter); {
			case n.Fault != "" || n.Value == nil:
			case n.Blanks:
				with[i]++
			case n.Thousand():
				without[i]++
			}
		}
	}
	r.blanksIn = make([]bool, len(with))
	for i := range with {
		r.blanksIn[i] = with[i] > 1 && without[i] == 0
	}
	return nil
}

// AskHidden asks whether figures that the sheet hides are to be read.
func (r *Reader) AskHidden(c table.Cell) {
	r.Ask(AskHidden, "hidden", c, []string{"take", "leave"})
}

var maybeOctober = written.Pattern(`^\d{4}\.1$`)

// MaybeOctober reports whether a period is written as a number that October becomes
// when the zero at its end is lost: 2025.1.
func MaybeOctober(text string) bool { return maybeOctober().MatchString(text) }

// AfterJanuary reports whether next is the February after the January text.
func AfterJanuary(text, next string) bool { return next == strings.TrimSuffix(text, ".1")+".2" }

// BeforeJanuary reports whether before is the December before the January text.
func BeforeJanuary(text, before string) bool {
	year, err := strconv.Atoi(strings.TrimSuffix(text, ".1"))
	return err == nil && before == strconv.Itoa(year-1)+".12"
}

// AskOctober asks which month 2025.1 is; the answer holds for all of the file.
func (r *Reader) AskOctober(c table.Cell) {
	if r.Options.Given["october"] == "" {
		r.Ask(AskOctober, "october", c, []string{"october", "january"})
	}
}

package account

import (
	"context"
	"slices"
	"strings"

	"yardstick/collectors/reading/written"
	"yardstick/collectors/table"
	"yardstick/schema"
)

// ReadFigure reads into Row the number in its cell of the value, which stands in row
// src, and the flag in that cell or, without one, beside it. legend is what the file
// says flags mean.
func (r *Reader) ReadFigure(ctx context.Context, src *table.Row, flag Facet, legend written.Legend) error {
	c := &r.Row
	cell := c.Cell(Value)
	text, ok := r.Seen(cell)
	if !ok {
		c.Bad |= Value
		return nil
	}
	text = strings.TrimSpace(text)
	if text != "" && written.FlagLike(text) {
		flag = Facet{Text: text, Cell: cell}
	} else {
		n := written.ReadNumber(text, r.Table.Delimiter)
		if n.Fault != "" {
			r.Bad(Value, r.Problem(n.Fault, cell))
			return nil
		}
		if n.Blanks {
			if marks, err := r.Blanks(ctx, cell.Column, src); err != nil {
				return err
			} else if !marks && !r.OneNumber(n, cell) {
				c.Bad |= Value
				return nil
			}
		}
		if c.Number, c.Suffix = n.Value, n.Suffix; n.Value != nil {
			r.AsScaled(cell)
		}
		if written.FlagLike(n.Suffix) && n.Value != nil {
			c.Suffix, c.Flag, flag = "", n.Suffix, Facet{Text: n.Suffix, Cell: cell}
		}
	}
	if flag.Text == "" {
		return nil
	}
	status, ok := legend.Status(flag.Text)
	if !ok {
		status, ok = written.ReadStatus(flag.Text)
	}
	if !ok {
		r.Bad(Status, r.Problem(StatusUnknown, flag.Cell))
		return nil
	}
	at := flag.Cell
	at.Text = flag.Text
	c.Cells[Status.Index()], c.State = at, status
	if c.Number == nil && !slices.Contains([]schema.ObsStatus{"O", "M", "L", "Q", "H", "J"}, status) {
		c.State = "" // a mark beside a figure that is not there
	}
	return nil
}

// OneNumber asks whether digits that blanks part are one number, where nothing beside them
// says so: 2 334.3 may be a column too few. The answer is the number, for each cell that
// reads so; it is false while that is open.
func (r *Reader) OneNumber(n written.Number, c table.Cell) bool {
	key, meant := "seen."+strings.Join(strings.Fields(written.FoldWidth(c.Text)), " "), n.Value.String()
	answer := strings.TrimSpace(r.Options.Given[key])
	said := written.ReadNumber(answer, r.Table.Delimiter)
	switch {
	case answer == "":
		r.Ask(AskBlanks, key, c, []string{meant})
	case said.Fault == "" && !said.Blanks && said.Suffix == "" && said.Value != nil && said.Value.Equal(*n.Value):
		return true
	default:
		r.RefuseAnswer(key, answer, c)
	}
	return false
}

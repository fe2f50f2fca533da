package exchange

import (
	"context"
	"io"
	"strconv"
	"strings"
)

// DIF reads a .dif: a head of three lines an item, and after DATA two lines a
// cell: its kind with a number, and a text.
func DIF(ctx context.Context, r io.Reader, l Limits) (Sheet, error) {
	var sheet Sheet
	in := newLines(ctx, r, l.Line)
	for { // the head
		name, err := in.must()
		if err != nil {
			return Sheet{}, err
		}
		for range 2 {
			if _, err := in.must(); err != nil {
				return Sheet{}, err
			}
		}
		if strings.EqualFold(strings.TrimSpace(name), "DATA") {
			break
		}
	}
	for row, column := 0, 0; ; {
		head, err := in.must()
		if err != nil {
			return Sheet{}, err
		}
		kind, number, found := strings.Cut(strings.TrimSpace(head), ",")
		text, err := in.must()
		switch {
		case err != nil:
			return Sheet{}, err
		case !found:
			return Sheet{}, &Damaged{in.n - 1}
		case kind == "-1" && strings.EqualFold(strings.TrimSpace(text), "EOD"):
			return sheet, nil
		case kind == "-1" && strings.EqualFold(strings.TrimSpace(text), "BOT"):
			if row, column = row+1, 0; row > l.Rows {
				return Sheet{}, &Damaged{in.n}
			}
			continue
		}
		if column++; row < 1 || column > l.Columns {
			return Sheet{}, &Damaged{in.n}
		}
		c := Cell{Row: row, Column: column}
		if err := c.dif(kind, strings.TrimSpace(number), text, in); err != nil {
			return Sheet{}, err
		}
		if c.Text == "" {
			continue
		}
		if len(sheet.Cells) >= l.Cells {
			return Sheet{}, ErrMany
		}
		sheet.Cells = append(sheet.Cells, c)
	}
}

// dif reads a cell: kind 0 is a number, whose text says how it is meant, 1 a text.
func (c *Cell) dif(kind, number, text string, in *lines) error {
	switch kind {
	case "0":
		switch strings.ToUpper(strings.TrimSpace(text)) {
		case "V":
			if _, err := strconv.ParseFloat(number, 64); err != nil || strings.ContainsAny(number, "xXpP_nN") {
				return &Damaged{in.n - 1}
			}
			c.Text, c.Kind = number, Number
		case "NA":
			c.Text, c.Kind = "#N/A", Error
		case "ERROR":
			c.Text, c.Kind = "#VALUE!", Error
		case "TRUE", "FALSE":
			c.Text, c.Kind = strings.ToUpper(strings.TrimSpace(text)), Bool
		default:
			return &Damaged{in.n}
		}
	case "1":
		if !strings.HasPrefix(text, `"`) {
			c.Text = text
			return nil
		}
		const mostLines = 1000
		for n := 0; strings.Count(text, `"`)%2 > 0; n++ { // it goes on on the next line
			more, err := in.must()
			if err != nil {
				return err
			}
			if text += "\n" + more; len(text) > in.most || n > mostLines {
				return &Damaged{in.n}
			}
		}
		if !strings.HasSuffix(text, `"`) || len(text) < 2 {
			return &Damaged{in.n}
		}
		c.Text = strings.ReplaceAll(text[1:len(text)-1], `""`, `"`)
	default:
		return &Damaged{in.n - 1}
	}
	return nil
}

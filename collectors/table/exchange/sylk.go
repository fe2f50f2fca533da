package exchange

import (
	"context"
	"io"
	"strconv"
	"strings"
)

// sylk is a SYLK file while it is read.
type sylk struct {
	lines   *lines
	limits  Limits
	sheet   Sheet
	formats []string       // by number
	cells   map[[2]int]int // by row and column: of sheet.Cells
	row     int            // of the last cell named
	column  int
	styles  map[[2]int]string // by row and column, 0 for all of them: a number format
}

// SYLK reads a .slk: records of a letter and fields, each after a semicolon. Two
// semicolons are one within a field.
func SYLK(ctx context.Context, r io.Reader, l Limits) (Sheet, error) {
	s := &sylk{lines: newLines(ctx, r, l.Line), limits: l, cells: map[[2]int]int{}, styles: map[[2]int]string{}, row: 1, column: 1}
	for {
		line, err := s.lines.must()
		if err != nil {
			return Sheet{}, err
		}
		if line == "" {
			continue
		}
		kind, fields := fieldsOf(line)
		switch kind {
		case "E":
			return s.done(), nil
		case "P":
			if code, ok := fields.get('P'); ok {
				s.formats = append(s.formats, code)
			}
		case "F":
			err = s.format(fields)
		case "C":
			err = s.cell(fields)
		}
		if err != nil {
			return Sheet{}, err
		}
	}
}

// fields are those of a record, in their order.
type fields []string

// get gives the first field of a letter, without it.
func (f fields) get(letter byte) (string, bool) {
	for _, field := range f {
		if field != "" && field[0] == letter {
			return field[1:], true
		}
	}
	return "", false
}

// fieldsOf cuts a record at its semicolons.
func fieldsOf(line string) (kind string, out fields) {
	const both = "\x00"
	parts := strings.Split(strings.ReplaceAll(line, ";;", both), ";")
	for i := range parts {
		parts[i] = strings.ReplaceAll(parts[i], both, ";")
	}
	return parts[0], parts[1:]
}

// at reads a row or a column of a record; missing says what stands where none is
// named.
func (s *sylk) at(f fields, letter byte, most, missing int) (int, error) {
	text, ok := f.get(letter)
	if !ok {
		return missing, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > most {
		return 0, &Damaged{s.lines.n}
	}
	return n, nil
}

// place reads where a record belongs; what is not named is as before.
func (s *sylk) place(f fields) (err error) {
	if s.row, err = s.at(f, 'Y', s.limits.Rows, s.row); err == nil {
		s.column, err = s.at(f, 'X', s.limits.Columns, s.column)
	}
	return err
}

// format takes an F record: the number format of a cell, a row or a column, and
// columns without width.
func (s *sylk) format(f fields) error {
	if width, ok := f.get('W'); ok {
		var from, to, size int
		for i, word := range strings.Fields(width) {
			n, err := strconv.Atoi(word)
			if err != nil || n < 0 || i > 2 {
				return &Damaged{s.lines.n}
			}
			*[]*int{&from, &to, &size}[i] = n
		}
		for ; size == 0 && from >= 1 && from <= min(to, s.limits.Columns); from++ {
			s.sheet.Hidden = append(s.sheet.Hidden, from)
		}
	}
	_, y := f.get('Y')
	_, x := f.get('X')
	if err := s.place(f); err != nil {
		return err
	}
	text, ok := f.get('P')
	n, err := strconv.Atoi(text)
	if !ok {
		return nil
	}
	if err != nil || n < 0 || n >= len(s.formats) {
		return &Damaged{s.lines.n}
	}
	row, err := s.at(f, 'R', s.limits.Rows, 0)
	if err != nil {
		return err
	}
	column, err := s.at(f, 'C', s.limits.Columns, 0)
	if err != nil {
		return err
	}
	switch {
	case row > 0 || column > 0:
		s.styles[[2]int{row, column}] = s.formats[n]
	case x || y:
		s.styles[[2]int{s.row, s.column}] = s.formats[n]
	}
	return nil
}

// cell takes a C record: a value (K), perhaps worked out by a formula (E).
func (s *sylk) cell(f fields) error {
	if err := s.place(f); err != nil {
		return err
	}
	c := Cell{Row: s.row, Column: s.column}
	_, c.Formula = f.get('E')
	value, ok := f.get('K')
	switch {
	case !ok && !c.Formula:
		return nil // protection and the like
	case !ok:
		c.Kind = Uncalculated
	default:
		if err := c.take(value); err != nil {
			return &Damaged{s.lines.n}
		}
	}
	if _, twice := s.cells[[2]int{c.Row, c.Column}]; twice {
		return &Damaged{s.lines.n}
	}
	if s.cells[[2]int{c.Row, c.Column}] = len(s.sheet.Cells); len(s.sheet.Cells) >= s.limits.Cells {
		return ErrMany
	}
	s.sheet.Cells = append(s.sheet.Cells, c)
	return nil
}

// take reads a value: a text in quotes, a number, an error, true or false.
func (c *Cell) take(value string) error {
	switch n := len(value); {
	case n > 1 && value[0] == '"' && value[n-1] == '"':
		c.Text = strings.ReplaceAll(value[1:n-1], `""`, `"`)
	case value == "TRUE", value == "FALSE":
		c.Text, c.Kind = value, Bool
	case strings.HasPrefix(value, "#"):
		c.Text, c.Kind = value, Error
	default:
		if _, err := strconv.ParseFloat(value, 64); err != nil || strings.ContainsAny(value, "xXpP_nN") {
			return strconv.ErrSyntax
		}
		c.Text, c.Kind = value, Number
	}
	return nil
}

// done gives each cell its format: its own, its row's, its column's.
func (s *sylk) done() Sheet {
	for i := range s.sheet.Cells {
		c := &s.sheet.Cells[i]
		for _, at := range [][2]int{{c.Row, c.Column}, {c.Row, 0}, {0, c.Column}} {
			if code, ok := s.styles[at]; ok {
				c.Format = code
				break
			}
		}
	}
	return s.sheet
}

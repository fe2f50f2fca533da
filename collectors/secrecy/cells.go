package secrecy

import (
	"context"
	"fmt"
	"strings"

	"yardstick/collectors/table"
	"yardstick/schema"
	"yardstick/schema/words"
)

// mostHeading is how long a heading of identity numbers may be, in bytes.
const mostHeading = 60

// cells are the cells that must not be kept, of a file that can be read as tables;
// read: it can.
func cells(ctx context.Context, src table.Source, shown string) (out []schema.Problem, read bool, err error) {
	defer func() {
		if recover() != nil { // what was found in its bytes is told by these
			read, err = false, nil
		}
	}()
	file, problems, err := table.Read(ctx, src, shown, table.Limits{})
	if err != nil || len(problems) > 0 {
		return nil, false, err
	}
	for i, t := range file.Tables {
		for _, code := range found(t.Sheet) {
			if file.Format != "xls" {
				break // the others' names are found in their bytes
			}
			out = append(out, problem(code, shown, place{kind: "sheet"}))
		}
		s := &sheet{under: map[int]bool{}, number: i + 1, table: t, file: shown}
		for row, err := range t.Rows(ctx) {
			if err != nil {
				return nil, false, fmt.Errorf("naming the cells: %w", err)
			}
			s.row(row)
			if len(s.out)+len(out) >= mostTold {
				return append(out, s.out...), true, nil
			}
		}
		out = append(out, s.out...)
	}
	return out, true, nil
}

// sheet is a table while its cells are judged.
type sheet struct {
	table  *table.Table
	file   string
	number int
	under  map[int]bool // columns under a heading of identity numbers
	out    []schema.Problem
}

// row judges the cells of a row, each by itself and after the one before it.
func (s *sheet) row(row *table.Row) {
	before, headed := "", false
	for i, text := range row.Texts {
		if len(text) < 6 { // two characters
			if strings.TrimSpace(text) != "" {
				s.after(row, i, before, text)
				before = text
			}
			continue
		}
		headed = headed || heading(before)
		person := law().person.MatchString(text)
		if person && len(text) <= mostHeading {
			s.under[i] = true
		}
		switch {
		case marked(text) && (borne(text) || !counted(row, i)):
			s.tell(Marked, row.Cell(i))
		case numbered(text, person || headed || s.under[i], false):
			s.tell(Identity, row.Cell(i))
		default:
			s.after(row, i, before, text)
		}
		before = text
	}
}

// counted reports whether a cell that is nothing but a level names what is counted, in
// a table of how much there is of each: it begins a row, and a number follows; or the
// row names other levels beside it.
func counted(row *table.Row, i int) bool {
	levels, before, next := map[string]bool{}, false, ""
	for k, text := range row.Texts {
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		before = before || k < i
		if k > i && next == "" {
			next = text
		}
		if law().level.MatchString(text) {
			levels[text] = true
		}
	}
	return len(levels) > 1 || !before && next != "" && strings.Trim(next, "0123456789.,") == ""
}

// after judges a cell that says more of the one before it: 机密 | 10年, 密级 | 机密.
func (s *sheet) after(row *table.Row, i int, before, text string) {
	if len(before) > mostHeading || len(text) > mostHeading || !strings.Contains(before, "密") {
		return
	}
	if !marked(before) && marked(before+" "+text) || strings.TrimRight(strings.TrimSpace(before), ":： ") == "密级" && law().level.MatchString(text) {
		s.tell(Marked, row.Cell(i))
	}
}

func heading(text string) bool {
	return len(text) <= mostHeading && law().person.MatchString(text)
}

// tell tells of a cell.
func (s *sheet) tell(code string, c table.Cell) {
	name := s.table.Sheet
	var where schema.Text
	switch {
	case len(found(name)) > 0:
		where = words.Say("secrecy-where-cell-of", "n", s.number, "cell", c.Name())
		name = ""
	case name != "":
		where = words.Say("secrecy-where-cell-on", "sheet", name, "cell", c.Name())
	default:
		where = words.Say("secrecy-where-cell", "cell", c.Name(), "line", c.Line)
	}
	s.out = append(s.out, schema.Problem{Code: code, File: s.file, Sheet: name, Line: c.Line, Column: c.Column, Cell: c.Name(),
		Text: words.Say("problem-"+code, "where", where)})
}

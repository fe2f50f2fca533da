package upload

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"yardstick/collectors/pipeline"
	"yardstick/schema"
)

// marks ties what was found in a file to the cells it was found in.
type marks struct {
	f          *frame
	sheetNames []string
	marked     map[string][]markView // by sheet and cell, or row of findings without a column
	figures    map[string]figureRow
	shown      map[string]bool
}

func newMarks(f *frame, seen pipeline.Look) *marks {
	m := &marks{f: f, marked: map[string][]markView{}, figures: map[string]figureRow{}, shown: map[string]bool{}}
	for _, s := range seen.Sheets {
		m.sheetNames = append(m.sheetNames, s.Name)
		for _, row := range s.Rows {
			m.shown[spot(s.Name, strconv.Itoa(row.Number))] = true
		}
	}
	return m
}

func spot(sheet, cell string) string { return sheet + "\x00" + cell }

// cellID is the id of a cell on the page.
func (m *marks) cellID(sheet, cell string) string {
	return fmt.Sprintf("c%d-%s", slices.Index(m.sheetNames, sheet)+1, cell)
}

// mark puts a mark on the cell of p, or on its row.
func (m *marks) mark(p schema.Problem, v markView) {
	if at := cmp.Or(p.Cell, rowOf(p)); at != "" {
		m.marked[spot(p.Sheet, at)] = append(m.marked[spot(p.Sheet, at)], v)
	}
}

// rowOf is the row a problem stands in; "" where none is told.
func rowOf(p schema.Problem) string {
	switch {
	case p.Cell != "":
		return strings.TrimLeft(p.Cell, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
	case p.Line > 0:
		return strconv.Itoa(p.Line)
	}
	return ""
}

// href leads to the cell of p where it is shown.
func (m *marks) href(p schema.Problem) string {
	if !m.shown[spot(p.Sheet, rowOf(p))] {
		return ""
	}
	return "#" + m.cellID(p.Sheet, cmp.Or(p.Cell, rowOf(p)))
}

// named is a cell as the page calls it: with its sheet where there are several.
func (m *marks) named(sheet, cell string) string {
	if sheet != "" && len(m.sheetNames) > 1 {
		return sheet + "!" + cell
	}
	return cell
}

// Place says where in the file a problem stands, as far as it is known.
func (f *frame) Place(p schema.Problem) string {
	at := p.Cell
	if at == "" && p.Line > 0 {
		at = f.T("board-place-line", "line", p.Line)
	}
	if p.Sheet == "" || at == "" {
		return p.Sheet + at
	}
	return p.Sheet + "!" + at
}

// findings are problems, rows left out or notes, each with its mark.
func (m *marks) findings(kind string, list []schema.Problem) (out []findingRow) {
	for i, p := range list {
		out = append(out, m.finding(kind, i+1, p))
	}
	return out
}

func (m *marks) finding(kind string, n int, p schema.Problem) findingRow {
	row := findingRow{N: n, ID: kind + strconv.Itoa(n), Text: m.f.Say(p.Text), Place: m.f.Place(p), Href: m.href(p)}
	switch kind {
	case "p":
		m.mark(p, markView{"lagging", strconv.Itoa(n), "#" + row.ID, m.f.T("upload-mark-problem", "n", n)})
	case "q":
		m.mark(p, markView{"at_risk", strconv.Itoa(n), "#" + row.ID, m.f.T("upload-mark-question", "n", n)})
	case "x":
		m.mark(p, markView{"open", "", "#" + row.ID, m.f.T("upload-mark-excluded")})
	}
	return row
}

// Cells are a row of a table as read, each with its marks.
func (m *marks) Cells(s pipeline.LookSheet, row pipeline.LookRow) (out []cellView) {
	for c := range s.Columns {
		name := schema.ColumnName(c+1) + strconv.Itoa(row.Number)
		k := spot(s.Name, name)
		cell := cellView{ID: m.cellID(s.Name, name), Marks: m.marked[k]}
		if c < len(row.Cells) {
			cell.Text = row.Cells[c]
		}
		if c == 0 {
			cell.Marks = append(cell.Marks, m.marked[spot(s.Name, strconv.Itoa(row.Number))]...)
		}
		fig, ok := m.figures[k]
		switch {
		case len(cell.Marks) > 0:
			cell.Class = "on-" + cell.Marks[0].Shape
		case ok:
			cell.Class = "read"
			cell.Title = strings.Join([]string{fig.Indicator, fig.Region, fig.Period, fig.Value + " " + fig.Unit}, " · ")
			cell.Marks = []markView{{Shape: "read", Href: "#" + fig.ID, Label: cell.Title}}
		}
		out = append(out, cell)
	}
	return out
}

package upload

import (
	"fmt"
	"strconv"
	"strings"

	"yardstick/collectors/pipeline"
	"yardstick/dashboards/web"
	"yardstick/schema"
)

// marks ties what was found in a file to the cells it was found in.
type marks struct {
	f          *frame
	sheetNames []string
	byCell     map[string][]markView // by sheet and cell
	byRow      map[string][]markView // of findings without a column
	figures    map[string]figureRow
	shown      map[string]bool
}

func newMarks(f *frame, seen pipeline.Look) *marks {
	m := &marks{f: f, byCell: map[string][]markView{}, byRow: map[string][]markView{}, figures: map[string]figureRow{}, shown: map[string]bool{}}
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
	for i, name := range m.sheetNames {
		if name == sheet {
			return fmt.Sprintf("c%d-%s", i+1, cell)
		}
	}
	return "c0-" + cell
}

// mark puts a mark on the cell of p.
func (m *marks) mark(p schema.Problem, v markView) {
	if p.Cell != "" {
		k := spot(p.Sheet, p.Cell)
		m.byCell[k] = append(m.byCell[k], v)
	} else if p.Line > 0 {
		k := spot(p.Sheet, strconv.Itoa(p.Line))
		m.byRow[k] = append(m.byRow[k], v)
	}
}

// href leads to the cell of p where it is shown.
func (m *marks) href(p schema.Problem) string {
	row := strconv.Itoa(p.Line)
	if p.Cell != "" {
		row = strings.TrimLeft(p.Cell, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
	}
	switch {
	case !m.shown[spot(p.Sheet, row)]:
		return ""
	case p.Cell != "":
		return "#" + m.cellID(p.Sheet, p.Cell)
	}
	return "#" + m.cellID(p.Sheet, row)
}

// place names the cell for people.
func (m *marks) place(p schema.Problem) string { return m.f.place(p) }

// place says where in the file a problem stands, as far as it is known.
func (f *frame) place(p schema.Problem) string {
	var parts []string
	if p.Sheet != "" {
		parts = append(parts, p.Sheet)
	}
	switch {
	case p.Cell != "":
		parts = append(parts, p.Cell)
	case p.Line > 0:
		parts = append(parts, f.T("board-place-line", "line", p.Line))
	}
	return strings.Join(parts, "!")
}

// finding is a problem, or a row left out, with its mark.
func (m *marks) finding(kind string, n int, p schema.Problem) findingRow {
	row := findingRow{N: n, ID: kind + strconv.Itoa(n), Text: m.f.Say(p.Text), Place: m.place(p), Href: m.href(p), Written: p.Written}
	switch kind {
	case "p":
		m.mark(p, markView{"lagging", strconv.Itoa(n), "#" + row.ID, m.f.T("upload-mark-problem", "n", n)})
	case "x":
		m.mark(p, markView{"open", "", "#" + row.ID, m.f.T("upload-mark-excluded")})
	}
	return row
}

// understood marks the cell of a figure that was read.
func (m *marks) understood(fig pipeline.Figure, row figureRow) {
	sheet, cell := fig.Place()
	m.figures[spot(sheet, cell)] = row
}

// sheets draws the tables as read, each cell with its marks.
func (m *marks) sheets(seen pipeline.Look) []sheetView {
	var out []sheetView
	for i, s := range seen.Sheets {
		v := sheetView{ID: fmt.Sprintf("sheet%d", i+1), Title: s.Name, Open: true, About: m.f.T("upload-sheet-about", "rows", s.Records, "columns", s.Columns)}
		if s.CutWide {
			v.Wide = m.f.T("upload-sheet-wide", "columns", s.Columns)
		}
		for c := 1; c <= s.Columns; c++ {
			v.Columns = append(v.Columns, web.ColumnName(c))
		}
		for _, row := range s.Rows {
			v.Rows = append(v.Rows, m.row(s, row)...)
		}
		out = append(out, v)
	}
	return out
}

func (m *marks) row(s pipeline.LookSheet, row pipeline.LookRow) []rowView {
	var out []rowView
	if row.After > 0 {
		out = append(out, rowView{Gap: m.f.T("upload-rows-left", "n", row.After)})
	}
	if row.Number == 0 {
		return out
	}
	v := rowView{Number: row.Number}
	for c := range s.Columns {
		name := web.ColumnName(c+1) + strconv.Itoa(row.Number)
		k := spot(s.Name, name)
		cell := cellView{ID: m.cellID(s.Name, name), Marks: m.byCell[k]}
		if c < len(row.Cells) {
			cell.Text = row.Cells[c]
		}
		if c == 0 {
			cell.Marks = append(cell.Marks, m.byRow[spot(s.Name, strconv.Itoa(row.Number))]...)
		}
		fig, ok := m.figures[k]
		switch {
		case len(cell.Marks) > 0:
			cell.Class = "on-" + cell.Marks[0].Shape
			v.Marked = true
		case ok:
			cell.Class = "read"
			cell.Title = strings.Join([]string{fig.Indicator, fig.Region, fig.Period, fig.Value + " " + fig.Unit}, " · ")
			cell.Marks = []markView{{Shape: "read", Href: "#" + fig.ID, Label: cell.Title}}
		}
		v.Cells = append(v.Cells, cell)
	}
	return append(out, v)
}

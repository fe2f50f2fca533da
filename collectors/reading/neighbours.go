package reading

import (
	"slices"
	"strings"

	"yardstick/collectors/table"
)

// What a cell takes from its neighbours: the text of the cell it was merged
// with, and the one above where it says ditto.

// ditto reports whether a cell says that it is the same as the one above.
func ditto(text string) bool {
	switch foldText(text) {
	case "〃", "〞", "″", "”", "同上", "ditto":
		return true
	}
	return false
}

// merge gives the merged area that row and column (from 1) belong to. The areas
// of a column are sorted once, when it is first asked about.
func (r *reader) merge(row, column int) (table.Merge, bool) {
	if len(r.table.Merges) == 0 {
		return table.Merge{}, false
	}
	list, known := r.merges[column]
	if !known {
		for _, m := range r.table.Merges {
			if m.FirstColumn <= column && column <= m.LastColumn && (m.FirstRow < m.LastRow || m.FirstColumn < m.LastColumn) {
				list = append(list, m)
			}
		}
		slices.SortFunc(list, func(a, b table.Merge) int { return a.FirstRow - b.FirstRow })
		if r.merges == nil {
			r.merges = map[int][]table.Merge{}
		}
		r.merges[column] = list
	}
	i, _ := slices.BinarySearchFunc(list, row, func(m table.Merge, row int) int {
		if m.FirstRow <= row {
			return -1
		}
		return 1
	})
	if i == 0 || list[i-1].LastRow < row {
		return table.Merge{}, false
	}
	return list[i-1], true
}

// mergedName gives the name that stands for cell c (from 0) of row d too: the
// two are merged, or it says ditto of the one above.
func (a *axes) mergedName(d, c int, above facet) (facet, bool) {
	g := a.b.g
	if ditto(g.text(d, c)) {
		return above, true
	}
	if g.text(d, c) != "" {
		return facet{}, false
	}
	m, ok := g.r.merge(g.rows[d].Number, c+1)
	if !ok || m.FirstColumn != c+1 || m.FirstRow < g.rows[a.b.data[0]].Number {
		return facet{}, false
	}
	top := m.FirstRow - 1
	return facet{g.text(top, c), g.rows[top].Cell(c)}, true
}

// spread reports whether a figure's cell is merged with the cell of another
// figure: which of them the number is cannot be known. It is told once for the
// area.
func (e *emitter) spread(row, col *series) bool {
	g := e.b.g
	m, ok := g.r.merge(g.rows[row.at].Number, col.at+1)
	if !ok || !g.number(g.text(m.FirstRow-1, m.FirstColumn-1)) {
		return false
	}
	inRows := func(s *series) bool { n := g.rows[s.at].Number; return n >= m.FirstRow && n <= m.LastRow }
	inColumns := func(s *series) bool { return !s.skip && s.at+1 >= m.FirstColumn && s.at+1 <= m.LastColumn }
	if !beside(e.rows, row, inRows) && !beside(e.columns, col, inColumns) {
		return false
	}
	g.r.tellMerged(m, g.rows[m.FirstRow-1].Cell(m.FirstColumn-1))
	return true
}

// beside reports whether a neighbour of s in a list in order of place fulfils
// the condition.
func beside(list []*series, s *series, in func(*series) bool) bool {
	i, ok := slices.BinarySearchFunc(list, s.at, func(o *series, at int) int { return o.at - at })
	return ok && (i > 0 && in(list[i-1]) || i+1 < len(list) && in(list[i+1]))
}

func (r *reader) tellMerged(m table.Merge, c table.Cell) {
	if r.spreads[m] {
		return
	}
	if r.spreads == nil {
		r.spreads = map[table.Merge]bool{}
	}
	r.spreads[m] = true
	last := table.Cell{Row: m.LastRow, Column: m.LastColumn}
	r.found.Problem(r.problem(ValueMerged, c, "last", last.Name()))
}

// mergedValue tells of a tidy figure whose cell is merged with those of other
// rows.
func (r *reader) mergedValue() bool {
	c := r.row.Cell(Value)
	m, ok := r.merge(c.Row, c.Column)
	if !ok || m.FirstRow == m.LastRow || strings.TrimSpace(c.Text) == "" && !r.spreads[m] {
		return false
	}
	r.tellMerged(m, c)
	return true
}

// asScaled asks about a figure that its cell shows divided, in thousands or 万:
// the sheet's unit may be that of the number stored or of the one shown.
func (r *reader) asScaled(c table.Cell) {
	if c.Scaled && strings.TrimSpace(r.options.Given["scaled"]) != "stored" {
		r.ask(AskScaled, "scaled", c, []string{"stored"})
	}
}

// dittos puts in the names for which the row says ditto, and remembers the
// others.
func (r *reader) dittos() {
	for _, f := range []Field{Indicator, Region, Period, Unit, Basis} {
		i := f.index()
		if r.layout.column[i] < 0 {
			continue
		}
		text := &r.row.cells[i].Text
		switch {
		case ditto(*text):
			*text = r.aboveRow[i]
		case *text != r.aboveRow[i]:
			r.aboveRow[i] = strings.Clone(*text)
		}
	}
}

// declared holds a tidy figure against the frequency that a column of its own
// says the series has.
func (r *reader) declared(c *Candidate, src *table.Row) {
	if r.frequency < 0 || c.Bad&Period != 0 || c.Missing() {
		return
	}
	said, _, _ := strings.Cut(src.Cell(r.frequency).Text, ":")
	r.onFrequency(c, said)
}

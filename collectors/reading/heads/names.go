package heads

import (
	"strings"

	"yardstick/collectors/reading/account"
	"yardstick/collectors/reading/written"
)

// outlined reads the names of the rows as an outline: a name that stands in
// below another, or bears a lower number, may be a part of that one (其中). It
// asks about the first that the registers do not know by itself.
func (a *axes) outlined() {
	lowest, highest := -1, -1
	levels := make([]int, len(a.rows))
	for i, row := range a.rows {
		if !row.indicator.Said() {
			continue
		}
		raw := a.raw(row)
		name, level := written.Outline(raw)
		if raw == "" && i > 0 { // merged with the cell above
			level = levels[i-1]
		}
		levels[i] = level
		if lowest < 0 || level < lowest {
			lowest = level
		}
		highest = max(highest, level)
		if name != "" && row.indicator.Text == strings.TrimSpace(raw) {
			row.indicator.Text = name
		}
	}
	if highest <= lowest || a.Options.Given["rows"] == "indicator" {
		return
	}
	for i, row := range a.rows {
		if levels[i] == lowest || !row.indicator.Said() || a.Knows(row.indicator.Text) {
			continue
		}
		a.Ask(account.AskOutline, "rows", row.indicator.Cell, []string{"indicator"})
		return
	}
}

// raw is the cell that names a row's indicator, with its spaces; "" where it
// was merged with one above.
func (g *grid) raw(row *series) string {
	src, column := g.src[row.at], row.indicator.Cell.Column
	if row.indicator.Cell.Row != src.Number || column < 1 || column > len(src.Texts) {
		return ""
	}
	return src.Texts[column-1]
}

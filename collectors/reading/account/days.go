package account

import (
	"slices"
	"strings"

	"yardstick/collectors/reading/written"
	"yardstick/collectors/table"
	"yardstick/schema"
)

// Serials writes the day numbers of a whole axis as days: of a header's row, or of the
// first column under a header that says it holds periods.
func (r *Reader) Serials(rows []*table.Row) {
	first := func(i int) string {
		if len(rows[i].Texts) == 0 {
			return ""
		}
		return strings.TrimSpace(rows[i].Texts[0])
	}
	for _, row := range rows[:min(len(rows), HeaderWithin)] {
		var cells []*string
		for c := range row.Texts {
			if strings.TrimSpace(row.Texts[c]) != "" {
				cells = append(cells, &row.Texts[c])
			}
		}
		if len(cells) >= 4 && r.LabelOf(strings.TrimSpace(*cells[0])) != "" {
			asDays(cells[1:], false)
		}
	}
	for i := range min(len(rows), HeaderWithin) {
		if r.LabelOf(first(i)) != KindPeriod {
			continue
		}
		var cells []*string
		for j := i + 1; j < len(rows) && !rows[j].Blank(); j++ {
			if _, ok := written.Serial(first(j)); !ok {
				break
			}
			cells = append(cells, &rows[j].Texts[0])
		}
		asDays(cells, true)
	}
}

// asDays writes day numbers as days: those of an axis that says that it holds dates,
// of others such as follow each other.
func asDays(cells []*string, labelled bool) {
	days := make([]schema.Date, 0, len(cells))
	for _, at := range cells {
		d, ok := written.Serial(strings.TrimSpace(*at))
		if !ok {
			return
		}
		days = append(days, d)
	}
	if !labelled && !written.Regular(days) || labelled && slices.ContainsFunc(days, func(d schema.Date) bool { return d.Year < 1980 }) {
		return
	}
	for n, at := range cells {
		*at = days[n].String()
	}
}

package districts

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"yardstick/dashboards/download"
	"yardstick/dashboards/draw"
	"yardstick/schema"
)

// multiples draws one small chart for each part with figures. All have the same
// days across; the scale up is each one's own, or one for all.
func (v *districtsView) multiples() {
	var from, to schema.Date
	low, high := math.Inf(1), math.Inf(-1)
	all := slices.Concat(v.Rows, v.Apart)
	for _, row := range all {
		for _, p := range row.points {
			if from.IsZero() || p.Day.Before(from) {
				from = p.Day
			}
			if p.Day.After(to) {
				to = p.Day
			}
		}
		l, h := row.bounds()
		low, high = min(low, l), max(high, h)
	}
	for _, row := range all {
		if len(row.points) == 0 {
			continue
		}
		l, h := low, high
		if !v.Common {
			l, h = row.bounds()
		}
		label := v.T("board-multiple-label", "region", row.Name, "n", draw.Observed(row.points), "value", row.Value+row.Unit)
		row.Chart = draw.Multiple(v.subject.Voice, row.points, row.asked, v.subject.Scale, label, from, to, l, h)
		v.Drawn++
	}
}

// bounds are the least and the greatest value to show, infinite without any.
func (r *districtRow) bounds() (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	see := func(x float64) { low, high = min(low, x), max(high, x) }
	for _, p := range r.points {
		see(p.Value.Float())
	}
	if r.asked != nil && len(r.points) > 0 {
		see(r.asked.Float())
	}
	return low, high
}

// Sheets are the glance, and the parts of the target chosen with their figures.
func (v *districtsView) Sheets() []download.Sheet {
	glance := download.NewSheet("districts/glance")
	for i, r := range v.Regions {
		glance.Columns = append(glance.Columns, download.Column{Name: fmt.Sprint("region", i+1), Title: schema.Same(r.Name)})
	}
	for _, row := range v.Glance {
		cells := []string{row.Title}
		for _, m := range row.Marks {
			cells = append(cells, m.Word)
		}
		glance.Add(cells...)
	}
	if v.Target == "" {
		return []download.Sheet{glance}
	}
	parts, series, bare := download.NewSheet("districts"), download.NewSheet("districts/series"), download.Bare
	parts.Title = v.subject.Of.Title
	for _, row := range slices.Concat(v.Rows, v.Apart) {
		status := ""
		if row.Status != nil {
			status = row.Status.Word
		}
		notes := slices.DeleteFunc([]string{row.Said, row.By, row.Note}, func(s string) bool { return s == "" })
		parts.Add(bare(row.Rank), row.Code, row.Name, bare(row.Value), row.Unit, row.Period, bare(row.Asked), bare(row.Attainment), bare(row.Gap), status, strings.Join(notes, " "))
		for _, p := range row.points {
			if p.Obs != nil {
				scale := v.subject.Scale
				series.Add(row.Code, row.Name, p.Day.String(), v.PeriodName(p.Obs.Period, p.Obs.Basis), scale.Figure(p.Value, p.Obs, nil).String(), scale.Unit)
			}
		}
	}
	return []download.Sheet{glance, parts, series}
}

package draw

import (
	"math"
	"strings"
	"time"

	"yardstick/comparator/telling"
	"yardstick/schema"
	"yardstick/schema/figure"
)

// Spark is the small line of a row: its points in a box of 96 by 26, and where
// it ends.
type Spark struct {
	Lines []string
	X, Y  string
	Label string
}

const (
	sparkWidth  = 96.0
	sparkHeight = 26.0
	sparkPoints = 24
)

// Last draws the last points; nil when there is nothing to see.
func Last(f telling.Voice, pts []telling.Point, s figure.Scale) *Spark {
	if len(pts) > sparkPoints {
		pts = pts[len(pts)-sparkPoints:]
	}
	if len(pts) == 0 || pts[len(pts)-1].Obs == nil {
		return nil
	}
	low, high := math.Inf(1), math.Inf(-1)
	for _, p := range pts {
		low, high = min(low, p.Value.Float()), max(high, p.Value.Float())
	}
	first, last := pts[0], pts[len(pts)-1]
	pl := plane{first.Day, last.Day, low, high, 4, sparkHeight - 4}
	at := func(p telling.Point) (string, string) {
		return px(3 + (sparkWidth-7)*pl.x(p.Day)), px(pl.y(p.Value.Float()))
	}
	out := &Spark{}
	var b strings.Builder
	for i, p := range pts {
		if p.Break && b.Len() > 0 {
			out.Lines = append(out.Lines, strings.TrimSpace(b.String()))
			b.Reset()
		}
		x, y := at(p)
		b.WriteString(x + "," + y + " ")
		if i == len(pts)-1 {
			out.X, out.Y = x, y
		}
	}
	out.Lines = append(out.Lines, strings.TrimSpace(b.String()))
	out.Label = f.T("board-trend-label", "from", MonthOf(first.Day), "a", s.Figure(first.Value, nil, nil),
		"to", MonthOf(last.Day), "b", s.Figure(last.Value, nil, nil))
	return out
}

// MonthOf is the day's month in digits.
func MonthOf(d schema.Date) string {
	return time.Date(d.Year, d.Month, 1, 0, 0, 0, 0, time.UTC).Format("2006-01")
}

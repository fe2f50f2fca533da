package draw

import (
	"math"
	"strings"

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
	out.Label = f.T("board-trend-label", "from", monthOf(first.Day), "a", s.Figure(first.Value, nil, nil),
		"to", monthOf(last.Day), "b", s.Figure(last.Value, nil, nil))
	return out
}

// monthOf is the day's month in digits.
func monthOf(d schema.Date) string { return d.Time().Format("2006-01") }

// The small charts of a districts page, in pixels.
const (
	multipleHeight = 116
	multipleTop    = 18
	multipleBottom = 92
)

// Multiple is one of several small charts that have the same days: points between
// round values, and what is asked where something is.
func Multiple(in telling.Voice, points []telling.Point, asked *schema.Decimal, s figure.Scale, label string, from, to schema.Date, low, high float64) *Chart {
	one := s.Shown(1)
	low, high = low*one, high*one
	if low == high {
		low, high = low-1, high+1
	}
	step := NiceStep((high - low) / 2)
	if Whole(points, s) {
		step = max(step, 1)
	}
	bottom, top := math.Floor(low/step+1e-9)*step, math.Ceil(high/step-1e-9)*step
	// The days begin a little further right, where the scale's numbers are no
	// longer in the way.
	pl := plane{from.AddDays(-max(1, to.DaysSince(from)*4/25)), to, bottom / one, top / one, multipleTop, multipleBottom}
	c := &Chart{Height: multipleHeight, Label: label}
	for x := bottom; x <= top+step/2; x += step {
		y := pl.y(x / one)
		class := "grid"
		if x == bottom {
			class = "axis"
		}
		c.Rules = append(c.Rules, rule{class, "0%", "100%", px(y), px(y)})
		c.Texts = append(c.Texts, caption{"0%", px(y - 3), "start", "tick", TickText(x, step)})
	}
	if asked != nil {
		y := px(pl.y(asked.Float()))
		c.Rules = append(c.Rules, rule{"target", "0%", "100%", y, y})
	}
	c.Lines = pl.seen(points)
	dots(in, c, pl, points, s, false)
	c.Texts = append(c.Texts, caption{Across(pl.x(from)), px(multipleBottom + 18), "start", "tick", monthOf(from)}, caption{"100%", px(multipleBottom + 18), "end", "tick", monthOf(to)})
	return c
}

package draw

import (
	"math"
	"yardstick/comparator/telling"
	"yardstick/schema"
	"yardstick/schema/figure"
)

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
	voice{in}.dots(c, pl, points, s, false)
	c.Texts = append(c.Texts, caption{Across(pl.x(from)), px(multipleBottom + 18), "start", "tick", MonthOf(from)}, caption{"100%", px(multipleBottom + 18), "end", "tick", MonthOf(to)})
	return c
}

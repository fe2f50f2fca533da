package draw

import (
	"slices"
	"strings"
	"yardstick/comparator/telling"
)

// edgeOf is one edge of the fan.
func edgeOf(fan []telling.FanStep, of func(telling.FanStep) float64) []telling.Place {
	out := make([]telling.Place, len(fan))
	for i, s := range fan {
		out[i] = telling.Place{Day: s.Day, Value: of(s)}
	}
	return out
}

func low80(s telling.FanStep) float64  { return s.P10 }
func mid(s telling.FanStep) float64    { return s.P50 }
func high80(s telling.FanStep) float64 { return s.P90 }
func low50(s telling.FanStep) float64  { return s.P25 }
func high50(s telling.FanStep) float64 { return s.P75 }

// drawFan adds the band that covers the figure in four cases of five, on the
// large chart also the one of every other, their edges and the middle.
func (c *Chart) drawFan(fan []telling.FanStep, pl plane) {
	if len(fan) == 0 {
		return
	}
	between := func(class string, low, high func(telling.FanStep) float64) {
		back := edgeOf(fan, high)
		slices.Reverse(back)
		c.Bands = append(c.Bands, band{class, strings.TrimSpace(pl.places(edgeOf(fan, low)) + " " + pl.places(back))})
	}
	between("fan", low80, high80)
	if c.Large && fan[len(fan)-1].Told50 {
		between("fan inner", low50, high50)
	}
	c.Ways = append(c.Ways, polyline{"edge", pl.places(edgeOf(fan, low80))}, polyline{"edge", pl.places(edgeOf(fan, high80))},
		polyline{"median", pl.places(edgeOf(fan, mid))})
}

// Cut is the least and the greatest value drawn where the fan goes on beyond
// them; false where it does not.
func Cut(of telling.Drawing) (low, high float64, cut bool) {
	pl := drawing{of}.plane(0, 1)
	return pl.low, pl.high, slices.ContainsFunc(of.Fan, func(s telling.FanStep) bool { return s.P10 < pl.low || s.P90 > pl.high })
}

// band is a part of the fan: the area between two of its edges.
type band struct{ Class, Points string }

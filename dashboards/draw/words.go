package draw

import (
	"fmt"
	"yardstick/comparator/telling"
	"yardstick/schema/figure"
)

// Label tells the drawing to who cannot see it.
func Label(s telling.Subject) string {
	return s.T("board-chart-label", "title", s.Say(s.Of.Title), "n", fmt.Sprint(Observed(s.Points)),
		"target", figure.Join(s.Target(), s.Unit()))
}

// Observed is how many of the points are figures.
func Observed(pts []telling.Point) int {
	n := 0
	for _, p := range pts {
		if p.Obs != nil {
			n++
		}
	}
	return n
}

// FanSentence says what the fan is, or why there is none.
func FanSentence(s telling.Subject) string {
	if len(s.Fan) == 0 {
		switch {
		case !s.V.ChanceWhyNot.IsZero():
			return s.T("board-fan-none", "why", s.V.ChanceWhyNot.Text)
		case s.V.Forecast != nil && s.V.Chance != nil:
			return s.T("board-fan-known")
		}
		return ""
	}
	last := s.Fan[len(s.Fan)-1]
	show := func(x float64) string { return s.Scale.PerYear(x, 4) }
	said := s.T("board-fan", "deadline", last.Day, "low", show(last.P10), "mid", show(last.P50),
		"high", figure.Join(show(last.P90), s.Scale.Unit))
	if plot, ok := s.Plot(); ok {
		if _, _, cut := Cut(plot); cut {
			said += s.T("board-fan-cut")
		}
	}
	return said
}

// FanCaption says in a few words, for a card, what the band is. There must be a
// fan.
func FanCaption(s telling.Subject) string {
	last := s.Fan[len(s.Fan)-1]
	show := func(x float64) string { return s.Scale.PerYear(x, 3) }
	return s.T("board-fan-caption", "low", show(last.P10), "high", figure.Join(show(last.P90), s.Scale.Unit))
}

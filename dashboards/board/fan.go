package board

import (
	"context"
	"fmt"

	"yardstick/comparator"
	"yardstick/comparator/telling"
	"yardstick/dashboards/draw"
	"yardstick/schema/figure"
)

// withFan adds the forecast the verdict rests on, told for every period on the
// way, where it has one.
func (b *board) withFan(ctx context.Context, f *frame, s subject) (subject, error) {
	if s.V.Forecast == nil {
		return s, nil
	}
	c, ok, err := b.Reader.Case(ctx, f.Asked, s.P.ID, s.Of.ID)
	if err != nil {
		return s, fmt.Errorf("reading the case of %s: %w", s.Of.ID, err)
	}
	if ok {
		s.Fan = telling.FanOf(comparator.Fan(c, s.V))
	}
	return s, nil
}

// fanSentence says what the fan is, or why there is none.
func (s subject) fanSentence(f *frame) string {
	if len(s.Fan) == 0 {
		switch {
		case !s.V.ChanceWhyNot.IsZero():
			return f.T("board-fan-none", "why", s.V.ChanceWhyNot.Text)
		case s.V.Forecast != nil && s.V.Chance != nil:
			return f.T("board-fan-known")
		}
		return ""
	}
	last := s.Fan[len(s.Fan)-1]
	show := func(x float64) string { return s.Scale.PerYear(x, 4) }
	said := f.T("board-fan", "deadline", last.Day, "low", show(last.P10), "mid", show(last.P50),
		"high", figure.Join(show(last.P90), s.Scale.Unit))
	if plot, ok := s.Plot(); ok {
		if _, _, cut := draw.Cut(plot); cut {
			said += f.T("board-fan-cut")
		}
	}
	return said
}

// fanCaption says in a few words, for a card, what the band is. There must be a
// fan.
func (s subject) fanCaption(f *frame) string {
	last := s.Fan[len(s.Fan)-1]
	show := func(x float64) string { return s.Scale.PerYear(x, 3) }
	return f.T("board-fan-caption", "low", show(last.P10), "high", figure.Join(show(last.P90), s.Scale.Unit))
}

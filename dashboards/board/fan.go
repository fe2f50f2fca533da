package board

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"yardstick/comparator"
	"yardstick/schema"
	"yardstick/schema/figure"
)

// fanStep is the forecast at the end of a period on the way to the deadline, in
// the catalogue's unit.
type fanStep struct {
	day                              schema.Date
	p2, p10, p25, p50, p75, p90, p97 float64
	told95, told50                   bool // p2 and p97, p25 and p75 are there
}

// band is a part of the fan: the area between two of its edges.
type band struct{ Class, Points string }

// withFan adds the forecast the verdict rests on, told for every period on the
// way, where it has one.
func (b *board) withFan(ctx context.Context, f *frame, s subject) (subject, error) {
	if s.v.Forecast == nil {
		return s, nil
	}
	c, ok, err := b.Reader.Case(ctx, f.Asked, s.p.ID, s.t.ID)
	if err != nil {
		return s, fmt.Errorf("reading the case of %s: %w", s.t.ID, err)
	}
	if ok {
		s.fan = fanOf(comparator.Fan(c, s.v))
	}
	return s, nil
}

// fanOf keeps the steps that tell at least the 80 per cent interval.
func fanOf(steps []comparator.FanStep) []fanStep {
	out := make([]fanStep, 0, len(steps))
	for _, step := range steps {
		s := fanStep{day: step.Day}
		var low, mid, high, a, b bool
		s.p10, low = step.At(.1)
		s.p50, mid = step.At(.5)
		s.p90, high = step.At(.9)
		s.p2, a = step.At(.025)
		s.p97, b = step.At(.975)
		s.told95 = a && b
		s.p25, a = step.At(.25)
		s.p75, b = step.At(.75)
		s.told50 = a && b
		if low && mid && high {
			out = append(out, s)
		}
	}
	return out
}

// fanFrom begins the fan at the last figure, where nothing is uncertain yet.
// Steps that are past it already (of a coarser series) are left out.
func fanFrom(fan []fanStep, last point) []fanStep {
	v := last.Value.Float()
	out := []fanStep{{last.Day, v, v, v, v, v, v, v, true, true}}
	for _, s := range fan {
		if s.day.After(last.Day) {
			out = append(out, s)
		}
	}
	if len(out) == 1 {
		return nil
	}
	return out
}

// edgeOf is one edge of the fan.
func edgeOf(fan []fanStep, of func(fanStep) float64) []place {
	out := make([]place, len(fan))
	for i, s := range fan {
		out[i] = place{s.day, of(s)}
	}
	return out
}

func low80(s fanStep) float64  { return s.p10 }
func mid(s fanStep) float64    { return s.p50 }
func high80(s fanStep) float64 { return s.p90 }
func low50(s fanStep) float64  { return s.p25 }
func high50(s fanStep) float64 { return s.p75 }

// drawFan adds the band that covers the figure in four cases of five, on the
// large chart also the one of every other, their edges and the middle.
func (c *chart) drawFan(fan []fanStep, pl plane) {
	if len(fan) == 0 {
		return
	}
	between := func(class string, low, high func(fanStep) float64) {
		back := edgeOf(fan, high)
		slices.Reverse(back)
		c.Bands = append(c.Bands, band{class, strings.TrimSpace(pl.places(edgeOf(fan, low)) + " " + pl.places(back))})
	}
	between("fan", low80, high80)
	if c.Large && fan[len(fan)-1].told50 {
		between("fan inner", low50, high50)
	}
	c.Ways = append(c.Ways, polyline{"edge", pl.places(edgeOf(fan, low80))}, polyline{"edge", pl.places(edgeOf(fan, high80))},
		polyline{"median", pl.places(edgeOf(fan, mid))})
}

// fanSentence says what the fan is, or why there is none.
func (s subject) fanSentence(f *frame) string {
	if len(s.fan) == 0 {
		switch {
		case !s.v.ChanceWhyNot.IsZero():
			return f.T("board-fan-none", "why", s.v.ChanceWhyNot.Text)
		case s.v.Forecast != nil && s.v.Chance != nil:
			return f.T("board-fan-known")
		}
		return ""
	}
	last := s.fan[len(s.fan)-1]
	show := func(x float64) string { return s.scale.PerYear(x, 4) }
	said := f.T("board-fan", "deadline", last.day, "low", show(last.p10), "mid", show(last.p50),
		"high", figure.Join(show(last.p90), s.scale.Unit))
	if plot, ok := plotOf(s); ok && plot.cut() {
		said += f.T("board-fan-cut")
	}
	return said
}

// fanCaption says in a few words, for a card, what the band is. There must be a
// fan.
func (s subject) fanCaption(f *frame) string {
	last := s.fan[len(s.fan)-1]
	show := func(x float64) string { return s.scale.PerYear(x, 3) }
	return f.T("board-fan-caption", "low", show(last.p10), "high", figure.Join(show(last.p90), s.scale.Unit))
}

// cut reports whether the fan goes on beyond what is drawn.
func (p plot) cut() bool {
	pl := p.plane(0, 1)
	return slices.ContainsFunc(p.fan, func(s fanStep) bool { return s.p10 < pl.low || s.p90 > pl.high })
}

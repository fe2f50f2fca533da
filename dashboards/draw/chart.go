package draw

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"yardstick/comparator/telling"
	"yardstick/schema"
	"yardstick/schema/figure"
)

// Chart is a drawing in SVG. Across it is measured in percent (lines in
// thousandths of the width), down in pixels: text and strokes keep their size
// on a phone and on a wall.
type Chart struct {
	Height int
	Label  string // what a screen reader says
	Large  bool
	Floor  string // where the forecast is cut off below
	Bands  []band
	Ways   []polyline // of the forecast
	Lines  []polyline
	Rules  []rule
	Dots   []dot
	Texts  []caption
}

// polyline is a path of class: seen, path (of time), ahead (continued pace),
// edge and median (of the forecast).
type polyline struct{ Class, Points string }

// rule is a straight line across or down.
type rule struct {
	Class          string
	X1, X2, Y1, Y2 string
}

type dot struct{ X, Y, Class, Title string }

type caption struct{ X, Y, Anchor, Class, Text string }

// plane maps days and values to the drawing.
type plane struct {
	from, to    schema.Date
	low, high   float64
	top, bottom float64 // pixels
}

func (p plane) x(day schema.Date) float64 {
	all := p.to.DaysSince(p.from)
	if all <= 0 {
		return 0.5
	}
	return float64(day.DaysSince(p.from)) / float64(all)
}

func (p plane) y(v float64) float64 {
	if p.high == p.low {
		return (p.top + p.bottom) / 2
	}
	return p.bottom - (v-p.low)/(p.high-p.low)*(p.bottom-p.top)
}

func px(f float64) string { return strconv.FormatFloat(f, 'f', 1, 64) }

// Across is a share of the width in percent.
func Across(f float64) string { return strconv.FormatFloat(100*f, 'f', 2, 64) + "%" }

// plane fits everything, with a little air above and below.
func (p drawing) plane(top, bottom float64) plane {
	low, high := p.Target, p.Target
	see := func(v float64) { low, high = min(low, v), max(high, v) }
	for _, pt := range p.Points {
		see(pt.Value.Float())
	}
	for _, pl := range append(append([]telling.Place(nil), p.Schedule...), p.Ahead...) {
		see(pl.Value)
	}
	// A fan that is very wide is cut off before it makes everything else flat.
	least, most := low-(high-low), high+(high-low)
	for _, s := range p.Fan {
		see(max(s.P10, least))
		see(min(s.P90, most))
	}
	if low == high {
		low, high = low-1, high+1
	}
	air := 0.04 * (high - low)
	return plane{p.Start, p.End, low - air, high + air, top, bottom}
}

// drawing is what there is to draw, on its way to a chart.
type drawing struct{ telling.Drawing }

// Trajectory draws what a verdict has to show on a card (small) or over the
// page's width (large).
func Trajectory(f telling.Voice, of telling.Drawing, s figure.Scale, label string, large bool) Chart {
	p := drawing{of}
	c := Chart{Height: 128, Label: label, Large: large}
	pl := p.plane(24, 118)
	c.Floor = px(118)
	if large {
		c.Height, c.Floor = 340, px(300)
		pl = p.plane(28, 300)
		axes(f, &c, pl, s, p)
	}
	if len(p.Fan) > 0 && !large {
		p.Ahead = nil // a card has room for one way ahead
	}
	c.drawFan(p.Fan, pl)
	targetY := pl.y(p.Target)
	c.Rules = append(c.Rules, rule{"target", "0%", "100%", px(targetY), px(targetY)})
	if len(p.Schedule) > 0 {
		c.Lines = append(c.Lines, polyline{"path", pl.places(p.Schedule)})
	}
	if len(p.Ahead) > 0 {
		c.Lines = append(c.Lines, polyline{"ahead", pl.places(p.Ahead)})
	}
	c.Lines = append(c.Lines, pl.seen(p.Points)...)
	dots(f, &c, pl, p.Points, s, large)
	c.Texts = append(c.Texts, nameTarget(f, p, pl))
	if len(p.Schedule) > 0 {
		c.Texts = append(c.Texts, nameSchedule(f, p, pl))
	}
	return c
}

func (p plane) places(line []telling.Place) string {
	var b strings.Builder
	for _, pl := range line {
		fmt.Fprintf(&b, "%s,%s ", px(1000*p.x(pl.Day)), px(p.y(pl.Value)))
	}
	return strings.TrimSpace(b.String())
}

// seen is the observed line, in as many pieces as there are holes.
func (p plane) seen(pts []telling.Point) []polyline {
	var out []polyline
	var b strings.Builder
	flush := func() {
		if b.Len() > 0 {
			out = append(out, polyline{"seen", strings.TrimSpace(b.String())})
			b.Reset()
		}
	}
	for _, pt := range pts {
		if pt.Break {
			flush()
		}
		fmt.Fprintf(&b, "%s,%s ", px(1000*p.x(pt.Day)), px(p.y(pt.Value.Float())))
	}
	flush()
	return out
}

// dots mark the figures: all of them on the large chart, the last on a card.
// A figure that is not final is hollow.
func dots(f telling.Voice, c *Chart, pl plane, pts []telling.Point, s figure.Scale, large bool) {
	for i, pt := range pts {
		last := i == len(pts)-1
		alone := (i == 0 || pt.Break) && (last || pts[i+1].Break)
		if pt.Obs == nil || !last && !large && !alone {
			continue
		}
		class := "dot"
		if last {
			class += " last"
		}
		if !pt.Obs.Status.Final() {
			class += " hollow"
		}
		title := f.PeriodName(pt.Obs.Period, pt.Obs.Basis) + " " + figure.Join(s.Figure(pt.Value, nil, nil).String(), s.Unit)
		c.Dots = append(c.Dots, dot{Across(pl.x(pt.Day)), px(pl.y(pt.Value.Float())), class, title})
	}
}

// axes are hairlines at round values and the quarters or years below.
func axes(f telling.Voice, c *Chart, pl plane, s figure.Scale, p drawing) {
	one := s.Float(schema.NewDecimal(1, 0)) // one of the catalogue's unit, on this scale
	step := NiceStep((pl.high - pl.low) * one / 4)
	if Whole(p.Points, s) {
		step = max(step, 1)
	}
	for k := math.Ceil(pl.low * one / step); k*step <= pl.high*one; k++ {
		y := px(pl.y(k * step / one))
		c.Rules = append(c.Rules, rule{"grid", "0%", "100%", y, y})
		text := TickText(k*step, step)
		if i := int(k * step); p.Done[0] != "" && i >= 0 && i < len(p.Done) {
			text = p.Done[i]
		}
		c.Texts = append(c.Texts, caption{"0%", px(pl.y(k*step/one) - 4), "start", "tick", text})
	}
	freq, every := schema.Quarterly, 1
	if pl.to.DaysSince(pl.from) > 4*366 {
		freq, every = schema.Annual, 1+pl.to.DaysSince(pl.from)/(12*366)
	}
	n := 0
	for p := schema.PeriodOf(freq, pl.from).Next(); !p.First().After(pl.to); p = p.Add(every) {
		x := Across(pl.x(p.First()))
		class := "tick"
		if n%2 == 1 {
			class = "tick spare"
		}
		n++
		text := monthOf(p.First())
		if freq == schema.Annual {
			text = fmt.Sprint(p.First().Year)
		}
		anchor := "middle"
		switch at := pl.x(p.First()); {
		case at > 0.96:
			anchor = "end"
		case at < 0.04:
			anchor = "start"
		}
		c.Rules = append(c.Rules, rule{"grid down", x, x, px(pl.bottom), px(pl.bottom + 5)})
		c.Texts = append(c.Texts, caption{x, px(pl.bottom + 22), anchor, class, text})
	}
	c.Rules = append(c.Rules, rule{"axis", "0%", "100%", px(pl.bottom), px(pl.bottom)})
}

// Whole reports whether all figures are whole numbers on the scale: their axis
// has no ticks between.
func Whole(pts []telling.Point, s figure.Scale) bool {
	for _, p := range pts {
		if f := s.Float(p.Value); f != math.Trunc(f) {
			return false
		}
	}
	return true
}

// NiceStep is the least of 1, 2, 5 times a power of ten that is not below f.
func NiceStep(f float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(f)))
	for _, m := range []float64{1, 2, 5} {
		if m*power >= f*(1-1e-9) {
			return m * power
		}
	}
	return 10 * power
}

// TickText writes a value beside an axis of such steps.
func TickText(v, step float64) string {
	digits := max(0, -int(math.Floor(math.Log10(step)+1e-9)))
	if math.Abs(v) < step/2 {
		v = 0
	}
	return strconv.FormatFloat(v, 'f', digits, 64)
}

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

package draw

import (
	"fmt"
	"math"
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

// voice names what stands in a chart.
type voice struct{ telling.Voice }

// Trajectory draws what a verdict has to show on a card (small) or over the
// page's width (large).
func Trajectory(in telling.Voice, of telling.Drawing, s figure.Scale, label string, large bool) Chart {
	f, p := voice{in}, drawing{of}
	c := Chart{Height: 128, Label: label, Large: large}
	pl := p.plane(24, 118)
	c.Floor = px(118)
	if large {
		c.Height, c.Floor = 340, px(300)
		pl = p.plane(28, 300)
		f.axes(&c, pl, s, p)
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
	f.dots(&c, pl, p.Points, s, large)
	c.Texts = append(c.Texts, f.nameTarget(p, pl))
	if len(p.Schedule) > 0 {
		c.Texts = append(c.Texts, f.nameSchedule(p, pl))
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
func (f voice) dots(c *Chart, pl plane, pts []telling.Point, s figure.Scale, large bool) {
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
func (f voice) axes(c *Chart, pl plane, s figure.Scale, p drawing) {
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
		text := p.First().Time().Format("2006-01")
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

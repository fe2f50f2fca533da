package board

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"yardstick/dashboards/web"
	"yardstick/schema"
	"yardstick/schema/figure"
)

// chart is a drawing in SVG. Across it is measured in percent (lines in
// thousandths of the width), down in pixels: text and strokes keep their size
// on a phone and on a wall.
type chart struct {
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

func across(f float64) string { return strconv.FormatFloat(100*f, 'f', 2, 64) + "%" }

// place is a day and a value, for lines that are nobody's figures.
type place struct {
	day   schema.Date
	value float64
}

// plot is everything a trajectory shows.
type plot struct {
	points   []point
	target   float64
	limit    bool    // target is one
	schedule []place // the time line to the target, or the pace still needed
	needed   bool    // schedule is the latter
	ahead    []place // the pace continued, where the sentence says so
	fan      []fanStep
	done     [2]string // milestone: the words for 0 and 1; else empty
	start    schema.Date
	end      schema.Date
}

// plotOf gathers what there is to draw for the verdict; false when nothing was
// observed, as lines towards a target alone would only look like figures.
func plotOf(s subject) (plot, bool) {
	v, t, pts, p, start := s.v, s.t, s.points, s.outlook, s.start
	if len(pts) == 0 || pts[len(pts)-1].Obs == nil {
		return plot{}, false
	}
	last := pts[len(pts)-1]
	out := plot{points: pts, limit: web.Limit(t.Kind), target: t.Value.Float(), start: pts[0].Day, end: last.Day}
	if v.Deadline.After(out.end) {
		out.end = v.Deadline
	}
	if v.AsOf.After(out.end) {
		out.end = v.AsOf
	}
	if !v.Deadline.IsZero() && !timeless(t.Kind) {
		if v.Baseline != nil {
			out.schedule = schedule(t, *v.Baseline, start, v.Deadline)
			if start.Before(out.start) {
				out.start = start
			}
		} else if v.SlopeNeeded != nil && last.Day.Before(v.Deadline) {
			out.needed = true
			out.schedule = []place{{last.Day, last.Value.Float()}, {v.Deadline, out.target}}
		}
	}
	if p.Kind != noProjection && last.Obs.Period == v.Period {
		out.ahead = continued(v, p, last, &out)
	}
	if last.Obs.Period == v.Period {
		out.fan = fanFrom(s.fan, last)
	}
	return out, true
}

// continued is the straight line of the pace from the last figure to the
// target or the edge, whichever comes first.
func continued(v schema.Verdict, p projection, last point, out *plot) []place {
	if v.Deadline.IsZero() {
		// Without a deadline there is no edge: as far ahead as looked back.
		edge := last.Day.AddDays(last.Day.DaysSince(out.start))
		if p.Kind == reaches && p.Day.Before(edge) {
			edge = p.Day
		}
		if edge.After(out.end) {
			out.end = edge
		}
	}
	to := out.end
	if p.Kind == reaches && p.Day.Before(to) {
		to = p.Day
	}
	if !to.After(last.Day) {
		return nil
	}
	rise := p.Slope * float64(to.DaysSince(last.Day)) / daysPerYear
	return []place{{last.Day, last.Value.Float()}, {to, last.Value.Float() + rise}}
}

// schedule is the time line from the baseline to the target: straight, by
// compound growth, or along the values a plan names, as the register says.
func schedule(t schema.Target, baseline schema.Decimal, start, deadline schema.Date) []place {
	from, to := place{start, baseline.Float()}, place{deadline, t.Value.Float()}
	out := []place{from}
	switch {
	case t.Path == "plan":
		for _, p := range t.Plan {
			if p.Date.After(start) && p.Date.Before(deadline) {
				out = append(out, place{p.Date, p.Value.Float()})
			}
		}
	case t.Path == "compound" && from.value > 0 && to.value > 0:
		const steps = 24
		days := deadline.DaysSince(start)
		for i := 1; i < steps; i++ {
			share := float64(i) / steps
			day := start.AddDays(int(share * float64(days)))
			out = append(out, place{day, from.value * math.Pow(to.value/from.value, share)})
		}
	}
	return append(out, to)
}

// plane fits everything, with a little air above and below.
func (p plot) plane(top, bottom float64) plane {
	low, high := p.target, p.target
	see := func(v float64) { low, high = min(low, v), max(high, v) }
	for _, pt := range p.points {
		see(pt.Value.Float())
	}
	for _, pl := range append(append([]place(nil), p.schedule...), p.ahead...) {
		see(pl.value)
	}
	// A fan that is very wide is cut off before it makes everything else flat.
	least, most := low-(high-low), high+(high-low)
	for _, s := range p.fan {
		see(max(s.p10, least))
		see(min(s.p90, most))
	}
	if low == high {
		low, high = low-1, high+1
	}
	air := 0.04 * (high - low)
	return plane{p.start, p.end, low - air, high + air, top, bottom}
}

// draw is the trajectory on a card (small) or over the page's width (large).
func (f *frame) draw(p plot, s figure.Scale, label string, large bool) chart {
	c := chart{Height: 128, Label: label, Large: large}
	pl := p.plane(24, 118)
	c.Floor = px(118)
	if large {
		c.Height, c.Floor = 340, px(300)
		pl = p.plane(28, 300)
		f.axes(&c, pl, s, p)
	}
	if len(p.fan) > 0 && !large {
		p.ahead = nil // a card has room for one way ahead
	}
	c.drawFan(p.fan, pl)
	targetY := pl.y(p.target)
	c.Rules = append(c.Rules, rule{"target", "0%", "100%", px(targetY), px(targetY)})
	if len(p.schedule) > 0 {
		c.Lines = append(c.Lines, polyline{"path", pl.places(p.schedule)})
	}
	if len(p.ahead) > 0 {
		c.Lines = append(c.Lines, polyline{"ahead", pl.places(p.ahead)})
	}
	c.Lines = append(c.Lines, pl.seen(p.points)...)
	f.dots(&c, pl, p.points, s, large)
	c.Texts = append(c.Texts, f.nameTarget(p, pl))
	if len(p.schedule) > 0 {
		c.Texts = append(c.Texts, f.nameSchedule(p, pl))
	}
	return c
}

func (p plane) places(line []place) string {
	var b strings.Builder
	for _, pl := range line {
		fmt.Fprintf(&b, "%s,%s ", px(1000*p.x(pl.day)), px(p.y(pl.value)))
	}
	return strings.TrimSpace(b.String())
}

// seen is the observed line, in as many pieces as there are holes.
func (p plane) seen(pts []point) []polyline {
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
func (f *frame) dots(c *chart, pl plane, pts []point, s figure.Scale, large bool) {
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
		c.Dots = append(c.Dots, dot{across(pl.x(pt.Day)), px(pl.y(pt.Value.Float())), class, title})
	}
}

// axes are hairlines at round values and the quarters or years below.
func (f *frame) axes(c *chart, pl plane, s figure.Scale, p plot) {
	one := s.Float(schema.NewDecimal(1, 0)) // one of the catalogue's unit, on this scale
	step := niceStep((pl.high - pl.low) * one / 4)
	if whole(p.points, s) {
		step = max(step, 1)
	}
	for k := math.Ceil(pl.low * one / step); k*step <= pl.high*one; k++ {
		y := px(pl.y(k * step / one))
		c.Rules = append(c.Rules, rule{"grid", "0%", "100%", y, y})
		text := tickText(k*step, step)
		if i := int(k * step); p.done[0] != "" && i >= 0 && i < len(p.done) {
			text = p.done[i]
		}
		c.Texts = append(c.Texts, caption{"0%", px(pl.y(k*step/one) - 4), "start", "tick", text})
	}
	freq, every := schema.Quarterly, 1
	if pl.to.DaysSince(pl.from) > 4*366 {
		freq, every = schema.Annual, 1+pl.to.DaysSince(pl.from)/(12*366)
	}
	n := 0
	for p := schema.PeriodOf(freq, pl.from).Next(); !p.First().After(pl.to); p = p.Add(every) {
		x := across(pl.x(p.First()))
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

// whole reports whether all figures are whole numbers on the scale: their axis
// has no ticks between.
func whole(pts []point, s figure.Scale) bool {
	for _, p := range pts {
		if f := s.Float(p.Value); f != math.Trunc(f) {
			return false
		}
	}
	return true
}

// niceStep is the least of 1, 2, 5 times a power of ten that is not below f.
func niceStep(f float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(f)))
	for _, m := range []float64{1, 2, 5} {
		if m*power >= f*(1-1e-9) {
			return m * power
		}
	}
	return 10 * power
}

func tickText(v, step float64) string {
	digits := max(0, -int(math.Floor(math.Log10(step)+1e-9)))
	if math.Abs(v) < step/2 {
		v = 0
	}
	return strconv.FormatFloat(v, 'f', digits, 64)
}

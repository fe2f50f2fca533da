package page

import (
	"fmt"
	"slices"
	"strings"

	"yardstick/dashboards/brief/paper"
	"yardstick/schema"
)

// drawing is a chart as an SVG, in units of a tenth of a millimetre when it is
// as wide as the text.
type drawing struct {
	Alt, Unit string
	Width     int
	Height    int
	Lines     []stroke
	Grid      []tick   // across, with the value
	Months    []tick   // below, with the month
	Fans      []string // between the forecast's edges
	Dots      []spot
	Legend    []key
	Left      int
	Right     int
	Bottom    int
}

type stroke struct{ Class, Points string }

type tick struct {
	At   string
	Text string
}

type spot struct{ X, Y string }

type key struct{ Class, Name string }

// Measures of a drawing.
const (
	width  = 1560
	height = 460
	padX   = 130
	padR   = 30
	padT   = 72
	padB   = 50
)

// draw sets the chart's lines between its axes.
func draw(c paper.Chart) drawing {
	scale := c.ScaleOf()
	d := drawing{Alt: c.Alt, Unit: c.Unit, Width: width, Height: height, Left: padX, Right: width - padR, Bottom: height - padB}
	first, all := c.Days[0], float64(max(1, c.Days[len(c.Days)-1].DaysSince(c.Days[0])))
	x := func(day schema.Date) float64 { return padX + float64(day.DaysSince(first))/all*(width-padX-padR) }
	y := func(v float64) float64 {
		return height - padB - (v-scale.Low)/(scale.High-scale.Low)*(height-padB-padT)
	}
	for _, v := range scale.Ticks() {
		d.Grid = append(d.Grid, tick{px(y(v)), scale.Tick(v)})
	}
	for _, m := range c.MonthTicks() {
		d.Months = append(d.Months, tick{px(x(m)), paper.Month(m)})
	}
	for _, l := range c.Lines {
		var b strings.Builder
		flush := func() {
			if b.Len() > 0 {
				d.Lines = append(d.Lines, stroke{string(l.Role), strings.TrimSpace(b.String())})
				b.Reset()
			}
		}
		for i, v := range l.Values {
			if !l.Known(i) {
				flush()
				continue
			}
			fmt.Fprintf(&b, "%s,%s ", px(x(c.Days[i])), px(y(v)))
			if l.Role == paper.Seen {
				d.Dots = append(d.Dots, spot{px(x(c.Days[i])), px(y(v))})
			}
		}
		flush()
		d.Legend = append(d.Legend, key{string(l.Role), l.Name})
	}
	d.Fans = fans(d.Lines)
	return d
}

// fans fills the room between the two edges of a forecast.
func fans(lines []stroke) []string {
	var edges []string
	for _, l := range lines {
		if l.Class == string(paper.Edge) {
			edges = append(edges, l.Points)
		}
	}
	if len(edges) != 2 {
		return nil
	}
	back := strings.Fields(edges[1])
	slices.Reverse(back)
	return []string{edges[0] + " " + strings.Join(back, " ")}
}

func px(f float64) string { return fmt.Sprintf("%.1f", f) }

package draw

import (
	"math"

	"yardstick/comparator/telling"
	"yardstick/schema"
)

// nameTarget writes beside the target's line what it is: at its end, unless
// another line runs through the word there and not elsewhere.
func nameTarget(f telling.Voice, p drawing, pl plane) caption {
	wide := captionWidth / 2
	y := pl.y(p.Target)
	best, most := caption{}, -1.0
	for _, c := range []struct {
		x      float64
		anchor string
		below  bool
	}{{1, "end", false}, {1, "end", true}, {0, "start", false}, {0, "start", true}, {.5, "middle", false}} {
		at, middle := y-7, y-11
		if c.below {
			at, middle = y+16, y+12
		}
		from := map[string]float64{"end": 1 - wide, "start": 0, "middle": .5 - wide/2}[c.anchor]
		// Whatever leaves enough room is good: the end is where the eye looks.
		if room := min(p.clear(pl, from, wide, middle), 9); room > most && at < pl.bottom && at > 8 {
			best, most = caption{Across(c.x), px(at), c.anchor, "on-target", f.T(LineName(p.Limit))}, room
		}
	}
	return best
}

// nameSchedule writes beside the time line what it is, at the place along it
// that is farthest from every other line.
func nameSchedule(f telling.Voice, p drawing, pl plane) caption {
	id := "board-schedule-line"
	if p.Needed {
		id = "board-needed-line"
	}
	first, last := p.Schedule[0], p.Schedule[len(p.Schedule)-1]
	wide := captionWidth
	if f.Lang != schema.Chinese {
		wide *= 1.6
	}
	best, most := caption{}, -1.0
	for _, share := range []float64{0.62, 0.5, 0.74, 0.4, 0.84, 0.3} {
		day := first.Day.AddDays(int(share * float64(last.Day.DaysSince(first.Day))))
		at := pl.x(day)
		for _, below := range []bool{false, true} {
			y, anchor, from := pl.y(interpolate(p.Schedule, day))-9, "end", at-wide
			if below {
				y, anchor, from = y+27, "start", at
			}
			if last.Value < first.Value { // the line falls: the free side is the other one
				anchor, from = map[string]string{"end": "start", "start": "end"}[anchor], 2*at-wide-from
			}
			room := p.room(pl, from, wide, y-4)
			if from < 0 || from+wide > 1 || y > pl.bottom {
				room = 0
			}
			if room > most {
				best, most = caption{Across(at), px(y), anchor, "on-path", f.T(id)}, room
			}
		}
	}
	return best
}

// captionWidth is about what four Chinese characters take of a card's width.
const captionWidth = 0.17

// room is the least distance in pixels, 20 at most, between the middle of a
// caption from from, wide across, and any line of the plot.
func (p drawing) room(pl plane, from, wide, middle float64) float64 {
	return min(p.clear(pl, from, wide, middle), math.Abs(pl.y(p.Target)-middle))
}

// clear is room without the target's line.
func (p drawing) clear(pl plane, from, wide, middle float64) float64 {
	seen := make([]telling.Place, len(p.Points))
	for i, pt := range p.Points {
		seen[i] = telling.Place{Day: pt.Day, Value: pt.Value.Float()}
	}
	least := 20.0
	for step := range 5 {
		at := from + wide*float64(step)/4
		day := pl.from.AddDays(int(at * float64(pl.to.DaysSince(pl.from))))
		for _, line := range [][]telling.Place{p.Schedule, p.Ahead, seen, edgeOf(p.Fan, low80), edgeOf(p.Fan, mid), edgeOf(p.Fan, high80)} {
			if len(line) > 0 && !day.Before(line[0].Day) && !day.After(line[len(line)-1].Day) {
				least = min(least, math.Abs(pl.y(interpolate(line, day))-middle))
			}
		}
	}
	return least
}

func interpolate(line []telling.Place, day schema.Date) float64 {
	for i := 1; i < len(line); i++ {
		a, b := line[i-1], line[i]
		if day.After(b.Day) && i < len(line)-1 {
			continue
		}
		all := b.Day.DaysSince(a.Day)
		if all <= 0 {
			return b.Value
		}
		return a.Value + float64(day.DaysSince(a.Day))/float64(all)*(b.Value-a.Value)
	}
	return line[0].Value
}

// LineName is the message that names the target's line.
func LineName(limit bool) string {
	if limit {
		return "board-limit-line"
	}
	return "board-target-line"
}

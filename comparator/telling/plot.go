package telling

import (
	"math"
	"slices"

	"yardstick/comparator"
	"yardstick/schema"
)

// Place is a day and a value, for lines that are nobody's figures.
type Place struct {
	Day   schema.Date
	Value float64
}

// Drawing is everything a trajectory shows.
type Drawing struct {
	Points   []Point
	Target   float64
	Limit    bool    // target is one
	Schedule []Place // the time line to the target, or the pace still needed
	Needed   bool    // schedule is the latter
	Ahead    []Place // the pace continued, where the sentence says so
	Fan      []FanStep
	Done     [2]string // milestone: the words for 0 and 1; else empty
	Start    schema.Date
	End      schema.Date
}

// Plot gathers what there is to draw for the verdict; false when nothing was
// observed, as lines towards a target alone would only look like figures.
func (s Subject) Plot() (Drawing, bool) {
	v, t, pts, p, start := s.V, s.Of, s.Points, s.Outlook, s.Start
	if len(pts) == 0 || pts[len(pts)-1].Obs == nil {
		return Drawing{}, false
	}
	last := pts[len(pts)-1]
	out := Drawing{Points: pts, Limit: t.Kind.Limit(), Target: t.Value.Float(), Start: pts[0].Day,
		End: slices.MaxFunc([]schema.Date{last.Day, v.Deadline, v.AsOf}, schema.Date.Compare)}
	if !v.Deadline.IsZero() && !Timeless(t.Kind) {
		if v.Baseline != nil {
			out.Schedule = schedule(t, *v.Baseline, start, v.Deadline)
			if start.Before(out.Start) {
				out.Start = start
			}
		} else if v.SlopeNeeded != nil && last.Day.Before(v.Deadline) {
			out.Needed = true
			out.Schedule = []Place{{last.Day, last.Value.Float()}, {v.Deadline, out.Target}}
		}
	}
	if last.Obs.Period == v.Period {
		if p.Kind != NoOutlook {
			out.Ahead = continued(v, p, last, &out)
		}
		out.Fan = fanFrom(s.Fan, last)
	}
	return out, true
}

// continued is the straight line of the pace from the last figure to the
// target or the edge, whichever comes first.
func continued(v schema.Verdict, p Outlook, last Point, out *Drawing) []Place {
	if v.Deadline.IsZero() {
		// Without a deadline there is no edge: as far ahead as looked back.
		edge := last.Day.AddDays(last.Day.DaysSince(out.Start))
		if p.Kind == Reaches && p.Day.Before(edge) {
			edge = p.Day
		}
		if edge.After(out.End) {
			out.End = edge
		}
	}
	to := out.End
	if p.Kind == Reaches && p.Day.Before(to) {
		to = p.Day
	}
	if !to.After(last.Day) {
		return nil
	}
	rise := p.Slope * float64(to.DaysSince(last.Day)) / daysPerYear
	return []Place{{last.Day, last.Value.Float()}, {to, last.Value.Float() + rise}}
}

// schedule is the time line from the baseline to the target: straight, by
// compound growth, or along the values a plan names, as the register says.
func schedule(t schema.Target, baseline schema.Decimal, start, deadline schema.Date) []Place {
	from, to := Place{start, baseline.Float()}, Place{deadline, t.Value.Float()}
	out := []Place{from}
	switch {
	case t.Path == "plan":
		for _, p := range t.Plan {
			if p.Date.After(start) && p.Date.Before(deadline) {
				out = append(out, Place{p.Date, p.Value.Float()})
			}
		}
	case t.Path == "compound" && from.Value > 0 && to.Value > 0:
		const steps = 24
		days := deadline.DaysSince(start)
		for i := 1; i < steps; i++ {
			share := float64(i) / steps
			day := start.AddDays(int(share * float64(days)))
			out = append(out, Place{day, from.Value * math.Pow(to.Value/from.Value, share)})
		}
	}
	return append(out, to)
}

// FanStep is the forecast at the end of a period on the way to the deadline, in
// the catalogue's unit.
type FanStep struct {
	Day                     schema.Date
	P10, P25, P50, P75, P90 float64
	Told50                  bool // P25 and P75 are there
}

// FanOf keeps the steps that tell at least the 80 per cent interval.
func FanOf(steps []comparator.FanStep) (out []FanStep) {
	for _, step := range steps {
		s, told := FanStep{Day: step.Day}, [5]bool{}
		for i, to := range [...]*float64{&s.P10, &s.P25, &s.P50, &s.P75, &s.P90} {
			*to, told[i] = step.At([...]float64{.1, .25, .5, .75, .9}[i])
		}
		s.Told50 = told[1] && told[3]
		if told[0] && told[2] && told[4] {
			out = append(out, s)
		}
	}
	return out
}

// fanFrom begins the fan at the last figure, where nothing is uncertain yet.
// Steps that are past it already (of a coarser series) are left out.
func fanFrom(fan []FanStep, last Point) []FanStep {
	v := last.Value.Float()
	out := []FanStep{{last.Day, v, v, v, v, v, true}}
	for _, s := range fan {
		if s.Day.After(last.Day) {
			out = append(out, s)
		}
	}
	if len(out) == 1 {
		return nil
	}
	return out
}

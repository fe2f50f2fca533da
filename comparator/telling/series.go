package telling

import (
	"slices"

	"yardstick/schema"
	"yardstick/schema/vintage"
)

// Point is one place on the line a target is judged along.
type Point struct {
	Day   schema.Date
	Value schema.Decimal
	Obs   *schema.Observation // nil: the start, which is nobody's figure
	Break bool                // no line leads here: a figure before it is missing
}

// Trajectory turns a series into the running figure the target is judged on:
// levels and limits as they are, what is newly added or counted in a window
// summed up from its start. Where the sum does not come to the value judged
// nothing is drawn: a line that ends beside its own figure would mislead.
func Trajectory(v schema.Verdict, t schema.Target, ind schema.Indicator, start schema.Date, obs []schema.Observation) []Point {
	obs = judged(v, t, ind, obs)
	if len(obs) == 0 || t.Kind == schema.Cadence { // a report's own number is not the days judged
		return nil
	}
	counted := t.Kind == schema.Added || t.Kind == schema.Within
	basis := obs[0].Basis
	if !counted || basis == schema.Point || basis == schema.Cumulative {
		return levels(obs, t, start, counted)
	}
	for _, straddle := range []bool{false, true} {
		var pts []Point
		if basis == schema.InPeriod {
			pts = sums(obs, t, start, straddle)
		} else {
			pts = yearToDate(obs, t, start, straddle)
		}
		if comesTo(pts, v) {
			return pts
		}
	}
	return nil
}

// judged keeps the figures of the kind the verdict was made from, called as the
// indicator's own series calls them: one frequency, one basis, fit to be judged,
// by period.
func judged(v schema.Verdict, t schema.Target, ind schema.Indicator, obs []schema.Observation) []schema.Observation {
	name := func(k schema.Key) schema.Key { return vintage.Name(ind, vintage.Fact(k)) }
	of := madeOf(v, t)
	obs = slices.DeleteFunc(slices.Clone(obs), func(o schema.Observation) bool { return !o.Judgeable() })
	if of.Period.IsZero() && len(obs) > 0 { // the series' own: that of its latest figure
		of = obs[len(obs)-1].Key
	}
	of = name(of)
	var out []schema.Observation
	for _, o := range obs {
		if o.Key = name(o.Key); o.Period.Frequency() == of.Period.Frequency() && o.Basis == of.Basis {
			out = append(out, o)
		}
	}
	slices.SortStableFunc(out, func(a, b schema.Observation) int { return a.Period.Compare(b.Period) })
	return out
}

// follows reports whether o is the period right after p. Days and ten-day
// periods have weekends and holidays between them.
func follows(o, p schema.Observation) bool {
	switch o.Period.Frequency() {
	case schema.Daily, schema.TenDay:
		return true
	}
	return o.Period.Since(p.Period) == 1
}

func levels(obs []schema.Observation, t schema.Target, start schema.Date, counted bool) []Point {
	// A year of what came before shows where a level stands; what is counted
	// begins at its start.
	from := start.AddDays(-366)
	if counted {
		from = start
	}
	var pts []Point
	if counted && !start.IsZero() {
		pts = append(pts, Point{Day: start})
	}
	for i := range obs {
		o := &obs[i]
		if !start.IsZero() && o.Period.Last().Before(from) || counted && !t.WindowTo.IsZero() && o.Period.Last().After(t.WindowTo) {
			continue
		}
		pts = append(pts, Point{o.Period.Last(), *o.Value, o, i > 0 && len(pts) > 0 && !follows(*o, obs[i-1])})
	}
	return pts
}

// sums adds up complete periods from the start; straddle takes the period the
// start lies in as well. A hole ends the line: what comes after it is unknown.
func sums(obs []schema.Observation, t schema.Target, start schema.Date, straddle bool) []Point {
	pts := []Point{{Day: start}}
	total := schema.Decimal{}
	var last *schema.Observation
	for i := range obs {
		o := &obs[i]
		first := o.Period.First()
		if t.Kind == schema.Within {
			if first.Before(t.WindowFrom) || !t.WindowTo.IsZero() && o.Period.Last().After(t.WindowTo) {
				continue
			}
		} else if first.Before(start) && (!straddle || o.Period.Last().Before(start)) {
			continue
		}
		if last != nil && !follows(*o, *last) {
			break
		}
		total, last = total.Add(*o.Value), o
		pts = append(pts, Point{Day: o.Period.Last(), Value: total, Obs: o})
	}
	return pts
}

// yearToDate joins the years' running totals end to end, less what the year
// held already when the target's time began; straddle counts the period the
// start lies in as well.
func yearToDate(obs []schema.Observation, t schema.Target, start schema.Date, straddle bool) []Point {
	pts := []Point{{Day: start}}
	offset, year, carried := schema.Decimal{}, 0, schema.Decimal{}
	var before *schema.Observation
	for i := range obs {
		o := &obs[i]
		end := o.Period.Last()
		if !t.WindowTo.IsZero() && end.After(t.WindowTo) {
			break
		}
		if !end.After(start) || !straddle && o.Period.First().Before(start) {
			before = o
			continue
		}
		if year == 0 && before != nil && before.Period.Last().Year == end.Year {
			offset = *before.Value
		}
		if year != 0 && end.Year != year {
			prev := pts[len(pts)-1]
			if prev.Day != (schema.Date{Year: year, Month: 12, Day: 31}) {
				break // the old year's total is not known
			}
			carried, offset = prev.Value, schema.Decimal{}
		}
		year = end.Year
		pts = append(pts, Point{Day: end, Value: carried.Add(o.Value.Sub(offset)), Obs: o})
	}
	return pts
}

// comesTo reports whether the line passes through the value judged.
func comesTo(pts []Point, v schema.Verdict) bool {
	if v.Value == nil {
		return false
	}
	for _, p := range pts {
		if p.Obs != nil && p.Day == v.Period.Last() {
			return p.Value.Equal(*v.Value)
		}
	}
	return false
}

package forecast

import (
	"math"
	"slices"

	"yardstick/schema"
)

// ladder is the points of a question as a series with even steps, and how many
// of those lead to the deadline.
type ladder struct {
	series  Series
	steps   int
	filled  int  // periods without a figure, interpolated
	working bool // daily: the days reported, whatever lies between
}

// ladder puts the points in even steps of the finest frequency that has enough
// of them, or says why there is none.
func (q Question) ladder() (ladder, schema.Reason) {
	best := 0
	far := 0
	for _, f := range []schema.Frequency{schema.Daily, schema.TenDay, schema.Monthly, schema.Quarterly, schema.Annual} {
		l, n := q.climb(f)
		if n >= leastJudged && l.steps >= 1 && l.steps <= reach*n {
			q.bound(&l.series)
			return l, schema.Reason{}
		}
		if n > best {
			best, far = n, l.steps
		}
	}
	if best >= leastJudged && far >= 1 {
		return ladder{}, schema.Because("forecast-too-far", "steps", far, "n", best)
	}
	return ladder{}, schema.Because("forecast-too-short", "n", best, "least", leastJudged)
}

// rung is one place of the series.
type rung struct {
	period schema.Period
	value  float64
}

// climb is the points that end with a period of frequency f, from the last back
// to where the figures have too wide a hole; n is how many values the forecast
// would rest on.
func (q Question) climb(f schema.Frequency) (l ladder, n int) {
	var rungs []rung
	if p := schema.PeriodOf(f, q.Begin); q.Counted && !q.Begin.IsZero() && p.Last() == q.Begin {
		rungs = append(rungs, rung{p, 0})
	}
	for _, p := range q.Points {
		if r := schema.PeriodOf(f, p.Period.Last()); r.Last() == p.Period.Last() && coarse(p.Period.Frequency(), f) {
			rungs = append(rungs, rung{r, p.Value.Float()})
		}
	}
	if len(rungs) == 0 {
		return l, 0
	}
	widest := 2 // a single missing period is interpolated
	if f == schema.Daily {
		widest = 11 // weekends and the long holidays
	}
	from := len(rungs) - 1
	for from > 0 && rungs[from].period.Since(rungs[from-1].period) <= widest {
		from--
	}
	rungs = rungs[from:]
	last := rungs[len(rungs)-1].period
	span := last.Since(rungs[0].period)
	holes := span + 1 - len(rungs)
	l.series = Series{Frequency: f}
	l.steps = lastWithin(f, q.Deadline).Since(last)
	switch {
	case f == schema.Daily && holes > 0:
		l.working = true
		l.series.Season = 5
		l.steps = int(math.Round(float64(l.steps) * float64(len(rungs)-1) / float64(max(span, 1))))
		for _, r := range rungs {
			l.series.Values = append(l.series.Values, r.value)
		}
	case 5*holes > len(rungs):
		return l, 0
	default:
		l.series.Values = filled(rungs)
		l.filled = holes
	}
	n = len(rungs)
	if l.series.Counted = q.Counted; q.Counted {
		n--
	}
	return l, n
}

// coarse reports whether a figure of frequency own may stand for the end of a
// period of frequency f: a year's last figure says nothing of every month, but
// a month's may stand at the end of its quarter.
func coarse(own, f schema.Frequency) bool { return own.PerYear() >= f.PerYear() }

// lastWithin is the last period of frequency f that ends by the day d.
func lastWithin(f schema.Frequency, d schema.Date) schema.Period {
	p := schema.PeriodOf(f, d)
	if p.Last() != d {
		p = p.Prev()
	}
	return p
}

// filled is the values with single holes interpolated in a straight line.
func filled(rungs []rung) []float64 {
	var out []float64
	for i, r := range rungs {
		if i > 0 && r.period.Since(rungs[i-1].period) == 2 {
			out = append(out, (r.value+rungs[i-1].value)/2)
		}
		out = append(out, r.value)
	}
	return out
}

// bound sets what the figure cannot leave: 0 and 100 of a share, 0 of an amount
// that has never been below it, and the catalogue's plausible range where the
// series itself stayed inside it.
func (q Question) bound(s *Series) {
	low, high := slices.Min(s.Values), slices.Max(s.Values)
	set := func(bound **float64, v float64, holds bool) {
		if holds {
			*bound = &v
		}
	}
	percent := q.Indicator.Unit == "%" || q.Indicator.Unit == "‰" || q.Indicator.Unit == "百分点"
	growth := q.Indicator.Formula != nil && q.Indicator.Formula.Op == "yoy"
	set(&s.Lower, 0, low >= 0 && !percent && !growth)
	if m := q.Indicator.Min; m != nil {
		set(&s.Lower, m.Float(), low >= m.Float())
	}
	if m := q.Indicator.Max; m != nil && !q.Counted {
		set(&s.Upper, m.Float(), high <= m.Float())
	}
	if f := q.Indicator.Formula; f != nil && f.Op == "share" && q.Indicator.Unit == "%" && low >= 0 && high <= 100 {
		set(&s.Lower, 0, s.Lower == nil || *s.Lower < 0)
		set(&s.Upper, 100, s.Upper == nil || *s.Upper > 100)
	}
}

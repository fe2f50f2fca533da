package comparator

import (
	"math"

	"yardstick/schema"
)

// Opinion is what a published method says of a target, beside the verdict. It
// decides nothing here. Value is the method's own number; Class is the method's
// own word for it.
type Opinion struct {
	Method string        `json:"method"` // growth-ratio, projection, weather, spi
	Name   schema.Reason `json:"name"`
	Source string        `json:"source"`
	Value  *float64      `json:"value"`
	Score  *float64      `json:"score,omitempty"` // growth-ratio: -5 to 5
	Class  string        `json:"class,omitempty"`
	Label  schema.Reason `json:"label,omitzero"`
	How    schema.Reason `json:"how,omitzero"`     // the arithmetic with its figures
	WhyNot schema.Reason `json:"missing,omitzero"` // why the method says nothing
}

// Opinions is one target's verdict with what published methods say beside it.
type Opinions struct {
	Policy  string        `json:"policy"`
	Target  string        `json:"target"`
	Region  string        `json:"region"`
	AsOf    schema.Date   `json:"as_of"`
	Status  schema.Status `json:"status"`
	Methods []Opinion     `json:"methods"`
}

// OpinionsOn puts the published methods beside the verdict on the case.
func OpinionsOn(v schema.Verdict, c Case) Opinions {
	return Opinions{v.Policy, v.Target, v.Region, v.AsOf, v.Status, Methods(c)}
}

// Methods gives the opinions of four published methods on the case, always in
// the same order. What our own rule adds to them stands in the verdict.
func Methods(c Case) []Opinion {
	j := c.journey()
	var out []Opinion
	for _, m := range []struct {
		name, source string
		judge        func(journey, Opinion) Opinion
	}{
		{"growth-ratio", "Statistics Canada for Open SDG: open-sdg docs/progress-methodology; sdg-build sdg/ProgressMeasure.py", journey.growthRatio},
		{"projection", "UNSD: Sustainable Development Goals Progress Chart, technical note; Eustat", journey.projection},
		{"weather", "Destatis: Sustainable Development in Germany, indicator report, status of the indicators", journey.weather},
		{"spi", "ANSI/EIA-748; PMI: The Standard for Earned Value Management", journey.spi},
	} {
		o := Opinion{Method: m.name, Name: schema.Because("method-" + m.name), Source: m.source}
		if j.why != "" {
			out = append(out, o.missing(j.why))
			continue
		}
		out = append(out, m.judge(j, o))
	}
	return out
}

// journey is a case as those methods see it: a base, the latest value, a target.
type journey struct {
	why       string // the sentence that says why no method applies; empty when one may
	t         schema.Target
	y0, y, yT float64
	t0, t1    schema.Date
	deadline  schema.Date
	planned   *float64 // the value the path asks for at t1
	baseline  bool     // y0 is the register's; else the first figure
	points    []point
}

func (c Case) journey() journey {
	j := journey{t: c.Target, deadline: c.deadline(), yT: c.Target.Value.Float()}
	switch k := c.Target.Kind; {
	case limit(c.Target) || k == schema.Cadence || k == schema.Milestone || k.Reads():
		j.why = "method-kind"
		return j
	case j.deadline.IsZero():
		j.why = "method-undated"
		return j
	}
	pts, _, hole := c.track()
	j.points = sinceBreak(pts)
	if hole || len(j.points) == 0 {
		j.why = "method-no-figure"
		return j
	}
	last := j.points[len(j.points)-1]
	j.y, j.t1 = last.value.Float(), last.day
	w := c.courseOf()
	if w.baseline != nil {
		j.y0, j.t0, j.baseline = w.baseline.Float(), w.origin, true
		if p := w.planned(last.day); p != nil {
			v, _ := p.Float64()
			j.planned = &v
		}
	} else {
		j.y0, j.t0 = j.points[0].value.Float(), j.points[0].day
	}
	if !j.t1.After(j.t0) {
		j.why = "method-no-time"
	}
	return j
}

// track is the series of the case up to its deadline, whole or not; of a count,
// begin is the last day on which nothing was counted yet.
func (c Case) track() (pts []point, begin schema.Date, hole bool) {
	obs := c.usable()
	if !counted(c.Target.Kind) {
		return upTo(c.levels(obs), c.deadline()), begin, false
	}
	sum := c.running(obs, c.began(), c.deadline())
	return sum.points, c.beganAfter(sum), len(sum.missing) > 0
}

// beganAfter is the last day on which nothing was counted of the total yet: the
// day before the first one, or the end of the period around it that is left out.
func (c Case) beganAfter(sum total) schema.Date {
	if !sum.straddle.IsZero() {
		return sum.straddle.Last()
	}
	return c.began().AddDays(-1)
}

// years between two days: whole months over twelve where both end a month, so
// that annual figures are exactly a year apart; else days over 365.25.
func years(a, b schema.Date) float64 {
	m, n := schema.PeriodOf(schema.Monthly, a), schema.PeriodOf(schema.Monthly, b)
	if m.Last() == a && n.Last() == b {
		return float64(n.Since(m)) / 12
	}
	return float64(b.DaysSince(a)) / 365.25
}

// better is +1 where more is better, else -1.
func (j journey) better() float64 {
	if j.t.Direction == schema.Down {
		return -1
	}
	return 1
}

func (j journey) met() bool { return j.better()*(j.y-j.yT) >= 0 }

func (o Opinion) missing(id string, args ...any) Opinion {
	o.WhyNot = schema.Because(id, args...)
	return o
}

func (o Opinion) say(value float64, class, how string, args ...any) Opinion {
	o.Value, o.Class, o.Label, o.How = &value, class, schema.Because("method-"+o.Method+"-"+class), schema.Because(how, args...)
	return o
}

// six are a figure's first six digits.
func six(f float64) schema.Arg { return significant(f, 6) }

// signs tells that two figures cannot be compared by growth.
func (j journey) signs(o Opinion) Opinion {
	return o.missing("method-growth-sign", "base", six(j.y0), "value", six(j.y), "target", six(j.yT))
}

// growthRatio is Statistics Canada's progress measure for Open SDG, after
// Eurostat's: CAGR = (y_t/y_0)^(1/(t-t_0)) - 1, R = sign·d·CAGR observed over
// |CAGR required|, where sign is that of y_0 and d is +1 where more is better.
// Reached first; R >= .95 substantial, >= .60 moderate, >= 0 limited, else
// deterioration. The score runs from -5 to 5: 7.1429·R - 4.2857 from .60 up,
// 4.1667·R - 2.5 below, 5 when reached. A base of 0 has no growth rate; Open SDG
// puts .001 in its place, which makes the ratio mean nothing, so here it is told.
// Source: open-sdg docs/progress-methodology.md, sdg-build sdg/ProgressMeasure.py.
func (j journey) growthRatio(o Opinion) Opinion {
	if j.y0 == 0 || j.yT == 0 || j.y0 > 0 != (j.y > 0) || j.y0 > 0 != (j.yT > 0) {
		return j.signs(o)
	}
	observed := math.Pow(j.y/j.y0, 1/years(j.t0, j.t1)) - 1
	required := math.Pow(j.yT/j.y0, 1/years(j.t0, j.deadline)) - 1
	if required == 0 || math.IsNaN(required+observed) || math.IsInf(required+observed, 0) {
		return o.missing("method-growth-none")
	}
	r := j.better() * observed / math.Abs(required)
	if j.y0 < 0 {
		r = -r
	}
	class, score := "deterioration", 0.0
	switch {
	case r >= .95:
		class = "substantial"
	case r >= .60:
		class = "moderate"
	case r >= 0:
		class = "limited"
	}
	switch {
	case j.met():
		class, score = "reached", 5
	case r >= .60:
		score = math.Min(7.1429*r-4.2857, 5)
	default:
		score = math.Max(4.1667*r-2.5, -5)
	}
	o.Score = &score
	return o.say(r, class, "method-growth-how", "value", six(j.y), "base", six(j.y0), "target", six(j.yT),
		"years", significant(years(j.t0, j.t1), 4), "all", significant(years(j.t0, j.deadline), 4),
		"observed", as(schema.AsShare, observed), "required", as(schema.AsShare, required), "ratio", decimals(r, 3))
}

// projection is the progress chart's way (UNSD, also Eustat): the value is
// continued at the observed compound annual growth rate to the deadline, and
// q = (projected - base)/(target - base): >= .95 on track, >= .10 progress too
// slow, else no progress or the wrong way.
// Source: UNSD, SDG Progress Chart technical note.
func (j journey) projection(o Opinion) Opinion {
	switch {
	case j.y0 == 0 || j.y0 > 0 != (j.y > 0):
		return j.signs(o)
	case j.yT == j.y0:
		return o.missing("method-growth-none")
	}
	growth := math.Pow(j.y/j.y0, 1/years(j.t0, j.t1))
	projected := j.y * math.Pow(growth, years(j.t1, j.deadline))
	q := (projected - j.y0) / (j.yT - j.y0)
	if math.IsNaN(q) || math.IsInf(q, 0) {
		return o.missing("method-growth-none")
	}
	class := "none"
	switch {
	case q >= .95:
		class = "on-track"
	case q >= .10:
		class = "slow"
	}
	return o.say(q, class, "method-projection-how", "growth", as(schema.AsShare, growth-1), "projected", six(projected), "base", six(j.y0),
		"target", six(j.yT), "q", decimals(q, 3))
}

// weather is the symbol of Germany's national indicator reports: the mean of the
// last five annual changes (six annual points; at least four) goes on until the
// target year. What the target is then missed by, over the way from the current
// value to the target: below 5 % sun, up to 20 % sun and cloud, more cloud, and
// thunderstorm when the change leads away or stands still. Annual points are
// those a whole number of years before the latest.
// Source: Federal Statistical Office, Sustainable Development in Germany,
// indicator report, annex on the weather symbols.
func (j journey) weather(o Opinion) Opinion {
	var annual []point
	last := schema.PeriodOf(schema.Monthly, j.t1)
	for i := len(j.points) - 1; i >= 0 && len(annual) < 6; i-- {
		m := schema.PeriodOf(schema.Monthly, j.points[i].day)
		if m.Last() == j.points[i].day && last.Since(m) == 12*len(annual) && last.Last() == j.t1 {
			annual = append(annual, j.points[i])
		}
	}
	if len(annual) < 4 {
		return o.missing("method-weather-short", "n", len(annual))
	}
	if j.met() {
		return o.say(0, "sun", "method-weather-met")
	}
	first := annual[len(annual)-1].value.Float()
	mean := (j.y - first) / float64(len(annual)-1)
	projected := j.y + mean*years(j.t1, j.deadline)
	miss := math.Max(0, j.better()*(j.yT-projected)) / math.Abs(j.yT-j.y)
	class := "cloud"
	switch {
	case j.better()*mean <= 0:
		class = "storm"
	case miss < .05:
		class = "sun"
	case miss <= .20:
		class = "sun-cloud"
	}
	return o.say(miss, class, "method-weather-how", "n", len(annual), "mean", significant(mean, 4), "projected", six(projected),
		"target", six(j.yT), "value", six(j.y), "miss", as(schema.AsShare, miss))
}

// spi is the schedule performance index of earned value management: EV over PV,
// what is done over what the plan asks for by then (on a straight line unless the
// register says otherwise), and the schedule variance EV - PV. 1 and more is on
// time. It needs a baseline.
// Source: ANSI/EIA-748; PMI, The Standard for Earned Value Management.
func (j journey) spi(o Opinion) Opinion {
	if !j.baseline || j.planned == nil {
		return o.missing("method-spi-baseline")
	}
	ev, pv := j.better()*(j.y-j.y0), j.better()*(*j.planned-j.y0)
	if pv <= 0 {
		return o.missing("method-spi-nothing")
	}
	class := "behind"
	if ev >= pv {
		class = "on-time"
	}
	return o.say(ev/pv, class, "method-spi-how", "ev", six(ev), "pv", six(pv), "sv", six(ev-pv), "spi", decimals(ev/pv, 3))
}

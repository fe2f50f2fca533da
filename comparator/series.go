package comparator

import (
	"math/big"
	"slices"

	"yardstick/schema"
)

// point is one place of the series a target is judged along, with the
// observations it comes from. value = sum of the inputs with role judged or
// part, less those with role baseline; of a derived figure the role judged
// alone counts, its terms stand beside it.
type point struct {
	day       schema.Date // last day of the period
	period    schema.Period
	basis     schema.Basis
	value     schema.Decimal
	inputs    []schema.Input
	final     bool
	broken    bool // a break in the series: nothing before it is comparable
	synthetic bool
	published schema.Date
}

// newPoint gathers from the inputs what the point inherits.
func newPoint(p schema.Period, b schema.Basis, value schema.Decimal, inputs []schema.Input) point {
	out := point{day: p.Last(), period: p, basis: b, value: value, inputs: inputs, final: true}
	for _, in := range inputs {
		out.final = out.final && in.Status.Final()
		out.synthetic = out.synthetic || in.Synthetic
		if in.PublishedAt.After(out.published) {
			out.published = in.PublishedAt
		}
	}
	return out
}

// told is the points as a verdict keeps them.
func told(pts []point) (out []schema.SeriesPoint) {
	for _, p := range pts {
		out = append(out, schema.SeriesPoint{Period: p.period, Value: p.value, Final: p.final})
	}
	return out
}

// broken reports whether the series breaks at the observation: it or a figure it
// was computed from says so. Growth over a year before is broken by this year's
// figure only; the year before may well be the first after a break.
func (c Case) broken(f figure) bool {
	growth := c.Indicator.Formula != nil && c.Indicator.Formula.Op == "yoy"
	for _, in := range c.inputsOf(f, schema.RoleJudged) {
		yearBefore := growth && in.Role == schema.RoleDenominator
		if in.Status == schema.StatusBreak && !yearBefore {
			return true
		}
	}
	return false
}

// inputsOf is the observation in its role and, when it is derived, its terms.
func (c Case) inputsOf(f figure, role schema.Role) []schema.Input {
	return append([]schema.Input{{Role: role, Observation: f.written}}, c.Terms[f.written.Key]...)
}

// levels is the series of a stock, share, limit or milestone: one point a day
// on which a period ends.
func (c Case) levels(known []figure) []point {
	class := c.levelClass(known)
	var out []point
	for _, f := range known {
		if classOf(f.period, f.basis) != class || class == yearRunning && c.wholeYearsOnly() && !endsYear(f) {
			continue
		}
		p := newPoint(f.period, f.basis, f.value, c.inputsOf(f, schema.RoleJudged))
		p.broken = c.broken(f)
		out = append(out, p)
	}
	slices.SortFunc(out, func(a, b point) int { return a.day.Compare(b.day) })
	return out
}

// yearRunning is the class of what runs up within a year: years to date of any
// frequency, and whole years, which are the year to date at its end.
const yearRunning = "year"

// classOf sorts figures into classes that may stand in one series: a quarter's
// flow is no month's flow, while a stock is a stock.
func classOf(p schema.Period, b schema.Basis) string {
	switch b {
	case schema.YearToDate:
		return yearRunning
	case schema.InPeriod:
		if p.Frequency() == schema.Annual {
			return yearRunning
		}
		return "period " + string(p.Frequency())
	}
	return string(b)
}

// levelClass chooses the class to judge on: the catalogue's own basis and
// frequency, else the first of the others there are figures of.
func (c Case) levelClass(known []figure) string {
	day := schema.Date{Year: 2000, Month: 1, Day: 1}
	name := func(b schema.Basis, f schema.Frequency) string { return classOf(schema.PeriodOf(f, day), b) }
	order := []string{name(c.Indicator.Basis, c.own())}
	for _, f := range c.Indicator.Frequencies {
		order = append(order, name(c.Indicator.Basis, f))
	}
	order = append(order, string(schema.Point), string(schema.Cumulative), yearRunning)
	for _, f := range []schema.Frequency{schema.Quarterly, schema.Monthly, schema.TenDay, schema.Daily} {
		order = append(order, name(schema.InPeriod, f))
	}
	for _, class := range order {
		if slices.ContainsFunc(known, func(f figure) bool { return classOf(f.period, f.basis) == class }) {
			return class
		}
	}
	return order[0]
}

// wholeYearsOnly holds for amounts (亿元, 人): January to June of an amount is
// no level to hold against a year's target, while a share of January to June
// is. A ceiling can be passed before the year is over.
func (c Case) wholeYearsOnly() bool {
	if c.Target.Kind == schema.Ceiling {
		return false
	}
	if f := c.Indicator.Formula; f != nil && (f.Op == "share" || f.Op == "ratio" || f.Op == "yoy") {
		return false
	}
	return c.Indicator.Unit != "%" && c.Indicator.Unit != "百分点" && c.Indicator.Unit != "‰"
}

func endsYear(f figure) bool {
	last := f.period.Last()
	return last.Month == 12 && last.Day == 31
}

// upTo is the points whose day is not after d; all when d is no day.
func upTo(pts []point, d schema.Date) []point {
	if d.IsZero() {
		return pts
	}
	return pts[:len(pts)-len(from(pts, d.AddDays(1)))]
}

// from is the points whose day is not before d.
func from(pts []point, d schema.Date) []point {
	n, _ := slices.BinarySearchFunc(pts, d, func(p point, d schema.Date) int { return p.day.Compare(d) })
	return pts[n:]
}

// sinceBreak is the points from the last break on.
func sinceBreak(pts []point) []point {
	for i := len(pts) - 1; i > 0; i-- {
		if pts[i].broken {
			return pts[i:]
		}
	}
	return pts
}

// daysPerYear turns a slope per day into one per year.
var daysPerYear = big.NewRat(36525, 100)

// leastPoints is how many points a slope needs: two always make a line, only a
// third can contradict it.
const leastPoints = 3

// slopePoints is how many of the last points a slope is taken over: half a year
// of months, a quarter of ten-day periods, a month of days, a year of quarters
// from end to end so that seasons cancel, and five changes of annual figures
// (the five-year mean change that indicator reports project).
func slopePoints(f schema.Frequency) int {
	switch f {
	case schema.Quarterly:
		return 5
	case schema.TenDay:
		return 9
	case schema.Daily:
		return 30
	}
	return 6
}

// trend is a slope and the points it was taken over.
type trend struct {
	perYear *big.Rat
	points  []point
	most    int  // as many as would have been used
	broken  bool // there are older points, before a break
}

// trendOf is the slope of the last points after the last break, by ordinary
// least squares over days: sum((x-x̄)(y-ȳ)) / sum((x-x̄)²), times 365.25. It is
// exact. ok is false with fewer than three points; the points are given all the
// same.
func trendOf(pts []point) (t trend, ok bool) {
	after := sinceBreak(pts)
	if len(after) == 0 {
		return trend{}, false
	}
	t.broken = len(after) < len(pts)
	t.most = slopePoints(after[len(after)-1].period.Frequency())
	t.points = after[max(0, len(after)-t.most):]
	if len(t.points) < leastPoints {
		return t, false
	}
	n := big.NewRat(int64(len(t.points)), 1)
	sx, sy, sxx, sxy := new(big.Rat), new(big.Rat), new(big.Rat), new(big.Rat)
	for _, p := range t.points {
		x, y := big.NewRat(int64(p.day.DaysSince(t.points[0].day)), 1), p.value.Rat()
		sx.Add(sx, x)
		sy.Add(sy, y)
		sxx.Add(sxx, new(big.Rat).Mul(x, x))
		sxy.Add(sxy, new(big.Rat).Mul(x, y))
	}
	// slope = (n Σxy - Σx Σy) / (n Σx² - (Σx)²); the days differ, so the
	// denominator is above zero.
	top := new(big.Rat).Sub(new(big.Rat).Mul(n, sxy), new(big.Rat).Mul(sx, sy))
	bottom := new(big.Rat).Sub(new(big.Rat).Mul(n, sxx), new(big.Rat).Mul(sx, sx))
	t.perYear = top.Quo(top, bottom)
	t.perYear.Mul(t.perYear, daysPerYear)
	return t, true
}

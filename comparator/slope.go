package comparator

import (
	"math/big"

	"yardstick/schema"
)

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

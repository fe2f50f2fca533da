package validate

import (
	"cmp"
	"math"
	"slices"

	"yardstick/schema"
)

// point is one figure of a series.
type point struct {
	o       *schema.Observation
	x       float64 // its value
	y       float64 // as changes are measured, see line
	ord     int     // of its period, in steps of the series since 1900
	row     int     // in the file; -1: held
	usable  bool    // may be gone by
	suspect bool    // asked about: not gone by
}

// line is one series in the order of its periods: figures in force, those of
// the file put in.
//
// Changes are measured as differences of y:
//   - a count since a named day: y = x, the increments;
//   - percent, and series with negative figures: y = x;
//   - else y = ln(x + c), c being half the smallest positive figure where the
//     series has zeros; of a total within the year, x is taken per step of the
//     year (half a year's total over 6), so that January is no fall.
type line struct {
	ind      schema.Indicator
	basis    schema.Basis
	points   []point
	was      map[int]*schema.Observation // held and in force, by its period
	percent  bool
	linear   bool
	counts   bool // whole things are counted
	shift    float64
	seasons  int // steps of a year where the season matters, else 0
	perYear  int
	question int // of the last suspect point, in Doubts.Questions; -1: none
	follows  int // rows that stand on the level of the last suspect point
}

func isPercent(unit string) bool { return unit == "%" || unit == "百分点" || unit == "‰" }

// add puts a figure in, of the period that the series writes it under. Those added
// later stand over those added before.
func (l *line) add(o *schema.Observation, p schema.Period, row int) {
	ord := p.Since(schema.PeriodOf(p.Frequency(), schema.Date{Year: 1900, Month: 1, Day: 1}))
	at := point{o: o, ord: ord, row: row, usable: o.Judgeable()}
	if o.Value != nil {
		at.x = o.Value.Float()
	}
	l.points = append(l.points, at)
	if row < 0 {
		l.was[ord] = o
	}
}

// ready sorts the points, keeps the last of each period and measures them. The
// rows of the file that are not in force come back.
func (l *line) ready() (aside []point) {
	slices.SortStableFunc(l.points, func(a, b point) int { return cmp.Compare(a.ord, b.ord) })
	kept := l.points[:0]
	for _, p := range l.points {
		if n := len(kept); n > 0 && kept[n-1].ord == p.ord {
			if kept[n-1].row >= 0 {
				aside = append(aside, kept[n-1])
			}
			kept[n-1] = p
			continue
		}
		kept = append(kept, p)
	}
	l.points = slices.DeleteFunc(kept, func(p point) bool { return p.o.Value == nil })
	l.percent = isPercent(l.ind.Unit)
	l.linear = l.percent || l.basis == schema.Cumulative
	l.counts = l.ind.Decimals == 0 && !l.percent
	if (l.basis == schema.YearToDate || l.basis == schema.InPeriod) && l.perYear > 1 {
		l.seasons = l.perYear
	}
	smallest := math.Inf(1)
	zeros := false
	for _, p := range l.points {
		switch {
		case p.x < 0:
			l.linear = true
		case p.x == 0:
			zeros = true
		default:
			smallest = min(smallest, p.x)
		}
	}
	if zeros && !math.IsInf(smallest, 1) {
		l.shift = smallest / 2
	}
	for i := range l.points {
		p := &l.points[i]
		if p.y = p.x; !l.linear {
			p.y = math.Log(p.x/l.pace(*p) + l.shift)
		}
	}
	return aside
}

// pace is how many steps of the year a total within the year has counted.
func (l *line) pace(p point) float64 {
	if l.basis != schema.YearToDate || l.percent || l.perYear < 2 {
		return 1
	}
	return float64(p.ord%l.perYear + 1)
}

// earlier gives the places of up to n points before i that may be gone by, the
// nearest first, not beyond a break in the series.
func (l *line) earlier(i, n int, out []int) []int {
	if l.points[i].o.Status == schema.StatusBreak {
		return out
	}
	for k := i - 1; k >= 0 && len(out) < n; k-- {
		p := &l.points[k]
		if p.usable && !p.suspect {
			out = append(out, k)
		}
		if p.o.Status == schema.StatusBreak {
			break
		}
	}
	return out
}

// later gives the places of up to n points after i, the nearest first.
func (l *line) later(i, n int, out []int) []int {
	for k := i + 1; k < len(l.points) && len(out) < n; k++ {
		p := &l.points[k]
		if p.o.Status == schema.StatusBreak {
			break
		}
		if p.usable {
			out = append(out, k)
		}
	}
	return out
}

// yearBefore gives the place of the figure a year before i; -1: none.
func (l *line) yearBefore(i int) int {
	if l.seasons == 0 {
		return -1
	}
	for k := i - 1; k >= 0 && l.points[k].ord >= l.points[i].ord-l.seasons; k-- {
		if p := &l.points[k]; p.ord == l.points[i].ord-l.seasons && p.usable && !p.suspect {
			return k
		}
	}
	return -1
}

// spread is the median of changes and their spread: 1.4826 times the median
// absolute deviation from the median, which is the standard deviation where
// they are normal (Rousseeuw and Croux 1993). It sorts the list.
func spread(changes []float64) (median, sigma float64) {
	median = middle(changes)
	for i, c := range changes {
		changes[i] = math.Abs(c - median)
	}
	return median, 1.4826 * middle(changes)
}

func middle(list []float64) float64 {
	if len(list) == 0 {
		return 0
	}
	slices.Sort(list)
	n := len(list)
	if n%2 == 1 {
		return list[n/2]
	}
	return (list[n/2-1] + list[n/2]) / 2
}

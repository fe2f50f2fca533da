package validate

import (
	"math"
	"slices"
)

// What a jump is. docs/decisions/0007-jumps.md has why.
const (
	window     = 24   // points of the series' own history that are gone by
	enough     = 6    // of them, to judge by their spread
	few        = 3    // of them, to see a slip of the decimal point
	sigmas     = 6.0  // spreads a change may differ from the usual one
	beyond     = 1.25 // times the largest change there was
	addedTimes = 3.0  // times the largest increment of a running count
	fifty      = 50   // times what is held of the same fact, or a fiftieth, is another unit
)

// Logarithms of factors.
var (
	slip      = math.Log(4.5) // a slip of the decimal point is ten times or more, a true fall to less than a half beside it
	least     = math.Log(1.5) // what may always be
	leastFlow = math.Log(3)   // of a flow whose season is not known yet, beyond its range so far
	leastYear = math.Log(2)   // over the year before, where that is all there is to go by
)

// jump tells whether the point at i is a jump beyond the series' own history,
// and the history it is held against, the nearest first. big is set where it is
// a slip of the decimal point in size.
func (l *line) jump(i int) (is, big bool, history []int) {
	var buffer [2 * window]int
	before := l.earlier(i, window, buffer[:0])
	var after []int
	if len(before) < enough {
		after = l.later(i, window-len(before), nil)
	}
	history = slices.Clone(before)
	n := len(before) + len(after)
	switch {
	case n < few || l.points[i].o.Status == "B":
		return false, false, nil
	case len(before) == 0:
		return l.first(i, after)
	case l.points[before[0]].x == 0 || l.allZero(before):
		return false, false, nil // nothing to measure by
	case l.basis == "cumulative":
		return l.added(i, before, after) && n >= enough, false, history
	}
	if !l.linear && l.seasons > 0 && l.yearBefore(i) < 0 {
		is, big = l.outside(i, before, after)
		return is, big, history
	}
	ref := before[0]
	med, sigma, most := l.usual(before, after)
	gap := float64(l.points[i].ord - l.points[ref].ord)
	change := l.points[i].y - l.points[ref].y
	off := math.Abs(change - med*gap)
	if n >= enough && l.yearSlip(i, before) {
		return true, true, history
	}
	if l.likely(i, l.level(l.points[ref].y+med*gap)) || math.Abs(change) <= beyond*most {
		return false, false, history
	}
	big = !l.linear && off > slip
	if n < enough {
		return big, big, history
	}
	if off <= l.allowed(sigma*math.Sqrt(gap), l.floor(before)) {
		return false, false, history
	}
	return l.beyondYear(i, before, after), big, history
}

// outside judges a flow whose season is not known yet, there being no figure of
// the year before: by how far it lies outside all there was. The nearest
// figures say little of what the season does.
func (l *line) outside(i int, before, after []int) (is, big bool) {
	y, past := l.points[i].y, l.measured(before)
	off := max(slices.Min(past)-y, y-slices.Max(past))
	all := append(past, l.measured(after)...)
	usual := middle(all)
	big = off > slip && math.Abs(y-usual) > slip
	is = big || len(before) >= enough && off > leastFlow
	return is && !l.likely(i, l.level(usual)), big
}

// measured are the figures at some places, as changes are measured.
func (l *line) measured(places []int) []float64 {
	out := make([]float64, 0, 2*window)
	for _, k := range places {
		out = append(out, l.points[k].y)
	}
	return out
}

// usual is the median change a step of the history, its spread, and the largest
// change among the figures before.
func (l *line) usual(before, after []int) (med, sigma, most float64) {
	changes := make([]float64, 0, 2*window)
	step := func(a, b int) float64 {
		return (l.points[b].y - l.points[a].y) / float64(l.points[b].ord-l.points[a].ord)
	}
	for k := 0; k+1 < len(before); k++ {
		changes = append(changes, step(before[k+1], before[k]))
		most = max(most, math.Abs(l.points[before[k]].y-l.points[before[k+1]].y))
	}
	for k, a := range after {
		from := before[0]
		if k > 0 {
			from = after[k-1]
		}
		changes = append(changes, step(from, a))
	}
	med, sigma = spread(changes)
	return med, sigma, most
}

// allowed is how far a change may differ from the usual one.
func (l *line) allowed(sigma, floor float64) float64 {
	if l.linear {
		return max(floor, sigmas*sigma)
	}
	return min(max(floor, sigmas*sigma), slip)
}

// floor is what is always allowed: a factor of 1.5; of percent and what may be
// negative half the usual level.
func (l *line) floor(before []int) float64 {
	if !l.linear {
		return least
	}
	level := make([]float64, 0, len(before))
	for _, k := range before {
		level = append(level, math.Abs(l.points[k].x))
	}
	return max(0.3, middle(level)/2)
}

// beyondYear holds the change over the year before against the earlier such
// changes. Without a figure of the year before there is nothing to excuse.
func (l *line) beyondYear(i int, before, after []int) bool {
	base := l.yearBefore(i)
	if base < 0 {
		return true
	}
	var changes []float64
	for _, k := range slices.Concat(before, after) {
		if b := l.yearBefore(k); b >= 0 && k != i {
			changes = append(changes, l.points[k].y-l.points[b].y)
		}
	}
	change := l.points[i].y - l.points[base].y
	if len(changes) < few {
		floor := leastYear
		if l.linear {
			floor = l.floor(before)
		}
		return math.Abs(change) > floor
	}
	med, sigma := spread(changes)
	return math.Abs(change-med) > l.allowed(sigma, l.floor(before))
}

// yearSlip tells whether the figure is a slip of the decimal point in size
// beside the year before, which the season may hide from its neighbours, and
// beyond every such change there was.
func (l *line) yearSlip(i int, before []int) bool {
	base := l.yearBefore(i)
	if l.linear || base < 0 || l.likely(i, l.level(l.points[base].y)) {
		return false
	}
	most := slip / beyond
	for _, k := range before {
		if b := l.yearBefore(k); b >= 0 {
			most = max(most, math.Abs(l.points[k].y-l.points[b].y))
		}
	}
	return math.Abs(l.points[i].y-l.points[base].y) > beyond*most
}

// first judges the first figure of a series by those that follow: only a slip
// of the decimal point is seen.
func (l *line) first(i int, after []int) (is, big bool, history []int) {
	if l.linear {
		return false, false, nil
	}
	level := middle(l.measured(after[:few]))
	is = math.Abs(l.points[i].y-level) > slip && !l.likely(i, l.level(level))
	return is, is, after
}

// added judges a running count: its increment is far beyond any before, and
// more than doubles it.
func (l *line) added(i int, before, after []int) bool {
	ref := &l.points[before[0]]
	med, sigma, most := l.usual(before, after)
	gap := float64(l.points[i].ord - ref.ord)
	more := l.points[i].x - ref.x
	return ref.x > 0 && l.points[i].x > 2*ref.x && more > addedTimes*most && more-med*gap > sigmas*sigma*math.Sqrt(gap) &&
		!l.likely(i, ref.x+med*gap)
}

// level takes a measured y back to a figure, per step of the year.
func (l *line) level(y float64) float64 {
	if l.linear {
		return y
	}
	return math.Exp(y) - l.shift
}

// likely tells whether a small count is within what chance does: the difference
// to the expected one is at most 1 and three standard deviations of a Poisson
// count. level is the expected figure, per step of the year.
func (l *line) likely(i int, level float64) bool {
	if !l.counts {
		return false
	}
	p := l.points[i]
	expected := level * l.pace(p)
	return math.Abs(p.x-expected) <= 1+3*math.Sqrt(max(expected, 1))
}

func (l *line) allZero(before []int) bool {
	return !slices.ContainsFunc(before, func(k int) bool { return l.points[k].x != 0 })
}

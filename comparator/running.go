package comparator

import (
	"cmp"
	"slices"

	"yardstick/schema"
)

// total is the running total of what is counted since a day: the points at
// which it is known, and what is lacking.
type total struct {
	points   []point
	missing  []schema.Period // periods without a figure that break the sum
	hole     bool            // a later figure exists, but the way to it is broken
	straddle schema.Period   // the period around the first day, left out of the sum
	asked    *schema.Decimal // its figure, of which only a part may count
}

// step is a known increment over the days [from, to): one period's figure, a
// running figure since its origin, or the difference of two running figures.
type step struct {
	from, to schema.Date
	value    schema.Decimal
	of       figure
	less     *figure // subtracted
	grade    grade
}

// grade orders the ways to a total, the better first: a cumulative figure, the
// sum of figures of the indicator's own frequency, of another, differences
// within the year to date, differences of a stock.
type grade int

const (
	byCumulative grade = iota
	byOwnPeriod
	byOtherPeriod
	byYearToDate
	byStock
	grades
)

// cost of a path: days left uncounted at the start, then how many steps of
// each grade, the worst grade first.
type cost [1 + int(grades)]int

func (a cost) less(b cost) bool { return slices.Compare(a[:], b[:]) < 0 }

// node is the best way known to the total at the start of a day.
type node struct {
	cost   cost
	value  schema.Decimal
	last   *step
	before schema.Date
}

// running adds up what was counted from the first day on, as far as figures
// that end by the last day allow (no last day: all of them). Every figure is a
// step from one day to another; the total at a day is the sum along the best
// unbroken chain of steps from the first day. So a cumulative figure stands for
// itself, complete periods are summed, years to date are taken apart at the
// first day and joined at the turn of the year, and a hole is a hole.
//
// A period that begins before the first day and ends after it cannot be cut:
// where no finer figure helps, counting starts after it, and the verdict says
// so, until the sender tells how much of it falls after the first day.
func (c Case) running(known []figure, first, last schema.Date) total {
	known = slices.DeleteFunc(slices.Clone(known), func(f figure) bool {
		return f.period.Last().Before(first.AddDays(-1)) || !last.IsZero() && f.period.Last().After(last)
	})
	if len(known) == 0 {
		return total{}
	}
	around := schema.PeriodOf(c.reported(known), first)
	nodes := map[schema.Date]*node{first: {}}
	switch {
	case around.First().Before(first):
		end := around.Last().AddDays(1)
		nodes[end] = &node{cost: cost{end.DaysSince(first)}}
	case around.Frequency() == schema.Daily:
		nodes[c.Calendar.NextWorkingDay(first.AddDays(-1))] = &node{}
	}
	steps := c.steps(known, first)
	for i := range steps {
		s := &steps[i]
		n, ok := nodes[s.from]
		if !ok {
			continue
		}
		way := n.cost
		way[int(grades)-int(s.grade)]++
		if held, ok := nodes[s.to]; !ok || way.less(held.cost) {
			nodes[s.to] = &node{way, n.value.Add(s.value), s, s.from}
		}
	}
	return c.total(known, steps, nodes, first, around)
}

// reported is the frequency counting goes by: the indicator's own when there
// are figures of it, else the finest there are.
func (c Case) reported(known []figure) schema.Frequency {
	finest := known[0].period.Frequency()
	for _, k := range known {
		f := k.period.Frequency()
		if f == c.own() {
			return f
		}
		if f.PerYear() > finest.PerYear() {
			finest = f
		}
	}
	return finest
}

// steps lists the increments the figures give, by their first day. What flowed in
// a period that begins with its year is a reading of the year to date, too.
func (c Case) steps(known []figure, first schema.Date) []step {
	var out []step
	runs := map[run][]figure{}
	for _, f := range known {
		if f.basis != schema.InPeriod || f.running() {
			r := runOf(f)
			runs[r] = append(runs[r], f)
		}
		if f.basis != schema.InPeriod {
			continue
		}
		g := byOtherPeriod
		if f.period.Frequency() == c.own() {
			g = byOwnPeriod
		}
		s := step{from: f.period.First(), to: f.period.Last().AddDays(1), value: f.value, of: f, grade: g}
		if s.from.Before(first) && f.value.Sign() == 0 {
			s.from = first // nothing in all of it is nothing in any part of it
		}
		out = append(out, s)
		if next := c.Calendar.NextWorkingDay(f.period.Last()); f.period.Frequency() == schema.Daily && next.After(s.to) {
			s.to = next // nobody reports on days off
			out = append(out, s)
		}
	}
	for r, readings := range runs {
		out = append(out, c.runSteps(r, readings, first)...)
	}
	slices.SortFunc(out, func(a, b step) int {
		return cmp.Or(a.from.Compare(b.from), a.to.Compare(b.to), cmp.Compare(a.grade, b.grade), a.of.period.Compare(b.of.period),
			cmp.Compare(differs(a), differs(b))) // a whole figure before a difference: the order must not be left to chance
	})
	return out
}

// differs is 1 for a step that is the difference of two readings.
func differs(s step) int {
	if s.less != nil {
		return 1
	}
	return 0
}

// run is a set of running figures that may be subtracted from one another.
type run struct {
	basis schema.Basis
	year  int // of a year to date
}

func runOf(f figure) run {
	if f.running() {
		return run{schema.YearToDate, f.period.Last().Year}
	}
	return run{f.basis, 0}
}

// runSteps are each reading since its origin, and the difference between
// neighbours; never across a break, where the two do not measure the same.
func (c Case) runSteps(r run, readings []figure, first schema.Date) []step {
	slices.SortFunc(readings, func(a, b figure) int { return a.period.Last().Compare(b.period.Last()) })
	origin, g := c.origin(r, first)
	var out []step
	for i, f := range readings {
		end := f.period.Last().AddDays(1)
		if !origin.IsZero() {
			out = append(out, step{from: origin, to: end, value: f.value, of: f, grade: g})
		}
		if i == 0 || f.written.Status == schema.StatusBreak {
			continue
		}
		p := readings[i-1]
		out = append(out, step{from: p.period.Last().AddDays(1), to: end, value: f.value.Sub(p.value), of: f, less: &p, grade: g})
	}
	return out
}

// origin is the day a run counts from, and its grade. A cumulative figure whose
// catalogue entry names no day counts from the target's first day; a stock has
// no day on which it was nothing.
func (c Case) origin(r run, first schema.Date) (schema.Date, grade) {
	switch r.basis {
	case schema.YearToDate:
		return schema.Date{Year: r.year, Month: 1, Day: 1}, byYearToDate
	case schema.Cumulative:
		if c.Indicator.Since.IsZero() {
			return first, byCumulative
		}
		return c.Indicator.Since, byCumulative
	}
	return schema.Date{}, byStock
}

func (c Case) total(known []figure, steps []step, nodes map[schema.Date]*node, first schema.Date, around schema.Period) total {
	var out total
	frontier, uncounted := first, 0
	for day, n := range nodes {
		if n.last != nil && day.After(frontier) {
			frontier, uncounted = day, n.cost[0]
		}
	}
	byDay := map[schema.Date]bool{}
	for day, n := range nodes {
		// A total that leaves out the first days is not comparable with one
		// that does not: only those like the last are kept.
		end := day.AddDays(-1)
		if n.last != nil && n.cost[0] == uncounted && n.last.of.period.Last() == end && !byDay[end] {
			byDay[end] = true
			out.points = append(out.points, c.pointOf(nodes, n))
		}
	}
	slices.SortFunc(out.points, func(a, b point) int { return a.day.Compare(b.day) })
	for _, f := range known {
		if f.period == around && around.First().Before(first) && f.basis == schema.InPeriod {
			out.asked = &f.value
		}
	}
	if uncounted > 0 || len(out.points) == 0 && out.asked != nil {
		out.straddle = around
	}
	for _, s := range steps {
		_, reached := nodes[s.from]
		out.hole = out.hole || !reached && s.from.After(frontier)
	}
	if out.hole || len(out.points) == 0 {
		out.missing = c.uncovered(known, steps, first, around)
	}
	return out
}

func later(a, b schema.Date) schema.Date {
	if a.Before(b) {
		return b
	}
	return a
}

// pointOf walks back along the chain and gathers its observations. Neighbouring
// differences of one run are joined: their common readings cancel.
func (c Case) pointOf(nodes map[schema.Date]*node, n *node) point {
	var chain []*step
	for at := n; at.last != nil; at = nodes[at.before] {
		chain = append(chain, at.last)
	}
	slices.Reverse(chain)
	var inputs []schema.Input
	for i := 0; i < len(chain); i++ {
		s := chain[i]
		less := s.less
		for i+1 < len(chain) && chain[i+1].less != nil && chain[i+1].less.written.Key == s.of.written.Key {
			i++
			s = chain[i]
		}
		inputs = append(inputs, c.inputsOf(s.of, schema.RolePart)...)
		if less != nil {
			inputs = append(inputs, c.inputsOf(*less, schema.RoleBaseline)...)
		}
	}
	own := 0
	for _, in := range inputs {
		if in.Role == schema.RolePart && in.Indicator == c.Target.Indicator {
			own++
		}
	}
	for i, in := range inputs {
		if own == 1 && in.Role == schema.RolePart && in.Indicator == c.Target.Indicator {
			inputs[i].Role = schema.RoleJudged
		}
	}
	last := chain[len(chain)-1].of
	out := newPoint(last.period, last.basis, n.value, inputs)
	out.broken = c.broken(last)
	return out
}

// uncovered lists the periods whose figures are missing between the first day
// and the last figure.
func (c Case) uncovered(known []figure, steps []step, first schema.Date, around schema.Period) []schema.Period {
	begin := around
	if begin.First().Before(first) {
		begin = begin.Next() // the period around the first day is asked about, not missing
	}
	if slices.ContainsFunc(known, func(f figure) bool { return f.basis == schema.InPeriod }) {
		return c.unreported(known, steps, begin)
	}
	return c.unjoined(known, steps, first, begin)
}

// unreported walks from period to period and lists those no step leads over.
// Where a running figure is there but nothing to subtract from it, the period
// before is what is missing. Days off owe nothing.
func (c Case) unreported(known []figure, steps []step, p schema.Period) (out []schema.Period) {
	begin, end, runs := p.First(), p.First(), map[schema.Date]bool{}
	for _, f := range known {
		end = later(end, f.period.Last())
		runs[f.period.Last()] = runs[f.period.Last()] || f.basis != schema.InPeriod
	}
	for ; !p.Last().After(end); p = p.Next() {
		missing := p
		if runs[p.Last()] {
			missing = p.Prev()
		}
		covered := slices.ContainsFunc(steps, func(s step) bool {
			return !s.from.Before(begin) && !s.from.After(p.First()) && s.to.After(p.Last())
		})
		off := p.Frequency() == schema.Daily && c.Calendar.NextWorkingDay(p.First().AddDays(-1)) != p.First()
		if !covered && !off && !slices.Contains(out, missing) {
			out = append(out, missing)
		}
	}
	return out
}

// unjoined lists what running figures lack to be joined: the reading at the
// start that later ones are taken from, the one that ends each year, the time
// before they begin to count; and where all that is there, the period in which
// the series broke.
func (c Case) unjoined(known []figure, steps []step, first schema.Date, begin schema.Period) (out []schema.Period) {
	f, read, last := begin.Frequency(), map[schema.Date]bool{}, first
	for _, f := range known {
		read[f.period.Last()] = true
		last = later(last, f.period.Last())
	}
	need := func(p schema.Period) {
		if !read[p.Last()] && !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	if known[0].running() {
		if !first.Before(schema.Date{Year: first.Year, Month: 1, Day: 2}) {
			need(begin.Prev())
		}
		for y := first.Year; y < last.Year; y++ {
			need(schema.PeriodOf(f, schema.Date{Year: y, Month: 12, Day: 31}))
		}
	} else if origin, _ := c.origin(runOf(known[0]), first); origin.After(first) {
		for p := begin; p.First().Before(origin); p = p.Next() {
			out = append(out, p)
		}
	} else if origin != first {
		need(begin.Prev())
	}
	for _, s := range steps {
		if len(out) == 0 && s.of.written.Status == schema.StatusBreak {
			out = append(out, s.of.period)
		}
	}
	return out
}

package validate

import (
	"math"
	"slices"
	"strings"

	"yardstick/collectors/reading/account"
	"yardstick/schema"
	"yardstick/schema/vintage"
	"yardstick/schema/words"
)

// seriesKey names a series.
type seriesKey struct {
	indicator, region string
	basis             schema.Basis
	frequency         schema.Frequency
}

func seriesOf(k schema.Key) seriesKey {
	return seriesKey{k.Indicator, k.Region, k.Basis, k.Period.Frequency()}
}

// series holds every new figure against its own series.
func (j *judge) series() {
	lines, order := j.lines()
	asides := make(map[seriesKey][]point, len(lines))
	for _, k := range order {
		asides[k] = lines[k].ready()
	}
	j.moved(lines, order)
	for _, k := range order {
		l := lines[k]
		l.question = -1
		j.alone(l)
		j.fractions(l)
		for i := range l.points {
			if l.points[i].row >= 0 && l.points[i].o.Value != nil {
				j.weigh(l, i)
			}
		}
		j.followed(l)
		for _, p := range asides[k] {
			j.aside(l, p)
		}
	}
}

// lines gathers the series that the new figures belong to, in the file's order. A
// series is of facts: a figure belongs to the one its indicator calls it by, and to
// the others that have its fact, whatever key it is written under.
func (j *judge) lines() (map[seriesKey]*line, []seriesKey) {
	lines, order := map[seriesKey]*line{}, []seriesKey(nil)
	named := map[schema.SeriesKey][]seriesKey{}
	note := func(o *schema.Observation) {
		at := schema.SeriesKey{Indicator: o.Indicator, Region: o.Region}
		ind, _ := j.Register.Indicators.ByCode(o.Indicator)
		k := seriesOf(vintage.Name(ind, vintage.Fact(o.Key)))
		if k.frequency != schema.Daily && !slices.Contains(named[at], k) {
			named[at] = append(named[at], k)
		}
	}
	for _, f := range j.Fresh {
		note(&j.Rows[f.Row])
	}
	for i := range j.Held {
		note(&j.Held[i])
	}
	each := func(o *schema.Observation, use func(seriesKey, schema.Period)) {
		fact := vintage.Fact(o.Key)
		for _, k := range named[schema.SeriesKey{Indicator: o.Indicator, Region: o.Region}] {
			if as, ok := vintage.In(fact, k.frequency, k.basis); ok {
				use(k, as.Period)
			}
		}
	}
	for _, f := range j.Fresh {
		if o := &j.Rows[f.Row]; o.Value != nil {
			each(o, func(k seriesKey, _ schema.Period) {
				if lines[k] == nil {
					ind, _ := j.Register.Indicators.ByCode(k.indicator)
					lines[k] = &line{ind: ind, basis: k.basis, perYear: int(k.frequency.PerYear()), was: map[int]*schema.Observation{}}
					order = append(order, k)
				}
			})
		}
	}
	put := func(o *schema.Observation, row int) {
		each(o, func(k seriesKey, p schema.Period) {
			if l := lines[k]; l != nil {
				l.add(o, p, row)
			}
		})
	}
	fresh := func(hidden bool) {
		for _, f := range j.Fresh {
			if f.Hidden == hidden {
				put(&j.Rows[f.Row], f.Row)
			}
		}
	}
	fresh(true) // those that stay hidden first: the ones in force stand over them
	for i := range j.Held {
		put(&j.Held[i], -1)
	}
	fresh(false)
	return lines, order
}

// weigh asks about one figure of a series where there is reason to.
func (j *judge) weigh(l *line, i int) {
	p := &l.points[i]
	if j.out.Rows[p.row] || j.out.Left[p.row] != "" || j.out.Alone[p.row] { // something is wrong with it already
		p.suspect = true
		return
	}
	if j.settled[p.row] {
		return
	}
	if p.o.Status == schema.StatusBreak {
		return // the sender says that the series starts anew
	}
	if ref, is := l.fraction(i); is {
		p.suspect = j.ask(p.row, AskFraction, "held", l.points[ref].o.Value, "heldperiod", periodText(l.points[ref].o))
		return
	}
	is, big, history := l.jump(i)
	low, falls := l.falls(i)
	switch {
	case is && (big || !falls):
		j.suspect(l, i, AskJump, l.same, func() []any { return l.told(history) })
	case falls:
		j.suspect(l, i, AskFall, func(a, b *point) bool { return b.x >= a.x }, func() []any {
			a, b := l.points[low[0]], l.points[low[1]]
			return []any{"a", a.o.Value, "b", b.o.Value, "aperiod", periodText(a.o), "bperiod", periodText(b.o)}
		})
	case l.slipped(i):
		j.suspect(l, i, AskSlip, l.same, func() []any { return []any{"held", shown(*l.was[p.ord])} })
	}
}

// suspect asks about the figure at i, or takes it to the question about the one
// before it where it stands on the same level: a level that moved is asked
// about once.
func (j *judge) suspect(l *line, i int, code string, fits func(a, b *point) bool, args func() []any) {
	p := &l.points[i]
	if i > 0 && l.points[i-1].suspect && l.points[i-1].row >= 0 && l.question >= 0 && fits(&l.points[i-1], p) && explanation(j.Given, code, p.o.Key) == "" {
		p.suspect = true
		j.out.Rows[p.row] = true
		l.follows++
		return
	}
	j.followed(l)
	n := len(j.out.Questions)
	if p.suspect = j.ask(p.row, code, args()...); p.suspect && len(j.out.Questions) > n {
		l.question = n
	}
}

// followed says in the last question how many figures follow on its level.
func (j *judge) followed(l *line) {
	if l.follows > 0 {
		q := &j.out.Questions[l.question]
		q.Text = q.Then(words.Say("more-followers", "n", l.follows))
	}
	l.follows, l.question = 0, -1
}

// same tells whether b is no jump from a.
func (l *line) same(a, b *point) bool {
	if l.linear {
		return math.Abs(a.y-b.y) <= max(math.Abs(a.y), math.Abs(b.y))/2
	}
	return math.Abs(a.y-b.y) <= least
}

// aside asks about a vintage of the file that is not in force, where it is ten
// times the one that is, or a tenth.
func (j *judge) aside(l *line, p point) {
	if p.o.Value == nil || j.out.Rows[p.row] {
		return
	}
	for i := range l.points {
		in := &l.points[i]
		if in.ord == p.ord && in.x > 0 && p.x > 0 && math.Abs(math.Log(p.x/in.x)) > slip && !(l.counts && math.Abs(p.x-in.x) <= 1+3*math.Sqrt(in.x)) {
			j.ask(p.row, AskJump, l.told([]int{i})...)
		}
	}
}

// slipped tells whether the figure at i is that held of the same fact in another unit,
// or with its point elsewhere: the same digits (two of them at least where it is ten
// times as much), or fifty times as much and more, or as little. What else is known of
// the series does not matter to it. Percent and what may be negative come near zero by
// themselves: of these the digits alone tell.
func (l *line) slipped(i int) bool {
	p := &l.points[i]
	held := l.was[p.ord]
	if held == nil || held.Value == nil || held.Value.Sign() == 0 || p.x == 0 {
		return false
	}
	powers := math.Log10(math.Abs(p.x / held.Value.Float()))
	off := math.Abs(powers)
	alike := off > 0.5 && math.Abs(powers-math.Round(powers)) < 1e-9
	return alike && (off > 1.5 || digits(*held.Value) > 1) || !l.linear && off > math.Log10(fifty)
}

// falls gives the two places of a running total between which it falls, the
// figure at i being one of them: the one before it, or one held after it.
func (l *line) falls(i int) (from [2]int, is bool) {
	running := l.basis == schema.YearToDate || l.basis == schema.Cumulative
	if !running || l.percent || l.ind.Min == nil || l.ind.Min.Sign() < 0 {
		return from, false
	}
	p := &l.points[i]
	same := func(k int) bool {
		return l.basis == schema.Cumulative || l.points[k].o.Period.First().Year == p.o.Period.First().Year
	}
	var one [1]int
	if e := l.earlier(i, 1, one[:0]); len(e) > 0 && same(e[0]) && l.points[e[0]].x > p.x {
		return [2]int{e[0], i}, true
	}
	for k := i + 1; k < len(l.points) && same(k); k++ {
		if n := &l.points[k]; n.usable && n.o.Status != schema.StatusBreak {
			return [2]int{i, k}, n.row < 0 && n.x < p.x
		}
	}
	return from, false
}

// fraction tells whether a percentage was written as a fraction or the other
// way round: it is a hundredth of, or a hundred times, its neighbour, within a
// factor of two, and the larger of the two is at least 1 %.
func (l *line) fraction(i int) (ref int, is bool) {
	if !l.percent {
		return 0, false
	}
	var one [1]int
	near := l.earlier(i, 1, one[:0])
	if len(near) == 0 {
		near = l.later(i, 1, one[:0])
	}
	if len(near) == 0 || l.points[near[0]].x == 0 || l.points[i].x == 0 {
		return 0, false
	}
	a, b := l.points[near[0]].x, l.points[i].x
	ratio := a / b
	hundred := func(r float64) bool { return r >= 50 && r <= 200 }
	if max(math.Abs(a), math.Abs(b)) >= 1 && (hundred(ratio) || ratio != 0 && hundred(1/ratio)) {
		return near[0], true
	}
	return near[0], math.Abs(a) >= 1 && l.finer(l.points[i].o, l.points[near[0]].o.Value.Normal().Scale())
}

// finer reports whether a percentage of at most 1 has more decimal places than
// those of its kind, and a hundred times it has not: 0.052 beside 5.3.
func (l *line) finer(o *schema.Observation, scale int) bool {
	scale = max(scale, l.ind.Decimals)
	percent := o.Value.Mul(schema.NewDecimal(100, 0))
	return l.small(o) && o.Value.Normal().Scale() > scale && percent.Normal().Scale() <= scale
}

// small reports whether a percentage is none but at most 1, and may be a hundred
// times itself.
func (l *line) small(o *schema.Observation) bool {
	percent := o.Value.Mul(schema.NewDecimal(100, 0))
	return o.Value.Sign() != 0 && o.Value.Abs().Cmp(schema.NewDecimal(1, 0)) <= 0 &&
		(l.ind.Min == nil || percent.Cmp(*l.ind.Min) >= 0) && (l.ind.Max == nil || percent.Cmp(*l.ind.Max) <= 0)
}

// fractions asks, once, about the first figures ever of a series in percent that
// look like fractions: all at most 1 and, where the catalogue's range has room
// for negative ones, with more decimal places than are published.
func (j *judge) fractions(l *line) {
	if !l.percent || len(l.points) == 0 || slices.ContainsFunc(l.points, func(p point) bool { return p.row < 0 }) {
		return
	}
	var rows []int
	share, fine := l.ind.Min != nil && l.ind.Min.Sign() >= 0 && l.ind.Max != nil, false
	for i := range l.points {
		p := &l.points[i]
		if j.out.Rows[p.row] || p.o.Value.Sign() == 0 {
			continue
		}
		if !l.small(p.o) {
			return
		}
		fine = fine || l.finer(p.o, 0)
		rows = append(rows, p.row)
	}
	if len(rows) == 0 || !share && !fine {
		return
	}
	o := &j.Rows[rows[0]]
	n := len(j.out.Questions)
	j.askAll(rows, AskFraction, "held", "", "heldperiod", "")
	if len(j.out.Questions) > n {
		q := &j.out.Questions[n]
		q.Text = words.Say("asked-first-fraction", append(j.about(rows[0]), "cell", account.Spot(q.Sheet, j.cell(rows[0])), "key", q.Key,
			"percent", o.Value.Mul(schema.NewDecimal(100, 0)).Normal(), "n", len(rows))...)
	}
}

func periodText(o *schema.Observation) schema.Text { return o.Period.Text(o.Basis) }

// told is the history as the question shows it: how long it is, between what it
// lay, its last six figures, the latest last.
func (l *line) told(history []int) []any {
	low, high := history[0], history[0]
	for _, k := range history {
		if l.points[k].x < l.points[low].x {
			low = k
		}
		if l.points[k].x > l.points[high].x {
			high = k
		}
	}
	shownOf := slices.Clone(history[:min(enough, len(history))])
	slices.Sort(shownOf)
	seen := schema.Every(func(in schema.Language) string {
		var said []string
		for _, k := range shownOf {
			o := l.points[k].o
			said = append(said, o.Period.In(in.Code, o.Basis)+" "+o.Value.String())
		}
		return strings.Join(said, in.Pause)
	})
	return []any{"a", l.points[history[0]].o.Value, "n", len(history), "low", l.points[low].o.Value, "high", l.points[high].o.Value,
		"history", seen}
}

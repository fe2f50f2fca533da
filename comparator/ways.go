package comparator

import (
	"math/big"
	"slices"

	"yardstick/schema"
)

// Ways is what it would take to reach a target, by arithmetic alone. Changes are
// in the target's direction, above zero towards it, exact, in its unit and per
// period of the series judged.
type Ways struct {
	Policy    string             `json:"policy"`
	Target    string             `json:"target"`
	Region    string             `json:"region"`
	AsOf      schema.Date        `json:"as_of"`
	Unit      string             `json:"unit"`
	Frequency schema.Frequency   `json:"frequency,omitempty"` // of the periods
	Day       schema.Date        `json:"day"`                 // of the last figure
	Value     *schema.Decimal    `json:"value"`
	Left      *schema.Decimal    `json:"left"`         // to the target
	Deadline  schema.Date        `json:"deadline"`     // zero: none
	Periods   int                `json:"periods_left"` // that end by the deadline
	Required  *float64           `json:"required"`     // a period: Left / Periods
	Recent    *Stretch           `json:"recent"`       // how it went lately
	Best      *Stretch           `json:"best"`         // the best single period ever seen
	Expected  *schema.Projection `json:"expected"`     // when it is reached at the recent pace
	LastDay   schema.Date        `json:"last_day"`     // until when nothing may happen, and the best pace still suffices
	TooLate   bool               `json:"too_late"`     // not even the best pace suffices any more
	WhatIf    *WhatIf            `json:"what_if,omitempty"`
	WhyNot    schema.Reason      `json:"missing,omitzero"` // why there is nothing to say
	Sentences []schema.Reason    `json:"sentences"`        // the same in words, each with its arithmetic
}

// Stretch is a change over some periods.
type Stretch struct {
	Periods int            `json:"periods"`
	From    schema.Date    `json:"from"`
	To      schema.Date    `json:"to"`
	Change  schema.Decimal `json:"change"`     // towards the target, over all of them
	Each    float64        `json:"per_period"` // Change / Periods
}

// WhatIf is where an assumed change a period leads.
type WhatIf struct {
	Each   schema.Decimal  `json:"per_period"`        // towards the target
	Value  *schema.Decimal `json:"value_at_deadline"` // nil without a deadline
	Short  *schema.Decimal `json:"short"`             // of the target at the deadline; above zero is short
	Needs  int             `json:"periods_needed"`    // to reach it; 0: never
	Day    schema.Date     `json:"day"`               // end of that period
	OnTime bool            `json:"on_time"`
}

// recentPeriods is how far back 'lately' reaches: half a year of months, a
// quarter of ten-day periods, a year of quarters, five years.
func recentPeriods(f schema.Frequency) int {
	switch f {
	case schema.Quarterly:
		return 4
	case schema.Annual:
		return 5
	case schema.TenDay:
		return 9
	}
	return 6
}

// Take says what it would take, and where an assumed change a period would lead
// if one is given. It reads the series up to the deadline that the verdict is
// judged on, since its last break.
func Take(c Case, each *schema.Decimal) Ways {
	w := Ways{Policy: c.Target.Policy, Target: c.Target.ID, Region: c.Region.Code, AsOf: c.AsOf, Unit: c.Target.Unit, Deadline: c.deadline()}
	switch k := c.Target.Kind; {
	case limit(c.Target) || k == schema.Cadence || k == schema.Milestone || k.Reads():
		w.WhyNot = schema.Because("ways-kind")
		return w
	case !w.Deadline.IsZero() && c.AsOf.After(w.Deadline):
		w.WhyNot = schema.Because("ways-over", "deadline", w.Deadline)
		return w
	}
	pts, begin, hole := c.track()
	if len(pts) == 0 || hole {
		w.WhyNot = schema.Because("ways-no-figure")
		return w
	}
	t := taking{Case: c, w: &w, pts: sinceBreak(pts), begin: begin}
	t.last = t.pts[len(t.pts)-1]
	w.Frequency, w.Day = t.last.period.Frequency(), t.last.day
	if t.daily() {
		w.WhyNot = schema.Because("ways-daily")
		return w
	}
	value := t.last.value
	left := t.toward(value, c.Target.Value)
	w.Value, w.Left = &value, &left
	if c.Target.Meets(value) {
		w.WhyNot = schema.Because("ways-met", "period", at(t.last), "value", value, "target", promised())
		return w
	}
	t.required()
	t.recent()
	t.best()
	if each != nil {
		t.whatIf(*each)
	}
	return w
}

// taking is a Ways being made.
type taking struct {
	Case
	w     *Ways
	pts   []point
	last  point
	begin schema.Date // of a count: the last day on which nothing was counted yet
}

func (t *taking) daily() bool { return t.w.Frequency == schema.Daily }

// toward is how far b lies from a in the target's direction.
func (t *taking) toward(a, b schema.Decimal) schema.Decimal {
	if t.Target.Direction == schema.Down {
		return a.Sub(b)
	}
	return b.Sub(a)
}

func (t *taking) say(id string, args ...any) {
	t.w.Sentences = append(t.w.Sentences, schema.Because(id, args...))
}

// per names the period: 月 month.
func (t *taking) per() schema.Saying { return schema.Say("ways-per-" + string(t.w.Frequency)) }

// required is what each period from now on must bring.
func (t *taking) required() {
	w := t.w
	if w.Deadline.IsZero() {
		return
	}
	end := schema.PeriodOf(w.Frequency, w.Deadline)
	if end.Last().After(w.Deadline) {
		end = end.Prev()
	}
	w.Periods = max(end.Since(schema.PeriodOf(w.Frequency, t.last.day)), 0)
	if w.Periods == 0 {
		t.say("ways-no-period", "deadline", w.Deadline, "left", distance(t.last.value))
		return
	}
	w.Required = number(new(big.Rat).Quo(w.Left.Rat(), big.NewRat(int64(w.Periods), 1)))
	t.say("ways-required", "deadline", w.Deadline, "n", w.Periods, "per", t.per(), "each", as(schema.AsChange, *w.Required),
		"target", t.Target.Value, "value", t.last.value, "left", distance(t.last.value))
}

// rungs are the points with the nought that a count began at before them, where
// it began with a period.
func (t *taking) rungs() []point {
	begin := t.begin
	if begin.IsZero() || t.pts[0].broken {
		return t.pts
	}
	p := schema.PeriodOf(t.w.Frequency, begin)
	if p.Last() != begin || !begin.Before(t.pts[0].day) {
		return t.pts
	}
	return append([]point{{day: begin, period: p, value: schema.Decimal{}}}, t.pts...)
}

func (t *taking) stretch(a, b point) (Stretch, bool) {
	n := schema.PeriodOf(t.w.Frequency, b.day).Since(schema.PeriodOf(t.w.Frequency, a.day))
	if n < 1 {
		return Stretch{}, false
	}
	change := t.toward(a.value, b.value)
	each, _ := new(big.Rat).Quo(change.Rat(), big.NewRat(int64(n), 1)).Float64()
	return Stretch{n, a.day, b.day, change, each}, true
}

// recent is how it went lately, and when it is reached if it goes on so.
func (t *taking) recent() {
	w, rungs := t.w, t.rungs()
	most := recentPeriods(w.Frequency)
	i := slices.IndexFunc(rungs, func(p point) bool {
		return schema.PeriodOf(w.Frequency, t.last.day).Since(schema.PeriodOf(w.Frequency, p.day)) <= most
	})
	s, ok := t.stretch(rungs[i], t.last)
	if !ok {
		t.say("ways-short")
		return
	}
	w.Recent = &s
	args := []any{"n", s.Periods, "per", t.per(), "each", as(schema.AsChange, s.Each), "from", s.From, "to", s.To}
	switch {
	case w.Required != nil && s.Each > 0:
		t.say("ways-recent", append(args, "share", as(schema.AsShare, s.Each / *w.Required))...)
	default:
		t.say("ways-recent-only", args...)
	}
	if s.Each <= 0 {
		t.say("ways-never", args...)
		return
	}
	t.expect(s)
}

// expected is when the target is reached at the recent pace, for the verdict,
// which keeps the figure the pace is taken from.
func (h *hearing) expected(p point, by []point) *schema.Projection {
	if h.past() || h.Target.Kind.Reads() || h.Target.Meets(p.value) || p.period.Frequency() == schema.Daily {
		return nil
	}
	w := Ways{Deadline: h.v.Deadline, Frequency: p.period.Frequency(), Day: p.day}
	t := taking{Case: h.Case, w: &w, pts: sinceBreak(by), last: p, begin: h.begin}
	left := t.toward(p.value, h.Target.Value)
	w.Left = &left
	t.recent()
	if w.Expected != nil {
		for _, q := range t.pts {
			if q.day == w.Expected.FromDay {
				h.history(q)
			}
		}
	}
	return w.Expected
}

// expect is the day of reaching the target at the pace of a stretch, by days.
func (t *taking) expect(s Stretch) {
	w := t.w
	need, ok := t.daysAt(s)
	if !ok {
		t.say("ways-far", "n", s.Periods, "per", t.per())
		return
	}
	p := &schema.Projection{Periods: s.Periods, Frequency: w.Frequency, FromDay: s.From, ToDay: s.To, ToValue: t.last.value,
		FromValue: t.back(s.Change), Day: t.last.day.AddDays(need)}
	slope := new(big.Rat).Quo(new(big.Rat).Mul(s.Change.Rat(), daysPerYear), big.NewRat(int64(s.To.DaysSince(s.From)), 1))
	if t.Target.Direction == schema.Down {
		slope.Neg(slope)
	}
	p.PerYear, _ = slope.Float64()
	args := []any{"n", s.Periods, "per", t.per(), "month", period(schema.PeriodOf(schema.Monthly, p.Day), schema.Point), "day", p.Day}
	id := "ways-day"
	if !w.Deadline.IsZero() && p.Day.After(w.Deadline) {
		p.Late = true
		p.MonthsLate = schema.PeriodOf(schema.Monthly, p.Day).Since(schema.PeriodOf(schema.Monthly, w.Deadline))
		id = "ways-day-late"
		if p.MonthsLate == 0 {
			id = "ways-day-late-days"
		}
		args = append(args, "months", p.MonthsLate, "days", p.Day.DaysSince(w.Deadline))
	}
	w.Expected = p
	t.say(id, args...)
}

// daysAt is how many days what is left takes at the pace of a stretch; ok is false
// when they are more than a straight line is continued for.
func (t *taking) daysAt(s Stretch) (days int, ok bool) {
	need := new(big.Rat).Mul(t.w.Left.Rat(), big.NewRat(int64(s.To.DaysSince(s.From)), 1))
	if need.Quo(need, s.Change.Rat()).Cmp(big.NewRat(farthest, 1)) > 0 {
		return 0, false
	}
	return whole(need), true
}

// back is the value before the change.
func (t *taking) back(change schema.Decimal) schema.Decimal {
	if t.Target.Direction == schema.Down {
		return t.last.value.Add(change)
	}
	return t.last.value.Sub(change)
}

// best is the best single period ever seen and the last day on which the target
// is still reachable at its pace: the deadline less the days that what is left
// would take.
func (t *taking) best() {
	w, rungs := t.w, t.rungs()
	for i := 1; i < len(rungs); i++ {
		s, ok := t.stretch(rungs[i-1], rungs[i])
		if ok && s.Each > 0 && (w.Best == nil || s.Each > w.Best.Each) {
			w.Best = &s
		}
	}
	if w.Best == nil || w.Deadline.IsZero() {
		return
	}
	b := w.Best
	n, ok := t.daysAt(*b)
	args := []any{"period", t.spanText(*b), "change", difference(b.Change), "left", distance(t.last.value), "deadline", w.Deadline}
	if !ok {
		w.TooLate = true
		t.say("ways-too-late", append(args, "days", "—")...)
		return
	}
	w.LastDay = w.Deadline.AddDays(-n)
	args = append(args, "days", n)
	if w.LastDay.Before(t.last.day) {
		w.TooLate, w.LastDay = true, schema.Date{}
		t.say("ways-too-late", args...)
		return
	}
	id := "ways-last-day"
	if w.LastDay.Before(t.AsOf) { // nothing is known of the days since the last figure
		id = "ways-last-day-past"
	}
	t.say(id, append(args, "day", w.LastDay, "seen", t.last.day)...)
}

// spanText names the periods of a stretch.
func (t *taking) spanText(s Stretch) any {
	to := schema.PeriodOf(t.w.Frequency, s.To)
	if s.Periods == 1 {
		return period(to, schema.Point)
	}
	from := schema.PeriodOf(t.w.Frequency, s.From).Next()
	return schema.Say("ways-span", "from", period(from, schema.Point), "to", period(to, schema.Point))
}

// whatIf is where an assumed change a period leads.
func (t *taking) whatIf(each schema.Decimal) {
	w := t.w
	x := &WhatIf{Each: each}
	args := []any{"each", difference(each), "per", t.per(), "value", t.last.value, "left", distance(t.last.value)}
	if each.Sign() > 0 {
		if n := new(big.Rat).Quo(w.Left.Rat(), each.Rat()); n.Cmp(big.NewRat(farthest, 1)) <= 0 {
			x.Needs = whole(n)
			p := schema.PeriodOf(w.Frequency, t.last.day).Add(x.Needs)
			x.Day = p.Last()
			x.OnTime = !w.Deadline.IsZero() && !x.Day.After(w.Deadline)
			args = append(args, "n", x.Needs, "period", period(p, schema.Point))
		}
	}
	if !w.Deadline.IsZero() {
		change := each.Mul(schema.NewDecimal(int64(w.Periods), 0))
		value := t.back(change.Neg())
		short := t.toward(value, t.Target.Value)
		x.Value, x.Short = &value, &short
		args = append(args, "periods", w.Periods, "then", value, "target", t.Target.Value, "short", difference(short.Abs()))
		id := "ways-if-short"
		if short.Sign() <= 0 {
			id = "ways-if-met"
		}
		t.say(id, args...)
	}
	if x.Needs > 0 {
		t.say("ways-if-day", args...)
	} else {
		t.say("ways-if-never", args...)
	}
	w.WhatIf = x
}

// farthest bounds how far ahead a straight line is continued.
const farthest = 100 * 366

// whole is the least whole number not below r, which is not far.
func whole(r *big.Rat) int {
	q, m := new(big.Int).DivMod(r.Num(), r.Denom(), new(big.Int))
	return int(q.Int64()) + m.Sign()
}

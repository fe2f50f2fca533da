package comparator

import (
	"math/big"
	"slices"

	"yardstick/schema"
)

// measure sets the figure judged and every number that follows from it and the
// points before it.
func (h *hearing) measure(p point, by []point) {
	h.figure(p)
	v := &h.v
	if h.way.baseline != nil {
		v.Baseline, v.BaselineDate = h.way.baseline, h.baselineDate()
	}
	v.Progress = number(h.way.progress(p.value))
	schedule := h.way.schedule(p.day)
	v.Schedule = number(schedule)
	v.Planned = number(h.way.planned(p.day))
	t, ok := trendOf(by)
	if ok {
		v.SlopeSeen = number(t.perYear)
		v.SlopeOver = told(t.points)
		for _, q := range t.points {
			h.history(q)
		}
	}
	left := v.Deadline.DaysSince(p.day)
	var needed *big.Rat
	if !v.Deadline.IsZero() && left > 0 && v.Gap.Sign() > 0 {
		needed = v.Gap.Rat() // above zero
		if p.value.Cmp(h.Target.Value) > 0 {
			needed.Neg(needed)
		}
		needed.Mul(needed, daysPerYear).Quo(needed, big.NewRat(int64(left), 1))
		v.SlopeNeeded = number(needed)
	}
	v.Expected = h.expected(p, by)
	if h.Target.Kind.Reads() {
		return
	}
	pace, why := h.pace(p, schedule, t, needed)
	v.Pace = number(pace)
	if why != "" {
		v.PaceWhyNot = schema.Because(why, "n", len(t.points), "least", leastPoints)
	}
}

// baselineDate is the day the baseline holds for: the first day of what is
// counted, else the register's.
func (h *hearing) baselineDate() schema.Date {
	if counted(h.Target.Kind) {
		return h.began()
	}
	return h.way.origin
}

// figure sets what is known of the figure judged alone.
func (h *hearing) figure(p point) {
	v, t := &h.v, h.Target
	value, gap := p.value, t.Gap(p.value)
	v.Value, v.Gap = &value, &gap
	v.GapRatio = number(ratio(gap.Rat(), t.Value.Rat()))
	if t.Direction == schema.Down {
		v.Attainment = number(ratio(t.Value.Rat(), value.Rat()))
	} else {
		v.Attainment = number(ratio(value.Rat(), t.Value.Rat()))
	}
	v.Period, v.Observed, v.Published = p.period, p.day, p.published
	v.AgeDays = ptr(h.AsOf.DaysSince(p.day))
	v.Marks.Provisional = !p.final
	for _, in := range p.inputs {
		h.input(in)
	}
}

// input keeps an observation once, in its first role.
func (h *hearing) input(in schema.Input) {
	if !slices.ContainsFunc(h.v.Inputs, func(held schema.Input) bool { return held.Key == in.Key }) {
		h.v.Inputs = append(h.v.Inputs, in)
	}
}

// history keeps the observations of a point that is not itself judged.
func (h *hearing) history(p point) {
	for _, in := range p.inputs {
		if in.Indicator == h.Target.Indicator {
			in.Role = schema.RoleHistory
		}
		h.input(in)
	}
}

// stale sets how long the next figure has been overdue. None is owed after the
// deadline's own.
func (h *hearing) stale(p point) {
	next, due := h.nextDue(p)
	if !h.v.Deadline.IsZero() && next.Last().After(h.v.Deadline) {
		return
	}
	if days := h.AsOf.DaysSince(due); days > 0 {
		h.v.Marks.Stale, h.v.Marks.StaleDays = true, days
	}
}

// nextDue is the period after the figure's, in the indicator's own frequency,
// and the last day on which its lateness is excused.
func (h *hearing) nextDue(p point) (schema.Period, schema.Date) {
	next := schema.PeriodOf(h.own(), p.day.AddDays(1))
	return next, h.Calendar.DueWithGrace(h.Indicator.Release, next)
}

func (h *hearing) tellStale(p point) {
	if !h.v.Marks.Stale {
		return
	}
	next, due := h.nextDue(p)
	h.add("judge-stale", "period", period(next, h.Indicator.Basis), "due", due, "days", h.v.Marks.StaleDays)
}

// turns finds when the target was first met and, if it is not met now, since
// when it is lost. Only what came after the start counts.
func (h *hearing) turns(by []point) {
	if h.Target.Kind.Reads() {
		return // a rate is not reached and held
	}
	pts := from(by, h.way.origin)
	if len(pts) == 0 {
		pts = by[len(by)-1:]
	}
	met := func(p point) bool { return h.Target.Meets(p.value) }
	first := slices.IndexFunc(pts, met)
	if first < 0 {
		return
	}
	h.v.ReachedOn = pts[first].day
	h.history(pts[first])
	if met(pts[len(pts)-1]) {
		return
	}
	lost := len(pts) - 1
	for !met(pts[lost-1]) {
		lost--
	}
	h.v.LostOn = pts[lost].day
	h.history(pts[lost])
}

// ratio is a/b, nil when b is not above zero: such a denominator gives no
// ratio.
func ratio(a, b *big.Rat) *big.Rat {
	if b.Sign() <= 0 {
		return nil
	}
	return new(big.Rat).Quo(a, b)
}

// number is r as the nearest float64, nil for nil.
func number(r *big.Rat) *float64 {
	if r == nil {
		return nil
	}
	f, _ := r.Float64()
	return &f
}

func ptr[T any](v T) *T { return &v }

func deref(f *float64) float64 {
	if f == nil {
		return 0
	}
	return *f
}

// What stands in a reason besides what schema.Say knows by its type.

func as(form schema.Form, f float64) schema.Arg { return schema.Arg{As: form, Number: f} }

func share(f *float64) schema.Arg { return as(schema.AsShare, deref(f)) }

func significant(f float64, digits int) schema.Arg {
	return schema.Arg{As: schema.AsFigures, Number: f, Digits: digits}
}

func decimals(f float64, digits int) schema.Arg {
	return schema.Arg{As: schema.AsDecimals, Number: f, Digits: digits}
}

// promised is the target as a figure must be.
func promised() schema.Arg { return schema.Arg{As: schema.AsPromised} }

// distance is how far v and the target are apart.
func distance(v schema.Decimal) schema.Arg {
	return schema.Arg{As: schema.AsDistance, Amount: &v}
}

// difference is what lies between two figures.
func difference(v schema.Decimal) schema.Arg {
	return schema.Arg{As: schema.AsDifference, Amount: &v}
}

func period(p schema.Period, b schema.Basis) schema.Arg {
	return schema.Arg{As: schema.AsPeriod, Periods: []schema.Period{p}, Basis: b}
}

// at is the point's period.
func at(p point) schema.Arg { return period(p.period, p.basis) }

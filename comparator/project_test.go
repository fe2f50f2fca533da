package comparator

import (
	"math/big"
	"slices"

	"yardstick/schema"
)

// Project continues the pace of the last n periods of the series the case is
// judged on; fewer when the series is shorter or broke in between. It is nil
// when there is nothing to continue: no two figures, a limit, cadence or
// milestone, a target already met or a deadline already settled, a pace that is
// nought or leads away, or one that takes more than a hundred years.
func Project(c Case, n int) *schema.Projection {
	pts := c.known()
	if len(pts) < 2 || n < 1 {
		return nil
	}
	last := pts[len(pts)-1]
	if c.Target.Meets(last.value) {
		return nil
	}
	freq := last.period.Frequency()
	pts = sinceBreak(pts)
	i := slices.IndexFunc(pts, func(p point) bool {
		return schema.PeriodOf(freq, last.day).Since(schema.PeriodOf(freq, p.day)) <= n
	})
	first := pts[i]
	days := last.day.DaysSince(first.day)
	if days <= 0 {
		return nil
	}
	w := c.courseOf()
	moved := w.need(first.value.Rat(), last.value.Rat())
	if moved.Sign() <= 0 {
		return nil
	}
	perDay := moved.Quo(moved, big.NewRat(int64(days), 1))
	left := w.need(last.value.Rat(), c.Target.Value.Rat())
	need := left.Quo(left, perDay)
	if need.Cmp(big.NewRat(farthest, 1)) > 0 {
		return nil
	}
	out := &schema.Projection{
		Periods: schema.PeriodOf(freq, last.day).Since(schema.PeriodOf(freq, first.day)), Frequency: freq,
		FromDay: first.day, FromValue: first.value, ToDay: last.day, ToValue: last.value,
		Day: last.day.AddDays(whole(need)),
	}
	slope := new(big.Rat).Mul(perDay, daysPerYear)
	if c.Target.Direction == schema.Down {
		slope.Neg(slope)
	}
	out.PerYear, _ = slope.Float64()
	if deadline := c.deadline(); !deadline.IsZero() && out.Day.After(deadline) {
		out.Late = true
		out.MonthsLate = schema.PeriodOf(schema.Monthly, out.Day).Since(schema.PeriodOf(schema.Monthly, deadline))
	}
	return out
}

// known is the series of the case up to its deadline, as far as it can be
// continued: none for what is not approached step by step, nor with a hole, nor
// once the deadline is over.
func (c Case) known() []point {
	k, deadline := c.Target.Kind, c.deadline()
	if limit(c.Target) || k.Reads() || k == schema.Cadence || k == schema.Milestone || !deadline.IsZero() && c.AsOf.After(deadline) {
		return nil
	}
	obs := c.usable()
	if !counted(k) {
		return upTo(c.levels(obs), deadline)
	}
	sum := c.running(obs, c.began(), deadline)
	if len(sum.missing) > 0 {
		return nil
	}
	return sum.points
}

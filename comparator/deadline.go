package comparator

import (
	"slices"

	"yardstick/schema"
)

// past reports whether the deadline is over; its own day is not.
func (h *hearing) past() bool { return !h.v.Deadline.IsZero() && h.AsOf.After(h.v.Deadline) }

// final is the period whose figure decides: the last of the indicator's own
// frequency that ends by the deadline. Where that ends before the target's time
// even begins (a yearly figure for a window of three months) it is the day of
// the deadline.
func (h *hearing) final() schema.Period {
	p := schema.PeriodOf(h.own(), h.v.Deadline)
	if p.Last().After(h.v.Deadline) {
		p = p.Prev()
	}
	if p.Last().Before(h.began()) {
		return schema.Day(h.v.Deadline)
	}
	return p
}

// finalDue is the last day on which the deciding figure may be waited for.
func (h *hearing) finalDue() schema.Date {
	return h.Calendar.DueWithGrace(h.Indicator.Release, h.final())
}

// settle gives the verdict that stands: on the last figure by the deadline.
func (h *hearing) settle(by, after []point) {
	p := by[len(by)-1]
	h.measure(p, by)
	h.turns(by)
	args := []any{
		"deadline", h.v.Deadline, "period", at(p),
		"value", p.value, "target", promised(), "gap", distance(p.value),
	}
	if h.Target.Meets(p.value) {
		h.rule(schema.Achieved, ruleDeadline, "judge-final-met", args...)
		h.lostAfter(after)
		return
	}
	h.rule(schema.Missed, ruleDeadline, "judge-final-short", args...)
	h.reachedLate(after)
	h.tellLost()
}

// tellLost tells that the target had been met before.
func (h *hearing) tellLost() {
	if !h.v.LostOn.IsZero() {
		h.add("judge-lost", "reached", h.v.ReachedOn, "lost", h.v.LostOn)
	}
}

// lostAfter tells since when a target met at the deadline is lost: it stays
// achieved.
func (h *hearing) lostAfter(after []point) {
	lost := len(after)
	for lost > 0 && !h.Target.Meets(after[lost-1].value) {
		lost--
	}
	if lost < len(after) {
		h.v.LostOn = after[lost].day
		h.history(after[lost])
		h.add("judge-lost-after", "period", at(after[lost]), "value", after[lost].value)
	}
}

// reachedLate marks a missed target that a later figure meets.
func (h *hearing) reachedLate(after []point) {
	i := slices.IndexFunc(after, func(p point) bool { return h.Target.Meets(p.value) })
	if i < 0 {
		return
	}
	h.v.Marks.ReachedLate, h.v.ReachedOn, h.v.LostOn = true, after[i].day, schema.Date{}
	h.history(after[i])
	h.add("judge-reached-late", "period", at(after[i]), "value", after[i].value)
}

// noFinal: the deciding figure was due and did not come. The last one known is
// told and decides nothing.
func (h *hearing) noFinal(by, after []point, final schema.Period, due schema.Date) {
	if !slices.Contains(h.v.Missing, final) && final.Frequency() == h.own() {
		h.v.Missing = append(h.v.Missing, final)
	}
	h.rule(schema.NoData, ruleNoFinal, "judge-no-final", "deadline", h.v.Deadline, "period", period(final, h.Indicator.Basis), "due", due)
	if len(by) > 0 {
		p := by[len(by)-1]
		h.turns(by)
		h.history(p)
		id := "judge-known-short"
		if h.Target.Meets(p.value) {
			id = "judge-known-met"
		}
		h.add(id, "period", at(p), "value", p.value, "target", promised())
		return
	}
	if len(after) > 0 {
		h.history(after[0])
		h.add("judge-known-after", "period", at(after[0]), "value", after[0].value)
	}
}

package comparator

import (
	"maps"
	"math/big"
	"slices"

	"yardstick/schema"
)

// bound judges a ceiling or floor by rule 2, on the latest figure since it took
// effect (and by its deadline, if it has one). Figures from before bound nobody.
func (h *hearing) bound(pts []point) {
	pts = upTo(from(pts, h.began()), h.v.Deadline)
	if len(pts) == 0 {
		h.noData()
		return
	}
	p := pts[len(pts)-1]
	h.figure(p)
	h.stale(p)
	for _, q := range pts[:len(pts)-1] {
		if !h.Target.Meets(q.value) {
			h.v.Breaches++
			h.history(q)
		}
	}
	id, s := "judge-"+string(h.Target.Kind)+"-kept", schema.OnTrack
	if !h.Target.Meets(p.value) {
		id, s = "judge-"+string(h.Target.Kind)+"-breached", schema.Breached
	}
	h.rule(s, ruleLimit, id, "period", at(p), "value", p.value,
		"target", promised(), "gap", distance(p.value))
	if h.v.Breaches > 0 {
		h.add("judge-breaches", "n", h.v.Breaches)
	}
	h.tellStale(p)
}

// cadence judges by rule 2 how long ago the last report was made. A report is
// any figure; its value counts only where it is a number of reports and none
// were made. Value is the age of the last report (else of the first day): days,
// or working days when one is owed each working day. Gap is how far the limit is
// passed; at or below zero there is time left.
func (h *hearing) cadence(known []figure) {
	start := h.began()
	last, never := start, true
	var report figure
	for _, f := range known {
		if f.value.Sign() == 0 && !unitOfTime(h.Target.Unit) {
			continue
		}
		if day := h.reportedOn(f); !day.Before(last) {
			last, never, report = day, false, f
		}
	}
	at := h.AsOf
	if h.past() {
		at = h.v.Deadline
	}
	limit := h.nextReport(last)
	age, over := h.span(last, at), h.span(limit, at)
	if at.Before(limit) {
		over = -h.span(at, limit)
	}
	value, gap := schema.NewDecimal(int64(age), 0), schema.NewDecimal(int64(over), 0)
	h.v.Value, h.v.Gap, h.v.AgeDays = &value, &gap, ptr(at.DaysSince(last))
	late := at.After(limit)
	h.v.Marks.LateCadence = late
	if !never {
		h.v.Period, h.v.Observed, h.v.Published = report.period, report.period.Last(), report.written.PublishedAt
		h.v.Inputs = h.inputsOf(report, schema.RoleJudged)
	}
	id, s := "judge-cadence-", schema.OnTrack
	if never {
		id += "first-"
	}
	if late {
		s = schema.Lagging
	}
	id += map[bool]string{true: "late", false: "kept"}[late]
	h.rule(s, ruleCadence, id, "last", last, "limit", limit, "days", at.DaysSince(limit))
}

// unitOfTime reports whether a cadence's figures are spans of time, of which
// nought is a report like any other; of a number of reports it is none.
func unitOfTime(unit string) bool {
	return slices.Contains([]string{"day", "days", "天", "日", "工作日"}, unit)
}

// reportedOn is the day a report was made: the day it was published, but not
// later than the end of the period after the one it is about, so that an old
// report published again does not pass for a new one.
func (h *hearing) reportedOn(f figure) schema.Date {
	end := h.nextReport(f.period.Last())
	if day := f.written.PublishedAt; !day.IsZero() && day.Before(end) {
		return day
	}
	if end.After(h.AsOf) {
		return h.AsOf
	}
	return end
}

// nextReport is the last day of the next report after one on the day: the next
// working day, or the end of the next ten-day period (month, quarter).
func (h *hearing) nextReport(day schema.Date) schema.Date {
	if h.Target.Every == schema.Daily {
		return h.Calendar.NextWorkingDay(day)
	}
	every := h.Target.Every
	if !every.Valid() {
		every = schema.TenDay
	}
	return schema.PeriodOf(every, day).Next().Last()
}

// span is the days from a to b, working days where one report a working day is
// owed; nought when b is not after a.
func (h *hearing) span(a, b schema.Date) int {
	if h.Target.Every != schema.Daily {
		return max(b.DaysSince(a), 0)
	}
	n := 0
	for day := h.Calendar.NextWorkingDay(a); !day.After(b); day = h.Calendar.NextWorkingDay(day) {
		n++
	}
	return n
}

// milestone judges what is done or not, by rule 7 (and 1 while nobody has said
// anything).
func (h *hearing) milestone(pts []point) {
	if len(pts) == 0 && !h.past() {
		h.noData()
		return
	}
	by := upTo(pts, h.v.Deadline)
	if len(by) > 0 && h.Target.Meets(by[len(by)-1].value) {
		p := by[len(by)-1]
		h.figure(p)
		h.turns(by)
		h.rule(schema.Achieved, ruleMilestone, "judge-done", "period", at(p))
		return
	}
	if h.past() {
		h.milestoneOver(by, pts[len(by):])
		return
	}
	h.notDoneYet(by[len(by)-1])
}

// notDoneYet: what is not done is on track until the last tenth of the time. No
// figure measures it, so the time is that of the day of judging.
func (h *hearing) notDoneYet(p point) {
	h.figure(p)
	h.stale(p)
	defer h.tellStale(p)
	period := at(p)
	if h.v.Deadline.IsZero() {
		h.rule(schema.Open, ruleOpen, "judge-undone-open", "period", period)
		return
	}
	schedule := h.way.schedule(h.AsOf)
	h.v.Schedule = number(schedule)
	s, id := schema.OnTrack, "judge-undone"
	if schedule == nil || schedule.Cmp(new(big.Rat).SetFrac64(9, 10)) >= 0 {
		s, id = schema.AtRisk, "judge-undone-tenth"
	}
	h.rule(s, ruleMilestone, id, "period", period, "deadline", h.v.Deadline, "schedule", share(h.v.Schedule))
}

// milestoneOver: after the deadline an explicit 'not done' is a miss, also one
// of a later period, as what is not done later was not done by then. Silence is
// no data.
func (h *hearing) milestoneOver(by, after []point) {
	final, due := h.final(), h.finalDue()
	var said *point
	switch {
	case len(by) > 0 && !by[len(by)-1].day.Before(final.Last()):
		said = &by[len(by)-1]
	case len(after) > 0 && !h.Target.Meets(after[0].value):
		said = &after[0]
	}
	switch {
	case said != nil:
		h.figure(*said)
		h.rule(schema.Missed, ruleMilestone, "judge-not-done", "deadline", h.v.Deadline, "period", at(*said))
		h.reachedLate(after)
	case !h.AsOf.After(due) && len(by) > 0:
		h.v.Marks.AwaitingFinal = true
		h.notDoneYet(by[len(by)-1])
		h.add("judge-awaiting", "deadline", h.v.Deadline, "period", period(final, h.Indicator.Basis), "due", due)
	default:
		h.noFinal(by, after, final, due)
		h.v.Rule = ruleMilestone
	}
}

// Report is one report that a cadence asked for: the last day it was in time,
// and the day it was made. The last of a list may not have been made yet.
type Report struct {
	Due    schema.Date
	Made   schema.Date   // zero: not made by AsOf
	Period schema.Period // that it was about; zero: not made
	Days   int           // after Due, as the verdict counts them; 0: in time
}

// Late reports whether it was made after its day, or is owed since.
func (r Report) Late() bool { return r.Days > 0 }

// Reports lists the reports of a cadence from its first day on, oldest first,
// reckoned as the verdict does: each is due by the end of the period after the
// report before it. The last is the one owed next. Nil for another kind of
// target, and before the target's time.
func Reports(c Case) []Report {
	if c.Target.Kind != schema.Cadence || c.AsOf.Before(c.Issued) {
		return nil
	}
	h := &hearing{Case: c}
	h.v.Deadline = c.deadline()
	days := map[schema.Date]schema.Period{}
	for _, f := range c.usable() {
		if f.value.Sign() == 0 && !unitOfTime(h.Target.Unit) {
			continue
		}
		if day := h.reportedOn(f); !day.Before(h.began()) {
			days[day] = f.period
		}
	}
	last := h.began()
	var out []Report
	for _, day := range slices.SortedFunc(maps.Keys(days), schema.Date.Compare) {
		due := h.nextReport(last)
		out = append(out, Report{Due: due, Made: day, Period: days[day], Days: h.span(due, day)})
		last = day
	}
	at := c.AsOf
	if h.past() {
		at = h.v.Deadline
	}
	due := h.nextReport(last)
	return append(out, Report{Due: due, Days: h.span(due, at)})
}

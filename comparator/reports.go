package comparator

import (
	"slices"

	"yardstick/schema"
)

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
	for _, o := range c.usable() {
		if o.Value.Sign() == 0 && !unitOfTime(h.Target.Unit) {
			continue
		}
		if day := h.reportedOn(o); !day.Before(h.began()) {
			days[day] = o.Period
		}
	}
	order := make([]schema.Date, 0, len(days))
	for day := range days {
		order = append(order, day)
	}
	slices.SortFunc(order, schema.Date.Compare)
	last := h.began()
	out := make([]Report, 0, len(order)+1)
	for _, day := range order {
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

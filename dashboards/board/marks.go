package board

import (
	"strings"

	"yardstick/dashboards/web"
	"yardstick/schema"
	"yardstick/schema/figure"
)

// timeless reports whether the kind is judged without a line of time.
func timeless(k schema.Kind) bool { return web.Limit(k) || k == schema.Cadence || k == schema.Range }

// statusMarks stand beside the status.
func (f *frame) statusMarks(v schema.Verdict) []string {
	var out []string
	add := func(on bool, id string, args ...any) {
		if on {
			out = append(out, f.T(id, args...))
		}
	}
	m := v.Marks
	add(m.ReachedLate, "board-mark-late")
	add(m.AwaitingFinal, "board-mark-awaiting")
	add(m.LateCadence, "board-mark-cadence")
	add(m.ReadingUnconfirmed, "board-mark-reading")
	add(v.Breaches > 0, "board-mark-breaches", "n", v.Breaches)
	add(!v.LostOn.IsZero(), "board-mark-lost", "day", v.LostOn)
	add(len(v.Missing) > 0, "board-mark-missing", "n", len(v.Missing))
	return out
}

// figureBits stand next to the figure: its period, and whether it is not
// final, old or made up.
func (f *frame) figureBits(v schema.Verdict, period string) []string {
	var out []string
	if period != "" {
		out = append(out, period)
	}
	if v.Marks.Provisional {
		out = append(out, f.T("board-mark-provisional"))
	}
	if v.Marks.Stale {
		id := "board-mark-stale"
		if v.Marks.StaleDays > 0 {
			id = "board-mark-stale-days"
		}
		out = append(out, f.T(id, "days", figure.Days(v.Marks.StaleDays)))
	}
	if v.Marks.Synthetic {
		out = append(out, f.T("board-mark-synthetic"))
	}
	return out
}

// tally is one entry of the line that answers first.
type tally struct {
	web.Badge
	N    int
	Note string
}

// tallies count verdicts by status in the order a leader reads them: the five
// that every month has, and between them the rarer ones where there are any.
func (f *frame) tallies(verdicts []schema.Verdict) []tally {
	count := map[schema.Status]int{}
	limits, notBegun := 0, 0
	for _, v := range verdicts {
		count[v.Status]++
		if v.Status == schema.OnTrack && web.Limit(v.Kind) {
			limits++
		}
		if v.Status == schema.Open && v.Marks.NotBegun {
			notBegun++
		}
	}
	var out []tally
	for _, s := range schema.StatusesTold() {
		if count[s] == 0 && s.Rare() {
			continue
		}
		t := tally{Badge: web.Badge{Shape: string(s), Word: f.Say(s.Label())}, N: count[s]}
		switch {
		case s == schema.OnTrack && limits > 0:
			t.Note = f.T("board-of-these-limits", "n", limits)
		case s == schema.Open && notBegun > 0:
			t.Note = f.T("board-of-these-not-begun", "n", notBegun)
		}
		out = append(out, t)
	}
	return out
}

// change is a target whose status is another than on the day compared with.
type change struct {
	Target   schema.Target
	Now, Was web.Badge
	Href     string
	status   schema.Status
}

// changes are the targets whose status is another than on the day compared with.
func (f *frame) changes(subjects []subject, c comparison) []change {
	var out []change
	for _, s := range subjects {
		was, ok := c.was[s.v.Scope()]
		if !ok || was.Status == s.v.Status {
			continue
		}
		out = append(out, change{Target: s.t, Now: f.BadgeOf(s.v), Was: f.BadgeOf(was), Href: f.TargetLink(s.v.Policy, s.v.Target), status: s.v.Status})
	}
	return out
}

// changeLine says in a sentence what changed, worst first, or why nothing can be
// compared.
func (f *frame) changeLine(changes []change, c comparison) string {
	switch {
	case c.Why != "":
		return c.Why
	case len(changes) == 0:
		return f.T("board-unchanged", "when", c.Full)
	}
	var parts []string
	for _, s := range schema.Statuses() {
		n := 0
		for _, c := range changes {
			if c.status == s {
				n++
			}
		}
		if n > 0 {
			parts = append(parts, f.T("board-turned", "n", n, "status", s.Label()))
		}
	}
	return f.T("board-changed", "when", c.Full, "list", strings.Join(parts, f.T("board-comma")))
}

package board

import (
	"strings"

	"yardstick/schema"
	"yardstick/schema/figure"
)

// change is a target whose status is another than on the day compared with.
type change struct {
	Target   schema.Target
	Now, Was figure.Badge
	Href     string
	status   schema.Status
}

// changes are the targets whose status is another than on the day compared with.
func (f *frame) changes(subjects []subject, c comparison) []change {
	var out []change
	for _, s := range subjects {
		was, ok := c.was[s.V.Scope()]
		if !ok || was.Status == s.V.Status {
			continue
		}
		out = append(out, change{Target: s.Of, Now: figure.BadgeOf(s.V, f.Lang), Was: figure.BadgeOf(was, f.Lang), Href: f.TargetLink(s.V.Policy, s.V.Target), status: s.V.Status})
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

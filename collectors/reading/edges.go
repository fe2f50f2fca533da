package reading

import (
	"slices"
	"strings"

	"yardstick/collectors/reading/account"
	"yardstick/collectors/reading/written"
	"yardstick/collectors/table"
	"yardstick/schema"
)

// edges watches the days of a tidy table: where all are the first of their months, or all
// the last, and an indicator of theirs is not reported by days, they stand for months,
// quarters or years, which is asked once.
type edges struct {
	days   []schema.Date // each once
	names  []string      // their indicators, each once
	at     table.Cell    // the first of those that are not reported by days
	beyond bool          // of more days or names than anybody looks through
	last   schema.Date
}

// mostEdges bounds the days that are looked through.
const mostEdges = 1000

// see takes the day of a row, and makes of it what was answered.
func (e *edges) see(r *reader) {
	c := &r.Row
	if c.When.Frequency() != schema.Daily || r.frequency >= 0 {
		return
	}
	name, _, _ := written.CutUnit(c.Written(account.Indicator))
	if f := account.SpanOf(strings.TrimSpace(r.Options.Given["frequency"])); f != "" {
		if r.reports(name, f) || !r.reports(name, schema.Daily) {
			c.When = schema.PeriodOf(f, c.When.First())
		}
		return
	}
	if e.beyond {
		return
	}
	day := c.When.First()
	if day != e.last && !slices.Contains(e.days, day) {
		e.days = append(e.days, day)
	}
	if !slices.Contains(e.names, name) {
		e.names = append(e.names, strings.Clone(name))
		if e.at.Row == 0 && !r.reports(name, schema.Daily) {
			e.at = c.Cell(account.Period)
			e.at.Text = strings.Clone(e.at.Text)
		}
	}
	e.last, e.beyond = day, len(e.days) > mostEdges || len(e.names) > mostEdges
}

// end asks what the days stand for.
func (e *edges) end(r *reader) {
	if _, ok := written.Edges(e.days); !ok || e.beyond || e.at.Row == 0 {
		return
	}
	candidates := slices.DeleteFunc(account.SpansOf(e.days), func(answer string) bool {
		f := account.SpanOf(answer)
		if answer == "day" {
			f = schema.Daily
		}
		return slices.ContainsFunc(e.names, func(name string) bool { return !r.reports(name, f) })
	})
	if len(candidates) > 0 { // else no answer would lead on
		r.Ask(account.AskDates, "frequency", e.at, candidates)
	}
}

// reports reports whether figures of such a frequency may be of an indicator.
func (r *reader) reports(name string, f schema.Frequency) bool {
	return r.Options.Reports == nil || r.Options.Reports(name, f)
}

package web

import (
	"strings"

	"yardstick/schema"
	"yardstick/schema/figure"
)

// Said is what an owner says of a target, as pages show it.
type Said struct {
	Frame           *Frame
	Cause, Measures []string // lines
	Withdrawn       string   // why it was taken back
	Promise, Late   string   // the day and how far it is; whether it is after the deadline
	Broken          bool     // the day is past and the target still behind or at risk
	By              string
	Synthetic       bool
}

// Said words a statement on a target that stands so, as of a day.
func (f *Frame) Said(s schema.Statement, t schema.Target, v schema.Verdict, asOf schema.Date) Said {
	out := Said{Frame: f, Cause: strings.Split(s.Cause, "\n"), Measures: strings.Split(s.Measures, "\n"), Withdrawn: s.Withdrawn, Synthetic: s.Synthetic}
	promise, broken := figure.Promise(s.Promised, asOf, v)
	out.Promise, out.Broken = f.Say(promise), broken
	if late, ok := figure.AfterDeadline(s.Promised, t.Deadline); ok {
		out.Late = f.Say(late)
	}
	out.By = f.Say(figure.SaidBy(s, t))
	return out
}

// Earlier leaves of a statement that was replaced the day that was promised.
func (s Said) Earlier(promised schema.Date) Said {
	if s.Broken = false; !promised.IsZero() {
		s.Promise = promised.String()
	}
	return s
}

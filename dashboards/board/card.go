package board

import (
	"slices"

	"yardstick/comparator/telling"
	"yardstick/dashboards/draw"
	"yardstick/dashboards/show"
	"yardstick/schema"
	"yardstick/schema/figure"
)

// subject is a verdict with what is needed to show it.
type subject struct{ telling.Subject }

// subjectOf puts together what stands in register, catalogue and verdict.
func (b *board) subjectOf(f *frame, p schema.Policy, t schema.Target, v schema.Verdict, obs []schema.Observation) subject {
	return subject{show.Subject(b.Register, f.Frame, p, t, v, obs)}
}

// voice tells in the page's language.
func (f *frame) voice() telling.Voice { return show.Voice(f.Frame) }

// row is the subject as a line of the list.
func (s subject) row(f *frame) show.Row { return show.RowOf(f.Frame, s.Subject) }

// card is a headline target, large.
type card struct {
	show.Row
	Line  string   // target and gap in a sentence
	Bits  []string // period and marks
	Chart *draw.Chart
	Say   string
}

func (s subject) card(f *frame) card {
	c := card{Row: s.row(f), Say: s.OutlookSentence(s.V, s.Outlook)}
	if c.Say == "" {
		c.Say = f.Say(s.V.Reason.Text)
	}
	c.Bits = slices.Concat(c.FigureBits, c.StatusMarks)
	promised := figure.Join(s.Target(), s.Unit())
	switch {
	case c.Gap == "—":
		c.Line = f.T("board-card-line-met", "target", promised)
	case c.GapWord != "":
		c.Line = f.T("board-card-line-word", "target", promised, "word", c.GapWord, "gap", figure.Join(c.Gap, c.GapUnit))
	default:
		c.Line = f.T("board-card-line", "target", promised, "gap", figure.Join(c.Gap, c.GapUnit))
	}
	if p, ok := s.Plot(); ok {
		drawn := draw.Trajectory(s.Voice, p, s.Scale, draw.Label(s.Subject), false)
		c.Chart = &drawn
		if len(p.Fan) > 0 {
			c.Say += draw.FanCaption(s.Subject)
		}
	}
	return c
}

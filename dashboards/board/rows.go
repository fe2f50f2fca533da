package board

import (
	"math"
	"slices"

	"yardstick/comparator/telling"
	"yardstick/dashboards/draw"
	"yardstick/dashboards/web"
	"yardstick/schema"
	"yardstick/schema/figure"
)

// bar shows progress as length and the time gone as a tick on it, both in
// percent of the width. Hollow is the share of the target where progress from
// a baseline cannot be known; it carries no tick, which would mislead.
type bar struct {
	Fill, Tick string
	Hollow     bool
	Label      string // under it, in words
}

// row is one target as the list shows it.
type row struct {
	telling.Told
	Href   string
	Change *telling.Delta // since the day compared with
	Source *web.Source    // where the value comes from
	Bar    *bar
	Spark  *draw.Spark
}

// subject is a verdict with what is needed to show it.
type subject struct{ telling.Subject }

// subjectOf puts together what stands in register, catalogue and verdict.
func (b *board) subjectOf(f *frame, p schema.Policy, t schema.Target, v schema.Verdict, obs []schema.Observation) subject {
	ind, _ := b.Register.Indicators.ByCode(t.Indicator)
	return subject{f.voice().Subject(p, t, ind, v, obs)}
}

// voice tells in the page's language.
func (f *frame) voice() telling.Voice { return telling.Voice{Lang: f.Lang} }

// barOf is progress against time as a drawing.
func barOf(told *telling.Bar) *bar {
	if told == nil {
		return nil
	}
	b := &bar{Hollow: told.Hollow, Label: told.Label, Fill: "0%"}
	if told.Fill != nil {
		b.Fill = width(*told.Fill)
	}
	if told.Tick != nil {
		b.Tick = width(*told.Tick)
	}
	return b
}

func width(share float64) string { return draw.Across(math.Min(1, math.Max(0, share))) }

// row is the subject as a line of the list.
func (s subject) row(f *frame) row {
	told := s.Told()
	return row{Told: told, Href: f.TargetLink(s.V.Policy, s.V.Target), Bar: barOf(told.Bar), Spark: draw.Last(s.Voice, s.Points, s.Scale), Source: s.source(f)}
}

// card is a headline target, large.
type card struct {
	row
	Line  string   // target and gap in a sentence
	Bits  []string // period and marks
	Chart *draw.Chart
	Say   string
}

func (s subject) card(f *frame) card {
	c := card{row: s.row(f), Say: s.OutlookSentence(s.V, s.Outlook)}
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

// source is where the value judged comes from: its cell, the terms of its
// formula, or the figures it is the sum of. It is nil where there is no value.
func (s subject) source(f *frame) *web.Source {
	switch {
	case s.V.Value == nil || !f.Traced:
		return nil
	case s.Judged != nil:
		return f.SourceOf(*s.Judged, s.Value())
	case s.Ind.Formula != nil && !s.V.Period.IsZero():
		return f.SourceOf(schema.Observation{Key: schema.Key{Indicator: s.Of.Indicator, Region: s.V.Region, Basis: s.Basis(), Period: s.V.Period}}, s.Value())
	}
	return &web.Source{Href: f.TargetLink(s.V.Policy, s.V.Target) + "#inputs", Say: f.T("board-figure-link", "value", s.Value())}
}

// Package show is a target as every page and paper has it: its row, the bar of
// its progress, the parts of its region, and where each figure comes from.
package show

import (
	"math"
	"slices"

	"yardstick/comparator/telling"
	"yardstick/dashboards/draw"
	"yardstick/dashboards/web"
	"yardstick/schema"
	"yardstick/schema/targets"
)

// Bar shows progress as length and the time gone as a tick on it, both in
// percent of the width. Hollow is the share of the target where progress from
// a baseline cannot be known; it carries no tick, which would mislead.
type Bar struct {
	Fill, Tick string
	Hollow     bool
	Label      string // under it, in words
}

// Row is one target as the list shows it.
type Row struct {
	telling.Told
	Href   string
	Change *telling.Delta // since the day compared with
	Source *web.Source    // where the value comes from
	Bar    *Bar
	Spark  *draw.Spark
}

// Subject puts together what stands in register, catalogue and verdict.
func Subject(register *targets.Register, f *web.Frame, p schema.Policy, t schema.Target, v schema.Verdict, obs []schema.Observation) telling.Subject {
	ind, _ := register.Indicators.ByCode(t.Indicator)
	return Voice(f).Subject(p, t, ind, v, obs)
}

// Voice tells in the page's language.
func Voice(f *web.Frame) telling.Voice { return telling.Voice{Lang: f.Lang} }

// Verdicts picks the policy's out of all, one a target for the target's own
// region, worst first. A target without one yet has a verdict that says so.
func Verdicts(p schema.Policy, all []schema.Verdict, asOf schema.Date) []schema.Verdict {
	byScope := make(map[schema.Scope]schema.Verdict, len(all))
	for _, v := range all {
		byScope[v.Scope()] = v
	}
	out := make([]schema.Verdict, 0, len(p.Targets))
	for _, t := range p.Targets {
		v, ok := byScope[schema.Scope{Policy: p.ID, Target: t.ID, Region: t.Region}]
		if !ok {
			v = telling.NotJudged(p, t, asOf)
		}
		out = append(out, v)
	}
	slices.SortStableFunc(out, schema.Verdict.CompareWorst)
	return out
}

// barOf is progress against time as a drawing.
func barOf(told *telling.Bar) *Bar {
	if told == nil {
		return nil
	}
	b := &Bar{Hollow: told.Hollow, Label: told.Label, Fill: "0%"}
	if told.Fill != nil {
		b.Fill = Width(*told.Fill)
	}
	if told.Tick != nil {
		b.Tick = Width(*told.Tick)
	}
	return b
}

// Width is a share of the bar, kept within it.
func Width(share float64) string { return draw.Across(math.Min(1, math.Max(0, share))) }

// RowOf is the subject as a line of the list.
func RowOf(f *web.Frame, s telling.Subject) Row {
	told := s.Told()
	return Row{Told: told, Href: f.TargetLink(s.V.Policy, s.V.Target), Bar: barOf(told.Bar), Spark: draw.Last(s.Voice, s.Points, s.Scale), Source: source(f, s)}
}

// source is where the value judged comes from: its cell, the terms of its
// formula, or the figures it is the sum of. It is nil where there is no value.
func source(f *web.Frame, s telling.Subject) *web.Source {
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

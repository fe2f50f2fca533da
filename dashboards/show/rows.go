// Package show is a target as every page and paper has it: its row, the bar of
// its progress, the parts of its region, and where each figure comes from.
package show

import (
	"context"
	"math"
	"slices"

	"yardstick/comparator"
	"yardstick/comparator/telling"
	"yardstick/dashboards/draw"
	"yardstick/dashboards/web"
	"yardstick/schema"
	"yardstick/schema/figure"
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

// Reader is what pages, papers and programs read. Every method honours its context; asOf zero
// means the installation's own today. A day not known yet gives empty answers, not
// errors.
type Reader interface {
	// Verdicts are all policies' targets judged as of that day.
	Verdicts(ctx context.Context, asOf schema.Date) ([]schema.Verdict, error)
	// Series are the figures in force as of that day, derived ones included,
	// by period, of all series asked for at once. One without figures may be
	// left out.
	Series(ctx context.Context, asOf schema.Date, keys []schema.SeriesKey) (map[schema.SeriesKey][]schema.Observation, error)
	// Vintages are all published values of one series as of that day.
	Vintages(ctx context.Context, key schema.SeriesKey, asOf schema.Date) ([]schema.Observation, error)
	// Case is what the verdict on a target for its own region was made from;
	// false when there is none.
	Case(ctx context.Context, asOf schema.Date, policy, target string) (comparator.Case, bool, error)
	// Parts are the parts of the region of a case beside it.
	Parts(ctx context.Context, c comparator.Case) (comparator.Parts, error)
	// Scorecard is how good the chances told so far turned out.
	Scorecard(ctx context.Context) (comparator.Scorecard, error)
	// Feeds lists every feed, also those nothing was ever received from.
	Feeds(ctx context.Context) ([]schema.FeedState, error)
	// Receipts are the feed's latest, newest first, at most limit.
	Receipts(ctx context.Context, feed string, limit int) ([]schema.Receipt, error)
	// Receipt is one receipt; false when there is none of that id.
	Receipt(ctx context.Context, id string) (schema.Receipt, bool, error)
}

// Statements is where what owners say of their targets is read.
type Statements interface {
	// Statements are what was said by the end of that day (zero: the installation's
	// today) of a policy's targets, or of one of them, or of all, oldest first.
	Statements(ctx context.Context, policy, target string, asOf schema.Date) ([]schema.Statement, error)
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
	out := make([]schema.Verdict, 0, len(p.Targets))
	for _, t := range p.Targets {
		out = append(out, VerdictOf(p, t, all, asOf))
	}
	slices.SortStableFunc(out, schema.Verdict.CompareWorst)
	return out
}

// VerdictOf picks the target's for its own region out of all; without one yet it is
// one that says so.
func VerdictOf(p schema.Policy, t schema.Target, all []schema.Verdict, asOf schema.Date) schema.Verdict {
	scope := schema.Scope{Policy: p.ID, Target: t.ID, Region: t.Region}
	if i := slices.IndexFunc(all, func(v schema.Verdict) bool { return v.Scope() == scope }); i >= 0 {
		return all[i]
	}
	return telling.NotJudged(p, t, asOf)
}

// Correction is why the figure after, which the receipt brought, replaced the one
// before.
func Correction(r schema.Receipt, before, after schema.Observation) schema.Correction {
	said := r.Correction
	for _, c := range r.Changes {
		if c.Key == after.Key && c.Correction != "" {
			said = c.Correction
		}
	}
	return schema.CorrectionOf(before, after, said)
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

// Part is a part of the region on the page.
type Part struct {
	Name, Value, Asked, Period, Said, By string // By: the document that allocated it
	Source                               *web.Source
	Status                               *figure.Badge

	number, asked, unit string // for a table that is taken away
}

// Parts are the rows, and what their sum says of the whole; series are the
// parts' figures in force, which the rows lead to.
func Parts(f *web.Frame, p comparator.Parts, s telling.Subject, series map[schema.SeriesKey][]schema.Observation) (rows []Part, sum string) {
	show := func(d *schema.Decimal) string {
		if d == nil {
			return "—"
		}
		return figure.Join(s.Scale.Number(*d), s.Scale.Unit)
	}
	for _, part := range p.Parts {
		row := Part{
			Name: f.Say(part.Region.Name), Value: show(part.Value), Asked: show(part.Asked), Said: f.Say(part.WhyNot.Text), By: f.Say(part.Source),
			Source: PartSource(f, s, part, show(part.Value), series[schema.SeriesKey{Indicator: s.Of.Indicator, Region: part.Region.Code}]),
		}
		row.unit = s.Scale.Unit
		if part.Asked != nil {
			row.asked = s.Scale.Number(*part.Asked)
		}
		if part.Value != nil {
			row.number = s.Scale.Number(*part.Value)
			row.Period = f.PeriodName(part.Period, s.Basis())
		}
		if part.Verdict != nil {
			status := figure.BadgeOf(*part.Verdict, f.Lang)
			row.Status, row.Said = &status, ""
		}
		rows = append(rows, row)
	}
	switch {
	case len(rows) == 0:
	case p.Sum != nil:
		sum = f.T("board-parts-sum", "period", f.PeriodName(p.Period, s.Basis()), "sum", show(p.Sum), "value", show(p.Value), "difference", show(p.Difference))
	default:
		sum = f.Say(p.SumWhyNot.Text)
	}
	return rows, sum
}

// Cells are the row of a table that is taken away.
func (p Part) Cells() []string {
	status, note := "", p.Said
	if p.Status != nil {
		status = p.Status.Word
	}
	if p.By != "" {
		note += " " + p.By
	}
	return []string{p.Name, p.number, p.unit, p.Period, p.asked, status, note}
}

// PartSource leads to the figure of a part: its cell, or its formula; a sum of
// several figures leads to all there are of the indicator. shown is the value
// as the page has it, obs are the part's figures in force.
func PartSource(f *web.Frame, s telling.Subject, part comparator.Part, shown string, obs []schema.Observation) *web.Source {
	if part.Value == nil || part.Period.IsZero() || !f.Traced {
		return nil
	}
	key := schema.Key{Indicator: s.Of.Indicator, Region: part.Region.Code, Basis: s.Basis(), Period: part.Period}
	for _, o := range obs {
		if o.Period.Last() == part.Period.Last() && o.Value != nil && o.Value.Equal(*part.Value) {
			return f.SourceOf(o, shown)
		}
	}
	if s.Ind.Formula != nil {
		return f.SourceOf(schema.Observation{Key: key}, shown)
	}
	return &web.Source{Href: f.IndicatorLink(s.Of.Indicator), Say: f.T("board-figure-link", "value", shown)}
}

package board

import (
	"net/url"
	"slices"

	"yardstick/comparator"
	"yardstick/comparator/telling"
	"yardstick/dashboards/web"
	"yardstick/schema"
	"yardstick/schema/figure"
	"yardstick/schema/targets"
)

// Teller says for papers beside the board what the board says: the same
// figures, the same sentences, from the same code.
type Teller struct {
	b *board
	f *frame
}

// NewTeller tells in lang of what was known on the day asOf; the links it gives
// lead to that day.
func NewTeller(register *targets.Register, lang string, asOf schema.Date) Teller {
	return Teller{&board{Options: Options{Register: register}}, &frame{Frame: &web.Frame{Lang: lang, Asked: asOf, AsOf: asOf, Traced: true}}}
}

// Told is one target as the list and its own page show it.
type Told struct {
	telling.Told
	Path          string // of its page, with the day and the language
	Source        string // path of the cell or the terms its figure comes from; empty without a figure
	Shape, Status string // of its status, which is the shape itself
	Progress      string // progress beside time gone, or what is known of it
}

// Tell is the target in words and figures; series are the figures in force of
// its indicator and region, by period.
func (t Teller) Tell(p schema.Policy, target schema.Target, v schema.Verdict, series []schema.Observation) Told {
	r := t.b.subjectOf(t.f, p, target, v, series).row(t.f)
	out := Told{Told: r.Told, Path: r.Href, Shape: r.Status.Shape, Status: r.Status.Word}
	if r.Source != nil {
		out.Source = r.Source.Href
	}
	if r.Bar != nil {
		out.Progress = r.Bar.Label
	}
	return out
}

// Tallies are those of the line that answers first.
func (t Teller) Tallies(verdicts []schema.Verdict) []telling.Tally {
	return t.f.voice().Tallies(verdicts)
}

// Status is a verdict's shape and word.
func (t Teller) Status(v schema.Verdict) (shape, word string) {
	b := figure.BadgeOf(v, t.f.Lang)
	return b.Shape, b.Word
}

// PartTold is a part of the target's region. Without an allocation it is not
// judged, and Said tells so.
type PartTold struct{ Name, Value, Asked, Period, Shape, Status, Said, Source string }

// Parts are the parts of a target's region, and what their sum says of it.
func (t Teller) Parts(p schema.Policy, target schema.Target, v schema.Verdict, parts comparator.Parts) (out []PartTold, sum string) {
	rows, sum := t.f.parts(parts, t.b.subjectOf(t.f, p, target, v, nil), nil)
	for _, r := range rows {
		told := PartTold{Name: r.Name, Value: r.Value, Asked: r.Asked, Period: r.Period, Said: r.Said, Source: r.By}
		if r.Status != nil {
			told.Shape, told.Status = r.Status.Shape, r.Status.Word
		}
		out = append(out, told)
	}
	return out, sum
}

// Figure is an observation as it was written, with its unit.
func (t Teller) Figure(o schema.Observation) string {
	row := t.f.Figure(o)
	return figure.Join(row.Value, row.Unit)
}

// Period is the observation's reference period in words.
func (t Teller) Period(o schema.Observation) string { return t.f.PeriodName(o.Period, o.Basis) }

// Overview is the path of the board of the policy on the teller's day.
func (t Teller) Overview(policy string) string { return t.f.LinkAs("/", t.f.Lang, t.f.Asked, policy) }

// VerdictsPath is where the API answers the policy's verdicts of that day.
func (t Teller) VerdictsPath(policy string) string {
	return "/api/v1/verdicts?" + url.Values{"as_of": {t.f.Asked.String()}, "policy": {policy}}.Encode()
}

// Of picks the policy's verdicts out of all, one a target for the target's own
// region, worst first. A target without one yet has a verdict that says so.
func (t Teller) Of(p schema.Policy, all []schema.Verdict, asOf schema.Date) []schema.Verdict {
	var out []schema.Verdict
	for _, target := range p.Targets {
		at := slices.IndexFunc(all, func(v schema.Verdict) bool {
			return v.Scope() == schema.Scope{Policy: p.ID, Target: target.ID, Region: target.Region}
		})
		if at < 0 {
			out = append(out, telling.NotJudged(p, target, asOf))
			continue
		}
		out = append(out, all[at])
	}
	slices.SortStableFunc(out, schema.Verdict.CompareWorst)
	return out
}

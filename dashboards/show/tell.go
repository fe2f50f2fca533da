package show

import (
	"net/url"

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
	register *targets.Register
	f        *web.Frame
}

// NewTeller tells in lang of what was known on the day asOf; the links it gives
// lead to that day.
func NewTeller(register *targets.Register, lang string, asOf schema.Date) Teller {
	return Teller{register, &web.Frame{Lang: lang, Asked: asOf, AsOf: asOf, Traced: true}}
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
	r := RowOf(t.f, Subject(t.register, t.f, p, target, v, series))
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
	return Voice(t.f).Tallies(verdicts)
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
	rows, sum := Parts(t.f, parts, Subject(t.register, t.f, p, target, v, nil), nil)
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

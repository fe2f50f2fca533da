package board

import (
	"net/url"
	"slices"

	"yardstick/comparator"
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
	ID, Title, Clause string
	Path              string // of its page, with the day and the language
	Source            string // path of the cell or the terms its figure comes from; empty without a figure
	Shape             string // of its status, which is the status itself
	Status            string
	StatusMarks       []string
	FigureBits        []string // reference period and what must be said of the figure
	Age               string
	Value, Target     string
	Unit              string
	Gap, GapUnit      string
	GapWord           string
	Progress          string // progress beside time gone, or what is known of it
	Deadline          string
	Outlook           string // when it will be done, in a few words
	Sentence          string // the same with what it rests on
	Late              bool
	Owner             string
	Unnamed           bool
	Reason            string
	Sums              []Sum
	Chance            string   // to be on time; empty when it is not known
	ChanceNote        string   // the range the figure is expected in, or why there is no chance
	Missing           []string // periods without a figure
	Curve             *Curve   // nil when nothing was observed
}

// Sum is one number of a verdict with how it came about.
type Sum struct{ Name, Value, How string }

// Curve is a trajectory in the unit the figures are shown in.
type Curve struct {
	Unit     string
	Seen     []Spot
	Schedule []Spot // the time line to the target, or the pace still needed
	Needed   bool   // it is the latter
	Target   float64
	From, To schema.Date
	Low      float64 // forecast at the deadline: one in ten is below,
	Middle   float64 // as many above as below,
	High     float64 // one in ten is above
	Forecast bool    // there is one
}

// Spot is one place of a curve. Break says that a figure before it is missing.
type Spot struct {
	Day   schema.Date
	Value float64
	Break bool
}

// Tell is the target in words and figures; series are the figures in force of
// its indicator and region, by period.
func (t Teller) Tell(p schema.Policy, target schema.Target, v schema.Verdict, series []schema.Observation) Told {
	f := t.f
	s := t.b.subjectOf(f, p, target, v, series)
	r := s.row(f)
	out := Told{
		ID: r.ID, Title: r.Title, Clause: r.Clause, Path: r.Href, Shape: r.Status.Shape, Status: r.Status.Word,
		StatusMarks: r.StatusMarks, FigureBits: r.FigureBits, Age: r.Age, Value: r.Value, Target: r.Target, Unit: r.Unit,
		Gap: r.Gap, GapUnit: r.GapUnit, GapWord: r.GapWord, Deadline: r.Deadline, Outlook: r.Outlook, Late: r.Late,
		Sentence: f.outlookSentence(v, s.outlook), Owner: r.Owner, Unnamed: r.Unnamed, Reason: f.Say(v.Reason.Text),
	}
	if r.Source != nil {
		out.Source = r.Source.Href
	}
	if r.Bar != nil {
		out.Progress = r.Bar.Label
	}
	for _, x := range s.arithmetic(f) {
		out.Sums = append(out.Sums, Sum(x))
	}
	out.ChanceNote = f.Say(v.ChanceWhyNot.Text)
	if v.Chance != nil {
		out.Chance, out.ChanceNote = f.Say(figure.Chance(*v.Chance, v.Thresholds)), s.howChance(f)
	}
	for _, m := range v.Missing {
		out.Missing = append(out.Missing, f.PeriodName(m, s.basis()))
	}
	if drawn, ok := plotOf(s); ok {
		out.Curve = s.curve(drawn)
	}
	return out
}

func (s subject) curve(p plot) *Curve {
	one := s.scale.Float(schema.NewDecimal(1, 0)) // one of the catalogue's unit, in the unit shown
	c := &Curve{Unit: s.unit(), Needed: p.needed, Target: p.target * one, From: p.start, To: p.end}
	for _, pt := range p.points {
		c.Seen = append(c.Seen, Spot{pt.Day, pt.Value.Float() * one, pt.Break})
	}
	for _, pl := range p.schedule {
		c.Schedule = append(c.Schedule, Spot{Day: pl.day, Value: pl.value * one})
	}
	low, ok := s.v.Forecast.At(.1)
	mid, also := s.v.Forecast.At(.5)
	high, too := s.v.Forecast.At(.9)
	if ok && also && too && s.v.Deadline.After(c.Seen[len(c.Seen)-1].Day) {
		c.Forecast, c.Low, c.Middle, c.High = true, low*one, mid*one, high*one
	}
	return c
}

// Tally is how many verdicts have a status.
type Tally struct {
	Shape, Word string
	N           int
	Note        string // what some of them are
}

// Tallies are those of the line that answers first.
func (t Teller) Tallies(verdicts []schema.Verdict) []Tally {
	var out []Tally
	for _, x := range t.f.tallies(verdicts) {
		out = append(out, Tally{x.Shape, x.Word, x.N, x.Note})
	}
	return out
}

// Status is a verdict's shape and word.
func (t Teller) Status(v schema.Verdict) (shape, word string) {
	b := t.f.BadgeOf(v)
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
			out = append(out, web.NotJudged(p, target, asOf))
			continue
		}
		out = append(out, all[at])
	}
	slices.SortStableFunc(out, schema.Verdict.CompareWorst)
	return out
}

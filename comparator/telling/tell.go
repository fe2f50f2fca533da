package telling

import (
	"yardstick/schema"
	"yardstick/schema/figure"
	"yardstick/schema/targets"
	"yardstick/schema/words"
)

// Voice speaks one language.
type Voice struct{ Lang string }

// T is a sentence of the catalogue in the voice's language.
func (f Voice) T(id string, args ...any) string { return words.Say(id, args...).In(f.Lang) }

// Say is a text in the voice's language.
func (f Voice) Say(t schema.Text) string { return t.In(f.Lang) }

// PeriodName is a reference period as people read it.
func (f Voice) PeriodName(p schema.Period, b schema.Basis) string { return f.Say(figure.Period(p, b)) }

// Told is one target as every list and page shows it.
type Told struct {
	ID, Title, Clause string
	Status            figure.Badge
	StatusMarks       []string
	FigureBits        []string // reference period and what must be said of the figure
	Age               string
	Value, Target     string
	Unit              string
	Gap, GapUnit      string
	GapWord           string // what a gap that is none means: 超出, 余量
	Bar               *Bar   // progress against time; nil where the target has neither
	Deadline          string
	Outlook           string // when it will be done, in a few words
	Sentence          string // the same with what it rests on
	Late              bool
	Owner             string
	Unnamed           bool // nobody is named
	Reason            string
	Sums              []Sum
	Chance            string   // to be on time; empty when it is not known
	Missing           []string // periods without a figure
	Curve             *Curve   // nil when nothing was observed
}

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

// Tell is a verdict in words and figures: series are the figures in force of its
// indicator and region, by period. What has left the register is told by what the
// verdict itself knows. day is the day it is told on; the verdict of an earlier
// one is told as of its own.
func Tell(v schema.Verdict, series []schema.Observation, register *targets.Register, lang string, day schema.Date) Told {
	return subjectOf(v, series, register, lang, day).Told()
}

func subjectOf(v schema.Verdict, series []schema.Observation, register *targets.Register, lang string, day schema.Date) Subject {
	t, known := register.Target(v.Policy, v.Target)
	if !known {
		t = schema.Target{Policy: v.Policy, ID: v.Target, Title: schema.Text{Zh: v.Target, En: v.Target}, Clause: v.Clause, Kind: v.Kind, Direction: v.Direction, Op: v.Op}
	}
	t.Region, t.Value, t.Tolerance, t.Unit = v.Region, v.TargetValue, v.Tolerance, v.Unit // a part has its own
	p, _ := register.Policy(v.Policy)
	ind, _ := register.Indicators.ByCode(t.Indicator)
	if v.AsOf.IsZero() {
		v.AsOf = day
	}
	return Voice{lang}.Subject(p, t, ind, Verdict(v, ind), series)
}

// line is the subject as a row of a list says it.
func (s Subject) line() Told {
	v := s.V
	out := Told{
		ID: s.Of.ID, Title: s.Say(s.Of.Title), Clause: s.T("board-clause", "n", s.Of.Clause), Status: figure.BadgeOf(v, s.Lang),
		StatusMarks: s.StatusMarks(v), FigureBits: s.FigureBits(v, s.Period()), Value: s.Value(), Target: s.Target(), Unit: s.Unit(),
		Deadline: s.Deadline(),
	}
	out.Gap, out.GapUnit, out.GapWord = s.Gap()
	out.Owner, out.Unnamed = s.Owner(s.Of)
	if v.Chance != nil {
		out.Chance = s.Say(figure.Chance(*v.Chance, v.Thresholds))
	}
	return out
}

// Told is the subject in words and figures.
func (s Subject) Told() Told {
	v, out := s.V, s.line()
	out.Bar, out.Sentence, out.Reason, out.Sums = s.Bar(), s.OutlookSentence(v, s.Outlook), s.Say(v.Reason.Text), s.Sums()
	if v.AgeDays != nil {
		out.Age = s.T("board-age", "days", figure.Days(*v.AgeDays))
	}
	out.Outlook, out.Late = s.Voice.Outlook(v, s.Outlook)
	for _, m := range v.Missing {
		out.Missing = append(out.Missing, s.PeriodName(m, s.Basis()))
	}
	if drawn, ok := s.Plot(); ok {
		out.Curve = s.curve(drawn)
	}
	return out
}

func (s Subject) curve(p Drawing) *Curve {
	one := s.Scale.Float(schema.NewDecimal(1, 0)) // one of the catalogue's unit, in the unit shown
	c := &Curve{Unit: s.Unit(), Needed: p.Needed, Target: p.Target * one, From: p.Start, To: p.End}
	for _, pt := range p.Points {
		c.Seen = append(c.Seen, Spot{pt.Day, s.Scale.Float(pt.Value), pt.Break})
	}
	for _, pl := range p.Schedule {
		c.Schedule = append(c.Schedule, Spot{Day: pl.Day, Value: pl.Value * one})
	}
	low, ok := s.V.Forecast.At(.1)
	mid, also := s.V.Forecast.At(.5)
	high, too := s.V.Forecast.At(.9)
	if ok && also && too && s.V.Deadline.After(c.Seen[len(c.Seen)-1].Day) {
		c.Forecast, c.Low, c.Middle, c.High = true, low*one, mid*one, high*one
	}
	return c
}

// Tally is how many verdicts have a status.
type Tally struct {
	figure.Badge
	N    int
	Note string // what some of them are
}

// Tallies count verdicts by status in the order a leader reads them: the five
// that every month has, and between them the rarer ones where there are any.
func (f Voice) Tallies(verdicts []schema.Verdict) []Tally {
	order := schema.StatusesTold()
	count := map[schema.Status]int{}
	limits, notBegun := 0, 0
	for _, v := range verdicts {
		count[v.Status]++
		if v.Status == schema.OnTrack && v.Kind.Limit() {
			limits++
		}
		if v.Status == schema.Open && v.Marks.NotBegun {
			notBegun++
		}
	}
	out := make([]Tally, 0, len(order))
	for _, s := range order {
		if count[s] == 0 && s.Rare() {
			continue
		}
		t := Tally{Badge: figure.Badge{Shape: string(s), Word: f.Say(s.Label())}, N: count[s]}
		switch {
		case s == schema.OnTrack && limits > 0:
			t.Note = f.T("board-of-these-limits", "n", limits)
		case s == schema.Open && notBegun > 0:
			t.Note = f.T("board-of-these-not-begun", "n", notBegun)
		}
		out = append(out, t)
	}
	return out
}

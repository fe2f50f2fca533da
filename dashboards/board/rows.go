package board

import (
	"fmt"
	"math"
	"slices"

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
	Href, Title, Clause string
	ID                  string
	Status              web.Badge
	StatusMarks         []string
	Change              *delta // since the day compared with
	Value, Target, Unit string
	Source              *web.Source // where the value comes from
	FigureBits          []string    // reference period and what must be said of the figure
	Age                 string
	Gap, GapUnit        string
	GapWord             string // what a gap that is none means: 超出, 余量
	Bar                 *bar
	Spark               *spark
	Deadline            string
	Outlook             string
	Late                bool
	Owner               string
	Unnamed             bool // nobody is named
}

// subject is a verdict with what is needed to show it.
type subject struct {
	v         schema.Verdict
	t         schema.Target
	p         schema.Policy
	ind       schema.Indicator
	scale     figure.Scale
	start     schema.Date
	outlook   projection
	points    []point
	fan       []fanStep // of the verdict's forecast, oldest first; empty without one
	judgedObs *schema.Observation
	obs       []schema.Observation // the series as known
}

// subjectOf puts together what stands in register, catalogue and verdict.
func (b *board) subjectOf(f *frame, p schema.Policy, t schema.Target, v schema.Verdict, obs []schema.Observation) subject {
	ind, _ := b.Register.Indicators.ByCode(t.Indicator)
	s := subject{v: v, t: t, p: p, ind: ind, scale: figure.ScaleOf(ind, t.Unit, f.Lang), start: startOf(v, t, p), judgedObs: judgedOf(v), obs: obs}
	s.outlook = project(v, s.start)
	s.points = trajectory(v, t, s.start, obs)
	return s
}

// value is the figure judged, as it was written; — when there is none.
func (s subject) value(f *frame) string {
	switch {
	case s.v.Value == nil:
		return "—"
	case s.t.Kind == schema.Milestone && s.v.Value.Sign() > 0:
		return f.T("board-done")
	case s.t.Kind == schema.Milestone:
		return f.T("board-not-done")
	}
	return s.shown().String()
}

// shown is the figure judged on the page's scale. There must be one.
func (s subject) shown() schema.Decimal {
	return s.scale.Figure(*s.v.Value, s.judgedObs, &s.t.Value)
}

// target is what was promised, in the unit of the value.
func (s subject) target(f *frame) string {
	switch s.t.Kind {
	case schema.Milestone:
		return f.T("board-done")
	case schema.Ceiling:
		return "≤ " + s.scale.Number(s.t.Value)
	case schema.Floor:
		return "≥ " + s.scale.Number(s.t.Value)
	case schema.Cadence:
		return "≤ " + s.scale.Number(s.t.Value)
	case schema.Rate, schema.Range:
		low, high := s.t.Bounds()
		switch {
		case low != nil && high != nil:
			return s.scale.Number(*low) + "–" + s.scale.Number(*high)
		case low != nil:
			return "≥ " + s.scale.Number(*low)
		}
		return "≤ " + s.scale.Number(*high)
	}
	return s.scale.Number(s.t.Value)
}

func (s subject) unit() string {
	if s.t.Kind == schema.Milestone {
		return ""
	}
	return s.scale.Unit
}

// gap is what is missing, or by how much it is more than met; word says which.
func (s subject) gap(f *frame) (number, unit, word string) {
	v := s.v
	if v.Value == nil || v.Gap == nil || s.t.Kind == schema.Milestone {
		return "—", "", ""
	}
	if s.t.Kind == schema.Cadence {
		return s.dueIn(f)
	}
	if v.Gap.Sign() == 0 {
		return "—", "", ""
	}
	number, unit = s.scale.Gap(s.shown(), s.t.Value), s.scale.GapUnit
	if s.t.Tolerance != nil { // to the bound
		number = s.scale.Gap(s.shown(), v.Value.Add(*v.Gap))
	}
	switch {
	case v.Gap.Sign() > 0 && timeless(s.t.Kind):
		word = f.T("board-gap-over-limit")
	case v.Gap.Sign() > 0:
	case timeless(s.t.Kind):
		word = f.T("board-gap-room")
	default:
		word = f.T("board-gap-beyond")
	}
	return number, unit, word
}

// dueIn is the verdict's own gap of a cadence: the days until the next report is
// due, or by how many it is late. Where one is owed each working day they are
// working days.
func (s subject) dueIn(f *frame) (number, unit, word string) {
	days := s.v.Gap.Abs()
	one := days.Equal(schema.NewDecimal(1, 0))
	switch {
	case s.t.Every == schema.Daily && one:
		unit = f.T("board-unit-working-day")
	case s.t.Every == schema.Daily:
		unit = f.T("board-unit-working-days")
	case one:
		unit = f.T("board-unit-day")
	default:
		unit = s.scale.Unit
	}
	word = f.T("board-gap-next-report")
	if s.v.Gap.Sign() > 0 {
		word = f.T("board-gap-report-late")
	}
	return days.String(), unit, word
}

// period is the figure's reference period in words.
func (s subject) period(f *frame) string {
	if s.v.Period.IsZero() {
		return ""
	}
	return f.PeriodName(s.v.Period, s.basis())
}

func (s subject) basis() schema.Basis {
	for _, in := range s.v.Inputs {
		if (in.Role == schema.RoleJudged || in.Role == schema.RolePart) && in.Indicator == s.t.Indicator {
			return in.Basis
		}
	}
	return s.ind.Basis
}

// bar is progress against time, as far as the target has either.
func (s subject) bar(f *frame) *bar {
	v := s.v
	if timeless(s.t.Kind) || s.t.Kind == schema.Milestone && v.Schedule == nil {
		return nil
	}
	b := &bar{}
	if v.Schedule != nil {
		b.Tick = width(*v.Schedule)
	}
	switch {
	case v.Progress != nil && v.Schedule != nil:
		b.Fill = width(*v.Progress)
		b.Label = f.T("board-bar", "progress", figure.Percent(*v.Progress), "time", figure.Percent(*v.Schedule))
	case v.Progress != nil:
		b.Fill = width(*v.Progress)
		b.Label = f.T("board-bar-progress", "progress", figure.Percent(*v.Progress))
	case v.Attainment != nil && s.t.Kind != schema.Milestone:
		b.Fill, b.Tick, b.Hollow = width(*v.Attainment), "", true
		b.Label = f.T("board-bar-attainment", "share", figure.Percent(*v.Attainment))
		if v.Pace != nil {
			b.Label = f.T("board-bar-pace", "share", figure.Percent(*v.Attainment),
				"pace", figure.Ratio(*v.Pace, v.Thresholds.PaceAtRisk, v.Thresholds.PaceOnTrack))
		}
	case v.Schedule != nil:
		b.Fill = "0%"
		b.Label = f.T("board-bar-time", "time", figure.Percent(*v.Schedule))
	default:
		return nil
	}
	return b
}

func width(share float64) string {
	return across(math.Min(1, math.Max(0, share)))
}

// deadline is the day, how often, or that there is none.
func (s subject) deadline(f *frame) string {
	switch {
	case s.t.Kind == schema.Cadence && s.t.Every == schema.TenDay:
		return f.T("board-every-ten-days")
	case s.t.Kind == schema.Cadence:
		return f.T("board-every-working-day")
	case web.Limit(s.t.Kind):
		return f.T("board-always")
	case s.v.Deadline.IsZero():
		return f.T("board-undated")
	}
	return s.v.Deadline.String()
}

func (f *frame) owner(t schema.Target) (name string, unnamed bool) {
	name = f.Say(t.Owner)
	if nobody := f.T("board-no-owner"); name == "" || name == nobody {
		return nobody, true
	}
	return name, false
}

// row is the subject as a line of the list.
func (s subject) row(f *frame) row {
	v := s.v
	r := row{
		Href: f.TargetLink(v.Policy, v.Target), Title: f.Say(s.t.Title), Clause: f.Clause(s.t.Clause), ID: s.t.ID,
		Status: f.BadgeOf(v), StatusMarks: f.statusMarks(v), FigureBits: f.figureBits(v, s.period(f)),
		Value: s.value(f), Target: s.target(f), Unit: s.unit(),
		Bar: s.bar(f), Spark: f.sparkOf(s.points, s.scale), Deadline: s.deadline(f),
	}
	r.Gap, r.GapUnit, r.GapWord = s.gap(f)
	if v.AgeDays != nil {
		r.Age = f.T("board-age", "days", figure.Days(*v.AgeDays))
	}
	r.Outlook, r.Late = f.outlook(v, s.outlook)
	r.Owner, r.Unnamed = f.owner(s.t)
	r.Source = s.source(f)
	return r
}

// card is a headline target, large.
type card struct {
	row
	Line  string   // target and gap in a sentence
	Bits  []string // period and marks
	Chart *chart
	Say   string
}

func (s subject) card(f *frame) card {
	c := card{row: s.row(f), Say: f.outlookSentence(s.v, s.outlook)}
	if c.Say == "" {
		c.Say = f.Say(s.v.Reason.Text)
	}
	c.Bits = slices.Concat(c.FigureBits, c.StatusMarks)
	promised := figure.Join(s.target(f), s.unit())
	switch {
	case c.Gap == "—":
		c.Line = f.T("board-card-line-met", "target", promised)
	case c.GapWord != "":
		c.Line = f.T("board-card-line-word", "target", promised, "word", c.GapWord, "gap", figure.Join(c.Gap, c.GapUnit))
	default:
		c.Line = f.T("board-card-line", "target", promised, "gap", figure.Join(c.Gap, c.GapUnit))
	}
	if p, ok := plotOf(s); ok {
		drawn := f.draw(p, s.scale, s.chartLabel(f), false)
		c.Chart = &drawn
		if len(p.fan) > 0 {
			c.Say += s.fanCaption(f)
		}
	}
	return c
}

// chartLabel tells the drawing to who cannot see it.
func (s subject) chartLabel(f *frame) string {
	return f.T("board-chart-label", "title", f.Say(s.t.Title), "n", fmt.Sprint(observed(s.points)),
		"target", figure.Join(s.target(f), s.unit()))
}

func observed(pts []point) int {
	n := 0
	for _, p := range pts {
		if p.Obs != nil {
			n++
		}
	}
	return n
}

// source is where the value judged comes from: its cell, the terms of its
// formula, or the figures it is the sum of. It is nil where there is no value.
func (s subject) source(f *frame) *web.Source {
	switch {
	case s.v.Value == nil || !f.Traced:
		return nil
	case s.judgedObs != nil:
		return f.SourceOf(*s.judgedObs, s.value(f))
	case s.ind.Formula != nil && !s.v.Period.IsZero():
		return f.SourceOf(schema.Observation{Key: schema.Key{Indicator: s.t.Indicator, Region: s.v.Region, Basis: s.basis(), Period: s.v.Period}}, s.value(f))
	}
	return &web.Source{Href: f.TargetLink(s.v.Policy, s.v.Target) + "#inputs", Say: f.T("board-figure-link", "value", s.value(f))}
}

package telling

import (
	"cmp"

	"yardstick/schema"
	"yardstick/schema/figure"
	"yardstick/schema/vintage"
)

// Bar is progress against time. Fill is progress, Tick the time gone, as
// fractions of 1; nil is not known. Hollow is the share of the target where
// progress from a baseline cannot be known; it carries no tick, which would
// mislead.
type Bar struct {
	Fill, Tick *float64
	Hollow     bool
	Label      string // in words
}

// Subject is a verdict with what is needed to show it, in one language.
type Subject struct {
	Voice
	V       schema.Verdict
	Of      schema.Target
	P       schema.Policy
	Ind     schema.Indicator
	Scale   figure.Scale
	Start   schema.Date // the day the target's time runs from
	Outlook Outlook
	Points  []Point
	Fan     []FanStep // of the verdict's forecast, oldest first; empty without one
	Judged  *schema.Observation
	Obs     []schema.Observation // the series as known
}

// Subject puts together what stands in register, catalogue and verdict.
func (f Voice) Subject(p schema.Policy, t schema.Target, ind schema.Indicator, v schema.Verdict, obs []schema.Observation) Subject {
	s := Subject{Voice: f, V: v, Of: t, P: p, Ind: ind, Scale: figure.ScaleOf(ind, t.Unit, f.Lang), Start: startOf(v, t, p), Judged: JudgedOf(v), Obs: obs}
	s.Outlook = project(v, s.Start)
	s.Points = Trajectory(v, t, ind, s.Start, obs)
	return s
}

// Value is the figure judged, as it was written; — when there is none.
func (s Subject) Value() string {
	switch {
	case s.V.Value == nil:
		return "—"
	case s.Of.Kind == schema.Milestone && s.V.Value.Sign() > 0:
		return s.T("board-done")
	case s.Of.Kind == schema.Milestone:
		return s.T("board-not-done")
	}
	return s.Shown().String()
}

// Shown is the figure judged on the page's scale. There must be one.
func (s Subject) Shown() schema.Decimal {
	return s.Scale.Figure(*s.V.Value, s.Judged, &s.Of.Value)
}

// Target is what was promised, in the unit of the value.
func (s Subject) Target() string {
	switch s.Of.Kind {
	case schema.Milestone:
		return s.T("board-done")
	case schema.Ceiling, schema.Cadence:
		return "≤ " + s.Scale.Number(s.Of.Value)
	case schema.Floor:
		return "≥ " + s.Scale.Number(s.Of.Value)
	case schema.Rate, schema.Range:
		low, high := s.Of.Bounds()
		switch {
		case low != nil && high != nil:
			return s.Scale.Number(*low) + "–" + s.Scale.Number(*high)
		case low != nil:
			return "≥ " + s.Scale.Number(*low)
		}
		return "≤ " + s.Scale.Number(*high)
	}
	return s.Scale.Number(s.Of.Value)
}

func (s Subject) Unit() string {
	if s.Of.Kind == schema.Milestone {
		return ""
	}
	return s.Scale.Unit
}

// Gap is what is missing, or by how much it is more than met; word says which.
func (s Subject) Gap() (number, unit, word string) {
	v := s.V
	if v.Value == nil || v.Gap == nil || s.Of.Kind == schema.Milestone {
		return "—", "", ""
	}
	if s.Of.Kind == schema.Cadence {
		return s.DueIn()
	}
	if v.Gap.Sign() == 0 {
		return "—", "", ""
	}
	number, unit = s.Scale.Gap(s.Shown(), s.Of.Value), s.Scale.GapUnit
	if s.Of.Tolerance != nil { // to the bound
		number = s.Scale.Gap(s.Shown(), v.Value.Add(*v.Gap))
	}
	switch {
	case v.Gap.Sign() > 0 && Timeless(s.Of.Kind):
		word = s.T("board-gap-over-limit")
	case v.Gap.Sign() > 0:
	case Timeless(s.Of.Kind):
		word = s.T("board-gap-room")
	default:
		word = s.T("board-gap-beyond")
	}
	return number, unit, word
}

// DueIn is the verdict's own gap of a cadence: the days until the next report is
// due, or by how many it is late. Where one is owed each working day they are
// working days.
func (s Subject) DueIn() (number, unit, word string) {
	days := s.V.Gap.Abs()
	one := days.Equal(schema.NewDecimal(1, 0))
	switch {
	case s.Of.Every == schema.Daily && one:
		unit = s.T("board-unit-working-day")
	case s.Of.Every == schema.Daily:
		unit = s.T("board-unit-working-days")
	case one:
		unit = s.T("board-unit-day")
	default:
		unit = s.Scale.Unit
	}
	word = s.T("board-gap-next-report")
	if s.V.Gap.Sign() > 0 {
		word = s.T("board-gap-report-late")
	}
	return days.String(), unit, word
}

// Period is the figure's reference period in words.
func (s Subject) Period() string {
	if s.V.Period.IsZero() {
		return ""
	}
	return s.PeriodName(s.V.Period, s.Basis())
}

func (s Subject) Basis() schema.Basis { return cmp.Or(s.basisOf(s.V), s.Ind.Basis) }

// Bar is progress against time, as far as the target has either.
func (s Subject) Bar() *Bar {
	v := s.V
	if Timeless(s.Of.Kind) || s.Of.Kind == schema.Milestone && v.Schedule == nil {
		return nil
	}
	b := &Bar{Tick: v.Schedule}
	switch {
	case v.Progress != nil && v.Schedule != nil:
		b.Fill = v.Progress
		b.Label = s.T("board-bar", "progress", figure.Percent(*v.Progress), "time", figure.Percent(*v.Schedule))
	case v.Progress != nil:
		b.Fill = v.Progress
		b.Label = s.T("board-bar-progress", "progress", figure.Percent(*v.Progress))
	case v.Attainment != nil && s.Of.Kind != schema.Milestone:
		b.Fill, b.Tick, b.Hollow = v.Attainment, nil, true
		b.Label = s.T("board-bar-attainment", "share", figure.Percent(*v.Attainment))
		if v.Pace != nil {
			b.Label = s.T("board-bar-pace", "share", figure.Percent(*v.Attainment),
				"pace", figure.Ratio(*v.Pace, v.Thresholds.PaceAtRisk, v.Thresholds.PaceOnTrack))
		}
	case v.Schedule != nil:
		b.Fill = new(float64)
		b.Label = s.T("board-bar-time", "time", figure.Percent(*v.Schedule))
	default:
		return nil
	}
	return b
}

// Deadline is the day, how often, or that there is none.
func (s Subject) Deadline() string {
	switch {
	case s.Of.Kind == schema.Cadence && s.Of.Every == schema.TenDay:
		return s.T("board-every-ten-days")
	case s.Of.Kind == schema.Cadence:
		return s.T("board-every-working-day")
	case s.Of.Kind.Limit():
		return s.T("board-always")
	case s.V.Deadline.IsZero():
		return s.T("board-undated")
	}
	return s.V.Deadline.String()
}

func (f Voice) Owner(t schema.Target) (name string, unnamed bool) {
	name = f.Say(t.Owner)
	if nobody := f.T("board-no-owner"); name == "" || name == nobody {
		return nobody, true
	}
	return name, false
}

// madeOf is the first of the target's own figures that a verdict was made from; the
// zero key when there is none.
func madeOf(v schema.Verdict, t schema.Target) schema.Key {
	for _, in := range v.Inputs {
		if (in.Role == schema.RoleJudged || in.Role == schema.RolePart) && in.Indicator == t.Indicator {
			return in.Key
		}
	}
	return schema.Key{}
}

// basisOf is the basis of the figures a verdict on the target was made from, as
// the indicator's own series calls it; "" when there are none.
func (s Subject) basisOf(v schema.Verdict) schema.Basis {
	return vintage.Name(s.Ind, vintage.Fact(madeOf(v, s.Of))).Basis
}

// JudgedOf is the very figure the verdict judged, where it is one that somebody
// wrote.
func JudgedOf(v schema.Verdict) *schema.Observation {
	for i, in := range v.Inputs {
		if in.Role == "judged" && v.Value != nil && in.Value != nil && in.Value.Equal(*v.Value) {
			return &v.Inputs[i].Observation
		}
	}
	return nil
}

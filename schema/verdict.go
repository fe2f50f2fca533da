package schema

import (
	"cmp"
	"time"
)

// Role is what a verdict used an observation for.
type Role string

// The roles. The figure judged is the one observation of role judged, or the sum
// of the parts less the baseline; or the numerator over the denominator.
const (
	RoleJudged      Role = "judged"
	RoleBaseline    Role = "baseline"
	RoleNumerator   Role = "numerator"
	RoleDenominator Role = "denominator"
	RolePart        Role = "part"
	RoleHistory     Role = "history" // of the series the pace and the forecast rest on
)

// Roles lists them.
func Roles() []Role {
	return []Role{RoleJudged, RoleBaseline, RoleNumerator, RoleDenominator, RolePart, RoleHistory}
}

// Input is one observation a verdict used, and what for.
type Input struct {
	Role Role `json:"role"`
	Observation
}

// Marks stand beside a status.
type Marks struct {
	Provisional        bool `json:"provisional"`                   // 初步
	ReachedLate        bool `json:"reached_late,omitempty"`        // 逾期达标
	AwaitingFinal      bool `json:"awaiting_final,omitempty"`      // 待期末数
	Stale              bool `json:"stale,omitempty"`               // 数据过期
	StaleDays          int  `json:"stale_days,omitempty"`          // days past due and grace
	Synthetic          bool `json:"synthetic,omitempty"`           // 演示数据
	ReadingUnconfirmed bool `json:"reading_unconfirmed,omitempty"` // 口径待确认
	NotBegun           bool `json:"not_begun,omitempty"`           // open because its time has hardly begun
	LateCadence        bool `json:"late_cadence,omitempty"`        // 报送超期
}

// Verdict is one target judged for one region as of one day, with everything
// it was judged on. A nil number is unknown, which is not zero. Value, Gap,
// Target and Baseline are in Unit; ratios are fractions of 1.
type Verdict struct {
	Policy       string        `json:"policy"`
	Target       string        `json:"target"`
	Region       string        `json:"region"`
	AsOf         Date          `json:"as_of"`
	Status       Status        `json:"status"`
	Rule         string        `json:"rule"`   // number and name: "6 pace"
	Reason       Reason        `json:"reason"` // the rule's sentence with its figures
	Marks        Marks         `json:"marks"`
	Clause       int           `json:"clause"`
	Kind         Kind          `json:"kind"`
	Direction    Direction     `json:"direction"`
	Op           string        `json:"op"`
	Unit         string        `json:"unit"`
	Value        *Decimal      `json:"value"`
	TargetValue  Decimal       `json:"target_value"`
	Tolerance    *Decimal      `json:"tolerance,omitempty"` // how far from TargetValue still counts
	Gap          *Decimal      `json:"gap"`                 // positive = short of the target
	GapRatio     *float64      `json:"gap_ratio"`
	Attainment   *float64      `json:"attainment"`
	Progress     *float64      `json:"progress"`
	Schedule     *float64      `json:"schedule"`
	Pace         *float64      `json:"pace"`
	Chance       *float64      `json:"chance"`
	ChanceWhyNot Reason        `json:"chance_missing,omitzero"` // why there is no chance
	PaceWhyNot   Reason        `json:"pace_missing,omitzero"`
	Baseline     *Decimal      `json:"baseline"`
	BaselineDate Date          `json:"baseline_date"`
	Start        Date          `json:"start"` // the time runs from the end of this day
	Deadline     Date          `json:"deadline"`
	Path         string        `json:"path,omitempty"` // linear, compound or plan
	Plan         []PlanPoint   `json:"plan,omitempty"`
	Planned      *float64      `json:"planned"`     // what the path asks for at the end of the period, in Unit
	Period       Period        `json:"period"`      // the figure's reference period
	Observed     Date          `json:"observed_at"` // its last day
	Published    Date          `json:"published_at"`
	AgeDays      *int          `json:"age_days"`
	SlopeSeen    *float64      `json:"slope_observed"` // per year, in Unit
	SlopeNeeded  *float64      `json:"slope_required"`
	SlopeOver    []SeriesPoint `json:"slope_over,omitempty"` // the points SlopeSeen was taken over
	ReachedOn    Date          `json:"reached_on"`           // last day of the first period that met it
	LostOn       Date          `json:"lost_on"`              // when a level was lost again
	Breaches     int           `json:"breaches"`             // earlier breaches of a limit
	Missing      []Period      `json:"missing_periods,omitempty"`
	Expected     *Projection   `json:"expected,omitempty"` // when it is reached at the pace of the last periods; nil: never, or too little is known
	Forecast     *Forecast     `json:"forecast,omitempty"` // what Chance rests on; nil without one
	Thresholds   Thresholds    `json:"thresholds"`
	Inputs       []Input       `json:"inputs"`
}

// Forecast is how a series is expected to go on until the deadline, with the
// series it was made from, so that it can be made again.
type Forecast struct {
	Method    string        `json:"method"`               // what made it, and how it was calibrated
	Begin     Date          `json:"begin,omitzero"`       // of a running total: the last day on which nothing was counted yet
	ByChanges bool          `json:"by_changes,omitempty"` // a level that only rose, or only fell, is continued by its changes
	Points    []SeriesPoint `json:"points"`               // the series, oldest first, in Unit
	Quantiles []Quantile    `json:"quantiles"`            // of the figure at the deadline, ascending
}

// Projection is the day a target is reached if the figure goes on changing as
// it did over the last periods: (value - earlier value) / days, continued in a
// straight line. It is arithmetic and no forecast, and tells what it rests on.
type Projection struct {
	Periods    int       `json:"periods"`   // how many periods the pace was taken over
	Frequency  Frequency `json:"frequency"` // of those periods
	FromDay    Date      `json:"from_day"`
	FromValue  Decimal   `json:"from_value"`
	ToDay      Date      `json:"to_day"`
	ToValue    Decimal   `json:"to_value"`
	PerYear    float64   `json:"per_year"` // in the indicator's unit
	Day        Date      `json:"day"`      // on which the target is met
	MonthsLate int       `json:"months_late"`
	Late       bool      `json:"late"` // Day is after the deadline
}

// SeriesPoint is one place of the series a target is judged along: a level, or
// the running total at the end of a period.
type SeriesPoint struct {
	Period Period  `json:"period"`
	Value  Decimal `json:"value"`
	Final  bool    `json:"final"`
}

// Quantile is the value, in the verdict's unit, below which the figure stays
// with probability P.
type Quantile struct {
	P     float64 `json:"p"`
	Value float64 `json:"value"`
}

// At is the quantile of probability p; ok is false when the forecast, which may
// be nil, does not tell it.
func (f *Forecast) At(p float64) (value float64, ok bool) {
	if f == nil {
		return 0, false
	}
	for _, q := range f.Quantiles {
		if q.P == p {
			return q.Value, true
		}
	}
	return 0, false
}

// Scope names what a verdict is about.
type Scope struct{ Policy, Target, Region string }

// Scope of the verdict.
func (v Verdict) Scope() Scope { return Scope{v.Policy, v.Target, v.Region} }

// SameAs reports whether nothing a reader would notice differs: status, value,
// rule, marks (the count of stale days aside) and the day the figure is of.
func (v Verdict) SameAs(w Verdict) bool {
	a, b := v.Marks, w.Marks
	a.StaleDays, b.StaleDays = 0, 0
	if v.Scope() != w.Scope() || v.Status != w.Status || v.Rule != w.Rule || a != b || v.Period.Last() != w.Period.Last() ||
		(v.Value == nil) != (w.Value == nil) {
		return false
	}
	return v.Value == nil || v.Value.Equal(*w.Value)
}

// Behind reports whether the promise is not kept, or will not be at this pace,
// so that somebody has to say why: lagging or worse. What was reached late is
// done.
func (v Verdict) Behind() bool {
	return (v.Status == Missed || v.Status == Breached || v.Status == Lagging) && !v.Marks.ReachedLate
}

// Lag is how far progress is behind the share of time gone (进度差), as a
// fraction of 1: positive is behind. Without a baseline it follows from pace,
// which is progress over schedule. ok is false when it is unknown.
func (v Verdict) Lag() (lag float64, ok bool) {
	switch {
	case v.Schedule == nil:
		return 0, false
	case v.Progress != nil:
		return *v.Schedule - *v.Progress, true
	case v.Pace != nil:
		return *v.Schedule * (1 - *v.Pace), true
	}
	return 0, false
}

// CompareWorst orders verdicts as worst lists show them: status, then points
// behind schedule (most first), then days left to the deadline (fewest first);
// what is unknown comes after what is known. It is negative when v comes first.
func (v Verdict) CompareWorst(w Verdict) int {
	if c := v.Status.Rank() - w.Status.Rank(); c != 0 {
		return c
	}
	a, aok := v.Lag()
	b, bok := w.Lag()
	switch {
	case aok != bok:
		return knownFirst(aok)
	case aok && a != b:
		return cmp.Compare(b, a)
	case v.Deadline.IsZero() != w.Deadline.IsZero():
		return knownFirst(w.Deadline.IsZero())
	}
	return v.Deadline.Compare(w.Deadline)
}

func knownFirst(known bool) int {
	if known {
		return -1
	}
	return 1
}

// Judged is the one observation whose value was judged as it is; nil where the
// value was computed.
func (v Verdict) Judged() (found *Observation) {
	for i, in := range v.Inputs {
		if in.Role == RoleJudged && in.Value != nil && v.Value != nil && in.Value.Equal(*v.Value) {
			found = &v.Inputs[i].Observation
		}
	}
	return found
}

// VerdictRun is one pass of the comparator.
type VerdictRun struct {
	ID      string    `json:"id"`
	At      time.Time `json:"at"`
	AsOf    Date      `json:"as_of"`
	Cause   string    `json:"cause"` // one of Causes
	Judged  int       `json:"judged"`
	Changed int       `json:"changed"`
	Height  uint64    `json:"ledger_height"`

	Registers string `json:"-"` // digest of the registers it judged by, as kept
}

// Causes of a changed verdict.
const (
	CauseFigure   = "figure"   // a new figure came
	CauseRevision = "revision" // a figure was revised or withdrawn
	CauseTime     = "time"     // only time has passed
	CauseRegister = "register" // the target's entry says something else
	CauseRule     = "rule"     // the rule by which figures stand is another
)

// Causes lists them.
func Causes() []string {
	return []string{CauseFigure, CauseRevision, CauseTime, CauseRegister, CauseRule}
}

// Turn is a change of a verdict's status as it was told at the time: by a run
// of the comparator, on what was known then.
type Turn struct {
	Scope  Scope     `json:"scope"`
	Day    Date      `json:"day"`  // as of which it was judged
	At     time.Time `json:"at"`   // of the run
	From   Status    `json:"from"` // empty: the first that was told
	To     Status    `json:"to"`
	Cause  string    `json:"cause"` // one of Causes; empty for the first
	Value  *Decimal  `json:"value"` // judged, in the target's unit; nil when there was none
	Period Period    `json:"period"`
}

// Shown is what there is to say of a verdict in one language, for those who show
// it with SQL: words and digits as every page has them.
type Shown struct {
	Scope
	Lang             string
	AsOf             Date
	Place            int  // in the list, the worst first; 0: a part that nothing was allocated to, which has none
	Bound            bool // a limit or a cadence, which has no way to go
	Title            string
	Status           string // as it is said of this kind of target
	Value, Target    string // with their unit
	Gap              string // what is missing, with the word that says what one that is none means
	Progress         *float64
	Schedule         *float64
	Lag, Chance      string
	Outlook          string
	Deadline, Period string
	Owner, Marks     string
	AgeDays          int      // of the figure, if there is one
	StaleDays        int      // past due and grace
	Lines            []string // a few short lines
	Story            string   // paragraphs
	Curve            []ShownSpot
}

// ShownSpot is one day of a target's trajectory, in the unit shown; nil is not
// known, or not of that day.
type ShownSpot struct {
	Day           Date
	Unit          string
	Observed      *float64
	Goal          float64
	Path          *float64
	Low, Mid, Top *float64 // one in ten, one in two and nine in ten are below
}

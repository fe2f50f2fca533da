package schema

import "slices"

// Kind says how a target is judged.
type Kind string

// The kinds of target.
const (
	Level     Kind = "level"     // a stock or share reached and held at the deadline
	Added     Kind = "added"     // newly added since a day; starts at 0
	Within    Kind = "within"    // a flow counted inside a window
	Ceiling   Kind = "ceiling"   // must never be above
	Floor     Kind = "floor"     // must never be below
	Milestone Kind = "milestone" // done or not by the deadline
	Cadence   Kind = "cadence"   // reported at least this often
	Rate      Kind = "rate"      // a rate of the deadline's period (增长5%左右): never accumulated, reached only at its end
	Range     Kind = "range"     // kept within bounds (控制在5.5%以内): at the deadline, or always where there is none
)

// Kinds lists them as registers name them.
func Kinds() []Kind {
	return []Kind{Level, Added, Within, Ceiling, Floor, Milestone, Cadence, Rate, Range}
}

// Reads reports whether each figure is a reading of its own: it is neither
// summed nor reached on a way, and meeting the target early settles nothing.
func (k Kind) Reads() bool { return k == Rate || k == Range }

// Limit reports whether the kind is a bound that is kept, not reached.
func (k Kind) Limit() bool { return k == Ceiling || k == Floor }

// Nature says how a plan means a target: 约束性 has to be met by those who
// govern, 预期性 is expected of the economy. A document that says neither leaves
// it empty. It does not change how a target is judged.
type Nature string

// The natures.
const (
	Binding  Nature = "binding"
	Expected Nature = "expected"
)

// Direction says which way is better.
type Direction string

// The directions.
const (
	Up   Direction = "up"
	Down Direction = "down"
)

// Thresholds of pace and chance; each verdict stores those it used. Ratios.
type Thresholds struct {
	PaceOnTrack   float64 `json:"pace_on_track" yaml:"pace_on_track"`
	PaceAtRisk    float64 `json:"pace_at_risk" yaml:"pace_at_risk"`
	ChanceOnTrack float64 `json:"chance_on_track" yaml:"chance_on_track"`
	ChanceAtRisk  float64 `json:"chance_at_risk" yaml:"chance_at_risk"`
	NotBegun      float64 `json:"not_begun" yaml:"not_begun"` // schedule below this is 'not yet begun'
}

// DefaultThresholds are pace .95 and .60 after the growth-ratio bands of
// Statistics Canada's method for Open SDG; chance .80 and .40 and the first
// tenth of the time are Yardstick's own.
func DefaultThresholds() Thresholds { return Thresholds{.95, .60, .80, .40, .10} }

// Reading is one way to read a sentence that allows several, and who confirmed
// it. Nobody confirmed means the verdict is marked.
type Reading struct {
	Text        `yaml:",inline"`
	ConfirmedBy string `json:"confirmed_by" yaml:"confirmed_by"`
	ConfirmedAt Date   `json:"confirmed_at" yaml:"confirmed_at"`
}

// Confirmed reports whether somebody answered for the reading.
func (r *Reading) Confirmed() bool { return r == nil || r.ConfirmedBy != "" }

// PlanPoint is an interim value that a plan names.
type PlanPoint struct {
	Date  Date    `json:"date" yaml:"date"`
	Value Decimal `json:"value" yaml:"value"`
}

// Target is one quantitative promise of a policy. Value is in Unit, which is
// the indicator's unit; Written is what the document says (43万亩).
type Target struct {
	Policy       string      `json:"policy"`
	ID           string      `json:"id"`
	Clause       int         `json:"clause"`
	Title        Text        `json:"title"`
	Kind         Kind        `json:"kind"`
	Direction    Direction   `json:"direction"`
	Op           string      `json:"op"` // >=, <= or =
	Value        Decimal     `json:"value"`
	Tolerance    *Decimal    `json:"tolerance,omitempty"` // rate, range: how far from Value still counts (左右), in Unit
	Unit         string      `json:"unit"`
	Written      string      `json:"written"`
	Nature       Nature      `json:"nature,omitempty"`
	Deadline     Date        `json:"deadline"`
	WindowFrom   Date        `json:"window_from"` // within: the window's first day
	WindowTo     Date        `json:"window_to"`
	Since        Date        `json:"since"` // added, cadence: counted from; the day of issue
	SinceAssumed bool        `json:"since_assumed,omitempty"`
	Baseline     *Decimal    `json:"baseline"` // nil: the document names none
	BaselineDate Date        `json:"baseline_date"`
	Indicator    string      `json:"indicator"`
	Region       string      `json:"region"`
	Headline     bool        `json:"headline,omitempty"`
	Every        Frequency   `json:"every,omitempty"` // cadence: T or D (working day)
	Path         string      `json:"path"`            // linear (default), compound or plan
	Plan         []PlanPoint `json:"plan,omitempty"`
	Thresholds   Thresholds  `json:"thresholds"`
	Reading      *Reading    `json:"reading,omitempty"`
	Owner        Text        `json:"owner"` // 未指定 until configured
	Support      []string    `json:"support,omitempty"`
	Contact      string      `json:"contact,omitempty"`
	Office       string      `json:"office,omitempty"` // the owner's name among the configured offices: who may speak for it
	// Allocations are what the document, or one under it, asks of parts of the
	// region. Without them parts are listed and not judged.
	Allocations []Allocation `json:"allocations,omitempty"`
}

// Allocation is what a part of the region has to contribute, in the target's
// unit, and where that is written.
type Allocation struct {
	Region string  `json:"region"`
	Value  Decimal `json:"value"`
	Source Text    `json:"source"`
}

// Bounds are the least and the greatest value that fulfil the target; nil is no
// bound on that side.
func (t Target) Bounds() (low, high *Decimal) {
	within := Decimal{}
	if t.Tolerance != nil {
		within = *t.Tolerance
	}
	if t.Op != "<=" {
		low = new(t.Value.Sub(within))
	}
	if t.Op == "<=" || t.Op == "=" {
		high = new(t.Value.Add(within))
	}
	return low, high
}

// Meets reports whether the value v fulfils the target.
func (t Target) Meets(v Decimal) bool {
	low, high := t.Bounds()
	return (low == nil || v.Cmp(*low) >= 0) && (high == nil || v.Cmp(*high) <= 0)
}

// Gap is what is missing to the target in its unit: positive means short of
// it, whichever way it points; zero or negative means met. Where the target has
// two bounds it is the way to the nearer one, negative inside.
func (t Target) Gap(v Decimal) Decimal {
	low, high := t.Bounds()
	switch {
	case t.Tolerance != nil && low != nil && high != nil:
		below, above := low.Sub(v), v.Sub(*high)
		if below.Cmp(above) > 0 {
			return below
		}
		return above
	case t.Direction == Down && high != nil:
		return v.Sub(*high)
	case low != nil:
		return low.Sub(v)
	}
	return v.Sub(*high)
}

// Measure is one clause of a policy. Statements are promises without a number.
type Measure struct {
	Clause       int    `json:"clause"`
	Quantitative bool   `json:"quantitative"`
	Statements   []Text `json:"statements,omitempty"`
}

// Policy is a document that promises.
type Policy struct {
	ID       string    `json:"id"`
	Number   string    `json:"number"` // 大委办发〔2024〕15号
	Title    Text      `json:"title"`
	Issued   Date      `json:"issued"`
	Region   string    `json:"region"`
	Targets  []Target  `json:"targets"`
	Measures []Measure `json:"measures"`
}

// Headline is the policy's targets shown large, in register order.
func (p Policy) Headline() []Target {
	return slices.DeleteFunc(slices.Clone(p.Targets), func(t Target) bool { return !t.Headline })
}

// WithoutNumber is the clauses that name no number to be judged.
func (p Policy) WithoutNumber() []Measure {
	return slices.DeleteFunc(slices.Clone(p.Measures), func(m Measure) bool { return m.Quantitative })
}

// UnitFactor says that one Unit is Factor of the indicator's unit: 万亩 10000.
type UnitFactor struct {
	Unit   string  `json:"unit" yaml:"unit"`
	Factor Decimal `json:"factor" yaml:"factor"`
}

// Formula computes an indicator from others: share (a/b, in percent), ratio
// (a/b), sum, difference (a-b), yoy (growth over the year before, in percent).
type Formula struct {
	Op    string   `json:"op" yaml:"op"`
	Terms []string `json:"terms" yaml:"terms"`
}

// Release says when a reference period's figure is due, and for how many
// calendar days after that its lateness is excused (Grace). 月后15日 is Days 15.
type Release struct {
	Days        int  `json:"days" yaml:"days"`                                     // calendar days after the period's last day, moved on to a working day
	WorkingDays int  `json:"working_days,omitempty" yaml:"working_days,omitempty"` // and so many working days after that
	ByNext      bool `json:"by_next,omitempty" yaml:"by_next,omitempty"`           // by the end of the next period instead: 旬报 by the next 旬's end
	Grace       int  `json:"grace" yaml:"grace"`
}

// Indicator is what is measured: an entry of the catalogue.
type Indicator struct {
	Code        string       `json:"code"`
	Name        Text         `json:"name"`
	Aliases     []string     `json:"aliases,omitempty"`
	Definition  Text         `json:"definition"` // 口径
	Unit        string       `json:"unit"`
	UnitEn      string       `json:"unit_en"`
	Units       []UnitFactor `json:"units,omitempty"`
	Display     string       `json:"display_unit,omitempty"` // unit people speak in (万亩)
	Decimals    int          `json:"decimals"`               // shown for derived figures
	Frequencies []Frequency  `json:"frequencies"`            // the first is the series' own
	Basis       Basis        `json:"basis"`
	Since       Date         `json:"since"` // basis cumulative: counted from
	Min         *Decimal     `json:"min"`   // plausible range, in Unit
	Max         *Decimal     `json:"max"`
	Owner       string       `json:"owner,omitempty"`
	Formula     *Formula     `json:"formula,omitempty"`
	Parts       []string     `json:"parts,omitempty"`     // indicators whose figures add up to it, as published
	Additive    bool         `json:"additive,omitempty"`  // the districts' figures add up to the city's
	Tolerance   *Decimal     `json:"tolerance,omitempty"` // how far sums may differ, in percent; nil: 1
	Release     Release      `json:"release"`
}

// Frequency is the indicator's own.
func (i Indicator) Frequency() Frequency { return i.Frequencies[0] }

// Region is a place or a group of places with its own published figures.
type Region struct {
	Code     string   `json:"code"`
	Name     Text     `json:"name"`
	Aliases  []string `json:"aliases,omitempty"`
	Parent   string   `json:"parent"`
	Standard string   `json:"standard"`          // GB/T 2260 or local
	Members  []string `json:"members,omitempty"` // of a group
	Note     Text     `json:"note,omitzero"`     // what a reader should know of the area
}

package telling

import (
	"fmt"
	"math"
	"math/big"

	"yardstick/schema"
	"yardstick/schema/figure"
)

// Outlook continues the pace a verdict was judged by, in a straight line,
// to the day it meets the target. It is arithmetic over the verdict's own
// numbers and claims nothing they do not say; a forecast with its chance is
// another thing and has its own place.
type Outlook struct {
	Kind   OutlookKind
	Day    schema.Date // of reaching the target
	Late   int         // months after the deadline's month
	Recent bool        // by the slope last observed; else by the average since the start
	Slope  float64     // per year, in the indicator's unit

	Periods   int              // the recent pace is of so many periods; 0: not told
	Frequency schema.Frequency // of those
}

// OutlookKind is what there is to say of it.
type OutlookKind int

const (
	// NoOutlook and the others: nothing, a day, or why none is named.
	NoOutlook OutlookKind = iota
	Reaches               // on Day
	Never                 // the pace is nought or leads away
	FarOff                // more than ten years on: no day is named
)

// farYears is where naming a month would claim more than a straight line can.
const farYears = 10

const daysPerYear = 365.25

// project continues the verdict's pace. Reached, frozen and timeless targets
// have none, nor what was Never observed.
func project(v schema.Verdict, start schema.Date) Outlook {
	if v.Value == nil || v.Gap == nil || v.Gap.Sign() <= 0 || Timeless(v.Kind) || v.Kind.Reads() || v.Kind == schema.Milestone || v.Observed.IsZero() {
		return Outlook{}
	}
	switch v.Status {
	case schema.OnTrack, schema.AtRisk, schema.Lagging:
	case schema.Open:
		if v.Marks.NotBegun {
			return Outlook{}
		}
	default:
		return Outlook{}
	}
	if e := v.Expected; e != nil {
		p := Outlook{Kind: Reaches, Day: e.Day, Late: e.MonthsLate, Recent: true, Slope: e.PerYear, Periods: e.Periods, Frequency: e.Frequency}
		if e.Day.After(v.Observed.AddDays(int(math.Ceil(farYears * daysPerYear)))) {
			p.Kind = FarOff
		}
		return p
	}
	p := Outlook{}
	if !v.Start.IsZero() { // the verdict says that the recent pace does not lead there, or that there is none
		if len(v.SlopeOver) > 0 && v.Period.Frequency() != schema.Daily {
			p.Kind, p.Recent, p.Slope = Never, true, *v.SlopeSeen
		}
		return p
	}
	switch {
	case v.Progress != nil && v.Schedule != nil && v.Baseline != nil && v.Observed.After(start):
		// Judged by progress over schedule: the average since the start.
		elapsed := float64(v.Observed.DaysSince(start))
		p.Slope = v.Value.Sub(*v.Baseline).Float() / elapsed * daysPerYear
	case v.SlopeSeen != nil:
		p.Slope, p.Recent = *v.SlopeSeen, true
	default:
		return Outlook{}
	}
	speed := p.Slope
	if v.Direction == schema.Down {
		speed = -speed
	}
	if speed <= 0 {
		p.Kind = Never
		return p
	}
	years := v.Gap.Float() / speed
	if years > farYears {
		p.Kind = FarOff
		return p
	}
	p.Kind = Reaches
	p.Day = v.Observed.AddDays(int(math.Ceil(years*daysPerYear - 1e-9)))
	if !v.Deadline.IsZero() && p.Day.After(v.Deadline) {
		p.Late = schema.PeriodOf(schema.Monthly, p.Day).Since(schema.PeriodOf(schema.Monthly, v.Deadline))
	}
	return p
}

// late reports whether the day lies behind the deadline.
func (p Outlook) late(v schema.Verdict) bool {
	return p.Kind == Reaches && !v.Deadline.IsZero() && p.Day.After(v.Deadline)
}

// lateness is 晚 4 个月, or that it is less than one.
func (f Voice) lateness(p Outlook) string {
	if p.Late == 0 {
		return f.T("board-late-days")
	}
	return f.T("board-late", "months", figure.Months(p.Late))
}

// Outlook is when it will be done, in a few words for a list.
func (f Voice) Outlook(v schema.Verdict, p Outlook) (text string, late bool) {
	switch {
	case v.Status == schema.Achieved && !v.ReachedOn.IsZero():
		return f.T("board-reached", "month", figure.Month(v.ReachedOn)), false
	case v.Marks.ReachedLate && !v.ReachedOn.IsZero():
		return f.T("board-reached-late", "month", figure.Month(v.ReachedOn)), true
	case p.Kind == Reaches && p.late(v):
		return f.T("board-projected-late", "month", figure.Month(p.Day), "late", f.lateness(p)), true
	case p.Kind == Reaches:
		return f.T("board-projected", "month", figure.Month(p.Day)), false
	case p.Kind == Never:
		return f.T("board-never"), true
	case p.Kind == FarOff:
		return f.T("board-far"), true
	}
	return "", false
}

// OutlookSentence says when it will be done and what that rests on, then how
// likely it is on time, where a chance is known.
func (f Voice) OutlookSentence(v schema.Verdict, p Outlook) string {
	by := f.T("board-by-average")
	if p.Recent {
		by = f.T("board-by-recent")
	}
	if p.Periods > 0 {
		by = f.T("board-by-last", "n", p.Periods, "per", f.T("ways-per-"+string(p.Frequency)))
	}
	likely := f.likely(v)
	switch {
	case p.Kind == Reaches && p.late(v):
		return f.T("board-sentence-late", "by", by, "month", figure.Month(p.Day), "late", f.lateness(p), "likely", likely)
	case p.Kind == Reaches && v.Deadline.IsZero():
		return f.T("board-sentence-undated", "by", by, "month", figure.Month(p.Day))
	case p.Kind == Reaches:
		return f.T("board-sentence", "by", by, "month", figure.Month(p.Day), "likely", likely)
	case p.Kind == Never:
		return f.T("board-sentence-never", "by", by, "likely", likely)
	case p.Kind == FarOff:
		return f.T("board-sentence-far", "by", by, "years", fmt.Sprint(farYears), "likely", likely)
	}
	text, _ := f.Outlook(v, p)
	return text
}

// likely is the chance of being on time in tenths, as people say it; nothing
// where none is known or the deadline is past.
func (f Voice) likely(v schema.Verdict) string {
	if v.Chance == nil || v.Deadline.IsZero() || v.AsOf.After(v.Deadline) {
		return ""
	}
	switch {
	case *v.Chance < .1:
		return f.T("board-likely-hardly")
	case *v.Chance > .95:
		return f.T("board-likely-surely")
	}
	return f.T("board-likely", "tenths", f.T("board-tenths-"+fmt.Sprint(min(int(math.Round(*v.Chance*10)), 9))))
}

// startOf is the day the target's time runs from, which the verdict tells; of one
// kept before verdicts did, the one of the days it could be that its own schedule
// was reckoned from. Without a schedule it is
// the first of them. The day before a window counts whole windows.
func startOf(v schema.Verdict, t schema.Target, p schema.Policy) schema.Date {
	if !v.Start.IsZero() {
		return v.Start
	}
	var days []schema.Date
	for _, d := range []schema.Date{v.BaselineDate, t.BaselineDate, t.WindowFrom, t.Since, p.Issued} {
		if !d.IsZero() {
			days = append(days, d)
		}
	}
	if len(days) == 0 {
		return schema.Date{}
	}
	if v.Schedule != nil && !v.Deadline.IsZero() && !v.Observed.IsZero() {
		for _, d := range days {
			for _, start := range []schema.Date{d, d.AddDays(-1)} {
				if share, ok := elapsed(start, v.Observed, v.Deadline); ok && near(share, *v.Schedule) {
					return start
				}
			}
		}
	}
	return days[0]
}

// elapsed is the share of the time from start to deadline gone at day.
func elapsed(start, day, deadline schema.Date) (float64, bool) {
	all := deadline.DaysSince(start)
	if all <= 0 {
		return 0, false
	}
	return float64(day.DaysSince(start)) / float64(all), true
}

// near reports whether two ways to the same number agree.
func near(a, b float64) bool { return math.Abs(a-b) <= 1e-6*math.Max(1, math.Abs(b)) }

// ratio is a/b, false when b is nought.
func ratio(a, b schema.Decimal) (float64, bool) {
	if b.Sign() == 0 {
		return 0, false
	}
	r, _ := new(big.Rat).Quo(a.Rat(), b.Rat()).Float64()
	return r, true
}

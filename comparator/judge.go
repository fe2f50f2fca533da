package comparator

import (
	"cmp"
	"math/big"
	"slices"

	"yardstick/schema"
	"yardstick/schema/vintage"
)

// The rules by number and name, as verdicts carry them. Several numbers name
// what of the rule applied.
const (
	ruleNoData     = "1 no data"
	ruleLimit      = "2 limit"
	ruleCadence    = "2 cadence"
	ruleDeadline   = "3 deadline"
	ruleNoFinal    = "3 no final figure"
	ruleAchieved   = "4 achieved"
	ruleOpen       = "5 open"
	ruleNotBegun   = "5 not begun"
	rulePace       = "6 pace"
	ruleChance     = "6 chance"
	ruleTooShort   = "6 too short"
	ruleReading    = "6 reading"
	ruleIncomplete = "6 incomplete"
	ruleMilestone  = "7 milestone"
)

// hearing is one case while it is judged.
type hearing struct {
	Case
	v     schema.Verdict
	way   course
	begin schema.Date // of what is counted: the last day on which nothing was counted yet
	say   []schema.Saying
}

// Judge gives the verdict on the case, by the seven rules in order:
// 1 no usable observation, 2 limits and cadences, 3 past the deadline, 4 met,
// 5 undated or hardly begun, 6 pace and chance, 7 milestones.
func Judge(c Case) schema.Verdict {
	if c.Target.Thresholds == (schema.Thresholds{}) {
		c.Target.Thresholds = schema.DefaultThresholds()
	}
	t := c.Target
	h := &hearing{Case: c, way: c.courseOf()}
	h.v = schema.Verdict{
		Policy: t.Policy, Target: t.ID, Region: cmp.Or(c.Region.Code, t.Region), AsOf: c.AsOf, Clause: t.Clause, Kind: t.Kind, Direction: t.Direction, Op: t.Op,
		Start: h.way.origin, Path: t.Path, Plan: t.Plan, Unit: t.Unit, TargetValue: t.Value, Tolerance: t.Tolerance, Deadline: c.deadline(), Thresholds: t.Thresholds,
	}
	h.v.Marks.ReadingUnconfirmed = !t.Reading.Confirmed()
	switch {
	case c.AsOf.Before(c.Issued):
		h.notBegun("judge-not-issued", "issued", c.Issued)
	case t.Kind == schema.Cadence:
		h.cadence(c.usable())
	case limit(t):
		h.bound(c.levels(c.usable()))
	case t.Kind == schema.Milestone:
		h.milestone(c.levels(c.usable()))
	case counted(t.Kind):
		h.count(c.usable())
	default:
		h.level(c.levels(c.usable()))
	}
	return h.finish()
}

// rule settles status and rule and says why.
func (h *hearing) rule(s schema.Status, rule string, id string, args ...any) {
	h.v.Status, h.v.Rule = s, rule
	h.add(id, args...)
}

func (h *hearing) add(id string, args ...any) { h.say = append(h.say, schema.Say(id, args...)) }

func (h *hearing) notBegun(id string, args ...any) {
	h.v.Marks.NotBegun = true
	h.rule(schema.Open, ruleNotBegun, id, args...)
}

// finish gives the sentences, marks what the inputs make known and says why a
// number is missing.
func (h *hearing) finish() schema.Verdict {
	v := &h.v
	h.tellLacking()
	if v.Marks.Provisional && (v.Status == schema.Missed || v.Status == schema.Breached) {
		h.add("judge-provisional")
	}
	v.Reason.Says = h.say
	for _, in := range v.Inputs {
		v.Marks.Synthetic = v.Marks.Synthetic || in.Synthetic
	}
	if v.Pace == nil && v.PaceWhyNot.IsZero() {
		v.PaceWhyNot = schema.Because(h.whyNoNumber("judge-no-pace"))
	}
	if v.Chance == nil && v.ChanceWhyNot.IsZero() {
		v.ChanceWhyNot = schema.Because(h.whyNoNumber("judge-no-chance"))
	}
	return *v
}

// mostLacking bounds how many figures that could not be computed are told.
const mostLacking = 3

// tellLacking says what keeps a newer figure of a derived indicator from being
// computed.
func (h *hearing) tellLacking() {
	n := 0
	for _, l := range h.Lacking {
		if l.Period.Last().After(h.AsOf) || !h.v.Observed.IsZero() && !l.Period.Last().After(h.v.Observed) || l.Period.Last().Before(h.Issued) {
			continue
		}
		if n++; n > mostLacking {
			return
		}
		h.add("judge-lacking-"+string(l.Because), "period", period(l.Period, l.Basis), "term", l.Term)
	}
}

// whyNoNumber names the sentence for a pace or chance that nothing else
// explained yet.
func (h *hearing) whyNoNumber(prefix string) string {
	switch {
	case limit(h.Target) || h.v.Kind == schema.Cadence:
		return prefix + "-limit"
	case h.v.Kind == schema.Milestone:
		return prefix + "-milestone"
	case h.v.Value == nil:
		return prefix + "-no-figure"
	case h.v.Deadline.IsZero():
		return prefix + "-undated"
	case h.v.Marks.NotBegun:
		return prefix + "-early"
	case h.v.Kind.Reads() && prefix == "judge-no-pace":
		return prefix + "-reading"
	case h.v.Status == schema.Achieved || h.v.Status == schema.Missed:
		return prefix + "-settled"
	}
	return prefix + "-other"
}

// level judges a stock or share to be reached by the deadline.
func (h *hearing) level(pts []point) {
	if len(pts) == 0 {
		h.noData()
		return
	}
	by := upTo(pts, h.v.Deadline)
	after := pts[len(by):]
	if h.Target.Kind.Reads() {
		after = nil // next year's rate says nothing of this year's
	}
	h.promise(by, after)
}

// count judges what is newly added, or counted in a window.
func (h *hearing) count(known []figure) {
	first, last := h.began(), h.v.Deadline
	if h.AsOf.Before(first) {
		h.notBegun("judge-ahead", "start", first)
		return
	}
	if h.Target.Kind == schema.Within && !h.Target.WindowTo.IsZero() && (last.IsZero() || h.Target.WindowTo.Before(last)) {
		last = h.Target.WindowTo
	}
	sum := h.running(known, first, last)
	h.begin = h.beganAfter(sum)
	if !sum.straddle.IsZero() {
		h.tellStraddle(sum, first)
	}
	h.v.Missing = sum.missing
	// What is counted up to the hole is a lower bound: once it meets a target
	// that is to be reached from below, the hole decides nothing.
	met := h.Target.Direction != schema.Down && len(sum.points) > 0 && h.Target.Meets(sum.points[len(sum.points)-1].value)
	came := h.past() && slices.ContainsFunc(known, func(f figure) bool { return f.period.Last() == h.final().Last() })
	if len(sum.missing) > 0 && !met && (!h.past() || came || !h.AsOf.After(h.finalDue())) {
		h.v.Marks.AwaitingFinal = h.past() && !came
		h.incomplete(sum)
		return
	}
	var after []point
	if h.Target.Kind == schema.Added && h.past() {
		after = from(h.running(known, first, schema.Date{}).points, h.v.Deadline.AddDays(1))
	}
	h.promise(sum.points, after)
}

// tellStraddle says which period around the first day was left out.
func (h *hearing) tellStraddle(sum total, first schema.Date) {
	p := period(sum.straddle, schema.InPeriod)
	if sum.asked != nil {
		h.add("judge-straddle-figure", "period", p, "start", first, "value", *sum.asked)
		return
	}
	h.add("judge-straddle", "period", p, "start", first)
}

// incomplete: a hole in what is summed makes the total unknown.
func (h *hearing) incomplete(sum total) {
	if len(sum.points) > 0 {
		h.history(sum.points[len(sum.points)-1])
	}
	h.rule(schema.NoData, ruleIncomplete, "judge-hole", "periods", sum.missing)
}

// noData is rule 1. It tells figures that are there and may not be judged from
// no figures at all, and when the first one is due.
func (h *hearing) noData() {
	known := map[schema.Key]bool{}
	for _, o := range h.Observations {
		if o.Indicator == h.Target.Indicator && !o.PublishedAt.After(h.AsOf) {
			known[vintage.Fact(o.Key)] = true
		}
	}
	unusable := len(known)
	switch {
	case unusable > 0 && (counted(h.Target.Kind) || limit(h.Target)):
		h.rule(schema.NoData, ruleNoData, "judge-none-since", "start", h.began())
	case unusable > 0:
		h.rule(schema.NoData, ruleNoData, "judge-none-usable", "n", unusable)
	default:
		h.rule(schema.NoData, ruleNoData, "judge-none")
	}
	if len(h.Indicator.Frequencies) == 0 {
		return
	}
	next := schema.PeriodOf(h.own(), h.began())
	if counted(h.Target.Kind) && next.First().Before(h.began()) {
		next = next.Next() // the first whole one
	}
	if due := h.Calendar.Due(h.Indicator.Release, next); !due.Before(h.AsOf) {
		h.add("judge-first-due", "period", period(next, h.Indicator.Basis), "due", due)
	}
}

// promise judges a level or a count by rules 3 to 6, on its points up to the
// deadline, oldest first, and those after it.
func (h *hearing) promise(by, after []point) {
	if h.past() {
		final := h.final()
		if len(by) > 0 && !by[len(by)-1].day.Before(final.Last()) {
			h.settle(by, after)
			return
		}
		due := h.finalDue()
		if h.AsOf.After(due) {
			h.noFinal(by, after, final, due)
			return
		}
		h.v.Marks.AwaitingFinal = true
		defer h.add("judge-awaiting", "deadline", h.v.Deadline, "period", period(final, h.Indicator.Basis), "due", due)
	}
	if len(by) == 0 {
		h.noData()
		return
	}
	p := by[len(by)-1]
	h.measure(p, by)
	h.stale(p)
	h.turns(by)
	period, value, target := at(p), p.value, promised()
	switch {
	case h.Target.Kind.Reads():
		h.read(p, by)
	case h.Target.Meets(p.value):
		h.rule(schema.Achieved, ruleAchieved, "judge-met", "period", period, "value", value, "target", target)
	case h.v.Deadline.IsZero():
		h.rule(schema.Open, ruleOpen, "judge-open", "period", period, "value", value, "target", target, "gap", distance(p.value))
		h.tellTrend(by)
	case h.early():
		h.notBegun("judge-early", "day", p.day, "schedule", share(h.v.Schedule), "bound", as(schema.AsBoundShare, h.v.Thresholds.NotBegun),
			"value", value, "target", target)
	default:
		h.byPace(p, by)
	}
	h.tellLost()
	if len(h.v.Missing) > 0 && h.v.Status == schema.Achieved {
		h.add("judge-hole-after", "periods", h.v.Missing)
	}
	h.tellStale(p)
}

// early reports whether too little of the time had passed at the figure's end.
func (h *hearing) early() bool {
	return h.v.Schedule != nil && (*h.v.Schedule < h.v.Thresholds.NotBegun || *h.v.Schedule == 0)
}

// read judges a rate or a range before its deadline (rules 5 and 6). Each figure
// is a reading of its own: nothing is summed, there is no way to be along, and
// meeting the target early settles nothing. The reading says on track when it
// lies within the bounds, at risk while it is at least pace_at_risk of the
// nearest bound (or the bound of it, where less is asked), else lagging; a
// chance goes before it, as before pace.
func (h *hearing) read(p point, by []point) {
	v := &h.v
	args := []any{
		"period", at(p), "value", p.value, "target", promised(),
		"gap", distance(p.value), "deadline", v.Deadline,
	}
	met := h.Target.Meets(p.value)
	switch {
	case v.Deadline.IsZero() && met:
		h.rule(schema.Open, ruleOpen, "judge-reading-open-met", args...)
		return
	case v.Deadline.IsZero():
		h.rule(schema.Open, ruleOpen, "judge-open", args...)
		return
	case h.early():
		h.notBegun("judge-early", "day", p.day, "schedule", share(v.Schedule), "bound", as(schema.AsBoundShare, v.Thresholds.NotBegun),
			"value", p.value, "target", promised())
		return
	case met:
		h.rule(schema.OnTrack, ruleReading, "judge-reading-met", args...)
	default:
		of := h.ofBound(p.value)
		s := schema.Lagging
		if of != nil && of.Cmp(new(big.Rat).SetFloat64(v.Thresholds.PaceAtRisk)) >= 0 {
			s = schema.AtRisk
		}
		var shown any = "—"
		if of != nil {
			shown = share(number(of))
		}
		h.rule(s, ruleReading, "judge-reading-short", append(args, "share", shown, "risk", as(schema.AsBoundShare, v.Thresholds.PaceAtRisk), "status", s)...)
	}
	h.byChance(by)
}

// ofBound is how much of the bound it misses a figure is: figure over bound when
// it is below, bound over figure when it is above; nil where that has no
// meaning, both not being above zero.
func (h *hearing) ofBound(v schema.Decimal) *big.Rat {
	low, high := h.Target.Bounds()
	if low != nil && v.Cmp(*low) < 0 {
		return ratio(v.Rat(), low.Rat())
	}
	if high == nil || high.Sign() < 0 {
		return nil
	}
	return ratio(high.Rat(), v.Rat())
}

package comparator

import (
	"math/big"

	"yardstick/schema"
)

// pace is how fast the target is approached beside how fast it must be: progress
// over schedule on a straight path, (value - baseline) / (planned - baseline) on
// another, and for a level without a baseline the slope observed over the slope
// still required. why names the sentence when there is none.
func (h *hearing) pace(p point, schedule *big.Rat, t trend, needed *big.Rat) (pace *big.Rat, why string) {
	switch {
	case h.v.Deadline.IsZero():
		return nil, "judge-no-pace-undated"
	case schedule == nil:
		return nil, "judge-no-pace-time"
	case h.early():
		return nil, "judge-no-pace-early"
	case h.way.past():
		return nil, "judge-no-pace-past"
	case h.way.baseline != nil:
		if h.way.straight() {
			pace = ratio(h.way.progress(p.value), schedule)
		} else {
			b := h.way.baseline.Rat()
			pace = ratio(h.way.need(b, p.value.Rat()), h.way.need(b, h.way.planned(p.day)))
		}
		if pace == nil {
			return nil, "judge-no-pace-plan"
		}
		return pace, ""
	case h.Target.Meets(p.value):
		return nil, "judge-no-pace-met"
	case needed == nil:
		return nil, "judge-no-pace-over"
	case t.perYear == nil:
		return nil, "judge-no-pace-short"
	}
	return new(big.Rat).Quo(t.perYear, needed), ""
}

// band is a status of rule 6 by a number and its two bounds.
func band(number, onTrack, atRisk float64) schema.Status {
	switch {
	case number >= onTrack:
		return schema.OnTrack
	case number >= atRisk:
		return schema.AtRisk
	}
	return schema.Lagging
}

// byPace is rule 6.
func (h *hearing) byPace(p point, by []point) {
	v := &h.v
	args := []any{
		"period", at(p), "value", p.value, "target", promised(),
		"gap", distance(p.value), "schedule", share(v.Schedule),
	}
	t, _ := trendOf(by)
	switch {
	case v.Schedule == nil: // a deadline that does not come after the start
		h.rule(schema.Lagging, rulePace, "judge-no-time", args...)
		return
	case h.way.past():
		h.rule(schema.Lagging, rulePace, "judge-past-baseline", append(args, "baseline", *h.way.baseline)...)
		return
	case v.Pace != nil && h.way.baseline != nil:
		h.rule(band(*v.Pace, v.Thresholds.PaceOnTrack, v.Thresholds.PaceAtRisk), rulePace, "judge-pace",
			append(args, "progress", share(v.Progress), "pace", as(schema.AsPace, *v.Pace))...)
		h.tellPlan(p)
	case v.Pace != nil:
		h.rule(band(*v.Pace, v.Thresholds.PaceOnTrack, v.Thresholds.PaceAtRisk), rulePace, "judge-slope",
			append(args, "needed", as(schema.AsSlope, deref(v.SlopeNeeded)), "pace", as(schema.AsPace, *v.Pace))...)
		h.tellTrend(by)
	case h.way.baseline != nil: // the plan asks for nothing yet
		s := schema.Lagging
		if planned := h.way.planned(p.day); planned != nil && h.way.need(planned, p.value.Rat()).Sign() >= 0 {
			s = schema.OnTrack
		}
		h.rule(s, rulePace, "judge-plan-flat", args...)
		h.tellPlan(p)
	case v.SlopeNeeded == nil: // the time is up and the figure is short
		h.rule(schema.Lagging, rulePace, "judge-no-time", args...)
		return
	default:
		h.rule(schema.AtRisk, ruleTooShort, "judge-too-short", append(args, "n", len(t.points), "least", leastPoints)...)
	}
	h.tellBounds()
	h.byChance(by)
}

// byChance joins the chance, where there is a forecaster that gives one, to
// what pace alone said: the chance decides, and where the two are two bands
// apart it is at risk. The verdict keeps the series that was continued, the
// observations it comes from, the method and the quantiles.
func (h *hearing) byChance(by []point) {
	v := &h.v
	if h.Forecaster == nil {
		v.ChanceWhyNot = schema.Because("judge-no-chance-forecast")
		return
	}
	q := h.question(by)
	by = sinceBreak(by)
	changes := changing(q)
	a := h.ask(q, changes)
	if !a.WhyNot.IsZero() {
		v.ChanceWhyNot = a.WhyNot
		return
	}
	v.Forecast = &schema.Forecast{Method: a.Method, Begin: q.Begin, ByChanges: changes != 0, Points: q.Points, Quantiles: a.Quantiles}
	for _, p := range by {
		h.history(p)
	}
	chance := a.Chance
	v.Chance = &chance
	s := band(chance, v.Thresholds.ChanceOnTrack, v.Thresholds.ChanceAtRisk)
	spoken := v.Pace != nil || h.Target.Kind.Reads() // what the chance is held against
	apart := spoken && (s == schema.OnTrack && v.Status == schema.Lagging || s == schema.Lagging && v.Status == schema.OnTrack)
	v.Status, v.Rule = s, ruleChance
	h.add("judge-chance", "chance", as(schema.AsChance, chance), "status", s,
		"on", as(schema.AsBoundShare, v.Thresholds.ChanceOnTrack), "risk", as(schema.AsBoundShare, v.Thresholds.ChanceAtRisk))
	if low, ok := v.Forecast.At(.1); ok {
		if high, ok := v.Forecast.At(.9); ok {
			h.add("judge-forecast", "low", as(schema.AsEstimate, low), "high", as(schema.AsEstimate, high), "target", promised())
		}
	}
	if apart {
		v.Status = schema.AtRisk
		id := "judge-chance-apart"
		if h.Target.Kind.Reads() {
			id = "judge-chance-apart-reading"
		}
		h.add(id)
	}
}

// tellTrend says over which points the slope was taken, and why those.
func (h *hearing) tellTrend(by []point) {
	t, ok := trendOf(by)
	if !ok {
		return
	}
	first, last := t.points[0], t.points[len(t.points)-1]
	args := []any{
		"n", len(t.points), "from", at(first), "to", at(last),
		"seen", as(schema.AsSlope, deref(h.v.SlopeSeen)), "most", t.most,
	}
	switch {
	case t.broken && first.broken:
		h.add("judge-trend-break", args...)
	case len(t.points) < t.most:
		h.add("judge-trend-all", args...)
	default:
		h.add("judge-trend-last", args...)
	}
}

// tellPlan says what a path that is not straight asks for by now.
func (h *hearing) tellPlan(p point) {
	if h.way.straight() {
		return
	}
	if planned := h.way.planned(p.day); planned != nil {
		d := schema.DecimalFromRat(planned, 6).Normal()
		id := "judge-planned"
		if h.way.compound() {
			id = "judge-planned-compound"
			d = schema.DecimalFromRat(planned, max(h.Target.Value.Scale(), 2)).Normal()
		}
		h.add(id, "planned", d)
	}
}

func (h *hearing) tellBounds() {
	if h.v.Pace == nil {
		return
	}
	h.add("judge-bounds", "status", h.v.Status, "on", as(schema.AsBound, h.v.Thresholds.PaceOnTrack), "risk", as(schema.AsBound, h.v.Thresholds.PaceAtRisk))
}

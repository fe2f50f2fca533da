package comparator

import (
	"math/big"

	"yardstick/schema"
)

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

package comparator

import (
	"cmp"
	"slices"

	"yardstick/schema"
	"yardstick/schema/vintage"
)

// Order sorts verdicts worst first: by status, then points behind schedule
// (most first), then days left (fewest first); what is equal in all three by
// policy, clause, target and region, so that a list never shuffles.
func Order(verdicts []schema.Verdict) {
	slices.SortStableFunc(verdicts, func(v, w schema.Verdict) int {
		return cmp.Or(v.CompareWorst(w), cmp.Compare(v.Policy, w.Policy), cmp.Compare(v.Clause, w.Clause),
			cmp.Compare(v.Target, w.Target), cmp.Compare(v.Region, w.Region))
	})
}

// Cause names why the verdict on a scope is no longer what it was: the register
// says something else, a new figure came, a figure was revised or withdrawn, or
// only time has passed. The first that holds is named, so a feed that brings
// both a new period and revisions of older ones is a new figure.
func Cause(prev, next schema.Verdict) string {
	if prev.Scope() != next.Scope() || registered(prev) != registered(next) || !sameBaseline(prev, next) {
		return schema.CauseRegister
	}
	was := make(map[schema.Key]schema.Observation, len(prev.Inputs))
	for _, in := range prev.Inputs {
		was[vintage.Fact(in.Key)] = in.Observation
	}
	added, revised := false, false
	for _, in := range next.Inputs {
		fact := vintage.Fact(in.Key)
		old, ok := was[fact]
		added = added || !ok
		revised = revised || ok && !in.Says(old)
		delete(was, fact)
	}
	switch {
	case next.Period.Last().After(prev.Period.Last()):
		return schema.CauseFigure
	case revised:
		return schema.CauseRevision
	case withdrawn(prev, next):
		return schema.CauseRevision
	case added:
		return schema.CauseFigure
	case len(was) > 0 && !next.AsOf.After(prev.AsOf):
		return schema.CauseRevision
	}
	return schema.CauseTime
}

// registered is what the register says of a target, as far as a verdict tells.
func registered(v schema.Verdict) [9]any {
	tolerance := ""
	if v.Tolerance != nil {
		tolerance = v.Tolerance.Normal().String()
	}
	return [...]any{
		v.TargetValue.Normal().String(), tolerance, v.Unit, v.Clause, v.Kind, v.Direction, v.Deadline, v.Thresholds, v.Marks.ReadingUnconfirmed,
	}
}

// sameBaseline compares baselines where both verdicts tell one.
func sameBaseline(v, w schema.Verdict) bool {
	return v.Baseline == nil || w.Baseline == nil || v.Baseline.Equal(*w.Baseline) && v.BaselineDate == w.BaselineDate
}

// SameWay reports whether two verdicts were judged on the same way to the target:
// how it is compared, from where and when it runs, and by which path.
func SameWay(v, w schema.Verdict) bool {
	return v.Op == w.Op && v.Start == w.Start && v.Path == w.Path && (v.Baseline == nil) == (w.Baseline == nil) && sameBaseline(v, w) &&
		slices.EqualFunc(v.Plan, w.Plan, func(a, b schema.PlanPoint) bool { return a.Date == b.Date && a.Value.Equal(b.Value) })
}

// withdrawn reports whether the figure judged before is gone although no time
// passed that could have pushed it out: the verdict fell back to an older one.
func withdrawn(prev, next schema.Verdict) bool {
	if prev.Period.IsZero() || next.Marks.AwaitingFinal != prev.Marks.AwaitingFinal || next.Rule == ruleNoFinal {
		return false
	}
	return next.Period.IsZero() && len(next.Missing) == 0 || !next.Period.IsZero() && next.Period.Last().Before(prev.Period.Last())
}

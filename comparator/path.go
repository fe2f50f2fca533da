package comparator

import (
	"math"
	"math/big"
	"slices"

	"yardstick/schema"
)

// course is the way from baseline to target that pace is measured along.
type course struct {
	target   schema.Target
	baseline *schema.Decimal // nil: unknown
	origin   schema.Date     // end of the day the time runs from
	deadline schema.Date
}

// courseOf gives the way of the case. The time of a window runs from the end of
// the day before it, so that half its days are half its time; that of an issue
// or baseline from the day itself. The figure of a baseline is known at the end
// of its day.
func (c Case) courseOf() course {
	w := course{c.Target, nil, c.Issued, c.deadline()}
	switch {
	case c.Target.Kind == schema.Within:
		w.baseline, w.origin = &schema.Decimal{}, c.began().AddDays(-1)
	case c.Target.Kind == schema.Added:
		w.baseline, w.origin = &schema.Decimal{}, c.began()
	case c.Target.Baseline != nil:
		w.baseline = c.Target.Baseline
		if !c.Target.BaselineDate.IsZero() {
			w.origin = c.Target.BaselineDate
		}
	default:
		w.origin = c.began()
	}
	return w
}

// schedule is the share of the time gone at the end of the day, within 0 and 1;
// nil without a deadline, or with one that does not come after the origin.
func (w course) schedule(day schema.Date) *big.Rat {
	if w.deadline.IsZero() || w.origin.IsZero() {
		return nil
	}
	all, gone := w.deadline.DaysSince(w.origin), day.DaysSince(w.origin)
	if all <= 0 {
		return nil
	}
	return big.NewRat(int64(min(max(gone, 0), all)), int64(all))
}

// need is the way from a to b in the target's direction: above zero while b
// lies ahead.
func (w course) need(a, b *big.Rat) *big.Rat {
	d := new(big.Rat).Sub(b, a)
	if w.target.Direction == schema.Down {
		d.Neg(d)
	}
	return d
}

// past reports whether the baseline had already met the target, or lay beyond
// it: then there is no way to measure progress along.
func (w course) past() bool {
	return w.baseline != nil && w.need(w.baseline.Rat(), w.target.Value.Rat()).Sign() <= 0
}

// progress is (value - baseline) / (target - baseline); nil without a way.
func (w course) progress(value schema.Decimal) *big.Rat {
	if w.baseline == nil {
		return nil
	}
	b := w.baseline.Rat()
	return ratio(w.need(b, value.Rat()), w.need(b, w.target.Value.Rat()))
}

// planned is the value the path asks for at the end of the day: on the straight
// line, the compound curve baseline*(target/baseline)^schedule, or the line
// through a plan's interim values. The compound path needs both ends above
// zero; otherwise the line is straight. nil without baseline or deadline.
func (w course) planned(day schema.Date) *big.Rat {
	s := w.schedule(day)
	if w.baseline == nil || s == nil {
		return nil
	}
	b, t := w.baseline.Rat(), w.target.Value.Rat()
	switch {
	case w.target.Path == "plan" && len(w.target.Plan) > 0:
		return w.interim(day)
	case w.compound():
		share, _ := s.Float64()
		v := w.baseline.Float() * math.Pow(w.target.Value.Float()/w.baseline.Float(), share)
		if r := new(big.Rat).SetFloat64(v); r != nil {
			return r
		}
	}
	return b.Add(b, t.Sub(t, b).Mul(t, s))
}

func (w course) compound() bool {
	return w.target.Path == "compound" && w.baseline != nil && w.baseline.Sign() > 0 && w.target.Value.Sign() > 0
}

// straight reports whether pace is progress over schedule.
func (w course) straight() bool {
	return !w.compound() && (w.target.Path != "plan" || len(w.target.Plan) == 0)
}

// interim is the plan's value at the day: straight between the values it names,
// from the baseline to the target.
func (w course) interim(day schema.Date) *big.Rat {
	fromDay, fromValue := w.origin, w.baseline.Rat()
	ends := append(slices.Clone(w.target.Plan), schema.PlanPoint{Date: w.deadline, Value: w.target.Value})
	slices.SortStableFunc(ends, func(a, b schema.PlanPoint) int { return a.Date.Compare(b.Date) })
	for _, p := range ends {
		if !p.Date.After(fromDay) || p.Date.After(w.deadline) {
			continue
		}
		if !day.After(p.Date) {
			share := big.NewRat(int64(max(day.DaysSince(fromDay), 0)), int64(p.Date.DaysSince(fromDay)))
			rise := new(big.Rat).Sub(p.Value.Rat(), fromValue)
			return fromValue.Add(fromValue, rise.Mul(rise, share))
		}
		fromDay, fromValue = p.Date, p.Value.Rat()
	}
	return fromValue
}

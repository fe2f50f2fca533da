package comparator_test

import (
	"math"

	"yardstick/schema"
)

// status redoes the rule from the numbers.
func (r redo) status() {
	v, th := r.v, r.v.Thresholds
	met := r.target().Meets(*v.Value)
	band := func(x, on, risk float64) schema.Status {
		switch {
		case x >= on:
			return schema.OnTrack
		case x >= risk:
			return schema.AtRisk
		}
		return schema.Lagging
	}
	var want schema.Status
	switch v.Rule {
	case "2 limit":
		want = map[bool]schema.Status{true: schema.OnTrack, false: schema.Breached}[met]
	case "3 deadline":
		want = map[bool]schema.Status{true: schema.Achieved, false: schema.Missed}[met]
		if !v.AsOf.After(v.Deadline) {
			r.t.Error("settled before the deadline")
		}
	case "4 achieved":
		want = schema.Achieved
		if !met || v.Kind == schema.Rate || v.Kind == schema.Range {
			r.t.Error("achieved without meeting the target, or a rate before its time")
		}
	case "5 open", "5 not begun":
		want = schema.Open
		if v.Rule == "5 not begun" && !v.AsOf.Before(v.Start) && v.Schedule != nil && *v.Schedule >= th.NotBegun {
			r.t.Errorf("begun long ago: %g", *v.Schedule)
		}
	case "6 too short":
		want = schema.AtRisk
		if len(v.SlopeOver) > 0 || v.Baseline != nil {
			r.t.Error("long enough to tell")
		}
	case "6 pace":
		want = v.Status
		if v.Pace != nil {
			want = band(*v.Pace, th.PaceOnTrack, th.PaceAtRisk)
		} else if v.Status == schema.AtRisk {
			r.t.Error("at risk by a pace that is not there")
		}
	case "6 reading", "6 chance":
		other := schema.Status("")
		switch {
		case v.Kind == schema.Rate || v.Kind == schema.Range:
			other = r.reading(met)
		case v.Pace != nil:
			other = band(*v.Pace, th.PaceOnTrack, th.PaceAtRisk)
		}
		want = other
		if v.Rule == "6 chance" {
			want = band(*v.Chance, th.ChanceOnTrack, th.ChanceAtRisk)
			if want == schema.OnTrack && other == schema.Lagging || want == schema.Lagging && other == schema.OnTrack {
				want = schema.AtRisk
			}
		}
	case "7 milestone":
		want = v.Status
		if met != (v.Status == schema.Achieved) {
			r.t.Error("done and not done")
		}
	}
	if v.Status != want {
		r.t.Errorf("%s, want %s", v.Status, want)
	}
}

func (r redo) reading(met bool) schema.Status {
	low, high := r.target().Bounds()
	value := r.v.Value.Float()
	share := math.Inf(-1)
	switch {
	case met:
		return schema.OnTrack
	case low != nil && value < low.Float() && low.Sign() > 0:
		share = value / low.Float()
	case high != nil && value > high.Float() && high.Sign() >= 0 && value > 0:
		share = high.Float() / value
	}
	if share >= r.v.Thresholds.PaceAtRisk {
		return schema.AtRisk
	}
	return schema.Lagging
}

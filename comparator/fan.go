package comparator

import (
	"yardstick/comparator/forecast"
	"yardstick/schema"
)

// FanStep is the forecast at the end of one period on the way to the deadline.
type FanStep struct {
	Day       schema.Date       `json:"day"`
	Quantiles []schema.Quantile `json:"quantiles"` // ascending, in the verdict's unit
}

// At is the quantile of probability p, which must be one that is told.
func (s FanStep) At(p float64) (float64, bool) {
	return (&schema.Forecast{Quantiles: s.Quantiles}).At(p)
}

// Fan is the way from the last figure to what the verdict's chance rests on:
// the same question put to the same forecaster, told for every period up to the
// deadline. Its last step has the verdict's own quantiles. It is empty where the
// verdict has no forecast, nothing is still to come, or the forecaster of the
// case cannot tell the way.
func Fan(c Case, v schema.Verdict) []FanStep {
	pather, ok := c.Forecaster.(forecast.Pather)
	f := v.Forecast
	if !ok || f == nil || len(f.Points) == 0 {
		return nil
	}
	q := forecast.Question{Indicator: c.Indicator, Target: c.Target, Counted: counted(c.Target.Kind), Begin: f.Begin, Deadline: v.Deadline, AsOf: c.AsOf}
	for _, p := range f.Points {
		q.Points = append(q.Points, forecast.Point{Day: p.Period.Last(), Value: p.Value, Period: p.Period, Final: p.Final})
	}
	if q.Target.Tolerance != nil { // asked by its bounds, which the quantiles do not depend on
		q.Target.Tolerance, q.Target.Op = nil, ">="
	}
	changes := 0
	if f.ByChanges {
		changes = changing(q)
	}
	down := changes == -1
	if changes != 0 {
		q.Counted = true
	}
	if down {
		q = mirror(q)
	}
	var out []FanStep
	for _, step := range pather.Path(q) {
		a := forecast.Answer{Quantiles: step.Quantiles}
		if down {
			a = mirrored(a)
		}
		s := FanStep{Day: step.Day}
		for _, x := range a.Quantiles {
			s.Quantiles = append(s.Quantiles, schema.Quantile{P: x.P, Value: x.Value})
		}
		out = append(out, s)
	}
	return out
}

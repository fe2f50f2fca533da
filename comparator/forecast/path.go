package forecast

import (
	"errors"

	"yardstick/schema"
)

// Step is the distribution of the figure at the end of one period on the way to
// the deadline.
type Step struct {
	Day       schema.Date // the period's last
	Quantiles []Quantile  // as an answer's
}

// Pather is a Forecaster that also tells the way to its answer. The last step
// is the answer's own distribution.
type Pather interface {
	Path(Question) []Step
}

// Path is the way of the answer to q: one step for each period that is still to
// come, the nearest first; none where there is no answer or nothing is to come.
func (c *Calibrated) Path(q Question) []Step {
	if q.Deadline.IsZero() || q.Target.Op == "=" {
		return nil
	}
	if _, known := q.known(); known {
		return nil
	}
	p, l, why := c.continued(q)
	if !why.IsZero() {
		return nil
	}
	last := lastWithin(l.series.Frequency, q.Deadline)
	out := make([]Step, l.steps)
	for i := range out {
		out[i] = Step{Day: last.Add(i + 1 - l.steps).Last(), Quantiles: quantiles(p.Steps[i])}
	}
	if l.working { // the days reported lie as far apart as they did so far
		from := q.Points[len(q.Points)-1].Day
		for i := range out {
			out[i].Day = from.AddDays((i + 1) * last.Last().DaysSince(from) / l.steps)
		}
	}
	return out
}

// continued is the series of the question and its continuation up to the
// deadline, or why there is none.
func (c *Calibrated) continued(q Question) (Prediction, ladder, schema.Reason) {
	l, why := q.ladder()
	if !why.IsZero() {
		return Prediction{}, l, why
	}
	p, err := c.calibration.Predict(l.series, l.steps)
	if errors.Is(err, ErrBounds) { // the series shows that the bound does not hold
		l.series.Lower, l.series.Upper = nil, nil
		p, err = c.calibration.Predict(l.series, l.steps)
	}
	switch {
	case errors.Is(err, ErrShort):
		return p, l, schema.Because("forecast-too-short", "n", len(l.series.Values), "least", leastJudged)
	case err != nil:
		return p, l, schema.Because("forecast-not-finite")
	}
	return p, l, schema.Reason{}
}

func quantiles(d Distribution) []Quantile {
	var out []Quantile
	for _, level := range told() {
		out = append(out, Quantile{level, d.Quantile(level)})
	}
	return out
}

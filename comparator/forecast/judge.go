package forecast

import (
	"errors"
	"fmt"

	"yardstick/schema"
)

// leastJudged is the fewest values a chance is given on, and reach how many
// times their number the deadline may be away. A median of three is no evidence
// a leader should act on.
const (
	leastJudged = 4
	reach       = 3
)

// Calibrated is the Forecaster of Yardstick. It is safe for concurrent use.
type Calibrated struct{ calibration *Calibration }

// New is the forecaster with the calibration kept here.
func New() (*Calibrated, error) {
	c, err := DefaultCalibration()
	if err != nil {
		return nil, err
	}
	return &Calibrated{c}, nil
}

// told are the probabilities whose quantiles an answer carries.
func told() []float64 { return []float64{.025, .1, .25, .5, .75, .9, .975} }

// Forecast answers with the distribution of the figure of the last period that
// ends by the deadline. Of the frequencies the points stand in it takes the
// finest that has enough of them for the way to the deadline.
func (c *Calibrated) Forecast(q Question) Answer {
	switch {
	case q.Deadline.IsZero():
		return Answer{WhyNot: schema.Because("forecast-no-deadline")}
	case q.Target.Op == "=":
		return Answer{WhyNot: schema.Because("forecast-exact")}
	}
	if a, known := q.known(); known {
		return a
	}
	p, l, why := c.continued(q)
	if !why.IsZero() {
		return Answer{WhyNot: why}
	}
	d := p.Steps[l.steps-1]
	a := Answer{Method: c.method(p, l)}
	target := q.Target.Value.Float()
	if q.Target.Op == "<=" {
		a.Chance = d.AtMost(target)
	} else {
		a.Chance = d.AtLeast(target)
	}
	a.Quantiles = quantiles(d)
	return a
}

// known answers where the figure asked for is already there: no further period
// ends by the deadline.
func (q Question) known() (Answer, bool) {
	if len(q.Points) == 0 {
		return Answer{}, false
	}
	last := q.Points[len(q.Points)-1]
	f := last.Period.Frequency()
	if lastWithin(f, q.Deadline).Since(schema.PeriodOf(f, last.Period.Last())) > 0 {
		return Answer{}, false
	}
	a := Answer{Method: "known; the last period before the deadline has its figure"}
	if q.Target.Meets(last.Value) {
		a.Chance = 1
	}
	for _, level := range told() {
		a.Quantiles = append(a.Quantiles, schema.Quantile{P: level, Value: last.Value.Float()})
	}
	return a, true
}

// method states what made an answer, for the verdict's record.
func (c *Calibrated) method(p Prediction, l ladder) string {
	s := fmt.Sprintf("%s; %s, n=%d, h=%d; intervals calibrated %s (%s)", p.Method, l.series.Frequency, p.Length, l.steps, c.calibration.Made, c.calibration.ID)
	if l.filled > 0 {
		s += fmt.Sprintf("; %d missing periods interpolated", l.filled)
	}
	if l.working {
		s += "; reported days in a row"
	}
	return s
}

// Step is the distribution of the figure at the end of one period on the way to
// the deadline.
type Step struct {
	Day       schema.Date       `json:"day"`       // the period's last
	Quantiles []schema.Quantile `json:"quantiles"` // as an answer's
}

// At is the quantile of probability p, which must be one that is told.
func (s Step) At(p float64) (float64, bool) {
	return (&schema.Forecast{Quantiles: s.Quantiles}).At(p)
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
		from := q.Points[len(q.Points)-1].Period.Last()
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

func quantiles(d Distribution) []schema.Quantile {
	var out []schema.Quantile
	for _, level := range told() {
		out = append(out, schema.Quantile{P: level, Value: d.Quantile(level)})
	}
	return out
}

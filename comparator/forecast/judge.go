package forecast

import (
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

// Calibrated is the Forecaster of this house. It is safe for concurrent use.
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
	if lastWithin(f, q.Deadline).Since(schema.PeriodOf(f, last.Day)) > 0 {
		return Answer{}, false
	}
	a := Answer{Method: "known; the last period before the deadline has its figure"}
	if q.Target.Meets(last.Value) {
		a.Chance = 1
	}
	for _, level := range told() {
		a.Quantiles = append(a.Quantiles, Quantile{level, last.Value.Float()})
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

// Package forecast continues short official series: point forecasts by the
// methods that did best in the forecasting competitions, intervals calibrated so
// that 80 means 80, and from them the chance that a target is met by its
// deadline. A comparator without a forecaster judges by pace alone and says that
// the chance is missing.
package forecast

import (
	"math"

	"yardstick/schema"
)

// Point is one place of the series a target is judged along: a level as
// published, or a running total of what is counted.
type Point struct {
	Day    schema.Date // last day of the reference period
	Value  schema.Decimal
	Period schema.Period
	Final  bool // neither provisional nor estimated
}

// Question is one target before its deadline.
type Question struct {
	Indicator schema.Indicator
	Target    schema.Target
	Points    []Point     // oldest first, none before the last break in the series
	Counted   bool        // a running total: it does not fall below what is counted
	Begin     schema.Date // Counted: the last day on which nothing was counted yet; no day when unknown
	Deadline  schema.Date
	AsOf      schema.Date
}

// Quantile is the value below which the figure at the deadline stays with
// probability P.
type Quantile struct {
	P     float64
	Value float64
}

// Answer is the distribution of the figure at the deadline. WhyNot is set, and
// nothing else counts, when the forecaster will not commit itself ('too short
// to tell').
type Answer struct {
	Chance    float64 // calibrated probability that the target is met, 0 to 1
	Quantiles []Quantile
	Method    string // what made it, from how many values how far ahead, and which calibration
	WhyNot    schema.Reason
}

// Interval is the central one that covers the figure with the probability level,
// such as .80 or .95; ok is false where the answer does not carry its two ends.
func (a Answer) Interval(level float64) (low, high float64, ok bool) {
	found := 0
	for _, q := range a.Quantiles {
		switch {
		case math.Abs(q.P-(1-level)/2) < 1e-9:
			low = q.Value
			found++
		case math.Abs(q.P-(1+level)/2) < 1e-9:
			high = q.Value
			found++
		}
	}
	return low, high, found == 2
}

// Forecaster answers the same question always the same way; it reads no clock
// and does no I/O.
type Forecaster interface {
	Forecast(Question) Answer
}

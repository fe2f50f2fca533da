// Package forecast continues short official series: point forecasts by the
// methods that did best in the forecasting competitions, intervals calibrated so
// that 80 means 80, and from them the chance that a target is met by its
// deadline. A comparator without a forecaster judges by pace alone and says that
// the chance is missing.
package forecast

import (
	"errors"

	"yardstick/schema"
)

// Question is one target before its deadline.
type Question struct {
	Indicator schema.Indicator
	Target    schema.Target
	Points    []schema.SeriesPoint // oldest first, none before the last break in the series
	Counted   bool                 // a running total: it does not fall below what is counted
	Begin     schema.Date          // Counted: the last day on which nothing was counted yet; no day when unknown
	Deadline  schema.Date
	AsOf      schema.Date
}

// Answer is the distribution of the figure at the deadline. WhyNot is set, and
// nothing else counts, when the forecaster will not commit itself ('too short
// to tell').
type Answer struct {
	Chance    float64 // calibrated probability that the target is met, 0 to 1
	Quantiles []schema.Quantile
	Method    string // what made it, from how many values how far ahead, and which calibration
	WhyNot    schema.Reason
}

// Forecaster answers the same question always the same way; it reads no clock
// and does no I/O.
type Forecaster interface {
	Forecast(Question) Answer
}

// Why a series is not continued.
var (
	ErrShort     = errors.New("too few values")
	ErrHorizon   = errors.New("the horizon is out of reach")
	ErrNotFinite = errors.New("a value is not a finite number")
	ErrMethod    = errors.New("no such method")
	ErrBounds    = errors.New("the bounds contradict the series")
)

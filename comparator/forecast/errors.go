package forecast

import "errors"

// Why a series is not continued.
var (
	ErrShort     = errors.New("too few values")
	ErrHorizon   = errors.New("the horizon is out of reach")
	ErrNotFinite = errors.New("a value is not a finite number")
	ErrMethod    = errors.New("no such method")
	ErrBounds    = errors.New("the bounds contradict the series")
)

package docket

import (
	"crypto/sha256"
	"encoding/json"
	"sync"

	"yardstick/comparator/forecast"
	"yardstick/schema"
)

// remembering is a forecaster that does not work out the same answer twice: day
// after day a history asks about the same figures. It is safe for concurrent use.
type remembering struct {
	of forecast.Forecaster

	mu      sync.Mutex
	answers map[[sha256.Size]byte]forecast.Answer
	paths   map[[sha256.Size]byte][]forecast.Step
}

// mostAnswers bounds the memory; past it, all is forgotten.
const mostAnswers = 10_000

func remember(of forecast.Forecaster) *remembering {
	return &remembering{of: of, answers: map[[sha256.Size]byte]forecast.Answer{}, paths: map[[sha256.Size]byte][]forecast.Step{}}
}

// Forecast answers as the forecaster does. What an answer depends on is the whole
// question but for the day it is asked: a forecast is of the figures, not of when
// somebody looks at them.
func (r *remembering) Forecast(q forecast.Question) forecast.Answer {
	key, ok := keyOf(q)
	if !ok {
		return r.of.Forecast(q)
	}
	r.mu.Lock()
	a, known := r.answers[key]
	r.mu.Unlock()
	if known {
		return a
	}
	a = r.of.Forecast(q)
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.answers) >= mostAnswers {
		clear(r.answers)
	}
	r.answers[key] = a
	return a
}

// Path is the way of an answer, worked out once as the answer is; none where the
// forecaster cannot tell it.
func (r *remembering) Path(q forecast.Question) []forecast.Step {
	of, tells := r.of.(forecast.Pather)
	if !tells {
		return nil
	}
	key, ok := keyOf(q)
	if !ok {
		return of.Path(q)
	}
	r.mu.Lock()
	p, known := r.paths[key]
	r.mu.Unlock()
	if known {
		return p
	}
	p = of.Path(q)
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.paths) >= mostAnswers {
		clear(r.paths)
	}
	r.paths[key] = p
	return p
}

// keyOf names a question by all that an answer depends on.
func keyOf(q forecast.Question) (key [sha256.Size]byte, ok bool) {
	q.AsOf = schema.Date{}
	text, err := json.Marshal(q)
	if err != nil { // not reached: a question is plain data
		return key, false
	}
	return sha256.Sum256(text), true
}

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

	answers memory[forecast.Answer]
	paths   memory[[]forecast.Step]
}

// memory is what was worked out, by a digest of the question.
type memory[T any] struct {
	mu   sync.Mutex
	held map[[sha256.Size]byte]T
}

// mostAnswers bounds the memory; past it, all is forgotten.
const mostAnswers = 10_000

func remember(of forecast.Forecaster) *remembering {
	return &remembering{of: of, answers: memory[forecast.Answer]{held: map[[sha256.Size]byte]forecast.Answer{}},
		paths: memory[[]forecast.Step]{held: map[[sha256.Size]byte][]forecast.Step{}}}
}

// Forecast answers as the forecaster does.
func (r *remembering) Forecast(q forecast.Question) forecast.Answer {
	return r.answers.of(q, r.of.Forecast)
}

// Path is the way of an answer, worked out once as the answer is; none where the
// forecaster cannot tell it.
func (r *remembering) Path(q forecast.Question) []forecast.Step {
	of, tells := r.of.(forecast.Pather)
	if !tells {
		return nil
	}
	return r.paths.of(q, of.Path)
}

// of is what work gives for the question. That depends on the whole question but
// for the day it is asked: a forecast is of the figures, not of when somebody looks
// at them.
func (m *memory[T]) of(q forecast.Question, work func(forecast.Question) T) T {
	timeless := q
	timeless.AsOf = schema.Date{}
	text, err := json.Marshal(timeless)
	if err != nil { // not reached: a question is plain data
		return work(q)
	}
	key := sha256.Sum256(text)
	m.mu.Lock()
	held, known := m.held[key]
	m.mu.Unlock()
	if known {
		return held
	}
	held = work(q)
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.held) >= mostAnswers {
		clear(m.held)
	}
	m.held[key] = held
	return held
}

package exporter

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"yardstick/schema"
	"yardstick/schema/whole"
)

// Turns remembers which verdicts changed their status because a figure was
// revised or withdrawn. It is kept in a file: the alert holds for ten days and
// must outlast a restart.
type Turns struct {
	path string
	log  *slog.Logger

	mu   sync.Mutex
	last map[schema.Scope]schema.Status
	kept []Turn
}

// turnsKept is how long a turn is shown: longer than any alert on it.
const turnsKept = 30 * 24 * time.Hour

// OpenTurns reads the turns kept at path; last are the verdicts kept before.
func OpenTurns(path string, last []schema.Verdict, log *slog.Logger) (*Turns, error) {
	t := &Turns{path: path, log: log, last: map[schema.Scope]schema.Status{}}
	for _, v := range last {
		t.last[v.Scope()] = v.Status
	}
	if err := whole.Kept(path, &t.kept); err != nil {
		return nil, fmt.Errorf("reading which verdicts were turned: %w", err)
	}
	return t, nil
}

// Note takes in a comparison made at a time, with why each verdict changed that did.
func (t *Turns) Note(at time.Time, verdicts []schema.Verdict, causes map[schema.Scope]string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := len(t.kept)
	for _, v := range verdicts {
		was, known := t.last[v.Scope()]
		t.last[v.Scope()] = v.Status
		if known && was != v.Status && causes[v.Scope()] == schema.CauseRevision {
			t.kept = append(t.kept, Turn{Scope: v.Scope(), Was: was, At: at})
		}
	}
	if len(t.kept) == n {
		return
	}
	t.kept = slices.DeleteFunc(t.kept, func(u Turn) bool { return at.Sub(u.At) > turnsKept })
	text, err := json.Marshal(t.kept)
	if err == nil {
		err = whole.Keep(t.path, text)
	}
	if err != nil {
		t.log.Error("which verdicts were turned is not kept beyond this process", "err", err)
	}
}

// List are the turns to show.
func (t *Turns) List() []Turn {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.kept)
}

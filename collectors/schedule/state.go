package schedule

import (
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"yardstick/schema/whole"
)

// lastRun is what is kept of a feed's runs.
type lastRun struct {
	LastRun     time.Time `json:"last_run"`
	LastSuccess time.Time `json:"last_success"`
	Failures    int       `json:"failures,omitempty"`
}

// stateFile keeps when each feed last ran. It is replaced whole and on the disk
// before put returns.
type stateFile struct {
	path string
	mu   sync.Mutex
	runs map[string]lastRun
}

func openState(path string) (*stateFile, error) {
	s := &stateFile{path: path, runs: map[string]lastRun{}}
	if err := whole.Kept(path, &s.runs); err != nil {
		return nil, fmt.Errorf("reading when feeds last ran (%s; remove it to start anew): %w", path, err)
	}
	if s.runs == nil { // the file says null
		s.runs = map[string]lastRun{}
	}
	return s, nil
}

func (s *stateFile) get(feed string) lastRun {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.runs[feed]
}

func (s *stateFile) put(feed string, l lastRun) (err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.runs[feed] = l
	if s.path == "" {
		return nil
	}
	text, err := json.MarshalIndent(s.runs, "", "  ")
	if err == nil {
		err = whole.Keep(s.path, append(text, '\n'))
	}
	if err != nil {
		return fmt.Errorf("keeping when feeds last ran: %w", err)
	}
	return nil
}

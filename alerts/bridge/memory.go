package bridge

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"yardstick/schema/whole"
)

// told is what one channel was told of one alert.
type told struct {
	Alert
	ToldAt time.Time `json:"told_at"`
	SeenAt time.Time `json:"seen_at"` // last time Alertmanager said it fires
}

// memory keeps what each channel was told, so that a group that gains an alert
// tells the new one alone, a retry tells nobody twice, and an end is told only
// to those who heard of the beginning. It is a file, written whole at each
// change, because Yardstick is restarted and alerts last for weeks.
type memory struct {
	path string // "" keeps nothing beyond the process

	mu   sync.Mutex
	told map[string]map[string]told // channel -> fingerprint
}

// forgetAfter is how long an alert that is not heard of any more is kept: longer
// than the thirty days after which Alertmanager repeats itself.
const forgetAfter = 45 * 24 * time.Hour

// again is how long after it was last seen an alert counts as the same one,
// though its beginning differs.
const again = 24 * time.Hour

// repeatAfter is how old a telling is when the alert is told once more. An hour
// less than Alertmanager's repeat_interval, which it keeps to the minute only.
const repeatAfter = 30*24*time.Hour - time.Hour

func openMemory(path string) (*memory, error) {
	m := &memory{path: path, told: map[string]map[string]told{}}
	if err := whole.Kept(path, &m.told); err != nil {
		return nil, fmt.Errorf("reading what was told: %w", err)
	}
	return m, nil
}

// news sorts a group's alerts by what they are to a channel.
type news struct {
	fresh  []Alert // fire and were not told
	repeat []Alert // fire, were told a month ago
	still  int     // fire and were told lately
	ended  []Alert // ended and were told
	gone   []Alert // ended without a word: never told, events, or overtaken by another alert on the same target
	fires  []Alert // all that fire
}

func (n news) empty() bool { return len(n.fresh)+len(n.repeat)+len(n.ended) == 0 }

// sort says what of alerts is news to a channel.
func (m *memory) sort(channel string, alerts []Alert, now time.Time) news {
	m.mu.Lock()
	defer m.mu.Unlock()
	known := m.told[channel]
	var n news
	busy := map[[3]string]bool{} // targets about which something else fires
	ending := map[string]bool{}
	for _, a := range alerts {
		ending[a.Fingerprint] = a.resolved()
		if s, ok := a.subject(); ok && !a.resolved() {
			busy[s] = true
		}
	}
	for print, t := range known {
		if s, ok := t.subject(); ok && !ending[print] && !t.event() {
			busy[s] = true
		}
	}
	for _, a := range alerts {
		t, ok := known[a.Fingerprint]
		s, target := a.subject()
		switch {
		case a.resolved() && (!ok || a.event() || target && busy[s]):
			n.gone = append(n.gone, a)
		case a.resolved():
			a.StartsAt = t.StartsAt // of what was told
			n.ended = append(n.ended, a)
		case !ok || !t.StartsAt.Equal(a.StartsAt) && now.Sub(t.SeenAt) > again:
			n.fresh = append(n.fresh, a)
		case now.Sub(t.ToldAt) >= repeatAfter && !a.event():
			n.repeat = append(n.repeat, a)
		default:
			n.still++
		}
		if !a.resolved() {
			n.fires = append(n.fires, a)
		}
	}
	slices.SortFunc(n.fresh, byRank)
	slices.SortFunc(n.repeat, byRank)
	slices.SortFunc(n.ended, byRank)
	return n
}

// keep remembers that a channel was told n.
func (m *memory) keep(channel string, n news, now time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	known := m.told[channel]
	if known == nil {
		known = map[string]told{}
		m.told[channel] = known
	}
	for _, a := range n.fires {
		t, ok := known[a.Fingerprint]
		if !ok {
			t.Alert = a
		}
		t.SeenAt = now
		known[a.Fingerprint] = t
	}
	for _, a := range slices.Concat(n.fresh, n.repeat) {
		known[a.Fingerprint] = told{Alert: a, ToldAt: now, SeenAt: now}
	}
	for _, a := range slices.Concat(n.ended, n.gone) {
		delete(known, a.Fingerprint)
	}
	for print, t := range known {
		if now.Sub(t.SeenAt) > forgetAfter {
			delete(known, print)
		}
	}
	return m.save()
}

// open lists what the channel was told and not told the end of.
func (m *memory) open(channel string) []told {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.SortedFunc(maps.Values(m.told[channel]), func(a, b told) int { return byRank(a.Alert, b.Alert) })
}

// has reports whether any channel was told of an alert and not of its end.
func (m *memory) has(print string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, known := range m.told {
		if _, ok := known[print]; ok {
			return true
		}
	}
	return false
}

// save writes the file whole or not at all. The caller holds the lock.
func (m *memory) save() error {
	if m.path == "" {
		return nil
	}
	text, err := json.Marshal(m.told)
	if err == nil {
		err = whole.Keep(m.path, text)
	}
	if err != nil {
		return fmt.Errorf("keeping what was told: %w", err)
	}
	return nil
}

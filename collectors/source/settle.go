package source

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"yardstick/schema"
	"yardstick/schema/whole"
)

// sighting is a file as last seen.
type sighting struct {
	entry
	since    time.Time // seen like this since
	notUntil time.Time // try again after
	tries    int
	warned   bool
}

// settled looks where the files lie, twice if there is something new that may
// settle meanwhile, and gives those that are ready, the oldest first.
func (c *Collector) settled(ctx context.Context, known state) ([]entry, error) {
	ready, open, err := c.look(ctx, known)
	if err != nil || !open || !c.manner.lingers {
		return ready, err
	}
	if err := pause(ctx, c.o.Settle); err != nil {
		return nil, err
	}
	ready, _, err = c.look(ctx, known)
	return ready, err
}

// look lists what is to be done, the oldest first. Files that are still being
// written are left alone. open: something was seen like this for too short a
// time, and another look may tell.
func (c *Collector) look(ctx context.Context, known state) (ready []entry, open bool, err error) {
	files, err := c.place.list(ctx)
	if err != nil {
		return nil, false, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	now, there := c.o.Now(), map[string]bool{}
	for _, e := range files {
		there[e.name] = true
		if t, ok := known.Files[c.o.key(e.name)]; ok && t.is(e) && (!c.manner.moves || t.Answer == nil) {
			continue // taken; one that came back unchanged after it was moved stays where it is
		}
		was, seen := c.seen[e.name]
		switch {
		case c.o.Settle <= 0:
			ready = append(ready, e)
		case !seen || !was.is(e):
			c.seen[e.name], open = sighting{entry: e, since: now}, true
		case now.Before(was.notUntil):
		case now.Sub(was.since) < c.o.Settle:
			open = true
		case !c.place.whole(e, now.Sub(was.since)):
			c.warn(&was, now)
		default:
			ready = append(ready, e)
		}
	}
	for name := range c.seen {
		if !there[name] {
			delete(c.seen, name)
		}
	}
	slices.SortStableFunc(ready, func(a, b entry) int { return a.modified.Compare(b.modified) })
	return ready, open, nil
}

// mostWritten is how long a file may be held open by who writes it before that is
// said.
const mostWritten = 10 * time.Minute

// warn says once of a file that it is not taken because it is still being written.
func (c *Collector) warn(s *sighting, now time.Time) {
	if now.Sub(s.since) > mostWritten && !s.warned {
		s.warned = true
		c.seen[s.name] = *s
		c.o.Log.Warn("a file is not taken: some program still holds it open for writing", "where", c.manner.where, "since", s.since)
	}
}

// temporary reports whether a name says that the file is not finished, or not
// meant for us.
func temporary(name string) bool {
	low := strings.ToLower(name)
	for _, end := range []string{".part", ".partial", ".filepart", ".crdownload", ".download", ".tmp", ".temp", ".swp", "~", ".receipt.json"} {
		if strings.HasSuffix(low, end) {
			return true
		}
	}
	return strings.HasPrefix(low, "~$") || strings.HasPrefix(low, ".") || low == "thumbs.db" || low == "desktop.ini"
}

// later leaves a file where it is, to be tried again: after 10 s, then after
// twice as long each time, an hour at most.
func (c *Collector) later(e entry) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.seen[e.name]
	s.notUntil = c.o.Now().Add(min(10*time.Second<<min(s.tries, 20), time.Hour))
	s.tries++
	c.seen[e.name] = s
}

// forget lets go of a file that was dealt with.
func (c *Collector) forget(e entry) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.seen, e.name)
}

// Watch is for feeds whose files come without a visit: it calls ready whenever
// a settled file waits, until the context ends. It looks through the folder
// every few seconds and at once when the system tells of a change. Where the
// system cannot tell (network folders) looking through it remains. Nil for
// others.
func (c *Collector) Watch() func(ctx context.Context, ready func()) error {
	d, ok := c.place.(*folder)
	if !ok {
		return nil
	}
	return func(ctx context.Context, ready func()) error { return c.watch(ctx, d, ready) }
}

func (c *Collector) watch(ctx context.Context, d *folder, ready func()) error {
	stepped, ended := make(chan struct{}, 1), make(chan struct{})
	go func() {
		defer close(ended)
		err := events(ctx, d.dir, &d.told, func() {
			select {
			case stepped <- struct{}{}:
			default: // one that waits stands for all
			}
		})
		if err != nil {
			c.o.Log.Warn("the system tells no changes of the drop folder; it is looked through instead", "folder", d.dir, "err", err)
		}
	}()
	defer func() { <-ended }()
	timer := time.NewTimer(0)
	defer timer.Stop()
	next := time.Now()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-stepped: // note what is new now, and look again once it may have settled
			c.glance(ctx, nil)
			if at := time.Now().Add(c.o.Settle); at.Before(next) {
				next = at
				timer.Reset(time.Until(next))
			}
		case <-timer.C:
			wait := c.o.Every
			if c.glance(ctx, ready) { // written to since it was first seen: it settles from then on
				wait = min(wait, c.o.Settle)
			}
			next = time.Now().Add(wait)
			timer.Reset(wait)
		}
	}
}

// glance goes through the folder and calls ready when a file waits. open: another
// may settle soon.
func (c *Collector) glance(ctx context.Context, ready func()) (open bool) {
	files, open, err := c.look(ctx, state{})
	if err != nil {
		c.o.Log.Warn("drop folder cannot be read", "folder", c.manner.where, "err", err)
	}
	if ready != nil && (len(files) > 0 || c.doubtful(ctx)) {
		ready()
	}
	return open
}

// mostTaken bounds what is remembered of a folder whose files stay; the oldest
// are forgotten first, and would be found unchanged if they came again.
const mostTaken = 20_000

// taken is a file that has its receipt.
type taken struct {
	Size     int64                `json:"size"`
	Modified time.Time            `json:"mtime"`
	SHA256   string               `json:"sha256"`
	At       time.Time            `json:"at"`
	Receipt  string               `json:"receipt"`
	Status   schema.ReceiptStatus `json:"status"`
	Answer   *schema.Receipt      `json:"answer,omitempty"` // as long as the file is still to be moved
}

func (t taken) is(e entry) bool { return t.Size == e.size && t.Modified.Equal(e.modified) }

// state is what is remembered of a feed's source: the files that were taken
// from a folder, or what a server said of its last download. It is kept when
// the feed has its receipt, not before: what is lost in between is then fetched
// again.
type state struct {
	Address string           `json:"address"`         // SHA-256 of where it is: another place starts anew
	Files   map[string]taken `json:"files,omitempty"` // by Options.key of their names
	Filed   []filed          `json:"filed,omitempty"` // lately moved away

	ETag         string    `json:"etag,omitempty"`
	LastModified string    `json:"last_modified,omitempty"`
	At           time.Time `json:"at,omitzero"`
}

// address is what a state tells places by.
func address(where string) string {
	sum := sha256.Sum256([]byte(where))
	return hex.EncodeToString(sum[:])
}

func (c *Collector) state() (state, error) {
	fresh := state{Address: c.manner.address, Files: map[string]taken{}}
	path := c.o.state(c.kind.actor)
	if path == "" {
		c.mu.Lock()
		defer c.mu.Unlock()
		fresh.Filed = slices.Clone(c.filed)
		return fresh, nil
	}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return fresh, nil
	}
	if err != nil {
		return fresh, fmt.Errorf("reading what was taken from %s: %w", c.manner.where, err)
	}
	// A damaged state costs downloads that are found unchanged, no figure.
	was := state{Files: map[string]taken{}}
	if json.Unmarshal(text, &was) != nil || was.Address != fresh.Address || was.Files == nil {
		return fresh, nil
	}
	if c.o.unname(&was) {
		return was, c.keep(was)
	}
	return was, nil
}

// remember notes that a file has its receipt.
func (c *Collector) remember(known *state, e entry, f *File, r schema.Receipt) error {
	switch {
	case !c.manner.remember:
		return nil
	case f.note != nil:
		f.note(known)
	default:
		t := taken{Size: e.size, Modified: e.modified, SHA256: f.digest, At: c.o.Now().UTC(), Receipt: r.ID, Status: r.Status}
		if c.manner.moves {
			t.Answer = &r
		}
		if r.Status == schema.Refused && r.Snapshot == "" { // it may not be kept: nor what tells its content
			t.SHA256 = ""
		}
		known.Files[c.o.key(e.name)] = t
	}
	return c.keep(*known)
}

func (c *Collector) keep(known state) error {
	c.mu.Lock()
	c.filed = slices.Clone(known.Filed)
	c.mu.Unlock()
	path := c.o.state(c.kind.actor)
	if path == "" {
		return nil
	}
	if n := len(known.Files) - mostTaken; n > 0 {
		oldest := func(a, b string) int { return known.Files[a].At.Compare(known.Files[b].At) }
		for _, name := range slices.SortedFunc(maps.Keys(known.Files), oldest)[:n] {
			delete(known.Files, name)
		}
	}
	text, err := json.MarshalIndent(known, "", " ")
	if err == nil {
		err = whole.Keep(path, text)
	}
	if err != nil {
		return fmt.Errorf("keeping what was taken from %s: %w", c.manner.where, err)
	}
	return nil
}

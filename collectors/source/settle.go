package source

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
)

// sighting is a file as last seen.
type sighting struct {
	entry
	since    time.Time // seen like this since
	notUntil time.Time // try again after
	tries    int
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
		if t, ok := known.Files[e.name]; ok && t.is(e) && (!c.manner.moves || t.Answer == nil) {
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
	dir, ok := c.place.(folder)
	if !ok {
		return nil
	}
	return func(ctx context.Context, ready func()) error { return c.watch(ctx, string(dir), ready) }
}

func (c *Collector) watch(ctx context.Context, dir string, ready func()) error {
	events, faults, closeWatch := c.changes(dir)
	defer closeWatch()
	timer := time.NewTimer(0)
	defer timer.Stop()
	next := time.Now()
	for {
		select {
		case <-ctx.Done():
			return nil
		case err := <-faults:
			c.o.Log.Warn("the watch of a drop folder missed something; it is looked through", "folder", dir, "err", err)
		case <-events: // note what is new now, and look again once it may have settled
			c.glance(ctx, nil)
			if at := time.Now().Add(c.o.Settle); at.Before(next) {
				next = at
				timer.Reset(time.Until(next))
			}
		case <-timer.C:
			c.glance(ctx, ready)
			next = time.Now().Add(c.o.Every)
			timer.Reset(c.o.Every)
		}
	}
}

// glance goes through the folder and calls ready when a file waits.
func (c *Collector) glance(ctx context.Context, ready func()) {
	files, _, err := c.look(ctx, state{})
	if err != nil {
		c.o.Log.Warn("drop folder cannot be read", "folder", c.manner.where, "err", err)
	}
	if len(files) > 0 && ready != nil {
		ready()
	}
}

// changes is channels of changes in the folder, nil where the system tells none.
func (c *Collector) changes(dir string) (<-chan fsnotify.Event, <-chan error, func()) {
	w, err := fsnotify.NewWatcher()
	if err == nil {
		if err = w.Add(dir); err != nil {
			err = errors.Join(err, w.Close())
		}
	}
	if err != nil {
		c.o.Log.Warn("the system tells no changes of the drop folder; it is looked through instead", "folder", dir, "err", err)
		return nil, nil, func() {}
	}
	return w.Events, w.Errors, func() {
		if err := w.Close(); err != nil {
			c.o.Log.Warn("ending the watch of a drop folder", "folder", dir, "err", err)
		}
	}
}

package source

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// A file that was taken may still be written on by who held it open. For so long
// what was moved away is looked at again.
const mostDoubted = time.Hour

// errGrew marks a file that was written on after it was taken: it stays where it
// is, to be taken anew.
var errGrew = errors.New("the file was written on after it was taken")

// filed is a file that was taken and moved away.
type filed struct {
	Path     string    `json:"path"` // where it lies
	Name     string    `json:"name"` // what it was called; one that may not be kept is not remembered
	Size     int64     `json:"size"`
	Modified time.Time `json:"mtime"`
	Inode    uint64    `json:"inode,omitempty"` // 0 where files have none
	Receipt  string    `json:"receipt"`
	At       time.Time `json:"at"` // when it was moved
}

// review looks at what was moved lately. What was written on since is brought
// back, as another delivery, and the receipt of the first is told.
func (c *Collector) review(ctx context.Context, known *state) error {
	var all error
	kept := known.Filed[:0:0]
	for _, f := range known.Filed {
		if c.o.Now().Sub(f.At) > mostDoubted {
			continue
		}
		grew, err := c.place.changed(ctx, f, false)
		switch {
		case err != nil:
			all = errors.Join(all, fmt.Errorf("looking again at %s: %w", f.Name, err))
		case grew:
			if err = c.bringBack(ctx, f); err == nil {
				continue
			}
			all = errors.Join(all, err)
		}
		kept = append(kept, f)
	}
	if len(kept) == len(known.Filed) {
		return all
	}
	known.Filed = kept
	return errors.Join(all, c.keep(*known))
}

// bringBack takes a file that grew back to where it is taken from.
func (c *Collector) bringBack(ctx context.Context, f filed) error {
	if err := c.place.back(ctx, f); err != nil {
		return fmt.Errorf("bringing back %s, which was written on after it was taken: %w", f.Name, err)
	}
	return c.grew(ctx, f.Receipt, f.Name)
}

// grew says of a receipt that its file went on being written.
func (c *Collector) grew(ctx context.Context, receipt, name string) error {
	c.o.Log.Warn("a file was written on after it was taken; it is taken anew", "feed", c.o.Feed, "receipt", receipt)
	if c.o.Grew == nil {
		return nil
	}
	if err := c.o.Grew(ctx, receipt, name); err != nil {
		return fmt.Errorf("writing down that the file of %s was written on: %w", receipt, err)
	}
	return nil
}

// moved notes that a file was moved, and looks at it once more at once.
func (c *Collector) moved(ctx context.Context, known *state, f filed) error {
	switch grew, err := c.place.changed(ctx, f, true); {
	case err != nil:
		return fmt.Errorf("looking at %s after it was moved: %w", f.Name, err)
	case grew:
		return c.bringBack(ctx, f)
	}
	if c.o.told(f.Name) == f.Name { // else it was refused for its name: nothing that is added to it changes that
		known.Filed = append(known.Filed, f)
	}
	return nil
}

// doubtful reports whether something that was moved lately was written on.
func (c *Collector) doubtful(ctx context.Context) bool {
	c.mu.Lock()
	all := c.filed
	c.mu.Unlock()
	for _, f := range all {
		if grew, err := c.place.changed(ctx, f, false); err == nil && grew {
			return true
		}
	}
	return false
}

// book is what the system told of the files in a folder: that one is being
// written, or that who wrote it has closed it. What it does not hold is unknown.
type book struct {
	mu    sync.Mutex
	names map[string]bool // being written
}

func (b *book) note(name string, writing bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.names == nil {
		b.names = map[string]bool{}
	}
	b.names[name] = writing
}

func (b *book) forget(name string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.names, name)
}

func (b *book) clear() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.names = nil
}

func (b *book) of(name string) (writing, known bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	writing, known = b.names[name]
	return writing, known
}

package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"os"
	"sync"
	"time"

	"yardstick/schema"
	"yardstick/schema/whole"
	"yardstick/schema/words"
)

// place is where a feed's files lie: what each kind of source does in its own
// way. A Collector does the rest: it waits until files have settled, tries
// again, and remembers what was taken. Errors that trying again does not mend
// are permanent.
type place interface {
	// check reads what it needs, such as keys, and changes nothing.
	check() error
	// list begins a visit and gives the files that lie there.
	list(ctx context.Context) ([]entry, error)
	// whole reports whether who writes a file is done with it; it has been seen as
	// it is for so long.
	whole(e entry, still time.Duration) bool
	// open fetches one of them whole; errNothing when it is not there as listed.
	open(ctx context.Context, e entry, known state) (*File, error)
	// done is told the receipt of a file. It moves the file where that is agreed
	// and gives where it lies then; errGrew when it was written on since.
	done(e entry, r schema.Receipt) (moved string, err error)
	// changed reports whether a file that was moved was written on since, or, at
	// the very moment, may still be.
	changed(ctx context.Context, f filed, now bool) (bool, error)
	// back brings it back under a name that is free.
	back(ctx context.Context, f filed) error
	// close ends the visit.
	close()
}

// manner is what a Collector has to know of a place.
type manner struct {
	where    string // for people; it holds no secret
	address  string // SHA-256, for the state: what was remembered of another one does not hold
	failed   string // the sentence when every attempt failed
	remember bool   // its files stay: what was taken is remembered
	moves    bool   // files that have their receipt are moved away
	lingers  bool   // files are seen to settle within one visit, which waits for it
}

// entry is a file as it lies there.
type entry struct {
	name     string
	size     int64
	modified time.Time
	info     fs.FileInfo
}

func entryOf(info fs.FileInfo) entry { return entry{info.Name(), info.Size(), info.ModTime(), info} }

func (e entry) is(other entry) bool { return e.size == other.size && e.modified.Equal(other.modified) }

// errNothing marks a file that is not there to be taken: it changed under the
// reading, or is the one that was taken last.
var errNothing = errors.New("the file is still being written")

// permanent marks an error that trying again does not mend.
type permanent struct{ error }

func (p permanent) Unwrap() error { return p.error }

// patience is a passing fault with the wait that the server asks for.
type patience struct {
	error
	wait time.Duration
}

func (p patience) Unwrap() error { return p.error }

// File is a file of a feed, whole and open: our own copy, which is gone when it is
// closed.
type File struct {
	Name string // as its sender calls it
	URL  string // where it was fetched, without any secret; "" for one of a drop folder
	io.ReadCloser

	size   int64
	digest string       // SHA-256
	note   func(*state) // what is remembered of it, where that is not the file
}

// Collector takes a feed's files from where they lie.
type Collector struct {
	kind   kind
	place  place
	manner manner
	o      *Options

	visiting sync.Mutex // one visit at a time
	mu       sync.Mutex
	seen     map[string]sighting
	filed    []filed // as the state has it
}

// open checks the configuration; nothing is read yet.
func open(c Config, o Options) (*Collector, error) {
	def(&o.Every, 3*time.Second)
	def(&o.MaxWait, time.Minute)
	def(&o.Limit, 1<<30)
	def(&o.Attempts, 4)
	def(&o.Still, c.Still)
	def(&o.Still, time.Minute)
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	k := kindOf(c)
	p, m, err := k.open(c, &o)
	if err != nil {
		return nil, err
	}
	def(&o.Wait, time.Second)
	return &Collector{kind: k, place: p, manner: m, o: &o, seen: map[string]sighting{}}, nil
}

// def fills in what was left out.
func def[T ~int | ~int64](v *T, otherwise T) {
	if *v <= 0 {
		*v = otherwise
	}
}

// Valid checks what a feed's configuration says of its source; no file is read.
func (c Config) Valid() error {
	_, err := open(c, Options{})
	return err
}

// Check checks it and reads what it names, such as keys, so that what is wrong
// is told before anything runs.
func (c Config) Check() error {
	w, err := open(c, Options{})
	if err != nil {
		return err
	}
	return w.place.check()
}

// New makes a collector for a feed. A drop folder is made when it is not there.
func New(c Config, o Options) (*Collector, error) {
	w, err := open(c, o)
	if err != nil {
		return nil, err
	}
	if f, ok := w.place.(*folder); ok {
		if err := os.MkdirAll(f.dir, 0o755); err != nil {
			return nil, fmt.Errorf("making the drop folder: %w", err)
		}
	}
	known, err := w.state()
	if err != nil {
		return nil, err
	}
	w.filed = known.Filed
	return w, w.place.check()
}

// Actor is who hands its files in, as receipts tell.
func (c *Collector) Actor() string { return c.kind.actor }

// Rule is when it is visited where the feed does not say; "" when something comes.
func (c *Collector) Rule() string { return c.kind.rule }

// Collect hands every settled new file to take, the oldest first, and deals
// with it as its receipt says. A file that take fails on stays and is tried
// again: after 10 s, then after twice as long each time, an hour at most.
// Passing faults of the way are tried again; errors that a person can mend are
// sentences.
func (c *Collector) Collect(ctx context.Context, take func(context.Context, *File) (schema.Receipt, error)) error {
	c.visiting.Lock()
	defer c.visiting.Unlock()
	for n := 1; ; n++ {
		err := c.visit(ctx, take)
		wait := backOff(n, c.o.Wait, c.o.MaxWait)
		var final permanent
		var asked patience
		if errors.As(err, &asked) && asked.wait > 0 {
			wait = asked.wait
		}
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil:
			return fmt.Errorf("taking files from %s: %w", c.manner.where, ctx.Err())
		case errors.As(err, &final):
			return fmt.Errorf("taking files from %s: %w", c.manner.where, final.error)
		case n >= c.o.Attempts || wait > c.o.MaxWait:
			return words.Fail(err, c.manner.failed, "where", c.manner.where, "url", c.manner.where, "n", n)
		}
		if err := pause(ctx, wait); err != nil {
			return fmt.Errorf("taking files from %s: %w", c.manner.where, err)
		}
	}
}

// backOff is half to all of a wait that doubles with each attempt, so that many
// collectors do not return at one moment.
func backOff(attempt int, wait, most time.Duration) time.Duration {
	full := min(wait<<min(attempt-1, 20), most)
	return full/2 + rand.N(full/2+1)
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// visit looks, takes and moves, once.
func (c *Collector) visit(ctx context.Context, take func(context.Context, *File) (schema.Receipt, error)) error {
	known, err := c.state()
	if err != nil {
		return permanent{err}
	}
	defer c.place.close()
	all := c.review(ctx, &known)
	files, err := c.settled(ctx, known)
	if err != nil {
		return errors.Join(all, err)
	}
	for _, e := range files {
		err := c.one(ctx, &known, e, take)
		var final permanent
		switch {
		case err == nil:
			c.forget(e)
		case errors.Is(err, errNothing):
		case ctx.Err() != nil:
			return errors.Join(all, c.o.unnamed(e, err))
		case errors.As(err, &final): // of this file or folder; the next may go well
			c.later(e)
			all = errors.Join(all, fmt.Errorf("taking in %s: %w", c.o.told(e.name), c.o.unnamed(e, final.error)))
		default:
			return errors.Join(all, c.o.unnamed(e, err))
		}
	}
	if all != nil {
		return permanent{all}
	}
	return nil
}

// one takes in one file and moves it. A file that has its receipt already is
// only moved.
func (c *Collector) one(ctx context.Context, known *state, e entry, take func(context.Context, *File) (schema.Receipt, error)) error {
	key := c.o.key(e.name)
	t, ok := known.Files[key]
	receipt := t.Answer
	if !ok || !t.is(e) {
		file, err := c.place.open(ctx, e, *known)
		if err != nil {
			return err
		}
		grew := ok && t.SHA256 != file.digest && c.o.Now().Sub(t.At) < mostDoubted
		if ok && t.SHA256 == file.digest && (t.Status.Counts() || t.Status == schema.Unchanged) { // only its time is new
			t.Size, t.Modified = e.size, e.modified
			known.Files[key] = t
			return errors.Join(file.Close(), c.keep(*known))
		}
		r, err := take(ctx, file)
		if err = errors.Join(err, file.Close()); err != nil {
			return permanent{err}
		}
		if r.Status != schema.Failed {
			err := c.remember(known, e, file, r)
			if grew { // so soon, and of this name: it was not whole
				err = errors.Join(err, c.grew(ctx, t.Receipt, e.name))
			}
			if err != nil {
				return permanent{err}
			}
		}
		receipt = &r
	}
	if receipt == nil {
		return nil
	}
	at, err := c.place.done(e, *receipt)
	switch {
	case errors.Is(err, errGrew):
		delete(known.Files, key)
		return errors.Join(c.grew(ctx, receipt.ID, e.name), c.keep(*known))
	case err != nil:
		return err
	case !c.manner.moves || at == "":
		return nil
	}
	delete(known.Files, key)
	f := filed{Path: at, Name: e.name, Size: e.size, Modified: e.modified, Inode: inode(e.info), Receipt: receipt.ID, At: c.o.Now().UTC()}
	return errors.Join(c.moved(ctx, known, f), c.keep(*known))
}

// download fetches at most so many bytes and one more into a file of our own.
func (o Options) download(ctx context.Context, kind string, body io.Reader) (*File, error) {
	s, err := whole.Temp(o.Temp, kind+"-*")
	if err != nil {
		return nil, permanent{fmt.Errorf("making a file for the download: %w", err)}
	}
	if err := s.Fill(ctx, io.LimitReader(body, o.Limit+1), 0); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return &File{ReadCloser: s, size: s.Size(), digest: s.SHA256()}, nil
}

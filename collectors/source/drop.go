package source

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/fsnotify/fsnotify"

	"yardstick/schema"
)

// Drop is a folder that files are put into. Its sub-folders done, refused and
// asked hold what was dealt with; other sub-folders and links are not followed.
type Drop struct {
	dir    string
	settle time.Duration
	every  time.Duration
	now    func() time.Time
	log    *slog.Logger

	mu   sync.Mutex
	seen map[string]sighting
}

// DropOptions tune a drop folder; zero fields mean the defaults.
type DropOptions struct {
	Settle time.Duration // a file is ready when neither size nor time changed for so long; default 2 s
	Every  time.Duration // how often the folder is looked through; default 3 s
	Now    func() time.Time
	Log    *slog.Logger
}

// sighting is a file as last seen.
type sighting struct {
	size     int64
	modified time.Time
	since    time.Time // seen like this since
	notUntil time.Time // try again after
	tries    int
}

// Sub-folders of a drop folder.
const (
	doneFolder    = "done"
	refusedFolder = "refused"
	askedFolder   = "asked"
)

// NewDrop opens a drop folder, which is made when it is not there.
func NewDrop(dir string, o DropOptions) (*Drop, error) {
	d := &Drop{dir: dir, settle: o.Settle, every: o.Every, now: o.Now, log: o.Log, seen: map[string]sighting{}}
	if d.settle <= 0 {
		d.settle = 2 * time.Second
	}
	if d.every <= 0 {
		d.every = 3 * time.Second
	}
	if d.now == nil {
		d.now = time.Now
	}
	if d.log == nil {
		d.log = slog.New(slog.DiscardHandler)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("making the drop folder: %w", err)
	}
	return d, nil
}

// Dropped is a settled file of a drop folder.
type Dropped struct {
	Name string // in the folder
	info fs.FileInfo
}

// Ready lists the files that have settled, the oldest first. Files that are
// still being written, and those that carry a temporary name, are left alone.
func (d *Drop) Ready() ([]Dropped, error) {
	entries, err := os.ReadDir(d.dir)
	if err != nil {
		return nil, fmt.Errorf("looking into the drop folder: %w", err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	now, there := d.now(), map[string]bool{}
	var ready []Dropped
	for _, e := range entries {
		name := e.Name()
		if !e.Type().IsRegular() || temporary(name) {
			continue
		}
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("looking at %s: %w", name, err)
		}
		there[name] = true
		s, known := d.seen[name]
		if !known || s.size != info.Size() || !s.modified.Equal(info.ModTime()) {
			d.seen[name] = sighting{size: info.Size(), modified: info.ModTime(), since: now}
			continue
		}
		if now.Sub(s.since) >= d.settle && !now.Before(s.notUntil) {
			ready = append(ready, Dropped{name, info})
		}
	}
	for name := range d.seen {
		if !there[name] {
			delete(d.seen, name)
		}
	}
	slices.SortStableFunc(ready, func(a, b Dropped) int { return a.info.ModTime().Compare(b.info.ModTime()) })
	return ready, nil
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

// Open opens a settled file, unless another now has its name: then
// fs.ErrNotExist. The caller closes it.
func (d *Drop) Open(f Dropped) (io.ReadCloser, error) {
	// Not blocking: a pipe put in the file's place must not hold us.
	file, err := os.OpenFile(filepath.Join(d.dir, f.Name), os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", f.Name, err)
	}
	info, err := file.Stat()
	if err == nil && !unchanged(info, f.info) {
		err = fs.ErrNotExist
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("opening %s: %w", f.Name, err), file.Close())
	}
	return file, nil
}

func unchanged(a, b fs.FileInfo) bool {
	return os.SameFile(a, b) && a.Size() == b.Size() && a.ModTime().Equal(b.ModTime())
}

// Finish moves a file that was dealt with to done, refused or asked, with the
// receipt beside it as NAME.receipt.json. Nothing is overwritten: a second file
// of a name becomes NAME~2. A file that was written anew meanwhile stays: it is
// another delivery.
func (d *Drop) Finish(f Dropped, r schema.Receipt) error {
	folder := filepath.Join(d.dir, folderOf(r.Status))
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return fmt.Errorf("making %s: %w", folder, err)
	}
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return fmt.Errorf("writing the receipt of %s: %w", f.Name, err)
	}
	target, err := reserve(folder, f.Name)
	if err != nil {
		return err
	}
	if err := writeWhole(target+".receipt.json", append(text, '\n'), 0o644); err != nil {
		return errors.Join(err, os.Remove(target))
	}
	path := filepath.Join(d.dir, f.Name)
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !unchanged(info, f.info) {
		return os.Remove(target) // the receipt stays; the bytes are kept as a snapshot
	}
	if err == nil {
		err = os.Rename(path, target)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("moving %s to %s: %w", f.Name, folder, err), os.Remove(target))
	}
	d.mu.Lock()
	delete(d.seen, f.Name)
	d.mu.Unlock()
	return errors.Join(syncFolder(folder), syncFolder(d.dir))
}

func folderOf(s schema.ReceiptStatus) string {
	switch s {
	case schema.Asked:
		return askedFolder
	case schema.Refused, schema.Failed:
		return refusedFolder
	}
	return doneFolder
}

// reserve makes an empty file of a name not yet used in the folder, for the
// real one to be renamed over: so no file that stands there is lost.
func reserve(folder, name string) (string, error) {
	end := filepath.Ext(name)
	stem := strings.TrimSuffix(name, end)
	for n := 1; n < 10_000; n++ {
		path := filepath.Join(folder, name)
		if n > 1 {
			path = filepath.Join(folder, fmt.Sprintf("%s~%d%s", stem, n, end))
		}
		if _, err := os.Lstat(path + ".receipt.json"); err == nil {
			continue
		}
		f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return "", fmt.Errorf("reserving a name for %s: %w", name, err)
		}
		return path, f.Close()
	}
	return "", fmt.Errorf("reserving a name for %s in %s: %w", name, folder, fs.ErrExist)
}

// Later leaves a file where it is, to be tried again: after 10 s, then after
// twice as long each time, an hour at most.
func (d *Drop) Later(f Dropped) {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.seen[f.Name]
	wait := min(10*time.Second<<min(s.tries, 20), time.Hour)
	s.tries++
	s.notUntil = d.now().Add(wait)
	d.seen[f.Name] = s
}

// Watch calls ready whenever a settled file waits, until the context ends: it
// looks through the folder every few seconds and at once when the system tells
// of a change. Where the system cannot tell (network folders) looking through
// it remains.
func (d *Drop) Watch(ctx context.Context, ready func()) error {
	events, faults, closeWatch := d.changes()
	defer closeWatch()
	timer := time.NewTimer(0)
	defer timer.Stop()
	next := time.Now()
	for {
		select {
		case <-ctx.Done():
			return nil
		case err := <-faults:
			d.log.Warn("the watch of a drop folder missed something; it is looked through", "folder", d.dir, "err", err)
		case <-events: // note what is new now, and look again once it may have settled
			d.look(nil)
			if at := time.Now().Add(d.settle); at.Before(next) {
				next = at
				timer.Reset(time.Until(next))
			}
		case <-timer.C:
			d.look(ready)
			next = time.Now().Add(d.every)
			timer.Reset(d.every)
		}
	}
}

// look goes through the folder and calls ready when a file waits.
func (d *Drop) look(ready func()) {
	files, err := d.Ready()
	if err != nil {
		d.log.Warn("drop folder cannot be read", "folder", d.dir, "err", err)
	}
	if len(files) > 0 && ready != nil {
		ready()
	}
}

// changes is channels of changes in the folder, nil where the system tells none.
func (d *Drop) changes() (<-chan fsnotify.Event, <-chan error, func()) {
	w, err := fsnotify.NewWatcher()
	if err == nil {
		if err = w.Add(d.dir); err != nil {
			err = errors.Join(err, w.Close())
		}
	}
	if err != nil {
		d.log.Warn("the system tells no changes of the drop folder; it is looked through instead", "folder", d.dir, "err", err)
		return nil, nil, func() {}
	}
	return w.Events, w.Errors, func() {
		if err := w.Close(); err != nil {
			d.log.Warn("ending the watch of a drop folder", "folder", d.dir, "err", err)
		}
	}
}

package source

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"yardstick/schema"
	"yardstick/schema/whole"
)

// folder is a drop folder: one that files are put into. Its sub-folders done,
// refused and asked hold what was dealt with; other sub-folders and links are
// not followed.
type folder struct {
	dir  string
	o    *Options
	told book // by the system, while it is watched

	held func(*os.File) (open, known bool) // heldOpen; tests have a system that cannot tell
}

func openDrop(c Config, o *Options) (place, manner, error) {
	def(&o.Settle, 2*time.Second)
	dir := c.Drop
	if dir == "" {
		dir = filepath.Join(o.Data, "drop", o.Feed)
	}
	return &folder{dir: dir, o: o, held: heldOpen}, manner{where: dir, address: address(dir), moves: true}, nil
}

func (d *folder) check() error { return nil }

func (d *folder) close() {}

func (d *folder) list(context.Context) (out []entry, err error) {
	entries, err := os.ReadDir(d.dir)
	if err != nil {
		return nil, permanent{fmt.Errorf("looking into the drop folder: %w", err)}
	}
	for _, e := range entries {
		if !e.Type().IsRegular() || temporary(e.Name()) {
			continue
		}
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, permanent{fmt.Errorf("looking at %s: %w", e.Name(), err)}
		}
		out = append(out, entryOf(info))
	}
	return out, nil
}

// whole reports whether nobody holds the file open for writing. Where the system
// cannot tell, by what it told while it was watched: that the file was closed.
// Else a long stillness has to do.
func (d *folder) whole(e entry, still time.Duration) bool {
	file, err := d.openAs(e)
	if err != nil {
		return !errors.Is(err, errNothing) // what is the matter is told when it is opened
	}
	defer file.Close()
	if open, known := d.held(file); known {
		return !open
	}
	if writing, known := d.told.of(e.name); known {
		return !writing
	}
	return still >= d.o.Still
}

// openAs opens a file that is as it was listed.
func (d *folder) openAs(e entry) (*os.File, error) {
	// Not blocking: a pipe put in the file's place must not hold us.
	file, err := os.OpenFile(filepath.Join(d.dir, e.name), os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.EWOULDBLOCK) { // taken away, or held by a writer
		return nil, errNothing // the next look sees it
	}
	if err != nil {
		return nil, permanent{fmt.Errorf("opening %s: %w", e.name, err)}
	}
	if err := asListed(file, e); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

// asListed is errNothing when a file is another than was listed, or has changed.
func asListed(file *os.File, e entry) error {
	info, err := file.Stat()
	if err == nil && !unchanged(info, e.info) {
		err = errNothing
	}
	return err
}

// open copies a settled file, unless another now has its name or it is written
// to while it is read.
func (d *folder) open(ctx context.Context, e entry, _ state) (*File, error) {
	file, err := d.openAs(e)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	f, err := d.o.download(ctx, "drop", file)
	if err != nil {
		return nil, permanent{fmt.Errorf("reading %s: %w", e.name, err)}
	}
	f.Name = e.name
	err = asListed(file, e)
	if open, known := d.held(file); err == nil && known && open {
		err = errNothing
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

func unchanged(a, b fs.FileInfo) bool {
	return os.SameFile(a, b) && a.Size() == b.Size() && a.ModTime().Equal(b.ModTime())
}

// done moves a file that was dealt with to done, refused or asked, with the
// receipt beside it as NAME.receipt.json. Nothing is overwritten: a second file
// of a name becomes NAME~2. A file that was written to meanwhile stays: it is
// another delivery.
func (d *folder) done(e entry, r schema.Receipt) (string, error) {
	at, err := d.file(e, r, filepath.Join(d.dir, folderOf(r.Status)))
	if err != nil && !errors.Is(err, errGrew) {
		return "", permanent{err}
	}
	return at, err
}

func (d *folder) file(e entry, r schema.Receipt, folder string) (at string, err error) {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", fmt.Errorf("making %s: %w", folder, err)
	}
	text, err := receiptText(e, r)
	if err != nil {
		return "", err
	}
	target, err := reserve(folder, e.name)
	if err != nil {
		return "", err
	}
	if err := whole.Write(target+".receipt.json", text, 0o644); err != nil {
		return "", errors.Join(err, os.Remove(target))
	}
	from := filepath.Join(d.dir, e.name)
	info, err := os.Lstat(from)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !unchanged(info, e.info) {
		err = os.Remove(target) // the receipt stays; the bytes are kept as a snapshot
		if err == nil && info != nil && os.SameFile(info, e.info) {
			err = errGrew
		}
		return "", err
	}
	if err == nil {
		err = os.Rename(from, target)
	}
	if err != nil {
		return "", errors.Join(fmt.Errorf("moving %s to %s: %w", e.name, folder, err), os.Remove(target))
	}
	return target, errors.Join(whole.SyncFolder(folder), whole.SyncFolder(d.dir))
}

// inode tells files of one name apart; 0 where there is none.
func inode(info fs.FileInfo) uint64 {
	if info == nil {
		return 0
	}
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return s.Ino
	}
	return 0
}

func (d *folder) changed(_ context.Context, f filed, now bool) (bool, error) {
	file, err := os.OpenFile(f.Path, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil // somebody put it elsewhere
	case errors.Is(err, syscall.EWOULDBLOCK):
		return now, nil
	case err != nil:
		return false, permanent{err}
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return false, permanent{err}
	}
	if f.Inode != inode(info) { // put in its place by somebody else
		return false, nil
	}
	open, _ := d.held(file)
	return now && open || info.Size() != f.Size || !info.ModTime().Equal(f.Modified), nil
}

func (d *folder) back(_ context.Context, f filed) error {
	target, err := reserve(d.dir, f.Name)
	if err != nil {
		return permanent{err}
	}
	if err := os.Rename(f.Path, target); err != nil {
		return permanent{errors.Join(err, os.Remove(target))}
	}
	if err := errors.Join(whole.SyncFolder(d.dir), whole.SyncFolder(filepath.Dir(f.Path))); err != nil {
		return permanent{err}
	}
	return nil
}

// receiptText is a receipt as it is put beside its file.
func receiptText(e entry, r schema.Receipt) ([]byte, error) {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("writing the receipt of %s: %w", e.name, err)
	}
	return append(text, '\n'), nil
}

// folderOf is the sub-folder for files with such a receipt.
func folderOf(s schema.ReceiptStatus) string {
	switch s {
	case schema.Asked:
		return "asked"
	case schema.Refused, schema.Failed:
		return "refused"
	}
	return "done"
}

// nth is a name for the n-th file called so: a.csv, a~2.csv …
func nth(name string, n int) string {
	if n == 1 {
		return name
	}
	end := path.Ext(name)
	return fmt.Sprintf("%s~%d%s", strings.TrimSuffix(name, end), n, end)
}

// mostAlike bounds how many files of one name are told apart.
const mostAlike = 10_000

// reserve makes an empty file of a name not yet used in the folder, for the
// real one to be renamed over: so no file that stands there is lost.
func reserve(folder, name string) (string, error) {
	for n := 1; n < mostAlike; n++ {
		path := filepath.Join(folder, nth(name, n))
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

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
type folder string

func openDrop(c Config, o *Options) (place, manner, error) {
	def(&o.Settle, 2*time.Second)
	dir := c.Drop
	if dir == "" {
		dir = filepath.Join(o.Data, "drop", o.Feed)
	}
	return folder(dir), manner{where: dir, moves: true}, nil
}

func (d folder) check() error { return nil }

func (d folder) close() {}

func (d folder) list(context.Context) (out []entry, err error) {
	entries, err := os.ReadDir(string(d))
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

// open opens a settled file, unless another now has its name.
func (d folder) open(_ context.Context, e entry, _ state) (*File, error) {
	// Not blocking: a pipe put in the file's place must not hold us.
	file, err := os.OpenFile(filepath.Join(string(d), e.name), os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errNothing // taken away: the next look sees it
	}
	if err != nil {
		return nil, permanent{fmt.Errorf("opening %s: %w", e.name, err)}
	}
	info, err := file.Stat()
	if err == nil && !unchanged(info, e.info) {
		err = errNothing
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return &File{Name: e.name, ReadCloser: file}, nil
}

func unchanged(a, b fs.FileInfo) bool {
	return os.SameFile(a, b) && a.Size() == b.Size() && a.ModTime().Equal(b.ModTime())
}

// done moves a file that was dealt with to done, refused or asked, with the
// receipt beside it as NAME.receipt.json. Nothing is overwritten: a second file
// of a name becomes NAME~2. A file that was written anew meanwhile stays: it is
// another delivery.
func (d folder) done(e entry, r schema.Receipt) error {
	if err := d.file(e, r, filepath.Join(string(d), folderOf(r.Status))); err != nil {
		return permanent{err}
	}
	return nil
}

func (d folder) file(e entry, r schema.Receipt, folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return fmt.Errorf("making %s: %w", folder, err)
	}
	text, err := receiptText(e, r)
	if err != nil {
		return err
	}
	target, err := reserve(folder, e.name)
	if err != nil {
		return err
	}
	if err := whole.Write(target+".receipt.json", text, 0o644); err != nil {
		return errors.Join(err, os.Remove(target))
	}
	from := filepath.Join(string(d), e.name)
	info, err := os.Lstat(from)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !unchanged(info, e.info) {
		return os.Remove(target) // the receipt stays; the bytes are kept as a snapshot
	}
	if err == nil {
		err = os.Rename(from, target)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("moving %s to %s: %w", e.name, folder, err), os.Remove(target))
	}
	return errors.Join(whole.SyncFolder(folder), whole.SyncFolder(string(d)))
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

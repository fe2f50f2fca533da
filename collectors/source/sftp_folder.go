package source

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"yardstick/schema"
	"yardstick/schema/words"
)

// list opens the session and looks into the folder.
func (s *server) list(ctx context.Context) (out []entry, err error) {
	if s.n == nil {
		if s.n, err = s.connect(ctx); err != nil {
			return nil, err
		}
	}
	var entries []os.FileInfo
	err = s.n.during(func() error {
		entries, err = s.n.ReadDirContext(ctx, s.Folder)
		return err
	})
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, permanent{words.Fail(nil, "sftp-no-folder", "where", s.where())}
	case errors.Is(err, fs.ErrPermission):
		return nil, permanent{words.Fail(nil, "sftp-folder-denied", "where", s.where())}
	case err != nil:
		return nil, fmt.Errorf("looking into %s: %w", s.where(), err)
	}
	for _, info := range entries {
		if s.wanted(info) {
			out = append(out, entryOf(info))
		}
	}
	return out, nil
}

func (s *server) close() {
	if s.n != nil {
		s.n.close()
		s.n = nil
	}
}

// wanted reports whether an entry is a file of the pattern with a finished name.
// Links and folders are not followed; a name that is more than a name is left
// alone, and said.
func (s *server) wanted(info fs.FileInfo) bool {
	name := info.Name()
	if !info.Mode().IsRegular() {
		return false
	}
	if name == "" || name == "." || name == ".." || strings.ContainsAny(name, `/\`) || !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl) {
		s.o.Log.Warn("a file with an odd name was left alone", "why", words.Say("sftp-odd-name", "name", fmt.Sprintf("%q", name), "where", s.where()))
		return false
	}
	match, err := path.Match(s.Pattern, name)
	return err == nil && match && !temporary(name)
}

// open downloads a file into one of our own. More than the limit is not
// fetched: what takes the file in refuses it for its length.
func (s *server) open(ctx context.Context, e entry, _ state) (*File, error) {
	n, name := s.n, path.Join(s.Folder, e.name)
	n.timer.Reset(n.timeout)
	defer n.timer.Stop()
	remote, err := n.Open(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, errNothing // taken away, or written anew
	case errors.Is(err, fs.ErrPermission):
		return nil, permanent{words.Fail(nil, "sftp-file-denied", "file", e.name, "where", s.where())}
	case err != nil:
		return nil, fmt.Errorf("opening %s: %w", name, err)
	}
	defer remote.Close()
	f, err := s.o.download(ctx, "sftp", &lively{remote, n})
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	f.Name, f.URL = e.name, s.where()+"/"+e.name
	after, err := remote.Stat()
	if f.size < e.size && f.size <= s.o.Limit || f.size > e.size || err == nil && !e.is(entryOf(after)) {
		err = errNothing
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("reading %s: %w", name, err), f.Close())
	}
	return f, nil
}

// lively tells the session that the server still sends.
type lively struct {
	io.Reader
	n *session
}

func (l *lively) Read(b []byte) (int, error) {
	k, err := l.Reader.Read(b)
	if k > 0 {
		l.n.timer.Reset(l.n.timeout)
	}
	return k, err
}

// done puts a file that has its receipt into done, refused or asked, if files
// are to be moved, the receipt beside it as NAME.receipt.json. Nothing is
// overwritten: a second file of a name becomes NAME~2. A file that was written
// anew meanwhile stays.
func (s *server) done(e entry, r schema.Receipt) error {
	if r.Status == schema.Failed {
		return permanent{words.Fail(nil, "sftp-receipt-failed", "file", e.name, "receipt", r.ID)}
	}
	if s.Done != "move" {
		return nil
	}
	text, err := receiptText(e, r)
	if err != nil {
		return permanent{err}
	}
	n, from, folder := s.n, path.Join(s.Folder, e.name), path.Join(s.Folder, folderOf(r.Status))
	err = n.during(func() error {
		now, err := n.Lstat(from)
		if errors.Is(err, fs.ErrNotExist) || err == nil && !e.is(entryOf(now)) {
			return errNothing
		}
		if err != nil {
			return err
		}
		if err := n.Mkdir(folder); err != nil {
			if there, statErr := n.Lstat(folder); statErr != nil || !there.IsDir() {
				return err
			}
		}
		return n.place(from, folder, e.name, text)
	})
	switch {
	case err == nil, errors.Is(err, errNothing):
		return err
	case errors.Is(err, fs.ErrPermission):
		return permanent{words.Fail(nil, "sftp-move-denied", "file", e.name, "folder", folder, "user", s.User)}
	}
	return fmt.Errorf("moving %s to %s: %w", from, folder, err)
}

// place renames a file into the folder under a name that is free there. The
// receipt is written first and holds the name.
func (n *session) place(from, folder, name string, receipt []byte) error {
	for k := 1; k < mostAlike; k++ {
		to := path.Join(folder, nth(name, k))
		if _, err := n.Lstat(to); err == nil {
			continue
		}
		if _, err := n.Lstat(to + ".receipt.json"); err == nil {
			continue
		}
		out, err := n.OpenFile(to+".receipt.json", os.O_WRONLY|os.O_CREATE|os.O_EXCL)
		if err != nil {
			return err
		}
		_, err = out.ReadFrom(bytes.NewReader(receipt))
		if err = errors.Join(err, out.Close()); err == nil {
			err = n.Rename(from, to)
		}
		if err != nil {
			return errors.Join(err, n.Remove(to+".receipt.json"))
		}
		return nil
	}
	return fmt.Errorf("finding a name for %s in %s: %w", name, folder, fs.ErrExist)
}

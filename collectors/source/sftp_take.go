package source

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"yardstick/schema"
	"yardstick/schema/words"
)

// RemoteFile is a file that was fetched whole.
type RemoteFile struct {
	Name string // as on the server
	URL  string // where it lies, without any secret
	*os.File
}

// errWriting marks a file that changed under the reading.
var errWriting = errors.New("the file is still being written")

// Collect hands every settled new file to take, the oldest first, and remembers
// its receipt. A file that take fails on stays and is tried again: after 10 s,
// then after twice as long each time, an hour at most. Passing faults of the
// way are tried again; errors that a person can mend are sentences.
func (s *SFTP) Collect(ctx context.Context, take func(context.Context, RemoteFile) (schema.Receipt, error)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for n := 1; ; n++ {
		err := s.visit(ctx, take)
		var final permanent
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil:
			return fmt.Errorf("taking files from %s: %w", s.where(), ctx.Err())
		case errors.As(err, &final):
			return fmt.Errorf("taking files from %s: %w", s.where(), final.error)
		case n >= s.o.Attempts:
			return words.Fail(err, "sftp-failed", "where", s.where(), "n", n)
		}
		if err := pause(ctx, backOff(n, s.o.Wait, s.o.MaxWait)); err != nil {
			return fmt.Errorf("taking files from %s: %w", s.where(), err)
		}
	}
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// visit is one connection: look, take, move.
func (s *SFTP) visit(ctx context.Context, take func(context.Context, RemoteFile) (schema.Receipt, error)) error {
	state, err := s.state()
	if err != nil {
		return permanent{err}
	}
	n, err := s.connect(ctx)
	if err != nil {
		return err
	}
	defer n.close()
	files, err := s.settled(ctx, n, state)
	if err != nil {
		return err
	}
	var all error
	for _, info := range files {
		err := s.one(ctx, n, state, info, take)
		var final permanent
		switch {
		case err == nil:
			delete(s.back, info.Name())
		case errors.Is(err, errWriting):
		case ctx.Err() != nil:
			return errors.Join(all, err)
		case errors.As(err, &final): // of this file or folder; the next may go well
			s.later(info.Name())
			all = errors.Join(all, fmt.Errorf("taking in %s: %w", info.Name(), final.error))
		default:
			return errors.Join(all, err)
		}
	}
	if all != nil {
		return permanent{all}
	}
	return nil
}

// settled looks into the folder, twice if there is something new, and gives the
// files that two looks showed alike, the oldest first.
func (s *SFTP) settled(ctx context.Context, n *session, state sftpState) ([]fs.FileInfo, error) {
	ready, open, err := s.look(ctx, n, state)
	if err != nil || !open {
		return ready, err
	}
	if err := pause(ctx, s.o.Settle); err != nil {
		return nil, err
	}
	ready, _, err = s.look(ctx, n, state)
	return ready, err
}

// look lists what is to be done. open: something was seen like this for too
// short a time, and another look may tell.
func (s *SFTP) look(ctx context.Context, n *session, state sftpState) (ready []fs.FileInfo, open bool, err error) {
	var entries []os.FileInfo
	err = n.during(func() error {
		entries, err = n.ReadDirContext(ctx, s.o.Folder)
		return err
	})
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, false, permanent{words.Fail(nil, "sftp-no-folder", "where", s.where())}
	case errors.Is(err, fs.ErrPermission):
		return nil, false, permanent{words.Fail(nil, "sftp-folder-denied", "where", s.where())}
	case err != nil:
		return nil, false, fmt.Errorf("looking into %s: %w", s.where(), err)
	}
	now, there := s.o.Now(), map[string]bool{}
	for _, info := range entries {
		name := info.Name()
		if !s.wanted(info) {
			continue
		}
		there[name] = true
		if t, ok := state.Files[name]; ok && t.is(info) && (!s.o.Move || t.Answer == nil) {
			continue // taken; with Move a file that came back unchanged stays where it is
		}
		if b, ok := s.back[name]; ok && b.size == info.Size() && b.modified.Equal(info.ModTime()) && now.Before(b.notUntil) {
			continue
		}
		was, known := s.seen[name]
		if !known || was.size != info.Size() || !was.modified.Equal(info.ModTime()) {
			s.seen[name], open = sighting{size: info.Size(), modified: info.ModTime(), since: now}, true
			continue
		}
		if now.Sub(was.since) < s.o.Settle {
			open = true
			continue
		}
		ready = append(ready, info)
	}
	for name := range s.seen {
		if !there[name] {
			delete(s.seen, name)
			delete(s.back, name)
		}
	}
	slices.SortStableFunc(ready, func(a, b fs.FileInfo) int { return a.ModTime().Compare(b.ModTime()) })
	return ready, open, nil
}

// wanted reports whether an entry is a file of the pattern with a finished name.
// Links and folders are not followed; a name that is more than a name is left
// alone, and said.
func (s *SFTP) wanted(info fs.FileInfo) bool {
	name := info.Name()
	if !info.Mode().IsRegular() {
		return false
	}
	if name == "" || name == "." || name == ".." || strings.ContainsAny(name, `/\`) || !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl) {
		s.o.Log.Warn("a file with an odd name was left alone", "why", words.Say("sftp-odd-name", "name", fmt.Sprintf("%q", name), "where", s.where()))
		return false
	}
	match, err := path.Match(s.o.Pattern, name)
	return err == nil && match && !temporary(name)
}

// later puts a file off.
func (s *SFTP) later(name string) {
	seen, b := s.seen[name], s.back[name]
	wait := min(10*time.Second<<min(b.tries, 20), time.Hour)
	s.back[name] = sighting{size: seen.size, modified: seen.modified, tries: b.tries + 1, notUntil: s.o.Now().Add(wait)}
}

// one takes in one file and moves it. A file that has its receipt already is
// only moved.
func (s *SFTP) one(ctx context.Context, n *session, state sftpState, info fs.FileInfo, take func(context.Context, RemoteFile) (schema.Receipt, error)) error {
	name := info.Name()
	if t, ok := state.Files[name]; !ok || !t.is(info) {
		file, digest, err := s.fetch(ctx, n, info)
		if err != nil {
			return err
		}
		if ok && t.SHA256 == digest && (t.Status.Counts() || t.Status == schema.Unchanged) { // only its time is new
			t.Size, t.Modified = info.Size(), info.ModTime()
			state.Files[name] = t
			return errors.Join(file.Close(), os.Remove(file.Name()), s.keep(state))
		}
		receipt, err := take(ctx, RemoteFile{Name: name, URL: s.where() + "/" + name, File: file})
		err = errors.Join(err, file.Close(), os.Remove(file.Name()))
		if err == nil && receipt.Status == schema.Failed {
			err = words.Fail(nil, "sftp-receipt-failed", "file", name, "receipt", receipt.ID)
		}
		if err != nil {
			return permanent{err}
		}
		t = taken{Size: info.Size(), Modified: info.ModTime(), SHA256: digest, At: s.o.Now().UTC(), Receipt: receipt.ID, Status: receipt.Status}
		if s.o.Move {
			t.Answer = &receipt
		}
		state.Files[name] = t
		if err := s.keep(state); err != nil {
			return permanent{err}
		}
	}
	if !s.o.Move {
		return nil
	}
	if err := s.move(n, info, *state.Files[name].Answer); err != nil {
		return err
	}
	delete(state.Files, name)
	return s.keep(state)
}

// fetch downloads a file into one of our own, and its checksum. More than the
// limit is not fetched: what takes the file in refuses it for its length.
func (s *SFTP) fetch(ctx context.Context, n *session, info fs.FileInfo) (_ *os.File, digest string, err error) {
	name := path.Join(s.o.Folder, info.Name())
	n.alive()
	defer n.rest()
	remote, err := n.Open(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, "", errWriting // taken away, or written anew
	case errors.Is(err, fs.ErrPermission):
		return nil, "", permanent{words.Fail(nil, "sftp-file-denied", "file", info.Name(), "where", s.where())}
	case err != nil:
		return nil, "", fmt.Errorf("opening %s: %w", name, err)
	}
	defer remote.Close()
	if s.o.Temp != "" {
		if err := os.MkdirAll(s.o.Temp, 0o700); err != nil {
			return nil, "", permanent{fmt.Errorf("making the folder for downloads: %w", err)}
		}
	}
	tmp, err := os.CreateTemp(s.o.Temp, "sftp-*")
	if err != nil {
		return nil, "", permanent{fmt.Errorf("making a file for the download: %w", err)}
	}
	sum := sha256.New()
	size, err := Copy(ctx, io.MultiWriter(tmp, sum), &lively{io.LimitReader(remote, s.o.Limit+1), n}, 0)
	if err == nil && (size < info.Size() && size <= s.o.Limit || size > info.Size()) {
		err = errWriting
	}
	if err == nil {
		var after fs.FileInfo
		if after, err = remote.Stat(); err == nil && (after.Size() != info.Size() || !after.ModTime().Equal(info.ModTime())) {
			err = errWriting
		}
	}
	if err == nil {
		_, err = tmp.Seek(0, io.SeekStart)
	}
	if err != nil {
		return nil, "", errors.Join(fmt.Errorf("reading %s: %w", name, err), tmp.Close(), os.Remove(tmp.Name()))
	}
	return tmp, hex.EncodeToString(sum.Sum(nil)), nil
}

// lively tells the session that the server still sends.
type lively struct {
	io.Reader
	n *session
}

func (l *lively) Read(b []byte) (int, error) {
	k, err := l.Reader.Read(b)
	if k > 0 {
		l.n.alive()
	}
	return k, err
}

// move puts a file that has its receipt into done, refused or asked, the receipt
// beside it as NAME.receipt.json. Nothing is overwritten: a second file of a
// name becomes NAME~2. A file that was written anew meanwhile stays.
func (s *SFTP) move(n *session, info fs.FileInfo, r schema.Receipt) error {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return permanent{fmt.Errorf("writing the receipt of %s: %w", info.Name(), err)}
	}
	from, folder := path.Join(s.o.Folder, info.Name()), path.Join(s.o.Folder, folderOf(r.Status))
	err = n.during(func() error {
		now, err := n.Lstat(from)
		if errors.Is(err, fs.ErrNotExist) || err == nil && (now.Size() != info.Size() || !now.ModTime().Equal(info.ModTime())) {
			return errWriting
		}
		if err != nil {
			return err
		}
		if err := n.Mkdir(folder); err != nil {
			if there, statErr := n.Lstat(folder); statErr != nil || !there.IsDir() {
				return err
			}
		}
		return n.place(from, folder, info.Name(), append(text, '\n'))
	})
	switch {
	case err == nil:
		return nil
	case errors.Is(err, errWriting):
		return errWriting
	case errors.Is(err, fs.ErrPermission):
		return permanent{words.Fail(nil, "sftp-move-denied", "file", info.Name(), "folder", folder, "user", s.o.User)}
	}
	return fmt.Errorf("moving %s to %s: %w", from, folder, err)
}

// place renames a file into the folder under a name that is free there. The
// receipt is written first and holds the name.
func (n *session) place(from, folder, name string, receipt []byte) error {
	end := path.Ext(name)
	stem := strings.TrimSuffix(name, end)
	for k := 1; k < 10_000; k++ {
		to := path.Join(folder, name)
		if k > 1 {
			to = path.Join(folder, fmt.Sprintf("%s~%d%s", stem, k, end))
		}
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

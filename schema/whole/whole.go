// Package whole writes files that are there whole, and on the disk, or not at all;
// and keeps what comes from others on the disk while it is worked on.
package whole

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Write puts text at path, in a folder that is there.
func Write(path string, text []byte, mode fs.FileMode) error {
	dir := filepath.Dir(path)
	tmp, err := os.CreateTemp(dir, ".new-*")
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	_, err = tmp.Write(text)
	if err = errors.Join(err, tmp.Chmod(mode), tmp.Sync(), tmp.Close()); err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("writing %s: %w", path, err), os.Remove(tmp.Name()))
	}
	return SyncFolder(dir)
}

// Keep is Write of what nobody else may read; its folder is made.
func Keep(path string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return Write(path, text, 0o600)
}

// Kept reads what was kept as JSON at path; it leaves into as it is where nothing
// was, or where path is "".
func Kept(path string, into any) error {
	if path == "" {
		return nil
	}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		return fmt.Errorf("reading %s: %w", path, err)
	}
	return nil
}

// SyncFolder puts the names in a folder on the disk.
func SyncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("opening %s to sync it: %w", dir, err)
	}
	return errors.Join(d.Sync(), d.Close())
}

// ErrTooLarge is returned for what is beyond its limit; nothing of it is kept.
var ErrTooLarge = errors.New("larger than the limit")

// Spooled is what somebody sent, on the disk for as long as it is worked on: a
// slow sender holds nobody up. Its file has no name: nothing of it stays, however
// the work ends.
type Spooled struct {
	readable
	file *os.File // it is written through Write alone, which counts and sums
	sum  hash.Hash
	size int64
}

// readable is what others may do with a spooled file.
type readable interface {
	io.ReadSeeker
	io.ReaderAt
	Name() string
}

// Temp makes the file for what is to come in a folder; "" is the system's.
func Temp(dir, pattern string) (*Spooled, error) {
	s, err := named(dir, pattern)
	if err == nil {
		if err = os.Remove(s.Name()); err != nil {
			err = errors.Join(fmt.Errorf("taking the name from a file: %w", err), s.Close())
		}
	}
	if err != nil {
		return nil, err
	}
	return s, nil
}

// named is Temp of a file that keeps its name.
func named(dir, pattern string) (*Spooled, error) {
	if dir != "" {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, fmt.Errorf("making the folder %s: %w", dir, err)
		}
	}
	f, err := os.CreateTemp(dir, pattern)
	if err != nil {
		return nil, fmt.Errorf("making a file: %w", err)
	}
	return &Spooled{readable: f, file: f, sum: sha256.New()}, nil
}

// Spool is Temp, filled.
func Spool(ctx context.Context, dir, pattern string, body io.Reader, limit int64) (*Spooled, error) {
	s, err := Temp(dir, pattern)
	if err != nil {
		return nil, err
	}
	if err := s.Fill(ctx, body, limit); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Write takes in b.
func (s *Spooled) Write(b []byte) (int, error) {
	n, err := s.file.Write(b)
	s.sum.Write(b[:n])
	s.size += int64(n)
	return n, err
}

// Fill takes in what body gives, at most limit bytes (0: no limit), and goes back
// to the beginning.
func (s *Spooled) Fill(ctx context.Context, body io.Reader, limit int64) error {
	for buf := make([]byte, 1<<17); ; {
		if err := ctx.Err(); err != nil {
			return err
		}
		k, err := body.Read(buf)
		if limit > 0 && s.size+int64(k) > limit {
			return fmt.Errorf("more than %d bytes: %w", limit, ErrTooLarge)
		}
		if _, werr := s.Write(buf[:k]); werr != nil {
			return werr
		}
		if errors.Is(err, io.EOF) {
			_, err = s.Seek(0, io.SeekStart)
			return err
		}
		if err != nil {
			return err
		}
	}
}

// Size is the number of bytes.
func (s *Spooled) Size() int64 { return s.size }

// SHA256 is their checksum, in hex.
func (s *Spooled) SHA256() string { return hex.EncodeToString(s.sum.Sum(nil)) }

// Close closes it; with its name gone, its bytes are too.
func (s *Spooled) Close() error { return s.file.Close() }

// Store keeps files by their SHA-256 in DIR/<two hex digits>/<digest>, readable
// only, and on the disk before Put returns.
type Store struct{ Dir string }

// Path is where the bytes of a digest stand.
func (s Store) Path(digest string) string { return filepath.Join(s.Dir, digest[:2], digest) }

// Put keeps what fill writes. Bytes that are kept already stay as they are; a
// kept file that was damaged is made good. beside, if any, is called before new
// ones stand under their name.
func (s Store) Put(fill func(*Spooled) error, beside func(digest string, size int64) error) (digest string, size int64, err error) {
	tmp, err := named(s.Dir, "new-*")
	if err != nil {
		return "", 0, err
	}
	renamed := false
	defer func() {
		if !renamed {
			err = errors.Join(err, os.Remove(tmp.Name()))
		}
	}()
	err = fill(tmp)
	if err = errors.Join(err, tmp.file.Chmod(0o400), tmp.file.Sync(), tmp.Close()); err != nil {
		return "", 0, err
	}
	digest, size = tmp.SHA256(), tmp.Size()
	folder := filepath.Dir(s.Path(digest))
	if err = os.MkdirAll(folder, 0o700); err != nil {
		return "", 0, err
	}
	held, altered := s.Open(digest)
	switch {
	case altered == nil:
		err = held.Close()
	case beside != nil:
		err = beside(digest, size)
	}
	if err == nil && altered != nil {
		err = os.Rename(tmp.Name(), s.Path(digest))
		renamed = err == nil
	}
	if err != nil {
		return "", 0, err
	}
	// Whoever put it there may have been cut before its name was on the disk.
	return digest, size, errors.Join(SyncFolder(folder), SyncFolder(s.Dir))
}

// ErrAltered is returned when kept bytes no longer have their checksum.
var ErrAltered = errors.New("kept bytes were altered")

// File is kept bytes, open for reading at any place.
type File struct {
	*os.File
	size int64
}

// Size is the number of bytes.
func (f *File) Size() int64 { return f.size }

// Open opens kept bytes once their checksum was found right; ErrAltered when it
// is not. The caller closes them. Nothing but a checksum becomes a path.
func (s Store) Open(digest string) (*File, error) {
	if len(digest) != hex.EncodedLen(sha256.Size) || strings.Trim(digest, "0123456789abcdef") != "" {
		return nil, fmt.Errorf("%q is no checksum: %w", digest, fs.ErrNotExist)
	}
	f, err := os.Open(s.Path(digest))
	if err != nil {
		return nil, fmt.Errorf("opening kept bytes: %w", err)
	}
	sum := sha256.New()
	size, err := io.Copy(sum, f)
	if err == nil && hex.EncodeToString(sum.Sum(nil)) != digest {
		err = ErrAltered
	}
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("reading %.12s: %w", digest, err), f.Close())
	}
	return &File{f, size}, nil
}

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
	"io"
	"io/fs"
	"os"
	"path/filepath"
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
// slow sender holds nobody up.
type Spooled struct {
	*os.File
	SHA256 string // in hex
	size   int64
}

// Temp makes the file for what is to come in a folder; "" is the system's.
func Temp(dir, pattern string) (*Spooled, error) {
	if dir != "" {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, fmt.Errorf("making the folder %s: %w", dir, err)
		}
	}
	f, err := os.CreateTemp(dir, pattern)
	if err != nil {
		return nil, fmt.Errorf("making a file: %w", err)
	}
	return &Spooled{File: f}, nil
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

// Fill takes in what body gives, at most limit bytes (0: no limit), and goes back
// to the beginning.
func (s *Spooled) Fill(ctx context.Context, body io.Reader, limit int64) (err error) {
	sum, buf := sha256.New(), make([]byte, 1<<17)
	to := io.MultiWriter(s.File, sum)
	for err == nil {
		if err := ctx.Err(); err != nil {
			return err
		}
		var k int
		k, err = body.Read(buf)
		if s.size += int64(k); limit > 0 && s.size > limit {
			return fmt.Errorf("more than %d bytes: %w", limit, ErrTooLarge)
		}
		if _, werr := to.Write(buf[:k]); werr != nil {
			return werr
		}
	}
	if !errors.Is(err, io.EOF) {
		return err
	}
	s.SHA256 = hex.EncodeToString(sum.Sum(nil))
	_, err = s.Seek(0, io.SeekStart)
	return err
}

// Size is the number of bytes.
func (s *Spooled) Size() int64 { return s.size }

// Close closes and removes it.
func (s *Spooled) Close() error { return errors.Join(s.File.Close(), os.Remove(s.Name())) }

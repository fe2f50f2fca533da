// Package source is where feed files come from (a drop folder, HTTP, SFTP) and
// where their bytes are kept as received, by checksum, before anybody reads them.
package source

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
	"strings"
	"time"

	"yardstick/schema/whole"
)

// ErrAltered is returned when kept bytes no longer have their checksum.
var ErrAltered = errors.New("kept bytes were altered")

// Snapshots keeps files as received in DIR/<two hex digits>/<SHA-256>, each
// with a small .json of where it came from. A file is on the disk, readable
// only, before Put returns; nothing is overwritten.
type Snapshots struct{ Dir string }

// Provenance is where bytes came from when they first came.
type Provenance struct {
	Feed       string    `json:"feed"`
	Name       string    `json:"name"`
	URL        string    `json:"url,omitempty"`
	ReceivedAt time.Time `json:"received_at"`
	Bytes      int64     `json:"bytes"`
	SHA256     string    `json:"sha256"`
}

func (s Snapshots) path(digest string) string { return filepath.Join(s.Dir, digest[:2], digest) }

// Put keeps what body gives, at most limit bytes (0: no limit), and returns its
// checksum and length. Bytes that are kept already stay as they are, their
// provenance too; a kept file that was damaged is made good.
func (s Snapshots) Put(ctx context.Context, body io.Reader, from Provenance, limit int64) (p Provenance, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("keeping %s: %w", from.Name, err)
		}
	}()
	tmp, err := whole.Temp(s.Dir, "new-*")
	if err != nil {
		return from, err
	}
	renamed := false
	defer func() {
		if !renamed {
			err = errors.Join(err, os.Remove(tmp.Name()))
		}
	}()
	err = tmp.Fill(ctx, body, limit)
	if err = errors.Join(err, tmp.Chmod(0o400), tmp.Sync(), tmp.File.Close()); err != nil {
		return from, err
	}
	from.SHA256, from.Bytes = tmp.SHA256, tmp.Size()
	path := s.path(from.SHA256)
	if err = os.MkdirAll(filepath.Dir(path), 0o700); err != nil || s.whole(from.SHA256) {
		return from, err
	}
	if err = s.putProvenance(from); err != nil {
		return from, err
	}
	if err = os.Rename(tmp.Name(), path); err != nil {
		return from, err
	}
	renamed = true
	return from, errors.Join(whole.SyncFolder(filepath.Dir(path)), whole.SyncFolder(s.Dir))
}

// whole reports whether the digest is kept, undamaged.
func (s Snapshots) whole(digest string) bool {
	snap, err := s.Open(digest)
	if err != nil {
		return false
	}
	return snap.Close() == nil
}

// putProvenance writes the .json beside a snapshot unless one stands there.
func (s Snapshots) putProvenance(p Provenance) error {
	path := s.path(p.SHA256) + ".json"
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	text, err := json.MarshalIndent(p, "", "  ")
	if err == nil {
		err = whole.Write(path, append(text, '\n'), 0o400)
	}
	if err != nil {
		return fmt.Errorf("writing where it came from: %w", err)
	}
	return nil
}

// Snapshot is kept bytes, open for reading at any place.
type Snapshot struct {
	*os.File
	size int64
}

// Size is the number of bytes.
func (s *Snapshot) Size() int64 { return s.size }

// Open opens kept bytes once their checksum was found right; ErrAltered when it
// is not. The caller closes it.
func (s Snapshots) Open(digest string) (*Snapshot, error) {
	if err := checkDigest(digest); err != nil {
		return nil, err
	}
	f, err := os.Open(s.path(digest))
	if err != nil {
		return nil, fmt.Errorf("opening a snapshot: %w", err)
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
		return nil, errors.Join(fmt.Errorf("reading snapshot %.12s: %w", digest, err), f.Close())
	}
	return &Snapshot{f, size}, nil
}

// checkDigest keeps anything but a checksum from becoming a path.
func checkDigest(digest string) error {
	if len(digest) != hex.EncodedLen(sha256.Size) || strings.Trim(digest, "0123456789abcdef") != "" {
		return fmt.Errorf("%q is no checksum: %w", digest, fs.ErrNotExist)
	}
	return nil
}

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
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"yardstick/schema/whole"
)

// ErrTooLarge is returned for a file beyond its limit; nothing of it is kept.
var ErrTooLarge = errors.New("larger than the limit")

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
	if err := os.MkdirAll(s.Dir, 0o700); err != nil {
		return from, fmt.Errorf("making the folder of snapshots: %w", err)
	}
	tmp, err := os.CreateTemp(s.Dir, "new-*")
	if err != nil {
		return from, fmt.Errorf("keeping %s: %w", from.Name, err)
	}
	defer func() {
		if tmp != nil {
			err = errors.Join(err, os.Remove(tmp.Name()))
		}
	}()
	sum := sha256.New()
	from.Bytes, err = Copy(ctx, io.MultiWriter(tmp, sum), body, limit)
	if err = errors.Join(err, tmp.Chmod(0o400), tmp.Sync(), tmp.Close()); err != nil {
		return from, fmt.Errorf("keeping %s: %w", from.Name, err)
	}
	from.SHA256 = hex.EncodeToString(sum.Sum(nil))
	path := s.path(from.SHA256)
	if err = os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return from, fmt.Errorf("keeping %s: %w", from.Name, err)
	}
	if s.whole(from.SHA256) {
		return from, nil
	}
	if err = s.putProvenance(from); err != nil {
		return from, err
	}
	if err = os.Rename(tmp.Name(), path); err != nil {
		return from, fmt.Errorf("keeping %s: %w", from.Name, err)
	}
	tmp = nil
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
	text, err := json.MarshalIndent(p, "", "  ")
	if err != nil {
		return fmt.Errorf("writing where %s came from: %w", p.Name, err)
	}
	path := s.path(p.SHA256) + ".json"
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	if err := whole.Write(path, append(text, '\n'), 0o400); err != nil {
		return fmt.Errorf("writing where %s came from: %w", p.Name, err)
	}
	return nil
}

// Provenance tells where the bytes came from when they first came.
func (s Snapshots) Provenance(digest string) (p Provenance, err error) {
	if err := checkDigest(digest); err != nil {
		return p, err
	}
	text, err := os.ReadFile(s.path(digest) + ".json")
	if err == nil {
		err = json.Unmarshal(text, &p)
	}
	if err != nil {
		return p, fmt.Errorf("reading where snapshot %.12s came from: %w", digest, err)
	}
	return p, nil
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
	if err == nil && !sumIs(sum, digest) {
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

func sumIs(sum hash.Hash, digest string) bool { return hex.EncodeToString(sum.Sum(nil)) == digest }

// checkDigest keeps anything but a checksum from becoming a path.
func checkDigest(digest string) error {
	if len(digest) != hex.EncodedLen(sha256.Size) || strings.Trim(digest, "0123456789abcdef") != "" {
		return fmt.Errorf("%q is no checksum: %w", digest, fs.ErrNotExist)
	}
	return nil
}

// Copy copies until the end, the limit or the context's end.
func Copy(ctx context.Context, to io.Writer, from io.Reader, limit int64) (n int64, err error) {
	buf := make([]byte, 1<<17)
	for {
		if err := ctx.Err(); err != nil {
			return n, err
		}
		k, err := from.Read(buf)
		if n += int64(k); limit > 0 && n > limit {
			return n, fmt.Errorf("more than %d bytes: %w", limit, ErrTooLarge)
		}
		if _, werr := to.Write(buf[:k]); werr != nil {
			return n, werr
		}
		if errors.Is(err, io.EOF) {
			return n, nil
		}
		if err != nil {
			return n, err
		}
	}
}

// Package source is where feed files come from (a drop folder, HTTP, SFTP) and
// where their bytes are kept as received, by checksum, before anybody reads them.
package source

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"

	"yardstick/schema/whole"
)

// Snapshots keeps files as received, by their SHA-256, each with a small .json of
// where it came from.
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

// Put keeps what body gives, at most limit bytes (0: no limit), and returns its
// checksum and length. Bytes that are kept already stay as they are, their
// provenance too; a kept file that was damaged is made good.
func (s Snapshots) Put(ctx context.Context, body io.Reader, from Provenance, limit int64) (p Provenance, err error) {
	fill := func(tmp *whole.Spooled) error { return tmp.Fill(ctx, body, limit) }
	from.SHA256, from.Bytes, err = whole.Store(s).Put(fill, func(digest string, size int64) error {
		from.SHA256, from.Bytes = digest, size
		return s.putProvenance(from)
	})
	if err != nil {
		return from, fmt.Errorf("keeping %s: %w", from.Name, err)
	}
	return from, nil
}

// putProvenance writes the .json beside a snapshot unless one stands there.
func (s Snapshots) putProvenance(p Provenance) error {
	path := whole.Store(s).Path(p.SHA256) + ".json"
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

// Open opens kept bytes once their checksum was found right. The caller closes
// them.
func (s Snapshots) Open(digest string) (*whole.File, error) { return whole.Store(s).Open(digest) }

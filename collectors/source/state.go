package source

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"time"

	"yardstick/schema"
	"yardstick/schema/whole"
)

// mostTaken bounds what is remembered of a folder whose files stay; the oldest
// are forgotten first, and would be found unchanged if they came again.
const mostTaken = 20_000

// taken is a file that has its receipt.
type taken struct {
	Size     int64                `json:"size"`
	Modified time.Time            `json:"mtime"`
	SHA256   string               `json:"sha256"`
	At       time.Time            `json:"at"`
	Receipt  string               `json:"receipt"`
	Status   schema.ReceiptStatus `json:"status"`
	Answer   *schema.Receipt      `json:"answer,omitempty"` // as long as the file is still to be moved
}

func (t taken) is(e entry) bool { return t.Size == e.size && t.Modified.Equal(e.modified) }

// state is what is remembered of a feed's source: the files that were taken
// from a folder, or what a server said of its last download. It is kept when
// the feed has its receipt, not before: what is lost in between is then fetched
// again.
type state struct {
	Address string           `json:"address"` // SHA-256 of where it is: another place starts anew
	Files   map[string]taken `json:"files,omitempty"`

	ETag         string    `json:"etag,omitempty"`
	LastModified string    `json:"last_modified,omitempty"`
	At           time.Time `json:"at,omitzero"`
}

// address is what a state tells places by.
func address(where string) string {
	sum := sha256.Sum256([]byte(where))
	return hex.EncodeToString(sum[:])
}

func (c *Collector) state() (state, error) {
	fresh := state{Address: c.manner.address, Files: map[string]taken{}}
	path := c.o.state(c.kind.actor)
	if path == "" || !c.manner.remember {
		return fresh, nil
	}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return fresh, nil
	}
	if err != nil {
		return fresh, fmt.Errorf("reading what was taken from %s: %w", c.manner.where, err)
	}
	// A damaged state costs downloads that are found unchanged, no figure.
	was := state{Files: map[string]taken{}}
	if json.Unmarshal(text, &was) != nil || was.Address != fresh.Address || was.Files == nil {
		return fresh, nil
	}
	return was, nil
}

// remember notes that a file has its receipt.
func (c *Collector) remember(known *state, e entry, f *File, r schema.Receipt) error {
	switch {
	case !c.manner.remember:
		return nil
	case f.note != nil:
		f.note(known)
	default:
		t := taken{Size: e.size, Modified: e.modified, SHA256: f.digest, At: c.o.Now().UTC(), Receipt: r.ID, Status: r.Status}
		if c.manner.moves {
			t.Answer = &r
		}
		known.Files[e.name] = t
	}
	return c.keep(*known)
}

func (c *Collector) keep(known state) error {
	path := c.o.state(c.kind.actor)
	if path == "" || !c.manner.remember {
		return nil
	}
	if n := len(known.Files) - mostTaken; n > 0 {
		oldest := func(a, b string) int { return known.Files[a].At.Compare(known.Files[b].At) }
		for _, name := range slices.SortedFunc(maps.Keys(known.Files), oldest)[:n] {
			delete(known.Files, name)
		}
	}
	text, err := json.MarshalIndent(known, "", " ")
	if err == nil {
		err = whole.Keep(path, text)
	}
	if err != nil {
		return fmt.Errorf("keeping what was taken from %s: %w", c.manner.where, err)
	}
	return nil
}

package source

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"yardstick/schema"
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

func (t taken) is(info fs.FileInfo) bool {
	return t.Size == info.Size() && t.Modified.Equal(info.ModTime())
}

// sftpState is what was taken from one folder of one server.
type sftpState struct {
	Address string           `json:"address"` // SHA-256 of user, server and folder: others start anew
	Files   map[string]taken `json:"files"`
}

func (s *SFTP) address() string {
	sum := sha256.Sum256([]byte(s.where()))
	return hex.EncodeToString(sum[:])
}

func (s *SFTP) state() (sftpState, error) {
	fresh := sftpState{Address: s.address(), Files: map[string]taken{}}
	if s.o.State == "" {
		return fresh, nil
	}
	text, err := os.ReadFile(s.o.State)
	if errors.Is(err, fs.ErrNotExist) {
		return fresh, nil
	}
	if err != nil {
		return fresh, fmt.Errorf("reading what was taken from %s: %w", s.where(), err)
	}
	// A damaged state costs downloads that are found unchanged, no figure.
	var state sftpState
	if json.Unmarshal(text, &state) != nil || state.Address != fresh.Address || state.Files == nil {
		return fresh, nil
	}
	return state, nil
}

func (s *SFTP) keep(state sftpState) error {
	if s.o.State == "" {
		return nil
	}
	if n := len(state.Files) - mostTaken; n > 0 {
		names := make([]string, 0, len(state.Files))
		for name := range state.Files {
			names = append(names, name)
		}
		slices.SortFunc(names, func(a, b string) int { return state.Files[a].At.Compare(state.Files[b].At) })
		for _, name := range names[:n] {
			delete(state.Files, name)
		}
	}
	text, err := json.MarshalIndent(state, "", " ")
	if err != nil {
		return fmt.Errorf("keeping what was taken from %s: %w", s.where(), err)
	}
	if err := os.MkdirAll(filepath.Dir(s.o.State), 0o700); err != nil {
		return fmt.Errorf("keeping what was taken from %s: %w", s.where(), err)
	}
	return writeWhole(s.o.State, text, 0o600)
}

package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"yardstick/schema"
	"yardstick/schema/words"
)

// holder is who has a data folder open, as written into its lock file.
type holder struct {
	PID     int       `json:"pid"`
	Command string    `json:"command"`
	Since   time.Time `json:"since"`
}

// folderLock is the exclusive hold of one process on a data folder. The kernel
// drops it when the process ends, however it ends.
type folderLock struct{ file *os.File }

// HeldError says that another process has the folder; it carries who.
type HeldError struct {
	dir string
	by  holder
}

// Text says who has the folder, and since when.
func (e *HeldError) Text() schema.Text {
	return words.Say("store-held", "dir", e.dir, "pid", e.by.PID, "command", e.by.Command, "since", e.by.Since.Format(time.DateTime))
}

func (e *HeldError) Error() string { return e.Text().All(" / ") }

// lockFolder takes the folder for command, or returns *HeldError at once.
func lockFolder(dir, command string, now time.Time) (*folderLock, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("making the data folder: %w", err)
	}
	path := filepath.Join(dir, "lock")
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("opening the lock file: %w", err)
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		defer file.Close()
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("locking %s: %w", path, err)
		}
		held := &HeldError{dir: dir}
		if text, err := os.ReadFile(path); err == nil {
			_ = json.Unmarshal(text, &held.by) // a half-written name only makes the sentence poorer
		}
		return nil, held
	}
	text, err := json.Marshal(holder{os.Getpid(), command, now.Truncate(time.Second)})
	if err == nil {
		err = file.Truncate(0)
	}
	if err == nil {
		_, err = file.WriteAt(text, 0)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("writing the lock file: %w", err), file.Close())
	}
	return &folderLock{file}, nil
}

// waitForFolder is lockFolder for short commands: it waits up to patience for
// another short command to end, and gives up at once on one that serves.
func waitForFolder(ctx context.Context, dir, command string, patience time.Duration) (*folderLock, error) {
	deadline := time.Now().Add(patience)
	for {
		lock, err := lockFolder(dir, command, time.Now())
		var held *HeldError
		if !errors.As(err, &held) || held.by.Command == "serve" || time.Now().After(deadline) {
			return lock, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func (l *folderLock) release() error {
	if err := l.file.Close(); err != nil {
		return fmt.Errorf("releasing the data folder: %w", err)
	}
	return nil
}

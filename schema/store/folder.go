package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
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

// lockFolder takes the folder for command, exclusively, or returns *HeldError at
// once. The file is the lock: it ends with it, or with the process, however that
// ends.
func lockFolder(dir, command string, now time.Time) (*os.File, error) {
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
	return file, nil
}

// waitForFolder is lockFolder for short commands: it waits up to patience for
// another short command to end, and gives up at once on one that serves.
func waitForFolder(ctx context.Context, dir, command string, patience time.Duration) (*os.File, error) {
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

// The owner of an embedded store serves other commands on a unix socket in the
// data folder: 0600 in a folder of 0700, so that only the same user gets in.
const (
	socketFolder = "run"
	socketName   = "yardstick.sock"
)

// shortSocketPath gives a path to the socket that fits into the kernel's 108
// bytes, through an open folder when the folder's own name is too long. The
// folder is to be closed after use.
func shortSocketPath(dir string) (path string, folder *os.File, err error) {
	whole := filepath.Join(dir, socketFolder, socketName)
	if len(whole) < 100 {
		return whole, nil, nil
	}
	folder, err = os.Open(filepath.Join(dir, socketFolder))
	if err != nil {
		return "", nil, fmt.Errorf("opening the socket's folder: %w", err)
	}
	return fmt.Sprintf("/proc/self/fd/%d/%s", folder.Fd(), socketName), folder, nil
}

// Listen opens the socket. The caller holds the folder's lock, so that
// what lies there is a dead one's.
func Listen(ctx context.Context, dir string) (net.Listener, error) {
	run := filepath.Join(dir, socketFolder)
	if err := os.MkdirAll(run, 0o700); err != nil {
		return nil, fmt.Errorf("making the socket's folder: %w", err)
	}
	if err := os.Chmod(run, 0o700); err != nil {
		return nil, fmt.Errorf("closing the socket's folder to others: %w", err)
	}
	if err := os.Remove(filepath.Join(run, socketName)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("removing a dead socket: %w", err)
	}
	path, folder, err := shortSocketPath(dir)
	if err != nil {
		return nil, err
	}
	defer folder.Close() // there may be none, which is no matter
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "unix", path)
	if err != nil {
		return nil, fmt.Errorf("listening on the data folder's socket: %w", err)
	}
	if err := os.Chmod(filepath.Join(run, socketName), 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("closing the socket to others: %w", err), l.Close())
	}
	l.(*net.UnixListener).SetUnlinkOnClose(false) // its path may be gone by then; the next start removes it
	return l, nil
}

// dialSocket connects to the owner of the folder.
func dialSocket(ctx context.Context, dir string) (net.Conn, error) {
	path, folder, err := shortSocketPath(dir)
	if err != nil {
		return nil, err
	}
	defer folder.Close() // there may be none, which is no matter
	d := net.Dialer{Timeout: 2 * time.Second}
	conn, err := d.DialContext(ctx, "unix", path)
	if err != nil {
		return nil, fmt.Errorf("reaching the process that holds %s: %w", dir, err)
	}
	return conn, nil
}

// socketTransport sends HTTP requests to the owner of the folder, whatever
// host they name.
func socketTransport(dir string) *http.Transport {
	return &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) { return dialSocket(ctx, dir) },
	}
}

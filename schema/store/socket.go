package store

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"
)

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

func closeFolder(folder *os.File) {
	if folder != nil {
		_ = folder.Close() // only read
	}
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
	defer closeFolder(folder)
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
	defer closeFolder(folder)
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

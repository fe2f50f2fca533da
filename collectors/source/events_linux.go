package source

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// events notes in the book what is written in a folder, and calls changed after
// each step, until the context ends. It gives an error when the system cannot tell.
func events(ctx context.Context, dir string, b *book, changed func()) error {
	fd, err := unix.InotifyInit1(unix.IN_CLOEXEC | unix.IN_NONBLOCK)
	if err != nil {
		return fmt.Errorf("asking for what happens in %s: %w", dir, err)
	}
	f := os.NewFile(uintptr(fd), "inotify")
	const what = unix.IN_CREATE | unix.IN_MODIFY | unix.IN_CLOSE_WRITE | unix.IN_MOVED_TO | unix.IN_MOVED_FROM | unix.IN_DELETE | unix.IN_ONLYDIR
	if _, err := unix.InotifyAddWatch(fd, dir, what); err != nil {
		return errors.Join(fmt.Errorf("asking for what happens in %s: %w", dir, err), f.Close())
	}
	defer b.clear()
	stop := context.AfterFunc(ctx, func() { _ = f.Close() })
	defer stop()
	buf := make([]byte, 64<<10)
	for {
		n, err := f.Read(buf)
		if err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return errors.Join(fmt.Errorf("reading what happens in %s: %w", dir, err), f.Close())
		}
		for all := buf[:n]; len(all) >= unix.SizeofInotifyEvent; {
			mask, size := binary.NativeEndian.Uint32(all[4:]), int(binary.NativeEndian.Uint32(all[12:]))
			name, _, _ := bytes.Cut(all[unix.SizeofInotifyEvent:unix.SizeofInotifyEvent+size], []byte{0})
			all = all[unix.SizeofInotifyEvent+size:]
			switch {
			case mask&(unix.IN_Q_OVERFLOW|unix.IN_IGNORED) != 0: // something was missed, or the folder is another
				b.clear()
			case mask&unix.IN_MODIFY != 0:
				b.note(string(name), true)
			case mask&(unix.IN_CLOSE_WRITE|unix.IN_MOVED_TO) != 0:
				b.note(string(name), false)
			case mask&(unix.IN_DELETE|unix.IN_MOVED_FROM) != 0:
				b.forget(string(name))
			}
			if mask&unix.IN_IGNORED != 0 {
				return errors.Join(fmt.Errorf("%s is watched no more: %w", dir, os.ErrNotExist), f.Close())
			}
		}
		changed()
	}
}

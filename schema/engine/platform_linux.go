package engine

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// identify describes which file is open, so that a changed one is noticed.
func identify(f *os.File, path string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	var st unix.Stat_t
	if err := unix.Fstat(int(f.Fd()), &st); err != nil {
		return "", err
	}
	return fmt.Sprintf("%s size=%d mtime=%d.%09d ctime=%d.%09d dev=%d inode=%d",
		abs, st.Size, st.Mtim.Sec, st.Mtim.Nsec, st.Ctim.Sec, st.Ctim.Nsec, st.Dev, st.Ino), nil
}

// ownedByUs says whether this user, or root, owns the file.
func ownedByUs(info fs.FileInfo) bool {
	st, ok := info.Sys().(*syscall.Stat_t)
	return ok && (int(st.Uid) == os.Geteuid() || st.Uid == 0)
}

// locked says whether another process holds the folder's lock: the engine
// flocks the file `status` in it.
func locked(path string) bool {
	f, err := os.Open(filepath.Join(path, "status"))
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }()
	err = unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	return errors.Is(err, unix.EWOULDBLOCK)
}

// memoryFile makes an anonymous file; it is gone when it is closed. The engine
// reads it back through the path returned.
func memoryFile() (f *os.File, path string, err error) {
	fd, err := unix.MemfdCreate("yardstick-insert", unix.MFD_CLOEXEC)
	if err != nil {
		return nil, "", fmt.Errorf("creating a memory file: %w", err)
	}
	return os.NewFile(uintptr(fd), "memfd"), fmt.Sprintf("/proc/self/fd/%d", fd), nil
}

// physicalMemory is the machine's memory in bytes, 0 when unknown.
func physicalMemory() uint64 {
	var info unix.Sysinfo_t
	if err := unix.Sysinfo(&info); err != nil {
		return 0
	}
	return info.Totalram * uint64(info.Unit)
}

// lastSignal is the highest signal number of Linux.
const lastSignal = 64

// sigaction is the kernel's record of one signal's handler: handler, flags,
// restorer and mask, eight bytes each. It is only ever copied.
type sigaction [4]uint64

// signalHandlers is a copy of every signal's handler.
type signalHandlers [lastSignal + 1]sigaction

// saveSignals reads all handlers. The engine replaces several of them when it
// is loaded and whenever it connects; Go's runtime needs its own back, else a
// nil dereference that recover() should catch ends the process.
func saveSignals() *signalHandlers {
	var h signalHandlers
	for sig := 1; sig <= lastSignal; sig++ {
		_, _, _ = syscall.RawSyscall6(syscall.SYS_RT_SIGACTION, uintptr(sig), 0, uintptr(unsafe.Pointer(&h[sig])), 8, 0, 0)
	}
	return &h
}

// restore writes the handlers back. Signals that cannot be set (SIGKILL,
// SIGSTOP) are refused by the kernel, which is as it should be.
func (h *signalHandlers) restore() {
	for sig := 1; sig <= lastSignal; sig++ {
		_, _, _ = syscall.RawSyscall6(syscall.SYS_RT_SIGACTION, uintptr(sig), uintptr(unsafe.Pointer(&h[sig])), 0, 8, 0, 0)
	}
}

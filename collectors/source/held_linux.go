package source

import (
	"errors"
	"os"
	"slices"

	"golang.org/x/sys/unix"
)

// heldOpen reports whether some process holds a file open for writing, of a file
// that was opened for reading alone. known is false where the system cannot tell:
// on a network file system, whose writers may be elsewhere, and of a file of
// another owner. It asks for a read lease, which is not given while there is a
// writer, and gives it back at once.
func heldOpen(f *os.File) (open, known bool) {
	raw, err := f.SyscallConn()
	if err != nil {
		return false, false
	}
	err = raw.Control(func(fd uintptr) {
		var at unix.Statfs_t
		if unix.Fstatfs(int(fd), &at) != nil || !slices.Contains(local(), int64(at.Type)) { //nolint:unconvert // of another width on other machines
			return
		}
		_, err := unix.FcntlInt(fd, unix.F_SETLEASE, unix.F_RDLCK)
		if open = errors.Is(err, unix.EAGAIN); !open && err == nil {
			_, err = unix.FcntlInt(fd, unix.F_SETLEASE, unix.F_UNLCK)
		}
		known = open || err == nil
	})
	return open, known && err == nil
}

// local are the file systems all of whose writers are on this machine.
func local() []int64 {
	const zfs = 0x2fc12fc1
	return []int64{unix.EXT4_SUPER_MAGIC, unix.XFS_SUPER_MAGIC, unix.BTRFS_SUPER_MAGIC, unix.TMPFS_MAGIC, unix.F2FS_SUPER_MAGIC,
		unix.BCACHEFS_SUPER_MAGIC, unix.OVERLAYFS_SUPER_MAGIC, zfs}
}

package engine

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"yardstick/schema/whole"
)

//go:embed checksums.txt
var checksums string

// pinnedSum is the SHA-256 the library must have on this platform, in hex.
func pinnedSum() (string, bool) {
	want := runtime.GOOS + "/" + runtime.GOARCH
	for line := range strings.Lines(checksums) {
		f := strings.Fields(line)
		if len(f) == 6 && f[0] == want {
			return f[5], true
		}
	}
	return "", false
}

// verifyLibrary checks the library against its pinned SHA-256. Hashing over
// half a gigabyte takes seconds, so a file that passed leaves a stamp in
// stampDir, and is not hashed again while its identity (path, size, both times,
// device, inode) stays the same. An empty stampDir hashes every time.
func verifyLibrary(path, stampDir string) error {
	want, ok := pinnedSum()
	if !ok {
		return fmt.Errorf("%s/%s: %w", runtime.GOOS, runtime.GOARCH, ErrNoLibrary)
	}
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s: %w", path, ErrNoLibrary)
	}
	if err != nil {
		return fmt.Errorf("opening the engine's library: %w", err)
	}
	defer func() { _ = f.Close() }()
	identity, err := identify(f, path)
	if err != nil {
		return fmt.Errorf("reading the properties of %s: %w", path, err)
	}
	stamp := want + "\n" + identity + "\n"
	file := filepath.Join(stampDir, "engine.stamp")
	if stampDir != "" && readStamp(file) == stamp {
		return nil
	}
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return fmt.Errorf("reading %s: %w", path, err)
	}
	if got := hex.EncodeToString(h.Sum(nil)); got != want {
		return fmt.Errorf("%s: SHA-256 %s, expected %s: %w", path, got, want, ErrChecksum)
	}
	if after, err := identify(f, path); err != nil || after != identity {
		return fmt.Errorf("%s: %w", path, errors.New(say("校验期间文件被改动", "the file changed while it was being checked")))
	}
	if stampDir != "" {
		// Without a stamp the next start only takes longer.
		_ = whole.Keep(file, []byte(stamp))
	}
	return nil
}

// readStamp returns the stamp's text, or nothing when the file, or the folder
// it lies in, could have been written by somebody else.
func readStamp(file string) string {
	for _, p := range []string{filepath.Dir(file), file} {
		info, err := os.Lstat(p)
		if err != nil || info.Mode().Perm()&0o022 != 0 || !ownedByUs(info) {
			return ""
		}
		if p == file && !info.Mode().IsRegular() {
			return ""
		}
	}
	b, err := os.ReadFile(file)
	if err != nil {
		return ""
	}
	return string(b)
}

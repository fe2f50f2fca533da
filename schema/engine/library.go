package engine

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
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

// The configuration, in which %s is the path of the users' file.
var (
	//go:embed config.xml
	configXML string
	//go:embed users.xml
	usersXML []byte
)

// writeConfig puts the two files where the engine reads them at start.
func writeConfig(dir string) (string, error) {
	users, main := filepath.Join(dir, "users.xml"), filepath.Join(dir, "config.xml")
	if strings.ContainsAny(users, "<>&") {
		return "", fmt.Errorf("%s: %s", dir, say("临时目录名含有不能使用的字符", "the temporary folder's name has characters that cannot be used"))
	}
	if err := os.WriteFile(users, usersXML, 0o600); err != nil {
		return "", err
	}
	return main, os.WriteFile(main, fmt.Appendf(nil, configXML, users), 0o600)
}

// settings are ClickHouse settings by name.
type settings map[string]string

// baseline is what every connection relies on, whatever the build's defaults.
func baseline(maxMemory uint64) settings {
	return settings{
		// This build inserts asynchronously unless told otherwise.
		"async_insert": "0",
		// A missing figure must not become a zero.
		"insert_null_as_default":       "0",
		"input_format_null_as_default": "0",
		"max_memory_usage":             strconv.FormatUint(maxMemory, 10),
		// Functions that look into the process, on by default in this build.
		"allow_introspection_functions": "0",
		// `1+1` is not a statement.
		"implicit_select": "0",
		// Rows to insert come through files in memory whose names repeat:
		// nothing may be remembered about a name.
		"schema_inference_use_cache_for_file": "0",
		"storage_file_read_method":            "pread",
		// Its timers send signals to every thread, Go's among them.
		"query_profiler_real_time_period_ns": "0",
		"query_profiler_cpu_time_period_ns":  "0",
	}
}

// set writes the settings as one SET statement, in the order of their names.
func (s settings) set() string {
	parts := make([]string, 0, len(s))
	for _, name := range slices.Sorted(maps.Keys(s)) {
		parts = append(parts, name+" = "+quote(s[name]))
	}
	return "SET " + strings.Join(parts, ", ")
}

// reset writes the SET statement that undoes list: back to the connection's own
// value where there is one, else to the engine's default.
func (s settings) reset(list []param) string {
	parts := make([]string, 0, len(list))
	for _, p := range list {
		if own, ok := s[p.name]; ok {
			parts = append(parts, p.name+" = "+quote(own))
		} else {
			parts = append(parts, p.name+" = DEFAULT")
		}
	}
	return "SET " + strings.Join(parts, ", ")
}

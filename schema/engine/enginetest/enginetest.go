// Package enginetest gives tests the real engine: one per test binary, because
// the library allows one data folder per process, with a database for each test.
package enginetest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"yardstick/schema/engine"
)

// shared is the one engine of the test binary. The library forces it to be one
// per process; tests are told apart by their databases.
var shared struct {
	once sync.Once
	eng  *engine.Engine
	err  error
	next atomic.Int64
}

// Root is the repository's root: the folder with go.mod above the test.
func Root(tb testing.TB) string {
	tb.Helper()
	dir, err := os.Getwd()
	if err != nil {
		tb.Fatalf("finding the repository: %v", err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			tb.Fatal("finding the repository: no go.mod above the test")
		}
		dir = up
	}
}

// Library is the path of libchdb.so: YARDSTICK_ENGINE, else .engine in the
// repository, fetched when it is not there yet.
func Library(tb testing.TB) string {
	tb.Helper()
	if path := os.Getenv("YARDSTICK_ENGINE"); path != "" {
		return path
	}
	root := Root(tb)
	path := filepath.Join(root, ".engine", "libchdb.so")
	if _, err := os.Stat(path); err == nil {
		return path
	}
	cmd := exec.Command(filepath.Join(root, "scripts", "engine.sh"))
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		tb.Fatalf("fetching the engine: %v\n%s", err, out)
	}
	return path
}

// StampDir is where test binaries remember that the library's checksum passed:
// beside the library, so that they share it.
func StampDir(tb testing.TB) string {
	tb.Helper()
	return filepath.Join(filepath.Dir(Library(tb)), "stamp")
}

// Open returns the engine that all tests of the binary share, in a temporary
// folder. The folder is removed by a helper process when the binary has ended.
func Open(tb testing.TB) *engine.Engine {
	tb.Helper()
	library, stamps := Library(tb), StampDir(tb)
	shared.once.Do(func() {
		dir, err := os.MkdirTemp("", "yardstick-enginetest-")
		if err != nil {
			shared.err = err
			return
		}
		removeAtExit(dir)
		shared.eng, shared.err = engine.Open(context.Background(), engine.Options{
			Library: library, Path: filepath.Join(dir, "store"), StampDir: stamps,
		})
	})
	if shared.err != nil {
		tb.Fatalf("opening the engine: %v", shared.err)
	}
	return shared.eng
}

// removeAtExit removes the folder once this process has ended, however it does:
// a test binary has no last moment of its own that always comes.
func removeAtExit(dir string) {
	cmd := exec.Command("sh", "-c", `cat >/dev/null; rm -rf -- "$1"`, "sh", dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	// The pipe closes with this process; it is kept open by never being closed.
	pipe, err := cmd.StdinPipe()
	if err != nil || cmd.Start() != nil {
		return
	}
	keep.Store(&pipe)
}

// keep holds the pipe, so that it is not collected and closed too early.
var keep atomic.Value

// Database makes a fresh, empty database for the test and drops it afterwards.
func Database(tb testing.TB, eng *engine.Engine) string {
	tb.Helper()
	name := fmt.Sprintf("test_%d_%d", os.Getpid(), shared.next.Add(1))
	Exec(tb, eng, "CREATE DATABASE "+name)
	tb.Cleanup(func() { Exec(tb, eng, "DROP DATABASE IF EXISTS "+name) })
	return name
}

// Exec runs one statement on the writing connection.
func Exec(tb testing.TB, eng *engine.Engine, sql string) {
	tb.Helper()
	conn, err := clickhouse.Open(eng.ClickHouseOptions("", true))
	if err != nil {
		tb.Fatalf("connecting: %v", err)
	}
	defer func() { _ = conn.Close() }()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	if err := conn.Exec(ctx, sql); err != nil {
		tb.Fatalf("%s: %v", sql, err)
	}
}

// Resident is the process's memory in bytes, as the kernel counts it.
func Resident(tb testing.TB) int64 {
	tb.Helper()
	text, err := os.ReadFile("/proc/self/status")
	_, rest, _ := strings.Cut(string(text), "VmRSS:")
	size, _, _ := strings.Cut(rest, " kB")
	kb, perr := strconv.ParseInt(strings.TrimSpace(size), 10, 64)
	if err = errors.Join(err, perr); err != nil {
		tb.Fatalf("reading the memory in use: %v", err)
	}
	return kb << 10
}

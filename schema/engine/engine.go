// Package engine runs ClickHouse inside the process, from the shared library
// libchdb.so, and offers it to clickhouse-go as an http.RoundTripper and to
// others as an http.Handler.
//
// The library allows one data folder per process and one process per folder.
// There is one writing connection, a few reading ones, and a control connection
// that stops the statement of a context that has ended.
//
// Settings that come with a request are put on the connection with SET for that
// one statement and taken back after it; what the engine does not know it
// refuses, and nothing is dropped. Answers are read block by block: one of up
// to 4 MiB is taken whole and frees its connection at once, a larger one keeps
// its connection until it has been read or closed, so memory stays bounded.
package engine

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/ClickHouse/clickhouse-go/v2"
)

// Options says which library to load and which folder to open.
type Options struct {
	Library  string // path of libchdb.so
	Path     string // data folder; created when missing
	StampDir string // where a passed checksum is remembered; empty: hash at every start
}

// process is what the library forces to be one per process: it can be mapped
// once, keeps one folder open, and its state outlives any value of ours.
var process struct {
	sync.Mutex
	lib    *library
	path   string // the one folder of this process, absolute
	opened bool   // an Engine holds it now
}

// Engine is an open data folder. It is safe for concurrent use.
type Engine struct {
	lib       *library
	path      string
	args      []string
	maxMemory uint64 // bytes one statement may use: half the machine's
	control   *conn
	writer    *pool
	readers   *pool

	life context.Context // ends when Close begins
	end  context.CancelFunc

	mu     sync.Mutex
	pools  []*pool
	closed bool
}

// Open verifies and loads the library and opens the folder. Errors: ErrNoLibrary,
// ErrChecksum, ErrLocked (errors.Is), or a sentence about what went wrong. Only
// one Engine can be open in a process, and only on one folder in its lifetime.
func Open(ctx context.Context, o Options) (*Engine, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	path, err := filepath.Abs(o.Path)
	if err != nil || o.Path == "" {
		return nil, fmt.Errorf("%s: %q", say("数据目录无效", "the data folder is not valid"), o.Path)
	}
	process.Lock()
	defer process.Unlock()
	if process.opened {
		return nil, fmt.Errorf("%s: %s", process.path, say("引擎在本进程中已经打开", "the engine is already open in this process"))
	}
	if process.path != "" && process.path != path {
		return nil, fmt.Errorf("%s: %s: %s", path, say("一个进程只能使用一个数据目录，已用过", "one process can use one data folder, and has used"), process.path)
	}
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, fmt.Errorf("creating the data folder: %w", err)
	}
	if locked(path) {
		return nil, fmt.Errorf("%s: %w", path, ErrLocked)
	}
	if process.lib == nil {
		if err := verifyLibrary(o.Library, o.StampDir); err != nil {
			return nil, err
		}
	}
	return open(o, path)
}

// open does the part that touches the library; process is locked.
func open(o Options, path string) (*Engine, error) {
	handlers := saveSignals()
	defer handlers.restore()
	if process.lib == nil {
		lib, err := loadLibrary(o.Library)
		if err != nil {
			return nil, err
		}
		process.lib = lib
	}
	dir, err := os.MkdirTemp("", "yardstick-engine-")
	if err != nil {
		return nil, fmt.Errorf("writing the engine's configuration: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	config, err := writeConfig(dir)
	if err != nil {
		return nil, fmt.Errorf("writing the engine's configuration: %w", err)
	}
	e := &Engine{lib: process.lib, path: path, maxMemory: max(physicalMemory()/2, 1<<30),
		args: []string{"yardstick", "--path=" + path, "--config-file=" + config}}
	e.life, e.end = context.WithCancel(context.Background())
	if err := e.connectAll(); err != nil {
		e.end()
		e.shut()
		if locked(path) {
			return nil, fmt.Errorf("%s: %w", path, ErrLocked)
		}
		return nil, fmt.Errorf("opening %s: %w", path, err)
	}
	process.lib.skipExitHandlers()
	process.path, process.opened = path, true
	return e, nil
}

// readers is how many reading connections there are.
const readers = 2

// connectAll opens the connections every Engine has.
func (e *Engine) connectAll() error {
	var err error
	if e.control, err = e.connect("control", baseline(e.maxMemory), roleOwner); err != nil {
		return err
	}
	if e.writer, err = e.newPool("writer", 1, baseline(e.maxMemory), roleOwner); err != nil {
		return err
	}
	limits := baseline(e.maxMemory)
	limits["readonly"] = "2" // settings may be changed, data may not
	e.readers, err = e.newPool("reader", readers, limits, roleReader)
	return err
}

// Close stops what runs, closes all connections and so releases the folder.
// Statements that were running end with ErrClosed. Closing twice is harmless.
func (e *Engine) Close() error {
	e.mu.Lock()
	if e.closed {
		e.mu.Unlock()
		return nil
	}
	e.closed = true
	e.mu.Unlock()
	e.end()
	process.Lock()
	defer process.Unlock()
	handlers := saveSignals()
	defer handlers.restore()
	e.shut()
	process.opened = false
	return nil
}

// shut closes whatever is open, the control connection last: it is needed to
// stop what the others still run.
func (e *Engine) shut() {
	for _, p := range e.pools {
		p.close()
	}
	if e.control != nil {
		e.control.close()
	}
}

// ClickHouseOptions makes clickhouse-go use this engine: on the writing
// connection when write is true, else on the reading ones.
func (e *Engine) ClickHouseOptions(database string, write bool) *clickhouse.Options {
	rt := e.Reader()
	if write {
		rt = e.Writer()
	}
	return TransportOptions(rt, database)
}

var errNoConnection = errors.New(say("引擎拒绝建立连接", "the engine refused the connection"))

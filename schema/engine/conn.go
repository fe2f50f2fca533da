package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"runtime"
	"strings"
	"sync"
	"time"
)

// role says with which rights a connection works.
type role int

const (
	roleOwner  role = iota // everything
	roleReader             // SELECT and SHOW on tables: no writing, no files, no network
)

// conn is one connection of the engine. It runs one statement at a time; who
// takes it from its pool has it alone.
type conn struct {
	engine   *Engine
	name     string // unique; carried as log_comment, by which a statement is found and stopped
	own      settings
	role     role
	handle   uintptr
	closer   uintptr
	database string
	mu       sync.Mutex // for the control connection, which is shared
}

// connect opens a connection and puts its settings in place.
func (e *Engine) connect(name string, own settings, r role) (*conn, error) {
	c := &conn{engine: e, name: name, own: own, role: r}
	own["log_comment"] = name
	return c, c.dial()
}

// dial opens or reopens the connection.
func (c *conn) dial() error {
	handlers := saveSignals()
	c.handle, c.closer = c.engine.lib.open(c.engine.args)
	handlers.restore()
	if c.closer == 0 {
		return errNoConnection
	}
	c.database = ""
	if c.role == roleReader {
		if err := c.exec("SET ROLE NONE"); err != nil {
			return fmt.Errorf("laying down the owner's role: %w", err)
		}
	}
	// readonly comes last: after it nothing else can be set.
	rest, last := maps.Clone(c.own), c.own["readonly"]
	delete(rest, "readonly")
	err := c.exec(rest.set())
	if err == nil && last != "" {
		err = c.exec("SET readonly = " + last)
	}
	if err != nil {
		return fmt.Errorf("setting up a connection: %w", err)
	}
	return nil
}

// close ends the connection.
func (c *conn) close() {
	if c.closer != 0 {
		c.engine.lib.closeConn(c.closer)
		c.handle, c.closer = 0, 0
	}
}

// exec runs a statement of this package's own and ignores its answer.
func (c *conn) exec(sql string) error {
	_, _, err := c.ask(sql, "TSV", nil)
	return err
}

// ask runs a statement in one piece: its answer, and how many rows it wrote.
func (c *conn) ask(sql, format string, params []param) (answer []byte, written uint64, err error) {
	lib := c.engine.lib
	r := lib.run(c.handle, sql, format, params, false)
	defer lib.destroyResult(r)
	if msg := lib.message(r); msg != "" {
		return nil, 0, engineError(msg)
	}
	return lib.bytes(r), lib.rowsWritten(r), nil
}

// param is one name and its value.
type param struct{ name, value string }

// statement is one thing to run.
type statement struct {
	sql      string
	format   string // of the answer, unless the SQL names one
	database string
	params   []param
	settings []param
	stream   bool // read the answer block by block
}

// answer is the outcome of a statement, read block by block. It holds the
// connection until it is finished.
type answer struct {
	ctx     context.Context // ends with the request, or when the engine closes
	conn    *conn
	release func()
	written uint64 // rows written

	mu       sync.Mutex
	handle   uintptr // the stream, 0 when everything is in first
	first    []byte
	undo     []param // settings to take back
	end      error   // set when finished: io.EOF or what went wrong
	stopKill func()
}

// start runs the statement on a connection the caller has to itself; release
// gives the connection back and is called exactly once, in any case.
func (c *conn) start(ctx context.Context, s statement, release func()) (*answer, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	unlink := context.AfterFunc(c.engine.life, func() { cancel(ErrClosed) })
	a := &answer{ctx: ctx, conn: c, release: func() {
		release()
		unlink()
		cancel(nil)
	}}
	a.mu.Lock()
	defer a.mu.Unlock()
	err := c.prepare(s, a)
	if err == nil {
		a.stopKill = c.watch(ctx)
		err = c.launch(s, a)
	}
	switch {
	case err != nil:
		return nil, a.finish(err)
	case a.handle == 0:
		_ = a.finish(io.EOF) // there is nothing to read: that is no error
	default:
		// A reader that waits, or forgets its answer, must not keep the
		// connection beyond the end of its context.
		context.AfterFunc(ctx, a.abandon)
	}
	return a, nil
}

// prepare selects the database and puts the request's settings on the connection.
func (c *conn) prepare(s statement, a *answer) error {
	database := cmp.Or(s.database, "default")
	if c.database != database {
		if err := c.exec("USE " + quoteName(database)); err != nil {
			return err
		}
		c.database = database
	}
	for _, p := range s.settings {
		// One at a time, so that what was set before a refusal is taken back.
		a.undo = append(a.undo, p)
		if err := c.exec("SET " + p.name + " = " + quote(p.value)); err != nil {
			return err
		}
	}
	return nil
}

// launch hands the statement to the engine and waits for its answer, or with
// streaming for its beginning.
func (c *conn) launch(s statement, a *answer) (err error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if s.stream {
		lib := c.engine.lib
		r := lib.run(c.handle, s.sql, s.format, s.params, true)
		msg := lib.message(r)
		if msg == "" {
			a.handle = r
			return nil
		}
		lib.destroyResult(r)
		// Some statements cannot be streamed; the engine says so before it
		// has done anything.
		if !strings.Contains(msg, "Streaming query is not supported") {
			return engineError(msg)
		}
	}
	a.first, a.written, err = c.ask(s.sql, s.format, s.params)
	return err
}

// next returns the next piece of the answer, whole blocks, and io.EOF after the
// last. When the context has ended the statement is stopped and the context's
// error returned.
func (a *answer) next() ([]byte, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.first) > 0 {
		b := a.first
		a.first = nil
		return b, nil
	}
	if a.end != nil {
		return nil, a.end
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	lib := a.conn.engine.lib
	r := lib.streamFetch(a.conn.handle, a.handle)
	defer lib.destroyResult(r)
	if msg := lib.message(r); msg != "" {
		return nil, a.finish(engineError(msg))
	}
	b := lib.bytes(r)
	if len(b) == 0 {
		return nil, a.finish(io.EOF)
	}
	return b, nil
}

// abandon stops what has not been read and frees the connection.
func (a *answer) abandon() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.first = nil
	if a.end == nil {
		a.conn.engine.lib.streamCancel(a.conn.handle, a.handle)
		_ = a.finish(io.ErrClosedPipe) // kept in a.end for whoever reads on
	}
}

// finish ends the statement, takes its settings back and gives the connection
// back. It returns err, or the context's error when that is why it ended. A
// connection whose settings cannot be restored is replaced. a.mu is held.
func (a *answer) finish(err error) error {
	if !errors.Is(err, io.EOF) && a.ctx.Err() != nil {
		err = a.ctx.Err()
		if errors.Is(context.Cause(a.ctx), ErrClosed) {
			err = ErrClosed
		}
	}
	a.end = err
	c := a.conn
	if a.handle != 0 {
		c.engine.lib.destroyResult(a.handle)
	}
	if a.stopKill != nil {
		a.stopKill()
	}
	if len(a.undo) > 0 && c.exec(c.own.reset(a.undo)) != nil {
		c.close()
		// A failure here shows at the next use: every call on the null handle
		// is answered with an error.
		_ = c.dial()
	}
	a.release()
	return err
}

// watch stops the connection's statement when ctx ends. The function returned
// ends the watch and comes back only when nothing can be stopped any more, so
// that the next statement on the connection is safe.
func (c *conn) watch(ctx context.Context) (stop func()) {
	if ctx.Done() == nil {
		return func() {}
	}
	finished, idle := make(chan struct{}), make(chan struct{})
	unhook := context.AfterFunc(ctx, func() {
		defer close(idle)
		// The statement may not be registered yet, so ask until it has ended.
		for wait := 5 * time.Millisecond; ; wait = min(2*wait, 250*time.Millisecond) {
			select {
			case <-finished:
				return
			default:
				c.engine.kill(c.name)
			}
			select {
			case <-finished:
				return
			case <-time.After(wait):
			}
		}
	})
	return sync.OnceFunc(func() {
		close(finished)
		if !unhook() {
			<-idle
		}
	})
}

// kill stops whatever the named connection runs.
func (e *Engine) kill(name string) {
	e.control.mu.Lock()
	defer e.control.mu.Unlock()
	// An error means there is nothing to stop, or the engine is going down.
	_ = e.control.exec("KILL QUERY WHERE Settings['log_comment'] = " + quote(name) + " ASYNC")
}

// pool is a set of connections of one kind.
type pool struct {
	engine *Engine
	free   chan *conn
	size   int
	gone   chan struct{} // closed when the pool closes
	once   sync.Once
}

// newPool opens n connections and registers the pool for Close.
func (e *Engine) newPool(name string, n int, own settings, r role) (*pool, error) {
	p := &pool{engine: e, free: make(chan *conn, n), gone: make(chan struct{})}
	e.mu.Lock()
	if e.closed {
		e.mu.Unlock()
		return nil, ErrClosed
	}
	serial := len(e.pools)
	e.pools = append(e.pools, p)
	e.mu.Unlock()
	for i := range n {
		c, err := e.connect(fmt.Sprintf("%s-%d-%d", name, serial, i), maps.Clone(own), r)
		if err != nil {
			return nil, err
		}
		p.size++
		p.free <- c
	}
	return p, nil
}

// take waits for a free connection.
func (p *pool) take(ctx context.Context) (*conn, error) {
	select {
	case <-p.gone:
		return nil, ErrClosed
	default:
	}
	select {
	case c := <-p.free:
		return c, nil
	case <-p.gone:
		return nil, ErrClosed
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// start runs a statement on a free connection.
func (p *pool) start(ctx context.Context, s statement) (*answer, error) {
	c, err := p.take(ctx)
	if err != nil {
		return nil, err
	}
	return c.start(ctx, s, func() { p.free <- c })
}

// close refuses new work, waits until every connection has come back and
// closes them. The end of the engine's life has stopped what they ran.
func (p *pool) close() {
	p.once.Do(func() {
		close(p.gone)
		for range p.size {
			(<-p.free).close()
		}
	})
}

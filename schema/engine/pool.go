package engine

import (
	"context"
	"fmt"
	"sync"
)

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
		mine := settings{}
		for k, v := range own {
			mine[k] = v
		}
		c, err := e.connect(fmt.Sprintf("%s-%d-%d", name, serial, i), mine, r)
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

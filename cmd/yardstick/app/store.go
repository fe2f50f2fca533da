package app

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	ch "github.com/ClickHouse/clickhouse-go/v2"

	"yardstick/schema/clickhouse"
	"yardstick/schema/engine"
	"yardstick/schema/ledger"
	"yardstick/schema/words"
)

// database is where the embedded store keeps its tables: the one a client that
// names none is given.
const database = "default"

// patience is how long a short command waits for another to leave the folder.
const patience = 20 * time.Second

// opened is a store with all that stands under it.
type opened struct {
	*clickhouse.Store
	engine *engine.Engine  // nil when ClickHouse is elsewhere
	remote *http.Transport // to the process that holds the folder; nil when we do
	write  *ch.Options     // nil when reading through another process
	stop   stopper

	migrated  int                  // migrations this opening ran
	recovered clickhouse.Recovered // what it found unfinished
}

// stopper is what is to be ended, last opened first.
type stopper []func() error

func (s *stopper) add(f func() error) { *s = append(*s, f) }

func (s *stopper) run() error {
	var err error
	for i := len(*s) - 1; i >= 0; i-- {
		err = errors.Join(err, (*s)[i]())
	}
	*s = nil
	return err
}

// openStore opens the configured store. With wait, a short command that holds
// the folder is waited for; one that serves is used through its socket.
func openStore(ctx context.Context, c Config, command, library string, now func() time.Time) (_ *opened, err error) {
	o := &opened{}
	defer func() {
		if err != nil {
			err = errors.Join(err, o.stop.run())
		}
	}()
	lock, err := waitForFolder(ctx, c.Data, command, patience)
	var held *errHeld
	if errors.As(err, &held) && command != "serve" {
		return o, o.borrow(ctx, c, held)
	}
	if err != nil {
		return o, err
	}
	o.stop.add(lock.release)
	read, err := o.options(ctx, c, library)
	if err != nil {
		return o, err
	}
	book, err := ledger.Open(c.path("ledger", "ledger"))
	if err != nil {
		return o, err
	}
	o.stop.add(book.Close)
	if o.migrated, err = clickhouse.Migrate(ctx, o.write, c.Cluster); err != nil {
		return o, err
	}
	o.Store, err = clickhouse.Open(ctx, clickhouse.Config{
		Read: read, Write: o.write, Cluster: c.Cluster, Ledger: book, Rows: c.path("rows"), Now: now,
	})
	if err != nil {
		return o, err
	}
	o.stop.add(o.Store.Close)
	o.recovered, err = o.Recover(ctx)
	return o, err
}

// options gives clickhouse-go's options for reading and keeps those for
// writing; for an embedded store it starts the engine.
func (o *opened) options(ctx context.Context, c Config, library string) (read *ch.Options, err error) {
	folder, embedded := c.embedded()
	if !embedded {
		if o.write, err = ch.ParseDSN(c.Store); err != nil {
			return nil, fmt.Errorf("reading the store's address: %w", err)
		}
		return o.write, nil
	}
	file, err := engineFile(library)
	if err != nil {
		return nil, err
	}
	o.engine, err = engine.Open(ctx, engine.Options{Library: file, Path: folder, StampDir: c.path("state", "engine")})
	if err != nil {
		return nil, fmt.Errorf("opening the embedded store: %w", err)
	}
	o.stop.add(o.engine.Close)
	o.write = o.engine.ClickHouseOptions(database, true)
	return o.engine.ClickHouseOptions(database, false), nil
}

// borrow reads through the process that holds the folder, or from the server
// where the store is elsewhere; what writes is asked of that process.
func (o *opened) borrow(ctx context.Context, c Config, held *errHeld) error {
	o.remote = socketTransport(c.Data)
	o.stop.add(func() error { o.remote.CloseIdleConnections(); return nil })
	options := &ch.Options{
		Protocol: ch.HTTP, Addr: []string{"yardstick"}, Auth: ch.Auth{Database: database}, ReadTimeout: time.Hour,
		TransportFunc: func(*http.Transport) (http.RoundTripper, error) { return o.remote, nil },
	}
	var err error
	if _, embedded := c.embedded(); !embedded {
		if options, err = ch.ParseDSN(c.Store); err != nil {
			return fmt.Errorf("reading the store's address: %w", err)
		}
	}
	if o.Store, err = clickhouse.Open(ctx, clickhouse.Config{Read: options}); err != nil {
		return errors.Join(held, err)
	}
	o.stop.add(o.Store.Close)
	return nil
}

// engineFile finds the library: --engine or YARDSTICK_ENGINE, else
// .engine/libchdb.so beside the folder of the binary, or in the working folder.
func engineFile(named string) (string, error) {
	if named != "" {
		if _, err := os.Stat(named); err != nil {
			return "", words.Fail(nil, "engine-missing", "file", named)
		}
		return named, nil
	}
	var tried []string
	if exe, err := os.Executable(); err == nil {
		tried = append(tried, filepath.Join(filepath.Dir(filepath.Dir(exe)), ".engine", "libchdb.so"))
	}
	tried = append(tried, filepath.Join(".engine", "libchdb.so"))
	for _, path := range tried {
		if _, err := os.Stat(path); err == nil {
			return path, nil
		}
	}
	return "", words.Fail(nil, "engine-missing", "file", strings.Join(tried, ", "))
}

// Package store opens what an address names, with all that stands under it: the
// data folder's lock, the engine, the ledger and the tables. Where another process
// holds the folder, it reads through that one.
package store

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

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

// Options say what to open, and for which command.
type Options struct {
	Address string // embedded:PATH, clickhouse://host:9000/db or http(s)://host/db
	Cluster string // name of a ClickHouse cluster
	Data    string // the data folder
	Command string // "serve" holds the folder for long: it waits for nobody, and others use it through its socket
	Library string // the engine's; "" looks for it beside the binary
	Now     func() time.Time
}

func (o Options) path(parts ...string) string {
	return filepath.Join(append([]string{o.Data}, parts...)...)
}

// Opened is a store with all that stands under it.
type Opened struct {
	*clickhouse.Store
	Engine *engine.Engine  // nil when ClickHouse is elsewhere
	Owner  *http.Transport // to the process that holds the folder; nil when we do
	Stop   Stopper

	Migrated  int                  // migrations this opening ran
	Recovered clickhouse.Recovered // what it found unfinished
}

// Stopper is what is to be ended, last opened first.
type Stopper []func() error

// Add puts one more on the list.
func (s *Stopper) Add(f func() error) { *s = append(*s, f) }

// Run ends all.
func (s *Stopper) Run() error {
	var err error
	for i := len(*s) - 1; i >= 0; i-- {
		err = errors.Join(err, (*s)[i]())
	}
	*s = nil
	return err
}

// Open opens the store. A short command that holds the folder is waited for; one
// that serves is used through its socket.
func Open(ctx context.Context, o Options) (_ *Opened, err error) {
	out := &Opened{}
	defer func() {
		if err != nil {
			err = errors.Join(err, out.Stop.Run())
		}
	}()
	lock, err := waitForFolder(ctx, o.Data, o.Command, patience)
	var held *HeldError
	if errors.As(err, &held) && o.Command != "serve" {
		return out, out.borrow(ctx, o, held)
	}
	if err != nil {
		return out, err
	}
	out.Stop.Add(func() error {
		if err := lock.Close(); err != nil {
			return fmt.Errorf("releasing the data folder: %w", err)
		}
		return nil
	})
	c := clickhouse.Config{Cluster: o.Cluster, Rows: o.path("rows"), Now: o.Now}
	if folder, embedded := Embedded(o.Address); !embedded {
		if c.Write, err = clickhouse.Address(o.Address); err != nil {
			return out, err
		}
		c.Read = c.Write
	} else if err := out.start(ctx, o, folder); err != nil {
		return out, err
	} else {
		c.Read, c.Write = out.Engine.ClickHouseOptions(database, false), out.Engine.ClickHouseOptions(database, true)
	}
	if c.Ledger, err = ledger.Open(o.path("ledger", "ledger")); err != nil {
		return out, err
	}
	out.Stop.Add(c.Ledger.Close)
	if out.Migrated, err = clickhouse.Migrate(ctx, c.Write, c.Cluster); err != nil {
		return out, err
	}
	if out.Store, err = clickhouse.Open(ctx, c); err != nil {
		return out, err
	}
	out.Stop.Add(out.Store.Close)
	out.Recovered, err = out.Recover(ctx)
	return out, err
}

// Embedded gives the folder of an address that names an embedded store.
func Embedded(address string) (string, bool) { return strings.CutPrefix(address, "embedded:") }

// start starts the engine on the folder.
func (o *Opened) start(ctx context.Context, with Options, folder string) error {
	file, err := engineFile(with.Library)
	if err != nil {
		return err
	}
	if o.Engine, err = engine.Open(ctx, engine.Options{Library: file, Path: folder, StampDir: with.path("state", "engine")}); err != nil {
		return fmt.Errorf("opening the embedded store: %w", err)
	}
	o.Stop.Add(o.Engine.Close)
	return nil
}

// borrow reads through the process that holds the folder, or from the server
// where the store is elsewhere; what writes is asked of that process.
func (o *Opened) borrow(ctx context.Context, with Options, held *HeldError) (err error) {
	o.Owner = socketTransport(with.Data)
	o.Stop.Add(func() error { o.Owner.CloseIdleConnections(); return nil })
	options := engine.TransportOptions(o.Owner, database)
	if _, embedded := Embedded(with.Address); !embedded {
		if options, err = clickhouse.Address(with.Address); err != nil {
			return err
		}
	}
	if o.Store, err = clickhouse.Open(ctx, clickhouse.Config{Read: options}); err != nil {
		return errors.Join(held, err)
	}
	o.Stop.Add(o.Store.Close)
	return nil
}

// engineFile finds the library: --engine or YARDSTICK_ENGINE, else
// .engine/libchdb.so beside the folder of the binary, or in the working folder.
func engineFile(named string) (string, error) {
	tried := []string{named}
	if named == "" {
		tried = []string{filepath.Join(".engine", "libchdb.so")}
		if exe, err := os.Executable(); err == nil {
			tried = append([]string{filepath.Join(filepath.Dir(filepath.Dir(exe)), tried[0])}, tried...)
		}
	}
	for _, path := range tried {
		if _, err := os.Stat(path); err == nil {
			return path, nil
		}
	}
	return "", words.Fail(nil, "engine-missing", "file", strings.Join(tried, ", "))
}

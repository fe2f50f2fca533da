// Package clickhouse keeps observations with every vintage, receipts and
// verdicts in ClickHouse: migrate, append, current, as-of. It speaks through
// clickhouse-go whatever stands behind the address: the engine in the process,
// a server or a cluster.
package clickhouse

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"yardstick/schema/ledger"
)

// ErrReadOnly is returned by acts that write when the store was opened for
// reading.
var ErrReadOnly = errors.New("the store is open for reading only")

// Config says how a store is reached and what it keeps beside ClickHouse.
type Config struct {
	Read    *clickhouse.Options
	Write   *clickhouse.Options // nil: reading only
	Cluster string              // the cluster's name; "" for one server or the embedded engine
	Ledger  *ledger.Ledger      // needed for writing
	Rows    string              // folder of the accepted rows, by checksum; needed for writing
	Now     func() time.Time    // time.Now when nil
}

// Store is the figures, receipts and verdicts. It is safe for concurrent use;
// one act writes at a time.
type Store struct {
	read    driver.Conn
	write   driver.Conn
	ledger  *ledger.Ledger
	keep    keeper
	cluster string
	now     func() time.Time
	known   known

	act   sync.Mutex // one commit, withdrawal or run at a time
	dirty bool       // an act failed after its commit point: finish it before the next
}

// Address reads a server's address: clickhouse://host:9000/db or http(s)://host/db.
func Address(text string) (*clickhouse.Options, error) {
	o, err := clickhouse.ParseDSN(text)
	if err != nil {
		return nil, fmt.Errorf("reading the store's address: %w", err)
	}
	return o, nil
}

// Open connects. It does not migrate: see Migrate and Recover.
func Open(ctx context.Context, c Config) (*Store, error) {
	read, err := clickhouse.Open(c.Read)
	if err != nil {
		return nil, fmt.Errorf("opening the store for reading: %w", err)
	}
	s := &Store{read: read, ledger: c.Ledger, keep: keeper{c.Rows}, cluster: c.Cluster, now: c.Now}
	if s.now == nil {
		s.now = time.Now
	}
	if c.Write != nil {
		if c.Ledger == nil || c.Rows == "" {
			return nil, errors.Join(errors.New("a store open for writing needs a ledger and a folder for rows"), read.Close())
		}
		if err := s.follow(); err != nil {
			return nil, errors.Join(err, read.Close())
		}
		if s.write, err = clickhouse.Open(c.Write); err != nil {
			return nil, errors.Join(fmt.Errorf("opening the store for writing: %w", err), read.Close())
		}
	}
	if err := s.Ping(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Ping asks the store to answer.
func (s *Store) Ping(ctx context.Context) error {
	var one uint8
	if err := s.read.QueryRow(ctx, "SELECT toUInt8(1)").Scan(&one); err != nil {
		return fmt.Errorf("asking the store to answer: %w", err)
	}
	return nil
}

// Head is the ledger's height and head hash; 0 and "" when opened for reading.
func (s *Store) Head() (uint64, string) {
	if s.ledger == nil {
		return 0, ""
	}
	return s.ledger.Head()
}

// Close ends the connections. The ledger is its opener's to close.
func (s *Store) Close() error {
	err := s.read.Close()
	if s.write != nil {
		err = errors.Join(err, s.write.Close())
	}
	if err != nil {
		return fmt.Errorf("closing the store: %w", err)
	}
	return nil
}

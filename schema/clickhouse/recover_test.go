package clickhouse_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	ch "github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"yardstick/schema/ledger"
)

func open(t *testing.T, h *house) driver.Conn {
	t.Helper()
	conn, err := ch.Open(h.eng.ClickHouseOptions(h.db, true))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// The tests below take the store back to where a crash would have left it, by
// removing what comes after that moment, and start anew.
func TestAStartFinishesWhatTheLedgerHolds(t *testing.T) {
	for name, undo := range map[string][]string{
		"without projection": {"ALTER TABLE observations_current DELETE WHERE version >= 2 SETTINGS mutations_sync = 2"},
		"without event": {
			"ALTER TABLE observations_current DELETE WHERE version >= 2 SETTINGS mutations_sync = 2",
			"ALTER TABLE receipt_events DELETE WHERE seq >= 2 SETTINGS mutations_sync = 2",
		},
		"without event and receipt": {
			"ALTER TABLE observations_current DELETE WHERE version >= 2 SETTINGS mutations_sync = 2",
			"ALTER TABLE receipt_events DELETE WHERE seq >= 2 SETTINGS mutations_sync = 2",
			"ALTER TABLE receipts DELETE WHERE seq >= 2 SETTINGS mutations_sync = 2",
		},
		"without rows": {
			"ALTER TABLE observations_current DELETE WHERE version >= 2 SETTINGS mutations_sync = 2",
			"ALTER TABLE receipt_events DELETE WHERE seq >= 2 SETTINGS mutations_sync = 2",
			"ALTER TABLE receipts DELETE WHERE seq >= 2 SETTINGS mutations_sync = 2",
			"ALTER TABLE observations DELETE WHERE seq >= 2 SETTINGS mutations_sync = 2",
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			h.load(t, "R1", gdp("2024", "9516.9", "2025-01-31", "P"))
			h.load(t, "R2", gdp("2024", "9540.2", "2025-10-31", "A"))
			conn := open(t, h)
			for _, sql := range undo {
				if err := conn.Exec(t.Context(), sql); err != nil {
					t.Fatal(err)
				}
			}
			done, err := h.Recover(t.Context())
			if err != nil || done.Finished != 1 {
				t.Fatalf("recovered %+v, %v", done, err)
			}
			if got := h.inForce(t, "2024"); got != "9540.2" {
				t.Fatalf("after recovery: %s", got)
			}
			if done, err = h.Recover(t.Context()); err != nil || done.Finished+done.Removed != 0 {
				t.Fatalf("a second recovery found %+v, %v", done, err)
			}
		})
	}
}

func TestAStartRemovesRowsThatWereNeverCommitted(t *testing.T) {
	h := newHouse(t)
	h.load(t, "R1", gdp("2024", "9516.9", "2025-01-31", "P"))
	conn := open(t, h)
	if err := conn.Exec(t.Context(), "INSERT INTO observations (indicator, region, frequency, basis, period, receipt, seq, published_at) VALUES ('gdp','210200','A','period','2024','R2',2,'2025-10-31')"); err != nil {
		t.Fatal(err)
	}
	done, err := h.Recover(t.Context())
	if err != nil || done.Removed != 1 || done.Finished != 0 {
		t.Fatalf("recovered %+v, %v", done, err)
	}
	var left uint64
	if err := conn.QueryRow(t.Context(), "SELECT count() FROM observations").Scan(&left); err != nil || left != 1 {
		t.Fatalf("%d rows left, %v", left, err)
	}
}

func TestALedgerThatLostEntriesIsNoticed(t *testing.T) {
	h := newHouse(t)
	h.load(t, "R1", gdp("2024", "9516.9", "2025-01-31", "P"))
	_ = h.Store.Close()
	_ = h.ledger.Close()
	if err := os.Truncate(filepath.Join(h.dir, "ledger"), 0); err != nil {
		t.Fatal(err)
	}
	h.open(t)
	if _, err := h.Recover(t.Context()); !errors.Is(err, ledger.ErrBroken) {
		t.Fatalf("got %v", err)
	}
}

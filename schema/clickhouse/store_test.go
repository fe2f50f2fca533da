package clickhouse_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"yardstick/schema"
	"yardstick/schema/clickhouse"
	"yardstick/schema/engine"
	"yardstick/schema/engine/enginetest"
	"yardstick/schema/ledger"
)

// house is a migrated store in a database of its own on the real engine.
type house struct {
	*clickhouse.Store
	eng    *engine.Engine
	db     string
	dir    string
	ledger *ledger.Ledger
}

func newHouse(t *testing.T) *house {
	t.Helper()
	eng := enginetest.Open(t)
	h := &house{eng: eng, db: enginetest.Database(t, eng), dir: t.TempDir()}
	if _, err := clickhouse.Migrate(t.Context(), eng.ClickHouseOptions(h.db, true), ""); err != nil {
		t.Fatal(err)
	}
	h.open(t)
	return h
}

func (h *house) open(t *testing.T) {
	t.Helper()
	var err error
	if h.ledger, err = ledger.Open(filepath.Join(h.dir, "ledger")); err != nil {
		t.Fatal(err)
	}
	h.Store, err = clickhouse.Open(t.Context(), clickhouse.Config{
		Read: h.eng.ClickHouseOptions(h.db, false), Write: h.eng.ClickHouseOptions(h.db, true),
		Ledger: h.ledger, Rows: filepath.Join(h.dir, "rows"),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.Store.Close(); _ = h.ledger.Close() })
}

func day(s string) schema.Date {
	d, err := schema.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func gdp(period, value, published, status string) schema.Observation {
	p, _, err := schema.ParsePeriod(period)
	if err != nil {
		panic(err)
	}
	o := schema.Observation{
		Key:     schema.Key{Indicator: "gdp", Region: "210200", Basis: schema.InPeriod, Period: p},
		Written: value, Unit: "亿元", UnitWritten: "亿元", Status: schema.ObsStatus(status), PublishedAt: day(published), Cell: "D2",
	}
	if value != "" {
		v := schema.MustDecimal(value)
		o.Value = &v
	}
	return o
}

func (h *house) load(t *testing.T, id string, rows ...schema.Observation) schema.Receipt {
	t.Helper()
	r, err := h.Commit(t.Context(), schema.Receipt{ID: id, Status: schema.Accepted, Feed: "published", File: id + ".csv",
		Snapshot: "sha-" + id, ReceivedAt: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Accepted: len(rows)}, rows)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// inForce reads the value of a period four ways and fails unless they agree.
func (h *house) inForce(t *testing.T, period string) string {
	t.Helper()
	value := func(rows []schema.Observation, err error) string {
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range rows {
			if o.Period.String() == period && o.Value != nil {
				return o.Value.String()
			}
		}
		return "none"
	}
	asOf := value(h.Observations(t.Context(), clickhouse.Query{Indicators: []string{"gdp"}}))
	current := value(h.Current(t.Context(), "gdp"))
	if asOf != current {
		t.Fatalf("%s: as-of reading says %s, the projection %s", period, asOf, current)
	}
	return asOf
}

func (h *house) optimize(t *testing.T) {
	t.Helper()
	conn := open(t, h)
	for _, table := range []string{"observations", "observations_current", "receipt_events"} {
		if err := conn.Exec(t.Context(), "OPTIMIZE TABLE "+table+" FINAL"); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAWithdrawnRevisionBringsTheOlderVintageBack(t *testing.T) {
	h := newHouse(t)
	h.load(t, "R1", gdp("2024", "9516.90", "2025-01-31", "P"), gdp("2023", "8752.9", "2025-01-31", "A"))
	h.load(t, "R2", gdp("2024", "9540.2", "2025-10-31", "A"))
	h.optimize(t)
	if got := h.inForce(t, "2024"); got != "9540.2" {
		t.Fatalf("after the revision: %s", got)
	}
	rows, err := h.Observations(t.Context(), clickhouse.Query{Indicators: []string{"gdp"}, AsOf: day("2025-03-01")})
	if err != nil || len(rows) != 2 || rows[1].Value.String() != "9516.90" {
		t.Fatalf("as of 2025-03-01: %v %v", rows, err)
	}
	if _, err := h.Withdraw(t.Context(), "R2", "test", "笔误"); err != nil {
		t.Fatal(err)
	}
	if got := h.inForce(t, "2024"); got != "9516.90" {
		t.Fatalf("after the withdrawal: %s", got)
	}
	h.optimize(t)
	if got := h.inForce(t, "2024"); got != "9516.90" {
		t.Fatalf("after the withdrawal and OPTIMIZE FINAL: %s", got)
	}
	if _, err := h.Withdraw(t.Context(), "R1", "test", "重报"); err != nil {
		t.Fatal(err)
	}
	h.optimize(t)
	if got := h.inForce(t, "2024"); got != "none" {
		t.Fatalf("after withdrawing both: %s", got)
	}
	h.load(t, "R3", gdp("2024", "9600", "2025-11-30", "A"))
	if got := h.inForce(t, "2024"); got != "9600" {
		t.Fatalf("loaded again after the tombstone: %s", got)
	}
	if r, found, err := h.Receipt(t.Context(), "R2"); err != nil || !found || r.Status != schema.Withdrawn || r.Reason != "笔误" {
		t.Fatalf("receipt R2: %+v %v %v", r, found, err)
	}
}

func TestAnOlderPublishedFigureNeverHidesANewerOne(t *testing.T) {
	h := newHouse(t)
	h.load(t, "R1", gdp("2024", "9540.2", "2025-10-31", "A"))
	h.load(t, "R2", gdp("2024", "9516.9", "2025-01-31", "P"))
	h.optimize(t)
	if got := h.inForce(t, "2024"); got != "9540.2" {
		t.Fatalf("got %s", got)
	}
	v, err := h.Held(t.Context(), []string{"gdp"}, []string{"210200"})
	if err != nil || len(v) != 2 || v[0].Value.String() != "9516.9" || v[1].Value.String() != "9540.2" {
		t.Fatalf("vintages: %v %v", v, err)
	}
}

func TestAMissingFigureIsAVintageWithoutAValue(t *testing.T) {
	h := newHouse(t)
	h.load(t, "R1", gdp("2024", "9516.9", "2025-01-31", "P"))
	h.load(t, "R2", gdp("2024", "", "2025-02-28", "O"))
	if got := h.inForce(t, "2024"); got != "none" {
		t.Fatalf("got %s, a figure said to be missing must not show the last one", got)
	}
}

func TestKnownAtSeesWhatCountedThen(t *testing.T) {
	h := newHouse(t)
	h.load(t, "R1", gdp("2024", "9516.9", "2025-01-31", "P"))
	time.Sleep(5 * time.Millisecond)
	before := time.Now()
	time.Sleep(5 * time.Millisecond)
	if _, err := h.Withdraw(t.Context(), "R1", "test", "笔误"); err != nil {
		t.Fatal(err)
	}
	then, err := h.Observations(t.Context(), clickhouse.Query{KnownAt: before})
	if err != nil || len(then) != 1 {
		t.Fatalf("known before the withdrawal: %v %v", then, err)
	}
	now, err := h.Observations(t.Context(), clickhouse.Query{})
	if err != nil || len(now) != 0 {
		t.Fatalf("known now: %v %v", now, err)
	}
}

func TestACancelledLoadLeavesNothing(t *testing.T) {
	h := newHouse(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := h.Commit(ctx, schema.Receipt{ID: "R1", Status: schema.Accepted, ReceivedAt: time.Now()},
		[]schema.Observation{gdp("2024", "1", "2025-01-31", "A")}); err == nil {
		t.Fatal("a cancelled load was accepted")
	}
	if got := h.inForce(t, "2024"); got != "none" {
		t.Fatalf("got %s", got)
	}
	if height, _ := h.Head(); height != 0 {
		t.Fatalf("the ledger has %d entries", height)
	}
	h.load(t, "R2", gdp("2024", "2", "2025-01-31", "A"))
	if got := h.inForce(t, "2024"); got != "2" {
		t.Fatalf("the next load: %s", got)
	}
}

// standing is cancelled as soon as rows stand that no entry names.
type standing struct {
	context.Context
	rows driver.Conn
}

func (c standing) Err() error {
	var n uint64
	if err := c.rows.QueryRow(c.Context, "SELECT count() FROM observations").Scan(&n); err != nil || n > 0 {
		return context.Canceled
	}
	return nil
}

func TestALoadCancelledOnceItsRowsStandLeavesNothing(t *testing.T) {
	h := newHouse(t)
	conn := open(t, h)
	_, err := h.Commit(standing{t.Context(), conn}, schema.Receipt{ID: "R1", Status: schema.Accepted, ReceivedAt: time.Now()},
		[]schema.Observation{gdp("2024", "1", "2025-01-31", "A")})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("a cancelled load: %v", err)
	}
	var left uint64
	if err := conn.QueryRow(t.Context(), "SELECT count() FROM observations").Scan(&left); err != nil || left != 0 {
		t.Errorf("%d rows are left, %v", left, err)
	}
	if height, _ := h.Head(); height != 0 {
		t.Errorf("the ledger has %d entries", height)
	}
}

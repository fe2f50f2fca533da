package clickhouse_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"yardstick/schema"
	"yardstick/schema/clickhouse"
	"yardstick/schema/ledger"
)

func TestRegistersAreKeptWholeAndNamedInTheLedgerWhenTheyChange(t *testing.T) {
	h := newHouse(t)
	rows := filepath.Join(h.dir, "rows")
	keep := func(text string, height uint64) string {
		t.Helper()
		digest, err := h.KeepRegisters(t.Context(), []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if sum := sha256.Sum256([]byte(text)); digest != hex.EncodeToString(sum[:]) {
			t.Fatalf("%s has the digest %s", text, digest)
		}
		if got, err := clickhouse.KeptRegisters(rows, digest); err != nil || !bytes.Equal(got, []byte(text)) {
			t.Fatalf("%s is kept as %s, %v", text, got, err)
		}
		if got, _ := h.Head(); got != height {
			t.Fatalf("after %s the ledger has %d entries, want %d", text, got, height)
		}
		return digest
	}
	start := time.Now().Add(-time.Second)
	if got := h.RegistersAt(math.MaxUint64, time.Time{}); got != "" {
		t.Fatalf("before any: %s", got)
	}
	one := keep(`{"a":1}`, 1)
	keep(`{"a":1}`, 1)
	h.load(t, "R1", gdp("2024", "9516.9", "2025-01-31", "P"))
	time.Sleep(2 * time.Millisecond)
	between := time.Now()
	time.Sleep(2 * time.Millisecond)
	two := keep(`{"a":2}`, 3)
	if again := keep(`{"a":1}`, 4); again != one {
		t.Fatal("the same bytes have two digests")
	}
	expect := func() {
		t.Helper()
		for height, want := range map[uint64]string{0: "", 1: one, 2: one, 3: two, 4: one, math.MaxUint64: one} {
			if got := h.RegistersAt(height, time.Time{}); got != want {
				t.Errorf("at height %d: %.8s, want %.8s", height, got, want)
			}
		}
		if before, then := h.RegistersAt(math.MaxUint64, start), h.RegistersAt(math.MaxUint64, between); before != "" || then != one {
			t.Errorf("before all %.8s, between %.8s", before, then)
		}
	}
	expect()
	// The next start knows it from the ledger, and a store that lacks it is made up.
	conn := open(t, h)
	if err := conn.Exec(t.Context(), "ALTER TABLE acts DELETE WHERE seq >= 4 SETTINGS mutations_sync = 2"); err != nil {
		t.Fatal(err)
	}
	h.open(t)
	if done, err := h.Recover(t.Context()); err != nil || done.Finished != 1 {
		t.Fatalf("recovered %+v, %v", done, err)
	}
	if done, err := h.Recover(t.Context()); err != nil || done.Finished != 0 {
		t.Fatalf("a second time: %+v, %v", done, err)
	}
	expect()
	keep(`{"a":1}`, 4)
	var named []string
	if err := h.ledger.Each(0, func(e ledger.Entry) error {
		if digest, ok := clickhouse.NamesRegisters(e); ok {
			named = append(named, digest)
		}
		return nil
	}); err != nil || len(named) != 3 || named[0] != one || named[1] != two || named[2] != one {
		t.Fatalf("the ledger names %q, %v", named, err)
	}
	// What is no longer what it was is not given out.
	path := filepath.Join(rows, two[:2], two)
	if err := os.Chmod(path, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(`{"a":3}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := clickhouse.KeptRegisters(rows, two); err == nil {
		t.Fatalf("altered registers were given out: %s", got)
	}
}

func TestARunNamesTheRegistersItJudgedBy(t *testing.T) {
	h := newHouse(t)
	if err := h.SaveRun(t.Context(), schema.VerdictRun{ID: "r", At: time.Now(), AsOf: day("2025-06-30"), Registers: "abc"}, nil, nil); err != nil {
		t.Fatal(err)
	}
	var got string
	if err := open(t, h).QueryRow(t.Context(), "SELECT registers FROM verdict_runs WHERE run = 'r'").Scan(&got); err != nil || got != "abc" {
		t.Fatalf("%q, %v", got, err)
	}
}

package clickhouse_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	ch "github.com/ClickHouse/clickhouse-go/v2"

	"yardstick/schema/clickhouse"
	"yardstick/schema/engine"
)

// An http:// address is tried against our own listener: the same store, read
// over real loopback by clickhouse-go's own HTTP client.
func TestAnHTTPAddressReadsTheSameFigures(t *testing.T) {
	h := newHouse(t)
	h.load(t, "R1", gdp("2024", "9516.90", "2025-01-31", "P"))
	h.load(t, "R2", gdp("2024", "9540.2", "2025-10-31", "A"))
	handler, err := h.eng.Handler(engine.HandlerOptions{})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	defer server.Close()
	options, err := ch.ParseDSN(server.URL + "/" + h.db)
	if err != nil {
		t.Fatal(err)
	}
	far, err := clickhouse.Open(t.Context(), clickhouse.Config{Read: options})
	if err != nil {
		t.Fatal(err)
	}
	defer far.Close()
	for _, asOf := range []string{"2025-03-01", "2026-01-01"} {
		q := clickhouse.Query{Indicators: []string{"gdp"}, AsOf: day(asOf)}
		near, err := h.Observations(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		got, err := far.Observations(t.Context(), q)
		if err != nil || len(got) != 1 || len(near) != 1 || !got[0].Same(near[0]) || got[0].Value.String() != near[0].Value.String() {
			t.Fatalf("as of %s: %v over HTTP, %v in the process, %v", asOf, got, near, err)
		}
	}
	if _, err := far.Withdraw(t.Context(), "R2", "x", "y"); err == nil || !strings.Contains(err.Error(), "reading only") {
		t.Fatalf("a store opened for reading wrote: %v", err)
	}
}

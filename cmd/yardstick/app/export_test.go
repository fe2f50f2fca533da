package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"yardstick/cmd/yardstick/config"
	"yardstick/dashboards/download"
	"yardstick/schema"
	"yardstick/schema/clickhouse"
	"yardstick/schema/engine/enginetest"
	"yardstick/schema/store"
)

// exportRows is how many rows the benchmark exports; EXPORT_ROWS changes it.
func exportRows() int {
	if n, err := strconv.Atoi(os.Getenv("EXPORT_ROWS")); err == nil {
		return n
	}
	return 1_000_000
}

// largeInstallation is one on the real engine whose store holds n figures of 400
// daily series.
func largeInstallation(tb testing.TB, n int) (*installation, string, http.RoundTripper) {
	tb.Helper()
	eng := enginetest.Open(tb)
	db := enginetest.Database(tb, eng)
	if _, err := clickhouse.Migrate(tb.Context(), eng.ClickHouseOptions(db, true), ""); err != nil {
		tb.Fatal(err)
	}
	enginetest.Exec(tb, eng, "INSERT INTO "+db+".receipt_events VALUES ('R1', 1, 'accepted', 'tester', now64(), '')")
	enginetest.Exec(tb, eng, fmt.Sprintf(`INSERT INTO %s.observations SELECT 'gdp', concat('21', leftPad(toString(number %% 400), 4, '0')), 'D', 'period',
		toString(addDays(toDate32('1950-01-01'), intDiv(number, 400))), addDays(toDate32('1950-01-01'), intDiv(number, 400)),
		toDecimal128(number, 10) / 100, concat(toString(intDiv(number, 100)), '.', leftPad(toString(number %% 100), 2, '0')), '1', '亿元', '亿元', 'A', '',
		toDate32('2025-06-30'), now64(), 'R1', 'D2', 1, false FROM numbers(%d)`, db, n))
	held, err := clickhouse.Open(tb.Context(), clickhouse.Config{Read: eng.ClickHouseOptions(db, false)})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = held.Close() })
	in, err := configure(config.Config{TimeZone: "Asia/Shanghai"}, time.Now)
	if err != nil {
		tb.Fatal(err)
	}
	in.store = &store.Opened{Store: held}
	return in, db, eng.Reader()
}

// counting counts bytes and the most memory that the heap held meanwhile.
type counting struct {
	bytes int64
	most  uint64
	next  int64
}

func (c *counting) Write(b []byte) (int, error) {
	if c.bytes += int64(len(b)); c.bytes >= c.next {
		c.next = c.bytes + 4<<20
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		c.most = max(c.most, m.HeapInuse)
	}
	return len(b), nil
}

func exportAll(ctx context.Context, in *installation, w io.Writer, format download.Format) (int, error) {
	return download.Write(w, download.ObservationOptions{Format: format, Lang: "zh", Register: in.register, Known: time.Now()},
		func(give func(schema.Observation) error) error {
			return download.Reader{Store: in.store.Store, Register: in.register}.Extract(ctx, download.Extract{}, give)
		})
}

// BenchmarkExport writes the store's figures as CSV, and beside it lets the
// engine itself write the same columns of the same figures in force.
func BenchmarkExport(b *testing.B) {
	n := exportRows()
	in, db, engine := largeInstallation(b, n)
	for b.Loop() {
		var ours, theirs time.Duration
		var most [2]uint64
		start := time.Now()
		w := &counting{}
		rows, err := exportAll(b.Context(), in, w, download.CSV)
		if err != nil || rows != n {
			b.Fatalf("%d rows, %v", rows, err)
		}
		ours, most[0] = time.Since(start), w.most
		sql := `SELECT indicator, region, period, basis, value_text, unit, status, published_at, receipt FROM observations
			WHERE receipt IN (SELECT receipt FROM counted)
			ORDER BY indicator, region, frequency, basis, period, published_at DESC, seq DESC LIMIT 1 BY indicator, region, frequency, basis, period FORMAT CSV`
		start = time.Now()
		lines, err := countLines(b.Context(), engine, db, sql)
		if err != nil || lines != n {
			b.Fatalf("the engine wrote %d lines, %v", lines, err)
		}
		theirs = time.Since(start)
		b.ReportMetric(float64(n)/ours.Seconds(), "rows/s")
		b.ReportMetric(theirs.Seconds()/ours.Seconds(), "of-engine")
		b.ReportMetric(float64(most[0])/(1<<20), "heap-MB")
	}
}

// countLines counts the lines of the engine's own answer.
func countLines(ctx context.Context, engine http.RoundTripper, db, sql string) (lines int, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://engine/?"+url.Values{"database": {db}}.Encode(), strings.NewReader(sql))
	if err != nil {
		return 0, err
	}
	resp, err := engine.RoundTrip(req)
	if err != nil {
		return 0, err
	}
	defer func() { _ = resp.Body.Close() }()
	buf := make([]byte, 1<<16)
	for err == nil {
		var k int
		k, err = resp.Body.Read(buf)
		lines += strings.Count(string(buf[:k]), "\n")
	}
	if errors.Is(err, io.EOF) && resp.StatusCode == http.StatusOK {
		err = nil
	}
	return lines, err
}

func TestTheMemoryOfAnExportDoesNotGrowWithItsRows(t *testing.T) {
	in, _, _ := largeInstallation(t, 400_000)
	for _, format := range download.Formats() {
		w := &counting{}
		if rows, err := exportAll(t.Context(), in, w, format); err != nil || rows != 400_000 {
			t.Fatalf("%s: %d rows, %v", format, rows, err)
		}
		if w.most > 256<<20 { // all of them at once would take more
			t.Errorf("%s: %d MB on the heap", format, w.most>>20)
		}
	}
}

func TestACancelledExportEndsAtOnceAndLeavesNoFile(t *testing.T) {
	in, _, _ := largeInstallation(t, 400_000)
	ctx, cancel := context.WithCancel(t.Context())
	n := 0
	err := download.Reader{Store: in.store.Store, Register: in.register}.Extract(ctx, download.Extract{}, func(schema.Observation) error {
		if n++; n == 10 {
			cancel()
		}
		return nil
	})
	if err == nil || n > 100_000 {
		t.Errorf("after %d figures: %v", n, err)
	}
	r := &run{globals: globals{File: t.TempDir() + "/out.csv"}}
	err = r.out(func(w io.Writer) error { _, err := exportAll(ctx, in, w, download.CSV); return err })
	if err == nil {
		t.Error("a cancelled export gave no error")
	}
	if left, err := os.ReadDir(filepath.Dir(r.File)); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

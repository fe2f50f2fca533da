package engine_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"yardstick/schema/engine/enginetest"
)

// slow never ends by itself.
const slow = "SELECT count() FROM numbers(100000000000000) WHERE sipHash64(number) = 1"

// send asks a transport directly, as clickhouse-go's HTTP does.
func send(t *testing.T, rt http.RoundTripper, body io.Reader, pairs ...string) (int, string, http.Header) {
	t.Helper()
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	req, err := http.NewRequest(http.MethodPost, "http://x/?"+q.Encode(), body)
	must(t, err)
	res, err := rt.RoundTrip(req)
	must(t, err)
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	must(t, err)
	return res.StatusCode, string(b), res.Header
}

func with(s clickhouse.Settings) context.Context {
	return clickhouse.Context(context.Background(), clickhouse.WithSettings(s))
}

func TestParametersReachTheEngineAsValues(t *testing.T) {
	_, r, _, _ := both(t)
	tricky := "it's \\ a `trick`\n'); DROP TABLE x; --\x00 标尺"
	var s string
	var list []int64
	must(t, r.QueryRow(context.Background(), "SELECT {s:String}, {l:Array(Int64)}", clickhouse.Named("s", "plain 标尺"), clickhouse.Named("l", []int64{1, -2})).Scan(&s, &list))
	if s != "plain 标尺" || len(list) != 2 || list[1] != -2 {
		t.Errorf("got %q %v", s, list)
	}
	must(t, r.QueryRow(context.Background(), "SELECT ?", tricky).Scan(&s))
	if s != tricky {
		t.Errorf("got %q, want %q", s, tricky)
	}
	wantCode(t, r.QueryRow(context.Background(), "SELECT {missing:String}").Scan(&s), 456)
}

func TestSettingsHoldForTheirStatementAlone(t *testing.T) {
	for _, which := range []string{"writer", "reader"} {
		t.Run(which, func(t *testing.T) {
			w, r, _, _ := both(t)
			c := w
			if which == "reader" {
				c = r
			}
			var n uint64
			wantCode(t, c.QueryRow(with(clickhouse.Settings{"max_result_rows": 5}), "SELECT number FROM numbers(10)").Scan(&n), 396)
			for range 3 { // on every reading connection
				if got := number(t, c, "SELECT count() FROM (SELECT * FROM numbers(10))"); got != 10 {
					t.Errorf("got %d", got)
				}
				if got := number(t, c, "SELECT toUInt64(getSetting('max_result_rows') + getSetting('async_insert'))"); got != 0 {
					t.Errorf("a setting was left behind: %d", got)
				}
			}
			wantCode(t, c.QueryRow(with(clickhouse.Settings{"max_execution_time": 1}), slow).Scan(&n), 159) // it would run for hours
			wantCode(t, c.QueryRow(with(clickhouse.Settings{"no_such_setting": 1}), "SELECT 1").Scan(&n), 115)
			wantCode(t, c.QueryRow(with(clickhouse.Settings{"max_threads": "many"}), "SELECT 1").Scan(&n), 27)
			wantCode(t, c.QueryRow(with(clickhouse.Settings{"session_id": "x"}), "SELECT 1").Scan(&n), 48)
			wantCode(t, c.QueryRow(with(clickhouse.Settings{"max_threads; DROP TABLE t": "1"}), "SELECT 1").Scan(&n), 115)
		})
	}
}

func TestReadonlyAskedForAWriterEndsWithItsStatement(t *testing.T) {
	w, _, _, _ := both(t)
	wantCode(t, w.Exec(with(clickhouse.Settings{"readonly": 1}), "CREATE TABLE t (n Int8) ENGINE = Memory"), 164)
	must(t, w.Exec(context.Background(), "CREATE TABLE t (n Int8) ENGINE = Memory"))
	if n := number(t, w, "SELECT toUInt64(getSetting('insert_null_as_default'))"); n != 0 {
		t.Error("the new connection lacks its settings")
	}
}

func TestErrorsKeepTheirCode(t *testing.T) {
	w, r, _, eng := both(t)
	ctx := context.Background()
	wantCode(t, r.QueryRow(ctx, "SELECT * FROM missing").Scan(new(int)), 60)
	wantCode(t, r.QueryRow(ctx, "SELEC 1").Scan(new(int)), 62)
	wantCode(t, w.Exec(ctx, "CREATE TABLE t (x Decimal(3, 9)) ENGINE = Memory"), 69)
	wantCode(t, w.Exec(ctx, "SELECT 1; SELECT 2"), 62)
	wantCode(t, w.Exec(ctx, "DROP TABLE IF EXISTS t SYNC"), 48)
	wantCode(t, open(t, eng.ClickHouseOptions("missing", false)).Exec(ctx, "SELECT 1"), 81)
	status, body, h := send(t, eng.Reader(), strings.NewReader("SELECT * FROM missing"))
	if status != 404 || h.Get("X-ClickHouse-Exception-Code") != "60" || !strings.HasPrefix(body, "Code: 60. DB::Exception: ") {
		t.Errorf("%d %v %q", status, h, body)
	}
	var ex *clickhouse.Exception
	if err := r.Exec(ctx, "SELECT * FROM missing"); !errors.As(err, &ex) || ex.Code != 60 {
		t.Errorf("clickhouse-go made %T %v of it", err, err)
	}
	// Well into a long answer: the status has gone out by then.
	rows, err := r.Query(ctx, "SELECT throwIf(number = 3000000), number FROM numbers(4000000) SETTINGS max_threads = 1")
	must(t, err)
	for rows.Next() {
	}
	wantCode(t, rows.Err(), 395)
	if n := number(t, r, "SELECT toUInt64(1)"); n != 1 {
		t.Error("the connection is not usable afterwards")
	}
}

func TestReadersCannotWriteOrReachFiles(t *testing.T) {
	w, r, _, eng := both(t)
	ctx := context.Background()
	must(t, w.Exec(ctx, "CREATE TABLE t (n UInt64) ENGINE = MergeTree ORDER BY n"))
	for _, sql := range []string{"INSERT INTO t VALUES (1)", "DROP TABLE t", "CREATE TABLE u (n Int8) ENGINE = Memory", "SELECT * FROM file('/etc/hostname', 'LineAsString')", "SELECT * FROM default.`/etc/hostname`"} {
		if err := r.Exec(ctx, sql); err == nil {
			t.Errorf("%s: a reader may do it", sql)
		}
	}
	if status, _, _ := send(t, eng.Reader(), strings.NewReader("x"), "query", "INSERT INTO t FORMAT Native"); status == 200 {
		t.Error("a reader may insert blocks")
	}
	if n := number(t, r, "SELECT count() FROM t"); n != 0 {
		t.Errorf("%d rows", n)
	}
}

func TestAMissingValueNeverBecomesZero(t *testing.T) {
	w, r, _, _ := both(t)
	ctx := context.Background()
	must(t, w.Exec(ctx, "CREATE TABLE t (k UInt64, v Decimal(38, 10)) ENGINE = MergeTree ORDER BY k"))
	if err := w.Exec(ctx, "INSERT INTO t VALUES (1, NULL)"); err == nil {
		t.Error("NULL was taken for a column that cannot hold it")
	}
	if err := w.Exec(ctx, "INSERT INTO t SELECT 1, NULL"); err == nil {
		t.Error("NULL was selected into a column that cannot hold it")
	}
	if n := number(t, r, "SELECT count() FROM t"); n != 0 {
		t.Errorf("%d rows were stored", n)
	}
}

func TestABrokenOffInsertLeavesNothing(t *testing.T) {
	w, r, db, eng := both(t)
	ctx := context.Background()
	must(t, w.Exec(ctx, "CREATE TABLE t (n UInt64) ENGINE = MergeTree ORDER BY n"))
	block := "\x01\x02\x01n\x06UInt64" + strings.Repeat("\x07\x00\x00\x00\x00\x00\x00\x00", 2)
	broken := io.MultiReader(strings.NewReader(block), failing{})
	if status, body, _ := send(t, eng.Writer(), broken, "query", "INSERT INTO t FORMAT Native", "database", db); status == 200 {
		t.Errorf("was answered with %d %q", status, body)
	}
	if status, body, _ := send(t, eng.Writer(), strings.NewReader(block+block[:len(block)-3]), "query", "INSERT INTO t FORMAT Native", "database", db); status == 200 {
		t.Errorf("a cut block was answered with %d %q", status, body)
	}
	if status, body, _ := send(t, eng.Writer(), strings.NewReader("\x01\x01\x01m\x05UInt8\x07"), "query", "INSERT INTO t FORMAT Native", "database", db); status == 200 {
		t.Errorf("a block of other columns was answered with %d %q", status, body)
	}
	if status, body, _ := send(t, eng.Writer(), strings.NewReader("{\"n\":1}"), "query", "INSERT INTO t FORMAT JSONEachRow", "database", db); status != 501 {
		t.Errorf("another format was answered with %d %q", status, body)
	}
	if n := number(t, r, "SELECT count() FROM t"); n != 0 {
		t.Errorf("%d rows were stored", n)
	}
	status, body, h := send(t, eng.Writer(), strings.NewReader(block+block), "query", "INSERT INTO t FORMAT Native", "database", db)
	if status != 200 || h.Get("X-ClickHouse-Summary") != `{"written_rows":"4"}` || number(t, r, "SELECT count() FROM t WHERE n = 7") != 4 {
		t.Errorf("whole blocks: %d %q %v", status, body, h)
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("the line went dead") }

func TestAnEndedContextStopsTheStatementAndFreesTheConnection(t *testing.T) {
	w, r, _, _ := both(t)
	for name, c := range map[string]driver.Conn{"writer": w, "reader": r} {
		for _, sql := range []string{slow, "SELECT number FROM numbers(100000000000) WHERE sleepEachRow(0.001) = 0 SETTINGS max_block_size = 100"} {
			ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
			rows, err := c.Query(ctx, sql) // would run for hours
			if err == nil {
				for rows.Next() {
				}
				err = rows.Err()
				_ = rows.Close()
			}
			cancel()
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%s: %s: ended with %v", name, sql, err)
			}
			for range 2 {
				if n := number(t, c, "SELECT toUInt64(2)"); n != 2 {
					t.Errorf("%s: not usable afterwards", name)
				}
			}
		}
	}
	if n := number(t, r, "SELECT count() FROM system.processes"); n != 1 {
		t.Errorf("%d statements still run", n-1)
	}
}

func TestAForgottenAnswerFreesItsConnectionWithItsContext(t *testing.T) {
	_, r, _, eng := both(t)
	ctx, cancel := context.WithCancel(context.Background())
	for range 2 { // as many as there are reading connections
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://x/", strings.NewReader("SELECT * FROM numbers(100000000)"))
		must(t, err)
		res, err := eng.Reader().RoundTrip(req)
		must(t, err)
		_, err = io.CopyN(io.Discard, res.Body, 10)
		must(t, err)
	}
	cancel()
	soon, stop := context.WithTimeout(context.Background(), 10*time.Minute)
	defer stop()
	var n uint8
	must(t, r.QueryRow(soon, "SELECT 3").Scan(&n))
}

func TestALongAnswerIsReadInBoundedMemory(t *testing.T) {
	_, _, _, eng := both(t)
	before := enginetest.Resident(t)
	req, err := http.NewRequest(http.MethodPost, "http://x/?default_format=Native", strings.NewReader("SELECT number, toString(number) FROM numbers(30000000)"))
	must(t, err)
	res, err := eng.Reader().RoundTrip(req)
	must(t, err)
	defer func() { _ = res.Body.Close() }()
	n, err := io.Copy(io.Discard, res.Body)
	must(t, err)
	grown := enginetest.Resident(t) - before
	t.Logf("%d MiB read, memory grew by %d MiB", n>>20, grown>>20)
	if n < 400<<20 || grown > n/2 {
		t.Errorf("%d bytes read, memory grew by %d", n, grown)
	}
}

func TestReadersWorkWhileTheWriterInserts(t *testing.T) {
	w, r, _, _ := both(t)
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	must(t, w.Exec(ctx, "CREATE TABLE t (batch UInt64, n UInt64) ENGINE = MergeTree ORDER BY n"))
	const batches, size = 8, 20_000
	done := make(chan error, 1)
	go func() {
		for b := range batches {
			batch, err := w.PrepareBatch(ctx, "INSERT INTO t")
			for i := 0; err == nil && i < size; i++ {
				err = batch.Append(uint64(b), uint64(i))
			}
			if err == nil {
				err = batch.Send()
			}
			if err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	var wg sync.WaitGroup
	var reads [4]int
	for g := range reads {
		wg.Go(func() {
			for last := uint64(0); last < batches*size; reads[g]++ {
				var n uint64
				if err := r.QueryRow(ctx, "SELECT count() FROM t").Scan(&n); err != nil {
					t.Errorf("reader %d: %v", g, err)
					return
				}
				if n < last || n%size != 0 {
					t.Errorf("reader %d saw %d rows after %d", g, n, last)
				}
				last = n
			}
		})
	}
	must(t, <-done)
	wg.Wait()
	t.Log(fmt.Sprint("reads: ", reads))
}

func TestParametersOfTheHTTPInterfaceAreUnderstoodOrRefused(t *testing.T) {
	_, _, _, eng := both(t)
	if status, body, h := send(t, eng.Reader(), strings.NewReader("SELECT 1"), "wait_end_of_query", "1", "default_format", "JSONEachRow", "query_id", "q7"); status != 200 || body != "{\"1\":1}\n" || h.Get("X-ClickHouse-Query-Id") != "q7" || !strings.HasPrefix(h.Get("Content-Type"), "application/x-ndjson") {
		t.Errorf("%d %q %v", status, body, h)
	}
	for _, pairs := range [][]string{{"compress", "maybe"}, {"wait_end_of_query", "2"}, {"client_protocol_version", "x"}, {"compress", "1", "network_compression_method", "rot13"}, {"stacktrace", "1"}} {
		if status, body, _ := send(t, eng.Reader(), strings.NewReader("SELECT 1"), pairs...); status == 200 {
			t.Errorf("%v: %d %q", pairs, status, body)
		}
	}
}

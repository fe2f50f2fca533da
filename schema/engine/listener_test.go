package engine_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/shopspring/decimal"

	"yardstick/schema/engine"
)

// listen serves the listener on loopback with a filled table `t`.
func listen(t *testing.T, o engine.HandlerOptions) (server *httptest.Server, db string) {
	t.Helper()
	w, _, db, eng := both(t)
	ctx := context.Background()
	must(t, w.Exec(ctx, "CREATE TABLE t (n UInt64, s LowCardinality(String), v Nullable(Decimal(38, 10))) ENGINE = MergeTree ORDER BY n"))
	must(t, w.Exec(ctx, "INSERT INTO t SELECT number, toString(number % 3), if(number % 2 = 0, NULL, number / 4) FROM numbers(1000)"))
	o.Connections = 1
	h, err := eng.Handler(o)
	must(t, err)
	server = httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server, db
}

// ask sends one statement as curl would.
func ask(t *testing.T, base, sql string, extra ...string) (int, string, http.Header) {
	t.Helper()
	q := url.Values{"query": {sql}}
	for i := 0; i+1 < len(extra); i += 2 {
		q.Set(extra[i], extra[i+1])
	}
	res, err := http.Get(base + "/?" + q.Encode())
	must(t, err)
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	must(t, err)
	return res.StatusCode, string(b), res.Header
}

func TestTheListenerAnswersReaders(t *testing.T) {
	server, db := listen(t, engine.HandlerOptions{})
	for _, c := range []struct{ sql, want string }{
		{"SELECT 1", "1\n"},
		{"select timezone() != ''", "1\n"},
		{"SELECT version() LIKE '2%'", "1\n"},
		{"SELECT count() FROM t", "1000\n"},
		{"  /* c */ WITH x AS (SELECT n FROM t WHERE n < 3) -- y\n SELECT sum(n) FROM x;", "3\n"},
		{"FROM t SELECT max(n)", "999\n"},
		{"(SELECT 1) UNION ALL (SELECT 1)", "1\n1\n"},
		{"SELECT sum(number) FROM numbers(4)", "6\n"},
		{"SHOW TABLES", "t\n"},
		{"EXISTS t", "1\n"},
		{"SELECT name FROM system.tables WHERE database = currentDatabase()", "t\n"},
		{"SELECT {x:UInt8} + 1", "8\n"},
		{"SELECT ';' AS semi, 'INTO' || ' OUTFILE'", ";\tINTO OUTFILE\n"},
		{"SELECT n FROM t WHERE n = 5 FORMAT CSV", "5\n"},
	} {
		extra := []string{"database", db}
		if strings.Contains(c.sql, "{x:") {
			extra = append(extra, "param_x", "7")
		}
		if status, body, _ := ask(t, server.URL, c.sql, extra...); status != 200 || body != c.want {
			t.Errorf("%s: %d %q, want %q", c.sql, status, body, c.want)
		}
	}
	for _, sql := range []string{"DESCRIBE TABLE t", "DESC t", "EXPLAIN SELECT * FROM t", "EXPLAIN AST SELECT 1", "SHOW CREATE TABLE t", "SHOW DATABASES", "SELECT * FROM information_schema.tables LIMIT 1"} {
		if status, body, _ := ask(t, server.URL, sql, "database", db); status != 200 || body == "" {
			t.Errorf("%s: %d %q", sql, status, body)
		}
	}
}

func TestTheListenerRefusesWhatIsNotReading(t *testing.T) {
	server, db := listen(t, engine.HandlerOptions{MaxResultRows: 2000})
	secret := filepath.Join(t.TempDir(), "secret.csv")
	must(t, os.WriteFile(secret, []byte("top,secret\n"), 0o600))
	out := filepath.Join(t.TempDir(), "out.csv")
	for _, sql := range []string{
		"INSERT INTO t VALUES (1, 'a', NULL)", "insert into t select * from t", "/* SELECT */ INSERT INTO t VALUES (1, 'a', NULL)",
		"CREATE TABLE z (n Int32) ENGINE = Memory", "CREATE TEMPORARY TABLE z (n Int32)", "DROP TABLE t", "-- SELECT\nDROP TABLE t",
		"ALTER TABLE t DELETE WHERE 1", "TRUNCATE TABLE t", "OPTIMIZE TABLE t FINAL", "RENAME TABLE t TO z", "ATTACH TABLE z",
		"SET readonly = 0", "SET ROLE yardstick_owner", "SET max_result_rows = 0", "USE system", "KILL QUERY WHERE 1", "SYSTEM SHUTDOWN",
		"GRANT ALL ON *.* TO default", "EXECUTE AS default SELECT 1", "BACKUP TABLE t TO File('" + out + "')", "CREATE FUNCTION f AS x -> x",
		"SELECT * FROM file('" + secret + "')", "SELECT * FROM FILE('" + secret + "', 'LineAsString')", "SELECT * FROM `file`('" + secret + "')",
		"SELECT file('" + secret + "')", "SELECT/**/file/**/('" + secret + "')", "SELECT `file`('" + secret + "')", "SELECT 1 IN file('" + secret + "')",
		"WITH (SELECT file('" + secret + "')) AS x SELECT x", "SELECT * FROM (SELECT * FROM file('" + secret + "'))", "DESCRIBE TABLE file('" + secret + "')",
		"EXPLAIN SELECT * FROM file('" + secret + "')", "SELECT * FROM view(SELECT * FROM file('" + secret + "'))",
		"SELECT * FROM `" + secret + "`", "SELECT * FROM default.`" + secret + "`", "SELECT 1 IN `" + secret + "`",
		"SELECT * FROM url('http://127.0.0.1:1/x', 'CSV', 'a String')", "SELECT * FROM uRl('file://" + secret + "', 'CSV', 'a String')", "SELECT * FROM s3('http://127.0.0.1:1/x', 'CSV')",
		"SELECT * FROM remote('127.0.0.1', 'system', 'one')", "SELECT * FROM mysql('127.0.0.1:1', 'a', 'b', 'c', 'd')", "SELECT * FROM executable('id', 'TSV', 'a String')",
		"SELECT * FROM sqlite('" + secret + "', 'x')", "SELECT * FROM input('a String')", "SELECT * FROM dictionary('x')", "SELECT * FROM merge('system', 'stack_trace')", "SELECT * FROM loop('system', 'stack_trace')",
		"SELECT * FROM cluster('default', system.one)", "SELECT * FROM fuzzJSON('x')",
		"SELECT * FROM system.stack_trace", "SELECT * FROM `system`.`stack_trace`", "SELECT * FROM system . stack_trace", "SELECT 1 IN system.stack_trace", "SELECT * FROM system.processes", "SHOW PROCESSLIST",
		"SELECT * FROM system.named_collections", "SELECT * FROM {a:Identifier}.{b:Identifier}", "SELECT * FROM {a : identifier}",
		"SELECT 1 INTO OUTFILE '" + out + "'", "SELECT 1 into/**/outfile '" + out + "' FORMAT CSV", "SELECT 1 INTO\nOUTFILE '" + out + "' APPEND", "SHOW TABLES INTO OUTFILE '" + out + "'",
		"SELECT 1 SETTINGS readonly = 0", "SELECT 1 SETTINGS max_result_rows = 0", "SELECT 1 settings/**/readonly=2", "SELECT * FROM (SELECT 1 SETTINGS max_memory_usage = 0)", "SELECT 1 FORMAT CSV SETTINGS max_execution_time = 0",
		"WITH x AS (SELECT 1 SETTINGS `max_memory_usage` = 0) SELECT * FROM x", "SELECT 1 IN (SELECT 1 SETTINGS/**/readonly/**/=/**/0)", "SELECT 1 UNION ALL (SELECT 2 SETTINGS max_threads = 1)",
		"SELECT 1; DROP TABLE t", "SELECT 1;;SELECT 2", "SELECT 1 PARALLEL WITH DROP TABLE t", "EXPLAIN AST SELECT 1; DROP TABLE t", "EXPLAIN INSERT INTO t SELECT * FROM t",
		"SELECT 1 AS `a\nSelectWithUnionQuery`", "SELECT sleep(1)", "SELECT * FROM numbers(3000)", "SELECT getServerPort('tcp_port')", "SHOW GRANTS", "SHOW CREATE USER default", "CHECK TABLE t", "1 + 1", "", ";", "SELECT 'open",
	} {
		status, body, h := ask(t, server.URL, sql, "database", db, "param_a", "system", "param_b", "stack_trace")
		if status == 200 || !strings.HasPrefix(body, "Code: ") || h.Get("X-ClickHouse-Exception-Code") == "" || strings.Contains(body, "top") {
			t.Errorf("%s: was answered with %d %q", sql, status, body)
		}
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("INTO OUTFILE wrote a file")
	}
	if _, body, _ := ask(t, server.URL, "SELECT count() FROM t", "database", db); body != "1000\n" {
		t.Errorf("afterwards the table holds %q rows", body)
	}
}

func TestTheListenerKeepsItsLimitsAgainstTheURLAndHeaders(t *testing.T) {
	server, db := listen(t, engine.HandlerOptions{MaxTime: time.Second})
	for _, c := range []struct {
		name, value string
		code        string
	}{
		{"readonly", "0", "164"}, {"max_memory_usage", "0", "164"}, {"max_result_rows", "0", "164"}, {"max_result_bytes", "0", "164"}, {"log_comment", "x", "164"},
		{"allow_introspection_functions", "1", "164"}, {"no_such_setting", "1", "115"}, {"Max_Execution_Time", "99", "115"}, {"a b", "1", "115"},
		{"max_execution_time", "x", "36"}, {"role", "yardstick_owner", "48"}, {"session_id", "s", "48"}, {"database", "system", "497"}, {"profile", "default", "48"},
	} {
		status, body, h := ask(t, server.URL, "SELECT 1", c.name, c.value)
		if status == 200 || h.Get("X-ClickHouse-Exception-Code") != c.code {
			t.Errorf("%s=%s: %d %q", c.name, c.value, status, body)
		}
	}
	// It would run for hours: that it is stopped is the proof, of the listener's
	// limit against higher ones, and of a lower one under a limit of hours.
	patient, _ := listen(t, engine.HandlerOptions{MaxTime: 10 * time.Hour})
	for asked, url := range map[string]string{"0": server.URL, "3600": server.URL, "0.3": patient.URL} {
		status, body, h := ask(t, url, "SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 1", "max_execution_time", asked)
		if status != 408 || h.Get("X-ClickHouse-Exception-Code") != "159" {
			t.Errorf("max_execution_time=%s: %d %q", asked, status, body)
		}
	}
	req, err := http.NewRequest(http.MethodPost, server.URL+"/?query=INSERT+INTO+t+FORMAT+Native", strings.NewReader("SELECT 1"))
	must(t, err)
	req.Header.Set("X-ClickHouse-Database", db)
	res, err := http.DefaultClient.Do(req)
	must(t, err)
	_ = res.Body.Close()
	if res.StatusCode != 403 {
		t.Errorf("an insert by POST was answered with %d", res.StatusCode)
	}
	req, err = http.NewRequest(http.MethodGet, server.URL+"/?query=SELECT+1", nil)
	must(t, err)
	req.Host = "evil.example"
	res, err = http.DefaultClient.Do(req)
	must(t, err)
	_ = res.Body.Close()
	if res.StatusCode != 403 {
		t.Errorf("a foreign Host was answered with %d", res.StatusCode)
	}
}

func TestClickHouseGoOverLoopbackHTTP(t *testing.T) {
	server, db := listen(t, engine.HandlerOptions{User: "grafana", Password: "geheim"})
	options := func(password string) *clickhouse.Options {
		return &clickhouse.Options{Protocol: clickhouse.HTTP, Addr: []string{strings.TrimPrefix(server.URL, "http://")},
			Auth: clickhouse.Auth{Database: db, Username: "grafana", Password: password}}
	}
	for _, method := range []clickhouse.CompressionMethod{clickhouse.CompressionNone, clickhouse.CompressionLZ4, clickhouse.CompressionGZIP} {
		o := options("geheim")
		o.Compression = &clickhouse.Compression{Method: method}
		o.Settings = clickhouse.Settings{"max_execution_time": 10, "enable_http_compression": 1}
		rows, err := open(t, o).Query(context.Background(), "SELECT n, s, v FROM t ORDER BY n")
		must(t, err)
		i := 0
		for ; rows.Next(); i++ {
			var n uint64
			var s string
			var v *decimal.Decimal
			must(t, rows.Scan(&n, &s, &v))
			if n != uint64(i) || s != fmt.Sprint(i%3) || (v == nil) != (i%2 == 0) || v != nil && !v.Equal(decimal.New(int64(i)*25, -2)) {
				t.Fatalf("%v: row %d is %d %q %v", method, i, n, s, v)
			}
		}
		must(t, rows.Err())
		must(t, rows.Close())
		if i != 1000 {
			t.Errorf("%v: %d rows", method, i)
		}
	}
	wantCode(t, open(t, options("geheim")).Exec(context.Background(), "DROP TABLE t"), 497)
	wantCode(t, open(t, options("wrong")).Ping(context.Background()), 516)
	if status, _, h := ask(t, server.URL, "SELECT 1"); status != 401 || h.Get("WWW-Authenticate") == "" {
		t.Errorf("without a password: %d", status)
	}
	if status, body, _ := ask(t, server.URL, "SELECT 1", "user", "grafana", "password", "geheim"); status != 200 || body != "1\n" {
		t.Errorf("with a password in the URL: %d %q", status, body)
	}
	res, err := http.Get(server.URL + "/ping")
	must(t, err)
	b, _ := io.ReadAll(res.Body)
	_ = res.Body.Close()
	if string(b) != "Ok.\n" {
		t.Errorf("/ping says %q", b)
	}
}

func TestNativeAnswersWithoutARevisionAreRevisionZero(t *testing.T) {
	server, _ := listen(t, engine.HandlerOptions{})
	// One column, one row, "x", "UInt8", 7: the layout before block headers came.
	if _, body, _ := ask(t, server.URL, "SELECT 7 AS x", "default_format", "Native"); body != "\x01\x01\x01x\x05UInt8\x07" {
		t.Errorf("revision 0: %q", body)
	}
	if _, body, _ := ask(t, server.URL, "SELECT 7 AS x", "default_format", "Native", "client_protocol_version", "54460"); !strings.HasPrefix(body, "\x01\x00\x02\xff\xff\xff\xff\x00\x01\x01\x01x") {
		t.Errorf("revision 54460: %q", body)
	}
}

func TestOwnCommandsReadThroughTheUnixSocket(t *testing.T) {
	w, _, db, eng := both(t)
	ctx := context.Background()
	must(t, w.Exec(ctx, "CREATE TABLE t (n UInt64) ENGINE = MergeTree ORDER BY n"))
	must(t, w.Exec(ctx, "INSERT INTO t SELECT number FROM numbers(100000)"))
	dir, err := os.MkdirTemp("", "ys")
	must(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	socket := filepath.Join(dir, "s")
	l, err := net.Listen("unix", socket)
	must(t, err)
	h, err := eng.SocketHandler()
	must(t, err)
	srv := &http.Server{Handler: h}
	go func() { _ = srv.Serve(l) }()
	t.Cleanup(func() { _ = srv.Close() })
	c := open(t, engine.SocketOptions(socket, db))
	if n := number(t, c, "SELECT sum(n) FROM t WHERE n < {top:UInt64}", clickhouse.Named("top", "10")); n != 45 {
		t.Errorf("sum is %d", n)
	}
	wantCode(t, c.Exec(ctx, "INSERT INTO t VALUES (1)"), 497)
	wantCode(t, c.QueryRow(ctx, "SELECT * FROM missing").Scan(new(uint64)), 60)
}

func TestListeningBeyondLoopbackNeedsAPassword(t *testing.T) {
	for addr, ok := range map[string]bool{"127.0.0.1:8123": true, "[::1]:8123": true, "localhost:8123": true, "127.9.9.9:1": true,
		":8123": false, "0.0.0.0:8123": false, "[::]:8123": false, "10.0.0.1:8123": false, "example.org:8123": false, "localhost.example.org:1": false} {
		if err := engine.CheckListen(addr, false); (err == nil) != ok {
			t.Errorf("%s without a password: %v", addr, err)
		}
		if err := engine.CheckListen(addr, true); err != nil {
			t.Errorf("%s with a password: %v", addr, err)
		}
	}
	if engine.CheckListen("127.0.0.1", true) == nil {
		t.Error("an address without a port was taken")
	}
}

// An answer without rows, and one with more than a block, is one whole document
// in the formats that have a beginning and an end of their own.
func TestFormatsWithABeginningAndAnEndAreWhole(t *testing.T) {
	server, db := listen(t, engine.HandlerOptions{})
	for _, format := range []string{"JSON", "JSONCompact", "JSONCompactEachRowWithNamesAndTypes", "CSVWithNames", "TabSeparatedWithNames", "Native", "JSONEachRow"} {
		for _, rows := range []string{"n < 0", "1"} {
			status, body, _ := ask(t, server.URL, "SELECT n FROM t WHERE "+rows+" FORMAT "+format, "database", db)
			if status != http.StatusOK {
				t.Errorf("%s, %s: %d %s", format, rows, status, body)
			}
			if strings.HasPrefix(format, "JSON") && !strings.Contains(format, "EachRow") && !json.Valid([]byte(body)) {
				t.Errorf("%s, %s: no valid JSON: %.200s", format, rows, body)
			}
		}
	}
	big, _, _ := ask(t, server.URL, "SELECT number FROM numbers(300000) FORMAT CSVWithNames")
	if big != http.StatusOK {
		t.Errorf("many blocks: %d", big)
	}
}

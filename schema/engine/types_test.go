package engine_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/shopspring/decimal"

	"yardstick/schema/engine"
	"yardstick/schema/engine/enginetest"
)

// open connects clickhouse-go to the engine.
func open(t *testing.T, o *clickhouse.Options) driver.Conn {
	t.Helper()
	conn, err := clickhouse.Open(o)
	if err != nil {
		t.Fatalf("opening a connection: %v", err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// both gives a database with a writing and a reading connection.
func both(t *testing.T) (w, r driver.Conn, db string, eng *engine.Engine) {
	t.Helper()
	eng = enginetest.Open(t)
	db = enginetest.Database(t, eng)
	return open(t, eng.ClickHouseOptions(db, true)), open(t, eng.ClickHouseOptions(db, false)), db, eng
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// number asks for one number.
func number(t *testing.T, c driver.Conn, sql string, args ...any) uint64 {
	t.Helper()
	var n uint64
	if err := c.QueryRow(context.Background(), sql, args...).Scan(&n); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return n
}

// wantCode checks an error's ClickHouse number.
// codeOf finds ClickHouse's error number in an error of the engine or of
// clickhouse-go, native or HTTP.
func codeOf(err error) (int, bool) {
	if own := (*engine.Error)(nil); errors.As(err, &own) {
		return own.Code, true
	}
	if ex := (*clickhouse.Exception)(nil); errors.As(err, &ex) {
		return int(ex.Code), true
	}
	return 0, false
}

func wantCode(t *testing.T, err error, want int) {
	t.Helper()
	if code, ok := codeOf(err); !ok || code != want {
		t.Errorf("got error %v (code %d), want code %d", err, code, want)
	}
}

const typesTable = `CREATE TABLE facts (
	id UInt64, region LowCardinality(String), note Nullable(String), value Decimal(38, 10),
	maybe Nullable(Decimal(38, 10)), day Date32, at DateTime64(3, 'Asia/Shanghai'),
	tags Array(LowCardinality(String)), extra Map(String, Int64), status Enum8('final' = 1, 'provisional' = 2),
	doubled UInt64 MATERIALIZED id * 2
) ENGINE = MergeTree ORDER BY id`

func TestThreeHundredThousandRowsOfEveryTypeComeBackUnchanged(t *testing.T) {
	w, r, _, _ := both(t)
	ctx := context.Background()
	must(t, w.Exec(ctx, typesTable))
	const rows = 300_000
	loc, err := time.LoadLocation("Asia/Shanghai")
	must(t, err)
	day := time.Date(1949, 10, 1, 0, 0, 0, 0, time.UTC)
	at := time.Date(2025, 6, 30, 8, 15, 0, 123e6, loc)
	batch, err := w.PrepareBatch(ctx, "INSERT INTO facts")
	must(t, err)
	for i := range rows {
		var note *string
		var maybe *decimal.Decimal
		if i%3 != 0 {
			s := fmt.Sprintf("备注\n%d", i)
			d := decimal.New(-int64(i), -2)
			note, maybe = &s, &d
		}
		must(t, batch.Append(uint64(i), fmt.Sprintf("2102%02d", i%20), note, decimal.New(215240+int64(i), -10), maybe,
			day.AddDate(0, 0, i%20000), at.Add(time.Duration(i)*time.Millisecond),
			[]string{"a", fmt.Sprint(i % 7)}, map[string]int64{"k": int64(i)}, []string{"final", "provisional"}[i%2]))
	}
	start := time.Now()
	must(t, batch.Send())
	t.Logf("batch of %d rows sent in %v", rows, time.Since(start))
	if n := number(t, r, "SELECT count() FROM facts WHERE doubled = id * 2"); n != rows {
		t.Fatalf("%d rows stored, want %d", n, rows)
	}

	list, err := r.Query(ctx, "SELECT id, region, note, value, maybe, day, at, tags, extra, status FROM facts ORDER BY id")
	must(t, err)
	defer func() { _ = list.Close() }()
	i := 0
	for ; list.Next(); i++ {
		var (
			id             uint64
			region, status string
			note           *string
			value          decimal.Decimal
			maybe          *decimal.Decimal
			d, stamp       time.Time
			tags           []string
			extra          map[string]int64
		)
		must(t, list.Scan(&id, &region, &note, &value, &maybe, &d, &stamp, &tags, &extra, &status))
		ok := id == uint64(i) && region == fmt.Sprintf("2102%02d", i%20) && value.Equal(decimal.New(215240+int64(i), -10)) &&
			d.Equal(day.AddDate(0, 0, i%20000)) && stamp.Equal(at.Add(time.Duration(i)*time.Millisecond)) &&
			len(tags) == 2 && tags[1] == fmt.Sprint(i%7) && extra["k"] == int64(i) && status == []string{"final", "provisional"}[i%2]
		if i%3 == 0 {
			ok = ok && note == nil && maybe == nil
		} else {
			ok = ok && note != nil && *note == fmt.Sprintf("备注\n%d", i) && maybe != nil && maybe.Equal(decimal.New(-int64(i), -2))
		}
		if !ok {
			t.Fatalf("row %d came back as %v %v %v %v %v %v %v %v %v %v", i, id, region, note, value, maybe, d, stamp, tags, extra, status)
		}
	}
	must(t, list.Err())
	if i != rows {
		t.Fatalf("%d rows came back, want %d", i, rows)
	}
}

func TestColumnsAreMatchedByNameNotByPlace(t *testing.T) {
	w, r, _, _ := both(t)
	ctx := context.Background()
	must(t, w.Exec(ctx, "CREATE TABLE t (a String, b String, c String DEFAULT 'none') ENGINE = MergeTree ORDER BY a"))
	batch, err := w.PrepareBatch(ctx, "INSERT INTO t (b, a)")
	must(t, err)
	must(t, batch.Append("bee", "ay"))
	must(t, batch.Send())
	var a, b, c string
	must(t, r.QueryRow(ctx, "SELECT a, b, c FROM t").Scan(&a, &b, &c))
	if a != "ay" || b != "bee" || c != "none" {
		t.Errorf("got %q %q %q", a, b, c)
	}
}

func TestCompressedBatchesAndAnswers(t *testing.T) {
	_, _, db, eng := both(t)
	for _, method := range []clickhouse.CompressionMethod{clickhouse.CompressionLZ4, clickhouse.CompressionZSTD, clickhouse.CompressionGZIP, clickhouse.CompressionDeflate, clickhouse.CompressionBrotli} {
		t.Run(method.String(), func(t *testing.T) {
			o := eng.ClickHouseOptions(db, true)
			o.Compression = &clickhouse.Compression{Method: method, Level: 3}
			o.Settings = clickhouse.Settings{"enable_http_compression": 1}
			c := open(t, o)
			ctx := context.Background()
			must(t, c.Exec(ctx, "CREATE OR REPLACE TABLE z (n UInt64, s String) ENGINE = MergeTree ORDER BY n"))
			batch, err := c.PrepareBatch(ctx, "INSERT INTO z")
			must(t, err)
			for i := range 30_000 {
				must(t, batch.Append(uint64(i), fmt.Sprint(i)))
			}
			must(t, batch.Send())
			rows, err := c.Query(ctx, "SELECT n, s FROM z ORDER BY n")
			must(t, err)
			defer func() { _ = rows.Close() }()
			i := 0
			for ; rows.Next(); i++ {
				var n uint64
				var s string
				must(t, rows.Scan(&n, &s))
				if n != uint64(i) || s != fmt.Sprint(i) {
					t.Fatalf("row %d: %d %q", i, n, s)
				}
			}
			must(t, rows.Err())
			if i != 30_000 {
				t.Errorf("%d rows", i)
			}
			wantCode(t, c.QueryRow(ctx, "SELECT nothing").Scan(new(string)), 47)
		})
	}
}

package clickhouse_test

import (
	"database/sql"
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	ch "github.com/ClickHouse/clickhouse-go/v2"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"

	"yardstick/schema/clickhouse"
	"yardstick/schema/engine/enginetest"
)

// migration is one file's statements.
type migration struct {
	name     string
	up, down []string
}

func migrations(t *testing.T, cluster string) []migration {
	t.Helper()
	files, err := clickhouse.Migrations(cluster)
	if err != nil {
		t.Fatal(err)
	}
	names, err := fs.Glob(files, "*.sql")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	var out []migration
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			t.Fatal(err)
		}
		up, down, ok := strings.Cut(string(text), "-- +goose Down")
		if !ok || !strings.Contains(up, "-- +goose Up") {
			t.Fatalf("%s: a migration has an Up and a Down part", name)
		}
		out = append(out, migration{name, split(up), split(down)})
	}
	return out
}

func split(text string) (out []string) {
	for _, s := range strings.Split(regexp.MustCompile(`(?m)--.*$`).ReplaceAllString(text, ""), ";") {
		if s = strings.Join(strings.Fields(s), " "); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// repeats reports whether running the statement twice is the same as once. What
// it does not know is refused: a migration that needs more says why here.
func repeats(statement string) bool {
	if commands, ok := strings.CutPrefix(statement, "ALTER TABLE "); ok {
		commands = regexp.MustCompile("^\\w+ (ON CLUSTER `[^`]*` )?").ReplaceAllString(commands, "")
		for _, c := range regexp.MustCompile(`, ((?:ADD|DROP|MODIFY|RENAME|CLEAR|COMMENT|UPDATE|DELETE|MATERIALIZE) )`).Split(
			regexp.MustCompile(`, ((?:ADD|DROP|MODIFY|RENAME|CLEAR|COMMENT|UPDATE|DELETE|MATERIALIZE) )`).ReplaceAllString(commands, ", $1$1"), -1) {
			if !regexp.MustCompile(`^((ADD|RENAME) )?(ADD (COLUMN|INDEX|PROJECTION|CONSTRAINT) IF NOT EXISTS|DROP (COLUMN|INDEX|PROJECTION|CONSTRAINT) IF EXISTS|RENAME COLUMN IF EXISTS|CLEAR COLUMN IF EXISTS|MODIFY |COMMENT COLUMN|DELETE WHERE) ?`).MatchString(c) {
				return false
			}
		}
		return true
	}
	return regexp.MustCompile(`^(CREATE (TABLE|VIEW) IF NOT EXISTS|CREATE OR REPLACE VIEW|DROP (TABLE|VIEW) IF EXISTS|TRUNCATE TABLE IF EXISTS) `).MatchString(statement)
}

func TestEveryStatementOfAMigrationCanBeRepeated(t *testing.T) {
	for _, cluster := range []string{"", "yard stick"} {
		for _, m := range migrations(t, cluster) {
			for _, s := range append(slices.Clone(m.up), m.down...) {
				if !repeats(s) {
					t.Errorf("%s (cluster %q): cannot be run twice: %s", m.name, cluster, s)
				}
			}
		}
	}
	for _, s := range []string{
		"CREATE TABLE x (a String) ENGINE = Log", "CREATE VIEW x AS SELECT 1", "DROP TABLE x", "DROP VIEW x", "RENAME TABLE x TO y",
		"INSERT INTO x SELECT 1", "ALTER TABLE x ADD COLUMN a String", "ALTER TABLE x ADD COLUMN IF NOT EXISTS a String, ADD COLUMN b String",
		"ALTER TABLE x ON CLUSTER `yard stick` DROP COLUMN a", "ALTER TABLE x UPDATE a = a + 1 WHERE 1", "ALTER TABLE x RENAME COLUMN a TO b",
		"ALTER TABLE x DROP COLUMN IF EXISTS b, DROP COLUMN a", "TRUNCATE TABLE x",
	} {
		if repeats(s) {
			t.Errorf("passed as repeatable: %s", s)
		}
	}
}

// shape is every table and column of the database as the engine tells them, but
// for the migrator's own.
func shape(t *testing.T, db *sql.DB) string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), `SELECT replaceAll(create_table_query, currentDatabase() || '.', '') FROM system.tables
		WHERE database = currentDatabase() AND name != 'goose_db_version' ORDER BY name`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		out = append(out, s)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return strings.Join(out, "\n")
}

// migrator is a fresh database with goose on it.
func migrator(t *testing.T) (*ch.Options, *sql.DB, *goose.Provider) {
	t.Helper()
	eng := enginetest.Open(t)
	options := eng.ClickHouseOptions(enginetest.Database(t, eng), true)
	db := ch.OpenDB(options)
	t.Cleanup(func() { _ = db.Close() })
	files, err := clickhouse.Migrations("")
	if err != nil {
		t.Fatal(err)
	}
	p, err := goose.NewProvider(database.DialectClickHouse, db, files, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		t.Fatal(err)
	}
	return options, db, p
}

// A start that is killed leaves the first statements of a migration done and the
// migration not written down.
func TestAMigrationCutAfterAnyStatementIsFinishedByTheNextStart(t *testing.T) {
	options, db, _ := migrator(t)
	if _, err := clickhouse.Migrate(t.Context(), options, ""); err != nil {
		t.Fatal(err)
	}
	whole, cuts := shape(t, db), 0
	for n, m := range migrations(t, "") {
		for cut := range len(m.up) + 1 {
			options, db, p := migrator(t)
			if n > 0 {
				if _, err := p.UpTo(t.Context(), int64(n)); err != nil {
					t.Fatal(err)
				}
			}
			for _, s := range m.up[:cut] {
				if _, err := db.ExecContext(t.Context(), s); err != nil {
					t.Fatalf("%s: %v\n%s", m.name, err, s)
				}
			}
			done, err := clickhouse.Migrate(t.Context(), options, "")
			if want := len(migrations(t, "")) - n; err != nil || done != want {
				t.Fatalf("%s cut after %d statements: %d of %d migrations ran, %v", m.name, cut, done, want, err)
			}
			if got := shape(t, db); got != whole {
				t.Fatalf("%s cut after %d statements: the tables are\n%s\nwant\n%s", m.name, cut, got, whole)
			}
			cuts++
		}
	}
	if cuts < 20 {
		t.Fatalf("only %d cuts", cuts)
	}
}

// Before the zeroth version is written down the migrator's own table stands empty.
func TestAStartCutBeforeTheFirstMigrationIsFinishedByTheNext(t *testing.T) {
	options, db, p := migrator(t)
	if _, err := p.GetDBVersion(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), "TRUNCATE TABLE goose_db_version"); err != nil {
		t.Fatal(err)
	}
	if done, err := clickhouse.Migrate(t.Context(), options, ""); err != nil || done != len(migrations(t, "")) {
		t.Fatalf("%d migrations ran, %v", done, err)
	}
}

func TestEveryMigrationRunsTwiceAndBackTwice(t *testing.T) {
	options, db, p := migrator(t)
	if _, err := clickhouse.Migrate(t.Context(), options, ""); err != nil {
		t.Fatal(err)
	}
	whole := shape(t, db)
	all := migrations(t, "")
	run := func(which string, statements []string) {
		for _, s := range statements {
			if _, err := db.ExecContext(t.Context(), s); err != nil {
				t.Fatalf("%s: %v\n%s", which, err, s)
			}
		}
	}
	for _, m := range slices.Backward(all) {
		run(m.name+", once more", m.up)
		if got := shape(t, db); got != whole {
			t.Fatalf("%s run twice: the tables are\n%s\nwant\n%s", m.name, got, whole)
		}
	}
	for _, m := range slices.Backward(all) {
		run(m.name+", back", m.down)
		run(m.name+", back twice", m.down)
	}
	for _, m := range all {
		run(m.name+", again", m.up)
		run(m.name+", again twice", m.up)
	}
	if got := shape(t, db); got != whole {
		t.Fatalf("back and forth: the tables are\n%s\nwant\n%s", got, whole)
	}
	if _, err := p.DownTo(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	if done, err := clickhouse.Migrate(t.Context(), options, ""); err != nil || done != len(all) || shape(t, db) != whole {
		t.Fatalf("down and up: %d ran, %v, %s", done, err, shape(t, db))
	}
}

func TestWhatAMigrationChangesIsCopiedFirst(t *testing.T) {
	eng := enginetest.Open(t)
	options := eng.ClickHouseOptions(enginetest.Database(t, eng), true)
	db := ch.OpenDB(options)
	t.Cleanup(func() { _ = db.Close() })
	files := fstest.MapFS{"00001_first.sql": {Data: []byte(`-- +goose Up
CREATE TABLE IF NOT EXISTS said (a UInt64, b String) ENGINE = MergeTree ORDER BY (a, b);
CREATE TABLE IF NOT EXISTS held (a UInt64, version UInt64) ENGINE = ReplacingMergeTree(version) ORDER BY a;
CREATE TABLE IF NOT EXISTS bare (a UInt64) ENGINE = MergeTree ORDER BY a;
-- +goose Down
`)}}
	migrate := func(want int) {
		t.Helper()
		if done, err := clickhouse.MigrateFiles(t.Context(), options, files); err != nil || done != want {
			t.Fatalf("%d ran, %v", done, err)
		}
	}
	do := func(statement string) {
		t.Helper()
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	counts := func() map[string]string {
		t.Helper()
		out := map[string]string{}
		rows, err := db.QueryContext(t.Context(), "SELECT name FROM system.tables WHERE database = currentDatabase() AND name != 'goose_db_version'")
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			var name, digest string
			if err := rows.Scan(&name); err != nil {
				t.Fatal(err)
			}
			if err := db.QueryRowContext(t.Context(), "SELECT toString(count()) || ' ' || toString(sum(a)) FROM "+name).Scan(&digest); err != nil {
				t.Fatal(err)
			}
			out[name] = digest
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		return out
	}
	expect := func(want map[string]string) {
		t.Helper()
		if got := counts(); !maps.Equal(got, want) {
			t.Fatalf("the tables hold %v, want %v", got, want)
		}
	}
	migrate(1)
	do("INSERT INTO said SELECT number, toString(number) FROM numbers(1000)")
	do("INSERT INTO held SELECT number, 1 FROM numbers(10)")
	// The last statement fails: the start is cut with all before it done.
	files["00002_second.sql"] = &fstest.MapFile{Data: []byte(`-- +goose Up
ALTER TABLE said DELETE WHERE a % 2 = 1 SETTINGS mutations_sync = 2;
DROP TABLE IF EXISTS held;
ALTER TABLE bare ADD COLUMN IF NOT EXISTS c String;
ALTER TABLE lacking ADD COLUMN IF NOT EXISTS c String;
-- +goose Down
`)}
	before := map[string]string{"said_before_00002": "1000 499500", "held_before_00002": "10 45"}
	do("CREATE TABLE said_before_00002_new (z String) ENGINE = Log") // as a start killed while copying leaves it
	if _, err := clickhouse.MigrateFiles(t.Context(), options, files); err == nil || !strings.Contains(err.Error(), "lacking") {
		t.Fatalf("a migration that fails passed, or failed before its time: %v", err)
	}
	after := map[string]string{"said": "500 249500", "bare": "0 0"}
	maps.Copy(after, before)
	expect(after)
	do("CREATE TABLE lacking (a UInt64) ENGINE = MergeTree ORDER BY a")
	migrate(1)
	after["lacking"] = "0 0"
	expect(after) // the copies are still of before, not of the half-changed tables
	// The way back, with what the engine has.
	do("EXCHANGE TABLES said AND said_before_00002")
	do("RENAME TABLE held_before_00002 TO held")
	expect(map[string]string{"said": "1000 499500", "said_before_00002": "500 249500", "held": "10 45", "bare": "0 0", "lacking": "0 0"})
	migrate(0)
	if _, ok := counts()["said_before_00002"]; !ok {
		t.Fatal("the next start dropped a copy that is not old")
	}
	if err := clickhouse.DropCopies(t.Context(), db, 0); err != nil {
		t.Fatal(err)
	}
	expect(map[string]string{"said": "1000 499500", "held": "10 45", "bare": "0 0", "lacking": "0 0"})
}

func TestWhatAMigrationChangesIsReadFromItsStatements(t *testing.T) {
	got := clickhouse.Changed(`-- +goose Up
-- ALTER TABLE comment DROP COLUMN x;
CREATE TABLE IF NOT EXISTS made (a String) ENGINE = Log;
ALTER TABLE b_local ON CLUSTER c DELETE WHERE 1;
  drop table if exists a;
TRUNCATE TABLE IF EXISTS c; DROP VIEW IF EXISTS seen;
-- +goose Down
DROP TABLE IF EXISTS made;`)
	if want := []string{"a", "b_local"}; fmt.Sprint(got) != fmt.Sprint(append(want, "c")) {
		t.Fatal(got)
	}
}

func TestTheCopyOfAReplicatedTableHasAPlaceOfItsOwn(t *testing.T) {
	const where = "'/clickhouse/tables/{shard}/{database}/held', '{replica}'"
	for engine, want := range map[string]string{
		"ReplicatedMergeTree(" + where + ") ORDER BY (at, run) SETTINGS index_granularity = 8192":    "MergeTree() ORDER BY (at, run) SETTINGS index_granularity = 8192",
		"ReplicatedReplacingMergeTree(" + where + ", version, is_deleted) ORDER BY a":                "ReplacingMergeTree(version, is_deleted) ORDER BY a",
		"ReplacingMergeTree(version) ORDER BY a SETTINGS non_replicated_deduplication_window = 1000": "ReplacingMergeTree(version) ORDER BY a SETTINGS non_replicated_deduplication_window = 1000",
	} {
		if got := clickhouse.Plain(engine); got != want {
			t.Errorf("%s\nis copied as %s", engine, got)
		}
	}
}

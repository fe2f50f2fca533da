package clickhouse

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing/fstest"
	"text/template"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"

	"yardstick/schema/migrations"
)

// layout fills the holes of the migrations: plain tables for one server or the
// embedded engine, replicated tables under a distributed one for a cluster.
type layout struct{ cluster string }

// Local is what the name of a table that holds rows ends in.
func (l layout) Local() string {
	if l.cluster == "" {
		return ""
	}
	return "_local"
}

// OnCluster is the clause that sends a statement to every replica.
func (l layout) OnCluster() string {
	if l.cluster == "" {
		return ""
	}
	return "ON CLUSTER " + quoteName(l.cluster)
}

// Engine is the table engine of family with its arguments.
func (l layout) Engine(family, table string, args ...string) string {
	if l.cluster == "" {
		return family + "(" + strings.Join(args, ", ") + ")"
	}
	where := []string{"'/clickhouse/tables/{shard}/{database}/" + table + "'", "'{replica}'"}
	return "Replicated" + family + "(" + strings.Join(append(where, args...), ", ") + ")"
}

// Window is the setting that keeps a repeated insert from counting twice.
func (l layout) Window() string {
	if l.cluster == "" {
		return ", non_replicated_deduplication_window = 1000"
	}
	return ""
}

// Distributed is the table over all shards that readers and writers name.
func (l layout) Distributed(table, key string) string {
	if l.cluster == "" {
		return ""
	}
	return fmt.Sprintf("CREATE TABLE IF NOT EXISTS %s %s AS %s_local ENGINE = Distributed(%s, currentDatabase(), %s_local, %s);",
		table, l.OnCluster(), table, quoteName(l.cluster), table, key)
}

func quoteName(s string) string { return "`" + strings.ReplaceAll(s, "`", "``") + "`" }

// Migrations renders the migrations for one server (cluster "") or a cluster,
// as a file system for the migrator and for whoever wants to read them.
func Migrations(cluster string) (fs.FS, error) {
	names, err := fs.Glob(migrations.Files, "*.sql")
	if err != nil {
		return nil, fmt.Errorf("listing migrations: %w", err)
	}
	out := fstest.MapFS{}
	for _, name := range names {
		t, err := template.ParseFS(migrations.Files, name)
		if err != nil {
			return nil, fmt.Errorf("reading migration %s: %w", name, err)
		}
		var text bytes.Buffer
		if err := t.Execute(&text, layout{cluster}); err != nil {
			return nil, fmt.Errorf("rendering migration %s: %w", name, err)
		}
		out[name] = &fstest.MapFile{Data: text.Bytes(), Mode: 0o444}
	}
	return out, nil
}

// Migrate brings the tables of the database that options name to the newest
// version and returns how many migrations it ran. It can be killed anywhere and
// run again. What a migration changes is copied first; see copyTable.
func Migrate(ctx context.Context, options *clickhouse.Options, cluster string) (int, error) {
	files, err := Migrations(cluster)
	if err != nil {
		return 0, err
	}
	return migrate(ctx, options, cluster, files)
}

func migrate(ctx context.Context, options *clickhouse.Options, cluster string, files fs.FS) (done int, err error) {
	db := clickhouse.OpenDB(options)
	defer func() { err = errors.Join(err, db.Close()) }()
	provider, err := goose.NewProvider(database.DialectClickHouse, db, files, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return 0, fmt.Errorf("preparing migrations: %w", err)
	}
	all, err := provider.Status(ctx)
	if err != nil {
		return 0, fmt.Errorf("asking which migrations were run: %w", err)
	}
	for _, m := range all {
		if m.State != goose.StatePending {
			continue
		}
		if err := copyChanged(ctx, db, layout{cluster}, files, m.Source); err != nil {
			return done, err
		}
		if _, err := provider.UpByOne(ctx); err != nil {
			return done, fmt.Errorf("migrating the store: %w", err)
		}
		done++
	}
	return done, dropCopies(ctx, db, layout{cluster}, copiesKept)
}

// copiesKept is how long the copies of what migrations changed stay.
const copiesKept = 30 * 24 * time.Hour

// changed are the tables that the statements of a migration's Up part alter,
// drop, empty or rename, in the order of their names.
func changed(migration string) []string {
	up, _, _ := strings.Cut(migration, "-- +goose Down")
	up = regexp.MustCompile(`(?m)--.*$`).ReplaceAllString(up, "")
	var out []string
	for _, found := range regexp.MustCompile(`(?im)^\s*(?:ALTER|DROP|TRUNCATE|RENAME|EXCHANGE)\s+TABLES?\s+(?:IF\s+EXISTS\s+)?(\w+)`).FindAllStringSubmatch(up, -1) {
		out = append(out, found[1])
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// copyChanged copies what the migration is about to change, unless an earlier
// start did before it was cut short.
func copyChanged(ctx context.Context, db *sql.DB, l layout, files fs.FS, m *goose.Source) error {
	text, err := fs.ReadFile(files, filepath.Base(m.Path))
	if err != nil {
		return fmt.Errorf("reading migration %s: %w", m.Path, err)
	}
	for _, table := range changed(string(text)) {
		if err := copyTable(ctx, db, l, table, fmt.Sprintf("%s_before_%05d", table, m.Version)); err != nil {
			return fmt.Errorf("copying %s before migration %d: %w", table, m.Version, err)
		}
	}
	return nil
}

// plain is the engine of a copy: that of a replicated table has a place in the
// keeper of its own, so the copy is a plain one on each replica.
func plain(engine string) string {
	return regexp.MustCompile(`^Replicated(\w+)\('[^']*', '[^']*'(?:, )?`).ReplaceAllString(engine, "$1(")
}

// copyTable makes a copy of table that shares its parts on the disk and does not
// change with it. It gets its name when it is whole, so a copy that is there
// needs no second look. A table without rows of its own has none.
func copyTable(ctx context.Context, db *sql.DB, l layout, table, name string) error {
	var engine string
	var held, rows uint64
	err := db.QueryRowContext(ctx, `SELECT engine_full, ifNull(total_rows, 0),
			(SELECT count() FROM system.tables WHERE database = currentDatabase() AND name = ?)
		FROM system.tables WHERE database = currentDatabase() AND name = ? AND engine LIKE '%MergeTree'`, name, table).Scan(&engine, &rows, &held)
	if errors.Is(err, sql.ErrNoRows) || err == nil && (held > 0 || rows == 0 && l.cluster == "") {
		return nil // no such table yet, or nothing to keep; other servers of a cluster may have rows
	}
	if err != nil {
		return fmt.Errorf("looking at the table: %w", err)
	}
	on := l.OnCluster()
	for _, statement := range []string{
		fmt.Sprintf("DROP TABLE IF EXISTS %s_new %s", name, on),
		fmt.Sprintf("CREATE TABLE %s_new %s AS %s ENGINE = %s", name, on, table, plain(engine)),
		fmt.Sprintf("ALTER TABLE %s_new %s ATTACH PARTITION tuple() FROM %s", name, on, table),
		fmt.Sprintf("RENAME TABLE %s_new TO %s %s", name, name, on),
	} {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	return nil
}

// dropCopies drops the copies that are older than kept.
func dropCopies(ctx context.Context, db *sql.DB, l layout, kept time.Duration) error {
	var names []string
	err := db.QueryRowContext(ctx, `SELECT groupArray(name) FROM system.tables
		WHERE database = currentDatabase() AND match(name, '_before_[0-9]{5}(_new)?$') AND metadata_modification_time <= now() - toIntervalSecond(?)`,
		int64(kept.Seconds())).Scan(&names)
	if err != nil {
		return fmt.Errorf("looking for old copies: %w", err)
	}
	for _, name := range names {
		if _, err := db.ExecContext(ctx, fmt.Sprintf("DROP TABLE IF EXISTS %s %s", name, l.OnCluster())); err != nil {
			return fmt.Errorf("dropping the copy %s: %w", name, err)
		}
	}
	return nil
}

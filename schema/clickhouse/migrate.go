package clickhouse

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing/fstest"
	"text/template"

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

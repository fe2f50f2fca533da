package clickhouse

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/pressly/goose/v3"
)

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

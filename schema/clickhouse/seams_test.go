package clickhouse

import (
	"context"
	"database/sql"
	"io/fs"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
)

// MigrateFiles is Migrate with migrations of the test's own.
func MigrateFiles(ctx context.Context, options *clickhouse.Options, files fs.FS) (int, error) {
	return migrate(ctx, options, "", files)
}

// Changed is what a migration changes.
func Changed(migration string) []string { return changed(migration) }

// Plain is the engine of a copy.
func Plain(engine string) string { return plain(engine) }

// DropCopies drops the copies older than kept.
func DropCopies(ctx context.Context, db *sql.DB, kept time.Duration) error {
	return dropCopies(ctx, db, layout{}, kept)
}

// Package migrations holds the store's tables as SQL, with holes for the
// layout of a cluster; schema/clickhouse fills them.
package migrations

import "embed"

// Files are NNNNN_name.sql, run in order.
//
//go:embed *.sql
var Files embed.FS

// Package published holds figures that Dalian made public, each with its
// source: feeds.yaml, and in the feed's folder one file a publication, named by
// the month in which it appeared.
package published

import (
	"embed"
	"io/fs"
)

//go:embed feeds.yaml */*.csv
var files embed.FS

// FS is feeds.yaml and FEED/YYYY-MM.csv; undated.csv holds figures whose day of
// publication is not known.
func FS() fs.FS { return files }

// Package samples holds synthetic feeds for every target of the policy, so that
// the product can be seen at work: feeds.yaml, and in a folder a feed one file a
// month. The figures are invented, say so in every row, and stand for nothing
// that happened. internal/generate makes them.
package samples

import (
	"embed"
	"io/fs"
)

//go:generate go run ./internal/generate/cmd .

//go:embed feeds.yaml owners.yaml */*.csv
var files embed.FS

// FS is feeds.yaml, FEED/YYYY-MM.csv, and owners.yaml with who answers for the
// targets and what they say.
func FS() fs.FS { return files }

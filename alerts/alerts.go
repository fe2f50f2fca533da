// Package alerts carries the alert rules for Prometheus and a page for each of
// them that tells the officer on call what it means and what to do.
package alerts

import "embed"

// Rules are rules/*.yml, as Prometheus loads them.
//
//go:embed rules/*.yml
var Rules embed.FS

// Runbooks are runbooks/NAME.md, one an alert of that name, Chinese first.
//
//go:embed runbooks/*.md
var Runbooks embed.FS

// Package alerts carries the alert rules for Prometheus, a configuration for
// Alertmanager, and a page for each alert that tells the officer on call what
// it means and what to do.
package alerts

import "embed"

//go:generate go run ./internal/daysoff alertmanager/alertmanager.yml

// Rules are rules/*.yml, as Prometheus loads them.
//
//go:embed rules/*.yml
var Rules embed.FS

// Runbooks are runbooks/NAME.md, one an alert of that name, Chinese first.
//
//go:embed runbooks/*.md
var Runbooks embed.FS

// Example is what Alertmanager posts to a webhook: a target that lags and a feed
// that is overdue no more.
//
//go:embed example.json
var Example []byte

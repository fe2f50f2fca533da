// Command generate writes the dashboards beside the package; `go generate`
// runs it there.
package main

import (
	"log/slog"
	"os"
	"path/filepath"

	"yardstick/dashboards/grafana"
)

func main() {
	if err := run(); err != nil {
		slog.Error("writing the dashboards", "error", err)
		os.Exit(1)
	}
}

func run() error {
	for _, lang := range grafana.Languages() {
		if err := grafana.CheckQueries(lang); err != nil {
			return err
		}
		files, err := grafana.Dashboards(lang)
		if err != nil {
			return err
		}
		for name, content := range files {
			if err := os.WriteFile(filepath.Join("dashboards", name), content, 0o644); err != nil {
				return err
			}
		}
	}
	return nil
}

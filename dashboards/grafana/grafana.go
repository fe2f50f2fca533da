// Package grafana makes the dashboards that leaders look at in Grafana, in
// Chinese and in English from one source, and carries them with the
// provisioning of both data sources.
package grafana

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
)

//go:generate go run ./generate

// Files are what Grafana is given: dashboards/*.json as `go generate` writes
// them, and provisioning/ for the data sources and the folder.
//
//go:embed dashboards/*.json provisioning
var Files embed.FS

// Languages are those the dashboards are made in.
func Languages() []string { return []string{"zh", "en"} }

// Dashboards gives the dashboards of one language ("zh" or "en") as Grafana
// reads them, by file name.
func Dashboards(lang string) (map[string][]byte, error) {
	out := map[string][]byte{}
	for _, d := range build(lang) {
		var b bytes.Buffer
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		if err := enc.Encode(d); err != nil {
			return nil, fmt.Errorf("writing dashboard %s: %w", d.UID, err)
		}
		out[d.UID+".json"] = b.Bytes()
	}
	return out, nil
}

func build(lang string) []dashboard { return []dashboard{overview(language(lang))} }

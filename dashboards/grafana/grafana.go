// Package grafana makes the dashboards that leaders look at in Grafana, in
// Chinese and in English from one source, and carries them with the
// provisioning of both data sources.
package grafana

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"time"

	"yardstick/schema"
	"yardstick/schema/targets"
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
// reads them, by file name. They open on the time of the first policy of the
// register: from its issue to its last deadline.
func Dashboards(lang string) (map[string][]byte, error) {
	register, err := targets.Load()
	if err != nil {
		return nil, fmt.Errorf("loading the policy registers: %w", err)
	}
	out := map[string][]byte{}
	for _, d := range build(lang) {
		if d.Time == (timeRange{}) {
			d.Time = spanOf(register.Policies[0])
		}
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

// spanOf is from the month in which the policy was issued to its last deadline.
func spanOf(p schema.Policy) timeRange {
	shanghai := time.FixedZone("Asia/Shanghai", 8*3600)
	last := p.Issued
	for _, t := range p.Targets {
		if t.Deadline.After(last) {
			last = t.Deadline
		}
	}
	moment := func(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
	return timeRange{
		moment(schema.PeriodOf(schema.Monthly, p.Issued).First().In(shanghai)),
		moment(last.AddDays(1).In(shanghai).Add(-time.Second)),
	}
}

package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"yardstick/comparator/exporter"
	"yardstick/schema"
)

// openMetrics is the output format of past verdicts.
const openMetrics = "openmetrics"

// openMetricsFlags are those of `export --output openmetrics` alone.
type openMetricsFlags struct {
	Every time.Duration     `help:"openmetrics: a sample so often; by default one a day, at its end. 采样间隔。" default:"24h" placeholder:"DURATION"`
	Label map[string]string `help:"openmetrics: a label of every series, job=yardstick; may be repeated. 附加标签。" placeholder:"NAME=VALUE"`
}

// history writes the verdicts as of each day from --from to --to, as Prometheus
// would have scraped them, for promtool tsdb create-blocks-from openmetrics. A
// day's verdicts are those of what was published by its end.
func (c exportCmd) history(ctx context.Context, r *run) (err error) {
	if len(c.Indicator)+len(c.Region) > 0 || c.AsOf+c.KnownAt+c.Vintages != "" || c.BOM {
		return usage("openmetrics-alone")
	}
	if c.Every < time.Second || c.From == "" || c.To == "" {
		return usage("openmetrics-range")
	}
	days, err := compareCmd{From: c.From, To: c.To, Step: "1d"}.days(schema.Date{})
	if err != nil {
		return err
	}
	h, err := openHouse(ctx, r, "export")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	if last := days[len(days)-1]; last.After(h.today()) {
		return usage("openmetrics-future", "day", last, "today", h.today())
	}
	out := exporter.NewHistory(h.register, h.loc, c.Label)
	defer func() { err = errors.Join(err, out.Close()) }()
	bar := r.exporting(true, int64(len(days)))
	for _, d := range days {
		j, err := h.docket.JudgeAt(ctx, d, time.Time{})
		if err != nil {
			return fmt.Errorf("comparing as of %s: %w", d, err)
		}
		if err := out.Add(j.Verdicts, moments(d, h.loc, c.Every)...); err != nil {
			return fmt.Errorf("as of %s: %w", d, err)
		}
		_ = bar.Add(1) // a bar that cannot be drawn is no reason to stop
	}
	_ = bar.Finish()
	return r.out(out.Write)
}

// moments are the times within a day at which it is sampled: its last second
// when that is once a day, else from its first one on.
func moments(d schema.Date, loc *time.Location, every time.Duration) []time.Time {
	end := d.EndIn(loc).Truncate(time.Second)
	if every >= 24*time.Hour {
		return []time.Time{end}
	}
	var out []time.Time
	for t := d.In(loc); !t.After(end); t = t.Add(every) {
		out = append(out, t)
	}
	return out
}

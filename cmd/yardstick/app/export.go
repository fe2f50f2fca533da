package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/schollz/progressbar/v3"

	"yardstick/comparator/exporter"
	"yardstick/dashboards/download"
	"yardstick/schema"
	"yardstick/schema/words"
)

type exportCmd struct {
	Indicator []string `help:"Indicator code or name; may be repeated. 指标代码或名称。" placeholder:"CODE"`
	Region    []string `help:"Region code or name; may be repeated. 地区代码或名称。" placeholder:"CODE"`
	From      string   `help:"Reference periods that end on this day, or in this period, or later. 起始时期。" placeholder:"PERIOD"`
	To        string   `help:"Reference periods that end by the end of this day or period. 截止时期。" placeholder:"PERIOD"`
	AsOf      string   `name:"as-of" help:"What was published by the end of that day. 截至该日已发布。" placeholder:"DATE"`
	KnownAt   string   `name:"known-at" help:"What was received and not withdrawn by then. 截至该时刻已收到。" placeholder:"TIME"`
	Vintages  string   `help:"'all': every vintage, not only the one in force. 全部版本。" placeholder:"all"`
	BOM       bool     `name:"bom" help:"CSV for spreadsheets: a byte order mark, headers and names in --lang, no formulas. 供电子表格打开的 CSV。"`
	openMetricsFlags
}

// Run writes observations. The csv form has the columns indicator, region,
// period, basis, value, unit, status, published_at, receipt.
func (c exportCmd) Run(ctx context.Context, r *run) error {
	if r.Output == openMetrics {
		return c.history(ctx, r)
	}
	format, err := r.format(append(schema.Codes(download.Formats()), openMetrics)...)
	if err != nil {
		return err
	}
	if c.BOM && format != string(download.CSV) {
		return usage("export-bom-csv")
	}
	if format == string(download.XLSX) && r.shownOnScreen() {
		return usage("export-needs-file")
	}
	in, err := openInstallation(ctx, r, "export")
	if err != nil {
		return err
	}
	return errors.Join(c.export(ctx, r, in, download.Format(format)), in.close())
}

func (c exportCmd) export(ctx context.Context, r *run, in *installation, format download.Format) error {
	asked := download.Asked{Indicators: c.Indicator, Regions: c.Region, From: c.From, To: c.To, AsOf: c.AsOf, KnownAt: c.KnownAt, Vintages: c.Vintages}
	selection, err := asked.Select(in.register, in.loc, func(parameter string) string { return "--" + parameter })
	if err != nil {
		return &exitError{exitUsage, err}
	}
	from := download.Reader{Store: in.store.Store, Register: in.register}
	e := download.Extract{Selection: selection}
	if e.Stand, err = from.Stand(ctx); err != nil {
		return err
	}
	if computed := from.Computed(selection.Indicators); selection.Vintages && len(computed) > 0 {
		r.log.Warn(r.say("export-no-vintages", "names", computed))
	}
	bar := r.drawn(1, r.File != "", progressbar.OptionShowIts(), seldom(), r.named("exporting")) // in stored rows
	e.Count = func(rows uint64) { bar.ChangeMax64(int64(rows)) }
	e.Done = func(rows uint64) { _ = bar.Add64(int64(rows)) } // a bar that cannot be drawn is no reason to stop
	options := download.ObservationOptions{Format: format, People: c.BOM, Lang: r.Lang, Register: in.register, Selection: selection, Known: r.now().In(in.loc)}
	err = r.out(func(w io.Writer) error {
		_, err := download.Write(w, options, func(give func(schema.Observation) error) error { return from.Extract(ctx, e, give) })
		return err
	})
	_ = bar.Finish()
	switch {
	case ctx.Err() != nil && r.File == "":
		return words.Fail(nil, "export-cut")
	case ctx.Err() != nil:
		return words.Fail(nil, "export-cancelled", "file", r.File)
	}
	return err
}

// instant reads a time, or a day that means its end.
func (in *installation) instant(flag, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if d, err := schema.ParseDate(text); err == nil {
		return d.EndIn(in.loc), nil
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return t, usage("bad-time", "flag", flag, "text", text)
	}
	return t, nil
}

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
	between := compareCmd{Step: "1d"}
	for _, bound := range []struct {
		flag, text string
		day        *dayFlag
	}{{"--from", c.From, &between.From}, {"--to", c.To, &between.To}} {
		if err := bound.day.read(bound.flag, bound.text); err != nil {
			return err
		}
	}
	days, err := between.days(schema.Date{})
	if err != nil {
		return err
	}
	in, err := openInstallation(ctx, r, "export")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.close()) }()
	if last := days[len(days)-1]; last.After(in.today()) {
		return usage("openmetrics-future", "day", last, "today", in.today())
	}
	out := exporter.NewHistory(in.register, in.loc, c.Label)
	defer func() { err = errors.Join(err, out.Close()) }()
	bar := r.drawn(int64(len(days)), true, seldom(), r.named("exporting"))
	for _, d := range days {
		j, err := in.docket.JudgeAt(ctx, d, time.Time{})
		if err != nil {
			return fmt.Errorf("comparing as of %s: %w", d, err)
		}
		if err := out.Add(j.Verdicts, moments(d, in.loc, c.Every)...); err != nil {
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

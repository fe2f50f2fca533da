package app

import (
	"context"
	"errors"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

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
	allowed := []string{}
	for _, f := range download.Formats() {
		allowed = append(allowed, string(f))
	}
	format, err := r.format(append(allowed, openMetrics)...)
	if err != nil {
		return err
	}
	if c.BOM && format != string(download.CSV) {
		return usage("export-bom-csv")
	}
	if f, ok := r.Out.(*os.File); ok && format == string(download.XLSX) && r.File == "" && term.IsTerminal(int(f.Fd())) {
		return usage("export-needs-file")
	}
	h, err := openHouse(ctx, r, "export")
	if err != nil {
		return err
	}
	return errors.Join(c.export(ctx, r, h, download.Format(format)), h.close())
}

func (c exportCmd) export(ctx context.Context, r *run, h *house, format download.Format) error {
	asked := download.Asked{Indicators: c.Indicator, Regions: c.Region, From: c.From, To: c.To, AsOf: c.AsOf, KnownAt: c.KnownAt, Vintages: c.Vintages}
	selection, err := asked.Select(h.register, h.loc, func(parameter string) string { return "--" + parameter })
	if err != nil {
		return &exitError{exitUsage, err}
	}
	from := download.Reader{Store: h.store.Store, Register: h.register}
	e := download.Extract{Selection: selection}
	if e.Stand, err = from.Stand(ctx); err != nil {
		return err
	}
	if computed := from.Computed(selection.Indicators); selection.Vintages && len(computed) > 0 {
		r.log.Warn(r.say("export-no-vintages", "names", computed))
	}
	bar := r.exporting(r.File != "", 1, progressbar.OptionShowIts()) // in stored rows
	e.Count = func(rows uint64) { bar.ChangeMax64(int64(rows)) }
	e.Done = func(rows uint64) { _ = bar.Add64(int64(rows)) } // a bar that cannot be drawn is no reason to stop
	options := download.ObservationOptions{Format: format, People: c.BOM, Lang: r.Lang, Register: h.register, Selection: selection, Known: r.now().In(h.loc)}
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
func (h *house) instant(flag, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if d, err := schema.ParseDate(text); err == nil {
		return d.EndIn(h.loc), nil
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return t, usage("bad-time", "flag", flag, "text", text)
	}
	return t, nil
}

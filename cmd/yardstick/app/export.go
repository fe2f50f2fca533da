package app

import (
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"maps"
	"slices"
	"time"

	"yardstick/schema"
	"yardstick/schema/clickhouse"
)

type exportCmd struct {
	Indicator []string `help:"Indicator code or name; may be repeated. 指标代码或名称。" placeholder:"CODE"`
	Region    []string `help:"Region code or name; may be repeated. 地区代码或名称。" placeholder:"CODE"`
	AsOf      string   `name:"as-of" help:"What was published by the end of that day. 截至该日已发布。" placeholder:"DATE"`
	KnownAt   string   `name:"known-at" help:"What was received and not withdrawn by then. 截至该时刻已收到。" placeholder:"TIME"`
	Vintages  string   `help:"'all': every vintage, not only the one in force. 全部版本。" placeholder:"all"`
}

// Run prints observations as indicator,region,period,basis,value,unit,status,
// published_at,receipt.
func (c exportCmd) Run(ctx context.Context, r *run) error {
	format, err := r.format("csv", "json")
	if err != nil {
		return err
	}
	h, err := openHouse(ctx, r, "export")
	if err != nil {
		return err
	}
	return errors.Join(c.export(ctx, r, h, format), h.close())
}

func (c exportCmd) export(ctx context.Context, r *run, h *house, format string) error {
	q, err := c.query(h)
	if err != nil {
		return err
	}
	rows, err := h.store.Observations(ctx, q)
	if err != nil {
		return err
	}
	if !q.Vintages {
		derived, err := h.derivedRows(ctx, q)
		if err != nil {
			return err
		}
		rows = append(rows, derived...)
	}
	if format == "json" {
		if rows == nil {
			rows = []schema.Observation{}
		}
		return r.json(rows)
	}
	return r.out(func(w io.Writer) error { return writeObservations(w, rows) })
}

// derivedRows computes those of the named indicators that have a formula: they
// are stored nowhere and have no receipt.
func (h *house) derivedRows(ctx context.Context, q clickhouse.Query) ([]schema.Observation, error) {
	var wanted []string
	for _, code := range q.Indicators {
		if ind, ok := h.register.Indicators.ByCode(code); ok && ind.Formula != nil {
			wanted = append(wanted, code)
		}
	}
	if len(wanted) == 0 {
		return nil, nil
	}
	all := q
	all.Indicators = nil
	rows, err := h.store.Observations(ctx, all)
	if err != nil {
		return nil, err
	}
	series := map[seriesKey][]schema.Observation{}
	if _, err := h.derive(series, rows); err != nil {
		return nil, err
	}
	var out []schema.Observation
	for _, k := range slices.SortedFunc(maps.Keys(series), func(a, b seriesKey) int {
		return cmp.Or(cmp.Compare(a.Indicator, b.Indicator), cmp.Compare(a.Region, b.Region))
	}) {
		if slices.Contains(wanted, k.Indicator) {
			out = append(out, series[k]...)
		}
	}
	return out, nil
}

func (c exportCmd) query(h *house) (q clickhouse.Query, err error) {
	if q.AsOf, err = day("--as-of", c.AsOf); err != nil {
		return q, err
	}
	if q.KnownAt, err = h.instant("--known-at", c.KnownAt); err != nil {
		return q, err
	}
	switch c.Vintages {
	case "":
	case "all":
		q.Vintages = true
	default:
		return q, usage("bad-vintages")
	}
	for _, name := range c.Indicator {
		ind, err := h.indicator(name)
		if err != nil {
			return q, err
		}
		q.Indicators = append(q.Indicators, ind.Code)
	}
	for _, name := range c.Region {
		code := name
		if region, ok := h.register.Regions.Find(name); ok {
			code = region.Code
		}
		q.Regions = append(q.Regions, code)
	}
	return q, nil
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

func writeObservations(w io.Writer, rows []schema.Observation) error {
	out := csv.NewWriter(w)
	if err := out.Write([]string{"indicator", "region", "period", "basis", "value", "unit", "status", "published_at", "receipt"}); err != nil {
		return err
	}
	for _, o := range rows {
		value := ""
		if o.Value != nil {
			value = o.Value.String()
		}
		if err := out.Write([]string{o.Indicator, o.Region, o.Period.String(), string(o.Basis), value, o.Unit, string(o.Status),
			o.PublishedAt.String(), o.Receipt}); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

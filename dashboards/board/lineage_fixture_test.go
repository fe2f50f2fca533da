package board

import (
	"context"
	"fmt"
	"time"

	"yardstick/dashboards/lineage"
	"yardstick/schema"
)

// tracer traces the fixture's figures: every cell of the accepted receipt
// stands in one wide sheet with merged headings.
type tracer struct {
	*fixture
	table error // instead of a table
}

func (f tracer) Published(ctx context.Context, k schema.Key) (out []schema.Observation, err error) {
	all, err := f.Vintages(ctx, schema.SeriesKey{Indicator: k.Indicator, Region: k.Region}, schema.NewDate(2026, 1, 1))
	for _, o := range all {
		if ind, _ := f.register.Indicators.ByCode(k.Indicator); o.Key == k && ind.Formula == nil {
			out = append(out, o)
		}
	}
	return out, err
}

func (f tracer) FromCell(ctx context.Context, receipt, cell string) (out []schema.Observation, err error) {
	for _, series := range f.series {
		for _, o := range series {
			// The sample series all begin in D2: the farmland is meant.
			if o.Receipt == receipt && o.Cell == cell && o.Indicator == "high-standard-farmland" {
				out = append(out, o)
			}
		}
	}
	return out, ctx.Err()
}

func (f tracer) Brought(ctx context.Context, receipt string, limit int) ([]schema.Observation, uint64, error) {
	var out []schema.Observation
	for _, t := range f.register.Policies[0].Targets {
		for _, o := range f.series[schema.SeriesKey{Indicator: t.Indicator, Region: t.Region}] {
			if o.Receipt == receipt {
				out = append(out, o)
			}
		}
	}
	return out[:min(len(out), limit)], uint64(len(out)), ctx.Err()
}

func (f tracer) InForce(ctx context.Context, asOf schema.Date, indicator string) (out []schema.Observation, err error) {
	if asOf.IsZero() {
		asOf = today
	}
	for k, series := range f.series {
		if k.Indicator == indicator {
			out = append(out, knownOn(series, asOf)...)
		}
	}
	return out, ctx.Err()
}

func (f tracer) Derived(ctx context.Context, asOf schema.Date, k schema.Key) (schema.Observation, []schema.Input, bool, error) {
	if asOf.IsZero() {
		asOf = today
	}
	for _, o := range knownOn(f.series[schema.SeriesKey{Indicator: k.Indicator, Region: k.Region}], asOf) {
		if o.Key != k || o.Receipt != "" {
			continue
		}
		term := func(role schema.Role, indicator, value, cell string) schema.Input {
			v := schema.MustDecimal(value)
			key := k
			key.Indicator = indicator
			return schema.Input{Role: role, Observation: schema.Observation{Key: key, Value: &v, Written: value, Unit: "亿元", UnitWritten: "亿元",
				Status: schema.StatusProvisional, PublishedAt: o.PublishedAt, Receipt: "R-2025-0007", Cell: cell, Synthetic: true}}
		}
		return o, []schema.Input{term("numerator", "strategic-industry-value-added", "310.60", "D8"), term("denominator", "gdp", "2248.71", "D7")}, true, ctx.Err()
	}
	return schema.Observation{}, nil, false, ctx.Err()
}

func (f tracer) Uses(ctx context.Context, receipt, cell string) ([]schema.Use, error) {
	p, _ := f.register.Policy(policyID)
	t, _ := f.register.Target(policyID, "high-standard-farmland")
	now, before := f.verdict(p, t, today), f.verdict(p, t, today.AddDays(-30))
	return []schema.Use{{First: now, At: time.Date(2025, 6, 16, 2, 0, 0, 0, time.UTC), Cause: schema.CauseFigure, Before: &before, Last: today, Count: 15}}, ctx.Err()
}

func (f tracer) UsesOf(ctx context.Context, k schema.Key) ([]schema.Use, error) {
	return nil, ctx.Err()
}

func (f tracer) Life(ctx context.Context, receipt string) ([]schema.ReceiptEvent, error) {
	r, ok, err := f.Receipt(ctx, receipt)
	if !ok || err != nil {
		return nil, err
	}
	status := r.Status
	if r.Status == schema.Unchanged {
		status = schema.Accepted // the first vintages of the samples are said to be from it
	}
	return []schema.ReceiptEvent{
		{Receipt: receipt, Seq: 6, State: schema.Pending, Actor: "填报人甲", At: r.ReceivedAt, Reason: "数字是 777.7"},
		{Receipt: receipt, Seq: 7, State: status, Actor: "审核人乙", At: r.ReceivedAt.Add(time.Hour), Reason: "与台账核对一致"}}, nil
}

func (f tracer) Attached(ctx context.Context, receipt string) ([]schema.Act, error) {
	return []schema.Act{{Kind: schema.ActAttach, Subject: receipt, Actor: "填报人甲", At: time.Date(2025, 6, 16, 3, 0, 0, 0, time.UTC),
		Fields: map[string]string{"what": "signed-form", "name": "签字件-身份证.pdf", "sha256": "ab12"}}}, ctx.Err()
}

func (f tracer) Entry(ctx context.Context, seq uint64) (string, error) {
	return "95f8da88218a77ab7eb4928fb8829d8fa85c9baa18bf65ae9d283b9507349f46", ctx.Err()
}

func (f tracer) Entered(schema.Receipt) bool { return false }

func (f tracer) Writers(string) []schema.Feed {
	return []schema.Feed{{Name: "monthly-targets", Title: schema.Text{Zh: "目标月报", En: "Monthly targets"}}}
}

// Table is a sheet of 40 columns and 300 rows, cut around the cell in column D.
func (f tracer) Table(ctx context.Context, r schema.Receipt, cell string) (schema.CellTable, error) {
	if f.table != nil {
		return schema.CellTable{}, f.table
	}
	row := 0
	if _, err := fmt.Sscanf(cell, "D%d", &row); err != nil {
		return schema.CellTable{}, lineage.ErrNoTable
	}
	number := schema.MustDecimal("31.40")
	out := schema.CellTable{Format: "xlsx", Tables: 3, Hidden: 1, Sheet: "快报", Records: 300, Widest: 40, RowsAfter: 260, ColumnsLeft: 14, Found: true, Line: row,
		Number: &number, Origins: []schema.CellOrigin{{Field: "indicator", Cell: "A9", Text: "高标准农田"}, {Field: "period", Cell: "C1", Text: "2025年5月"},
			{Field: "region", Text: "大连市"}, {Field: "unit", Cell: "B1", Text: "万亩"}}}
	for n := 1; n <= 26; n++ {
		c := schema.CellColumn{Number: n, Hidden: n == 20}
		if n == 12 {
			c.Before = 2
		}
		out.Columns = append(out.Columns, c)
	}
	for i := 1; i <= 30; i++ {
		shown := schema.CellRow{Number: i, Hidden: i == 5}
		if i == 12 {
			shown.Before = 6
		}
		for n := 1; n <= 26; n++ {
			c := schema.TableCell{Text: fmt.Sprintf("%d.%d", i, n), Across: 1, Down: 1, Outside: n > 24}
			switch {
			case i == row && n == 4:
				c.Text, c.Marked, c.Formula = "31.40", true, true
				out.Text = c.Text
			case i == 1 && n == 2:
				c.Text, c.Fields = "单位：万亩", []string{"unit"}
			case i == 1 && n == 3:
				c.Text, c.Across, c.Fields = "2025年5月", 3, []string{"period"}
			case i == 1 && (n == 4 || n == 5):
				c.Covered, c.Text = true, ""
			case i == 9 && n == 1:
				c.Text, c.Fields = "高标准农田", []string{"indicator"}
			case n == 1 && i > 1:
				c.Text = "一项名称很长很长、需要换行才能放得下的农业农村指标"
			}
			shown.Cells = append(shown.Cells, c)
		}
		out.Rows = append(out.Rows, shown)
	}
	return out, ctx.Err()
}

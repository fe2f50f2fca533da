package app

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"

	"yardstick/collectors/reading/written"
	"yardstick/schema"
	"yardstick/schema/clickhouse"
	"yardstick/schema/words"
)

type reportCmd struct {
	sending
	Indicator string `arg:"" help:"Indicator code or name. 指标代码或名称。"`
	Value     string `arg:"" optional:"" help:"The figure, as it should be kept. 数值。"`
	NoChange  bool   `help:"The last figure stands: nothing changed in this period. 本期无变化。"`
	Period    string `help:"Reference period. 时期。" required:"" placeholder:"PERIOD"`
	Region    string `help:"Region code or name; without it, the policy's own. 地区。" placeholder:"CODE"`
	Unit      string `help:"Unit of the figure. 单位。" placeholder:"UNIT"`
	Basis     string `help:"point, period, ytd or cumulative. 口径。" placeholder:"BASIS"`
	Status    string `help:"Observation status: A, P, E … 数据状态。" default:"A" placeholder:"CODE"`
	Note      string `help:"A note kept with the figure. 备注。" placeholder:"TEXT"`
	Actor     string `help:"Who reports it. 填报人。" env:"USER" placeholder:"NAME"`
}

// Run takes in one figure without a file. It goes the way of every feed: a tidy
// file of one row, kept as received, read, checked and answered with a receipt.
func (c reportCmd) Run(ctx context.Context, r *run) error {
	format, err := r.format("table", "json")
	if err != nil {
		return err
	}
	if err := c.check(); err != nil {
		return err
	}
	switch {
	case c.NoChange && c.Value != "":
		return usage("nochange-value")
	case !c.NoChange && c.Value == "":
		return usage("value-needed")
	}
	h, err := openWriting(ctx, r, "report-value")
	if err != nil {
		return err
	}
	receipt, err := c.report(ctx, h)
	if err = errors.Join(err, h.close()); err != nil {
		return err
	}
	ingest := ingestCmd{sending: c.sending}
	if err := ingest.print(r, format, []schema.Receipt{receipt}); err != nil {
		return err
	}
	return exitFor(receipt)
}

func (c reportCmd) report(ctx context.Context, h *house) (schema.Receipt, error) {
	if _, err := h.moment("--release-at", c.ReleaseAt); err != nil {
		return schema.Receipt{}, err
	}
	if c.Region == "" {
		c.Region = h.register.Policies[0].Region
	}
	if c.NoChange {
		if err := c.carry(ctx, h); err != nil {
			return schema.Receipt{}, err
		}
	}
	body, err := c.file()
	if err != nil {
		return schema.Receipt{}, err
	}
	s := c.submission("report-value.csv", c.Actor, bytes.NewReader(body))
	s.single = true
	return h.ingest(ctx, s)
}

// carry puts in the last figure of the series, and a note that says so. Only
// what goes on from period to period can stand unchanged: a stock, a total
// since some day, and within one year what has counted since January.
func (c *reportCmd) carry(ctx context.Context, h *house) error {
	ind, err := h.indicator(c.Indicator)
	if err != nil {
		return err
	}
	region, ok := h.register.Regions.Find(c.Region)
	if !ok {
		return usage("no-region", "name", c.Region)
	}
	period, told, err := schema.ParsePeriod(c.Period)
	if err != nil {
		return usage("bad-period", "flag", "--period", "text", c.Period)
	}
	basis := cmp.Or(basisOf(c.Basis, ind), told, ind.Basis)
	if basis == schema.InPeriod {
		return usage("nochange-basis", "indicator", ind.Name, "basis", words.Say("basis-"+string(basis)))
	}
	held, err := h.store.Observations(ctx, clickhouse.Query{Indicators: []string{ind.Code}, Regions: []string{region.Code}})
	if err != nil {
		return err
	}
	last, found := lastBefore(held, basis, period)
	switch {
	case !found:
		return usage("nochange-none", "indicator", ind.Name, "period", period)
	case !last.Judgeable() || last.Status == schema.StatusEstimated:
		return usage("nochange-unfit", "indicator", ind.Name, "last", last.Period, "status", string(last.Status))
	}
	c.Value, c.Unit, c.Basis = last.Value.String(), last.Unit, string(basis)
	note := words.Say("nochange-note", "last", last.Period, "value", last.Value.String()+last.Unit, "receipt", last.Receipt).In(schema.Chinese)
	if c.Note != "" {
		note += "；" + c.Note
	}
	c.Note = note
	return nil
}

// basisOf reads a basis as files write it; of two meanings (累计) it is the
// indicator's own.
func basisOf(text string, ind schema.Indicator) schema.Basis {
	bases := written.ReadBasis(text)
	switch {
	case len(bases) == 0:
		return ""
	case slices.Contains(bases, ind.Basis):
		return ind.Basis
	}
	return bases[0]
}

// lastBefore is the newest figure of a basis before the period: for one that
// counts within the year, of the same year.
func lastBefore(held []schema.Observation, basis schema.Basis, period schema.Period) (last schema.Observation, found bool) {
	for _, o := range held {
		switch {
		case o.Basis != basis || !o.Period.Last().Before(period.Last()):
		case basis == schema.YearToDate && o.Period.Last().Year != period.Last().Year:
		case !found || o.Period.Last().After(last.Period.Last()):
			last, found = o, true
		}
	}
	return last, found
}

// file is the figure as a tidy feed of one row. A column that was not given is
// left out, so that the same questions are asked as of a file.
func (c reportCmd) file() ([]byte, error) {
	var head, row []string
	for _, field := range [][2]string{{"indicator", c.Indicator}, {"region", c.Region}, {"period", c.Period}, {"value", c.Value},
		{"unit", c.Unit}, {"basis", c.Basis}, {"status", c.Status}, {"note", c.Note}} {
		if field[1] != "" {
			head, row = append(head, field[0]), append(row, field[1])
		}
	}
	var b bytes.Buffer
	if err := csv.NewWriter(&b).WriteAll([][]string{head, row}); err != nil {
		return nil, fmt.Errorf("writing the figure down: %w", err)
	}
	return b.Bytes(), nil
}

package app

import (
	"bytes"
	"context"
	"errors"

	"yardstick/collectors/desk"
	"yardstick/schema"
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
	body, err := h.desk.Write(ctx, desk.Figure{Indicator: c.Indicator, Value: c.Value, NoChange: c.NoChange, Period: c.Period,
		Region: c.Region, Unit: c.Unit, Basis: c.Basis, Status: c.Status, Note: c.Note})
	if err != nil {
		return schema.Receipt{}, err
	}
	return give(ctx, h, "ingest", handIn{sending: c.sending, Name: "report-value.csv", Actor: c.Actor, Single: true}, bytes.NewReader(body))
}

package app

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"

	"yardstick/schema"
)

type reportCmd struct {
	sending
	Indicator string `arg:"" help:"Indicator code or name. 指标代码或名称。"`
	Value     string `arg:"" help:"The figure, as it should be kept. 数值。"`
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
	h, err := openHouse(ctx, r, "report-value")
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
	if c.Region == "" {
		c.Region = h.register.Policies[0].Region
	}
	body, err := c.file()
	if err != nil {
		return schema.Receipt{}, err
	}
	return h.ingest(ctx, submission{feed: c.Feed, name: "report-value.csv", actor: c.Actor, published: c.Published,
		acceptValid: c.AcceptValid, answers: c.Answer, body: body})
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

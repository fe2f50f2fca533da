package app

import (
	"bytes"
	"context"
	"log/slog"
	"time"

	"yardstick/collectors/pipeline"
	"yardstick/comparator/exporter"
	"yardstick/schema"
)

// desk is where files arrive at a server: drop folders, pulls, uploads, other
// commands.
type desk struct {
	house   *house
	metrics *exporter.Exporter
	log     *slog.Logger
	real    *pipeline.Pipeline // on the real clock, for the samples
}

func newDesk(h *house, metrics *exporter.Exporter, real func() time.Time, log *slog.Logger) (*desk, error) {
	d := &desk{house: h, metrics: metrics, log: log}
	var err error
	if h.pipe, err = h.pipeline(h.now, log, d.received); err != nil {
		return nil, err
	}
	if d.real, err = h.pipeline(real, log, d.received); err != nil {
		return nil, err
	}
	return d, nil
}

// received counts a receipt and says it in the log.
func (d *desk) received(r schema.Receipt, took time.Duration) {
	d.metrics.ObserveReceipt(r, took)
	level := slog.LevelInfo
	if r.Status == schema.Refused || r.Status == schema.Failed || r.Status == schema.Asked {
		level = slog.LevelWarn
	}
	d.log.Log(context.Background(), level, "receipt", "feed", r.Feed, "receipt", r.ID, "file", r.File, "status", r.Status,
		"accepted", r.Accepted, "revised", r.Revised, "unchanged", r.UnchangedN, "problems", len(r.Problems), "questions", len(r.Questions))
}

// load takes in a file that the program brings along.
func (d *desk) load(ctx context.Context, f Feed, name, actor string, body []byte) (schema.Receipt, error) {
	return d.real.Run(ctx, pipeline.Submission{Feed: f.config(), Name: name, Body: bytes.NewReader(body), Actor: actor})
}

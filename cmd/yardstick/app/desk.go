package app

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"time"

	"yardstick/collectors/pipeline"
	"yardstick/collectors/schedule"
	"yardstick/collectors/source"
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
	cron    *schedule.Scheduler
}

// comparatorJob is the scheduler's name for the comparator, which no feed can
// have.
const comparatorJob = "/comparator"

func newDesk(h *house, metrics *exporter.Exporter, real func() time.Time, log *slog.Logger) (*desk, error) {
	d := &desk{house: h, metrics: metrics, log: log}
	var err error
	if h.pipe, err = h.pipeline(h.now, log, d.received); err != nil {
		return nil, err
	}
	if d.real, err = h.pipeline(real, log, metrics.ObserveReceipt); err != nil { // many at once: counted, not told one by one
		return nil, err
	}
	// Rules go by the real clock, also where the house's is pinned.
	if d.cron, err = schedule.New(schedule.Options{State: h.cfg.path("state", "schedule.json"), Log: log}); err != nil {
		return nil, fmt.Errorf("opening the schedule: %w", err)
	}
	for _, f := range h.cfg.Feeds {
		job, err := d.job(f)
		if err != nil {
			return nil, fmt.Errorf("feed %s: %w", f.Name, err)
		}
		if err := d.cron.Add(job); err != nil {
			return nil, &exitError{exitUsage, err}
		}
	}
	err = d.cron.Add(schedule.Job{Feed: comparatorJob, Cron: h.cfg.CompareAt, Zone: h.cfg.TimeZone, Run: func(context.Context) error {
		h.onChange(schema.CauseTime)
		return nil
	}})
	if err != nil {
		return nil, &exitError{exitUsage, err}
	}
	return d, nil
}

// job is what is run for a feed: its files are taken from where they come.
func (d *desk) job(f Feed) (schedule.Job, error) {
	way, err := source.New(f.Config, source.Options{Feed: f.Name, Data: d.house.cfg.Data, Limit: f.MaxBytes, Log: d.log})
	if err != nil {
		return schedule.Job{}, err
	}
	take := func(ctx context.Context, file *source.File) (schema.Receipt, error) {
		return d.submit(ctx, pipeline.Submission{Feed: f.config(), Name: file.Name, URL: file.URL, Body: file, Actor: way.Actor()})
	}
	return schedule.Job{Feed: f.Name, Cron: cmp.Or(f.Cron, way.Rule()), Zone: cmp.Or(f.TimeZone, d.house.cfg.TimeZone), Watch: way.Watch(),
		Run: func(ctx context.Context) error { return way.Collect(ctx, take) }}, nil
}

// submit runs a file through the house's pipeline and asks for a comparison
// when it changed something.
func (d *desk) submit(ctx context.Context, s pipeline.Submission) (schema.Receipt, error) {
	receipt, err := d.house.pipe.Run(ctx, s)
	if err != nil {
		return receipt, err
	}
	return receipt, d.house.after(ctx, receipt, causeOf(receipt))
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

// start begins collecting.
func (d *desk) start(ctx context.Context) { d.cron.Start(ctx) }

// stop ends collecting. A run under way is told to end and waited for: what it
// has not committed is not in, and the file is still there for the next start.
func (d *desk) stop() {
	ctx, cancel := context.WithTimeout(context.Background(), 500*time.Millisecond)
	defer cancel()
	_ = d.cron.Stop(ctx) // it says only that runs were cut off
}

// nextRun is when a feed is collected next; zero when only by hand.
func (s *server) nextRun(feed string) time.Time {
	for _, st := range s.desk.cron.Status() {
		if st.Feed == feed {
			return st.Next
		}
	}
	return time.Time{}
}

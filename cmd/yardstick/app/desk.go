package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
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

// job is what is run for a feed: its pull, its SFTP folder or its drop folder.
func (d *desk) job(f Feed) (schedule.Job, error) {
	job := schedule.Job{Feed: f.Name, Cron: f.Cron, Zone: f.TimeZone}
	if job.Zone == "" {
		job.Zone = d.house.cfg.TimeZone
	}
	if f.URL != "" {
		if job.Cron == "" {
			job.Cron = "@hourly"
		}
		pull, err := d.pull(f)
		job.Run = func(ctx context.Context) error { return d.fetch(ctx, f, pull) }
		return job, err
	}
	if f.SFTP != nil {
		if job.Cron == "" {
			job.Cron = "*/5 * * * *"
		}
		way, err := d.house.cfg.sftp(f, d.log)
		if err == nil {
			err = way.Check()
		}
		job.Run = func(ctx context.Context) error { return d.collect(ctx, f, way) }
		return job, err
	}
	folder := f.Drop
	if folder == "" {
		folder = d.house.cfg.path("drop", f.Name)
	}
	drop, err := source.NewDrop(folder, source.DropOptions{Log: d.log})
	if err != nil {
		return job, err
	}
	job.Run = func(ctx context.Context) error { return d.empty(ctx, f, drop) }
	job.Watch = drop.Watch
	return job, nil
}

func (d *desk) pull(f Feed) (*source.Pull, error) {
	header := http.Header{}
	for name, env := range f.HeadersEnv {
		value, err := source.Secret(env, "")
		if err != nil {
			return nil, err
		}
		header.Set(name, value)
	}
	return source.NewPull(source.PullOptions{URL: f.URL, Header: header, State: d.house.cfg.path("state", "pull", f.Name+".json"), Limit: f.MaxBytes})
}

// fetch pulls the feed's file and takes it in, unless it has not changed.
func (d *desk) fetch(ctx context.Context, f Feed, pull *source.Pull) error {
	file, err := pull.Fetch(ctx)
	if errors.Is(err, source.ErrNotModified) {
		d.log.Debug("not modified", "feed", f.Name)
		return nil
	}
	if err != nil {
		return fmt.Errorf("fetching the feed: %w", err)
	}
	receipt, err := d.submit(ctx, pipeline.Submission{Feed: f.config(), Name: file.Name, URL: file.URL, Body: file, Actor: "pull"})
	if err == nil && receipt.Status != schema.Failed {
		err = file.Keep()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("taking in %s: %w", file.URL, err)
	}
	return nil
}

// empty takes in every settled file of the drop folder, the oldest first. A
// file that cannot be dealt with now stays and is tried again later.
func (d *desk) empty(ctx context.Context, f Feed, drop *source.Drop) error {
	files, err := drop.Ready()
	if err != nil {
		return err
	}
	var all error
	for _, file := range files {
		if err := d.dropped(ctx, f, drop, file); err != nil {
			drop.Later(file)
			all = errors.Join(all, fmt.Errorf("taking in %s: %w", file.Name, err))
		}
		if ctx.Err() != nil {
			break
		}
	}
	return all
}

func (d *desk) dropped(ctx context.Context, f Feed, drop *source.Drop, file source.Dropped) error {
	body, err := drop.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // written anew or taken away: the next look sees it
	}
	if err != nil {
		return err
	}
	receipt, err := d.submit(ctx, pipeline.Submission{Feed: f.config(), Name: file.Name, Body: body, Actor: "drop"})
	if err = errors.Join(err, body.Close()); err != nil {
		return err
	}
	return drop.Finish(file, receipt)
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

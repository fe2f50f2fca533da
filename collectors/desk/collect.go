package desk

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"yardstick/collectors/pipeline"
	"yardstick/collectors/schedule"
	"yardstick/collectors/secrecy"
	"yardstick/collectors/source"
	"yardstick/collectors/validate"
	"yardstick/schema"
	"yardstick/schema/words"
)

// ComparatorJob is the scheduler's name for the comparator, which no feed can
// have.
const ComparatorJob = "/comparator"

// Schedule makes the jobs that collect what feeds leave by themselves, and the one
// that has the targets compared at times. They go by the real clock, also where
// the docket's is pinned.
func (d *Desk) Schedule(compareAt string) (*schedule.Scheduler, error) {
	cron, err := schedule.New(schedule.Options{State: d.path("state", "schedule.json"), Log: d.o.Log})
	if err != nil {
		return nil, fmt.Errorf("opening the schedule: %w", err)
	}
	for _, f := range d.o.Feeds {
		job, err := d.job(f)
		if err != nil {
			return nil, fmt.Errorf("feed %s: %w", f.Name, err)
		}
		if err := cron.Add(job); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrMisuse, err)
		}
	}
	err = cron.Add(schedule.Job{Feed: ComparatorJob, Cron: compareAt, Zone: d.o.Zone, Run: func(ctx context.Context) error {
		return d.Changed(ctx, schema.CauseTime)
	}})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrMisuse, err)
	}
	d.cron = cron
	return cron, nil
}

// job is what is run for a feed: its files are taken from where they come.
func (d *Desk) job(f schema.Feed) (schedule.Job, error) {
	var way *source.Collector
	grew := func(ctx context.Context, receipt, name string) error {
		_, err := d.Act(ctx, schema.Act{Kind: schema.ActGrew, Subject: receipt, Actor: way.Actor(), Fields: map[string]string{"file": secrecy.Name(name)}})
		return err
	}
	way, err := source.New(source.Config(f.Source), source.Options{Feed: f.Name, Data: d.o.Data, Temp: d.path("state", "incoming"), Limit: f.MaxBytes, Log: d.o.Log,
		Told: secrecy.Name, Grew: grew})
	if err != nil {
		return schedule.Job{}, err
	}
	take := func(ctx context.Context, file *source.File) (schema.Receipt, error) {
		return d.Submit(ctx, pipeline.Submission{Feed: f, Name: file.Name, URL: file.URL, Body: file.ReadCloser, Actor: way.Actor()})
	}
	return schedule.Job{Feed: f.Name, Cron: cmp.Or(f.Cron, way.Rule()), Zone: cmp.Or(f.TimeZone, d.o.Zone), Watch: way.Watch(),
		Run: func(ctx context.Context) error { return way.Collect(ctx, take) }}, nil
}

// Check tells everything wrong with what is agreed about a feed: rules, addresses,
// secrets, answers. zone is that of schedules that name none.
func Check(f schema.Feed, zone string) (faults []error) {
	because := func(err error) {
		if err != nil {
			faults = append(faults, err)
		}
	}
	because(schedule.CheckRule(f.Name, cmp.Or(f.Cron, "@hourly"), cmp.Or(f.TimeZone, zone)))
	because(source.Config(f.Source).Check())
	for _, key := range slices.Sorted(maps.Keys(f.Given)) {
		if !validate.KnownAnswer(key) || validate.OneTime(key) {
			because(words.Fail(nil, "config-feed-given", "name", f.Name, "key", key))
		}
	}
	if f.PublishedAfter != nil && *f.PublishedAfter < 0 {
		because(words.Fail(nil, "config-feed-published", "name", f.Name))
	}
	switch {
	case f.Revisions != "" && f.Revisions != schema.RevisionsExpected:
		because(words.Fail(nil, "config-feed-revisions", "name", f.Name, "written", string(f.Revisions)))
	case f.Revisions != "" && f.RequireReason:
		because(words.Fail(nil, "config-feed-reasons", "name", f.Name))
	}
	if f.MaxBytes < 0 {
		because(words.Fail(nil, "config-feed-bytes", "name", f.Name))
	}
	if f.Still < 0 {
		because(words.Fail(nil, "config-feed-still", "name", f.Name))
	}
	return faults
}

// Release puts in force what waited for its time alone and is due by the real
// clock, and compares when something changed.
func (d *Desk) Release(ctx context.Context) ([]schema.Receipt, error) {
	next := d.Store.NextRelease()
	if next.IsZero() || next.After(d.o.Real()) {
		return nil, nil
	}
	done, err := d.Store.Release(ctx, d.o.Real())
	for _, r := range done {
		if r.Status.Counts() {
			if cerr := d.Changed(ctx, causeOf(r)); err == nil {
				err = cerr
			}
			break
		}
	}
	return done, err
}

// ReleaseAll releases at the time until ctx ends. Between times it looks every minute, for
// clocks that are set.
func (d *Desk) ReleaseAll(ctx context.Context) {
	for {
		wait := time.Minute
		if next := d.Store.NextRelease(); !next.IsZero() {
			wait = min(wait, max(0, next.Sub(d.o.Real())))
		}
		select {
		case <-ctx.Done():
			return
		case <-d.waits:
			continue
		case <-time.After(wait):
		}
		if !d.ReleaseNow(ctx) && wait == 0 {
			select { // it failed and is still due
			case <-ctx.Done():
			case <-time.After(10 * time.Second):
			}
		}
	}
}

// ReleaseNow releases what is due and says so in the log.
func (d *Desk) ReleaseNow(ctx context.Context) bool {
	done, err := d.Release(ctx)
	for _, r := range done {
		d.o.Log.Info("released", "feed", r.Feed, "receipt", r.ID, "status", r.Status, "accepted", r.Accepted, "revised", r.Revised, "unchanged", r.UnchangedN)
	}
	if err != nil && ctx.Err() == nil {
		d.o.Log.Error("a release failed; it is tried again", "err", err)
	}
	return err == nil
}

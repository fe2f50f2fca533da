package desk

import (
	"cmp"
	"context"
	"fmt"

	"yardstick/collectors/pipeline"
	"yardstick/collectors/schedule"
	"yardstick/collectors/source"
	"yardstick/schema"
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
	way, err := source.New(source.Config(f.Source), source.Options{Feed: f.Name, Data: d.o.Data, Limit: f.MaxBytes, Log: d.o.Log})
	if err != nil {
		return schedule.Job{}, err
	}
	take := func(ctx context.Context, file *source.File) (schema.Receipt, error) {
		return d.Submit(ctx, pipeline.Submission{Feed: f, Name: file.Name, URL: file.URL, Body: file, Actor: way.Actor()})
	}
	return schedule.Job{Feed: f.Name, Cron: cmp.Or(f.Cron, way.Rule()), Zone: cmp.Or(f.TimeZone, d.o.Zone), Watch: way.Watch(),
		Run: func(ctx context.Context) error { return way.Collect(ctx, take) }}, nil
}

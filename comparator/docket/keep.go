package docket

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"yardstick/comparator"
	"yardstick/comparator/telling"
	"yardstick/schema"
	"yardstick/schema/targets"
)

// KeepRegisters keeps the registers and the calendar whole; runs name them.
func (d *Docket) KeepRegisters(ctx context.Context) error {
	whole, err := targets.Keep(d.Register, d.Calendar)
	if err != nil {
		return err
	}
	digest, err := d.Store.KeepRegisters(ctx, whole)
	if err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.judgedBy = digest
	return nil
}

// changes compares verdicts with those kept last: what is to be kept now, and
// why each changed. Verdicts without a change are kept once a day.
func changes(now, last []schema.Verdict) (keep []schema.Verdict, causes map[schema.Scope]string) {
	before := make(map[schema.Scope]schema.Verdict, len(last))
	for _, v := range last {
		before[v.Scope()] = v
	}
	causes = map[schema.Scope]string{}
	for _, v := range now {
		old, held := before[v.Scope()]
		switch {
		case !held:
			keep = append(keep, v)
		case !v.SameAs(old):
			causes[v.Scope()] = comparator.Cause(old, v)
			keep = append(keep, v)
		case v.AsOf != old.AsOf:
			keep = append(keep, v)
		}
	}
	return keep, causes
}

// Compared is what one comparison found.
type Compared struct {
	AsOf     schema.Date
	At       time.Time
	Took     time.Duration
	Verdicts []schema.Verdict
	Causes   map[schema.Scope]string // why each verdict changed that did
}

// Compare judges as of today and keeps what changed.
func (d *Docket) Compare(ctx context.Context, cause string) (Compared, error) {
	start := time.Now()
	asOf := d.Today()
	j, err := d.JudgeAt(ctx, asOf, time.Time{})
	if err != nil {
		return Compared{}, fmt.Errorf("comparing as of %s: %w", asOf, err)
	}
	last, err := d.Store.LastVerdicts(ctx)
	if err != nil {
		return Compared{}, err
	}
	causes, err := d.keepRun(ctx, schema.VerdictRun{At: start, AsOf: asOf, Cause: cause}, j.judged, last)
	if err == nil {
		err = d.Store.SaveTold(ctx, start, telling.ShowAll(j.Verdicts, j.Cases, d.Register))
	}
	return Compared{AsOf: asOf, At: start, Took: time.Since(start), Verdicts: j.Verdicts, Causes: causes}, err
}

// keepRun keeps a run, whose time, day and cause are given, with those of its
// verdicts that differ from the last. It returns why each changed.
func (d *Docket) keepRun(ctx context.Context, run schema.VerdictRun, now, last []schema.Verdict) (map[schema.Scope]string, error) {
	keep, causes := changes(now, last)
	d.mu.Lock()
	run.Registers = d.judgedBy
	d.mu.Unlock()
	run.ID, run.Judged, run.Changed = rand.Text(), len(now), len(causes)
	run.Height, _ = d.Store.Head()
	return causes, d.Store.SaveRun(ctx, run, keep, causes)
}

// Recall judges as of each of days and keeps the changes, so that a store filled
// at once shows how its verdicts came about. The run's time is the day's end.
func (d *Docket) Recall(ctx context.Context, days []schema.Date) error {
	last, err := d.Store.LastVerdicts(ctx)
	if err != nil {
		return err
	}
	for _, asOf := range days {
		j, err := d.JudgeAt(ctx, asOf, time.Time{})
		if err != nil {
			return fmt.Errorf("comparing as of %s: %w", asOf, err)
		}
		if _, err := d.keepRun(ctx, schema.VerdictRun{At: asOf.EndIn(d.Location), AsOf: asOf, Cause: schema.CauseTime}, j.judged, last); err != nil {
			return err
		}
		last = j.judged
	}
	return nil
}

package docket

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"time"

	"yardstick/comparator"
	"yardstick/comparator/telling"
	"yardstick/schema"
	"yardstick/schema/clickhouse"
	"yardstick/schema/targets"
	"yardstick/schema/words"
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

// changes compares verdicts with the last ones: what is to be kept now, and why
// each changed. Without a change, those of daily scopes are kept once a day, and
// any that rests on something else than before: whoever asks what a figure was
// used for, and what came of a chance, must find it.
func changes(now, last []schema.Verdict, daily map[schema.Scope]bool) (keep []schema.Verdict, causes map[schema.Scope]string) {
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
		case daily[v.Scope()] && v.AsOf != old.AsOf, !sameGround(old, v):
			keep = append(keep, v)
		}
	}
	return keep, causes
}

// sameGround reports whether two verdicts on a scope rest on the same register
// entry, way to the target and figures, brought by the same receipts, and tell the
// same chance.
func sameGround(a, b schema.Verdict) bool {
	return comparator.Cause(a, b) == schema.CauseTime && comparator.SameWay(a, b) && same(a.Chance, b.Chance) &&
		slices.EqualFunc(a.Inputs, b.Inputs, func(x, y schema.Input) bool {
			return x.Role == y.Role && x.Key == y.Key && x.Receipt == y.Receipt && x.Cell == y.Cell && x.Same(y.Observation)
		})
}

// same reports whether both are unknown, or equal.
func same(a, b *float64) bool { return (a == nil) == (b == nil) && (a == nil || *a == *b) }

// last is the verdicts of the last comparison: those kept, which held through
// its day, since what changes is kept.
func (d *Docket) last(ctx context.Context) ([]schema.Verdict, error) {
	last, err := d.Store.LastVerdicts(ctx)
	if err != nil {
		return nil, err
	}
	run, _, err := d.Store.LastRun(ctx)
	for i, v := range last {
		if run.AsOf.After(v.AsOf) {
			last[i].AsOf = run.AsOf
		}
	}
	return last, err
}

// daily are the scopes that are kept once a day without a change: the headline
// targets for their own region.
func (d *Docket) daily() map[schema.Scope]bool {
	out := map[schema.Scope]bool{}
	for _, p := range d.Register.Policies {
		for _, t := range p.Headline() {
			out[schema.Scope{Policy: p.ID, Target: t.ID, Region: t.Region}] = true
		}
	}
	return out
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
	last, err := d.last(ctx)
	if err != nil {
		return Compared{}, err
	}
	ruled, last, err := d.ruled(ctx, start, last)
	if err != nil {
		return Compared{}, err
	}
	start = start.Add(time.Millisecond) // after what the rule changed
	causes, err := d.keepRun(ctx, schema.VerdictRun{At: start, AsOf: asOf, Cause: cause}, j.judged, last)
	for scope, why := range ruled {
		if causes[scope] == "" {
			causes[scope] = why
		}
	}
	if err == nil {
		err = d.Store.SaveTold(ctx, start, append(telling.ShowAll(j.Verdicts, j.Cases, d.Register), d.unallocated(j)...))
	}
	return Compared{AsOf: asOf, At: start, Took: time.Since(start), Verdicts: j.Verdicts, Causes: causes}, err
}

// ruled judges anew what the last comparison judged, where another rule by which
// figures stand came into force since: as of its day, from what was known then.
// What differs is kept as a run of its own, so that a changed rule is told as the
// cause and no figure. It gives why each verdict changed, and the verdicts that the
// next run is held against.
func (d *Docket) ruled(ctx context.Context, at time.Time, last []schema.Verdict) (map[schema.Scope]string, []schema.Verdict, error) {
	run, found, err := d.Store.LastRun(ctx)
	if err != nil || !found || run.Height == 0 || run.Height >= d.Store.Ruled() {
		return nil, last, err
	}
	j, err := d.judge(ctx, clickhouse.Query{AsOf: run.AsOf, UpTo: run.Height})
	if err != nil {
		return nil, last, fmt.Errorf("judging by another rule as of %s: %w", run.AsOf, err)
	}
	now := map[schema.Scope]schema.Verdict{}
	for _, v := range j.judged {
		now[v.Scope()] = v
	}
	var anew []schema.Verdict // of those that were judged: what the register adds is the next run's
	next := slices.Clone(last)
	for i, was := range last {
		if v, ok := now[was.Scope()]; ok && comparator.Cause(was, v) != schema.CauseRegister && comparator.SameWay(was, v) {
			anew = append(anew, v)
			next[i] = v
		}
	}
	causes, err := d.keepRun(ctx, schema.VerdictRun{At: at, AsOf: run.AsOf, Cause: schema.CauseRule}, anew, last)
	return causes, next, err
}

// TellHistory says what was kept and is not told yet: what the last comparisons
// kept, and all there is when the sentences or the registers have changed. at is
// the last comparison's, or later: no comparison waits for it.
func (d *Docket) TellHistory(ctx context.Context, at time.Time) error {
	d.mu.Lock()
	wording := words.Digest() + "/" + d.judgedBy
	d.mu.Unlock()
	untold, err := d.Store.Untold(ctx, wording)
	if err != nil {
		return err
	}
	return d.Store.SaveHistory(ctx, at, wording, untold, func(k clickhouse.Kept, l schema.Language) schema.Shown {
		return telling.ShowKept(k.Verdict, d.Register, l.Code)
	})
}

// unallocated is what there is to say of the figures of parts that nothing was
// allocated to.
func (d *Docket) unallocated(j Judgement) (out []schema.Shown) {
	for _, v := range j.Verdicts {
		c := j.Cases[v.Scope()]
		c.Forecaster = nil // nobody asks for its chance
		for _, r := range d.parts(v.Region) {
			series := j.Series[schema.SeriesKey{Indicator: c.Target.Indicator, Region: r.Code}]
			if part, of := c.Part(r, series); part.Asked == nil && part.Value != nil {
				for _, l := range schema.Languages() {
					out = append(out, telling.ShowPart(of, series, d.Register, l.Code))
				}
			}
		}
	}
	return out
}

// keepRun keeps a run, whose time, day and cause are given, with those of its
// verdicts that differ from the last. It returns why each changed.
func (d *Docket) keepRun(ctx context.Context, run schema.VerdictRun, now, last []schema.Verdict) (map[schema.Scope]string, error) {
	keep, causes := changes(now, last, d.daily())
	if run.Cause == schema.CauseRule {
		for scope := range causes {
			causes[scope] = schema.CauseRule
		}
	}
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
	last, err := d.last(ctx)
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

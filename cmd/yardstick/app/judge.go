package app

import (
	"context"
	"crypto/rand"
	"fmt"
	"maps"
	"slices"
	"time"

	"yardstick/comparator"
	"yardstick/comparator/derive"
	"yardstick/comparator/telling"
	"yardstick/schema"
	"yardstick/schema/clickhouse"
)

// seriesKey names a series: one indicator of one region.
type seriesKey struct{ Indicator, Region string }

// judgement is all targets judged as of one day, with the figures in force.
type judgement struct {
	judged   []schema.Verdict                 // with their reasons as they are kept
	verdicts []schema.Verdict                 // the same in words
	cases    map[schema.Scope]comparator.Case // what each verdict was made from
	series   map[seriesKey][]schema.Observation
	terms    map[schema.Key][]schema.Input // what each derived figure came from
}

// judgeAt judges every target, and what of it was allocated to parts, from what
// was published by the end of asOf and, if known is given, received and not
// withdrawn by then.
func (h *house) judgeAt(ctx context.Context, asOf schema.Date, known time.Time) (judgement, error) {
	q, err := h.needed()
	if err != nil {
		return judgement{}, err
	}
	q.AsOf, q.KnownAt = asOf, known
	rows, err := h.store.Observations(ctx, q)
	if err != nil {
		return judgement{}, err
	}
	j := judgement{series: map[seriesKey][]schema.Observation{}, cases: map[schema.Scope]comparator.Case{}}
	for _, o := range rows {
		k := seriesKey{o.Indicator, o.Region}
		j.series[k] = append(j.series[k], o)
	}
	d, err := h.derive(j.series, rows)
	if err != nil {
		return j, err
	}
	j.terms = d.terms
	for _, p := range h.register.Policies {
		for _, t := range p.Targets {
			if err := ctx.Err(); err != nil {
				return j, err
			}
			ind, ok := h.register.Indicators.ByCode(t.Indicator)
			if !ok {
				return j, fmt.Errorf("target %s: no indicator %s", t.ID, t.Indicator) // not reached: loading checks it
			}
			region, _ := h.register.Regions.ByCode(t.Region)
			k := seriesKey{t.Indicator, t.Region}
			c := comparator.Case{
				Target: t, Indicator: ind, Region: region, Issued: p.Issued, AsOf: asOf,
				Observations: j.series[k], Terms: d.terms, Lacking: d.lacking[k], Calendar: h.calendar, Forecaster: h.forecast,
			}
			j.judge(c)
			for _, a := range t.Allocations {
				part, _ := h.register.Regions.ByCode(a.Region)
				of, _ := comparator.PartCase(c, part, j.series[seriesKey{t.Indicator, a.Region}])
				of.Lacking = d.lacking[seriesKey{t.Indicator, a.Region}]
				j.judge(of)
			}
		}
	}
	return j, nil
}

func (j *judgement) judge(c comparator.Case) {
	v := comparator.Judge(c)
	j.judged, j.cases[v.Scope()] = append(j.judged, v), c
	j.verdicts = append(j.verdicts, telling.Verdict(v, c.Indicator))
}

// needed selects the figures that the registers' targets are judged on: their
// indicators with the terms of derived ones, for their regions and the parts of
// those.
func (h *house) needed() (q clickhouse.Query, err error) {
	indicators, regions := map[string]bool{}, map[string]bool{}
	for _, p := range h.register.Policies {
		for _, t := range p.Targets {
			codes, err := derive.Needs(h.register.Indicators, t.Indicator)
			if err != nil {
				return q, fmt.Errorf("target %s: %w", t.ID, err)
			}
			for _, code := range codes {
				indicators[code] = true
			}
			regions[t.Region] = true
			for _, part := range h.parts(t.Region) {
				regions[part.Code] = true
			}
		}
	}
	q.Indicators, q.Regions = slices.Sorted(maps.Keys(indicators)), slices.Sorted(maps.Keys(regions))
	return q, nil
}

// parts are the regions that lie in the region.
func (h *house) parts(region string) (out []schema.Region) {
	for _, r := range h.register.Regions.All() {
		if r.Parent == region {
			out = append(out, r)
		}
	}
	return out
}

// divide puts the parts of a target's region beside it.
func (h *house) divide(j judgement, c comparator.Case) comparator.Parts {
	known := map[string][]schema.Observation{}
	parts := h.parts(c.Region.Code)
	for _, r := range parts {
		known[r.Code] = j.series[seriesKey{c.Target.Indicator, r.Code}]
	}
	return telling.Divide(c, parts, known)
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

// compared is what one comparison found.
type compared struct {
	asOf     schema.Date
	at       time.Time
	took     time.Duration
	verdicts []schema.Verdict
	causes   map[schema.Scope]string
}

// compareNow judges as of today and keeps what changed.
func (h *house) compareNow(ctx context.Context, cause string) (compared, error) {
	start := time.Now()
	asOf := h.today()
	j, err := h.judgeAt(ctx, asOf, time.Time{})
	if err != nil {
		return compared{}, fmt.Errorf("comparing as of %s: %w", asOf, err)
	}
	last, err := h.store.LastVerdicts(ctx)
	if err != nil {
		return compared{}, err
	}
	causes, err := h.keepRun(ctx, schema.VerdictRun{At: start, AsOf: asOf, Cause: cause}, j.judged, last)
	if err == nil {
		err = h.saveDeliveries(ctx, start, asOf)
	}
	if err == nil {
		err = h.store.SaveTold(ctx, start, telling.ShowAll(j.verdicts, j.cases, h.register))
	}
	return compared{asOf: asOf, at: start, took: time.Since(start), verdicts: j.verdicts, causes: causes}, err
}

// keepRun keeps a run, whose time, day and cause are given, with those of its
// verdicts that differ from the last. It returns why each changed.
func (h *house) keepRun(ctx context.Context, run schema.VerdictRun, now, last []schema.Verdict) (map[schema.Scope]string, error) {
	keep, causes := changes(now, last)
	run.ID, run.Judged, run.Changed, run.Registers = rand.Text(), len(now), len(causes), h.judgedBy
	run.Height, _ = h.store.Head()
	return causes, h.store.SaveRun(ctx, run, keep, causes)
}

// recall judges as of each of days and keeps the changes, so that a store filled
// at once shows how its verdicts came about. The run's time is the day's end.
func (h *house) recall(ctx context.Context, days []schema.Date) error {
	last, err := h.store.LastVerdicts(ctx)
	if err != nil {
		return err
	}
	for _, asOf := range days {
		j, err := h.judgeAt(ctx, asOf, time.Time{})
		if err != nil {
			return fmt.Errorf("comparing as of %s: %w", asOf, err)
		}
		if _, err := h.keepRun(ctx, schema.VerdictRun{At: asOf.EndIn(h.loc), AsOf: asOf, Cause: schema.CauseTime}, j.judged, last); err != nil {
			return err
		}
		last = j.judged
	}
	return nil
}

// compareAndSave is compareNow for commands that only want it done.
func (h *house) compareAndSave(ctx context.Context, cause string) error {
	if h.onChange != nil { // the server compares by itself
		h.onChange(cause)
		return nil
	}
	if err := h.saveRegisters(ctx); err != nil {
		return err
	}
	_, err := h.compareNow(ctx, cause)
	return err
}

// judged is judgeAt with the answers of one state of the ledger remembered, for
// pages that ask for the same day again and again.
func (h *house) judged(ctx context.Context, asOf schema.Date) (judgement, error) {
	height, _ := h.store.Head()
	h.cache.Lock()
	if h.cache.days == nil || h.cache.height != height || len(h.cache.days) > mostDaysKept {
		h.cache.height, h.cache.days = height, map[schema.Date]judgement{}
	}
	j, ok := h.cache.days[asOf]
	h.cache.Unlock()
	if ok {
		return j, nil
	}
	j, err := h.judgeAt(ctx, asOf, time.Time{})
	if err != nil {
		return j, err
	}
	h.cache.Lock()
	defer h.cache.Unlock()
	if h.cache.height == height {
		h.cache.days[asOf] = j
	}
	return j, nil
}

// mostDaysKept bounds the memory of judged.
const mostDaysKept = 60

// derived is what the catalogue's formulas gave besides the figures.
type derived struct {
	terms   map[schema.Key][]schema.Input
	lacking map[seriesKey][]comparator.Lack
}

// derive adds to series the figures that the catalogue's formulas give, for
// every region that has a term, and tells what each came from and what kept
// others from being computed.
func (h *house) derive(series map[seriesKey][]schema.Observation, rows []schema.Observation) (derived, error) {
	d := derived{map[schema.Key][]schema.Input{}, map[seriesKey][]comparator.Lack{}}
	for _, ind := range h.register.Indicators.All() {
		if ind.Formula == nil {
			continue
		}
		needs, err := derive.Needs(h.register.Indicators, ind.Code)
		if err != nil {
			return d, fmt.Errorf("deriving %s: %w", ind.Code, err)
		}
		regions := map[string][]schema.Observation{}
		for _, o := range rows {
			if slices.Contains(needs, o.Indicator) {
				regions[o.Region] = append(regions[o.Region], o)
			}
		}
		for region, obs := range regions {
			found, err := derive.Compute(h.register.Indicators, ind.Code, region, obs)
			if err != nil {
				return d, fmt.Errorf("deriving %s for %s: %w", ind.Code, region, err)
			}
			k := seriesKey{ind.Code, region}
			series[k] = append(series[k], found.Observations()...)
			maps.Copy(d.terms, found.Terms())
			for _, g := range found.Missing {
				term, _ := h.register.Indicators.ByCode(g.Term)
				d.lacking[k] = append(d.lacking[k], comparator.Lack{Period: g.Key.Period, Basis: g.Key.Basis, Term: term.Name, Because: g.Because})
			}
		}
	}
	return d, nil
}

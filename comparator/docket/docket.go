// Package docket loads the series that targets are judged on, has them judged,
// keeps the verdicts with their history and answers as of any day.
package docket

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"yardstick/comparator"
	"yardstick/comparator/derive"
	"yardstick/comparator/forecast"
	"yardstick/comparator/telling"
	"yardstick/schema"
	"yardstick/schema/calendar"
	"yardstick/schema/clickhouse"
	"yardstick/schema/targets"
)

// Options are what a docket rests on.
type Options struct {
	Register *targets.Register
	Calendar *calendar.Calendar
	Store    *clickhouse.Store
	Location *time.Location
	Now      func() time.Time // the clock; pinned in a demonstration
}

// Docket judges the targets of the registers. It is safe for concurrent use.
type Docket struct {
	Options
	forecast forecast.Forecaster

	mu       sync.Mutex
	judgedBy string // digest of the registers as kept; "" before they were
	height   uint64 // of the ledger that the days are remembered for
	days     map[schema.Date]Judgement
}

// New makes a docket.
func New(o Options) (*Docket, error) {
	forecaster, err := forecast.New()
	if err != nil {
		return nil, fmt.Errorf("loading the forecaster: %w", err)
	}
	return &Docket{Options: o, forecast: remember(forecaster)}, nil
}

// Today is the day of the clock in its time zone.
func (d *Docket) Today() schema.Date { return schema.DateOf(d.Now().In(d.Location)) }

// Stamp names what pages rest on: the day, and the ledger's height, by which
// Judgements are remembered.
func (d *Docket) Stamp() string {
	height, _ := d.Store.Head()
	return fmt.Sprintf("%s-%d", d.Today(), height)
}

// Judgement is all targets judged as of one day, with the figures in force.
type Judgement struct {
	judged   []schema.Verdict                 // with their reasons as they are kept
	Verdicts []schema.Verdict                 // the same in words
	Cases    map[schema.Scope]comparator.Case // what each verdict was made from
	Series   map[schema.SeriesKey][]schema.Observation
	Terms    map[schema.Key][]schema.Input // what each derived figure came from
}

// JudgeAt judges every target, and what of it was allocated to parts, from what
// was published by the end of asOf and, if known is given, received and not
// withdrawn by then.
func (d *Docket) JudgeAt(ctx context.Context, asOf schema.Date, known time.Time) (Judgement, error) {
	return d.judge(ctx, clickhouse.Query{AsOf: asOf, KnownAt: known})
}

// judge is JudgeAt from what known selects of the figures needed.
func (d *Docket) judge(ctx context.Context, known clickhouse.Query) (Judgement, error) {
	q, err := d.needed()
	if err != nil {
		return Judgement{}, err
	}
	asOf := known.AsOf
	known.Indicators, known.Regions = q.Indicators, q.Regions
	rows, err := d.Store.Observations(ctx, known)
	if err != nil {
		return Judgement{}, err
	}
	j := Judgement{Series: map[schema.SeriesKey][]schema.Observation{}, Cases: map[schema.Scope]comparator.Case{}}
	for _, o := range rows {
		k := schema.SeriesKey{Indicator: o.Indicator, Region: o.Region}
		j.Series[k] = append(j.Series[k], o)
	}
	lacking, err := d.derive(&j, rows)
	if err != nil {
		return j, err
	}
	for _, p := range d.Register.Policies {
		for _, t := range p.Targets {
			if err := ctx.Err(); err != nil {
				return j, err
			}
			ind, ok := d.Register.Indicators.ByCode(t.Indicator)
			if !ok {
				return j, fmt.Errorf("target %s: no indicator %s", t.ID, t.Indicator) // not reached: loading checks it
			}
			region, _ := d.Register.Regions.ByCode(t.Region)
			k := schema.SeriesKey{Indicator: t.Indicator, Region: t.Region}
			c := comparator.Case{
				Target: t, Indicator: ind, Region: region, Issued: p.Issued, AsOf: asOf,
				Observations: j.Series[k], Terms: j.Terms, Lacking: lacking[k], Calendar: d.Calendar, Forecaster: d.forecast,
			}
			j.judge(c)
			for _, a := range t.Allocations {
				part, _ := d.Register.Regions.ByCode(a.Region)
				of, _ := comparator.PartCase(c, part, j.Series[schema.SeriesKey{Indicator: t.Indicator, Region: a.Region}])
				of.Lacking = lacking[schema.SeriesKey{Indicator: t.Indicator, Region: a.Region}]
				j.judge(of)
			}
		}
	}
	return j, nil
}

func (j *Judgement) judge(c comparator.Case) {
	v := comparator.Judge(c)
	j.judged, j.Cases[v.Scope()] = append(j.judged, v), c
	j.Verdicts = append(j.Verdicts, telling.Verdict(v, c.Indicator))
}

// needed selects the figures that the registers' targets are judged on: their
// indicators with the terms of derived ones, for their regions and the parts of
// those.
func (d *Docket) needed() (q clickhouse.Query, err error) {
	indicators, regions := map[string]bool{}, map[string]bool{}
	for _, p := range d.Register.Policies {
		for _, t := range p.Targets {
			codes, err := derive.Needs(d.Register.Indicators, t.Indicator)
			if err != nil {
				return q, fmt.Errorf("target %s: %w", t.ID, err)
			}
			for _, code := range codes {
				indicators[code] = true
			}
			regions[t.Region] = true
			for _, part := range d.parts(t.Region) {
				regions[part.Code] = true
			}
		}
	}
	q.Indicators, q.Regions = slices.Sorted(maps.Keys(indicators)), slices.Sorted(maps.Keys(regions))
	return q, nil
}

// parts are the regions that lie in the region.
func (d *Docket) parts(region string) (out []schema.Region) {
	for _, r := range d.Register.Regions.All() {
		if r.Parent == region {
			out = append(out, r)
		}
	}
	return out
}

// Divide puts the parts of a target's region beside it.
func (d *Docket) Divide(j Judgement, c comparator.Case) comparator.Parts {
	known := map[string][]schema.Observation{}
	parts := d.parts(c.Region.Code)
	for _, r := range parts {
		known[r.Code] = j.Series[schema.SeriesKey{Indicator: c.Target.Indicator, Region: r.Code}]
	}
	return telling.Divide(c, parts, known)
}

// Judged is JudgeAt with the answers of one state of the ledger remembered, for
// pages that ask for the same day again and again. No day is today.
func (d *Docket) Judged(ctx context.Context, asOf schema.Date) (Judgement, error) {
	asOf = d.day(asOf)
	height, _ := d.Store.Head()
	d.mu.Lock()
	if d.days == nil || d.height != height || len(d.days) > mostDaysKept {
		d.height, d.days = height, map[schema.Date]Judgement{}
	}
	j, ok := d.days[asOf]
	d.mu.Unlock()
	if ok {
		return j, nil
	}
	j, err := d.JudgeAt(ctx, asOf, time.Time{})
	if err != nil {
		return j, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.height == height {
		d.days[asOf] = j
	}
	return j, nil
}

// mostDaysKept bounds the memory of Judged.
const mostDaysKept = 60

// derive adds to the judgement's series the figures that the catalogue's formulas
// give, for every region that has a term, with what each came from. It tells what
// kept others from being computed.
func (d *Docket) derive(j *Judgement, rows []schema.Observation) (map[schema.SeriesKey][]comparator.Lack, error) {
	j.Terms = map[schema.Key][]schema.Input{}
	lacking := map[schema.SeriesKey][]comparator.Lack{}
	for _, ind := range d.Register.Indicators.All() {
		if ind.Formula == nil {
			continue
		}
		needs, err := derive.Needs(d.Register.Indicators, ind.Code)
		if err != nil {
			return nil, fmt.Errorf("deriving %s: %w", ind.Code, err)
		}
		regions := map[string][]schema.Observation{}
		for _, o := range rows {
			if slices.Contains(needs, o.Indicator) {
				regions[o.Region] = append(regions[o.Region], o)
			}
		}
		for region, obs := range regions {
			found, err := derive.Compute(d.Register.Indicators, ind.Code, region, obs)
			if err != nil {
				return nil, fmt.Errorf("deriving %s for %s: %w", ind.Code, region, err)
			}
			k := schema.SeriesKey{Indicator: ind.Code, Region: region}
			j.Series[k] = append(j.Series[k], found.Observations()...)
			maps.Copy(j.Terms, found.Terms())
			for _, g := range found.Missing {
				term, _ := d.Register.Indicators.ByCode(g.Term)
				lacking[k] = append(lacking[k], comparator.Lack{Period: g.Key.Period, Basis: g.Key.Basis, Term: term.Name, Because: g.Because})
			}
		}
	}
	return lacking, nil
}

// remembering is a forecaster that does not work out the same answer twice: day
// after day a history asks about the same figures. It is safe for concurrent use.
type remembering struct {
	of forecast.Forecaster

	answers memory[forecast.Answer]
	paths   memory[[]forecast.Step]
}

// memory is what was worked out, by a digest of the question.
type memory[T any] struct {
	mu   sync.Mutex
	held map[[sha256.Size]byte]T
}

// mostAnswers bounds the memory; past it, all is forgotten.
const mostAnswers = 10_000

func remember(of forecast.Forecaster) *remembering {
	return &remembering{of: of, answers: memory[forecast.Answer]{held: map[[sha256.Size]byte]forecast.Answer{}},
		paths: memory[[]forecast.Step]{held: map[[sha256.Size]byte][]forecast.Step{}}}
}

// Forecast answers as the forecaster does.
func (r *remembering) Forecast(q forecast.Question) forecast.Answer {
	return r.answers.of(q, r.of.Forecast)
}

// Path is the way of an answer, worked out once as the answer is; none where the
// forecaster cannot tell it.
func (r *remembering) Path(q forecast.Question) []forecast.Step {
	of, tells := r.of.(forecast.Pather)
	if !tells {
		return nil
	}
	return r.paths.of(q, of.Path)
}

// of is what work gives for the question. That depends on the whole question but
// for the day it is asked: a forecast is of the figures, not of when somebody looks
// at them.
func (m *memory[T]) of(q forecast.Question, work func(forecast.Question) T) T {
	timeless := q
	timeless.AsOf = schema.Date{}
	text, err := json.Marshal(timeless)
	if err != nil { // not reached: a question is plain data
		return work(q)
	}
	key := sha256.Sum256(text)
	m.mu.Lock()
	held, known := m.held[key]
	m.mu.Unlock()
	if known {
		return held
	}
	held = work(q)
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.held) >= mostAnswers {
		clear(m.held)
	}
	m.held[key] = held
	return held
}

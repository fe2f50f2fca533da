package docket

import (
	"context"
	"slices"

	"yardstick/comparator"
	"yardstick/schema"
	"yardstick/schema/clickhouse"
	"yardstick/schema/vintage"
)

// day turns the zero day into today.
func (d *Docket) day(asOf schema.Date) schema.Date {
	if asOf.IsZero() {
		return d.Today()
	}
	return asOf
}

// Verdicts are all targets judged as of that day.
func (d *Docket) Verdicts(ctx context.Context, asOf schema.Date) ([]schema.Verdict, error) {
	j, err := d.Judged(ctx, asOf)
	if err != nil {
		return nil, err
	}
	return j.Verdicts, nil
}

// Series are the figures in force as of that day, derived ones included.
func (d *Docket) Series(ctx context.Context, asOf schema.Date, keys []schema.SeriesKey) (map[schema.SeriesKey][]schema.Observation, error) {
	j, err := d.Judged(ctx, asOf)
	if err != nil {
		return nil, err
	}
	out := make(map[schema.SeriesKey][]schema.Observation, len(keys))
	for _, k := range keys {
		if rows := j.Series[k]; len(rows) > 0 {
			rows = slices.Clone(rows)
			slices.SortStableFunc(rows, func(a, b schema.Observation) int { return a.Period.Compare(b.Period) })
			out[k] = rows
		}
	}
	return out, nil
}

// Vintages are all published values of one series as of that day.
func (d *Docket) Vintages(ctx context.Context, key schema.SeriesKey, asOf schema.Date) ([]schema.Observation, error) {
	return d.Store.Observations(ctx, clickhouse.Query{
		Indicators: []string{key.Indicator}, Regions: []string{key.Region}, AsOf: d.day(asOf), Vintages: true})
}

// Case is what the verdict on a target for its own region was made from.
func (d *Docket) Case(ctx context.Context, asOf schema.Date, policy, target string) (comparator.Case, bool, error) {
	j, err := d.Judged(ctx, asOf)
	if err != nil {
		return comparator.Case{}, false, err
	}
	t, _ := d.Register.Target(policy, target)
	c, ok := j.Cases[schema.Scope{Policy: policy, Target: target, Region: t.Region}]
	return c, ok, nil
}

// Parts are the parts of the region of a case beside it.
func (d *Docket) Parts(ctx context.Context, c comparator.Case) (comparator.Parts, error) {
	j, err := d.Judged(ctx, c.AsOf)
	if err != nil {
		return comparator.Parts{}, err
	}
	return d.Divide(j, c), nil
}

// Scorecard is how good the chances told so far turned out.
func (d *Docket) Scorecard(ctx context.Context) (comparator.Scorecard, error) {
	told, err := d.Store.Chances(ctx)
	if err != nil {
		return comparator.Scorecard{}, err
	}
	last, err := d.Store.LastVerdicts(ctx)
	if err != nil {
		return comparator.Scorecard{}, err
	}
	return comparator.ScoreForecasts(told, last), nil
}

// Turns are the changes of status of a policy's verdicts, as they were told.
func (d *Docket) Turns(ctx context.Context, asOf schema.Date, policy string) (map[schema.Scope][]schema.Turn, error) {
	return d.Store.Turns(ctx, policy, d.day(asOf))
}

// InForce are the figures of an indicator in force as of that day, those that a
// formula gives included.
func (d *Docket) InForce(ctx context.Context, asOf schema.Date, indicator string) ([]schema.Observation, error) {
	rows, err := d.Store.Observations(ctx, clickhouse.Query{Indicators: []string{indicator}, AsOf: d.day(asOf)})
	if err != nil {
		return nil, err
	}
	if ind, ok := d.Register.Indicators.ByCode(indicator); !ok || ind.Formula == nil {
		return rows, nil
	}
	j, err := d.Judged(ctx, asOf)
	if err != nil {
		return nil, err
	}
	for k, series := range j.Series {
		if k.Indicator != indicator {
			continue
		}
		for _, o := range series {
			if o.Receipt == "" {
				rows = append(rows, o)
			}
		}
	}
	return rows, nil
}

// Derived is the figure of a key's fact that a formula gave as of that day, with
// its terms.
func (d *Docket) Derived(ctx context.Context, asOf schema.Date, k schema.Key) (schema.Observation, []schema.Input, bool, error) {
	j, err := d.Judged(ctx, asOf)
	if err != nil {
		return schema.Observation{}, nil, false, err
	}
	series := j.Series[schema.SeriesKey{Indicator: k.Indicator, Region: k.Region}]
	at := slices.IndexFunc(series, func(o schema.Observation) bool { return vintage.Fact(o.Key) == vintage.Fact(k) && o.Receipt == "" })
	if at < 0 {
		return schema.Observation{}, nil, false, nil
	}
	return series[at], j.Terms[series[at].Key], true, nil
}

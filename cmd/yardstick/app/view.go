package app

import (
	"context"
	"fmt"
	"slices"
	"time"

	"yardstick/comparator"
	"yardstick/dashboards/board"
	"yardstick/dashboards/web"
	"yardstick/schema"
	"yardstick/schema/calendar"
	"yardstick/schema/clickhouse"
)

// view is the house as the board reads it.
type view struct {
	*house
	nextRun func(feed string) time.Time // when a feed is collected next
}

// day0 turns the board's zero day into today.
func (v view) day0(asOf schema.Date) schema.Date {
	if asOf.IsZero() {
		return v.today()
	}
	return asOf
}

// Verdicts are all targets judged as of that day.
func (v view) Verdicts(ctx context.Context, asOf schema.Date) ([]schema.Verdict, error) {
	j, err := v.judged(ctx, v.day0(asOf))
	if err != nil {
		return nil, err
	}
	return j.verdicts, nil
}

// Series are the figures in force as of that day, derived ones included.
func (v view) Series(ctx context.Context, asOf schema.Date, keys []board.SeriesKey) (map[board.SeriesKey][]schema.Observation, error) {
	j, err := v.judged(ctx, v.day0(asOf))
	if err != nil {
		return nil, err
	}
	out := make(map[board.SeriesKey][]schema.Observation, len(keys))
	for _, k := range keys {
		if rows := j.series[seriesKey(k)]; len(rows) > 0 {
			rows = slices.Clone(rows)
			slices.SortStableFunc(rows, func(a, b schema.Observation) int { return a.Period.Compare(b.Period) })
			out[k] = rows
		}
	}
	return out, nil
}

// Vintages are all published values of one series as of that day.
func (v view) Vintages(ctx context.Context, key board.SeriesKey, asOf schema.Date) ([]schema.Observation, error) {
	return v.store.Observations(ctx, clickhouse.Query{
		Indicators: []string{key.Indicator}, Regions: []string{key.Region}, AsOf: v.day0(asOf), Vintages: true})
}

// Case is what the verdict on a target for its own region was made from.
func (v view) Case(ctx context.Context, asOf schema.Date, policy, target string) (comparator.Case, bool, error) {
	j, err := v.judged(ctx, v.day0(asOf))
	if err != nil {
		return comparator.Case{}, false, err
	}
	t, _ := v.register.Target(policy, target)
	c, ok := j.cases[schema.Scope{Policy: policy, Target: target, Region: t.Region}]
	return c, ok, nil
}

// Parts are the parts of the region of a case beside it.
func (v view) Parts(ctx context.Context, c comparator.Case) (comparator.Parts, error) {
	j, err := v.judged(ctx, c.AsOf)
	if err != nil {
		return comparator.Parts{}, err
	}
	return v.divide(j, c), nil
}

// Scorecard is how good the chances told so far turned out.
func (v view) Scorecard(ctx context.Context) (comparator.Scorecard, error) {
	told, err := v.store.Chances(ctx)
	if err != nil {
		return comparator.Scorecard{}, err
	}
	last, err := v.store.LastVerdicts(ctx)
	if err != nil {
		return comparator.Scorecard{}, err
	}
	return comparator.ScoreForecasts(told, last), nil
}

// Turns are the changes of status of a policy's verdicts, as they were told.
func (v view) Turns(ctx context.Context, asOf schema.Date, policy string) (map[schema.Scope][]schema.Turn, error) {
	return v.store.Turns(ctx, policy, v.day0(asOf))
}

// stamp names what the board's pages rest on: the day, and the ledger's height,
// by which judgements are remembered.
func (h *house) stamp() string {
	height, _ := h.store.Head()
	return fmt.Sprintf("%s-%d", h.today(), height)
}

// Receipts are the feed's latest.
func (v view) Receipts(ctx context.Context, feed string, limit int) ([]schema.Receipt, error) {
	return v.store.Receipts(ctx, feed, limit)
}

// Receipt is one receipt.
func (v view) Receipt(ctx context.Context, id string) (schema.Receipt, bool, error) {
	return v.store.Receipt(ctx, id)
}

// Feeds lists every configured feed, then those that only ever came by hand.
func (v view) Feeds(ctx context.Context) ([]web.Feed, error) {
	states, err := v.store.FeedStates(ctx, v.today())
	if err != nil {
		return nil, err
	}
	var out []web.Feed
	add := func(f Feed, s clickhouse.FeedState) {
		row := web.Feed{Name: f.Name, Title: f.Title, LastSuccess: s.LastSuccess, Questions: s.Questions, Problems: s.Problems, Synthetic: f.Synthetic}
		if owed := v.owed(f, s, v.today()); len(owed) > 0 {
			next := owed[len(owed)-1]
			row.Due, row.DuePeriod, row.Owed = owed[0].Due, owed[0].Period, len(owed)-1
			row.NextDue, row.NextPeriod = next.Due, next.Period
		}
		if v.nextRun != nil {
			row.NextRun = v.nextRun(f.Name)
		}
		out = append(out, row)
	}
	for _, f := range v.cfg.Feeds {
		add(f, states[f.Name])
		delete(states, f.Name)
	}
	byHand := make([]string, 0, len(states))
	for name := range states {
		byHand = append(byHand, name)
	}
	slices.Sort(byHand)
	for _, name := range byHand {
		add(Feed{Name: name}, states[name])
	}
	return out, nil
}

// owed is what a feed has not delivered, oldest first, and last what it owes
// next; nothing for a feed without a release rule. Before the first delivery it
// counts from the first policy's day of issue.
func (h *house) owed(f Feed, s clickhouse.FeedState, day schema.Date) []calendar.Delivery {
	plan := calendar.Plan{Frequency: f.Frequency, Release: f.Release, From: h.register.Policies[0].Issued}
	return h.calendar.Owed(plan, s.Periods, day, mostOwed)
}

// mostOwed bounds the list of a feed that has been silent for long.
const mostOwed = 24

// due is the day the feed's oldest undelivered period is due, and that period.
func (h *house) due(f Feed, s clickhouse.FeedState) (schema.Date, schema.Period) {
	owed := h.owed(f, s, h.today())
	if len(owed) == 0 {
		return schema.Date{}, schema.Period{}
	}
	return owed[0].Due, owed[0].Period
}

// feedOf finds a configured feed. A feed that is not configured is one by hand
// under that name, unless the configuration names feeds and this is not one.
func (h *house) feedOf(name string) (Feed, error) {
	for _, f := range h.cfg.Feeds {
		if f.Name == name {
			return f, nil
		}
	}
	if name == "" {
		return Feed{Name: handFeed, byHand: true}, nil
	}
	if len(h.cfg.Feeds) > 0 && name != handFeed {
		return Feed{}, usage("no-feed", "feed", name)
	}
	return Feed{Name: name, byHand: true}, nil
}

// handFeed is the name of what is handed in without naming a feed.
const handFeed = "manual"

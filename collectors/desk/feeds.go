package desk

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"yardstick/schema"
	"yardstick/schema/calendar"
	"yardstick/schema/words"
)

// Feeds tells how every feed stands today, and when it is collected next.
func (d *Desk) Feeds(ctx context.Context) ([]schema.FeedState, error) {
	all, err := d.feedsOn(ctx, d.docket.Today())
	if d.cron == nil || err != nil {
		return all, err
	}
	for _, st := range d.cron.Status() {
		if at := slices.IndexFunc(all, func(s schema.FeedState) bool { return s.Name == st.Feed }); at >= 0 {
			all[at].NextRun = st.Next
		}
	}
	return all, nil
}

// Taking are the feeds that files can be handed in for: those configured, or
// else the one by hand.
func (d *Desk) Taking(ctx context.Context) ([]schema.FeedState, error) {
	all, err := d.Feeds(ctx)
	if err != nil || len(d.o.Feeds) > 0 {
		return all[:min(len(all), len(d.o.Feeds))], err
	}
	hand := schema.FeedState{}
	if at := slices.IndexFunc(all, func(s schema.FeedState) bool { return s.Name == schema.HandFeed }); at >= 0 {
		hand = all[at]
	}
	hand.Name, hand.Title = schema.HandFeed, words.Say("upload-by-hand")
	return []schema.FeedState{hand}, nil
}

// Configured are the feeds of the configuration with who answers for them.
func (d *Desk) Configured() []schema.FeedState {
	out := make([]schema.FeedState, len(d.o.Feeds))
	for i, f := range d.o.Feeds {
		out[i] = schema.FeedState{Feed: f, By: d.office(f.Office)}
	}
	return out
}

// feedsOn tells how every feed stood on a day: the configured ones, then those
// that only ever came by hand.
func (d *Desk) feedsOn(ctx context.Context, day schema.Date) ([]schema.FeedState, error) {
	told, err := d.Store.FeedStates(ctx, day)
	if err != nil {
		return nil, err
	}
	out := make([]schema.FeedState, 0, len(d.o.Feeds))
	for _, f := range d.o.Feeds {
		s := told[f.Name]
		delete(told, f.Name)
		s.Feed = f
		out = append(out, d.owing(s, day))
	}
	for _, name := range slices.Sorted(maps.Keys(told)) {
		out = append(out, told[name])
	}
	return out, nil
}

// owing puts in who answers for the feed and what it owes on the day: nothing for
// one without a release rule. Before the first delivery it counts from the first
// policy's day of issue.
func (d *Desk) owing(s schema.FeedState, day schema.Date) schema.FeedState {
	s.By = d.office(s.Office)
	plan := calendar.Plan{Frequency: s.Frequency, Release: s.Release, From: d.docket.Register.Policies[0].Issued}
	if owed := d.docket.Calendar.Owed(plan, s.Periods, day, mostOwed); len(owed) > 0 {
		next := owed[len(owed)-1]
		s.Due, s.DuePeriod, s.Owed = owed[0].Due, owed[0].Period, len(owed)-1
		s.Excused = d.docket.Calendar.DueWithGrace(s.Release, s.DuePeriod)
		s.NextDue, s.NextPeriod = next.Due, next.Period
	}
	if s.Frequency != "" {
		s.Newest = schema.PeriodOf(s.Frequency, day)
		for d.docket.Calendar.Due(s.Release, s.Newest).After(day) {
			s.Newest = s.Newest.Prev()
		}
		s.Came = slices.Contains(s.Periods, s.Newest.Last())
	}
	return s
}

// office is an office of the configuration, empty when it names none such.
func (d *Desk) office(name string) schema.Office {
	i := slices.IndexFunc(d.o.Offices, func(o schema.Office) bool { return o.Name == name })
	if i < 0 {
		return schema.Office{}
	}
	return d.o.Offices[i]
}

// mostOwed bounds the list of a feed that has been silent for long.
const mostOwed = 24

// Feed finds a configured feed. A feed that is not configured is one by hand
// under that name, unless the configuration names feeds and this is not one.
func (d *Desk) Feed(name string) (schema.Feed, error) {
	if i := slices.IndexFunc(d.o.Feeds, func(f schema.Feed) bool { return f.Name == name }); i >= 0 {
		return d.o.Feeds[i], nil
	}
	name = cmp.Or(name, schema.HandFeed)
	if len(d.o.Feeds) > 0 && name != schema.HandFeed {
		return schema.Feed{}, misuse("no-feed", "feed", name)
	}
	return schema.Feed{Name: name, Hand: true}, nil
}

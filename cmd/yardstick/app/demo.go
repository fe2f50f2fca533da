package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"yardstick/cmd/yardstick/config"
	"yardstick/collectors/pipeline"
	"yardstick/collectors/samples"
	"yardstick/schema"
	"yardstick/schema/words"
)

// demoDay is where the demonstration's clock is pinned.
func demoDay() schema.Date { return schema.NewDate(2025, time.June, 30) }

// demoFeeds adds the feeds brought along to the configuration.
func demoFeeds(c *config.Config) error {
	feeds, err := samples.Feeds()
	if err != nil {
		return err
	}
	c.Feeds = append(c.Feeds, feeds...)
	if len(c.Meetings) == 0 {
		c.Meetings = demoMeetings()
	}
	return nil
}

// demoMeetings are days to compare with in a demonstration, as made up as its
// figures.
func demoMeetings() []schema.Date {
	return []schema.Date{
		schema.NewDate(2025, time.January, 15), schema.NewDate(2025, time.March, 20), schema.NewDate(2025, time.May, 15),
		schema.NewDate(2025, time.August, 20), schema.NewDate(2025, time.November, 13),
	}
}

// pinnedClock starts at noon of the day and goes on from there, but never
// leaves the day.
func pinnedClock(d schema.Date, loc *time.Location, real func() time.Time) func() time.Time {
	noon, began, end := d.In(loc).Add(12*time.Hour), real(), d.EndIn(loc)
	return func() time.Time {
		if t := noon.Add(real().Sub(began)); t.Before(end) {
			return t
		}
		return end
	}
}

// demoMark is the file in the data folder of a demonstration.
const demoMark = "demonstration"

// demonstrated reports whether a configuration's data folder is a demonstration's.
func demonstrated(c config.Config) bool {
	_, err := os.Stat(c.Path(demoMark))
	return err == nil
}

// mark keeps demonstrations and real figures in folders of their own, and pins
// the clock of a demonstration.
func (s *server) mark(ctx context.Context) error {
	file, marked := s.cfg.Path(demoMark), demonstrated(s.cfg)
	switch {
	case s.cmd.Demo && !marked:
		receipts, err := s.store.Receipts(ctx, "", 1)
		if err != nil {
			return err
		}
		if len(receipts) > 0 {
			return &exitError{exitUsage, words.Fail(nil, "demo-on-real", "dir", s.cfg.Data)}
		}
		if err := os.WriteFile(file, []byte(demoDay().String()+"\n"), 0o600); err != nil {
			return fmt.Errorf("marking the data folder: %w", err)
		}
	case !s.cmd.Demo && marked:
		return &exitError{exitUsage, words.Fail(nil, "real-on-demo", "dir", s.cfg.Data)}
	}
	if s.cmd.Demo {
		s.now, s.pinned = pinnedClock(demoDay(), s.loc, s.r.now), true
	}
	return nil
}

// loadSamples hands in every file of the shelves that the store does not hold
// yet, oldest first, through the same pipeline as any feed.
func (s *server) loadSamples(ctx context.Context) error {
	held, err := s.store.Snapshots(ctx)
	if err != nil {
		return err
	}
	wanted, err := samples.Missing(held)
	if err != nil || len(wanted) == 0 {
		return err
	}
	bar := s.r.drawn(int64(len(wanted)), true, s.r.named("loading-samples"))
	for _, f := range wanted {
		// The figures are of days after the pinned one, too: the board goes back
		// and forth in time. So they are received on the real day.
		receipt, err := s.desk.Load(ctx, pipeline.Submission{Feed: f.Feed, Name: f.Name, Body: bytes.NewReader(f.Body), Actor: "samples"})
		if err != nil {
			return fmt.Errorf("loading the sample %s/%s: %w", f.Feed.Name, f.Name, err)
		}
		if len(receipt.Problems)+len(receipt.Questions) > 0 {
			var all []error
			for _, p := range receipt.Problems {
				all = append(all, errors.New(place(p)+p.In(schema.English)))
			}
			for _, q := range receipt.Questions {
				all = append(all, errors.New(place(q.Problem)+q.In(schema.English)))
			}
			return fmt.Errorf("the sample %s/%s is %s: %w", f.Feed.Name, f.Name, receipt.Status, errors.Join(all...))
		}
		_ = bar.Add(1) // a bar that cannot be drawn is no reason to stop
	}
	_, compared, err := s.store.LastRun(ctx)
	if err != nil || compared {
		return err
	}
	return s.docket.Recall(ctx, monthEnds(s.register.Policies[0].Issued, s.today()))
}

// monthEnds lists the last days of the months from one day to before another.
func monthEnds(from, to schema.Date) []schema.Date {
	var out []schema.Date
	for p := schema.PeriodOf(schema.Monthly, from); p.Last().Before(to); p = p.Next() {
		out = append(out, p.Last())
	}
	return out
}

// demoOwners adds the owners brought along to the configuration, unless it
// names owners itself.
func demoOwners(c *config.Config) error {
	cast, err := samples.ReadCast()
	if err != nil || len(c.Owners) > 0 {
		return err
	}
	c.Offices, c.Owners = append(c.Offices, cast.Offices...), map[string]config.Own{}
	for office, targets := range cast.Owners {
		for _, id := range targets {
			c.Owners[id] = config.Own{Office: office}
		}
	}
	return nil
}

// loadStatements writes down what the owners brought along say and the store
// does not hold yet. Each keeps its own day, before the pinned one.
func (s *server) loadStatements(ctx context.Context) error {
	cast, err := samples.ReadCast()
	if err != nil {
		return err
	}
	acts, err := s.store.Acts(ctx, schema.ActStatement, "")
	if err != nil {
		return err
	}
	held := map[string]bool{}
	for _, a := range acts {
		held[a.Subject+" "+a.Fields["day"]] = true
	}
	for _, x := range cast.Statements {
		t, err := s.desk.Target(s.register.Policies[0].ID, x.Target)
		if err != nil {
			return fmt.Errorf("loading the statement on %s: %w", x.Target, err)
		}
		st := schema.Statement{Policy: t.Policy, Target: t.ID, Cause: x.Cause, Measures: x.Measures, Promised: x.Promised,
			By: x.By, Office: t.Office, Day: x.Day, Synthetic: true}
		if held[st.Subject()+" "+st.Day.String()] {
			continue
		}
		if _, err := s.store.Act(ctx, st.Act()); err != nil {
			return fmt.Errorf("loading the statement on %s: %w", x.Target, err)
		}
	}
	return nil
}

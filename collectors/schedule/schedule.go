// Package schedule runs collectors on cron rules, each feed in its own time
// zone. A feed never runs beside itself; a run that panics is a failed run and
// the next one comes; what was missed while nothing ran is made up once.
package schedule

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // cron rules name zones, also on machines without a zone database

	"github.com/robfig/cron/v3"

	"yardstick/schema/whole"
	"yardstick/schema/words"
)

// DefaultZone is the time zone of rules that name none.
const DefaultZone = "Asia/Shanghai"

// Job is what is run for one feed.
type Job struct {
	Feed string
	Cron string // five fields, or @hourly, @every 10m …; "" runs on triggers alone
	Zone string // IANA name; "" is DefaultZone
	Run  func(context.Context) error
	// Watch, if any, calls ready when something waits (a file in a folder)
	// until its context ends.
	Watch func(ctx context.Context, ready func()) error
}

// Status is how a feed's runs go.
type Status struct {
	Feed        string    `json:"-"`
	LastRun     time.Time `json:"last_run"`           // start of the last run that ended
	LastSuccess time.Time `json:"last_success"`       // start of the last run that ended well
	Failures    int       `json:"failures,omitempty"` // runs in a row that failed
	Next        time.Time `json:"-"`                  // zero: no rule
	LastError   string    `json:"-"`
	Running     bool      `json:"-"`
}

// Options tune a scheduler; zero fields mean the defaults.
type Options struct {
	State string // file that keeps when each feed last ran; "" keeps nothing
	Now   func() time.Time
	Log   *slog.Logger
}

// Scheduler runs jobs. We use cron's rules and not its runner: one goroutine a
// feed waits, runs and waits again, so that a feed cannot overlap itself and
// no chain of wrappers can leave a feed locked after a panic.
type Scheduler struct {
	o    Options
	jobs []*job

	mu      sync.Mutex
	runs    map[string]Status // by feed, also of feeds there were
	writing sync.Mutex        // one file after the other

	started bool
	halt    context.CancelFunc // no new runs
	cancel  context.CancelFunc // of those under way
	group   sync.WaitGroup
}

type job struct {
	Job
	rule cron.Schedule // nil: none
	zone *time.Location
	wake chan struct{} // holds one: a trigger during a run runs once more after it
}

// New makes a scheduler and reads when feeds last ran.
func New(o Options) (*Scheduler, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &Scheduler{o: o, runs: map[string]Status{}, halt: func() {}, cancel: func() {}}
	if err := whole.Kept(o.State, &s.runs); err != nil {
		return nil, fmt.Errorf("reading when feeds last ran (remove the file to start anew): %w", err)
	}
	if s.runs == nil { // the file says null
		s.runs = map[string]Status{}
	}
	return s, nil
}

// CheckRule reports whether a cron rule and zone can be understood.
func CheckRule(feed, rule, zone string) error {
	_, _, err := parse(feed, rule, zone)
	return err
}

func parse(feed, rule, zone string) (cron.Schedule, *time.Location, error) {
	zone = cmp.Or(zone, DefaultZone)
	loc, err := time.LoadLocation(zone)
	if err != nil {
		return nil, nil, words.Fail(err, "schedule-zone", "feed", feed, "zone", zone)
	}
	if rule == "" {
		return nil, loc, nil
	}
	s, err := cron.ParseStandard(rule)
	if err == nil && s.Next(time.Date(2025, 1, 1, 0, 0, 0, 0, loc)).IsZero() {
		err = errors.New("it names no moment that ever comes")
	}
	if err != nil {
		return nil, nil, words.Fail(err, "schedule-cron", "feed", feed, "spec", rule)
	}
	return s, loc, nil
}

// Add puts a job in. Call it before Start.
func (s *Scheduler) Add(j Job) error {
	if s.started {
		return errors.New("a job was added after the scheduler started")
	}
	rule, zone, err := parse(j.Feed, j.Cron, j.Zone)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(s.jobs, func(k *job) bool { return k.Feed == j.Feed }) {
		return words.Fail(nil, "schedule-twice", "feed", j.Feed)
	}
	k := &job{Job: j, rule: rule, zone: zone, wake: make(chan struct{}, 1)}
	s.note(k, func(st *Status) { st.Next = k.next(s.o.Now()) })
	s.jobs = append(s.jobs, k)
	return nil
}

// Start runs the jobs until ctx ends or Stop is called. It returns at once.
func (s *Scheduler) Start(ctx context.Context) {
	s.started = true
	ctx, s.cancel = context.WithCancel(ctx)
	open, halt := context.WithCancel(ctx)
	s.halt = halt
	for _, j := range s.jobs {
		s.group.Go(func() { s.loop(ctx, open, j) })
		if j.Watch != nil {
			s.group.Go(func() { s.watch(open, j) })
		}
	}
}

// Stop starts no more runs and waits for those under way. When ctx ends first
// they are told to stop, waited for, and ctx's error is returned.
func (s *Scheduler) Stop(ctx context.Context) error {
	s.halt()
	done := make(chan struct{})
	go func() {
		s.group.Wait()
		close(done)
	}()
	defer s.cancel()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		s.cancel()
		<-done
		return fmt.Errorf("runs under way were cancelled: %w", ctx.Err())
	}
}

// trigger runs the job now, or once more when it is running.
func (j *job) trigger() {
	select {
	case j.wake <- struct{}{}:
	default: // one waits already
	}
}

// Status tells how the runs go, by feed.
func (s *Scheduler) Status() []Status {
	out := make([]Status, 0, len(s.jobs))
	for _, j := range s.jobs {
		out = append(out, s.note(j, func(*Status) {}))
	}
	slices.SortFunc(out, func(a, b Status) int { return strings.Compare(a.Feed, b.Feed) })
	return out
}

// note changes what is known of a job's runs, and gives it.
func (s *Scheduler) note(j *job, change func(*Status)) Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.runs[j.Feed]
	st.Feed = j.Feed
	change(&st)
	s.runs[j.Feed] = st
	return st
}

// next is when the rule comes round after t; zero without a rule.
func (j *job) next(t time.Time) time.Time {
	if j.rule == nil {
		return time.Time{}
	}
	return j.rule.Next(t.In(j.zone))
}

// nap bounds a wait, so that a clock that was set, or a machine that slept, is
// noticed.
const nap = 30 * time.Second

// loop runs a job when it is time, as long as runs may begin.
func (s *Scheduler) loop(ctx, open context.Context, j *job) {
	due := j.next(s.o.Now())
	if last := s.note(j, func(*Status) {}).LastRun; !last.IsZero() && j.rule != nil {
		if due = j.next(last); !due.After(s.o.Now()) {
			s.o.Log.Info("a run was missed while nothing ran; it is made up", "feed", j.Feed, "last_run", last)
			s.run(ctx, open, j)
			due = j.next(s.o.Now())
		}
	}
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		s.note(j, func(st *Status) { st.Next = due })
		wait := nap
		if !due.IsZero() {
			wait = min(wait, max(0, due.Sub(s.o.Now())))
		}
		timer.Reset(wait)
		select {
		case <-open.Done():
			return
		case <-j.wake:
			s.run(ctx, open, j)
			if now := s.o.Now(); due.IsZero() || now.Before(due) {
				due = j.next(now)
			} // else the rule came round meanwhile: it has its own run
		case <-timer.C:
			now := s.o.Now()
			switch next := j.next(now); {
			case due.IsZero():
			case !now.Before(due):
				s.run(ctx, open, j)
				due = j.next(s.o.Now())
			case next.Before(due): // the clock was set back
				due = next
			}
		}
	}
}

// run runs the job once and notes how it went. Only a run that ended is noted:
// one that was cut off by the end of the process is made up.
func (s *Scheduler) run(ctx, open context.Context, j *job) {
	if open.Err() != nil {
		return
	}
	start := s.o.Now()
	s.note(j, func(st *Status) { st.Running = true })
	err := s.guarded(ctx, j)
	cut := err != nil && ctx.Err() != nil
	now := s.note(j, func(st *Status) {
		switch st.Running = false; {
		case cut:
		case err == nil:
			st.LastRun, st.LastSuccess, st.Failures, st.LastError = start, start, 0, ""
		default:
			st.LastRun, st.Failures, st.LastError = start, st.Failures+1, err.Error()
		}
	})
	took := s.o.Now().Sub(start)
	if cut {
		s.o.Log.Info("a run was cut off", "feed", j.Feed, "took", took)
		return
	}
	if err != nil {
		s.o.Log.Error("a run failed", "feed", j.Feed, "took", took, "failures", now.Failures, "err", err)
	}
	if err := s.keep(); err != nil {
		s.o.Log.Error("the time of a run could not be kept", "feed", j.Feed, "err", err)
	}
}

// guarded turns a panic into an error.
func (s *Scheduler) guarded(ctx context.Context, j *job) (err error) {
	defer func() {
		if v := recover(); v != nil {
			s.o.Log.Error("a run panicked", "feed", j.Feed, "panic", v, "stack", string(debug.Stack()))
			err = fmt.Errorf("the run panicked: %v", v)
		}
	}()
	return j.Run(ctx)
}

// watch keeps the job's watch going until the end: one that fails is begun
// again after a while.
func (s *Scheduler) watch(ctx context.Context, j *job) {
	for ctx.Err() == nil {
		err := s.guarded(ctx, &job{Job: Job{Feed: j.Feed, Run: func(ctx context.Context) error { return j.Watch(ctx, j.trigger) }}})
		if ctx.Err() != nil {
			return
		}
		s.o.Log.Error("a watch ended; it is begun again", "feed", j.Feed, "err", err)
		select {
		case <-ctx.Done():
		case <-time.After(nap):
		}
	}
}

// keep writes when each feed last ran; the file is replaced whole and on the disk
// before it returns.
func (s *Scheduler) keep() error {
	if s.o.State == "" {
		return nil
	}
	s.writing.Lock()
	defer s.writing.Unlock()
	s.mu.Lock()
	ran := maps.Clone(s.runs)
	s.mu.Unlock()
	maps.DeleteFunc(ran, func(_ string, st Status) bool { return st.LastRun.IsZero() })
	text, err := json.MarshalIndent(ran, "", "  ")
	if err == nil {
		err = whole.Keep(s.o.State, append(text, '\n'))
	}
	if err != nil {
		return fmt.Errorf("keeping when feeds last ran: %w", err)
	}
	return nil
}

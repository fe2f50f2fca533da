package schedule

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// Inside synctest.Test the clock is the test's own: it starts at midnight UTC
// of 2000-01-01, which is 08:00 in Shanghai, and moves when everybody waits.

func start(t *testing.T, o Options, jobs ...Job) *Scheduler {
	t.Helper()
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	for _, j := range jobs {
		if err := s.Add(j); err != nil {
			t.Fatal(err)
		}
	}
	s.Start(t.Context())
	return s
}

func stop(t *testing.T, s *Scheduler) {
	t.Helper()
	if err := s.Stop(t.Context()); err != nil {
		t.Error(err)
	}
}

// log is when runs began.
type log struct {
	mu   sync.Mutex
	runs []string
}

func (l *log) note() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.runs = append(l.runs, time.Now().UTC().Format("02 15:04:05"))
}

func (l *log) is(t *testing.T, want ...string) {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	if !slices.Equal(l.runs, want) {
		t.Errorf("ran at %v, want %v", l.runs, want)
	}
}

func TestRulesAreReadInTheFeedsTimeZone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var shanghai, utc log
		s := start(t, Options{},
			Job{Feed: "a", Cron: "30 9 * * *", Run: func(context.Context) error { shanghai.note(); return nil }},
			Job{Feed: "b", Cron: "30 9 * * *", Zone: "UTC", Run: func(context.Context) error { utc.note(); return nil }})
		if next := s.Status()[0].Next; !next.Equal(time.Date(2000, 1, 1, 1, 30, 0, 0, time.UTC)) {
			t.Errorf("next run %s", next)
		}
		time.Sleep(47 * time.Hour)
		stop(t, s)
		shanghai.is(t, "01 01:30:00", "02 01:30:00")
		utc.is(t, "01 09:30:00", "02 09:30:00")
	})
}

func TestAJobThatPanicsOnceRunsAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var runs log
		var told bytes.Buffer
		s := start(t, Options{Log: slog.New(slog.NewTextHandler(&told, nil))}, Job{Feed: "a", Cron: "0 * * * *", Run: func(context.Context) error {
			runs.note()
			if len(runs.runs) == 1 {
				var nobody *Status
				nobody.Failures++
			}
			return nil
		}})
		time.Sleep(90 * time.Minute)
		if st := s.Status()[0]; st.Failures != 1 || !strings.Contains(st.LastError, "nil pointer") || !st.LastSuccess.IsZero() || st.Running {
			t.Errorf("after the panic: %+v", st)
		}
		time.Sleep(2 * time.Hour)
		if st := s.Status()[0]; st.Failures != 0 || st.LastError != "" || st.LastSuccess.IsZero() {
			t.Errorf("after it ran again: %+v", st)
		}
		stop(t, s)
		runs.is(t, "01 01:00:00", "01 02:00:00", "01 03:00:00")
		if strings.Count(told.String(), "a run failed") != 1 {
			t.Errorf("told: %s", &told)
		}
	})
}

func TestAFeedNeverRunsBesideItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var runs log
		var beside, most atomic.Int32
		s := start(t, Options{}, Job{Feed: "a", Cron: "*/10 * * * *", Run: func(context.Context) error {
			runs.note()
			if n := beside.Add(1); n > most.Load() {
				most.Store(n)
			}
			time.Sleep(25 * time.Minute)
			beside.Add(-1)
			return nil
		}})
		time.Sleep(11 * time.Minute)
		for range 5 { // five triggers during a run are one run after it
			trigger(s, "a")
		}
		time.Sleep(80 * time.Minute)
		stop(t, s)
		if most.Load() != 1 {
			t.Errorf("%d at once", most.Load())
		}
		runs.is(t, "01 00:10:00", "01 00:35:00", "01 01:00:00", "01 01:30:00")
	})
}

// trigger is what a watch does; it reports whether there is such a feed.
func trigger(s *Scheduler, feed string) bool {
	i := slices.IndexFunc(s.jobs, func(j *job) bool { return j.Feed == feed })
	if i >= 0 {
		s.jobs[i].trigger()
	}
	return i >= 0
}

func TestATriggerRunsAtOnceAndOnlyItsFeed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var a, b log
		s := start(t, Options{},
			Job{Feed: "a", Run: func(context.Context) error { a.note(); return nil }},
			Job{Feed: "b", Cron: "@daily", Run: func(context.Context) error { b.note(); return nil }})
		time.Sleep(90 * time.Second)
		if !trigger(s, "a") || trigger(s, "nobody") {
			t.Error("the wrong feeds are known")
		}
		synctest.Wait()
		a.is(t, "01 00:01:30")
		b.is(t)
		stop(t, s)
	})
}

func TestWhatWasMissedIsMadeUpOnce(t *testing.T) {
	state := filepath.Join(t.TempDir(), "state", "schedule.json")
	var runs log
	job := Job{Feed: "a", Cron: "0 * * * *", Run: func(context.Context) error { runs.note(); return nil }}
	fresh := Job{Feed: "new", Cron: "0 * * * *", Run: func(context.Context) error { t.Error("a new feed missed nothing"); return nil }}
	synctest.Test(t, func(t *testing.T) {
		s := start(t, Options{State: state}, job)
		time.Sleep(61 * time.Minute)
		stop(t, s)
		time.Sleep(5*time.Hour + 10*time.Minute) // five runs missed
		s = start(t, Options{State: state}, job, fresh)
		time.Sleep(time.Minute)
		stop(t, s)
		s = start(t, Options{State: state}, job) // nothing missed now
		if st := s.Status()[0]; st.LastRun.IsZero() || st.LastSuccess.IsZero() {
			t.Errorf("what is known after a restart: %+v", st)
		}
		time.Sleep(time.Minute)
		stop(t, s)
	})
	runs.is(t, "01 01:00:00", "01 06:11:00")
}

func TestARunThatWasCutOffIsMadeUp(t *testing.T) {
	state := filepath.Join(t.TempDir(), "schedule.json")
	synctest.Test(t, func(t *testing.T) {
		s := start(t, Options{State: state}, Job{Feed: "a", Cron: "0 * * * *", Run: func(context.Context) error { return nil }})
		time.Sleep(61 * time.Minute)
		stop(t, s)
		slow := Job{Feed: "a", Cron: "0 * * * *", Run: func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }}
		s = start(t, Options{State: state}, slow)
		time.Sleep(time.Hour)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := s.Stop(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("stopping gave %v", err)
		}
		if st := s.Status()[0]; st.Failures != 0 {
			t.Errorf("a cut-off run counts as failed: %+v", st)
		}
		var runs log
		s = start(t, Options{State: state}, Job{Feed: "a", Cron: "0 * * * *", Run: func(context.Context) error { runs.note(); return nil }})
		time.Sleep(time.Minute)
		stop(t, s)
		runs.is(t, "01 02:01:01")
	})
}

func TestStopWaitsForWhatRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var done atomic.Bool
		s := start(t, Options{}, Job{Feed: "a", Cron: "@hourly", Run: func(context.Context) error {
			time.Sleep(time.Minute)
			done.Store(true)
			return nil
		}})
		time.Sleep(60*time.Minute + time.Second)
		if !s.Status()[0].Running {
			t.Error("it does not run")
		}
		trigger(s, "a") // comes too late
		stop(t, s)
		if !done.Load() {
			t.Error("Stop did not wait")
		}
		time.Sleep(3 * time.Hour)
		if st := s.Status()[0]; !st.LastRun.Equal(time.Date(2000, 1, 1, 1, 0, 0, 0, time.UTC)) {
			t.Errorf("ran after Stop: %+v", st)
		}
	})
}

func TestTheContextsEndEndsEverything(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		s, err := New(Options{})
		if err != nil {
			t.Fatal(err)
		}
		watched := make(chan struct{})
		err = s.Add(Job{Feed: "a", Cron: "@hourly", Run: func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() },
			Watch: func(ctx context.Context, _ func()) error { <-ctx.Done(); close(watched); return nil }})
		if err != nil {
			t.Fatal(err)
		}
		s.Start(ctx)
		time.Sleep(61 * time.Minute)
		cancel()
		<-watched
		stop(t, s)
	})
}

func TestAWatchTriggersRunsAndIsBegunAgainWhenItFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var runs log
		var begun atomic.Int32
		s := start(t, Options{}, Job{Feed: "a", Run: func(context.Context) error { runs.note(); return nil },
			Watch: func(ctx context.Context, ready func()) error {
				switch begun.Add(1) {
				case 1:
					ready()
					time.Sleep(time.Second)
					panic("the folder is gone")
				case 2:
					return errors.New("still gone")
				}
				ready()
				<-ctx.Done()
				return nil
			}})
		time.Sleep(5 * time.Minute)
		stop(t, s)
		runs.is(t, "01 00:00:00", "01 00:01:01")
	})
}

func TestAnIntervalComesRoundThoughItIsLongerThanANap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var runs log
		s := start(t, Options{}, Job{Feed: "a", Cron: "@every 10m", Run: func(context.Context) error { runs.note(); return nil }})
		time.Sleep(25 * time.Minute)
		stop(t, s)
		runs.is(t, "01 00:10:00", "01 00:20:00")
	})
}

func TestAClockThatIsSetBackIsNoticed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var back atomic.Int64
		now := func() time.Time { return time.Now().Add(-time.Duration(back.Load())) }
		var runs log
		s := start(t, Options{Now: now}, Job{Feed: "a", Cron: "0 12 * * *", Run: func(context.Context) error { runs.note(); return nil }})
		time.Sleep(time.Hour)             // noon in Shanghai is in three hours
		back.Store(int64(48 * time.Hour)) // two days back
		time.Sleep(4 * time.Hour)         // noon of that day comes
		stop(t, s)
		runs.is(t, "01 04:00:00")
	})
}

func TestRulesThatCannotBeUnderstoodAreToldAtOnce(t *testing.T) {
	s, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	run := func(context.Context) error { return nil }
	for _, j := range []Job{{Feed: "a", Cron: "every day"}, {Feed: "a", Cron: "0 0 31 2 *"}, {Feed: "a", Cron: "61 * * * *"}, {Feed: "a", Cron: "@daily", Zone: "Asia/Dalian"}} {
		j.Run = run
		if err := s.Add(j); err == nil || !strings.Contains(err.Error(), "a") {
			t.Errorf("%+v: %v", j, err)
		}
		if CheckRule(j.Feed, j.Cron, j.Zone) == nil {
			t.Errorf("%+v passes the check", j)
		}
	}
	if err := s.Add(Job{Feed: "a", Cron: "@daily", Run: run}); err != nil {
		t.Error(err)
	}
	if err := s.Add(Job{Feed: "a", Cron: "@daily", Run: run}); err == nil {
		t.Error("a feed was added twice")
	}
}

func TestAStateThatCannotBeReadOrWrittenIsTold(t *testing.T) {
	path := filepath.Join(t.TempDir(), "schedule.json")
	if err := os.WriteFile(path, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := New(Options{State: path}); err == nil || strings.Count(err.Error(), path) != 1 {
		t.Errorf("error %v", err)
	}
	s, err := New(Options{State: filepath.Join(path, "below-a-file")})
	if err == nil {
		err = s.keep()
	}
	if err == nil {
		t.Error("a state that cannot be written gave no error")
	}
}

func TestStatusesStandInTheOrderOfFeeds(t *testing.T) {
	s, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []string{"c", "a", "b"} {
		if err := s.Add(Job{Feed: f, Run: func(context.Context) error { return nil }}); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for _, st := range s.Status() {
		got = append(got, fmt.Sprint(st.Feed, st.Next.IsZero()))
	}
	if !slices.Equal(got, []string{"atrue", "btrue", "ctrue"}) {
		t.Error(got)
	}
}

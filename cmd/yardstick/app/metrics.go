package app

import (
	"context"
	"fmt"
	"syscall"
	"time"

	"yardstick/comparator/exporter"
)

// newExporter makes the metrics with every configured feed counted from zero.
func (s *server) newExporter() *exporter.Exporter {
	feeds := []exporter.FeedInfo{{Name: handFeed}}
	for _, f := range s.cfg.Feeds {
		feeds = append(feeds, exporter.FeedInfo{Name: f.Name})
	}
	return exporter.New(exporter.Options{
		Register: s.register, Feeds: feeds, Logger: s.r.log, Location: s.loc, Version: version, Runtime: true,
		SnapshotFree: func() (uint64, error) { return freeBytes(s.cfg.Data) },
	})
}

// freeBytes is the space left for us on the disk that holds dir.
func freeBytes(dir string) (uint64, error) {
	var st syscall.Statfs_t
	if err := syscall.Statfs(dir, &st); err != nil {
		return 0, fmt.Errorf("asking for the free space of %s: %w", dir, err)
	}
	return st.Bavail * uint64(st.Bsize), nil
}

// sample puts on the metrics what is not bound to a comparison: store, ledger,
// disk, feeds.
func (s *server) sample(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	err := s.store.Ping(ctx)
	if ctx.Err() == nil || err == nil {
		s.metrics.SetStoreUp(err == nil)
	}
	s.metrics.SetLedger(s.store.Head())
	s.metrics.Refresh()
	states, err := s.store.FeedStates(ctx, s.today())
	if err != nil {
		if ctx.Err() == nil {
			s.r.log.Warn("the feeds' states are unknown", "err", err)
		}
		return
	}
	for _, f := range s.cfg.Feeds {
		state := states[f.Name]
		out := exporter.FeedState{LastSuccess: state.LastSuccess, Problems: state.Problems, OpenQuestions: state.Questions}
		if due, period := s.due(f, state); !due.IsZero() && !s.pinned { // Prometheus has no pinned clock to hold it against
			out.Due = s.calendar.DueWithGrace(f.Release, period).EndIn(s.loc)
		}
		s.metrics.SetFeed(f.Name, out)
	}
}

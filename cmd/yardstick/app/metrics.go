package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
	"time"

	"yardstick/comparator/exporter"
	"yardstick/schema"
	"yardstick/schema/ledger"
)

// newExporter makes the metrics with every configured feed and channel counted
// from zero.
func (s *server) newExporter() *exporter.Exporter {
	feeds := append([]schema.FeedState{{Feed: schema.Feed{Name: schema.HandFeed}}}, s.desk.Configured()...)
	var channels []exporter.Channel
	for _, c := range s.cfg.Alerts.Channels() {
		channels = append(channels, exporter.Channel{Receiver: c[0], Kind: c[1]})
	}
	return exporter.New(exporter.Options{
		Register: s.register, Feeds: feeds, Channels: channels, Logger: s.r.log, Location: s.loc, Version: version, Runtime: true,
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
// disk, backup, collectors, feeds.
func (s *server) sample(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	err := s.store.Ping(ctx)
	if ctx.Err() == nil || err == nil {
		s.metrics.SetStoreUp(err == nil)
	}
	s.metrics.SetLedger(s.store.Head())
	s.metrics.Refresh()
	s.metrics.SetBackup(s.lastBackup())
	for _, st := range s.cron.Status() {
		s.metrics.SetCollector(st.Feed, st.Failures)
	}
	feeds, err := s.desk.Feeds(ctx)
	if err != nil {
		if ctx.Err() == nil {
			s.r.log.Warn("the feeds' states are unknown", "err", err)
		}
		return
	}
	for _, f := range feeds[:len(s.cfg.Feeds)] { // those by hand have no series of their own
		if s.pinned { // Prometheus has no pinned clock to hold it against
			f.Due, f.Excused = schema.Date{}, schema.Date{}
		}
		s.metrics.SetFeed(f)
	}
}

// lastBackup is when the last backup was finished: whoever makes one touches
// this file at its end (deploy/backup.sh does).
func (s *server) lastBackup() time.Time {
	info, err := os.Stat(s.cfg.Path("state", "last-backup"))
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			s.r.log.Warn("when the last backup was made is unknown", "err", err)
		}
		return time.Time{}
	}
	return info.ModTime()
}

// inspect looks at what takes longer or changes seldom: the whole ledger, the
// certificate.
func (s *server) inspect() {
	height, head := s.store.Head()
	err := ledger.Holds(s.cfg.Path("ledger", "ledger"), height, head)
	s.metrics.SetLedgerIntact(err == nil)
	if err != nil {
		s.r.log.Error("the ledger does not hold", "err", err)
	}
	expires, err := exporter.CertificateEnd(s.cmd.WebConfig)
	if err != nil {
		s.r.log.Warn("when the certificate expires is unknown", "err", err)
	}
	s.metrics.SetCertificate("web", expires)
}

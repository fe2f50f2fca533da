package app

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"go.yaml.in/yaml/v3"

	"yardstick/comparator/exporter"
	"yardstick/schema/ledger"
)

// newExporter makes the metrics with every configured feed and channel counted
// from zero.
func (s *server) newExporter() *exporter.Exporter {
	offices := map[string]string{}
	for _, o := range s.cfg.Offices {
		if offices[o.Name] = o.Title.In("zh"); offices[o.Name] == "" {
			offices[o.Name] = o.Name
		}
	}
	feeds := []exporter.FeedInfo{{Name: handFeed}}
	for _, f := range s.cfg.Feeds {
		feeds = append(feeds, exporter.FeedInfo{Name: f.Name, Title: f.Title.In("zh"), Owner: offices[f.Office]})
	}
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
	for _, st := range s.desk.cron.Status() {
		s.metrics.SetCollector(st.Feed, st.Failures)
	}
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
			out.Due, out.Excused = due.EndIn(s.loc), s.calendar.DueWithGrace(f.Release, period).EndIn(s.loc)
		}
		s.metrics.SetFeed(f.Name, out)
	}
}

// lastBackup is when the last backup was finished: whoever makes one touches
// this file at its end (deploy/backup.sh does).
func (s *server) lastBackup() time.Time {
	info, err := os.Stat(s.cfg.path("state", "last-backup"))
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			s.r.log.Warn("when the last backup was made is unknown", "err", err)
		}
		return time.Time{}
	}
	return info.ModTime()
}

// inspectLoop looks now and every hour at what takes longer or changes seldom:
// the whole ledger, the certificate.
func (s *server) inspectLoop(ctx context.Context) {
	tick := time.NewTicker(time.Hour)
	defer tick.Stop()
	for {
		s.inspect()
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (s *server) inspect() {
	height, head := s.store.Head()
	err := checkLedger(s.cfg.path("ledger", "ledger"), height, head)
	s.metrics.SetLedgerIntact(err == nil)
	if err != nil {
		s.r.log.Error("the ledger does not hold", "err", err)
	}
	expires, err := certificateEnd(s.cmd.WebConfig)
	if err != nil {
		s.r.log.Warn("when the certificate expires is unknown", "err", err)
	}
	s.metrics.SetCertificate("web", expires)
}

// checkLedger reads the ledger from its first entry and holds it against the
// height and head that this process knows of what it has written and read.
func checkLedger(path string, height uint64, head string) error {
	seen := ""
	got, _, err := ledger.Verify(path, func(e ledger.Entry) error {
		if e.Seq == height {
			seen = e.Hash
		}
		return nil
	})
	switch {
	case err != nil:
		return err
	case got < height:
		return fmt.Errorf("it has %d entries and had %d: %w", got, height, ledger.ErrBroken)
	case height > 0 && seen != head:
		return fmt.Errorf("its entry %d is another than the one written: %w", height, ledger.ErrBroken)
	}
	return nil
}

// certificateEnd is when the certificate of a web configuration expires; zero
// when it has none.
func certificateEnd(config string) (time.Time, error) {
	if config == "" {
		return time.Time{}, nil
	}
	text, err := os.ReadFile(config)
	if err != nil {
		return time.Time{}, fmt.Errorf("reading the web configuration: %w", err)
	}
	var c struct {
		TLS struct {
			Cert     string `yaml:"cert"`
			CertFile string `yaml:"cert_file"`
		} `yaml:"tls_server_config"`
	}
	if err := yaml.Unmarshal(text, &c); err != nil {
		return time.Time{}, fmt.Errorf("reading %s: %w", config, err)
	}
	chain := []byte(c.TLS.Cert)
	if file := c.TLS.CertFile; file != "" {
		if !filepath.IsAbs(file) {
			file = filepath.Join(filepath.Dir(config), file)
		}
		if chain, err = os.ReadFile(file); err != nil {
			return time.Time{}, fmt.Errorf("reading the certificate: %w", err)
		}
	}
	if len(chain) == 0 {
		return time.Time{}, nil
	}
	return firstEnd(chain)
}

// firstEnd is when the first certificate of a PEM chain to expire does.
func firstEnd(chain []byte) (end time.Time, err error) {
	for block, rest := pem.Decode(chain); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			continue
		}
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return time.Time{}, fmt.Errorf("reading the certificate: %w", err)
		}
		if end.IsZero() || cert.NotAfter.Before(end) {
			end = cert.NotAfter
		}
	}
	if end.IsZero() {
		return end, errors.New("reading the certificate: there is none in the file")
	}
	return end, nil
}

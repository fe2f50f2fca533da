package exporter

import (
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"go.yaml.in/yaml/v3"

	"yardstick/schema"
	"yardstick/schema/whole"
)

// Turns remembers which verdicts changed their status because a figure was
// revised or withdrawn. It is kept in a file: the alert holds for ten days and
// must outlast a restart.
type Turns struct {
	path string
	log  *slog.Logger

	mu   sync.Mutex
	last map[schema.Scope]schema.Status
	kept []Turn
}

// turnsKept is how long a turn is shown: longer than any alert on it.
const turnsKept = 30 * 24 * time.Hour

// OpenTurns reads the turns kept at path; last are the verdicts kept before.
func OpenTurns(path string, last []schema.Verdict, log *slog.Logger) (*Turns, error) {
	t := &Turns{path: path, log: log, last: map[schema.Scope]schema.Status{}}
	for _, v := range last {
		t.last[v.Scope()] = v.Status
	}
	if err := whole.Kept(path, &t.kept); err != nil {
		return nil, fmt.Errorf("reading which verdicts were turned: %w", err)
	}
	return t, nil
}

// Note takes in a comparison made at a time, with why each verdict changed that did.
func (t *Turns) Note(at time.Time, verdicts []schema.Verdict, causes map[schema.Scope]string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := len(t.kept)
	for _, v := range verdicts {
		was, known := t.last[v.Scope()]
		t.last[v.Scope()] = v.Status
		if known && was != v.Status && causes[v.Scope()] == schema.CauseRevision {
			t.kept = append(t.kept, Turn{Scope: v.Scope(), Was: was, At: at})
		}
	}
	if len(t.kept) == n {
		return
	}
	t.kept = slices.DeleteFunc(t.kept, func(u Turn) bool { return at.Sub(u.At) > turnsKept })
	text, err := json.Marshal(t.kept)
	if err == nil {
		err = whole.Keep(t.path, text)
	}
	if err != nil {
		t.log.Error("which verdicts were turned is not kept beyond this process", "err", err)
	}
}

// List are the turns to show.
func (t *Turns) List() []Turn {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.kept)
}

// Channel is one way a message leaves by: a receiver's WeCom group, its e-mail.
type Channel struct{ Receiver, Kind string }

// Turn is a verdict whose status a revised or withdrawn figure changed.
type Turn struct {
	Scope schema.Scope
	Was   schema.Status
	At    time.Time
}

// SetCollector says how many runs in a row of a feed's collector failed. A feed
// that is not configured is left out.
func (e *Exporter) SetCollector(feed string, failedRuns int) {
	if e.feeds[feed] && feed != otherFeed {
		e.system.failedRuns.WithLabelValues(feed).Set(float64(failedRuns))
	}
}

// SetLedgerIntact says whether the ledger's chain held when it was last read
// from the first entry.
func (e *Exporter) SetLedgerIntact(intact bool) { e.system.ledgerIntact.set(zeroOne(intact)) }

// SetBackup says when the last backup was finished; the zero time is unknown.
func (e *Exporter) SetBackup(at time.Time) { e.system.backup.setTime(at) }

// SetWatchdog says when the always firing alert last came back.
func (e *Exporter) SetWatchdog(at time.Time) { e.system.watchdog.setTime(at) }

// SetCertificate says when a certificate expires; the zero time takes it off.
func (e *Exporter) SetCertificate(name string, at time.Time) { setTime(e.system.certificate, name, at) }

// Notified counts a notification after all its tries.
func (e *Exporter) Notified(receiver, channel string, tries int, err error) {
	h := e.system
	if tries > 1 {
		h.retries.WithLabelValues(receiver, channel).Add(float64(tries - 1))
	}
	h.failing.WithLabelValues(receiver, channel).Set(zeroOne(err != nil))
	if err != nil {
		h.sent.WithLabelValues(receiver, channel, "failed").Inc()
		return
	}
	h.sent.WithLabelValues(receiver, channel, "sent").Inc()
	h.lastSent.WithLabelValues(receiver, channel).Set(seconds(e.options.Now()))
}

// SetRevised shows, per scope, when a revision last changed its status: one
// series a scope, the newest turn of each.
func (e *Exporter) SetRevised(turns []Turn) {
	newest := map[schema.Scope]Turn{}
	for _, t := range turns {
		if old, ok := newest[t.Scope]; !ok || t.At.After(old.At) {
			newest[t.Scope] = t
		}
	}
	var now metrics
	for s, turn := range newest {
		now = append(now, e.system.revised.sample(seconds(turn.At), s.Policy, s.Region, s.Target, string(turn.Was)))
	}
	e.system.revised.swap(now...)
}

// stranger counts a name that nobody configured, and says it once in the log.
// The log is told of so many names at most, or names without end would fill it.
func (e *Exporter) stranger(name string) {
	e.system.strangers.Inc()
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.system.told[name] || len(e.system.told) >= mostStrangers {
		return
	}
	e.system.told[name] = true
	e.log.Warn("a feed nobody configured is counted as other", "feed", name, "label", otherFeed)
}

const mostStrangers = 100

// CertificateEnd is when the certificate of a web configuration expires; zero
// when it has none.
func CertificateEnd(config string) (time.Time, error) {
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

package exporter

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.yaml.in/yaml/v3"

	"yardstick/schema"
)

// Channel is one way a message leaves by: a receiver's WeCom group, its e-mail.
type Channel struct{ Receiver, Kind string }

// Turn is a verdict whose status a revised or withdrawn figure changed.
type Turn struct {
	Scope schema.Scope
	Was   schema.Status
	At    time.Time
}

// watch is what the officer on call is warned by, besides feeds and verdicts:
// ledger, backup, certificate, clock, notifications.
type watch struct {
	feedInfo, failedRuns, excused  *prometheus.GaugeVec
	ledgerIntact, backup, watchdog *maybe
	certificate                    *prometheus.GaugeVec
	sent                           *prometheus.CounterVec
	retries                        *prometheus.CounterVec
	failing, lastSent              *prometheus.GaugeVec
	strangers                      prometheus.Counter
	revised                        *turns
	told                           map[string]bool // unknown feeds the log was told of
}

func newWatch(r prometheus.Registerer, o Options) *watch {
	gauges := func(name, help string, labels ...string) *prometheus.GaugeVec {
		return prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: name, Help: help}, labels)
	}
	w := &watch{
		feedInfo:     gauges("yardstick_feed_info", "What a feed is and who answers for it; always 1.", "feed", "title", "owner"),
		failedRuns:   gauges("yardstick_collector_failed_runs", "Runs of the feed's collector in a row that failed.", "feed"),
		excused:      gauges("yardstick_feed_excused_timestamp_seconds", "Until when the lateness of the oldest period not yet delivered is excused.", "feed"),
		ledgerIntact: newMaybe("yardstick_ledger_intact", "1 when the ledger's chain held when last read from its first entry, else 0."),
		backup:       newMaybe("yardstick_backup_last_success_timestamp_seconds", "When the last backup was finished; absent when none is known."),
		watchdog:     newMaybe("yardstick_watchdog_last_seen_timestamp_seconds", "When the always firing alert last came back through Alertmanager."),
		certificate:  gauges("yardstick_certificate_expiry_timestamp_seconds", "When a certificate this program serves with expires.", "certificate"),
		sent: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "yardstick_notifications_total", Help: "Notifications by what became of them after all tries.",
		}, []string{"receiver", "channel", "result"}),
		retries: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "yardstick_notification_retries_total", Help: "Tries beyond the first.",
		}, []string{"receiver", "channel"}),
		failing:  gauges("yardstick_notification_failing", "1 when the last notification could not be delivered, else 0.", "receiver", "channel"),
		lastSent: gauges("yardstick_notification_last_success_timestamp_seconds", "When a notification was last delivered.", "receiver", "channel"),
		strangers: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "yardstick_labels_dropped_total", Help: "Times a name nobody configured was counted under \"other\" instead of becoming a label.",
		}),
		revised: &turns{desc: prometheus.NewDesc("yardstick_target_revised_timestamp_seconds",
			"When a revised or withdrawn figure last changed the target's status, and what it was before.",
			append(scopeLabels[:len(scopeLabels):len(scopeLabels)], "was"), nil)},
		told: map[string]bool{},
	}
	r.MustRegister(w.feedInfo, w.failedRuns, w.excused, w.ledgerIntact, w.backup, w.watchdog, w.certificate, w.sent, w.retries, w.failing, w.lastSent,
		w.strangers, w.revised, clock{prometheus.NewDesc("yardstick_clock_timestamp_seconds", "This machine's clock when it was asked.", nil, nil), o.Now})
	for _, f := range o.Feeds {
		w.feedInfo.WithLabelValues(f.Name, or(f.Title.In("zh"), f.Name), or(f.By.Title.In("zh"), f.By.Name)).Set(1)
		w.failedRuns.WithLabelValues(f.Name).Set(0)
	}
	for _, c := range o.Channels {
		for _, result := range []string{"sent", "failed"} {
			w.sent.WithLabelValues(c.Receiver, c.Kind, result)
		}
		w.retries.WithLabelValues(c.Receiver, c.Kind)
		w.failing.WithLabelValues(c.Receiver, c.Kind).Set(0)
	}
	return w
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// clock tells this machine's time at each scrape, so that Prometheus can hold
// it against its own.
type clock struct {
	desc *prometheus.Desc
	now  func() time.Time
}

// Describe implements prometheus.Collector.
func (c clock) Describe(ch chan<- *prometheus.Desc) { ch <- c.desc }

// Collect implements prometheus.Collector.
func (c clock) Collect(ch chan<- prometheus.Metric) {
	ch <- prometheus.MustNewConstMetric(c.desc, prometheus.GaugeValue, seconds(c.now()))
}

// SetCollector says how many runs in a row of a feed's collector failed. A feed
// that is not configured is left out.
func (e *Exporter) SetCollector(feed string, failedRuns int) {
	if e.feeds[feed] && feed != otherFeed {
		e.watch.failedRuns.WithLabelValues(feed).Set(float64(failedRuns))
	}
}

// SetLedgerIntact says whether the ledger's chain held when it was last read
// from the first entry.
func (e *Exporter) SetLedgerIntact(intact bool) { e.watch.ledgerIntact.set(zeroOne(intact)) }

// SetBackup says when the last backup was finished; the zero time is unknown.
func (e *Exporter) SetBackup(at time.Time) { e.watch.backup.setTime(at) }

// SetWatchdog says when the always firing alert last came back.
func (e *Exporter) SetWatchdog(at time.Time) { e.watch.watchdog.setTime(at) }

// SetCertificate says when a certificate expires; the zero time takes it off.
func (e *Exporter) SetCertificate(name string, at time.Time) { setTime(e.watch.certificate, name, at) }

// Notified counts a notification after all its tries.
func (e *Exporter) Notified(receiver, channel string, tries int, err error) {
	w := e.watch
	if tries > 1 {
		w.retries.WithLabelValues(receiver, channel).Add(float64(tries - 1))
	}
	w.failing.WithLabelValues(receiver, channel).Set(zeroOne(err != nil))
	if err != nil {
		w.sent.WithLabelValues(receiver, channel, "failed").Inc()
		return
	}
	w.sent.WithLabelValues(receiver, channel, "sent").Inc()
	w.lastSent.WithLabelValues(receiver, channel).Set(seconds(e.options.Now()))
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
	e.watch.revised.set(newest)
}

// turns shows the newest turn of each scope, all of them swapped in one step.
type turns struct {
	desc *prometheus.Desc
	mu   sync.Mutex
	list map[schema.Scope]Turn
}

func (t *turns) set(list map[schema.Scope]Turn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.list = list
}

// Describe implements prometheus.Collector.
func (t *turns) Describe(ch chan<- *prometheus.Desc) { ch <- t.desc }

// Collect implements prometheus.Collector.
func (t *turns) Collect(ch chan<- prometheus.Metric) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for s, turn := range t.list {
		ch <- prometheus.MustNewConstMetric(t.desc, prometheus.GaugeValue, seconds(turn.At), s.Policy, s.Region, s.Target, string(turn.Was))
	}
}

// stranger counts a name that nobody configured, and says it once in the log.
// The log is told of so many names at most, or names without end would fill it.
func (e *Exporter) stranger(name string) {
	e.watch.strangers.Inc()
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.watch.told[name] || len(e.watch.told) >= mostStrangers {
		return
	}
	e.watch.told[name] = true
	e.log.Warn("a feed nobody configured is counted as other", "feed", name, "label", otherFeed)
}

const mostStrangers = 100

func (m *maybe) setTime(t time.Time) {
	if t.IsZero() {
		m.unset()
		return
	}
	m.set(seconds(t))
}

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

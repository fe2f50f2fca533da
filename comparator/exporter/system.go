package exporter

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
	dto "github.com/prometheus/client_model/go"

	"yardstick/schema"
)

// otherFeed counts what came under a name nobody configured.
const otherFeed = "other"

// system is what is counted and measured besides the verdicts: a few series a
// feed, gathered at each scrape from memory; and what the officer on call is
// warned by: ledger, backup, certificate, notifications.
type system struct {
	rows, receipts, changes                         *prometheus.CounterVec
	duration                                        *prometheus.HistogramVec
	feedSuccess, feedDue, feedProblems              *prometheus.GaugeVec
	feedQuestions, feedInfo, failedRuns, excused    *prometheus.GaugeVec
	compareFailures, strangers                      prometheus.Counter
	compareDuration, compareSuccess                 *sampled
	ledgerHeight, ledgerHead, snapshotFree, storeUp *sampled
	ledgerIntact, backup, watchdog, revised         *sampled
	certificate, failing, lastSent                  *prometheus.GaugeVec
	sent, retries                                   *prometheus.CounterVec
	dropped                                         prometheus.Gauge
	told                                            map[string]bool // unknown feeds the log was told of
}

func newSystem(r prometheus.Registerer, o Options) *system {
	auto := promauto.With(r)
	gauges := func(name, help string, labels ...string) *prometheus.GaugeVec {
		return auto.NewGaugeVec(prometheus.GaugeOpts{Name: "yardstick_" + name, Help: help}, labels)
	}
	counters := func(name, help string, labels ...string) *prometheus.CounterVec {
		return auto.NewCounterVec(prometheus.CounterOpts{Name: "yardstick_" + name, Help: help}, labels)
	}
	maybe := func(name, help string, labels ...string) *sampled {
		s := &sampled{desc: prometheus.NewDesc("yardstick_"+name, help, labels, nil)}
		r.MustRegister(s)
		return s
	}
	h := &system{
		rows:     counters("feed_rows_total", "Rows of feed files by what became of them.", "feed", "result"),
		receipts: counters("feed_receipts_total", "Receipts given for feed files, by status.", "feed", "status"),
		changes: counters("verdict_changes_total",
			"Verdicts that changed, by cause: a new figure, a revision, passing time, the register, the rule by which figures stand.", "cause"),
		duration: auto.NewHistogramVec(prometheus.HistogramOpts{
			Name: "yardstick_collector_duration_seconds", Help: "Time from a feed file's arrival to its receipt.",
			Buckets: []float64{.01, .05, .1, .5, 1, 5, 10, 30, 60, 300},
		}, []string{"feed"}),
		feedSuccess: gauges("feed_last_success_timestamp_seconds",
			"When the feed last brought a file that was accepted or held nothing new.", "feed"),
		feedDue: gauges("feed_due_timestamp_seconds",
			"When the oldest period not yet delivered was due; absent when nothing is owed.", "feed"),
		feedProblems:  gauges("feed_problems", "Problems of the feed that are not mended yet.", "feed"),
		feedQuestions: gauges("feed_open_questions", "Questions of the feed that wait for an answer.", "feed"),
		feedInfo:      gauges("feed_info", "What a feed is and who answers for it; always 1.", "feed", "title", "owner"),
		failedRuns:    gauges("collector_failed_runs", "Runs of the feed's collector in a row that failed.", "feed"),
		excused: gauges("feed_excused_timestamp_seconds",
			"Until when the lateness of the oldest period not yet delivered is excused.", "feed"),
		compareFailures: counters("compare_failures_total",
			"Comparisons that failed; the verdicts shown are those of the last good one.").WithLabelValues(),
		compareDuration: maybe("compare_duration_seconds", "How long the last good comparison took."),
		compareSuccess:  maybe("compare_last_success_timestamp_seconds", "When the verdicts shown were made."),
		ledgerHeight:    maybe("ledger_height", "Entries in the ledger."),
		ledgerHead:      maybe("ledger_head_info", "Hash of the ledger's last entry.", "hash"),
		ledgerIntact:    maybe("ledger_intact", "1 when the ledger's chain held when last read from its first entry, else 0."),
		snapshotFree:    maybe("snapshot_free_bytes", "Bytes free where snapshots of feed files are kept."),
		storeUp:         maybe("store_up", "1 when the store answered when last asked, else 0."),
		backup: maybe("backup_last_success_timestamp_seconds",
			"When the last backup was finished; absent when none is known."),
		watchdog: maybe("watchdog_last_seen_timestamp_seconds",
			"When the always firing alert last came back through Alertmanager."),
		revised: maybe("target_revised_timestamp_seconds",
			"When a revised or withdrawn figure last changed the target's status, and what it was before.", slices.Concat(scopeLabels(), []string{"was"})...),
		certificate: gauges("certificate_expiry_timestamp_seconds", "When a certificate this program serves with expires.", "certificate"),
		sent:        counters("notifications_total", "Notifications by what became of them after all tries.", "receiver", "channel", "result"),
		retries:     counters("notification_retries_total", "Tries beyond the first.", "receiver", "channel"),
		failing: gauges("notification_failing",
			"1 when the last notification could not be delivered, else 0.", "receiver", "channel"),
		lastSent: gauges("notification_last_success_timestamp_seconds", "When a notification was last delivered.", "receiver", "channel"),
		strangers: counters("labels_dropped_total",
			"Times a name nobody configured was counted under \"other\" instead of becoming a label.").WithLabelValues(),
		dropped: gauges("series_dropped", "Series of verdicts left out because the limit was reached.").WithLabelValues(),
		told:    map[string]bool{},
	}
	gauges("build_info", "Version and revision of this program.", "version", "revision").WithLabelValues(o.Version, o.Revision).Set(1)
	// So that Prometheus can hold it against its own.
	auto.NewGaugeFunc(prometheus.GaugeOpts{Name: "yardstick_clock_timestamp_seconds", Help: "This machine's clock when it was asked."},
		func() float64 { return seconds(o.Now()) })
	return h
}

// fromZero makes every counter stand before it first counts, so that its first
// increase is seen as one.
func (h *system) fromZero(feeds map[string]bool, o Options) {
	for _, cause := range schema.Causes() {
		h.changes.WithLabelValues(cause)
	}
	for feed := range feeds {
		for _, s := range schema.ReceiptStatuses() {
			h.receipts.WithLabelValues(feed, string(s))
		}
		for _, result := range []string{"accepted", "revised", "unchanged", "rejected"} {
			h.rows.WithLabelValues(feed, result)
		}
		h.duration.WithLabelValues(feed)
	}
	for _, f := range o.Feeds {
		h.feedInfo.WithLabelValues(f.Name, cmp.Or(f.Title.In("zh"), f.Name), cmp.Or(f.By.Title.In("zh"), f.By.Name)).Set(1)
		h.failedRuns.WithLabelValues(f.Name).Set(0)
	}
	for _, c := range o.Channels {
		for _, result := range []string{"sent", "failed"} {
			h.sent.WithLabelValues(c.Receiver, c.Kind, result)
		}
		h.retries.WithLabelValues(c.Receiver, c.Kind)
		h.failing.WithLabelValues(c.Receiver, c.Kind).Set(0)
	}
}

func (h *system) changed(cause string) error {
	if !slices.Contains(schema.Causes(), cause) {
		return fmt.Errorf("%q is no cause", cause)
	}
	h.changes.WithLabelValues(cause).Inc()
	return nil
}

// sampled is a gauge whose samples are swapped in one step; it has none while its
// value is unknown.
type sampled struct {
	desc *prometheus.Desc
	mu   sync.Mutex
	now  metrics
}

func (s *sampled) swap(now ...prometheus.Metric) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = now
}

func (s *sampled) sample(v float64, labels ...string) prometheus.Metric {
	return prometheus.MustNewConstMetric(s.desc, prometheus.GaugeValue, v, labels...)
}

func (s *sampled) set(v float64, labels ...string) { s.swap(s.sample(v, labels...)) }

// setTime sets a moment; the zero time is unknown.
func (s *sampled) setTime(t time.Time) {
	if t.IsZero() {
		s.swap()
		return
	}
	s.set(seconds(t))
}

// Describe implements prometheus.Collector.
func (s *sampled) Describe(ch chan<- *prometheus.Desc) { ch <- s.desc }

// Collect implements prometheus.Collector.
func (s *sampled) Collect(ch chan<- prometheus.Metric) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now.Collect(ch)
}

// merged gathers the prepared verdicts and the system's own metrics as one page,
// by name. The names are disjoint; nothing is sorted or checked again.
type merged struct {
	e      *Exporter
	system prometheus.Gatherer
}

// Gather implements prometheus.Gatherer.
func (m merged) Gather() ([]*dto.MetricFamily, error) {
	own, err := m.system.Gather()
	if err != nil {
		return nil, fmt.Errorf("gathering the system's metrics: %w", err)
	}
	if p := m.e.verdicts.Load(); p != nil {
		own = append(own, *p...)
	}
	slices.SortFunc(own, func(a, b *dto.MetricFamily) int { return strings.Compare(a.GetName(), b.GetName()) })
	return own, nil
}

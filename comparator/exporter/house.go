package exporter

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"

	"yardstick/schema"
)

// otherFeed counts what came under a name nobody configured.
const otherFeed = "other"

// house is what is counted and measured besides the verdicts: a few series a
// feed, gathered at each scrape from memory.
type house struct {
	rows, receipts, changes             *prometheus.CounterVec
	duration                            *prometheus.HistogramVec
	feedSuccess, feedDue                *prometheus.GaugeVec
	feedProblems, feedQuestions         *prometheus.GaugeVec
	compareFailures                     prometheus.Counter
	compareDuration, compareSuccess     *maybe
	ledgerHeight, snapshotFree, storeUp *maybe
	ledgerHead                          *maybe
	buildInfo                           *prometheus.GaugeVec
	dropped                             prometheus.Gauge
}

func newHouse(r prometheus.Registerer, feeds map[string]bool) *house {
	gauges := func(name, help string, labels ...string) *prometheus.GaugeVec {
		return prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: name, Help: help}, labels)
	}
	counters := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
	}
	h := &house{
		rows:     counters("yardstick_feed_rows_total", "Rows of feed files by what became of them.", "feed", "result"),
		receipts: counters("yardstick_feed_receipts_total", "Receipts given for feed files, by status.", "feed", "status"),
		changes:  counters("yardstick_verdict_changes_total", "Verdicts that changed, by cause: a new figure, a revision, passing time, the register.", "cause"),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "yardstick_collector_duration_seconds", Help: "Time from a feed file's arrival to its receipt.",
			Buckets: []float64{.01, .05, .1, .5, 1, 5, 10, 30, 60, 300},
		}, []string{"feed"}),
		feedSuccess:   gauges("yardstick_feed_last_success_timestamp_seconds", "When the feed last brought a file that was accepted or held nothing new.", "feed"),
		feedDue:       gauges("yardstick_feed_due_timestamp_seconds", "When the oldest period not yet delivered was due; absent when nothing is owed.", "feed"),
		feedProblems:  gauges("yardstick_feed_problems", "Problems of the feed that are not mended yet.", "feed"),
		feedQuestions: gauges("yardstick_feed_open_questions", "Questions of the feed that wait for an answer.", "feed"),
		compareFailures: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "yardstick_compare_failures_total", Help: "Comparisons that failed; the verdicts shown are those of the last good one.",
		}),
		compareDuration: newMaybe("yardstick_compare_duration_seconds", "How long the last good comparison took."),
		compareSuccess:  newMaybe("yardstick_compare_last_success_timestamp_seconds", "When the verdicts shown were made."),
		ledgerHeight:    newMaybe("yardstick_ledger_height", "Entries in the ledger."),
		snapshotFree:    newMaybe("yardstick_snapshot_free_bytes", "Bytes free where snapshots of feed files are kept."),
		storeUp:         newMaybe("yardstick_store_up", "1 when the store answered when last asked, else 0."),
		ledgerHead:      newMaybe("yardstick_ledger_head_info", "Hash of the ledger's last entry.", "hash"),
		buildInfo:       gauges("yardstick_build_info", "Version and revision of this program.", "version", "revision"),
		dropped: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "yardstick_series_dropped", Help: "Series of verdicts left out because the limit was reached.",
		}),
	}
	r.MustRegister(h.rows, h.receipts, h.changes, h.duration, h.feedSuccess, h.feedDue, h.feedProblems, h.feedQuestions, h.compareFailures,
		h.compareDuration, h.compareSuccess, h.ledgerHeight, h.snapshotFree, h.storeUp, h.ledgerHead, h.buildInfo, h.dropped)
	h.fromZero(feeds)
	return h
}

// fromZero makes every counter stand before it first counts, so that its first
// increase is seen as one.
func (h *house) fromZero(feeds map[string]bool) {
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
}

func (h *house) changed(cause string) error {
	if !slices.Contains(schema.Causes(), cause) {
		return fmt.Errorf("%q is no cause", cause)
	}
	h.changes.WithLabelValues(cause).Inc()
	return nil
}

// maybe is a gauge that has no sample while its value is unknown.
type maybe struct {
	desc   *prometheus.Desc
	mu     sync.Mutex
	known  bool
	value  float64
	labels []string
}

func newMaybe(name, help string, labels ...string) *maybe {
	return &maybe{desc: prometheus.NewDesc(name, help, labels, nil)}
}

func (m *maybe) put(known bool, v float64, labels []string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.known, m.value, m.labels = known, v, labels
}

func (m *maybe) set(v float64, labels ...string) { m.put(true, v, labels) }
func (m *maybe) unset()                          { m.put(false, 0, nil) }

// Describe implements prometheus.Collector.
func (m *maybe) Describe(ch chan<- *prometheus.Desc) { ch <- m.desc }

// Collect implements prometheus.Collector.
func (m *maybe) Collect(ch chan<- prometheus.Metric) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.known {
		ch <- prometheus.MustNewConstMetric(m.desc, prometheus.GaugeValue, m.value, m.labels...)
	}
}

// merged gathers the prepared verdicts and the house's own metrics as one page,
// by name. The names are disjoint; nothing is sorted or checked again.
type merged struct {
	e     *Exporter
	house prometheus.Gatherer
}

// Gather implements prometheus.Gatherer.
func (m merged) Gather() ([]*dto.MetricFamily, error) {
	own, err := m.house.Gather()
	if err != nil {
		return nil, fmt.Errorf("gathering the house's metrics: %w", err)
	}
	var verdicts []*dto.MetricFamily
	if p := m.e.verdicts.Load(); p != nil {
		verdicts = *p
	}
	out := make([]*dto.MetricFamily, 0, len(own)+len(verdicts))
	out = append(append(out, own...), verdicts...)
	slices.SortFunc(out, func(a, b *dto.MetricFamily) int { return strings.Compare(a.GetName(), b.GetName()) })
	return out, nil
}

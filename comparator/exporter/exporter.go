// Package exporter shows verdicts to Prometheus. The metrics of all verdicts
// are built once per comparison, in label order, and swapped in one step;
// a scrape answers from memory. When a comparison fails, or its metrics cannot
// be built, the last good set stays and its age shows.
package exporter

import (
	"cmp"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	dto "github.com/prometheus/client_model/go"

	"yardstick/schema"
)

// Register tells what a target is. schema/targets satisfies it.
type Register interface {
	Target(policy, id string) (schema.Target, bool)
}

// DefaultLimit is how many series of verdicts are shown when the options name
// no other number: some two thousand targets.
const DefaultLimit = 50_000

// Options of an exporter.
type Options struct {
	Register Register           // where owner and title come from; may be nil
	Feeds    []schema.FeedState // those whose counters stand from the start, with who answers for each
	Channels []Channel          // notifications leave by; counted from the start
	Logger   *slog.Logger       // default: slog.Default
	Limit    int                // series of verdicts shown at most; 0: DefaultLimit
	Location *time.Location     // days end here; default: UTC+8, the time of Chinese statistics
	Version  string
	Revision string
	Now      func() time.Time // this machine's clock; default: time.Now
	// SnapshotFree gives the bytes free where snapshots are kept. It is asked
	// at Refresh and after each comparison, never by a scrape.
	SnapshotFree func() (uint64, error)
	// Runtime adds the metrics of the Go runtime and the process.
	Runtime bool
}

// Exporter holds what /metrics shows. It is safe for concurrent use.
type Exporter struct {
	options  Options
	log      *slog.Logger
	verdicts atomic.Pointer[[]*dto.MetricFamily]
	system   *system
	handler  http.Handler

	mu    sync.Mutex // one comparison at a time
	feeds map[string]bool
}

// New makes an exporter that shows no verdict yet.
func New(o Options) *Exporter {
	if o.Now == nil {
		o.Now = time.Now
	}
	o.Logger, o.Limit, o.Location = cmp.Or(o.Logger, slog.Default()), cmp.Or(o.Limit, DefaultLimit), cmp.Or(o.Location, statistical())
	e := &Exporter{options: o, log: o.Logger, feeds: map[string]bool{otherFeed: true}}
	for _, f := range o.Feeds {
		e.feeds[f.Name] = true
	}
	registry := prometheus.NewRegistry()
	if o.Runtime {
		registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	}
	e.system = newSystem(registry, o)
	e.system.fromZero(e.feeds, o)
	e.handler = promhttp.HandlerFor(merged{e, registry}, promhttp.HandlerOpts{
		ErrorLog: slog.NewLogLogger(o.Logger.Handler(), slog.LevelError), ErrorHandling: promhttp.HTTPErrorOnError, EnableOpenMetrics: true,
	})
	e.Refresh()
	return e
}

// statistical is the time of Chinese statistics.
func statistical() *time.Location { return time.FixedZone("UTC+8", 8*60*60) }

// Handler answers scrapes, in the text format or OpenMetrics as asked.
func (e *Exporter) Handler() http.Handler { return e.handler }

// SetVerdicts swaps in the verdicts of a comparison that ended at the given
// moment and took so long. causes names, by scope, why a verdict changed (""
// for those that did not). An error means that the metrics could not be built
// (two verdicts of one scope): the last good set stays, and it counts as a
// failed comparison.
func (e *Exporter) SetVerdicts(asOf schema.Date, at time.Time, verdicts []schema.Verdict, took time.Duration, causes map[schema.Scope]string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	set := newVerdictSet(e.options.Register, e.options.Location, e.options.Limit)
	families, err := set.build(verdicts)
	if err != nil {
		err = fmt.Errorf("building the metrics of %d verdicts as of %s: %w", len(verdicts), asOf, err)
		e.Failed(err)
		return err
	}
	e.verdicts.Store(&families)
	e.system.dropped.Set(float64(set.dropped))
	if set.dropped > 0 {
		e.log.Warn("series limit reached: the best verdicts are not on /metrics", "limit", e.options.Limit,
			"series_dropped", set.dropped, "targets_dropped", set.targetsDropped)
	}
	e.system.compareDuration.set(took.Seconds())
	e.system.compareSuccess.set(seconds(at))
	for scope, cause := range causes {
		if cause == "" {
			continue
		}
		if err := e.system.changed(cause); err != nil {
			e.log.Error("counting a changed verdict", "policy", scope.Policy, "target", scope.Target, "region", scope.Region, "error", err)
		}
	}
	e.Refresh()
	return nil
}

// Failed counts a comparison that failed. What was shown stays.
func (e *Exporter) Failed(err error) {
	e.system.compareFailures.Inc()
	e.log.Error("comparison failed: the metrics of the last good one stay", "error", err)
}

// ObserveReceipt counts a receipt, its rows and how long collecting it took. A
// feed nobody configured counts under "other": feed names come from outside and
// must not make series without end.
func (e *Exporter) ObserveReceipt(r schema.Receipt, took time.Duration) {
	feed := e.known(r.Feed)
	e.system.receipts.WithLabelValues(feed, string(r.Status)).Inc()
	for result, n := range map[string]int{"accepted": r.Accepted, "revised": r.Revised, "unchanged": r.UnchangedN, "rejected": r.Rejected} {
		e.system.rows.WithLabelValues(feed, result).Add(float64(max(n, 0)))
	}
	e.system.duration.WithLabelValues(feed).Observe(took.Seconds())
}

// SetFeed says how a feed stands. An unknown feed is left out; a zero time or day
// is unknown and has no sample.
func (e *Exporter) SetFeed(s schema.FeedState) {
	if !e.feeds[s.Name] || s.Name == otherFeed {
		e.log.Warn("state of a feed that is not configured", "feed", s.Name)
		return
	}
	end := func(d schema.Date) time.Time {
		if d.IsZero() {
			return time.Time{}
		}
		return d.EndIn(e.options.Location)
	}
	setTime(e.system.feedSuccess, s.Name, s.LastSuccess)
	setTime(e.system.feedDue, s.Name, end(s.Due))
	setTime(e.system.excused, s.Name, end(s.Excused))
	e.system.feedProblems.WithLabelValues(s.Name).Set(float64(s.Problems))
	e.system.feedQuestions.WithLabelValues(s.Name).Set(float64(s.Questions))
}

// SetLedger says how many entries the ledger has and the hash of the last.
func (e *Exporter) SetLedger(height uint64, hash string) {
	e.system.ledgerHeight.set(float64(height))
	e.system.ledgerHead.set(1, hash)
}

// SetStoreUp says whether the store answered when it was last asked.
func (e *Exporter) SetStoreUp(up bool) { e.system.storeUp.set(zeroOne(up)) }

// Refresh samples what is asked of others: free space.
func (e *Exporter) Refresh() {
	if e.options.SnapshotFree == nil {
		return
	}
	free, err := e.options.SnapshotFree()
	if err != nil {
		e.system.snapshotFree.swap()
		e.log.Warn("free space where snapshots are kept is unknown", "error", err)
		return
	}
	e.system.snapshotFree.set(float64(free))
}

func (e *Exporter) known(feed string) string {
	if e.feeds[feed] {
		return feed
	}
	e.stranger(feed)
	return otherFeed
}

func setTime(v *prometheus.GaugeVec, feed string, t time.Time) {
	if t.IsZero() {
		v.DeleteLabelValues(feed)
		return
	}
	v.WithLabelValues(feed).Set(seconds(t))
}

func seconds(t time.Time) float64 { return float64(t.UnixMilli()) / 1000 }

func zeroOne(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

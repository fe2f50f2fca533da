package exporter

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"

	"yardstick/schema"
)

// scopeLabels are on every metric of a verdict.
func scopeLabels() []string { return []string{"policy", "region", "target"} }

// verdictSet builds the metrics of one comparison.
type verdictSet struct {
	register       Register
	location       *time.Location
	limit          int
	dropped        int // series left out
	targetsDropped int
	desc           map[string]*prometheus.Desc
}

func newVerdictSet(r Register, loc *time.Location, limit int) *verdictSet {
	s := &verdictSet{register: r, location: loc, limit: limit, desc: map[string]*prometheus.Desc{}}
	one := func(name, help string, more ...string) {
		s.desc[name] = prometheus.NewDesc("yardstick_"+name, help, append(scopeLabels(), more...), nil)
	}
	one("target_info", "What a target is; always 1.", "clause", "indicator", "unit", "kind", "direction", "owner", "title")
	one("target_value", "What was promised, in the indicator's unit.")
	one("indicator_value", "The figure judged, in the indicator's unit (cadences: days since the last report).")
	one("target_gap", "What is missing to the target in the indicator's unit: above zero is short of it, whichever way it points.")
	one("target_gap_ratio", "Gap over target.")
	one("target_attainment_ratio", "Value over target; target over value where less is better.")
	one("target_progress_ratio", "Share of the way from baseline to target that is done.")
	one("target_schedule_ratio", "Share of the time to the deadline that had passed at the end of the figure's period.")
	one("target_pace_ratio", "Progress over schedule; without a baseline, slope observed over slope still required.")
	one("target_chance_ratio", "Probability that the target is met by its deadline.")
	one("target_forecast_value", "The figure expected at the deadline, in the indicator's unit: it stays below with the probability named by the quantile. Count and sum are of the figures the forecast rests on.")
	one("target_deadline_timestamp_seconds", "End of the deadline's day.")
	one("target_observation_timestamp_seconds", "End of the reference period of the figure judged.")
	one("target_lost_timestamp_seconds", "End of the reference period in which a target that had been met was lost again; absent while it is met or never was.")
	one("target_status", "1 for the status that holds, 0 for the others.", "status")
	one("target_stale", "1 when the next figure is overdue beyond its grace, else 0.")
	one("target_provisional", "1 when the figure judged is provisional or estimated, else 0.")
	return s
}

// build gives the metric families, sorted by name and labels and checked for
// consistency once. When the limit is reached whole targets are left out, the
// best first: half a target would mislead, and the worst matter most.
func (s *verdictSet) build(verdicts []schema.Verdict) ([]*dto.MetricFamily, error) {
	verdicts = slices.Clone(verdicts)
	slices.SortStableFunc(verdicts, schema.Verdict.CompareWorst)
	var all metrics
	shown := 0
	for _, v := range verdicts {
		one, n, err := s.metrics(v)
		if err != nil {
			return nil, fmt.Errorf("target %s of %s: %w", v.Target, v.Policy, err)
		}
		if s.dropped > 0 || shown+n > s.limit {
			s.dropped += n
			s.targetsDropped++
			continue
		}
		all, shown = append(all, one...), shown+n
	}
	r := prometheus.NewPedanticRegistry()
	if err := r.Register(described{all, s.desc}); err != nil {
		return nil, fmt.Errorf("registering: %w", err)
	}
	families, err := r.Gather()
	if err != nil {
		return nil, fmt.Errorf("gathering: %w", err)
	}
	return families, nil
}

// metrics are those of one verdict, in so many series. What is unknown has none.
func (s *verdictSet) metrics(v schema.Verdict) (made metrics, n int, err error) {
	b := &builder{set: s, scope: []string{v.Policy, v.Region, v.Target}}
	b.info(v)
	b.gauge("target_value", ptr(v.TargetValue.Float()))
	b.decimal("indicator_value", v.Value)
	b.decimal("target_gap", v.Gap)
	b.gauge("target_gap_ratio", v.GapRatio)
	b.gauge("target_attainment_ratio", v.Attainment)
	b.gauge("target_progress_ratio", v.Progress)
	b.gauge("target_schedule_ratio", v.Schedule)
	b.gauge("target_pace_ratio", v.Pace)
	b.gauge("target_chance_ratio", v.Chance)
	b.forecast(v.Forecast)
	b.day("target_deadline_timestamp_seconds", v.Deadline)
	b.day("target_observation_timestamp_seconds", v.Observed)
	b.day("target_lost_timestamp_seconds", v.LostOn)
	for _, status := range schema.Statuses() {
		b.gauge("target_status", ptr(zeroOne(v.Status == status)), string(status))
	}
	if v.Value != nil && !v.Period.IsZero() {
		b.gauge("target_stale", ptr(zeroOne(v.Marks.Stale)))
		b.gauge("target_provisional", ptr(zeroOne(v.Marks.Provisional)))
	}
	return b.out, len(b.out) + b.more, b.err
}

func ptr[T any](v T) *T { return &v }

type metrics []prometheus.Metric

// builder makes the metrics of one scope; the first error stays.
type builder struct {
	set   *verdictSet
	scope []string
	out   metrics
	more  int // series beyond one a metric
	err   error
}

// gauge adds a sample; an unknown value, or none that a number can hold, adds
// nothing.
func (b *builder) gauge(name string, v *float64, more ...string) {
	if v == nil || math.IsNaN(*v) || math.IsInf(*v, 0) || b.err != nil {
		return
	}
	m, err := prometheus.NewConstMetric(b.set.desc[name], prometheus.GaugeValue, *v, append(slices.Clip(b.scope), more...)...)
	if err != nil {
		b.err = err
		return
	}
	b.out = append(b.out, m)
}

func (b *builder) decimal(name string, d *schema.Decimal) {
	if d != nil {
		b.gauge(name, ptr(d.Float()))
	}
}

// forecast adds the middle of the forecast and the ends of the range it stays
// in four times out of five. It is a summary, the one type that may have
// quantiles.
func (b *builder) forecast(f *schema.Forecast) {
	if f == nil || b.err != nil {
		return
	}
	quantiles := map[float64]float64{}
	for _, p := range []float64{.1, .5, .9} {
		if x, ok := f.At(p); ok && !math.IsNaN(x) && !math.IsInf(x, 0) {
			quantiles[p] = x
		}
	}
	if len(quantiles) == 0 {
		return
	}
	sum := 0.0
	for _, p := range f.Points {
		sum += p.Value.Float()
	}
	m, err := prometheus.NewConstSummary(b.set.desc["target_forecast_value"], uint64(len(f.Points)), sum, quantiles, b.scope...)
	if err != nil {
		b.err = err
		return
	}
	b.out = append(b.out, m)
	b.more += len(quantiles) + 1 // each quantile, count and sum
}

// day adds the last second of the day.
func (b *builder) day(name string, d schema.Date) {
	if !d.IsZero() {
		b.gauge(name, ptr(float64(d.EndIn(b.set.location).Unix())))
	}
}

// info names what the other metrics leave to it. A target the register no
// longer knows has what its verdict tells.
func (b *builder) info(v schema.Verdict) {
	var t schema.Target
	if b.set.register != nil {
		t, _ = b.set.register.Target(v.Policy, v.Target)
	}
	clause := ""
	if v.Clause > 0 {
		clause = strconv.Itoa(v.Clause)
	}
	b.gauge("target_info", ptr(1.0), clause, t.Indicator, v.Unit, string(v.Kind), string(v.Direction), t.Owner.In("zh"), t.Title.In("zh"))
}

// described is a collector of metrics made before.
type described struct {
	metrics
	desc map[string]*prometheus.Desc
}

// Describe implements prometheus.Collector.
func (d described) Describe(ch chan<- *prometheus.Desc) {
	for _, desc := range d.desc {
		ch <- desc
	}
}

// Collect implements prometheus.Collector.
func (m metrics) Collect(ch chan<- prometheus.Metric) {
	for _, one := range m {
		ch <- one
	}
}

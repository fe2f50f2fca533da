package exporter_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"yardstick/comparator/exporter"
	"yardstick/schema"
)

var update = flag.Bool("update", false, "write testdata/metrics.txt anew")

type register map[string]schema.Target

func (r register) Target(_, id string) (schema.Target, bool) {
	t, ok := r[id]
	return t, ok
}

func ptr[T any](v T) *T { return &v }

func dec(s string) *schema.Decimal { return ptr(schema.MustDecimal(s)) }

// verdicts are four made-up ones: everything known, little known, nothing known
// and a limit.
func verdicts() ([]schema.Verdict, register) {
	base := func(id string, k schema.Kind, status schema.Status) schema.Verdict {
		return schema.Verdict{Policy: "dalian-2024-15", Target: id, Region: "210200", AsOf: schema.NewDate(2025, 6, 30), Status: status, Clause: 4, Kind: k, Direction: schema.Up, Unit: "家"}
	}
	full := base("high-growth-firms", schema.Added, schema.AtRisk)
	full.TargetValue, full.Value, full.Gap = *dec("400"), dec("150"), dec("250")
	full.GapRatio, full.Attainment, full.Progress, full.Schedule, full.Pace, full.Chance = ptr(.625), ptr(.375), ptr(.375), ptr(.5), ptr(.75), ptr(.5)
	full.Deadline, full.Period, full.Observed = schema.NewDate(2025, 12, 31), schema.Month(2025, 5), schema.NewDate(2025, 5, 31)
	full.Marks.Provisional = true
	full.Forecast = &schema.Forecast{Points: []schema.SeriesPoint{{Value: *dec("100")}, {Value: *dec("150")}}, Quantiles: []schema.Quantile{{P: .025, Value: 180}, {P: .1, Value: 250.5}, {P: .5, Value: 330}, {P: .9, Value: 405}}}
	undated := base("first-loan-centres", schema.Added, schema.Open)
	undated.TargetValue, undated.Value, undated.Gap, undated.Attainment = *dec("2"), dec("1"), dec("1"), ptr(.5)
	undated.Period, undated.Observed, undated.Marks.Stale = schema.Month(2025, 3), schema.NewDate(2025, 3, 31), true
	undated.LostOn = schema.NewDate(2025, 3, 31)
	silent := base("large-events", schema.Within, schema.NoData)
	silent.TargetValue, silent.Deadline, silent.Unit = *dec("100"), schema.NewDate(2025, 12, 31), "场"
	bound := base("tech-sme-npl-tolerance", schema.Ceiling, schema.Breached)
	bound.TargetValue, bound.Value, bound.Gap, bound.Direction, bound.Unit, bound.Clause = *dec("3"), dec("3.25"), dec("0.25"), schema.Down, "百分点", 2
	bound.Period, bound.Observed = schema.Month(2025, 5), schema.NewDate(2025, 5, 31)
	reg := register{}
	for id, title := range map[string]string{"high-growth-firms": "新增雏鹰、瞪羚、独角兽企业", "first-loan-centres": "新增首贷中心", "large-events": "具有影响力的\"大中型\"活动"} {
		reg[id] = schema.Target{ID: id, Indicator: id, Title: schema.Text{Zh: title}, Owner: schema.Text{Zh: "未指定", En: "not named"}}
	}
	return []schema.Verdict{full, undated, silent, bound}, reg
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// filled is an exporter with something of everything, at a fixed time.
func filled(t testing.TB, log *slog.Logger) *exporter.Exporter {
	t.Helper()
	vs, reg := verdicts()
	e := exporter.New(exporter.Options{
		Register: reg, Feeds: []schema.FeedState{{Feed: schema.Feed{Name: "firms-monthly", Title: schema.Text{Zh: "企业（月）"}}, By: schema.Office{Title: schema.Text{Zh: "科技局"}}}, {Feed: schema.Feed{Name: "events-monthly"}}}, Logger: log, Version: "v0.1.0", Revision: "abc1234",
		Now:          func() time.Time { return time.Date(2025, 6, 30, 1, 2, 4, 0, time.UTC) },
		Channels:     []exporter.Channel{{Receiver: "duty", Kind: "wecom"}},
		SnapshotFree: func() (uint64, error) { return 123456789, nil },
	})
	at := time.Date(2025, 6, 30, 1, 2, 3, 500_000_000, time.UTC)
	causes := map[schema.Scope]string{vs[0].Scope(): schema.CauseFigure, vs[1].Scope(): schema.CauseTime, vs[2].Scope(): ""}
	if err := e.SetVerdicts(vs[0].AsOf, at, vs, 250*time.Millisecond, causes); err != nil {
		t.Fatal(err)
	}
	e.ObserveReceipt(schema.Receipt{Feed: "firms-monthly", Status: schema.Accepted, Accepted: 7, Revised: 1, UnchangedN: 2}, 80*time.Millisecond)
	e.ObserveReceipt(schema.Receipt{Feed: "somebody's", Status: schema.Refused, Rejected: 3}, 2*time.Second)
	e.SetFeed(schema.FeedState{Feed: schema.Feed{Name: "firms-monthly"}, LastSuccess: at, Problems: 0, Questions: 1})
	e.SetFeed(schema.FeedState{Feed: schema.Feed{Name: "events-monthly"}, Due: schema.NewDate(2025, time.June, 28), Excused: schema.NewDate(2025, time.July, 1), Problems: 2})
	e.SetLedger(42, "9f86d081884c7d65")
	e.SetStoreUp(true)
	e.SetLedgerIntact(true)
	e.SetBackup(at.Add(-time.Hour))
	e.SetWatchdog(at)
	e.SetCertificate("web", at.Add(24*time.Hour))
	e.SetCollector("events-monthly", 3)
	e.SetRevised([]exporter.Turn{{Scope: vs[1].Scope(), Was: schema.Achieved, At: at}})
	e.Notified("duty", "wecom", 1, nil)
	e.Notified("duty", "wecom", 3, errors.New("down"))
	return e
}

func page(t testing.TB, e *exporter.Exporter, accept string) string {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, "/metrics", nil)
	if accept != "" {
		r.Header.Set("Accept", accept)
	}
	w := httptest.NewRecorder()
	e.Handler().ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		t.Fatalf("status %d: %s", w.Code, w.Body)
	}
	return w.Body.String()
}

func TestWholePageIsTheGolden(t *testing.T) {
	got := page(t, filled(t, quiet()), "")
	golden := filepath.Join("testdata", "metrics.txt")
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the page differs from %s (go test -update writes it anew):\n%s", golden, got)
	}
}

func TestThePagePassesTheLinters(t *testing.T) {
	got := page(t, filled(t, quiet()), "")
	problems, err := promlint.New(strings.NewReader(got)).Lint()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
	promtool, err := exec.LookPath("promtool")
	if err != nil {
		t.Fatal("promtool is not installed: run `make tools`")
	}
	cmd := exec.CommandContext(t.Context(), promtool, "check", "metrics")
	cmd.Stdin = strings.NewReader(got)
	if out, err := cmd.CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("promtool check metrics: %v\n%s", err, out)
	}
}

func TestOpenMetricsIsSpokenWhenAsked(t *testing.T) {
	got := page(t, filled(t, quiet()), "application/openmetrics-text; version=1.0.0")
	if !strings.HasSuffix(got, "# EOF\n") || !strings.Contains(got, "# TYPE yardstick_verdict_changes counter") {
		t.Errorf("not OpenMetrics:\n%.600s", got)
	}
}

// samples of a metric, or of those of it that hold the text.
func samples(page, metric, holding string) (out []string) {
	for _, line := range strings.Split(page, "\n") {
		if strings.HasPrefix(line, metric+"{") || strings.HasPrefix(line, metric+" ") {
			if strings.Contains(line, holding) {
				out = append(out, line)
			}
		}
	}
	return out
}

func TestWhatIsUnknownHasNoSample(t *testing.T) {
	got := page(t, filled(t, quiet()), "")
	for _, m := range []string{"indicator_value", "target_gap", "target_gap_ratio", "target_attainment_ratio", "target_progress_ratio", "target_schedule_ratio",
		"target_pace_ratio", "target_chance_ratio", "target_observation_timestamp_seconds", "target_stale", "target_provisional"} {
		if s := samples(got, "yardstick_"+m, `target="large-events"`); len(s) != 0 {
			t.Errorf("%s is unknown and has %s", m, s)
		}
	}
	if s := samples(got, "yardstick_target_deadline_timestamp_seconds", "first-loan-centres"); len(s) != 0 {
		t.Errorf("no deadline, and %s", s)
	}
	if s := samples(got, "yardstick_feed_due_timestamp_seconds", "firms-monthly"); len(s) != 0 {
		t.Errorf("nothing owed, and %s", s)
	}
	empty := page(t, exporter.New(exporter.Options{Logger: quiet()}), "")
	for _, m := range []string{"yardstick_store_up", "yardstick_ledger_height", "yardstick_snapshot_free_bytes", "yardstick_compare_last_success_timestamp_seconds", "yardstick_target_value"} {
		if s := samples(empty, m, ""); len(s) != 0 {
			t.Errorf("nothing is known yet, and %s", s)
		}
	}
	vs, _ := verdicts()
	nan := 0.0
	nan /= nan
	vs[0].Pace = &nan
	e := exporter.New(exporter.Options{Logger: quiet()})
	if err := e.SetVerdicts(vs[0].AsOf, time.Unix(1, 0), vs, time.Second, nil); err != nil {
		t.Fatal(err)
	}
	for _, p := range []string{got, empty, page(t, e, "")} {
		if strings.Contains(p, "NaN") || strings.Contains(p, "Inf\n") {
			t.Error("a page holds NaN or Inf")
		}
	}
}

func TestStatusIsOneOfEight(t *testing.T) {
	s := samples(page(t, filled(t, quiet()), ""), "yardstick_target_status", `target="high-growth-firms"`)
	if len(s) != 8 {
		t.Fatalf("%q", s)
	}
	for _, line := range s {
		if strings.HasSuffix(line, " 1") != strings.Contains(line, `status="at_risk"`) {
			t.Error(line)
		}
	}
}

func TestCountersStandFromZero(t *testing.T) {
	got := page(t, exporter.New(exporter.Options{Logger: quiet(), Feeds: []schema.FeedState{{Feed: schema.Feed{Name: "a"}}}}), "")
	for metric, n := range map[string]int{"yardstick_feed_rows_total": 2 * 4, "yardstick_feed_receipts_total": 2 * 8, "yardstick_verdict_changes_total": 5,
		"yardstick_collector_duration_seconds_count": 2, "yardstick_compare_failures_total": 1, "yardstick_series_dropped": 1} {
		s := samples(got, metric, "")
		if len(s) != n || slices.ContainsFunc(s, func(l string) bool { return !strings.HasSuffix(l, " 0") }) {
			t.Errorf("%s: %q", metric, s)
		}
	}
}

func TestFeedNamesFromOutsideMakeNoSeries(t *testing.T) {
	e := exporter.New(exporter.Options{Logger: quiet(), Feeds: []schema.FeedState{{Feed: schema.Feed{Name: "a"}}}})
	before := strings.Count(page(t, e, ""), "\n")
	for i := range 100 {
		e.ObserveReceipt(schema.Receipt{Feed: fmt.Sprint("x", i), Status: schema.Accepted, Accepted: 1}, time.Second)
		e.SetFeed(schema.FeedState{Feed: schema.Feed{Name: fmt.Sprint("x", i)}, LastSuccess: time.Unix(1, 0)})
	}
	got := page(t, e, "")
	if strings.Count(got, "\n") != before {
		t.Error("the page grew")
	}
	if s := samples(got, "yardstick_feed_rows_total", `feed="other",result="accepted"`); len(s) != 1 || !strings.HasSuffix(s[0], " 100") {
		t.Errorf("%q", s)
	}
}

func TestTheLastGoodSetStaysWhenAComparisonFails(t *testing.T) {
	e := filled(t, quiet())
	value := func() []string { return samples(page(t, e, ""), "yardstick_target_gap", "") }
	age := func() []string {
		return samples(page(t, e, ""), "yardstick_compare_last_success_timestamp_seconds", "")
	}
	good, made := value(), age()
	e.Failed(errors.New("the store does not answer"))
	vs, _ := verdicts()
	vs[0].Gap = dec("1")
	twice := append(vs, vs[0])
	if err := e.SetVerdicts(vs[0].AsOf, time.Unix(2_000_000_000, 0), twice, time.Second, map[schema.Scope]string{vs[0].Scope(): schema.CauseFigure}); err == nil {
		t.Fatal("two verdicts of one scope were taken")
	}
	if !slices.Equal(value(), good) || !slices.Equal(age(), made) {
		t.Error("a failed comparison changed the page")
	}
	if s := samples(page(t, e, ""), "yardstick_compare_failures_total", ""); len(s) != 1 || !strings.HasSuffix(s[0], " 2") {
		t.Errorf("%q", s)
	}
	if err := e.SetVerdicts(vs[0].AsOf, time.Unix(2_000_000_000, 0), vs, time.Second, nil); err != nil {
		t.Fatal(err)
	}
	if slices.Equal(value(), good) || slices.Equal(age(), made) {
		t.Error("a good comparison after it did not show")
	}
}

func TestTheLimitLeavesOutWholeTargetsBestFirst(t *testing.T) {
	var log bytes.Buffer
	vs, reg := verdicts()
	e := exporter.New(exporter.Options{Register: reg, Limit: 34, Logger: slog.New(slog.NewTextHandler(&log, nil))})
	if err := e.SetVerdicts(vs[0].AsOf, time.Unix(1, 0), vs, time.Second, nil); err != nil {
		t.Fatal(err)
	}
	got := page(t, e, "")
	// Worst first: the breached limit (15 series), then at risk (27): too many
	// for 34. What follows is left out too, though its 11 would fit.
	for id, n := range map[string]int{"tech-sme-npl-tolerance": 1, "high-growth-firms": 0, "large-events": 0, "first-loan-centres": 0} {
		if s := samples(got, "yardstick_target_value", `"`+id+`"`); len(s) != n {
			t.Errorf("%s: %q", id, s)
		}
	}
	shown := strings.Count(got, `policy="dalian-2024-15"`)
	e = exporter.New(exporter.Options{Register: reg, Logger: quiet()})
	if err := e.SetVerdicts(vs[0].AsOf, time.Unix(1, 0), vs, time.Second, nil); err != nil {
		t.Fatal(err)
	}
	all := strings.Count(page(t, e, ""), `policy="dalian-2024-15"`)
	if s := samples(got, "yardstick_series_dropped", ""); len(s) != 1 || s[0] != fmt.Sprint("yardstick_series_dropped ", all-shown) {
		t.Errorf("%q, of %d series %d are shown", s, all, shown)
	}
	if !strings.Contains(log.String(), "series limit reached") || !strings.Contains(log.String(), "targets_dropped=3") {
		t.Error(log.String())
	}
}

func TestUnknownFreeSpaceHasNoSample(t *testing.T) {
	err := error(nil)
	e := exporter.New(exporter.Options{Logger: quiet(), SnapshotFree: func() (uint64, error) { return 5, err }})
	if s := samples(page(t, e, ""), "yardstick_snapshot_free_bytes", ""); len(s) != 1 || !strings.HasSuffix(s[0], " 5") {
		t.Errorf("%q", s)
	}
	err = errors.New("gone")
	e.Refresh()
	if s := samples(page(t, e, ""), "yardstick_snapshot_free_bytes", ""); len(s) != 0 {
		t.Errorf("%q", s)
	}
}

func TestAnUnknownCauseIsLoggedNotCounted(t *testing.T) {
	var log bytes.Buffer
	vs, _ := verdicts()
	e := exporter.New(exporter.Options{Logger: slog.New(slog.NewTextHandler(&log, nil))})
	if err := e.SetVerdicts(vs[0].AsOf, time.Unix(1, 0), vs, time.Second, map[schema.Scope]string{vs[0].Scope(): "whim"}); err != nil {
		t.Fatal(err)
	}
	if s := samples(page(t, e, ""), "yardstick_verdict_changes_total", ""); len(s) != 5 || !strings.Contains(log.String(), "whim") {
		t.Errorf("%q %s", s, log.String())
	}
}

// TestAScrapeSeesOneComparison swaps sets while pages are read: no page mixes
// two of them.
func TestAScrapeSeesOneComparison(t *testing.T) {
	server := httptest.NewServer(nil)
	defer server.Close()
	e := exporter.New(exporter.Options{Logger: quiet()})
	server.Config.Handler = e.Handler()
	set := func(n int) {
		vs, _ := verdicts()
		for i := range vs {
			vs[i].TargetValue = schema.NewDecimal(int64(n), 0)
		}
		if err := e.SetVerdicts(vs[0].AsOf, time.Unix(int64(n), 0), vs, time.Second, nil); err != nil {
			t.Error(err)
		}
	}
	set(1)
	ctx, stop := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() {
		for n := 2; ctx.Err() == nil; n++ {
			set(n)
			e.SetLedger(uint64(n), fmt.Sprint(n))
			e.ObserveReceipt(schema.Receipt{Status: schema.Accepted}, time.Millisecond)
		}
	})
	for range 60 {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, line := range samples(string(body), "yardstick_target_value", "") {
			seen[line[strings.LastIndex(line, " "):]] = true
		}
		if len(seen) != 1 {
			t.Fatalf("a page of %d comparisons: %v", len(seen), seen)
		}
	}
	stop()
	wg.Wait()
}

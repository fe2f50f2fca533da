package exporter_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"yardstick/comparator/exporter"
	"yardstick/schema"
)

func TestNamesNobodyConfiguredAreCountedAndSaidOnce(t *testing.T) {
	var log bytes.Buffer
	e := exporter.New(exporter.Options{Feeds: []schema.FeedState{{Feed: schema.Feed{Name: "known"}}}, Logger: slog.New(slog.NewTextHandler(&log, nil))})
	for i := range 300 {
		e.ObserveReceipt(schema.Receipt{Feed: fmt.Sprintf("stranger-%d", i), Status: schema.Accepted}, time.Second)
		e.ObserveReceipt(schema.Receipt{Feed: "stranger-0", Status: schema.Accepted}, time.Second)
	}
	got := page(t, e, "")
	if !strings.Contains(got, "yardstick_labels_dropped_total 600\n") || strings.Contains(got, "stranger-") {
		t.Errorf("%s", samples(got, "yardstick_labels_dropped_total", ""))
	}
	if n := strings.Count(log.String(), "feed=stranger-0 "); n != 1 {
		t.Errorf("the first stranger is told %d times", n)
	}
	if n := strings.Count(log.String(), "counted as other"); n != 100 {
		t.Errorf("the log was told of %d strangers", n)
	}
}

func TestTheNewestTurnOfAScopeHolds(t *testing.T) {
	e := exporter.New(exporter.Options{Logger: quiet()})
	scope := schema.Scope{Policy: "p", Target: "t", Region: "r"}
	e.SetRevised([]exporter.Turn{{scope, schema.OnTrack, time.Unix(200, 0)}, {scope, schema.Achieved, time.Unix(100, 0)}})
	if s := samples(page(t, e, ""), "yardstick_target_revised_timestamp_seconds", ""); len(s) != 1 || !strings.HasSuffix(s[0], `was="on_track"} 200`) {
		t.Errorf("%q", s)
	}
	e.SetRevised(nil)
	if s := samples(page(t, e, ""), "yardstick_target_revised_timestamp_seconds", ""); len(s) != 0 {
		t.Errorf("%q", s)
	}
}

func TestWhatIsUnknownOfTheHouseHasNoSample(t *testing.T) {
	e := exporter.New(exporter.Options{Logger: quiet(), Channels: []exporter.Channel{{Receiver: "duty", Kind: "mail"}}})
	e.SetBackup(time.Time{})
	e.SetCertificate("web", time.Unix(5, 0))
	e.SetCertificate("web", time.Time{})
	got := page(t, e, "")
	for _, name := range []string{"yardstick_ledger_intact", "yardstick_backup_last_success_timestamp_seconds", "yardstick_certificate_expiry_timestamp_seconds",
		"yardstick_watchdog_last_seen_timestamp_seconds", "yardstick_notification_last_success_timestamp_seconds"} {
		if s := samples(got, name, ""); len(s) != 0 {
			t.Errorf("%q", s)
		}
	}
	if !strings.Contains(got, `yardstick_notifications_total{channel="mail",receiver="duty",result="failed"} 0`) {
		t.Error("a channel is not counted from zero")
	}
}

// What dashboards, alerts and other people's rules were promised.
func TestEveryPromisedMetricIsOnThePage(t *testing.T) {
	got := page(t, filled(t, quiet()), "")
	for _, name := range []string{
		"target_info", "target_value", "indicator_value", "target_gap", "target_gap_ratio", "target_attainment_ratio", "target_progress_ratio",
		"target_schedule_ratio", "target_pace_ratio", "target_chance_ratio", "target_forecast_value", "target_deadline_timestamp_seconds",
		"target_observation_timestamp_seconds", "target_status", "target_stale", "target_provisional", "verdict_changes_total",
		"feed_last_success_timestamp_seconds", "feed_due_timestamp_seconds", "feed_problems", "feed_open_questions", "feed_rows_total",
		"feed_receipts_total", "collector_duration_seconds", "compare_duration_seconds", "compare_last_success_timestamp_seconds", "ledger_height",
		"ledger_head_info", "backup_last_success_timestamp_seconds", "snapshot_free_bytes", "series_dropped", "store_up", "build_info",
	} {
		if !strings.Contains(got, "# TYPE yardstick_"+name+" ") {
			t.Errorf("there is no yardstick_%s", name)
		}
	}
}

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
	e := exporter.New(exporter.Options{Feeds: []exporter.FeedInfo{{Name: "known"}}, Logger: slog.New(slog.NewTextHandler(&log, nil))})
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

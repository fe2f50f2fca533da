package bridge

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"time"

	"yardstick/schema/words"
)

// Payload is what Alertmanager posts to a webhook, version 4 of its format:
// all alerts of one group, those that fire and those that ended.
type Payload struct {
	Version     string            `json:"version"`
	GroupKey    string            `json:"groupKey"`
	Receiver    string            `json:"receiver"`
	Status      string            `json:"status"`
	GroupLabels map[string]string `json:"groupLabels"`
	ExternalURL string            `json:"externalURL"`
	Truncated   uint64            `json:"truncatedAlerts"`
	Alerts      []Alert           `json:"alerts"`
}

// Alert is one of them.
type Alert struct {
	Status      string            `json:"status"` // firing or resolved
	Labels      map[string]string `json:"labels"`
	Annotations map[string]string `json:"annotations"`
	StartsAt    time.Time         `json:"startsAt"`
	EndsAt      time.Time         `json:"endsAt"`
	Fingerprint string            `json:"fingerprint"` // of the labels
}

// Name is the rule's.
func (a Alert) Name() string { return a.Labels["alertname"] }

func (a Alert) resolved() bool { return a.Status == "resolved" }

// event reports whether the alert tells of something that happened: it is told
// once, and its end is no news.
func (a Alert) event() bool { return a.Labels["tell"] == "once" }

// subject is the target the alert is about; ok is false for others.
func (a Alert) subject() (s [3]string, ok bool) {
	s = [3]string{a.Labels["policy"], a.Labels["target"], a.Labels["region"]}
	return s, s[1] != ""
}

// rank orders alerts as a message lists them: what wakes people first.
func (a Alert) rank() int {
	if i := slices.Index([]string{"page", "warning", "info"}, a.Labels["severity"]); i >= 0 {
		return i
	}
	return 3
}

func byRank(a, b Alert) int {
	return cmp.Or(cmp.Compare(a.rank(), b.rank()), a.StartsAt.Compare(b.StartsAt), cmp.Compare(a.Fingerprint, b.Fingerprint))
}

// mostPayload bounds what is read of a webhook: some thousand alerts.
const mostPayload = 8 << 20

// Decode reads a payload. What is not one is a *words.Error.
func Decode(r io.Reader) (Payload, error) {
	var p Payload
	text, err := io.ReadAll(io.LimitReader(r, mostPayload+1))
	if err != nil {
		return p, fmt.Errorf("reading the alerts: %w", err)
	}
	if len(text) > mostPayload {
		return p, words.Fail(nil, "alert-payload-long", "most", mostPayload>>20)
	}
	if err := json.Unmarshal(text, &p); err != nil {
		return p, words.Fail(err, "alert-payload")
	}
	if p.Version != "4" {
		return p, words.Fail(nil, "alert-payload-version", "version", p.Version)
	}
	for i, a := range p.Alerts {
		if a.Fingerprint == "" || a.Name() == "" || (a.Status != "firing" && a.Status != "resolved") {
			return p, words.Fail(nil, "alert-payload-alert", "n", i+1)
		}
	}
	return p, nil
}

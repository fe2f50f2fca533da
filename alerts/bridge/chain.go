package bridge

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"yardstick/schema"
	"yardstick/schema/words"
)

// Run watches the chain until ctx ends: it tells that the always firing alert
// stays away, and what ended while nobody was to be told. Alertmanager forgets
// an alert that ends inside its mute times without a word, so this asks it.
func (b *Bridge) Run(ctx context.Context, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if !b.o.Working(b.o.Now()) {
				continue
			}
			b.checkChain(ctx)
			b.catchUp(ctx)
		}
	}
}

// seen notes that the always firing alert came back.
func (b *Bridge) seen() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.watchdog = b.o.Now()
	if b.o.Observer != nil {
		b.o.Observer.SetWatchdog(b.watchdog)
	}
}

// chainPrint stands for a fingerprint where the alert is our own.
const chainPrint = "chain"

// chainAlert is what people are told of a broken chain.
func (b *Bridge) chainAlert(since time.Time, resolved bool) Alert {
	limit := words.Say("alert-minutes", "n", int(b.o.Watchdog.Minutes()))
	title, next := words.Say("alert-chain-title"), words.Say("alert-chain-next")
	facts := words.Say("alert-chain-facts", "time", limit)
	a := Alert{Status: "firing", Fingerprint: chainPrint, StartsAt: since, Labels: map[string]string{"alertname": "Watchdog", "severity": "warning"},
		Annotations: annotations(title, facts, next)}
	if resolved {
		a.Status, a.EndsAt = "resolved", b.o.Now()
	}
	return a
}

func annotations(title, facts, next schema.Text) map[string]string {
	out := map[string]string{}
	for name, t := range map[string]schema.Text{"summary": title, "description": facts, "next": next} {
		for _, lang := range schema.LanguageCodes() {
			out[annotation(name, lang)] = t.In(lang)
		}
	}
	return out
}

// checkChain tells the officer on call when the always firing alert stays away,
// and when it is back.
func (b *Bridge) checkChain(ctx context.Context) {
	if b.o.Watchdog <= 0 {
		return
	}
	b.mu.Lock()
	since, was := b.watchdog, b.broken
	b.mu.Unlock()
	broken := b.o.Now().Sub(since) > b.o.Watchdog
	if broken == was {
		return
	}
	for _, l := range b.to(RouteOncall, "") {
		if err := b.tell(ctx, l, []Alert{b.chainAlert(since, !broken)}); err != nil {
			return // tried again at the next tick
		}
	}
	b.mu.Lock()
	b.broken = broken
	b.mu.Unlock()
}

// active asks Alertmanager for the fingerprints of all alerts that fire, also
// silenced and inhibited ones; watchdog says whether the always firing one is
// among them.
func (b *Bridge) active(ctx context.Context) (prints map[string]bool, watchdog bool, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimRight(b.o.Alertmanager, "/")+"/api/v2/alerts", nil)
	if err != nil {
		return nil, false, fmt.Errorf("asking Alertmanager: %w", err)
	}
	res, err := b.client.Do(req)
	if err != nil {
		return nil, false, fmt.Errorf("asking Alertmanager: %w", err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, false, fmt.Errorf("asking Alertmanager: it answers %s", res.Status)
	}
	var list []struct {
		Fingerprint string            `json:"fingerprint"`
		Labels      map[string]string `json:"labels"`
	}
	if err := json.NewDecoder(res.Body).Decode(&list); err != nil {
		return nil, false, fmt.Errorf("reading Alertmanager's alerts: %w", err)
	}
	prints = map[string]bool{}
	for _, a := range list {
		prints[a.Fingerprint] = true
		watchdog = watchdog || a.Labels["alertname"] == "Watchdog"
	}
	return prints, watchdog, nil
}

// alive reports whether Prometheus still tells Alertmanager anything. Without
// Alertmanager's address it is taken to be.
func (b *Bridge) alive(ctx context.Context) bool {
	if b.o.Alertmanager == "" {
		return true
	}
	_, watchdog, err := b.active(ctx)
	if err != nil {
		b.o.Log.Warn("whether the chain of alerts works is unknown: ends are told later", "err", err)
	}
	return err == nil && watchdog
}

// catchUp tells the ends that Alertmanager did not: of alerts a channel was told
// of that do not fire at two looks in a row. One look may fall into a restart.
func (b *Bridge) catchUp(ctx context.Context) {
	if b.o.Alertmanager == "" {
		return
	}
	prints, watchdog, err := b.active(ctx)
	if err != nil {
		b.o.Log.Warn("what ended is unknown", "err", err)
	}
	if !watchdog {
		return
	}
	missing := map[string]bool{}
	for _, lines := range b.lines {
		for _, l := range lines {
			var ended []Alert
			for _, t := range b.memory.open(l.name()) {
				key := l.name() + " " + t.Fingerprint
				switch {
				case t.Fingerprint == chainPrint || prints[t.Fingerprint]:
				case b.missing[key]:
					t.Status, t.EndsAt = "resolved", b.o.Now()
					ended = append(ended, t.Alert)
				default:
					missing[key] = true
				}
			}
			if len(ended) > 0 {
				if err := b.tell(ctx, l, ended); err != nil {
					for _, a := range ended { // tried again at the next look
						missing[l.name()+" "+a.Fingerprint] = true
					}
				}
			}
		}
	}
	b.missing = missing // only this loop touches it
}

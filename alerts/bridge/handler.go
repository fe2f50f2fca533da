package bridge

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"yardstick/schema/words"
)

// ServeHTTP takes POST …/{route} from Alertmanager, with the token as a bearer
// or as the password of basic authentication. 200: told,
// or no news; 400: not a payload; 401: no or another token; 404: no such route;
// 502: somebody could not be told, and Alertmanager should try again.
func (b *Bridge) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	given, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok { // behind basic authentication there is no room for a bearer
		_, given, ok = r.BasicAuth()
	}
	a, c := sha256.Sum256([]byte(given)), sha256.Sum256([]byte(b.token))
	if !ok || b.token == "" || subtle.ConstantTimeCompare(a[:], c[:]) != 1 {
		w.Header().Set("WWW-Authenticate", "Bearer")
		http.Error(w, "unauthorized", http.StatusUnauthorized)
		return
	}
	route := r.PathValue("route")
	if !slices.Contains(append(routed(), RouteOwners, RouteWatchdog), route) {
		http.NotFound(w, r)
		return
	}
	p, err := Decode(r.Body)
	if err != nil {
		b.o.Log.Warn("a notification cannot be read", "route", route, "err", err)
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if err := b.Take(r.Context(), route, p); err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	w.WriteHeader(http.StatusOK)
}

// Render writes what each channel of a route would be sent for p, were it told
// all of it for the first time. Nothing is sent or remembered.
func (b *Bridge) Render(w io.Writer, route string, p Payload, lang string) error {
	for _, l := range b.to(route, p.GroupLabels["owner"]) {
		fmt.Fprintln(w, words.Say("alert-render-for", "name", l.receiver, "channel", l.kind()).In(lang))
		n := (&memory{told: map[string]map[string]told{}}).sort(l.name(), p.Alerts, b.o.Now())
		for _, a := range p.Alerts {
			if a.resolved() && !a.event() {
				n.ended = append(n.ended, a)
			}
		}
		if n.empty() {
			fmt.Fprintln(w, words.Say("alert-render-nothing").In(lang))
			continue
		}
		body, err := l.body(compose(n, l.lang))
		if err != nil {
			return err
		}
		text, err := readable(body)
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, "%s\n\n", text); err != nil {
			return err
		}
	}
	return nil
}

// readable indents JSON without escapes; a letter is as it is.
func readable(body []byte) ([]byte, error) {
	if !json.Valid(body) {
		return letter(body)
	}
	var v any
	if err := json.Unmarshal(body, &v); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(v)
	// People read lines, not \n.
	return bytes.ReplaceAll(bytes.TrimSpace(b.Bytes()), []byte(`\n`), []byte("\n")), err
}

// Test sends a marked message to every channel of a receiver and tells how each
// went.
func (b *Bridge) Test(ctx context.Context, receiver string, w io.Writer, lang string) error {
	lines := b.lines[receiver]
	if len(lines) == 0 {
		if len(b.lines) == 0 {
			return words.Fail(nil, "alert-none")
		}
		return words.Fail(nil, "alert-no-receiver", "name", receiver, "known", strings.Join(slices.Sorted(maps.Keys(b.lines)), ", "))
	}
	failed := false
	for _, l := range lines {
		a := Alert{Status: "firing", Labels: map[string]string{"alertname": "Test", "severity": "info", "test": "yes"}, StartsAt: b.o.Now(),
			Annotations: annotations(words.Say("alert-test-title"), words.Say("alert-test-facts", "name", receiver), words.Say("alert-test-next"))}
		l.mu.Lock()
		err := b.deliver(ctx, l, compose(news{fresh: []Alert{a}}, l.lang))
		l.mu.Unlock()
		said := words.Say("alert-test-sent", "name", receiver, "channel", l.kind())
		if err != nil {
			failed = true
			said = words.Say("alert-test-failed", "name", receiver, "channel", l.kind(), "why", errors.Unwrap(err))
		}
		if _, err := fmt.Fprintln(w, said.In(lang)); err != nil {
			return err
		}
	}
	if failed {
		return words.Fail(nil, "alert-test-all-failed")
	}
	return nil
}

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

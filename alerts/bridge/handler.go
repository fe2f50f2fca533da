package bridge

import (
	"bytes"
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
	if !slices.Contains([]string{RoutePage, RouteOncall, RouteOwners, RouteFallback, RouteWatchdog}, route) {
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

// Package bridge takes what Alertmanager posts and tells people: group robots
// of WeCom and DingTalk, and e-mail. Each channel is told of a problem once and
// of its end once, in the channel's language, with figures and the next step.
package bridge

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"yardstick/schema"
	"yardstick/schema/words"
)

// Observer is told of every notification after all its tries, and of the
// always firing alert.
type Observer interface {
	Notified(receiver, channel string, tries int, err error)
	SetWatchdog(at time.Time)
}

// Options of a bridge. Zero fields have the defaults said.
type Options struct {
	Config
	State    string   // file that keeps what was told; "" keeps nothing beyond the process
	Observer Observer // may be nil
	Log      *slog.Logger
	Working  func(time.Time) bool // when people may be told what can wait; default: always
	Now      func() time.Time     // default: time.Now
	Pause    time.Duration        // before the second try, doubled after each; default: a second
	Apart    time.Duration        // between two messages of one robot; default: 3 s (they take 20 a minute)
}

// channel is one way to one receiver.
type channel interface {
	kind() string
	body(Message) ([]byte, error)
	send(context.Context, Message) error
}

// line is a channel with its receiver. It sends one message at a time.
type line struct {
	channel
	receiver, lang string
	mu             sync.Mutex
	last           time.Time
}

func (l *line) name() string { return l.receiver + "/" + l.kind() }

// Bridge tells people.
type Bridge struct {
	o      Options
	token  string
	lines  map[string][]*line // by receiver
	memory *memory
	client *http.Client // for asking Alertmanager

	mu       sync.Mutex
	watchdog time.Time
	broken   bool // people were told that the chain is
	missing  map[string]bool
}

// New reads the secrets and makes the channels. Check the configuration first.
func New(o Options) (*Bridge, error) {
	o.Log = cmp.Or(o.Log, slog.New(slog.DiscardHandler))
	o.Pause, o.Apart = cmp.Or(o.Pause, time.Second), cmp.Or(o.Apart, 3*time.Second)
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Working == nil {
		o.Working = func(time.Time) bool { return true }
	}
	if err := errors.Join(o.Config.Check()...); err != nil {
		return nil, err
	}
	b := &Bridge{o: o, lines: map[string][]*line{}, watchdog: o.Now(), missing: map[string]bool{},
		client: &http.Client{Timeout: 10 * time.Second}}
	var err error
	if o.TokenFile != "" {
		if b.token, err = secret(o.TokenFile); err != nil {
			return nil, err
		}
		if b.token == "" {
			return nil, words.Fail(nil, "alert-config-token")
		}
	}
	if b.memory, err = openMemory(o.State); err != nil {
		return nil, err
	}
	for _, r := range o.Receivers {
		if err := b.open(r); err != nil {
			return nil, fmt.Errorf("receiver %s: %w", r.Name, err)
		}
	}
	if b.memory.has(chainPrint) { // the chain was broken when we ended; it is whole once it is seen to be
		b.broken, b.watchdog = true, o.Now().Add(-o.Watchdog-time.Second)
	}
	return b, nil
}

// open makes a receiver's channels.
func (b *Bridge) open(r Receiver) error {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	var proxy *url.URL
	if b.o.Proxy != "" {
		var err error
		if proxy, err = url.Parse(b.o.Proxy); err != nil {
			return words.Fail(nil, "alert-config-url", "where", "alerts.proxy", "why", errors.Unwrap(err))
		}
		transport.Proxy = http.ProxyURL(proxy)
	}
	client := &http.Client{Transport: transport, Timeout: 15 * time.Second}
	add := func(c channel) {
		b.lines[r.Name] = append(b.lines[r.Name], &line{channel: c, receiver: r.Name, lang: cmp.Or(r.Lang, schema.Chinese)})
	}
	if w := r.WeCom; w != nil {
		address, err := addressIn(w.URLFile, "wecom.url_file")
		if err != nil {
			return err
		}
		add(weCom{robot{client, address, cmp.Or(w.Form, formText), w.Mention}})
	}
	if d := r.DingTalk; d != nil {
		address, err := addressIn(d.URLFile, "dingtalk.url_file")
		if err != nil {
			return err
		}
		key, err := secret(d.SecretFile)
		if err != nil {
			return err
		}
		add(dingTalkRobot{robot{client, address, cmp.Or(d.Form, formText), d.Mention}, key, b.o.Now})
	}
	if m := r.Mail; m != nil {
		password := ""
		if m.PasswordFile != "" {
			var err error
			if password, err = secret(m.PasswordFile); err != nil {
				return err
			}
		}
		if proxy != nil && !strings.HasPrefix(proxy.Scheme, "http") {
			proxy = nil // letters go through HTTP proxies alone
		}
		add(mail{Mail: *m, password: password, proxy: proxy, now: b.o.Now})
	}
	return nil
}

// addressIn is a robot's address, which a file holds.
func addressIn(file, where string) (string, error) {
	address, err := secret(file)
	if err != nil {
		return "", err
	}
	if err := checkURL(address); err != nil {
		return "", words.Fail(nil, "alert-config-url", "where", where, "why", err)
	}
	return address, nil
}

// Channels lists receivers and their kinds of channel, for counting from zero.
func (c Config) Channels() [][2]string {
	var out [][2]string
	for _, r := range c.Receivers {
		for kind, there := range map[string]bool{"wecom": r.WeCom != nil, "dingtalk": r.DingTalk != nil, "mail": r.Mail != nil} {
			if there {
				out = append(out, [2]string{r.Name, kind})
			}
		}
	}
	slices.SortFunc(out, func(a, b [2]string) int { return slices.Compare(a[:], b[:]) })
	return out
}

// to lists the lines a route leads to, each once.
func (b *Bridge) to(route, owner string) []*line {
	var out []*line
	var seen []string
	for _, name := range b.o.names(route, owner) {
		if !slices.Contains(seen, name) {
			seen, out = append(seen, name), append(out, b.lines[name]...)
		}
	}
	return out
}

// Take tells the people of a route what is news to them. An error means that
// somebody could not be told; taken again, the payload tells only those.
func (b *Bridge) Take(ctx context.Context, route string, p Payload) error {
	if route == RouteWatchdog {
		if slices.ContainsFunc(p.Alerts, func(a Alert) bool { return !a.resolved() }) {
			b.seen()
		}
		return nil
	}
	alerts := slices.DeleteFunc(slices.Clone(p.Alerts), func(a Alert) bool { return a.Labels["severity"] == "none" })
	// An end that comes because Prometheus fell silent is none: catch-up tells it once the chain works again.
	if slices.ContainsFunc(alerts, Alert.resolved) && !b.alive(ctx) {
		alerts = slices.DeleteFunc(alerts, Alert.resolved)
	}
	var wg sync.WaitGroup
	lines := b.to(route, p.GroupLabels["owner"])
	errs := make([]error, len(lines))
	for i, l := range lines {
		wg.Go(func() { errs[i] = b.tell(ctx, l, alerts) })
	}
	wg.Wait()
	return errors.Join(errs...)
}

// tell sends to a line what of alerts is news to it and remembers it.
func (b *Bridge) tell(ctx context.Context, l *line, alerts []Alert) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := b.o.Now()
	n := b.memory.sort(l.name(), alerts, now)
	if !n.empty() {
		if err := b.deliver(ctx, l, compose(n, l.lang)); err != nil {
			return err
		}
	}
	if err := b.memory.keep(l.name(), n, now); err != nil {
		b.o.Log.Error("what was told is not kept: it may be told twice", "receiver", l.receiver, "channel", l.kind(), "err", err)
	}
	return nil
}

// tries of one message. With pauses of 1, 2 and 4 s the last ends within a
// minute; then Alertmanager tries again by itself.
const tries = 4

// deliver sends m and says how it went. The caller holds the line.
func (b *Bridge) deliver(ctx context.Context, l *line, m Message) error {
	n, err := b.persist(ctx, l, func(ctx context.Context) error { return l.send(ctx, m) })
	if b.o.Observer != nil {
		b.o.Observer.Notified(l.receiver, l.kind(), max(n, 1), err)
	}
	said := []any{"receiver", l.receiver, "channel", l.kind(), "tries", n, "title", m.Title()}
	if err != nil {
		b.o.Log.Error("a notification was not delivered", append(said, "err", err)...)
		return fmt.Errorf("telling %s by %s: %w", l.receiver, l.kind(), err)
	}
	b.o.Log.Info("notified", said...)
	return nil
}

// persist sends, trying again where that may help, and says how often it tried. The
// caller holds the line.
func (b *Bridge) persist(ctx context.Context, l *line, send func(context.Context) error) (n int, err error) {
	for pause := b.o.Pause; ; pause *= 2 {
		if err := wait(ctx, b.o.Apart-time.Since(l.last)); err != nil {
			return n, err
		}
		n++
		l.last = time.Now()
		try, cancel := context.WithTimeout(ctx, 15*time.Second)
		err = send(try)
		cancel()
		var again retryable
		if err == nil || !errors.As(err, &again) || n == tries || wait(ctx, pause) != nil {
			return n, err
		}
	}
}

func wait(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

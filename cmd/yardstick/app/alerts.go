package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"yardstick/alerts"
	"yardstick/alerts/bridge"
	"yardstick/comparator/exporter"
	"yardstick/schema"
	"yardstick/schema/words"
)

type alertsCmd struct {
	Render alertsRender `cmd:"" help:"Print what each receiver would be sent; sends nothing. 预览通知。"`
	Test   alertsTest   `cmd:"" help:"Send a marked test message. 发送测试消息。"`
}

type alertsRender struct {
	Payload string `arg:"" optional:"" help:"What Alertmanager posted (JSON), - for stdin; default: an example. Alertmanager 推送的内容。"`
	Route   string `help:"page, oncall, owners or fallback. 分派。" default:"owners" enum:"page,oncall,owners,fallback"`
}

// Run prints, for each channel of the route, the message as it would be sent
// were all of it news.
func (c alertsRender) Run(r *run) error {
	p, err := c.payload(r)
	if err != nil {
		return err
	}
	b, err := r.bridge(nil)
	if err != nil {
		return err
	}
	return r.out(func(w io.Writer) error { return b.Render(w, c.Route, p, r.Lang) })
}

func (c alertsRender) payload(r *run) (bridge.Payload, error) {
	switch c.Payload {
	case "":
		return bridge.Decode(bytes.NewReader(alerts.Example))
	case "-":
		return bridge.Decode(r.In)
	}
	f, err := os.Open(c.Payload)
	if err != nil {
		return bridge.Payload{}, words.Fail(err, "file-unreadable", "file", c.Payload)
	}
	defer f.Close()
	return bridge.Decode(f)
}

type alertsTest struct {
	Receiver string `help:"The receiver's name. 接收人。" required:"" placeholder:"NAME"`
}

// Run sends a message marked as a test over every channel of the receiver.
func (c alertsTest) Run(ctx context.Context, r *run) error {
	b, err := r.bridge(r.log)
	if err != nil {
		return err
	}
	return b.Test(ctx, c.Receiver, r.Out, r.Lang)
}

// bridge makes one from the configuration for a command that keeps nothing.
func (r *run) bridge(log *slog.Logger) (*bridge.Bridge, error) {
	cfg, err := readConfig(r.Config, r.globals)
	if err != nil {
		return nil, err
	}
	if len(cfg.Alerts.Receivers) == 0 {
		return nil, usage("alert-none")
	}
	return bridge.New(bridge.Options{Config: cfg.Alerts, Log: log, Now: r.now})
}

// openAlerts makes the bridge of a server and reads which verdicts revisions
// turned before.
func (s *server) openAlerts(ctx context.Context) error {
	var err error
	s.bridge, err = bridge.New(bridge.Options{Config: s.cfg.Alerts, State: s.cfg.path("state", "alerts.json"), Observer: s.metrics, Log: s.r.log,
		Now: s.r.now, Working: func(t time.Time) bool { return s.calendar.OfficeHours(t.In(s.loc)) }})
	if err != nil {
		return err
	}
	last, err := s.store.LastVerdicts(ctx)
	if err != nil {
		return err
	}
	s.revised, err = openTurns(s.cfg.path("state", "revised.json"), last, s.r.log)
	return err
}

// turns remembers which verdicts changed their status because a figure was
// revised or withdrawn. It is kept in a file: the alert holds for ten days and
// must outlast a restart.
type turns struct {
	path string
	log  *slog.Logger

	mu   sync.Mutex
	last map[schema.Scope]schema.Status
	kept []exporter.Turn
}

// turnsKept is how long a turn is shown: longer than any alert on it.
const turnsKept = 30 * 24 * time.Hour

func openTurns(path string, last []schema.Verdict, log *slog.Logger) (*turns, error) {
	t := &turns{path: path, log: log, last: map[schema.Scope]schema.Status{}}
	for _, v := range last {
		t.last[v.Scope()] = v.Status
	}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return t, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &t.kept)
	}
	if err != nil {
		return nil, fmt.Errorf("reading which verdicts were turned: %w", err)
	}
	return t, nil
}

// note takes in a comparison.
func (t *turns) note(c compared) {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := len(t.kept)
	for _, v := range c.verdicts {
		was, known := t.last[v.Scope()]
		t.last[v.Scope()] = v.Status
		if known && was != v.Status && c.causes[v.Scope()] == schema.CauseRevision {
			t.kept = append(t.kept, exporter.Turn{Scope: v.Scope(), Was: was, At: c.at})
		}
	}
	if len(t.kept) == n {
		return
	}
	t.kept = slices.DeleteFunc(t.kept, func(u exporter.Turn) bool { return c.at.Sub(u.At) > turnsKept })
	text, err := json.Marshal(t.kept)
	if err == nil {
		err = errors.Join(os.MkdirAll(dirOf(t.path), 0o700), os.WriteFile(t.path+".new", text, 0o600))
	}
	if err == nil {
		err = os.Rename(t.path+".new", t.path)
	}
	if err != nil {
		t.log.Error("which verdicts were turned is not kept beyond this process", "err", err)
	}
}

func (t *turns) list() []exporter.Turn {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.kept)
}

// runbook shows an alert's page. Its Markdown is our own and simple: headings,
// numbered lists, code, a rule.
func runbook(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	text, err := fs.ReadFile(alerts.Runbooks, "runbooks/"+name+".md")
	if err != nil {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
	fmt.Fprintf(w, runbookPage, html.EscapeString(name), runbookBody(string(text)))
}

const runbookPage = `<!doctype html><html lang="zh"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>%s</title>
<style>body{font:16px/1.7 sans-serif;max-width:46em;margin:2em auto;padding:0 1em}code{background:#f2f2f2;padding:0 .25em}hr{margin:2.5em 0}@media print{a{color:inherit}}</style>
%s</html>
`

var runbookCode = regexp.MustCompile("`([^`]+)`")

func runbookBody(text string) string {
	var b strings.Builder
	list := false
	for _, line := range strings.Split(text, "\n") {
		said := runbookCode.ReplaceAllString(html.EscapeString(line), "<code>$1</code>")
		number, item, isItem := strings.Cut(said, ". ")
		isItem = isItem && strings.Trim(number, "0123456789") == "" && number != ""
		if isItem != list {
			b.WriteString(map[bool]string{true: "<ol>\n", false: "</ol>\n"}[isItem])
			list = isItem
		}
		switch {
		case isItem:
			fmt.Fprintf(&b, "<li>%s</li>\n", item)
		case strings.HasPrefix(said, "## "):
			fmt.Fprintf(&b, "<h2>%s</h2>\n", said[3:])
		case strings.HasPrefix(said, "# "):
			fmt.Fprintf(&b, "<h1>%s</h1>\n", said[2:])
		case said == "---":
			b.WriteString("<hr>\n")
		case said != "":
			fmt.Fprintf(&b, "<p>%s</p>\n", said)
		}
	}
	if list {
		b.WriteString("</ol>\n")
	}
	return b.String()
}

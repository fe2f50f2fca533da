package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"yardstick/schema"
	"yardstick/schema/engine/enginetest"
)

// robot is a stand-in for a WeCom group that keeps what it is told.
type robot struct {
	url string
	mu  sync.Mutex
	got []string
}

func newRobot(t *testing.T) *robot {
	t.Helper()
	r := &robot{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		var m struct {
			Type string `json:"msgtype"`
			Text struct {
				Content string `json:"content"`
			} `json:"text"`
		}
		if err := json.NewDecoder(req.Body).Decode(&m); err != nil || m.Type != "text" {
			t.Errorf("a robot was sent %q: %v", m.Type, err)
		}
		r.mu.Lock()
		r.got = append(r.got, m.Text.Content)
		r.mu.Unlock()
		_, _ = io.WriteString(w, `{"errcode":0,"errmsg":"ok"}`)
	}))
	t.Cleanup(s.Close)
	r.url = s.URL + "/cgi-bin/webhook/send?key=KEY"
	return r
}

func (r *robot) messages() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string(nil), r.got...)
}

// want waits until the robot has n messages, and returns the last.
func (r *robot) want(t *testing.T, n int, what string) string {
	t.Helper()
	for end := time.Now().Add(10 * time.Minute); ; time.Sleep(200 * time.Millisecond) {
		got := r.messages()
		if len(got) == n {
			return got[n-1]
		}
		if len(got) > n || time.Now().After(end) {
			t.Fatalf("%s: %d messages, want %d:\n%s", what, len(got), n, strings.Join(got, "\n---\n"))
		}
	}
}

// watchtower is the whole chain on loopback: Yardstick on a store that can be
// taken away, Prometheus, Alertmanager, and two groups of people.
type watchtower struct {
	crasher
	board, prometheus, alertmanager string
	store                           *httptest.Server
	tech, duty, finance             *robot
	today                           schema.Date
}

const watchtowerRegister = `policy: oncall-1
number: 样政发〔1〕号
title: {zh: 样例, en: Example}
issued: %[1]s
region: "210200"
owner: {zh: 数据局, en: Data Bureau}
clauses: 2
targets:
  - {id: compute, clause: 1, title: {zh: 智算规模, en: Computing power}, kind: level, direction: up, op: ">=", value: 1000, unit: PFlops,
     deadline: %[2]s, baseline: {value: 0, date: %[1]s}, indicator: oncall-compute}
  - {id: trees, clause: 2, title: {zh: 植树, en: Trees}, kind: level, direction: up, op: ">=", value: 1000, unit: 棵,
     deadline: %[2]s, baseline: {value: 0, date: %[1]s}, indicator: oncall-trees}
indicators:
  - {code: oncall-compute, name: {zh: 智算规模样例, en: Example computing power}, definition: {zh: 样例, en: Example}, unit: PFlops, unit_en: PFlops,
     frequencies: [D], basis: point, release: {days: 20, grace: 10}}
  - {code: oncall-trees, name: {zh: 植树样例, en: Example trees}, definition: {zh: 样例, en: Example}, unit: 棵, unit_en: trees,
     frequencies: [M], basis: point, release: {days: 10}}
`

const watchtowerConfig = `store: %[2]s
policies: [register.yaml]
offices: [{name: forest, title: {zh: 林业局, en: Forestry}}]
feeds:
  - {name: tech, title: {zh: 科技月报, en: Technology}, schedule: "* * * * *", drop: drop/tech, indicators: [oncall-compute]}
  - {name: forest, title: {zh: 林业月报, en: Forestry}, office: forest, schedule: "* * * * *", drop: drop/forest, indicators: [oncall-trees],
     frequency: M, release: {days: 10}}
alerts:
  token_file: token
  alertmanager: http://127.0.0.1:%[1]s
  receivers:
    - {name: duty, wecom: {url_file: duty-robot}}
    - {name: tech, wecom: {url_file: tech-robot}}
    - {name: finance, wecom: {url_file: finance-robot}}
  owners: {数据局: [tech], 财政局: [finance]}
# Two cadences of the policy that comes along were never reported on and lag.
owners:
  bond-fund-report-cadence: {owner: {zh: 财政局}}
  bond-fund-disbursement-cadence: {owner: {zh: 财政局}}
`

func (w *watchtower) write(t *testing.T, name, text string) {
	t.Helper()
	path := filepath.Join(w.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func ports(t *testing.T, n int) (out []string) {
	t.Helper()
	for range n {
		port, err := freePort()
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, port)
	}
	return out
}

// run starts a program that ends with the test.
func (w *watchtower) run(t *testing.T, cmd *exec.Cmd, ready string) {
	t.Helper()
	var said bytes.Buffer
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("%s said:\n%s", filepath.Base(cmd.Path), said.Bytes())
		}
	})
	for end := time.Now().Add(10 * time.Minute); ; time.Sleep(100 * time.Millisecond) {
		if status, _, err := fetch(t.Context(), ready); err == nil && status == http.StatusOK {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%s was not ready", filepath.Base(cmd.Path))
		}
	}
}

func program(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Fatalf("没有 %[1]s，请先运行 make tools / %[1]s is missing: run `make tools` first", name)
	}
	return path
}

// build starts everything. Rules and routes are the shipped ones with their
// waits cut to seconds, and without mute times: the test may run at night.
func build(t *testing.T) *watchtower {
	t.Helper()
	w := &watchtower{crasher: crasher{binary(t), t.TempDir(), enginetest.Library(t)}, tech: newRobot(t), duty: newRobot(t), finance: newRobot(t)}
	shanghai, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	w.today = schema.DateOf(time.Now().In(shanghai))
	p := ports(t, 3)
	w.board, w.prometheus, w.alertmanager = "http://127.0.0.1:"+p[0], "http://127.0.0.1:"+p[1], "http://127.0.0.1:"+p[2]

	eng := enginetest.Open(t)
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.Out.URL.Scheme, r.Out.URL.Host = "http", "engine" }, Transport: eng.Writer()}
	w.store = httptest.NewServer(proxy)
	t.Cleanup(w.store.Close)
	database := enginetest.Database(t, eng)

	w.write(t, "register.yaml", fmt.Sprintf(watchtowerRegister, w.today.AddDays(-200), w.today.AddDays(200)))
	w.write(t, "yardstick.yaml", fmt.Sprintf(watchtowerConfig, p[2], w.store.URL+"/"+database))
	w.write(t, "token", "s3cret")
	w.write(t, "duty-robot", w.duty.url)
	w.write(t, "tech-robot", w.tech.url)
	w.write(t, "finance-robot", w.finance.url)
	w.write(t, "data/state/last-backup", "")
	w.shipped(t, p)

	serve := w.command("serve", "--config", "yardstick.yaml", "--listen", "127.0.0.1:"+p[0])
	serve.Args = serve.Args[:len(serve.Args)-1] // not quiet: what it said is shown when the test fails
	w.run(t, serve, w.board+"/readyz")
	am := exec.Command(program(t, "prometheus-alertmanager"), "--config.file="+filepath.Join(w.dir, "alertmanager.yml"), "--storage.path="+filepath.Join(w.dir, "am"),
		"--web.listen-address=127.0.0.1:"+p[2], "--cluster.listen-address=", "--data.retention=840h", "--log.level=warn")
	w.run(t, am, w.alertmanager+"/-/ready")
	prom := exec.Command(program(t, "prometheus"), "--config.file="+filepath.Join(w.dir, "prometheus.yml"), "--storage.tsdb.path="+filepath.Join(w.dir, "tsdb"),
		"--web.listen-address=127.0.0.1:"+p[1], "--rules.alert.resend-delay=5s", "--log.level=warn")
	w.run(t, prom, w.prometheus+"/-/ready")
	t.Cleanup(func() { // before the programs end
		if t.Failed() {
			for _, address := range []string{w.prometheus + "/api/v1/alerts", w.alertmanager + "/api/v2/alerts", w.board + "/metrics"} {
				_, body, err := fetch(context.Background(), address)
				t.Logf("%s: %v\n%s", address, err, body)
			}
		}
	})
	return w
}

// shipped writes the configurations that the project ships, for these ports and
// with short waits.
func (w *watchtower) shipped(t *testing.T, ports []string) {
	t.Helper()
	read := func(name string) string {
		text, err := os.ReadFile(filepath.Join("../..", name))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	change := func(text string, pairs ...string) string {
		for i := 0; i < len(pairs); i += 2 {
			re := regexp.MustCompile(pairs[i])
			if !re.MatchString(text) {
				t.Fatalf("the shipped file has no %s", pairs[i])
			}
			text = re.ReplaceAllString(text, pairs[i+1])
		}
		return text
	}
	rules, err := filepath.Glob("../../alerts/rules/*.yml")
	if err != nil || len(rules) == 0 {
		t.Fatalf("no rules: %v", err)
	}
	for _, name := range rules {
		text := regexp.MustCompile(`(?m)^        for: .*`).ReplaceAllString(read("alerts/rules/"+filepath.Base(name)), "        for: 3s")
		text = regexp.MustCompile(`(?m)^        keep_firing_for: .*`).ReplaceAllString(text, "        keep_firing_for: 4s")
		text = change(text, `interval: 1m`, "interval: 1s")
		text = regexp.MustCompile(`(?s)(- alert: TargetStale.*?for: )3s`).ReplaceAllString(text, "${1}0s")
		// On a busy machine a few scrapes in a row may come too late: what asks whether anything is there at all waits longer.
		text = regexp.MustCompile(`(?s)(- alert: ComparatorStale.*?for: )3s`).ReplaceAllString(text, "${1}30s")
		w.write(t, "rules/"+filepath.Base(name), text)
	}
	w.write(t, "prometheus.yml", change(read("deploy/prometheus/prometheus.yml"), `(scrape|evaluation)_interval: 1m`, "${1}_interval: 1s",
		`board: \S+`, "board: http://board.example", `\.\./\.\./alerts/rules/`, "rules/",
		`127\.0\.0\.1:8080`, "127.0.0.1:"+ports[0], `127\.0\.0\.1:9090`, "127.0.0.1:"+ports[1], `127\.0\.0\.1:9093`, "127.0.0.1:"+ports[2]))
	w.write(t, "alertmanager.yml", change(read("alerts/alertmanager/alertmanager.yml"), `(?m)^ *mute_time_intervals: .*\n`, "", `group_wait: \S+`, "group_wait: 1s",
		`group_interval: \S+`, "group_interval: 1s", `127\.0\.0\.1:8080`, "127.0.0.1:"+ports[0], `/etc/yardstick/alerts-token`, filepath.Join(w.dir, "token")))
}

// deliver hands a file in while serve runs.
func (w *watchtower) deliver(t *testing.T, feed, name, rows string) {
	t.Helper()
	w.write(t, name, "indicator,region,period,basis,value,unit,status,published\n"+rows)
	if out, err := w.command("ingest", "--config", "yardstick.yaml", "--feed", feed, name).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
}

// alerting counts the samples of an expression in Prometheus.
func (w *watchtower) alerting(t *testing.T, expr string) int {
	return askPrometheus(t, w.prometheus, expr)
}

func (w *watchtower) await(t *testing.T, expr string, n int) {
	t.Helper()
	for end := time.Now().Add(10 * time.Minute); w.alerting(t, expr) != n; time.Sleep(300 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s gives %d samples, want %d", expr, w.alerting(t, expr), n)
		}
	}
}

// quietly watches for so long that a message would have come, and sees none.
func (w *watchtower) quietly(t *testing.T, tech, duty int, what string) {
	t.Helper()
	time.Sleep(8 * time.Second)
	if a, b := w.tech.messages(), w.duty.messages(); len(a) != tech || len(b) != duty {
		t.Fatalf("%s: the owner has %d messages and duty %d, want %d and %d:\n%s", what, len(a), len(b), tech, duty, strings.Join(append(a, b...), "\n---\n"))
	}
}

func TestOneMessageAProblemThroughTheWholeChain(t *testing.T) {
	t.Parallel()
	w := build(t)
	longAgo := schema.PeriodOf(schema.Monthly, w.today).Add(-4)
	w.deliver(t, "forest", "trees.csv", fmt.Sprintf("oncall-trees,210200,%s,point,10,棵,A,%s\n", longAgo, longAgo.Last().AddDays(8)))
	w.deliver(t, "tech", "first.csv", fmt.Sprintf("oncall-compute,210200,%s,point,120,PFlops,P,%s\n", w.today.AddDays(-3), w.today.AddDays(-2)))

	t.Log("a target lags: its owner is told once, with figures, next step and links")
	text := w.tech.want(t, 1, "a target lags")
	for _, want := range []string{"【标尺】进度滞后：智算规模\n现值120 PFlops，目标1000 PFlops，差距880 PFlops；期限" + w.today.AddDays(200).String(), "牵头单位：数据局。所用数据为初步数，终值公布后可能改变。\n",
		"下一步：打开目标页核对最近一期数据", "详情：http://board.example/targets/oncall-1/compute\n", "处置手册：http://board.example/runbooks/TargetLagging\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	t.Log("a dead collector raises FeedOverdue, and its stale target does not lag")
	text = w.duty.want(t, 1, "a feed is overdue")
	for _, want := range []string{"【标尺】数据逾期未报：林业月报\n应于" + fmt.Sprint(longAgo.Next().Last().Year), "下一步：请报送单位补报", "详情：http://board.example/feeds\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if w.alerting(t, `ALERTS{alertname="TargetStale",target="trees"}`) != 1 || w.alerting(t, `ALERTS{alertname="TargetLagging",target="trees"}`) != 0 ||
		w.alerting(t, `yardstick_target_status{target="trees",status="lagging"} == 1`) != 1 {
		t.Error("the stale target is not silenced, or was never lagging")
	}
	w.quietly(t, 1, 1, "nothing new happened")

	t.Log("the next feed mends it: one message that it ended, and it passes through at risk without another")
	w.deliver(t, "tech", "second.csv", fmt.Sprintf("oncall-compute,210200,%s,point,490,PFlops,A,%s\n", w.today.AddDays(-1), w.today))
	text = w.tech.want(t, 2, "it is mended")
	if !strings.HasPrefix(text, "【标尺】已解除：进度滞后：智算规模\n（持续") || !strings.Contains(text, "详情：http://board.example/targets/oncall-1/compute\n") {
		t.Errorf("%s", text)
	}
	w.await(t, `ALERTS{alertname="TargetAtRisk",target="compute",recovering="yes",alertstate="firing"}`, 1)
	w.quietly(t, 2, 1, "it recovers")

	t.Log("the store goes down: StoreDown alone")
	w.store.CloseClientConnections()
	w.store.Close()
	text = w.duty.want(t, 2, "the store is down")
	if !strings.HasPrefix(text, "【标尺·紧急】数据库不可用\n") || !strings.Contains(text, "下一步：先看磁盘") {
		t.Errorf("%s", text)
	}
	w.quietly(t, 2, 2, "the store is down")
	if n := len(w.activeAlerts(t)); n != 2 {
		t.Errorf("Alertmanager would tell of %v, want StoreDown and Watchdog", w.activeAlerts(t))
	}
}

// activeAlerts names what Alertmanager neither inhibits nor silences.
func (w *watchtower) activeAlerts(t *testing.T) (names []string) {
	t.Helper()
	status, body, err := fetch(t.Context(), w.alertmanager+"/api/v2/alerts?"+url.Values{"inhibited": {"false"}, "silenced": {"false"}, "active": {"true"}}.Encode())
	if err != nil || status != http.StatusOK {
		t.Fatalf("%d %v", status, err)
	}
	var list []struct {
		Labels map[string]string `json:"labels"`
	}
	if err := json.Unmarshal(body, &list); err != nil {
		t.Fatal(err)
	}
	for _, a := range list {
		names = append(names, a.Labels["alertname"])
	}
	return names
}

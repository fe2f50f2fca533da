package bridge

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// group is a stand-in for a robot's platform that keeps what it is sent.
type group struct {
	*httptest.Server
	mu      sync.Mutex
	got     []map[string]any
	queries []string
	answers []string // given in turn, the last for ever; default {"errcode":0}
	codes   []int
}

func newGroup(t *testing.T) *group {
	g := &group{}
	g.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		g.mu.Lock()
		defer g.mu.Unlock()
		var v map[string]any
		if err := json.NewDecoder(r.Body).Decode(&v); err != nil {
			t.Errorf("not JSON: %v", err)
		}
		g.queries = append(g.queries, r.URL.RawQuery)
		answer, code := `{"errcode":0,"errmsg":"ok"}`, 200
		if n := len(g.got); len(g.answers) > 0 {
			answer = g.answers[min(n, len(g.answers)-1)]
		}
		if n := len(g.got); len(g.codes) > 0 {
			code = g.codes[min(n, len(g.codes)-1)]
		}
		g.got = append(g.got, v)
		w.WriteHeader(code)
		_, _ = io.WriteString(w, answer)
	}))
	t.Cleanup(g.Close)
	return g
}

// texts are the messages sent so far.
func (g *group) texts() (out []string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, m := range g.got {
		kind := m["msgtype"].(string)
		body := m[kind].(map[string]any)
		for _, key := range []string{"content", "text"} {
			if s, ok := body[key].(string); ok {
				out = append(out, s)
			}
		}
	}
	return out
}

func file(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(path, []byte(content+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

type counted struct {
	mu    sync.Mutex
	lines []string
	seen  time.Time
}

func (c *counted) Notified(receiver, channel string, tries int, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lines = append(c.lines, fmt.Sprintf("%s %s %d %t", receiver, channel, tries, err == nil))
}

func (c *counted) SetWatchdog(at time.Time) { c.seen = at }

// start is a Wednesday, 10:00 in Shanghai.
var start = time.Date(2025, 7, 2, 2, 0, 0, 0, time.UTC)

// house is a bridge with a robot of WeCom for duty and one clock.
type house struct {
	*Bridge
	now   time.Time
	seen  *counted
	log   *bytes.Buffer
	wecom *group
	o     Options
}

func newHouse(t *testing.T, change func(*Options)) *house {
	t.Helper()
	h := &house{now: start, seen: &counted{}, log: &bytes.Buffer{}, wecom: newGroup(t)}
	h.o = Options{
		Config: Config{TokenFile: file(t, "s3cret"), Receivers: []Receiver{{Name: "duty", WeCom: &WeCom{URLFile: file(t, h.wecom.URL+"/send?key=ROBOTKEY")}}}},
		Now:    func() time.Time { return h.now }, Observer: h.seen, Log: slog.New(slog.NewTextHandler(h.log, nil)), Pause: time.Millisecond, Apart: time.Nanosecond,
		State: filepath.Join(t.TempDir(), "state", "alerts.json"),
	}
	if change != nil {
		change(&h.o)
	}
	h.reopen(t)
	return h
}

func (h *house) reopen(t *testing.T) {
	t.Helper()
	var err error
	if h.Bridge, err = New(h.o); err != nil {
		t.Fatal(err)
	}
}

func alert(name, target, severity string) Alert {
	a := Alert{Status: "firing", StartsAt: start, Fingerprint: name + "/" + target,
		Labels: map[string]string{"alertname": name, "severity": severity, "policy": "dalian-2024-15", "target": target, "region": "210200", "owner": "农业农村局"},
		Annotations: map[string]string{
			"summary": "进度滞后：高标准农田", "summary_en": target + " is lagging",
			"description": "现值31.4万亩，目标43万亩，差距11.6万亩；期限2025-12-31；牵头单位：农业农村局。", "description_en": "Value 314000 亩.",
			"next": "请牵头单位说明原因。", "next_en": "Ask the owner.",
			"link": "http://board.example/targets/dalian-2024-15/" + target, "runbook": "http://board.example/runbooks/" + name,
		}}
	return a
}

func ended(a Alert, at time.Time) Alert {
	a.Status, a.EndsAt = "resolved", at
	return a
}

func (h *house) take(t *testing.T, alerts ...Alert) {
	t.Helper()
	if err := h.Take(t.Context(), RouteOwners, Payload{Version: "4", Alerts: alerts}); err != nil {
		t.Fatal(err)
	}
}

// want checks how many messages there are and what the last one says.
func (h *house) want(t *testing.T, n int, last ...string) {
	t.Helper()
	got := h.wecom.texts()
	if len(got) != n {
		t.Fatalf("%d messages, want %d:\n%s", len(got), n, strings.Join(got, "\n---\n"))
	}
	for _, s := range last {
		if !strings.Contains(got[n-1], s) {
			t.Errorf("the last message does not say %q:\n%s", s, got[n-1])
		}
	}
}

func TestAProblemIsToldOnceWithItsFiguresAndItsEndOnce(t *testing.T) {
	h := newHouse(t, nil)
	a := alert("TargetLagging", "high-standard-farmland", "warning")
	h.take(t, a)
	h.take(t, a)
	if got, want := h.wecom.texts(), `【标尺】进度滞后：高标准农田
现值31.4万亩，目标43万亩，差距11.6万亩；期限2025-12-31；牵头单位：农业农村局。
下一步：请牵头单位说明原因。
详情：http://board.example/targets/dalian-2024-15/high-standard-farmland
处置手册：http://board.example/runbooks/TargetLagging
`; len(got) != 1 || got[0] != want {
		t.Fatalf("%q", got)
	}
	h.now = start.Add(73 * time.Hour)
	h.take(t, ended(a, h.now))
	h.take(t, ended(a, h.now))
	h.want(t, 2)
	if got := h.wecom.texts()[1]; got != "【标尺】已解除：进度滞后：高标准农田\n（持续3天）\n详情：http://board.example/targets/dalian-2024-15/high-standard-farmland\n" {
		t.Errorf("%q", got)
	}
}

func TestAGroupThatGainsAnAlertTellsTheNewOneAlone(t *testing.T) {
	h := newHouse(t, nil)
	a, b := alert("TargetLagging", "a", "warning"), alert("TargetLagging", "b", "warning")
	b.Annotations["summary"] = "进度滞后：乙"
	h.take(t, a)
	h.take(t, a, b)
	h.want(t, 2, "【标尺】进度滞后：乙", "另有1项告警此前已通知，仍未解除。")
	if got := h.wecom.texts()[1]; strings.Contains(got, "高标准农田") {
		t.Errorf("the old one is told again: %s", got)
	}
}

func TestWhatWasToldSurvivesARestart(t *testing.T) {
	h := newHouse(t, nil)
	a := alert("TargetLagging", "a", "warning")
	h.take(t, a)
	h.reopen(t)
	h.take(t, a)
	h.want(t, 1)
	h.take(t, ended(a, start.Add(time.Hour)))
	h.want(t, 2, "已解除")
}

func TestAnOpenProblemIsToldAgainAfterAMonthAndAnEventIsNot(t *testing.T) {
	h := newHouse(t, nil)
	a, e := alert("TargetLagging", "a", "warning"), alert("TargetAchieved", "b", "info")
	e.Labels["tell"] = "once"
	h.take(t, a, e)
	h.now = start.Add(29 * 24 * time.Hour)
	h.take(t, a, e)
	h.want(t, 1)
	h.now = start.Add(30 * 24 * time.Hour)
	h.take(t, a, e)
	h.want(t, 2, "1项仍未解除", "仍未解除：进度滞后：高标准农田")
	h.take(t, ended(e, h.now))
	h.want(t, 2) // the end of an event is no news
}

func TestWhatIsOvertakenByAnotherAlertOnItsTargetIsNotCalledMended(t *testing.T) {
	h := newHouse(t, nil)
	lag, miss := alert("TargetLagging", "a", "warning"), alert("TargetMissed", "a", "warning")
	miss.Annotations["summary"] = "到期未达标：高标准农田"
	h.take(t, lag)
	h.take(t, miss)
	h.take(t, ended(lag, start.Add(time.Hour)))
	h.want(t, 2, "【标尺】到期未达标")
	h.take(t, ended(miss, start.Add(2*time.Hour)))
	h.want(t, 3, "已解除：到期未达标")
}

func TestAnEndIsToldToThoseWhoHeardOfTheBeginning(t *testing.T) {
	h := newHouse(t, nil)
	h.take(t, ended(alert("TargetLagging", "a", "warning"), start))
	h.want(t, 0)
	none := alert("TargetStale", "a", "none")
	h.take(t, none)
	h.want(t, 0)
}

func TestAnAlertThatComesBackLaterIsANewOne(t *testing.T) {
	h := newHouse(t, nil)
	a := alert("TargetLagging", "a", "warning")
	h.take(t, a)
	a.StartsAt, h.now = start.Add(2*time.Hour), start.Add(3*time.Hour)
	h.take(t, a) // its end inside the mute times was never told
	h.want(t, 1)
	a.StartsAt, h.now = start.Add(100*time.Hour), start.Add(101*time.Hour)
	h.take(t, a)
	h.want(t, 2)
}

func TestUrgentMessagesSaySoAndNamePeople(t *testing.T) {
	h := newHouse(t, func(o *Options) { o.Receivers[0].WeCom.Mention = []string{"@all"} })
	a := alert("StoreDown", "", "page")
	a.Annotations["summary"] = "数据库不可用"
	h.take(t, alert("TargetLagging", "a", "warning"))
	h.take(t, a)
	h.want(t, 2, "【标尺·紧急】数据库不可用")
	first, last := h.wecom.got[0]["text"].(map[string]any), h.wecom.got[1]["text"].(map[string]any)
	if first["mentioned_list"] != nil || fmt.Sprint(last["mentioned_list"]) != "[@all]" {
		t.Errorf("%v %v", first, last)
	}
}

func TestOwnersHearOfTheirOwnAndTheOfficerOfTheRest(t *testing.T) {
	other := newGroup(t)
	h := newHouse(t, func(o *Options) {
		o.Receivers = append(o.Receivers, Receiver{Name: "farm", WeCom: &WeCom{URLFile: file(t, other.URL)}})
		o.Owners = map[string][]string{"农业农村局": {"farm", "farm"}}
	})
	p := Payload{GroupLabels: map[string]string{"owner": "农业农村局"}, Alerts: []Alert{alert("TargetLagging", "a", "warning")}}
	if err := h.Take(t.Context(), RouteOwners, p); err != nil {
		t.Fatal(err)
	}
	if len(other.texts()) != 1 || len(h.wecom.texts()) != 0 {
		t.Errorf("the owner has %d, duty %d", len(other.texts()), len(h.wecom.texts()))
	}
	p.GroupLabels["owner"] = "未登记"
	if err := h.Take(t.Context(), RouteOwners, p); err != nil {
		t.Fatal(err)
	}
	h.want(t, 1)
}

func TestABusyPlatformIsAskedAgainAndARefusalIsNot(t *testing.T) {
	for _, k := range []struct {
		name    string
		answers []string
		codes   []int
		tries   int
		good    bool
	}{
		{"too fast", []string{`{"errcode":45009,"errmsg":"freq"}`, `{"errcode":0}`}, nil, 2, true},
		{"out of order", []string{`oops`, `oops`, `{"errcode":0}`}, []int{502, 503, 200}, 3, true},
		{"always out of order", []string{`oops`}, []int{500}, 4, false},
		{"wrong key", []string{`{"errcode":93000,"errmsg":"invalid webhook url"}`}, nil, 1, false},
		{"not a robot", []string{`<html>`}, []int{404}, 1, false},
	} {
		t.Run(k.name, func(t *testing.T) {
			h := newHouse(t, nil)
			h.wecom.answers, h.wecom.codes = k.answers, k.codes
			err := h.Take(t.Context(), RouteOwners, Payload{Alerts: []Alert{alert("TargetLagging", "a", "warning")}})
			if (err == nil) != k.good {
				t.Fatalf("%v", err)
			}
			if want := fmt.Sprintf("duty wecom %d %t", k.tries, k.good); len(h.seen.lines) != 1 || h.seen.lines[0] != want {
				t.Errorf("%q, want %q", h.seen.lines, want)
			}
			if err != nil && (strings.Contains(err.Error(), "ROBOTKEY") || strings.Contains(h.log.String(), "ROBOTKEY")) {
				t.Errorf("the key is told: %v\n%s", err, h.log)
			}
			h.wecom.answers, h.wecom.codes = nil, nil
			h.take(t, alert("TargetLagging", "a", "warning")) // Alertmanager tries again: only the undelivered is sent
			n := len(h.wecom.texts())
			h.take(t, alert("TargetLagging", "a", "warning"))
			if len(h.wecom.texts()) != n {
				t.Error("told twice")
			}
		})
	}
}

func TestAnUnreachablePlatformDoesNotGiveTheKeyAway(t *testing.T) {
	h := newHouse(t, nil)
	h.wecom.Close()
	err := h.Take(t.Context(), RouteOwners, Payload{Alerts: []Alert{alert("TargetLagging", "a", "warning")}})
	if err == nil || strings.Contains(err.Error()+h.log.String(), "ROBOTKEY") {
		t.Errorf("%v\n%s", err, h.log)
	}
	if len(h.seen.lines) != 1 || h.seen.lines[0] != "duty wecom 4 false" {
		t.Errorf("%q", h.seen.lines)
	}
}

func TestOneChannelThatFailsDoesNotTellTheOtherTwice(t *testing.T) {
	ding := newGroup(t)
	h := newHouse(t, func(o *Options) {
		o.Receivers[0].DingTalk = &DingTalk{URLFile: file(t, ding.URL+"/robot/send?access_token=T"), SecretFile: file(t, "SECabc")}
	})
	ding.answers = []string{`{"errcode":310000,"errmsg":"sign not match"}`, `{"errcode":0}`}
	p := Payload{Alerts: []Alert{alert("TargetLagging", "a", "warning")}}
	if err := h.Take(t.Context(), RouteOwners, p); err == nil || !strings.Contains(err.Error(), "sign not match") {
		t.Fatalf("%v", err)
	}
	if err := h.Take(t.Context(), RouteOwners, p); err != nil {
		t.Fatal(err)
	}
	if len(h.wecom.texts()) != 1 || len(ding.texts()) != 2 {
		t.Errorf("WeCom %d, DingTalk %d", len(h.wecom.texts()), len(ding.texts()))
	}
}

func TestMessagesGoThroughTheProxy(t *testing.T) {
	var asked []string
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.String())
		_, _ = io.WriteString(w, `{"errcode":0}`)
	}))
	defer proxy.Close()
	h := newHouse(t, func(o *Options) {
		o.Proxy = proxy.URL
		o.Receivers[0].WeCom.URLFile = file(t, "http://qyapi.example/send?key=K")
	})
	h.take(t, alert("TargetLagging", "a", "warning"))
	if len(asked) != 1 || asked[0] != "http://qyapi.example/send?key=K" {
		t.Errorf("%q", asked)
	}
}

func TestOnlyAlertmanagerWithItsTokenIsHeard(t *testing.T) {
	h := newHouse(t, nil)
	mux := http.NewServeMux()
	mux.Handle("POST /api/v1/alerts/{route}", h)
	text, err := json.Marshal(Payload{Version: "4", Alerts: []Alert{alert("TargetLagging", "a", "warning")}})
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range []struct {
		token, route, body string
		code               int
	}{
		{"", "owners", string(text), 401}, {"Bearer wrong", "owners", string(text), 401}, {"Basic s3cret", "owners", string(text), 401},
		{"Basic YW06d3Jvbmc=", "owners", string(text), 401}, {"Basic YW06czNjcmV0", "watchdog", string(text), 200},
		{"Bearer s3cret", "nobody", string(text), 404}, {"Bearer s3cret", "owners", "{", 400}, {"Bearer s3cret", "owners", `{"version":"3"}`, 400},
		{"Bearer s3cret", "owners", `{"version":"4","alerts":[{"status":"firing"}]}`, 400}, {"Bearer s3cret", "owners", string(text), 200},
		{"Bearer s3cret", "watchdog", string(text), 200},
	} {
		r := httptest.NewRequest(http.MethodPost, "/api/v1/alerts/"+k.route, strings.NewReader(k.body))
		r.Header.Set("Authorization", k.token)
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		if w.Code != k.code {
			t.Errorf("%s as %q: %d, want %d: %s", k.route, k.token, w.Code, k.code, w.Body)
		}
	}
	h.want(t, 1)
	h.wecom.answers = []string{`{"errcode":93000}`}
	again := bytes.ReplaceAll(text, []byte("TargetLagging/a"), []byte("TargetLagging/b"))
	r := httptest.NewRequest(http.MethodPost, "/api/v1/alerts/oncall", bytes.NewReader(again))
	r.Header.Set("Authorization", "Bearer s3cret")
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, r)
	if w.Code != http.StatusBadGateway {
		t.Errorf("what was not delivered gives %d", w.Code)
	}
}

func TestABridgeWithoutATokenHearsNobody(t *testing.T) {
	b := &Bridge{o: Options{Log: slog.New(slog.DiscardHandler)}}
	r := httptest.NewRequest(http.MethodPost, "/", nil)
	r.Header.Set("Authorization", "Bearer ")
	w := httptest.NewRecorder()
	b.ServeHTTP(w, r)
	if w.Code != http.StatusUnauthorized {
		t.Errorf("%d", w.Code)
	}
}

func TestABrokenChainIsToldOnceAndInWorkingTime(t *testing.T) {
	working := false
	h := newHouse(t, func(o *Options) {
		o.Watchdog = 15 * time.Minute
		o.Working = func(time.Time) bool { return working }
	})
	beat := func() {
		if err := h.Take(t.Context(), RouteWatchdog, Payload{Alerts: []Alert{alert("Watchdog", "", "none")}}); err != nil {
			t.Fatal(err)
		}
	}
	// Run looks at the clock; the test turns it by hand.
	look := func() {
		if h.o.Working(h.now) {
			h.checkChain(t.Context())
		}
	}
	beat()
	if !h.seen.seen.Equal(start) {
		t.Error("the watchdog is not counted")
	}
	h.now = start.Add(20 * time.Minute)
	look()
	h.want(t, 0)
	working = true
	look()
	look()
	h.want(t, 1, "【标尺】告警链路中断", "超过15分钟", "下一步：检查 Prometheus")
	h.reopen(t) // still broken: not told again, nor called mended
	look()
	h.want(t, 1)
	beat()
	look()
	h.want(t, 2, "已解除：告警链路中断")
}

// standIn answers as Alertmanager's API does.
func standIn(t *testing.T, prints *[]string) string {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/api/v2/alerts" {
			http.NotFound(w, r)
			return
		}
		list := []map[string]any{}
		for _, p := range *prints {
			list = append(list, map[string]any{"fingerprint": p, "labels": map[string]string{"alertname": strings.Split(p, "/")[0]}})
		}
		_ = json.NewEncoder(w).Encode(list)
	}))
	t.Cleanup(s.Close)
	return s.URL
}

func TestWhatEndedAtNightIsToldInTheMorning(t *testing.T) {
	a := alert("TargetLagging", "a", "warning")
	prints := []string{"Watchdog/", a.Fingerprint}
	h := newHouse(t, func(o *Options) { o.Alertmanager = standIn(t, &prints) })
	h.take(t, a)
	h.catchUp(t.Context())
	h.want(t, 1)
	prints = prints[:1]
	h.catchUp(t.Context())
	h.want(t, 1) // one look may fall into a restart
	h.catchUp(t.Context())
	h.want(t, 2, "已解除：进度滞后：高标准农田")
	h.catchUp(t.Context())
	h.want(t, 2)
}

func TestAnEndThatComesBecausePrometheusFellSilentIsNone(t *testing.T) {
	a := alert("TargetLagging", "a", "warning")
	prints := []string{}
	h := newHouse(t, func(o *Options) { o.Alertmanager = standIn(t, &prints) })
	h.take(t, a)
	h.take(t, ended(a, start.Add(time.Hour)))
	h.want(t, 1)
	h.catchUp(t.Context())
	h.catchUp(t.Context())
	h.want(t, 1)
	prints = []string{"Watchdog/"}
	h.catchUp(t.Context())
	h.catchUp(t.Context())
	h.want(t, 2, "已解除")
}

func TestATestMessageIsMarkedAndTellsHowItWent(t *testing.T) {
	h := newHouse(t, nil)
	var out bytes.Buffer
	if err := h.Test(t.Context(), "duty", &out, "zh"); err != nil || out.String() != "duty（wecom）：已送达。\n" {
		t.Fatalf("%v %q", err, out.String())
	}
	h.want(t, 1, "【标尺·测试】测试消息，请勿处置", "duty")
	h.wecom.answers = []string{`{"errcode":93000,"errmsg":"invalid webhook url"}`}
	out.Reset()
	if err := h.Test(t.Context(), "duty", &out, "zh"); err == nil || !strings.Contains(out.String(), "93000") {
		t.Errorf("%v %q", err, out.String())
	}
	if err := h.Test(t.Context(), "nobody", &out, "zh"); err == nil || !strings.Contains(err.Error(), "duty") {
		t.Errorf("%v", err)
	}
}

func TestRenderShowsWhatEachWouldGetAndSendsNothing(t *testing.T) {
	h := newHouse(t, func(o *Options) {
		o.Receivers[0].Mail = &Mail{Host: "localhost:25", TLS: "none", From: "标尺 <y@example.org>", To: []string{"duty@example.org"}}
	})
	var out bytes.Buffer
	a := alert("TargetLagging", "a", "warning")
	if err := h.Render(&out, RouteOwners, Payload{Alerts: []Alert{a, ended(alert("TargetMissed", "b", "warning"), start.Add(3*time.Hour))}}, "zh"); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"== duty（wecom）", "== duty（mail）", "【标尺】新增1项告警，解除1项", "下一步：请牵头单位说明原因。", "（持续3小时）", "Subject: 【标尺】"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
	h.want(t, 0)
}

func TestACancelledSendEndsAtOnce(t *testing.T) {
	h := newHouse(t, nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := h.Take(ctx, RouteOwners, Payload{Alerts: []Alert{alert("TargetLagging", "a", "warning")}}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	h.want(t, 0)
}

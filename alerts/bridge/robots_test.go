package bridge

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"testing/quick"
	"time"
	"unicode/utf8"
)

func TestDingTalkIsSignedOverTimeAndSecret(t *testing.T) {
	ding := newGroup(t)
	h := newHouse(t, func(o *Options) {
		o.Receivers[0].WeCom = nil
		o.Receivers[0].DingTalk = &DingTalk{URLFile: file(t, ding.URL+"/robot/send?access_token=T"), SecretFile: file(t, "SEC123"), Form: "markdown", Mention: []string{"13800000000"}}
	})
	a := alert("StoreDown", "", "page")
	h.take(t, a)
	if len(ding.got) != 1 {
		t.Fatalf("%d messages", len(ding.got))
	}
	q, err := url.ParseQuery(ding.queries[0])
	if err != nil {
		t.Fatal(err)
	}
	stamp := fmt.Sprint(start.UnixMilli())
	mac := hmac.New(sha256.New, []byte("SEC123"))
	fmt.Fprintf(mac, "%s\n%s", stamp, "SEC123")
	if q.Get("access_token") != "T" || q.Get("timestamp") != stamp || q.Get("sign") != base64.StdEncoding.EncodeToString(mac.Sum(nil)) {
		t.Errorf("%v", q)
	}
	at, md := ding.got[0]["at"].(map[string]any), ding.got[0]["markdown"].(map[string]any)
	if fmt.Sprint(at["atMobiles"]) != "[13800000000]" || at["isAtAll"] != false || !strings.Contains(md["text"].(string), "@13800000000") {
		t.Errorf("%v %v", at, md)
	}
	if md["title"] != "【标尺·紧急】进度滞后：高标准农田" {
		t.Errorf("%v", md["title"])
	}
}

func TestTheMarkdownCardHasFiguresNextStepAndLinks(t *testing.T) {
	a := alert("TargetLagging", "high-standard-farmland", "warning")
	a.Annotations["summary"] = "进度滞后：<高标准>农田[1]"
	got, err := compose(news{fresh: []Alert{a}, still: 2}, "zh").render(formMarkdown, weComMarkdown)
	if err != nil {
		t.Fatal(err)
	}
	want := `### 【标尺】进度滞后：＜高标准＞农田［1］

> 现值31.4万亩，目标43万亩，差距11.6万亩；期限2025-12-31；牵头单位：农业农村局。

**下一步：请牵头单位说明原因。**

[查看详情](http://board.example/targets/dalian-2024-15/high-standard-farmland)　[处置手册](http://board.example/runbooks/TargetLagging)

另有2项告警此前已通知，仍未解除。
`
	if got != want {
		t.Errorf("%s", got)
	}
}

func TestAnotherLanguageIsSpokenWhereAsked(t *testing.T) {
	h := newHouse(t, func(o *Options) { o.Receivers[0].Lang = "en" })
	h.take(t, alert("TargetLagging", "farmland", "warning"))
	h.want(t, 1, "[Yardstick] farmland is lagging", "Value 314000", "Next: Ask the owner.", "Details: http://")
}

// many is a message of n items about as long as real ones.
func many(n, ended, size int) Message {
	m := Message{Lang: "zh", Still: 3}
	for i := range n {
		m.Fresh = append(m.Fresh, Item{Title: fmt.Sprintf("进度滞后：目标%d", i), Facts: strings.Repeat("数", size), Next: "请牵头单位说明原因。", Link: "http://board.example/t"})
	}
	for i := range ended {
		m.Ended = append(m.Ended, Item{Title: fmt.Sprintf("存在风险：目标%d", i), Lasted: "3天"})
	}
	return m
}

func TestNoMessageIsLongerThanTheRobotsTake(t *testing.T) {
	check := func(n, ended uint8, size uint16) bool {
		m := many(int(n%40)+1, int(ended%40), int(size%3000))
		for _, k := range []struct {
			channel
			most int
		}{{weCom{robot{form: formText}}, weComText}, {weCom{robot{form: formMarkdown}}, weComMarkdown}, {dingTalkRobot{robot: robot{form: formText}, now: time.Now}, dingTalk}} {
			body, err := k.body(m)
			if err != nil {
				t.Log(err)
				return false
			}
			var v map[string]any
			if json.Unmarshal(body, &v) != nil {
				return false
			}
			inner := v[v["msgtype"].(string)].(map[string]any)
			text, _ := inner["content"].(string)
			if len(text) == 0 || len(text) > k.most || !utf8.ValidString(text) || strings.ContainsRune(text, utf8.RuneError) {
				t.Logf("%s: %d bytes of %d", k.kind(), len(text), k.most)
				return false
			}
		}
		return true
	}
	if err := quick.Check(check, &quick.Config{MaxCount: 15}); err != nil {
		t.Error(err)
	}
}

func TestWhatDoesNotFitIsCountedAndTheFirstIsAlwaysTold(t *testing.T) {
	text, err := many(20, 5, 100).render(formText, weComText)
	if err != nil {
		t.Fatal(err)
	}
	told := strings.Count(text, "下一步")
	if want := fmt.Sprintf("另有%d项未列出", 25-told); told == 0 || !strings.Contains(text, want) {
		t.Errorf("%d told, no %q in\n%s", told, want, text)
	}
	if text, err = many(1, 0, 3000).render(formText, weComText); err != nil || !strings.HasPrefix(text, "【标尺】进度滞后：目标0") || !strings.HasSuffix(text, "…\n") {
		t.Errorf("%v %.80s", err, text)
	}
}

func FuzzAPayloadIsReadOrRefusedAndSorted(f *testing.F) {
	text, err := json.Marshal(Payload{Version: "4", Alerts: []Alert{alert("TargetLagging", "a", "warning"), ended(alert("StoreDown", "", "page"), start)}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add([]byte(`{"version":"4","alerts":[{"status":"firing","fingerprint":"x","labels":{"alertname":"y"}}]}`))
	f.Add([]byte(`{`))
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := Decode(bytes.NewReader(text))
		if err != nil {
			return
		}
		m, err := openMemory("")
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			n := m.sort("c", p.Alerts, start)
			if _, err := compose(n, "zh").render(formText, weComText); err != nil {
				t.Fatal(err)
			}
			if err := m.keep("c", n, start); err != nil {
				t.Fatal(err)
			}
		}
		// Once told, the same payload holds nothing fresh but what it also calls ended.
		gone := map[string]bool{}
		for _, a := range p.Alerts {
			gone[a.Fingerprint] = gone[a.Fingerprint] || a.resolved()
		}
		for _, a := range m.sort("c", p.Alerts, start).fresh {
			if !gone[a.Fingerprint] {
				t.Fatalf("%s is told again", a.Fingerprint)
			}
		}
	})
}

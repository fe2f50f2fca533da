package bridge

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"yardstick/schema/words"
)

// Lengths that the robots take, in bytes: WeCom 2048 of text and 4096 of
// Markdown (企业微信开发者文档“群机器人配置说明”); DingTalk 20000 altogether.
const (
	weComText     = 2048
	weComMarkdown = 4096
	dingTalk      = 18000
)

// robot is one of a group, with whom it names when it is urgent.
type robot struct {
	client    *http.Client
	url, form string
	mention   []string
}

// weCom sends to a group robot of 企业微信.
type weCom struct{ robot }

func (w weCom) kind() string { return "wecom" }

// most is how long the text of a message may be.
func (w weCom) most() int {
	if w.form == formMarkdown {
		return weComMarkdown
	}
	return weComText
}

// typed is a message of a kind, as both platforms write it.
func typed(kind string, content map[string]any) map[string]any {
	return map[string]any{"msgtype": kind, kind: content}
}

func (w weCom) body(m Message) ([]byte, error) {
	tail := ""
	if m.Urgent && w.form == formMarkdown {
		for _, who := range w.mention {
			tail += "<@" + strings.TrimPrefix(who, "@") + ">"
		}
	}
	text, err := m.render(w.form, w.most()-len(tail))
	if err != nil {
		return nil, err
	}
	content := map[string]any{"content": text + tail}
	if m.Urgent && w.form == formText && len(w.mention) > 0 {
		content["mentioned_list"] = w.mention
	}
	return json.Marshal(typed(w.form, content))
}

func (w weCom) send(ctx context.Context, m Message) error {
	body, err := w.body(m)
	if err != nil {
		return err
	}
	return w.post(ctx, body)
}

func (w weCom) post(ctx context.Context, body []byte) error {
	// 45009: too many messages; -1: the platform is busy.
	return post(ctx, w.client, "企业微信", w.url, body, 45009, -1)
}

// dingTalkRobot sends to a group robot of 钉钉, each call signed.
type dingTalkRobot struct {
	robot
	secret string
	now    func() time.Time
}

func (d dingTalkRobot) kind() string { return "dingtalk" }

func (d dingTalkRobot) body(m Message) ([]byte, error) {
	text, err := m.render(d.form, dingTalk)
	if err != nil {
		return nil, err
	}
	at := map[string]any{"isAtAll": false}
	if m.Urgent {
		mobiles := slices.DeleteFunc(slices.Clone(d.mention), func(s string) bool { return s == "@all" })
		at = map[string]any{"isAtAll": len(mobiles) < len(d.mention), "atMobiles": mobiles}
		for _, mobile := range mobiles { // it is named only where the text has it too
			text += "@" + mobile + " "
		}
	}
	out := typed(d.form, map[string]any{"content": text})
	if d.form == formMarkdown {
		out = typed(d.form, map[string]any{"title": m.Title(), "text": text})
	}
	out["at"] = at
	return json.Marshal(out)
}

// sign gives the address with timestamp and signature: the Base64 of
// HMAC-SHA256 over "timestamp\nsecret" under the secret, milliseconds since
// 1970 (钉钉开放平台“自定义机器人安全设置”).
func (d dingTalkRobot) sign() (string, error) {
	u, err := url.Parse(d.url)
	if err != nil {
		return "", errors.New("the robot's address cannot be read")
	}
	stamp := strconv.FormatInt(d.now().UnixMilli(), 10)
	mac := hmac.New(sha256.New, []byte(d.secret))
	mac.Write([]byte(stamp + "\n" + d.secret))
	q := u.Query()
	q.Set("timestamp", stamp)
	q.Set("sign", base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	u.RawQuery = q.Encode()
	return u.String(), nil
}

func (d dingTalkRobot) send(ctx context.Context, m Message) error {
	body, err := d.body(m)
	if err != nil {
		return err
	}
	address, err := d.sign()
	if err != nil {
		return err
	}
	// 130101: too many messages; 410100: too fast; -1: the platform is busy.
	return post(ctx, d.client, "钉钉", address, body, 130101, 410100, -1)
}

// retryable is a failure that another try may mend.
type retryable struct{ error }

func (r retryable) Unwrap() error { return r.error }

// post hands body to a robot and reads its answer. busy are the codes after
// which another try may do. No error names the address: it holds the key.
func post(ctx context.Context, client *http.Client, platform, address string, body []byte, busy ...int) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return errors.New("the robot's address cannot be read")
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	res, err := client.Do(req)
	if err != nil {
		var named *url.Error
		if errors.As(err, &named) {
			err = named.Err
		}
		return retryable{fmt.Errorf("asking %s: %w", platform, err)}
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, 1<<16))
	if err != nil {
		return retryable{fmt.Errorf("reading the answer of %s: %w", platform, err)}
	}
	var said struct {
		Code *int   `json:"errcode"`
		Why  string `json:"errmsg"`
	}
	if json.Unmarshal(answer, &said) != nil || said.Code == nil {
		err := words.Fail(nil, "alert-robot-answer", "platform", platform, "code", res.StatusCode)
		if res.StatusCode >= 500 || res.StatusCode == http.StatusTooManyRequests {
			return retryable{err}
		}
		return err
	}
	if *said.Code == 0 {
		return nil
	}
	err = words.Fail(nil, "alert-robot-refused", "platform", platform, "code", *said.Code, "why", said.Why)
	if slices.Contains(busy, *said.Code) {
		return retryable{err}
	}
	return err
}

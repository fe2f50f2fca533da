package bridge

import (
	"context"
	"crypto/md5" // the robot asks for it, as a check of the transfer
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"yardstick/schema/words"
)

// Announcement is a notice to a group that is no alert: words, and a picture
// beside them.
type Announcement struct {
	Text, Markdown string // the same, for robots of either form
	Picture        []byte // PNG or JPEG; none: words alone
}

// weComPicture is how large a picture the robot takes, in bytes before it is
// written as text (企业微信开发者文档“群机器人配置说明”).
const weComPicture = 2 << 20

// Announce sends a over every WeCom channel of the route and names the receivers
// told. Other channels take no pictures and are left out.
func (b *Bridge) Announce(ctx context.Context, route string, a Announcement) (told []string, err error) {
	if !slices.Contains(routed(), route) {
		return nil, words.Fail(nil, "alert-config-route", "name", route, "routes", strings.Join(routed(), ", "))
	}
	if len(a.Picture) > weComPicture {
		return nil, words.Fail(nil, "brief-picture-large", "size", len(a.Picture), "most", weComPicture)
	}
	var all []error
	reached := false
	for _, l := range b.to(route, "") {
		w, ok := l.channel.(weCom)
		if !ok {
			continue
		}
		reached = true
		if err := b.announce(ctx, l, w, a); err != nil {
			all = append(all, fmt.Errorf("telling %s by %s: %w", l.receiver, l.kind(), err))
			continue
		}
		told = append(told, l.receiver)
	}
	if !reached {
		return nil, words.Fail(nil, "brief-no-wecom", "route", route)
	}
	return told, errors.Join(all...)
}

// announce sends words and picture, in turn.
func (b *Bridge) announce(ctx context.Context, l *line, w weCom, a Announcement) error {
	bodies, err := w.announcement(a)
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, body := range bodies {
		if _, err := b.persist(ctx, l, func(ctx context.Context) error { return w.post(ctx, body) }); err != nil {
			return err
		}
	}
	return nil
}

// announcement is a as the robot takes it: two messages where there is a picture.
func (w weCom) announcement(a Announcement) ([][]byte, error) {
	text := a.Text
	if w.form == formMarkdown {
		text = a.Markdown
	}
	if len(text) > w.most() {
		text = cut(text, w.most())
	}
	all := []map[string]any{typed(w.form, map[string]any{"content": text})}
	if len(a.Picture) > 0 {
		sum := md5.Sum(a.Picture)
		all = append(all, typed("image", map[string]any{
			"base64": base64.StdEncoding.EncodeToString(a.Picture), "md5": hex.EncodeToString(sum[:])}))
	}
	out := make([][]byte, len(all))
	for i, m := range all {
		body, err := json.Marshal(m)
		if err != nil {
			return nil, fmt.Errorf("writing the message: %w", err)
		}
		out[i] = body
	}
	return out, nil
}

package bridge

import (
	"bytes"
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"testing"
)

func TestAnAnnouncementIsWordsAndThenThePicture(t *testing.T) {
	h := newHouse(t, nil)
	picture := bytes.Repeat([]byte{0x89, 'P', 'N', 'G'}, 100)
	told, err := h.Announce(t.Context(), RouteOncall, Announcement{Text: "简报", Markdown: "# 简报", Picture: picture})
	if err != nil || len(told) != 1 || told[0] != "duty" {
		t.Fatal(told, err)
	}
	if len(h.wecom.got) != 2 || h.wecom.got[0]["msgtype"] != "text" || h.wecom.got[1]["msgtype"] != "image" {
		t.Fatalf("%v", h.wecom.got)
	}
	image := h.wecom.got[1]["image"].(map[string]any)
	got, err := base64.StdEncoding.DecodeString(image["base64"].(string))
	sum := md5.Sum(picture)
	if err != nil || !bytes.Equal(got, picture) || image["md5"] != hex.EncodeToString(sum[:]) {
		t.Errorf("%v %v", image["md5"], err)
	}
}

func TestAnAnnouncementTakesTheRobotsForm(t *testing.T) {
	h := newHouse(t, func(o *Options) { o.Receivers[0].WeCom.Form = "markdown" })
	if _, err := h.Announce(t.Context(), RouteFallback, Announcement{Text: "简报", Markdown: strings.Repeat("简报 ", 2000)}); err != nil {
		t.Fatal(err)
	}
	said := h.wecom.got[0]["markdown"].(map[string]any)["content"].(string)
	if len(h.wecom.got) != 1 || len(said) > weComMarkdown || !strings.HasPrefix(said, "简报 ") {
		t.Errorf("%d messages, %d bytes", len(h.wecom.got), len(said))
	}
}

func TestAnAnnouncementIsTriedAgainWhileTheRobotIsBusyAndSaysWhyItFailed(t *testing.T) {
	h := newHouse(t, nil)
	h.wecom.answers = []string{`{"errcode":45009,"errmsg":"busy"}`, `{"errcode":0}`}
	if _, err := h.Announce(t.Context(), RouteOncall, Announcement{Text: "简报"}); err != nil || len(h.wecom.got) != 2 {
		t.Errorf("%v after %d tries", err, len(h.wecom.got))
	}
	h.wecom.answers = []string{`{"errcode":93000,"errmsg":"no such robot"}`}
	if _, err := h.Announce(t.Context(), RouteOncall, Announcement{Text: "简报"}); err == nil || !strings.Contains(err.Error(), "no such robot") || strings.Contains(err.Error(), "ROBOTKEY") {
		t.Error(err)
	}
}

func TestAnAnnouncementNeedsARouteAWeComChannelAndAPictureThatFits(t *testing.T) {
	h := newHouse(t, func(o *Options) {
		o.Receivers[0].WeCom, o.Receivers[0].DingTalk = nil, &DingTalk{URLFile: file(t, "http://127.0.0.1:1/x"), SecretFile: file(t, "SEC")}
	})
	for name, a := range map[string]Announcement{"mayor": {Text: "简报"}, RouteOncall: {Text: "简报"}} {
		if _, err := h.Announce(t.Context(), name, a); err == nil {
			t.Errorf("%s was told", name)
		}
	}
	if _, err := newHouse(t, nil).Announce(t.Context(), RouteOncall, Announcement{Picture: make([]byte, weComPicture+1)}); err == nil {
		t.Error("a picture too large was sent")
	}
}

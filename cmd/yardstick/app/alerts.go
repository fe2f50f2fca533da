package app

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"os"

	"yardstick/alerts"
	"yardstick/alerts/bridge"
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
	cfg, err := r.config()
	if err != nil {
		return nil, err
	}
	if len(cfg.Alerts.Receivers) == 0 {
		return nil, usage("alert-none")
	}
	return bridge.New(bridge.Options{Config: cfg.Alerts, Log: log, Now: r.now})
}

package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"

	"yardstick/collectors/pipeline"
	"yardstick/collectors/source"
	"yardstick/schema"
	"yardstick/schema/words"
)

// sending is what ingest and preview say about a file.
type sending struct {
	Feed        string   `help:"The feed it belongs to. 报送源。" placeholder:"NAME"`
	Published   string   `help:"When rows that do not say were made public: a day, month or year (its last day). 发布日期。" placeholder:"DATE"`
	Answer      []string `help:"An answer to a question: key=value; may be repeated. 回答问题。" placeholder:"KEY=VALUE"`
	AcceptValid bool     `help:"Load the good rows although others are not. 先收合格的行。"`
	Receipt     string   `help:"Also write the receipt as JSON to this file. 回执另存为 JSON。" type:"path" placeholder:"FILE"`
}

// check refuses what cannot be meant before anything is opened.
func (s sending) check() error {
	if _, err := publishedDay(s.Published); err != nil {
		return err
	}
	_, err := answers(s.Answer)
	return err
}

func publishedDay(text string) (*schema.Date, error) {
	if text == "" {
		return nil, nil
	}
	p, _, err := schema.ParsePeriod(text)
	if err != nil {
		return nil, usage("bad-day", "flag", "--published", "text", text)
	}
	d := p.Last()
	return &d, nil
}

func answers(list []string) (map[string]string, error) {
	out := map[string]string{}
	for _, a := range list {
		key, value, ok := strings.Cut(a, "=")
		if !ok || strings.TrimSpace(key) == "" {
			return nil, usage("bad-answer")
		}
		out[strings.TrimSpace(key)] = value
	}
	return out, nil
}

type ingestCmd struct {
	sending
	Files []string `arg:"" help:"Feed files. 报送文件。" type:"path"`
	Actor string   `help:"Who hands them in. 填报人。" env:"USER" placeholder:"NAME"`
}

// Run loads the files in turn and prints a receipt for each.
func (c ingestCmd) Run(ctx context.Context, r *run) error {
	format, err := r.format("table", "json")
	if err != nil {
		return err
	}
	if err := c.check(); err != nil {
		return err
	}
	for _, file := range c.Files {
		if info, err := os.Stat(file); err != nil || info.IsDir() {
			return words.Fail(err, "file-unreadable", "file", file)
		}
	}
	h, err := openHouse(ctx, r, "ingest")
	if err != nil {
		return err
	}
	receipts, err := c.load(ctx, r, h)
	if err = errors.Join(err, h.close()); err != nil {
		return err
	}
	if err := c.print(r, format, receipts); err != nil {
		return err
	}
	return exitFor(receipts...)
}

func (c ingestCmd) load(ctx context.Context, r *run, h *house) ([]schema.Receipt, error) {
	var out []schema.Receipt
	changed := false
	h.onChange = func(string) { changed = true } // compare once, after the last file
	bar := r.bar(len(c.Files))
	for _, file := range c.Files {
		body, err := os.ReadFile(file)
		if err != nil {
			return out, words.Fail(err, "file-unreadable", "file", file)
		}
		receipt, err := h.ingest(ctx, submission{feed: c.Feed, name: filepath.Base(file), actor: c.Actor, published: c.Published,
			acceptValid: c.AcceptValid, answers: c.Answer, body: body})
		if err != nil {
			return out, err
		}
		out = append(out, receipt)
		_ = bar.Add(1) // a bar that cannot be drawn is no reason to stop
	}
	h.onChange = nil
	if !changed {
		return out, nil
	}
	return out, h.compareAndSave(ctx, schema.CauseFigure)
}

// bar is a progress bar on a terminal, and nothing elsewhere or for one file.
func (r *run) bar(n int) *progressbar.ProgressBar {
	w := io.Discard
	if r.terminal() && n > 1 {
		w = r.Err
	}
	return progressbar.NewOptions(n, progressbar.OptionSetWriter(w), progressbar.OptionClearOnFinish(), progressbar.OptionShowCount())
}

func (c ingestCmd) print(r *run, format string, receipts []schema.Receipt) error {
	var v any = receipts
	if len(receipts) == 1 {
		v = receipts[0]
	}
	if c.Receipt != "" {
		side := *r
		side.File = c.Receipt
		if err := side.json(v); err != nil {
			return err
		}
	}
	if format == "json" {
		return r.json(v)
	}
	return r.out(func(w io.Writer) error {
		for _, receipt := range receipts {
			printReceipt(w, receipt, r.say, r.Lang)
		}
		return nil
	})
}

// exitFor is the exit status that the receipts stand for, the worst of them.
func exitFor(receipts ...schema.Receipt) error {
	code := exitOK
	for _, r := range receipts {
		switch {
		case r.Status == schema.Failed:
			return &exitError{code: exitFailed}
		case r.Status == schema.Refused:
			code = exitRefused
		case r.Status == schema.Asked && code == exitOK:
			code = exitAsked
		}
	}
	if code == exitOK {
		return nil
	}
	return &exitError{code: code}
}

// pipeline makes the way from bytes to receipt. onReceipt may be nil.
func (h *house) pipeline(now func() time.Time, log *slog.Logger, onReceipt func(schema.Receipt, time.Duration)) (*pipeline.Pipeline, error) {
	o := pipeline.Options{Register: h.register, Snapshots: source.Snapshots{Dir: h.cfg.path("snapshots")},
		Zone: h.loc, Now: now, Log: log, OnReceipt: onReceipt}
	if h.store != nil {
		o.Store = h.store
	}
	p, err := pipeline.New(o)
	if err != nil {
		return nil, fmt.Errorf("making the pipeline: %w", err)
	}
	return p, nil
}

// config is what the pipeline must know of the feed.
func (f Feed) config() pipeline.FeedConfig {
	return pipeline.FeedConfig{Name: f.Name, Indicators: f.Indicators, Regions: f.Regions, Given: f.Given,
		PublishedAfter: f.PublishedAfter, MaxBytes: f.MaxBytes, Synthetic: f.Synthetic}
}

// ingest loads one file, through the process that holds the folder if that is
// another one.
func (h *house) ingest(ctx context.Context, s submission) (schema.Receipt, error) {
	if h.store.remote != nil {
		return h.askIngest(ctx, s)
	}
	p := h.pipe
	if p == nil {
		var err error
		if p, err = h.pipeline(h.now, nil, nil); err != nil {
			return schema.Receipt{}, err
		}
	}
	return h.take(ctx, p, s)
}

// take runs one submission through p and asks for a comparison when it changed
// something.
func (h *house) take(ctx context.Context, p *pipeline.Pipeline, s submission) (schema.Receipt, error) {
	sub, err := h.submission(s)
	if err != nil {
		return schema.Receipt{}, err
	}
	receipt, err := p.Run(ctx, sub)
	if err != nil {
		return receipt, err
	}
	if receipt.Status.Counts() {
		return receipt, h.compareAndSave(ctx, causeOf(receipt))
	}
	return receipt, nil
}

func causeOf(r schema.Receipt) string {
	if r.Accepted == 0 && r.Revised > 0 {
		return schema.CauseRevision
	}
	return schema.CauseFigure
}

func (h *house) submission(s submission) (pipeline.Submission, error) {
	feed, err := h.feedOf(s.feed)
	if err != nil {
		return pipeline.Submission{}, err
	}
	published, err := publishedDay(s.published)
	if err != nil {
		return pipeline.Submission{}, err
	}
	given, err := answers(s.answers)
	if err != nil {
		return pipeline.Submission{}, err
	}
	return pipeline.Submission{Feed: feed.config(), Name: s.name, Body: bytes.NewReader(s.body), Actor: s.actor,
		Published: published, Answers: given, AcceptValid: s.acceptValid}, nil
}

package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"strings"
	"time"

	"yardstick/collectors/pipeline"
	"yardstick/schema"
	"yardstick/schema/words"
)

// sending is what ingest and preview say about a file.
type sending struct {
	Feed        string   `help:"The feed it belongs to. 报送源。" placeholder:"NAME"`
	Published   string   `help:"When rows that do not say were made public: a day, month or year (its last day). 发布日期。" placeholder:"DATE"`
	Answer      []string `help:"An answer to a question: key=value; may be repeated. 回答问题。" placeholder:"KEY=VALUE"`
	AcceptValid bool     `help:"Load the good rows although others are not. 先收合格的行。"`
	Correction  string   `help:"Why held figures change: 笔误, 补报, 口径调整, 最终核实. 更正原因。" placeholder:"REASON"`
	ReleaseAt   string   `help:"Embargo: nothing shows the figures before this time. 发布时间。" placeholder:"TIME"`
	Receipt     string   `help:"Also write the receipt as JSON to this file. 回执另存为 JSON。" type:"path" placeholder:"FILE"`
}

// check refuses what cannot be meant before anything is opened.
func (s sending) check() error {
	if _, err := publishedDay(s.Published); err != nil {
		return err
	}
	if _, err := correction(s.Correction); err != nil {
		return err
	}
	_, err := answers(s.Answer)
	return err
}

// submission is what the flags say of a file.
func (s sending) submission(name, actor string, body io.Reader) submission {
	return submission{feed: s.Feed, name: name, actor: actor, published: s.Published, correction: s.Correction, releaseAt: s.ReleaseAt,
		acceptValid: s.AcceptValid, answers: s.Answer, body: body}
}

func correction(text string) (schema.Correction, error) {
	c, ok := schema.ParseCorrection(strings.TrimSpace(text))
	if !ok && text != "" {
		var all []string
		for _, c := range schema.Corrections() {
			all = append(all, c.Label().In(schema.Chinese)+" ("+string(c)+")")
		}
		return c, usage("bad-correction", "text", text, "allowed", strings.Join(all, ", "))
	}
	return c, nil
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
	for _, path := range c.Files {
		file, err := openFeed(path)
		if err != nil {
			return err
		}
		if err := file.Close(); err != nil {
			return words.Fail(err, "file-unreadable", "file", path)
		}
	}
	h, err := openWriting(ctx, r, "ingest")
	if err != nil {
		return err
	}
	if _, err := h.moment("--release-at", c.ReleaseAt); err != nil {
		return errors.Join(err, h.close())
	}
	receipts, failed := c.load(ctx, r, h)
	failed = errors.Join(failed, h.close())
	// What is in is told, also when something after it failed.
	if len(receipts) > 0 || failed == nil {
		if err := c.print(r, format, receipts); err != nil {
			return errors.Join(failed, err)
		}
	}
	if failed != nil {
		return failed
	}
	return exitFor(receipts...)
}

// load takes the files in one after the other, and compares once, after the
// last. It gives the receipts of those that were dealt with, also when a later
// one failed.
func (c ingestCmd) load(ctx context.Context, r *run, h *house) (out []schema.Receipt, err error) {
	cause := ""
	h.onChange = func(why string) { cause = why }
	for i, path := range c.Files {
		receipt, lerr := c.loadFile(ctx, r, h, path, i)
		if lerr != nil {
			err = lerr
			break
		}
		out = append(out, receipt)
	}
	h.onChange = nil
	if cause == "" || ctx.Err() != nil { // after a cancel the next comparison sees what is in
		return out, err
	}
	return out, errors.Join(err, h.compareAndSave(ctx, cause))
}

func (c ingestCmd) loadFile(ctx context.Context, r *run, h *house, path string, i int) (schema.Receipt, error) {
	file, err := openFeed(path)
	if err != nil {
		return schema.Receipt{}, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return schema.Receipt{}, words.Fail(err, "file-unreadable", "file", path)
	}
	bar := r.fileBar(filepath.Base(path), info.Size(), i+1, len(c.Files))
	defer bar.end()
	s := c.submission(filepath.Base(path), c.Actor, file)
	if h.store.remote != nil {
		s.body = bar.reading(file) // all that can be seen from here: how much was handed over
	} else {
		s.progress = bar.at
	}
	return h.ingest(ctx, s)
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
	o := pipeline.Options{Register: h.register, Snapshots: h.snapshots(),
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
		PublishedAfter: f.PublishedAfter, MaxBytes: f.MaxBytes, Synthetic: f.Synthetic,
		Office: f.Office, Review: f.Review, RequireReason: f.RequireReason, Hand: f.byHand || f.Name == handFeed}
}

// ingest loads one file, through the process that holds the folder if that is
// another one.
func (h *house) ingest(ctx context.Context, s submission) (schema.Receipt, error) {
	if h.store.remote != nil {
		return ask[schema.Receipt](ctx, h, askIngestPath, s.query(), s.body)
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
	return receipt, h.after(ctx, receipt, causeOf(receipt))
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
	why, err := correction(s.correction)
	if err != nil {
		return pipeline.Submission{}, err
	}
	release, err := h.moment("--release-at", s.releaseAt)
	if err != nil {
		return pipeline.Submission{}, err
	}
	agreed := feed.config()
	agreed.Hand = agreed.Hand || s.single
	return pipeline.Submission{Feed: agreed, Name: s.name, Body: s.body, Actor: s.actor, Reason: s.reason,
		Published: published, Answers: given, AcceptValid: s.acceptValid, Correction: why, ReleaseAt: release, Progress: s.progress}, nil
}

// moment reads a time: with its offset, or in the house's zone; a day means
// its beginning. "" is none.
func (h *house) moment(flag, text string) (time.Time, error) {
	if text = strings.TrimSpace(text); text == "" {
		return time.Time{}, nil
	}
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t, nil
	}
	for _, form := range []string{"2006-01-02T15:04:05", "2006-01-02T15:04", time.DateTime, "2006-01-02 15:04", time.DateOnly} {
		if t, err := time.ParseInLocation(form, text, h.loc); err == nil {
			return t, nil
		}
	}
	return time.Time{}, usage("bad-moment", "flag", flag, "text", text)
}

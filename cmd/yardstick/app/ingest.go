package app

import (
	"context"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"time"

	"yardstick/collectors/desk"
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
	_, err := s.submission(time.UTC)
	return err
}

// submission is what the flags say of a file; times that name no zone are those
// of loc.
func (s sending) submission(loc *time.Location) (out pipeline.Submission, err error) {
	out = pipeline.Submission{Feed: schema.Feed{Name: s.Feed}, AcceptValid: s.AcceptValid, Answers: map[string]string{}}
	if s.Published != "" {
		p, _, err := schema.ParsePeriod(s.Published)
		if err != nil {
			return out, usage("bad-day", "flag", "--published", "text", s.Published)
		}
		last := p.Last()
		out.Published = &last
	}
	ok := false
	if out.Correction, ok = schema.ParseCorrection(strings.TrimSpace(s.Correction)); !ok && s.Correction != "" {
		var all []string
		for _, c := range schema.Corrections() {
			all = append(all, c.Label().In(schema.Chinese)+" ("+string(c)+")")
		}
		return out, usage("bad-correction", "text", s.Correction, "allowed", strings.Join(all, ", "))
	}
	for _, a := range s.Answer {
		key, value, ok := strings.Cut(a, "=")
		if key = strings.TrimSpace(key); !ok || key == "" {
			return out, usage("bad-answer")
		}
		out.Answers[key] = value
	}
	out.ReleaseAt, err = moment("--release-at", s.ReleaseAt, loc)
	return out, err
}

// handIn is the order to take a file in.
type handIn struct {
	sending
	Name     string // the file's
	Actor    string
	Single   bool                    // one figure: not the whole of a delivery
	Progress func(read, total int64) `json:"-"` // may be nil; not told across the socket
}

func (o handIn) do(ctx context.Context, d *desk.Desk, body io.Reader) (schema.Receipt, error) {
	s, err := o.submission(d.Location())
	if err != nil {
		return schema.Receipt{}, err
	}
	s.Name, s.Actor, s.Body, s.Progress, s.Feed.Hand = o.Name, o.Actor, body, o.Progress, o.Single
	return d.Submit(ctx, s)
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
	h.desk.OnChange = func(why string) { cause = why }
	for i, path := range c.Files {
		receipt, lerr := c.loadFile(ctx, r, h, path, i)
		if lerr != nil {
			err = lerr
			break
		}
		out = append(out, receipt)
	}
	h.desk.OnChange = nil
	if cause == "" || ctx.Err() != nil { // after a cancel the next comparison sees what is in
		return out, err
	}
	return out, errors.Join(err, h.desk.Changed(ctx, cause))
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
	o := handIn{sending: c.sending, Name: filepath.Base(path), Actor: c.Actor, Progress: bar.at}
	body := io.Reader(file)
	if h.store.Owner != nil {
		body = bar.reading(file) // all that can be seen from here: how much was handed over
	}
	return give(ctx, h, "ingest", o, body)
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
	return r.answer(format, v, func(w io.Writer) error {
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

// moment reads a time: with its offset, or in the zone; a day means
// its beginning. "" is none.
func moment(flag, text string, loc *time.Location) (time.Time, error) {
	if text = strings.TrimSpace(text); text == "" {
		return time.Time{}, nil
	}
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t, nil
	}
	for _, form := range []string{"2006-01-02T15:04:05", "2006-01-02T15:04", time.DateTime, "2006-01-02 15:04", time.DateOnly} {
		if t, err := time.ParseInLocation(form, text, loc); err == nil {
			return t, nil
		}
	}
	return time.Time{}, usage("bad-moment", "flag", flag, "text", text)
}

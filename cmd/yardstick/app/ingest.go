package app

import (
	"bytes"
	"context"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"

	"yardstick/collectors/desk"
	"yardstick/collectors/pipeline"
	"yardstick/schema"
	"yardstick/schema/words"
)

// sending is what ingest and preview say about a file.
type sending struct {
	Feed        string   `help:"The feed it belongs to. 报送源。" placeholder:"NAME"`
	Published   string   `help:"When rows that do not say were made public: a day, month or year (its last day). 发布日期。" placeholder:"DATE"`
	Answer      []string `help:"An answer to a question: key=value, where a name that holds = stands in quotes (column.\"a=b\"=ignore); may be repeated. 回答问题；名称里有 = 时加双引号。" placeholder:"KEY=VALUE" sep:"none"`
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
		out.Published = new(p.Last())
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
		key, value, ok := schema.ParseAnswer(a)
		if !ok {
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
	in, err := openWriting(ctx, r, "ingest")
	if err != nil {
		return err
	}
	receipts, failed := c.load(ctx, r, in)
	failed = errors.Join(failed, in.close())
	// What is in is told, also when something after it failed.
	if len(receipts) > 0 || failed == nil {
		if err := c.print(r, receipts); err != nil {
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
func (c ingestCmd) load(ctx context.Context, r *run, in *installation) (out []schema.Receipt, err error) {
	cause := ""
	in.desk.OnChange = func(why string) { cause = why }
	for i, path := range c.Files {
		receipt, lerr := c.loadFile(ctx, r, in, path, i)
		if lerr != nil {
			err = lerr
			break
		}
		out = append(out, receipt)
	}
	in.desk.OnChange = nil
	if cause == "" || ctx.Err() != nil { // after a cancel the next comparison sees what is in
		return out, err
	}
	return out, errors.Join(err, in.desk.Changed(ctx, cause))
}

func (c ingestCmd) loadFile(ctx context.Context, r *run, in *installation, path string, i int) (schema.Receipt, error) {
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
	defer func() { _ = bar.Finish() }() // a bar that cannot be drawn is no reason to stop
	o := handIn{sending: c.sending, Name: filepath.Base(path), Actor: c.Actor}
	body := io.Reader(file)
	if in.store.Owner != nil { // all that can be seen from here is how much was handed over
		counted := progressbar.NewReader(file, bar)
		body = &counted
	} else {
		size := float64(info.Size())
		o.Progress = func(read, total int64) { _ = bar.Set64(int64(float64(read) / float64(max(total, 1)) * size)) }
	}
	return give(ctx, in, "ingest", o, body)
}

func (s sending) print(r *run, receipts []schema.Receipt) error {
	var v any = receipts
	if len(receipts) == 1 {
		v = receipts[0]
	}
	if err := s.aside(r, v); err != nil {
		return err
	}
	return r.print(answer{json: v, tell: func(w io.Writer) {
		for _, receipt := range receipts {
			printReceipt(w, receipt, r.say, r.Lang)
		}
	}})
}

// aside also writes the receipt to the file that --receipt names.
func (s sending) aside(r *run, receipt any) error {
	if s.Receipt == "" {
		return nil
	}
	side := *r
	side.File = s.Receipt
	return side.json(receipt)
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

type reportCmd struct {
	sending
	Indicator string `arg:"" help:"Indicator code or name. 指标代码或名称。"`
	Value     string `arg:"" optional:"" help:"The figure, as it should be kept. 数值。"`
	NoChange  bool   `help:"The last figure stands: nothing changed in this period. 本期无变化。"`
	Period    string `help:"Reference period. 时期。" required:"" placeholder:"PERIOD"`
	Region    string `help:"Region code or name; without it, the policy's own. 地区。" placeholder:"CODE"`
	Unit      string `help:"Unit of the figure. 单位。" placeholder:"UNIT"`
	Basis     string `help:"point, period, ytd or cumulative. 口径。" placeholder:"BASIS"`
	Status    string `help:"Observation status: A, P, E … 数据状态。" default:"A" placeholder:"CODE"`
	Note      string `help:"A note kept with the figure. 备注。" placeholder:"TEXT"`
	Actor     string `help:"Who reports it. 填报人。" env:"USER" placeholder:"NAME"`
}

// Run takes in one figure without a file. It goes the way of every feed: a tidy
// file of one row, kept as received, read, checked and answered with a receipt.
func (c reportCmd) Run(ctx context.Context, r *run) error {
	if err := c.check(); err != nil {
		return err
	}
	switch {
	case c.NoChange && c.Value != "":
		return usage("nochange-value")
	case !c.NoChange && c.Value == "":
		return usage("value-needed")
	}
	in, err := openWriting(ctx, r, "report-value")
	if err != nil {
		return err
	}
	receipt, err := c.report(ctx, in)
	if err = errors.Join(err, in.close()); err != nil {
		return err
	}
	if err := c.print(r, []schema.Receipt{receipt}); err != nil {
		return err
	}
	return exitFor(receipt)
}

func (c reportCmd) report(ctx context.Context, in *installation) (schema.Receipt, error) {
	body, err := in.desk.Write(ctx, desk.Figure{Indicator: c.Indicator, Value: c.Value, NoChange: c.NoChange, Period: c.Period,
		Region: c.Region, Unit: c.Unit, Basis: c.Basis, Status: c.Status, Note: c.Note})
	if err != nil {
		return schema.Receipt{}, err
	}
	return give(ctx, in, "ingest", handIn{sending: c.sending, Name: "report-value.csv", Actor: c.Actor, Single: true}, bytes.NewReader(body))
}

package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"

	"yardstick/alerts/bridge"
	"yardstick/collectors/samples"
	"yardstick/dashboards/brief"
	"yardstick/dashboards/brief/chromium"
	"yardstick/schema"
	"yardstick/schema/ledger"
	"yardstick/schema/words"
)

type briefCmd struct {
	AsOf        dayFlag `name:"as-of" help:"What was published by the end of that day. 截至该日。" placeholder:"DATE"`
	CompareWith dayFlag `name:"compare-with" help:"The day of the last brief; default: a month earlier. 上次简报的日期。" placeholder:"DATE"`
	Worst       int     `help:"How many targets have a section of their own. 单列最需关注的几项。" default:"5"`
	Policy      string  `help:"Of this policy. 政策。" placeholder:"ID"`
	Slips       string  `help:"with, without or only: a slip (督办单) for each target that is behind. 督办单。" default:"with"`
	Send        string  `help:"Send the card (words and picture) over the WeCom channels of this route: page, oncall or fallback. 发送卡片到企业微信。" placeholder:"ROUTE"`
}

// Run makes the brief and writes it.
func (c briefCmd) Run(ctx context.Context, r *run) error {
	format, err := r.format(append(brief.Formats(), brief.Card)...)
	if err != nil {
		return err
	}
	if c.Send != "" {
		if r.Output != "" && format != brief.Card {
			return usage("brief-send-card")
		}
		format = brief.Card
	}
	if (format == brief.DOCX || format == brief.PDF) && r.shownOnScreen() {
		return usage("brief-needs-file")
	}
	in, err := openInstallation(ctx, r, "brief")
	if err != nil {
		return err
	}
	today, pinned, err := in.lastDay()
	if err != nil {
		return errors.Join(err, in.close())
	}
	asked := brief.Asked{Policy: c.Policy, AsOf: cmp.Or(c.AsOf.Date, today), Latest: today, CompareWith: c.CompareWith.Date,
		Worst: c.Worst, Slips: brief.Slips(c.Slips), Lang: r.Lang}
	if pinned { // the demonstration's figures go on after its day
		asked.Latest = schema.Date{}
	}
	if err := asked.Check(in.register); err != nil {
		return errors.Join(&exitError{exitUsage, err}, in.close())
	}
	step := r.stages()
	step("brief-stage-read")
	made, err := brief.Gather(ctx, in.briefOptions(""), asked)
	if err = errors.Join(err, in.close()); err == nil {
		err = c.write(ctx, r, made, format, step)
	}
	step("")
	if err != nil && ctx.Err() != nil {
		return &exitError{exitFailed, words.Fail(nil, "brief-cancelled")}
	}
	return err
}

// write writes the paper, or the card.
func (c briefCmd) write(ctx context.Context, r *run, made brief.Brief, format string, step func(id string)) error {
	if format == brief.Card {
		return c.card(ctx, r, made, step)
	}
	step("brief-stage-write")
	if format == brief.PDF {
		step("brief-stage-print")
	}
	return r.out(func(w io.Writer) error { return made.Write(ctx, w, format) })
}

// card prints the message, keeps the picture where --file says, and sends both
// where --send says.
func (c briefCmd) card(ctx context.Context, r *run, made brief.Brief, step func(id string)) error {
	message, err := made.Message()
	if err != nil {
		return err
	}
	if c.Send == "" {
		if _, err := r.Out.Write(message); err != nil {
			return fmt.Errorf("writing the card: %w", err)
		}
		if r.File == "" {
			return nil
		}
	}
	step("brief-stage-print")
	picture, err := made.Picture(ctx)
	if err != nil {
		if c.Send == "" || !errors.Is(err, chromium.ErrNone) {
			return err
		}
		r.log.Warn(r.say("brief-card-no-picture"))
	}
	if r.File != "" && len(picture) > 0 {
		if err := r.out(func(w io.Writer) error { _, err := w.Write(picture); return err }); err != nil {
			return err
		}
	}
	if c.Send == "" {
		return nil
	}
	b, err := r.bridge(r.log)
	if err != nil {
		return err
	}
	told, err := b.Announce(ctx, c.Send, bridge.Announcement{Text: made.Text(), Markdown: made.Markdown(), Picture: picture})
	if len(told) > 0 {
		r.tell(r.Out, "brief-sent", "list", strings.Join(told, ", "))
	}
	return err
}

// stages shows on a terminal what is being done; the stage "" ends it.
func (r *run) stages() func(id string) {
	w := io.Discard
	if r.terminal() && r.File != "" {
		w = r.Err
	}
	bar := progressbar.NewOptions(-1, progressbar.OptionSetWriter(w), progressbar.OptionClearOnFinish(),
		progressbar.OptionSpinnerType(14), progressbar.OptionSetSpinnerChangeInterval(0)) // it turns with each stage: no goroutine of its own
	return func(id string) {
		if id == "" {
			_ = bar.Finish() // a bar that cannot be drawn is no reason to stop
			return
		}
		bar.Describe(r.say(id))
		_ = bar.Add(1)
	}
}

// lastDay is the installation's today; of a demonstration's folder the day its clock is
// pinned at.
func (in *installation) lastDay() (today schema.Date, pinned bool, err error) {
	text, err := os.ReadFile(in.cfg.Path("demonstration"))
	if errors.Is(err, os.ErrNotExist) {
		return in.today(), false, nil
	}
	if err == nil {
		today, err = schema.ParseDate(strings.TrimSpace(string(text)))
	}
	if err != nil {
		return today, true, fmt.Errorf("reading the demonstration's day: %w", err)
	}
	return today, true, nil
}

// defaultAddress is where the board is when nobody says.
const defaultAddress = "http://127.0.0.1:8080"

// briefOptions are what a brief is made with; listen is the server's own
// address, "" outside one.
func (in *installation) briefOptions(listen string) brief.Options {
	if listen != "" {
		listen = "http://" + listen
	}
	titles := map[string]schema.Text{}
	for _, f := range in.cfg.Feeds {
		titles[f.Name] = f.Title
	}
	if brought, err := samples.Feeds(); err == nil {
		for _, f := range brought {
			if titles[f.Name] == (schema.Text{}) {
				titles[f.Name] = f.Title
			}
		}
	}
	return brief.Options{
		Register: in.register, Reader: in.reading(), Statements: in.desk, Calendar: in.calendar, Head: in.head, Now: in.real, Location: in.loc,
		Feed:    func(name string) schema.Text { return titles[name] },
		Address: strings.TrimRight(cmp.Or(in.cfg.ExternalURL, listen, defaultAddress), "/"),
	}
}

// head is the ledger's height and hash. A command beside a server reads the
// file, which only ever grows.
func (in *installation) head(context.Context) (uint64, string, error) {
	if height, hash := in.store.Head(); hash != "" {
		return height, hash, nil
	}
	path := in.cfg.Path("ledger", "ledger")
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return 0, "", nil
	}
	height, hash, err := ledger.Verify(path, func(ledger.Entry) error { return nil })
	if err != nil {
		return 0, "", fmt.Errorf("reading the ledger's head: %w", err)
	}
	return height, hash, nil
}

// fileBar makes the progress bar of file n of many, by bytes; the name stands
// before it. One byte more than the file has is kept back: what follows the
// reading takes its time too.
func (r *run) fileBar(name string, size int64, n, many int) *progressbar.ProgressBar {
	if many > 1 {
		name = fmt.Sprintf("%d/%d %s", n, many, name)
	}
	return r.drawn(size+1, true, progressbar.OptionSetDescription(name), progressbar.OptionShowBytes(true), seldom())
}

// drawn is a progress bar of total on a terminal where it is wanted, and nothing
// elsewhere.
func (r *run) drawn(total int64, wanted bool, more ...progressbar.Option) *progressbar.ProgressBar {
	w := io.Discard
	if wanted && r.terminal() {
		w = r.Err
	}
	return progressbar.NewOptions64(total, append([]progressbar.Option{progressbar.OptionSetWriter(w), progressbar.OptionClearOnFinish(), progressbar.OptionShowCount()}, more...)...)
}

// seldom draws a bar ten times a second at most.
func seldom() progressbar.Option { return progressbar.OptionThrottle(100 * time.Millisecond) }

// named is what stands before a bar.
func (r *run) named(id string) progressbar.Option { return progressbar.OptionSetDescription(r.say(id)) }

package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"yardstick/collectors/desk"
	"yardstick/schema"
	"yardstick/schema/access"
	"yardstick/schema/words"
)

// by is who gives a command.
type by struct {
	Actor string `help:"Who does it. 经办人。" env:"USER" placeholder:"NAME"`
}

func (b by) who() access.Identity { return access.Local(strings.TrimSpace(b.Actor)) }

// act opens the installation for a command that writes, gives the order and prints what
// came of it.
func act[T any](ctx context.Context, r *run, command string, o order[T], body io.Reader, tell func(io.Writer, T)) error {
	return r.show(ctx, openWriting, command, func(in *installation) (answer, error) {
		out, err := give(ctx, in, command, o, body)
		return answer{json: out, tell: func(w io.Writer) error {
			tell(w, out)
			return nil
		}}, err
	})
}

type withdrawCmd struct {
	by
	Receipt string `arg:"" help:"The receipt's number. 回执号。"`
	Reason  string `help:"Why. 原因。" placeholder:"TEXT"`
}

// Run takes the receipt's figures out of force and judges anew.
func (c withdrawCmd) Run(ctx context.Context, r *run) error {
	if strings.TrimSpace(c.Reason) == "" {
		return usage("reason-needed")
	}
	return act(ctx, r, "withdraw", c, nil, func(w io.Writer, receipt schema.Receipt) {
		fmt.Fprintln(w, r.say("withdrawn", "id", receipt.ID, "reason", receipt.Reason))
	})
}

func (c withdrawCmd) do(ctx context.Context, d *desk.Desk, _ io.Reader) (schema.Receipt, error) {
	return d.Withdraw(ctx, c.who(), c.Receipt, c.Reason)
}

type reviewCmd struct {
	by
	Receipt string `arg:"" help:"The receipt's number. 回执号。"`
	Approve bool   `help:"Put the figures in force. 通过。" xor:"decision"`
	Reject  bool   `help:"Refuse them, with a reason. 退回。" xor:"decision"`
	Reason  string `help:"Why. 原因。" placeholder:"TEXT"`
}

// Run approves or rejects a receipt that waits for its review.
func (c reviewCmd) Run(ctx context.Context, r *run) error {
	switch {
	case !c.Approve && !c.Reject:
		return usage("review-decide")
	case c.Reject && strings.TrimSpace(c.Reason) == "":
		return usage("reject-reason")
	}
	return act(ctx, r, "review", c, nil, func(w io.Writer, receipt schema.Receipt) {
		printReceipt(w, receipt, r.say, r.Lang)
	})
}

func (c reviewCmd) do(ctx context.Context, d *desk.Desk, _ io.Reader) (schema.Receipt, error) {
	return d.Review(ctx, c.who(), c.Receipt, c.Approve, c.Reason)
}

type lockCmd struct {
	by
	Through periodFlag `help:"The last period to lock. 锁定截至该期。" required:"" placeholder:"PERIOD"`
	Feed    string     `help:"Only this feed. 只锁定该报送源。" placeholder:"NAME"`
}

// Run locks every period up to one, after the monthly meeting.
func (c lockCmd) Run(ctx context.Context, r *run) error {
	return act(ctx, r, "lock", c, nil, func(w io.Writer, l desk.Locked) {
		fmt.Fprintln(w, r.say("locked", "feed", desk.Named(l.Subject), "through", l.Fields["through"]))
		if len(l.Stopped) > 0 {
			fmt.Fprintln(w, "  "+r.say("lock-stops", "receipts", strings.Join(l.Stopped, ", ")))
		}
	})
}

func (c lockCmd) do(ctx context.Context, d *desk.Desk, _ io.Reader) (desk.Locked, error) {
	return d.Lock(ctx, c.who(), c.Feed, c.Through.Last())
}

type reopenCmd struct {
	by
	Period periodFlag `arg:"" called:"reopen" help:"The period to open again. 重开的时期。"`
	Feed   string     `help:"Only for this feed. 只对该报送源。" placeholder:"NAME"`
	Reason string     `help:"Why. 原因。" placeholder:"TEXT"`
}

// Run opens a locked period again.
func (c reopenCmd) Run(ctx context.Context, r *run) error {
	if strings.TrimSpace(c.Reason) == "" {
		return usage("reopen-reason")
	}
	return act(ctx, r, "reopen", c, nil, func(w io.Writer, a schema.Act) {
		fmt.Fprintln(w, r.say("reopened", "feed", desk.Named(a.Subject), "from", a.Fields["from"], "through", a.Fields["through"], "reason", a.Fields["reason"]))
	})
}

func (c reopenCmd) do(ctx context.Context, d *desk.Desk, _ io.Reader) (schema.Act, error) {
	return d.Reopen(ctx, c.who(), c.Feed, c.Period.Period, c.Reason)
}

type attachCmd struct {
	by
	Receipt string `arg:"" help:"The receipt's number. 回执号。"`
	Path    string `arg:"" name:"file" help:"The file. 附件。" type:"path"`
	As      string `help:"What it is: signed-form or evidence. 附件种类。" enum:"signed-form,evidence" required:""`
}

// Run keeps a file and ties it to a receipt.
func (c attachCmd) Run(ctx context.Context, r *run) error {
	file, err := openFeed(c.Path)
	if err != nil {
		return err
	}
	defer file.Close()
	return act(ctx, r, "attach", c, file, func(w io.Writer, a schema.Act) {
		fmt.Fprintln(w, r.say("attached", "name", a.Fields["name"], "what", words.Say("attach-"+a.Fields["what"]), "id", a.Subject, "digest", a.Fields["sha256"]))
	})
}

func (c attachCmd) do(ctx context.Context, d *desk.Desk, body io.Reader) (schema.Act, error) {
	return d.Attach(ctx, c.who(), c.Receipt, c.As, filepath.Base(c.Path), body)
}

// openFeed opens a file that a command names.
func openFeed(path string) (*os.File, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, words.Fail(err, "file-unreadable", "file", path)
	}
	if info, err := file.Stat(); err != nil || info.IsDir() {
		return nil, errors.Join(words.Fail(err, "file-unreadable", "file", path), file.Close())
	}
	return file, nil
}

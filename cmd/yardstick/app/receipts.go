package app

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"yardstick/collectors/desk"
	"yardstick/schema"
	"yardstick/schema/words"
)

type receiptsCmd struct {
	Feed   string `help:"Only of this feed. 只看该报送源。" placeholder:"NAME"`
	Status string `help:"Only in this state: pending, asked, refused … 只看该状态。" placeholder:"STATUS"`
	Limit  int    `help:"At most so many, the newest. 最多条数。" default:"50"`
}

// Run lists receipts, the newest first.
func (c receiptsCmd) Run(ctx context.Context, r *run) error {
	status := schema.ReceiptStatus(c.Status)
	if c.Status != "" && !slices.Contains(schema.ReceiptStatuses(), status) {
		allowed := strings.Join(schema.Codes(schema.ReceiptStatuses()), ", ")
		return usage("bad-status", "status", c.Status, "allowed", allowed)
	}
	if c.Limit < 1 || c.Limit > desk.MostReceipts {
		return usage("bad-limit", "most", desk.MostReceipts)
	}
	return r.show(ctx, openInstallation, "receipts", func(in *installation) (answer, error) {
		found, err := in.store.ReceiptsOf(ctx, c.Feed, status, c.Limit)
		return answer{json: orEmpty(found), tell: func(w io.Writer) {
			aligned(w, func(w io.Writer) {
				for _, receipt := range found {
					fmt.Fprintln(w, strings.Join(receiptCells(r, receipt, in.loc), "\t"))
				}
			})
		}}, err
	})
}

func receiptCells(r *run, of schema.Receipt, loc *time.Location) []string {
	return []string{of.ID, of.ReceivedAt.In(loc).Format("2006-01-02 15:04"), orDash(of.Feed), of.File,
		statusWords(of, loc).In(r.Lang), orDash(of.Actor),
		r.say("receipt-counts", "accepted", of.Accepted, "revised", of.Revised, "unchanged", of.UnchangedN, "rejected", of.Rejected)}
}

// statusWords is a receipt's status, with what a pending one waits for.
func statusWords(r schema.Receipt, loc *time.Location) schema.Text {
	if r.Status == schema.Pending && r.Waits == schema.WaitsRelease {
		return words.Say("waits-release", "at", r.ReleaseAt.In(loc).Format("2006-01-02 15:04"))
	}
	return r.Label()
}

type receiptCmd struct {
	by
	Receipt string `arg:"" help:"The receipt's number. 回执号。"`
	Sealed  bool   `help:"Also what a waiting receipt would change, for its reviewer; not to be passed on. 审核人查看未发布的改动。"`
}

// wholeReceipt is a receipt with what happened to it and what is tied to it.
type wholeReceipt struct {
	schema.Receipt
	Life        []schema.ReceiptEvent `json:"life"`
	Attachments []schema.Act          `json:"attachments"`
}

// Run shows one receipt: what it said, who did what to it, what is attached.
func (c receiptCmd) Run(ctx context.Context, r *run) error {
	return r.show(ctx, openInstallation, "receipt", func(in *installation) (answer, error) {
		whole, err := c.read(ctx, in)
		return answer{json: whole, tell: func(w io.Writer) { whole.print(w, r, in.loc) }}, err
	})
}

func (c receiptCmd) read(ctx context.Context, in *installation) (whole wholeReceipt, err error) {
	if whole.Receipt, err = in.desk.Known(ctx, c.Receipt); err != nil {
		return whole, err
	}
	if c.Sealed {
		if whole.Receipt, err = give(ctx, in, "sealed", c, nil); err != nil {
			return whole, err
		}
	}
	life, err := in.store.Life(ctx, c.Receipt)
	if err != nil {
		return whole, err
	}
	attached, err := in.store.Acts(ctx, schema.ActAttach, c.Receipt)
	whole.Life, whole.Attachments = orEmpty(life), orEmpty(attached)
	return whole, err
}

// do gives the receipt with all it says, to who may see it.
func (c receiptCmd) do(ctx context.Context, d *desk.Desk, _ io.Reader) (schema.Receipt, error) {
	return d.Sealed(ctx, c.who(), c.Receipt)
}

func (whole wholeReceipt) print(w io.Writer, r *run, loc *time.Location) {
	receipt := whole.Receipt
	printReceipt(w, receipt, r.say, r.Lang)
	line := func(id, text string) {
		if text != "" {
			fmt.Fprintln(w, "  "+r.say(id)+" "+text)
		}
	}
	at := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.In(loc).Format("2006-01-02 15:04:05")
	}
	line("receipt-feed", receipt.Feed)
	line("receipt-actor", receipt.Actor)
	line("receipt-received", at(receipt.ReceivedAt))
	line("receipt-reason", receipt.Reason)
	if receipt.Correction != "" {
		line("receipt-correction", receipt.Correction.Label().In(r.Lang))
	}
	line("receipt-release", at(receipt.ReleaseAt))
	line("receipt-reviewer", receipt.Reviewer)
	line("receipt-snapshot", receipt.Snapshot)
	if receipt.Status == schema.Pending && len(receipt.Changes) == 0 {
		fmt.Fprintln(w, "  "+r.say("receipt-veiled"))
	}
	for _, a := range receipt.Answers {
		text := a.Key + " = " + a.Value
		if a.Remembered {
			text += " " + r.say("receipt-remembered", "id", a.Receipt, "by", a.By)
		}
		line("receipt-answered", text)
	}
	for _, a := range whole.Attachments {
		line("receipt-attachment", fmt.Sprintf("%s  %s  %s  %s  %s", a.Fields["name"], words.Say("attach-"+a.Fields["what"]).In(r.Lang), a.Actor, at(a.At), a.Fields["sha256"]))
	}
	for _, e := range whole.Life {
		line("receipt-step", strings.TrimSpace(fmt.Sprintf("%s  %s  %s  %s", at(e.At), e.State.Label().In(r.Lang), e.Actor, e.Reason)))
	}
}

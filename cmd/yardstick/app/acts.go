package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"yardstick/cmd/yardstick/app/access"
	"yardstick/schema"
	"yardstick/schema/clickhouse"
	"yardstick/schema/words"
)

// by is who gives a command.
type by struct {
	Actor string `help:"Who does it. 经办人。" env:"USER" placeholder:"NAME"`
}

func (b by) who() access.Identity { return access.Local(strings.TrimSpace(b.Actor)) }

// feedAccess is what the policy must know of a feed, configured or not.
func (h *house) feedAccess(name string) access.Feed {
	for _, f := range h.cfg.Feeds {
		if f.Name == name {
			return f.access()
		}
	}
	return access.Feed{Name: name}
}

// known gives a receipt, or says that there is none.
func (h *house) known(ctx context.Context, id string) (schema.Receipt, error) {
	r, found, err := h.store.Receipt(ctx, id)
	if err == nil && !found {
		err = words.Fail(clickhouse.ErrNoReceipt, "no-receipt", "id", id)
	}
	return r, err
}

// after compares when a receipt came into force or left it, and sees to the
// next release when it goes on waiting.
func (h *house) after(ctx context.Context, r schema.Receipt, cause string) error {
	switch {
	case r.Status == schema.Pending && h.onWait != nil:
		h.onWait()
	case r.Status.Counts() || r.Status == schema.Withdrawn:
		return h.compareAndSave(ctx, cause)
	}
	return nil
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
	return act(ctx, r, "withdraw", func(h *house) (schema.Receipt, error) { return h.withdraw(ctx, c.who(), c.Receipt, c.Reason) },
		func(w io.Writer, receipt schema.Receipt) {
			fmt.Fprintln(w, r.say("withdrawn", "id", receipt.ID, "reason", receipt.Reason))
		})
}

// act opens the house for a command that writes, does it and prints what came
// of it.
func act[T any](ctx context.Context, r *run, command string, do func(*house) (T, error), tell func(io.Writer, T)) error {
	format, err := r.format("table", "json")
	if err != nil {
		return err
	}
	h, err := openWriting(ctx, r, command)
	if err != nil {
		return err
	}
	out, err := do(h)
	if err = errors.Join(err, h.close()); err != nil {
		return err
	}
	if format == "json" {
		return r.json(out)
	}
	return r.out(func(w io.Writer) error {
		tell(w, out)
		return nil
	})
}

// withdraw takes a receipt's figures out of force, or a waiting receipt back.
func (h *house) withdraw(ctx context.Context, who access.Identity, id, reason string) (schema.Receipt, error) {
	if h.store.remote != nil {
		return ask[schema.Receipt](ctx, h, askWithdrawPath, url.Values{"receipt": {id}, "actor": {who.Name}, "reason": {reason}}, nil)
	}
	receipt, err := h.known(ctx, id)
	if err != nil {
		return receipt, err
	}
	if err := who.Withdraw(h.feedAccess(receipt.Feed), receipt); err != nil {
		return receipt, err
	}
	if receipt.Status.Counts() {
		if err := h.refuseLocked(ctx, receipt); err != nil {
			return receipt, err
		}
	}
	waited := receipt.Status == schema.Pending
	receipt, err = h.store.Withdraw(ctx, id, who.Name, reason)
	switch {
	case errors.Is(err, clickhouse.ErrNotCounted):
		return receipt, words.Fail(nil, "not-counted", "id", id, "state", receipt.Label())
	case err != nil || waited:
		return receipt, err
	}
	return receipt, h.after(ctx, receipt, schema.CauseRevision)
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
	return act(ctx, r, "review", func(h *house) (schema.Receipt, error) { return h.review(ctx, c.who(), c.Receipt, c.Approve, c.Reason) },
		func(w io.Writer, receipt schema.Receipt) {
			printReceipt(w, receipt, r.say, r.Lang)
		})
}

// review approves or rejects a receipt. A figure of a locked period is not
// approved: it would change what the meeting has seen.
func (h *house) review(ctx context.Context, who access.Identity, id string, approve bool, reason string) (schema.Receipt, error) {
	if h.store.remote != nil {
		return ask[schema.Receipt](ctx, h, askReviewPath, url.Values{"receipt": {id}, "actor": {who.Name}, "reason": {reason},
			"approve": {strconv.FormatBool(approve)}}, nil)
	}
	if !approve && strings.TrimSpace(reason) == "" {
		return schema.Receipt{}, usage("reject-reason")
	}
	receipt, err := h.known(ctx, id)
	if err != nil {
		return receipt, err
	}
	if err := who.Review(h.feedAccess(receipt.Feed), receipt); err != nil {
		return receipt, err
	}
	if approve && receipt.Status == schema.Pending {
		if err := h.refuseLocked(ctx, receipt); err != nil {
			return receipt, err
		}
	}
	receipt, err = h.store.Review(ctx, id, who.Name, approve, strings.TrimSpace(reason))
	switch {
	case errors.Is(err, clickhouse.ErrNoReview):
		return receipt, words.Fail(nil, "no-review", "id", id, "state", receipt.Label())
	case err != nil:
		return receipt, err
	}
	return receipt, h.after(ctx, receipt, causeOf(receipt))
}

// locks are all acts of locking and reopening, in the order of the ledger.
func (h *house) locks(ctx context.Context) ([]schema.Act, error) {
	out, err := h.store.Acts(ctx, schema.ActLock, "")
	if err != nil {
		return nil, err
	}
	reopened, err := h.store.Acts(ctx, schema.ActReopen, "")
	if err != nil {
		return nil, err
	}
	out = append(out, reopened...)
	slices.SortFunc(out, func(a, b schema.Act) int { return cmp.Compare(a.Seq, b.Seq) })
	return out, nil
}

// lockOf finds the lock on a period that a receipt has figures of.
func (h *house) lockOf(ctx context.Context, r schema.Receipt) (lock schema.Act, p schema.Period, found bool, err error) {
	locks, err := h.locks(ctx)
	if err != nil || len(locks) == 0 {
		return lock, p, false, err
	}
	periods, err := h.store.Periods(ctx, r.ID)
	if err != nil {
		return lock, p, false, err
	}
	for _, p := range periods {
		if lock, found := schema.Locked(locks, r.Feed, p); found {
			return lock, p, true, nil
		}
	}
	return lock, p, false, nil
}

// refuseLocked refuses what would change figures of a locked period.
func (h *house) refuseLocked(ctx context.Context, r schema.Receipt) error {
	lock, period, found, err := h.lockOf(ctx, r)
	if found {
		return words.Fail(nil, "receipt-locked", "id", r.ID, "period", period, "by", lock.Actor, "at", lock.At.In(h.loc).Format(time.DateOnly))
	}
	return err
}

type lockCmd struct {
	by
	Through string `help:"The last period to lock. 锁定截至该期。" required:"" placeholder:"PERIOD"`
	Feed    string `help:"Only this feed. 只锁定该报送源。" placeholder:"NAME"`
}

// locked is an act of locking with the waiting receipts it stops.
type locked struct {
	schema.Act
	Stopped []string `json:"stopped"`
}

// Run locks every period up to one, after the monthly meeting.
func (c lockCmd) Run(ctx context.Context, r *run) error {
	period, _, err := schema.ParsePeriod(c.Through)
	if err != nil {
		return usage("bad-period", "flag", "--through", "text", c.Through)
	}
	return act(ctx, r, "lock", func(h *house) (locked, error) { return h.lock(ctx, c.who(), c.Feed, period.Last()) },
		func(w io.Writer, l locked) {
			fmt.Fprintln(w, r.say("locked", "feed", feedName(l.Subject), "through", l.Fields["through"]))
			if len(l.Stopped) > 0 {
				fmt.Fprintln(w, "  "+r.say("lock-stops", "receipts", strings.Join(l.Stopped, ", ")))
			}
		})
}

// feedName is a feed's name, or the words for all of them.
func feedName(subject string) any {
	if subject == access.Everywhere().Name {
		return words.Say("all-feeds")
	}
	return subject
}

// subject is the feed that locks concern, "*" for all.
func (h *house) subject(feed string) (string, access.Feed, error) {
	if feed == "" || feed == access.Everywhere().Name {
		return access.Everywhere().Name, access.Everywhere(), nil
	}
	f, err := h.feedOf(feed)
	return f.Name, f.access(), err
}

// lock locks all periods of a feed, or of all, that end by the day through.
func (h *house) lock(ctx context.Context, who access.Identity, feed string, through schema.Date) (locked, error) {
	if h.store.remote != nil {
		return ask[locked](ctx, h, askLockPath, url.Values{"feed": {feed}, "actor": {who.Name}, "through": {through.String()}}, nil)
	}
	subject, f, err := h.subject(feed)
	if err != nil {
		return locked{}, err
	}
	if err := who.Lock(f); err != nil {
		return locked{}, err
	}
	if through.After(h.today()) {
		return locked{}, usage("lock-future", "through", through)
	}
	a, err := h.store.Act(ctx, schema.Act{Kind: schema.ActLock, Subject: subject, Actor: who.Name, Fields: map[string]string{"through": through.String()}})
	if err != nil {
		return locked{}, err
	}
	out := locked{Act: a, Stopped: []string{}}
	waiting, err := h.store.ReceiptsOf(ctx, "", schema.Pending, mostReceipts)
	if err != nil {
		return out, err
	}
	for _, r := range waiting {
		_, _, found, err := h.lockOf(ctx, r)
		if err != nil {
			return out, err
		}
		if found && r.Waits == schema.WaitsReview {
			out.Stopped = append(out.Stopped, r.ID)
		}
	}
	return out, nil
}

type reopenCmd struct {
	by
	Period string `arg:"" help:"The period to open again. 重开的时期。"`
	Feed   string `help:"Only for this feed. 只对该报送源。" placeholder:"NAME"`
	Reason string `help:"Why. 原因。" placeholder:"TEXT"`
}

// Run opens a locked period again.
func (c reopenCmd) Run(ctx context.Context, r *run) error {
	period, _, err := schema.ParsePeriod(c.Period)
	if err != nil {
		return usage("bad-period", "flag", "reopen", "text", c.Period)
	}
	if strings.TrimSpace(c.Reason) == "" {
		return usage("reopen-reason")
	}
	return act(ctx, r, "reopen", func(h *house) (schema.Act, error) { return h.reopen(ctx, c.who(), c.Feed, period, c.Reason) },
		func(w io.Writer, a schema.Act) {
			fmt.Fprintln(w, r.say("reopened", "feed", feedName(a.Subject), "from", a.Fields["from"], "through", a.Fields["through"], "reason", a.Fields["reason"]))
		})
}

// reopen opens a locked period of a feed, or of all, again.
func (h *house) reopen(ctx context.Context, who access.Identity, feed string, period schema.Period, reason string) (schema.Act, error) {
	if h.store.remote != nil {
		return ask[schema.Act](ctx, h, askReopenPath, url.Values{"feed": {feed}, "actor": {who.Name}, "period": {period.String()}, "reason": {reason}}, nil)
	}
	subject, f, err := h.subject(feed)
	if err != nil {
		return schema.Act{}, err
	}
	if err := who.Lock(f); err != nil {
		return schema.Act{}, err
	}
	if strings.TrimSpace(reason) == "" {
		return schema.Act{}, usage("reopen-reason")
	}
	locks, err := h.locks(ctx)
	if err != nil {
		return schema.Act{}, err
	}
	closed := slices.ContainsFunc(append(locks, schema.Act{Subject: subject}), func(a schema.Act) bool {
		if subject != "*" && a.Subject != subject {
			return false
		}
		_, locked := schema.Locked(locks, a.Subject, period)
		return locked
	})
	if !closed {
		return schema.Act{}, usage("not-locked", "period", period, "feed", feedName(subject))
	}
	return h.store.Act(ctx, schema.Act{Kind: schema.ActReopen, Subject: subject, Actor: who.Name, Fields: map[string]string{
		"from": period.First().String(), "through": period.Last().String(), "reason": strings.TrimSpace(reason)}})
}

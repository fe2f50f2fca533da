package desk

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"yardstick/collectors/secrecy"
	"yardstick/collectors/source"
	"yardstick/schema"
	"yardstick/schema/access"
	"yardstick/schema/clickhouse"
	"yardstick/schema/vintage"
	"yardstick/schema/whole"
	"yardstick/schema/words"
)

// MostReceipts bounds a list of receipts.
const MostReceipts = 10_000

// feedAccess is what the policy must know of a feed, configured or not.
func (d *Desk) feedAccess(name string) schema.Feed {
	f, err := d.Feed(name)
	if err != nil {
		return schema.Feed{Name: name}
	}
	return f
}

// Known gives a receipt, or says that there is none.
func (d *Desk) Known(ctx context.Context, id string) (schema.Receipt, error) {
	r, found, err := d.Store.Receipt(ctx, id)
	if err == nil && !found {
		err = words.Fail(clickhouse.ErrNoReceipt, "no-receipt", "id", id)
	}
	return r, err
}

// permitted gives a receipt to whom may allows what he wants with it.
func (d *Desk) permitted(ctx context.Context, id string, may func(schema.Feed, schema.Receipt) error) (schema.Receipt, error) {
	r, err := d.Known(ctx, id)
	if err == nil {
		err = may(d.feedAccess(r.Feed), r)
	}
	return r, err
}

// using is that he may use the feed.
func using(who access.Identity) func(schema.Feed, schema.Receipt) error {
	return func(f schema.Feed, _ schema.Receipt) error { return who.Use(f) }
}

// Sealed gives a receipt with all it says, also while its figures must not be
// seen, to who may see it.
func (d *Desk) Sealed(ctx context.Context, who access.Identity, id string) (schema.Receipt, error) {
	shown, err := d.permitted(ctx, id, using(who))
	if err != nil {
		return shown, err
	}
	whole, _, err := d.Store.Sealed(ctx, id)
	return whole, err
}

// Withdraw takes a receipt's figures out of force, or a waiting receipt back, or
// refuses a file whose questions nobody is going to answer.
func (d *Desk) Withdraw(ctx context.Context, who access.Identity, id, reason string) (schema.Receipt, error) {
	receipt, err := d.permitted(ctx, id, who.Withdraw)
	if err == nil {
		err = secrecy.Refusal(secrecy.Said(reason))
	}
	if err != nil {
		return receipt, err
	}
	if receipt.Status.Counts() {
		if err := d.refuseLocked(ctx, receipt); err != nil {
			return receipt, err
		}
	}
	waited := receipt.Status == schema.Pending || receipt.Status == schema.Asked
	receipt, err = d.Store.Withdraw(ctx, id, who.Name, reason)
	switch {
	case errors.Is(err, clickhouse.ErrNotCounted):
		return receipt, words.Fail(nil, "not-counted", "id", id, "state", receipt.Label())
	case err != nil || waited:
		return receipt, err
	}
	return receipt, d.after(ctx, receipt, schema.CauseRevision)
}

// Review approves or rejects a receipt. A figure of a locked period is not
// approved: it would change what the meeting has seen.
func (d *Desk) Review(ctx context.Context, who access.Identity, id string, approve bool, reason string) (schema.Receipt, error) {
	if !approve && strings.TrimSpace(reason) == "" {
		return schema.Receipt{}, misuse("reject-reason")
	}
	receipt, err := d.permitted(ctx, id, who.Review)
	if err == nil {
		err = secrecy.Refusal(secrecy.Said(reason))
	}
	if err != nil {
		return receipt, err
	}
	if approve && receipt.Status == schema.Pending {
		if err := d.refuseLocked(ctx, receipt); err != nil {
			return receipt, err
		}
	}
	receipt, err = d.Store.Review(ctx, id, who.Name, approve, strings.TrimSpace(reason))
	switch {
	case errors.Is(err, clickhouse.ErrNoReview):
		return receipt, words.Fail(nil, "no-review", "id", id, "state", receipt.Label())
	case err != nil:
		return receipt, err
	}
	return receipt, d.after(ctx, receipt, causeOf(receipt))
}

// Locks are all acts of locking and reopening, in the order of the ledger.
func (d *Desk) Locks(ctx context.Context) ([]schema.Act, error) {
	out, err := d.Store.Acts(ctx, schema.ActLock, "")
	if err != nil {
		return nil, err
	}
	reopened, err := d.Store.Acts(ctx, schema.ActReopen, "")
	out = append(out, reopened...)
	slices.SortFunc(out, func(a, b schema.Act) int { return cmp.Compare(a.Seq, b.Seq) })
	return out, err
}

// lockOf finds the lock on a period that a receipt has figures of.
func (d *Desk) lockOf(ctx context.Context, r schema.Receipt) (lock schema.Act, p schema.Period, found bool, err error) {
	locks, err := d.Locks(ctx)
	if err != nil || len(locks) == 0 {
		return lock, p, false, err
	}
	periods, err := d.Store.Periods(ctx, r.ID)
	if err != nil {
		return lock, p, false, err
	}
	for _, k := range periods {
		if lock, found := schema.Locked(locks, r.Feed, vintage.Fact(k).Period); found {
			return lock, k.Period, true, nil
		}
	}
	return lock, p, false, nil
}

// refuseLocked refuses what would change figures of a locked period.
func (d *Desk) refuseLocked(ctx context.Context, r schema.Receipt) error {
	lock, period, found, err := d.lockOf(ctx, r)
	if found {
		return words.Fail(nil, "receipt-locked", "id", r.ID, "period", period, "by", lock.Actor, "at", lock.At.In(d.docket.Location).Format(time.DateOnly))
	}
	return err
}

// Locked is an act of locking with the waiting receipts it stops.
type Locked struct {
	schema.Act
	Stopped []string `json:"stopped"`
}

// Named is a feed's name, or the words for all of them.
func Named(subject string) any {
	if subject == access.Everywhere().Name {
		return words.Say("all-feeds")
	}
	return subject
}

// subject is the feed, "*" for all, whose periods he may lock and reopen.
func (d *Desk) subject(who access.Identity, feed string) (string, error) {
	f := access.Everywhere()
	if feed != "" && feed != f.Name {
		var err error
		if f, err = d.Feed(feed); err != nil {
			return "", err
		}
	}
	return f.Name, who.Lock(f)
}

// Lock locks all periods of a feed, or of all, that end by the day through.
func (d *Desk) Lock(ctx context.Context, who access.Identity, feed string, through schema.Date) (Locked, error) {
	subject, err := d.subject(who, feed)
	if err != nil {
		return Locked{}, err
	}
	if through.After(d.docket.Today()) {
		return Locked{}, misuse("lock-future", "through", through)
	}
	a, err := d.Store.Act(ctx, schema.Act{Kind: schema.ActLock, Subject: subject, Actor: who.Name, Fields: map[string]string{"through": through.String()}})
	if err != nil {
		return Locked{}, err
	}
	out := Locked{Act: a, Stopped: []string{}}
	waiting, err := d.Store.ReceiptsOf(ctx, "", schema.Pending, MostReceipts)
	if err != nil {
		return out, err
	}
	for _, r := range waiting {
		_, _, found, err := d.lockOf(ctx, r)
		if err != nil {
			return out, err
		}
		if found && r.Waits == schema.WaitsReview {
			out.Stopped = append(out.Stopped, r.ID)
		}
	}
	return out, nil
}

// Reopen opens a locked period of a feed, or of all, again.
func (d *Desk) Reopen(ctx context.Context, who access.Identity, feed string, period schema.Period, reason string) (schema.Act, error) {
	subject, err := d.subject(who, feed)
	if err != nil {
		return schema.Act{}, err
	}
	if strings.TrimSpace(reason) == "" {
		return schema.Act{}, misuse("reopen-reason")
	}
	if err := secrecy.Refusal(secrecy.Said(reason)); err != nil {
		return schema.Act{}, err
	}
	locks, err := d.Locks(ctx)
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
		return schema.Act{}, misuse("not-locked", "period", period, "feed", Named(subject))
	}
	return d.Store.Act(ctx, schema.Act{Kind: schema.ActReopen, Subject: subject, Actor: who.Name, Fields: map[string]string{
		"from": period.First().String(), "through": period.Last().String(), "reason": strings.TrimSpace(reason)}})
}

// What an attachment is.
const (
	SignedForm = "signed-form" // the paper form with its signatures and seal, scanned
	Evidence   = "evidence"    // what a figure rests on
)

// mostAttached bounds one attachment, in bytes.
const mostAttached = 64 << 20

// Attach keeps the bytes by checksum and ties them to the receipt. Its kind is
// told from the bytes, not from the name.
func (d *Desk) Attach(ctx context.Context, who access.Identity, id, what, name string, from io.Reader) (schema.Act, error) {
	receipt, err := d.permitted(ctx, id, using(who))
	if err != nil {
		return schema.Act{}, err
	}
	if !slices.Contains([]string{SignedForm, Evidence}, what) {
		return schema.Act{}, misuse("attach-what", "what", what)
	}
	name = source.BaseName(name)
	shown := secrecy.Name(name)
	body := bufio.NewReaderSize(from, 4096)
	head, err := body.Peek(512)
	switch {
	case len(head) == 0 && errors.Is(err, io.EOF):
		return schema.Act{}, words.Fail(nil, "attach-empty", "name", shown)
	case err != nil && !errors.Is(err, io.EOF):
		return schema.Act{}, fmt.Errorf("reading the attachment %s: %w", shown, err)
	}
	src, err := whole.Spool(ctx, d.snapshots().Dir, "in-*", body, mostAttached)
	if errors.Is(err, whole.ErrTooLarge) {
		return schema.Act{}, words.Fail(nil, "attach-large", "name", shown, "limit", mostAttached>>20)
	}
	if err != nil {
		return schema.Act{}, fmt.Errorf("receiving the attachment %s: %w", shown, err)
	}
	defer src.Close()
	found, err := secrecy.Look(ctx, src, name)
	if err == nil {
		err = secrecy.Refusal(found)
	}
	if err != nil {
		return schema.Act{}, err
	}
	kept, err := d.snapshots().Put(ctx, src, source.Provenance{Feed: receipt.Feed, Name: name, ReceivedAt: d.docket.Now().UTC()}, 0)
	if err != nil {
		return schema.Act{}, err
	}
	return d.Store.Act(ctx, schema.Act{Kind: schema.ActAttach, Subject: id, Actor: who.Name, Fields: map[string]string{
		"name": name, "sha256": kept.SHA256, "media": http.DetectContentType(head), "bytes": strconv.FormatInt(kept.Bytes, 10), "what": what}})
}

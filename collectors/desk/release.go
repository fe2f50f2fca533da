package desk

import (
	"context"
	"time"

	"yardstick/schema"
)

// Release puts in force what waited for its time alone and is due by the real
// clock, and compares when something changed.
func (d *Desk) Release(ctx context.Context) ([]schema.Receipt, error) {
	next := d.Store.NextRelease()
	if next.IsZero() || next.After(d.o.Real()) {
		return nil, nil
	}
	done, err := d.Store.Release(ctx, d.o.Real())
	for _, r := range done {
		if r.Status.Counts() {
			if cerr := d.Changed(ctx, causeOf(r)); err == nil {
				err = cerr
			}
			break
		}
	}
	return done, err
}

// ReleaseAll releases at the time until ctx ends. Between times it looks every minute, for
// clocks that are set.
func (d *Desk) ReleaseAll(ctx context.Context) {
	for {
		wait := time.Minute
		if next := d.Store.NextRelease(); !next.IsZero() {
			wait = min(wait, max(0, next.Sub(d.o.Real())))
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-d.waits:
			timer.Stop()
			continue
		case <-timer.C:
		}
		if !d.ReleaseNow(ctx) && wait == 0 {
			select { // it failed and is still due
			case <-ctx.Done():
			case <-time.After(10 * time.Second):
			}
		}
	}
}

// ReleaseNow releases what is due and says so in the log.
func (d *Desk) ReleaseNow(ctx context.Context) bool {
	done, err := d.Release(ctx)
	for _, r := range done {
		d.o.Log.Info("released", "feed", r.Feed, "receipt", r.ID, "status", r.Status, "accepted", r.Accepted, "revised", r.Revised, "unchanged", r.UnchangedN)
	}
	if err != nil && ctx.Err() == nil {
		d.o.Log.Error("a release failed; it is tried again", "err", err)
	}
	return err == nil
}

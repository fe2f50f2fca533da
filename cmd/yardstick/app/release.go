package app

import (
	"context"
	"time"

	"yardstick/schema"
)

// openWriting is openHouse for a command that writes: what is due to be
// released comes into force first.
func openWriting(ctx context.Context, r *run, command string) (*house, error) {
	h, err := openHouse(ctx, r, command)
	if err != nil || h.store.remote != nil {
		return h, err
	}
	// A release that cannot be done is told and keeps nobody from working.
	if _, err := h.release(ctx); err != nil && ctx.Err() == nil {
		r.log.Error("a release failed; it is tried again", "err", err)
	}
	return h, nil
}

// release puts in force what waited for its time alone and is due by the real
// clock, and compares when something changed.
func (h *house) release(ctx context.Context) ([]schema.Receipt, error) {
	next := h.store.NextRelease()
	if next.IsZero() || next.After(h.real()) {
		return nil, nil
	}
	done, err := h.store.Release(ctx, h.real())
	for _, r := range done {
		if r.Status.Counts() {
			if cerr := h.compareAndSave(ctx, causeOf(r)); err == nil {
				err = cerr
			}
			break
		}
	}
	return done, err
}

// releaseLoop releases at the time. Between times it looks every minute, for
// clocks that are set.
func (s *server) releaseLoop(ctx context.Context) {
	for {
		wait := time.Minute
		if next := s.store.NextRelease(); !next.IsZero() {
			wait = min(wait, max(0, next.Sub(s.real())))
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-s.waits:
			timer.Stop()
			continue
		case <-timer.C:
		}
		if !s.releaseNow(ctx) && wait == 0 {
			s.pause(ctx) // it failed and is still due
		}
	}
}

// releaseNow releases what is due and says so in the log.
func (s *server) releaseNow(ctx context.Context) bool {
	done, err := s.release(ctx)
	for _, r := range done {
		s.r.log.Info("released", "feed", r.Feed, "receipt", r.ID, "status", r.Status, "accepted", r.Accepted, "revised", r.Revised, "unchanged", r.UnchangedN)
	}
	if err != nil && ctx.Err() == nil {
		s.r.log.Error("a release failed; it is tried again", "err", err)
	}
	return err == nil
}

// pause waits a little.
func (s *server) pause(ctx context.Context) {
	timer := time.NewTimer(10 * time.Second)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

package upload

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"yardstick/schema"
)

// reviewView is the reviewer's list and the locks.
type reviewView struct {
	*frame
	Pending  []waiting
	Releases []waiting // approved, or without review, and not yet released
	Feeds    []schema.FeedState
	Locks    []schema.Act
}

// waiting is a receipt that waits, with what it changes.
type waiting struct {
	titled
	Changes []changeRow
}

// reviewing lets reviewers in and nobody else.
func (p *Pages) reviewing(serve page) page {
	return func(w http.ResponseWriter, r *http.Request, s *session) error {
		if !s.who.Reviews() {
			return fault(http.StatusForbidden, "upload-reviewers-only")
		}
		return serve(w, r, s)
	}
}

// pending lists what waits.
func (p *Pages) pending(w http.ResponseWriter, r *http.Request, s *session) (err error) {
	view := reviewView{frame: p.titled(r, s, "review", "upload-review-title")}
	if view.Feeds, err = p.mine(r.Context(), s); err != nil {
		return err
	}
	for _, feed := range view.Feeds {
		receipts, err := p.receiptsOf(r, feed, 200)
		if err != nil {
			return err
		}
		for _, rc := range receipts {
			if rc.Status != schema.Pending {
				continue
			}
			rc, err := p.Desk.Sealed(r.Context(), s.who, rc.ID)
			if err != nil {
				return fmt.Errorf("reading what waits: %w", err)
			}
			row := waiting{titled: titled{rc, view.TitleOf(feed)}}
			for _, c := range rc.Changes[:min(len(rc.Changes), 20)] {
				row.Changes = append(row.Changes, p.changeRow(view.frame, c))
			}
			if rc.Waits == schema.WaitsReview {
				view.Pending = append(view.Pending, row)
			} else {
				view.Releases = append(view.Releases, row)
			}
		}
	}
	if view.Locks, err = p.Desk.Locks(r.Context()); err != nil {
		return fmt.Errorf("reading the locks: %w", err)
	}
	slices.Reverse(view.Locks)
	return p.show(w, http.StatusOK, "review", view)
}

// Span is what an act locks or opens.
func (f *frame) Span(a schema.Act) string {
	if a.Kind == schema.ActLock {
		return f.T("upload-lock-through", "day", a.Fields["through"])
	}
	return a.Fields["from"] + " – " + a.Fields["through"]
}

// review approves or rejects a receipt.
func (p *Pages) review(w http.ResponseWriter, r *http.Request, s *session, rc schema.Receipt) error {
	if _, err := p.own(r.Context(), s, rc.Feed); err != nil {
		return err
	}
	action, reason := r.PostForm.Get("action"), strings.TrimSpace(r.PostForm.Get("reason"))
	switch {
	case rc.Actor == s.who.Name:
		return fault(http.StatusForbidden, "upload-own-review")
	case action != "approve" && action != "reject":
		return bad("upload-broken")
	case action == "reject" && reason == "":
		return bad("upload-reason-needed")
	}
	_, err := p.Desk.Review(r.Context(), s.who, rc.ID, action == "approve", reason)
	return seeOr(err, w, r, receiptPath(rc.ID))
}

// lockable is the feed, one of the session's or all, and the period that a
// reviewer names.
func (p *Pages) lockable(r *http.Request, s *session) (feed string, period schema.Period, err error) {
	feed = r.PostForm.Get("feed")
	if feed != "*" {
		if _, err := p.own(r.Context(), s, feed); err != nil {
			return feed, period, err
		}
	} else if len(s.who.Feeds) > 0 || s.who.Office != "" {
		return feed, period, fault(http.StatusForbidden, "upload-not-all-feeds")
	}
	written := r.PostForm.Get("period")
	if period, _, err = schema.ParsePeriod(strings.TrimSpace(written)); err != nil {
		return feed, period, bad("upload-bad-period", "written", written)
	}
	return feed, period, nil
}

// lock locks the periods that end by a period's last day.
func (p *Pages) lock(w http.ResponseWriter, r *http.Request, s *session) error {
	feed, period, err := p.lockable(r, s)
	if err == nil {
		_, err = p.Desk.Lock(r.Context(), s.who, feed, period.Last())
	}
	return seeOr(err, w, r, "/upload/review")
}

// reopen opens a locked period again, with a reason.
func (p *Pages) reopen(w http.ResponseWriter, r *http.Request, s *session) error {
	feed, period, err := p.lockable(r, s)
	if err != nil {
		return err
	}
	reason, err := reasonOf(r)
	if err == nil {
		_, err = p.Desk.Reopen(r.Context(), s.who, feed, period, reason)
	}
	return seeOr(err, w, r, "/upload/review")
}

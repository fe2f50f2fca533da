package upload

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"yardstick/schema"
	"yardstick/schema/words"
)

// reviewView is the reviewer's list and the locks.
type reviewView struct {
	*frame
	Pending  []pendingRow
	Releases []pendingRow // approved, or without review, and not yet released
	Feeds    []schema.FeedState
	Locks    []lockRow
}

type (
	pendingRow struct {
		receiptRow
		Own     bool
		When    string
		Changes []changeRow
	}
	lockRow struct{ What, Feed, Span, Actor, At, Reason string }
)

// reviewers lets reviewers in and nobody else.
func reviewers(s *session) error {
	if s.who.Reviews() {
		return nil
	}
	return fault(http.StatusForbidden, "upload-forbidden-title", words.Say("upload-reviewers-only"))
}

// pending lists what waits.
func (p *pages) pending(w http.ResponseWriter, r *http.Request, s *session) error {
	if err := reviewers(s); err != nil {
		return err
	}
	f := p.newFrame(r, s)
	f.Heading, f.Tab = f.T("upload-review-title"), "review"
	view := reviewView{frame: f}
	var err error
	if view.Feeds, err = p.mine(r.Context(), s); err != nil {
		return err
	}
	for _, feed := range view.Feeds {
		receipts, err := p.Desk.Receipts(r.Context(), feed.Name, 200)
		if err != nil {
			return fmt.Errorf("reading the receipts of %s: %w", feed.Name, err)
		}
		for _, rc := range receipts {
			if rc.Status != schema.Pending {
				continue
			}
			rc, err := p.Desk.Sealed(r.Context(), s.who.Identity, rc.ID)
			if err != nil {
				return fmt.Errorf("reading what waits: %w", err)
			}
			row := pendingRow{receiptRow: f.receiptRow(rc, titleOf(f, feed)), Own: rc.Actor == s.who.Name, When: f.Time(rc.ReleaseAt)}
			for _, c := range rc.Changes[:min(len(rc.Changes), 20)] {
				row.Changes = append(row.Changes, p.changeRow(f, c))
			}
			if rc.Waits == schema.WaitsReview {
				view.Pending = append(view.Pending, row)
			} else {
				view.Releases = append(view.Releases, row)
			}
		}
	}
	acts, err := p.Desk.Locks(r.Context())
	if err != nil {
		return fmt.Errorf("reading the locks: %w", err)
	}
	for i := len(acts) - 1; i >= 0; i-- {
		view.Locks = append(view.Locks, f.lockRow(acts[i]))
	}
	return p.show(w, http.StatusOK, "review", view)
}

func (f *frame) lockRow(a schema.Act) lockRow {
	row := lockRow{What: f.T("upload-act-" + string(a.Kind)), Feed: a.Subject, Actor: a.Actor, At: f.Time(a.At), Reason: a.Fields["reason"]}
	if a.Subject == "*" {
		row.Feed = f.T("upload-all-feeds")
	}
	switch a.Kind {
	case schema.ActLock:
		row.Span = f.T("upload-lock-through", "day", a.Fields["through"])
	case schema.ActReopen:
		row.Span = a.Fields["from"] + " – " + a.Fields["through"]
	case schema.ActAnswer, schema.ActAttach, schema.ActStatement:
	}
	return row
}

// review approves or rejects a receipt.
func (p *pages) review(w http.ResponseWriter, r *http.Request, s *session) error {
	if err := reviewers(s); err != nil {
		return err
	}
	rc, err := p.receiptOf(r, s)
	if err != nil {
		return err
	}
	if _, err := p.own(r.Context(), s, rc.Feed); err != nil {
		return err
	}
	approve, reason := r.PostForm.Get("action") == "approve", strings.TrimSpace(r.PostForm.Get("reason"))
	switch {
	case rc.Actor == s.who.Name:
		return fault(http.StatusForbidden, "upload-forbidden-title", words.Say("upload-own-review"))
	case !approve && r.PostForm.Get("action") != "reject":
		return bad("upload-broken")
	case !approve && reason == "":
		return bad("upload-reason-needed")
	}
	if _, err := p.Desk.Review(r.Context(), s.who.Identity, rc.ID, approve, reason); err != nil {
		return err
	}
	return see(w, r, "/upload/receipts/"+url.PathEscape(rc.ID))
}

// subject is the feed a lock is about: one of the session's, or all.
func (p *pages) subject(r *http.Request, s *session) (string, error) {
	name := r.PostForm.Get("feed")
	if name == "*" {
		if len(s.who.Feeds) > 0 || s.who.Office != "" {
			return "", fault(http.StatusForbidden, "upload-forbidden-title", words.Say("upload-not-all-feeds"))
		}
		return name, nil
	}
	feed, err := p.own(r.Context(), s, name)
	return feed.Name, err
}

// lockable is the feed and the period a reviewer names.
func (p *pages) lockable(r *http.Request, s *session) (feed string, period schema.Period, err error) {
	if err := reviewers(s); err != nil {
		return "", period, err
	}
	if feed, err = p.subject(r, s); err != nil {
		return "", period, err
	}
	period, err = periodOf(r.PostForm.Get("period"))
	return feed, period, err
}

// lock locks the periods that end by a period's last day.
func (p *pages) lock(w http.ResponseWriter, r *http.Request, s *session) error {
	feed, period, err := p.lockable(r, s)
	if err != nil {
		return err
	}
	if _, err := p.Desk.Lock(r.Context(), s.who.Identity, feed, period.Last()); err != nil {
		return err
	}
	return see(w, r, "/upload/review")
}

// reopen opens a locked period again, with a reason.
func (p *pages) reopen(w http.ResponseWriter, r *http.Request, s *session) error {
	feed, period, err := p.lockable(r, s)
	if err != nil {
		return err
	}
	reason := strings.TrimSpace(r.PostForm.Get("reason"))
	if reason == "" {
		return bad("upload-reason-needed")
	}
	if _, err := p.Desk.Reopen(r.Context(), s.who.Identity, feed, period, reason); err != nil {
		return err
	}
	return see(w, r, "/upload/review")
}

func periodOf(written string) (schema.Period, error) {
	period, _, err := schema.ParsePeriod(strings.TrimSpace(written))
	if err != nil {
		return period, bad("upload-bad-period", "written", written)
	}
	return period, nil
}

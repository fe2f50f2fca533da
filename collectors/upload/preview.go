package upload

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"yardstick/collectors/desk"
	"yardstick/collectors/pipeline"
	"yardstick/schema"
)

// drafted serves what is about a draft of the session, and holds it meanwhile. A
// draft that was handed in leads to its receipt.
func (p *Pages) drafted(serve func(http.ResponseWriter, *http.Request, *session, *draft) error) page {
	return func(w http.ResponseWriter, r *http.Request, s *session) error {
		d, receipt := p.sessions.draft(s, r.PathValue("draft"))
		switch {
		case receipt != "":
			return see(w, r, receiptPath(receipt))
		case d == nil:
			return notFound("upload-no-draft")
		}
		d.mu.Lock()
		defer d.mu.Unlock()
		return serve(w, r, s, d)
	}
}

// look runs a draft through the pipeline without storing anything.
func (p *Pages) look(ctx context.Context, d *draft) (out pipeline.Look, err error) {
	err = d.opened(func(file pipeline.Submission) (err error) {
		out, err = p.Desk.Look(ctx, file)
		return err
	})
	if err != nil {
		return out, fmt.Errorf("previewing %s: %w", d.Name, err)
	}
	for _, q := range out.Receipt.Questions {
		if d.asked == nil {
			d.asked = map[string]schema.Question{}
		}
		d.asked[q.Key] = q
	}
	return out, nil
}

// preview shows what was understood of a draft, what changes and what is
// asked.
func (p *Pages) preview(w http.ResponseWriter, r *http.Request, s *session, d *draft) error {
	var seen pipeline.Look
	feed, err := p.own(r.Context(), s, d.Feed.Name)
	if err == nil {
		seen, err = p.look(r.Context(), d)
	}
	if err != nil {
		return err
	}
	view := p.previewView(p.newFrame(r, s), d, feed, seen)
	view.Waiting = r.URL.Query().Has("waiting")
	if id := seen.Receipt.SameAs; id != "" {
		if same, ok, err := p.Desk.Receipt(r.Context(), id); err == nil && ok {
			view.SameAs = view.T("upload-same", "time", view.Time(same.ReceivedAt), "who", same.Actor, "id", same.ID)
			view.SameHref = view.ReceiptLink(id)
		}
	}
	return p.show(w, http.StatusOK, "preview", view)
}

// decide takes the answers in and does what the button says.
func (p *Pages) decide(w http.ResponseWriter, r *http.Request, s *session, d *draft) error {
	action := r.PostForm.Get("action")
	if action == "discard" {
		p.sessions.forget(s, d, "")
		return see(w, r, "/upload")
	}
	_, err := p.own(r.Context(), s, d.Feed.Name)
	if err == nil {
		err = p.takeAnswers(d, r.PostForm)
	}
	if err != nil {
		return err
	}
	d.AcceptValid = action == "valid"
	if action != "confirm" && action != "valid" {
		return see(w, r, "/upload/files/"+d.ID)
	}
	seen, err := p.look(r.Context(), d)
	if err != nil {
		return err
	}
	if !takes(seen.Receipt.Status) {
		d.AcceptValid = false
		return see(w, r, "/upload/files/"+d.ID+"?waiting=1")
	}
	receipt, err := p.handIn(r.Context(), s, d)
	return seeOr(err, w, r, receiptPath(receipt))
}

// takes reports whether figures of such a receipt are taken in.
func takes(s schema.ReceiptStatus) bool {
	return s != schema.Asked && s != schema.Refused && s != schema.Failed
}

// handIn gives the draft to the desk and, when it was taken, its evidence.
func (p *Pages) handIn(ctx context.Context, s *session, d *draft) (receipt string, err error) {
	err = d.opened(func(file pipeline.Submission) error {
		r, err := p.Desk.Submit(ctx, file)
		receipt = r.ID
		return err
	})
	if err != nil {
		return "", fmt.Errorf("handing in %s: %w", d.Name, err)
	}
	if d.Evidence != nil {
		err = p.keepAttachment(ctx, s, receipt, desk.Evidence, d.Evidence)
	}
	p.sessions.forget(s, d, receipt)
	return receipt, err
}

// takeAnswers puts what the form says into the draft. A written answer goes
// before a chosen one; an empty one leaves the question open. A form that cannot
// be taken changes nothing.
func (p *Pages) takeAnswers(d *draft, form url.Values) error {
	said := d.Submission
	for _, name := range []string{"correction", "note", "published", "release_at"} {
		if !form.Has(name) {
			continue
		}
		if err := state(&said, p.Location, name, strings.TrimSpace(form.Get(name))); err != nil {
			return err
		}
	}
	d.Submission = said
	for _, key := range form["forget"] {
		delete(d.Answers, key)
	}
	for name := range form {
		kind, key, ok := strings.Cut(name, ":")
		if !ok || kind != "choose" && kind != "write" {
			continue
		}
		answer := cmp.Or(strings.TrimSpace(form.Get("write:"+key)), strings.TrimSpace(form.Get("choose:"+key)))
		switch {
		case answer != "":
			d.Answers[key] = answer
		case !slices.Contains(form["forget"], key):
			delete(d.Answers, key)
		}
	}
	return nil
}

// resume opens a receipt's kept bytes as a draft, so that questions about a
// file that came another way can be answered without sending it again.
func (p *Pages) resume(w http.ResponseWriter, r *http.Request, s *session, rc schema.Receipt) error {
	body, err := p.Desk.Snapshot(r.Context(), rc.Snapshot)
	if err != nil {
		return fmt.Errorf("opening the bytes of %s: %w", rc.ID, err)
	}
	defer body.Close()
	d, err := p.draft(r, s, rc.Feed, rc.File, body)
	if err != nil {
		return err
	}
	for _, a := range rc.Answers {
		if !a.Remembered {
			d.Answers[a.Key] = a.Value
		}
	}
	d.Correction = rc.Correction
	return p.shown(w, r, s, d)
}

// keepAttachment ties a file to a receipt.
func (p *Pages) keepAttachment(ctx context.Context, s *session, receipt, what string, d *draft) error {
	err := d.opened(func(file pipeline.Submission) error {
		_, err := p.Desk.Attach(ctx, s.who, receipt, what, d.Name, file.Body)
		return err
	})
	if err != nil {
		return fmt.Errorf("attaching %s to %s: %w", d.Name, receipt, err)
	}
	return nil
}

package upload

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"yardstick/collectors/desk"
	"yardstick/collectors/pipeline"
	"yardstick/schema"
	"yardstick/schema/words"
)

// draftOf finds the draft a request is about and holds it; the caller lets go.
// A draft that was handed in leads to its receipt.
func (p *pages) draftOf(w http.ResponseWriter, r *http.Request, s *session) (*draft, error) {
	id := r.PathValue("draft")
	d, ok := p.sessions.draft(s, id)
	if ok {
		d.mu.Lock()
		return d, nil
	}
	if receipt, ok := p.sessions.handedIn(s, id); ok {
		return nil, see(w, r, "/upload/receipts/"+url.PathEscape(receipt))
	}
	return nil, notFound("upload-no-draft")
}

// look runs a draft through the pipeline without storing anything.
func (p *pages) look(ctx context.Context, s *session, d *draft) (out pipeline.Look, err error) {
	file, body, err := d.file(s.who.Name)
	if err != nil {
		return out, err
	}
	defer func() { err = errors.Join(err, body.Close()) }()
	if out, err = p.Desk.Look(ctx, file); err != nil {
		return out, fmt.Errorf("previewing %s: %w", d.name, err)
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
func (p *pages) preview(w http.ResponseWriter, r *http.Request, s *session) error {
	d, err := p.draftOf(w, r, s)
	if d == nil {
		return err
	}
	defer d.mu.Unlock()
	feed, err := p.own(r.Context(), s, d.feed)
	if err != nil {
		return err
	}
	seen, err := p.look(r.Context(), s, d)
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
func (p *pages) decide(w http.ResponseWriter, r *http.Request, s *session) error {
	d, err := p.draftOf(w, r, s)
	if d == nil {
		return err
	}
	defer d.mu.Unlock()
	action := r.PostForm.Get("action")
	if action == "discard" {
		p.sessions.forget(s, d)
		return see(w, r, "/upload")
	}
	if _, err := p.own(r.Context(), s, d.feed); err != nil {
		return err
	}
	if err := p.takeAnswers(d, r.PostForm); err != nil {
		return err
	}
	d.says.acceptValid = action == "valid"
	if action != "confirm" && action != "valid" {
		return see(w, r, "/upload/files/"+d.id)
	}
	seen, err := p.look(r.Context(), s, d)
	if err != nil {
		return err
	}
	if st := seen.Receipt.Status; st == schema.Asked || st == schema.Refused || st == schema.Failed {
		d.says.acceptValid = false
		return see(w, r, "/upload/files/"+d.id+"?waiting=1")
	}
	receipt, err := p.handIn(r.Context(), s, d)
	if err != nil {
		return err
	}
	return see(w, r, "/upload/receipts/"+url.PathEscape(receipt.ID))
}

// handIn gives the draft to the desk and, when it was taken, its evidence.
func (p *pages) handIn(ctx context.Context, s *session, d *draft) (receipt schema.Receipt, err error) {
	file, body, err := d.file(s.who.Name)
	if err != nil {
		return receipt, err
	}
	receipt, err = p.Desk.Submit(ctx, file)
	if err = errors.Join(err, body.Close()); err != nil {
		return receipt, fmt.Errorf("handing in %s: %w", d.name, err)
	}
	if d.evidence != nil {
		err = p.attachDraft(ctx, s, receipt.ID, d.evidence)
	}
	p.sessions.handIn(s, d, receipt.ID)
	return receipt, err
}

// takeAnswers puts what the form says into the draft. A written answer goes
// before a chosen one; an empty one leaves the question open.
func (p *pages) takeAnswers(d *draft, form url.Values) error {
	for _, key := range form["forget"] {
		delete(d.says.answers, key)
	}
	for name, values := range form {
		kind, key, ok := strings.Cut(name, ":")
		if !ok || kind != "choose" && kind != "write" || len(values) == 0 {
			continue
		}
		answer := strings.TrimSpace(form.Get("write:" + key))
		if answer == "" {
			answer = strings.TrimSpace(form.Get("choose:" + key))
		}
		switch {
		case answer != "":
			d.says.answers[key] = answer
		case !slices.Contains(form["forget"], key):
			delete(d.says.answers, key)
		}
	}
	if form.Has("correction") {
		c, _ := schema.ParseCorrection(form.Get("correction"))
		d.says.correction = c
	}
	if form.Has("note") {
		d.says.note = strings.TrimSpace(form.Get("note"))
	}
	var err error
	if form.Has("published") {
		if d.says.published, err = dayOf(form.Get("published")); err != nil {
			return err
		}
	}
	if form.Has("release_at") {
		d.says.release, err = p.momentOf(form.Get("release_at"))
	}
	return err
}

// resume opens a receipt's kept bytes as a draft, so that questions about a
// file that came another way can be answered without sending it again.
func (p *pages) resume(w http.ResponseWriter, r *http.Request, s *session) error {
	rc, err := p.receiptOf(r, s)
	if err != nil {
		return err
	}
	body, err := p.Desk.Snapshot(r.Context(), rc.Snapshot)
	if err != nil {
		return fmt.Errorf("opening the bytes of %s: %w", rc.ID, err)
	}
	d, err := newDraft(p.Temp, body, p.MaxBytes)
	if cerr := body.Close(); err == nil && cerr != nil {
		d.remove()
		err = cerr
	}
	if err != nil {
		return err
	}
	d.feed, d.name, d.made = rc.Feed, rc.File, p.Now()
	for _, a := range rc.Answers {
		if !a.Remembered {
			d.says.answers[a.Key] = a.Value
		}
	}
	d.says.correction = rc.Correction
	if err := p.sessions.keep(s, d); err != nil {
		d.remove()
		return p.noRoom(err)
	}
	return see(w, r, "/upload/files/"+d.id)
}

// attachDraft ties the evidence that came with typed figures to their receipt.
func (p *pages) attachDraft(ctx context.Context, s *session, receipt string, d *draft) (err error) {
	file, body, err := d.file(s.who.Name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, body.Close()) }()
	return p.keepAttachment(ctx, s, receipt, desk.Evidence, d.name, file.Body)
}

func (p *pages) keepAttachment(ctx context.Context, s *session, receipt, what, name string, body io.Reader) error {
	if _, err := p.Desk.Attach(ctx, s.who.Identity, receipt, what, name, body); err != nil {
		return fmt.Errorf("attaching %s to %s: %w", name, receipt, err)
	}
	return nil
}

// labelOf is how a candidate of a question is shown.
func labelOf(candidate string) schema.Text {
	if c, ok := schema.ParseCorrection(candidate); ok {
		return c.Label()
	}
	if id := "upload-candidate-" + candidate; words.Has(id) {
		return words.Say(id)
	}
	return schema.Same(candidate)
}

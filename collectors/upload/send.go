package upload

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"yardstick/collectors/pipeline"
	"yardstick/collectors/secrecy"
	"yardstick/schema"
	"yardstick/schema/whole"
	"yardstick/schema/words"
)

// sendView is the page to hand a file in.
type sendView struct {
	*frame
	Feeds  []schema.FeedState
	Chosen string
	Drafts []*draft
	Limit  string
}

// home is the page to hand a file in, or to sign in.
func (p *Pages) home(w http.ResponseWriter, r *http.Request, s *session) error {
	if s == nil {
		return p.askToSignIn(w, r, http.StatusOK, "")
	}
	feeds, err := p.mine(r.Context(), s)
	if err != nil {
		return err
	}
	view := sendView{p.titled(r, s, "send", "upload-title"), feeds, r.URL.Query().Get("feed"), p.sessions.list(s), fmt.Sprintf("%d MiB", mostBytes>>20)}
	if len(feeds) == 1 {
		view.Chosen = feeds[0].Name
	}
	return p.show(w, http.StatusOK, "send", view)
}

// mine are the feeds that the session's token may use.
func (p *Pages) mine(ctx context.Context, s *session) ([]schema.FeedState, error) {
	feeds, err := p.Desk.Taking(ctx)
	if err != nil {
		return nil, fmt.Errorf("listing the feeds: %w", err)
	}
	return slices.DeleteFunc(feeds, func(f schema.FeedState) bool { return !s.who.Uses(f.Feed) }), nil
}

// own finds one of the session's feeds.
func (p *Pages) own(ctx context.Context, s *session, name string) (schema.FeedState, error) {
	feeds, err := p.mine(ctx, s)
	i := slices.IndexFunc(feeds, func(f schema.FeedState) bool { return f.Name == name })
	switch {
	case err != nil:
		return schema.FeedState{}, err
	case i >= 0:
		return feeds[i], nil
	case name == "":
		return schema.FeedState{}, bad("upload-choose-feed")
	}
	return schema.FeedState{}, fault(http.StatusForbidden, "upload-forbidden", "feed", name)
}

// receiveFile keeps a file for preview and shows it.
func (p *Pages) receiveFile(w http.ResponseWriter, r *http.Request, s *session, fields map[string]string, d *draft) error {
	feed, err := p.own(r.Context(), s, fields["feed"])
	switch {
	case err != nil:
		return err
	case d == nil:
		return bad("upload-no-file-chosen")
	}
	d.Feed.Name = feed.Name
	for _, name := range []string{"published", "release_at", "note"} {
		if err := state(&d.Submission, p.Location, name, strings.TrimSpace(fields[name])); err != nil {
			return err
		}
	}
	return p.shown(w, r, s, d)
}

// draft is a file under preview, or typed figures, with what is said beside it:
// sent once, kept until it is handed in, given up, or its session ends.
type draft struct {
	pipeline.Submission // without its body
	ID                  string
	Made                time.Time
	Evidence            *draft // that came with typed figures

	file  *whole.Spooled
	size  int64
	kept  bool                       // by its session
	mu    sync.Mutex                 // one look or hand-in at a time
	asked map[string]schema.Question // so far, by key: an answered one is shown with its answer
}

// remove lets go of the file, which has no name and is gone with it.
func (d *draft) remove() {
	_ = d.file.Close() // only read since it was filled
	if d.Evidence != nil {
		d.Evidence.remove()
	}
}

// opened hands the draft to do as a file to look at or hand in.
func (d *draft) opened(do func(pipeline.Submission) error) error {
	s := d.Submission
	s.Body = io.NewSectionReader(d.file, 0, d.file.Size())
	return do(s)
}

// draft keeps a body for who sent it, unless it must not be here at all.
func (p *Pages) draft(r *http.Request, s *session, feed, name string, body io.Reader) (*draft, error) {
	f, err := whole.Spool(r.Context(), p.Temp, "yardstick-draft-*", body, mostBytes)
	if err != nil {
		return nil, broken(err, mostBytes)
	}
	found, err := secrecy.Look(r.Context(), f, name)
	var told *words.Error
	if errors.As(secrecy.Refusal(found), &told) {
		err = faultSaying(http.StatusUnprocessableEntity, told.Text)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	d := &draft{ID: secret(), Made: p.Now(), file: f, size: f.Size()}
	d.Feed.Name, d.Name, d.Actor, d.Answers = feed, name, s.who.Name, map[string]string{}
	return d, nil
}

// shown keeps a draft with its session and leads to its preview.
func (p *Pages) shown(w http.ResponseWriter, r *http.Request, s *session, d *draft) error {
	if err := p.sessions.keep(s, d); err != nil {
		d.remove()
		return err
	}
	d.kept = true
	return see(w, r, "/upload/files/"+d.ID)
}

// sent serves what came in a form of several parts, with one file at most, which
// is removed unless it was kept.
func (p *Pages) sent(serve func(w http.ResponseWriter, r *http.Request, s *session, fields map[string]string, d *draft) error) page {
	return func(w http.ResponseWriter, r *http.Request, s *session) error {
		fields, d, err := p.readForm(w, r, s)
		defer func() {
			if d != nil && !d.kept {
				d.remove()
			}
		}()
		if err != nil {
			return err
		}
		return serve(w, r, s, fields, d)
	}
}

// readForm reads such a form. The session's token stands before the file, so that
// nothing is kept for a form of others.
func (p *Pages) readForm(w http.ResponseWriter, r *http.Request, s *session) (fields map[string]string, d *draft, err error) {
	r.Body = http.MaxBytesReader(w, r.Body, mostBytes+1<<20)
	fields = map[string]string{}
	for part, err := range parts(r, mostBytes) {
		if err != nil {
			return nil, d, err
		}
		name := fileName(part)
		switch {
		case name == "" && part.FormName() != "file":
			fields[part.FormName()], err = text(part, mostBytes)
		case !carries(fields["csrf"], s.csrf):
			err = forged()
		case name == "": // no file was chosen
		case d != nil:
			err = bad("upload-two-files")
		default:
			d, err = p.draft(r, s, "", name, part)
		}
		if err != nil {
			return nil, d, err
		}
	}
	if !carries(fields["csrf"], s.csrf) {
		return nil, d, forged()
	}
	return fields, d, nil
}

// fileName is the name of a part's file, without the folders that some
// browsers send.
func fileName(part *multipart.Part) string {
	name := part.FileName()
	if name == "" {
		return ""
	}
	return filepath.Base(strings.ReplaceAll(name, `\`, "/"))
}

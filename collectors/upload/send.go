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
	"time"

	"yardstick/schema"
	"yardstick/schema/words"
)

// sendView is the page to hand a file in.
type sendView struct {
	*frame
	Feeds  []schema.FeedState
	Chosen string
	Drafts []draftRow
	Limit  string
}

type draftRow struct{ Href, Name, Feed, Made string }

// home is the page to hand a file in, or to sign in.
func (p *pages) home(w http.ResponseWriter, r *http.Request, s *session) error {
	if s == nil {
		return p.askToSignIn(w, r, http.StatusOK, "")
	}
	f := p.newFrame(r, s)
	f.Heading, f.Tab = f.T("upload-title"), "send"
	feeds, err := p.mine(r.Context(), s)
	if err != nil {
		return err
	}
	view := sendView{frame: f, Feeds: feeds, Chosen: r.URL.Query().Get("feed"), Limit: fmt.Sprintf("%d MiB", p.MaxBytes>>20)}
	if len(feeds) == 1 {
		view.Chosen = feeds[0].Name
	}
	for _, d := range p.sessions.list(s) {
		view.Drafts = append(view.Drafts, draftRow{f.Link("/upload/files/" + d.id), d.name, d.feed, f.Time(d.made)})
	}
	return p.show(w, http.StatusOK, "send", view)
}

// mine are the feeds that the session's token may use.
func (p *pages) mine(ctx context.Context, s *session) ([]schema.FeedState, error) {
	feeds, err := p.Desk.Taking(ctx)
	if err != nil {
		return nil, fmt.Errorf("listing the feeds: %w", err)
	}
	return slices.DeleteFunc(feeds, func(f schema.FeedState) bool { return !s.who.Uses(f.Feed) }), nil
}

// own finds one of the session's feeds.
func (p *pages) own(ctx context.Context, s *session, name string) (schema.FeedState, error) {
	feeds, err := p.mine(ctx, s)
	if err != nil {
		return schema.FeedState{}, err
	}
	for _, f := range feeds {
		if f.Name == name {
			return f, nil
		}
	}
	if name == "" {
		return schema.FeedState{}, bad("upload-choose-feed")
	}
	return schema.FeedState{}, fault(http.StatusForbidden, "upload-forbidden-title", words.Say("upload-forbidden", "feed", name))
}

// receiveFile keeps a file for preview and shows it.
func (p *pages) receiveFile(w http.ResponseWriter, r *http.Request, s *session) error {
	fields, d, err := p.readForm(w, r, s)
	if err != nil {
		return err
	}
	keep := false
	defer func() {
		if d != nil && !keep {
			d.remove()
		}
	}()
	feed, err := p.own(r.Context(), s, fields["feed"])
	switch {
	case err != nil:
		return err
	case d == nil || d.name == "":
		return bad("upload-no-file-chosen")
	}
	d.feed = feed.Name
	if d.says.published, err = dayOf(fields["published"]); err != nil {
		return err
	}
	if d.says.release, err = p.momentOf(fields["release_at"]); err != nil {
		return err
	}
	d.says.note = strings.TrimSpace(fields["note"])
	if err := p.sessions.keep(s, d); err != nil {
		return p.noRoom(err)
	}
	keep = true
	return see(w, r, "/upload/files/"+d.id)
}

func (p *pages) noRoom(err error) error {
	if errors.Is(err, errFull) {
		return fault(http.StatusServiceUnavailable, "upload-full-title", words.Say("upload-full"))
	}
	return err
}

// readForm reads a multipart form with one file at most. The session's token
// stands before the file, so that nothing is kept for a form of others.
func (p *pages) readForm(w http.ResponseWriter, r *http.Request, s *session) (fields map[string]string, d *draft, err error) {
	defer func() {
		if err != nil && d != nil {
			d.remove()
			d = nil
		}
	}()
	r.Body = http.MaxBytesReader(w, r.Body, p.MaxBytes+1<<20)
	if !isMultipart(r) {
		return nil, nil, bad("upload-broken")
	}
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, nil, bad("upload-broken")
	}
	fields = map[string]string{}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fields, d, broken(err, p.MaxBytes)
		}
		if fileName(part) == "" && part.FormName() != "file" {
			value, err := io.ReadAll(io.LimitReader(part, 64<<10))
			if err != nil {
				return fields, d, broken(err, p.MaxBytes)
			}
			fields[part.FormName()] = string(value)
			continue
		}
		switch {
		case !carries(fields["csrf"], s.csrf):
			return fields, d, forged()
		case fileName(part) == "":
			continue // no file was chosen
		case d != nil:
			return fields, d, bad("upload-two-files")
		}
		if d, err = newDraft(p.Temp, part, p.MaxBytes); err != nil {
			return fields, d, broken(err, p.MaxBytes)
		}
		if d.size > p.MaxBytes {
			return fields, d, tooLarge(p.MaxBytes)
		}
		d.name, d.made = fileName(part), p.Now()
	}
	if !carries(fields["csrf"], s.csrf) {
		return fields, d, forged()
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

func dayOf(written string) (*schema.Date, error) {
	if written = strings.TrimSpace(written); written == "" {
		return nil, nil
	}
	d, err := schema.ParseDate(written)
	if err != nil {
		return nil, bad("upload-published", "written", written)
	}
	return &d, nil
}

// momentOf reads the end of an embargo as browsers and people write it, in the
// house's zone where it names none; a day alone means its beginning.
func (p *pages) momentOf(written string) (time.Time, error) { return moment(written, p.Location) }

func moment(written string, zone *time.Location) (time.Time, error) {
	written = strings.TrimSpace(written)
	if written == "" {
		return time.Time{}, nil
	}
	for _, form := range []string{time.RFC3339, "2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-02 15:04", time.DateOnly} {
		if t, err := time.ParseInLocation(form, written, zone); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, bad("upload-release", "written", written)
}

package upload

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"yardstick/schema"
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

package app

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"yardstick/cmd/yardstick/app/access"
	"yardstick/collectors/pipeline"
	"yardstick/collectors/upload"
	"yardstick/dashboards/web"
	"yardstick/schema"
	"yardstick/schema/clickhouse"
	"yardstick/schema/engine"
	"yardstick/schema/words"
)

// newUpload is the API and the pages that figures are handed in by.
func (s *server) newUpload(site *web.Site) (api http.Handler, pages *upload.Pages, err error) {
	tokens, shown, err := s.tokens()
	if err != nil {
		return nil, nil, err
	}
	offices := map[string]string{}
	for _, f := range s.cfg.Feeds {
		offices[f.Name] = f.Office
	}
	at := window{s.desk}
	api, err = upload.New(upload.Config{Log: s.r.log, Tokens: tokens, Offices: offices, Zone: s.loc}, at)
	if err != nil {
		return nil, nil, &exitError{exitUsage, err}
	}
	pages, err = upload.NewPages(site, upload.PageOptions{Register: s.register, Hall: at, Owners: at, Tokens: tokens, Shown: shown,
		Address: s.cfg.ExternalURL, Temp: s.cfg.path("state", "previews"), Now: s.r.now})
	if err != nil {
		return nil, nil, fmt.Errorf("making the upload pages: %w", err)
	}
	return api, pages, nil
}

// tokens are those of the configuration. A demonstration that nobody else can
// reach has two more, which its sign-in page shows.
func (s *server) tokens() (all []upload.Token, shown []string, err error) {
	for _, t := range s.cfg.Tokens {
		digest := t.SHA256
		if t.File != "" {
			secret, err := secretFile(t.File)
			if err != nil {
				return nil, nil, err
			}
			digest = digestOf(secret)
		}
		all = append(all, upload.Token{Name: t.Name, SHA256: digest, Feeds: t.Feeds, Office: t.Office, Reviewer: t.Role == access.Reviewer})
	}
	if s.cmd.Demo && engine.CheckListen(s.cmd.Listen, false) == nil {
		shown = []string{"demo", "demo-reviewer"}
		all = append(all, upload.Token{Name: "demo", SHA256: digestOf(shown[0])}, upload.Token{Name: "demo-reviewer", SHA256: digestOf(shown[1]), Reviewer: true})
	}
	return all, shown, nil
}

func digestOf(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// window is the desk as uploads see it.
type window struct{ *desk }

// identity is whom a token of the pages stands for.
func identity(t upload.Token) access.Identity {
	id := access.Identity{Name: t.Name, Office: t.Office, Feeds: t.Feeds, Role: access.Reporter}
	if t.Reviewer {
		id.Role = access.Reviewer
	}
	return id
}

// HasFeed reports whether the feed is configured.
func (w window) HasFeed(name string) bool {
	_, err := w.house.feedOf(name)
	return err == nil
}

func (w window) submission(f upload.File) (pipeline.Submission, error) {
	feed, err := w.house.feedOf(f.Feed)
	if err != nil {
		return pipeline.Submission{}, err
	}
	config := feed.config()
	config.Hand = config.Hand || f.Single
	return pipeline.Submission{Feed: config, Name: f.Name, Body: f.Body, Actor: f.Actor, Published: f.Published, Answers: f.Answers,
		AcceptValid: f.AcceptValid, Reason: f.Note, Correction: f.Correction, ReleaseAt: f.ReleaseAt}, nil
}

// Submit takes an uploaded file in.
func (w window) Submit(ctx context.Context, f upload.File) (schema.Receipt, error) {
	s, err := w.submission(f)
	if err != nil {
		return schema.Receipt{}, err
	}
	return w.submit(ctx, s)
}

// Look shows what would become of a file.
func (w window) Look(ctx context.Context, f upload.File) (pipeline.Look, error) {
	s, err := w.submission(f)
	if err != nil {
		return pipeline.Look{}, err
	}
	return w.house.pipe.Look(ctx, s)
}

// Receipt gives a receipt in its present state.
func (w window) Receipt(ctx context.Context, id string) (schema.Receipt, bool, error) {
	return w.house.store.Receipt(ctx, id)
}

// Receipts are a feed's latest.
func (w window) Receipts(ctx context.Context, feed string, limit int) ([]schema.Receipt, error) {
	return w.house.store.Receipts(ctx, feed, limit)
}

// Life is what happened to a receipt.
func (w window) Life(ctx context.Context, id string) ([]schema.ReceiptEvent, error) {
	return w.house.store.Life(ctx, id)
}

// Feeds lists the configured feeds; without any, the one by hand.
func (w window) Feeds(ctx context.Context) ([]upload.Feed, error) {
	h := w.house
	states, err := h.store.FeedStates(ctx, h.today())
	if err != nil {
		return nil, err
	}
	feeds := h.cfg.Feeds
	if len(feeds) == 0 {
		feeds = []Feed{{Name: handFeed, Title: words.Say("upload-by-hand")}}
	}
	out := make([]upload.Feed, 0, len(feeds))
	for _, f := range feeds {
		s := states[f.Name]
		row := upload.Feed{Name: f.Name, Title: f.Title, Office: f.Office, Indicators: f.Indicators, Regions: f.Regions, Review: f.Review,
			LastSuccess: s.LastSuccess, Questions: s.Questions, Problems: s.Problems, Synthetic: f.Synthetic}
		for _, o := range h.cfg.Offices {
			if o.Name == f.Office {
				row.OfficeTitle, row.Contact = o.Title, o.Contact
			}
		}
		row.Due, row.DuePeriod = h.due(f, s)
		if f.Frequency != "" {
			row.Current = h.newestDue(f)
			row.CurrentCame = slices.Contains(s.Periods, row.Current.Last())
		}
		out = append(out, row)
	}
	return out, nil
}

// newestDue is the newest period of a feed that is due by today.
func (h *house) newestDue(f Feed) schema.Period {
	p := schema.PeriodOf(f.Frequency, h.today())
	for h.calendar.Due(f.Release, p).After(h.today()) {
		p = p.Prev()
	}
	return p
}

// Series are a feed's series with their last figures in force.
func (w window) Series(ctx context.Context, name string) ([]upload.Series, error) {
	h := w.house
	feed, err := h.feedOf(name)
	if err != nil {
		return nil, err
	}
	codes, places, err := w.scope(ctx, feed)
	if err != nil || len(codes) == 0 {
		return nil, err
	}
	held, err := h.store.Observations(ctx, clickhouse.Query{Indicators: codes, Regions: places, AsOf: h.today()})
	if err != nil {
		return nil, err
	}
	last := map[seriesKey]*schema.Observation{}
	for i := range held {
		k := seriesKey{Indicator: held[i].Indicator, Region: held[i].Region}
		if ind, ok := h.register.Indicators.ByCode(k.Indicator); ok && newer(ind, &held[i], last[k]) {
			last[k] = &held[i]
		}
	}
	if len(places) == 0 {
		places = []string{h.register.Policies[0].Region}
		for _, o := range held {
			if !slices.Contains(places, o.Region) {
				places = append(places, o.Region)
			}
		}
	}
	var out []upload.Series
	for _, code := range codes {
		ind, ok := h.register.Indicators.ByCode(code)
		if !ok || ind.Formula != nil {
			continue // computed, not reported
		}
		out = append(out, w.seriesOf(ind, places, last)...)
	}
	return out, nil
}

// seriesOf are an indicator's series: where there are figures, else in the
// first region.
func (w window) seriesOf(ind schema.Indicator, places []string, last map[seriesKey]*schema.Observation) (out []upload.Series) {
	for _, place := range places {
		if o := last[seriesKey{Indicator: ind.Code, Region: place}]; o != nil {
			region, _ := w.house.register.Regions.ByCode(place)
			out = append(out, upload.Series{Indicator: ind, Region: region, Last: o})
		}
	}
	if region, ok := w.house.register.Regions.ByCode(places[0]); len(out) == 0 && ok {
		out = append(out, upload.Series{Indicator: ind, Region: region})
	}
	return out
}

// newer reports whether o is the better last figure: of a later period, and of
// the same one in the indicator's own basis.
func newer(ind schema.Indicator, o, last *schema.Observation) bool {
	if last == nil {
		return true
	}
	if c := cmp.Compare(o.Period.Last().String(), last.Period.Last().String()); c != 0 {
		return c > 0
	}
	return o.Basis == ind.Basis && last.Basis != ind.Basis
}

// scope is the indicators and regions of a feed: those it may write, else those
// of its last delivery.
func (w window) scope(ctx context.Context, feed Feed) (codes, places []string, err error) {
	if len(feed.Indicators) > 0 {
		return feed.Indicators, feed.Regions, nil
	}
	last, ok, err := w.house.store.LastReceipt(ctx, feed.Name)
	if err != nil || !ok || last.Coverage == nil {
		return nil, nil, err
	}
	for _, s := range last.Coverage.Series {
		parts := strings.Fields(s)
		if len(parts) < 2 {
			continue
		}
		if !slices.Contains(codes, parts[0]) {
			codes = append(codes, parts[0])
		}
		if !slices.Contains(places, parts[1]) {
			places = append(places, parts[1])
		}
	}
	return codes, places, nil
}

// Snapshot opens kept bytes.
func (w window) Snapshot(_ context.Context, digest string) (io.ReadCloser, error) {
	snap, err := w.house.snapshots().Open(digest)
	if err != nil {
		return nil, err
	}
	return struct {
		io.Reader
		io.Closer
	}{io.NewSectionReader(snap, 0, snap.Size()), snap}, nil
}

// may tells the pages what is not permitted from what failed.
func may(err error) error {
	if errors.Is(err, access.ErrDenied) {
		return fmt.Errorf("%w: %w", upload.ErrForbidden, err)
	}
	return err
}

// Sealed gives a receipt with all it says, also while it waits.
func (w window) Sealed(ctx context.Context, who upload.Token, id string) (schema.Receipt, error) {
	r, err := w.house.sealed(ctx, identity(who), id)
	return r, may(err)
}

// Withdraw takes a receipt back for who may.
func (w window) Withdraw(ctx context.Context, who upload.Token, id, reason string) (schema.Receipt, error) {
	r, err := w.house.withdraw(ctx, identity(who), id, reason)
	return r, may(err)
}

// Review approves or rejects a pending receipt for who may.
func (w window) Review(ctx context.Context, who upload.Token, id string, approve bool, reason string) (schema.Receipt, error) {
	r, err := w.house.review(ctx, identity(who), id, approve, reason)
	return r, may(err)
}

// Lock locks the periods of a feed up to a day.
func (w window) Lock(ctx context.Context, who upload.Token, feed string, through schema.Date) error {
	_, err := w.house.lock(ctx, identity(who), feed, through)
	return may(err)
}

// Reopen opens a locked period again.
func (w window) Reopen(ctx context.Context, who upload.Token, feed, reason string, p schema.Period) error {
	_, err := w.house.reopen(ctx, identity(who), feed, p, reason)
	return may(err)
}

// Locks are the acts of locking and reopening.
func (w window) Locks(ctx context.Context) ([]schema.Act, error) { return w.house.locks(ctx) }

// Remembered are the answers remembered for a feed.
func (w window) Remembered(ctx context.Context, feed string) ([]schema.Act, error) {
	return w.house.store.Acts(ctx, schema.ActAnswer, feed)
}

// Attach keeps bytes and ties them to a receipt.
func (w window) Attach(ctx context.Context, who upload.Token, receipt, what, name string, body io.Reader) error {
	_, err := w.house.attach(ctx, identity(who), receipt, attachment{name, what, body})
	return may(err)
}

// Attachments are the files tied to a receipt.
func (w window) Attachments(ctx context.Context, receipt string) ([]upload.Attachment, error) {
	acts, err := w.house.store.Acts(ctx, schema.ActAttach, receipt)
	out := make([]upload.Attachment, 0, len(acts))
	for _, a := range acts {
		size, _ := strconv.ParseInt(a.Fields["bytes"], 10, 64) // written by us; 0 where an old hand wrote otherwise
		out = append(out, upload.Attachment{Actor: a.Actor, Name: a.Fields["name"], What: a.Fields["what"], SHA256: a.Fields["sha256"], Bytes: size, At: a.At})
	}
	return out, err
}

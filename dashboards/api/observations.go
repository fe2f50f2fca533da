package api

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"yardstick/dashboards/download"
	"yardstick/dashboards/web"
	"yardstick/schema"
	"yardstick/schema/words"
)

// Figures gives observations to those who take them away.
type Figures interface {
	// Stand is the number of the last act that readers see: it grows whenever a
	// receipt is accepted, withdrawn, released or reviewed.
	Stand(ctx context.Context) (uint64, error)
	// Extract gives the selected figures in order. give ends it with
	// download.ErrStop.
	Extract(ctx context.Context, e download.Extract, give func(schema.Observation) error) error
}

const (
	pageLimit       = 10_000 // rows of a page at most; without a limit all come in one answer
	downloadsAtOnce = 4
	downloadTime    = 10 * time.Minute // one download at most
	writeTime       = 30 * time.Second // for a reader to take what was written
)

// downloads answers web.ObservationsPath.
type downloads struct {
	*room
	tag   string        // of this process: what another one wrote may have had another form
	slots chan struct{} // one for each download under way
}

// wish is a request for observations, understood.
type wish struct {
	form
	selection download.Selection
	day       string // as_of as written
	stand     uint64
	after     *download.Place
}

func (d *downloads) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := d.serve(w, r); err != nil {
		d.site.Fail(w, r, err)
	}
}

func (d *downloads) serve(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	wish, err := d.understand(r, q)
	if err != nil {
		return err
	}
	stand, err := d.Figures.Stand(r.Context())
	if err != nil {
		return fmt.Errorf("reading what the store has seen: %w", err)
	}
	if err := d.resume(&wish, q.Get("cursor"), stand); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Cache-Control", "private, no-cache")
	h.Set("ETag", d.etag(wish))
	if web.Matches(r, strings.TrimPrefix(h.Get("ETag"), "W/")) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	select {
	case d.slots <- struct{}{}:
		defer func() { <-d.slots }()
	case <-r.Context().Done():
		return r.Context().Err()
	}
	out := &answer{ResponseWriter: w, ready: func() {
		h.Set("Content-Type", wish.format.MediaType())
		h.Set("Content-Disposition", download.Disposition(wish.fileName(d.site.Today())))
	}}
	head := r.Method == http.MethodHead
	if head && wish.limit == 0 {
		out.ready()
		return nil
	}
	ahead := bufio.NewWriterSize(out, aheadBytes)
	if head {
		ahead.Reset(io.Discard)
	}
	err = d.write(struct{ io.Writer }{ahead}, h, r, wish) // hidden, lest a format's own buffer be this one and flush it
	if err == nil && out.begun {
		err = ahead.Flush()
	}
	switch {
	case err != nil && out.begun:
		d.site.Logger.Warn("a download broke off", "path", r.URL.Path, "err", err)
		panic(http.ErrAbortHandler) // the reader must not take the part for the whole
	case err != nil:
		h.Del("ETag")
		return err
	case head:
		out.ready()
		return nil
	case !out.begun:
		h.Set("Content-Length", strconv.Itoa(ahead.Buffered()))
		_ = ahead.Flush() // a reader who went away is no fault of ours
	}
	return out.deadline(time.Time{}) // the connection's next request has its own time
}

// understand reads the parameters, of which the address is known to have no
// foreign one; as_of is today where none is given.
func (d *downloads) understand(r *http.Request, q url.Values) (w wish, err error) {
	asked := download.Asked{Indicators: q["indicator"], Regions: q["region"], From: q.Get("from"), To: q.Get("to"), AsOf: q.Get("as_of"),
		KnownAt: q.Get("known_at"), Vintages: q.Get("vintages")}
	w.selection, err = asked.Select(d.Register, d.site.Location, func(parameter string) string { return strings.ReplaceAll(parameter, "-", "_") })
	var said *words.Error
	if errors.As(err, &said) {
		return w, web.FaultOf(http.StatusBadRequest, said.Text)
	}
	if w.selection.AsOf, err = d.site.AsOf(q.Get("as_of")); err != nil {
		return w, err
	}
	if w.selection.AsOf.IsZero() {
		w.selection.AsOf = d.site.Today()
	}
	w.day = q.Get("as_of")
	if w.form, err = formOf(r, download.Formats()...); err == nil && q.Get("cursor") != "" && w.limit == 0 {
		err = web.Refuse(http.StatusBadRequest, "board-cursor-limit")
	}
	return w, err
}

// cursor is where a page ends: what was asked, how far acts were seen, and the
// last figure's place. Nothing in it is secret.
type cursor struct {
	Asked string         `json:"q"`
	Stand uint64         `json:"n"`
	AsOf  schema.Date    `json:"a"`
	Place download.Place `json:"w"`
}

// digest stands for what was asked, without the page. The day is as written: a
// reading that named none and goes on past midnight keeps the day it began on.
func (w wish) digest() string {
	s := w.selection
	text := fmt.Sprintf("%q %q %s %s %q %d %t", s.Indicators, s.Regions, s.From, s.To, w.day, s.KnownAt.UnixNano(), s.Vintages)
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:8])
}

// resume takes up a cursor: the same question, the same acts, the same day.
func (d *downloads) resume(w *wish, written string, stand uint64) error {
	w.stand = stand
	if written == "" {
		return nil
	}
	var c cursor
	if err := decode(written, &c); err != nil || c.Asked != w.digest() || c.Stand == 0 || c.Stand > stand || c.AsOf.After(w.selection.AsOf) {
		return web.Refuse(http.StatusBadRequest, "board-bad-cursor")
	}
	w.stand, w.selection.AsOf, w.after = c.Stand, c.AsOf, &c.Place
	return nil
}

// etag names the figures asked for as they stand: weakly, for the second sheet
// of a workbook tells when it was written.
func (d *downloads) etag(w wish) string {
	place := ""
	if w.after != nil {
		place = fmt.Sprintf("%+v", *w.after)
	}
	text := fmt.Sprintf("%s %d %s %s %s %t %s %d %s", d.tag, w.stand, w.digest(), w.selection.AsOf, w.format, w.people, w.lang, w.limit, place)
	sum := sha256.Sum256([]byte(text))
	return `W/"` + hex.EncodeToString(sum[:12]) + `"`
}

// fileName is what a browser saves the answer under.
func (w wish) fileName(today schema.Date) string {
	name := "yardstick"
	if len(w.selection.Indicators) == 1 {
		name += "-" + w.selection.Indicators[0]
	}
	day := w.selection.AsOf
	if day.IsZero() {
		day = today
	}
	return name + "-" + day.String() + w.format.Extension()
}

// write writes the figures: all as they come, or one page.
func (d *downloads) write(out io.Writer, h http.Header, r *http.Request, w wish) error {
	each := func(give func(schema.Observation) error) error {
		return d.Figures.Extract(r.Context(), download.Extract{Selection: w.selection, Stand: w.stand, After: w.after}, give)
	}
	if w.limit > 0 {
		var page []schema.Observation
		err := each(func(o schema.Observation) error {
			if page = append(page, o); len(page) > w.limit {
				return download.ErrStop
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("reading observations: %w", err)
		}
		if len(page) > w.limit {
			page = page[:w.limit]
			if err := linkNext(h, r, cursor{w.digest(), w.stand, w.selection.AsOf, download.PlaceOf(page[w.limit-1])}); err != nil {
				return err
			}
		}
		each = func(give func(schema.Observation) error) error {
			for _, o := range page {
				if err := give(o); err != nil {
					return err
				}
			}
			return nil
		}
	}
	_, err := download.Write(out, download.ObservationOptions{Format: w.format, People: w.people, Lang: w.lang, Register: d.Register,
		Selection: w.selection, Known: time.Now().In(d.site.Location)}, each)
	if errors.Is(err, download.ErrTooManyRows) {
		var said *words.Error
		if errors.As(err, &said) {
			return web.FaultOf(http.StatusBadRequest, said.Text)
		}
	}
	return err
}

// aheadBytes is the store before an answer: what fails before it is full is
// still told as a fault.
const aheadBytes = 1 << 16

// pieceBytes is what a reader must take in writeTime.
const pieceBytes = 4 << 10

// answer begins with the first bytes written. A reader who takes nothing for a
// while is left.
type answer struct {
	http.ResponseWriter
	ready func()
	begun bool
}

func (d *answer) Write(b []byte) (n int, err error) {
	if !d.begun {
		d.begun = true
		d.ready()
	}
	for piece := range slices.Chunk(b, pieceBytes) { // each has the time
		if err := d.deadline(time.Now().Add(writeTime)); err != nil {
			return n, err
		}
		m, err := d.ResponseWriter.Write(piece)
		if n += m; err != nil {
			return n, err
		}
	}
	return n, nil
}

func (d *answer) deadline(t time.Time) error {
	err := http.NewResponseController(d.ResponseWriter).SetWriteDeadline(t)
	if err != nil && !errors.Is(err, http.ErrNotSupported) {
		return fmt.Errorf("bounding the time to write: %w", err)
	}
	return nil
}

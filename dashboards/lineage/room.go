// Package lineage shows where a figure comes from and what was made of it: the
// cell it was read from, its receipt, its vintages, the verdicts that use it,
// and what the catalogue says of its indicator.
package lineage

import (
	"context"
	"embed"
	"errors"
	"net/http"
	"yardstick/dashboards/download"
	"yardstick/dashboards/web"
	"yardstick/schema"
	"yardstick/schema/targets"
)

// Reader is what the pages read beside what Tracer gives; asOf zero means the
// house's own today.
type Reader interface {
	// Verdicts are all policies' targets judged as of that day.
	Verdicts(ctx context.Context, asOf schema.Date) ([]schema.Verdict, error)
	// Receipt is one receipt; false when there is none of that id.
	Receipt(ctx context.Context, id string) (schema.Receipt, bool, error)
}

// Options are what the pages need to be built.
type Options struct {
	Register *targets.Register
	Reader   Reader
	Tracer   Tracer
	Figures  bool // the API gives observations, which an indicator's page leads to
}

type room struct {
	Options
	site  *web.Site
	pages *web.Pages
}

// Room is the pages of lineage, and what the API tells of it.
type Room struct {
	room *room
}

//go:embed templates/*.html
var files embed.FS

// New makes the room.
func New(site *web.Site, o Options) (*Room, error) {
	if o.Register == nil || o.Reader == nil || o.Tracer == nil {
		return nil, errors.New("lineage needs a register, a reader and a tracer")
	}
	pages, err := site.Pages(files, nil)
	if err != nil {
		return nil, err
	}
	pages.Take = download.TakeAway
	return &Room{&room{o, site, pages}}, nil
}

// Register adds the pages `/cells/…`, `/figures/…`, `/indicators` and `/receipts/…`.
func (r *Room) Register(mux *http.ServeMux) {
	b := r.room
	mux.Handle("/cells/{receipt}/{cell}", b.page(b.cellPage))
	mux.Handle("/figures/{indicator}/{region}/{basis}/{period}", b.page(b.figurePage))
	mux.Handle("/indicators", b.page(b.indicators))
	mux.Handle("/indicators/{code}", b.page(b.indicator))
	mux.Handle("/receipts/{id}", b.page(b.receipt))
}

// Answer is the lineage that a request to the API asks for.
func (r *Room) Answer(req *http.Request) (any, error) { return r.room.answer(req) }

// frame is a page's frame with what these pages say in it.
type frame struct{ *web.Frame }

// page turns a function that fills a view into a handler.
func (b *room) page(fill func(*frame, *http.Request) (name string, view any, err error)) http.Handler {
	return b.pages.Page(func(f *web.Frame, r *http.Request) (string, any, error) { return fill(&frame{f}, r) })
}

// sayBeside is the frame's SayBeside with the verdicts of the page's day. Where
// they cannot be read nothing is said of what stands beside.
func (b *room) sayBeside(f *frame, r *http.Request, synthetic bool, id string) {
	verdicts, err := b.Reader.Verdicts(r.Context(), f.Asked)
	if err != nil {
		b.site.Logger.Warn("the verdicts could not be read for the banner", "path", r.URL.Path, "err", err)
	}
	f.SayBeside(synthetic, id, verdicts)
}

// Package board is the built-in board: what a leader asks, answered on pages
// that need neither Grafana nor JavaScript. It judges nothing; it shows the
// verdicts it is given, digit for digit, Chinese first, English at a switch.
package board

import (
	"context"
	"embed"
	"errors"
	"net/http"

	"yardstick/dashboards/download"
	"yardstick/dashboards/show"
	"yardstick/dashboards/web"
	"yardstick/schema"
	"yardstick/schema/targets"
)

// Options are what the board needs to be built.
type Options struct {
	Register   *targets.Register
	Reader     show.Reader
	Statements show.Statements // what owners say of their targets; nil: nothing is shown
	History    History         // of verdicts; nil: there is none
	Meetings   []schema.Date   // days the targets were gone through at, for comparisons
}

type board struct {
	Options
	site  *web.Site
	pages *web.Pages
}

//go:embed templates/*.html
var files embed.FS

// New is the board as a handler for `/`, `/lagging`, `/limits`, `/targets/…`, `/feeds`, `/scorecard`, `/board/…` (the site's assets), and what beside registers:
// every other path is answered with its page for what was not found.
func New(site *web.Site, o Options, beside ...func(*http.ServeMux)) (http.Handler, error) {
	b, err := open(site, o)
	if err != nil {
		return nil, err
	}
	mux := b.routes()
	for _, register := range beside {
		register(mux)
	}
	return site.Guard(mux, nil), nil
}

func open(site *web.Site, o Options) (*board, error) {
	if o.Register == nil || o.Reader == nil {
		return nil, errors.New("the board needs a register and a reader")
	}
	pages, err := site.Pages(files, nil)
	if err != nil {
		return nil, err
	}
	pages.Take = download.TakeAway
	return &board{o, site, pages}, nil
}

// leaf is a page of the board: where it is, what names it in the navigation, if
// it stands there, and what fills it.
type leaf struct {
	web.Entry
	fill func(*frame, *http.Request) (name string, view any, err error)
}

// leaves are the board's pages in the order of the navigation. A page that is
// added has its line here, its handler and its template.
func (b *board) leaves() []leaf {
	return []leaf{
		{web.Entry{ID: "overview", Path: "/", Title: "board-nav-overview", Desk: true}, b.overview},
		{web.Entry{ID: "lagging", Path: "/lagging", Title: "board-nav-lagging"}, b.lagging},
		{web.Entry{ID: "districts", Path: "/districts", Title: "board-nav-districts"}, nil}, // a room of its own
		{web.Entry{ID: "limits", Path: "/limits", Title: "board-nav-limits"}, b.limits},
		{web.Entry{ID: "measures", Path: "/#measures", Title: "board-nav-measures"}, nil}, // a part of the overview
		{web.Entry{ID: "feeds", Path: "/feeds", Title: "board-nav-feeds", Desk: true}, b.feeds},
		{web.Entry{ID: "scorecard", Path: "/scorecard", Title: "board-nav-scorecard"}, b.scorecard},
		{web.Entry{Path: "/targets/{policy}/{target}"}, b.target},
	}
}

// Entries are the board's pages in the navigation.
func Entries() (out []web.Entry) {
	for _, p := range (*board)(nil).leaves() {
		if p.Title != "" {
			out = append(out, p.Entry)
		}
	}
	return out
}

func (b *board) routes() *http.ServeMux {
	mux := http.NewServeMux()
	for _, p := range b.leaves() {
		switch {
		case p.fill == nil:
		case p.Path == "/":
			mux.Handle("/{$}", b.page(p.fill))
		default:
			mux.Handle(p.Path, b.page(p.fill))
		}
	}
	b.site.Mount(mux)
	mux.Handle("/", b.page(func(*frame, *http.Request) (string, any, error) {
		return "", nil, web.Refuse(http.StatusNotFound, "board-no-page")
	}))
	return mux
}

// verdicts are the policy's, one a target for the target's own region, worst
// first. A target without one yet has a verdict that says so.
func (b *board) verdicts(ctx context.Context, p schema.Policy, asOf schema.Date) ([]schema.Verdict, error) {
	all, err := b.Reader.Verdicts(ctx, asOf)
	if err != nil {
		return nil, err
	}
	return show.Verdicts(p, all, asOf), nil
}

// frame is a page's frame with what the board's pages know beside it.
type frame struct {
	*web.Frame
	meetings []schema.Date
	waits    map[schema.SeriesKey]bool // series that a file to be confirmed has; without a region: everywhere
}

// page turns a function that fills a view into a handler.
func (b *board) page(fill func(*frame, *http.Request) (name string, view any, err error)) http.Handler {
	return b.pages.Page(func(f *web.Frame, r *http.Request) (string, any, error) {
		return fill(&frame{Frame: f, meetings: b.Meetings}, r)
	})
}

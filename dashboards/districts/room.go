package districts

import (
	"context"
	"embed"
	"net/http"

	"yardstick/comparator"
	"yardstick/dashboards/download"
	"yardstick/dashboards/web"
	"yardstick/schema"
	"yardstick/schema/targets"
)

// Reader is what the page reads; asOf zero means the house's own today.
type Reader interface {
	// Verdicts are all policies' targets judged as of that day.
	Verdicts(ctx context.Context, asOf schema.Date) ([]schema.Verdict, error)
	// Series are the figures in force as of that day, by period, of all series
	// asked for at once.
	Series(ctx context.Context, asOf schema.Date, keys []schema.SeriesKey) (map[schema.SeriesKey][]schema.Observation, error)
	// Case is what the verdict on a target for its own region was made from;
	// false when there is none.
	Case(ctx context.Context, asOf schema.Date, policy, target string) (comparator.Case, bool, error)
	// Parts are the parts of the region of a case beside it.
	Parts(ctx context.Context, c comparator.Case) (comparator.Parts, error)
}

// Room is the page with what it reads.
type Room struct {
	Register *targets.Register
	Reader   Reader
	pages    *web.Pages
}

//go:embed templates/*.html
var files embed.FS

// New makes the room.
func New(site *web.Site, register *targets.Register, reader Reader) (*Room, error) {
	pages, err := site.Pages(files, nil)
	if err != nil {
		return nil, err
	}
	pages.Take = download.TakeAway
	return &Room{register, reader, pages}, nil
}

// Path is where the page is.
const Path = "/districts"

// Handle adds the page.
func (b *Room) Handle(mux *http.ServeMux) { mux.Handle(Path, b.pages.Page(b.page)) }

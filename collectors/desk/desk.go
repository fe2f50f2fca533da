// Package desk is what people and programs do with figures: they hand them in,
// answer what is asked, mend, review, withdraw, lock, attach and state; and it
// collects what feeds leave by themselves. Who may do what is access's.
package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"yardstick/collectors/pipeline"
	"yardstick/collectors/schedule"
	"yardstick/collectors/source"
	"yardstick/collectors/table"
	"yardstick/comparator/docket"
	"yardstick/schema"
	"yardstick/schema/clickhouse"
	"yardstick/schema/words"
)

// ErrMisuse is wrapped by a refusal of what cannot be meant; the error around it
// is a *words.Error that says why.
var ErrMisuse = errors.New("cannot be meant")

// ErrNoTarget is wrapped by a refusal of a target that is in no register.
var ErrNoTarget = errors.New("no such target")

func misuse(id string, args ...any) error { return words.Fail(ErrMisuse, id, args...) }

// Options are what a desk works with.
type Options struct {
	Docket    *docket.Docket
	Feeds     []schema.Feed
	Offices   []schema.Office
	Data      string           // the folder with what is kept beside the store
	Zone      string           // time zone of schedules that name none
	Real      func() time.Time // the real clock, which embargoes end by; the docket's may be pinned
	Synthetic bool             // what is stated here is a demonstration's
	Log       *slog.Logger
	// OnReceipt is told every receipt that this process made, and how long it
	// took; nil: nobody is, and none is logged.
	OnReceipt func(schema.Receipt, time.Duration)
}

// Desk deals with files and figures. It is safe for concurrent use.
type Desk struct {
	*clickhouse.Store // what may be read is read from it
	o                 Options
	// OnChange is told why to compare; nil: it is compared at once.
	OnChange func(cause string)

	waits   chan struct{} // a receipt waits for its release; holds one
	docket  *docket.Docket
	cron    *schedule.Scheduler // nil: nothing is collected
	pipe    *pipeline.Pipeline  // on the docket's clock
	real    *pipeline.Pipeline  // on the real clock, for files that the program brings along
	stating sync.Mutex          // statements are written down one after the other
	traces  traces
}

// New makes a desk. Nothing is collected before Collect.
func New(o Options) *Desk {
	d := &Desk{Store: o.Docket.Store, o: o, docket: o.Docket, waits: make(chan struct{}, 1), traces: traces{bytes: semaphore.NewWeighted(mostTraced), kept: map[string]schema.CellTable{}}}
	var told func(schema.Receipt, time.Duration)
	if o.OnReceipt != nil {
		told = d.received
	}
	d.pipe = d.pipeline(o.Docket.Now, told)
	d.real = d.pipeline(o.Real, o.OnReceipt) // many at once: counted, not logged one by one
	return d
}

// pipeline makes the way from bytes to receipt by a clock.
func (d *Desk) pipeline(now func() time.Time, told func(schema.Receipt, time.Duration)) *pipeline.Pipeline {
	o := pipeline.Options{Register: d.docket.Register, Snapshots: d.snapshots(), Zone: d.docket.Location, Now: now, Log: d.o.Log, OnReceipt: told}
	if d.Store != nil {
		o.Store = d.Store
	}
	return pipeline.New(o)
}

// received counts a receipt and says it in the log.
func (d *Desk) received(r schema.Receipt, took time.Duration) {
	d.o.OnReceipt(r, took)
	level := slog.LevelInfo
	if r.Status == schema.Refused || r.Status == schema.Failed || r.Status == schema.Asked {
		level = slog.LevelWarn
	}
	d.o.Log.Log(context.Background(), level, "receipt", "feed", r.Feed, "receipt", r.ID, "file", r.File, "status", r.Status,
		"accepted", r.Accepted, "revised", r.Revised, "unchanged", r.UnchangedN, "problems", len(r.Problems), "questions", len(r.Questions))
}

// Location is where the days begin and end.
func (d *Desk) Location() *time.Location { return d.docket.Location }

// path names something in the data folder.
func (d *Desk) path(parts ...string) string {
	return filepath.Join(append([]string{d.o.Data}, parts...)...)
}

// snapshots is where bytes are kept as received.
func (d *Desk) snapshots() source.Snapshots { return source.Snapshots{Dir: d.path("snapshots")} }

// Compare has the targets judged as of today, and keeps what changed and what
// every feed had delivered and owed.
func (d *Desk) Compare(ctx context.Context, cause string) (docket.Compared, error) {
	c, err := d.docket.Compare(ctx, cause)
	if err != nil {
		return c, err
	}
	feeds, err := d.feedsOn(ctx, c.AsOf)
	if err != nil {
		return c, err
	}
	return c, d.Store.SaveDeliveries(ctx, c.At, c.AsOf, feeds)
}

// Changed compares, or tells who does that by itself.
func (d *Desk) Changed(ctx context.Context, cause string) error {
	if d.OnChange != nil {
		d.OnChange(cause)
		return nil
	}
	if err := d.SaveRegisters(ctx); err != nil {
		return err
	}
	c, err := d.Compare(ctx, cause)
	if err == nil {
		err = d.docket.TellHistory(ctx, c.At)
	}
	return err
}

// after compares when a receipt came into force or left it, and sees to the
// next release when it goes on waiting.
func (d *Desk) after(ctx context.Context, r schema.Receipt, cause string) error {
	switch {
	case r.Status == schema.Pending:
		select {
		case d.waits <- struct{}{}:
		default: // whoever releases is about to look
		}
	case r.Status.Counts() || r.Status == schema.Withdrawn:
		return d.Changed(ctx, cause)
	}
	return nil
}

func causeOf(r schema.Receipt) string {
	if r.Accepted == 0 && r.Revised > 0 {
		return schema.CauseRevision
	}
	return schema.CauseFigure
}

// SaveRegisters keeps the registers whole and writes them into the store for
// readers of SQL, unless it holds the same already.
func (d *Desk) SaveRegisters(ctx context.Context) error {
	if err := d.docket.KeepRegisters(ctx); err != nil {
		return err
	}
	all := d.docket.Register
	dims := clickhouse.Dimensions{Policies: all.Policies, Indicators: all.Indicators.All(), Regions: all.Regions.All(), Feeds: d.Configured()}
	text, err := json.Marshal(dims)
	if err != nil {
		return fmt.Errorf("digesting the registers: %w", err)
	}
	sum := sha256.Sum256(text)
	dims.Digest = hex.EncodeToString(sum[:])
	return d.Store.SaveDimensions(ctx, dims)
}

// Submit takes a file in for a feed that need only be named. The receipt says
// what became of it; an error is the machine's.
func (d *Desk) Submit(ctx context.Context, s pipeline.Submission) (schema.Receipt, error) {
	s, err := d.agreed(s)
	if err != nil {
		return schema.Receipt{}, err
	}
	receipt, err := d.pipe.Run(ctx, s)
	if err != nil {
		return receipt, err
	}
	return receipt, d.after(ctx, receipt, causeOf(receipt))
}

// Load takes in a file that the program brings along, by the real clock. It does
// not compare.
func (d *Desk) Load(ctx context.Context, s pipeline.Submission) (schema.Receipt, error) {
	return d.real.Run(ctx, s)
}

// Look shows what would become of a file; nothing is stored.
func (d *Desk) Look(ctx context.Context, s pipeline.Submission) (pipeline.Look, error) {
	s, err := d.agreed(s)
	if err != nil {
		return pipeline.Look{}, err
	}
	return d.pipe.Look(ctx, s)
}

// Preview reads and checks a file and stores nothing. One without a feed is
// judged by its reading alone.
func (d *Desk) Preview(ctx context.Context, s pipeline.Submission) (pipeline.Preview, error) {
	s, err := d.previewed(s)
	if err != nil {
		return pipeline.Preview{}, err
	}
	return d.pipe.Preview(ctx, s)
}

// Tables gives a file's tables as read, before any interpretation; done ends the
// reading.
func (d *Desk) Tables(ctx context.Context, s pipeline.Submission) (file *table.File, problems []schema.Problem, done func() error, err error) {
	if s, err = d.previewed(s); err != nil {
		return nil, nil, nil, err
	}
	return d.pipe.Table(ctx, s)
}

func (d *Desk) previewed(s pipeline.Submission) (pipeline.Submission, error) {
	if s.Feed.Name == "" {
		return s, nil
	}
	return d.agreed(s)
}

// agreed puts in what was agreed about the feed that is named.
func (d *Desk) agreed(s pipeline.Submission) (pipeline.Submission, error) {
	feed, err := d.Feed(s.Feed.Name)
	feed.Hand = feed.Hand || s.Feed.Hand
	s.Feed = feed
	return s, err
}

// Package pipeline runs a feed file through snapshot, table, reading and
// validation, holds it against the vintages already held, and answers with a
// receipt. A file is wholly in or wholly out, unless the sender chose the good
// rows.
package pipeline

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"yardstick/collectors/secrecy"
	"yardstick/collectors/source"
	"yardstick/collectors/table"
	"yardstick/collectors/table/refusal"
	"yardstick/schema"
	"yardstick/schema/targets"
	"yardstick/schema/whole"
	"yardstick/schema/words"
)

// Store is what the pipeline needs of the store.
type Store interface {
	// Held gives every counted vintage of the indicators in the regions, oldest
	// published first.
	Held(ctx context.Context, indicators, regions []string) ([]schema.Observation, error)
	// LastReceipt gives the feed's newest receipt that is accepted, partial or
	// unchanged.
	LastReceipt(ctx context.Context, feed string) (schema.Receipt, bool, error)
	// Receipt gives one receipt in its present state.
	Receipt(ctx context.Context, id string) (schema.Receipt, bool, error)
	// ReceiptBySnapshot gives the newest receipt of the feed for the same bytes
	// that counts, or else one that waits.
	ReceiptBySnapshot(ctx context.Context, feed, sha256 string) (schema.Receipt, bool, error)
	// Commit writes a receipt and its rows, wholly or not at all. The rows of a
	// pending receipt are kept and not in force.
	Commit(ctx context.Context, r schema.Receipt, rows []schema.Observation) (schema.Receipt, error)
	// Record writes a receipt without rows.
	Record(ctx context.Context, r schema.Receipt) (schema.Receipt, error)
	// Act writes an act to the ledger and gives it its sequence number.
	Act(ctx context.Context, a schema.Act) (schema.Act, error)
	// Acts gives the acts of a kind about a subject ("": all), oldest first.
	Acts(ctx context.Context, kind schema.ActKind, subject string) ([]schema.Act, error)
}

// Submission is one file handed in. A Feed without a name is for Preview only.
type Submission struct {
	Feed        schema.Feed
	Name        string // the file's
	URL         string // where it was fetched, if it was
	Body        io.Reader
	Actor       string
	Published   *schema.Date      // for rows that do not say; goes before the feed's rule
	Answers     map[string]string // to questions, by their keys; go before the feed's Given
	Edits       []table.Edit      // cells that a person says are to be read otherwise than they are written
	Synthetic   bool
	AcceptValid bool // take the good rows although others are not
	Reason      string
	Correction  schema.Correction // why held figures change; "" not stated
	ReleaseAt   time.Time         // embargo: nothing shows the figures before; zero: none
	// Progress is told how far of the file has been read, in bytes; may be nil.
	Progress func(read, total int64)
}

// Options are what a pipeline works with.
type Options struct {
	Register  *targets.Register // must be given
	Snapshots source.Snapshots
	Store     Store            // may be nil for Preview without a feed
	Zone      *time.Location   // days are told in it; default Asia/Shanghai's +08:00
	Now       func() time.Time // must be given
	Log       *slog.Logger
	// OnReceipt is told every receipt and how long it took.
	OnReceipt func(schema.Receipt, time.Duration)
}

// Pipeline is safe for concurrent use: files are read side by side, and one at
// a time is held against the store and written.
type Pipeline struct {
	o     Options
	ids   *numbers
	write sync.Mutex

	table func(context.Context, table.Source, string, table.Limits) (*table.File, []schema.Problem, error) // decodes; tests count its calls
}

// New makes a pipeline.
func New(o Options) *Pipeline {
	o.Zone = cmp.Or(o.Zone, time.FixedZone("Asia/Shanghai", 8*3600))
	o.Log = cmp.Or(o.Log, slog.New(slog.DiscardHandler))
	if o.OnReceipt == nil {
		o.OnReceipt = func(schema.Receipt, time.Duration) {}
	}
	return &Pipeline{o: o, ids: &numbers{rand: rand.Reader, zone: o.Zone}, table: table.Read}
}

// ErrNoFeed is returned by Run for a submission without a feed.
var ErrNoFeed = errors.New("the submission names no feed")

// Run takes a file in. The receipt says what became of it, also when it was
// refused or asked about; an error is the machine's (I/O, store, cancelled),
// and then nothing is in.
func (p *Pipeline) Run(ctx context.Context, s Submission) (schema.Receipt, error) {
	if s.Feed.Name == "" || p.o.Store == nil {
		return schema.Receipt{}, ErrNoFeed
	}
	start := p.o.Now()
	r, err := p.begin(s, start)
	if err != nil {
		return r, err
	}
	if r, err = p.run(ctx, s, r); err != nil {
		r.Status = schema.Failed
		err = fmt.Errorf("feed %s, file %s: %w", r.Feed, r.File, err)
	}
	p.o.OnReceipt(r, p.o.Now().Sub(start))
	return r, err
}

func (p *Pipeline) begin(s Submission, now time.Time) (schema.Receipt, error) {
	id, err := p.ids.next(now)
	if err != nil {
		return schema.Receipt{Status: schema.Failed}, err
	}
	if len(secrecy.Said(s.Reason)) > 0 {
		s.Reason = "" // refused for it, and not repeated
	}
	return schema.Receipt{ID: id, Feed: s.Feed.Name, File: secrecy.Name(source.BaseName(s.Name)), Actor: s.Actor,
		ReceivedAt: now.UTC().Truncate(time.Millisecond), Synthetic: s.Synthetic || s.Feed.Synthetic, Reason: s.Reason, ReleaseAt: s.ReleaseAt,
		Problems: []schema.Problem{}, Questions: []schema.Question{}, ExcludedRows: []schema.Problem{}, Unmapped: []string{}}, nil
}

func limit(s Submission) int64 { return cmp.Or(s.Feed.MaxBytes, table.DefaultLimits().Bytes) }

func (p *Pipeline) run(ctx context.Context, s Submission, r schema.Receipt) (schema.Receipt, error) {
	src, done, err := p.own(ctx, s)
	if errors.Is(err, whole.ErrTooLarge) {
		r.Status, r.Problems = schema.Refused, []schema.Problem{tooLarge(r.File, limit(s))}
		return p.o.Store.Record(ctx, r)
	}
	if err != nil {
		return r, fmt.Errorf("receiving it: %w", err)
	}
	defer done()
	found, err := unkept(ctx, src, s)
	if err != nil {
		return r, err
	}
	if len(found) > 0 {
		r.Status, r.Problems = schema.Refused, found
		return p.o.Store.Record(ctx, r)
	}
	kept, err := p.o.Snapshots.Put(ctx, src, source.Provenance{Feed: r.Feed, Name: r.File, URL: s.URL, ReceivedAt: r.ReceivedAt}, 0)
	if err != nil {
		return r, err
	}
	r.Snapshot, r.Bytes = kept.SHA256, kept.Bytes
	if held, ok, err := p.sameBytes(ctx, s, r); err != nil || ok {
		if err != nil {
			return r, err
		}
		if held.Status == schema.Pending {
			return held, nil // it waits already: nothing is added
		}
		return p.o.Store.Record(ctx, unchanged(r, held))
	}
	d, r, err := p.decode(ctx, watched{src, s.Progress}.source(), s, r, watcher{})
	if err != nil {
		return r, err
	}
	p.write.Lock()
	defer p.write.Unlock()
	rows, r, err := p.weigh(ctx, s, &d, r)
	if err != nil {
		return r, err
	}
	if len(rows) == 0 {
		r, err = p.o.Store.Record(ctx, r)
	} else {
		r, err = p.o.Store.Commit(ctx, r, rows)
	}
	if err != nil {
		return r, err
	}
	return r, p.remember(ctx, s, d, r)
}

// own gives the body in a file of ours that has no name, which done closes. One
// that lies in such a file already is left to its owner.
func (p *Pipeline) own(ctx context.Context, s Submission) (src *whole.Spooled, done func(), err error) {
	held, ok := s.Body.(*whole.Spooled)
	switch {
	case ok && held.Size() > limit(s):
		return nil, nil, whole.ErrTooLarge
	case ok:
		return held, func() {}, nil
	}
	src, err = whole.Spool(ctx, p.o.Snapshots.Dir, "in-*", s.Body, limit(s))
	return src, func() { _ = src.Close() }, err // it is only read
}

// unkept are the problems of what must not be kept at all: in the file, which lies
// where it has no name, and in what is said beside it.
func unkept(ctx context.Context, src table.Source, s Submission) ([]schema.Problem, error) {
	said := []string{s.Reason}
	for key, value := range s.Answers {
		said = append(said, key, value)
	}
	for _, e := range s.Edits {
		said = append(said, e.Text)
	}
	out, err := secrecy.Look(ctx, src, source.BaseName(s.Name))
	return append(secrecy.Said(said...), out...), err
}

func tooLarge(file string, limit int64) schema.Problem {
	return schema.Problem{Code: refusal.TooLarge, File: file, Text: words.Say("problem-too-large-stopped", "limit", fmt.Sprintf("%.1f MiB", float64(limit)/(1<<20)))}
}

// sameBytes looks for a receipt that took in all of the same bytes, or waits
// with them for the same moment. A day, answers or edits given now may make other
// figures of them: then they are read again.
func (p *Pipeline) sameBytes(ctx context.Context, s Submission, r schema.Receipt) (schema.Receipt, bool, error) {
	if s.Published != nil || len(s.Answers)+len(s.Edits) > 0 {
		return schema.Receipt{}, false, nil
	}
	held, ok, err := p.o.Store.ReceiptBySnapshot(ctx, r.Feed, r.Snapshot)
	if err != nil {
		return held, false, fmt.Errorf("looking for the same file: %w", err)
	}
	if held.Status == schema.Pending && !held.ReleaseAt.Equal(r.ReleaseAt) {
		return held, false, nil
	}
	return held, ok && held.Status != schema.Partial, nil
}

func unchanged(r, held schema.Receipt) schema.Receipt {
	r.Status, r.SameAs, r.Encoding = schema.Unchanged, held.ID, held.Encoding
	if held.Status == schema.Unchanged && held.SameAs != "" {
		r.SameAs = held.SameAs
	}
	r.Layout, r.Coverage = held.Layout, held.Coverage
	r.UnchangedN = held.Accepted + held.Revised + held.UnchangedN
	return r
}

// Codes of problems the pipeline itself tells.
const (
	ReaderFailed = "reader-failed"
	NoFigures    = "no-figures"
)

// alphabet is Crockford's base 32: no I, L, O or U, so that a number can be
// told over the telephone.
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// numbers gives receipt numbers: R, the day, a hyphen and eight characters, of
// which four are the time of day (so that numbers sort by time) and four are
// random: R20250630-7K3QF2T8.
type numbers struct {
	rand io.Reader
	zone *time.Location

	mu    sync.Mutex
	given map[string]bool // in the present step
	step  string
}

const (
	timeBits = 20 // four characters
	rest     = 1<<20 - 1
)

func (n *numbers) next(now time.Time) (string, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	t := now.In(n.zone)
	day := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, n.zone)
	// 25 hours (a day with a clock change) in 2^20 steps of about 0.09 s.
	step := min(uint64(t.Sub(day))/uint64(25*time.Hour>>timeBits), rest)
	random := make([]byte, 4)
	if _, err := io.ReadFull(n.rand, random); err != nil {
		return "", fmt.Errorf("drawing a receipt number: %w", err)
	}
	prefix := "R" + t.Format("20060102") + "-" + letters(step)
	if prefix != n.step {
		n.step, n.given = prefix, map[string]bool{}
	}
	tail := uint64(binary.BigEndian.Uint32(random)) & rest
	for n.given[letters(tail)] {
		tail = (tail + 1) & rest
	}
	n.given[letters(tail)] = true
	return prefix + letters(tail), nil
}

// letters writes 20 bits as four characters.
func letters(v uint64) string {
	var b [4]byte
	for i := range b {
		b[i] = alphabet[v>>(15-5*i)&31]
	}
	return string(b[:])
}

// watched is a source that tells how far it has been read.
type watched struct {
	table.Source
	tell func(read, total int64)
}

// source is the plain source when nobody is to be told.
func (w watched) source() table.Source {
	if w.tell == nil {
		return w.Source
	}
	return w
}

// ReadAt reads and tells.
func (w watched) ReadAt(b []byte, at int64) (int, error) {
	n, err := w.Source.ReadAt(b, at)
	w.tell(at+int64(n), w.Size())
	return n, err
}

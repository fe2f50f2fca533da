package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
	"yardstick/dashboards/lineage"

	"golang.org/x/sync/semaphore"

	"yardstick/collectors/pipeline"
	"yardstick/dashboards/web"
	"yardstick/schema"
	"yardstick/schema/clickhouse"
)

// Bounds of reading kept files for pages.
const (
	mostTraced = 64 << 20         // bytes of a file that is read for a page, and of all read at once
	traceTime  = 10 * time.Second // for one; a page has five more for the rest
	tracesKept = 64
)

// origins is the house as the board traces figures in it.
type origins struct {
	*house
	bytes *semaphore.Weighted // of the files being read

	mu   sync.Mutex
	kept map[string]schema.CellTable // by receipt and cell; kept bytes never change
}

func newLineage(h *house) *origins {
	return &origins{house: h, bytes: semaphore.NewWeighted(mostTraced), kept: map[string]schema.CellTable{}}
}

// Published are all vintages of a key that ever counted.
func (l *origins) Published(ctx context.Context, k schema.Key) ([]schema.Observation, error) {
	return l.store.Published(ctx, k)
}

// FromCell are the figures that a receipt brought from a cell.
func (l *origins) FromCell(ctx context.Context, receipt, cell string) ([]schema.Observation, error) {
	return l.store.FromCell(ctx, receipt, cell)
}

// Brought are the figures a receipt brought.
func (l *origins) Brought(ctx context.Context, receipt string, limit int) ([]schema.Observation, uint64, error) {
	return l.store.Brought(ctx, receipt, limit)
}

// InForce are the figures of an indicator in force as of that day, those that a
// formula gives included.
func (l *origins) InForce(ctx context.Context, asOf schema.Date, indicator string) ([]schema.Observation, error) {
	if asOf.IsZero() {
		asOf = l.today()
	}
	rows, err := l.store.Observations(ctx, clickhouse.Query{Indicators: []string{indicator}, AsOf: asOf})
	if err != nil {
		return nil, err
	}
	if ind, ok := l.register.Indicators.ByCode(indicator); !ok || ind.Formula == nil {
		return rows, nil
	}
	j, err := l.judged(ctx, asOf)
	if err != nil {
		return nil, err
	}
	for k, series := range j.series {
		if k.Indicator != indicator {
			continue
		}
		for _, o := range series {
			if o.Receipt == "" {
				rows = append(rows, o)
			}
		}
	}
	return rows, nil
}

// Derived is a figure that a formula gave as of that day, with its terms.
func (l *origins) Derived(ctx context.Context, asOf schema.Date, k schema.Key) (schema.Observation, []schema.Input, bool, error) {
	if asOf.IsZero() {
		asOf = l.today()
	}
	j, err := l.judged(ctx, asOf)
	if err != nil {
		return schema.Observation{}, nil, false, err
	}
	series := j.series[seriesKey{k.Indicator, k.Region}]
	at := slices.IndexFunc(series, func(o schema.Observation) bool { return o.Key == k && o.Receipt == "" })
	if at < 0 {
		return schema.Observation{}, nil, false, nil
	}
	return series[at], j.terms[k], true, nil
}

// Uses are how stored verdicts used a receipt's figures.
func (l *origins) Uses(ctx context.Context, receipt, cell string) ([]lineage.Use, error) {
	found, err := l.store.Uses(ctx, receipt, cell)
	return usesOf(found), err
}

// UsesOf are how stored verdicts used the figures of a key.
func (l *origins) UsesOf(ctx context.Context, k schema.Key) ([]lineage.Use, error) {
	found, err := l.store.UsesOf(ctx, k)
	return usesOf(found), err
}

func usesOf(found []clickhouse.Use) []lineage.Use {
	out := make([]lineage.Use, len(found))
	for i, u := range found {
		out[i] = lineage.Use(u)
	}
	return out
}

// Life is what happened to a receipt.
func (l *origins) Life(ctx context.Context, receipt string) ([]schema.ReceiptEvent, error) {
	return l.store.Life(ctx, receipt)
}

// Attached are the acts that tied files to a receipt.
func (l *origins) Attached(ctx context.Context, receipt string) ([]schema.Act, error) {
	return l.store.Acts(ctx, schema.ActAttach, receipt)
}

// Entry is the hash of an entry of the ledger.
func (l *origins) Entry(_ context.Context, seq uint64) (string, error) {
	e, _, err := l.store.Entry(seq)
	return e.Hash, err
}

// Entered reports whether the figures were entered one by one: on the page, by
// command or through the API, which write the same tidy file for them.
func (l *origins) Entered(r schema.Receipt) bool {
	return r.File == "report-value.csv" || r.File == "values.csv"
}

// Writers are the configured feeds that may bring the indicator.
func (l *origins) Writers(indicator string) (out []web.Feed) {
	for _, f := range l.cfg.Feeds {
		if len(f.Indicators) == 0 || slices.Contains(f.Indicators, indicator) {
			out = append(out, web.Feed{Name: f.Name, Title: f.Title, Synthetic: f.Synthetic})
		}
	}
	return out
}

// Table is the table a figure was read from, around its cell.
func (l *origins) Table(ctx context.Context, r schema.Receipt, cell string) (schema.CellTable, error) {
	name := r.ID + " " + cell
	l.mu.Lock()
	found, ok := l.kept[name]
	l.mu.Unlock()
	if ok {
		return found, nil
	}
	if r.Bytes > mostTraced {
		return found, lineage.ErrTableTooLarge
	}
	ctx, cancel := context.WithTimeout(ctx, traceTime)
	defer cancel()
	if err := l.bytes.Acquire(ctx, r.Bytes); err != nil {
		return found, fmt.Errorf("waiting to read the file of %s: %w", r.ID, err)
	}
	defer l.bytes.Release(r.Bytes)
	found, err := l.read(ctx, r, cell)
	if err != nil {
		return found, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.kept) >= tracesKept {
		clear(l.kept)
	}
	l.kept[name] = found
	return found, nil
}

func (l *origins) read(ctx context.Context, r schema.Receipt, cell string) (out schema.CellTable, err error) {
	if r.Snapshot == "" {
		return out, fmt.Errorf("receipt %s names no bytes: %w", r.ID, lineage.ErrNoTable)
	}
	snap, err := l.snapshots().Open(r.Snapshot)
	if err != nil {
		return out, fmt.Errorf("opening the bytes of %s: %w", r.ID, err)
	}
	defer func() { err = errors.Join(err, snap.Close()) }()
	feed, err := l.feedOf(r.Feed)
	if err != nil {
		feed = Feed{Name: r.Feed} // configured no more: its rules are not known
	}
	out, err = l.pipe.Trace(ctx, snap, feed.config(), r, cell)
	if errors.Is(err, pipeline.ErrNotTraced) {
		err = errors.Join(lineage.ErrNoTable, err)
	}
	return out, err
}

package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"yardstick/collectors/pipeline"
	"yardstick/schema"
)

// Bounds of reading kept files for pages.
const (
	mostTraced = 64 << 20         // bytes of a file that is read for a page, and of all read at once
	traceTime  = 10 * time.Second // for one; a page has five more for the rest
	tracesKept = 64
)

// traces remembers what was read for pages.
type traces struct {
	bytes *semaphore.Weighted // of the files being read

	mu   sync.Mutex
	kept map[string]schema.CellTable // by receipt and cell; kept bytes never change
}

// ErrNoTable is wrapped where no table can be shown; ErrTableTooLarge where one
// would take too long to read.
var (
	ErrNoTable       = pipeline.ErrNotTraced
	ErrTableTooLarge = errors.New("the kept file is too large to be shown")
)

// Attached are the acts that tied files to a receipt.
func (d *Desk) Attached(ctx context.Context, receipt string) ([]schema.Act, error) {
	return d.Acts(ctx, schema.ActAttach, receipt)
}

// Entry is the hash of an entry of the ledger.
func (d *Desk) Entry(_ context.Context, seq uint64) (string, error) {
	e, _, err := d.Store.Entry(seq)
	return e.Hash, err
}

// Entered reports whether the figures were entered one by one: on the page, by
// command or through the API, which write the same tidy file for them.
func (d *Desk) Entered(r schema.Receipt) bool {
	return r.File == "report-value.csv" || r.File == "values.csv"
}

// Writers are the configured feeds that may bring the indicator.
func (d *Desk) Writers(indicator string) (out []schema.Feed) {
	for _, f := range d.o.Feeds {
		if len(f.Indicators) == 0 || slices.Contains(f.Indicators, indicator) {
			out = append(out, f)
		}
	}
	return out
}

// Table is the table a figure was read from, around its cell.
func (d *Desk) Table(ctx context.Context, r schema.Receipt, cell string) (schema.CellTable, error) {
	name := r.ID + " " + cell
	d.traces.mu.Lock()
	found, ok := d.traces.kept[name]
	d.traces.mu.Unlock()
	if ok {
		return found, nil
	}
	if r.Bytes > mostTraced {
		return found, ErrTableTooLarge
	}
	ctx, cancel := context.WithTimeout(ctx, traceTime)
	defer cancel()
	if err := d.traces.bytes.Acquire(ctx, r.Bytes); err != nil {
		return found, fmt.Errorf("waiting to read the file of %s: %w", r.ID, err)
	}
	defer d.traces.bytes.Release(r.Bytes)
	found, err := d.read(ctx, r, cell)
	if err != nil {
		return found, err
	}
	d.traces.mu.Lock()
	defer d.traces.mu.Unlock()
	if len(d.traces.kept) >= tracesKept {
		clear(d.traces.kept)
	}
	d.traces.kept[name] = found
	return found, nil
}

func (d *Desk) read(ctx context.Context, r schema.Receipt, cell string) (out schema.CellTable, err error) {
	if r.Snapshot == "" {
		return out, fmt.Errorf("receipt %s names no bytes: %w", r.ID, ErrNoTable)
	}
	snap, err := d.snapshots().Open(r.Snapshot)
	if err != nil {
		return out, fmt.Errorf("opening the bytes of %s: %w", r.ID, err)
	}
	defer func() { err = errors.Join(err, snap.Close()) }()
	return d.pipe.Trace(ctx, snap, d.feedAccess(r.Feed), r, cell) // of a feed configured no more the rules are not known
}

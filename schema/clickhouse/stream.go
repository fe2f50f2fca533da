package clickhouse

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"yardstick/schema"
)

// ErrStop is returned by what Each calls and ends the reading without an error.
var ErrStop = errors.New("enough was read")

// batchRows is how many vintages Each holds in memory at once, unless one
// series alone has more.
const batchRows = 50_000

// Series is one indicator of one region, with the number of its vintages that
// a query reads through.
type Series struct {
	Indicator, Region string
	Rows              uint64
}

// Stand is the number of the last act that readers see. It grows with every
// receipt that is accepted, withdrawn, released or reviewed.
func (s *Store) Stand(ctx context.Context) (seq uint64, err error) {
	if err := s.read.QueryRow(ctx, "SELECT max(seq) FROM receipt_events").Scan(&seq); err != nil {
		return 0, fmt.Errorf("reading what the store has seen: %w", err)
	}
	return seq, nil
}

// Series lists the series that q reads, in the order of Each.
func (s *Store) Series(ctx context.Context, q Query) (out []Series, err error) {
	where, args := q.where()
	sql := "SELECT indicator, region, count() FROM observations WHERE " + where + " GROUP BY indicator, region ORDER BY indicator, region"
	err = each(ctx, s.read, "listing series", sql, args, func(rows driver.Rows) error {
		var one Series
		err := rows.Scan(&one.Indicator, &one.Region, &one.Rows)
		out = append(out, one)
		return err
	})
	return out, err
}

// Each gives the figures of Observations(q) one by one, in the same order, and
// holds no more than some ten thousand of them in memory. series is Series(q),
// or its end where the reading goes on after a pause. What a slow reader does
// with a figure keeps no connection of the store busy. After every batch done
// is told how many vintages were read through (nil: nobody asks). An act that
// happens meanwhile shows from the next batch on, unless q.UpTo says how far to
// count.
func (s *Store) Each(ctx context.Context, q Query, series []Series, done func(rows uint64), f func(schema.Observation) error) error {
	var batch []schema.Observation
	for len(series) > 0 {
		n, rows := 1, series[0].Rows
		for n < len(series) && rows+series[n].Rows <= batchRows {
			rows += series[n].Rows
			n++
		}
		var err error
		if batch, err = s.between(ctx, slices.Grow(batch[:0], int(min(rows, batchRows))), q, series[0], series[n-1]); err != nil {
			return err
		}
		for i := range batch {
			if err := f(batch[i]); errors.Is(err, ErrStop) {
				return nil
			} else if err != nil {
				return err
			}
		}
		if done != nil {
			done(rows)
		}
		series = series[n:]
	}
	return nil
}

// between appends the series from first to last.
func (s *Store) between(ctx context.Context, out []schema.Observation, q Query, first, last Series) ([]schema.Observation, error) {
	where, args := q.where()
	bounds := []string{where, "(indicator, region) >= (?, ?)", "(indicator, region) <= (?, ?)"}
	args = append(args, first.Indicator, first.Region, last.Indicator, last.Region)
	return s.scanInto(ctx, out, q.selects(strings.Join(bounds, " AND ")), args)
}

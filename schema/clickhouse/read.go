package clickhouse

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"yardstick/schema"
)

// Query selects observations. The zero value asks for every figure in force.
type Query struct {
	Indicators []string
	Regions    []string
	AsOf       schema.Date // published on or before the end of that day; zero: no bound
	KnownAt    time.Time   // received, counted and not withdrawn by then; zero: now
	Vintages   bool        // every counted vintage, not only the one in force
	From, To   schema.Date // whose reference period ends within these days; zero: no bound
	UpTo       uint64      // counted after the acts up to this one, see Stand; 0: after all
}

// Observations gives the selected figures by key, then by published day and
// sequence: one a fact, unless all vintages are asked for.
func (s *Store) Observations(ctx context.Context, q Query) ([]schema.Observation, error) {
	where, args := q.where()
	return s.scan(ctx, q.selects(where), args)
}

// selects is the statement that reads the vintages that where admits.
func (q Query) selects(where string) string {
	if q.Vintages {
		return "SELECT " + readColumns() + " FROM observations WHERE " + where + " ORDER BY " + keyColumns + ", published_at, seq"
	}
	return "SELECT " + readColumns() + " FROM (" + standing(where) + ") ORDER BY " + keyColumns
}

// standing is the statement that reads, of the vintages that where admits, the one
// of each fact that stands: Observation.Later says which.
func standing(where string) string {
	return "SELECT * FROM observations WHERE " + where + " ORDER BY " + factColumns +
		", published_at DESC, seq DESC, indexOf(['A', 'Q', 'M', 'T', 'D'], frequency), basis LIMIT 1 BY " + factColumns
}

// factColumns say which fact a figure is of: vintages of one compete.
const factColumns = "indicator, region, fact"

// Current gives the figures in force now, from the projection.
func (s *Store) Current(ctx context.Context, indicators ...string) ([]schema.Observation, error) {
	sql, args := "SELECT "+readColumns()+" FROM observations_current FINAL", []any{}
	if len(indicators) > 0 {
		sql, args = sql+" WHERE indicator IN (?)", append(args, indicators)
	}
	return s.scan(ctx, sql+" ORDER BY "+keyColumns, args)
}

func (q Query) where() (string, []any) {
	var acts, c conditions
	acts.add(!q.KnownAt.IsZero(), "at <= fromUnixTimestamp64Milli(?, 'UTC')", q.KnownAt.UnixMilli())
	acts.add(q.UpTo > 0, "seq <= ?", q.UpTo)
	if len(acts.all) == 0 {
		c.add(true, "receipt IN (SELECT receipt FROM counted)")
	} else {
		c.add(true, "receipt IN (SELECT receipt FROM receipt_events WHERE "+acts.String()+
			" GROUP BY receipt HAVING argMax(state, seq) IN ('accepted', 'partial'))", acts.args...)
	}
	c.add(len(q.Indicators) > 0, "indicator IN (?)", q.Indicators)
	c.add(len(q.Regions) > 0, "region IN (?)", q.Regions)
	c.add(!q.AsOf.IsZero(), "published_at <= toDate32(?)", q.AsOf.String())
	c.add(!q.From.IsZero(), "period_end >= toDate32(?)", q.From.String())
	c.add(!q.To.IsZero(), "period_end <= toDate32(?)", q.To.String())
	return c.String(), c.args
}

func (s *Store) scan(ctx context.Context, sql string, args []any) (out []schema.Observation, err error) {
	return s.scanInto(ctx, nil, sql, args)
}

// scanInto appends what a statement that selects readColumns gives.
func (s *Store) scanInto(ctx context.Context, out []schema.Observation, sql string, args []any) ([]schema.Observation, error) {
	var r rowReader
	err := each(ctx, s.read, "reading observations", sql, args, func(rows driver.Rows) error {
		out = append(out, schema.Observation{})
		return r.read(rows, &out[len(out)-1])
	})
	return out, err
}

// readColumns are the columns with, in place of the number, whether there is
// one: value_text has its digits.
func readColumns() string { return columnsOf("value IS NOT NULL") }

// rowReader reads rows of readColumns. What stands in one row often stands in
// the next, and is read once then.
type rowReader struct {
	text      string
	period    schema.Period
	at        time.Time
	published schema.Date
	further   []schema.Column
	into      []any
}

func (r *rowReader) read(rows driver.Rows, o *schema.Observation) (err error) {
	var frequency, basis, period, text, status string
	var end, published time.Time
	var there bool
	if r.further == nil {
		r.further = schema.Columns()
	}
	r.into = append(r.into[:0], &o.Indicator, &o.Region, &frequency, &basis, &period, &end, &there, &text, &status, &published)
	for _, c := range r.further {
		r.into = append(r.into, c.At(o))
	}
	if err := rows.Scan(r.into...); err != nil {
		return err
	}
	if period != r.text {
		if r.period, _, err = schema.ParsePeriod(period); err != nil {
			return fmt.Errorf("reading a stored period: %w", err)
		}
		r.text = period
	}
	if !published.Equal(r.at) || r.published.IsZero() {
		r.at, r.published = published, schema.DateOf(published)
	}
	if there {
		d, err := schema.ParseDecimal(text)
		if err != nil {
			return fmt.Errorf("reading the stored value %q: %w", text, err)
		}
		o.Value = &d
	}
	o.Period, o.Basis, o.Status, o.PublishedAt = r.period, schema.Basis(basis), schema.ObsStatus(status), r.published
	return nil
}

// Held gives every counted vintage of these indicators in these regions, oldest
// published first; nothing when either list is empty.
func (s *Store) Held(ctx context.Context, indicators, regions []string) ([]schema.Observation, error) {
	if len(indicators) == 0 || len(regions) == 0 {
		return nil, nil
	}
	where, args := Query{Indicators: indicators, Regions: regions}.where()
	return s.scan(ctx, "SELECT "+readColumns()+" FROM observations WHERE "+where+" ORDER BY published_at, seq, "+keyColumns, args)
}

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
	return number(ctx, s.read, "reading what the store has seen", "SELECT max(seq) FROM receipt_events")
}

// Series lists the series that q reads, in the order of Each.
func (s *Store) Series(ctx context.Context, q Query) (out []Series, err error) {
	where, args := q.where()
	sql := "SELECT indicator, region, count() FROM observations WHERE " + where + " GROUP BY indicator, region ORDER BY indicator, region"
	return all(ctx, s.read, "listing series", sql, args, func(one *Series) []any {
		return []any{&one.Indicator, &one.Region, &one.Rows}
	})
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

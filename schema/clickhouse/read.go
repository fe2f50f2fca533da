package clickhouse

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/shopspring/decimal"

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

func decimalOf(text *string) any {
	if text == nil {
		return nil
	}
	d, err := decimal.NewFromString(*text)
	if err != nil {
		return nil // not reached: the text is a Decimal's own
	}
	return d
}

// Observations gives the selected figures by key, then by published day and
// sequence.
func (s *Store) Observations(ctx context.Context, q Query) ([]schema.Observation, error) {
	where, args := q.where()
	return s.scan(ctx, q.selects(where), args)
}

// selects is the statement that reads the vintages that where admits.
func (q Query) selects(where string) string {
	sql := "SELECT " + readColumns() + " FROM observations WHERE " + where
	if q.Vintages {
		return sql + " ORDER BY " + keyColumns + ", published_at, seq"
	}
	return sql + " ORDER BY " + keyColumns + ", published_at DESC, seq DESC LIMIT 1 BY " + keyColumns
}

// Current gives the figures in force now, from the projection.
func (s *Store) Current(ctx context.Context, indicators ...string) ([]schema.Observation, error) {
	sql, args := "SELECT "+readColumns()+" FROM observations_current FINAL", []any{}
	if len(indicators) > 0 {
		sql, args = sql+" WHERE indicator IN (?)", append(args, indicators)
	}
	return s.scan(ctx, sql+" ORDER BY "+keyColumns, args)
}

func (q Query) where() (string, []any) {
	counted, args := "receipt IN (SELECT receipt FROM counted)", []any{}
	var acts []string
	if !q.KnownAt.IsZero() {
		acts, args = append(acts, "at <= fromUnixTimestamp64Milli(?, 'UTC')"), append(args, q.KnownAt.UnixMilli())
	}
	if q.UpTo > 0 {
		acts, args = append(acts, "seq <= ?"), append(args, q.UpTo)
	}
	if len(acts) > 0 {
		counted = "receipt IN (SELECT receipt FROM receipt_events WHERE " + strings.Join(acts, " AND ") +
			" GROUP BY receipt HAVING argMax(state, seq) IN ('accepted', 'partial'))"
	}
	where := []string{counted}
	add := func(condition string, arg any) {
		where, args = append(where, condition), append(args, arg)
	}
	if len(q.Indicators) > 0 {
		add("indicator IN (?)", q.Indicators)
	}
	if len(q.Regions) > 0 {
		add("region IN (?)", q.Regions)
	}
	if !q.AsOf.IsZero() {
		add("published_at <= toDate32(?)", q.AsOf.String())
	}
	if !q.From.IsZero() {
		add("period_end >= toDate32(?)", q.From.String())
	}
	if !q.To.IsZero() {
		add("period_end <= toDate32(?)", q.To.String())
	}
	return strings.Join(where, " AND "), args
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
		return fmt.Errorf("reading a row: %w", err)
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

func list(set map[string]bool) []string {
	out := make([]string, 0, len(set))
	for s := range set {
		out = append(out, s)
	}
	return out
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

// FeedStates gives what the receipts tell of every feed that ever sent something, under
// its name alone; figures
// count as delivered when they were published on or before asOf.
func (s *Store) FeedStates(ctx context.Context, asOf schema.Date) (map[string]schema.FeedState, error) {
	out := map[string]schema.FeedState{}
	err := each(ctx, s.read, "reading the feeds' states", `SELECT r.feed, maxIf(r.received_at, e.state IN ('accepted','partial','unchanged')),
			argMax(r.problems, e.arrived), argMax(r.questions, e.arrived)
		FROM receipts_latest AS r
		INNER JOIN (SELECT receipt, argMax(state, seq) AS state, min(seq) AS arrived FROM receipt_events GROUP BY receipt) AS e ON r.receipt = e.receipt
		GROUP BY r.feed`, nil, func(rows driver.Rows) error {
		var f schema.FeedState
		var problems, questions uint64
		if err := rows.Scan(&f.Name, &f.LastSuccess, &problems, &questions); err != nil {
			return fmt.Errorf("reading a row: %w", err)
		}
		f.Problems, f.Questions = int(problems), int(questions)
		if f.LastSuccess.Year() <= 1970 {
			f.LastSuccess = time.Time{}
		}
		out[f.Name] = f
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, s.delivered(ctx, asOf, out)
}

// delivered puts the last days of the delivered periods since 2024, at most 5,000,
// into each state.
func (s *Store) delivered(ctx context.Context, asOf schema.Date, states map[string]schema.FeedState) error {
	return each(ctx, s.read, "reading what the feeds delivered", `SELECT r.feed, arraySort(groupUniqArrayIf(5000)(o.period_end, o.period_end >= toDate32('2024-01-01')))
		FROM observations AS o INNER JOIN receipts AS r ON o.receipt = r.receipt
		WHERE o.receipt IN (SELECT receipt FROM counted) AND o.published_at <= toDate32(?)
		GROUP BY r.feed`, []any{asOf.String()}, func(rows driver.Rows) error {
		var feed string
		var ends []time.Time
		if err := rows.Scan(&feed, &ends); err != nil {
			return fmt.Errorf("reading a row: %w", err)
		}
		f := states[feed]
		for _, end := range ends {
			f.Periods = append(f.Periods, schema.DateOf(end))
		}
		states[feed] = f
		return nil
	})
}

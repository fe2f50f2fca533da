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
	sql := "SELECT " + columns + " FROM observations WHERE " + where
	if q.Vintages {
		return sql + " ORDER BY " + keyColumns + ", published_at, seq"
	}
	return sql + " ORDER BY " + keyColumns + ", published_at DESC, seq DESC LIMIT 1 BY " + keyColumns
}

// Current gives the figures in force now, from the projection.
func (s *Store) Current(ctx context.Context, indicators ...string) ([]schema.Observation, error) {
	sql, args := "SELECT "+columns+" FROM observations_current FINAL", []any{}
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
	err = each(ctx, s.read, "reading observations", sql, args, func(rows driver.Rows) error {
		o, err := scanObservation(rows)
		out = append(out, o)
		return err
	})
	return out, err
}

func scanObservation(rows driver.Rows) (o schema.Observation, err error) {
	var frequency, basis, period, text, status string
	var end, published time.Time
	var value *decimal.Decimal
	if err := rows.Scan(&o.Indicator, &o.Region, &frequency, &basis, &period, &end, &value, &text, &o.Written, &o.UnitWritten,
		&o.Unit, &status, &o.Note, &published, &o.ReceivedAt, &o.Receipt, &o.Cell, &o.Seq, &o.Synthetic); err != nil {
		return o, fmt.Errorf("reading a row: %w", err)
	}
	if o.Period, _, err = schema.ParsePeriod(period); err != nil {
		return o, fmt.Errorf("reading a stored period: %w", err)
	}
	if value != nil {
		d, err := schema.ParseDecimal(text)
		if err != nil {
			return o, fmt.Errorf("reading the stored value %q: %w", text, err)
		}
		o.Value = &d
	}
	o.Basis, o.Status, o.PublishedAt = schema.Basis(basis), schema.ObsStatus(status), schema.DateOf(published)
	return o, nil
}

// InForce gives all counted vintages of the keys, oldest published first.
func (s *Store) InForce(ctx context.Context, keys []schema.Key) (map[schema.Key][]schema.Observation, error) {
	wanted, indicators, regions := map[schema.Key]bool{}, map[string]bool{}, map[string]bool{}
	for _, k := range keys {
		wanted[k], indicators[k.Indicator], regions[k.Region] = true, true, true
	}
	out := make(map[schema.Key][]schema.Observation, len(wanted))
	if len(wanted) == 0 {
		return out, nil
	}
	held, err := s.Observations(ctx, Query{Indicators: list(indicators), Regions: list(regions), Vintages: true})
	if err != nil {
		return nil, err
	}
	for _, o := range held {
		if wanted[o.Key] {
			out[o.Key] = append(out[o.Key], o)
		}
	}
	return out, nil
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
	return s.scan(ctx, "SELECT "+columns+" FROM observations WHERE "+where+" ORDER BY published_at, seq, "+keyColumns, args)
}

// FeedState is what is known of one feed from its receipts.
type FeedState struct {
	Feed        string
	LastSuccess time.Time // newest accepted, partial or unchanged receipt
	LastStatus  schema.ReceiptStatus
	Problems    int // of the newest receipt
	Questions   int
	Delivered   schema.Date   // last day of the newest reference period in force
	Periods     []schema.Date // last days of the delivered reference periods since 2024, at most 5,000, in order
}

// FeedStates gives the state of every feed that ever sent something; figures
// count as delivered when they were published on or before asOf.
func (s *Store) FeedStates(ctx context.Context, asOf schema.Date) (map[string]FeedState, error) {
	out := map[string]FeedState{}
	err := each(ctx, s.read, "reading the feeds' states", `SELECT r.feed, maxIf(r.received_at, e.state IN ('accepted','partial','unchanged')),
			argMax(e.state, e.arrived), argMax(r.problems, e.arrived), argMax(r.questions, e.arrived)
		FROM receipts_latest AS r
		INNER JOIN (SELECT receipt, argMax(state, seq) AS state, min(seq) AS arrived FROM receipt_events GROUP BY receipt) AS e ON r.receipt = e.receipt
		GROUP BY r.feed`, nil, func(rows driver.Rows) error {
		var f FeedState
		var state string
		var problems, questions uint64
		if err := rows.Scan(&f.Feed, &f.LastSuccess, &state, &problems, &questions); err != nil {
			return fmt.Errorf("reading a row: %w", err)
		}
		f.LastStatus, f.Problems, f.Questions = schema.ReceiptStatus(state), int(problems), int(questions)
		if f.LastSuccess.Year() <= 1970 {
			f.LastSuccess = time.Time{}
		}
		out[f.Feed] = f
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, s.delivered(ctx, asOf, out)
}

// delivered puts the newest delivered period's last day into each state.
func (s *Store) delivered(ctx context.Context, asOf schema.Date, states map[string]FeedState) error {
	return each(ctx, s.read, "reading what the feeds delivered", `SELECT r.feed, max(o.period_end), arraySort(groupUniqArrayIf(5000)(o.period_end, o.period_end >= toDate32('2024-01-01')))
		FROM observations AS o INNER JOIN receipts AS r ON o.receipt = r.receipt
		WHERE o.receipt IN (SELECT receipt FROM counted) AND o.published_at <= toDate32(?)
		GROUP BY r.feed`, []any{asOf.String()}, func(rows driver.Rows) error {
		var feed string
		var last time.Time
		var ends []time.Time
		if err := rows.Scan(&feed, &last, &ends); err != nil {
			return fmt.Errorf("reading a row: %w", err)
		}
		f := states[feed]
		f.Delivered = schema.DateOf(last)
		for _, end := range ends {
			f.Periods = append(f.Periods, schema.DateOf(end))
		}
		states[feed] = f
		return nil
	})
}
